//! Applications as all rooms of the platform see them: finding one, and moving it along its way.
//! Who may move it is decided by those who call; that no step is skipped or repeated, here.

use chrono::{DateTime, Utc};
use kd_ctx::House;
use kd_kernel::problem::Conflict;
use kd_kernel::{AccountId, ApplicationId, Problem, Result};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::rules::{ApplicationState, application_number};
use crate::store;

/// An application, whole.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Application {
    /// Its identity.
    pub id: ApplicationId,
    /// `2026-000012`.
    pub number: String,
    pub(crate) state: String,
    /// Full name in Kazakh.
    pub name_kk: String,
    /// Full name in Russian.
    pub name_ru: String,
    /// БСН/BIN.
    pub bin: String,
    /// KATO, two digits.
    pub region: String,
    /// City, district, village.
    pub city: String,
    /// Legal address.
    pub legal_address: String,
    /// Postal address.
    pub postal_address: String,
    /// The director's full name.
    pub director: String,
    /// Who is responsible for introducing the system.
    pub contact_name: String,
    /// That person's position.
    pub contact_position: Option<String>,
    /// Where letters go.
    pub email: String,
    /// E.164.
    pub phone: String,
    /// Language of instruction: kk, ru or mixed.
    pub language: String,
    /// How many pupils.
    pub pupils: i32,
    /// The language of letters: kk, ru or en.
    pub locale: String,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// The administrator's account, once registered.
    pub account_id: Option<AccountId>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it was approved or rejected.
    pub decided_at: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub version: i32,
}

impl Application {
    /// Where it stands.
    ///
    /// # Errors
    /// 500 for a state that is none; the table's own check forbids it.
    pub fn state(&self) -> Result<ApplicationState> {
        ApplicationState::of_name(&self.state).ok_or_else(|| Problem::internal("an application in no state"))
    }
}

/// A step along the way of an application.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// From where.
    pub from: ApplicationState,
    /// To where.
    pub to: ApplicationState,
    /// The operator who takes it, if one does.
    pub operator: Option<AccountId>,
    /// More, for the list of events.
    pub note: Option<&'a str>,
}

impl Step<'_> {
    /// A step that nobody at the provider takes.
    #[must_use]
    pub fn of_itself(from: ApplicationState, to: ApplicationState) -> Self {
        Self { from, to, operator: None, note: None }
    }
}

/// The next number of an application.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn next_number(house: &House, db: &impl ConnectionTrait) -> Result<String> {
    use chrono::Datelike as _;
    Ok(application_number(house.clock.today().year(), store::next_application(db).await?))
}

/// An application by its id.
///
/// # Errors
/// 404 when there is none.
pub async fn read(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Application> {
    store::application(db, id).await?.ok_or_else(Problem::not_found)
}

/// The application of a registered administrator, newest first where there are several.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn of_account(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Application>> {
    store::application_of_account(db, account).await
}

/// Takes an application one step further, with its event, in the caller's transaction.
///
/// # Errors
/// 409 `schools.state-changed` with what stands there now, when it is not (or no longer) where the step
/// begins; 500 for a step that does not exist.
pub async fn advance(house: &House, db: &impl ConnectionTrait, id: ApplicationId, step: Step<'_>) -> Result<()> {
    if !step.from.may_become(step.to) {
        return Err(Problem::internal("a step of an application that does not exist"));
    }
    if store::move_application(db, id, (step.from, step.to)).await? == 0 {
        let now = read(db, id).await?;
        let conflict = Conflict { at: now.decided_at, value: Some(now.state), version: Some(now.version), by: None };
        return Err(Problem::conflict("schools.state-changed").with_conflict(conflict));
    }
    event(house, db, id, (step.to.name(), step.operator, step.note)).await
}

/// Notes something that happened to an application: what, by which operator, and more.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn event(
    house: &House,
    db: &impl ConnectionTrait,
    id: ApplicationId,
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
    store::application_event(db, values).await
}
