//! Registration: a temporary credential becomes an account. The credential is used up in the transaction
//! that makes the account; for a person of a school the profile is linked next, then the membership is
//! written (decision 8). What is cut in between is finished by [`crate::mend_memberships`].

use kd_ctx::sessions::Opening;
use kd_ctx::{House, SchoolCard, Scope};
use kd_http::Newcomer;
use kd_kernel::chance::plain_temporary;
use kd_kernel::problem::Faults;
use kd_kernel::{AccountId, ApplicationId, CredentialId, Problem, ProfileId, Result, Role, SchoolId, names};
use kd_store::{Mode, PlatformTx, sql};
use sea_orm::{FromQueryResult, TransactionTrait};
use zeroize::Zeroizing;

use crate::passwords::{Hasher, Policy, check_password};
use crate::sign_in::seed_context;
use crate::store::{self, Credential, Left, NewAccount, Unfinished};
use crate::wire::{Next, Registered, Registration, RegistrationKind, RegistrationNew, SecondFactor};
use crate::{CURRENT_TERMS, Entrance, factor, jobs, reset, rules, sessions};

/// What somebody who registers needs to know.
///
/// # Errors
/// 409 `accounts.credential-spent` where nothing can be registered with this session.
pub async fn read(newcomer: &Newcomer) -> Result<Registration> {
    let house = &newcomer.house;
    let about = About::read(newcomer).await?;
    if let Some(account) = about.credential.account_id {
        return reset::read(house, account, about).await;
    }
    let credential = &about.credential;
    let stem = rules::stem_of(&credential.login);
    let proposed_login = match stem {
        Some(stem) if store::is_free(house.store.platform(), stem, credential.id).await? => stem.to_owned(),
        _ => credential.login.clone(),
    };
    Ok(Registration {
        kind: about.kind(),
        proposed_login,
        second_factor_required: about.is_strict(),
        terms_version: CURRENT_TERMS.to_owned(),
        min_password: u32::try_from(about.policy.least()).unwrap_or(0),
        school_name_kk: Some(about.name_kk),
        school_name_ru: Some(about.name_ru),
        full_name: about.full_name,
        roles: about.roles,
    })
}

/// Begins the second factor: a seed that waits in the session, sealed. Asked again, it is the same seed,
/// so that a page that was loaded anew still fits the app.
///
/// # Errors
/// As [`read`].
pub async fn second_factor_begin(newcomer: &Newcomer) -> Result<SecondFactor> {
    let house = &newcomer.house;
    let credential = valid_credential(newcomer).await?;
    let context = pending_context(newcomer);
    let fresh = Zeroizing::new(factor::seed(&house.chance));
    let sealed = house.seal.seal(&house.chance, &context, fresh.as_slice());
    let waiting = store::pending_seed(house.store.platform(), newcomer.session.id, sealed)
        .await?
        .ok_or_else(Problem::unauthorized)?;
    let seed = Zeroizing::new(house.seal.open(&context, &waiting)?);
    let login = rules::stem_of(&credential.login).unwrap_or(&credential.login);
    let otpauth_url = factor::url(login, &seed);
    Ok(SecondFactor { secret: factor::base32(&seed), qr_svg: kd_press::qr_svg(&otpauth_url), otpauth_url })
}

/// Registers: makes the account, and opens its session. The newcomer's session is dead afterwards.
///
/// # Errors
/// 422 with the faults of fields; 409 `accounts.credential-spent` where the credential was used or voided
/// meanwhile; 503 when a database does not answer: the account may be there then, and signing in with
/// the chosen login and password goes on where it was cut.
pub async fn register(newcomer: &Newcomer, new: RegistrationNew) -> Result<Entrance<Registered>> {
    let house = &newcomer.house;
    let about = About::read(newcomer).await?;
    if let Some(account) = about.credential.account_id {
        return reset::finish(newcomer, account, about, new).await;
    }
    let (login, totp) = check(newcomer, &about, &new).await?;
    let hash = Hasher::shared().hash(&house.chance, &new.password).await?;
    let id: AccountId = house.id();
    let account = NewAccount {
        id,
        login: &login,
        kind: "user",
        state: if about.seat.is_some() { "active" } else { "activating" },
        hash: &hash,
        language: new.language,
        totp: totp.map(|(seed, step)| (house.seal.seal(&house.chance, &seed_context(id), &seed), step)),
        now: house.clock.now(),
    };
    let tx = house.store.platform().begin().await?;
    make_account(&tx, &about, account).await?;
    let entrance = match (&about.seat, about.credential.application_id) {
        (Some(seat), _) => {
            tx.commit().await?;
            enter_school(house, seat, (about.credential.id, id)).await?
        }
        (None, Some(application)) => enter_activation(house, tx, (application, id)).await?,
        (None, None) => return Err(spent()),
    };
    house.session_end(&newcomer.token).await?;
    tracing::info!(account = %id, credential = %about.credential.id, "an account was registered");
    Ok(entrance)
}

/// Where an initial credential leads.
pub(crate) struct Seat {
    pub(crate) card: SchoolCard,
    pub(crate) profile: ProfileId,
}

/// Everything that is known of the person who registers.
pub(crate) struct About {
    pub(crate) credential: Credential,
    pub(crate) seat: Option<Seat>,
    pub(crate) policy: Policy,
    pub(crate) name_kk: String,
    pub(crate) name_ru: String,
    pub(crate) full_name: Option<String>,
    pub(crate) roles: Vec<Role>,
}

impl About {
    /// Whether the account must have a second factor: the credential says so, or the roles that are held by now.
    pub(crate) fn is_strict(&self) -> bool {
        self.credential.strict || self.roles.contains(&Role::Administrator)
    }

    pub(crate) async fn read(newcomer: &Newcomer) -> Result<Self> {
        Self::of(&newcomer.house, valid_credential(newcomer).await?).await
    }

    /// As [`About::read`], of a credential that can still be used.
    pub(crate) async fn of(house: &House, credential: Credential) -> Result<Self> {
        match (credential.application_id, credential.school_id, credential.profile_id) {
            (Some(application), ..) => Self::of_application(house, credential, application).await,
            (None, Some(school), Some(profile)) => Self::of_profile(house, credential, (school, profile)).await,
            _ => Err(spent()),
        }
    }

    async fn of_application(house: &House, credential: Credential, id: ApplicationId) -> Result<Self> {
        #[derive(FromQueryResult)]
        struct Names {
            name_kk: String,
            name_ru: String,
        }
        let names: Names = sql::one(
            house.store.platform(),
            "SELECT name_kk, name_ru FROM platform.application WHERE id = $1",
            [id.into()],
        )
        .await?
        .ok_or_else(spent)?;
        Ok(Self {
            credential,
            seat: None,
            policy: Policy::Staff,
            name_kk: names.name_kk,
            name_ru: names.name_ru,
            full_name: None,
            roles: vec![Role::Administrator],
        })
    }

    async fn of_profile(
        house: &House,
        credential: Credential,
        (school, profile): (SchoolId, ProfileId),
    ) -> Result<Self> {
        let card = house.school_by_id(school).await?.filter(SchoolCard::is_open).ok_or_else(spent)?;
        let tx = house.store.begin(card.place(), Mode::Read).await?;
        let person = store::profile(&tx, profile).await?;
        tx.rollback().await?;
        let person = person.filter(|p| p.account_id == credential.account_id).ok_or_else(spent)?;
        Ok(Self {
            credential,
            policy: Policy::of_kind(&person.kind),
            name_kk: card.name_kk.clone(),
            name_ru: card.name_ru.clone(),
            full_name: Some(names::full_name(&person.surname, &person.given_name, person.patronymic.as_deref())),
            roles: person.roles(),
            seat: Some(Seat { card, profile }),
        })
    }

    fn kind(&self) -> RegistrationKind {
        if self.seat.is_some() { RegistrationKind::Initial } else { RegistrationKind::Activation }
    }
}

/// The credential of the session, if it can still be used.
async fn valid_credential(newcomer: &Newcomer) -> Result<Credential> {
    let house = &newcomer.house;
    let id = newcomer.session.credential.ok_or_else(spent)?;
    let credential = store::credential(house.store.platform(), id).await?;
    credential.filter(|c| c.state == "issued" && c.expires_at > house.clock.now()).ok_or_else(spent)
}

/// A seed and the step of the code that proved it.
type Proof = (Zeroizing<Vec<u8>>, i64);

/// Checks everything that was sent, and tells all faults at once.
async fn check(newcomer: &Newcomer, about: &About, new: &RegistrationNew) -> Result<(String, Option<Proof>)> {
    let mut faults = Faults::default();
    let login = rules::login(&new.login);
    faults.require(login.is_some(), "login", "login-format");
    faults.require(new.terms_version == CURRENT_TERMS, "terms_version", "terms-outdated");
    let code = new.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let proof = match code {
        Some(code) => prove(newcomer, code).await?,
        None => None,
    };
    faults.require(code.is_some() || !about.is_strict(), "code", "required");
    faults.require(code.is_none() || proof.is_some(), "code", "code-wrong");
    let policy = if proof.is_some() || about.is_strict() { about.policy.with_code() } else { about.policy };
    if let Some(fault) = password_fault(about, new, policy).await? {
        faults.add("password", fault);
    }
    faults.check()?;
    Ok((login.unwrap_or_default(), proof))
}

async fn prove(newcomer: &Newcomer, code: &str) -> Result<Option<Proof>> {
    let house = &newcomer.house;
    let waiting = store::waiting_seed(house.store.platform(), newcomer.session.id).await?;
    let Some(waiting) = waiting else { return Ok(None) };
    let seed = Zeroizing::new(house.seal.open(&pending_context(newcomer), &waiting)?);
    let step = factor::step_of(&seed, code, house.clock.now())?;
    Ok(step.map(|step| (seed, step)))
}

pub(crate) async fn password_fault(
    about: &About,
    new: &RegistrationNew,
    policy: Policy,
) -> Result<Option<&'static str>> {
    let typed = Zeroizing::new(plain_temporary(&new.password));
    if Hasher::shared().verify(&typed, &about.credential.hash).await?.ok {
        return Ok(Some("password-same-as-temporary"));
    }
    let password = Zeroizing::new(new.password.clone());
    let mut context = vec![new.login.clone(), about.credential.login.clone()];
    context.extend([about.name_kk.clone(), about.name_ru.clone()]);
    context.extend(about.full_name.clone());
    // Estimating takes milliseconds, which other requests need not wait for.
    tokio::task::spawn_blocking(move || {
        let context: Vec<&str> = context.iter().map(String::as_str).collect();
        check_password(&password, policy, &context).err()
    })
    .await
    .map_err(Problem::internal)
}

/// Uses the credential up and makes the account, in one transaction.
async fn make_account(tx: &PlatformTx, about: &About, account: NewAccount<'_>) -> Result<()> {
    let (id, language, now) = (account.id, account.language, account.now);
    if !store::claim_login(tx, account.login, Some(about.credential.id)).await? {
        return Err(Problem::field("login", "login-taken"));
    }
    store::add_account(tx, account).await?;
    store::accept_terms(tx, id, (CURRENT_TERMS, language), now).await?;
    let left = about.seat.as_ref().map_or(Left::Nothing, |_| Left::Registration(id));
    if store::consume(tx, about.credential.id, left, now).await? { Ok(()) } else { Err(spent()) }
}

async fn enter_school(
    house: &House,
    seat: &Seat,
    (credential, account): (CredentialId, AccountId),
) -> Result<Entrance<Registered>> {
    let (school, profile) = (seat.card.id, seat.profile);
    let unfinished = Unfinished { credential, account, school, profile, attached: false };
    if !jobs::finish(house, unfinished).await? {
        return Err(spent());
    }
    let token = sessions::open(house, account, "active", Scope::User).await?.ok_or_else(spent)?;
    let answer = Registered { next: Next::Portal, slug: Some(seat.card.slug.clone()) };
    Ok(Entrance { answer, scope: Scope::User, token: Some(token) })
}

async fn enter_activation(
    house: &House,
    tx: PlatformTx,
    (application, account): (ApplicationId, AccountId),
) -> Result<Entrance<Registered>> {
    let event = (house.id(), house.clock.now());
    if !store::application_registered(&tx, application, account, event).await? {
        return Err(spent());
    }
    let opening = Opening { scope: Scope::Newcomer, account: Some((account, 1)), credential: None };
    let token = house.session_open(&tx, opening).await?;
    tx.commit().await?;
    let answer = Registered { next: Next::Activate, slug: None };
    Ok(Entrance { answer, scope: Scope::Newcomer, token: Some(token) })
}

fn pending_context(newcomer: &Newcomer) -> String {
    format!("pending-totp:{}", newcomer.session.id)
}

pub(crate) fn spent() -> Problem {
    Problem::conflict("accounts.credential-spent")
}
