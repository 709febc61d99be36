//! "My password is lost or seen by another" (M29): the password is nobody's from now on and every session
//! ends, this one too. The way back is the recovery by e-mail, or the school.

use chrono::{DateTime, Utc};
use kd_ctx::{FutureExt as _, House};
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{AccountId, Problem, Result};

use super::allow;
use crate::wire::own::{Done, Lost};
use crate::{rules, store};

/// Voids the own password. The login is typed once more, for there is no way back but a recovery.
///
/// # Errors
/// 422 `login-differs` at the field.
pub async fn report(door: &Portal, key: &IdempotencyKey, lost: Lost) -> Result<Done> {
    let (house, account) = (door.house(), door.account());
    let login = store::login_of(house.store.platform(), account).await?;
    if login.as_deref() != Some(rules::folded(&lost.login).as_str()) {
        return Err(Problem::field("login", "login-differs"));
    }
    let done = door.once(key, "account_lost", &(), |turn| {
        async move {
            allow(turn)?;
            Ok(Done { done: true })
        }
        .boxed()
    });
    let done = done.await?;
    void(house, account, None).await?;
    Ok(done)
}

/// Nobody's password from now on: sessions and open streams end within a second, five without Redis. Said again of
/// a moment that is past, because an answer was lost, it touches nothing that came after that moment.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn void(house: &House, account: AccountId, until: Option<DateTime<Utc>>) -> Result<()> {
    if !store::void_password(house.store.platform(), account, (house.clock.now(), until)).await? {
        return Ok(());
    }
    house.sessions_end_of(account).await?;
    tracing::info!(%account, "a password was voided");
    Ok(())
}
