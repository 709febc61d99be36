//! Shapes on the wire.

pub mod own;
pub mod passkeys;
pub mod restrictions;

use chrono::NaiveDate;
use kd_kernel::{Role, Tongue};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};

/// A school of the person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct SchoolSeat {
    /// The school's address.
    pub slug: String,
    /// Its name in Kazakh.
    pub name_kk: String,
    /// Its name in Russian.
    pub name_ru: String,
    /// The roles held there.
    pub roles: Vec<Role>,
}

/// Signing in: one set of fields for activation, initial and own logins.
#[derive(Clone, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct SignInNew {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// The code of the second factor.
    pub code: Option<String>,
    /// What a passkey answered, in the place of a code.
    pub passkey: Option<serde_json::Value>,
}

/// Where it goes on after signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Next {
    /// To the school.
    Portal,
    /// To registering.
    Register,
    /// To activating the school's service.
    Activate,
    /// To signing in, with the second factor.
    SignIn,
}

/// Somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct SignedIn {
    /// Where it goes on.
    pub next: Next,
    /// The schools that are open to the person.
    pub schools: Vec<SchoolSeat>,
}

/// What kind of session the browser has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum SessionKind {
    /// None.
    None,
    /// A school is being activated.
    Activate,
    /// A registration is under way.
    Register,
    /// An ordinary user.
    Portal,
}

/// The browser's session.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct SessionState {
    /// Its kind.
    pub kind: SessionKind,
    /// The login of the account, or of the temporary credential.
    pub login: Option<String>,
    /// The schools that are open to the person.
    pub schools: Vec<SchoolSeat>,
}

/// What a registration is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum RegistrationKind {
    /// The first administrator of a school that has applied.
    Activation,
    /// A person of a school.
    Initial,
    /// A new password for an account that is there: login and second factor stay.
    Reset,
}

/// What somebody who registers needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Registration {
    /// What for.
    pub kind: RegistrationKind,
    /// A login that is free at this moment; another may be chosen.
    pub proposed_login: String,
    /// Whether the second factor must be set up.
    pub second_factor_required: bool,
    /// The version of the user agreement to be accepted.
    pub terms_version: String,
    /// The least number of characters of a password without a second factor; 8 with one.
    pub min_password: u32,
    /// The school's name in Kazakh.
    pub school_name_kk: Option<String>,
    /// The school's name in Russian.
    pub school_name_ru: Option<String>,
    /// The person, surname first.
    pub full_name: Option<String>,
    /// The roles held in the school.
    pub roles: Vec<Role>,
}

/// A second factor that is being set up.
#[derive(Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct SecondFactor {
    /// The secret in base32.
    pub secret: String,
    /// The same as an address for the code app.
    pub otpauth_url: String,
    /// The same as a drawing.
    pub qr_svg: String,
}

/// A registration.
#[derive(Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct RegistrationNew {
    /// The login that is chosen.
    pub login: String,
    /// The password that is chosen.
    pub password: String,
    /// A code of the second factor, where one was set up.
    pub code: Option<String>,
    /// The version of the user agreement that was read and is accepted.
    pub terms_version: String,
    /// The language in which it was read.
    pub language: Tongue,
}

/// Registered.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Registered {
    /// Where it goes on.
    pub next: Next,
    /// The school.
    pub slug: Option<String>,
}

/// A profile is attached to the account that has this login.
#[derive(Clone, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct AttachmentNew {
    /// The own login.
    pub login: String,
    /// The own password.
    pub password: String,
    /// A code of the app, or a recovery code.
    pub code: Option<String>,
    /// What a passkey answered, in the place of a code.
    pub passkey: Option<serde_json::Value>,
}

/// The user agreement.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct TermsText {
    /// The version.
    pub version: String,
    /// When it was published.
    pub published_on: NaiveDate,
    /// The title.
    pub title: String,
    /// The clauses in order.
    pub clauses: Vec<TermsClause>,
}

/// A clause of the user agreement.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct TermsClause {
    /// Its number.
    pub number: String,
    /// Its text.
    pub text: String,
}

/// An operator signs in: everything at once.
#[derive(Clone, Object, Deserialize)]
pub struct OperatorSignIn {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// The code of the second factor.
    pub code: String,
}

/// An operator is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct OperatorSignedIn {
    /// The login.
    pub login: String,
}

/// The operator who is signed in, if one is.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct OperatorState {
    /// The login.
    pub login: Option<String>,
}
