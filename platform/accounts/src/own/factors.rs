//! The code app of the own account: set up, renewed, taken away, as every second factor is; and the ten codes for the day on
//! which the phone is gone. A code is shown once and kept as a hash (S25).

use kd_ctx::{FutureExt as _, House};
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{AccountId, PasskeyId, Problem, Result};
use sea_orm::TransactionTrait;
use zeroize::Zeroizing;

use super::{allow, proof};
use crate::passwords::check_password;
use crate::sign_in::seed_context;
use crate::standing::Standing;
use crate::wire::SecondFactor;
use crate::wire::own::{Done, FactorConfirm, FactorRemove, RecoveryCodes};
use crate::{codes, factor, store};

/// Begins a second factor: its seed waits with the account, sealed, until a code proves it. Asked again it is
/// the same seed.
///
/// # Errors
/// 403 `accounts.step-up-needed`.
pub async fn begin(door: &Portal, key: &IdempotencyKey) -> Result<SecondFactor> {
    door.fresh()?;
    let (house, account) = (door.house(), door.account());
    // What is shown is not remembered with the key: the seed would lie in the school.
    let done = door.once(key, "factor_begin", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let fresh = Zeroizing::new(factor::seed(&house.chance));
            let sealed = house.seal.seal(&house.chance, &pending(account), fresh.as_slice());
            store::pending_factor(house.store.platform(), account, sealed).await?;
            Ok(Done { done: true })
        }
        .boxed()
    });
    done.await?;
    let own = store::own(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    let seed = waiting(house, account).await?.ok_or_else(|| Problem::conflict("accounts.factor-not-begun"))?;
    let otpauth_url = factor::url(&own.login, &seed);
    Ok(SecondFactor { secret: factor::base32(&seed), qr_svg: kd_press::qr_svg(&otpauth_url), otpauth_url })
}

/// Proves the seed that waits by a code of it: from now on it is the account's second factor, and ten new
/// recovery codes are shown.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 409 `accounts.factor-not-begun`; 422 `code-wrong` at the field.
pub async fn confirm(door: &Portal, key: &IdempotencyKey, confirm: FactorConfirm) -> Result<RecoveryCodes> {
    door.fresh()?;
    let (house, account) = (door.house(), door.account());
    let seed = waiting(house, account).await?.ok_or_else(|| Problem::conflict("accounts.factor-not-begun"))?;
    let step = factor::step_of(&seed, &confirm.code, house.clock.now())?;
    let step = step.ok_or_else(|| Problem::field("code", "code-wrong"))?;
    let sealed = house.seal.seal(&house.chance, &seed_context(account), &seed);
    let made = codes::draw(&house.chance);
    let hashes = codes::hashes(&made);
    let done = door.once(key, "factor_confirm", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let tx = house.store.platform().begin().await?;
            store::put_factor(&tx, account, Some((sealed, step))).await?;
            store::put_codes(&tx, account, hashes.into_iter().map(|hash| (house.id(), hash)).collect()).await?;
            tx.commit().await?;
            Ok(Done { done: true })
        }
        .boxed()
    });
    done.await?;
    tracing::info!(%account, "a second factor was set up");
    Ok(RecoveryCodes { codes: made })
}

/// What is taken away of the second factors.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Gone {
    /// The code app.
    App,
    /// A passkey.
    Passkey(PasskeyId),
}

impl Gone {
    fn operation(self) -> &'static str {
        match self {
            Self::App => "factor_remove",
            Self::Passkey(_) => "passkey_remove",
        }
    }

    fn passkey(self) -> Option<PasskeyId> {
        match self {
            Self::App => None,
            Self::Passkey(id) => Some(id),
        }
    }
}

/// Takes the code app away, as [`take_away`] does.
///
/// # Errors
/// As there.
pub async fn remove(door: &Portal, key: &IdempotencyKey, remove: FactorRemove) -> Result<Done> {
    take_away(door, key, Gone::App, remove.password).await
}

/// Takes one second factor away. The last one of somebody who administers a school stays (S24), and a password that
/// is only good enough beside it is changed first (decision 13).
///
/// # Errors
/// 403 `accounts.step-up-needed`; 409 `accounts.factor-required`; 422 `password-wrong`, or what the policy
/// without a second factor says of the password; 429; 503 where a school of the account does not answer.
pub(crate) async fn take_away(door: &Portal, key: &IdempotencyKey, gone: Gone, password: String) -> Result<Done> {
    door.fresh()?;
    let (house, account) = (door.house(), door.account());
    if let Gone::Passkey(id) = gone
        && !store::passkeys(house.store.platform(), account).await?.iter().any(|row| row.id == id)
    {
        return Err(Problem::field("id", "unknown"));
    }
    let last = store::factors(house.store.platform(), account).await? <= 1;
    let stood = store::stands(house.store.platform(), account).await?;
    if last {
        may_be_last(house, account, password).await?;
    } else {
        proof::password(house, (account, "factor"), &password).await?;
    }
    door.once(key, gone.operation(), &gone.passkey(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let tx = house.store.platform().begin().await?;
            store::hold_factors(&tx, account).await?;
            match gone {
                Gone::App => store::put_factor(&tx, account, None).await?,
                Gone::Passkey(id) if store::remove_passkey(&tx, account, id).await? => {}
                Gone::Passkey(_) => return Err(Problem::field("id", "unknown")),
            }
            if store::factors(&tx, account).await? == 0 {
                // Another one has gone meanwhile, or a school has come: nobody has asked yet whether this may be
                // the last.
                if !last || stood.1 > 0 || store::stands(&tx, account).await? != stood {
                    return Err(Problem::conflict("accounts.factor-required"));
                }
                store::put_codes(&tx, account, Vec::new()).await?;
            }
            tx.commit().await?;
            tracing::info!(%account, "a second factor was taken away");
            Ok(Done { done: true })
        }
        .boxed()
    })
    .await
}

/// Whether the account may be without any second factor, with the password that it has.
async fn may_be_last(house: &House, account: AccountId, password: String) -> Result<()> {
    let standing = Standing::of(house, account).await?.known()?;
    if standing.administers() {
        return Err(Problem::conflict("accounts.factor-required"));
    }
    proof::password(house, (account, "factor"), &password).await?;
    let policy = standing.policy(false);
    let typed = Zeroizing::new(password);
    // Estimating takes milliseconds, which other requests need not wait for.
    let fault = tokio::task::spawn_blocking(move || check_password(&typed, policy, &[]).err());
    match fault.await.map_err(Problem::internal)? {
        Some(fault) => Err(Problem::field("password", fault)),
        None => Ok(()),
    }
}

/// Draws ten new recovery codes; the former ones are void. Asked again with the same key, because an answer was
/// lost, it draws again: the codes that were shown last are the ones that count.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 409 `accounts.factor-missing` where there is no second factor.
pub async fn renew(door: &Portal, key: &IdempotencyKey) -> Result<RecoveryCodes> {
    door.fresh()?;
    let (house, account) = (door.house(), door.account());
    let own = store::own(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    if !own.has_factor {
        return Err(Problem::conflict("accounts.factor-missing"));
    }
    let made = codes::draw(&house.chance);
    let hashes = codes::hashes(&made);
    let noted = door.once(key, "recovery_codes_renew", &(), |turn| {
        async move {
            allow(turn)?;
            Ok(Done { done: true })
        }
        .boxed()
    });
    noted.await?;
    let tx = house.store.platform().begin().await?;
    store::put_codes(&tx, account, hashes.into_iter().map(|hash| (house.id(), hash)).collect()).await?;
    tx.commit().await?;
    Ok(RecoveryCodes { codes: made })
}

async fn waiting(house: &House, account: AccountId) -> Result<Option<Zeroizing<Vec<u8>>>> {
    match store::waiting_factor(house.store.platform(), account).await? {
        Some(sealed) => Ok(Some(Zeroizing::new(house.seal.open(&pending(account), &sealed)?))),
        None => Ok(None),
    }
}

fn pending(account: AccountId) -> String {
    format!("own-totp:{account}")
}
