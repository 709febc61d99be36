//! The registry: addresses of schools, and what the console lists of them.

use kd_ctx::House;
use kd_kernel::{AccountId, ApplicationId, Problem, Result, SchoolId, Slug};
use sea_orm::ConnectionTrait;

use crate::rules::slug_proposals;
use crate::store;
use crate::wire::{AgreementBrief, SchoolEvent, SchoolRow};

/// A claim to an address, with what the registry keeps of the school.
#[derive(Debug)]
pub struct Claim<'a> {
    /// The application that became this school.
    pub application: ApplicationId,
    /// The address, for good.
    pub slug: &'a Slug,
    /// Name in Kazakh.
    pub name_kk: &'a str,
    /// Name in Russian.
    pub name_ru: &'a str,
    /// БСН/BIN.
    pub bin: &'a str,
    /// Language of instruction.
    pub language: &'a str,
}

/// Checks an address as it was typed.
///
/// # Errors
/// 422 `slug-invalid` at the field `slug`.
pub fn parse_slug(text: &str) -> Result<Slug> {
    Slug::parse(text.trim()).ok_or_else(|| Problem::field("slug", "slug-invalid"))
}

/// Claims an address for a school that is to be made, in the caller's transaction: its row, in the cell
/// that takes new schools and has the fewest, and the first event.
///
/// # Errors
/// 422 `slug-taken` at the field `slug`; 409 `schools.already-claimed` when the application is a school
/// already; 503 when no cell takes schools.
pub async fn claim(house: &House, db: &impl ConnectionTrait, claim: Claim<'_>) -> Result<SchoolId> {
    let cell = store::roomiest_cell(db).await?.ok_or_else(|| Problem::unavailable("no cell takes new schools"))?;
    let id: SchoolId = house.id();
    let slug = claim.slug.as_str().to_owned();
    store::insert_school(db, (id, cell), &claim, house.clock.now()).await?;
    event(house, db, id, ("claimed", None, Some(&slug))).await?;
    Ok(id)
}

/// An address to propose: the best that is free.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn propose_slug(db: &impl ConnectionTrait, name: &str, city: &str) -> Result<String> {
    let proposals = slug_proposals(name, city);
    let taken = store::slugs_taken(db, proposals.clone()).await?;
    Ok(proposals.into_iter().find(|slug| !taken.contains(slug)).unwrap_or_default())
}

/// The school that an application became.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn of_application(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Option<SchoolId>> {
    store::school_of_application(db, application).await
}

/// Every school, newest first.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<SchoolRow>> {
    store::schools(db).await
}

/// One school, its agreement in a line and its events, oldest first.
///
/// # Errors
/// 404 when there is none.
pub async fn read(
    db: &impl ConnectionTrait,
    id: SchoolId,
) -> Result<(SchoolRow, Option<AgreementBrief>, Vec<SchoolEvent>)> {
    let row = store::school(db, id).await?.ok_or_else(Problem::not_found)?;
    Ok((row, store::agreement_of_school(db, id).await?, store::school_events(db, id).await?))
}

/// Notes something that happened to a school: what, by which operator, and more.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn event(
    house: &House,
    db: &impl ConnectionTrait,
    id: SchoolId,
    (kind, operator, note): (&str, Option<AccountId>, Option<&str>),
) -> Result<()> {
    let values = [
        house.id::<uuid::Uuid>().into(),
        id.into(),
        kind.into(),
        operator.into(),
        note.map(str::to_owned).into(),
        house.clock.now().into(),
    ];
    store::school_event(db, values).await
}
