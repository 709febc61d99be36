//! Shapes of restrictions: whom the provider keeps out.

use chrono::{DateTime, Utc};
use kd_kernel::AccountId;
use poem_openapi::{Enum, Object};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why the provider keeps somebody out: the nature of the violation. A list, so that nobody writes anything
/// about a person outside of the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Enum, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
#[oai(rename_all = "lowercase")]
pub enum Nature {
    /// The rules of use are broken.
    Rules,
    /// The law is broken.
    Law,
    /// Others' rights are broken; a reasoned complaint is there.
    Rights,
    /// A program does what only people may (agreement, 6.6).
    Automation,
    /// The account is in a stranger's hands, or endangers others.
    Security,
}

/// A restriction.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Restriction {
    /// The restriction.
    pub id: Uuid,
    /// Why.
    pub nature: Nature,
    /// Since when.
    pub imposed_at: DateTime<Utc>,
    /// Until when; missing means until it is lifted.
    pub until: Option<DateTime<Utc>>,
}

/// A restriction to be imposed.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct RestrictionNew {
    /// Why.
    pub nature: Nature,
    /// For how many days, 1 to 365; missing means until it is lifted.
    pub days: Option<i32>,
}

/// A login that is looked for, whole.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct UserSearch {
    /// The login.
    pub login: String,
}

/// A user as the provider knows one: nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct User {
    /// The account.
    pub id: AccountId,
    /// The login.
    pub login: String,
    /// In how many schools the user is.
    pub schools: u32,
    /// The restriction, if there is one.
    pub restriction: Option<Restriction>,
}
