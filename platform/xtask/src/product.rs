//! The product's own processes: the binary built, its databases prepared, `serve` and `work` running.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};

use crate::{
    http, paths,
    ports::Ports,
    process::{Program, Running},
    say::Step,
    services::Addresses,
    settings::{self, Settings},
    state::State,
};

/// The binary, its settings and where its logs go.
#[derive(Debug)]
pub struct Product {
    /// The binary `kundelik`.
    pub binary: PathBuf,
    /// What `serve` and `work` read.
    pub settings: Settings,
    /// PostgreSQL's superuser.
    pub admin_url: String,
    /// The folder of the logs.
    pub logs: PathBuf,
    /// Where `serve` listens.
    pub doors: Doors,
}

/// The ports on which the product listens.
#[derive(Debug, Clone, Copy)]
pub struct Doors {
    /// The schools' pages and the site.
    pub portal: u16,
    /// The operators' pages.
    pub console: u16,
    /// Health of `serve`.
    pub serve_ops: u16,
    /// Health of `work`.
    pub work_ops: u16,
}

impl Doors {
    /// Free ports; the portal and the console would like these two.
    pub fn take(state: &mut State, portal: u16, console: u16) -> Result<Self> {
        let mut ports = Ports::new(state);
        Ok(Self {
            portal: ports.wished("portal", portal)?,
            console: ports.wished("console", console)?,
            serve_ops: ports.any("serve-ops")?,
            work_ops: ports.any("work-ops")?,
        })
    }

    /// The portal's address as a browser writes it.
    pub fn portal_url(self) -> String {
        format!("http://portal.localhost:{}", self.portal)
    }

    /// The console's address as a browser writes it.
    pub fn console_url(self) -> String {
        format!("http://console.localhost:{}", self.console)
    }

    fn settings(self) -> Settings {
        let here = |port: u16| format!("127.0.0.1:{port}");
        [
            ("KUNDELIK_PORTAL_LISTEN", here(self.portal)),
            ("KUNDELIK_CONSOLE_LISTEN", here(self.console)),
            ("KUNDELIK_PORTAL_URL", self.portal_url()),
            ("KUNDELIK_CONSOLE_URL", self.console_url()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// Builds the binary. The whole workspace is named, so that shared dependencies are built once for all.
pub fn build(repo: &Path) -> Result<PathBuf> {
    let step = Step::begin("build the server");
    Program::new("cargo build", "cargo")
        .args(["build", "--workspace", "--bin", "kundelik"])
        .within(repo)
        .log(repo.join("target/build.log"))
        .run_telling()?;
    step.done("");
    Ok(paths::built(repo).join("debug/kundelik"))
}

impl Product {
    /// The product on these services, with its databases under `prefix`.
    pub fn new(binary: PathBuf, addresses: &Addresses, state: &mut State, place: Place<'_>) -> Result<Self> {
        let mut settings = settings::secrets(state)?;
        let app = settings
            .iter()
            .find(|(name, _)| name == "KUNDELIK_APP_PASSWORD")
            .context("no password of the application")?;
        let database = as_application(&addresses.postgres, &app.1, place.prefix)
            .context("DATABASE_URL is no postgres://user:password@host:port/database")?;
        settings.push(("DATABASE_URL".to_owned(), database));
        settings.push(("KUNDELIK_DB_PREFIX".to_owned(), place.prefix.to_owned()));
        settings.extend(settings::addresses(addresses));
        settings.extend(place.doors.settings());
        // No balancer has to turn away first.
        settings.push(("KUNDELIK_DRAIN_SECONDS".to_owned(), "0".to_owned()));
        Ok(Self {
            binary,
            settings,
            admin_url: addresses.postgres.clone(),
            logs: place.logs.to_path_buf(),
            doors: place.doors,
        })
    }

    /// Logins, databases, extensions, migrations; does nothing that is done.
    pub fn prepare(&self) -> Result<()> {
        let step = Step::begin("prepare the databases");
        self.command("prepare", "prepare.log").args(["prepare", "--admin-url", &self.admin_url]).run()?;
        step.done("");
        Ok(())
    }

    /// A command of the binary with the product's settings, writing to this log.
    pub fn command(&self, name: &str, log: &str) -> Program {
        Program::new(name, &self.binary)
            .settings(&self.settings)
            .set("KUNDELIK_OPS_LISTEN", "127.0.0.1:0")
            .log(self.logs.join(log))
    }

    /// Starts `serve` and waits until it is ready.
    pub fn serve(&self) -> Result<Running> {
        let step = Step::begin("start serve");
        let ops = self.doors.serve_ops;
        let mut running = self.process("serve", ops)?;
        running.until(Duration::from_secs(60), || http::status(ops, "/readyz") == Some(200))?;
        step.done(self.doors.portal_url());
        Ok(running)
    }

    /// Starts `work` and waits until it is ready.
    pub fn work(&self) -> Result<Running> {
        let step = Step::begin("start work");
        let ops = self.doors.work_ops;
        let mut running = self.process("work", ops)?;
        running.until(Duration::from_secs(60), || http::status(ops, "/readyz") == Some(200))?;
        step.done("");
        Ok(running)
    }

    fn process(&self, name: &str, ops: u16) -> Result<Running> {
        Program::new(name, &self.binary)
            .args([name])
            .settings(&self.settings)
            .set("KUNDELIK_OPS_LISTEN", format!("127.0.0.1:{ops}"))
            .log(self.logs.join(format!("{name}.log")))
            .start()
    }
}

/// Where one instance of the product lives.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// How its databases' names begin.
    pub prefix: &'a str,
    /// The folder of its logs.
    pub logs: &'a Path,
    /// Its ports.
    pub doors: Doors,
}

/// The superuser's address turned into the application's on the platform's database.
fn as_application(admin: &str, password: &str, prefix: &str) -> Option<String> {
    let (_, rest) = admin.split_once("://")?;
    let (address, options) = match rest.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (rest, String::new()),
    };
    let host = address.rsplit_once('@').map_or(address, |(_, host)| host);
    let host = host.split_once('/').map_or(host, |(host, _)| host);
    (!host.is_empty()).then(|| format!("postgres://kd_app:{password}@{host}/{prefix}_platform{options}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_applications_address_keeps_host_port_and_options() {
        let made = as_application("postgres://boss:p%40w@db:5433/postgres?sslmode=require", "pw", "kundelik");
        let right = "postgres://kd_app:pw@db:5433/kundelik_platform?sslmode=require";
        assert_eq!(made.as_deref(), Some(right));
        let bare = as_application("postgresql://localhost", "pw", "e2e");
        assert_eq!(bare.as_deref(), Some("postgres://kd_app:pw@localhost/e2e_platform"));
        assert_eq!(as_application("nonsense", "pw", "e2e"), None);
    }
}
