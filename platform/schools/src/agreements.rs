//! Agreements: drawn up by the school's administrator, read, signed once. Who asks is known by account;
//! the agreement is that of the account's application and no other can be named.

use bytes::Bytes;
use chrono::Datelike as _;
use kd_ctx::House;
use kd_kernel::problem::{Conflict, Faults};
use kd_kernel::{AccountId, ApplicationId, Problem, Result};
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::applications::{self, Application, Step};
use crate::paper::{self, ProviderSide, Sides};
use crate::rules::{ApplicationState, PERSON, Requisites, agreement_number, line};
use crate::store::{self, AgreementRow};
use crate::wire::{Agreement, AgreementDraft, AgreementSignature, AgreementState, PaperLanguage};

impl From<&AgreementRow> for Agreement {
    fn from(row: &AgreementRow) -> Self {
        Self {
            id: row.id,
            number: row.number.clone(),
            date: row.dated,
            state: AgreementState::of_name(&row.state),
            signed_at: row.signed_at,
            signed_by: row.signed_name.clone(),
            version: row.version,
        }
    }
}

/// The agreement of an application, if it was drawn up.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn of_application(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Option<Agreement>> {
    Ok(store::agreement(db, application).await?.as_ref().map(Agreement::from))
}

/// The names that the agreement gives the school, in Kazakh and in Russian.
///
/// # Errors
/// 409 `schools.agreement-missing` before it is drawn up.
pub async fn names(db: &impl ConnectionTrait, application: ApplicationId) -> Result<(String, String)> {
    let row = store::agreement(db, application).await?.ok_or_else(missing)?;
    let sides: Sides = serde_json::from_value(row.requisites).map_err(Problem::internal)?;
    Ok((sides.school.name_kk, sides.school.name_ru))
}

/// Draws the agreement up, or draws the draft up anew as its next version; the number stays.
///
/// # Errors
/// 422 at the fields; 409 `schools.agreement-signed` when it is signed, `schools.state-changed` when the
/// administrator has not registered.
pub async fn draft(house: &House, application: ApplicationId, draft: &AgreementDraft) -> Result<Agreement> {
    let requisites = Requisites::parse(draft)?;
    let tx = house.store.platform().begin().await?;
    // Two drafts at once are drawn up one after the other.
    let application = store::application_locked(&tx, application).await?.ok_or_else(Problem::not_found)?;
    let row = match store::agreement(&tx, application.id).await? {
        None => draw(house, &tx, &application, requisites).await?,
        Some(row) if row.state == "draft" => redraw(house, &tx, &application, (row, requisites)).await?,
        Some(row) => return Err(signed_already(&row)),
    };
    tx.commit().await?;
    paper::both_or_later(house, &row).await;
    Ok(Agreement::from(&row))
}

async fn draw(
    house: &House,
    tx: &impl ConnectionTrait,
    application: &Application,
    requisites: Requisites,
) -> Result<AgreementRow> {
    if application.state()? != ApplicationState::Registered {
        let conflict = Conflict { value: Some(application.state()?.name().to_owned()), ..Conflict::default() };
        return Err(Problem::conflict("schools.state-changed").with_conflict(conflict));
    }
    let today = house.clock.today();
    let row = AgreementRow {
        id: house.id(),
        number: agreement_number(today.year(), store::next_agreement(tx).await?),
        dated: today,
        city: requisites.city.clone(),
        requisites: sides(house, application, requisites)?,
        state: "draft".to_owned(),
        version: 1,
        signed_name: None,
        signed_at: None,
    };
    store::insert_agreement(tx, application.id, &row, house.clock.now()).await?;
    applications::event(house, tx, application.id, ("agreement_drawn", None, Some(&row.number))).await?;
    Ok(row)
}

async fn redraw(
    house: &House,
    tx: &impl ConnectionTrait,
    application: &Application,
    (row, requisites): (AgreementRow, Requisites),
) -> Result<AgreementRow> {
    let row = AgreementRow {
        dated: house.clock.today(),
        city: requisites.city.clone(),
        requisites: sides(house, application, requisites)?,
        ..row
    };
    if store::redraw_agreement(tx, &row).await? == 0 {
        return Err(changed(&row));
    }
    applications::event(house, tx, application.id, ("agreement_redrawn", None, Some(&row.number))).await?;
    Ok(AgreementRow { version: row.version + 1, ..row })
}

fn sides(house: &House, application: &Application, school: Requisites) -> Result<serde_json::Value> {
    let sides = Sides { school, bin: application.bin.clone(), provider: ProviderSide::of(house) };
    serde_json::to_value(sides).map_err(Problem::internal)
}

/// The paper of the agreement as it stands, as PDF.
///
/// # Errors
/// 409 `schools.agreement-missing` before it is drawn up; 503 where S3 does not answer.
pub async fn document(house: &House, application: ApplicationId, language: PaperLanguage) -> Result<(String, Bytes)> {
    let row = store::agreement(house.store.platform(), application).await?.ok_or_else(missing)?;
    let bytes = paper::paper(house, &row, language).await?;
    Ok((format!("{}-{}.pdf", row.number.replace('/', "-"), language.code()), bytes))
}

/// Signs the version that was read, once. The provider's facsimile stands beside the signature.
///
/// # Errors
/// 422 at the fields; 409 `schools.agreement-missing`, `schools.agreement-changed` (another version stands
/// there) or `schools.agreement-signed`; 503 where S3 does not answer, for what is signed must lie there.
pub async fn sign(
    house: &House,
    (application, account): (ApplicationId, AccountId),
    signature: &AgreementSignature,
) -> Result<Agreement> {
    let mut faults = Faults::default();
    let name = line(&mut faults, "signed_name", &signature.signed_name, PERSON);
    faults.require(signature.accepted, "accepted", "accept-required");
    faults.check()?;
    let row = store::agreement(house.store.platform(), application).await?.ok_or_else(missing)?;
    if row.state != "draft" {
        return Err(signed_already(&row));
    }
    if (row.id, row.version) != (signature.agreement_id, signature.version) {
        return Err(changed(&row));
    }
    paper::both(house, &row).await?;
    let tx = house.store.platform().begin().await?;
    // The application first, as drawing up does: two locks in one order.
    store::application_locked(&tx, application).await?;
    let at = house.clock.now();
    if store::sign_agreement(&tx, &row, (&name, account, at)).await? == 0 {
        tx.rollback().await?;
        let now = store::agreement(house.store.platform(), application).await?.ok_or_else(missing)?;
        return Err(if now.state == "draft" { changed(&now) } else { signed_already(&now) });
    }
    let step = Step::of_itself(ApplicationState::Registered, ApplicationState::ContractSigned);
    applications::advance(house, &tx, application, step).await?;
    tx.commit().await?;
    let row = AgreementRow {
        state: "signed".to_owned(),
        version: row.version + 1,
        signed_name: Some(name),
        signed_at: Some(at),
        ..row
    };
    tracing::info!(agreement = %row.id, "an agreement was signed");
    paper::both_or_later(house, &row).await;
    Ok(Agreement::from(&row))
}

fn missing() -> Problem {
    Problem::conflict("schools.agreement-missing")
}

fn changed(row: &AgreementRow) -> Problem {
    let conflict = Conflict { version: Some(row.version), value: Some(row.number.clone()), ..Conflict::default() };
    Problem::conflict("schools.agreement-changed").with_conflict(conflict)
}

fn signed_already(row: &AgreementRow) -> Problem {
    let conflict = Conflict {
        by: row.signed_name.clone(),
        at: row.signed_at,
        value: Some(row.number.clone()),
        version: Some(row.version),
    };
    Problem::conflict("schools.agreement-signed").with_conflict(conflict)
}
