//! A world: a house of its own for one test. The databases are clones of a template that the first test
//! of a run migrates; connections use the logins of production.

use std::sync::Arc;
use std::time::Duration;

use kd_access::Access;
use kd_blobs::{BlobSettings, Blobs, Seal};
use kd_cache::Cache;
use kd_ctx::{House, Settings};
use kd_kernel::{Chance, Clock};
use kd_mail::Mailer;
use kd_store::{Address, Logins, Store, bootstrap};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use uuid::Uuid;

/// The cell that every world registers.
pub const CELL: Uuid = Uuid::from_u128(0xce11);

/// A setting that `cargo xtask test` (or `services`) provides.
///
/// # Panics
/// When it is missing: a test never runs without its services.
#[must_use]
pub fn env(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run tests by `make test`, or start `cargo xtask services`"))
}

/// The passwords of the three logins of this run.
#[must_use]
pub fn logins() -> Logins {
    Logins {
        app: env("KUNDELIK_APP_PASSWORD"),
        provisioner: env("KUNDELIK_PROVISIONER_PASSWORD"),
        migrator: env("KUNDELIK_MIGRATOR_PASSWORD"),
    }
}

/// A house of its own for one test.
#[derive(Clone)]
pub struct World {
    /// The house.
    pub house: Arc<House>,
    /// Its clock, which a test may move.
    pub clock: Clock,
    /// The platform's database.
    pub platform: Address,
    /// The cell's database.
    pub cell: Address,
    /// The superuser, for looking from outside.
    pub admin: PgConnectOptions,
}

impl World {
    /// A fresh world whose clock runs.
    pub async fn open() -> Self {
        Self::with_clock(Clock::shifted()).await
    }

    /// A fresh world with a clock of the test's.
    pub async fn with_clock(clock: Clock) -> Self {
        let admin: PgConnectOptions = env("TEST_PG_ADMIN_URL").parse().expect("TEST_PG_ADMIN_URL");
        let (platform, cell) = databases(&admin).await;
        let house = House {
            store: Store::open(&platform, logins(), 4, 1),
            access: Arc::new(Access::load().await.expect("policies")),
            cache: Cache::open(&env("REDIS_URL")),
            blobs: Blobs::open(&blob_settings()),
            mailer: Mailer::open(&env("SMTP_URL"), "Kundelik <no-reply@kundelik.example>").expect("SMTP_URL"),
            seal: Seal::of_hex(&env("KUNDELIK_SECRET_KEY")).expect("KUNDELIK_SECRET_KEY"),
            clock: clock.clone(),
            chance: Chance::system(),
            settings: Arc::new(settings()),
        };
        Self { house: Arc::new(house), clock, platform, cell, admin }
    }

    /// The same world with another house: another Redis, other settings.
    #[must_use]
    pub fn with_house(&self, change: impl FnOnce(&mut House)) -> Self {
        let mut house = House::clone(&self.house);
        change(&mut house);
        Self { house: Arc::new(house), ..self.clone() }
    }

    /// A superuser's connection to the platform's database, for looking from outside.
    pub async fn look_platform(&self) -> PgConnection {
        self.admin.clone().database(&self.platform.database).connect().await.expect("platform")
    }

    /// A superuser's connection to the cell's database.
    pub async fn look_cell(&self) -> PgConnection {
        self.admin.clone().database(&self.cell.database).connect().await.expect("cell")
    }
}

/// The S3 settings of this run.
#[must_use]
pub fn blob_settings() -> BlobSettings {
    BlobSettings {
        endpoint: env("S3_ENDPOINT"),
        bucket: env("S3_BUCKET"),
        access_key: env("S3_ACCESS_KEY"),
        secret_key: env("S3_SECRET_KEY"),
        region: env("S3_REGION"),
    }
}

/// Settings with short waits.
#[must_use]
pub fn settings() -> Settings {
    Settings {
        portal_url: "http://portal.localhost:8080".to_owned(),
        console_url: "http://console.localhost:8081".to_owned(),
        lease: Duration::from_secs(2),
        retry: Duration::from_millis(50),
        poll: Duration::from_millis(50),
        provider: serde_json::from_str(include_str!("provider.json")).expect("provider.json"),
        fault: None,
    }
}

async fn databases(admin: &PgConnectOptions) -> (Address, Address) {
    let mut db = admin.connect().await.expect("PostgreSQL of the tests");
    // One test of a run makes the template; the others wait for it here.
    db.execute("SELECT pg_advisory_lock(726002)").await.unwrap();
    bootstrap::prepare(admin, "template", &logins(), CELL).await.expect("template");
    let name = format!("w_{}", Uuid::from_bytes(Chance::system().bytes::<16>()).simple());
    let at = |database: String| Address { host: admin.get_host().to_owned(), port: admin.get_port(), database };
    let (platform, cell) = (at(format!("{name}_platform")), at(format!("{name}_cell1")));
    for (database, template) in [(&platform.database, "template_platform"), (&cell.database, "template_cell1")] {
        clone(&mut db, database, template).await;
    }
    bootstrap::grants(&mut db, &platform.database, &cell.database).await.expect("grants");
    db.execute("SELECT pg_advisory_unlock(726002)").await.unwrap();
    bootstrap::register(&platform, &cell, &logins(), CELL).await.expect("cell");
    (platform, cell)
}

async fn clone(db: &mut PgConnection, database: &str, template: &str) {
    let sql = format!("CREATE DATABASE {database} OWNER kd_migrator TEMPLATE {template} STRATEGY file_copy");
    for _ in 0..100 {
        match db.execute(AssertSqlSafe(sql.clone())).await {
            Ok(_) => return,
            // Somebody who migrated the template is still on the way out.
            Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("55006") => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => panic!("a database could not be cloned: {error}"),
        }
    }
    panic!("the template stayed in use");
}
