//! Pools. One for the platform's database; for each cell a few small ones, the lanes: a school always
//! uses its lane, so that a connection meets few schools (each that it has met costs it memory).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kd_kernel::{Problem, Result, SchoolId};
use sea_orm::SqlxPostgresConnector;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use uuid::Uuid;

use crate::{Mode, Platform, SchoolTx, sql};

/// The passwords of the three logins. Cells refer to them by the prefix of an environment variable;
/// they never stand in a table.
#[derive(Clone)]
pub struct Logins {
    /// `kd_app`: serves requests; owns nothing.
    pub app: String,
    /// `kd_provisioner`: makes and drops schools.
    pub provisioner: String,
    /// `kd_migrator`: owns the platform's and the cells' own tables.
    pub migrator: String,
}

impl std::fmt::Debug for Logins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Logins(…)")
    }
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Database.
    pub database: String,
}

impl Address {
    /// Options for a login at this address.
    #[must_use]
    pub fn options(&self, login: &str, password: &str) -> PgConnectOptions {
        PgConnectOptions::new()
            .host(&self.host)
            .port(self.port)
            .database(&self.database)
            .username(login)
            .password(password)
            .ssl_mode(PgSslMode::Prefer)
            .application_name("kundelik")
            .statement_cache_capacity(256)
            .options([("statement_timeout", "15s"), ("idle_in_transaction_session_timeout", "60s")])
    }
}

/// Which school, and in which cell it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SchoolRef {
    /// The school.
    pub id: SchoolId,
    /// Its cell.
    pub cell: Uuid,
}

struct Cell {
    address: Address,
    lanes: Vec<PgPool>,
}

/// All databases. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    platform: Platform,
    logins: Logins,
    cells: Arc<Mutex<HashMap<Uuid, Arc<Cell>>>>,
    lanes: usize,
    lane_connections: u32,
}

impl Store {
    /// Opens the platform's pool; cells open when a school of theirs is first asked for.
    #[must_use]
    pub fn open(address: &Address, logins: Logins, connections: u32, lanes: usize) -> Self {
        let options = address.options("kd_app", &logins.app).options([("search_path", "platform")]);
        let pool = pool(connections).connect_lazy_with(options);
        Self {
            platform: SqlxPostgresConnector::from_sqlx_postgres_pool(pool),
            logins,
            cells: Arc::default(),
            lanes: lanes.max(1),
            lane_connections: connections.clamp(1, 8),
        }
    }

    /// The platform's database.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Begins a school transaction: role and path are set for it alone.
    ///
    /// # Errors
    /// 503 when the cell does not answer.
    pub async fn begin(&self, school: SchoolRef, mode: Mode) -> Result<SchoolTx> {
        let cell = self.cell(school.cell).await?;
        let mut hasher = DefaultHasher::new();
        school.id.hash(&mut hasher);
        let count = u64::try_from(cell.lanes.len()).unwrap_or(1).max(1);
        let lane = usize::try_from(hasher.finish() % count).unwrap_or(0);
        let pool = cell.lanes.get(lane).ok_or_else(|| Problem::unavailable("a cell without lanes"))?;
        SchoolTx::begin(pool, school.id, mode).await
    }

    /// A connection with the provisioner's login to a cell.
    ///
    /// # Errors
    /// 503 when the cell does not answer.
    pub async fn provisioner(&self, cell: Uuid) -> Result<sqlx::PgConnection> {
        self.connect(cell, "kd_provisioner", &self.logins.provisioner.clone()).await
    }

    /// A connection with the migrator's login to a cell.
    ///
    /// # Errors
    /// 503 when the cell does not answer.
    pub async fn migrator(&self, cell: Uuid) -> Result<sqlx::PgConnection> {
        self.connect(cell, "kd_migrator", &self.logins.migrator.clone()).await
    }

    /// The application's own login on a cell, for the cell's queue of jobs: without a school's role it
    /// sees no school.
    ///
    /// # Errors
    /// 503 when the cell does not answer.
    pub async fn cell_queue(&self, cell: Uuid) -> Result<Platform> {
        let cell = self.cell(cell).await?;
        let pool = cell.lanes.first().cloned().ok_or_else(|| Problem::unavailable("a cell without lanes"))?;
        Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
    }

    async fn connect(&self, cell: Uuid, login: &str, password: &str) -> Result<sqlx::PgConnection> {
        use sqlx::ConnectOptions as _;
        let cell = self.cell(cell).await?;
        cell.address.options(login, password).connect().await.map_err(Problem::unavailable)
    }

    async fn cell(&self, id: Uuid) -> Result<Arc<Cell>> {
        if let Some(cell) = self.cells.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(Arc::clone(cell));
        }
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            host: String,
            port: i32,
            database: String,
        }
        let row: Row =
            sql::one(&self.platform, "SELECT host, port, database FROM platform.cell WHERE id = $1", [id.into()])
                .await?
                .ok_or_else(|| Problem::unavailable("a school in an unknown cell"))?;
        let address = Address { host: row.host, port: u16::try_from(row.port).unwrap_or(5432), database: row.database };
        let options = address.options("kd_app", &self.logins.app).options([("search_path", "")]);
        let lanes = (0..self.lanes).map(|_| pool(self.lane_connections).connect_lazy_with(options.clone())).collect();
        let cell = Arc::new(Cell { address, lanes });
        self.cells.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&cell));
        Ok(cell)
    }
}

fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(Duration::from_secs(3))
        .idle_timeout(Duration::from_secs(300))
        .max_lifetime(Duration::from_secs(25 * 60))
}
