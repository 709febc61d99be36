//! SQL of handouts: where each initial credential stands, every step that it took, and the board. A step and
//! its line in the history are one statement, so neither is ever there without the other.

use chrono::{DateTime, Utc};
use kd_accounts::credentials::Issued;
use kd_ctx::{Permit, Thing};
use kd_kernel::{ClassId, CredentialId, ProfileId, Relation as Stand, Relations, Result, SheetId};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::credential_of_p;
use crate::wire::{Credential, Kind};

/// A step that many take at once: the id of each one's line in the history, who does it, when.
#[derive(Debug, Clone)]
pub struct Step {
    pub people: Vec<(Uuid, ProfileId)>,
    pub by: Option<ProfileId>,
    pub now: DateTime<Utc>,
}

impl Step {
    fn values(&self) -> [sea_orm::Value; 4] {
        [
            sql::array(self.people.iter().map(|p| p.0)),
            sql::array(self.people.iter().map(|p| p.1)),
            self.by.into(),
            self.now.into(),
        ]
    }
}

/// A handout that took a step.
#[derive(Debug, FromQueryResult)]
pub struct Stepped {
    pub credential_id: CredentialId,
}

/// One step of those people's handouts who stand at its beginning: `$1` ids of the lines, `$2` the people,
/// `$3` who does it, `$4` now.
macro_rules! step {
    ($set:literal, $from:literal) => {
        concat!(
            "WITH old AS (SELECT e.id, h.profile_id, h.state FROM unnest($1::uuid[], $2::uuid[]) AS e (id, profile_id) \
             JOIN handout h ON h.profile_id = e.profile_id WHERE ",
            $from,
            " FOR UPDATE OF h), moved AS (UPDATE handout h SET ",
            $set,
            " FROM old WHERE h.profile_id = old.profile_id \
             RETURNING h.profile_id, h.credential_id, h.sheet_id, h.state, h.expires_at), \
             noted AS (INSERT INTO handout_event (id, profile_id, credential_id, before, after, sheet_id, done_by, at) \
             SELECT old.id, moved.profile_id, moved.credential_id, old.state, moved.state, moved.sheet_id, \
             CASE WHEN moved.state = 'expired' THEN NULL ELSE $3::uuid END, \
             CASE WHEN moved.state = 'expired' THEN moved.expires_at ELSE $4::timestamptz END \
             FROM old JOIN moved USING (profile_id)) SELECT credential_id FROM moved"
        )
    };
}

/// Says of what these people hold that it is void: it is about to be. What has run out before says so.
pub async fn revoke(db: &impl ConnectionTrait, step: &Step) -> Result<Vec<Stepped>> {
    sql::all(
        db,
        step!(
            "state = CASE WHEN h.expires_at <= $4 THEN 'expired' ELSE 'revoked' END",
            "h.state IN ('issued', 'printed', 'mailed', 'handed_over')"
        ),
        step.values(),
    )
    .await
}

/// Says that these people's credentials are on paper.
pub async fn print(db: &impl ConnectionTrait, step: &Step) -> Result<Vec<Stepped>> {
    sql::all(db, step!("state = 'printed', printed_at = $4::timestamptz", "h.state = 'issued'"), step.values()).await
}

/// Says that these people's credentials are in letters.
pub async fn mail(db: &impl ConnectionTrait, step: &Step) -> Result<Vec<Stepped>> {
    sql::all(db, step!("state = 'mailed'", "h.state = 'issued'"), step.values()).await
}

/// Records that these people hold their credential: of those on paper and valid.
pub async fn hand_over(db: &impl ConnectionTrait, _to: &[Permit<Recipient>], step: &Step) -> Result<Vec<Stepped>> {
    sql::all(
        db,
        step!(
            "state = 'handed_over', handed_over_at = $4::timestamptz, handed_over_by = $3::uuid",
            "h.state = 'printed' AND h.expires_at > $4"
        ),
        step.values(),
    )
    .await
}

/// What was made for a person: the id of its line in the history, and the credential.
pub struct MadeFor<'a> {
    pub line: Uuid,
    pub profile: ProfileId,
    pub id: CredentialId,
    pub login: &'a str,
    pub expires_at: DateTime<Utc>,
}

impl<'a> MadeFor<'a> {
    /// What was issued to a person.
    pub fn issued(line: Uuid, profile: ProfileId, issued: &'a Issued) -> Self {
        Self { line, profile, id: issued.id, login: &issued.login, expires_at: issued.expires_at }
    }
}

/// Writes down what a run of a sheet has made for a person.
pub async fn put(
    db: &impl ConnectionTrait,
    (sheet, by): (SheetId, ProfileId),
    made: MadeFor<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        db,
        "WITH put AS (INSERT INTO handout (profile_id, credential_id, login, state, sheet_id, issued_at, expires_at) \
         VALUES ($1, $2, $3, 'issued', $4, $5, $6) ON CONFLICT (profile_id) DO UPDATE SET \
         credential_id = excluded.credential_id, login = excluded.login, state = 'issued', sheet_id = excluded.sheet_id, \
         issued_at = excluded.issued_at, expires_at = excluded.expires_at, printed_at = NULL, handed_over_at = NULL, \
         handed_over_by = NULL, activated_at = NULL RETURNING profile_id, credential_id, sheet_id) \
         INSERT INTO handout_event (id, profile_id, credential_id, after, sheet_id, done_by, at) \
         SELECT $7, profile_id, credential_id, 'issued', sheet_id, $8, $5 FROM put",
        [
            made.profile.into(),
            made.id.into(),
            made.login.into(),
            sheet.into(),
            now.into(),
            made.expires_at.into(),
            made.line.into(),
            by.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Those of these people whose letter a former run of this sheet has written.
pub async fn mailed_by(db: &impl ConnectionTrait, sheet: SheetId, people: &[ProfileId]) -> Result<Vec<ProfileId>> {
    #[derive(FromQueryResult)]
    struct Row {
        profile_id: ProfileId,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT profile_id FROM handout WHERE sheet_id = $1 AND profile_id = ANY($2) AND state = 'mailed'",
        [sheet.into(), sql::array(people.iter().copied())],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.profile_id).collect())
}

/// Where a person stands, in the class of the person or of a child.
#[derive(Debug, FromQueryResult)]
pub struct Standing {
    pub class_id: Option<ClassId>,
    pub kind: Kind,
    pub credential: Credential,
    pub credential_id: Option<CredentialId>,
}

/// Everybody, once for each class. A guardian is there in each class of the children.
pub async fn standings(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Standing>> {
    sql::all(
        db,
        concat!(
            "SELECT DISTINCT m.class_id, p.kind, p.id, ",
            credential_of_p!(),
            " AS credential, h.credential_id FROM profile p \
             LEFT JOIN guardianship g ON g.guardian_id = p.id AND p.kind = 'guardian' \
             LEFT JOIN class_member m ON m.student_id = coalesce(g.student_id, p.id) AND m.left_on IS NULL \
             LEFT JOIN handout h ON h.profile_id = p.id WHERE p.state = 'active'"
        ),
        [now.into()],
    )
    .await
}

/// A person who has not registered yet, and since when the credential stands where it does.
#[derive(Debug, FromQueryResult)]
pub struct WaitingOne {
    pub id: ProfileId,
    pub kind: Kind,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub email: Option<String>,
    pub credential: Credential,
    pub credential_id: Option<CredentialId>,
    pub since: DateTime<Utc>,
}

/// Those of a class, and their guardians, who have not registered; without a class those who are in none.
pub async fn waiting(db: &impl ConnectionTrait, class: Option<ClassId>, now: DateTime<Utc>) -> Result<Vec<WaitingOne>> {
    sql::all(
        db,
        concat!(
            "SELECT DISTINCT p.id, p.kind, p.surname, p.given_name, p.patronymic, p.email, ",
            credential_of_p!(),
            " AS credential, h.credential_id, CASE WHEN h.state IN ('issued', 'printed', 'mailed', 'handed_over') \
             AND h.expires_at <= $1 THEN h.expires_at ELSE coalesce((SELECT max(e.at) FROM handout_event e \
             WHERE e.profile_id = p.id), h.handed_over_at, h.printed_at, h.issued_at, p.created_at) END AS since \
             FROM profile p LEFT JOIN guardianship g ON g.guardian_id = p.id AND p.kind = 'guardian' \
             LEFT JOIN class_member m ON m.student_id = coalesce(g.student_id, p.id) AND m.left_on IS NULL \
             LEFT JOIN handout h ON h.profile_id = p.id \
             WHERE p.state = 'active' AND p.account_id IS NULL AND m.class_id IS NOT DISTINCT FROM $2"
        ),
        [now.into(), class.into()],
    )
    .await
}

/// A step of the history.
#[derive(Debug, FromQueryResult)]
pub struct EventRow {
    pub before: Option<Credential>,
    pub after: Credential,
    pub sheet_id: Option<SheetId>,
    pub done_by: Option<ProfileId>,
    pub at: DateTime<Utc>,
}

/// The steps of a person's initial credentials, the newest first, at most a hundred.
pub async fn events(db: &impl ConnectionTrait, person: ProfileId) -> Result<Vec<EventRow>> {
    sql::all(
        db,
        "SELECT before, after, sheet_id, done_by, at FROM handout_event WHERE profile_id = $1 \
         ORDER BY at DESC, id DESC LIMIT 100",
        [person.into()],
    )
    .await
}

/// A person's handout.
#[derive(Debug, FromQueryResult)]
pub struct Handout {
    pub state: Credential,
    pub sheet_id: Option<SheetId>,
    pub expires_at: DateTime<Utc>,
}

/// Where a person's handout stands, as it is kept.
pub async fn of_person(db: &impl ConnectionTrait, person: ProfileId) -> Result<Option<Handout>> {
    sql::one(db, "SELECT state, sheet_id, expires_at FROM handout WHERE profile_id = $1", [person.into()]).await
}

/// A person whose credential may be handed over, and whether who asks leads the class.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub id: ProfileId,
    pub full_name: String,
    pub homeroom: bool,
    pub credential: Credential,
    pub credential_id: Option<CredentialId>,
    pub sheet_id: Option<SheetId>,
}

impl Thing for Recipient {
    fn relations(&self) -> Relations {
        Relations::none().and(Stand::Homeroom, self.homeroom)
    }
}

/// These people, where they stand, and whether one of `classes` is theirs, or that of a child of theirs.
pub async fn recipients(
    db: &impl ConnectionTrait,
    ids: &[ProfileId],
    classes: &[ClassId],
    now: DateTime<Utc>,
) -> Result<Vec<Recipient>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ProfileId,
        surname: String,
        given_name: String,
        patronymic: Option<String>,
        homeroom: bool,
        credential: Credential,
        credential_id: Option<CredentialId>,
        sheet_id: Option<SheetId>,
    }
    let rows: Vec<Row> = sql::all(
        db,
        concat!(
            "SELECT p.id, p.surname, p.given_name, p.patronymic, coalesce(bool_or(m.class_id = ANY($3)), false) AS homeroom, ",
            credential_of_p!(),
            " AS credential, h.credential_id, h.sheet_id FROM profile p \
             LEFT JOIN guardianship g ON g.guardian_id = p.id AND p.kind = 'guardian' \
             LEFT JOIN class_member m ON m.student_id = coalesce(g.student_id, p.id) AND m.left_on IS NULL \
             LEFT JOIN handout h ON h.profile_id = p.id \
             WHERE p.id = ANY($2) AND p.state = 'active' GROUP BY p.id, h.profile_id"
        ),
        [now.into(), sql::array(ids.iter().copied()), sql::array(classes.iter().copied())],
    )
    .await?;
    let one = |r: Row| Recipient {
        id: r.id,
        full_name: kd_kernel::names::full_name(&r.surname, &r.given_name, r.patronymic.as_deref()),
        homeroom: r.homeroom,
        credential: r.credential,
        credential_id: r.credential_id,
        sheet_id: r.sheet_id,
    };
    Ok(rows.into_iter().map(one).collect())
}
