//! `serve`: the site, the portals and the console, behind the edge, and an end that drops no request:
//! not ready at once, serving on while balancers turn away, then no new connections, then what is under
//! way is finished, then the process ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::StreamExt;
use kd_ctx::House;
use kd_http::{Site, edge};
use poem::http::header;
use poem::listener::TcpListener;
use poem::{Body, Endpoint, EndpointExt, Request, Response, Server};
use tokio_util::sync::CancellationToken;

use crate::house::{Breadth, build, check_version};
use crate::settings::Env;
use crate::{apis, health, stop};

/// How long what is under way may take to finish.
const LAST: Duration = Duration::from_secs(25);
/// How long a connection may say nothing.
const IDLE: Duration = Duration::from_secs(75);

/// Serves until the end is asked for.
pub(crate) async fn serve(env: &Env) -> Result<()> {
    let (portal, console) = (env.listen("KUNDELIK_PORTAL_LISTEN")?, env.listen("KUNDELIK_CONSOLE_LISTEN")?);
    let (ops, drain) = (env.listen("KUNDELIK_OPS_LISTEN")?, env.drain()?);
    let house = build(env, Breadth::SERVE).await?;
    let ending = stop::listen()?;
    let (closing, gone) = (CancellationToken::new(), CancellationToken::new());
    let health = health::serve(Arc::clone(&house), ops, ending.clone(), gone.clone());
    let doors = async {
        if wait_for_database(&house, &ending).await? {
            tokio::spawn(drained(ending.clone(), drain, closing.clone()));
            let urls = &house.settings;
            let portal =
                listen("portal", portal, site(&house, &urls.portal_url, apis::portal_routes()), closing.clone());
            let console = listen("console", console, site(&house, &urls.console_url, apis::console_routes()), closing);
            tokio::try_join!(portal, console)?;
        }
        gone.cancel();
        Ok(())
    };
    tokio::try_join!(doors, async { health.await.context("KUNDELIK_OPS_LISTEN cannot be listened on") })?;
    tracing::info!("ended");
    Ok(())
}

/// Waits until PostgreSQL answers; false when the end was asked for meanwhile.
///
/// # Errors
/// It is too old.
pub(crate) async fn wait_for_database(house: &House, ending: &CancellationToken) -> Result<bool> {
    loop {
        if check_version(house).await? {
            return Ok(true);
        }
        let pause = tokio::time::sleep(Duration::from_secs(1));
        if ending.run_until_cancelled(pause).await.is_none() {
            return Ok(false);
        }
    }
}

async fn drained(ending: CancellationToken, drain: Duration, closing: CancellationToken) {
    ending.cancelled().await;
    tokio::time::sleep(drain).await;
    closing.cancel();
}

async fn listen<E: Endpoint + 'static>(
    name: &'static str,
    at: SocketAddr,
    site: E,
    closing: CancellationToken,
) -> Result<()> {
    let closed = closing.clone();
    Server::new(TcpListener::bind(at))
        .name(name)
        .idle_timeout(IDLE)
        .run_with_graceful_shutdown(streams_end(site, closing), async move { closed.cancelled().await }, Some(LAST))
        .await
        .with_context(|| format!("the {name} cannot listen at its address"))
}

fn site<E: Endpoint + 'static>(
    house: &Arc<House>,
    origin: &str,
    routes: E,
) -> impl Endpoint<Output = Response> + use<E> {
    edge(Site { origin: origin.to_owned(), house: Arc::clone(house) }, routes)
}

/// Ends streams of events when the host closes; browsers open them again elsewhere.
fn streams_end<E: Endpoint + 'static>(site: E, closing: CancellationToken) -> impl Endpoint<Output = Response> {
    let site = Arc::new(site.map_to_response());
    poem::endpoint::make(move |request: Request| {
        let (site, closing) = (Arc::clone(&site), closing.clone());
        async move {
            let mut response = site.call(request).await?;
            let kind = response.headers().get(header::CONTENT_TYPE).and_then(|t| t.to_str().ok());
            if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
                let events = response.take_body().into_bytes_stream().take_until(closing.cancelled_owned());
                response.set_body(Body::from_bytes_stream(events));
            }
            Ok::<_, poem::Error>(response)
        }
    })
}
