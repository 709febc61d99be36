//! How a school's service looks on the wire, to its administrator and to operators.

use chrono::{DateTime, Utc};
use kd_kernel::SchoolId;
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};

/// Where the service stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum ServiceState {
    /// It is being made, or what was made is being undone.
    Provisioning,
    /// It is open.
    Active,
    /// It could not be made.
    ProvisioningFailed,
    /// An operator took it back.
    RolledBack,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum StepState {
    /// It is to come, or it was undone.
    Waiting,
    /// It is under way.
    Running,
    /// It is done.
    Done,
    /// It failed for good.
    Failed,
}

/// A step of provisioning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceStep {
    /// `claim_slug`, `create_schema`, `claim_prefix`, `smoke_check`, `open_school`.
    pub name: String,
    /// Where it stands.
    pub state: StepState,
    /// How often it was begun.
    pub attempts: i32,
    /// Why it did not go well the last time: a short code.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: Option<i64>,
}

/// A school's service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Service {
    /// The school.
    pub school_id: SchoolId,
    /// Its address.
    pub slug: String,
    /// Where it stands.
    pub state: ServiceState,
    /// The steps, in order.
    pub steps: Vec<ServiceStep>,
    /// How often it was taken up.
    pub attempt: i32,
    /// When it is tried again, where it rests between two tries.
    pub next_try_at: Option<DateTime<Utc>>,
}
