//! How an account stands in its schools at this moment: in each a profile and the roles held, as the school's
//! own cell says. Who may enter where, how long a session lasts, what is asked of a password and whether the
//! second factor must stay are all read here.
//!
//! A cell that does not answer is never taken for a school without a say. What remains then is the strict
//! side; and whatever would leave the account weaker waits until the school answers ([`Standing::known`]).

use kd_ctx::{House, Member, SchoolCard};
use kd_kernel::{AccountId, Problem, Result, Role, SchoolId};
use kd_store::Mode;

use crate::passwords::Policy;
use crate::store::{self, Profile};

/// How an account stands in all its schools together: the strictest counts.
#[derive(Debug)]
pub(crate) struct Standing {
    seats: Vec<(SchoolCard, Profile)>,
    silent: bool,
}

impl Standing {
    /// As the schools say. One school's trouble is not another's: it is noted, and the others are asked.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub(crate) async fn of(house: &House, account: AccountId) -> Result<Self> {
        let members = store::members(house.store.platform(), account).await?;
        Self::among(house, account, &members).await
    }

    /// As [`Standing::of`], for a session, which knows where its account is a member.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub(crate) async fn among(house: &House, account: AccountId, members: &[Member]) -> Result<Self> {
        let mut standing = Self { seats: Vec::with_capacity(members.len()), silent: false };
        for member in members {
            let Some(card) = house.school_by_id(member.school_id).await?.filter(SchoolCard::is_kept) else { continue };
            match profile(house, &card, *member).await {
                Ok(Some(profile)) if profile.account_id == Some(account) => standing.seats.push((card, profile)),
                Ok(_) => {}
                Err(problem) => {
                    tracing::warn!(school = %card.id, %problem, "a school's roles could not be read");
                    standing.silent = true;
                }
            }
        }
        Ok(standing)
    }

    /// The same, where every school has answered: for what would leave the account weaker.
    ///
    /// # Errors
    /// 503 where one has not.
    pub(crate) fn known(self) -> Result<Self> {
        if self.silent { Err(Problem::unavailable("a school of the account does not answer")) } else { Ok(self) }
    }

    /// Whether the account administers a school, or might.
    pub(crate) fn administers(&self) -> bool {
        self.silent || self.seats.iter().any(|(_, profile)| profile.roles().contains(&Role::Administrator))
    }

    /// Whether a school that has answered counts the person among its staff: then the password was chosen as
    /// good as that demands.
    pub(crate) fn is_staff(&self) -> bool {
        self.seats.iter().any(|(_, profile)| profile.kind == "staff")
    }

    /// Whether a school other than this one counts the account among its people.
    pub(crate) fn elsewhere(&self, school: SchoolId) -> bool {
        self.seats.iter().any(|(card, _)| card.id != school)
    }

    /// What is asked of a password.
    pub(crate) fn policy(&self, has_factor: bool) -> Policy {
        let staff = self.silent || self.is_staff();
        let policy = if staff { Policy::Staff } else { Policy::Family };
        if has_factor { policy.with_code() } else { policy }
    }

    /// The schools that may be entered, with the person there.
    pub(crate) fn open(self) -> impl Iterator<Item = (SchoolCard, Profile)> {
        self.seats.into_iter().filter(|(card, _)| card.is_open())
    }
}

async fn profile(house: &House, card: &SchoolCard, member: Member) -> Result<Option<Profile>> {
    let tx = house.store.begin(card.place(), Mode::Read).await?;
    let profile = store::profile(&tx, member.profile_id).await?;
    tx.rollback().await?;
    Ok(profile)
}
