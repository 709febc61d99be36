//! A reset: the school has issued a temporary credential for an account that is there. Whoever comes with it
//! chooses a new password; the login stays, and so does the second factor, which is asked at the next
//! sign-in (S26). Who asked for the reset neither chooses nor learns the password (S23).

use kd_ctx::{House, Scope};
use kd_http::Newcomer;
use kd_kernel::{AccountId, Problem, Result};
use sea_orm::TransactionTrait;

use crate::passwords::Hasher;
use crate::registration::{About, password_fault, spent};
use crate::store::Left;
use crate::wire::{Next, Registered, Registration, RegistrationKind, RegistrationNew};
use crate::{CURRENT_TERMS, Entrance, sessions, store};

/// What somebody who comes with such a credential needs to know.
pub(crate) async fn read(house: &House, account: AccountId, about: About) -> Result<Registration> {
    let own = store::own(house.store.platform(), account).await?.ok_or_else(spent)?;
    let policy = if own.has_factor { about.policy.with_code() } else { about.policy };
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
    let policy = if own.has_factor { about.policy.with_code() } else { about.policy };
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
