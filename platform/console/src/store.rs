//! The console's own SQL: the operators' log, and counts for the first page.

use chrono::{DateTime, Utc};
use kd_kernel::{AccountId, Result};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// A line of the operators' log.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) operator: AccountId,
    pub(crate) operation: &'static str,
    pub(crate) subject: Option<Uuid>,
    pub(crate) at: DateTime<Utc>,
}

pub(crate) async fn log(db: &impl ConnectionTrait, line: Line) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.operator_log (id, operator_id, operation, subject_id, at) VALUES ($1, $2, $3, $4, $5)",
        [line.id.into(), line.operator.into(), line.operation.into(), line.subject.into(), line.at.into()],
    )
    .await?;
    Ok(())
}

/// Schools that could not be made, schools that are open, letters that were given up.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Counts {
    pub(crate) failed: i64,
    pub(crate) open: i64,
    pub(crate) letters_dead: i64,
}

pub(crate) async fn counts(db: &impl ConnectionTrait) -> Result<Option<Counts>> {
    sql::one(
        db,
        "SELECT (SELECT count(*) FROM platform.school WHERE state = 'provisioning_failed') AS failed, \
         (SELECT count(*) FROM platform.school WHERE state = 'active') AS open, \
         (SELECT count(*) FROM platform.letter WHERE state = 'dead' AND reply IS DISTINCT FROM 'withdrawn') AS letters_dead",
        [],
    )
    .await
}
