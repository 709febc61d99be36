//! The house, built from the environment.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use kd_access::Access;
use kd_blobs::Blobs;
use kd_cache::Cache;
use kd_ctx::House;
use kd_kernel::{Chance, Clock};
use kd_mail::Mailer;
use kd_store::{Store, bootstrap, sql};

use crate::settings::Env;

/// Connections of one process to the platform's database, and lanes to a cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Breadth {
    /// Connections to the platform; a lane has at most eight.
    pub(crate) connections: u32,
    /// Lanes to each cell.
    pub(crate) lanes: usize,
}

impl Breadth {
    /// For serving.
    pub(crate) const SERVE: Self = Self { connections: 8, lanes: 2 };
    /// For working, and for commands.
    pub(crate) const WORK: Self = Self { connections: 4, lanes: 1 };
}

/// Builds the house for a command; connects to nothing yet.
///
/// # Errors
/// The setting that is missing or wrong, by its name.
pub async fn open(env: &Env) -> Result<Arc<House>> {
    build(env, Breadth::WORK).await
}

pub(crate) async fn build(env: &Env, breadth: Breadth) -> Result<Arc<House>> {
    let (smtp, from) = env.mail()?;
    let settings = env.settings()?;
    if let Some(fault) = &settings.fault {
        tracing::warn!(fault, "a fault is asked for: this is a test");
    }
    let house = House {
        store: Store::open(&env.platform()?, env.logins()?, breadth.connections, breadth.lanes),
        access: Arc::new(Access::load().await.context("the policies cannot be used")?),
        cache: Cache::open(&env.redis()?),
        blobs: Blobs::open(&env.blobs()?),
        // The mailer's own words repeat the address, which may hold a password.
        mailer: Mailer::open(&smtp, &from)
            .map_err(|_| anyhow::anyhow!("SMTP_URL or KUNDELIK_MAIL_FROM cannot be used"))?,
        seal: env.secret_key()?,
        clock: Clock::system(),
        chance: Chance::system(),
        settings: Arc::new(settings),
    };
    Ok(Arc::new(house))
}

/// Refuses a PostgreSQL that is too old. `Ok(false)` while it does not answer.
pub(crate) async fn check_version(house: &House) -> Result<bool> {
    let version: Result<i32, _> =
        sql::scalar(house.store.platform(), "SELECT current_setting('server_version_num')::int4", []).await;
    match version.map(|v| v / 10_000) {
        Ok(version) if version < bootstrap::OLDEST => {
            bail!("PostgreSQL {version} is too old: {} or newer is needed", bootstrap::OLDEST)
        }
        Ok(_) => Ok(true),
        Err(problem) => {
            let cause = std::error::Error::source(&problem).map(ToString::to_string);
            tracing::warn!(cause, "PostgreSQL does not answer yet");
            Ok(false)
        }
    }
}
