//! Shapes of leaving, coming back, and going to another class.

use chrono::NaiveDate;
use kd_kernel::ClassId;
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use super::{LeaveReason, Person, PersonLink};

/// A student's time in a class.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ClassTime {
    /// The class.
    pub class_id: ClassId,
    /// `7Ә`.
    pub class_name: String,
    /// The first day.
    pub joined: NaiveDate,
    /// The first day on which the student was no longer in the class.
    pub left_on: Option<NaiveDate>,
    /// The number of the order by which the student came into it.
    pub order_no: Option<String>,
}

/// When and why somebody left.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Departure {
    /// The first day on which the person no longer belonged to the school.
    pub left_on: NaiveDate,
    /// Why.
    pub reason: LeaveReason,
    /// The number of the order.
    pub order_no: Option<String>,
}

/// A person leaves. The membership of a class ends on the day, the profile goes to the archive, and the
/// seat in this school ends at once.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct PersonLeave {
    /// The version that the change started from.
    pub version: i32,
    /// The first day on which the person no longer belongs to the school; tomorrow at the latest.
    pub left_on: NaiveDate,
    /// Why.
    pub reason: LeaveReason,
    /// The number of the order, up to 50 characters.
    pub order_no: Option<String>,
}

/// Who has left.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct PersonLeft {
    /// The card as it now lies in the archive.
    pub person: Person,
    /// Guardians who have no child left here. They stay until somebody records that they leave too.
    pub guardians: Vec<PersonLink>,
}

/// A person comes back from the archive.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct PersonReturn {
    /// The version that the change started from.
    pub version: i32,
    /// The first day back: not before the day of leaving, and tomorrow at the latest.
    pub returned_on: NaiveDate,
    /// The class, of a student alone; missing means none yet.
    pub class_id: Option<ClassId>,
}

/// A student goes to another class. What was before the day stays with the class before.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct ClassMove {
    /// The version that the change started from.
    pub version: i32,
    /// The other class.
    pub class_id: ClassId,
    /// The first day there.
    pub enrolled_on: NaiveDate,
}
