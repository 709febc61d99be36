//! Sealing, by a worker, behind the writes. What has no seal yet gets the next number in the order of time;
//! a line whose transaction ended late gets its number late. Two workers at once make no two chains: the
//! number is unique, and who comes second leaves it to the first.

use std::sync::Arc;

use kd_ctx::House;
use kd_kernel::Result;
use kd_store::{Mode, SchoolRef};

use crate::rules::{Head, LATEST, SETTLE, Seal};
use crate::store;

/// How many lines are sealed in one transaction.
const BATCH: i64 = 500;

/// Seals what has settled in a school; says how many lines.
///
/// # Errors
/// 503 when the cell does not answer; what was not sealed is sealed the next time.
pub async fn seal(house: &Arc<House>, school: SchoolRef) -> Result<u64> {
    let mut sealed = 0;
    loop {
        let lines = batch(house, school).await?;
        sealed += u64::try_from(lines).unwrap_or_default();
        if i64::try_from(lines).unwrap_or(i64::MAX) < BATCH {
            return Ok(sealed);
        }
    }
}

async fn batch(house: &Arc<House>, school: SchoolRef) -> Result<usize> {
    let tx = house.store.begin(school, Mode::Write).await?;
    let now = house.clock.now();
    let mut head = store::head(&tx).await?.unwrap_or_else(|| Head::beginning(school.id));
    // The first time everything is sealed; later only what may still have come late: what is older was
    // slipped in, and stays for the verifier to name.
    let from = if head.number == 0 { head.up_to } else { head.up_to - LATEST };
    let seals: Vec<Seal> = store::unsealed(&tx, (from, now - SETTLE), BATCH)
        .await?
        .iter()
        .map(|line| {
            let seal = head.seal(line, now);
            head = Head::after(&seal);
            seal
        })
        .collect();
    if seals.is_empty() {
        return Ok(0);
    }
    if !store::add_seals(&tx, &seals).await? {
        return Ok(0);
    }
    tx.commit().await?;
    Ok(seals.len())
}
