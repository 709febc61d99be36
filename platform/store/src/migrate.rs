//! Runs lineages of migrations. Each script and its line in the ledger are one transaction, under an
//! advisory lock of the lineage's schema, so that two runners do not meet.

use kd_kernel::{Problem, Result};
use kd_migrations::Migration;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

/// Brings a schema to the newest migration. The connection must be allowed to create in it. Returns how
/// many scripts ran.
///
/// # Errors
/// 500 with PostgreSQL's words in the log; the schema is then as before.
pub async fn bring_up(db: &mut PgConnection, schema: &str, lineage: &[Migration]) -> Result<usize> {
    let mut tx = db.begin().await.map_err(Problem::internal)?;
    let ran = in_transaction(&mut tx, schema, lineage).await?;
    tx.commit().await.map_err(Problem::internal)?;
    Ok(ran)
}

/// As [`bring_up`], inside a transaction that is already open with the right role.
///
/// # Errors
/// 500 with PostgreSQL's words in the log.
pub async fn in_transaction(tx: &mut PgConnection, schema: &str, lineage: &[Migration]) -> Result<usize> {
    run(tx, "SET LOCAL lock_timeout = '2s'".to_owned()).await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(schema)
        .execute(&mut *tx)
        .await
        .map_err(Problem::internal)?;
    run(tx, format!("SET LOCAL search_path TO {schema}, ext")).await?;
    run(
        tx,
        format!(
            "CREATE TABLE IF NOT EXISTS {schema}.ledger (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
        ),
    )
    .await?;
    let rows =
        tx.fetch_all(AssertSqlSafe(format!("SELECT name FROM {schema}.ledger"))).await.map_err(Problem::internal)?;
    let done: Vec<String> = rows.iter().filter_map(|r| r.try_get(0).ok()).collect();
    let mut ran = 0;
    for migration in lineage.iter().filter(|m| !done.iter().any(|d| d == m.name)) {
        run(tx, migration.sql.to_owned()).await?;
        sqlx::query(AssertSqlSafe(format!("INSERT INTO {schema}.ledger (name) VALUES ($1)")))
            .bind(migration.name)
            .execute(&mut *tx)
            .await
            .map_err(Problem::internal)?;
        ran += 1;
    }
    Ok(ran)
}

pub(crate) async fn run(db: &mut PgConnection, sql: String) -> Result<()> {
    db.execute(AssertSqlSafe(sql)).await.map(|_| ()).map_err(Problem::internal)
}
