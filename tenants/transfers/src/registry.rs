//! The platform's rows of transfers, and the schools that a student may go to. Opaque ids, states and times: nobody
//! is named here. Every change names the state that it starts from, so two who change at once do not both.

use chrono::{DateTime, Utc};
use kd_kernel::{Result, SchoolId, TransferId};
use kd_store::{Platform, sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::wire::TransferState;

/// A transfer as both sides see it.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct Registered {
    pub id: TransferId,
    pub from_school: SchoolId,
    pub to_school: SchoolId,
    pub state: TransferState,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// A school that a student may go to.
#[derive(Debug, Clone, FromQueryResult)]
pub struct SchoolRow {
    pub id: SchoolId,
    pub slug: String,
    pub name_kk: String,
    pub name_ru: String,
    pub city: String,
    pub state: String,
}

/// The schools of this address or БСН, those that are or were open first: a few, for one is wanted.
pub async fn schools(db: &Platform, named: &str) -> Result<Vec<SchoolRow>> {
    sql::all(
        db,
        "SELECT s.id, s.slug, s.name_kk, s.name_ru, a.city, s.state FROM platform.school s \
         JOIN platform.application a ON a.id = s.application_id WHERE s.slug = $1 OR s.bin = $1 \
         ORDER BY s.opened_at IS NULL, s.id LIMIT 20",
        [named.into()],
    )
    .await
}

/// A transfer that is open from now on.
pub async fn issue(db: &Platform, new: &Registered, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.transfer (id, from_school, to_school, state, issued_at, expires_at) \
         VALUES ($1, $2, $3, 'issued', $4, $5)",
        [new.id.into(), new.from_school.into(), new.to_school.into(), now.into(), new.expires_at.into()],
    )
    .await?;
    Ok(())
}

/// One transfer.
pub async fn find(db: &Platform, id: TransferId) -> Result<Option<Registered>> {
    Ok(of(db, &[id]).await?.into_iter().next())
}

/// These transfers, in no order.
pub async fn of(db: &Platform, ids: &[TransferId]) -> Result<Vec<Registered>> {
    sql::all(
        db,
        "SELECT id, from_school, to_school, state, expires_at, ended_at FROM platform.transfer WHERE id = ANY($1)",
        [sql::array(ids.iter().copied())],
    )
    .await
}

/// Takes a transfer in hand for the receiving school; once more is the same. False where it cannot be accepted.
pub async fn claim(db: &Platform, id: TransferId, to: SchoolId, now: DateTime<Utc>) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE platform.transfer SET state = 'accepting', claimed_at = $3 WHERE id = $1 AND to_school = $2 \
         AND (state = 'accepting' OR (state = 'issued' AND expires_at > $3))",
        [id.into(), to.into(), now.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// The receiving school has the student; once more is the same.
pub async fn finish(db: &Platform, id: TransferId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.transfer SET state = 'accepted', ended_at = $2 WHERE id = $1 AND state = 'accepting'",
        [id.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// The receiving school does not have the student after all: the file is good as before.
pub async fn release(db: &Platform, id: TransferId) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.transfer SET state = 'issued', claimed_at = NULL WHERE id = $1 AND state = 'accepting'",
        [id.into()],
    )
    .await?;
    Ok(())
}

/// Takes an open transfer back for the sending school. False where it is open no longer.
pub async fn withdraw(db: &Platform, id: TransferId, from: SchoolId, now: DateTime<Utc>) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE platform.transfer SET state = 'withdrawn', ended_at = $3 WHERE id = $1 AND from_school = $2 \
         AND state = 'issued'",
        [id.into(), from.into(), now.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// Ends what nobody accepted in time; says how many.
pub async fn expire(db: &Platform, now: DateTime<Utc>) -> Result<u64> {
    let rows = sql::run(
        db,
        "UPDATE platform.transfer SET state = 'expired', ended_at = $1 WHERE state = 'issued' AND expires_at <= $1",
        [now.into()],
    )
    .await?;
    Ok(rows)
}

/// Those that somebody took in hand, the longest ago first, in schools that are there still.
pub async fn claimed(db: &Platform) -> Result<Vec<Registered>> {
    sql::all(
        db,
        "SELECT t.id, t.from_school, t.to_school, t.state, t.expires_at, t.ended_at FROM platform.transfer t \
         JOIN platform.school s ON s.id = t.to_school AND s.state NOT IN ('destroying', 'destroyed') \
         WHERE t.state = 'accepting' ORDER BY t.claimed_at LIMIT 100",
        [],
    )
    .await
}

/// Those that have ended, as their sending schools do not know yet, as long as these are there. A school that does
/// not answer keeps no other waiting: which come first is chance.
pub async fn unnoted(db: &Platform) -> Result<Vec<Registered>> {
    sql::all(
        db,
        "SELECT t.id, t.from_school, t.to_school, t.state, t.expires_at, t.ended_at FROM platform.transfer t \
         JOIN platform.school s ON s.id = t.from_school AND s.state NOT IN ('destroying', 'destroyed') \
         WHERE t.noted_at IS NULL AND t.ended_at IS NOT NULL ORDER BY random() LIMIT 100",
        [],
    )
    .await
}

/// The sending school knows the end.
pub async fn noted(db: &Platform, id: TransferId, now: DateTime<Utc>) -> Result<()> {
    let id: Uuid = id.into();
    sql::run(db, "UPDATE platform.transfer SET noted_at = $2 WHERE id = $1", [id.into(), now.into()]).await?;
    Ok(())
}
