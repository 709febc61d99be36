//! A proof of the own identity in the middle of a session (step-up): the password, and a code or a passkey where
//! the account has a second factor. Wrong proofs are slowed down by a ladder of their own.

use kd_ctx::FutureExt as _;
use kd_ctx::House;
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{AccountId, Problem, Result};
use poem::http::StatusCode;

use super::allow;
use crate::passkeys::Purpose;
use crate::passwords::Hasher;
use crate::sign_in::{Shown, slow_down, take};
use crate::store;
use crate::wire::own::{Done, Proof};

/// Proves who it is; the session is fresh for ten minutes.
///
/// # Errors
/// 422 `password-wrong`, `code-wrong` or `passkey-wrong` at the field; 429.
pub async fn prove(door: &Portal, key: &IdempotencyKey, proof: Proof) -> Result<Done> {
    let (house, account) = (door.house(), door.account());
    let own = store::own(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    password(house, (account, "prove"), &proof.password).await?;
    if own.has_factor {
        let shown = Shown::of(proof.code, proof.passkey);
        let at = if matches!(shown, Shown::Passkey(_)) { ("passkey", "passkey-wrong") } else { ("code", "code-wrong") };
        let taken = take(house, account, Purpose::Proof, shown).await.map_err(|problem| at_field(problem, at))?;
        taken.ok_or_else(|| Problem::field("code", "required"))?;
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
fn at_field(problem: Problem, (field, code): (&'static str, &'static str)) -> Problem {
    if problem.status() == StatusCode::UNAUTHORIZED { Problem::field(field, code) } else { problem }
}
