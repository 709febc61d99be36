//! What the site does: an application is sent; its administrator goes from step to step. The application
//! is always that of the session's credential or account.

use std::net::IpAddr;
use std::time::Duration;

use async_stream::stream;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, pin_mut};
use kd_cache::Topic;
use kd_ctx::{House, Scope, Token};
use kd_http::{Newcomer, poem::http::StatusCode};
use kd_kernel::{AccountId, ApplicationId, Problem, Result};
use kd_provisioning::wire::{Service, ServiceState};
use kd_schools::applications::{self, Application, Step};
use kd_schools::registry::{self, Claim};
use kd_schools::{Agreement, AgreementDraft, AgreementSignature, ApplicationState, PaperLanguage, agreements};
use sea_orm::TransactionTrait;

use crate::letters::{self, ANSWER_DAYS, Tells};
use crate::rules::NewApplication;
use crate::store;
use crate::wire::{
    Activation, ActivationApplication, ActivationStep, ApplicationNew, ApplicationReceived, ServiceEntrance, ServiceNew,
};

/// Applications that one address may send within [`SENDING`]: the office of a district sends all of its own.
const SENT_AT_MOST: u32 = 100;
const SENDING: Duration = Duration::from_secs(3600);
/// How often a stream looks by itself, whatever it is told.
const LOOK: Duration = Duration::from_millis(500);

/// Takes an application in, and answers by letter.
///
/// # Errors
/// 422 with every fault at its field; 429 `signup.too-many` with how long to wait.
pub(crate) async fn send(house: &House, ip: IpAddr, new: ApplicationNew) -> Result<ApplicationReceived> {
    let new = NewApplication::try_from(new)?;
    let now = house.clock.now();
    let hit = house.cache.limits().hit("applications", &ip.to_string(), SENT_AT_MOST, SENDING, now).await;
    hit.map_err(|wait| Problem::new(StatusCode::TOO_MANY_REQUESTS, "signup.too-many").retry_after(wait))?;
    let id: ApplicationId = house.id();
    let tx = house.store.platform().begin().await?;
    let number = applications::next_number(house, &tx).await?;
    store::insert(&tx, (id, &number), &new, now).await?;
    applications::event(house, &tx, id, (ApplicationState::Received.name(), None, None)).await?;
    let application = applications::read(&tx, id).await?;
    let letter = letters::letter(house, &application, Tells::Received, format!("received:{id}"))?;
    house.letter(&tx, letter).await?;
    tx.commit().await?;
    tracing::info!(application = %id, "an application came in");
    Ok(ApplicationReceived { number, received_at: now, answer_within_days: ANSWER_DAYS })
}

/// The application of a newcomer.
async fn application(door: &Newcomer) -> Result<Application> {
    let db = door.house.store.platform();
    if let Some(account) = door.session.account {
        return applications::of_account(db, account).await?.ok_or_else(Problem::not_found);
    }
    let credential = door.session.credential.ok_or_else(Problem::not_found)?;
    let id = store::of_credential(db, credential).await?.ok_or_else(Problem::not_found)?;
    applications::read(db, id).await
}

/// The application of a newcomer who has registered, and the account.
async fn registered(door: &Newcomer) -> Result<(Application, AccountId)> {
    let found = application(door).await?;
    let account = door.session.account.ok_or_else(|| Problem::conflict("signup.not-registered"))?;
    Ok((found, account))
}

/// Where the activation stands, and what is next.
///
/// # Errors
/// 404 for a newcomer who belongs to no application.
pub(crate) async fn activation(door: &Newcomer) -> Result<Activation> {
    let house = &door.house;
    let db = house.store.platform();
    let found = application(door).await?;
    let agreement = agreements::of_application(db, found.id).await?;
    let service = match registry::of_application(db, found.id).await? {
        Some(school) => Some(kd_provisioning::service_of(house, school).await?),
        None => None,
    };
    let proposed_slug = match &service {
        Some(service) => service.slug.clone(),
        None => registry::propose_slug(db, &found.name_kk, &found.city).await?,
    };
    Ok(Activation {
        step: step(found.state()?, service.as_ref()),
        application: ActivationApplication {
            number: found.number,
            name_kk: found.name_kk,
            name_ru: found.name_ru,
            bin: found.bin,
            legal_address: found.legal_address,
            postal_address: found.postal_address,
            city: found.city,
            director: found.director,
            email: found.email,
            phone: found.phone,
        },
        proposed_slug,
        agreement,
        service,
    })
}

fn step(state: ApplicationState, service: Option<&Service>) -> ActivationStep {
    match state {
        _ if service.is_some_and(|service| service.state == ServiceState::Active) => ActivationStep::Open,
        ApplicationState::Registered => ActivationStep::Agreement,
        ApplicationState::ContractSigned
        | ApplicationState::Provisioning
        | ApplicationState::ProvisioningFailed
        | ApplicationState::Active => ActivationStep::Service,
        _ => ActivationStep::Account,
    }
}

/// Draws the agreement up.
///
/// # Errors
/// 409 `signup.not-registered`; otherwise as [`agreements::draft`].
pub(crate) async fn draft(door: &Newcomer, new: AgreementDraft) -> Result<Agreement> {
    let (found, _) = registered(door).await?;
    agreements::draft(&door.house, found.id, &new).await
}

/// The agreement's paper and its file name.
///
/// # Errors
/// 409 `signup.not-registered`; otherwise as [`agreements::document`].
pub(crate) async fn document(door: &Newcomer, language: PaperLanguage) -> Result<(String, Bytes)> {
    let (found, _) = registered(door).await?;
    agreements::document(&door.house, found.id, language).await
}

/// Signs the agreement.
///
/// # Errors
/// 409 `signup.not-registered`; otherwise as [`agreements::sign`].
pub(crate) async fn sign(door: &Newcomer, signature: AgreementSignature) -> Result<Agreement> {
    let (found, account) = registered(door).await?;
    agreements::sign(&door.house, (found.id, account), &signature).await
}

/// Activates the School service: the address is claimed and the making begins, in one transaction.
///
/// # Errors
/// 422 at the field `slug`; 409 `schools.agreement-unsigned` before the signature, `signup.service-begun`
/// the second time.
pub(crate) async fn activate(door: &Newcomer, new: ServiceNew) -> Result<Service> {
    let house = &door.house;
    let slug = registry::parse_slug(&new.slug)?;
    let (found, _) = registered(door).await?;
    let tx = house.store.platform().begin().await?;
    match store::lock(&tx, found.id).await? {
        ApplicationState::ContractSigned => {}
        ApplicationState::Registered => return Err(Problem::conflict("schools.agreement-unsigned")),
        _ => return Err(Problem::conflict("signup.service-begun")),
    }
    let (name_kk, name_ru) = agreements::names(&tx, found.id).await?;
    let claim = Claim {
        application: found.id,
        slug: &slug,
        name_kk: &name_kk,
        name_ru: &name_ru,
        bin: &found.bin,
        language: &found.language,
    };
    let school = registry::claim(house, &tx, claim).await?;
    let begun = Step::of_itself(ApplicationState::ContractSigned, ApplicationState::Provisioning);
    applications::advance(house, &tx, found.id, begun).await?;
    kd_provisioning::start(house, &tx, school).await?;
    tx.commit().await?;
    tracing::info!(school = %school, "a school is to be made");
    kd_provisioning::service_of(house, school).await
}

/// The service as it stands.
///
/// # Errors
/// 404 before it is activated.
pub(crate) async fn service(door: &Newcomer) -> Result<Service> {
    let found = application(door).await?;
    let school = registry::of_application(door.house.store.platform(), found.id).await?;
    kd_provisioning::service_of(&door.house, school.ok_or_else(Problem::not_found)?).await
}

/// The service whenever it changes, until it is open or has failed, or the session ends.
///
/// # Errors
/// 404 before it is activated.
pub(crate) async fn service_events(door: Newcomer) -> Result<BoxStream<'static, Service>> {
    let first = service(&door).await?;
    let Newcomer { house, token, .. } = door;
    let told = house.cache.listen(first.school_id);
    Ok(stream! {
        pin_mut!(told);
        let mut last = first;
        yield last.clone();
        while !rests(&last) && lives(&house, &token).await {
            tokio::select! {
                Some(live) = told.next() => {
                    if !matches!(live.topic, Topic::Provisioning | Topic::Resync) { continue }
                }
                () = tokio::time::sleep(LOOK) => {}
            }
            // Where the database does not answer, the browser asks anew.
            let Ok(now) = kd_provisioning::service_of(&house, last.school_id).await else { break };
            if now != last {
                last = now;
                yield last.clone();
            }
        }
    }
    .boxed())
}

/// Whether nothing changes by itself any more.
fn rests(service: &Service) -> bool {
    service.state != ServiceState::Provisioning
}

async fn lives(house: &House, token: &Token) -> bool {
    matches!(house.session_find(token, Scope::Newcomer).await, Ok(Some(_)))
}

/// Goes in: the newcomer's session becomes an ordinary one.
///
/// # Errors
/// 409 `signup.service-not-open` before the school is open.
pub(crate) async fn enter(door: &Newcomer) -> Result<(ServiceEntrance, Token)> {
    let service = service(door).await?;
    if service.state != ServiceState::Active {
        return Err(Problem::conflict("signup.service-not-open"));
    }
    let token = kd_accounts::session_upgrade(&door.house, door).await?;
    Ok((ServiceEntrance { slug: service.slug }, token))
}
