//! Shapes on the wire.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A class.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Class {
    /// Identity.
    pub id: Uuid,
    /// Its academic year.
    pub year_id: Uuid,
    /// 0 to 12.
    pub grade: i32,
    /// One to three letters.
    pub letter: String,
    /// `7Ә`.
    pub name: String,
    /// Language of instruction: kk, ru or other.
    pub language: String,
    /// Shift, 1 to 3.
    pub shift: i32,
    /// The class teacher.
    pub homeroom_id: Option<Uuid>,
    /// The class teacher's name.
    pub homeroom_name: Option<String>,
    /// How many students it has.
    pub students: i64,
}

/// A class to be made in the current academic year.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ClassNew {
    /// 0 to 12.
    pub grade: i32,
    /// One to three letters.
    pub letter: String,
    /// kk, ru or other.
    pub language: String,
    /// Shift, 1 to 3.
    pub shift: i32,
    /// The class teacher.
    pub homeroom_id: Option<Uuid>,
}

/// A subject of the school.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Subject {
    /// Identity.
    pub id: Uuid,
    /// Stable code.
    pub code: String,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// Pass or fail instead of marks (Order 125, p. 16).
    pub pass_fail: bool,
    /// Whether it is taught.
    pub active: bool,
}

/// A subject to be added.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct SubjectNew {
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// Pass or fail instead of marks.
    pub pass_fail: bool,
}

/// Who teaches which subject to which class.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Load {
    /// Identity.
    pub id: Uuid,
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
    /// The teacher.
    pub teacher_id: Uuid,
    /// The teacher's name.
    pub teacher_name: String,
    /// Lessons a week, in tenths (half lessons exist).
    pub weekly_tenths: Option<i32>,
}

/// A load to be added.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct LoadNew {
    /// The class.
    pub class_id: Uuid,
    /// The subject.
    pub subject_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// Lessons a week, in tenths.
    pub weekly_tenths: Option<i32>,
}

/// What a member of staff teaches.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct TeacherSubjects {
    /// Who.
    pub teacher_id: Uuid,
    /// The subjects.
    pub subject_ids: Vec<Uuid>,
}

/// What a member of staff teaches from now on.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct TeacherSubjectsPut {
    /// The subjects that the change started from.
    pub before: Vec<Uuid>,
    /// The subjects, all of them.
    pub subject_ids: Vec<Uuid>,
}

/// A student of a class.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ClassStudent {
    /// The student.
    pub student_id: Uuid,
    /// Surname first.
    pub full_name: String,
}

/// A request that says nothing more.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Nothing {}
