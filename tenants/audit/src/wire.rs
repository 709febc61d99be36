//! Shapes on the wire: searches and what they find. Searches travel in the body: ids of people stand in them.

use chrono::{DateTime, NaiveDate, Utc};
use kd_kernel::ProfileId;
use poem_openapi::Object;
use uuid::Uuid;

/// What is searched for in the audit.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AuditSearch {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Who acted.
    pub actor_id: Option<ProfileId>,
    /// Whom or what it was about.
    pub subject_id: Option<Uuid>,
    /// These operations alone, at most a hundred; all when missing.
    #[oai(validator(max_items = 100))]
    pub operations: Option<Vec<String>>,
    /// The last line of the page before.
    pub before: Option<Uuid>,
    /// How many at most, up to 100; 50 when missing.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    pub limit: Option<u32>,
}

/// A page of the audit, newest first.
#[derive(Debug, Clone, Object)]
pub struct AuditPage {
    /// The lines.
    pub lines: Vec<AuditLine>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A line of the audit.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AuditLine {
    /// Identity.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done: the operation's id.
    pub operation: String,
    /// Who acted.
    pub actor_id: Option<ProfileId>,
    /// The name, surname first; also of somebody who has left.
    pub actor_name: Option<String>,
    /// Whom or what it was about.
    pub subject_id: Option<Uuid>,
    /// The name, where it is a person or a class.
    pub subject_name: Option<String>,
    /// The room's own short words.
    pub detail: Option<serde_json::Value>,
    /// From which network.
    pub came_from: Option<String>,
    /// Whether the line is tied to those before it.
    pub sealed: bool,
}

/// What is searched for in the access log.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct LookSearch {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Who looked.
    pub actor_id: Option<ProfileId>,
    /// At whose data.
    pub subject_id: Option<ProfileId>,
    /// The last line of the page before.
    pub before: Option<Uuid>,
    /// How many at most, up to 100; 50 when missing.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    pub limit: Option<u32>,
}

/// A page of the access log, newest first.
#[derive(Debug, Clone, Object)]
pub struct LookPage {
    /// The lines.
    pub looks: Vec<LookLine>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A line of the access log.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct LookLine {
    /// Identity.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// card, sheet or export.
    pub what: String,
    /// Who looked.
    pub actor_id: ProfileId,
    /// The name, surname first.
    pub actor_name: Option<String>,
    /// The student.
    pub subject_id: ProfileId,
    /// The name, surname first.
    pub subject_name: Option<String>,
    /// From which network.
    pub came_from: String,
}
