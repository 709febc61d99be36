//! The jobs of schools: taken from each cell's queue, handed to the room that knows their kind, held for
//! as long as they run.

use std::sync::Arc;
use std::time::Duration;

use kd_ctx::jobs::Job;
use kd_ctx::{BoxFuture, FutureExt, House};
use kd_kernel::{Problem, Result};
use kd_store::{Platform, sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A room's handler of one kind of job. It may be called again after anything.
type Handler = for<'a> fn(&'a Arc<House>, &'a Job) -> BoxFuture<'a, Result<()>>;

/// Who handles what. A room that enqueues a new kind gets a line here.
const HANDLERS: [(&str, Handler); 6] = [
    (kd_people::ISSUE_SHEET, |house, job| kd_people::issue_sheet(house, job).boxed()),
    (kd_people::WRITE_LETTERS, |house, job| kd_people::write_letters(house, job).boxed()),
    (kd_people::EXPIRE_SHEET, |house, job| kd_people::expire_sheet(house, job).boxed()),
    (kd_import::COMMIT_IMPORT, |house, job| kd_import::commit_import(house, job).boxed()),
    (kd_import::UNDO_IMPORT, |house, job| kd_import::undo_import(house, job).boxed()),
    (kd_import::FORGET_IMPORT, |house, job| kd_import::forget_import(house, job).boxed()),
];

#[derive(FromQueryResult)]
struct Cell {
    id: Uuid,
}

/// Takes one job of each cell. False when none was due; one cell's trouble keeps no other waiting.
pub(crate) async fn work_once(house: &Arc<House>) -> Result<bool> {
    let cells: Vec<Cell> = sql::all(house.store.platform(), "SELECT id FROM platform.cell ORDER BY id", []).await?;
    let mut any = false;
    for cell in cells {
        match of_cell(house, cell.id).await {
            Ok(one) => any |= one,
            Err(problem) => {
                let cause = std::error::Error::source(&problem).map(ToString::to_string);
                tracing::error!(cell = %cell.id, code = problem.code(), cause, "a cell's queue cannot be worked on");
            }
        }
    }
    Ok(any)
}

async fn of_cell(house: &Arc<House>, cell: Uuid) -> Result<bool> {
    let queue = house.store.cell_queue(cell).await?;
    let Some(job) = house.job_take(&queue).await? else { return Ok(false) };
    match held(house, &queue, &job).await {
        Some(Ok(())) => {
            house.job_done(&queue, &job).await?;
            tracing::info!(job = %job.id, kind = job.kind, school = %job.school, "a job is done");
        }
        Some(Err(problem)) => {
            let cause = std::error::Error::source(&problem).map(ToString::to_string);
            let (code, attempt) = (problem.code(), job.attempts);
            tracing::warn!(job = %job.id, kind = job.kind, school = %job.school, attempt, code, cause, "a job failed");
            house.job_failed(&queue, &job, code).await?;
        }
        None => tracing::warn!(job = %job.id, kind = job.kind, "another worker has taken this job over"),
    }
    Ok(true)
}

/// Runs the job while it is held again and again; nothing when another worker has it by now.
async fn held(house: &Arc<House>, queue: &Platform, job: &Job) -> Option<Result<()>> {
    let every = (house.settings.lease / 3).max(Duration::from_millis(10));
    let lost = async {
        loop {
            tokio::time::sleep(every).await;
            match house.job_hold(queue, job).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(problem) => tracing::warn!(code = problem.code(), "a job could not be held longer"),
            }
        }
    };
    tokio::select! {
        biased;
        ended = handle(house, job) => Some(ended),
        () = lost => None,
    }
}

async fn handle(house: &Arc<House>, job: &Job) -> Result<()> {
    match HANDLERS.iter().find(|(kind, _)| *kind == job.kind) {
        Some((_, handler)) => handler(house, job).await,
        None => Err(Problem::internal(format!("no room handles jobs of the kind {}", job.kind))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_handler() {
        let mut kinds: Vec<_> = HANDLERS.iter().map(|(kind, _)| kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), HANDLERS.len());
    }
}
