//! The worker's part: takes up one run, does or undoes its steps, and lets it go.

use std::sync::OnceLock;
use std::time::Duration;

use kd_ctx::House;
use kd_kernel::{Problem, Result};
use kd_store::fault;

use crate::faults::{self, Side};
use crate::ops::tell;
use crate::rules::{Step, TRIES};
use crate::steps::{self, Halt};
use crate::store::{self, Run};

/// Takes up the next run that is due and works on it until it ends, rests, or is another's. False when
/// none was due.
///
/// # Errors
/// 503 when the platform's database does not answer; the run is taken up again when its lease is over.
pub async fn work_once(house: &House) -> Result<bool> {
    let Some(run) = store::claim(house, worker()).await? else { return Ok(false) };
    let school = run.school();
    tracing::info!(%school, attempt = run.attempt, fence = run.fence, undoing = run.undoing, "a run is taken up");
    let ended = if run.undoing { undo(house, &run).await } else { forward(house, &run).await };
    tell(house, school).await;
    match ended {
        Ok(()) => Ok(true),
        Err(Halt::Overtaken) => {
            tracing::warn!(%school, fence = run.fence, "another worker has taken this run over");
            steps::sweep(house, &run).await?;
            Ok(true)
        }
        Err(Halt::Failed(problem)) => Err(problem),
        Err(Halt::Broken(code)) => Err(Problem::internal(code)),
    }
}

/// Who this worker is, for the list of runs: the process alone.
fn worker() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| format!("worker-{}", std::process::id()))
}

/// Does the steps that are left. An error is one that could not even be noted down.
async fn forward(house: &House, run: &Run) -> Result<(), Halt> {
    let done = store::done(house, run.school()).await?;
    for step in Step::ALL.into_iter().filter(|step| !done.contains(step)) {
        let attempt = store::step_begins(house, run, step).await?.ok_or(Halt::Overtaken)?;
        if run.attempt > TRIES {
            // Workers died over it, again and again, before they could say why.
            return rest(house, run, step, Halt::Broken("given-up")).await;
        }
        tell(house, run.school()).await;
        let school = run.school();
        match held(house, run, one(house, run, step, attempt)).await {
            Ok(()) => tracing::info!(%school, step = step.name(), attempt, "a step is done"),
            Err(Halt::Overtaken) => return Err(Halt::Overtaken),
            Err(halt) => return rest(house, run, step, halt).await,
        }
    }
    Ok(())
}

/// One step: its effect, then the note that it is done. The last step notes it in its own transaction.
async fn one(house: &House, run: &Run, step: Step, attempt: i32) -> Result<(), Halt> {
    faults::place(house, step.name(), Side::Before).await?;
    faults::flaky(house, step.name(), attempt)?;
    steps::effect(house, run, step).await?;
    faults::place(house, step.name(), Side::After).await?;
    if step == Step::OpenSchool {
        return Ok(());
    }
    let noted = store::step_done(house.store.platform(), run, step, house.clock.now()).await?;
    if noted { Ok(()) } else { Err(Halt::Overtaken) }
}

/// A step did not go well: it is tried later, or everything is undone.
async fn rest(house: &House, run: &Run, step: Step, halt: Halt) -> Result<(), Halt> {
    let (code, may_go_well) = verdict(halt);
    let school = run.school();
    let noted = if may_go_well && run.attempt < TRIES {
        tracing::warn!(%school, step = step.name(), code, attempt = run.attempt, "a step will be tried again");
        let at = house.clock.now() + house.pause(run.attempt);
        store::step_later(house, run, step, (&code, at)).await?
    } else {
        tracing::error!(%school, step = step.name(), code, attempt = run.attempt, "a step failed for good");
        store::step_failed(house, run, step, &code).await?
    };
    if noted { Ok(()) } else { Err(Halt::Overtaken) }
}

/// A short code for operators, without a word of anybody's data, and whether the next try may go well.
fn verdict(halt: Halt) -> (String, bool) {
    match halt {
        Halt::Overtaken => ("overtaken".to_owned(), false),
        Halt::Broken(code) => (code.to_owned(), false),
        Halt::Failed(problem) => {
            let cause = std::error::Error::source(&problem).map(ToString::to_string);
            tracing::warn!(code = problem.code(), cause, "a step did not go well");
            let code = match fault::sqlstate(&problem) {
                Some(state) => format!("database-{state}"),
                None => problem.code().to_owned(),
            };
            (code, fault::is_transient(&problem))
        }
    }
}

/// Undoes all steps from the last to the first, and closes the run. What was never done is undone too:
/// a worker that was cut may have done it without a note.
async fn undo(house: &House, run: &Run) -> Result<(), Halt> {
    let school = run.school();
    let all = async {
        for step in Step::ALL.into_iter().rev() {
            faults::place(house, step.undo_name(), Side::Before).await?;
            steps::undo(house, run, step).await?;
            faults::place(house, step.undo_name(), Side::After).await?;
            if !store::step_undone(house, run, step).await? {
                return Err(Halt::Overtaken);
            }
            tracing::info!(%school, step = step.name(), "a step is undone");
            tell(house, school).await;
        }
        steps::close(house, run, None).await
    };
    match held(house, run, all).await {
        Ok(()) => Ok(()),
        Err(Halt::Overtaken) => Err(Halt::Overtaken),
        Err(Halt::Broken(code)) => {
            tracing::error!(%school, code, "a run cannot be undone");
            steps::close(house, run, Some(code)).await
        }
        Err(Halt::Failed(problem)) => {
            let (code, _) = verdict(Halt::Failed(problem));
            // An undo is tried until it goes well: nothing may be left.
            let noted = store::undo_later(house, run, (&code, house.clock.now() + house.pause(4))).await?;
            if noted { Ok(()) } else { Err(Halt::Overtaken) }
        }
    }
}

/// Does a piece of work while the lease is held again and again; gives it up when another has taken over.
async fn held<T>(house: &House, run: &Run, work: impl Future<Output = Result<T, Halt>>) -> Result<T, Halt> {
    let every = (house.settings.lease / 3).max(Duration::from_millis(10));
    let lost = async {
        loop {
            tokio::time::sleep(every).await;
            match store::hold(house, house.store.platform(), run).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(problem) => tracing::warn!(code = problem.code(), "a lease could not be held longer"),
            }
        }
    };
    tokio::select! {
        biased;
        done = work => done,
        () = lost => Err(Halt::Overtaken),
    }
}
