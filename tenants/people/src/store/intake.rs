//! SQL of intakes: everybody at once, read and written. Rows travel as one JSON value, which PostgreSQL reads
//! as a table; the columns are named here alone.

use chrono::{DateTime, Utc};
use kd_kernel::{ProfileId, Result};
use kd_store::{SchoolTx, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::Value;

use crate::intake::Entry;
use crate::wire::Relation;

/// Everybody, the archive too.
pub async fn everybody(db: &impl ConnectionTrait) -> Result<Vec<Entry>> {
    sql::all(
        db,
        "SELECT p.id, p.kind, p.state, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, p.phone, p.email, \
         i.hash AS iin, p.address, p.position, p.version, m.id AS member_id, m.class_id, m.joined, m.order_no, coalesce(r.roles, '') AS roles \
         FROM profile p LEFT JOIN iin i ON i.profile_id = p.id LEFT JOIN class_member m ON m.student_id = p.id AND m.left_on IS NULL \
         LEFT JOIN (SELECT profile_id, string_agg(role, ',') AS roles FROM role_held GROUP BY profile_id) r \
         ON r.profile_id = p.id ORDER BY p.id",
        [],
    )
    .await
}

/// A guardianship.
#[derive(Debug, FromQueryResult)]
pub struct Link {
    pub guardian_id: ProfileId,
    pub student_id: ProfileId,
    pub relation: Relation,
}

/// Every guardianship.
pub async fn links(db: &impl ConnectionTrait) -> Result<Vec<Link>> {
    sql::all(db, "SELECT guardian_id, student_id, relation FROM guardianship ORDER BY guardian_id, student_id", [])
        .await
}

/// Keeps everybody else from changing these people until the end of the transaction.
pub async fn hold(db: &SchoolTx, people: &[ProfileId]) -> Result<()> {
    let people = sql::array(people.iter().copied());
    sql::run(db, "SELECT FROM profile WHERE id = ANY($1) ORDER BY id FOR UPDATE", [people]).await?;
    Ok(())
}

/// Enters people; their version is 1.
pub async fn enter(db: &SchoolTx, rows: Value, by: ProfileId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO profile (id, kind, surname, given_name, patronymic, folded_name, birth_date, sex, phone, email, address, \
         position, created_at, changed_by, changed_at) \
         SELECT r.id, r.kind, r.surname, r.given_name, r.patronymic, r.folded_name, r.birth_date, r.sex, r.phone, r.email, \
         r.address, r.position, $3, $2, $3 FROM jsonb_to_recordset($1) AS r (id uuid, kind text, surname text, given_name text, \
         patronymic text, folded_name text, birth_date date, sex text, phone text, email text, address text, position text)",
        [rows.into(), by.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Writes people's data anew, with the next version.
pub async fn change(db: &SchoolTx, rows: Value, by: ProfileId, now: DateTime<Utc>) -> Result<u64> {
    Ok(sql::run(
        db,
        "UPDATE profile p SET surname = r.surname, given_name = r.given_name, patronymic = r.patronymic, \
         folded_name = r.folded_name, birth_date = r.birth_date, sex = r.sex, phone = r.phone, email = r.email, \
         address = r.address, position = r.position, version = p.version + 1, changed_by = $2, changed_at = $3 \
         FROM jsonb_to_recordset($1) AS r (id uuid, version integer, surname text, given_name text, patronymic text, \
         folded_name text, birth_date date, sex text, phone text, email text, address text, position text) \
         WHERE p.id = r.id AND p.version = r.version AND p.state = 'active'",
        [rows.into(), by.into(), now.into()],
    )
    .await?)
}

/// Gives roles; one that is held stays.
pub async fn give_roles(db: &SchoolTx, rows: Value, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO role_held (profile_id, role, since) SELECT r.id, r.role, $2 \
         FROM jsonb_to_recordset($1) AS r (id uuid, role text) ON CONFLICT DO NOTHING",
        [rows.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Takes roles.
pub async fn take_roles(db: &SchoolTx, rows: Value) -> Result<()> {
    sql::run(
        db,
        "DELETE FROM role_held h USING jsonb_to_recordset($1) AS r (id uuid, role text) \
         WHERE h.profile_id = r.id AND h.role = r.role",
        [rows.into()],
    )
    .await?;
    Ok(())
}

/// Makes guardianships, or changes what somebody is to a child.
pub async fn put_links(db: &SchoolTx, rows: Value, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO guardianship (guardian_id, student_id, relation, since) SELECT r.guardian, r.student, r.relation, $2 \
         FROM jsonb_to_recordset($1) AS r (guardian uuid, student uuid, relation text) \
         ON CONFLICT (guardian_id, student_id) DO UPDATE SET relation = excluded.relation",
        [rows.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Ends guardianships as if they had never been.
pub async fn cut_links(db: &SchoolTx, rows: Value) -> Result<()> {
    sql::run(
        db,
        "DELETE FROM guardianship g USING jsonb_to_recordset($1) AS r (guardian uuid, student uuid) \
         WHERE g.guardian_id = r.guardian AND g.student_id = r.student",
        [rows.into()],
    )
    .await?;
    Ok(())
}

/// Puts students into classes. Who is in one has left it by now: see [`put_seats`].
pub async fn seat(db: &SchoolTx, rows: Value) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO class_member (id, class_id, student_id, joined, order_no) \
         SELECT r.id, r.class, r.student, r.joined, r.order_no \
         FROM jsonb_to_recordset($1) AS r (id uuid, class uuid, student uuid, joined date, order_no text)",
        [rows.into()],
    )
    .await?;
    Ok(())
}

/// Sets the days and the orders of memberships; a day that is missing in `left_on` opens the membership again.
pub async fn put_seats(db: &SchoolTx, rows: Value) -> Result<()> {
    sql::run(
        db,
        "UPDATE class_member m SET joined = r.joined, left_on = r.left_on, order_no = r.order_no \
         FROM jsonb_to_recordset($1) AS r (id uuid, joined date, left_on date, order_no text) WHERE m.id = r.id",
        [rows.into()],
    )
    .await?;
    Ok(())
}

/// Removes memberships as if they had never been.
pub async fn unseat(db: &SchoolTx, rows: Value) -> Result<()> {
    sql::run(
        db,
        "DELETE FROM class_member m USING jsonb_to_recordset($1) AS r (id uuid) WHERE m.id = r.id",
        [rows.into()],
    )
    .await?;
    Ok(())
}

/// Those of these people with whom something has happened since the given version: an edit, a registration,
/// a credential, a departure.
pub async fn touched(db: &impl ConnectionTrait, rows: Value) -> Result<Vec<ProfileId>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ProfileId,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT r.id FROM jsonb_to_recordset($1) AS r (id uuid, version integer, made boolean) \
         LEFT JOIN profile p ON p.id = r.id WHERE p.id IS NULL OR p.version <> r.version OR p.state <> 'active' \
         OR r.made AND (p.account_id IS NOT NULL OR EXISTS (SELECT FROM handout h WHERE h.profile_id = p.id))",
        [rows.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Removes people as if they had never been; their roles go with them. Whatever else is kept of them keeps
/// them here.
pub async fn remove(db: &SchoolTx, people: &[ProfileId]) -> Result<(), sea_orm::DbErr> {
    sql::run(db, "DELETE FROM role_held WHERE profile_id = ANY($1)", [sql::array(people.iter().copied())]).await?;
    sql::run(db, "DELETE FROM profile WHERE id = ANY($1)", [sql::array(people.iter().copied())]).await?;
    Ok(())
}
