//! What the site and the console exchange about applications.

use chrono::{DateTime, Utc};
use kd_kernel::{ApplicationId, Tongue};
use kd_provisioning::wire::Service;
use kd_schools::{Agreement, ApplicationState};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The language of instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "lowercase")]
#[oai(rename_all = "lowercase")]
pub enum Teaching {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// Classes of both.
    Mixed,
}

impl Teaching {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::Mixed => "mixed",
        }
    }
}

/// A school's application, as the site sends it.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ApplicationNew {
    /// Full name in Kazakh, up to 300 characters.
    pub name_kk: String,
    /// Full name in Russian, up to 300 characters.
    pub name_ru: String,
    /// БСН/BIN, 12 digits.
    pub bin: String,
    /// KATO, two digits.
    pub region: String,
    /// City, district, village.
    pub city: String,
    /// Legal address.
    pub legal_address: String,
    /// Postal address.
    pub postal_address: String,
    /// The director's full name.
    pub director: String,
    /// Who is responsible for introducing the system.
    pub contact_name: String,
    /// That person's position.
    pub contact_position: Option<String>,
    /// Where letters go.
    pub email: String,
    /// A phone number; of Kazakhstan where no country is given.
    pub phone: String,
    /// The language of instruction.
    pub language: Teaching,
    /// How many pupils, 1 to 10,000.
    pub pupils: i32,
    /// The language of letters.
    pub locale: Tongue,
}

/// That an application came in.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ApplicationReceived {
    /// `2026-000012`.
    pub number: String,
    /// When.
    pub received_at: DateTime<Utc>,
    /// Within how many days it is answered.
    pub answer_within_days: i32,
}

/// How far the administrator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "lowercase")]
#[oai(rename_all = "lowercase")]
pub enum ActivationStep {
    /// Register: own login and password.
    Account,
    /// Draw up, read and sign the agreement.
    Agreement,
    /// Activate the School service, and watch it being made.
    Service,
    /// The school is open.
    Open,
}

/// The application, as its administrator sees it.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ActivationApplication {
    /// `2026-000012`.
    pub number: String,
    /// Full name in Kazakh.
    pub name_kk: String,
    /// Full name in Russian.
    pub name_ru: String,
    /// БСН/BIN.
    pub bin: String,
    /// Legal address.
    pub legal_address: String,
    /// Postal address.
    pub postal_address: String,
    /// City, district, village.
    pub city: String,
    /// The director's full name.
    pub director: String,
    /// Where letters go.
    pub email: String,
    /// E.164.
    pub phone: String,
}

/// Where an activation stands.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Activation {
    /// What is to be done next.
    pub step: ActivationStep,
    /// The application.
    pub application: ActivationApplication,
    /// A free address to propose; the school's own once it is claimed.
    pub proposed_slug: String,
    /// The agreement, once drawn up.
    pub agreement: Option<Agreement>,
    /// The service, once activated.
    pub service: Option<Service>,
}

/// The address that the school gets, for good.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ServiceNew {
    /// 3-40 of a-z, 0-9 and hyphen, beginning with a letter.
    pub slug: String,
}

/// Where to go on.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ServiceEntrance {
    /// The school's address.
    pub slug: String,
}

/// An application in the operators' list.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ApplicationRow {
    /// Its identity.
    pub id: ApplicationId,
    /// `2026-000012`.
    pub number: String,
    /// Full name in Kazakh.
    pub name_kk: String,
    /// Full name in Russian.
    pub name_ru: String,
    /// БСН/BIN.
    pub bin: String,
    /// KATO, two digits.
    pub region: String,
    /// City, district, village.
    pub city: String,
    /// How many pupils.
    pub pupils: i32,
    /// Where it stands.
    pub state: ApplicationState,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Whole hours since it came.
    pub age_hours: i32,
    /// How many other applications have the same BIN.
    pub duplicates: i32,
}

/// Another application with the same BIN.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ApplicationDuplicate {
    /// `2026-000012`.
    pub number: String,
    /// Full name in Russian.
    pub name_ru: String,
    /// Where it stands.
    pub state: ApplicationState,
}

/// How the invitation stands.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Invitation {
    /// The activation login.
    pub login: String,
    /// `issued`, `used`, `void` or `expired`.
    pub state: String,
    /// Until when it is, or was, valid.
    pub expires_at: DateTime<Utc>,
    /// Wrong tries so far.
    pub tries: i32,
}

/// How a letter fares.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct LetterRow {
    /// The letter.
    pub id: Uuid,
    /// Subject line.
    pub subject: String,
    /// `queued`, `sent` or `dead`.
    pub state: String,
    /// Tries so far.
    pub attempts: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Something that happened to an application.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ApplicationEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What, as a stable word.
    pub kind: String,
    /// The login of the operator who did it.
    pub by: Option<String>,
    /// More, where there is more to say.
    pub note: Option<String>,
}

/// An application, whole, as operators see it.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ApplicationCard {
    /// Its identity.
    pub id: ApplicationId,
    /// `2026-000012`.
    pub number: String,
    /// Full name in Kazakh.
    pub name_kk: String,
    /// Full name in Russian.
    pub name_ru: String,
    /// БСН/BIN.
    pub bin: String,
    /// KATO, two digits.
    pub region: String,
    /// City, district, village.
    pub city: String,
    /// How many pupils.
    pub pupils: i32,
    /// Where it stands.
    pub state: ApplicationState,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Whole hours since it came.
    pub age_hours: i32,
    /// Legal address.
    pub legal_address: String,
    /// Postal address.
    pub postal_address: String,
    /// The director's full name.
    pub director: String,
    /// Who is responsible for introducing the system.
    pub contact_name: String,
    /// That person's position.
    pub contact_position: Option<String>,
    /// Where letters go.
    pub email: String,
    /// E.164.
    pub phone: String,
    /// The language of instruction: kk, ru or mixed.
    pub language: String,
    /// The language of letters: kk, ru or en.
    pub locale: String,
    /// When it was approved or rejected.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Other applications with the same BIN, newest first.
    pub duplicates: Vec<ApplicationDuplicate>,
    /// The newest invitation.
    pub invitation: Option<Invitation>,
    /// Letters about it, newest first.
    pub letters: Vec<LetterRow>,
    /// What happened, oldest first.
    pub events: Vec<ApplicationEvent>,
}

/// Which letter an operator wants to see before it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "lowercase")]
#[oai(rename_all = "lowercase")]
pub enum PreviewKind {
    /// The letter with the activation login.
    Approval,
    /// The letter with the reason.
    Rejection,
}

/// A letter to be shown before it is written.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct PreviewNew {
    /// Which letter.
    pub kind: PreviewKind,
    /// The reason of a rejection.
    pub reason: Option<String>,
}

/// A letter as it would read; logins and passwords are dots.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Preview {
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Why an application is rejected.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Rejection {
    /// For the letter, in the application's language; up to 2,000 characters, several lines allowed.
    pub reason: String,
}
