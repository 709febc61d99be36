//! Shapes of the own account and of its recovery.

use chrono::{DateTime, Utc};
use kd_kernel::{Role, SessionId, Tongue};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use super::passkeys::OwnPasskey;

/// The own account.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct OwnAccount {
    /// The login.
    pub login: String,
    /// The language of letters.
    pub language: Tongue,
    /// The confirmed address, to which a recovery goes.
    pub email: Option<String>,
    /// Whether a code was sent to another address and waits to be typed.
    pub email_waits: bool,
    /// Whether there is a second factor: a code app, or a passkey.
    pub second_factor: bool,
    /// Whether there is a code app.
    pub code_app: bool,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<OwnPasskey>,
    /// Whether there must be one: whoever administers a school.
    pub second_factor_required: bool,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
    /// The least number of characters of a password.
    pub min_password: u32,
    /// Since when the password is the one it is.
    pub password_set_at: DateTime<Utc>,
    /// The living sessions, the one seen last first.
    pub sessions: Vec<OwnSession>,
}

/// A session of the own account.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct OwnSession {
    /// The session.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub this: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
}

/// It is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct Done {
    /// Always true.
    pub done: bool,
}

/// One of the own sessions is to end.
#[derive(Debug, Clone, Copy, Object, Serialize, Deserialize)]
pub struct SessionEnd {
    /// The session.
    pub id: SessionId,
}

/// The password is lost, or was seen by another.
#[derive(Clone, Object, Deserialize)]
pub struct Lost {
    /// The own login, typed once more.
    pub login: String,
}

/// Sessions that were ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct Ended {
    /// How many.
    pub ended: u32,
}

/// A proof of the own identity.
#[derive(Clone, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Proof {
    /// The password.
    pub password: String,
    /// A code of the app, or a recovery code; needed where there is a second factor, unless a passkey answers.
    pub code: Option<String>,
    /// What a passkey answered, in the place of a code.
    pub passkey: Option<serde_json::Value>,
}

/// A new password.
#[derive(Clone, Object, Deserialize)]
pub struct PasswordPut {
    /// The password until now.
    pub old: String,
    /// The password from now on.
    pub new: String,
}

/// Another login.
#[derive(Clone, Object, Serialize, Deserialize)]
pub struct LoginPut {
    /// The login from now on.
    pub login: String,
}

/// The language of letters.
#[derive(Debug, Clone, Copy, Object, Serialize, Deserialize)]
pub struct LanguagePut {
    /// The language.
    pub language: Tongue,
}

/// Another address.
#[derive(Clone, Object, Deserialize)]
pub struct EmailPut {
    /// The address.
    pub email: String,
}

/// The code of a letter.
#[derive(Clone, Object, Deserialize)]
pub struct EmailConfirm {
    /// The code.
    pub code: String,
}

/// A code that proves a second factor.
#[derive(Clone, Object, Deserialize)]
pub struct FactorConfirm {
    /// The code of the app.
    pub code: String,
}

/// What taking the code app away needs.
#[derive(Clone, Object, Deserialize)]
pub struct FactorRemove {
    /// The password; where no second factor is left it must be good enough without one.
    pub password: String,
}

/// Recovery codes, shown this once.
#[derive(Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// Ten codes; each is good once, in the place of a code of the app.
    pub codes: Vec<String>,
}

/// The paper of another school.
#[derive(Clone, Object, Deserialize)]
pub struct AttachmentLook {
    /// The initial login.
    pub login: String,
    /// The temporary password.
    pub temporary_password: String,
}

/// Whose profile it would attach.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct AttachmentOffer {
    /// The school's name in Kazakh.
    pub name_kk: String,
    /// Its name in Russian.
    pub name_ru: String,
    /// The person there, surname first.
    pub full_name: String,
    /// The roles held there.
    pub roles: Vec<Role>,
    /// Whether the own password is asked for, which must be good enough for the staff of a school.
    pub password_needed: bool,
}

/// The profile is attached.
#[derive(Clone, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct AttachmentAdd {
    /// The initial login.
    pub login: String,
    /// The temporary password.
    pub temporary_password: String,
    /// The own password, where it is asked for.
    pub password: Option<String>,
}

/// It is attached.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct Attachment {
    /// The address of its school.
    pub slug: String,
}

/// A recovery is asked for.
#[derive(Clone, Object, Deserialize)]
pub struct RecoveryAsk {
    /// The login.
    pub login: String,
}

/// A recovery is finished.
#[derive(Clone, Object, Deserialize)]
pub struct RecoveryFinish {
    /// The token of the letter's link.
    pub token: String,
    /// The password from now on.
    pub password: String,
}
