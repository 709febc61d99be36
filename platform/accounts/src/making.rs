//! Accounts that are made without a registration: those of a demonstration. A school's people register
//! by their credentials and never come this way.

use kd_ctx::House;
use kd_kernel::{AccountId, Problem, Result, Tongue};
use kd_store::PlatformTx;

use crate::passwords::Hasher;
use crate::rules;
use crate::sign_in::seed_context;
use crate::store::{self, NewAccount};

/// An account to be made.
#[derive(Clone, Copy)]
pub struct Making<'a> {
    /// The login.
    pub login: &'a str,
    /// The password; its strength is the caller's affair.
    pub password: &'a str,
    /// `activating` or `active`.
    pub state: &'static str,
    /// The seed of the second factor.
    pub seed: Option<&'a [u8]>,
}

/// Makes an ordinary account in the caller's transaction.
///
/// # Errors
/// 422 `login-format` or `login-taken` at the field.
pub async fn account_make(house: &House, tx: &PlatformTx, making: Making<'_>) -> Result<AccountId> {
    let login = rules::login(making.login).ok_or_else(|| Problem::field("login", "login-format"))?;
    if !store::claim_login(tx, &login, None).await? {
        return Err(Problem::field("login", "login-taken"));
    }
    let id: AccountId = house.id();
    let hash = Hasher::shared().hash(&house.chance, making.password).await?;
    let account = NewAccount {
        id,
        login: &login,
        kind: "user",
        state: making.state,
        hash: &hash,
        language: Tongue::Kk,
        totp: making.seed.map(|seed| (house.seal.seal(&house.chance, &seed_context(id), seed), 0)),
        now: house.clock.now(),
    };
    store::add_account(tx, account).await?;
    Ok(id)
}
