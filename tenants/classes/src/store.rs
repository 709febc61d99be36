//! The room's SQL, and the questions that rooms above ask of it.

use kd_ctx::{Permit, Plain, Turn};
use kd_kernel::{ClassId, Problem, ProfileId, Result, SubjectId, YearId};
use kd_store::{fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::wire::{LoadNew, SubjectNew};

/// A class.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ClassRow {
    /// Identity.
    pub id: ClassId,
    /// Its academic year.
    pub year_id: YearId,
    /// 0 to 12.
    pub grade: i32,
    /// Letters.
    pub letter: String,
    /// Language of instruction.
    pub language: String,
    /// Shift.
    pub shift: i32,
    /// The class teacher.
    pub homeroom_id: Option<ProfileId>,
}

impl ClassRow {
    /// `7Ә`.
    #[must_use]
    pub fn name(&self) -> String {
        crate::name_of(self.grade, &self.letter)
    }
}

/// A subject.
#[derive(Debug, Clone, FromQueryResult)]
pub struct SubjectRow {
    /// Identity.
    pub id: SubjectId,
    /// Stable code.
    pub code: String,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// Pass or fail instead of marks.
    pub pass_fail: bool,
    /// Whether it is taught.
    pub active: bool,
}

/// Who teaches what to whom.
#[derive(Debug, Clone, FromQueryResult)]
pub struct LoadRow {
    /// Identity.
    pub id: Uuid,
    /// The class.
    pub class_id: ClassId,
    /// Its grade.
    pub grade: i32,
    /// Its letters.
    pub letter: String,
    /// The subject.
    pub subject_id: SubjectId,
    /// Its name in Kazakh.
    pub subject_kk: String,
    /// Its name in Russian.
    pub subject_ru: String,
    /// The teacher.
    pub teacher_id: ProfileId,
    /// Lessons a week in tenths.
    pub weekly_tenths: Option<i32>,
}

/// A class.
///
/// # Errors
/// As the database's.
pub async fn class(db: &impl ConnectionTrait, id: ClassId) -> Result<Option<ClassRow>> {
    sql::one(
        db,
        "SELECT id, year_id, grade, letter, language, shift, homeroom_id FROM class WHERE id = $1",
        [id.into()],
    )
    .await
}

/// The classes of a year, by grade and letter.
///
/// # Errors
/// As the database's.
pub async fn classes(db: &impl ConnectionTrait, year: YearId) -> Result<Vec<ClassRow>> {
    let mut rows: Vec<ClassRow> = sql::all(
        db,
        "SELECT id, year_id, grade, letter, language, shift, homeroom_id FROM class WHERE year_id = $1 ORDER BY grade",
        [year.into()],
    )
    .await?;
    let order = kd_kernel::names::NameOrder::default();
    rows.sort_by(|a, b| a.grade.cmp(&b.grade).then_with(|| order.compare(&a.letter, &b.letter)));
    Ok(rows)
}

/// The classes that a person leads.
///
/// # Errors
/// As the database's.
pub async fn homeroom_of(db: &impl ConnectionTrait, person: ProfileId) -> Result<Vec<ClassRow>> {
    sql::all(
        db,
        "SELECT id, year_id, grade, letter, language, shift, homeroom_id FROM class WHERE homeroom_id = $1 ORDER BY grade",
        [person.into()],
    )
    .await
}

/// All subjects, by code.
///
/// # Errors
/// As the database's.
pub async fn subjects(db: &impl ConnectionTrait) -> Result<Vec<SubjectRow>> {
    sql::all(db, "SELECT id, code, name_kk, name_ru, pass_fail, active FROM subject ORDER BY id", []).await
}

/// A subject.
///
/// # Errors
/// As the database's.
pub async fn subject(db: &impl ConnectionTrait, id: SubjectId) -> Result<Option<SubjectRow>> {
    sql::one(db, "SELECT id, code, name_kk, name_ru, pass_fail, active FROM subject WHERE id = $1", [id.into()]).await
}

/// Whether a person teaches a subject to a class.
///
/// # Errors
/// As the database's.
pub async fn teaches(
    db: &impl ConnectionTrait,
    teacher: ProfileId,
    class: ClassId,
    subject: SubjectId,
) -> Result<bool> {
    sql::scalar(
        db,
        "SELECT EXISTS (SELECT FROM teaching_load WHERE teacher_id = $1 AND class_id = $2 AND subject_id = $3)",
        [teacher.into(), class.into(), subject.into()],
    )
    .await
}

/// Every load, by class and subject.
///
/// # Errors
/// As the database's.
pub async fn loads(db: &impl ConnectionTrait) -> Result<Vec<LoadRow>> {
    loads_where(db, None).await
}

/// The loads of a teacher.
///
/// # Errors
/// As the database's.
pub async fn loads_of(db: &impl ConnectionTrait, teacher: ProfileId) -> Result<Vec<LoadRow>> {
    loads_where(db, Some(teacher)).await
}

async fn loads_where(db: &impl ConnectionTrait, teacher: Option<ProfileId>) -> Result<Vec<LoadRow>> {
    sql::all(
        db,
        "SELECT l.id, l.class_id, c.grade, c.letter, l.subject_id, s.name_kk AS subject_kk, s.name_ru AS subject_ru, \
         l.teacher_id, l.weekly_tenths FROM teaching_load l JOIN class c ON c.id = l.class_id \
         JOIN subject s ON s.id = l.subject_id WHERE $1::uuid IS NULL OR l.teacher_id = $1 ORDER BY c.grade, c.letter, s.id",
        [teacher.into()],
    )
    .await
}

pub(crate) async fn add_class(turn: &Turn, _permit: &Permit<Plain>, row: &ClassRow) -> Result<()> {
    sql::run(
        turn.db(),
        "INSERT INTO class (id, year_id, grade, letter, language, shift, homeroom_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            row.id.into(),
            row.year_id.into(),
            row.grade.into(),
            row.letter.clone().into(),
            row.language.clone().into(),
            row.shift.into(),
            row.homeroom_id.into(),
        ],
    )
    .await
    .map_err(|e| fault::on_constraint(e, "class_name_key", || Problem::conflict("classes.exists")))?;
    Ok(())
}

pub(crate) async fn add_subject(
    turn: &Turn,
    _permit: &Permit<Plain>,
    code: &str,
    new: &SubjectNew,
) -> Result<SubjectId> {
    let id: SubjectId = turn.id();
    sql::run(
        turn.db(),
        "INSERT INTO subject (id, code, name_kk, name_ru, pass_fail) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code) DO NOTHING",
        [
            id.into(),
            code.into(),
            new.name_kk.clone().into(),
            new.name_ru.clone().into(),
            new.pass_fail.into(),
        ],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn add_load(turn: &Turn, _permit: &Permit<Plain>, new: &LoadNew) -> Result<Uuid> {
    let id: Uuid = turn.id();
    sql::run(
        turn.db(),
        "INSERT INTO teaching_load (id, class_id, subject_id, teacher_id, weekly_tenths) VALUES ($1, $2, $3, $4, $5)",
        [id.into(), new.class_id.into(), new.subject_id.into(), new.teacher_id.into(), new.weekly_tenths.into()],
    )
    .await
    .map_err(|e| fault::on_constraint(e, "teaching_load_key", || Problem::conflict("classes.load-exists")))?;
    Ok(id)
}
