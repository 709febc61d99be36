//! A proof of the own identity in the middle of a session (step-up): the password, and a code where the
//! account has a second factor. Wrong proofs are slowed down by a ladder of their own.

use kd_ctx::FutureExt as _;
use kd_ctx::House;
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{AccountId, Problem, Result};
use poem::http::StatusCode;

use super::allow;
use crate::passwords::Hasher;
use crate::sign_in::{slow_down, take_code};
use crate::store;
use crate::wire::own::{Done, Proof};

/// Proves who it is; the session is fresh for ten minutes.
///
/// # Errors
/// 422 `password-wrong` at the field; 401-like faults of the code at its field; 429.
pub async fn prove(door: &Portal, key: &IdempotencyKey, proof: Proof) -> Result<Done> {
    let (house, account) = (door.house(), door.account());
    let own = store::own(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    password(house, (account, "prove"), &proof.password).await?;
    if own.has_factor {
        let code = proof.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| Problem::field("code", "required"))?;
        take_code(house, account, code).await.map_err(at_field)?;
    }
    let session = door.session().id;
    // What was typed is no part of what is remembered of the write.
    door.once(key, "account_prove", &(), |turn| {
        async move {
            let (house, _) = allow(turn)?;
            house.session_prove(session).await?;
            Ok(Done { done: true })
        }
        .boxed()
    })
    .await
}

/// Compares a typed password with the account's, as slowly as guesses are slowed down. `what` names the
/// ladder.
///
/// # Errors
/// 422 `password-wrong` at the field `password`; 429.
pub(crate) async fn password(house: &House, (account, what): (AccountId, &str), typed: &str) -> Result<()> {
    let (limits, subject) = (house.cache.limits(), format!("own-{what}:{account}"));
    limits.attempt(&subject, house.clock.now()).await.map_err(slow_down)?;
    let hash = store::password_hash(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    if !Hasher::shared().verify(typed, &hash).await?.ok {
        tracing::info!(%account, what, "a wrong password inside a session");
        return Err(Problem::field("password", "password-wrong"));
    }
    limits.succeeded(&subject).await;
    Ok(())
}

/// The same refusal, as the field's.
fn at_field(problem: Problem) -> Problem {
    if problem.status() == StatusCode::UNAUTHORIZED { Problem::field("code", "code-wrong") } else { problem }
}
