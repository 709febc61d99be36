//! When a transfer may be made and a file accepted. Pure: no database, no clock.

use chrono::{DateTime, TimeDelta, Utc};
use kd_kernel::{Problem, ProfileId, Result, SchoolId, TransferId};
use kd_people::transfers::{Leaver, Parent};

use crate::registry::Registered;
use crate::wire::TransferState;

/// How long a file is good.
pub fn good_for() -> TimeDelta {
    TimeDelta::days(30)
}

/// The number that people say to each other, and that the file is named by: eight digits of the id that are chance.
pub fn number(id: TransferId) -> String {
    let text = id.0.simple().to_string();
    text.chars().skip(text.len().saturating_sub(8)).collect::<String>().to_uppercase()
}

/// How far a transfer is at a moment: what nobody accepted in time has expired, also before it is written down.
pub fn state_at(record: &Registered, now: DateTime<Utc>) -> TransferState {
    match record.state {
        TransferState::Issued if record.expires_at <= now => TransferState::Expired,
        state => state,
    }
}

/// Asks that a file is for this school and may still be accepted.
///
/// # Errors
/// 422 `transfers.other-school`; 409 `transfers.withdrawn`, `transfers.expired`, `transfers.accepted-already`.
pub fn acceptable(record: &Registered, school: SchoolId, now: DateTime<Utc>) -> Result<()> {
    if record.to_school != school {
        return Err(Problem::refused("transfers.other-school"));
    }
    match state_at(record, now) {
        TransferState::Issued | TransferState::Accepting => Ok(()),
        TransferState::Accepted => Err(Problem::conflict("transfers.accepted-already")),
        TransferState::Withdrawn => Err(Problem::conflict("transfers.withdrawn")),
        TransferState::Expired => Err(Problem::conflict("transfers.expired")),
    }
}

/// The guardians who go along.
///
/// # Errors
/// 422 at `guardian_ids` for somebody who does not represent the student.
pub fn chosen(leaver: &Leaver, ids: &[ProfileId]) -> Result<Vec<Parent>> {
    if ids.iter().any(|id| leaver.guardians.iter().all(|guardian| guardian.id != *id)) {
        return Err(Problem::field("guardian_ids", "unknown"));
    }
    Ok(leaver.guardians.iter().filter(|guardian| ids.contains(&guardian.id)).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_accepted_in_its_school_until_its_day_and_once() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (here, there) = (SchoolId(uuid::Uuid::from_u128(1)), SchoolId(uuid::Uuid::from_u128(2)));
        let record = |state| Registered {
            id: TransferId(uuid::Uuid::from_u128(3)),
            from_school: there,
            to_school: here,
            state,
            expires_at: at("2026-10-10T05:00:00Z"),
            ended_at: None,
        };
        let told = |state, school, now: &str| acceptable(&record(state), school, at(now)).map_err(|p| p.code());
        use TransferState::{Accepted, Accepting, Expired, Issued, Withdrawn};
        assert_eq!(told(Issued, here, "2026-10-10T04:59:59Z"), Ok(()));
        assert_eq!(told(Issued, here, "2026-10-10T05:00:00Z"), Err("transfers.expired"));
        assert_eq!(told(Accepting, here, "2026-10-10T05:00:01Z"), Ok(()), "begun in time");
        assert_eq!(told(Issued, there, "2026-10-01T05:00:00Z"), Err("transfers.other-school"));
        assert_eq!(told(Accepted, here, "2026-10-01T05:00:00Z"), Err("transfers.accepted-already"));
        assert_eq!(told(Withdrawn, here, "2026-10-01T05:00:00Z"), Err("transfers.withdrawn"));
        assert_eq!(told(Expired, here, "2026-10-01T05:00:00Z"), Err("transfers.expired"));
    }

    #[test]
    fn a_number_is_short_and_of_the_id() {
        let id = TransferId("0198c0de-0000-7000-8000-00001a2b3c4d".parse().unwrap());
        assert_eq!(number(id), "1A2B3C4D");
    }
}
