//! SQL of leaving and returning, and of the classes that a student was in.

use chrono::NaiveDate;
use kd_ctx::Permit;
use kd_kernel::{ClassId, ProfileId, Result};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{Asking, Card, LinkRow};
use crate::wire::{LeaveReason, PersonLeave, PersonState};

/// When and why somebody left.
#[derive(Debug, FromQueryResult)]
pub struct DepartureRow {
    pub left_on: NaiveDate,
    pub reason: LeaveReason,
    pub order_no: Option<String>,
}

/// The departure of somebody in the archive.
pub async fn departure(db: &impl ConnectionTrait, person: ProfileId) -> Result<Option<DepartureRow>> {
    sql::one(
        db,
        "SELECT left_on, reason, order_no FROM departure WHERE profile_id = $1 AND returned_on IS NULL",
        [person.into()],
    )
    .await
}

/// A student's time in a class.
#[derive(Debug, FromQueryResult)]
pub struct TimeRow {
    pub class_id: ClassId,
    pub joined: NaiveDate,
    pub left_on: Option<NaiveDate>,
    pub order_no: Option<String>,
}

/// The classes of a student, the latest first; what ended on its first day never was.
pub async fn times(db: &impl ConnectionTrait, student: ProfileId) -> Result<Vec<TimeRow>> {
    sql::all(
        db,
        "SELECT class_id, joined, left_on, order_no FROM class_member WHERE student_id = $1 AND left_on IS DISTINCT FROM joined \
         ORDER BY joined DESC, id DESC",
        [student.into()],
    )
    .await
}

/// Writes down that a person leaves.
pub async fn leave(
    db: &impl ConnectionTrait,
    card: &Permit<Card>,
    (id, leave): (Uuid, &PersonLeave),
    asking: Asking,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO departure (id, profile_id, left_on, reason, order_no, recorded_by, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            id.into(),
            card.id.into(),
            leave.left_on.into(),
            leave.reason.into(),
            leave.order_no.clone().into(),
            asking.me.into(),
            asking.now.into(),
        ],
    )
    .await?;
    put_state(db, card, PersonState::Archived, asking).await
}

/// Writes down that a person is back.
pub async fn come_back(
    db: &impl ConnectionTrait,
    card: &Permit<Card>,
    returned_on: NaiveDate,
    asking: Asking,
) -> Result<()> {
    sql::run(
        db,
        "UPDATE departure SET returned_on = $2, returned_by = $3 WHERE profile_id = $1 AND returned_on IS NULL",
        [card.id.into(), returned_on.into(), asking.me.into()],
    )
    .await?;
    put_state(db, card, PersonState::Active, asking).await
}

/// Archives a person, or takes him or her back, with the next version.
pub async fn put_state(
    db: &impl ConnectionTrait,
    card: &Permit<Card>,
    state: PersonState,
    asking: Asking,
) -> Result<()> {
    sql::run(
        db,
        "UPDATE profile SET state = $2, version = version + 1, changed_by = $3, changed_at = $4 WHERE id = $1",
        [card.id.into(), state.into(), asking.me.into(), asking.now.into()],
    )
    .await?;
    Ok(())
}

/// The guardians of a student who represent nobody else that belongs to the school.
pub async fn left_alone(db: &impl ConnectionTrait, student: ProfileId) -> Result<Vec<LinkRow>> {
    sql::all(
        db,
        "SELECT p.id, p.surname, p.given_name, p.patronymic, g.relation, NULL::uuid AS class_id FROM guardianship g \
         JOIN profile p ON p.id = g.guardian_id AND p.state = 'active' AND p.kind = 'guardian' WHERE g.student_id = $1 \
         AND NOT EXISTS (SELECT FROM guardianship o JOIN profile c ON c.id = o.student_id AND c.state = 'active' \
         WHERE o.guardian_id = g.guardian_id AND o.student_id <> $1)",
        [student.into()],
    )
    .await
}
