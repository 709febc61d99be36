//! Ending own sessions: one by one, or all but this one (S33).

use kd_ctx::FutureExt as _;
use kd_ctx::sessions::Which;
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{Problem, Result};

use super::allow;
use crate::wire::own::{Ended, SessionEnd};

/// Ends one of the own sessions.
///
/// # Errors
/// 422 `unknown` at the field where the session is another account's, or is over.
pub async fn end(door: &Portal, key: &IdempotencyKey, end: SessionEnd) -> Result<Ended> {
    door.once(key, "session_end", &end.clone(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            match house.sessions_end(account, Which::One(end.id)).await? {
                0 => Err(Problem::field("id", "unknown")),
                _ => Ok(Ended { ended: 1 }),
            }
        }
        .boxed()
    })
    .await
}

/// Ends every session but the one that asks.
///
/// # Errors
/// 503 when a database does not answer.
pub async fn end_others(door: &Portal, key: &IdempotencyKey) -> Result<Ended> {
    let this = door.session().id;
    door.once(key, "sessions_end_others", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let ended = house.sessions_end(account, Which::Others(this)).await?;
            Ok(Ended { ended: u32::try_from(ended).unwrap_or(u32::MAX) })
        }
        .boxed()
    })
    .await
}
