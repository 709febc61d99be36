//! Shapes on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::rules::Absence;

/// A journal that may be opened.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Choice {
    /// The class.
    pub class_id: Uuid,
    /// `7Ә`.
    pub class_name: String,
    /// The subject.
    pub subject_id: Uuid,
    /// Its name in Kazakh.
    pub subject_kk: String,
    /// Its name in Russian.
    pub subject_ru: String,
    /// Whether the reader teaches it.
    pub mine: bool,
}

/// A reporting period.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct JournalPeriod {
    /// Identity.
    pub id: Uuid,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
}

/// The journal of a class in a subject and a period.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Journal {
    /// The class.
    pub class_id: Uuid,
    /// `7Ә`.
    pub class_name: String,
    /// The subject.
    pub subject_id: Uuid,
    /// Its name in Kazakh.
    pub subject_kk: String,
    /// Its name in Russian.
    pub subject_ru: String,
    /// The period shown.
    pub period: JournalPeriod,
    /// All periods of the class.
    pub periods: Vec<JournalPeriod>,
    /// Today, in the school's zone.
    pub today: NaiveDate,
    /// Whether the reader may set marks and attendance here.
    pub may_edit: bool,
    /// Why not, if not.
    pub lock: Option<Lock>,
    /// Whether there are marks at all (grade 1 has none).
    pub graded: bool,
    /// Students, by name.
    pub students: Vec<JournalStudent>,
    /// Lessons, in order.
    pub lessons: Vec<JournalLesson>,
    /// Marks; one without a value is a cell that was cleared, with the version that its next edit starts from.
    pub marks: Vec<Mark>,
    /// What differs from present; one without a code is a cell that was cleared.
    pub attendance: Vec<Attendance>,
}

/// Why something cannot be changed.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Lock {
    /// Stable code of the rule.
    pub code: String,
    /// The rule in the reader's language, and who can open it.
    pub title: String,
}

/// A student of the journal.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct JournalStudent {
    /// The student.
    pub id: Uuid,
    /// Surname first.
    pub full_name: String,
    /// Running percent with one decimal, such as `77.6`.
    pub percent: Option<String>,
    /// Running grade, 2 to 5.
    pub grade: Option<i32>,
}

/// A lesson of the journal.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct JournalLesson {
    /// The lesson.
    pub id: Uuid,
    /// The day.
    pub date: NaiveDate,
    /// Number.
    pub number: i32,
    /// `08:00`.
    pub begins: String,
    /// `08:45`.
    pub ends: String,
    /// Topic.
    pub topic: Option<String>,
    /// Homework.
    pub homework: Option<String>,
    /// Whether the roll was taken.
    pub roll_taken: bool,
    /// Version of topic and homework.
    pub version: i32,
    /// Why the lesson's cells cannot be changed.
    pub lock: Option<Lock>,
}

/// A mark.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Mark {
    /// The lesson.
    pub lesson_id: Uuid,
    /// The student.
    pub student_id: Uuid,
    /// Points; missing after clearing.
    pub value: Option<i32>,
    /// Points that could be reached.
    pub max: i32,
    /// The teacher's comment.
    pub comment: Option<String>,
    /// Version, for editing; 0 for a cell that was never filled.
    pub version: i32,
    /// The student's running percent after this, in answers to a write.
    pub percent: Option<String>,
    /// The student's running grade after this, in answers to a write.
    pub grade: Option<i32>,
}

/// A mark to be set or cleared.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct MarkPut {
    /// The lesson.
    pub lesson_id: Uuid,
    /// The student.
    pub student_id: Uuid,
    /// 1 to 10; missing clears the cell.
    pub value: Option<i32>,
    /// A comment that student and guardians read.
    pub comment: Option<String>,
    /// The version that the edit started from; 0 for an empty cell that was never filled.
    pub version: i32,
}

/// What differs from present.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Attendance {
    /// The lesson.
    pub lesson_id: Uuid,
    /// The student.
    pub student_id: Uuid,
    /// The code; missing means present.
    pub code: Option<Absence>,
    /// Version, for editing.
    pub version: i32,
}

/// Attendance to be set; present clears the cell.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct AttendancePut {
    /// The lesson.
    pub lesson_id: Uuid,
    /// The student.
    pub student_id: Uuid,
    /// The code; missing means present.
    pub code: Option<Absence>,
    /// The version that the edit started from; 0 for a cell that was never filled.
    pub version: i32,
}

/// Whose roll is taken.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct RollTake {
    /// The lesson.
    pub lesson_id: Uuid,
}

/// A roll that was taken.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Roll {
    /// The lesson.
    pub lesson_id: Uuid,
    /// When it was first taken.
    pub taken_at: DateTime<Utc>,
}

/// One change of a cell.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct CellChange {
    /// `mark` or `attendance`.
    pub what: String,
    /// What stood there.
    pub before: Option<String>,
    /// What stands there since.
    pub after: Option<String>,
    /// The comment that was written.
    pub comment: Option<String>,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The version that it made.
    pub version: i32,
}
