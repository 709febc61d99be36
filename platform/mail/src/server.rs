//! The SMTP server: where it is, and one conversation with it. Each letter has a connection of its own:
//! one that was broken off in the middle is never used again, so that no answer is taken for another's.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use url::Url;

use crate::MailFault;

/// To connect.
const CONNECT: Duration = Duration::from_secs(5);
/// To say goodbye after the letter was taken.
const GOODBYE: Duration = Duration::from_millis(500);

/// How the way is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    Clear,
    Opportunistic,
    StartTls,
    Tls,
}

/// Where the server is, and how it is spoken to.
#[derive(Clone)]
pub(crate) struct Server {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({}:{}, {:?})", self.host, self.port, self.security)
    }
}

impl Server {
    /// Reads an address; see [`crate::Mailer::open`].
    pub(crate) fn parse(text: &str) -> Result<Self, MailFault> {
        let bad = || MailFault::Permanent("the address of the SMTP server cannot be read".into());
        let url = Url::parse(text).map_err(|_| bad())?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (security, usual) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (Security::Clear, 25),
            ("smtp", Some("opportunistic")) => (Security::Opportunistic, 587),
            ("smtp", Some("required")) => (Security::StartTls, 587),
            ("smtps", _) => (Security::Tls, 465),
            _ => return Err(bad()),
        };
        let plain =
            |part: &str| percent_encoding::percent_decode_str(part).decode_utf8().map(String::from).map_err(|_| bad());
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(plain(url.username())?, plain(password)?)),
            None => None,
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(bad)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: url.port().unwrap_or(usual), security, credentials })
    }

    /// Hands over one letter; answers the server's last word.
    pub(crate) async fn deliver(&self, envelope: &Envelope, letter: &[u8]) -> Result<String, MailFault> {
        let mut connection = self.connect().await?;
        let reply = connection.send(envelope, letter).await.map_err(|error| fault(&error))?;
        // The letter is taken; whether the server hears the goodbye does not matter.
        let _ = tokio::time::timeout(GOODBYE, connection.quit()).await;
        let words: Vec<_> = reply.message().collect();
        Ok(format!("{} {}", reply.code(), words.join(" ")))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailFault> {
        let hello = ClientId::default();
        let tls = || TlsParameters::new(self.host.clone()).map_err(|error| fault(&error));
        let first = if self.security == Security::Tls { Some(tls()?) } else { None };
        let address = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT), &hello, first, None)
            .await
            .map_err(|error| fault(&error))?;
        let upgrade = match self.security {
            Security::StartTls => true,
            Security::Opportunistic => connection.can_starttls(),
            Security::Clear | Security::Tls => false,
        };
        if upgrade {
            connection.starttls(tls()?, &hello).await.map_err(|error| ours(&error))?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(|error| ours(&error))?;
        }
        Ok(connection)
    }
}

/// The fault of a letter: 5xx is for ever, everything else may pass.
fn fault(error: &Error) -> MailFault {
    if error.is_permanent() { MailFault::Permanent(words(error)) } else { MailFault::Transient(words(error)) }
}

/// The fault of the service, not of the letter: a refused sign-in is mended, and the letter goes out then.
fn ours(error: &Error) -> MailFault {
    MailFault::Transient(words(error))
}

fn words(error: &Error) -> String {
    let mut text = error.to_string();
    text.truncate(text.floor_char_boundary(500));
    text
}
