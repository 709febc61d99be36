//! Mail: hands one letter to an SMTP server. What the letters say, when they are sent and how often they
//! are tried is not known here; a letter comes from the outbox and carries its own Message-ID, so that
//! one that was sent twice is known as one.

mod letter;
mod server;

use std::time::Duration;

use lettre::message::Mailbox;

pub use letter::Outgoing;

use server::Server;

/// One letter in all, from the connection to the server's last word.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a letter did not go out. The texts hold the server's words; they are for operators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailFault {
    /// It may go out later: the server said 4xx, did not answer, or was not there. After a letter's text
    /// was sent this does not say that nothing was delivered.
    #[error("not now: {0}")]
    Transient(String),
    /// It will not go out: the server said 5xx, or the letter cannot be written.
    #[error("never: {0}")]
    Permanent(String),
}

/// The way to one SMTP server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer {
    server: Server,
    from: Mailbox,
}

impl Mailer {
    /// Prepares the way to the server; connects to nothing yet. Addresses: `smtp://host:port` in clear,
    /// `smtp://…?tls=required` with STARTTLS, `smtp://…?tls=opportunistic` with STARTTLS where there is
    /// one, `smtps://…` with TLS from the start; `user:password@` before the host to sign in. The sender
    /// is `Name <address>`.
    ///
    /// # Errors
    /// Permanent, where the address or the sender cannot be read.
    pub fn open(smtp_url: &str, from: &str) -> Result<Self, MailFault> {
        Ok(Self { server: Server::parse(smtp_url)?, from: letter::mailbox("from", from)? })
    }

    /// Sends one letter, within 10 seconds; answers the server's last word, such as `250 OK`.
    ///
    /// # Errors
    /// Permanent where the server answers 5xx or the letter cannot be written; transient otherwise.
    pub async fn send(&self, letter: &Outgoing) -> Result<String, MailFault> {
        let message = letter.message(&self.from)?;
        match tokio::time::timeout(PATIENCE, self.server.deliver(message.envelope(), &message.formatted())).await {
            Ok(reply) => reply,
            Err(_) => Err(MailFault::Transient("the server did not answer in time".into())),
        }
    }
}
