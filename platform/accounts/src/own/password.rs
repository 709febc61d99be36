//! A new password, login or language. A new password ends every other session and brings a new token for
//! this one (S30, S32).

use kd_ctx::sessions::Which;
use kd_ctx::{FutureExt as _, Scope};
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{Problem, Result};
use sea_orm::TransactionTrait;
use zeroize::Zeroizing;

use super::allow;
use crate::passwords::{Hasher, check_password};
use crate::sign_in::slow_down;
use crate::standing::Standing;
use crate::wire::own::{Done, LanguagePut, LoginPut, PasswordPut};
use crate::{Entrance, rules, sessions, store};

/// Puts a new password in the place of the old one.
///
/// # Errors
/// 422 `password-wrong` at `old`, the policy's faults at `new`; 429; 503 where a school of the account does not
/// answer.
pub async fn password(door: &Portal, key: &IdempotencyKey, put: PasswordPut) -> Result<Entrance<Done>> {
    let (house, account) = (door.house(), door.account());
    let own = store::own(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    let (limits, subject) = (house.cache.limits(), format!("own-password:{account}"));
    limits.attempt(&subject, house.clock.now()).await.map_err(slow_down)?;
    let hash = store::password_hash(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    let hasher = Hasher::shared();
    // The same change sent again after its answer was lost: the new password is the password by now.
    let again = hasher.verify(&put.new, &hash).await?.ok;
    if !again && !hasher.verify(&put.old, &hash).await?.ok {
        tracing::info!(%account, "a wrong password at its change");
        return Err(Problem::field("old", "password-wrong"));
    }
    limits.succeeded(&subject).await;
    if put.old == put.new {
        return Err(Problem::field("new", "password-same"));
    }
    let policy = Standing::of(house, account).await?.known()?.policy(own.has_factor);
    let (typed, login) = (Zeroizing::new(put.new.clone()), own.login);
    // Estimating takes milliseconds, which other requests need not wait for.
    let fault = tokio::task::spawn_blocking(move || check_password(&typed, policy, &[&login]).err());
    if let Some(fault) = fault.await.map_err(Problem::internal)? {
        return Err(Problem::field("new", fault));
    }
    let fresh = hasher.hash(&house.chance, &put.new).await?;
    let done = door.once(key, "account_password", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let tx = house.store.platform().begin().await?;
            store::put_password(&tx, account, &fresh, house.clock.now()).await?;
            tx.commit().await?;
            Ok(Done { done: true })
        }
        .boxed()
    });
    let answer = done.await?;
    house.sessions_end(account, Which::All).await?;
    let token = sessions::open(house, account, "active", Scope::User).await?.ok_or_else(Problem::unauthorized)?;
    Ok(Entrance { answer, scope: Scope::User, token: Some(token) })
}

/// Chooses another login.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 422 `login-format` or `login-taken` at the field.
pub async fn login(door: &Portal, key: &IdempotencyKey, put: LoginPut) -> Result<Done> {
    door.fresh()?;
    door.once(key, "account_login", &put.clone(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let login = rules::login(&put.login).ok_or_else(|| Problem::field("login", "login-format"))?;
            let tx = house.store.platform().begin().await?;
            if store::login_of(&tx, account).await?.as_deref() != Some(&login) {
                if !store::claim_login(&tx, &login, None).await? {
                    return Err(Problem::field("login", "login-taken"));
                }
                store::put_login(&tx, account, &login).await?;
            }
            tx.commit().await?;
            Ok(Done { done: true })
        }
        .boxed()
    })
    .await
}

/// Chooses the language of letters and of the first page.
///
/// # Errors
/// 503 when a database does not answer.
pub async fn language(door: &Portal, key: &IdempotencyKey, put: LanguagePut) -> Result<Done> {
    door.once(key, "account_language", &put, |turn| {
        async move {
            let (house, account) = allow(turn)?;
            store::put_language(house.store.platform(), account, put.language).await?;
            Ok(Done { done: true })
        }
        .boxed()
    })
    .await
}
