//! What the site and the console show of agreements and schools.

use chrono::{DateTime, NaiveDate, Utc};
use kd_kernel::{AgreementId, SchoolId};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};

/// What the administrator confirms of the school before the agreement is drawn up.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct AgreementDraft {
    /// Full name in Kazakh, up to 300 characters.
    pub name_kk: String,
    /// Full name in Russian, up to 300 characters.
    pub name_ru: String,
    /// The director's full name.
    pub director: String,
    /// On which ground the director acts: the charter, or an order with its number.
    pub director_ground: String,
    /// Where the agreement is made.
    pub city: String,
    /// Legal address.
    pub legal_address: String,
    /// Postal address.
    pub postal_address: String,
    /// РНН, 12 digits, where the school still has one.
    pub rnn: Option<String>,
}

/// The school's signature.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct AgreementSignature {
    /// Which agreement.
    pub agreement_id: AgreementId,
    /// Which version of it was read.
    pub version: i32,
    /// Who signs for the school.
    pub signed_name: String,
    /// That it was read, and that the person may sign.
    pub accepted: bool,
}

/// How far an agreement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum AgreementState {
    /// It may still be drawn up anew.
    Draft,
    /// Both sides have signed.
    Signed,
    /// It was ended.
    Ended,
}

impl AgreementState {
    pub(crate) fn of_name(name: &str) -> Self {
        match name {
            "signed" => Self::Signed,
            "ended" => Self::Ended,
            _ => Self::Draft,
        }
    }
}

/// The agreement of a school.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Agreement {
    /// Its identity.
    pub id: AgreementId,
    /// `КД-2026/000012`.
    pub number: String,
    /// The agreement's date.
    pub date: NaiveDate,
    /// How far it is.
    pub state: AgreementState,
    /// When the school signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// Who signed for the school.
    pub signed_by: Option<String>,
    /// Which version of the papers this is; every drawing up and the signature make a new one.
    pub version: i32,
}

/// An agreement in a line.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct AgreementBrief {
    /// `КД-2026/000012`.
    pub number: String,
    /// The agreement's date.
    pub date: NaiveDate,
    /// How far it is.
    pub state: AgreementState,
}

/// The language of a paper: the Russian text binds, the Kazakh one is its translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "lowercase")]
#[oai(rename_all = "lowercase")]
pub enum PaperLanguage {
    /// Russian.
    Ru,
    /// Kazakh.
    Kk,
}

impl PaperLanguage {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ru, Self::Kk];

    /// The name in tables and file names.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::Kk => "kk",
        }
    }
}

/// A school in the registry's list.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct SchoolRow {
    /// The school.
    pub id: SchoolId,
    /// Its address in the path.
    pub slug: String,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// БСН/BIN.
    pub bin: String,
    /// Life-cycle state.
    pub state: String,
    /// The name of the cell where its data are.
    pub cell: String,
    /// When its address was claimed.
    pub created_at: DateTime<Utc>,
}

/// Something that happened to a school.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct SchoolEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What, as a stable word.
    pub kind: String,
    /// The login of the operator who did it.
    pub by: Option<String>,
    /// More, where there is more to say.
    pub note: Option<String>,
}
