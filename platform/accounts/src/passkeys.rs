//! Passkeys (Web Authentication, level 3): a key in a phone, a computer or a token, which answers a
//! challenge after it has looked at its owner (a finger, a face, a PIN). Here lies its public half alone.
//!
//! What a browser is asked and what it answers are the standard's own JSON, which this room hands through and
//! does not read; what is checked (origin, host, challenge, signature, counter, the look at the owner) the library
//! checks. The challenge is drawn by the library; it is good once, for five minutes.

use chrono::TimeDelta;
use kd_ctx::House;
use kd_kernel::{AccountId, Problem, Result};
use poem::http::StatusCode;
use sea_orm::TransactionTrait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn,
    WebauthnBuilder,
};

use crate::sign_in::slow_down;
use crate::store::{self, NewChallenge, NewPasskey, PasskeyRow};
use crate::wire::passkeys::PasskeyKind;

/// How long a challenge waits.
const VALID: TimeDelta = TimeDelta::minutes(5);

/// Passkeys that one account may have.
const MOST: usize = 10;

/// What a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A new passkey.
    Add,
    /// A proof in the middle of a session.
    Proof,
    /// The second step of signing in.
    SignIn,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Proof => "proof",
            Self::SignIn => "sign-in",
        }
    }
}

/// Asks for a new passkey, which is none of those that the account has.
///
/// # Errors
/// 409 `accounts.passkeys-full` after ten.
pub(crate) async fn ask_new(house: &House, account: AccountId, login: &str) -> Result<()> {
    let keys = keys(&store::passkeys(house.store.platform(), account).await?)?;
    if keys.len() >= MOST {
        return Err(Problem::conflict("accounts.passkeys-full"));
    }
    let known = keys.iter().map(|key| key.cred_id().clone()).collect();
    // The name is for the owner's list of passkeys on the device, and is kept there.
    let (asked, checks) = party(house)?
        .start_passkey_registration(account.0, login, login, Some(known))
        .map_err(|error| Problem::internal(error.to_string()))?;
    put(house, (account, Purpose::Add), (&asked.public_key, &checks)).await
}

/// Asks for one of the account's passkeys.
///
/// # Errors
/// 409 `accounts.passkey-missing` where it has none.
pub(crate) async fn ask(house: &House, account: AccountId, purpose: Purpose) -> Result<()> {
    let keys = keys(&store::passkeys(house.store.platform(), account).await?)?;
    if keys.is_empty() {
        return Err(Problem::conflict("accounts.passkey-missing"));
    }
    let (asked, checks) =
        party(house)?.start_passkey_authentication(&keys).map_err(|error| Problem::internal(error.to_string()))?;
    put(house, (account, purpose), (&asked.public_key, &checks)).await
}

/// What is asked at this moment, in the standard's JSON.
///
/// # Errors
/// 409 `accounts.passkey-over` where nothing is.
pub(crate) async fn asked(house: &House, account: AccountId, purpose: Purpose) -> Result<Value> {
    let waits = store::challenge(house.store.platform(), (account, purpose.name()), house.clock.now()).await?;
    waits.ok_or_else(over)
}

/// The new passkey that an answer brings, ready to be written; nothing where the account has it: the first time that
/// the same was sent was cut after the platform had written it.
///
/// # Errors
/// 409 `accounts.passkey-over` where no challenge waits; 422 `passkey-wrong` at the field `answer`.
pub(crate) async fn new(
    house: &House,
    account: AccountId,
    (kind, answer): (PasskeyKind, Value),
) -> Result<Option<NewPasskey>> {
    let (db, now) = (house.store.platform(), house.clock.now());
    let checks = store::take_challenge(db, (account, Purpose::Add.name()), now).await?;
    let answer = serde_json::from_value::<RegisterPublicKeyCredential>(answer).ok();
    let Some(checks) = checks else {
        let there = match answer {
            Some(answer) => store::has_passkey(db, (account, answer.raw_id)).await?,
            None => false,
        };
        return if there { Ok(None) } else { Err(over()) };
    };
    let checks: PasskeyRegistration = read(checks)?;
    let wrong = || Problem::field("answer", "passkey-wrong");
    let key = party(house)?.finish_passkey_registration(&answer.ok_or_else(wrong)?, &checks).map_err(|error| {
        tracing::info!(%account, %error, "a new passkey was refused");
        wrong()
    })?;
    Ok(Some(NewPasskey {
        id: house.id(),
        account,
        kind: kind.name(),
        credential: key.cred_id().to_vec(),
        public_key: written(&key)?,
        now,
    }))
}

/// Takes the answer of one of the account's passkeys. Wrong ones are slowed down together with wrong codes: a right
/// password does not take that away.
///
/// # Errors
/// 401 `accounts.passkey-wrong`; 429 `accounts.slow-down`.
pub(crate) async fn take(house: &House, account: AccountId, purpose: Purpose, answer: Value) -> Result<()> {
    let (limits, subject) = (house.cache.limits(), format!("code:{account}"));
    limits.attempt(&subject, house.clock.now()).await.map_err(slow_down)?;
    if !answers(house, account, purpose, answer).await? {
        tracing::info!(%account, "a wrong answer of a passkey");
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "accounts.passkey-wrong"));
    }
    limits.succeeded(&subject).await;
    Ok(())
}

async fn answers(house: &House, account: AccountId, purpose: Purpose, answer: Value) -> Result<bool> {
    let (db, now) = (house.store.platform(), house.clock.now());
    let Some(checks) = store::take_challenge(db, (account, purpose.name()), now).await? else { return Ok(false) };
    let checks: PasskeyAuthentication = read(checks)?;
    let Ok(answer) = serde_json::from_value::<PublicKeyCredential>(answer) else { return Ok(false) };
    let seen = match party(house)?.finish_passkey_authentication(&answer, &checks) {
        Ok(seen) => seen,
        Err(error) => {
            tracing::info!(%account, %error, "what a passkey answered does not hold");
            return Ok(false);
        }
    };
    let tx = db.begin().await?;
    // Taken away while the challenge waited, it opens nothing.
    let Some(row) = store::hold_passkey(&tx, (account, seen.cred_id().to_vec())).await? else { return Ok(false) };
    let mut key: Passkey = read(row.public_key)?;
    key.update_credential(&seen);
    store::passkey_used(&tx, row.id, written(&key)?, now).await?;
    tx.commit().await?;
    Ok(true)
}

async fn put(
    house: &House,
    (account, purpose): (AccountId, Purpose),
    (asked, checks): (&impl Serialize, &impl Serialize),
) -> Result<()> {
    let challenge = NewChallenge {
        id: house.id(),
        account,
        purpose: purpose.name(),
        asked: written(asked)?,
        checks: written(checks)?,
        expires_at: house.clock.now() + VALID,
    };
    store::put_challenge(house.store.platform(), challenge).await
}

/// The party that passkeys are bound to: the host of the portals, at their origin alone.
fn party(house: &House) -> Result<Webauthn> {
    let origin = Url::parse(&house.settings.portal_url).map_err(Problem::internal)?;
    let host = origin.domain().ok_or_else(|| Problem::internal("passkeys need a host name in KUNDELIK_PORTAL_URL"))?;
    let builder = WebauthnBuilder::new(host, &origin).map_err(|error| Problem::internal(error.to_string()))?;
    builder.rp_name("Kundelik").build().map_err(|error| Problem::internal(error.to_string()))
}

fn keys(rows: &[PasskeyRow]) -> Result<Vec<Passkey>> {
    rows.iter().map(|row| read(row.public_key.clone())).collect()
}

fn read<T: DeserializeOwned>(kept: Value) -> Result<T> {
    serde_json::from_value(kept).map_err(Problem::internal)
}

fn written(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(Problem::internal)
}

fn over() -> Problem {
    Problem::conflict("accounts.passkey-over")
}
