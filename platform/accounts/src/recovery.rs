//! Recovery by a confirmed address, on the public site. Whoever asks gets one answer, whether or not there is
//! such a login or an address (S18). The letter carries a link with a token of 256 bits, good once and for half an
//! hour; it lets a new password be chosen, and nothing else: the second factor is asked at the next sign-in
//! as ever (S26).

use std::time::Duration;

use chrono::TimeDelta;
use data_encoding::HEXLOWER;
use kd_http::Visitor;
use kd_kernel::{AccountId, Problem, Result};
use sea_orm::TransactionTrait;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::letters::{Tells, letter};
use crate::passwords::{Hasher, Policy, check_password};
use crate::rules;
use crate::sign_in::slow_down;
use crate::standing::Standing;
use crate::store::{self, NewToken};
use crate::wire::own::{Done, RecoveryAsk, RecoveryFinish};

/// How long the link of a letter is good.
const VALID: TimeDelta = TimeDelta::minutes(30);

/// When a question is answered, whatever was done meanwhile.
const ANSWERED_AFTER: Duration = Duration::from_millis(150);

/// Asks for a letter.
///
/// # Errors
/// 429 `accounts.slow-down` after five questions for one login, or thirty from one address, within an hour.
pub async fn ask(visitor: &Visitor, ask: &RecoveryAsk) -> Result<Done> {
    let house = &visitor.house;
    let (login, now, limits) = (rules::folded(&ask.login), house.clock.now(), house.cache.limits());
    let (most, window) = (rules::LETTERS, rules::LETTERS_WINDOW);
    limits.hit("recovery-login", &login, most, window, now).await.map_err(slow_down)?;
    let ip = visitor.ip.to_string();
    limits.hit("recovery-address", &ip, rules::RECOVERIES, window, now).await.map_err(slow_down)?;
    let began = tokio::time::Instant::now();
    let secret = HEXLOWER.encode(&house.chance.bytes::<32>());
    let id: uuid::Uuid = house.id();
    let known = store::recoverable(house.store.platform(), &login).await?;
    let tx = house.store.platform().begin().await?;
    if let Some(known) = known {
        let new = NewToken {
            id,
            account: known.id,
            purpose: "recovery",
            hash: hash(&secret),
            address_sealed: None,
            now,
            expires_at: now + VALID,
        };
        store::add_token(&tx, new).await?;
        let tells = Tells::Recovery { token: &secret, minutes: VALID.num_minutes() };
        let text = letter(house, known.language()?, tells, (known.email.clone(), format!("recovery:{id}")))?;
        house.letter(&tx, text).await?;
    }
    tx.commit().await?;
    // Writing takes a little longer than not writing: both are answered at the same moment.
    tokio::time::sleep_until(began + ANSWERED_AFTER).await;
    tracing::info!("a recovery was asked for");
    Ok(Done { done: true })
}

/// Chooses a new password by the token of a letter: every session ends, and a letter says so.
///
/// # Errors
/// 409 `accounts.link-over` where the token is unknown, used or over; 422 with the policy's faults at `password`;
/// 503 where a school of the account does not answer.
pub async fn finish(visitor: &Visitor, finish: &RecoveryFinish) -> Result<Done> {
    let house = &visitor.house;
    let (now, db) = (house.clock.now(), house.store.platform());
    let over = || Problem::conflict("accounts.link-over");
    let token = store::token_of_hash(db, &hash(finish.token.trim()), now).await?.ok_or_else(over)?;
    let account: AccountId = token.account_id;
    let own = store::own(db, account).await?.ok_or_else(over)?;
    // The strictest of all schools of the account counts.
    let policy =
        if own.has_factor { Policy::WithCode } else { Standing::of(house, account).await?.known()?.policy(false) };
    let (typed, login) = (Zeroizing::new(finish.password.clone()), own.login.clone());
    let fault = tokio::task::spawn_blocking(move || check_password(&typed, policy, &[&login]).err());
    if let Some(fault) = fault.await.map_err(Problem::internal)? {
        return Err(Problem::field("password", fault));
    }
    let fresh = Hasher::shared().hash(&house.chance, &finish.password).await?;
    let tx = db.begin().await?;
    if !store::hold(&tx, account).await? || !store::end_token(&tx, token.id, now).await? {
        return Err(over());
    }
    store::put_password(&tx, account, &fresh, now).await?;
    if let Some(address) = own.email.clone() {
        let told = (address, format!("recovered:{}", token.id));
        house.letter(&tx, letter(house, own.language()?, Tells::Recovered, told)?).await?;
    }
    tx.commit().await?;
    house.sessions_end_of(account).await?;
    tracing::info!(%account, "an account was recovered");
    Ok(Done { done: true })
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
