//! Everybody who is here, as far as newcomers are compared with them. Read once for a whole intake.

use std::collections::HashMap;

use chrono::NaiveDate;
use kd_kernel::names::folded;
use kd_kernel::{ClassId, ProfileId, Result, Role, Roles};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{Kind, Number, Relation, Sex};
use crate::members::{ClassName, class_names};
use crate::store::intake as store;
use crate::wire::PersonState;

/// A person who is here, or in the archive.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Entry {
    pub id: ProfileId,
    pub kind: Kind,
    pub state: PersonState,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub sex: Sex,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// The hash of the ИИН.
    pub iin: Option<Vec<u8>>,
    pub address: Option<String>,
    pub position: Option<String>,
    pub version: i32,
    pub member_id: Option<Uuid>,
    pub class_id: Option<ClassId>,
    pub joined: Option<NaiveDate>,
    pub order_no: Option<String>,
    roles: String,
}

impl Entry {
    pub fn roles(&self) -> Roles {
        self.roles.split(',').filter_map(Role::of_name).collect()
    }
}

/// Everybody of a school, findable by name.
#[derive(Debug)]
pub struct Book {
    entries: Vec<Entry>,
    by_name: HashMap<String, Vec<usize>>,
    by_id: HashMap<ProfileId, usize>,
    by_iin: HashMap<Vec<u8>, usize>,
    children: HashMap<ProfileId, Vec<(ProfileId, Relation)>>,
    classes: HashMap<ClassId, ClassName>,
}

/// What people are found by: surname and given name, folded. A patronymic is often missing.
pub fn key(surname: &str, given_name: Option<&str>) -> String {
    let words = format!("{surname} {}", given_name.unwrap_or_default());
    folded(&words.split_whitespace().collect::<Vec<_>>().join(" "))
}

impl Book {
    /// Reads everybody of the school of the transaction.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn read(db: &impl ConnectionTrait) -> Result<Self> {
        let mut children: HashMap<ProfileId, Vec<(ProfileId, Relation)>> = HashMap::new();
        for link in store::links(db).await? {
            children.entry(link.guardian_id).or_default().push((link.student_id, link.relation));
        }
        Ok(Self::of(store::everybody(db).await?, children, class_names(db).await?))
    }

    fn of(
        entries: Vec<Entry>,
        children: HashMap<ProfileId, Vec<(ProfileId, Relation)>>,
        classes: HashMap<ClassId, ClassName>,
    ) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_name.entry(key(&entry.surname, Some(&entry.given_name))).or_default().push(at);
        }
        let by_id = entries.iter().enumerate().map(|(at, entry)| (entry.id, at)).collect();
        let by_iin = entries.iter().enumerate().filter_map(|(at, entry)| Some((entry.iin.clone()?, at))).collect();
        Self { entries, by_name, by_id, by_iin, children, classes }
    }

    /// Those of a kind who are called so, in the school or in the archive.
    pub(super) fn called(&self, kind: Kind, state: PersonState, key: &str) -> impl Iterator<Item = &Entry> {
        let at = self.by_name.get(key).into_iter().flatten().filter_map(|at| self.entries.get(*at));
        at.filter(move |entry| entry.kind == kind && entry.state == state)
    }

    pub(super) fn entry(&self, id: ProfileId) -> Option<&Entry> {
        self.by_id.get(&id).and_then(|at| self.entries.get(*at))
    }

    /// Whose ИИН a number is, in the school or in the archive.
    pub(super) fn holder(&self, number: &Number) -> Option<&Entry> {
        self.by_iin.get(&number.hash).and_then(|at| self.entries.get(*at))
    }

    pub(super) fn children_of(&self, guardian: ProfileId) -> &[(ProfileId, Relation)] {
        self.children.get(&guardian).map_or(&[], Vec::as_slice)
    }

    pub(super) fn class_name(&self, class: Option<ClassId>) -> Option<String> {
        class.and_then(|id| self.classes.get(&id)).map(ClassName::name)
    }

    /// The students who are called so and, if a class is said, are in it: how a guardian's row names a child
    /// who is here already.
    #[must_use]
    pub fn students_called(&self, full_name: &str, class: Option<ClassId>) -> Vec<ProfileId> {
        let mut words = full_name.split_whitespace();
        let (surname, given_name) = (words.next().unwrap_or_default(), words.next());
        let patronymic = folded(&words.collect::<Vec<_>>().join(" "));
        self.called(Kind::Student, PersonState::Active, &key(surname, given_name))
            .filter(|entry| class.is_none() || entry.class_id == class)
            .filter(|entry| {
                let own = entry.patronymic.as_deref().map(folded).unwrap_or_default();
                own.is_empty() || patronymic.is_empty() || own == patronymic
            })
            .map(|entry| entry.id)
            .collect()
    }
}
