//! A further profile for the own account: the initial login and the temporary password of another school's paper
//! are typed; first it is shown whose profile it is, then it is attached. What is typed and what is shown of the
//! other school stays out of this one: its audit says no more than that the own account was changed.

use kd_ctx::sessions::Which;
use kd_ctx::{FutureExt as _, Scope};
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{CredentialId, Problem, Result};
use poem::http::StatusCode;
use zeroize::Zeroizing;

use super::{allow, proof};
use crate::attach::{Target, asks_password, good_for_staff, use_up, weigh};
use crate::registration::{About, spent};
use crate::sign_in::{Knock, Proven, Wanted, prove, slow_down};
use crate::store::{self, Unfinished};
use crate::wire::own::{Attachment, AttachmentAdd, AttachmentLook, AttachmentOffer, Done};
use crate::{Entrance, jobs, rules, sessions};

/// Says whose profile a credential would attach; nothing is used up.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 422 `credential-wrong` at `temporary_password` for everything that is wrong; 409
/// where this account may not take it; 429.
pub async fn look(door: &Portal, key: &IdempotencyKey, typed: AttachmentLook) -> Result<AttachmentOffer> {
    door.fresh()?;
    let (house, account) = (door.house(), door.account());
    let about = about(door, "look", (&typed.login, &typed.temporary_password)).await?;
    let to = Target::of(&about)?;
    weigh(house, &to, account).await?;
    let password_needed = asks_password(house, &about, account).await?;
    let done = door.once(key, "attachment_look", &(), |turn| {
        async move {
            allow(turn)?;
            Ok(Done { done: true })
        }
        .boxed()
    });
    done.await?;
    Ok(AttachmentOffer {
        name_kk: about.name_kk,
        name_ru: about.name_ru,
        full_name: about.full_name.unwrap_or_default(),
        roles: about.roles,
        password_needed,
    })
}

/// Attaches the profile; this session gets a new token, which reaches the new school too.
///
/// # Errors
/// As [`look`]; 422 `required` or `password-wrong` at `password`, where the own password is asked for; 409
/// `accounts.attach-password-first` where that is too weak; 503 when a database does not answer: sent again
/// with the same key it goes on where it was cut.
pub async fn add(door: &Portal, key: &IdempotencyKey, new: AttachmentAdd) -> Result<Entrance<Attachment>> {
    door.fresh()?;
    let (house, account) = (door.house(), door.account());
    let (taken, fresh) = match store::used_by(house.store.platform(), &rules::folded(&new.login), account).await? {
        // The same sent again after it was cut.
        Some(taken) => (taken, None),
        None => {
            let (taken, strict) = weighed(door, new).await?;
            (taken, Some(strict))
        }
    };
    let done = door.once(key, "attachment_add", &(), |turn| {
        async move {
            let (house, _) = allow(turn)?;
            if let Some(strict) = fresh {
                use_up(house, taken, strict).await?;
            }
            Ok(Done { done: true })
        }
        .boxed()
    });
    done.await?;
    if !jobs::finish(house, taken).await? {
        return Err(spent());
    }
    house.sessions_end(account, Which::One(door.session().id)).await?;
    let token = sessions::open(house, account, "active", Scope::User).await?.ok_or_else(Problem::unauthorized)?;
    tracing::info!(%account, credential = %taken.credential, "a profile was attached by its owner");
    let slug = house.school_by_id(taken.school).await?.map(|card| card.slug).ok_or_else(spent)?;
    Ok(Entrance { answer: Attachment { slug }, scope: Scope::User, token: Some(token) })
}

/// What is attached, and whether it needs a second factor.
async fn weighed(door: &Portal, new: AttachmentAdd) -> Result<(Unfinished, bool)> {
    let (house, account) = (door.house(), door.account());
    let about = about(door, "add", (&new.login, &new.temporary_password)).await?;
    let to = Target::of(&about)?;
    weigh(house, &to, account).await?;
    if asks_password(house, &about, account).await? {
        let typed = new.password.filter(|typed| !typed.is_empty());
        let password = Zeroizing::new(typed.ok_or_else(|| Problem::field("password", "required"))?);
        proof::password(house, (account, "attach"), &password).await?;
        good_for_staff(house, account, password).await?;
    }
    Ok((to.taken_by(account), to.strict))
}

/// What a credential is about, once its password was right. Its tries are counted as at the entrance; beside that
/// the account that tries is slowed down, whatever logins it tries. `what` names the ladder.
async fn about(door: &Portal, what: &str, (login, temporary): (&str, &str)) -> Result<About> {
    let house = door.house();
    let (limits, subject) = (house.cache.limits(), format!("attach-{what}:{}", door.account()));
    limits.attempt(&subject, house.clock.now()).await.map_err(slow_down)?;
    let knock = Knock { house, ip: door.ip() };
    let proven = prove(knock, Wanted::Credential, login, temporary).await;
    let wrong = || Problem::field("temporary_password", "credential-wrong");
    let id: CredentialId = match proven {
        Ok(Proven::Credential(id, _)) => id,
        Ok(Proven::Account(_)) => return Err(wrong()),
        // In a session 401 says that it has ended: here it is the field that is wrong.
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => return Err(wrong()),
        Err(problem) => return Err(problem),
    };
    limits.succeeded(&subject).await;
    let credential = store::credential(house.store.platform(), id).await?;
    About::of(house, credential.filter(|one| one.state == "issued").ok_or_else(spent)?).await
}
