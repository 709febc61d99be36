//! Prepares a PostgreSQL server for the product: logins, the platform's database, one cell. Needs a
//! superuser, is done once, and is safe to do again.

use kd_kernel::{Problem, Result};
use kd_migrations::{CELL, PLATFORM};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row};
use uuid::Uuid;

use crate::lanes::{Address, Logins};
use crate::migrate::{bring_up, run};
use crate::names::CellName;

/// The oldest PostgreSQL that the product runs on, as `server_version_num` / 10000.
pub const OLDEST: i32 = 17;

/// Where everything is after [`prepare`].
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The platform's database.
    pub platform: Address,
    /// The first cell's database.
    pub cell: Address,
}

/// Makes logins and databases as far as they are missing, migrates the platform's and the cell's own
/// lineage, and registers the cell under `cell_id`. `prefix` names the databases.
///
/// # Errors
/// 503 when the server does not answer or is too old.
pub async fn prepare(admin: &PgConnectOptions, prefix: &str, logins: &Logins, cell_id: Uuid) -> Result<Prepared> {
    if prefix.is_empty() || !prefix.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Err(Problem::internal("a database prefix is made of a-z, 0-9 and _"));
    }
    let cell_name = CellName::parse("cell1").ok_or_else(|| Problem::internal("cell name"))?;
    let mut db = admin.connect().await.map_err(Problem::unavailable)?;
    check_version(&mut db).await?;
    roles(&mut db, logins, &cell_name).await?;
    let at = |database: String| Address { host: admin.get_host().to_owned(), port: admin.get_port(), database };
    let (platform, cell) = (at(format!("{prefix}_platform")), at(format!("{prefix}_cell1")));
    for address in [&platform, &cell] {
        database(&mut db, &address.database).await?;
    }
    grants(&mut db, &platform.database, &cell.database).await?;
    inside(admin, &platform, "platform", None).await?;
    inside(admin, &cell, "cell", Some(&cell_name)).await?;
    migrate(&platform, &cell, logins).await?;
    register(&platform, &cell, logins, cell_id).await?;
    Ok(Prepared { platform, cell })
}

/// Runs the platform's and the cell's own lineages with the migrator's login.
///
/// # Errors
/// 503 when a database does not answer, 500 when a script fails.
pub async fn migrate(platform: &Address, cell: &Address, logins: &Logins) -> Result<()> {
    for (address, schema, lineage) in [(platform, "platform", PLATFORM), (cell, "cell", CELL)] {
        let mut db = address.options("kd_migrator", &logins.migrator).connect().await.map_err(Problem::unavailable)?;
        bring_up(&mut db, schema, lineage).await?;
    }
    Ok(())
}

/// The rights on databases themselves, which a copy made from a template does not inherit.
///
/// # Errors
/// 500 with the cause in the log.
pub async fn grants(db: &mut PgConnection, platform: &str, cell: &str) -> Result<()> {
    for name in [platform, cell] {
        run(db, format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC")).await?;
        run(db, format!("GRANT CONNECT ON DATABASE {name} TO kd_app, kd_provisioner, kd_migrator")).await?;
    }
    run(db, format!("GRANT CREATE ON DATABASE {cell} TO kd_provisioner")).await
}

/// Writes where the cell is into the registry.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn register(platform: &Address, cell: &Address, logins: &Logins, cell_id: Uuid) -> Result<()> {
    let mut db = platform.options("kd_migrator", &logins.migrator).connect().await.map_err(Problem::unavailable)?;
    sqlx::query(
        "INSERT INTO platform.cell (id, name, host, port, database, secret_ref) VALUES ($1, 'cell1', $2, $3, $4, 'KUNDELIK') \
         ON CONFLICT (name) DO UPDATE SET host = EXCLUDED.host, port = EXCLUDED.port, database = EXCLUDED.database",
    )
    .bind(cell_id)
    .bind(&cell.host)
    .bind(i32::from(cell.port))
    .bind(&cell.database)
    .execute(&mut db)
    .await
    .map_err(Problem::unavailable)?;
    Ok(())
}

/// Refuses a server that is too old.
///
/// # Errors
/// 503 `unavailable` with the versions in the log.
pub async fn check_version(db: &mut PgConnection) -> Result<()> {
    let row = db.fetch_one("SELECT current_setting('server_version_num')::int4").await.map_err(Problem::unavailable)?;
    let version: i32 = row.try_get(0).map_err(Problem::internal)?;
    if version / 10_000 < OLDEST {
        return Err(Problem::unavailable(format!(
            "PostgreSQL {} is too old: {OLDEST} or newer is needed",
            version / 10_000
        )));
    }
    Ok(())
}

async fn roles(db: &mut PgConnection, logins: &Logins, cell: &CellName) -> Result<()> {
    // Several programs may prepare one server at once, as tests do.
    run(db, "SELECT pg_advisory_lock(726001)".to_owned()).await?;
    for (role, attributes) in [
        ("kd_app", "LOGIN NOINHERIT"),
        ("kd_provisioner", "LOGIN NOINHERIT CREATEROLE"),
        ("kd_migrator", "LOGIN NOINHERIT"),
        ("kd_school", "NOLOGIN"),
        (cell.owner().as_str(), "NOLOGIN"),
    ] {
        let there = db
            .fetch_optional(AssertSqlSafe(format!("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = '{role}'")))
            .await
            .map_err(Problem::internal)?;
        if there.is_none() {
            run(db, format!("CREATE ROLE {role} {attributes}")).await?;
        }
    }
    for (role, password) in
        [("kd_app", &logins.app), ("kd_provisioner", &logins.provisioner), ("kd_migrator", &logins.migrator)]
    {
        if password.contains('\'') || password.contains('\\') {
            return Err(Problem::internal("a password of a login may not hold quotes or backslashes"));
        }
        run(db, format!("ALTER ROLE {role} PASSWORD '{password}'")).await?;
    }
    run(db, "GRANT kd_school TO kd_provisioner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE".to_owned()).await?;
    for login in ["kd_provisioner", "kd_migrator"] {
        run(db, format!("GRANT {} TO {login} WITH INHERIT FALSE, SET TRUE", cell.owner())).await?;
    }
    run(db, "SELECT pg_advisory_unlock(726001)".to_owned()).await
}

async fn database(db: &mut PgConnection, name: &str) -> Result<()> {
    let there = db
        .fetch_optional(AssertSqlSafe(format!("SELECT 1 FROM pg_catalog.pg_database WHERE datname = '{name}'")))
        .await
        .map_err(Problem::internal)?;
    if there.is_none() {
        run(db, format!("CREATE DATABASE {name} OWNER kd_migrator TEMPLATE template0 ENCODING 'UTF8'")).await?;
    }
    Ok(())
}

async fn inside(admin: &PgConnectOptions, address: &Address, schema: &str, cell: Option<&CellName>) -> Result<()> {
    let mut db = admin.clone().database(&address.database).connect().await.map_err(Problem::unavailable)?;
    run(&mut db, "REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned()).await?;
    // One statement could otherwise change the role inside a school transaction (S09).
    run(&mut db, "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC".to_owned())
        .await?;
    // So could an anonymous block, or a function of one's own.
    run(&mut db, "REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC".to_owned()).await?;
    run(&mut db, "GRANT USAGE ON LANGUAGE plpgsql, sql TO kd_migrator".to_owned()).await?;
    run(&mut db, format!("CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION kd_migrator")).await?;
    run(&mut db, "CREATE SCHEMA IF NOT EXISTS ext".to_owned()).await?;
    if let Some(cell) = cell {
        for extension in ["pg_trgm", "btree_gist"] {
            run(&mut db, format!("CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA ext")).await?;
        }
        run(
            &mut db,
            format!("GRANT USAGE ON SCHEMA ext TO kd_school, kd_app, kd_migrator, kd_provisioner, {}", cell.owner()),
        )
        .await?;
    }
    Ok(())
}
