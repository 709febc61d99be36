//! The room's SQL, and the questions that rooms above ask of it.

use chrono::{NaiveDate, NaiveTime};
use kd_ctx::{Permit, Plain, Thing, Turn};
use kd_kernel::{ClassId, LessonId, Problem, ProfileId, Relation, Relations, Result, SubjectId};
use kd_store::{fault, sql};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// A lesson.
#[derive(Debug, Clone, FromQueryResult)]
pub struct LessonRow {
    /// Identity.
    pub id: LessonId,
    /// The class.
    pub class_id: ClassId,
    /// The subject.
    pub subject_id: SubjectId,
    /// The teacher.
    pub teacher_id: ProfileId,
    /// The day.
    pub held_on: NaiveDate,
    /// Number of the lesson.
    pub number: i32,
    /// Begin.
    pub begins: NaiveTime,
    /// End.
    pub ends: NaiveTime,
    /// planned, held or cancelled.
    pub state: String,
    /// Topic.
    pub topic: Option<String>,
    /// Homework.
    pub homework: Option<String>,
    /// Version.
    pub version: i32,
}

/// A lesson, and how the person who acts stands to it.
#[derive(Debug)]
pub(crate) struct Held {
    pub lesson: LessonRow,
    pub taught: bool,
}

impl Thing for Held {
    fn relations(&self) -> Relations {
        Relations::none().and(Relation::Taught, self.taught)
    }
}

macro_rules! lesson_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, class_id, subject_id, teacher_id, held_on, number, begins, ends, state, topic, homework, version ",
            "FROM lesson ",
            $rest
        )
    };
}

/// A lesson.
///
/// # Errors
/// As the database's.
pub async fn lesson(db: &impl ConnectionTrait, id: LessonId) -> Result<Option<LessonRow>> {
    sql::one(db, lesson_sql!("WHERE id = $1"), [id.into()]).await
}

/// The lessons of a class in a subject, from one day to another, cancelled ones left out.
///
/// # Errors
/// As the database's.
pub async fn lessons_between(
    db: &impl ConnectionTrait,
    class: ClassId,
    subject: SubjectId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<LessonRow>> {
    sql::all(
        db,
        lesson_sql!(
            "WHERE class_id = $1 AND subject_id = $2 AND held_on BETWEEN $3 AND $4 AND state <> 'cancelled' \
             ORDER BY held_on, number"
        ),
        [class.into(), subject.into(), from.into(), to.into()],
    )
    .await
}

/// The lessons of a class on a day, cancelled ones left out.
///
/// # Errors
/// As the database's.
pub async fn lessons_of_class(db: &impl ConnectionTrait, class: ClassId, day: NaiveDate) -> Result<Vec<LessonRow>> {
    of_class(db, class, (day, day)).await
}

pub(crate) async fn of_class(
    db: &impl ConnectionTrait,
    class: ClassId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<LessonRow>> {
    sql::all(
        db,
        lesson_sql!(
            "WHERE class_id = $1 AND held_on BETWEEN $2 AND $3 AND state <> 'cancelled' ORDER BY held_on, number"
        ),
        [class.into(), from.into(), to.into()],
    )
    .await
}

/// The lessons of a teacher on a day, cancelled ones left out.
///
/// # Errors
/// As the database's.
pub async fn lessons_of_teacher(
    db: &impl ConnectionTrait,
    teacher: ProfileId,
    day: NaiveDate,
) -> Result<Vec<LessonRow>> {
    sql::all(
        db,
        lesson_sql!("WHERE teacher_id = $1 AND held_on = $2 AND state <> 'cancelled' ORDER BY begins, number"),
        [teacher.into(), day.into()],
    )
    .await
}

/// The next day after `day` on which a class has lessons.
///
/// # Errors
/// As the database's.
pub async fn next_day_with_lessons(
    db: &impl ConnectionTrait,
    class: ClassId,
    day: NaiveDate,
) -> Result<Option<NaiveDate>> {
    sql::scalar(
        db,
        "SELECT min(held_on) FROM lesson WHERE class_id = $1 AND held_on > $2 AND state <> 'cancelled'",
        [class.into(), day.into()],
    )
    .await
}

pub(crate) async fn add(turn: &Turn, _permit: &Permit<Plain>, row: &LessonRow) -> Result<()> {
    let taken: bool = sql::scalar(
        turn.db(),
        "SELECT EXISTS (SELECT FROM lesson WHERE held_on = $1 AND number = $2 AND state <> 'cancelled' \
         AND (class_id = $3 OR (teacher_id = $4 AND begins < $6 AND ends > $5)))",
        [
            row.held_on.into(),
            row.number.into(),
            row.class_id.into(),
            row.teacher_id.into(),
            row.begins.into(),
            row.ends.into(),
        ],
    )
    .await?;
    if taken {
        return Err(Problem::conflict("timetable.clash"));
    }
    sql::run(
        turn.db(),
        "INSERT INTO lesson (id, class_id, subject_id, teacher_id, held_on, number, begins, ends) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            row.id.into(),
            row.class_id.into(),
            row.subject_id.into(),
            row.teacher_id.into(),
            row.held_on.into(),
            row.number.into(),
            row.begins.into(),
            row.ends.into(),
        ],
    )
    .await
    .map_err(clash)?;
    Ok(())
}

fn clash(error: DbErr) -> Problem {
    match fault::constraint(&error) {
        Some("lesson_class_slot_key" | "lesson_teacher_slot_key") => Problem::conflict("timetable.clash"),
        _ => Problem::from(error),
    }
}

/// Writes topic and homework; false when another version stands there.
pub(crate) async fn write(
    turn: &Turn,
    held: &Permit<Held>,
    version: i32,
    (topic, homework): (Option<String>, Option<String>),
) -> Result<bool> {
    let rows = sql::run(
        turn.db(),
        "UPDATE lesson SET topic = $3, homework = $4, version = version + 1 WHERE id = $1 AND version = $2",
        [held.lesson.id.into(), version.into(), topic.into(), homework.into()],
    )
    .await?;
    Ok(rows == 1)
}
