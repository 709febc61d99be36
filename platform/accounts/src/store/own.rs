//! The rows of the own account: password, login, address, second factor, recovery codes, single-use secrets.

use chrono::{DateTime, Utc};
use kd_ctx::Member;
use kd_kernel::{AccountId, Problem, Result, Tongue};
use kd_store::{PlatformTx, fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// Wrong codes of a letter that are looked at.
const TRIES: i32 = 5;

/// An account as its owner sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Own {
    pub login: String,
    language: String,
    pub email: Option<String>,
    pub email_waits: bool,
    pub has_factor: bool,
    pub has_app: bool,
    pub codes: i64,
    pub password_set_at: DateTime<Utc>,
}

impl Own {
    pub(crate) fn language(&self) -> Result<Tongue> {
        tongue(&self.language)
    }
}

fn tongue(code: &str) -> Result<Tongue> {
    Tongue::of_code(code).ok_or_else(|| Problem::internal("an account in no language"))
}

/// An account that lives.
pub(crate) async fn own(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Own>> {
    sql::one(
        db,
        "SELECT a.login, a.language, a.email, a.totp_seed IS NOT NULL AS has_app, a.password_set_at, \
         a.totp_seed IS NOT NULL OR EXISTS (SELECT FROM platform.passkey p WHERE p.account_id = a.id) AS has_factor, \
         (SELECT count(*) FROM platform.recovery_code c WHERE c.account_id = a.id AND c.used_at IS NULL) AS codes, \
         EXISTS (SELECT FROM platform.account_token t WHERE t.account_id = a.id AND t.purpose = 'email' \
         AND t.ended_at IS NULL AND t.expires_at > now()) AS email_waits \
         FROM platform.account a WHERE a.id = $1 AND a.state IN ('active', 'activating')",
        [account.into()],
    )
    .await
}

/// The hash of an account's password.
pub(crate) async fn password_hash(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        password_hash: String,
    }
    let row: Option<Row> =
        sql::one(db, "SELECT password_hash FROM platform.account WHERE id = $1", [account.into()]).await?;
    Ok(row.map(|row| row.password_hash))
}

/// Holds a living account until the transaction ends; false where it does not live. Whoever uses up a secret and
/// puts a password by it holds the account first, so that two of them wait for each other in one order.
pub(crate) async fn hold(tx: &PlatformTx, account: AccountId) -> Result<bool> {
    let held = sql::run(
        tx,
        "SELECT FROM platform.account WHERE id = $1 AND state = 'active' FOR NO KEY UPDATE",
        [account.into()],
    );
    Ok(held.await? == 1)
}

/// Puts a new password. No other way to one outlives it: a link that waits in a letter ends, and so does a card
/// of a reset, with what it opened. What the caller came by is used up before.
pub(crate) async fn put_password(tx: &PlatformTx, account: AccountId, hash: &str, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        tx,
        "UPDATE platform.account SET password_hash = $2, password_set_at = $3 WHERE id = $1",
        [account.into(), hash.into(), now.into()],
    )
    .await?;
    end_recoveries(tx, account, now).await?;
    super::void_resets(tx, account, (now, None)).await
}

/// Ends the links of a recovery that wait in a letter.
async fn end_recoveries(tx: &PlatformTx, account: AccountId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        tx,
        "UPDATE platform.account_token SET ended_at = $2 WHERE account_id = $1 AND purpose = 'recovery' AND ended_at IS NULL",
        [account.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Nobody's password from now on; a link that waits in a letter is void too, and so is the card of a reset. Where a
/// moment is given, nothing that came after it is touched: false where the password did.
pub(crate) async fn void_password(
    db: &impl ConnectionTrait,
    account: AccountId,
    (now, until): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> Result<bool> {
    let voided = sql::run(
        db,
        "UPDATE platform.account SET password_hash = 'none' \
         WHERE id = $1 AND ($2::timestamptz IS NULL OR password_set_at <= $2)",
        [account.into(), until.into()],
    );
    if voided.await? == 0 {
        return Ok(false);
    }
    super::void_resets(db, account, (now, until)).await?;
    sql::run(
        db,
        "UPDATE platform.account_token SET ended_at = created_at \
         WHERE account_id = $1 AND ended_at IS NULL AND ($2::timestamptz IS NULL OR created_at <= $2)",
        [account.into(), until.into()],
    )
    .await?;
    Ok(true)
}

/// Puts another login.
///
/// # Errors
/// 422 `login-taken` at the field.
pub(crate) async fn put_login(tx: &PlatformTx, account: AccountId, login: &str) -> Result<()> {
    sql::run(tx, "UPDATE platform.account SET login = $2 WHERE id = $1", [account.into(), login.into()])
        .await
        .map_err(|error| fault::on_constraint(error, "account_login_key", || Problem::field("login", "login-taken")))?;
    Ok(())
}

/// Puts the language of letters.
pub(crate) async fn put_language(db: &impl ConnectionTrait, account: AccountId, language: Tongue) -> Result<()> {
    sql::run(db, "UPDATE platform.account SET language = $2 WHERE id = $1", [account.into(), language.code().into()])
        .await?;
    Ok(())
}

/// Puts a confirmed address. A link that was sent to the former one ends.
pub(crate) async fn put_email(tx: &PlatformTx, account: AccountId, email: &str, now: DateTime<Utc>) -> Result<()> {
    sql::run(tx, "UPDATE platform.account SET email = $2 WHERE id = $1", [account.into(), email.into()]).await?;
    end_recoveries(tx, account, now).await
}

/// The sealed seed of an account's second factor.
pub(crate) async fn factor_seed(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Row {
        totp_seed: Option<Vec<u8>>,
    }
    let row: Option<Row> =
        sql::one(db, "SELECT totp_seed FROM platform.account WHERE id = $1", [account.into()]).await?;
    Ok(row.and_then(|row| row.totp_seed))
}

/// Lets a seed wait with the account, unless one waits already.
pub(crate) async fn pending_factor(db: &impl ConnectionTrait, account: AccountId, sealed: Vec<u8>) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.account SET pending_totp = coalesce(pending_totp, $2) WHERE id = $1",
        [account.into(), sealed.into()],
    )
    .await?;
    Ok(())
}

/// The seed that waits.
pub(crate) async fn waiting_factor(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Row {
        pending_totp: Option<Vec<u8>>,
    }
    let row: Option<Row> =
        sql::one(db, "SELECT pending_totp FROM platform.account WHERE id = $1", [account.into()]).await?;
    Ok(row.and_then(|row| row.pending_totp))
}

/// Puts a second factor with the step of the code that proved it, or takes it away; nothing waits then.
pub(crate) async fn put_factor(tx: &PlatformTx, account: AccountId, factor: Option<(Vec<u8>, i64)>) -> Result<()> {
    let (seed, step) = factor.map_or((None, 0), |(seed, step)| (Some(seed), step));
    sql::run(
        tx,
        "UPDATE platform.account SET totp_seed = $2, totp_step = $3, pending_totp = NULL WHERE id = $1",
        [account.into(), seed.into(), step.into()],
    )
    .await?;
    Ok(())
}

/// Puts new recovery codes in the place of the former ones.
pub(crate) async fn put_codes(tx: &PlatformTx, account: AccountId, codes: Vec<(Uuid, Vec<u8>)>) -> Result<()> {
    sql::run(tx, "DELETE FROM platform.recovery_code WHERE account_id = $1", [account.into()]).await?;
    for (id, hash) in codes {
        sql::run(
            tx,
            "INSERT INTO platform.recovery_code (id, account_id, hash) VALUES ($1, $2, $3)",
            [id.into(), account.into(), hash.into()],
        )
        .await?;
    }
    Ok(())
}

/// Uses a recovery code up, once.
pub(crate) async fn take_recovery_code(
    db: &impl ConnectionTrait,
    account: AccountId,
    hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE platform.recovery_code SET used_at = $3 WHERE account_id = $1 AND hash = $2 AND used_at IS NULL",
        [account.into(), hash.into(), now.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// A single-use secret to be written.
pub(crate) struct NewToken {
    pub id: Uuid,
    pub account: AccountId,
    pub purpose: &'static str,
    pub hash: Vec<u8>,
    pub address_sealed: Option<Vec<u8>>,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Writes a single-use secret; the former one of the same purpose is void.
pub(crate) async fn add_token(tx: &PlatformTx, new: NewToken) -> Result<()> {
    sql::run(
        tx,
        "UPDATE platform.account_token SET ended_at = $3 WHERE account_id = $1 AND purpose = $2 AND ended_at IS NULL",
        [new.account.into(), new.purpose.into(), new.now.into()],
    )
    .await?;
    sql::run(
        tx,
        "INSERT INTO platform.account_token (id, account_id, purpose, hash, address_sealed, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            new.id.into(),
            new.account.into(),
            new.purpose.into(),
            new.hash.into(),
            new.address_sealed.into(),
            new.now.into(),
            new.expires_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A single-use secret that is good.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Token {
    pub id: Uuid,
    pub account_id: AccountId,
    pub hash: Vec<u8>,
    pub address_sealed: Option<Vec<u8>>,
}

/// The secret that waits for an account and a purpose, one try counted ahead; nothing after five.
pub(crate) async fn try_token(
    db: &impl ConnectionTrait,
    (account, purpose): (AccountId, &'static str),
    now: DateTime<Utc>,
) -> Result<Option<Token>> {
    sql::one(
        db,
        "UPDATE platform.account_token SET tries = tries + 1 WHERE account_id = $1 AND purpose = $2 AND ended_at IS NULL \
         AND expires_at > $3 AND tries < $4 RETURNING id, account_id, hash, address_sealed",
        [account.into(), purpose.into(), now.into(), TRIES.into()],
    )
    .await
}

/// The recovery of a hash, while it is good.
pub(crate) async fn token_of_hash(db: &impl ConnectionTrait, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Token>> {
    sql::one(
        db,
        "SELECT id, account_id, hash, address_sealed FROM platform.account_token \
         WHERE hash = $1 AND purpose = 'recovery' AND ended_at IS NULL AND expires_at > $2",
        [hash.to_vec().into(), now.into()],
    )
    .await
}

/// Uses a secret up, once.
pub(crate) async fn end_token(tx: &PlatformTx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let rows = sql::run(
        tx,
        "UPDATE platform.account_token SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2",
        [id.into(), now.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// Somebody who can be written to for a recovery.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Recoverable {
    pub id: AccountId,
    pub email: String,
    language: String,
}

impl Recoverable {
    pub(crate) fn language(&self) -> Result<Tongue> {
        tongue(&self.language)
    }
}

/// The user of a login, where an address is confirmed. Operators have no recovery.
pub(crate) async fn recoverable(db: &impl ConnectionTrait, login: &str) -> Result<Option<Recoverable>> {
    sql::one(
        db,
        "SELECT id, email, language FROM platform.account WHERE login = $1 AND kind = 'user' AND state = 'active' \
         AND email IS NOT NULL",
        [login.into()],
    )
    .await
}

/// The profiles of an account.
pub(crate) async fn members(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Member>> {
    sql::all(
        db,
        "SELECT school_id, profile_id FROM platform.membership WHERE account_id = $1 ORDER BY created_at, profile_id",
        [account.into()],
    )
    .await
}
