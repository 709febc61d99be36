//! Which subjects a member of staff teaches, whatever the load of the year is: the card says it, the load is given
//! by it, and a school brings it in with its list of staff.

use std::collections::{BTreeMap, BTreeSet};

use kd_ctx::{Permit, Plain, Turn};
use kd_kernel::names::folded;
use kd_kernel::problem::Faults;
use kd_kernel::{Act, Problem, ProfileId, Result, SubjectId};
use kd_store::{SchoolTx, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Value, json};

use crate::store::{self, SubjectRow};
use crate::wire::{TeacherSubjects, TeacherSubjectsPut};

/// Who teaches which subjects.
pub type Taught = BTreeMap<ProfileId, BTreeSet<SubjectId>>;

#[derive(FromQueryResult)]
struct Row {
    teacher_id: ProfileId,
    subject_id: SubjectId,
}

/// Who of the school teaches which subjects.
///
/// # Errors
/// As the database's.
pub async fn taught(db: &impl ConnectionTrait) -> Result<Taught> {
    let rows: Vec<Row> = sql::all(db, "SELECT teacher_id, subject_id FROM teacher_subject", []).await?;
    let mut taught = Taught::new();
    for row in rows {
        taught.entry(row.teacher_id).or_default().insert(row.subject_id);
    }
    Ok(taught)
}

/// Adds what people teach; what is there stays.
///
/// # Errors
/// As the database's.
pub async fn teach(db: &SchoolTx, more: &[(ProfileId, SubjectId)]) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO teacher_subject (teacher_id, subject_id) SELECT r.teacher, r.subject \
         FROM jsonb_to_recordset($1) AS r (teacher uuid, subject uuid) ON CONFLICT DO NOTHING",
        [rows(more).into()],
    )
    .await?;
    Ok(())
}

/// Takes back what [`teach`] added.
///
/// # Errors
/// As the database's.
pub async fn unteach(db: &SchoolTx, less: &[(ProfileId, SubjectId)]) -> Result<()> {
    sql::run(
        db,
        "DELETE FROM teacher_subject t USING jsonb_to_recordset($1) AS r (teacher uuid, subject uuid) \
         WHERE t.teacher_id = r.teacher AND t.subject_id = r.subject",
        [rows(less).into()],
    )
    .await?;
    Ok(())
}

fn rows(pairs: &[(ProfileId, SubjectId)]) -> Value {
    pairs.iter().map(|(teacher, subject)| json!({ "teacher": teacher, "subject": subject })).collect()
}

/// Finds subjects by the names that people write: in Kazakh or in Russian, folded, with or without the word for
/// subject.
#[derive(Debug, Clone, Default)]
pub struct SubjectNames(BTreeMap<String, SubjectId>);

impl SubjectNames {
    /// Of the school's subjects that are taught.
    #[must_use]
    pub fn of(subjects: &[SubjectRow]) -> Self {
        let names = |subject: &SubjectRow| {
            let [kk, ru] = [folded(&subject.name_kk), folded(&subject.name_ru)];
            let short = kk.strip_suffix(&format!(" {}", folded("пәні"))).map(str::to_owned);
            [Some(kk), short, Some(ru)].into_iter().flatten().map(|name| (name, subject.id)).collect::<Vec<_>>()
        };
        // Where two are called the same, the first of them is meant.
        let taught = subjects.iter().rev().filter(|subject| subject.active);
        Self(taught.flat_map(names).collect())
    }

    /// The subject of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<SubjectId> {
        self.0.get(&folded(&name.split_whitespace().collect::<Vec<_>>().join(" "))).copied()
    }
}

pub(crate) async fn list(turn: &Turn) -> Result<Vec<TeacherSubjects>> {
    turn.allow(Act::ClassSee)?;
    Ok(taught(turn.db()).await?.into_iter().map(shown).collect())
}

fn shown((teacher, subjects): (ProfileId, BTreeSet<SubjectId>)) -> TeacherSubjects {
    TeacherSubjects { teacher_id: teacher.0, subject_ids: subjects.into_iter().map(|id| id.0).collect() }
}

pub(crate) async fn put(turn: &Turn, teacher: ProfileId, put: TeacherSubjectsPut) -> Result<TeacherSubjects> {
    let permit = turn.allow(Act::ClassEdit)?;
    let db = turn.db();
    if !kd_people::is_staff(db, teacher).await? {
        return Err(Problem::not_found());
    }
    let known: BTreeSet<SubjectId> = store::subjects(db).await?.into_iter().map(|subject| subject.id).collect();
    let set = |ids: &[uuid::Uuid]| ids.iter().map(|id| SubjectId(*id)).collect::<BTreeSet<_>>();
    let (before, after) = (set(&put.before), set(&put.subject_ids));
    let mut faults = Faults::default();
    faults.require(after.is_subset(&known), "subject_ids", "unknown");
    faults.check()?;
    if held(turn, &permit, teacher).await? != before {
        return Err(Problem::conflict("classes.taught-changed"));
    }
    let pairs = |ids: &mut dyn Iterator<Item = &SubjectId>| ids.map(|id| (teacher, *id)).collect::<Vec<_>>();
    unteach(db, &pairs(&mut before.difference(&after))).await?;
    teach(db, &pairs(&mut after.difference(&before))).await?;
    turn.about(teacher.0, json!({ "subjects": after.len() }));
    Ok(shown((teacher, after)))
}

/// What a member of staff teaches; nobody else changes it until the end of the transaction.
async fn held(turn: &Turn, _permit: &Permit<Plain>, teacher: ProfileId) -> Result<BTreeSet<SubjectId>> {
    sql::run(turn.db(), "SELECT FROM profile WHERE id = $1 FOR NO KEY UPDATE", [teacher.into()]).await?;
    let of = "SELECT teacher_id, subject_id FROM teacher_subject WHERE teacher_id = $1";
    let rows: Vec<Row> = sql::all(turn.db(), of, [teacher.into()]).await?;
    Ok(rows.into_iter().map(|row| row.subject_id).collect())
}
