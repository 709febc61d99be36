//! Shapes of the way of initial credentials: letters, who waits, each step, what is taken back, the words on
//! cards.

use chrono::{DateTime, Utc};
use kd_kernel::{ProfileId, SheetId};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use super::{Credential, Delivery, Kind, Sheet};

/// What the order of letters came to.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Letters {
    /// The batch of letters, to be watched like a sheet.
    pub sheet: Sheet,
    /// Those of the selection who have no address.
    pub without_address: u32,
}

/// Those of a class, or of none, who have not registered yet.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct WaitingRow {
    /// The person.
    pub id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// Staff, student or guardian.
    pub kind: Kind,
    /// Where the initial credential stands.
    pub credential: Credential,
    /// When it came to stand there; without a credential, when the person was entered.
    pub since: DateTime<Utc>,
    /// Whole days since then.
    pub days: u32,
    /// How the letter fares, where one was written.
    pub letter: Option<Delivery>,
    /// The address that letters go to.
    pub email: Option<String>,
}

/// The way of a person's initial credential.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CredentialHistory {
    /// Surname first.
    pub full_name: String,
    /// Where it stands.
    pub credential: Credential,
    /// Until when it is, or was, valid.
    pub expires_at: Option<DateTime<Utc>>,
    /// How the letter fares, where one was written.
    pub letter: Option<Delivery>,
    /// Every step, the newest first, at most a hundred.
    pub events: Vec<CredentialEvent>,
}

/// A step of an initial credential.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CredentialEvent {
    /// What it was before; missing for a new one.
    pub before: Option<Credential>,
    /// What it became.
    pub after: Credential,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; missing where time, or wrong tries, did.
    pub by: Option<String>,
    /// The sheet that it belongs to.
    pub sheet_id: Option<SheetId>,
}

/// Nothing more is said than what the path says.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CredentialVoid {}

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct Voided {
    /// 1 where a valid credential was there, else 0.
    pub voided: u32,
}

/// Nothing more is said than what the path says.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct SheetHandOver {}

/// The school's own words on every card.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Heading {
    /// In Kazakh, up to 300 characters.
    pub kk: Option<String>,
    /// In Russian, up to 300 characters.
    pub ru: Option<String>,
    /// To be sent back with an edit; 0 where nothing was ever written.
    pub version: i32,
}

/// The school's own words on every card, as they shall be.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct HeadingEdit {
    /// In Kazakh; missing means none.
    pub kk: Option<String>,
    /// In Russian; missing means none.
    pub ru: Option<String>,
    /// The version that the edit started from.
    pub version: i32,
}
