//! Making and dropping the schema and role of a school. All of it in one transaction of the cell, with
//! the provisioner's login; each is safe to do twice.

use kd_kernel::{Problem, Result, SchoolId};
use kd_migrations::SCHOOL;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use uuid::Uuid;

use crate::migrate::{self, run};
use crate::names::{CellName, SchoolName};
use crate::{Store, sql};

/// Tables of a school to which rows are only ever added.
const APPEND_ONLY: [&str; 2] = ["audit", "cell_history"];

/// What stands of a school in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The schema is there.
    pub schema: bool,
    /// The role is there.
    pub role: bool,
}

/// Makes the role, the schema, its tables and rights, and runs `seed` in it as the owner; in one
/// transaction. Nothing happens where the school already stands.
///
/// # Errors
/// 503 when the cell does not answer, 500 with the cause in the log.
pub async fn create(store: &Store, cell: Uuid, school: SchoolId, seed: &[String]) -> Result<()> {
    let owner = owner_of(store, cell).await?;
    let mut connection = store.provisioner(cell).await?;
    let name = SchoolName::of(school);
    let mut tx = connection.begin().await.map_err(Problem::unavailable)?;
    run(&mut tx, "SET LOCAL lock_timeout = '5s'".to_owned()).await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))")
        .bind(name.to_string())
        .execute(&mut *tx)
        .await
        .map_err(Problem::internal)?;
    let standing = standing(&mut tx, &name).await?;
    if standing.schema {
        return Ok(());
    }
    if !standing.role {
        run(&mut tx, format!("CREATE ROLE {name} NOLOGIN NOINHERIT")).await?;
        run(&mut tx, format!("GRANT kd_school TO {name} WITH INHERIT TRUE, SET FALSE")).await?;
        run(&mut tx, format!("GRANT {name} TO kd_app WITH INHERIT FALSE, SET TRUE")).await?;
    }
    run(&mut tx, format!("CREATE SCHEMA {name} AUTHORIZATION {owner}")).await?;
    run(&mut tx, format!("SET LOCAL ROLE {owner}")).await?;
    run(&mut tx, format!("GRANT USAGE ON SCHEMA {name} TO {name}")).await?;
    run(
        &mut tx,
        format!("ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name}"),
    )
    .await?;
    migrate::in_transaction(&mut tx, &name.to_string(), SCHOOL).await?;
    for table in APPEND_ONLY {
        run(&mut tx, format!("REVOKE UPDATE, DELETE ON {name}.{table} FROM {name}")).await?;
    }
    run(&mut tx, format!("REVOKE INSERT, UPDATE, DELETE ON {name}.ledger FROM {name}")).await?;
    for statement in seed {
        run(&mut tx, statement.clone()).await?;
    }
    tx.commit().await.map_err(Problem::unavailable)
}

/// Drops the schema and the role; nothing happens where they are gone already.
///
/// # Errors
/// 503 when the cell does not answer, 500 with the cause in the log.
pub async fn drop(store: &Store, cell: Uuid, school: SchoolId) -> Result<()> {
    let owner = owner_of(store, cell).await?;
    let mut connection = store.provisioner(cell).await?;
    let name = SchoolName::of(school);
    let mut tx = connection.begin().await.map_err(Problem::unavailable)?;
    run(&mut tx, "SET LOCAL lock_timeout = '5s'".to_owned()).await?;
    let standing = standing(&mut tx, &name).await?;
    if standing.schema {
        run(&mut tx, format!("SET LOCAL ROLE {owner}")).await?;
        run(&mut tx, format!("DROP SCHEMA {name} CASCADE")).await?;
        run(&mut tx, "RESET ROLE".to_owned()).await?;
    }
    if standing.role {
        run(&mut tx, format!("DROP ROLE {name}")).await?;
    }
    tx.commit().await.map_err(Problem::unavailable)
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
    migrate::bring_up(&mut connection, &SchoolName::of(school).to_string(), Some(&owner), SCHOOL).await
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
