//! Live events: a hint that something changed, never the thing itself. Who hears one reads anew, with
//! their own rights.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Marks.
    Marks,
    /// Attendance and the roll.
    Attendance,
    /// Lessons, their topics and homework.
    Lessons,
    /// People and classes.
    People,
    /// Sheets with initial credentials.
    Sheets,
    /// Files with people that are brought in.
    Imports,
    /// A school's provisioning.
    Provisioning,
    /// Something may have been missed: read everything anew.
    Resync,
}

/// A hint that something changed; on the wire `{"topic":"marks","subject":"<uuid>"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Live {
    /// What changed.
    pub topic: Topic,
    /// Of what: a class, a person, a sheet; nothing where it is not one thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Uuid>,
}

impl Live {
    /// The hint to read everything anew.
    pub const RESYNC: Self = Self { topic: Topic::Resync, subject: None };

    /// A change of the topic as a whole.
    #[must_use]
    pub fn of(topic: Topic) -> Self {
        Self { topic, subject: None }
    }

    /// A change of one thing.
    #[must_use]
    pub fn about(topic: Topic, subject: impl Into<Uuid>) -> Self {
        Self { topic, subject: Some(subject.into()) }
    }
}

/// News of sessions that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kick {
    /// This session ended, or all sessions of this account.
    Ended(Uuid),
    /// Something may have been missed: look into the database whether the session still stands. Comes
    /// every five seconds while Redis is away.
    Unsure,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_event_on_the_wire() {
        let subject = Uuid::from_u128(7);
        let text = serde_json::json!({"topic": "marks", "subject": subject});
        assert_eq!(serde_json::to_value(Live::about(Topic::Marks, subject)).ok(), Some(text.clone()));
        assert_eq!(serde_json::from_value::<Live>(text).ok(), Some(Live::about(Topic::Marks, subject)));
        assert_eq!(serde_json::to_string(&Live::RESYNC).ok().as_deref(), Some(r#"{"topic":"resync"}"#));
    }
}
