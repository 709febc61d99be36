//! Mends what was cut between a school and the platform (decision 8), and writes ends where they are not known yet.
//! The receiving school's own row says whether the student is there; the platform's row follows it.

use kd_ctx::House;
use kd_kernel::{Problem, Result, SchoolId, TransferId};
use kd_store::{Mode, SchoolTx};

use crate::{registry, store};

/// Ends what has expired, finds out how acceptances ended that were cut, and tells the sending schools. A school that
/// does not answer waits for the next time, and keeps no other waiting.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn settle(house: &House) -> Result<()> {
    let platform = house.store.platform();
    let expired = registry::expire(platform, house.clock.now()).await?;
    if expired > 0 {
        tracing::info!(expired, "transfers that nobody accepted are over");
    }
    for claim in registry::claimed(platform).await? {
        later(claim.id, claimed(house, claim.id, claim.to_school).await);
    }
    for end in registry::unnoted(platform).await? {
        later(end.id, noted(house, &end).await);
    }
    Ok(())
}

fn later(transfer: TransferId, done: Result<()>) {
    if let Err(problem) = done {
        tracing::warn!(%transfer, code = problem.code(), "a transfer is settled later");
    }
}

/// Whoever accepts holds the transfer until the end of the transaction: held here, nobody is at it.
async fn claimed(house: &House, id: TransferId, to: SchoolId) -> Result<()> {
    let tx = begin(house, to).await?;
    if !store::hold(&tx, id).await? {
        return Ok(());
    }
    let platform = house.store.platform();
    match store::came(&tx, id).await? {
        true => registry::finish(platform, id, house.clock.now()).await?,
        false => registry::release(platform, id).await?,
    }
    tx.commit().await
}

async fn noted(house: &House, end: &registry::Registered) -> Result<()> {
    let now = house.clock.now();
    let tx = begin(house, end.from_school).await?;
    store::end_out(&tx, end.id, (end.state, end.ended_at.unwrap_or(now)), None).await?;
    tx.commit().await?;
    registry::noted(house.store.platform(), end.id, now).await
}

async fn begin(house: &House, school: SchoolId) -> Result<SchoolTx> {
    let card = house.school_by_id(school).await?.ok_or_else(Problem::not_found)?;
    house.store.begin(card.place(), Mode::Write).await
}
