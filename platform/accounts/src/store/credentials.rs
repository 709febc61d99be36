//! The rows of temporary credentials, and the seeds that wait in their sessions.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kd_kernel::{AccountId, ApplicationId, CredentialId, ProfileId, Result, SchoolId, SessionId};
use kd_store::{PlatformTx, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::credentials::{Purpose, Valid};
use crate::rules::TRIES;

/// A credential as it stands.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Credential {
    pub id: CredentialId,
    pub login: String,
    pub purpose: String,
    pub hash: String,
    pub state: String,
    pub tries: i32,
    pub application_id: Option<ApplicationId>,
    pub school_id: Option<SchoolId>,
    pub profile_id: Option<ProfileId>,
    pub account_id: Option<AccountId>,
    pub strict: bool,
    pub expires_at: DateTime<Utc>,
}

const COLUMNS: &str = "SELECT id, login, purpose, hash, state, tries, application_id, school_id, profile_id, \
     account_id, strict, expires_at FROM platform.credential WHERE id = $1";

pub(crate) async fn credential(db: &impl ConnectionTrait, id: CredentialId) -> Result<Option<Credential>> {
    sql::one(db, COLUMNS, [id.into()]).await
}

/// The newest credential of an application.
pub(crate) async fn credential_of_application(
    db: &impl ConnectionTrait,
    application: ApplicationId,
) -> Result<Option<Credential>> {
    sql::one(
        db,
        "SELECT id, login, purpose, hash, state, tries, application_id, school_id, profile_id, account_id, strict, expires_at \
         FROM platform.credential WHERE application_id = $1 ORDER BY issued_at DESC, id DESC LIMIT 1",
        [application.into()],
    )
    .await
}

/// A credential to be issued.
pub(crate) struct NewCredential<'a> {
    pub id: CredentialId,
    pub login: &'a str,
    pub purpose: Purpose,
    pub hash: &'a str,
    pub strict: bool,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

pub(crate) async fn add_credential(tx: &PlatformTx, new: NewCredential<'_>) -> Result<()> {
    let (purpose, application, seat, account) = match new.purpose {
        Purpose::Activation { application } => ("activation", Some(application), None, None),
        Purpose::Initial { school, profile } => ("initial", None, Some((school, profile)), None),
        Purpose::Reset { school, profile, account } => ("reset", None, Some((school, profile)), Some(account)),
    };
    let (school, profile) = seat.unzip();
    sql::run(
        tx,
        "INSERT INTO platform.credential (id, login, purpose, hash, state, application_id, school_id, profile_id, account_id, strict, \
         issued_at, expires_at) VALUES ($1, $2, $3, $4, 'issued', $5, $6, $7, $8, $9, $10, $11)",
        [
            new.id.into(),
            new.login.into(),
            purpose.into(),
            new.hash.into(),
            application.into(),
            school.into(),
            profile.into(),
            account.into(),
            new.strict.into(),
            new.issued_at.into(),
            new.expires_at.into(),
        ],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Voided {
    id: CredentialId,
}

/// Voids the credential that is valid for the same person or application, and ends what it opened. Answers
/// which.
pub(crate) async fn void_former(tx: &PlatformTx, purpose: Purpose, now: DateTime<Utc>) -> Result<Vec<CredentialId>> {
    let (application, profile) = match purpose {
        Purpose::Activation { application } => (Some(application), None),
        Purpose::Initial { profile, .. } | Purpose::Reset { profile, .. } => (None, Some(profile)),
    };
    let rows: Vec<Voided> = sql::all(
        tx,
        "WITH voided AS (UPDATE platform.credential SET state = 'void', ended_at = $3 \
         WHERE state = 'issued' AND (application_id = $1 OR profile_id = $2) RETURNING id), \
         ended AS (UPDATE platform.session SET ended_at = $3 \
         WHERE ended_at IS NULL AND credential_id IN (SELECT id FROM voided)) SELECT id FROM voided",
        [application.into(), profile.into(), now.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Voids a credential, and ends what it opened.
pub(crate) async fn void(db: &impl ConnectionTrait, id: CredentialId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "WITH voided AS (UPDATE platform.credential SET state = 'void', ended_at = $2 \
         WHERE id = $1 AND state = 'issued' RETURNING id) \
         UPDATE platform.session SET ended_at = $2 WHERE ended_at IS NULL AND credential_id IN (SELECT id FROM voided)",
        [id.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Voids the cards of an account's resets, those until a moment where one is given, and ends what they opened.
pub(crate) async fn void_resets(
    db: &impl ConnectionTrait,
    account: AccountId,
    (now, until): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> Result<()> {
    sql::run(
        db,
        "WITH voided AS (UPDATE platform.credential SET state = 'void', ended_at = $2 \
         WHERE purpose = 'reset' AND state = 'issued' AND account_id = $1 AND ($3::timestamptz IS NULL OR issued_at <= $3) \
         AND profile_id IN (SELECT profile_id FROM platform.membership WHERE account_id = $1) RETURNING id) \
         UPDATE platform.session SET ended_at = $2 WHERE ended_at IS NULL AND credential_id IN (SELECT id FROM voided)",
        [account.into(), now.into(), until.into()],
    )
    .await?;
    Ok(())
}

/// Puts another hash into the credential of a reset that waits, and ends what the former one opened; its login and
/// its term. Nothing where it does not wait, or the account has a password again.
pub(crate) async fn renew_reset(
    tx: &PlatformTx,
    (id, profile, account): (CredentialId, ProfileId, AccountId),
    hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(String, DateTime<Utc>)>> {
    #[derive(FromQueryResult)]
    struct Renewed {
        login: String,
        expires_at: DateTime<Utc>,
    }
    let renewed: Option<Renewed> = sql::one(
        tx,
        "UPDATE platform.credential SET hash = $4, tries = 0 WHERE id = $1 AND profile_id = $2 AND account_id = $3 \
         AND purpose = 'reset' AND state = 'issued' AND expires_at > $5 \
         AND EXISTS (SELECT FROM platform.account a WHERE a.id = $3 AND a.password_hash = 'none') \
         RETURNING login, expires_at",
        [id.into(), profile.into(), account.into(), hash.into(), now.into()],
    )
    .await?;
    if renewed.is_some() {
        end_sessions_of(tx, id, now).await?;
    }
    Ok(renewed.map(|row| (row.login, row.expires_at)))
}

/// Those of these that are void, and since when.
pub(crate) async fn void_among(
    db: &impl ConnectionTrait,
    ids: &[CredentialId],
) -> Result<HashMap<CredentialId, DateTime<Utc>>> {
    #[derive(FromQueryResult)]
    struct Void {
        id: CredentialId,
        ended_at: DateTime<Utc>,
    }
    let rows: Vec<Void> = sql::all(
        db,
        "SELECT id, coalesce(ended_at, issued_at) AS ended_at FROM platform.credential WHERE id = ANY($1) AND state = 'void'",
        [sql::array(ids.iter().copied())],
    )
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.ended_at)).collect())
}

/// The valid credentials of these people.
pub(crate) async fn valid_of(
    db: &impl ConnectionTrait,
    profiles: &[ProfileId],
    now: DateTime<Utc>,
) -> Result<Vec<Valid>> {
    sql::all(
        db,
        "SELECT id, profile_id AS profile, login, issued_at, expires_at FROM platform.credential \
         WHERE profile_id = ANY($1) AND state = 'issued' AND expires_at > $2",
        [sql::array(profiles.iter().copied()), now.into()],
    )
    .await
}

/// Counts a try ahead. Nothing where the credential allows none: used, void, expired, tried too often.
pub(crate) async fn count_try(db: &impl ConnectionTrait, id: CredentialId, now: DateTime<Utc>) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE platform.credential SET tries = tries + 1 \
         WHERE id = $1 AND state = 'issued' AND expires_at > $2 AND tries < $3",
        [id.into(), now.into(), TRIES.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// After a wrong try: the last one voids. Whether it was that one.
pub(crate) async fn void_if_spent(db: &impl ConnectionTrait, id: CredentialId, now: DateTime<Utc>) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE platform.credential SET state = 'void', ended_at = $2 WHERE id = $1 AND state = 'issued' AND tries >= $3",
        [id.into(), now.into(), TRIES.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// After a right try: the count begins anew. False where it was voided meanwhile.
pub(crate) async fn forget_tries(db: &impl ConnectionTrait, id: CredentialId) -> Result<bool> {
    let rows = sql::run(db, "UPDATE platform.credential SET tries = 0 WHERE id = $1 AND state = 'issued'", [id.into()])
        .await?;
    Ok(rows == 1)
}

/// What is left to be done when a credential is used up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Left {
    /// Nothing.
    Nothing,
    /// The profile is linked with the account that was made of it.
    Registration(AccountId),
    /// The profile is linked with an account that is there.
    Attachment(AccountId),
}

/// Uses a credential up, once; ends every session that it opened. False where it is not valid any more.
pub(crate) async fn consume(tx: &PlatformTx, id: CredentialId, left: Left, now: DateTime<Utc>) -> Result<bool> {
    let (registers, attaches) = match left {
        Left::Nothing => (None, None),
        Left::Registration(account) => (Some(account), None),
        Left::Attachment(account) => (None, Some(account)),
    };
    let rows = sql::run(
        tx,
        "UPDATE platform.credential SET state = 'used', ended_at = $2, pending_account_id = $3, attaching_account_id = $4 \
         WHERE id = $1 AND state = 'issued' AND expires_at > $2",
        [id.into(), now.into(), registers.into(), attaches.into()],
    )
    .await?;
    end_sessions_of(tx, id, now).await?;
    Ok(rows == 1)
}

/// Ends every session that a credential opened.
pub(crate) async fn end_sessions_of(tx: &PlatformTx, id: CredentialId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        tx,
        "UPDATE platform.session SET ended_at = $2 WHERE credential_id = $1 AND ended_at IS NULL",
        [id.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// A registration or an attachment whose membership is not written yet.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub(crate) struct Unfinished {
    pub credential: CredentialId,
    pub account: AccountId,
    pub school: SchoolId,
    pub profile: ProfileId,
    /// Whether the account was there before.
    pub attached: bool,
}

/// Registrations and attachments that were cut before `before`.
pub(crate) async fn unfinished(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<Vec<Unfinished>> {
    sql::all(
        db,
        "SELECT id AS credential, pending_account_id AS account, school_id AS school, profile_id AS profile, \
         false AS attached, ended_at FROM platform.credential WHERE pending_account_id IS NOT NULL AND ended_at < $1 \
         UNION ALL SELECT id, attaching_account_id, school_id, profile_id, true, ended_at FROM platform.credential \
         WHERE attaching_account_id IS NOT NULL AND ended_at < $1 ORDER BY ended_at LIMIT 100",
        [before.into()],
    )
    .await
}

/// What was cut of an account's registration, and of its attachments.
pub(crate) async fn unfinished_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Unfinished>> {
    sql::all(
        db,
        "SELECT id AS credential, pending_account_id AS account, school_id AS school, profile_id AS profile, \
         false AS attached FROM platform.credential WHERE pending_account_id = $1 \
         UNION ALL SELECT id, attaching_account_id, school_id, profile_id, true FROM platform.credential \
         WHERE attaching_account_id = $1",
        [account.into()],
    )
    .await
}

/// The credential of a login that this account has used up to come to its school, finished or not.
pub(crate) async fn used_by(db: &impl ConnectionTrait, login: &str, account: AccountId) -> Result<Option<Unfinished>> {
    sql::one(
        db,
        "SELECT c.id AS credential, $2::uuid AS account, c.school_id AS school, c.profile_id AS profile, true AS attached \
         FROM platform.credential c WHERE c.login = $1 AND c.purpose = 'initial' AND c.state = 'used' \
         AND (c.attaching_account_id = $2 OR EXISTS (SELECT FROM platform.membership m \
         WHERE m.profile_id = c.profile_id AND m.account_id = $2))",
        [login.into(), account.into()],
    )
    .await
}

/// Whether an account stands in a school, or is about to.
pub(crate) async fn stands_in(db: &impl ConnectionTrait, account: AccountId, school: SchoolId) -> Result<bool> {
    sql::scalar(
        db,
        "SELECT EXISTS (SELECT FROM platform.membership WHERE account_id = $1 AND school_id = $2) \
         OR EXISTS (SELECT FROM platform.credential WHERE school_id = $2 AND pending_account_id = $1) \
         OR EXISTS (SELECT FROM platform.credential WHERE school_id = $2 AND attaching_account_id = $1)",
        [account.into(), school.into()],
    )
    .await
}

/// In how many schools an account stands, and in how many more it is about to.
pub(crate) async fn stands(db: &impl ConnectionTrait, account: AccountId) -> Result<(i64, i64)> {
    let there = sql::scalar(db, "SELECT count(*) FROM platform.membership WHERE account_id = $1", [account.into()]);
    let coming =
        sql::scalar(db, "SELECT count(*) FROM platform.credential WHERE attaching_account_id = $1", [account.into()]);
    Ok((there.await?, coming.await?))
}

/// It is finished, or given up: it is not looked for any more.
pub(crate) async fn settle(tx: &PlatformTx, id: CredentialId) -> Result<()> {
    sql::run(
        tx,
        "UPDATE platform.credential SET pending_account_id = NULL, attaching_account_id = NULL WHERE id = $1",
        [id.into()],
    )
    .await?;
    Ok(())
}

/// Puts a seed into a newcomer's session unless one waits there; answers the one that does.
pub(crate) async fn pending_seed(
    db: &impl ConnectionTrait,
    session: SessionId,
    sealed: Vec<u8>,
) -> Result<Option<Vec<u8>>> {
    let row: Option<Pending> = sql::one(
        db,
        "UPDATE platform.session SET pending_totp = coalesce(pending_totp, $2) WHERE id = $1 AND ended_at IS NULL \
         RETURNING pending_totp",
        [session.into(), sealed.into()],
    )
    .await?;
    Ok(row.and_then(|r| r.pending_totp))
}

/// The seed that waits in a session.
pub(crate) async fn waiting_seed(db: &impl ConnectionTrait, session: SessionId) -> Result<Option<Vec<u8>>> {
    let row: Option<Pending> =
        sql::one(db, "SELECT pending_totp FROM platform.session WHERE id = $1", [session.into()]).await?;
    Ok(row.and_then(|r| r.pending_totp))
}

#[derive(FromQueryResult)]
struct Pending {
    pending_totp: Option<Vec<u8>>,
}
