//! What is done in the background: registrations that were cut between the school's database and the
//! platform's are finished, or given up where the profile is gone. Each step may be done twice.

use chrono::TimeDelta;
use kd_ctx::House;
use kd_kernel::{AccountId, Problem, Result};
use kd_store::Mode;
use sea_orm::TransactionTrait;

use crate::store::{self, Unfinished};

/// A registration younger than this may still be under way.
const UNDER_WAY: TimeDelta = TimeDelta::seconds(30);

/// Finishes or gives up registrations that were cut; the worker calls it every minute or so. Says how
/// many it settled; one whose cell does not answer waits for the next time.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn mend_memberships(house: &House) -> Result<usize> {
    let before = house.clock.now() - UNDER_WAY;
    let mut settled = 0;
    for cut in store::unfinished(house.store.platform(), before).await? {
        match finish(house, cut).await {
            Ok(finished) => {
                settled += 1;
                tracing::info!(account = %cut.account, finished, "a registration that was cut is settled");
            }
            Err(problem) => tracing::warn!(account = %cut.account, %problem, "a registration waits to be settled"),
        }
    }
    Ok(settled)
}

/// Finishes the registration of an account that signs in, if it was cut. Where that fails it is left to
/// [`mend_memberships`]: signing in does not wait for it.
pub(crate) async fn mend_own(house: &House, account: AccountId) {
    let mended = async {
        match store::unfinished_of(house.store.platform(), account).await? {
            Some(cut) => finish(house, cut).await,
            None => Ok(true),
        }
    };
    if let Err(problem) = mended.await {
        tracing::warn!(%account, %problem, "a registration could not be finished at a sign-in");
    }
}

/// The school's row first, then the membership. False where the profile is gone or has another account:
/// then the account is closed, for it leads nowhere.
pub(crate) async fn finish(house: &House, cut: Unfinished) -> Result<bool> {
    let now = house.clock.now();
    let linked = match house.school_by_id(cut.school).await? {
        Some(card) => {
            let tx = house.store.begin(card.place(), Mode::Write).await?;
            let linked = store::link(&tx, (cut.profile, cut.account), cut.credential, (house.id(), now)).await?;
            tx.commit().await?;
            linked
        }
        None => false,
    };
    let tx = house.store.platform().begin().await?;
    if linked {
        store::add_membership(&tx, (cut.account, cut.profile), cut.school, now).await?;
    }
    store::settle(&tx, cut.credential).await?;
    tx.commit().await.map_err(Problem::from)?;
    if !linked {
        crate::account_close(house, cut.account).await?;
    }
    Ok(linked)
}
