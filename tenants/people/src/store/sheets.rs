//! SQL of sheets: who gets one, how far it is, the words on its cards. A run of a sheet is fenced by its number: what an overtaken run
//! writes touches no row.

use chrono::{DateTime, Utc};
use kd_ctx::{Permit, Plain, Thing};
use kd_kernel::{ClassId, ProfileId, Relations, Result, Role, Roles, SheetId};
use kd_store::{SchoolTx, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

use crate::wire::{Kind, Medium, Sex, SheetLanguage, SheetState, Who};

/// A person who has not registered.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Unregistered {
    pub id: ProfileId,
    pub kind: Kind,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub sex: Sex,
    pub email: Option<String>,
    classes: Option<String>,
    roles: String,
}

impl Unregistered {
    /// The classes of the person, or of the children.
    pub fn classes(&self) -> Vec<ClassId> {
        self.classes
            .iter()
            .flat_map(|ids| ids.split(','))
            .filter_map(|id| id.parse::<Uuid>().ok())
            .map(ClassId)
            .collect()
    }

    pub fn roles(&self) -> Roles {
        self.roles.split(',').filter_map(Role::of_name).collect()
    }
}

macro_rules! unregistered {
    ($where:literal) => {
        concat!(
            "SELECT p.id, p.kind, p.surname, p.given_name, p.patronymic, p.sex, p.email, \
             (SELECT string_agg(DISTINCT m.class_id::text, ',') FROM class_member m WHERE m.left_on IS NULL AND (m.student_id = p.id \
             OR p.kind = 'guardian' AND m.student_id IN (SELECT g.student_id FROM guardianship g WHERE g.guardian_id = p.id))) \
             AS classes, coalesce((SELECT string_agg(r.role, ',') FROM role_held r WHERE r.profile_id = p.id), '') AS roles \
             FROM profile p WHERE p.state = 'active' AND p.account_id IS NULL AND ",
            $where
        )
    };
}

fn kinds(who: Who) -> Vec<String> {
    let kinds: &[&str] = match who {
        Who::Students => &["student"],
        Who::Guardians => &["guardian"],
        Who::Staff => &["staff"],
        Who::All => &["student", "guardian", "staff"],
    };
    kinds.iter().map(|k| (*k).to_owned()).collect()
}

/// Everybody of the school who has not registered.
pub async fn unregistered(db: &impl ConnectionTrait, who: Who) -> Result<Vec<Unregistered>> {
    sql::all(db, unregistered!("p.kind = ANY($1)"), [kinds(who).into()]).await
}

/// The students of classes, and their guardians, who have not registered.
pub async fn unregistered_of(db: &impl ConnectionTrait, who: Who, classes: &[ClassId]) -> Result<Vec<Unregistered>> {
    sql::all(
        db,
        unregistered!(
            "p.kind = ANY($1) AND p.id IN ( \
             SELECT s.student_id FROM class_member s WHERE s.class_id = ANY($2) AND s.left_on IS NULL UNION \
             SELECT g.guardian_id FROM class_member s JOIN guardianship g ON g.student_id = s.student_id \
             WHERE s.class_id = ANY($2) AND s.left_on IS NULL)"
        ),
        [kinds(who).into(), sql::array(classes.iter().copied())],
    )
    .await
}

/// Those of these people who have not registered.
pub async fn unregistered_among(db: &impl ConnectionTrait, who: Who, ids: &[ProfileId]) -> Result<Vec<Unregistered>> {
    let values = [kinds(who).into(), sql::array(ids.iter().copied())];
    sql::all(db, unregistered!("p.kind = ANY($1) AND p.id = ANY($2)"), values).await
}

/// How many of these are people of the school.
pub async fn known(db: &impl ConnectionTrait, ids: &[ProfileId]) -> Result<i64> {
    sql::scalar(
        db,
        "SELECT count(*) FROM profile WHERE id = ANY($1) AND state = 'active'",
        [sql::array(ids.iter().copied())],
    )
    .await
}

/// A sheet.
#[derive(Debug, Clone, FromQueryResult)]
pub struct SheetRow {
    pub id: SheetId,
    pub class_id: Option<ClassId>,
    pub grade: Option<i32>,
    pub medium: Medium,
    pub requested_by: ProfileId,
    pub language: SheetLanguage,
    pub profile_ids: Value,
    pub state: SheetState,
    pub done: i32,
    pub total: i32,
    pub run: i32,
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl SheetRow {
    /// The people, in the order in which they are printed.
    pub fn people(&self) -> Vec<ProfileId> {
        serde_json::from_value(self.profile_ids.clone()).unwrap_or_default()
    }

    /// The state at a moment: what was not fetched in time has expired, whether swept or not.
    pub fn state_at(&self, now: DateTime<Utc>) -> SheetState {
        match self.state {
            SheetState::Ready if self.expires_at.is_some_and(|at| at <= now) => SheetState::Expired,
            state => state,
        }
    }
}

impl Thing for SheetRow {
    fn relations(&self) -> Relations {
        Relations::none()
    }
}

/// A sheet to be made.
pub struct SheetOrder {
    pub id: SheetId,
    pub class: Option<ClassId>,
    pub grade: Option<i32>,
    pub medium: Medium,
    pub who: Who,
    pub language: SheetLanguage,
    pub people: Vec<ProfileId>,
    pub by: ProfileId,
    pub now: DateTime<Utc>,
}

/// Orders a sheet.
pub async fn add(db: &impl ConnectionTrait, _permit: &Permit<Plain>, order: &SheetOrder) -> Result<()> {
    let ids: Vec<Uuid> = order.people.iter().map(|p| p.0).collect();
    sql::run(
        db,
        "INSERT INTO sheet (id, class_id, who, language, profile_ids, state, total, requested_by, created_at, grade, medium) \
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9, $10)",
        [
            order.id.into(),
            order.class.into(),
            order.who.into(),
            order.language.into(),
            serde_json::json!(ids).into(),
            i32::try_from(ids.len()).unwrap_or(i32::MAX).into(),
            order.by.into(),
            order.now.into(),
            order.grade.into(),
            order.medium.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The newest sheets, at most a hundred.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Vec<SheetRow>> {
    sql::all(
        db,
        "SELECT id, class_id, grade, medium, requested_by, language, profile_ids, state, done, total, run, error, created_at, expires_at \
         FROM sheet ORDER BY id DESC LIMIT 100",
        [],
    )
    .await
}

/// One sheet.
pub async fn find(db: &impl ConnectionTrait, sheet: SheetId) -> Result<Option<SheetRow>> {
    sql::one(
        db,
        "SELECT id, class_id, grade, medium, requested_by, language, profile_ids, state, done, total, run, error, created_at, expires_at \
         FROM sheet WHERE id = $1",
        [sheet.into()],
    )
    .await
}

/// Those of these people who are students.
pub async fn students_among(db: &impl ConnectionTrait, people: &[ProfileId]) -> Result<Vec<ProfileId>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ProfileId,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT id FROM profile WHERE id = ANY($1) AND kind = 'student' ORDER BY id",
        [sql::array(people.iter().copied())],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Marks a sheet as fetched; false where it is not there to be fetched (any more).
pub async fn fetch(db: &impl ConnectionTrait, sheet: &Permit<SheetRow>, now: DateTime<Utc>) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE sheet SET state = 'fetched' WHERE id = $1 AND state = 'ready' AND expires_at > $2",
        [sheet.id.into(), now.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// Begins a run; nothing where the sheet is done, or a later run has begun.
pub async fn begin_run(db: &SchoolTx, sheet: SheetId, run: i32) -> Result<Option<SheetRow>> {
    sql::one(
        db,
        "UPDATE sheet SET state = 'running', run = $2, done = 0, error = NULL \
         WHERE id = $1 AND run < $2 AND state IN ('queued', 'running') \
         RETURNING id, class_id, grade, medium, requested_by, language, profile_ids, state, done, total, run, error, created_at, expires_at",
        [sheet.into(), run.into()],
    )
    .await
}

/// Writes how far a run is; false where it was overtaken.
pub async fn progress(db: &SchoolTx, sheet: &SheetRow, done: usize) -> Result<bool> {
    let done = i32::try_from(done).unwrap_or(i32::MAX);
    let rows = sql::run(
        db,
        "UPDATE sheet SET done = $3 WHERE id = $1 AND run = $2 AND state = 'running'",
        [sheet.id.into(), sheet.run.into(), done.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// Ends a run: the sheet can be fetched until then. False where it was overtaken.
pub async fn complete(db: &SchoolTx, sheet: &SheetRow, until: DateTime<Utc>) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE sheet SET state = 'ready', done = total, expires_at = $3 WHERE id = $1 AND run = $2 AND state = 'running'",
        [sheet.id.into(), sheet.run.into(), until.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// Ends a run of letters: all are written. False where it was overtaken.
pub async fn complete_letters(db: &SchoolTx, sheet: &SheetRow) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE sheet SET state = 'mailed', done = total WHERE id = $1 AND run = $2 AND state = 'running'",
        [sheet.id.into(), sheet.run.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// The school's own words on cards, as they are kept.
#[derive(Debug, FromQueryResult)]
pub struct HeadingRow {
    pub value: Value,
    pub version: i32,
}

/// The setting that holds the school's own words on cards.
const HEADING: &str = "people.card-heading";

/// The school's own words on cards.
pub async fn heading(db: &impl ConnectionTrait) -> Result<Option<HeadingRow>> {
    sql::one(db, "SELECT value, version FROM setting WHERE key = $1", [HEADING.into()]).await
}

/// Writes the school's own words on cards; false where somebody else did since this version.
pub async fn put_heading(
    db: &impl ConnectionTrait,
    _permit: &Permit<Plain>,
    (value, version): (Value, i32),
    now: DateTime<Utc>,
) -> Result<bool> {
    let rows = if version == 0 {
        sql::run(
            db,
            "INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING",
            [HEADING.into(), value.into(), now.into()],
        )
        .await?
    } else {
        sql::run(
            db,
            "UPDATE setting SET value = $2, version = version + 1, changed_at = $3 WHERE key = $1 AND version = $4",
            [HEADING.into(), value.into(), now.into(), version.into()],
        )
        .await?
    };
    Ok(rows == 1)
}

/// Gives a sheet up, unless a later run has begun.
pub async fn fail(db: &SchoolTx, sheet: SheetId, run: i32, code: &str) -> Result<()> {
    sql::run(
        db,
        "UPDATE sheet SET state = 'failed', error = $3 WHERE id = $1 AND run <= $2 AND state IN ('queued', 'running')",
        [sheet.into(), run.into(), code.into()],
    )
    .await?;
    Ok(())
}

/// Ends a sheet that was not fetched in time.
pub async fn expire(db: &SchoolTx, sheet: SheetId) -> Result<()> {
    sql::run(db, "UPDATE sheet SET state = 'expired' WHERE id = $1 AND state = 'ready'", [sheet.into()]).await?;
    Ok(())
}

/// Enqueues the sweeping of a sheet for the moment when its time is over.
pub async fn sweep_at(db: &SchoolTx, job: Uuid, kind: &'static str, payload: Value, due: DateTime<Utc>) -> Result<()> {
    sql::run(db, "SELECT cell.enqueue($1, $2, $3, $4)", [job.into(), kind.into(), payload.into(), due.into()]).await?;
    Ok(())
}
