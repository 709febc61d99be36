//! Shapes on the wire.

use chrono::NaiveDate;
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A lesson.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Lesson {
    /// Identity.
    pub id: Uuid,
    /// The class.
    pub class_id: Uuid,
    /// The subject.
    pub subject_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// The day.
    pub date: NaiveDate,
    /// Number of the lesson.
    pub number: i32,
    /// `08:00`.
    pub begins: String,
    /// `08:45`.
    pub ends: String,
    /// planned, held or cancelled.
    pub state: String,
    /// Topic.
    pub topic: Option<String>,
    /// Homework.
    pub homework: Option<String>,
    /// Version, for editing.
    pub version: i32,
}

/// A lesson to be made.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct LessonNew {
    /// The class.
    pub class_id: Uuid,
    /// The subject.
    pub subject_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// The day.
    pub date: NaiveDate,
    /// Number of the lesson; the bells give the times.
    pub number: i32,
}

/// Lessons on one weekday of many weeks.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct LessonSeries {
    /// The class.
    pub class_id: Uuid,
    /// The subject.
    pub subject_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// 1 Monday to 7 Sunday.
    pub weekday: u32,
    /// Number of the lesson.
    pub number: i32,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// What a series made.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct SeriesMade {
    /// How many lessons were made.
    pub added: i32,
    /// The days without one, and why.
    pub skipped: Vec<Skipped>,
}

/// A day without a lesson.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Skipped {
    /// The day.
    pub date: NaiveDate,
    /// Why, in the reader's language.
    pub reason: String,
}

/// What a teacher writes of a lesson.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct LessonEdit {
    /// The version that the edit started from.
    pub version: i32,
    /// Topic; empty clears it.
    pub topic: Option<String>,
    /// Homework; empty clears it.
    pub homework: Option<String>,
}
