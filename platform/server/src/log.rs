//! The log: JSON lines on stderr, one sentence each, identifiers as fields, no names of people.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts the log; `KUNDELIK_LOG` is its filter (`info` when it is missing).
pub fn start() {
    let filter = EnvFilter::try_from_env("KUNDELIK_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() { log.try_init() } else { log.json().try_init() };
    if let Err(error) = started {
        tracing::warn!(error, "the log was started before");
    }
}
