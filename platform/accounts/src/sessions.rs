//! Sessions of accounts: opened with a new token each time, twenty at most, ended when the account is.

use kd_ctx::sessions::{Opening, Span};
use kd_ctx::{House, SchoolCard, Scope, Session, Token};
use kd_http::Newcomer;
use kd_kernel::{AccountId, Problem, Result};
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::standing::Standing;
use crate::store::Profile;
use crate::wire::SchoolSeat;
use crate::{rules, store};

/// An answer that brings a new session: the handler puts its token into the cookie.
#[derive(Debug)]
pub struct Entrance<T> {
    /// The body.
    pub answer: T,
    /// Which cookie.
    pub scope: Scope,
    /// The token; without one the cookie is taken away.
    pub token: Option<Token>,
}

/// Opens a session for an account that is in the wanted state at this very moment; the oldest beyond
/// twenty end. Nothing where it is in another state. Where a school does not answer it is as short as an
/// administrator's.
pub(crate) async fn open(
    house: &House,
    account: AccountId,
    state: &'static str,
    scope: Scope,
) -> Result<Option<Token>> {
    let tx = house.store.platform().begin().await?;
    let Some(epoch) = store::hold_account(&tx, account, state).await? else { return Ok(None) };
    store::trim_sessions(&tx, account, rules::SESSIONS - 1, house.clock.now()).await?;
    let opening = Opening { scope, account: Some((account, epoch)), credential: None };
    let span = if scope == Scope::User && Standing::of(house, account).await?.administers() {
        Span::Administrator
    } else {
        scope.span()
    };
    let token = house.session_open_for(&tx, opening, span).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Exchanges the session of a newcomer, whose school is open by now, for an ordinary one. The old token
/// is dead afterwards.
///
/// # Errors
/// 409 `accounts.not-open-yet` where the account is not active; 503 when the database does not answer.
pub async fn session_upgrade(house: &House, newcomer: &Newcomer) -> Result<Token> {
    let account = newcomer.session.account.ok_or_else(|| Problem::conflict("accounts.not-open-yet"))?;
    let token =
        open(house, account, "active", Scope::User).await?.ok_or_else(|| Problem::conflict("accounts.not-open-yet"))?;
    house.session_end(&newcomer.token).await?;
    Ok(token)
}

/// An account that was activating is active from now on; nothing happens where it is already.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn account_activate(db: &impl ConnectionTrait, account: AccountId) -> Result<()> {
    store::move_account(db, account, ("activating", "active")).await?;
    Ok(())
}

/// Closes an account and ends all its sessions. Nothing happens where it is not active.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn account_close(house: &House, account: AccountId) -> Result<()> {
    store::move_account(house.store.platform(), account, ("active", "closed")).await?;
    house.sessions_end_of(account).await
}

/// The open schools of a session's account, with the roles that it holds there at this moment. A school
/// whose cell does not answer is left out: one cell's trouble keeps nobody out of another's school; so is one in
/// whose archive the profile is.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn seats(house: &House, session: &Session) -> Result<Vec<SchoolSeat>> {
    let Some(account) = session.account else { return Ok(Vec::new()) };
    let standing = Standing::among(house, account, &session.members).await?;
    let seat = |(card, profile): (SchoolCard, Profile)| SchoolSeat {
        slug: card.slug,
        name_kk: card.name_kk,
        name_ru: card.name_ru,
        roles: profile.roles(),
    };
    Ok(standing.open().map(seat).collect())
}
