//! SQL of the ИИН: the switch, and the sealed numbers.

use chrono::{DateTime, Utc};
use kd_ctx::{Permit, Plain};
use kd_kernel::{Problem, ProfileId, Result};
use kd_store::{SchoolTx, fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::Asking;

/// The setting that holds the switch.
const SWITCH: &str = "people.iin";

/// What the setting holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Switch {
    pub on: bool,
    pub statement: Option<String>,
    pub by: Option<ProfileId>,
    pub at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Row {
    value: Value,
    version: i32,
}

/// The switch with its version. Nobody turns it until the end of a transaction that writes.
pub async fn switch(db: &impl ConnectionTrait, writes: Writes) -> Result<(Switch, i32)> {
    let row: Option<Row> = match writes {
        Writes::Nothing => sql::one(db, "SELECT value, version FROM setting WHERE key = $1", [SWITCH.into()]).await?,
        Writes::Numbers => {
            sql::one(db, "SELECT value, version FROM setting WHERE key = $1 FOR SHARE", [SWITCH.into()]).await?
        }
    };
    let Some(row) = row else { return Ok((Switch::default(), 0)) };
    Ok((serde_json::from_value(row.value).map_err(Problem::internal)?, row.version))
}

/// What a look at the switch is followed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    Nothing,
    Numbers,
}

/// Turns the switch; false where somebody else did since this version.
pub async fn put_switch(
    db: &impl ConnectionTrait,
    _permit: &Permit<Plain>,
    (switch, version): (Switch, i32),
    asking: Asking,
) -> Result<bool> {
    let value = serde_json::to_value(switch).map_err(Problem::internal)?;
    let rows = if version == 0 {
        sql::run(
            db,
            "INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING",
            [SWITCH.into(), value.into(), asking.now.into()],
        )
        .await?
    } else {
        sql::run(
            db,
            "UPDATE setting SET value = $2, version = version + 1, changed_at = $3 WHERE key = $1 AND version = $4",
            [SWITCH.into(), value.into(), asking.now.into(), version.into()],
        )
        .await?
    };
    Ok(rows == 1)
}

/// How many numbers are stored.
pub async fn stored(db: &impl ConnectionTrait) -> Result<i64> {
    sql::scalar(db, "SELECT count(*) FROM iin", []).await
}

/// Deletes the numbers of all, and those that files brought in.
pub async fn delete_all(db: &impl ConnectionTrait, _permit: &Permit<Plain>) -> Result<u64> {
    sql::run(db, "DELETE FROM iin_brought", []).await?;
    Ok(sql::run(db, "DELETE FROM iin", []).await?)
}

/// A person's number as it lies.
pub async fn sealed(db: &impl ConnectionTrait, person: ProfileId) -> Result<Option<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Sealed {
        sealed: Vec<u8>,
    }
    let row: Option<Sealed> = sql::one(db, "SELECT sealed FROM iin WHERE profile_id = $1", [person.into()]).await?;
    Ok(row.map(|row| row.sealed))
}

/// Stores a person's number: sealed, with its hash.
///
/// # Errors
/// 422 at `iin` where another person of the school has it (IDN-6).
pub async fn put<T>(
    db: &impl ConnectionTrait,
    _permit: &Permit<T>,
    person: ProfileId,
    (sealed, hash): (Vec<u8>, Vec<u8>),
    asking: Asking,
) -> Result<()> {
    let done = sql::run(
        db,
        "INSERT INTO iin (profile_id, sealed, hash, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (profile_id) DO UPDATE SET sealed = excluded.sealed, hash = excluded.hash, \
         changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        [person.into(), sealed.into(), hash.into(), asking.me.into(), asking.now.into()],
    )
    .await;
    done.map(|_| ()).map_err(|error| match fault::constraint(&error) {
        Some("iin_hash_key") => Problem::field("iin", "iin-taken"),
        _ => Problem::from(error),
    })
}

/// Whether a person's number was written after a moment.
pub async fn changed_since(db: &impl ConnectionTrait, person: ProfileId, at: DateTime<Utc>) -> Result<bool> {
    sql::scalar(
        db,
        "SELECT EXISTS (SELECT FROM iin WHERE profile_id = $1 AND changed_at > $2)",
        [person.into(), at.into()],
    )
    .await
}

/// Deletes a person's number.
pub async fn delete<T>(db: &impl ConnectionTrait, _permit: &Permit<T>, person: ProfileId) -> Result<()> {
    sql::run(db, "DELETE FROM iin WHERE profile_id = $1", [person.into()]).await?;
    Ok(())
}

/// Stores the numbers of many, as an intake writes them: rows of `person`, `sealed` and `hash` in hexadecimal digits.
///
/// # Errors
/// 409 `import.changed` where somebody else has one of them by now (IDN-6).
pub async fn put_many(db: &SchoolTx, rows: Value, by: ProfileId, now: DateTime<Utc>) -> Result<()> {
    let done = sql::run(
        db,
        "INSERT INTO iin (profile_id, sealed, hash, changed_by, changed_at) \
         SELECT r.person, decode(r.sealed, 'hex'), decode(r.hash, 'hex'), $2, $3 \
         FROM jsonb_to_recordset($1) AS r (person uuid, sealed text, hash text)",
        [rows.into(), by.into(), now.into()],
    )
    .await;
    done.map(|_| ()).map_err(|error| match fault::constraint(&error) {
        Some("iin_hash_key" | "iin_pkey") => Problem::conflict("import.changed"),
        _ => Problem::from(error),
    })
}

/// Deletes the numbers of many.
pub async fn delete_many(db: &SchoolTx, people: impl IntoIterator<Item = ProfileId>) -> Result<()> {
    sql::run(db, "DELETE FROM iin WHERE profile_id = ANY($1)", [sql::array(people)]).await?;
    Ok(())
}

/// The numbers that a row of an import brought in, as they lie.
#[derive(FromQueryResult)]
pub struct Brought {
    pub row_id: Uuid,
    pub sealed: Vec<u8>,
}

/// What these rows brought in.
pub async fn brought(db: &SchoolTx, rows: impl IntoIterator<Item = Uuid>) -> Result<Vec<Brought>> {
    sql::all(db, "SELECT row_id, sealed FROM iin_brought WHERE row_id = ANY($1)", [sql::array(rows)]).await
}

/// Keeps what rows brought in: `row`, and `sealed` in hexadecimal digits.
pub async fn keep_brought(db: &SchoolTx, rows: Value) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO iin_brought (row_id, sealed) SELECT r.\"row\", decode(r.sealed, 'hex') \
         FROM jsonb_to_recordset($1) AS r (\"row\" uuid, sealed text)",
        [rows.into()],
    )
    .await?;
    Ok(())
}

/// Forgets what these rows brought in.
pub async fn drop_brought(db: &SchoolTx, rows: impl IntoIterator<Item = Uuid>) -> Result<()> {
    sql::run(db, "DELETE FROM iin_brought WHERE row_id = ANY($1)", [sql::array(rows)]).await?;
    Ok(())
}
