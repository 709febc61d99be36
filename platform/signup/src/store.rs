//! Signup's SQL: applications and what hangs on them, on the platform's database.

use chrono::{DateTime, Utc};
use kd_kernel::problem::Conflict;
use kd_kernel::{ApplicationId, CredentialId, Problem, Result};
use kd_schools::ApplicationState;
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::rules::NewApplication;
use crate::wire::{ApplicationDuplicate, ApplicationEvent, ApplicationRow};

pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    (id, number): (ApplicationId, &str),
    new: &NewApplication,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO platform.application (id, number, state, name_kk, name_ru, bin, region, city, legal_address, \
         postal_address, director, contact_name, contact_position, email, phone, language, pupils, locale, received_at) \
         VALUES ($1, $2, 'received', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        [
            id.into(),
            number.into(),
            new.name_kk.as_str().into(),
            new.name_ru.as_str().into(),
            new.bin.as_str().into(),
            new.region.as_str().into(),
            new.city.as_str().into(),
            new.legal_address.as_str().into(),
            new.postal_address.as_str().into(),
            new.director.as_str().into(),
            new.contact_name.as_str().into(),
            new.contact_position.clone().into(),
            new.email.as_str().into(),
            new.phone.as_str().into(),
            new.language.name().into(),
            new.pupils.into(),
            new.locale.code().into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Notes when it was decided, and why; in the transaction that decides.
pub(crate) async fn note_decision(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    (at, reason): (DateTime<Utc>, Option<&str>),
) -> Result<()> {
    sql::run(
        db,
        "UPDATE platform.application SET decided_at = $2, reason = $3 WHERE id = $1",
        [id.into(), at.into(), reason.map(str::to_owned).into()],
    )
    .await?;
    Ok(())
}

/// Locks an application and says where it stands.
pub(crate) async fn lock(db: &impl ConnectionTrait, id: ApplicationId) -> Result<ApplicationState> {
    #[derive(FromQueryResult)]
    struct Row {
        state: String,
    }
    let row: Option<Row> =
        sql::one(db, "SELECT state FROM platform.application WHERE id = $1 FOR UPDATE", [id.into()]).await?;
    state(&row.ok_or_else(Problem::not_found)?.state)
}

/// Who decided about an application, and when: for whoever came second.
pub(crate) async fn decision(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Conflict> {
    #[derive(FromQueryResult)]
    struct Row {
        login: Option<String>,
        at: DateTime<Utc>,
        kind: String,
    }
    let row: Option<Row> = sql::one(
        db,
        "SELECT a.login, e.at, e.kind FROM platform.application_event e LEFT JOIN platform.account a ON a.id = e.operator_id \
         WHERE e.application_id = $1 AND e.kind IN ('approved', 'rejected') ORDER BY e.at DESC LIMIT 1",
        [id.into()],
    )
    .await?;
    Ok(row
        .map(|row| Conflict { by: row.login, at: Some(row.at), value: Some(row.kind), version: None })
        .unwrap_or_default())
}

/// The application that an activation credential belongs to.
pub(crate) async fn of_credential(db: &impl ConnectionTrait, id: CredentialId) -> Result<Option<ApplicationId>> {
    #[derive(FromQueryResult)]
    struct Row {
        application_id: Option<ApplicationId>,
    }
    let row: Option<Row> =
        sql::one(db, "SELECT application_id FROM platform.credential WHERE id = $1", [id.into()]).await?;
    Ok(row.and_then(|row| row.application_id))
}

#[derive(FromQueryResult)]
struct ListRow {
    id: ApplicationId,
    number: String,
    name_kk: String,
    name_ru: String,
    bin: String,
    region: String,
    city: String,
    pupils: i32,
    state: String,
    received_at: DateTime<Utc>,
    duplicates: i64,
}

const LIST: &str = "SELECT p.id, p.number, p.name_kk, p.name_ru, p.bin, p.region, p.city, p.pupils, p.state, p.received_at, \
     (SELECT count(*) FROM platform.application d WHERE d.bin = p.bin AND d.id <> p.id) AS duplicates \
     FROM platform.application p WHERE ($1::text IS NULL OR p.state = $1) AND ($2::uuid IS NULL OR p.id = $2) \
     ORDER BY p.state NOT IN ('received', 'under_review'), \
     CASE WHEN p.state IN ('received', 'under_review') THEN p.received_at END, p.received_at DESC LIMIT 1000";

/// Applications: those that wait first, oldest first; then the others, newest first.
pub(crate) async fn list(
    db: &impl ConnectionTrait,
    (of, id): (Option<ApplicationState>, Option<ApplicationId>),
    now: DateTime<Utc>,
) -> Result<Vec<ApplicationRow>> {
    let rows: Vec<ListRow> = sql::all(db, LIST, [of.map(|state| state.name().to_owned()).into(), id.into()]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(ApplicationRow {
                id: row.id,
                number: row.number,
                name_kk: row.name_kk,
                name_ru: row.name_ru,
                bin: row.bin,
                region: row.region,
                city: row.city,
                pupils: row.pupils,
                state: state(&row.state)?,
                received_at: row.received_at,
                age_hours: age_hours(row.received_at, now),
                duplicates: i32::try_from(row.duplicates).unwrap_or(i32::MAX),
            })
        })
        .collect()
}

/// Whole hours between then and now.
pub(crate) fn age_hours(then: DateTime<Utc>, now: DateTime<Utc>) -> i32 {
    i32::try_from((now - then).num_hours()).unwrap_or(i32::MAX)
}

pub(crate) async fn duplicates(
    db: &impl ConnectionTrait,
    (id, bin): (ApplicationId, &str),
) -> Result<Vec<ApplicationDuplicate>> {
    #[derive(FromQueryResult)]
    struct Row {
        number: String,
        name_ru: String,
        state: String,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT number, name_ru, state FROM platform.application WHERE bin = $2 AND id <> $1 ORDER BY id DESC",
        [id.into(), bin.into()],
    )
    .await?;
    rows.into_iter()
        .map(|row| Ok(ApplicationDuplicate { number: row.number, name_ru: row.name_ru, state: state(&row.state)? }))
        .collect()
}

pub(crate) async fn events(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Vec<ApplicationEvent>> {
    #[derive(FromQueryResult)]
    struct Row {
        at: DateTime<Utc>,
        kind: String,
        login: Option<String>,
        note: Option<String>,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT e.at, e.kind, a.login, e.note FROM platform.application_event e \
         LEFT JOIN platform.account a ON a.id = e.operator_id WHERE e.application_id = $1 ORDER BY e.id",
        [id.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|r| ApplicationEvent { at: r.at, kind: r.kind, by: r.login, note: r.note }).collect())
}

/// How many wait for a decision, and since when the first does.
pub(crate) async fn waiting(db: &impl ConnectionTrait) -> Result<(i64, Option<DateTime<Utc>>)> {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
        oldest: Option<DateTime<Utc>>,
    }
    let row: Option<Row> = sql::one(
        db,
        "SELECT count(*) AS count, min(received_at) AS oldest FROM platform.application \
         WHERE state IN ('received', 'under_review')",
        [],
    )
    .await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}

fn state(name: &str) -> Result<ApplicationState> {
    ApplicationState::of_name(name).ok_or_else(|| Problem::internal("an application in no state"))
}
