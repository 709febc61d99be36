//! `work`: what lasts longer than a request. Each part of the work has a loop of its own, so that one
//! that fails or is slow keeps no other from its work. The end comes after the piece in hand.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::FutureExt;
use kd_ctx::House;
use kd_kernel::Problem;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::house::{Breadth, build};
use crate::serve::wait_for_database;
use crate::settings::Env;
use crate::{health, jobs, stop, sweeps};

/// How long the piece in hand may take once the end was asked for. What is then unfinished is taken up by
/// another worker when its lease is over.
const LAST: Duration = Duration::from_secs(25);

/// Works until the end is asked for.
pub(crate) async fn work(env: &Env) -> Result<()> {
    let ops = env.listen("KUNDELIK_OPS_LISTEN")?;
    let house = build(env, Breadth::WORK).await?;
    let ending = stop::listen()?;
    let gone = CancellationToken::new();
    let health = health::serve(Arc::clone(&house), ops, ending.clone(), gone.clone());
    let parts = async {
        if wait_for_database(&house, &ending).await? {
            run(&house, &ending).await;
        }
        gone.cancel();
        Ok(())
    };
    tokio::try_join!(parts, async { health.await.context("KUNDELIK_OPS_LISTEN cannot be listened on") })?;
    tracing::info!("ended");
    Ok(())
}

async fn run(house: &Arc<House>, ending: &CancellationToken) {
    let mut parts = JoinSet::new();
    let (poll, minute, hour) = (house.settings.poll, Duration::from_secs(60), Duration::from_secs(3600));
    let part = |name, rest| Part { name, rest, house: Arc::clone(house), ending: ending.clone() };
    // Two schools at a time: a step that waits for S3 keeps nobody else waiting.
    parts.spawn(part("provisioning", poll).again(|house| async move { kd_provisioning::work_once(&house).await }));
    parts.spawn(part("provisioning", poll).again(|house| async move { kd_provisioning::work_once(&house).await }));
    parts.spawn(part("letters", poll).again(|house| async move { house.letter_send_next().await }));
    parts.spawn(part("jobs", poll).again(|house| async move { jobs::work_once(&house).await }));
    parts.spawn(part("migrations", minute).again(|house| async move { sweeps::migrate_one(&house).await }));
    parts.spawn(part("memberships", minute).again(|house| async move { sweeps::mend_memberships(&house).await }));
    parts.spawn(part("restrictions", minute).again(|house| async move { sweeps::release_users(&house).await }));
    parts.spawn(part("transfers", minute).again(|house| async move { sweeps::settle_transfers(&house).await }));
    parts.spawn(part("seals", minute).again(|house| async move { sweeps::seal_audits(&house).await }));
    parts.spawn(part("answers", hour).again(|house| async move { sweeps::forget_answers(&house).await }));
    tracing::info!(parts = parts.len(), "working");
    let overdue = async {
        ending.cancelled().await;
        tokio::time::sleep(LAST).await;
    };
    tokio::select! {
        () = async { while parts.join_next().await.is_some() {} } => {}
        () = overdue => tracing::warn!(parts = parts.len(), "a piece of work was not finished in time"),
    }
}

/// A part of the work.
struct Part {
    name: &'static str,
    /// How long it rests when there is nothing to do.
    rest: Duration,
    house: Arc<House>,
    ending: CancellationToken,
}

impl Part {
    /// Does one piece after the other; rests when there is none, or when one failed.
    async fn again<F, Fut>(self, piece: F)
    where
        F: Fn(Arc<House>) -> Fut,
        Fut: Future<Output = kd_kernel::Result<bool>>,
    {
        while !self.ending.is_cancelled() {
            let done = AssertUnwindSafe(piece(Arc::clone(&self.house))).catch_unwind().await;
            match done.unwrap_or_else(|_| Err(Problem::internal("a part of the work panicked"))) {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => {
                    let cause = std::error::Error::source(&problem).map(ToString::to_string);
                    tracing::error!(part = self.name, code = problem.code(), cause, "a piece of work failed");
                }
            }
            self.ending.run_until_cancelled(tokio::time::sleep(self.rest)).await;
        }
    }
}
