//! The registry's SQL, all of it on the platform's database.

use chrono::{DateTime, NaiveDate, Utc};
use kd_kernel::{AccountId, AgreementId, ApplicationId, Problem, Result, SchoolId};
use kd_store::fault::on_constraint;
use kd_store::{fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use crate::applications::Application;
use crate::registry::Claim;
use crate::rules::ApplicationState;
use crate::wire::{AgreementBrief, AgreementState, SchoolEvent, SchoolRow};

macro_rules! application_where {
    ($where:literal) => {
        concat!(
            "SELECT id, number, state, name_kk, name_ru, bin, region, city, legal_address, postal_address, director, \
             contact_name, contact_position, email, phone, language, pupils, locale, reason, account_id, received_at, \
             decided_at, version FROM platform.application ",
            $where
        )
    };
}

pub(crate) async fn next_application(db: &impl ConnectionTrait) -> Result<i64> {
    sql::scalar(db, "SELECT nextval('platform.application_number')", []).await
}

pub(crate) async fn next_agreement(db: &impl ConnectionTrait) -> Result<i64> {
    sql::scalar(db, "SELECT nextval('platform.agreement_number')", []).await
}

pub(crate) async fn application(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<Application>> {
    sql::one(db, application_where!("WHERE id = $1"), [id.into()]).await
}

/// Locks the application until the end of the transaction: what is decided about it is decided in a row.
pub(crate) async fn application_locked(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<Application>> {
    sql::one(db, application_where!("WHERE id = $1 FOR UPDATE"), [id.into()]).await
}

pub(crate) async fn application_of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<Application>> {
    sql::one(db, application_where!("WHERE account_id = $1 ORDER BY id DESC LIMIT 1"), [account.into()]).await
}

pub(crate) async fn move_application(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    (from, to): (ApplicationState, ApplicationState),
) -> Result<u64> {
    let moved = sql::run(
        db,
        "UPDATE platform.application SET state = $3, version = version + 1 WHERE id = $1 AND state = $2",
        [id.into(), from.name().into(), to.name().into()],
    );
    Ok(moved.await?)
}

pub(crate) async fn application_event(db: &impl ConnectionTrait, values: [Value; 6]) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.application_event (id, application_id, kind, operator_id, note, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values,
    )
    .await?;
    Ok(())
}

pub(crate) async fn school_event(db: &impl ConnectionTrait, values: [Value; 6]) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.school_event (id, school_id, kind, operator_id, note, at) VALUES ($1, $2, $3, $4, $5, $6)",
        values,
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

pub(crate) async fn roomiest_cell(db: &impl ConnectionTrait) -> Result<Option<Uuid>> {
    let row: Option<Id> = sql::one(
        db,
        "SELECT c.id FROM platform.cell c LEFT JOIN platform.school s ON s.cell_id = c.id WHERE c.accepts_new \
         GROUP BY c.id ORDER BY count(s.id), c.id LIMIT 1",
        [],
    )
    .await?;
    Ok(row.map(|row| row.id))
}

pub(crate) async fn insert_school(
    db: &impl ConnectionTrait,
    (id, cell): (SchoolId, Uuid),
    claim: &Claim<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.school (id, application_id, slug, name_kk, name_ru, bin, language, cell_id, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'provisioning', $9)",
        [
            id.into(),
            claim.application.into(),
            claim.slug.as_str().into(),
            claim.name_kk.into(),
            claim.name_ru.into(),
            claim.bin.into(),
            claim.language.into(),
            cell.into(),
            now.into(),
        ],
    )
    .await
    .map_err(|error| match fault::constraint(&error) {
        Some("school_slug_key") => Problem::field("slug", "slug-taken"),
        _ => on_constraint(error, "school_application_key", || Problem::conflict("schools.already-claimed")),
    })?;
    Ok(())
}

pub(crate) async fn slugs_taken(db: &impl ConnectionTrait, slugs: Vec<String>) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        slug: String,
    }
    let rows: Vec<Row> = sql::all(db, "SELECT slug FROM platform.school WHERE slug = ANY($1)", [slugs.into()]).await?;
    Ok(rows.into_iter().map(|row| row.slug).collect())
}

pub(crate) async fn school_of_application(
    db: &impl ConnectionTrait,
    application: ApplicationId,
) -> Result<Option<SchoolId>> {
    let row: Option<Id> =
        sql::one(db, "SELECT id FROM platform.school WHERE application_id = $1", [application.into()]).await?;
    Ok(row.map(|row| SchoolId(row.id)))
}

#[derive(FromQueryResult)]
struct School {
    id: SchoolId,
    slug: String,
    name_kk: String,
    name_ru: String,
    bin: String,
    state: String,
    cell: String,
    created_at: DateTime<Utc>,
}

impl From<School> for SchoolRow {
    fn from(row: School) -> Self {
        let School { id, slug, name_kk, name_ru, bin, state, cell, created_at } = row;
        Self { id, slug, name_kk, name_ru, bin, state, cell, created_at }
    }
}

pub(crate) async fn schools(db: &impl ConnectionTrait) -> Result<Vec<SchoolRow>> {
    let rows: Vec<School> = sql::all(
        db,
        "SELECT s.id, s.slug, s.name_kk, s.name_ru, s.bin, s.state, c.name AS cell, s.created_at FROM platform.school s \
         JOIN platform.cell c ON c.id = s.cell_id ORDER BY s.id DESC",
        [],
    )
    .await?;
    Ok(rows.into_iter().map(SchoolRow::from).collect())
}

pub(crate) async fn school(db: &impl ConnectionTrait, id: SchoolId) -> Result<Option<SchoolRow>> {
    let row: Option<School> = sql::one(
        db,
        "SELECT s.id, s.slug, s.name_kk, s.name_ru, s.bin, s.state, c.name AS cell, s.created_at FROM platform.school s \
         JOIN platform.cell c ON c.id = s.cell_id WHERE s.id = $1",
        [id.into()],
    )
    .await?;
    Ok(row.map(SchoolRow::from))
}

pub(crate) async fn school_events(db: &impl ConnectionTrait, id: SchoolId) -> Result<Vec<SchoolEvent>> {
    #[derive(FromQueryResult)]
    struct Row {
        at: DateTime<Utc>,
        kind: String,
        login: Option<String>,
        note: Option<String>,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT e.at, e.kind, a.login, e.note FROM platform.school_event e \
         LEFT JOIN platform.account a ON a.id = e.operator_id WHERE e.school_id = $1 ORDER BY e.at, e.id",
        [id.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|r| SchoolEvent { at: r.at, kind: r.kind, by: r.login, note: r.note }).collect())
}

pub(crate) async fn agreement_of_school(db: &impl ConnectionTrait, id: SchoolId) -> Result<Option<AgreementBrief>> {
    #[derive(FromQueryResult)]
    struct Row {
        number: String,
        dated: NaiveDate,
        state: String,
    }
    let row: Option<Row> = sql::one(
        db,
        "SELECT g.number, g.dated, g.state FROM platform.agreement g JOIN platform.school s \
         ON s.application_id = g.application_id WHERE s.id = $1",
        [id.into()],
    )
    .await?;
    Ok(row.map(|r| AgreementBrief { number: r.number, date: r.dated, state: AgreementState::of_name(&r.state) }))
}

/// An agreement as the table has it.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct AgreementRow {
    pub(crate) id: AgreementId,
    pub(crate) number: String,
    pub(crate) dated: NaiveDate,
    pub(crate) city: String,
    pub(crate) requisites: serde_json::Value,
    pub(crate) state: String,
    pub(crate) version: i32,
    pub(crate) signed_name: Option<String>,
    pub(crate) signed_at: Option<DateTime<Utc>>,
}

pub(crate) async fn agreement(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Option<AgreementRow>> {
    sql::one(
        db,
        "SELECT id, number, dated, city, requisites, state, version, signed_name, signed_at FROM platform.agreement \
         WHERE application_id = $1",
        [application.into()],
    )
    .await
}

pub(crate) async fn insert_agreement(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    row: &AgreementRow,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.agreement (id, application_id, number, dated, city, requisites, state, version, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'draft', 1, $7)",
        [
            row.id.into(),
            application.into(),
            row.number.clone().into(),
            row.dated.into(),
            row.city.clone().into(),
            row.requisites.clone().into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn redraw_agreement(db: &impl ConnectionTrait, row: &AgreementRow) -> Result<u64> {
    let drawn = sql::run(
        db,
        "UPDATE platform.agreement SET dated = $3, city = $4, requisites = $5, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = 'draft'",
        [row.id.into(), row.version.into(), row.dated.into(), row.city.clone().into(), row.requisites.clone().into()],
    );
    Ok(drawn.await?)
}

pub(crate) async fn sign_agreement(
    db: &impl ConnectionTrait,
    row: &AgreementRow,
    (name, account, at): (&str, AccountId, DateTime<Utc>),
) -> Result<u64> {
    let signed = sql::run(
        db,
        "UPDATE platform.agreement SET state = 'signed', version = version + 1, signed_name = $3, signed_by = $4, \
         signed_at = $5 WHERE id = $1 AND version = $2 AND state = 'draft'",
        [row.id.into(), row.version.into(), name.into(), account.into(), at.into()],
    );
    Ok(signed.await?)
}

/// A paper that lies in S3.
#[derive(Debug, FromQueryResult)]
pub(crate) struct PaperRow {
    pub(crate) object_key: String,
    pub(crate) sha256: Vec<u8>,
}

/// Which paper: of which agreement, in which language and version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PaperId {
    pub(crate) agreement: AgreementId,
    pub(crate) language: &'static str,
    pub(crate) version: i32,
}

pub(crate) async fn paper(db: &impl ConnectionTrait, id: PaperId) -> Result<Option<PaperRow>> {
    sql::one(
        db,
        "SELECT object_key, sha256 FROM platform.agreement_paper WHERE agreement_id = $1 AND language = $2 AND version = $3",
        [id.agreement.into(), id.language.into(), id.version.into()],
    )
    .await
}

pub(crate) async fn insert_paper(
    db: &impl ConnectionTrait,
    id: PaperId,
    paper: &PaperRow,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.agreement_paper (agreement_id, language, version, object_key, sha256, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agreement_id, language, version) DO NOTHING",
        [
            id.agreement.into(),
            id.language.into(),
            id.version.into(),
            paper.object_key.clone().into(),
            paper.sha256.clone().into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}
