//! Shapes of passkeys. What a browser is asked and what it answers are the JSON of Web Authentication, level 3
//! (`parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON`, `toJSON`), handed through as it is.

use chrono::{DateTime, Utc};
use kd_kernel::PasskeyId;
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a passkey lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum PasskeyKind {
    /// A phone or a tablet.
    Phone,
    /// A computer.
    Computer,
    /// A security key.
    Key,
    /// Something else, such as a password manager.
    Other,
}

impl PasskeyKind {
    /// Its name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Computer => "computer",
            Self::Key => "key",
            Self::Other => "other",
        }
    }

    pub(crate) fn of_name(name: &str) -> Self {
        [Self::Phone, Self::Computer, Self::Key].into_iter().find(|kind| kind.name() == name).unwrap_or(Self::Other)
    }
}

/// A passkey of the own account.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct OwnPasskey {
    /// The passkey.
    pub id: PasskeyId,
    /// What it lies in, as its owner has said.
    pub kind: PasskeyKind,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was used last.
    pub used_at: Option<DateTime<Utc>>,
}

/// What the browser asks a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct PasskeyChallenge {
    /// The options, in the standard's JSON; good once, for five minutes.
    pub options: Value,
}

/// A new passkey.
#[derive(Clone, Object, Deserialize)]
pub struct PasskeyNew {
    /// What it lies in.
    pub kind: PasskeyKind,
    /// What it answered, in the standard's JSON.
    pub answer: Value,
}

/// A passkey that goes.
#[derive(Clone, Object, Deserialize)]
pub struct PasskeyRemove {
    /// The passkey.
    pub id: PasskeyId,
    /// The password; where no second factor is left it must be good enough without one.
    pub password: String,
}

/// Signing in goes on with a passkey.
#[derive(Clone, Object, Deserialize)]
pub struct PasskeyAsk {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}
