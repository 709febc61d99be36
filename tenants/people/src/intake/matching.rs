//! Who is who. A name finds candidates; a birth date, a class, a phone or a shared child decides between
//! them; where nothing decides, nobody is guessed: two women of one name are two women until the school says
//! otherwise, for one of them would see the other's child.

use kd_kernel::ProfileId;
use kd_kernel::names::folded;

use super::book::{Book, Entry, key};
use super::{Child, Kind, Said};
use crate::wire::PersonState;

/// Who is meant.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nobody who is here.
    Nobody,
    /// This one.
    One(ProfileId),
    /// One of several, and nothing tells which.
    Several,
    /// Nobody: the ИИН is that of somebody else, in the school or in the archive.
    Taken(PersonState),
}

/// Who of the school is meant. The phone of what is said is in its kept form.
pub fn find(book: &Book, said: &Said) -> Found {
    if let Some(holder) = said.iin.as_ref().and_then(|number| book.holder(number)) {
        return if is_holder(said, holder) { Found::One(holder.id) } else { Found::Taken(holder.state) };
    }
    match said.kind {
        Kind::Student | Kind::Staff => by_name(book, said),
        Kind::Guardian => guardian(book, said),
    }
}

/// Whether the one who has the ИИН is meant: a surname may have changed and a date been corrected, but a number
/// that was mistyped into another's must not turn that person into this one.
fn is_holder(said: &Said, holder: &Entry) -> bool {
    let kinds = said.kind == holder.kind || (said.kind == Kind::Guardian && holder.kind == Kind::Staff);
    let akin = folded(&said.surname) == folded(&holder.surname)
        || said.given_name.as_deref().map(folded) == Some(folded(&holder.given_name))
        || same(said.birth_date, holder.birth_date);
    kinds && akin && holder.state == PersonState::Active
}

fn by_name(book: &Book, said: &Said) -> Found {
    let key = key(&said.surname, said.given_name.as_deref());
    let open: Vec<&Entry> =
        book.called(said.kind, PersonState::Active, &key).filter(|entry| !contradicts(said, entry)).collect();
    let born: Vec<&Entry> =
        open.iter().copied().filter(|e| said.birth_date.is_some() && e.birth_date == said.birth_date).collect();
    one_of(said, if born.is_empty() { open } else { born })
}

/// The only one, or the only one of the class that is said.
fn one_of(said: &Said, candidates: Vec<&Entry>) -> Found {
    match candidates.as_slice() {
        [] => Found::Nobody,
        [one] => Found::One(one.id),
        several => {
            let mut there = several.iter().filter(|e| said.class.is_some() && e.class_id == said.class);
            match (there.next(), there.next()) {
                (Some(one), None) => Found::One(one.id),
                _ => Found::Several,
            }
        }
    }
}

/// A guardian is known by the name and something more: a child, a phone, an address, a birth date. Somebody
/// of the staff may be a guardian too.
fn guardian(book: &Book, said: &Said) -> Found {
    let key = key(&said.surname, said.given_name.as_deref());
    let called = |kind| book.called(kind, PersonState::Active, &key).filter(|entry| !contradicts(said, entry));
    let shares = |entry: &&Entry| {
        let children = book.children_of(entry.id);
        said.children.iter().any(|(child, _)| matches!(child, Child::Known(id) if children.iter().any(|c| c.0 == *id)))
    };
    let reached = |entry: &&Entry| {
        reached_alike((&said.phone, &said.email), (&entry.phone, &entry.email))
            || same(said.birth_date, entry.birth_date)
    };
    let parents: Vec<&Entry> = called(Kind::Guardian).filter(|e| shares(e) || reached(e)).collect();
    let found = if parents.is_empty() { called(Kind::Staff).filter(reached).collect() } else { parents };
    match found.as_slice() {
        [] => Found::Nobody,
        [one] => Found::One(one.id),
        several => {
            let mut sure = several.iter().filter(|e| shares(e) && reached(e));
            match (sure.next(), sure.next()) {
                (Some(one), None) => Found::One(one.id),
                _ => Found::Several,
            }
        }
    }
}

/// Whether two rows are about one person: the name, nothing against it, and something more for it.
pub fn one_person(a: &Said, b: &Said) -> bool {
    let by_kind = match a.kind {
        Kind::Guardian => surely_one(a, b),
        Kind::Student => {
            same(a.birth_date, b.birth_date) || same(a.iin.as_ref(), b.iin.as_ref()) || same(a.class, b.class)
        }
        Kind::Staff => surely_one(a, b) || (a.birth_date.is_none() && b.birth_date.is_none()),
    };
    a.kind == b.kind && may_be_one(a, b) && by_kind
}

/// Whether a row of the staff and one of a guardian are about one person.
pub fn works_here(staff: &Said, guardian: &Said) -> bool {
    may_be_one(staff, guardian) && surely_one(staff, guardian)
}

/// Whether people of two kinds may be one person: somebody of the staff may be a guardian too.
pub fn may_be_both(one: Kind, other: Kind) -> bool {
    matches!((one, other), (Kind::Staff, Kind::Guardian) | (Kind::Guardian, Kind::Staff))
}

/// The name, and nothing against it.
fn may_be_one(a: &Said, b: &Said) -> bool {
    let name = |said: &Said| key(&said.surname, said.given_name.as_deref());
    let against = differ(a.birth_date, b.birth_date)
        || patronymics_differ(a.patronymic.as_ref(), b.patronymic.as_ref())
        || differ(a.iin.as_ref(), b.iin.as_ref());
    name(a) == name(b) && !against
}

/// The same ИИН, birth date, phone or e-mail.
fn surely_one(a: &Said, b: &Said) -> bool {
    same(a.iin.as_ref(), b.iin.as_ref())
        || same(a.birth_date, b.birth_date)
        || reached_alike((&a.phone, &a.email), (&b.phone, &b.email))
}

/// Whether somebody of the name is here whom the row is not taken for.
pub fn has_namesake(book: &Book, said: &Said) -> bool {
    let key = key(&said.surname, said.given_name.as_deref());
    [Kind::Staff, Kind::Student, Kind::Guardian]
        .into_iter()
        .any(|kind| book.called(kind, PersonState::Active, &key).next().is_some())
}

/// Whether somebody of the name lies in the archive.
pub fn in_archive(book: &Book, said: &Said) -> bool {
    let key = key(&said.surname, said.given_name.as_deref());
    book.called(said.kind, PersonState::Archived, &key).any(|entry| !contradicts(said, entry))
}

fn contradicts(said: &Said, entry: &Entry) -> bool {
    differ(said.birth_date, entry.birth_date)
        || patronymics_differ(said.patronymic.as_ref(), entry.patronymic.as_ref())
        || differ(said.iin.as_ref().map(|number| &number.hash), entry.iin.as_ref())
}

/// Whether two are reached by one phone or one e-mail.
fn reached_alike(a: (&Option<String>, &Option<String>), b: (&Option<String>, &Option<String>)) -> bool {
    let lower = |email: &Option<String>| email.as_ref().map(|text| text.to_lowercase());
    same(a.0.as_ref(), b.0.as_ref()) || same(lower(a.1), lower(b.1))
}

fn patronymics_differ(a: Option<&String>, b: Option<&String>) -> bool {
    differ(a.map(|text| folded(text)), b.map(|text| folded(text)))
}

/// Both are said, and are not the same.
fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}

/// Both are said, and are the same.
fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a == b)
}
