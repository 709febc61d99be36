//! What each step does, and how it is undone. Each may be done twice, and undone twice, by workers that
//! know nothing of each other.

use bytes::Bytes;
use kd_blobs::ObjectKey;
use kd_cache::Key;
use kd_ctx::House;
use kd_kernel::{AccountId, Problem, ProfileId, Result, names};
use kd_migrations::SCHOOL;
use kd_schools::applications::{self, Application, Step as Move};
use kd_schools::{ApplicationState, registry};
use kd_store::schools::{self, Outcome, Seed};
use kd_store::{Mode, sql};
use sea_orm::{FromQueryResult, TransactionTrait};

use crate::faults;
use crate::letter::{self, Opened};
use crate::rules::{self, Step};
use crate::store::{self, Run};

/// Why a step ended without its effect.
#[derive(Debug)]
pub(crate) enum Halt {
    /// Another worker holds the run: nothing more may be done.
    Overtaken,
    /// It will not go well at any try. The code is for operators.
    Broken(&'static str),
    /// It did not go well; whether it may, its cause tells.
    Failed(Problem),
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl From<sea_orm::DbErr> for Halt {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Failed(Problem::from(error))
    }
}

type Done = Result<(), Halt>;

/// The rows that a school begins with, by table: what an undo may drop.
const BEGAN_WITH: [(&str, i64); 3] = [("setting", 2), ("profile", 1), ("role_held", 1)];

/// Has a step's effect.
pub(crate) async fn effect(house: &House, run: &Run, step: Step) -> Done {
    match step {
        Step::ClaimSlug => claim_slug(house, run).await?,
        Step::CreateSchema => create_schema(house, run).await?,
        Step::ClaimPrefix => claim_prefix(house, run).await?,
        Step::SmokeCheck => smoke_check(house, run).await?,
        Step::OpenSchool => return open_school(house, run).await,
    }
    faults::fails(house, step.name())
}

/// Undoes a step.
pub(crate) async fn undo(house: &House, run: &Run, step: Step) -> Done {
    match step {
        // The address stays this school's: it may be tried anew.
        Step::ClaimSlug | Step::SmokeCheck => {}
        Step::OpenSchool => {
            let tx = house.store.platform().begin().await?;
            if !store::hold(house, &tx, run).await? {
                return Err(Halt::Overtaken);
            }
            store::leave_all(&tx, run.school()).await?;
            tx.commit().await?;
        }
        Step::ClaimPrefix => {
            if !still(house, run).await? {
                return Err(Halt::Overtaken);
            }
            house.blobs.delete_prefix(run.school()).await?;
        }
        Step::CreateSchema => {
            return match schools::drop(&house.store, run.place.cell, run.school(), run.fence, &BEGAN_WITH).await? {
                Outcome::Done => Ok(()),
                Outcome::Overtaken => Err(Halt::Overtaken),
                Outcome::HoldsData => Err(Halt::Broken("holds-data")),
            };
        }
    }
    Ok(())
}

/// Whether the run is still this worker's; asked again before whatever cannot ask by itself.
async fn still(house: &House, run: &Run) -> Result<bool> {
    store::hold(house, house.store.platform(), run).await
}

async fn claim_slug(house: &House, run: &Run) -> Done {
    let card = house.school_by_id(run.school()).await?;
    let stands = card.is_some_and(|card| card.slug == run.slug && card.state == "provisioning");
    if stands { Ok(()) } else { Err(Halt::Broken("registry-differs")) }
}

async fn create_schema(house: &House, run: &Run) -> Done {
    let application = applications::read(house.store.platform(), run.application).await?;
    let account = application.account_id.ok_or(Halt::Broken("no-account"))?;
    let seed = seed(house, &application, account);
    match schools::create(&house.store, run.place.cell, run.school(), run.fence, &seed).await? {
        Outcome::Done => Ok(()),
        Outcome::Overtaken => Err(Halt::Overtaken),
        Outcome::HoldsData => Err(Halt::Broken("holds-data")),
    }
}

/// The first rows: settings, and the administrator, who is the application's contact.
fn seed(house: &House, application: &Application, account: AccountId) -> Vec<Seed> {
    let now = house.clock.now();
    let profile: ProfileId = house.id();
    let name = rules::name_of(&application.contact_name);
    let whole = names::full_name(&name.surname, &name.given_name, name.patronymic.as_deref());
    let setting = |key: &str, value: serde_json::Value| {
        Seed(
            "INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3)",
            vec![key.into(), value.into(), now.into()],
        )
    };
    vec![
        setting("language", application.language.clone().into()),
        setting("zone", "Asia/Almaty".into()),
        Seed(
            "INSERT INTO profile (id, account_id, kind, surname, given_name, patronymic, folded_name, sex, phone, email, \
             position, created_at) VALUES ($1, $2, 'staff', $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            vec![
                profile.into(),
                account.into(),
                name.surname.clone().into(),
                name.given_name.clone().into(),
                name.patronymic.clone().into(),
                names::folded(&whole).into(),
                rules::sex_of(&name).into(),
                application.phone.clone().into(),
                application.email.clone().into(),
                application.contact_position.clone().into(),
                now.into(),
            ],
        ),
        Seed(
            "INSERT INTO role_held (profile_id, role, since) VALUES ($1, 'administrator', $2)",
            vec![profile.into(), now.into()],
        ),
    ]
}

async fn claim_prefix(house: &House, run: &Run) -> Done {
    let marker = ObjectKey::school(run.school(), "service", "marker.json")?;
    let text = serde_json::json!({ "school": run.school() }).to_string();
    if !still(house, run).await? {
        return Err(Halt::Overtaken);
    }
    house.blobs.put(&marker, Bytes::from(text), "application/json").await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Administrator {
    id: ProfileId,
}

async fn administrator(house: &House, run: &Run, account: AccountId) -> Result<Option<Administrator>> {
    let tx = house.store.begin(run.place, Mode::Read).await?;
    let found = sql::one(
        &tx,
        "SELECT p.id FROM profile p JOIN role_held r ON r.profile_id = p.id AND r.role = 'administrator' \
         WHERE p.account_id = $1 AND p.state = 'active' AND EXISTS (SELECT FROM setting WHERE key = 'language')",
        [account.into()],
    )
    .await?;
    tx.rollback().await?;
    Ok(found)
}

async fn smoke_check(house: &House, run: &Run) -> Done {
    let application = applications::read(house.store.platform(), run.application).await?;
    let account = application.account_id.ok_or(Halt::Broken("no-account"))?;
    administrator(house, run, account).await?.ok_or(Halt::Broken("seed-missing"))?;
    let file = ObjectKey::school(run.school(), "service", "check")?;
    let text = Bytes::from(run.fence.to_string());
    if !still(house, run).await? {
        return Err(Halt::Overtaken);
    }
    house.blobs.put(&file, text.clone(), "text/plain").await?;
    let read = house.blobs.get(&file).await?;
    house.blobs.delete(&file).await?;
    // Another's file between the two is no more than a reason to look again.
    if read == Some(text) {
        Ok(())
    } else {
        Err(Halt::Failed(Problem::unavailable("a file read otherwise than written")))
    }
}

async fn open_school(house: &House, run: &Run) -> Done {
    let application = applications::read(house.store.platform(), run.application).await?;
    let account = application.account_id.ok_or(Halt::Broken("no-account"))?;
    let profile = administrator(house, run, account).await?.ok_or(Halt::Broken("seed-missing"))?.id;
    let card = house.school_by_id(run.school()).await?.ok_or(Halt::Broken("registry-differs"))?;
    let now = house.clock.now();
    let tx = house.store.platform().begin().await?;
    if !store::step_done(&tx, run, Step::OpenSchool, now).await? || !store::run_ends(&tx, run, now).await? {
        return Err(Halt::Overtaken);
    }
    if store::school_opens(&tx, run.school(), kd_migrations::newest(SCHOOL), now).await? != 1 {
        return Err(Halt::Broken("registry-differs"));
    }
    let opens = Move::of_itself(ApplicationState::Provisioning, ApplicationState::Active);
    applications::advance(house, &tx, run.application, opens).await?;
    kd_accounts::account_activate(&tx, account).await?;
    store::join(&tx, (account, profile), run.school(), now).await?;
    registry::event(house, &tx, run.school(), ("opened", None, None)).await?;
    let of = Opened { school: run.school(), slug: &card.slug, name_kk: &card.name_kk, name_ru: &card.name_ru };
    house.letter(&tx, letter::opened(house, &application, of)?).await?;
    faults::fails(house, Step::OpenSchool.name())?;
    tx.commit().await?;
    house.cache.forget(&Key::platform("school", &card.slug)).await;
    Ok(())
}

/// The end of an undoing: nobody reaches the school, its application says that it could not be made.
/// `code` where something had to be left.
pub(crate) async fn close(house: &House, run: &Run, code: Option<&str>) -> Done {
    let now = house.clock.now();
    let tx = house.store.platform().begin().await?;
    let ended = store::undo_ends(&tx, run, code, now).await?.ok_or(Halt::Overtaken)?;
    let (state, event) = match ended {
        rules::RunState::RolledBack => ("rolled_back", "provisioning_rolled_back"),
        _ => ("provisioning_failed", "provisioning_failed"),
    };
    store::school_becomes(&tx, run.school(), state).await?;
    registry::event(house, &tx, run.school(), (event, None, code)).await?;
    let application = applications::read(&tx, run.application).await?;
    if application.state()? == ApplicationState::Provisioning {
        let failed = Move::of_itself(ApplicationState::Provisioning, ApplicationState::ProvisioningFailed);
        applications::advance(house, &tx, run.application, failed).await?;
    }
    tx.commit().await?;
    house.cache.forget(&Key::platform("school", &run.slug)).await;
    Ok(())
}

/// A worker that was overtaken may have written to S3 after the undoing; what should not stand goes.
pub(crate) async fn sweep(house: &House, run: &Run) -> Result<()> {
    if store::is_undone(house, run.school()).await? {
        let files = house.blobs.delete_prefix(run.school()).await?;
        if files > 0 {
            tracing::warn!(school = %run.school(), files, "files of a worker that was too late were swept");
        }
    }
    Ok(())
}
