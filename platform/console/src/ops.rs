//! What operators do: ask, log, then look or act.

use kd_accounts::restrictions;
use kd_accounts::restrictions_wire::{RestrictionNew, User};
use kd_http::Operator;
use kd_kernel::{AccountId, Act, ApplicationId, Problem, Result, SchoolId};
use kd_provisioning::wire::Service;
use kd_schools::{ApplicationState, SchoolRow, registry};
use kd_signup::wire::{ApplicationCard, ApplicationRow, Preview, PreviewNew, Rejection};
use kd_signup::{decisions, queue};
use uuid::Uuid;

use crate::store::{self, Line};
use crate::wire::{OperatorDesk, SchoolCard};

/// Asks whether the operator may do the act, and writes what is about to be done into the log. Where it
/// cannot be written, nothing is done.
async fn enter(door: &Operator, act: Act, operation: &'static str, subject: Option<Uuid>) -> Result<()> {
    door.allow(act)?;
    let line = Line { id: door.house.id(), operator: door.account, operation, subject, at: door.house.clock.now() };
    store::log(door.house.store.platform(), line).await
}

/// The first page: counts alone, nothing of anybody.
///
/// # Errors
/// 403; 503 when the platform's database does not answer.
pub(crate) async fn desk(door: &Operator) -> Result<OperatorDesk> {
    door.allow(Act::DeskOperate)?;
    let (waiting, oldest_hours) = queue::waiting(&door.house).await?;
    let counts = store::counts(door.house.store.platform()).await?.ok_or_else(|| Problem::internal("no counts"))?;
    Ok(OperatorDesk {
        waiting,
        oldest_hours,
        failed: small(counts.failed),
        schools: small(counts.open),
        letters_dead: small(counts.letters_dead),
    })
}

fn small(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Applications, those that wait first.
///
/// # Errors
/// 403; 503 when the platform's database does not answer.
pub(crate) async fn applications(door: &Operator, state: Option<ApplicationState>) -> Result<Vec<ApplicationRow>> {
    enter(door, Act::ApplicationSee, "application_list", None).await?;
    queue::list(&door.house, state).await
}

/// One application, whole.
///
/// # Errors
/// 403; 404 when there is none.
pub(crate) async fn application(door: &Operator, id: ApplicationId) -> Result<ApplicationCard> {
    enter(door, Act::ApplicationSee, "application_read", Some(id.0)).await?;
    queue::card(&door.house, id).await
}

/// A letter as it would go out.
///
/// # Errors
/// 403; otherwise as [`decisions::preview`].
pub(crate) async fn preview(door: &Operator, id: ApplicationId, new: PreviewNew) -> Result<Preview> {
    enter(door, Act::ApplicationDecide, "letter_preview", Some(id.0)).await?;
    decisions::preview(&door.house, id, &new).await
}

/// Approves and invites.
///
/// # Errors
/// 403; otherwise as [`decisions::approve`].
pub(crate) async fn approve(door: &Operator, id: ApplicationId) -> Result<ApplicationRow> {
    enter(door, Act::ApplicationDecide, "application_approve", Some(id.0)).await?;
    decisions::approve(&door.house, door.account, id).await
}

/// Rejects with a reason.
///
/// # Errors
/// 403; otherwise as [`decisions::reject`].
pub(crate) async fn reject(door: &Operator, id: ApplicationId, rejection: Rejection) -> Result<ApplicationRow> {
    enter(door, Act::ApplicationDecide, "application_reject", Some(id.0)).await?;
    decisions::reject(&door.house, door.account, id, &rejection.reason).await
}

/// Invites again.
///
/// # Errors
/// 403; otherwise as [`decisions::invite_again`].
pub(crate) async fn invite_again(door: &Operator, id: ApplicationId) -> Result<ApplicationRow> {
    enter(door, Act::ApplicationDecide, "invitation_resend", Some(id.0)).await?;
    decisions::invite_again(&door.house, door.account, id).await
}

/// Schools, newest first.
///
/// # Errors
/// 403; 503 when the platform's database does not answer.
pub(crate) async fn schools(door: &Operator) -> Result<Vec<SchoolRow>> {
    enter(door, Act::SchoolSee, "school_list", None).await?;
    registry::list(door.house.store.platform()).await
}

/// One school as the registry knows it.
///
/// # Errors
/// 403; 404 when there is none.
pub(crate) async fn school(door: &Operator, id: SchoolId) -> Result<SchoolCard> {
    enter(door, Act::SchoolSee, "school_read", Some(id.0)).await?;
    let (row, agreement, events) = registry::read(door.house.store.platform(), id).await?;
    let service = kd_provisioning::service_of(&door.house, id).await?;
    let SchoolRow { id, slug, name_kk, name_ru, bin, state, cell, created_at } = row;
    Ok(SchoolCard { id, slug, name_kk, name_ru, bin, state, cell, created_at, agreement, service, events })
}

/// Tries the making of a school again, at once.
///
/// # Errors
/// 403; 404 when there is no such school; 409 when there is nothing to try again.
pub(crate) async fn retry(door: &Operator, id: SchoolId) -> Result<Service> {
    enter(door, Act::ProvisioningSteer, "provisioning_retry", Some(id.0)).await?;
    kd_provisioning::retry(&door.house, id, door.account).await
}

/// Takes back what was made of a school that could not be made whole.
///
/// # Errors
/// 403; 404 when there is no such school; 409 when there is nothing to take back.
pub(crate) async fn roll_back(door: &Operator, id: SchoolId) -> Result<Service> {
    enter(door, Act::ProvisioningSteer, "provisioning_rollback", Some(id.0)).await?;
    kd_provisioning::roll_back(&door.house, id, door.account).await
}

/// A user by the login.
///
/// # Errors
/// 403; 404 where no user has it.
pub(crate) async fn user_find(door: &Operator, login: &str) -> Result<User> {
    enter(door, Act::UserSee, "user_find", None).await?;
    restrictions::find(&door.house, login).await
}

/// Those who are kept out.
///
/// # Errors
/// 403; 503 when the platform's database does not answer.
pub(crate) async fn restricted(door: &Operator) -> Result<Vec<User>> {
    enter(door, Act::UserSee, "restriction_list", None).await?;
    restrictions::list(&door.house).await
}

/// Keeps a user out.
///
/// # Errors
/// 403; otherwise as [`restrictions::impose`].
pub(crate) async fn restrict(door: &Operator, id: AccountId, new: &RestrictionNew) -> Result<User> {
    enter(door, Act::UserRestrict, "user_restrict", Some(id.0)).await?;
    restrictions::impose(&door.house, door.account, id, new).await
}

/// Lets a user in again.
///
/// # Errors
/// 403; otherwise as [`restrictions::release`].
pub(crate) async fn release(door: &Operator, id: AccountId) -> Result<User> {
    enter(door, Act::UserRestrict, "user_release", Some(id.0)).await?;
    restrictions::release(&door.house, door.account, id).await
}
