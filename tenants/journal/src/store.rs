//! The room's SQL: a question per table, however many students and lessons there are.

use chrono::{DateTime, NaiveDate, Utc};
use kd_ctx::{Permit, Thing, Turn};
use kd_kernel::{LessonId, ProfileId, Relation, Relations, Result, SubjectId};
use kd_store::sql;
use kd_timetable::LessonRow;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// A lesson of the journal, and how the person who acts stands to it.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub lesson: LessonRow,
    pub grade: i32,
    pub taught: bool,
    pub homeroom: bool,
}

impl Thing for Sheet {
    fn relations(&self) -> Relations {
        Relations::none().and(Relation::Taught, self.taught).and(Relation::Homeroom, self.homeroom)
    }
}

/// One mark with where it belongs.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MarkRow {
    /// The lesson.
    pub lesson_id: LessonId,
    /// The student.
    pub student_id: ProfileId,
    /// The subject.
    pub subject_id: SubjectId,
    /// The day.
    pub held_on: NaiveDate,
    /// fo, sor or soch.
    pub kind: String,
    /// Points that could be reached.
    pub max: i32,
    /// Points.
    pub value: Option<i32>,
    /// Comment.
    pub comment: Option<String>,
    /// Version.
    pub version: i32,
}

/// What stands in a cell.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Cell {
    pub text: String,
    pub version: i32,
    pub set_by: ProfileId,
    pub set_at: DateTime<Utc>,
}

/// A row of attendance.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct AttendanceRow {
    pub lesson_id: LessonId,
    pub student_id: ProfileId,
    pub code: String,
    pub version: i32,
}

/// A row of the history.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct HistoryRow {
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub comment: Option<String>,
    pub version: i32,
    pub set_by: ProfileId,
    pub set_at: DateTime<Utc>,
}

pub(crate) async fn marks_of_lessons(db: &impl ConnectionTrait, lessons: &[LessonId]) -> Result<Vec<MarkRow>> {
    sql::all(
        db,
        "SELECT w.lesson_id, m.student_id, l.subject_id, l.held_on, w.kind, w.max, m.value, m.comment, m.version \
         FROM work w JOIN mark m ON m.work_id = w.id JOIN lesson l ON l.id = w.lesson_id WHERE w.lesson_id = ANY($1)",
        [sql::array(lessons.iter().copied())],
    )
    .await
}

/// The marks of a student between two days, oldest first.
///
/// # Errors
/// As the database's.
pub async fn marks_of_student(
    db: &impl ConnectionTrait,
    student: ProfileId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<MarkRow>> {
    sql::all(
        db,
        "SELECT w.lesson_id, m.student_id, l.subject_id, l.held_on, w.kind, w.max, m.value, m.comment, m.version \
         FROM mark m JOIN work w ON w.id = m.work_id JOIN lesson l ON l.id = w.lesson_id \
         WHERE m.student_id = $1 AND l.held_on BETWEEN $2 AND $3 ORDER BY l.held_on, l.number",
        [student.into(), from.into(), to.into()],
    )
    .await
}

pub(crate) async fn attendance_of_lessons(
    db: &impl ConnectionTrait,
    lessons: &[LessonId],
) -> Result<Vec<AttendanceRow>> {
    sql::all(
        db,
        "SELECT lesson_id, student_id, code, version FROM attendance WHERE lesson_id = ANY($1)",
        [sql::array(lessons.iter().copied())],
    )
    .await
}

/// A cell that was emptied again: nothing stands in it but its version.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct ClearedRow {
    pub lesson_id: LessonId,
    pub student_id: ProfileId,
    pub what: String,
    pub version: i32,
}

/// The cells of lessons that were filled once and are empty now; the next edit of one starts from its version.
pub(crate) async fn cleared_of_lessons(db: &impl ConnectionTrait, lessons: &[LessonId]) -> Result<Vec<ClearedRow>> {
    sql::all(
        db,
        "SELECT h.lesson_id, h.student_id, h.what, h.version FROM cell_history h \
         WHERE h.lesson_id = ANY($1) AND h.after IS NULL AND NOT EXISTS (SELECT FROM cell_history n \
         WHERE n.lesson_id = h.lesson_id AND n.student_id = h.student_id AND n.what = h.what AND n.version > h.version)",
        [sql::array(lessons.iter().copied())],
    )
    .await
}

/// Who differs from present in lessons: lesson, student and code.
///
/// # Errors
/// As the database's.
pub async fn absences_on(
    db: &impl ConnectionTrait,
    lessons: &[LessonId],
) -> Result<Vec<(LessonId, ProfileId, String)>> {
    Ok(attendance_of_lessons(db, lessons).await?.into_iter().map(|r| (r.lesson_id, r.student_id, r.code)).collect())
}

/// The lessons whose roll was taken.
///
/// # Errors
/// As the database's.
pub async fn rolls_taken(db: &impl ConnectionTrait, lessons: &[LessonId]) -> Result<Vec<LessonId>> {
    #[derive(FromQueryResult)]
    struct Row {
        lesson_id: LessonId,
    }
    let rows: Vec<Row> =
        sql::all(db, "SELECT lesson_id FROM roll WHERE lesson_id = ANY($1)", [sql::array(lessons.iter().copied())])
            .await?;
    Ok(rows.into_iter().map(|r| r.lesson_id).collect())
}

/// The formative work of a lesson, made on the first mark; its row is locked, so that writers of one cell
/// follow each other.
pub(crate) async fn formative(turn: &Turn, sheet: &Permit<Sheet>) -> Result<Uuid> {
    sql::run(
        turn.db(),
        "INSERT INTO work (id, lesson_id, kind, max, position, created_at) VALUES ($1, $2, 'fo', 10, 1, $3) \
         ON CONFLICT (lesson_id, kind, position) DO NOTHING",
        [turn.id::<Uuid>().into(), sheet.lesson.id.into(), turn.now().into()],
    )
    .await?;
    sql::scalar(
        turn.db(),
        "SELECT id FROM work WHERE lesson_id = $1 AND kind = 'fo' AND position = 1",
        [sheet.lesson.id.into()],
    )
    .await
}

pub(crate) async fn mark_cell(turn: &Turn, work: Uuid, student: ProfileId) -> Result<Option<Cell>> {
    sql::one(
        turn.db(),
        "SELECT value::text AS text, version, set_by, set_at FROM mark WHERE work_id = $1 AND student_id = $2 FOR UPDATE",
        [work.into(), student.into()],
    )
    .await
}

pub(crate) async fn attendance_cell(turn: &Turn, lesson: LessonId, student: ProfileId) -> Result<Option<Cell>> {
    sql::one(
        turn.db(),
        "SELECT code AS text, version, set_by, set_at FROM attendance WHERE lesson_id = $1 AND student_id = $2 FOR UPDATE",
        [lesson.into(), student.into()],
    )
    .await
}

/// The newest version that a cell ever had, for going on after it was cleared.
pub(crate) async fn newest(
    turn: &Turn,
    lesson: LessonId,
    student: ProfileId,
    what: &'static str,
) -> Result<Option<Cell>> {
    sql::one(
        turn.db(),
        "SELECT coalesce(after, '') AS text, version, set_by, set_at FROM cell_history \
         WHERE lesson_id = $1 AND student_id = $2 AND what = $3 ORDER BY version DESC LIMIT 1",
        [lesson.into(), student.into(), what.into()],
    )
    .await
}

/// What a write puts into a cell.
#[derive(Debug)]
pub(crate) struct Filling {
    pub student: ProfileId,
    pub value: Option<i32>,
    pub code: Option<&'static str>,
    pub comment: Option<String>,
    pub version: i32,
}

pub(crate) async fn put_mark(turn: &Turn, _permit: &Permit<Sheet>, work: Uuid, filling: &Filling) -> Result<()> {
    let Some(value) = filling.value else {
        sql::run(
            turn.db(),
            "DELETE FROM mark WHERE work_id = $1 AND student_id = $2",
            [work.into(), filling.student.into()],
        )
        .await?;
        return Ok(());
    };
    sql::run(
        turn.db(),
        "INSERT INTO mark (id, work_id, student_id, value, comment, version, set_by, set_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (work_id, student_id) DO UPDATE SET value = EXCLUDED.value, \
         comment = EXCLUDED.comment, version = EXCLUDED.version, set_by = EXCLUDED.set_by, set_at = EXCLUDED.set_at",
        [
            turn.id::<Uuid>().into(),
            work.into(),
            filling.student.into(),
            value.into(),
            filling.comment.clone().into(),
            filling.version.into(),
            turn.who().profile.into(),
            turn.now().into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn put_attendance(turn: &Turn, sheet: &Permit<Sheet>, filling: &Filling) -> Result<()> {
    let Some(code) = filling.code else {
        sql::run(
            turn.db(),
            "DELETE FROM attendance WHERE lesson_id = $1 AND student_id = $2",
            [sheet.lesson.id.into(), filling.student.into()],
        )
        .await?;
        return Ok(());
    };
    sql::run(
        turn.db(),
        "INSERT INTO attendance (id, lesson_id, student_id, code, version, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (lesson_id, student_id) DO UPDATE SET code = EXCLUDED.code, version = EXCLUDED.version, \
         set_by = EXCLUDED.set_by, set_at = EXCLUDED.set_at",
        [
            turn.id::<Uuid>().into(),
            sheet.lesson.id.into(),
            filling.student.into(),
            code.into(),
            filling.version.into(),
            turn.who().profile.into(),
            turn.now().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Appends to the history. The version is unique per cell: of two writers that start from the same one,
/// one gets a conflict.
pub(crate) async fn remember(
    turn: &Turn,
    sheet: &Permit<Sheet>,
    what: &'static str,
    (before, filling): (Option<String>, &Filling),
) -> Result<u64> {
    let after = filling.value.map(|v| v.to_string()).or_else(|| filling.code.map(str::to_owned));
    Ok(sql::run(
        turn.db(),
        "INSERT INTO cell_history (id, lesson_id, student_id, what, before, after, comment, version, set_by, set_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (lesson_id, student_id, what, version) DO NOTHING",
        [
            turn.id::<Uuid>().into(),
            sheet.lesson.id.into(),
            filling.student.into(),
            what.into(),
            before.into(),
            after.into(),
            filling.comment.clone().into(),
            filling.version.into(),
            turn.who().profile.into(),
            turn.now().into(),
        ],
    )
    .await?)
}

pub(crate) async fn take_roll(turn: &Turn, sheet: &Permit<Sheet>) -> Result<DateTime<Utc>> {
    sql::run(
        turn.db(),
        "INSERT INTO roll (lesson_id, taken_by, taken_at) VALUES ($1, $2, $3) ON CONFLICT (lesson_id) DO NOTHING",
        [sheet.lesson.id.into(), turn.who().profile.into(), turn.now().into()],
    )
    .await?;
    sql::scalar(turn.db(), "SELECT taken_at FROM roll WHERE lesson_id = $1", [sheet.lesson.id.into()]).await
}

pub(crate) async fn history(turn: &Turn, sheet: &Permit<Sheet>, student: ProfileId) -> Result<Vec<HistoryRow>> {
    sql::all(
        turn.db(),
        "SELECT what, before, after, comment, version, set_by, set_at FROM cell_history \
         WHERE lesson_id = $1 AND student_id = $2 ORDER BY set_at DESC, version DESC",
        [sheet.lesson.id.into(), student.into()],
    )
    .await
}
