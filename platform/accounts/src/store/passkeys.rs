//! The rows of passkeys, and of the challenges that wait to be answered by one.

use chrono::{DateTime, Utc};
use kd_kernel::{AccountId, PasskeyId, Problem, Result};
use kd_store::{PlatformTx, fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

/// A passkey.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct PasskeyRow {
    pub id: PasskeyId,
    pub kind: String,
    pub public_key: Value,
    pub created_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// The passkeys of an account, the oldest first.
pub(crate) async fn passkeys(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<PasskeyRow>> {
    sql::all(
        db,
        "SELECT id, kind, public_key, created_at, used_at FROM platform.passkey WHERE account_id = $1 ORDER BY id",
        [account.into()],
    )
    .await
}

/// The passkey that has answered, held until the transaction ends.
pub(crate) async fn hold_passkey(
    tx: &PlatformTx,
    (account, credential): (AccountId, Vec<u8>),
) -> Result<Option<PasskeyRow>> {
    sql::one(
        tx,
        "SELECT id, kind, public_key, created_at, used_at FROM platform.passkey \
         WHERE account_id = $1 AND credential_id = $2 FOR UPDATE",
        [account.into(), credential.into()],
    )
    .await
}

/// A passkey to be written.
pub(crate) struct NewPasskey {
    pub id: PasskeyId,
    pub account: AccountId,
    pub kind: &'static str,
    pub credential: Vec<u8>,
    pub public_key: Value,
    pub now: DateTime<Utc>,
}

/// Writes a passkey.
///
/// # Errors
/// 409 `accounts.passkey-known` where it is this account's already, or another's.
pub(crate) async fn add_passkey(db: &impl ConnectionTrait, new: NewPasskey) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.passkey (id, account_id, kind, credential_id, public_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        [
            new.id.into(),
            new.account.into(),
            new.kind.into(),
            new.credential.into(),
            new.public_key.into(),
            new.now.into(),
        ],
    )
    .await
    .map_err(|error| {
        fault::on_constraint(error, "passkey_credential_key", || Problem::conflict("accounts.passkey-known"))
    })?;
    Ok(())
}

/// Whether an account has a passkey.
pub(crate) async fn has_passkey(
    db: &impl ConnectionTrait,
    (account, credential): (AccountId, Vec<u8>),
) -> Result<bool> {
    sql::scalar(
        db,
        "SELECT EXISTS (SELECT FROM platform.passkey WHERE account_id = $1 AND credential_id = $2)",
        [account.into(), credential.into()],
    )
    .await
}

/// Notes that a passkey was used, and how far it counts now.
pub(crate) async fn passkey_used(tx: &PlatformTx, id: PasskeyId, key: Value, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        tx,
        "UPDATE platform.passkey SET public_key = $2, used_at = $3 WHERE id = $1",
        [id.into(), key.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Takes a passkey of an account away. False where it has none of this id.
pub(crate) async fn remove_passkey(tx: &PlatformTx, account: AccountId, id: PasskeyId) -> Result<bool> {
    let rows =
        sql::run(tx, "DELETE FROM platform.passkey WHERE id = $1 AND account_id = $2", [id.into(), account.into()])
            .await?;
    Ok(rows == 1)
}

/// How many second factors an account has: the code app counts as one, and each passkey.
pub(crate) async fn factors(db: &impl ConnectionTrait, account: AccountId) -> Result<i64> {
    sql::scalar(
        db,
        "SELECT (SELECT count(*) FROM platform.account WHERE id = $1 AND totp_seed IS NOT NULL) \
         + (SELECT count(*) FROM platform.passkey WHERE account_id = $1)",
        [account.into()],
    )
    .await
}

/// Holds an account until the transaction ends: of two who take its second factors away, one waits.
pub(crate) async fn hold_factors(tx: &PlatformTx, account: AccountId) -> Result<()> {
    sql::run(tx, "SELECT FROM platform.account WHERE id = $1 FOR UPDATE", [account.into()]).await?;
    Ok(())
}

/// A challenge to be put.
pub(crate) struct NewChallenge {
    pub id: Uuid,
    pub account: AccountId,
    pub purpose: &'static str,
    pub asked: Value,
    pub checks: Value,
    pub expires_at: DateTime<Utc>,
}

/// Puts a challenge; the former one of the same purpose is void.
pub(crate) async fn put_challenge(db: &impl ConnectionTrait, new: NewChallenge) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.passkey_challenge (id, account_id, purpose, asked, checks, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT passkey_challenge_one \
         DO UPDATE SET id = $1, asked = $4, checks = $5, expires_at = $6",
        [
            new.id.into(),
            new.account.into(),
            new.purpose.into(),
            new.asked.into(),
            new.checks.into(),
            new.expires_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What is asked, while it waits.
pub(crate) async fn challenge(
    db: &impl ConnectionTrait,
    (account, purpose): (AccountId, &'static str),
    now: DateTime<Utc>,
) -> Result<Option<Value>> {
    #[derive(FromQueryResult)]
    struct Row {
        asked: Value,
    }
    let row: Option<Row> = sql::one(
        db,
        "SELECT asked FROM platform.passkey_challenge WHERE account_id = $1 AND purpose = $2 AND expires_at > $3",
        [account.into(), purpose.into(), now.into()],
    )
    .await?;
    Ok(row.map(|row| row.asked))
}

/// What checks the answer to the challenge that waits, which waits no longer: each is answered once.
pub(crate) async fn take_challenge(
    db: &impl ConnectionTrait,
    (account, purpose): (AccountId, &'static str),
    now: DateTime<Utc>,
) -> Result<Option<Value>> {
    #[derive(FromQueryResult)]
    struct Row {
        checks: Value,
        expires_at: DateTime<Utc>,
    }
    let row: Option<Row> = sql::one(
        db,
        "DELETE FROM platform.passkey_challenge WHERE account_id = $1 AND purpose = $2 RETURNING checks, expires_at",
        [account.into(), purpose.into()],
    )
    .await?;
    Ok(row.filter(|row| row.expires_at > now).map(|row| row.checks))
}
