//! The own account: what its owner sees of it, and keeps in order. Every operation is the owner's alone and
//! needs the owner's session; what could take the account over needs a proof of the last ten minutes too
//! (S27), and takes effect at once: other sessions end, with their streams (S32).

pub(crate) mod attach;
pub(crate) mod email;
pub(crate) mod factors;
pub(crate) mod lost;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod proof;
pub(crate) mod sessions;

use kd_ctx::{House, Turn};
use kd_http::Portal;
use kd_kernel::{AccountId, Act, Problem, Result};

use crate::standing::Standing;
use crate::store::{self, PasskeyRow};
use crate::wire::own::{OwnAccount, OwnSession};
use crate::wire::passkeys::{OwnPasskey, PasskeyKind};

/// The own account, as its owner sees it. Where a school does not answer, what is asked of the owner is told
/// as of an administrator.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn read(door: &Portal) -> Result<OwnAccount> {
    let (house, account) = (door.house(), door.account());
    let own = store::own(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    let passkeys = store::passkeys(house.store.platform(), account).await?;
    let sessions = house.sessions_of(account).await?;
    let standing = Standing::of(house, account).await?;
    Ok(OwnAccount {
        language: own.language()?,
        login: own.login,
        email: own.email,
        email_waits: own.email_waits,
        second_factor: own.has_factor,
        code_app: own.has_app,
        passkeys: passkeys.into_iter().map(shown).collect(),
        second_factor_required: standing.administers(),
        recovery_codes: u32::try_from(own.codes).unwrap_or(0),
        min_password: u32::try_from(standing.policy(own.has_factor).least()).unwrap_or(0),
        password_set_at: own.password_set_at,
        sessions: sessions
            .into_iter()
            .map(|session| OwnSession {
                this: session.id == door.session().id,
                id: session.id,
                created_at: session.created_at,
                seen_at: session.seen_at,
                expires_at: session.expires_at,
            })
            .collect(),
    })
}

fn shown(row: PasskeyRow) -> OwnPasskey {
    let kind = PasskeyKind::of_name(&row.kind);
    OwnPasskey { id: row.id, kind, created_at: row.created_at, used_at: row.used_at }
}

/// Asks whether the person of the turn may keep the own account in order: everybody may, while in the school.
/// The house and the account that the write is about.
pub(crate) fn allow(turn: &Turn) -> Result<(&House, AccountId)> {
    turn.allow(Act::AccountOwn)?;
    turn.about(turn.who().profile.0, serde_json::json!({}));
    Ok((turn.house(), turn.who().account))
}
