//! Temporary credentials: a login and a password of sixty bits on paper or in a letter, for one
//! registration. The plain password exists in what [`issue`] returns and nowhere else.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, TryStreamExt, stream};
use kd_ctx::House;
use kd_kernel::{AccountId, ApplicationId, CredentialId, Problem, ProfileId, Result, SchoolId};
use kd_store::PlatformTx;
use sea_orm::{ConnectionTrait, FromQueryResult, TransactionTrait};
use zeroize::Zeroizing;

use crate::passwords::Hasher;
use crate::rules;
use crate::store::{self, Credential, NewCredential};

/// Logins that are drawn before it is given up; each has a million endings.
const DRAWS: usize = 20;

/// What a credential is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first administrator of a school that has applied.
    Activation {
        /// The application.
        application: ApplicationId,
    },
    /// A person of a school.
    Initial {
        /// The school.
        school: SchoolId,
        /// The person there.
        profile: ProfileId,
    },
    /// A person of a school whose account is there and gets a new password.
    Reset {
        /// The school that asks for it.
        school: SchoolId,
        /// The person there.
        profile: ProfileId,
        /// The person's account.
        account: AccountId,
    },
}

/// A credential to be issued.
#[derive(Debug, Clone)]
pub struct New {
    /// What for.
    pub purpose: Purpose,
    /// The readable part of the login, such as `kernel::names::login_stem` gives it.
    pub stem: String,
    /// Whether the account must have a second factor: administrators. An activation always must.
    pub strict: bool,
    /// How long it is valid.
    pub ttl: TimeDelta,
}

/// A temporary password in plain. Overwritten when it is dropped, never shown by `Debug`.
#[derive(Clone)]
pub struct TemporaryPassword(Zeroizing<String>);

impl TemporaryPassword {
    /// `XXXX-XXXX-XXXX`, for the sheet or the letter.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for TemporaryPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TemporaryPassword(…)")
    }
}

/// A credential that was issued.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Its identity.
    pub id: CredentialId,
    /// What for.
    pub purpose: Purpose,
    /// Its login, unique in the whole system.
    pub login: String,
    /// Its password.
    pub temporary_password: TemporaryPassword,
    /// Until when it is valid.
    pub expires_at: DateTime<Utc>,
}

/// How a credential stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The credential.
    pub id: CredentialId,
    /// Its login.
    pub login: String,
    /// `issued`, `used`, `void` or `expired`.
    pub state: &'static str,
    /// Wrong tries so far.
    pub tries: i32,
    /// Until when it is, or was, valid.
    pub expires_at: DateTime<Utc>,
}

/// An initial credential that is valid.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Valid {
    /// The credential.
    pub id: CredentialId,
    /// Whose it is.
    pub profile: ProfileId,
    /// Its login.
    pub login: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Until when it is valid.
    pub expires_at: DateTime<Utc>,
}

/// Issues a credential, and voids the former one of the same person or application, in the transaction
/// that is handed in (or in one of its own where a pool is).
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn issue<C>(house: &House, db: &C, new: New) -> Result<Issued>
where
    C: ConnectionTrait + TransactionTrait<Transaction = PlatformTx>,
{
    issue_as(house, db, house.id(), new).await
}

/// As [`issue`], with an identity that is known before.
///
/// # Errors
/// As there.
pub async fn issue_as<C>(house: &House, db: &C, id: CredentialId, new: New) -> Result<Issued>
where
    C: ConnectionTrait + TransactionTrait<Transaction = PlatformTx>,
{
    let made = prepare(house, new).await?;
    let tx = db.begin().await?;
    let issued = write(house, &tx, id, made).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Puts another temporary password upon the card of a reset that waits: login and term stay, the former password
/// and what it opened are void. Nothing where this credential is not, or no longer, the reset's valid one, or the
/// account has a password again.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn renew<C>(house: &House, db: &C, id: CredentialId, new: New) -> Result<Option<Issued>>
where
    C: ConnectionTrait + TransactionTrait<Transaction = PlatformTx>,
{
    let Purpose::Reset { profile, account, .. } = new.purpose else { return Ok(None) };
    let Made { new, password, hash } = prepare(house, new).await?;
    let tx = db.begin().await?;
    let renewed = store::renew_reset(&tx, (id, profile, account), &hash, house.clock.now()).await?;
    tx.commit().await?;
    let (purpose, temporary_password) = (new.purpose, TemporaryPassword(password));
    Ok(renewed.map(|(login, expires_at)| Issued { id, purpose, login, temporary_password, expires_at }))
}

/// Issues many, all or none; hashing takes a core about thirty milliseconds each and fills all cores.
/// `progress` hears how many are hashed. The transaction begins when all are. In the order of `news`.
///
/// # Errors
/// 500 or 503 with the cause in the log; then none was issued.
pub async fn issue_many<C>(house: &House, db: &C, news: Vec<New>, progress: impl Fn(usize)) -> Result<Vec<Issued>>
where
    C: ConnectionTrait + TransactionTrait<Transaction = PlatformTx>,
{
    let hashing = stream::iter(news).map(|new| prepare(house, new)).buffered(Hasher::shared().cores());
    let made: Vec<Made> = hashing
        .enumerate()
        .map(|(n, made)| {
            progress(n + 1);
            made
        })
        .try_collect()
        .await?;
    let tx = db.begin().await?;
    let mut issued = Vec::with_capacity(made.len());
    for one in made {
        issued.push(write(house, &tx, house.id(), one).await?);
    }
    tx.commit().await?;
    Ok(issued)
}

/// The name in the outbox of the letter that carries a credential. Under it the letter is found, and withdrawn
/// when the credential is void before it went out.
#[must_use]
pub fn letter_name(id: CredentialId) -> String {
    format!("credential:{id}")
}

/// Voids a credential, ends the sessions that it opened and withdraws its letter if that still waits; nothing
/// happens where it is used or void.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn void<C>(house: &House, db: &C, id: CredentialId) -> Result<()>
where
    C: ConnectionTrait + TransactionTrait<Transaction = PlatformTx>,
{
    let tx = db.begin().await?;
    store::void(&tx, id, house.clock.now()).await?;
    house.letters_withdraw(&tx, vec![letter_name(id)]).await?;
    Ok(tx.commit().await?)
}

/// After a wrong try: the last one voids.
pub(crate) async fn void_if_spent(house: &House, id: CredentialId) -> Result<()> {
    let tx = house.store.platform().begin().await?;
    if store::void_if_spent(&tx, id, house.clock.now()).await? {
        house.letters_withdraw(&tx, vec![letter_name(id)]).await?;
    }
    Ok(tx.commit().await?)
}

/// How a credential stands.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn state_of(house: &House, db: &impl ConnectionTrait, id: CredentialId) -> Result<Option<Standing>> {
    Ok(store::credential(db, id).await?.map(|c| standing(c, house.clock.now())))
}

/// Those of these that are void, taken back or spent by wrong tries, and since when.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn void_among(
    db: &impl ConnectionTrait,
    ids: &[CredentialId],
) -> Result<HashMap<CredentialId, DateTime<Utc>>> {
    store::void_among(db, ids).await
}

/// What these people could register with at this moment.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn valid_of(
    house: &House,
    db: &impl ConnectionTrait,
    profiles: &[ProfileId],
) -> Result<HashMap<ProfileId, Valid>> {
    let rows = store::valid_of(db, profiles, house.clock.now()).await?;
    Ok(rows.into_iter().map(|valid| (valid.profile, valid)).collect())
}

/// How the newest credential of an application stands.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn of_application(
    house: &House,
    db: &impl ConnectionTrait,
    application: ApplicationId,
) -> Result<Option<Standing>> {
    Ok(store::credential_of_application(db, application).await?.map(|c| standing(c, house.clock.now())))
}

fn standing(credential: Credential, now: DateTime<Utc>) -> Standing {
    let state = match credential.state.as_str() {
        "used" => "used",
        "void" => "void",
        _ if credential.expires_at <= now => "expired",
        _ => "issued",
    };
    Standing {
        id: credential.id,
        login: credential.login,
        state,
        tries: credential.tries,
        expires_at: credential.expires_at,
    }
}

struct Made {
    new: New,
    password: Zeroizing<String>,
    hash: String,
}

async fn prepare(house: &House, new: New) -> Result<Made> {
    let password = Zeroizing::new(house.chance.temporary_password());
    let plain = Zeroizing::new(kd_kernel::chance::plain_temporary(&password));
    let hash = Hasher::shared().hash(&house.chance, &plain).await?;
    Ok(Made { new, password, hash })
}

async fn write(house: &House, tx: &PlatformTx, id: CredentialId, made: Made) -> Result<Issued> {
    let Made { new, password, hash } = made;
    let now = house.clock.now();
    let former = store::void_former(tx, new.purpose, now).await?;
    house.letters_withdraw(tx, former.into_iter().map(letter_name).collect()).await?;
    let login = free_login(house, tx, &new.stem).await?;
    let expires_at = now + new.ttl;
    let row = NewCredential {
        id,
        login: &login,
        purpose: new.purpose,
        hash: &hash,
        strict: new.strict || matches!(new.purpose, Purpose::Activation { .. }),
        issued_at: now,
        expires_at,
    };
    store::add_credential(tx, row).await?;
    Ok(Issued { id, purpose: new.purpose, login, temporary_password: TemporaryPassword(password), expires_at })
}

async fn free_login(house: &House, tx: &PlatformTx, stem: &str) -> Result<String> {
    for _ in 0..DRAWS {
        let login = rules::credential_login(stem, &house.chance);
        if store::claim_login(tx, &login, None).await? {
            return Ok(login);
        }
    }
    Err(Problem::internal("no login is free for a stem"))
}
