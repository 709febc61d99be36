//! Sessions of accounts: opened with a new token each time, twenty at most, ended when the account is.

use kd_ctx::sessions::{Opening, Span};
use kd_ctx::{House, Scope, Session, Token};
use kd_http::Newcomer;
use kd_kernel::{AccountId, Problem, Result, Role};
use kd_store::Mode;
use sea_orm::{ConnectionTrait, TransactionTrait};

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
/// twenty end. Nothing where it is in another state.
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
    let span =
        if scope == Scope::User && administers(house, account).await? { Span::Administrator } else { scope.span() };
    let token = house.session_open_for(&tx, opening, span).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Whether an account administers a school at this moment. A cell that does not answer keeps nobody out: its
/// school is not reached either.
async fn administers(house: &House, account: AccountId) -> Result<bool> {
    for member in store::members(house.store.platform(), account).await? {
        let Some(card) = house.school_by_id(member.school_id).await?.filter(kd_ctx::SchoolCard::is_open) else {
            continue;
        };
        let roles = async {
            let tx = house.store.begin(card.place(), Mode::Read).await?;
            let profile = store::profile(&tx, member.profile_id).await?;
            tx.rollback().await?;
            Ok::<_, Problem>(profile.map(|profile| profile.roles()).unwrap_or_default())
        };
        match roles.await {
            Ok(roles) if roles.contains(&Role::Administrator) => return Ok(true),
            Ok(_) => {}
            Err(problem) => tracing::warn!(school = %card.id, %problem, "a school's roles could not be read"),
        }
    }
    Ok(false)
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
/// whose cell does not answer is left out: one cell's trouble keeps nobody out of another's school.
pub(crate) async fn seats(house: &House, session: &Session) -> Result<Vec<SchoolSeat>> {
    let mut seats = Vec::with_capacity(session.members.len());
    for member in &session.members {
        let Some(card) = house.school_by_id(member.school_id).await?.filter(kd_ctx::SchoolCard::is_open) else {
            continue;
        };
        let profile = async {
            let tx = house.store.begin(card.place(), Mode::Read).await?;
            let profile = store::profile(&tx, member.profile_id).await?;
            tx.rollback().await?;
            Ok::<_, Problem>(profile)
        };
        match profile.await {
            Ok(Some(profile)) if profile.account_id == session.account => seats.push(SchoolSeat {
                slug: card.slug,
                name_kk: card.name_kk,
                name_ru: card.name_ru,
                roles: profile.roles(),
            }),
            Ok(_) => {}
            Err(problem) => tracing::warn!(school = %card.id, %problem, "a school's roles could not be read"),
        }
    }
    Ok(seats)
}
