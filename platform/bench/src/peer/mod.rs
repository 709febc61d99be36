//! The peer: the same SQL without the product. What an operation asks of PostgreSQL is recorded from
//! PostgreSQL's own log while the operation runs once, and then sent again and again by pgbench, or where
//! it cannot be had by a loop of this program, by as many clients for as long. Recorded, so that it stays
//! what the operation does; on the same database and in the same run, so that a slow machine slows both.

mod bare;
mod pgbench;
mod recorder;
mod script;

use std::time::Duration;

use anyhow::{Context, Result};
use kd_ctx::House;
use kd_store::{Address, sql};
use sea_orm::FromQueryResult;
use sqlx::postgres::PgConnectOptions;

pub use recorder::{Entry, Recorder, Transaction};
pub use script::{Script, inlined};

/// How often a second a peer did the work, and who it was.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Times a second.
    pub rps: f64,
    /// The peer.
    pub name: &'static str,
}

/// The cell's database, for those who ask it without the product.
#[derive(Debug, Clone)]
pub struct Cell {
    address: Address,
    pgbench: Option<std::path::PathBuf>,
}

impl Cell {
    /// The one cell of the product that is measured.
    pub async fn find(house: &House, without_pgbench: bool) -> Result<Self> {
        #[derive(FromQueryResult)]
        struct Row {
            host: String,
            port: i32,
            database: String,
        }
        let row: Option<Row> =
            sql::one(house.store.platform(), "SELECT host, port, database FROM platform.cell", []).await?;
        let row = row.context("the registry knows no cell")?;
        let address = Address { host: row.host, port: u16::try_from(row.port)?, database: row.database };
        let pgbench = if without_pgbench { None } else { pgbench::program() };
        Ok(Self { address, pgbench })
    }

    /// Its database's name, as PostgreSQL's log tells it.
    pub fn database(&self) -> &str {
        &self.address.database
    }

    /// How the application signs in.
    fn application(&self) -> Result<PgConnectOptions> {
        Ok(self.address.options("kd_app", &password("KUNDELIK_APP_PASSWORD")?))
    }

    /// How the provisioner signs in.
    pub fn provisioner(&self) -> Result<PgConnectOptions> {
        Ok(self.address.options("kd_provisioner", &password("KUNDELIK_PROVISIONER_PASSWORD")?))
    }

    /// How often a second these scripts run through, each sent for so long by a client of its own.
    pub async fn run(&self, scripts: &[Script], time: Duration) -> Result<Figure> {
        match &self.pgbench {
            Some(program) => {
                let server = (&self.address, password("KUNDELIK_APP_PASSWORD")?);
                Ok(Figure { rps: pgbench::run(program, server, scripts, time).await?, name: "pgbench" })
            }
            None => Ok(Figure { rps: bare::run(&self.application()?, scripts, time).await?, name: "bare loop" }),
        }
    }
}

fn password(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set"))
}
