//! Attaching: a temporary credential brings a further profile to an account that is there (decision 0018). On
//! the registration page its owner shows the own login beside it; inside, [`crate::own::attach`] asks for the
//! credential. Both weigh alike, use the credential up in one transaction of the platform, and are finished
//! as a registration is: the school's row, then the membership; what is cut in between, [`crate::jobs`] mends.

use kd_ctx::{House, Scope};
use kd_http::Newcomer;
use kd_kernel::{AccountId, Problem, Result};
use sea_orm::TransactionTrait;
use zeroize::Zeroizing;

use crate::passwords::{Policy, check_password};
use crate::registration::{About, Seat, spent};
use crate::sign_in::{Knock, Proven, Shown, Wanted, prove, second, wrong};
use crate::standing::Standing;
use crate::store::{self, Left, Unfinished};
use crate::wire::{AttachmentNew, Next, Registered};
use crate::{Entrance, jobs, sessions};

/// Attaches the credential of a newcomer's session to the account whose login and password are shown, second
/// factor and all, and opens a session of it. The newcomer's is dead afterwards.
///
/// # Errors
/// What signing in says of a login, a password and a second factor; else as [`weigh`] and [`use_up`]; 409
/// `accounts.not-open-yet` for an account whose own school is not open; 503 when a database does not answer:
/// signing in with the own login goes on where it was cut.
pub async fn registration_attach(newcomer: &Newcomer, new: AttachmentNew) -> Result<Entrance<Registered>> {
    let house = &newcomer.house;
    let about = About::read(newcomer).await?;
    let to = Target::of(&about)?;
    let password = Zeroizing::new(new.password);
    let knock = Knock { house, ip: newcomer.ip };
    let Proven::Account(found) = prove(knock, Wanted::Account, &new.login, &password).await? else {
        return Err(wrong());
    };
    second(house, &found, Shown::of(new.code, new.passkey)).await?;
    if found.state != "active" {
        return Err(Problem::conflict("accounts.not-open-yet"));
    }
    let account = AccountId(found.id);
    weigh(house, &to, account).await?;
    if asks_password(house, &about, account).await? {
        good_for_staff(house, account, password).await?;
    }
    let taken = to.taken_by(account);
    use_up(house, taken, to.strict).await?;
    house.session_end(&newcomer.token).await?;
    if !jobs::finish(house, taken).await? {
        return Err(spent());
    }
    let token = sessions::open(house, account, "active", Scope::User).await?.ok_or_else(wrong)?;
    tracing::info!(%account, credential = %taken.credential, "a profile was attached by its newcomer");
    let answer = Registered { next: Next::Portal, slug: Some(to.seat.card.slug.clone()) };
    Ok(Entrance { answer, scope: Scope::User, token: Some(token) })
}

/// A profile that may be attached.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    about: &'a About,
    pub(crate) seat: &'a Seat,
    /// Whether the account must have a second factor.
    pub(crate) strict: bool,
}

impl<'a> Target<'a> {
    /// The profile of an initial credential.
    ///
    /// # Errors
    /// 409 `accounts.attach-other` where the credential is for something else: an activation, or a new password.
    pub(crate) fn of(about: &'a About) -> Result<Self> {
        let other = || Problem::conflict("accounts.attach-other");
        let seat = about.seat.as_ref().ok_or_else(other)?;
        if about.credential.account_id.is_some() {
            return Err(other());
        }
        Ok(Self { about, seat, strict: about.is_strict() })
    }

    /// The same as what is left to be done, once an account has it.
    pub(crate) fn taken_by(&self, account: AccountId) -> Unfinished {
        let (school, profile) = (self.seat.card.id, self.seat.profile);
        Unfinished { credential: self.about.credential.id, account, school, profile, attached: true }
    }
}

/// Whether an account may take a profile.
///
/// # Errors
/// 409 `accounts.already-there` where it stands in that school, `accounts.attach-factor-first` where the profile
/// administers and the account has no second factor.
pub(crate) async fn weigh(house: &House, to: &Target<'_>, account: AccountId) -> Result<()> {
    let db = house.store.platform();
    if store::stands_in(db, account, to.seat.card.id).await? {
        return Err(already_there());
    }
    if to.strict && store::factors(db, account).await? == 0 {
        return Err(factor_first());
    }
    Ok(())
}

/// Whether the password must be shown to be good enough: a profile of the staff comes to an account that was
/// a family's so far. How long a password is, nobody has kept.
pub(crate) async fn asks_password(house: &House, about: &About, account: AccountId) -> Result<bool> {
    Ok(about.policy != Policy::Family && !Standing::of(house, account).await?.is_staff())
}

/// Whether an account's password, which was proved, is good enough for the staff.
///
/// # Errors
/// 409 `accounts.attach-password-first`.
pub(crate) async fn good_for_staff(house: &House, account: AccountId, password: Zeroizing<String>) -> Result<()> {
    let own = store::own(house.store.platform(), account).await?.ok_or_else(wrong)?;
    let policy = if own.has_factor { Policy::Staff.with_code() } else { Policy::Staff };
    // Estimating takes milliseconds, which other requests need not wait for.
    let fault = tokio::task::spawn_blocking(move || check_password(&password, policy, &[&own.login]).err());
    match fault.await.map_err(Problem::internal)? {
        Some(_) => Err(Problem::conflict("accounts.attach-password-first")),
        None => Ok(()),
    }
}

/// Uses the credential up for an account, whose row is held meanwhile: of two profiles of one school one is
/// attached, and a second factor that is needed is not taken away beside it.
///
/// # Errors
/// As [`weigh`]; 409 `accounts.credential-spent` where it was used or voided meanwhile.
pub(crate) async fn use_up(house: &House, taken: Unfinished, strict: bool) -> Result<()> {
    let tx = house.store.platform().begin().await?;
    store::hold_account(&tx, taken.account, "active").await?.ok_or_else(wrong)?;
    if store::stands_in(&tx, taken.account, taken.school).await? {
        return Err(already_there());
    }
    if strict && store::factors(&tx, taken.account).await? == 0 {
        return Err(factor_first());
    }
    let left = Left::Attachment(taken.account);
    if !store::consume(&tx, taken.credential, left, house.clock.now()).await? {
        return Err(spent());
    }
    Ok(tx.commit().await?)
}

fn already_there() -> Problem {
    Problem::conflict("accounts.already-there")
}

fn factor_first() -> Problem {
    Problem::conflict("accounts.attach-factor-first")
}
