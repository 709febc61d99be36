//! Shapes on the wire.

use chrono::NaiveDate;
use kd_journal::rules::Absence;
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A point of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum SetupKey {
    /// The academic year with its periods.
    Year,
    /// Bells.
    Bells,
    /// Subjects.
    Subjects,
    /// Classes.
    Classes,
    /// Staff besides the first administrator.
    Staff,
    /// Students.
    Students,
    /// Guardians.
    Guardians,
    /// Initial credentials.
    Credentials,
}

/// How a point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum SetupState {
    /// Nothing is there yet.
    Todo,
    /// Something is there.
    Done,
    /// Put off by the administrator.
    Postponed,
}

/// The checklist.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Setup {
    /// Points, in the order in which they are best done.
    pub items: Vec<SetupItem>,
}

/// A point of the checklist.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct SetupItem {
    /// Which.
    pub key: SetupKey,
    /// How it stands.
    pub state: SetupState,
    /// How many there are.
    pub count: i64,
}

/// A point to put off, or to take up again.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct SetupPostpone {
    /// Which.
    pub key: SetupKey,
    /// Whether it is put off.
    pub postponed: bool,
}

/// A teacher's day.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct TeacherDay {
    /// The day.
    pub date: NaiveDate,
    /// The lesson that runs at this moment.
    pub now_lesson_id: Option<Uuid>,
    /// Lessons in order.
    pub lessons: Vec<TeacherLesson>,
    /// The classes that the teacher leads.
    pub homeroom: Vec<Homeroom>,
}

/// A lesson of a teacher.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct TeacherLesson {
    /// The lesson.
    pub lesson_id: Uuid,
    /// Number.
    pub number: i32,
    /// `08:00`.
    pub begins: String,
    /// `08:45`.
    pub ends: String,
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
    /// Whether the roll was taken.
    pub roll_taken: bool,
    /// Topic.
    pub topic: Option<String>,
}

/// A class that the teacher leads, on the day.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Homeroom {
    /// The class.
    pub class_id: Uuid,
    /// `7Ә`.
    pub class_name: String,
    /// How many students it has.
    pub students: i64,
    /// Who is missing today.
    pub absent: Vec<Absent>,
}

/// Somebody who is missing.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Absent {
    /// The student.
    pub student_id: Uuid,
    /// Surname first.
    pub full_name: String,
    /// Why.
    pub code: Absence,
}

/// A family's page: one student.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct FamilyDay {
    /// The student.
    pub student_id: Uuid,
    /// Surname first.
    pub full_name: String,
    /// `7Ә`.
    pub class_name: Option<String>,
    /// The day asked for.
    pub today: DayOfLessons,
    /// The next day with lessons.
    pub tomorrow: Option<DayOfLessons>,
    /// Marks of the current period by subject.
    pub subjects: Vec<SubjectMarks>,
}

/// A day with its lessons.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct DayOfLessons {
    /// The day.
    pub date: NaiveDate,
    /// Lessons in order.
    pub lessons: Vec<FamilyLesson>,
}

/// A lesson as a family sees it.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct FamilyLesson {
    /// The lesson.
    pub lesson_id: Uuid,
    /// Number.
    pub number: i32,
    /// `08:00`.
    pub begins: String,
    /// `08:45`.
    pub ends: String,
    /// The subject in Kazakh.
    pub subject_kk: String,
    /// The subject in Russian.
    pub subject_ru: String,
    /// Topic.
    pub topic: Option<String>,
    /// Homework.
    pub homework: Option<String>,
    /// The student's own marks.
    pub marks: Vec<FamilyMark>,
    /// The student's own attendance; missing means present.
    pub attendance: Option<Absence>,
}

/// A mark as a family sees it.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct FamilyMark {
    /// The day of the lesson.
    pub date: NaiveDate,
    /// fo, sor or soch.
    pub kind: String,
    /// Points.
    pub value: i32,
    /// Points that could be reached.
    pub max: i32,
    /// The teacher's comment.
    pub comment: Option<String>,
}

/// A subject's marks in the current period.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct SubjectMarks {
    /// The subject.
    pub subject_id: Uuid,
    /// Its name in Kazakh.
    pub subject_kk: String,
    /// Its name in Russian.
    pub subject_ru: String,
    /// Running percent with one decimal, such as `77.6`.
    pub percent: Option<String>,
    /// Running grade.
    pub grade: Option<i32>,
    /// Marks, oldest first.
    pub marks: Vec<FamilyMark>,
}
