//! Who goes to another school and who comes from one, as the room of transfers reads and writes it: a student with
//! the data that may be kept and nothing else, those who represent the student, and how both come in here. Marks,
//! credentials, accounts, ИИН and staff's addresses are no part of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use kd_ctx::{Permit, Plain, Thing, Turn};
use kd_kernel::names::full_name;
use kd_kernel::problem::Faults;
use kd_kernel::{ClassId, Problem, ProfileId, Relations, Result, Roles};
use poem_openapi::Object;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

pub use crate::wire::{Kind, Likeness, PersonState, Relation, Sex};

use crate::members::{ClassName, Enrolment, class_names, enrol};
use crate::ops::people::asking;
use crate::rules::alike::Likely;
use crate::rules::{Data, Typed, roles_after};
use crate::store;
use crate::store::transfers::{GuardianRow, LikelyRow};

/// What a school may hand on of a student or a guardian: the data of the agreement (7.8), no more.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, rename = "TransferFacts")]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Surname.
    pub surname: String,
    /// Given name; may be empty.
    pub given_name: String,
    /// Patronymic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<String>,
    /// Birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// f or m.
    pub sex: Sex,
    /// E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Facts {
    fn likely(&self) -> Likely {
        Likely::of(&self.surname, &self.given_name, self.patronymic.as_deref(), self.birth_date)
    }

    /// The same, as they would have been typed here: what comes from outside is checked like anything else.
    fn parsed(self, kind: Kind, enrolled_on: Option<NaiveDate>, today: NaiveDate) -> Result<Data> {
        let typed = Typed {
            surname: self.surname,
            given_name: Some(self.given_name),
            patronymic: self.patronymic,
            birth_date: self.birth_date,
            sex: self.sex,
            phone: self.phone,
            email: self.email,
            iin: None,
            address: None,
            position: None,
            roles: None,
            class: None,
            enrolled_on,
            children: None,
        };
        Data::parse(kind, typed, today)
    }
}

/// A student's time in a class, by the name of the class alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromQueryResult, Object)]
#[oai(skip_serializing_if_is_none, rename = "TransferClass")]
#[serde(deny_unknown_fields)]
pub struct Stay {
    /// 0 to 12.
    pub grade: i32,
    /// One to three letters.
    pub letter: String,
    /// The first day.
    pub joined: NaiveDate,
    /// The first day without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_on: Option<NaiveDate>,
}

/// A guardian of who goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// The guardian.
    pub id: ProfileId,
    /// What the guardian is to the child.
    pub relation: Relation,
    /// The data.
    pub facts: Facts,
}

/// A student, active or departed, who may go to another school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaver {
    /// The student.
    pub id: ProfileId,
    /// The data.
    pub facts: Facts,
    /// The first day in a class of the school.
    pub since: Option<NaiveDate>,
    /// The last class.
    pub last_class: Option<Stay>,
    /// The first day on which the student no longer belonged to the school.
    pub left_on: Option<NaiveDate>,
    /// Who represents the student.
    pub guardians: Vec<Parent>,
}

impl Thing for Leaver {
    fn relations(&self) -> Relations {
        Relations::none()
    }
}

/// A student of the school or of its archive; nobody for who is none, or was given up for another profile.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn leaver(turn: &Turn, id: ProfileId) -> Result<Option<Leaver>> {
    let card = store::card(turn.db(), asking(turn), id).await?.filter(|card| card.kind == Kind::Student);
    let Some(card) = card else { return Ok(None) };
    let left_on = match card.state {
        PersonState::Active => None,
        PersonState::Archived => match store::moves::departure(turn.db(), id).await? {
            Some(departure) => Some(departure.left_on),
            None => return Ok(None),
        },
    };
    let stays = store::transfers::stays(turn.db(), id).await?;
    let guardians = store::transfers::guardians(turn.db(), id).await?;
    Ok(Some(Leaver {
        id,
        facts: Facts {
            surname: card.surname,
            given_name: card.given_name,
            patronymic: card.patronymic,
            birth_date: card.birth_date,
            sex: card.sex,
            phone: card.phone,
            email: card.email,
        },
        since: stays.first().map(|stay| stay.joined),
        last_class: stays.into_iter().next_back(),
        left_on,
        guardians: guardians.into_iter().map(parent).collect(),
    }))
}

fn parent(row: GuardianRow) -> Parent {
    Parent {
        id: row.id,
        relation: row.relation,
        facts: Facts {
            surname: row.surname,
            given_name: row.given_name,
            patronymic: row.patronymic,
            birth_date: row.birth_date,
            sex: row.sex,
            phone: row.phone,
            email: row.email,
        },
    }
}

/// Somebody who is here and may be the one who comes.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, rename = "TransferTwin")]
pub struct Twin {
    /// The person.
    pub id: ProfileId,
    /// Student, guardian or staff.
    pub kind: Kind,
    /// Active, or in the archive: then the person returns first.
    pub state: PersonState,
    /// Surname first.
    pub full_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// `7Ә`.
    pub class_name: Option<String>,
    /// How alike the names and birth dates are; missing where the phone alone is the same.
    pub likeness: Option<Likeness>,
    /// True where the phone is the same; missing otherwise.
    pub same_phone: Option<bool>,
}

/// Those who are here, for telling newcomers from them.
pub struct Neighbours {
    rows: Vec<(LikelyRow, Likely)>,
    classes: HashMap<ClassId, ClassName>,
}

impl Neighbours {
    /// Reads everybody.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn read(turn: &Turn) -> Result<Self> {
        let rows = store::transfers::likely(turn.db(), &[Kind::Student, Kind::Guardian, Kind::Staff]).await?;
        let likely = |r: &LikelyRow| Likely::of(&r.surname, &r.given_name, r.patronymic.as_deref(), r.birth_date);
        let rows = rows.into_iter().map(|row| (likely(&row), row)).map(|(likely, row)| (row, likely)).collect();
        Ok(Self { rows, classes: class_names(turn.db()).await? })
    }

    /// Those who may be this student or this guardian, the surest first. A guardian may be of the staff.
    #[must_use]
    pub fn like(&self, kind: Kind, facts: &Facts) -> Vec<Twin> {
        let comes = facts.likely();
        let mut found: Vec<Twin> =
            self.rows.iter().filter_map(|(row, likely)| self.twin((kind, facts), &comes, (row, likely))).collect();
        found.sort_by_key(|twin| (twin.likeness.is_none(), twin.likeness, twin.same_phone.is_none()));
        found
    }

    fn twin(&self, (kind, facts): (Kind, &Facts), comes: &Likely, (row, is): (&LikelyRow, &Likely)) -> Option<Twin> {
        let fits = row.kind == kind || (kind == Kind::Guardian && row.kind == Kind::Staff);
        let likeness = comes.likeness(is);
        let same_phone = kind == Kind::Guardian && facts.phone.is_some() && facts.phone == row.phone;
        (fits && (likeness.is_some() || same_phone)).then(|| Twin {
            id: row.id,
            kind: row.kind,
            state: row.state,
            full_name: full_name(&row.surname, &row.given_name, row.patronymic.as_deref()),
            birth_date: row.birth_date,
            class_name: row.class_id.and_then(|id| self.classes.get(&id)).map(ClassName::name),
            likeness,
            same_phone: same_phone.then_some(true),
        })
    }
}

/// Somebody comes in: as a new person, or as one who is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comer {
    /// The data.
    pub facts: Facts,
    /// The one who is here already.
    pub is: Option<ProfileId>,
}

/// A student comes in, with those who represent the student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The student.
    pub student: Comer,
    /// The class; none where it is not known yet.
    pub class: Option<ClassId>,
    /// The first day in it; missing means today.
    pub enrolled_on: Option<NaiveDate>,
    /// The guardians, with what each is to the child.
    pub guardians: Vec<(Comer, Relation)>,
}

/// Takes a student in, and the guardians. Who is here already keeps what is known of him or her: only what is
/// missing is written.
///
/// # Errors
/// 422 at `same_as` for somebody who is not here, at `class_id` and `enrolled_on`, and for data that may not be kept.
pub async fn admit(turn: &Turn, permit: &Permit<Plain>, arrival: Arrival) -> Result<ProfileId> {
    let Arrival { student, class, enrolled_on, guardians } = arrival;
    let student = come_in(turn, permit, Kind::Student, student, enrolled_on).await?;
    if let Some(class) = class {
        let today = turn.today();
        enrol(turn.db(), permit, Enrolment { id: turn.id(), student, class, joined: enrolled_on, today }).await?;
    }
    for (guardian, relation) in guardians {
        let guardian = come_in(turn, permit, Kind::Guardian, guardian, None).await?;
        store::transfers::link(turn.db(), permit, (guardian, student, relation), asking(turn)).await?;
    }
    Ok(student)
}

async fn come_in(
    turn: &Turn,
    permit: &Permit<Plain>,
    kind: Kind,
    comer: Comer,
    enrolled_on: Option<NaiveDate>,
) -> Result<ProfileId> {
    let data = comer.facts.parsed(kind, enrolled_on, turn.today())?;
    let (id, is, before) = match comer.is {
        None => {
            let id: ProfileId = turn.id();
            store::add(turn.db(), permit, (id, kind), &data, asking(turn)).await?;
            (id, kind, None::<Roles>)
        }
        Some(id) => {
            let card = store::card_to_change(turn.db(), asking(turn), id).await?;
            let fits = |is: Kind| is == kind || (kind == Kind::Guardian && is == Kind::Staff);
            let card = card.filter(|card| fits(card.kind)).ok_or_else(|| Problem::field("same_as", "unknown"))?;
            store::transfers::complete(turn.db(), permit, (id, &data), asking(turn)).await?;
            (id, card.kind, Some(card.roles()))
        }
    };
    let roles = roles_after(is, before, None, kind == Kind::Guardian);
    store::put_roles(turn.db(), permit, id, roles, turn.now()).await?;
    Ok(id)
}

/// Checks that nobody who comes is said to be two who are here, nor two to be one.
///
/// # Errors
/// 422 at `same_as`.
pub fn each_is_one(said: impl IntoIterator<Item = ProfileId>) -> Result<()> {
    let mut said: Vec<ProfileId> = said.into_iter().collect();
    let all = said.len();
    said.sort();
    said.dedup();
    let mut faults = Faults::default();
    faults.require(said.len() == all, "same_as", "unknown");
    faults.check()
}
