//! The room's only SQL: lines and their seals, the access log.

use chrono::{DateTime, Utc};
use kd_kernel::{ProfileId, Result};
use kd_store::{fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::rules::{Head, Line, Seal};

/// The end of the chain, if it has begun.
pub async fn head(db: &impl ConnectionTrait) -> Result<Option<Head>> {
    sql::one(db, "SELECT number, hash, up_to FROM audit_seal ORDER BY number DESC LIMIT 1", []).await
}

/// The next lines without a seal, of a stretch of time, in the order of time.
pub async fn unsealed(
    db: &impl ConnectionTrait,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    most: i64,
) -> Result<Vec<Line>> {
    sql::all(
        db,
        "SELECT a.id, a.account_id, a.profile_id, a.operation, a.subject_id, a.detail::text AS detail, a.came_from, a.at \
         FROM audit a WHERE a.at >= $1 AND a.at <= $2 \
         AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.audit_id = a.id) ORDER BY a.at, a.id LIMIT $3",
        [from.into(), to.into(), most.into()],
    )
    .await
}

/// How many lines have no seal.
pub async fn count_unsealed(db: &impl ConnectionTrait) -> Result<i64> {
    sql::scalar(
        db,
        "SELECT count(*) FROM audit a WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.audit_id = a.id)",
        [],
    )
    .await
}

/// Adds seals; false where another worker was here first.
pub async fn add_seals(db: &impl ConnectionTrait, seals: &[Seal]) -> Result<bool> {
    let column = |of: fn(&Seal) -> String| seals.iter().map(of).collect::<Vec<String>>();
    let times = |of: fn(&Seal) -> DateTime<Utc>| seals.iter().map(of).collect::<Vec<DateTime<Utc>>>();
    let numbers: Vec<i64> = seals.iter().map(|s| s.number).collect();
    let added = sql::run(
        db,
        "INSERT INTO audit_seal (audit_id, number, previous, hash, up_to, sealed_at) \
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])",
        [
            sql::array(seals.iter().map(|s| s.audit_id)),
            numbers.into(),
            column(|s| s.previous.clone()).into(),
            column(|s| s.hash.clone()).into(),
            times(|s| s.up_to).into(),
            times(|s| s.sealed_at).into(),
        ],
    )
    .await;
    match added {
        Ok(_) => Ok(true),
        Err(error) if matches!(fault::constraint(&error), Some("audit_seal_number_key" | "audit_seal_pkey")) => {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// The seals after a number, in order.
pub async fn seals_after(db: &impl ConnectionTrait, number: i64, most: i64) -> Result<Vec<Seal>> {
    sql::all(
        db,
        "SELECT audit_id, number, previous, hash, up_to, sealed_at FROM audit_seal WHERE number > $1 ORDER BY number LIMIT $2",
        [number.into(), most.into()],
    )
    .await
}

/// These lines, in no order.
pub async fn lines(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Line>> {
    sql::all(
        db,
        "SELECT id, account_id, profile_id, operation, subject_id, detail::text AS detail, came_from, at FROM audit \
         WHERE id = ANY($1)",
        [sql::array(ids)],
    )
    .await
}

/// What is searched for.
#[derive(Debug)]
pub struct Wanted {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub who: Option<ProfileId>,
    pub subject: Option<Uuid>,
    pub before: Option<Uuid>,
    pub most: i64,
}

/// A line as it is shown.
#[derive(Debug, FromQueryResult)]
pub struct Found {
    pub id: Uuid,
    pub profile_id: Option<ProfileId>,
    pub operation: String,
    pub subject_id: Option<Uuid>,
    pub detail: Option<serde_json::Value>,
    pub came_from: Option<String>,
    pub at: DateTime<Utc>,
    pub sealed: bool,
}

/// Lines of the audit, newest first; of these operations, or of all.
pub async fn search(db: &impl ConnectionTrait, wanted: &Wanted, operations: Option<Vec<String>>) -> Result<Vec<Found>> {
    sql::all(
        db,
        "SELECT a.id, a.profile_id, a.operation, a.subject_id, a.detail, a.came_from, a.at, \
         EXISTS (SELECT FROM audit_seal s WHERE s.audit_id = a.id) AS sealed FROM audit a \
         WHERE a.at >= $1 AND a.at < $2 AND ($3::uuid IS NULL OR a.profile_id = $3) \
         AND ($4::uuid IS NULL OR a.subject_id = $4) AND ($5::text[] IS NULL OR a.operation = ANY($5)) \
         AND ($6::uuid IS NULL OR (a.at, a.id) < (SELECT b.at, b.id FROM audit b WHERE b.id = $6)) \
         ORDER BY a.at DESC, a.id DESC LIMIT $7",
        [
            wanted.from.into(),
            wanted.to.into(),
            wanted.who.into(),
            wanted.subject.into(),
            operations.into(),
            wanted.before.into(),
            wanted.most.into(),
        ],
    )
    .await
}

/// A line of the access log.
#[derive(Debug, FromQueryResult)]
pub struct Look {
    pub id: Uuid,
    pub profile_id: ProfileId,
    pub subject_id: ProfileId,
    pub what: String,
    pub came_from: String,
    pub at: DateTime<Utc>,
}

/// Lines of the access log, newest first.
pub async fn looks(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Vec<Look>> {
    sql::all(
        db,
        "SELECT l.id, l.profile_id, l.subject_id, l.what, l.came_from, l.at FROM access_log l \
         WHERE l.at >= $1 AND l.at < $2 AND ($3::uuid IS NULL OR l.profile_id = $3) \
         AND ($4::uuid IS NULL OR l.subject_id = $4) \
         AND ($5::uuid IS NULL OR (l.at, l.id) < (SELECT b.at, b.id FROM access_log b WHERE b.id = $5)) \
         ORDER BY l.at DESC, l.id DESC LIMIT $6",
        [
            wanted.from.into(),
            wanted.to.into(),
            wanted.who.into(),
            wanted.subject.into(),
            wanted.before.into(),
            wanted.most.into(),
        ],
    )
    .await
}
