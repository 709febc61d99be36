//! A reset: the school has issued a temporary credential for an account that is there. Whoever comes with it
//! chooses a new password; the login stays, and so does the second factor, which is asked at the next
//! sign-in (S26). Who asked for the reset neither chooses nor learns the password (S23). The paper of one school
//! opens no other (decision 0019).

use kd_ctx::{House, Scope};
use kd_http::Newcomer;
use kd_kernel::{AccountId, Problem, Result, SchoolId};
use sea_orm::TransactionTrait;

use crate::passwords::{Hasher, Policy};
use crate::registration::{About, password_fault, spent};
use crate::standing::Standing;
use crate::store::Left;
use crate::wire::{Next, Registered, Registration, RegistrationKind, RegistrationNew};
use crate::{CURRENT_TERMS, Entrance, sessions, store};

/// Whether a card that this school issues would open another school: the account stands there too, and no second
/// factor is asked for at the entrance (decision 0019).
///
/// # Errors
/// 503 where a school of the account does not answer.
pub async fn opens_elsewhere(house: &House, account: AccountId, school: SchoolId) -> Result<bool> {
    if store::has_second_factor(house.store.platform(), account).await? {
        return Ok(false);
    }
    Ok(Standing::of(house, account).await?.known()?.elsewhere(school))
}

/// What is asked of the new password: the strictest of all schools of the account counts. Refused where the card
/// has come to open another school since it was issued.
async fn weigh(house: &House, account: AccountId, about: &About, has_factor: bool) -> Result<Policy> {
    let standing = Standing::of(house, account).await?.known()?;
    if !has_factor && about.seat.as_ref().is_some_and(|seat| standing.elsewhere(seat.card.id)) {
        return Err(Problem::conflict("accounts.card-elsewhere"));
    }
    Ok(standing.policy(has_factor))
}

/// What somebody who comes with such a credential needs to know.
pub(crate) async fn read(house: &House, account: AccountId, about: About) -> Result<Registration> {
    let own = store::own(house.store.platform(), account).await?.ok_or_else(spent)?;
    let policy = weigh(house, account, &about, own.has_factor).await?;
    Ok(Registration {
        kind: RegistrationKind::Reset,
        proposed_login: own.login,
        second_factor_required: false,
        terms_version: CURRENT_TERMS.to_owned(),
        min_password: u32::try_from(policy.least()).unwrap_or(0),
        school_name_kk: Some(about.name_kk),
        school_name_ru: Some(about.name_ru),
        full_name: about.full_name,
        roles: about.roles,
    })
}

/// Puts the new password; the credential is used up in the same transaction, and every other session ends.
pub(crate) async fn finish(
    newcomer: &Newcomer,
    account: AccountId,
    about: About,
    new: RegistrationNew,
) -> Result<Entrance<Registered>> {
    let house = &newcomer.house;
    let own = store::own(house.store.platform(), account).await?.ok_or_else(spent)?;
    let policy = weigh(house, account, &about, own.has_factor).await?;
    let named = RegistrationNew { login: own.login, ..new };
    if let Some(fault) = password_fault(&about, &named, policy).await? {
        return Err(Problem::field("password", fault));
    }
    let fresh = Hasher::shared().hash(&house.chance, &named.password).await?;
    let now = house.clock.now();
    let tx = house.store.platform().begin().await?;
    if !store::hold(&tx, account).await? || !store::consume(&tx, about.credential.id, Left::Nothing, now).await? {
        return Err(spent());
    }
    store::put_password(&tx, account, &fresh, now).await?;
    tx.commit().await?;
    house.sessions_end_of(account).await?;
    house.session_end(&newcomer.token).await?;
    tracing::info!(%account, credential = %about.credential.id, "a password was chosen after a reset");
    if own.has_factor {
        let answer = Registered { next: Next::SignIn, slug: None };
        return Ok(Entrance { answer, scope: Scope::User, token: None });
    }
    let token = sessions::open(house, account, "active", Scope::User).await?.ok_or_else(spent)?;
    let answer = Registered { next: Next::Portal, slug: about.seat.map(|seat| seat.card.slug) };
    Ok(Entrance { answer, scope: Scope::User, token: Some(token) })
}
