//! Health: `/livez` says that the process runs and asks nobody; `/readyz` says that it may be sent
//! requests: its own pool answers, the platform has its migrations, and it was not asked to end. S3, SMTP
//! and Redis do not count: the service goes on without them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use kd_ctx::House;
use kd_store::sql;
use poem::http::StatusCode;
use poem::listener::TcpListener;
use poem::{EndpointExt, Route, Server, get, handler, web::Data};
use tokio_util::sync::CancellationToken;

/// How long the own pool may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct State {
    house: Arc<House>,
    /// Cancelled as soon as the end was asked for.
    ending: CancellationToken,
}

/// Answers until `gone`; not ready any more from `ending` on.
pub(crate) async fn serve(
    house: Arc<House>,
    at: SocketAddr,
    ending: CancellationToken,
    gone: CancellationToken,
) -> std::io::Result<()> {
    let routes = Route::new().at("/livez", get(livez)).at("/readyz", get(readyz)).data(State { house, ending });
    Server::new(TcpListener::bind(at))
        .name("ops")
        .run_with_graceful_shutdown(routes, async move { gone.cancelled().await }, Some(Duration::from_secs(1)))
        .await
}

#[handler]
fn livez() -> &'static str {
    "live"
}

#[handler]
async fn readyz(state: Data<&State>) -> (StatusCode, &'static str) {
    if state.ending.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "ending");
    }
    match tokio::time::timeout(PATIENCE, migrated(&state.house)).await {
        Ok(Ok(true)) => (StatusCode::OK, "ready"),
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, "the platform is not migrated"),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}

/// Whether the platform has the newest migration that this program knows; it may have newer ones.
async fn migrated(house: &House) -> kd_kernel::Result<bool> {
    let newest = kd_migrations::newest(kd_migrations::PLATFORM);
    sql::scalar(house.store.platform(), "SELECT EXISTS (SELECT FROM platform.ledger WHERE name = $1)", [newest.into()])
        .await
}
