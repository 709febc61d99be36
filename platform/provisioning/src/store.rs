//! The runs of provisioning and their steps, on the platform. Every write of a worker names its fencing
//! number and takes the run's row first, so that it touches nothing once another worker has taken over.

use chrono::{DateTime, Utc};
use kd_ctx::House;
use kd_kernel::{AccountId, ApplicationId, Problem, ProfileId, Result, SchoolId};
use kd_store::{SchoolRef, sql};
use sea_orm::{ConnectionTrait, FromQueryResult, TransactionTrait};
use uuid::Uuid;

use crate::rules::{RunState, Step};

/// A run that this worker holds.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) place: SchoolRef,
    pub(crate) slug: String,
    pub(crate) application: ApplicationId,
    /// Steps are to be undone, not done.
    pub(crate) undoing: bool,
    /// How often it was taken up, this time included.
    pub(crate) attempt: i32,
    pub(crate) fence: i64,
}

impl Run {
    pub(crate) fn school(&self) -> SchoolId {
        self.place.id
    }
}

#[derive(FromQueryResult)]
struct Due {
    school_id: SchoolId,
    cell_id: Uuid,
    slug: String,
    application_id: ApplicationId,
    state: String,
    fence: i64,
    left_alone: bool,
}

/// Begins a run: its row and its steps.
pub(crate) async fn insert(db: &impl ConnectionTrait, school: SchoolId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.provisioning (school_id, state, next_try_at, created_at) VALUES ($1, 'running', $2, $2)",
        [school.into(), now.into()],
    )
    .await?;
    for (position, step) in (1_i32..).zip(Step::ALL) {
        sql::run(
            db,
            "INSERT INTO platform.provisioning_step (school_id, name, position, state) VALUES ($1, $2, $3, 'waiting')",
            [school.into(), step.name().into(), position.into()],
        )
        .await?;
    }
    Ok(())
}

/// Takes up the run that has been due for longest: the fencing number grows, the lease begins.
pub(crate) async fn claim(house: &House, worker: &str) -> Result<Option<Run>> {
    let now = house.clock.now();
    let tx = house.store.platform().begin().await?;
    let due: Option<Due> = sql::one(
        &tx,
        "SELECT p.school_id, s.cell_id, s.slug, s.application_id, p.state, p.fence, p.lease_until IS NOT NULL AS left_alone \
         FROM platform.provisioning p JOIN platform.school s ON s.id = p.school_id \
         WHERE p.state IN ('running', 'undoing') AND p.next_try_at <= $1 AND (p.lease_until IS NULL OR p.lease_until < $1) \
         ORDER BY p.next_try_at LIMIT 1 FOR UPDATE OF p SKIP LOCKED",
        [now.into()],
    )
    .await?;
    let Some(due) = due else { return Ok(None) };
    let undoing = RunState::of_name(&due.state) == Some(RunState::Undoing);
    let attempt: i32 = sql::scalar(
        &tx,
        "UPDATE platform.provisioning SET fence = fence + 1, attempt = attempt + $4, leased_by = $2, lease_until = $3 \
         WHERE school_id = $1 RETURNING attempt",
        [due.school_id.into(), worker.into(), house.lease_end(now).into(), i32::from(!undoing).into()],
    )
    .await?;
    if due.left_alone {
        kd_schools::registry::event(house, &tx, due.school_id, ("provisioning_taken_over", None, None)).await?;
    }
    tx.commit().await?;
    Ok(Some(Run {
        place: SchoolRef { id: due.school_id, cell: due.cell_id },
        slug: due.slug,
        application: due.application_id,
        undoing,
        attempt,
        fence: due.fence + 1,
    }))
}

/// Holds the run longer; false when another has taken over.
pub(crate) async fn hold(house: &House, db: &impl ConnectionTrait, run: &Run) -> Result<bool> {
    let held = sql::run(
        db,
        "UPDATE platform.provisioning SET lease_until = $3 WHERE school_id = $1 AND fence = $2",
        [run.school().into(), run.fence.into(), house.lease_end(house.clock.now()).into()],
    );
    Ok(held.await? == 1)
}

/// The steps that are done.
pub(crate) async fn done(house: &House, school: SchoolId) -> Result<Vec<Step>> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = sql::all(
        house.store.platform(),
        "SELECT name FROM platform.provisioning_step WHERE school_id = $1 AND state = 'done'",
        [school.into()],
    )
    .await?;
    Ok(Step::ALL.into_iter().filter(|step| rows.iter().any(|row| row.name == step.name())).collect())
}

/// A step begins. Says which attempt at it this is; nothing when another has taken over.
pub(crate) async fn step_begins(house: &House, run: &Run, step: Step) -> Result<Option<i32>> {
    #[derive(FromQueryResult)]
    struct Row {
        attempts: i32,
    }
    let now = house.clock.now();
    let row: Option<Row> = sql::one(
        house.store.platform(),
        "WITH held AS (UPDATE platform.provisioning SET lease_until = $4 WHERE school_id = $1 AND fence = $2 RETURNING school_id) \
         UPDATE platform.provisioning_step s SET state = 'running', attempts = s.attempts + 1, error = NULL, \
         started_at = $5, finished_at = NULL FROM held WHERE s.school_id = held.school_id AND s.name = $3 RETURNING s.attempts",
        [
            run.school().into(),
            run.fence.into(),
            step.name().into(),
            house.lease_end(now).into(),
            now.into(),
        ],
    )
    .await?;
    Ok(row.map(|row| row.attempts))
}

/// A step is done; false when another has taken over.
pub(crate) async fn step_done(db: &impl ConnectionTrait, run: &Run, step: Step, now: DateTime<Utc>) -> Result<bool> {
    let done = sql::run(
        db,
        "WITH held AS (UPDATE platform.provisioning SET error = NULL WHERE school_id = $1 AND fence = $2 RETURNING school_id) \
         UPDATE platform.provisioning_step s SET state = 'done', error = NULL, finished_at = $4 \
         FROM held WHERE s.school_id = held.school_id AND s.name = $3",
        [run.school().into(), run.fence.into(), step.name().into(), now.into()],
    );
    Ok(done.await? == 1)
}

/// A step is to be tried again, not before `at`; the run is let go. False when another has taken over.
pub(crate) async fn step_later(
    house: &House,
    run: &Run,
    step: Step,
    (code, at): (&str, DateTime<Utc>),
) -> Result<bool> {
    let later = sql::run(
        house.store.platform(),
        "WITH held AS (UPDATE platform.provisioning SET error = $4, next_try_at = $5, leased_by = NULL, lease_until = NULL \
         WHERE school_id = $1 AND fence = $2 RETURNING school_id) \
         UPDATE platform.provisioning_step s SET state = 'waiting', error = $4 \
         FROM held WHERE s.school_id = held.school_id AND s.name = $3",
        [run.school().into(), run.fence.into(), step.name().into(), code.into(), at.into()],
    );
    Ok(later.await? == 1)
}

/// A step failed for good: from now on the run is undone. False when another has taken over.
pub(crate) async fn step_failed(house: &House, run: &Run, step: Step, code: &str) -> Result<bool> {
    let now = house.clock.now();
    let failed = sql::run(
        house.store.platform(),
        "WITH held AS (UPDATE platform.provisioning SET state = 'undoing', error = $4, next_try_at = $5, leased_by = NULL, \
         lease_until = NULL WHERE school_id = $1 AND fence = $2 RETURNING school_id) \
         UPDATE platform.provisioning_step s SET state = 'failed', error = $4, finished_at = $5 \
         FROM held WHERE s.school_id = held.school_id AND s.name = $3",
        [run.school().into(), run.fence.into(), step.name().into(), code.into(), now.into()],
    );
    Ok(failed.await? == 1)
}

/// A step is undone; the one that failed keeps saying so. False when another has taken over.
pub(crate) async fn step_undone(house: &House, run: &Run, step: Step) -> Result<bool> {
    let undone = sql::run(
        house.store.platform(),
        "WITH held AS (UPDATE platform.provisioning SET lease_until = $4 WHERE school_id = $1 AND fence = $2 RETURNING school_id) \
         UPDATE platform.provisioning_step s SET state = CASE s.state WHEN 'failed' THEN 'failed' ELSE 'undone' END \
         FROM held WHERE s.school_id = held.school_id AND s.name = $3",
        [run.school().into(), run.fence.into(), step.name().into(), house.lease_end(house.clock.now()).into()],
    );
    Ok(undone.await? == 1)
}

/// The undoing is to be tried again; the run is let go. False when another has taken over.
pub(crate) async fn undo_later(house: &House, run: &Run, (code, at): (&str, DateTime<Utc>)) -> Result<bool> {
    let later = sql::run(
        house.store.platform(),
        "UPDATE platform.provisioning SET error = $3, next_try_at = $4, leased_by = NULL, lease_until = NULL \
         WHERE school_id = $1 AND fence = $2",
        [run.school().into(), run.fence.into(), code.into(), at.into()],
    );
    Ok(later.await? == 1)
}

/// The run ends as undone: failed, where a step failed or the undoing itself could not be finished
/// (`code`), otherwise rolled back. Nothing when another has taken over.
pub(crate) async fn undo_ends(
    db: &impl ConnectionTrait,
    run: &Run,
    code: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<RunState>> {
    #[derive(FromQueryResult)]
    struct Row {
        state: String,
    }
    let row: Option<Row> = sql::one(
        db,
        "UPDATE platform.provisioning p SET state = CASE WHEN $3::text IS NOT NULL OR EXISTS (SELECT \
         FROM platform.provisioning_step s WHERE s.school_id = p.school_id AND s.state = 'failed') THEN 'failed' \
         ELSE 'rolled_back' END, error = coalesce($3, error), leased_by = NULL, lease_until = NULL, finished_at = $4 \
         WHERE p.school_id = $1 AND p.fence = $2 AND p.state = 'undoing' RETURNING p.state",
        [run.school().into(), run.fence.into(), code.into(), now.into()],
    )
    .await?;
    Ok(row.and_then(|row| RunState::of_name(&row.state)))
}

/// The run ends well; false when another has taken over.
pub(crate) async fn run_ends(db: &impl ConnectionTrait, run: &Run, now: DateTime<Utc>) -> Result<bool> {
    let ended = sql::run(
        db,
        "UPDATE platform.provisioning SET state = 'active', error = NULL, leased_by = NULL, lease_until = NULL, \
         finished_at = $3 WHERE school_id = $1 AND fence = $2 AND state = 'running'",
        [run.school().into(), run.fence.into(), now.into()],
    );
    Ok(ended.await? == 1)
}

/// The registry's row becomes another state, from one of the states before an opening.
pub(crate) async fn school_becomes(db: &impl ConnectionTrait, school: SchoolId, state: &str) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.school SET state = $2 \
         WHERE id = $1 AND state IN ('provisioning', 'provisioning_failed', 'rolled_back')",
        [school.into(), state.into()],
    )
    .await?;
    Ok(())
}

/// The registry's row opens.
pub(crate) async fn school_opens(
    db: &impl ConnectionTrait,
    school: SchoolId,
    version: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    let opened = sql::run(
        db,
        "UPDATE platform.school SET state = 'active', schema_version = $2, opened_at = $3 \
         WHERE id = $1 AND state = 'provisioning'",
        [school.into(), version.into(), now.into()],
    );
    Ok(opened.await?)
}

/// The administrator belongs to the school from now on; nothing happens the second time.
pub(crate) async fn join(
    db: &impl ConnectionTrait,
    (account, profile): (AccountId, ProfileId),
    school: SchoolId,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.membership (profile_id, account_id, school_id, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (account_id, school_id) DO UPDATE SET profile_id = EXCLUDED.profile_id",
        [profile.into(), account.into(), school.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Nobody belongs to a school that was never open.
pub(crate) async fn leave_all(db: &impl ConnectionTrait, school: SchoolId) -> Result<()> {
    sql::run(db, "DELETE FROM platform.membership WHERE school_id = $1", [school.into()]).await?;
    Ok(())
}

/// A run, as it is shown.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Shown {
    pub(crate) slug: String,
    pub(crate) state: String,
    pub(crate) attempt: i32,
    pub(crate) next_try_at: DateTime<Utc>,
    pub(crate) held: bool,
}

/// How a run stands.
pub(crate) async fn shown(db: &impl ConnectionTrait, school: SchoolId) -> Result<Option<Shown>> {
    sql::one(
        db,
        "SELECT s.slug, p.state, p.attempt, p.next_try_at, p.lease_until IS NOT NULL AS held FROM platform.provisioning p \
         JOIN platform.school s ON s.id = p.school_id WHERE p.school_id = $1",
        [school.into()],
    )
    .await
}

/// A step, as it is shown.
#[derive(Debug, FromQueryResult)]
pub(crate) struct ShownStep {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) error: Option<String>,
    pub(crate) started_at: Option<DateTime<Utc>>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
}

/// How its steps stand, in order.
pub(crate) async fn shown_steps(db: &impl ConnectionTrait, school: SchoolId) -> Result<Vec<ShownStep>> {
    sql::all(
        db,
        "SELECT name, state, attempts, error, started_at, finished_at FROM platform.provisioning_step \
         WHERE school_id = $1 ORDER BY position",
        [school.into()],
    )
    .await
}

/// Takes the run's row until the end of the transaction; says its state and the school's application.
pub(crate) async fn locked(db: &impl ConnectionTrait, school: SchoolId) -> Result<(RunState, ApplicationId)> {
    #[derive(FromQueryResult)]
    struct Row {
        state: String,
        application_id: ApplicationId,
    }
    let row: Row = sql::one(
        db,
        "SELECT p.state, s.application_id FROM platform.provisioning p JOIN platform.school s ON s.id = p.school_id \
         WHERE p.school_id = $1 FOR UPDATE OF p",
        [school.into()],
    )
    .await?
    .ok_or_else(Problem::not_found)?;
    let state = RunState::of_name(&row.state).ok_or_else(|| Problem::internal("a run in no state"))?;
    Ok((state, row.application_id))
}

/// A run that rests is tried now.
pub(crate) async fn hurry(db: &impl ConnectionTrait, school: SchoolId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.provisioning SET next_try_at = least(next_try_at, $2) WHERE school_id = $1",
        [school.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// A run begins anew from its first step. Whoever still holds it is refused from now on.
pub(crate) async fn begin_anew(db: &impl ConnectionTrait, school: SchoolId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.provisioning SET state = 'running', attempt = 0, fence = fence + 1, error = NULL, leased_by = NULL, \
         lease_until = NULL, next_try_at = $2, finished_at = NULL WHERE school_id = $1",
        [school.into(), now.into()],
    )
    .await?;
    sql::run(
        db,
        "UPDATE platform.provisioning_step SET state = 'waiting', attempts = 0, error = NULL, started_at = NULL, \
         finished_at = NULL WHERE school_id = $1",
        [school.into()],
    )
    .await?;
    Ok(())
}

/// A run is to be undone by the will of an operator: no step counts as failed. Whoever holds it is refused
/// from now on.
pub(crate) async fn begin_undoing(db: &impl ConnectionTrait, school: SchoolId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.provisioning SET state = 'undoing', fence = fence + 1, error = NULL, leased_by = NULL, \
         lease_until = NULL, next_try_at = $2, finished_at = NULL WHERE school_id = $1",
        [school.into(), now.into()],
    )
    .await?;
    sql::run(
        db,
        "UPDATE platform.provisioning_step SET state = 'undone' WHERE school_id = $1 AND state = 'failed'",
        [school.into()],
    )
    .await?;
    Ok(())
}

/// Whether nothing of the school should stand: its run is undone, or about to be.
pub(crate) async fn is_undone(house: &House, school: SchoolId) -> Result<bool> {
    sql::scalar(
        house.store.platform(),
        "SELECT EXISTS (SELECT FROM platform.provisioning WHERE school_id = $1 AND state IN ('undoing', 'failed', 'rolled_back'))",
        [school.into()],
    )
    .await
}
