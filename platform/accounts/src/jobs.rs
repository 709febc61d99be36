//! What is done in the background: registrations and attachments that were cut between the school's database
//! and the platform's are finished, or given up where the profile is gone. Each step may be done twice.

use chrono::TimeDelta;
use kd_ctx::House;
use kd_kernel::{AccountId, Problem, Result, Role};
use kd_store::Mode;
use sea_orm::TransactionTrait;

use crate::store::{self, Unfinished};

/// A registration younger than this may still be under way.
const UNDER_WAY: TimeDelta = TimeDelta::seconds(30);

/// Finishes or gives up what was cut; the worker calls it every minute or so. Says how
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

/// Finishes what was cut of an account that signs in. Where that fails it is left to [`mend_memberships`]:
/// signing in does not wait for it.
pub(crate) async fn mend_own(house: &House, account: AccountId) {
    let mended = async {
        for cut in store::unfinished_of(house.store.platform(), account).await? {
            finish(house, cut).await?;
        }
        Ok::<_, Problem>(())
    };
    if let Err(problem) = mended.await {
        tracing::warn!(%account, %problem, "a registration could not be finished at a sign-in");
    }
}

/// The school's row first, then the membership. False where the profile is gone or has another account: an
/// account that was made for it is closed then, for it leads nowhere; one that was there stays what it was.
/// Whoever comes to administer signs in anew, for a session that may do more is shorter (S31).
pub(crate) async fn finish(house: &House, cut: Unfinished) -> Result<bool> {
    let now = house.clock.now();
    let operation = if cut.attached { "attach" } else { "register" };
    let (mut linked, mut administers) = (false, false);
    if let Some(card) = house.school_by_id(cut.school).await? {
        let tx = house.store.begin(card.place(), Mode::Write).await?;
        let person = store::profile(&tx, cut.profile).await?;
        administers = person.is_some_and(|person| person.roles().contains(&Role::Administrator));
        linked = store::link(&tx, (cut.profile, cut.account), (cut.credential, operation), (house.id(), now)).await?;
        tx.commit().await?;
    }
    if linked && cut.attached && administers {
        house.sessions_end_of(cut.account).await?;
    }
    let tx = house.store.platform().begin().await?;
    if linked {
        store::add_membership(&tx, (cut.account, cut.profile), cut.school, now).await?;
    }
    store::settle(&tx, cut.credential).await?;
    tx.commit().await.map_err(Problem::from)?;
    if !linked && !cut.attached {
        crate::account_close(house, cut.account).await?;
    }
    Ok(linked)
}
