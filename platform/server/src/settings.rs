//! Settings from the environment. Each is read by its name, parsed once, and refused with its name and
//! what it should be; its value, which may be a secret, is never repeated.

use std::net::SocketAddr;
use std::time::Duration;

use kd_blobs::BlobSettings;
use kd_ctx::Settings;
use kd_store::{Address, Logins};
use url::Url;

/// The provider's requisites where nothing else is set: those of the demo.
const PROVIDER: &str = include_str!("provider.json");

const PROVIDER_FILE: &str = "KUNDELIK_PROVIDER_FILE";

/// A variable of the environment that keeps the program from starting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSetting {
    /// It is needed and not there.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// It is there and cannot be used.
    #[error("{0} is wrong: it must be {1}")]
    Wrong(&'static str, &'static str),
}

type Read<T> = Result<T, BadSetting>;

/// Reads a variable by its name.
type Reader = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Where settings come from.
pub struct Env(Reader);

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env(…)")
    }
}

impl Env {
    /// The process's environment.
    #[must_use]
    pub fn system() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// An environment of the caller's.
    pub fn of(read: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Box::new(read))
    }

    /// A variable; an empty one counts as missing.
    #[must_use]
    pub fn maybe(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.trim().is_empty())
    }

    fn text(&self, name: &'static str) -> Read<String> {
        self.maybe(name).ok_or(BadSetting::Missing(name))
    }

    fn parsed<T: std::str::FromStr>(&self, name: &'static str, what: &'static str) -> Read<T> {
        self.text(name)?.trim().parse().map_err(|_| BadSetting::Wrong(name, what))
    }

    fn or<T: std::str::FromStr>(&self, name: &'static str, what: &'static str, default: T) -> Read<T> {
        if self.maybe(name).is_none() { Ok(default) } else { self.parsed(name, what) }
    }

    /// The passwords of the three logins.
    pub(crate) fn logins(&self) -> Read<Logins> {
        Ok(Logins {
            app: self.text("KUNDELIK_APP_PASSWORD")?,
            provisioner: self.text("KUNDELIK_PROVISIONER_PASSWORD")?,
            migrator: self.text("KUNDELIK_MIGRATOR_PASSWORD")?,
        })
    }

    /// How the databases' names begin.
    pub(crate) fn prefix(&self) -> String {
        self.maybe("KUNDELIK_DB_PREFIX").unwrap_or_else(|| "kundelik".to_owned())
    }

    /// The platform's database.
    pub(crate) fn platform(&self) -> Read<Address> {
        const NAME: &str = "DATABASE_URL";
        let url = self.url(NAME, &["postgres", "postgresql"], "postgres://kd_app:password@host:port/database")?;
        let database = url.path().trim_start_matches('/').to_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if database.is_empty() || !database.chars().all(plain) {
            return Err(BadSetting::Wrong(NAME, "an address that ends with the name of a database"));
        }
        if url.username() != "kd_app" {
            return Err(BadSetting::Wrong(NAME, "an address with the login kd_app"));
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        Ok(Address { host, port: url.port().unwrap_or(5432), database })
    }

    /// A public origin without a path and without a slash at its end.
    fn origin(&self, name: &'static str) -> Read<String> {
        const WHAT: &str = "an origin such as https://kundelik.example, without a path";
        let url = self.url(name, &["http", "https"], WHAT)?;
        let origin = url.origin().ascii_serialization();
        let given = self.text(name)?;
        if given.trim().trim_end_matches('/') == origin { Ok(origin) } else { Err(BadSetting::Wrong(name, WHAT)) }
    }

    fn url(&self, name: &'static str, schemes: &[&str], what: &'static str) -> Read<Url> {
        let url: Url = self.parsed(name, what)?;
        let good = schemes.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty());
        if good { Ok(url) } else { Err(BadSetting::Wrong(name, what)) }
    }

    /// Where a listener binds.
    pub(crate) fn listen(&self, name: &'static str) -> Read<SocketAddr> {
        self.parsed(name, "address:port, such as 127.0.0.1:8080")
    }

    /// How long to go on serving after the end was asked for, so that balancers can turn away.
    pub(crate) fn drain(&self) -> Read<Duration> {
        self.seconds("KUNDELIK_DRAIN_SECONDS", 5.0)
    }

    /// Redis; an address that cannot be used is a Redis that is away.
    pub(crate) fn redis(&self) -> Read<String> {
        self.url("REDIS_URL", &["redis", "rediss"], "redis://host:port")?;
        self.text("REDIS_URL")
    }

    /// SMTP, and who sends.
    pub(crate) fn mail(&self) -> Read<(String, String)> {
        self.url("SMTP_URL", &["smtp", "smtps"], "smtp://host:port")?;
        let from =
            self.maybe("KUNDELIK_MAIL_FROM").unwrap_or_else(|| "Kundelik <no-reply@kundelik.example>".to_owned());
        Ok((self.text("SMTP_URL")?, from))
    }

    /// S3.
    pub(crate) fn blobs(&self) -> Read<BlobSettings> {
        self.url("S3_ENDPOINT", &["http", "https"], "http://host:port")?;
        Ok(BlobSettings {
            endpoint: self.text("S3_ENDPOINT")?,
            bucket: self.text("S3_BUCKET")?,
            access_key: self.text("S3_ACCESS_KEY")?,
            secret_key: self.text("S3_SECRET_KEY")?,
            region: self.maybe("S3_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
        })
    }

    /// The key that seals.
    pub(crate) fn secret_key(&self) -> Read<kd_blobs::Seal> {
        const NAME: &str = "KUNDELIK_SECRET_KEY";
        let wrong = |_| BadSetting::Wrong(NAME, "64 hexadecimal digits");
        kd_blobs::Seal::of_hex(&self.text(NAME)?).map_err(wrong)
    }

    /// What is set from outside and the same for all rooms.
    pub(crate) fn settings(&self) -> Read<Settings> {
        Ok(Settings {
            portal_url: self.origin("KUNDELIK_PORTAL_URL")?,
            console_url: self.origin("KUNDELIK_CONSOLE_URL")?,
            lease: self.seconds("KUNDELIK_LEASE_SECONDS", 30.0)?,
            retry: self.seconds("KUNDELIK_RETRY_SECONDS", 1.0)?,
            poll: self.or("KUNDELIK_POLL_MILLIS", "a number of milliseconds", 500).map(Duration::from_millis)?,
            provider: serde_json::from_str(&self.provider()?).map_err(|_| {
                BadSetting::Wrong(PROVIDER_FILE, "a file with all of the provider's requisites, as in provider.json")
            })?,
            fault: self.fault(),
        })
    }

    fn provider(&self) -> Read<String> {
        match self.maybe(PROVIDER_FILE) {
            None => Ok(PROVIDER.to_owned()),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|_| BadSetting::Wrong(PROVIDER_FILE, "the path of a file that can be read")),
        }
    }

    fn seconds(&self, name: &'static str, default: f64) -> Read<Duration> {
        const WHAT: &str = "a number of seconds, fractions with a point";
        let seconds = self.or(name, WHAT, default)?;
        Duration::try_from_secs_f64(seconds).map_err(|_| BadSetting::Wrong(name, WHAT))
    }

    /// A fault that a test asks for; without the second variable it is not heard.
    fn fault(&self) -> Option<String> {
        let allowed = self.maybe("KUNDELIK_ALLOW_FAULTS").as_deref() == Some("1");
        self.maybe("KUNDELIK_FAULT").filter(|_| allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Env {
        let pairs: std::collections::HashMap<String, String> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Env::of(move |name| pairs.get(name).cloned())
    }

    #[test]
    fn a_bad_setting_is_named_and_its_value_is_not_told() {
        let secret = "postgres://kd_app:geheim@db";
        let error = env(&[("DATABASE_URL", secret)]).platform().unwrap_err().to_string();
        assert!(error.starts_with("DATABASE_URL is wrong") && !error.contains("geheim"), "{error}");
        assert_eq!(env(&[]).platform(), Err(BadSetting::Missing("DATABASE_URL")));
        assert_eq!(env(&[("DATABASE_URL", " ")]).platform(), Err(BadSetting::Missing("DATABASE_URL")));
        let other = env(&[("DATABASE_URL", "postgres://postgres:x@db/kundelik_platform")]).platform();
        assert_eq!(other, Err(BadSetting::Wrong("DATABASE_URL", "an address with the login kd_app")));
    }

    #[test]
    fn the_platforms_address_is_read() {
        let address = env(&[("DATABASE_URL", "postgres://kd_app:x@db:5433/kundelik_platform")]).platform().unwrap();
        assert_eq!((address.host.as_str(), address.port, address.database.as_str()), ("db", 5433, "kundelik_platform"));
    }

    #[test]
    fn settings_have_defaults_where_they_may() {
        let portal = ("KUNDELIK_PORTAL_URL", "http://portal.localhost:8080");
        let console = ("KUNDELIK_CONSOLE_URL", "http://console.localhost:8081/");
        let settings = env(&[portal, console, ("KUNDELIK_RETRY_SECONDS", "0.05")]).settings().unwrap();
        assert_eq!(settings.lease, Duration::from_secs(30));
        assert_eq!(settings.retry, Duration::from_millis(50));
        assert_eq!(settings.poll, Duration::from_millis(500));
        assert_eq!(settings.console_url, "http://console.localhost:8081");
        let wrong = env(&[portal, console, ("KUNDELIK_LEASE_SECONDS", "-1")]).settings().unwrap_err();
        assert!(matches!(wrong, BadSetting::Wrong("KUNDELIK_LEASE_SECONDS", _)));
        let path = env(&[("KUNDELIK_PORTAL_URL", "http://portal.localhost:8080/kk"), console]).settings().unwrap_err();
        assert!(matches!(path, BadSetting::Wrong("KUNDELIK_PORTAL_URL", _)));
    }

    #[test]
    fn a_fault_is_heard_only_where_it_is_allowed() {
        let fault = ("KUNDELIK_FAULT", "fail:claim_prefix");
        assert_eq!(env(&[fault]).fault(), None);
        assert_eq!(env(&[fault, ("KUNDELIK_ALLOW_FAULTS", "1")]).fault().as_deref(), Some("fail:claim_prefix"));
    }
}
