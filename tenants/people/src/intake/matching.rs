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
}

/// Who of the school is meant. The phone of what is said is in its kept form.
pub fn find(book: &Book, said: &Said) -> Found {
    match said.kind {
        Kind::Student | Kind::Staff => by_name(book, said),
        Kind::Guardian => guardian(book, said),
    }
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
        same(said.phone.as_ref(), entry.phone.as_ref())
            || same(said.email.as_ref().map(|e| e.to_lowercase()), entry.email.as_ref().map(|e| e.to_lowercase()))
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
    let name = |said: &Said| key(&said.surname, said.given_name.as_deref());
    let against =
        differ(a.birth_date, b.birth_date) || patronymics_differ(a.patronymic.as_ref(), b.patronymic.as_ref());
    let born = same(a.birth_date, b.birth_date);
    let reached = same(a.phone.as_ref(), b.phone.as_ref())
        || same(a.email.as_ref().map(|e| e.to_lowercase()), b.email.as_ref().map(|e| e.to_lowercase()));
    let by_kind = match a.kind {
        Kind::Guardian => born || reached,
        Kind::Student => born || (a.class.is_some() && a.class == b.class),
        Kind::Staff => born || reached || (a.birth_date.is_none() && b.birth_date.is_none()),
    };
    a.kind == b.kind && name(a) == name(b) && !against && by_kind
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
    differ(said.birth_date, entry.birth_date) || patronymics_differ(said.patronymic.as_ref(), entry.patronymic.as_ref())
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
