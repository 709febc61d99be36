//! SQL of restrictions.

use chrono::{DateTime, Utc};
use kd_kernel::{AccountId, Result};
use kd_store::{PlatformTx, fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::wire::restrictions::{Nature, Restriction};

/// A user, with the restriction that holds.
#[derive(Debug, FromQueryResult)]
pub(crate) struct UserRow {
    pub id: AccountId,
    pub login: String,
    pub schools: i64,
    restriction_id: Option<Uuid>,
    nature: Option<Nature>,
    imposed_at: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl UserRow {
    pub(crate) fn restriction(&self) -> Option<Restriction> {
        Some(Restriction {
            id: self.restriction_id?,
            nature: self.nature?,
            imposed_at: self.imposed_at?,
            until: self.until,
        })
    }
}

macro_rules! users {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.login, (SELECT count(*) FROM platform.membership m WHERE m.account_id = a.id) AS schools, \
             r.id AS restriction_id, r.nature, r.imposed_at, r.until FROM platform.account a \
             LEFT JOIN platform.restriction r ON r.account_id = a.id AND r.lifted_at IS NULL \
             WHERE a.kind = 'user' AND ",
            $rest
        )
    };
}

/// A user by the login.
pub(crate) async fn user_of_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<UserRow>> {
    sql::one(db, users!("a.login = $1 AND a.state IN ('active', 'restricted')"), [login.into()]).await
}

/// A user.
pub(crate) async fn user(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<UserRow>> {
    sql::one(db, users!("a.id = $1 AND a.state IN ('active', 'restricted')"), [account.into()]).await
}

/// Those who are kept out, the latest first; at most two hundred.
pub(crate) async fn restricted(db: &impl ConnectionTrait) -> Result<Vec<UserRow>> {
    sql::all(db, users!("r.id IS NOT NULL ORDER BY r.imposed_at DESC LIMIT 200"), []).await
}

/// Those of these accounts that are kept out.
pub(crate) async fn restricted_among(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<Vec<UserRow>> {
    sql::all(db, users!("r.id IS NOT NULL AND a.id = ANY($1)"), [sql::array(accounts.iter().copied())]).await
}

/// A restriction that is imposed.
pub(crate) struct Imposed {
    pub id: Uuid,
    pub account: AccountId,
    pub nature: Nature,
    pub until: Option<DateTime<Utc>>,
    pub by: AccountId,
    pub now: DateTime<Utc>,
}

/// Keeps an account out; 409 where it is kept out already.
pub(crate) async fn impose(tx: &PlatformTx, imposed: &Imposed) -> Result<()> {
    sql::run(
        tx,
        "INSERT INTO platform.restriction (id, account_id, nature, until, imposed_by, imposed_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        [
            imposed.id.into(),
            imposed.account.into(),
            imposed.nature.into(),
            imposed.until.into(),
            imposed.by.into(),
            imposed.now.into(),
        ],
    )
    .await
    .map_err(|error| {
        fault::on_constraint(error, "restriction_one_open", || kd_kernel::Problem::conflict("accounts.restricted"))
    })?;
    super::move_account(tx, imposed.account, ("active", "restricted")).await?;
    Ok(())
}

/// Lifts this very restriction and lets its account in again, whoever asks for it: an operator, or nobody when the
/// time is over. False, and nothing is changed, where it is lifted already or, for nobody, not over yet.
pub(crate) async fn lift(
    tx: &PlatformTx,
    (restriction, account): (Uuid, AccountId),
    (by, now): (Option<AccountId>, DateTime<Utc>),
) -> Result<bool> {
    let rows = sql::run(
        tx,
        "UPDATE platform.restriction SET lifted_by = $3, lifted_at = $4 WHERE id = $1 AND account_id = $2 \
         AND lifted_at IS NULL AND ($3::uuid IS NOT NULL OR until <= $4)",
        [restriction.into(), account.into(), by.into(), now.into()],
    )
    .await?;
    if rows == 0 {
        return Ok(false);
    }
    super::move_account(tx, account, ("restricted", "active")).await?;
    Ok(true)
}

/// Accounts whose time is over.
pub(crate) async fn over(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<UserRow>> {
    sql::all(db, users!("r.until <= $1 LIMIT 100"), [now.into()]).await
}

/// The confirmed address of an account, and the language of its letters.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Address {
    pub email: String,
    pub language: String,
}

/// The confirmed addresses of these accounts.
pub(crate) async fn addresses(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<Vec<Address>> {
    sql::all(
        db,
        "SELECT email, language FROM platform.account WHERE id = ANY($1) AND email IS NOT NULL AND state = 'active'",
        [sql::array(accounts.iter().copied())],
    )
    .await
}

/// The accounts of a school's administrators.
pub(crate) async fn administrators(db: &impl ConnectionTrait) -> Result<Vec<AccountId>> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT p.account_id FROM role_held r JOIN profile p ON p.id = r.profile_id \
         WHERE r.role = 'administrator' AND p.state = 'active' AND p.account_id IS NOT NULL",
        [],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.account_id).collect())
}
