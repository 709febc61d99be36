//! Shapes of roles and rights, and of passwords that the school gives anew.

use kd_kernel::{ProfileId, Role};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use super::SheetLanguage;

/// Somebody of the staff, with the roles held.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct RoleHolder {
    /// The person.
    pub id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// Position.
    pub position: Option<String>,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Whether the person has an account.
    pub registered: bool,
    /// To be sent back with a change.
    pub version: i32,
}

/// The roles of a member of staff as they shall be.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct RolesPut {
    /// administrator, editor, class_teacher, teacher: at least one. The role of a guardian stays as it is.
    pub roles: Vec<Role>,
    /// The version that the change started from.
    pub version: i32,
}

/// What a role may do.
#[derive(Debug, Clone, Object)]
pub struct RoleRights {
    /// The role.
    pub role: Role,
    /// Acts in the order of the policy.
    pub rights: Vec<Right>,
}

/// An act, and in which relation to the thing it is allowed.
#[derive(Debug, Clone, Object)]
pub struct Right {
    /// `thing.verb`.
    pub act: String,
    /// any, or some of taught, homeroom, own, ward.
    pub relations: Vec<String>,
}

/// In which language the card of a reset is printed.
#[derive(Debug, Clone, Copy, Object, Serialize, Deserialize)]
pub struct ResetNew {
    /// The language.
    pub language: SheetLanguage,
}

/// It is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct ResetDone {
    /// Always true.
    pub done: bool,
}
