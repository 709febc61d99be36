//! The end of a process: asked for by SIGTERM or Ctrl-C, told to everything that runs.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that is cancelled when the process is asked to end.
///
/// # Errors
/// Where the system gives no signals.
pub(crate) fn listen() -> std::io::Result<CancellationToken> {
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let token = CancellationToken::new();
    let told = token.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to end");
        told.cancel();
    });
    Ok(token)
}
