//! Passkeys of the own account: added, used for a proof, taken away. The last second factor of somebody who
//! administers a school stays, whichever it is.

use kd_ctx::FutureExt as _;
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{Problem, Result};

use super::allow;
use super::factors::{Gone, take_away};
use crate::passkeys::{self, Purpose};
use crate::store;
use crate::wire::own::Done;
use crate::wire::passkeys::{PasskeyChallenge, PasskeyNew, PasskeyRemove};

/// Asks for a new passkey.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 409 `accounts.passkeys-full`.
pub async fn begin(door: &Portal, key: &IdempotencyKey) -> Result<PasskeyChallenge> {
    door.fresh()?;
    let done = door.once(key, "passkey_begin", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let login = store::login_of(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
            passkeys::ask_new(house, account, &login).await?;
            Ok(Done { done: true })
        }
        .boxed()
    });
    done.await?;
    Ok(PasskeyChallenge { options: passkeys::asked(door.house(), door.account(), Purpose::Add).await? })
}

/// Adds the passkey that has answered.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 409 `accounts.passkey-over` or `accounts.passkey-known`; 422 `passkey-wrong` at
/// the field `answer`.
pub async fn add(door: &Portal, key: &IdempotencyKey, new: PasskeyNew) -> Result<Done> {
    door.fresh()?;
    let done = door.once(key, "passkey_add", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            if let Some(fresh) = passkeys::new(house, account, (new.kind, new.answer)).await? {
                store::add_passkey(house.store.platform(), fresh).await?;
                tracing::info!(%account, "a passkey was added");
            }
            Ok(Done { done: true })
        }
        .boxed()
    });
    done.await
}

/// Takes a passkey away, as a second factor is taken away.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 409 `accounts.factor-required`; 422 `unknown` at the field `id`, or what is said
/// of the password; 429; 503 where a school of the account does not answer.
pub async fn remove(door: &Portal, key: &IdempotencyKey, remove: PasskeyRemove) -> Result<Done> {
    take_away(door, key, Gone::Passkey(remove.id), remove.password).await
}

/// Asks one of the own passkeys for a proof.
///
/// # Errors
/// 409 `accounts.passkey-missing`.
pub async fn proof(door: &Portal, key: &IdempotencyKey) -> Result<PasskeyChallenge> {
    let done = door.once(key, "passkey_proof", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            passkeys::ask(house, account, Purpose::Proof).await?;
            Ok(Done { done: true })
        }
        .boxed()
    });
    done.await?;
    Ok(PasskeyChallenge { options: passkeys::asked(door.house(), door.account(), Purpose::Proof).await? })
}
