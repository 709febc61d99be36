//! Decisions about applications: approved with an invitation, rejected with a reason, invited again.
//! Each is one transaction: the state, its event, the credential and the letter. Who may decide is
//! checked by the console; that it is decided once, here.

use kd_accounts::credentials::{self, Issued, New, Purpose};
use kd_ctx::House;
use kd_kernel::{AccountId, ApplicationId, Problem, Result, names};
use kd_schools::ApplicationState::{Approved, Invited, Rejected};
use kd_schools::applications::{self, Application, Step};
use kd_store::PlatformTx;
use sea_orm::TransactionTrait;

use crate::letters::{self, Tells, VALID};
use crate::wire::{ApplicationRow, Preview, PreviewKind, PreviewNew};
use crate::{queue, rules, store};

/// Approves an application and invites its contact: a credential, and the letter that carries it.
///
/// # Errors
/// 404 when there is none; 409 `signup.already-decided` with who decided, when and what.
pub async fn approve(house: &House, operator: AccountId, id: ApplicationId) -> Result<ApplicationRow> {
    let tx = house.store.platform().begin().await?;
    let application = undecided(&tx, id).await?;
    let from = application.state()?;
    let approved = Step { from, to: Approved, operator: Some(operator), note: None };
    applications::advance(house, &tx, id, approved).await?;
    store::note_decision(&tx, id, (house.clock.now(), None)).await?;
    let issued = invite(house, &tx, &application).await?;
    let invited = Step { from: Approved, to: Invited, operator: Some(operator), note: Some(&issued.login) };
    applications::advance(house, &tx, id, invited).await?;
    let name = credentials::letter_name(issued.id);
    let letter = letters::letter(house, &application, Tells::Approval(Some(&issued)), name)?;
    house.letter(&tx, letter).await?;
    tx.commit().await?;
    tracing::info!(application = %id, operator = %operator, "an application was approved");
    queue::row(house, id).await
}

/// Rejects an application; the letter carries the reason.
///
/// # Errors
/// 422 at the field `reason`; otherwise as [`approve`].
pub async fn reject(house: &House, operator: AccountId, id: ApplicationId, reason: &str) -> Result<ApplicationRow> {
    let reason = rules::reason(reason)?;
    let tx = house.store.platform().begin().await?;
    let application = undecided(&tx, id).await?;
    let from = application.state()?;
    let rejected = Step { from, to: Rejected, operator: Some(operator), note: Some(&reason) };
    applications::advance(house, &tx, id, rejected).await?;
    store::note_decision(&tx, id, (house.clock.now(), Some(&reason))).await?;
    let letter = letters::letter(house, &application, Tells::Rejection(&reason), format!("rejection:{id}"))?;
    house.letter(&tx, letter).await?;
    tx.commit().await?;
    tracing::info!(application = %id, operator = %operator, "an application was rejected");
    queue::row(house, id).await
}

/// Invites again: the former credential is void, and so is its letter if it still waits; another goes out.
///
/// # Errors
/// 404 when there is none; 409 `signup.not-invited` when there is nothing to repeat: it was not approved,
/// or its administrator has registered.
pub async fn invite_again(house: &House, operator: AccountId, id: ApplicationId) -> Result<ApplicationRow> {
    let tx = house.store.platform().begin().await?;
    if store::lock(&tx, id).await? != Invited {
        return Err(Problem::conflict("signup.not-invited"));
    }
    let application = applications::read(&tx, id).await?;
    let issued = invite(house, &tx, &application).await?;
    applications::event(house, &tx, id, ("invited_again", Some(operator), Some(&issued.login))).await?;
    let name = credentials::letter_name(issued.id);
    house.letter(&tx, letters::letter(house, &application, Tells::Invitation(&issued), name)?).await?;
    tx.commit().await?;
    tracing::info!(application = %id, operator = %operator, "an application was invited again");
    queue::row(house, id).await
}

/// The letter as it would go out now, with dots for the login and the password. Nothing is written.
///
/// # Errors
/// 404 when there is none; 422 at the field `reason` for a rejection without one.
pub async fn preview(house: &House, id: ApplicationId, new: &PreviewNew) -> Result<Preview> {
    let application = applications::read(house.store.platform(), id).await?;
    match new.kind {
        PreviewKind::Approval => letters::render(house, &application, Tells::Approval(None)),
        PreviewKind::Rejection => {
            let reason = rules::reason(new.reason.as_deref().unwrap_or_default())?;
            letters::render(house, &application, Tells::Rejection(&reason))
        }
    }
}

/// Locks an application that waits for a decision; whoever comes second reads who came first.
async fn undecided(tx: &PlatformTx, id: ApplicationId) -> Result<Application> {
    if !store::lock(tx, id).await?.waits_for_decision() {
        let first = store::decision(tx, id).await?;
        return Err(Problem::conflict("signup.already-decided").with_conflict(first));
    }
    applications::read(tx, id).await
}

async fn invite(house: &House, tx: &PlatformTx, application: &Application) -> Result<Issued> {
    let mut words = application.contact_name.split_whitespace();
    let (surname, given_name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let new = New {
        purpose: Purpose::Activation { application: application.id },
        stem: names::login_stem(surname, given_name),
        strict: true,
        ttl: VALID,
    };
    credentials::issue(house, tx, new).await
}
