//! Jobs of schools: enqueued in the same transaction as the change that wants them, taken by a worker
//! under a lease with a fencing number. The queue stamps the school; a payload's claim does not count.

use chrono::{DateTime, TimeDelta, Utc};
use kd_kernel::{Problem, Result, SchoolId};
use kd_store::{Platform, SchoolName, sql};
use sea_orm::FromQueryResult;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::{House, SchoolCard, Turn};

/// A job that this worker holds.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its identity.
    pub id: Uuid,
    /// The school that enqueued it.
    pub school: SchoolId,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// How often it was taken, this time included.
    pub attempts: i32,
    fence: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    school_role: String,
    kind: String,
    payload: Value,
    attempts: i32,
    fence: i64,
}

impl Turn {
    /// Enqueues a job of this school, in this transaction.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn enqueue(&self, kind: &'static str, payload: Value) -> Result<Uuid> {
        let id: Uuid = self.id();
        sql::run(
            self.db(),
            "SELECT cell.enqueue($1, $2, $3, $4)",
            [id.into(), kind.into(), payload.into(), self.now().into()],
        )
        .await?;
        Ok(id)
    }
}

impl House {
    /// The school that enqueued a job, and the thing that its payload names under a key. A thing of another school is
    /// not found in this one's; nothing where the school is gone, or nothing is named.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn job_subject<T: DeserializeOwned>(&self, job: &Job, key: &str) -> Result<Option<(SchoolCard, T)>> {
        let thing = job.payload.get(key).cloned().and_then(|id| serde_json::from_value(id).ok());
        let Some(thing) = thing else {
            tracing::error!(job = %job.id, key, "a job does not name what it is about");
            return Ok(None);
        };
        Ok(self.school_by_id(job.school).await?.map(|school| (school, thing)))
    }

    /// Takes the next job of a cell that is due, if any.
    ///
    /// # Errors
    /// 503 when the cell does not answer.
    pub async fn job_take(&self, queue: &Platform) -> Result<Option<Job>> {
        let now = self.clock.now();
        let row: Option<Row> = sql::one(
            queue,
            "UPDATE cell.job SET lease_until = $2, fence = fence + 1, attempts = attempts + 1 WHERE id = ( \
             SELECT id FROM cell.job WHERE state = 'queued' AND next_try_at <= $1 AND (lease_until IS NULL OR lease_until < $1) \
             ORDER BY next_try_at FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id, school_role, kind, payload, attempts, fence",
            [now.into(), self.lease_end(now).into()],
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        let school = SchoolName::school(&row.school_role).ok_or_else(|| Problem::internal("a job of no school"))?;
        Ok(Some(Job {
            id: row.id,
            school,
            kind: row.kind,
            payload: row.payload,
            attempts: row.attempts,
            fence: row.fence,
        }))
    }

    /// Holds a job longer; false when another worker has it by now.
    ///
    /// # Errors
    /// 503 when the cell does not answer.
    pub async fn job_hold(&self, queue: &Platform, job: &Job) -> Result<bool> {
        let until = self.lease_end(self.clock.now());
        let rows = sql::run(
            queue,
            "UPDATE cell.job SET lease_until = $3 WHERE id = $1 AND fence = $2 AND state = 'queued'",
            [job.id.into(), job.fence.into(), until.into()],
        )
        .await?;
        Ok(rows == 1)
    }

    /// Ends a job well; its row goes.
    ///
    /// # Errors
    /// 503 when the cell does not answer.
    pub async fn job_done(&self, queue: &Platform, job: &Job) -> Result<()> {
        sql::run(queue, "DELETE FROM cell.job WHERE id = $1 AND fence = $2", [job.id.into(), job.fence.into()]).await?;
        Ok(())
    }

    /// Puts a job back to be tried again, or gives it up after ten tries.
    ///
    /// # Errors
    /// 503 when the cell does not answer.
    pub async fn job_failed(&self, queue: &Platform, job: &Job, code: &str) -> Result<()> {
        let now = self.clock.now();
        let state = if job.attempts >= 10 { "failed" } else { "queued" };
        sql::run(
            queue,
            "UPDATE cell.job SET state = $3, error = $4, next_try_at = $5, lease_until = NULL WHERE id = $1 AND fence = $2",
            [job.id.into(), job.fence.into(), state.into(), code.into(), (now + self.pause(job.attempts)).into()],
        )
        .await?;
        Ok(())
    }

    /// When a lease that begins now ends.
    #[must_use]
    pub fn lease_end(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + TimeDelta::from_std(self.settings.lease).unwrap_or(TimeDelta::seconds(30))
    }

    /// The pause before try number `attempts` + 1: doubled each time, at most five minutes, with a fifth
    /// of chance in it.
    #[must_use]
    pub fn pause(&self, attempts: i32) -> TimeDelta {
        let base = i64::try_from(self.settings.retry.as_millis()).unwrap_or(1_000);
        let doubled = base.saturating_mul(1_i64 << attempts.clamp(0, 20)).min(300_000);
        let fifth = u32::try_from(doubled / 5).unwrap_or(0);
        TimeDelta::milliseconds(doubled - doubled / 10 + i64::from(self.chance.below(fifth)))
    }
}
