//! What only the console shows; the rest are the shapes of the rooms that it asks.

use chrono::{DateTime, Utc};
use kd_kernel::SchoolId;
use kd_provisioning::wire::Service;
use kd_schools::{AgreementBrief, SchoolEvent};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

/// The operators' first page.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct OperatorDesk {
    /// Applications that wait for a decision.
    pub waiting: i32,
    /// For how many whole hours the first of them does.
    pub oldest_hours: Option<i32>,
    /// Schools that could not be made.
    pub failed: i32,
    /// Schools that are open.
    pub schools: i32,
    /// Letters that were given up.
    pub letters_dead: i32,
}

/// A school, whole, as the registry knows it.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct SchoolCard {
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
    /// The agreement, in a line.
    pub agreement: Option<AgreementBrief>,
    /// The making of the service, step by step.
    pub service: Service,
    /// What happened, oldest first.
    pub events: Vec<SchoolEvent>,
}

/// Nothing more to say.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
pub struct Nothing {}
