//! What others ask of provisioning: to begin, to show, to begin anew, to take back. Who may ask is decided
//! by those who call.

use kd_cache::{Live, Topic};
use kd_ctx::House;
use kd_kernel::{AccountId, Problem, Result, SchoolId};
use kd_schools::applications::{self, Step as Move};
use kd_schools::{ApplicationState, registry};
use kd_store::PlatformTx;
use sea_orm::TransactionTrait;

use crate::rules::RunState;
use crate::store::{self, ShownStep};
use crate::wire::{Service, ServiceState, ServiceStep, StepState};

/// Begins the making of a school whose address was claimed, in the caller's transaction. The worker takes
/// it up as soon as that is committed.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn start(house: &House, tx: &PlatformTx, school: SchoolId) -> Result<()> {
    store::insert(tx, school, house.clock.now()).await?;
    registry::event(house, tx, school, ("provisioning_started", None, None)).await
}

/// How a school's service stands.
///
/// # Errors
/// 404 where no school is being or was made under this identity.
pub async fn service_of(house: &House, school: SchoolId) -> Result<Service> {
    let db = house.store.platform();
    let run = store::shown(db, school).await?.ok_or_else(Problem::not_found)?;
    let steps = store::shown_steps(db, school).await?;
    let state = RunState::of_name(&run.state).ok_or_else(|| Problem::internal("a run in no state"))?;
    let under_way = matches!(state, RunState::Running | RunState::Undoing);
    Ok(Service {
        school_id: school,
        slug: run.slug,
        state: match state {
            RunState::Running | RunState::Undoing => ServiceState::Provisioning,
            RunState::Active => ServiceState::Active,
            RunState::Failed => ServiceState::ProvisioningFailed,
            RunState::RolledBack => ServiceState::RolledBack,
        },
        steps: steps.into_iter().map(ServiceStep::from).collect(),
        attempt: run.attempt,
        next_try_at: (under_way && !run.held && run.next_try_at > house.clock.now()).then_some(run.next_try_at),
    })
}

impl From<ShownStep> for ServiceStep {
    fn from(step: ShownStep) -> Self {
        let took = step.started_at.zip(step.finished_at).map(|(from, to)| (to - from).num_milliseconds());
        let state = match step.state.as_str() {
            "running" => StepState::Running,
            "done" => StepState::Done,
            "failed" => StepState::Failed,
            _ => StepState::Waiting,
        };
        let took_ms = took.filter(|_| state == StepState::Done);
        Self { name: step.name, state, attempts: step.attempts, error: step.error, took_ms }
    }
}

/// Tries anew: a run that rests goes on at once, one that ended without a school begins from its first
/// step. `by` is the operator, for the events.
///
/// # Errors
/// 404; 409 `provisioning.already-open` for an open school, `provisioning.being-undone` while it is undone.
pub async fn retry(house: &House, school: SchoolId, by: AccountId) -> Result<Service> {
    let tx = house.store.platform().begin().await?;
    let (state, application) = store::locked(&tx, school).await?;
    let now = house.clock.now();
    match state {
        RunState::Active => return Err(Problem::conflict("provisioning.already-open")),
        RunState::Undoing => return Err(Problem::conflict("provisioning.being-undone")),
        RunState::Running => store::hurry(&tx, school, now).await?,
        _ if state.may_begin_anew() => {
            store::begin_anew(&tx, school, now).await?;
            store::school_becomes(&tx, school, "provisioning").await?;
            let anew = Move {
                from: ApplicationState::ProvisioningFailed,
                to: ApplicationState::Provisioning,
                operator: Some(by),
                note: None,
            };
            applications::advance(house, &tx, application, anew).await?;
        }
        _ => return Err(Problem::internal("a state without a way")),
    }
    registry::event(house, &tx, school, ("provisioning_retried", Some(by), None)).await?;
    tx.commit().await?;
    tell(house, school).await;
    service_of(house, school).await
}

/// Takes back what was made, under the worker's hands: a school that is not open yet, or one that failed.
///
/// # Errors
/// 404; 409 `provisioning.already-open` for an open school, `provisioning.nothing-left` for one that is
/// taken back.
pub async fn roll_back(house: &House, school: SchoolId, by: AccountId) -> Result<Service> {
    let tx = house.store.platform().begin().await?;
    let (state, _) = store::locked(&tx, school).await?;
    if !state.may_be_rolled_back() {
        let open = state == RunState::Active;
        return Err(match open {
            true => Problem::conflict("provisioning.already-open"),
            false => Problem::conflict("provisioning.nothing-left"),
        });
    }
    store::begin_undoing(&tx, school, house.clock.now()).await?;
    registry::event(house, &tx, school, ("provisioning_rollback_asked", Some(by), None)).await?;
    tx.commit().await?;
    tell(house, school).await;
    service_of(house, school).await
}

/// Tells whoever watches that something changed.
pub(crate) async fn tell(house: &House, school: SchoolId) {
    house.cache.publish(school, Live::about(Topic::Provisioning, school)).await;
}
