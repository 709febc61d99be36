//! SQL of sheets, handouts and the board. A run of a sheet is fenced by its number: what an overtaken run
//! writes touches no row.

use chrono::{DateTime, Utc};
use kd_accounts::credentials::Issued;
use kd_ctx::{Permit, Plain, Thing};
use kd_kernel::{ClassId, CredentialId, ProfileId, Relation as Stand, Relations, Result, Role, Roles, SheetId};
use kd_store::{SchoolTx, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

use super::{Card, credential_of_p};
use crate::wire::{Credential, Kind, Sex, SheetLanguage, SheetState, Who};

/// A person who has not registered.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Unregistered {
    pub id: ProfileId,
    pub kind: Kind,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub sex: Sex,
    pub class_id: Option<ClassId>,
    roles: String,
}

impl Unregistered {
    pub fn roles(&self) -> Roles {
        self.roles.split(',').filter_map(Role::of_name).collect()
    }
}

macro_rules! unregistered {
    ($where:literal) => {
        concat!(
            "SELECT p.id, p.kind, p.surname, p.given_name, p.patronymic, p.sex, m.class_id, \
             coalesce((SELECT string_agg(r.role, ',') FROM role_held r WHERE r.profile_id = p.id), '') AS roles \
             FROM profile p LEFT JOIN class_member m ON m.student_id = p.id AND m.left_on IS NULL \
             WHERE p.state = 'active' AND p.account_id IS NULL AND ",
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

/// The students of a class, and their guardians, who have not registered.
pub async fn unregistered_of(db: &impl ConnectionTrait, who: Who, class: ClassId) -> Result<Vec<Unregistered>> {
    sql::all(
        db,
        unregistered!(
            "p.kind = ANY($1) AND p.id IN ( \
             SELECT s.student_id FROM class_member s WHERE s.class_id = $2 AND s.left_on IS NULL UNION \
             SELECT g.guardian_id FROM class_member s JOIN guardianship g ON g.student_id = s.student_id \
             WHERE s.class_id = $2 AND s.left_on IS NULL)"
        ),
        [kinds(who).into(), class.into()],
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
        "INSERT INTO sheet (id, class_id, who, language, profile_ids, state, total, requested_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8)",
        [
            order.id.into(),
            order.class.into(),
            order.who.into(),
            order.language.into(),
            serde_json::json!(ids).into(),
            i32::try_from(ids.len()).unwrap_or(i32::MAX).into(),
            order.by.into(),
            order.now.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The newest sheets, at most a hundred.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Vec<SheetRow>> {
    sql::all(
        db,
        "SELECT id, class_id, language, profile_ids, state, done, total, run, error, created_at, expires_at \
         FROM sheet ORDER BY id DESC LIMIT 100",
        [],
    )
    .await
}

/// One sheet.
pub async fn find(db: &impl ConnectionTrait, sheet: SheetId) -> Result<Option<SheetRow>> {
    sql::one(
        db,
        "SELECT id, class_id, language, profile_ids, state, done, total, run, error, created_at, expires_at \
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
         RETURNING id, class_id, language, profile_ids, state, done, total, run, error, created_at, expires_at",
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

/// Says of what these people hold that it is void: it is about to be.
pub async fn void_handouts(db: &SchoolTx, people: &[ProfileId]) -> Result<()> {
    sql::run(
        db,
        "UPDATE handout SET state = 'revoked' WHERE profile_id = ANY($1) AND state IN ('issued', 'printed', 'handed_over')",
        [sql::array(people.iter().copied())],
    )
    .await?;
    Ok(())
}

/// Takes back what a person holds; answers what is to be voided.
pub async fn revoke(db: &impl ConnectionTrait, person: &Permit<Card>) -> Result<Vec<CredentialId>> {
    #[derive(FromQueryResult)]
    struct Row {
        credential_id: CredentialId,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "UPDATE handout SET state = 'revoked' WHERE profile_id = $1 AND state IN ('issued', 'printed', 'handed_over') \
         RETURNING credential_id",
        [person.id.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|r| r.credential_id).collect())
}

/// Writes down what a run has made.
pub async fn put_handouts(
    db: &SchoolTx,
    sheet: SheetId,
    made: &[(ProfileId, Issued)],
    now: DateTime<Utc>,
) -> Result<()> {
    for (profile, one) in made {
        sql::run(
            db,
            "INSERT INTO handout (profile_id, credential_id, login, state, sheet_id, issued_at, expires_at) \
             VALUES ($1, $2, $3, 'issued', $4, $5, $6) ON CONFLICT (profile_id) DO UPDATE SET \
             credential_id = excluded.credential_id, login = excluded.login, state = 'issued', sheet_id = excluded.sheet_id, \
             issued_at = excluded.issued_at, expires_at = excluded.expires_at, printed_at = NULL, handed_over_at = NULL, \
             handed_over_by = NULL, activated_at = NULL",
            [
                (*profile).into(),
                one.id.into(),
                one.login.clone().into(),
                sheet.into(),
                now.into(),
                one.expires_at.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Ends a run: the sheet can be fetched, its credentials are on paper. False where it was overtaken.
pub async fn complete(
    db: &SchoolTx,
    sheet: &SheetRow,
    made: &[CredentialId],
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE sheet SET state = 'ready', done = total, expires_at = $3 WHERE id = $1 AND run = $2 AND state = 'running'",
        [sheet.id.into(), sheet.run.into(), until.into()],
    )
    .await?;
    sql::run(
        db,
        "UPDATE handout SET state = 'printed', printed_at = $2 WHERE credential_id = ANY($1) AND state = 'issued'",
        [sql::array(made.iter().copied()), now.into()],
    )
    .await?;
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

/// How many people of a class and kind stand where.
#[derive(Debug, FromQueryResult)]
pub struct Standing {
    pub class_id: Option<ClassId>,
    pub kind: Kind,
    pub credential: Credential,
    pub people: i64,
}

/// Everybody, by class, kind and credential. A guardian is counted in each class of the children.
pub async fn standings(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Standing>> {
    sql::all(
        db,
        concat!(
            "SELECT m.class_id, p.kind, ",
            credential_of_p!(),
            " AS credential, count(DISTINCT p.id) AS people FROM profile p \
             LEFT JOIN guardianship g ON g.guardian_id = p.id AND p.kind = 'guardian' \
             LEFT JOIN class_member m ON m.student_id = coalesce(g.student_id, p.id) AND m.left_on IS NULL \
             LEFT JOIN handout h ON h.profile_id = p.id WHERE p.state = 'active' GROUP BY 1, 2, 3"
        ),
        [now.into()],
    )
    .await
}

/// A person whose credential may be handed over, and whether who asks leads the class.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub id: ProfileId,
    pub homeroom: bool,
}

impl Thing for Recipient {
    fn relations(&self) -> Relations {
        Relations::none().and(Stand::Homeroom, self.homeroom)
    }
}

/// These people, and whether `leader` leads their class, or a class of a child of theirs.
pub async fn recipients(db: &impl ConnectionTrait, ids: &[ProfileId], classes: &[ClassId]) -> Result<Vec<Recipient>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ProfileId,
        homeroom: bool,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT p.id, coalesce(bool_or(m.class_id = ANY($2)), false) AS homeroom FROM profile p \
         LEFT JOIN guardianship g ON g.guardian_id = p.id AND p.kind = 'guardian' \
         LEFT JOIN class_member m ON m.student_id = coalesce(g.student_id, p.id) AND m.left_on IS NULL \
         WHERE p.id = ANY($1) AND p.state = 'active' GROUP BY p.id",
        [sql::array(ids.iter().copied()), sql::array(classes.iter().copied())],
    )
    .await?;
    Ok(rows.into_iter().map(|r| Recipient { id: r.id, homeroom: r.homeroom }).collect())
}

/// Records that these people hold their credential: of those on paper and valid.
pub async fn hand_over(
    db: &impl ConnectionTrait,
    to: &[Permit<Recipient>],
    (by, now): (ProfileId, DateTime<Utc>),
) -> Result<u64> {
    let rows = sql::run(
        db,
        "UPDATE handout SET state = 'handed_over', handed_over_at = $3, handed_over_by = $2 \
         WHERE profile_id = ANY($1) AND state = 'printed' AND expires_at > $3",
        [sql::array(to.iter().map(|p| p.id)), by.into(), now.into()],
    )
    .await?;
    Ok(rows)
}
