//! What is going to be done: rows are checked one by one, brought together where they are about one person,
//! laid over what is kept, and compared. Nothing is written.

use std::collections::HashMap;

use chrono::NaiveDate;
use kd_kernel::identifiers::iin_birth_date;
use kd_kernel::{ClassId, ProfileId};

use super::book::{Book, Entry, key};
use super::matching::{Found, find, has_namesake, in_archive, may_be_both, one_person, works_here};
use super::{Change, Child, Kind, Outcome, Relation, Remark, Said, Sex, Verdict};
use crate::rules::{Data, ORDER_NO, Typed, of_kazakhstan};
use crate::wire::PersonState;

/// How a verdict is carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// Who is here, with the version that was compared; nothing for who is entered.
    pub whom: Option<(ProfileId, i32)>,
    pub kind: Kind,
    pub data: Data,
    /// The seat in a class that is to be taken.
    pub seat: Option<Seat>,
    /// The guardianships that are made or changed.
    pub links: Vec<(Child, Relation)>,
}

/// A seat in a class: its first day, and the number of the order.
#[derive(Debug, Clone, PartialEq)]
pub struct Seat {
    pub class: ClassId,
    pub joined: NaiveDate,
    pub order_no: Option<String>,
}

/// Weighs what is said against who is here. A row that is nothing is left out: it cannot be read, or shall
/// not be done. The verdicts stand in the order of the rows.
#[must_use]
pub fn weigh(book: &Book, rows: &[Option<Said>], today: NaiveDate) -> Vec<Option<Verdict>> {
    let mut verdicts: Vec<Option<Verdict>> = vec![None; rows.len()];
    let people = gathered(rows, today, &mut verdicts);
    // Guardians are known by their children, and some of the staff are guardians too.
    let (students, others): (Vec<_>, Vec<_>) = people.into_iter().partition(|(_, said)| said.kind == Kind::Student);
    let (guardians, staff): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, said)| said.kind == Kind::Guardian);
    let mut scale = Scale { book, today, verdicts, taken: HashMap::new() };
    for (place, said) in students {
        scale.put(place, find(book, &said), &said);
    }
    let mut colleagues = Colleagues::of(book, staff);
    for (place, mut said) in guardians {
        for (child, _) in &mut said.children {
            *child = who_is_here(*child, &scale.verdicts);
        }
        let found = find(book, &said);
        if let Some((first, one)) = colleagues.who_is(&found, &said) {
            let joined = Verdict::joined(*first);
            take_up(one, said);
            put(&mut scale.verdicts, place, joined);
        } else if let Some(other) = colleagues.of_the_number(&said) {
            put(&mut scale.verdicts, place, Verdict::error(vec![Remark::with("iin", "import-iin-twice", other)]));
        } else {
            scale.put(place, found, &said);
        }
    }
    for (place, said) in colleagues.staff {
        scale.put(place, find(book, &said), &said);
    }
    scale.verdicts
}

/// Where verdicts are made.
struct Scale<'a> {
    book: &'a Book,
    today: NaiveDate,
    verdicts: Vec<Option<Verdict>>,
    /// Who is here and the row that is about them.
    taken: HashMap<ProfileId, usize>,
}

impl Scale<'_> {
    fn put(&mut self, place: usize, found: Found, said: &Said) {
        let verdict = match found {
            Found::Several => Verdict::error(vec![Remark::new("", "import-several")]),
            Found::Taken(PersonState::Active) => Verdict::error(vec![Remark::new("iin", "iin-taken")]),
            Found::Taken(PersonState::Archived) => Verdict::error(vec![Remark::new("iin", "import-iin-archived")]),
            Found::Nobody => newcomer(self.book, said, self.today),
            Found::One(id) => match self.taken.insert(id, place) {
                Some(earlier) => Verdict::error(vec![Remark::with("", "import-twice", earlier)]),
                None => compared(self.book, id, said, self.today),
            },
        };
        put(&mut self.verdicts, place, verdict);
    }
}

/// The staff of the same intake: a teacher whose own child goes to the school stands in two rows and is one person.
struct Colleagues {
    staff: Vec<(usize, Said)>,
    called: HashMap<String, Vec<usize>>,
    here: HashMap<ProfileId, usize>,
    numbered: HashMap<Vec<u8>, usize>,
}

impl Colleagues {
    fn of(book: &Book, staff: Vec<(usize, Said)>) -> Self {
        let mut colleagues =
            Self { staff: Vec::new(), called: HashMap::new(), here: HashMap::new(), numbered: HashMap::new() };
        for (at, (_, said)) in staff.iter().enumerate() {
            colleagues.called.entry(key(&said.surname, said.given_name.as_deref())).or_default().push(at);
            if let Found::One(id) = find(book, said) {
                colleagues.here.insert(id, at);
            }
            if let Some(number) = &said.iin {
                colleagues.numbered.insert(number.hash.clone(), at);
            }
        }
        Self { staff, ..colleagues }
    }

    /// The row of the one who is this guardian too: who was found for both, or the only one who is alike in more
    /// than the name, where the guardian is nobody who is here.
    fn who_is(&mut self, found: &Found, guardian: &Said) -> Option<&mut (usize, Said)> {
        let at = match found {
            Found::One(id) => self.here.get(id).copied(),
            Found::Nobody => {
                let namesakes = self.called.get(&key(&guardian.surname, guardian.given_name.as_deref()));
                let alike = |at: &usize| self.staff.get(*at).is_some_and(|(_, one)| works_here(one, guardian));
                let mut alike = namesakes.into_iter().flatten().copied().filter(alike);
                alike.next().filter(|_| alike.next().is_none())
            }
            Found::Several | Found::Taken(_) => None,
        };
        self.staff.get_mut(at?)
    }

    /// The row that has the number of a guardian.
    fn of_the_number(&self, guardian: &Said) -> Option<usize> {
        let at = self.numbered.get(&guardian.iin.as_ref()?.hash)?;
        self.staff.get(*at).map(|(place, _)| *place)
    }
}

/// The people of the rows, each with the place of the first row about them. Rows that are wrong by themselves,
/// and further rows about somebody, get their verdicts here.
fn gathered(rows: &[Option<Said>], today: NaiveDate, verdicts: &mut [Option<Verdict>]) -> Vec<(usize, Said)> {
    let mut people: Vec<(usize, Said)> = Vec::new();
    let mut called: HashMap<(Kind, String), Vec<usize>> = HashMap::new();
    let mut numbered: HashMap<Vec<u8>, usize> = HashMap::new();
    for (place, said) in rows.iter().enumerate() {
        let Some(said) = said else { continue };
        let said = match alone(said, today) {
            Ok(said) => said,
            Err(faults) => {
                put(verdicts, place, Verdict::error(faults));
                continue;
            }
        };
        let namesakes = called.entry((said.kind, key(&said.surname, said.given_name.as_deref()))).or_default();
        let same = namesakes.iter().copied().find(|at| people.get(*at).is_some_and(|p| one_person(&p.1, &said)));
        let at = same.unwrap_or(people.len());
        if let Some(number) = &said.iin {
            let holder = *numbered.entry(number.hash.clone()).or_insert(at);
            // Whether a guardian is the colleague of the same number is seen when it is known who is here.
            let apart = |(_, one): &&(usize, Said)| holder != at && !may_be_both(one.kind, said.kind);
            if let Some((other, _)) = people.get(holder).filter(apart) {
                put(verdicts, place, Verdict::error(vec![Remark::with("iin", "import-iin-twice", *other)]));
                continue;
            }
        }
        match people.get_mut(at) {
            Some((first, one)) if said.kind == Kind::Guardian => {
                let joined = Verdict::joined(*first);
                take_up(one, said);
                put(verdicts, place, joined);
            }
            Some((first, _)) => put(verdicts, place, Verdict::error(vec![Remark::with("", "import-twice", *first)])),
            None => {
                namesakes.push(at);
                people.push((place, said));
            }
        }
    }
    people
}

/// A student of another row who turned out to be here.
fn who_is_here(child: Child, verdicts: &[Option<Verdict>]) -> Child {
    let Child::Row(place) = child else { return child };
    match verdicts.get(place).and_then(|v| v.as_ref()).map(|v| &v.outcome) {
        Some(Outcome::Same(id) | Outcome::Changed(id, _)) => Child::Known(*id),
        _ => child,
    }
}

fn put(verdicts: &mut [Option<Verdict>], place: usize, verdict: Verdict) {
    if let Some(at) = verdicts.get_mut(place) {
        *at = Some(verdict);
    }
}

/// A row by itself: its faults, or what it says in the form in which it is kept.
fn alone(said: &Said, today: NaiveDate) -> Result<Said, Vec<Remark>> {
    let data = parsed(said.kind, typed(said), today)?;
    if said.order_no.as_ref().is_some_and(|number| number.chars().count() > ORDER_NO) {
        return Err(vec![Remark::new("order_no", "too-long")]);
    }
    Ok(Said {
        surname: data.surname,
        given_name: Some(data.given_name).filter(|name| !name.is_empty()),
        patronymic: data.patronymic,
        phone: data.phone,
        email: data.email,
        address: data.address,
        position: data.position,
        ..said.clone()
    })
}

/// A further row about a guardian: another child, and what the first row did not say.
fn take_up(one: &mut Said, more: Said) {
    one.children.extend(more.children);
    one.patronymic = one.patronymic.take().or(more.patronymic);
    one.birth_date = one.birth_date.or(more.birth_date);
    one.sex = one.sex.or(more.sex);
    one.phone = one.phone.take().or(more.phone);
    one.email = one.email.take().or(more.email);
    one.iin = one.iin.take().or(more.iin);
}

fn newcomer(book: &Book, said: &Said, today: NaiveDate) -> Verdict {
    if said.sex.is_none() {
        return Verdict::error(vec![Remark::new("sex", "required")]);
    }
    let data = match parsed(said.kind, typed(said), today) {
        Ok(data) => data,
        Err(faults) => return Verdict::error(faults),
    };
    let mut notes = notes(&data);
    if in_archive(book, said) {
        notes.push(Remark::new("", "import-in-archive"));
    } else if has_namesake(book, said) {
        notes.push(Remark::new("", "import-namesake"));
    }
    let joined = said.enrolled_on.unwrap_or(today);
    let seat = said.class.map(|class| Seat { class, joined, order_no: said.order_no.clone() });
    let deed = Deed { whom: None, kind: said.kind, data, seat, links: distinct(&said.children) };
    Verdict { outcome: Outcome::New, notes, deed: Some(deed) }
}

/// Somebody who is here: what is said is laid over what is kept.
fn compared(book: &Book, id: ProfileId, said: &Said, today: NaiveDate) -> Verdict {
    let Some(entry) = book.entry(id) else { return Verdict::error(vec![Remark::new("", "import-several")]) };
    let data = match parsed(entry.kind, laid_over(entry, said), today) {
        Ok(data) => data,
        Err(faults) => return Verdict::error(faults),
    };
    let seat = match new_seat(entry, said, today) {
        Ok(seat) => seat,
        Err(fault) => return Verdict::error(vec![fault]),
    };
    let kept = book.children_of(id);
    let links: Vec<(Child, Relation)> = distinct(&said.children)
        .into_iter()
        .filter(|(child, relation)| match child {
            Child::Known(student) => !kept.contains(&(*student, *relation)),
            Child::Row(_) => true,
        })
        .collect();
    let mut changes = differences(entry, &data);
    if let Some(Seat { class, joined, order_no }) = &seat {
        let stays = entry.class_id == Some(*class);
        if !stays {
            changes.push(change("class", book.class_name(entry.class_id), book.class_name(Some(*class))));
        }
        if !stays || entry.joined != Some(*joined) {
            let before = entry.joined.map(|d| d.to_string());
            changes.push(change("enrolled_on", before, Some(joined.to_string())));
        }
        let before = entry.order_no.clone().filter(|_| stays);
        if before != *order_no {
            changes.push(change("order_no", before, order_no.clone()));
        }
    }
    for (_, relation) in &links {
        changes.push(change("student", None, Some(relation_name(*relation).to_owned())));
    }
    if changes.is_empty() {
        return Verdict { outcome: Outcome::Same(id), notes: Vec::new(), deed: None };
    }
    let notes = notes(&data);
    let deed = Deed { whom: Some((id, entry.version)), kind: entry.kind, data, seat, links };
    Verdict { outcome: Outcome::Changed(id, changes), notes, deed: Some(deed) }
}

/// The seat that is to be taken; nothing where the student has it.
fn new_seat(entry: &Entry, said: &Said, today: NaiveDate) -> Result<Option<Seat>, Remark> {
    let Some(class) = said.class else { return Ok(None) };
    if entry.class_id == Some(class) {
        let joined = said.enrolled_on.or(entry.joined).unwrap_or(today);
        let order_no = said.order_no.clone().or_else(|| entry.order_no.clone());
        let corrected = entry.joined != Some(joined) || entry.order_no != order_no;
        return Ok(corrected.then_some(Seat { class, joined, order_no }));
    }
    let day = said.enrolled_on.unwrap_or(today);
    if entry.joined.is_some_and(|joined| day < joined) {
        return Err(Remark::new("enrolled_on", "date-invalid"));
    }
    Ok(Some(Seat { class, joined: day, order_no: said.order_no.clone() }))
}

fn distinct(children: &[(Child, Relation)]) -> Vec<(Child, Relation)> {
    let mut kept: Vec<(Child, Relation)> = Vec::new();
    for (child, relation) in children {
        if !kept.iter().any(|(known, _)| known == child) {
            kept.push((*child, *relation));
        }
    }
    kept
}

fn notes(data: &Data) -> Vec<Remark> {
    let abroad = data.phone.as_deref().is_some_and(|phone| !of_kazakhstan(phone));
    let says = data.iin.as_deref().and_then(iin_birth_date);
    let otherwise = says.zip(data.birth_date).is_some_and(|(says, is)| says != is);
    let notes = [
        abroad.then(|| Remark::new("phone", "import-phone-abroad")),
        // A warning and no more (IDN-4).
        otherwise.then(|| Remark::new("iin", "import-iin-date")),
    ];
    notes.into_iter().flatten().collect()
}

fn parsed(kind: Kind, typed: Typed, today: NaiveDate) -> Result<Data, Vec<Remark>> {
    Data::parse(kind, typed, today)
        .map_err(|problem| problem.fields().iter().map(|fault| Remark::new(&fault.field, fault.code)).collect())
}

fn typed(said: &Said) -> Typed {
    Typed {
        surname: said.surname.clone(),
        given_name: said.given_name.clone(),
        patronymic: said.patronymic.clone(),
        birth_date: said.birth_date,
        sex: said.sex.unwrap_or(Sex::F),
        phone: said.phone.clone(),
        email: said.email.clone(),
        iin: said.iin.as_ref().map(|number| number.digits.clone()),
        address: said.address.clone(),
        position: said.position.clone(),
        roles: None,
        class: said.class,
        enrolled_on: said.enrolled_on,
        children: None,
    }
}

fn laid_over(entry: &Entry, said: &Said) -> Typed {
    let staff = entry.kind == Kind::Staff;
    Typed {
        surname: said.surname.clone(),
        given_name: said.given_name.clone().or_else(|| Some(entry.given_name.clone())),
        patronymic: said.patronymic.clone().or_else(|| entry.patronymic.clone()),
        birth_date: said.birth_date.or(entry.birth_date),
        sex: said.sex.unwrap_or(entry.sex),
        phone: said.phone.clone().or_else(|| entry.phone.clone()),
        email: said.email.clone().or_else(|| entry.email.clone()),
        // One that is there stays: another one would have spoken against its being the same person.
        iin: said.iin.as_ref().filter(|_| entry.iin.is_none()).map(|number| number.digits.clone()),
        address: said.address.clone().or_else(|| entry.address.clone()).filter(|_| staff),
        position: said.position.clone().or_else(|| entry.position.clone()).filter(|_| staff),
        roles: None,
        class: said.class,
        enrolled_on: said.enrolled_on,
        children: None,
    }
}

fn differences(entry: &Entry, data: &Data) -> Vec<Change> {
    let text = |field: &str, before: Option<&str>, after: Option<&str>| {
        (before != after).then(|| change(field, before.map(str::to_owned), after.map(str::to_owned)))
    };
    let (born, shall) = (entry.birth_date.map(|d| d.to_string()), data.birth_date.map(|d| d.to_string()));
    [
        text("surname", Some(&entry.surname), Some(&data.surname)),
        text("given_name", Some(&entry.given_name), Some(&data.given_name)),
        text("patronymic", entry.patronymic.as_deref(), data.patronymic.as_deref()),
        text("birth_date", born.as_deref(), shall.as_deref()),
        text("sex", Some(sex_name(entry.sex)), Some(sex_name(data.sex))),
        text("phone", entry.phone.as_deref(), data.phone.as_deref()),
        text("email", entry.email.as_deref(), data.email.as_deref()),
        data.iin.as_deref().map(|number| change("iin", None, number.get(8..).map(|end| format!("••••••••{end}")))),
        text("address", entry.address.as_deref(), data.address.as_deref()),
        text("position", entry.position.as_deref(), data.position.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn change(field: &str, before: Option<String>, after: Option<String>) -> Change {
    Change { field: field.to_owned(), before, after }
}

fn sex_name(sex: Sex) -> &'static str {
    match sex {
        Sex::F => "f",
        Sex::M => "m",
    }
}

fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Mother => "mother",
        Relation::Father => "father",
        Relation::Guardian => "guardian",
        Relation::Other => "other",
    }
}
