//! `prepare` and `migrate`: the databases, before anything is served from them.

use anyhow::{Context, Result, bail};
use kd_store::{Address, Store, bootstrap, sql};
use sea_orm::FromQueryResult;
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use crate::settings::Env;

/// The identity of the first cell; the registry keeps the one that it has.
const FIRST_CELL: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

/// Logins, databases, extensions, rights and migrations, as far as they are missing.
pub(crate) async fn prepare(env: &Env, admin_url: &str) -> Result<()> {
    let admin: PgConnectOptions = admin_url
        .parse()
        .map_err(|_| anyhow::anyhow!("--admin-url must be postgres://superuser@host:port/postgres"))?;
    let mut tried = 0;
    let prepared = loop {
        match bootstrap::prepare(&admin, &env.prefix(), &env.logins()?, FIRST_CELL).await {
            Ok(prepared) => break prepared,
            // Roles belong to the whole server: another program that prepares its own databases there may
            // be at the same row.
            Err(problem) if tried < 5 && concurrent(&problem) => tried += 1,
            Err(problem) => return Err(problem).context("PostgreSQL could not be prepared"),
        }
    };
    tracing::info!(platform = prepared.platform.database, cell = prepared.cell.database, "prepared");
    Ok(())
}

fn concurrent(problem: &kd_kernel::Problem) -> bool {
    std::error::Error::source(problem).is_some_and(|cause| cause.to_string().contains("tuple concurrently updated"))
}

#[derive(FromQueryResult)]
struct Cell {
    host: String,
    port: i32,
    database: String,
}

/// The platform's lineage and every cell's own; schools are brought up by the worker.
pub(crate) async fn migrate(env: &Env) -> Result<()> {
    let (platform, logins) = (env.platform()?, env.logins()?);
    let store = Store::open(&platform, logins.clone(), 1, 1);
    let cells: Vec<Cell> = sql::all(store.platform(), "SELECT host, port, database FROM platform.cell", [])
        .await
        .context("the registry of cells cannot be read")?;
    if cells.is_empty() {
        bail!("no cell is registered: run `kundelik prepare` first");
    }
    for cell in cells {
        let port = u16::try_from(cell.port).context("a cell with a bad port")?;
        let cell = Address { host: cell.host, port, database: cell.database };
        bootstrap::migrate(&platform, &cell, &logins).await.context("a migration failed")?;
        tracing::info!(cell = cell.database, "migrated");
    }
    Ok(())
}
