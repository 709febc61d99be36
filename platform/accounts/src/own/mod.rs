//! The own account: what its owner sees of it, and keeps in order. Every operation is the owner's alone and
//! needs the owner's session; what could take the account over needs a proof of the last ten minutes too
//! (S27), and takes effect at once: other sessions end, with their streams (S32).

pub(crate) mod email;
pub(crate) mod factors;
pub(crate) mod lost;
pub(crate) mod password;
pub(crate) mod proof;
pub(crate) mod sessions;

use kd_ctx::{House, SchoolCard, Turn};
use kd_http::Portal;
use kd_kernel::{AccountId, Act, Problem, Result, Role};
use kd_store::Mode;

use crate::passwords::Policy;
use crate::store;
use crate::wire::own::{OwnAccount, OwnSession};

/// The own account, as its owner sees it.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn read(door: &Portal) -> Result<OwnAccount> {
    let (house, account) = (door.house(), door.account());
    let own = store::own(house.store.platform(), account).await?.ok_or_else(Problem::unauthorized)?;
    let sessions = house.sessions_of(account).await?;
    let standing = Standing::of(door).await?;
    Ok(OwnAccount {
        language: own.language()?,
        login: own.login,
        email: own.email,
        email_waits: own.email_waits,
        second_factor: own.has_factor,
        second_factor_required: standing.administers,
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

/// Asks whether the person of the turn may keep the own account in order: everybody may, while in the school.
/// The house and the account that the write is about.
pub(crate) fn allow(turn: &Turn) -> Result<(&House, AccountId)> {
    turn.allow(Act::AccountOwn)?;
    turn.about(turn.who().profile.0, serde_json::json!({}));
    Ok((turn.house(), turn.who().account))
}

/// How the owner stands in all schools together: the strictest counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// Is staff somewhere.
    pub(crate) staff: bool,
    /// Administers a school.
    pub(crate) administers: bool,
}

impl Standing {
    /// As the schools say at this moment. One whose cell does not answer keeps nobody from the own account;
    /// the school of the door was just asked.
    pub(crate) async fn of(door: &Portal) -> Result<Self> {
        let house = door.house();
        let mut standing = Self { staff: false, administers: false };
        for member in &door.session().members {
            let Some(card) = house.school_by_id(member.school_id).await?.filter(SchoolCard::is_open) else { continue };
            let profile = async {
                let tx = house.store.begin(card.place(), Mode::Read).await?;
                let profile = store::profile(&tx, member.profile_id).await?;
                tx.rollback().await?;
                Ok::<_, Problem>(profile)
            };
            match profile.await {
                Ok(Some(profile)) => {
                    standing.staff |= profile.kind == "staff";
                    standing.administers |= profile.roles().contains(&Role::Administrator);
                }
                Ok(None) => {}
                Err(problem) => tracing::warn!(school = %card.id, %problem, "a school's roles could not be read"),
            }
        }
        Ok(standing)
    }

    /// What is asked of a password.
    pub(crate) fn policy(self, has_factor: bool) -> Policy {
        let policy = if self.staff { Policy::Staff } else { Policy::Family };
        if has_factor { policy.with_code() } else { policy }
    }
}
