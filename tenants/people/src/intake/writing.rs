//! Carries verdicts out: newcomers, changes, classes, guardianships, in the caller's transaction and in pieces,
//! so that it can be told how far it is. What every row did is answered, for the day on which it is taken back.

use chrono::{DateTime, NaiveDate, Utc};
use kd_kernel::names::{folded, full_name};
use kd_kernel::{Problem, ProfileId, Result, Role};
use kd_store::SchoolTx;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::book::{Book, Entry};
use super::weighing::{Deed, Seat};
use super::{Child, Kind, Numbers, Outcome, Relation, Verdict};
use crate::rules::{Data, roles_after};
use crate::store::iin as numbers;
use crate::store::intake as store;

/// How many people are written at a time.
const PIECE: usize = 250;

/// Who writes, and when; new identities are handed in.
pub struct Clerk<'a> {
    /// The school's transaction.
    pub db: &'a SchoolTx,
    /// In whose name.
    pub by: ProfileId,
    /// Now.
    pub now: DateTime<Utc>,
    /// A new identity.
    pub id: &'a (dyn Fn() -> Uuid + Sync),
    /// How the school deals with ИИН.
    pub numbers: &'a Numbers,
}

/// What a row did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The person of the row.
    pub person: ProfileId,
    /// How it is taken back; nothing where nothing was done.
    pub traces: Option<Traces>,
}

/// What was done about a person, and what was there before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traces {
    /// The version that the person has since.
    pub version: i32,
    /// The data that were there, as they are written; nothing for who was entered.
    pub before: Option<Value>,
    /// The membership that was made.
    pub seat: Option<Uuid>,
    /// The membership that was ended or corrected, as it was.
    pub seat_before: Option<(Uuid, NaiveDate)>,
    /// Its order.
    #[serde(default)]
    pub order_before: Option<String>,
    /// The guardianships that were made, or what they were before.
    pub links: Vec<(ProfileId, Option<Relation>)>,
    /// Whether the role of a guardian was given.
    pub made_guardian: bool,
    /// Whether an ИИН was written.
    #[serde(default)]
    pub numbered: bool,
}

/// Writes everything that the verdicts say; tells after each piece how many rows are done. Where a verdict is
/// an error nothing is done about its row.
///
/// # Errors
/// 409 `import.changed` where somebody changed one of these people since the book was read; what `told` says.
pub async fn write<F, Fut>(
    clerk: &Clerk<'_>,
    book: &Book,
    verdicts: &[Option<Verdict>],
    told: F,
) -> Result<Vec<Option<Written>>>
where
    F: Fn(usize) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    let known: Vec<ProfileId> = verdicts.iter().flatten().filter_map(|v| Some(v.deed.as_ref()?.whom?.0)).collect();
    store::hold(clerk.db, &known).await?;
    let people = people(clerk, verdicts);
    let mut written: Vec<Option<Written>> = Vec::with_capacity(verdicts.len());
    let mut links = Vec::new();
    for (verdicts, persons) in verdicts.chunks(PIECE).zip(people.chunks(PIECE)) {
        let mut piece = Piece::default();
        for (verdict, person) in verdicts.iter().zip(persons) {
            let deed = verdict.as_ref().and_then(|v| v.deed.as_ref());
            let Some(person) = *person else {
                written.push(None);
                continue;
            };
            let traces = deed.map(|deed| {
                let ends = ends(deed, &people);
                let traces = piece.add(clerk, book, (person, deed), &ends);
                links.extend(ends.iter().map(|(student, relation)| link(person, *student, *relation)));
                traces
            });
            written.push(Some(Written { person, traces }));
        }
        piece.write(clerk).await?;
        told(written.len()).await?;
    }
    // Children come in with the same intake: they must all be there first.
    for piece in links.chunks(PIECE * 4) {
        store::put_links(clerk.db, Value::Array(piece.to_vec()), clerk.now).await?;
    }
    Ok(written)
}

/// Who each row is about: newcomers get their identities here.
fn people(clerk: &Clerk<'_>, verdicts: &[Option<Verdict>]) -> Vec<Option<ProfileId>> {
    let outcome = |place: usize| verdicts.get(place).and_then(|v| v.as_ref()).map(|v| &v.outcome);
    let own: Vec<Option<ProfileId>> = (0..verdicts.len())
        .map(|place| match outcome(place) {
            Some(Outcome::New) => Some(ProfileId((clerk.id)())),
            Some(Outcome::Changed(id, _) | Outcome::Same(id)) => Some(*id),
            Some(Outcome::Joined(_) | Outcome::Error(_)) | None => None,
        })
        .collect();
    let whose = |mut place: usize| {
        // A guardian's second row leads to the first, and that one to the row of the staff.
        while let Some(Outcome::Joined(other)) = outcome(place) {
            place = *other;
        }
        own.get(place).copied().flatten()
    };
    (0..verdicts.len()).map(whose).collect()
}

/// The students of a deed's guardianships. One whose row brings in nobody is left out.
fn ends(deed: &Deed, people: &[Option<ProfileId>]) -> Vec<(ProfileId, Relation)> {
    let student = |child: &Child| match child {
        Child::Row(place) => people.get(*place).copied().flatten(),
        Child::Known(id) => Some(*id),
    };
    deed.links.iter().filter_map(|(child, relation)| Some((student(child)?, *relation))).collect()
}

fn link(guardian: ProfileId, student: ProfileId, relation: Relation) -> Value {
    json!({ "guardian": guardian, "student": student, "relation": relation })
}

/// Rows for a few statements.
#[derive(Default)]
struct Piece {
    entered: Vec<Value>,
    changed: Vec<Value>,
    roles: Vec<Value>,
    ended: Vec<Value>,
    seated: Vec<Value>,
    numbers: Vec<Value>,
}

impl Piece {
    fn add(
        &mut self,
        clerk: &Clerk<'_>,
        book: &Book,
        (id, deed): (ProfileId, &Deed),
        ends: &[(ProfileId, Relation)],
    ) -> Traces {
        let entry = deed.whom.and_then(|(id, _)| book.entry(id));
        let held = entry.map(Entry::roles);
        let keeps_children = !book.children_of(id).is_empty() || !ends.is_empty();
        let roles = roles_after(deed.kind, held, None, keeps_children);
        let given: Vec<Role> = roles.iter().filter(|role| !held.unwrap_or_default().holds(*role)).collect();
        self.roles.extend(given.iter().map(|role| json!({ "id": id, "role": role.name() })));
        let row = row(id, deed.kind, &deed.data, deed.whom.map_or(1, |(_, version)| version));
        match entry {
            None => self.entered.push(row),
            Some(_) => self.changed.push(row),
        }
        self.numbers.extend(deed.data.iin.as_deref().map(|number| clerk.numbers.row(id, number)));
        let (seat, seat_before) = self.seat(clerk, (id, deed), entry);
        let before = |student: &ProfileId| {
            book.children_of(id).iter().find(|(known, _)| known == student).map(|(_, relation)| *relation)
        };
        Traces {
            version: deed.whom.map_or(1, |(_, version)| version + 1),
            before: entry.map(kept),
            seat,
            order_before: entry.and_then(|e| e.order_no.clone()).filter(|_| seat_before.is_some()),
            seat_before,
            links: ends.iter().map(|(student, _)| (*student, before(student))).collect(),
            made_guardian: entry.is_some() && given.contains(&Role::Guardian),
            numbered: deed.data.iin.is_some(),
        }
    }

    /// Takes a seat in a class; the one before ends on the same day. In the same class only the first day and the order
    /// are corrected.
    fn seat(
        &mut self,
        clerk: &Clerk<'_>,
        (id, deed): (ProfileId, &Deed),
        entry: Option<&Entry>,
    ) -> (Option<Uuid>, Option<(Uuid, NaiveDate)>) {
        let Some(Seat { class, joined, order_no }) = &deed.seat else { return (None, None) };
        let before = entry.and_then(|e| Some((e.member_id?, e.joined?)));
        if let (Some((member, first)), Some(entry)) = (before, entry) {
            if entry.class_id == Some(*class) {
                self.ended.push(json!({ "id": member, "joined": joined, "left_on": null, "order_no": order_no }));
                return (None, before);
            }
            let order_no = &entry.order_no;
            self.ended.push(json!({ "id": member, "joined": first, "left_on": joined, "order_no": order_no }));
        }
        let seat = (clerk.id)();
        let row = json!({ "id": seat, "class": class, "student": id, "joined": joined, "order_no": order_no });
        self.seated.push(row);
        (Some(seat), before)
    }

    async fn write(self, clerk: &Clerk<'_>) -> Result<()> {
        let Clerk { db, by, now, .. } = *clerk;
        let expected = u64::try_from(self.changed.len()).unwrap_or(u64::MAX);
        store::enter(db, Value::Array(self.entered), by, now).await?;
        if store::change(db, Value::Array(self.changed), by, now).await? != expected {
            return Err(Problem::conflict("import.changed"));
        }
        numbers::put_many(db, Value::Array(self.numbers), by, now).await?;
        store::give_roles(db, Value::Array(self.roles), now).await?;
        store::put_seats(db, Value::Array(self.ended)).await?;
        store::seat(db, Value::Array(self.seated)).await
    }
}

fn row(id: ProfileId, kind: Kind, data: &Data, version: i32) -> Value {
    json!({
        "id": id, "kind": kind, "version": version, "surname": data.surname, "given_name": data.given_name,
        "patronymic": data.patronymic, "folded_name": data.folded_name, "birth_date": data.birth_date, "sex": data.sex,
        "phone": data.phone, "email": data.email, "address": data.address, "position": data.position,
    })
}

/// The data that are there, as they would be written again.
fn kept(entry: &Entry) -> Value {
    let whole = full_name(&entry.surname, &entry.given_name, entry.patronymic.as_deref());
    json!({
        "id": entry.id, "kind": entry.kind, "version": entry.version + 1, "surname": entry.surname,
        "given_name": entry.given_name, "patronymic": entry.patronymic, "folded_name": folded(&whole),
        "birth_date": entry.birth_date, "sex": entry.sex, "phone": entry.phone, "email": entry.email,
        "address": entry.address, "position": entry.position,
    })
}
