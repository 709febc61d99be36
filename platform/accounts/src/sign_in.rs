//! Signing in at the site. One door for activation, initial and own logins; what is wrong is not told.
//! First a soft delay for the login, whoever it is tried for; then failures are counted by address, and
//! an address beyond its limit hears of it only when it fails again, so that a school behind one address
//! is not locked out by one of its pupils, and a stranger does not learn which logins there are.

use std::net::IpAddr;

use kd_ctx::sessions::Opening;
use kd_ctx::{House, Scope, Token};
use kd_http::Visitor;
use kd_kernel::chance::plain_temporary;
use kd_kernel::{AccountId, CredentialId, Problem, Result};
use poem::http::StatusCode;
use sea_orm::TransactionTrait;
use serde_json::Value;

use crate::passkeys::{self, Purpose};
use crate::passwords::Hasher;
use crate::store::{self, Found};
use crate::wire::passkeys::PasskeyChallenge;
use crate::wire::{Next, SessionKind, SessionState, SignedIn};
use crate::{Entrance, codes, credentials, factor, jobs, rules, sessions};

/// What somebody shows of the second factor.
#[derive(Debug)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// A code of the app, or a recovery code.
    Code(String),
    /// What a passkey answered.
    Passkey(Value),
}

impl Shown {
    pub(crate) fn of(code: Option<String>, passkey: Option<Value>) -> Self {
        match (code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()), passkey) {
            (_, Some(answer)) => Self::Passkey(answer),
            (Some(code), None) => Self::Code(code),
            (None, None) => Self::Nothing,
        }
    }
}

/// Signs somebody in. The session of the cookie, if there is one, ends.
///
/// # Errors
/// 401 `accounts.wrong-credentials` for everything that is wrong; with the right password 401
/// `accounts.second-factor-needed` (where there is a passkey, `accounts.passkey-needed`) and
/// `accounts.second-factor-wrong` or `accounts.passkey-wrong`; 429 `accounts.slow-down`.
pub async fn sign_in(visitor: &Visitor, login: &str, password: &str, shown: Shown) -> Result<Entrance<SignedIn>> {
    let house = &visitor.house;
    let entrance = match prove(Knock::of(visitor), Wanted::Either, login, password).await? {
        Proven::Credential(id, next) => enter_newcomer(visitor, id, next).await?,
        Proven::Account(found) => {
            second(house, &found, shown).await?;
            enter_account(visitor, &found).await?
        }
    };
    if let Some(old) = &visitor.user_token {
        house.session_end(old).await?;
    }
    Ok(entrance)
}

/// What a passkey is asked in the second step of signing in; the password is proved for it as for signing in.
///
/// # Errors
/// 401 `accounts.wrong-credentials`; 409 `accounts.passkey-missing`; 429 `accounts.slow-down`.
pub async fn passkey_ask(visitor: &Visitor, login: &str, password: &str) -> Result<PasskeyChallenge> {
    let Proven::Account(found) = prove(Knock::of(visitor), Wanted::Either, login, password).await? else {
        return Err(Problem::conflict("accounts.passkey-missing"));
    };
    let account = AccountId(found.id);
    passkeys::ask(&visitor.house, account, Purpose::SignIn).await?;
    Ok(PasskeyChallenge { options: passkeys::asked(&visitor.house, account, Purpose::SignIn).await? })
}

/// Where somebody tries a login from: the house, and the address that failures are counted by.
#[derive(Clone, Copy)]
pub(crate) struct Knock<'a> {
    pub(crate) house: &'a House,
    pub(crate) ip: IpAddr,
}

impl<'a> Knock<'a> {
    fn of(visitor: &'a Visitor) -> Self {
        Self { house: &visitor.house, ip: visitor.ip }
    }
}

/// Which logins a door takes. One of the other kind is to it as one that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Any.
    Either,
    /// One of a temporary credential.
    Credential,
    /// One's own.
    Account,
}

/// The first step: a login and its password. Whatever is wrong, it is counted and slowed down alike.
pub(crate) async fn prove(knock: Knock<'_>, wanted: Wanted, login: &str, password: &str) -> Result<Proven> {
    let house = knock.house;
    let login = rules::folded(login);
    let limits = house.cache.limits();
    limits.attempt(&login, house.clock.now()).await.map_err(slow_down)?;
    let over = over_limit(knock).await;
    let found = store::find(house.store.platform(), &login).await?;
    let known = found.is_some();
    let proven = match found {
        Some(found) if found.what == "credential" && wanted != Wanted::Account => {
            prove_credential(house, &found, password).await?
        }
        Some(found) if found.what == "account" && found.kind == "user" && wanted != Wanted::Credential => {
            prove_account(house, found, password).await?
        }
        _ => {
            Hasher::shared().verify_nobody(password).await?;
            None
        }
    };
    let Some(proven) = proven else {
        count_failure(knock, &login, known).await;
        return Err(over.map_or_else(wrong, slow_down));
    };
    limits.succeeded(&login).await;
    Ok(proven)
}

/// What the browser's session is. Reading it changes nothing.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn session_read(visitor: &Visitor) -> Result<SessionState> {
    let house = &visitor.house;
    let db = house.store.platform();
    let nobody = SessionState { kind: SessionKind::None, login: None, schools: Vec::new() };
    let Some(token) = &visitor.user_token else { return Ok(nobody) };
    if let Some(session) = house.session_find(token, Scope::User).await? {
        let login = match session.account {
            Some(account) => store::login_of(db, account).await?,
            None => None,
        };
        return Ok(SessionState { kind: SessionKind::Portal, login, schools: sessions::seats(house, &session).await? });
    }
    let Some(session) = house.session_find(token, Scope::Newcomer).await? else { return Ok(nobody) };
    if let Some(account) = session.account {
        let login = store::login_of(db, account).await?;
        return Ok(SessionState { kind: SessionKind::Activate, login, ..nobody });
    }
    let Some(id) = session.credential else { return Ok(nobody) };
    let Some(credential) = store::credential(db, id).await?.filter(|c| c.state == "issued") else { return Ok(nobody) };
    let kind = if credential.purpose == "activation" { SessionKind::Activate } else { SessionKind::Register };
    Ok(SessionState { kind, login: Some(credential.login), ..nobody })
}

/// Ends the session of the cookie; says nothing of whether there was one.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn sign_out(visitor: &Visitor) -> Result<()> {
    match &visitor.user_token {
        Some(token) => visitor.house.session_end(token).await,
        None => Ok(()),
    }
}

/// Who stands behind a login, once its password was right.
pub(crate) enum Proven {
    /// A temporary credential, and where it leads.
    Credential(CredentialId, Next),
    /// A user.
    Account(Found),
}

async fn prove_credential(house: &House, found: &Found, password: &str) -> Result<Option<Proven>> {
    let (db, id) = (house.store.platform(), CredentialId(found.id));
    let now = house.clock.now();
    // Counted before it is looked at: however many try beside each other, five are looked at.
    let allowed = store::count_try(db, id, now).await?;
    let verdict = Hasher::shared().verify(&plain_temporary(password), &found.hash).await?;
    if !allowed {
        return Ok(None);
    }
    if !verdict.ok {
        credentials::void_if_spent(house, id).await?;
        return Ok(None);
    }
    let next = if found.kind == "activation" { Next::Activate } else { Next::Register };
    Ok(store::forget_tries(db, id).await?.then_some(Proven::Credential(id, next)))
}

async fn prove_account(house: &House, found: Found, password: &str) -> Result<Option<Proven>> {
    let verdict = Hasher::shared().verify(password, &found.hash).await?;
    if !verdict.ok || !matches!(found.state.as_str(), "active" | "activating") {
        return Ok(None);
    }
    if verdict.stale {
        let fresh = Hasher::shared().hash(&house.chance, password).await?;
        store::rehash(house.store.platform(), AccountId(found.id), &found.hash, &fresh).await?;
    }
    Ok(Some(Proven::Account(found)))
}

/// The second step, where the account has a second factor.
///
/// # Errors
/// 401 `accounts.second-factor-needed` or `accounts.passkey-needed` where nothing is shown; else as [`take`].
pub(crate) async fn second(house: &House, found: &Found, shown: Shown) -> Result<()> {
    if found.totp_seed.is_some() || found.has_passkey {
        take(house, AccountId(found.id), Purpose::SignIn, shown).await?.ok_or_else(|| needed(found))?;
    }
    Ok(())
}

/// Takes what is shown of an account's second factor: neither a code nor an answer is ever taken twice. Nothing
/// where nothing is shown.
///
/// # Errors
/// 401 `accounts.second-factor-wrong` or `accounts.passkey-wrong`; 429 `accounts.slow-down`.
pub(crate) async fn take(house: &House, account: AccountId, purpose: Purpose, shown: Shown) -> Result<Option<()>> {
    match shown {
        Shown::Nothing => return Ok(None),
        Shown::Code(code) => take_code(house, account, &code).await?,
        Shown::Passkey(answer) => passkeys::take(house, account, purpose, answer).await?,
    }
    Ok(Some(()))
}

fn needed(found: &Found) -> Problem {
    let code = if found.has_passkey { "accounts.passkey-needed" } else { "accounts.second-factor-needed" };
    Problem::new(StatusCode::UNAUTHORIZED, code)
}

/// Takes a code of the app, or a recovery code, of an account that has a second factor; each once. Guesses of
/// codes have a delay of their own, which a right password does not take away.
async fn take_code(house: &House, account: AccountId, code: &str) -> Result<()> {
    let (limits, now, db) = (house.cache.limits(), house.clock.now(), house.store.platform());
    let subject = format!("code:{account}");
    limits.attempt(&subject, now).await.map_err(slow_down)?;
    let taken = if codes::may_be(code) {
        store::take_recovery_code(db, account, codes::hash(code), now).await?
    } else {
        let seed = match store::factor_seed(db, account).await? {
            Some(sealed) => house.seal.open(&seed_context(account), &sealed)?,
            None => Vec::new(),
        };
        match if seed.is_empty() { None } else { factor::step_of(&seed, code, now)? } {
            Some(step) => store::take_step(db, account, step).await?,
            None => false,
        }
    };
    if !taken {
        tracing::info!(%account, "a wrong code of a second factor");
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "accounts.second-factor-wrong"));
    }
    limits.succeeded(&subject).await;
    Ok(())
}

async fn enter_newcomer(visitor: &Visitor, id: CredentialId, next: Next) -> Result<Entrance<SignedIn>> {
    let house = &visitor.house;
    let tx = house.store.platform().begin().await?;
    store::end_sessions_of(&tx, id, house.clock.now()).await?;
    let opening = Opening { scope: Scope::Newcomer, account: None, credential: Some(id) };
    let token = house.session_open(&tx, opening).await?;
    tx.commit().await?;
    tracing::info!(credential = %id, "a newcomer signed in");
    Ok(Entrance { answer: SignedIn { next, schools: Vec::new() }, scope: Scope::Newcomer, token: Some(token) })
}

async fn enter_account(visitor: &Visitor, found: &Found) -> Result<Entrance<SignedIn>> {
    let (house, account) = (&visitor.house, AccountId(found.id));
    if found.state == "activating" {
        let opened = sessions::open(house, account, "activating", Scope::Newcomer).await?;
        let answer = SignedIn { next: Next::Activate, schools: Vec::new() };
        return Ok(Entrance { answer, scope: Scope::Newcomer, token: Some(opened.ok_or_else(wrong)?) });
    }
    jobs::mend_own(house, account).await;
    let token: Token = sessions::open(house, account, "active", Scope::User).await?.ok_or_else(wrong)?;
    let schools = match house.session_find(&token, Scope::User).await? {
        Some(session) => sessions::seats(house, &session).await?,
        None => Vec::new(),
    };
    tracing::info!(%account, "signed in");
    Ok(Entrance { answer: SignedIn { next: Next::Portal, schools }, scope: Scope::User, token: Some(token) })
}

/// Where the sealed seed of an account belongs.
pub(crate) fn seed_context(account: AccountId) -> String {
    format!("totp:{account}")
}

/// Whether the address has failed too often: seconds until it may fail again.
async fn over_limit(knock: Knock<'_>) -> Option<u64> {
    let (limits, now) = (knock.house.cache.limits(), knock.house.clock.now());
    let ip = knock.ip.to_string();
    let unknown = limits.look("sign-in-unknown", &ip, rules::UNKNOWN_LOGINS, rules::WINDOW, now).await.err();
    let failed = limits.look("sign-in-failed", &ip, rules::FAILURES, rules::WINDOW, now).await.err();
    unknown.max(failed)
}

async fn count_failure(knock: Knock<'_>, login: &str, known: bool) {
    let (limits, now) = (knock.house.cache.limits(), knock.house.clock.now());
    let ip = knock.ip.to_string();
    // Both are asked in any case, so that a known and an unknown login take as long; what is over the
    // limit is told at the next failure.
    let thing = if known { "" } else { login };
    let _ = limits.hit_once("sign-in-unknown", (&ip, thing), rules::UNKNOWN_LOGINS, rules::WINDOW, now).await;
    let _ = limits.hit("sign-in-failed", &ip, rules::FAILURES, rules::WINDOW, now).await;
    tracing::info!(known, "a sign-in failed");
}

pub(crate) fn wrong() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "accounts.wrong-credentials")
}

pub(crate) fn slow_down(seconds: u64) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "accounts.slow-down").retry_after(seconds)
}
