//! The room's SQL on the platform's tables: accounts, credentials, sessions' ends; and what a
//! registration writes in a school: that a profile has an account.

mod credentials;
mod own;
mod passkeys;
mod profiles;
mod restrictions;

use chrono::{DateTime, Utc};
use kd_kernel::{AccountId, ApplicationId, CredentialId, Problem, Result, SchoolId, Tongue};
use kd_store::{PlatformTx, fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

pub(crate) use credentials::*;
pub(crate) use own::*;
pub(crate) use passkeys::*;
pub(crate) use profiles::*;
pub(crate) use restrictions::*;

/// Whether an account has a second factor, which whoever administers a school must have.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn has_second_factor(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    Ok(factors(db, account).await? > 0)
}

/// Who stands behind a login: an account, or a temporary credential.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Found {
    /// `account` or `credential`.
    pub what: String,
    pub id: Uuid,
    /// `user`, `operator`, `activation` or `initial`.
    pub kind: String,
    pub state: String,
    pub hash: String,
    pub totp_seed: Option<Vec<u8>>,
    pub has_passkey: bool,
}

/// Looks a login up among accounts, then among credentials, in one question.
pub(crate) async fn find(db: &impl ConnectionTrait, login: &str) -> Result<Option<Found>> {
    sql::one(
        db,
        "SELECT 'account' AS what, id, kind, state, password_hash AS hash, totp_seed, \
         EXISTS (SELECT FROM platform.passkey p WHERE p.account_id = a.id) AS has_passkey \
         FROM platform.account a WHERE login = $1 \
         UNION ALL SELECT 'credential', id, purpose, state, hash, NULL, false FROM platform.credential WHERE login = $1 \
         ORDER BY what LIMIT 1",
        [login.into()],
    )
    .await
}

/// Holds a login until the transaction ends, whoever else wants it; says whether it is free.
pub(crate) async fn claim_login(tx: &PlatformTx, login: &str, own: Option<CredentialId>) -> Result<bool> {
    sql::run(tx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", [login.into()]).await?;
    sql::scalar(
        tx,
        "SELECT NOT EXISTS (SELECT FROM platform.account WHERE login = $1) \
         AND NOT EXISTS (SELECT FROM platform.credential WHERE login = $1 AND id IS DISTINCT FROM $2)",
        [login.into(), own.into()],
    )
    .await
}

/// Whether nobody has a login at this moment.
pub(crate) async fn is_free(db: &impl ConnectionTrait, login: &str, own: CredentialId) -> Result<bool> {
    sql::scalar(
        db,
        "SELECT NOT EXISTS (SELECT FROM platform.account WHERE login = $1) \
         AND NOT EXISTS (SELECT FROM platform.credential WHERE login = $1 AND id <> $2)",
        [login.into(), own.into()],
    )
    .await
}

/// An account to be made.
pub(crate) struct NewAccount<'a> {
    pub id: AccountId,
    pub login: &'a str,
    pub kind: &'static str,
    pub state: &'static str,
    pub hash: &'a str,
    pub language: Tongue,
    pub totp: Option<(Vec<u8>, i64)>,
    pub now: DateTime<Utc>,
}

/// Makes an account.
///
/// # Errors
/// 422 `login-taken` at the field.
pub(crate) async fn add_account(tx: &PlatformTx, new: NewAccount<'_>) -> Result<()> {
    let (seed, step) = new.totp.map_or((None, 0), |(seed, step)| (Some(seed), step));
    sql::run(
        tx,
        "INSERT INTO platform.account (id, login, kind, state, password_hash, language, totp_seed, totp_step, created_at, \
         password_set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        [
            new.id.into(),
            new.login.into(),
            new.kind.into(),
            new.state.into(),
            new.hash.into(),
            new.language.code().into(),
            seed.into(),
            step.into(),
            new.now.into(),
        ],
    )
    .await
    .map_err(|error| fault::on_constraint(error, "account_login_key", || Problem::field("login", "login-taken")))?;
    Ok(())
}

/// Notes which agreement was accepted.
pub(crate) async fn accept_terms(
    tx: &PlatformTx,
    account: AccountId,
    (version, language): (&str, Tongue),
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        tx,
        "INSERT INTO platform.terms_acceptance (account_id, version, language, accepted_at) VALUES ($1, $2, $3, $4)",
        [account.into(), version.into(), language.code().into(), now.into()],
    )
    .await?;
    Ok(())
}

/// An application's administrator has registered. False where it does not wait for that.
pub(crate) async fn application_registered(
    tx: &PlatformTx,
    application: ApplicationId,
    account: AccountId,
    (event, now): (Uuid, DateTime<Utc>),
) -> Result<bool> {
    let rows = sql::run(
        tx,
        "UPDATE platform.application SET account_id = $2, state = 'registered', version = version + 1 \
         WHERE id = $1 AND state IN ('approved', 'invited') AND account_id IS NULL",
        [application.into(), account.into()],
    )
    .await?;
    if rows == 0 {
        return Ok(false);
    }
    sql::run(
        tx,
        "INSERT INTO platform.application_event (id, application_id, kind, at) VALUES ($1, $2, 'registered', $3)",
        [event.into(), application.into(), now.into()],
    )
    .await?;
    Ok(true)
}

/// Takes a step of the second factor, once.
pub(crate) async fn take_step(db: &impl ConnectionTrait, account: AccountId, step: i64) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE platform.account SET totp_step = $2 WHERE id = $1 AND totp_step < $2",
        [account.into(), step.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// Puts a hash of today's parameters in the place of an older one, if that is still there.
pub(crate) async fn rehash(db: &impl ConnectionTrait, account: AccountId, old: &str, new: &str) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.account SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        [account.into(), old.into(), new.into()],
    )
    .await?;
    Ok(())
}

/// The epoch of an account in this state, whose row is held until the transaction ends.
pub(crate) async fn hold_account(tx: &PlatformTx, account: AccountId, state: &str) -> Result<Option<i32>> {
    #[derive(FromQueryResult)]
    struct Epoch {
        epoch: i32,
    }
    let row: Option<Epoch> = sql::one(
        tx,
        "SELECT epoch FROM platform.account WHERE id = $1 AND state = $2 FOR UPDATE",
        [account.into(), state.into()],
    )
    .await?;
    Ok(row.map(|r| r.epoch))
}

/// Ends the oldest living sessions of an account, so that at most `keep` are left.
pub(crate) async fn trim_sessions(tx: &PlatformTx, account: AccountId, keep: i64, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        tx,
        "UPDATE platform.session SET ended_at = $3 WHERE id IN (SELECT id FROM platform.session WHERE account_id = $1 \
         AND ended_at IS NULL ORDER BY created_at DESC, id DESC OFFSET $2)",
        [account.into(), keep.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Moves an account from one state to another; false where it is not in the first.
pub(crate) async fn move_account(
    db: &impl ConnectionTrait,
    account: AccountId,
    (from, to): (&'static str, &'static str),
) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE platform.account SET state = $3, epoch = epoch + CASE WHEN $3 IN ('closed', 'restricted') THEN 1 ELSE 0 END \
         WHERE id = $1 AND state = $2",
        [account.into(), from.into(), to.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// The login of an account.
pub(crate) async fn login_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Login {
        login: String,
    }
    let row: Option<Login> = sql::one(db, "SELECT login FROM platform.account WHERE id = $1", [account.into()]).await?;
    Ok(row.map(|r| r.login))
}

/// Writes that a profile's account is a member of the school; nothing happens where it is written.
pub(crate) async fn add_membership(
    tx: &PlatformTx,
    (account, profile): (AccountId, kd_kernel::ProfileId),
    school: SchoolId,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        tx,
        "INSERT INTO platform.membership (profile_id, account_id, school_id, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (profile_id) DO NOTHING",
        [profile.into(), account.into(), school.into(), now.into()],
    )
    .await?;
    Ok(())
}
