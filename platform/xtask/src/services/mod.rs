//! The services that Kundelik stands on, for a demo or for tests: started on 127.0.0.1, on ports of
//! their own, and ended with the value that holds them. A service whose address is given in the
//! environment is used instead and never touched.

use std::{env, path::PathBuf};

use anyhow::{Context, Result};

use crate::{ports::Ports, process::Running, state::State};

pub mod chromium;
mod mail;
mod postgres;
mod redis;
mod s3;

/// How durable the services are, and where they keep what they keep.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Data that outlives the start, or not.
    pub kind: Kind,
    /// The folder of PostgreSQL's data.
    pub database: PathBuf,
    /// The folder of all other data.
    pub data: PathBuf,
    /// The folder of the logs.
    pub logs: PathBuf,
    /// The wished port of the mail catcher's page.
    pub mail_port: Option<u16>,
}

/// What the services are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Data are kept from one start to the next, and written down safely.
    Demo,
    /// Data are fresh and need to survive nothing.
    Test,
    /// Data are fresh and written down safely; PostgreSQL is our own in any case, for the figures of one
    /// whose settings and whose other guests are unknown mean nothing.
    Measure,
}

/// Where S3 is, and who may write there.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// The base address, path style.
    pub endpoint: String,
    /// The bucket.
    pub name: String,
    /// The access key.
    pub access_key: String,
    /// The secret key.
    pub secret_key: String,
    /// The region.
    pub region: String,
}

/// The addresses of all services.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// PostgreSQL's superuser, with password: `postgres://…/postgres`.
    pub postgres: String,
    /// `redis://host:port`.
    pub redis: String,
    /// S3.
    pub s3: Bucket,
    /// `smtp://host:port`.
    pub smtp: String,
    /// The page of the mail catcher; nothing when letters leave by a given SMTP server.
    pub mail: Option<String>,
}

/// Running services. Dropping it ends them, all at the same time.
#[derive(Debug)]
pub struct Services {
    /// Where they are.
    pub addresses: Addresses,
    running: Vec<Running>,
}

impl Services {
    /// Brings what is missing, starts what is not given, and waits until all answer.
    pub fn start(profile: &Profile, state: &mut State) -> Result<Self> {
        let mut services = Self { addresses: Addresses::given()?, running: Vec::new() };
        if profile.kind == Kind::Measure {
            services.addresses.postgres.clear();
        }
        services.addresses.fetch()?;
        let secrets = Secrets::of(state)?;
        let mut ports = Ports::new(state);
        let here = &mut services.addresses;
        let mut waiting: Vec<(Running, Ready)> = Vec::new();
        if here.postgres.is_empty() {
            let port = ports.any("postgres")?;
            waiting.push(postgres::start(profile, port, &secrets.postgres)?);
            here.postgres = format!("postgres://postgres:{}@127.0.0.1:{port}/postgres", secrets.postgres);
        }
        if here.redis.is_empty() {
            let port = ports.any("redis")?;
            waiting.push(redis::start(profile, port)?);
            here.redis = format!("redis://127.0.0.1:{port}");
        }
        if here.s3.endpoint.is_empty() {
            let block = s3::Block::take(&mut ports)?;
            here.s3 = s3::bucket(&block, &secrets);
            waiting.push(s3::start(profile, &block, &here.s3)?);
        }
        if here.smtp.is_empty() {
            let smtp = ports.any("smtp")?;
            let page = match profile.mail_port {
                Some(wish) => ports.wished("mail", wish)?,
                None => ports.any("mail")?,
            };
            waiting.push(mail::start(profile, smtp, page)?);
            here.smtp = format!("smtp://127.0.0.1:{smtp}");
            here.mail = Some(format!("http://127.0.0.1:{page}"));
        }
        for (running, ready) in waiting {
            // Into the guard first, so that a failure ends this one too.
            services.running.push(running);
            if let Some(last) = services.running.last_mut() {
                ready(last)?;
            }
        }
        state.keep()?;
        Ok(services)
    }

    /// The names of the services that have ended by themselves.
    pub fn fallen(&mut self) -> Result<Vec<String>> {
        let mut fallen = Vec::new();
        for running in &mut self.running {
            if let Some(status) = running.ended()? {
                fallen.push(format!("{} ({status}){}", running.name(), running.tail()));
            }
        }
        Ok(fallen)
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        for running in &self.running {
            running.ask_to_end();
        }
        self.running.clear();
    }
}

/// Waits until a service answers.
type Ready = Box<dyn FnOnce(&mut Running) -> Result<()>>;

/// Passwords of the services that the tool starts.
struct Secrets {
    postgres: String,
    access_key: String,
    secret_key: String,
}

impl Secrets {
    fn of(state: &mut State) -> Result<Self> {
        Ok(Self {
            postgres: state.secret("POSTGRES_PASSWORD", 12)?,
            access_key: state.secret("S3_ACCESS_KEY", 8)?,
            secret_key: state.secret("S3_SECRET_KEY", 16)?,
        })
    }
}

impl Addresses {
    /// Brings the programs of all services that are not given, before the first of them starts.
    fn fetch(&self) -> Result<()> {
        if self.postgres.is_empty() {
            postgres::programs()?;
        }
        if self.redis.is_empty() {
            redis::program()?;
        }
        if self.s3.endpoint.is_empty() {
            s3::program()?;
        }
        if self.smtp.is_empty() {
            mail::program()?;
        }
        Ok(())
    }

    /// What the environment names; the rest is empty.
    fn given() -> Result<Self> {
        let set = |name: &str| env::var(name).unwrap_or_default();
        let endpoint = set("S3_ENDPOINT");
        let needed = |name: &str| {
            let value = set(name);
            if value.is_empty() && !endpoint.is_empty() {
                return Err(anyhow::anyhow!("S3_ENDPOINT is set, so {name} must be too"));
            }
            Ok(value)
        };
        let s3 = Bucket {
            name: needed("S3_BUCKET")?,
            access_key: needed("S3_ACCESS_KEY")?,
            secret_key: needed("S3_SECRET_KEY")?,
            region: env::var("S3_REGION").unwrap_or_else(|_| "us-east-1".to_owned()),
            endpoint,
        };
        Ok(Self {
            postgres: set("DATABASE_URL"),
            redis: set("REDIS_URL"),
            s3,
            smtp: set("SMTP_URL"),
            mail: env::var("TEST_MAIL_URL").ok(),
        })
    }
}

/// The path of the Redis program, for tests that start a Redis of their own.
pub fn redis_program() -> Result<PathBuf> {
    redis::program().context("no Redis program")
}
