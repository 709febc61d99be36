//! Accounts of the provider's operators. They are made at the command line, always have a second factor,
//! sign in at the console's host alone, and give everything at once: one answer for all that is wrong.

use kd_ctx::{House, Scope};
use kd_http::Visitor;
use kd_kernel::{AccountId, Problem, Result, Tongue};
use sea_orm::TransactionTrait;
use zeroize::Zeroizing;

use crate::passwords::Hasher;
use crate::sign_in::{seed_context, slow_down, wrong};
use crate::store::{self, Found, NewAccount};
use crate::wire::{OperatorSignedIn, OperatorState};
use crate::{Entrance, factor, rules, sessions};

/// An operator that was added. Shown once.
#[derive(Clone)]
pub struct OperatorAdded {
    /// The login.
    pub login: String,
    /// The password: 120 bits.
    pub password: Zeroizing<String>,
    /// The secret of the second factor in base32.
    pub totp_secret: Zeroizing<String>,
}

impl std::fmt::Debug for OperatorAdded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OperatorAdded").field("login", &self.login).finish_non_exhaustive()
    }
}

/// Adds an operator with a password and a second factor of chance.
///
/// # Errors
/// 422 `login-format` or `login-taken` at the field.
pub async fn operator_add(house: &House, login: &str) -> Result<OperatorAdded> {
    let login = rules::login(login).ok_or_else(|| Problem::field("login", "login-format"))?;
    let halves = [house.chance.temporary_password(), house.chance.temporary_password()];
    let password = Zeroizing::new(halves.join("-"));
    let seed = Zeroizing::new(factor::seed(&house.chance));
    let id: AccountId = house.id();
    let hash = Hasher::shared().hash(&house.chance, &password).await?;
    let tx = house.store.platform().begin().await?;
    if !store::claim_login(&tx, &login, None).await? {
        return Err(Problem::field("login", "login-taken"));
    }
    let account = NewAccount {
        id,
        login: &login,
        kind: "operator",
        state: "active",
        hash: &hash,
        language: Tongue::Ru,
        totp: Some((house.seal.seal(&house.chance, &seed_context(id), seed.as_slice()), 0)),
        now: house.clock.now(),
    };
    store::add_account(&tx, account).await?;
    tx.commit().await?;
    tracing::info!(account = %id, "an operator was added");
    Ok(OperatorAdded { login, password, totp_secret: Zeroizing::new(factor::base32(seed.as_slice())) })
}

/// Signs an operator in.
///
/// # Errors
/// 401 `accounts.wrong-credentials` for everything that is wrong; 429 `accounts.slow-down`.
pub async fn operator_sign_in(
    visitor: &Visitor,
    login: &str,
    password: &str,
    code: &str,
) -> Result<Entrance<OperatorSignedIn>> {
    let house = &visitor.house;
    let login = rules::folded(login);
    let (limits, subject) = (house.cache.limits(), format!("console:{login}"));
    limits.attempt(&subject, house.clock.now()).await.map_err(slow_down)?;
    let found = store::find(house.store.platform(), &login).await?.filter(|f| f.kind == "operator");
    let Some(account) = prove(house, found, (password, code)).await? else {
        tracing::info!("an operator's sign-in failed");
        return Err(wrong());
    };
    limits.succeeded(&subject).await;
    let token = sessions::open(house, account, "active", Scope::Operator).await?.ok_or_else(wrong)?;
    if let Some(old) = &visitor.operator_token {
        house.session_end(old).await?;
    }
    tracing::info!(%account, "an operator signed in");
    Ok(Entrance { answer: OperatorSignedIn { login }, scope: Scope::Operator, token: Some(token) })
}

/// The operator of the cookie's session.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn operator_read(visitor: &Visitor) -> Result<OperatorState> {
    let house = &visitor.house;
    let Some(token) = &visitor.operator_token else { return Ok(OperatorState { login: None }) };
    let session = house.session_find(token, Scope::Operator).await?;
    let Some(account) = session.and_then(|s| s.account) else { return Ok(OperatorState { login: None }) };
    Ok(OperatorState { login: store::login_of(house.store.platform(), account).await? })
}

/// Ends the session of the operator's cookie; says nothing of whether there was one.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn operator_sign_out(visitor: &Visitor) -> Result<()> {
    match &visitor.operator_token {
        Some(token) => visitor.house.session_end(token).await,
        None => Ok(()),
    }
}

/// Who it is, when all of it is right. The step of the code is taken last, so that only a right password
/// uses a code up.
async fn prove(house: &House, found: Option<Found>, (password, code): (&str, &str)) -> Result<Option<AccountId>> {
    let Some(found) = found else {
        Hasher::shared().verify_nobody(password).await?;
        return Ok(None);
    };
    let account = AccountId(found.id);
    let verdict = Hasher::shared().verify(password, &found.hash).await?;
    let Some(sealed) = found.totp_seed.filter(|_| verdict.ok && found.state == "active") else { return Ok(None) };
    let seed = house.seal.open(&seed_context(account), &sealed)?;
    let Some(step) = factor::step_of(&seed, code, house.clock.now())? else { return Ok(None) };
    if verdict.stale {
        let fresh = Hasher::shared().hash(&house.chance, password).await?;
        store::rehash(house.store.platform(), account, &found.hash, &fresh).await?;
    }
    Ok(store::take_step(house.store.platform(), account, step).await?.then_some(account))
}
