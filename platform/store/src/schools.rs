//! Making and dropping the schema and role of a school. All of it in one transaction of the cell, with
//! the provisioner's login; each is safe to do twice. Each comes with a fencing number: one that is lower
//! than the highest seen in this cell for this school changes nothing (F03).

use kd_kernel::{Problem, Result, SchoolId};
use kd_migrations::SCHOOL;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use uuid::Uuid;

use crate::migrate::{self, run};
use crate::names::{CellName, SchoolName};
use crate::{Store, sql};

/// Tables of a school to which rows are only ever added.
const APPEND_ONLY: [&str; 4] = ["access_log", "audit", "audit_seal", "cell_history"];

/// What stands of a school in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The schema is there.
    pub schema: bool,
    /// The role is there.
    pub role: bool,
}

/// How making or dropping ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it should be, whether by this call or by an earlier one.
    Done,
    /// Somebody with a higher number has been here; nothing was changed.
    Overtaken,
    /// The school holds more than it began with; nothing was dropped.
    HoldsData,
}

/// A row that a school begins with: the text is the program's, values travel beside it.
#[derive(Debug, Clone)]
pub struct Seed(pub &'static str, pub Vec<sea_orm::Value>);

/// Makes the role, the schema, its tables and rights, and its first rows as the owner; in one
/// transaction. Nothing happens where the school already stands.
///
/// # Errors
/// 503 when the cell does not answer, 500 with the cause in the log.
pub async fn create(store: &Store, cell: Uuid, school: SchoolId, fence: i64, seed: &[Seed]) -> Result<Outcome> {
    let owner = owner_of(store, cell).await?;
    let mut connection = store.provisioner(cell).await?;
    let name = SchoolName::of(school);
    let mut tx = connection.begin().await.map_err(Problem::unavailable)?;
    if !first(&mut tx, school, fence).await? {
        return Ok(Outcome::Overtaken);
    }
    let standing = standing(&mut tx, &name).await?;
    if !standing.schema {
        make(&mut tx, &name, &owner, standing.role).await?;
        for Seed(sql, values) in seed {
            let values = sea_query_sqlx::SqlxValues(sea_orm::sea_query::Values(values.clone()));
            sqlx::query_with(AssertSqlSafe(*sql), values).execute(&mut *tx).await.map_err(Problem::internal)?;
        }
    }
    tx.commit().await.map_err(Problem::unavailable)?;
    Ok(Outcome::Done)
}

async fn make(tx: &mut PgConnection, name: &SchoolName, owner: &str, has_role: bool) -> Result<()> {
    if !has_role {
        run(tx, format!("CREATE ROLE {name} NOLOGIN NOINHERIT")).await?;
        run(tx, format!("GRANT kd_school TO {name} WITH INHERIT TRUE, SET FALSE")).await?;
        run(tx, format!("GRANT {name} TO kd_app WITH INHERIT FALSE, SET TRUE")).await?;
    }
    run(tx, format!("CREATE SCHEMA {name} AUTHORIZATION {owner}")).await?;
    run(tx, format!("SET LOCAL ROLE {owner}")).await?;
    run(tx, format!("GRANT USAGE ON SCHEMA {name} TO {name}")).await?;
    run(
        tx,
        format!("ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name}"),
    )
    .await?;
    bring_up(tx, name).await.map(|_| ())
}

/// The newest tables, with the rights that the school's role has in them: also in a school that was made
/// before a table which only grows came in. Returns how many scripts ran.
async fn bring_up(tx: &mut PgConnection, name: &SchoolName) -> Result<usize> {
    let ran = migrate::in_transaction(tx, &name.to_string(), SCHOOL).await?;
    for table in APPEND_ONLY {
        run(tx, format!("REVOKE UPDATE, DELETE ON {name}.{table} FROM {name}")).await?;
    }
    run(tx, format!("REVOKE INSERT, UPDATE, DELETE ON {name}.ledger FROM {name}")).await?;
    Ok(ran)
}

/// Drops the schema and the role; nothing happens where they are gone already. A school that holds more
/// rows than `began_with` says, table by table, is kept.
///
/// # Errors
/// 503 when the cell does not answer, 500 with the cause in the log.
pub async fn drop(
    store: &Store,
    cell: Uuid,
    school: SchoolId,
    fence: i64,
    began_with: &[(&str, i64)],
) -> Result<Outcome> {
    let owner = owner_of(store, cell).await?;
    let mut connection = store.provisioner(cell).await?;
    let name = SchoolName::of(school);
    let mut tx = connection.begin().await.map_err(Problem::unavailable)?;
    if !first(&mut tx, school, fence).await? {
        return Ok(Outcome::Overtaken);
    }
    let standing = standing(&mut tx, &name).await?;
    if standing.schema {
        run(&mut tx, format!("SET LOCAL ROLE {owner}")).await?;
        if holds_more(&mut tx, &name, began_with).await? {
            return Ok(Outcome::HoldsData);
        }
        run(&mut tx, format!("DROP SCHEMA {name} CASCADE")).await?;
        run(&mut tx, "RESET ROLE".to_owned()).await?;
    }
    if standing.role {
        run(&mut tx, format!("DROP ROLE {name}")).await?;
    }
    tx.commit().await.map_err(Problem::unavailable)?;
    Ok(Outcome::Done)
}

/// Takes the school's row of fencing numbers, until the end of the transaction. False where a higher
/// number stands in it. One who was stopped in here does not keep others out for long.
async fn first(tx: &mut PgConnection, school: SchoolId, fence: i64) -> Result<bool> {
    run(tx, "SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '10s'".to_owned()).await?;
    let taken = sqlx::query(
        "INSERT INTO cell.fence AS f (school_id, number) VALUES ($1, $2) \
         ON CONFLICT (school_id) DO UPDATE SET number = EXCLUDED.number WHERE f.number <= EXCLUDED.number",
    )
    .bind(school.0)
    .bind(fence)
    .execute(&mut *tx)
    .await
    .map_err(Problem::internal)?;
    Ok(taken.rows_affected() == 1)
}

/// Whether a table holds more rows than it began with. All of them stay locked until the end.
async fn holds_more(tx: &mut PgConnection, name: &SchoolName, began_with: &[(&str, i64)]) -> Result<bool> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname <> 'ledger' ORDER BY c.relname",
    )
    .bind(name.to_string())
    .fetch_all(&mut *tx)
    .await
    .map_err(Problem::internal)?;
    if tables.is_empty() {
        return Ok(false);
    }
    let all = tables.iter().map(|table| format!("{name}.{table}")).collect::<Vec<_>>().join(", ");
    run(tx, format!("LOCK TABLE {all} IN ACCESS EXCLUSIVE MODE")).await?;
    for table in &tables {
        let expected = began_with.iter().find(|(known, _)| known == table).map_or(0, |(_, rows)| *rows);
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {name}.{table}")))
            .fetch_one(&mut *tx)
            .await
            .map_err(Problem::internal)?;
        if rows > expected {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What of a school is there.
///
/// # Errors
/// 503 when the cell does not answer.
pub async fn stands(store: &Store, cell: Uuid, school: SchoolId) -> Result<Standing> {
    let mut connection = store.provisioner(cell).await?;
    standing(&mut connection, &SchoolName::of(school)).await
}

/// Brings one school that stands to the newest migration. Returns how many scripts ran.
///
/// # Errors
/// 503 when the cell does not answer, 500 with the cause in the log; the school is then as before.
pub async fn migrate(store: &Store, cell: Uuid, school: SchoolId) -> Result<usize> {
    let owner = owner_of(store, cell).await?;
    let mut connection = store.migrator(cell).await?;
    let mut tx = connection.begin().await.map_err(Problem::internal)?;
    run(&mut tx, format!("SET LOCAL ROLE {owner}")).await?;
    let ran = bring_up(&mut tx, &SchoolName::of(school)).await?;
    tx.commit().await.map_err(Problem::internal)?;
    Ok(ran)
}

async fn standing(db: &mut PgConnection, name: &SchoolName) -> Result<Standing> {
    let row = db
        .fetch_one(AssertSqlSafe(format!(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '{name}'), \
             EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{name}')"
        )))
        .await
        .map_err(Problem::unavailable)?;
    Ok(Standing {
        schema: row.try_get(0).map_err(Problem::internal)?,
        role: row.try_get(1).map_err(Problem::internal)?,
    })
}

async fn owner_of(store: &Store, cell: Uuid) -> Result<String> {
    let name: String =
        sql::scalar(store.platform(), "SELECT name FROM platform.cell WHERE id = $1", [cell.into()]).await?;
    CellName::parse(&name).map(|n| n.owner()).ok_or_else(|| Problem::internal("a cell with a bad name"))
}
