//! Shapes of the ИИН: the school's switch, and a number that is shown.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

/// Whether the school keeps ИИН, and on what ground.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct IinSetting {
    /// Whether it is on.
    pub on: bool,
    /// What was stated when it was turned on: where the school's consent text lists the ИИН.
    pub statement: Option<String>,
    /// Who turned it on.
    pub stated_by: Option<String>,
    /// When.
    pub stated_at: Option<DateTime<Utc>>,
    /// How many numbers are stored.
    pub stored: i64,
    /// To be sent back with a change; 0 where it was never turned on.
    pub version: i32,
}

/// Turns the keeping of ИИН on or off.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct IinSwitch {
    /// On or off.
    pub on: bool,
    /// To turn it on: where the consent that people of this school give lists the ИИН, 10 to 500 characters. It is
    /// recorded with who says it and when.
    pub statement: Option<String>,
    /// To turn it off while numbers are stored: true, for they are deleted.
    pub delete_stored: Option<bool>,
    /// The version that the change started from.
    pub version: i32,
}

/// A person's number.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct IinShown {
    /// Twelve digits.
    pub iin: String,
}
