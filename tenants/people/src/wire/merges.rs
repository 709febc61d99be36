//! Shapes of duplicates: pairs that may be one person, and two profiles made one.

use chrono::{DateTime, NaiveDate, Utc};
use kd_kernel::{MergeId, ProfileId};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};

/// How surely two profiles are one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Likeness {
    /// The same name and birth date.
    Same,
    /// The same birth date; the names have the same words in another order, or one has words more.
    Near,
    /// The names fit, a birth date is missing.
    Undated,
}

/// Pairs that may be one person, the surest first.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct DuplicatesFound {
    /// How many pairs there are in all.
    pub count: u32,
    /// At most a hundred of them.
    pub pairs: Vec<DuplicatePair>,
}

/// Two profiles that may be one person.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct DuplicatePair {
    /// How surely.
    pub likeness: Likeness,
    /// The one.
    pub one: DuplicateSide,
    /// The other.
    pub other: DuplicateSide,
}

/// One of a pair.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DuplicateSide {
    /// The person.
    pub id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// `7Ә`.
    pub class_name: Option<String>,
    /// Whether this profile has an account.
    pub registered: bool,
}

/// Two people who look alike and are not the same.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct NotSame {
    /// The one.
    pub one_id: ProfileId,
    /// The other.
    pub other_id: ProfileId,
    /// True takes back that it was said.
    pub take_back: Option<bool>,
}

/// What is remembered of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct NotSameSaid {
    /// Whether the two are told apart.
    pub remembered: bool,
}

/// A value that two profiles may differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum MergeField {
    /// Surname.
    Surname,
    /// Given name.
    GivenName,
    /// Patronymic.
    Patronymic,
    /// Birth date.
    BirthDate,
    /// Sex.
    Sex,
    /// Phone.
    Phone,
    /// E-mail.
    Email,
    /// Actual address, of staff.
    Address,
    /// Position, of staff.
    Position,
    /// The class in which a student is now, where both are in one.
    Class,
}

/// Another profile of the person of the path, to be given up: children, guardians, classes, roles, lessons
/// and marks go over, its initial credential is void, it goes to the archive.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct PersonMerge {
    /// The version of the profile that is kept.
    pub version: i32,
    /// The profile that is given up.
    pub dropped_id: ProfileId,
    /// The version of that one.
    pub dropped_version: i32,
    /// The values that are taken from the profile that is given up; all others stay.
    #[oai(validator(max_items = "20"))]
    pub take: Vec<MergeField>,
}

/// Takes a merge back.
#[derive(Debug, Clone, Copy, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct MergeUndo {
    /// The version of the profile that was kept, as it is now.
    pub version: i32,
}

/// A profile that was made one with this.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct MergedIn {
    /// The merge, for undoing it.
    pub id: MergeId,
    /// The profile that was given up.
    pub profile_id: ProfileId,
    /// Its name, surname first.
    pub full_name: String,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// Who did it.
    pub merged_by: Option<String>,
}
