//! The edge: what every request passes. An id, the house, the origin rule, a limit of the body, and on
//! the way out words for problems and the headers.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use kd_ctx::House;
use kd_kernel::{Problem, Tongue};
use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};
use tracing::Instrument;

use crate::{headers, origin, words};

/// The largest body that is read, in bytes.
const LARGEST_BODY: u64 = 1024 * 1024;
/// The largest body that brings a file: 10 MiB in base64, and what is said of it.
const LARGEST_UPLOAD: u64 = 14 * 1024 * 1024;

/// What a host serves: its own origin, and the house behind it.
#[derive(Clone)]
pub struct Site {
    /// The public origin, such as `https://kundelik.example`.
    pub origin: String,
    /// The house.
    pub house: Arc<House>,
}

/// Wraps the routes of a host.
pub fn edge<E>(site: Site, routes: E) -> impl Endpoint<Output = Response>
where
    E: Endpoint + 'static,
{
    let routes = Arc::new(routes.map_to_response());
    poem::endpoint::make(move |request: Request| {
        let (site, routes) = (site.clone(), Arc::clone(&routes));
        async move { Ok::<_, poem::Error>(pass(site, routes.as_ref(), request).await) }
    })
}

async fn pass<E: Endpoint<Output = Response>>(site: Site, routes: &E, mut request: Request) -> Response {
    let request_id = site.house.id::<uuid::Uuid>().to_string();
    let tongue = Tongue::of_header(request.header("accept-language"));
    let api = request.uri().path().starts_with("/api/");
    let began = Instant::now();
    let refused = refusal(&request, &site.origin, api);
    request.extensions_mut().insert(Arc::clone(&site.house));
    let span = tracing::info_span!("request", request_id);
    let answered = async {
        match refused {
            Some(problem) => problem.into_response(),
            // A panic in a handler is this request's misfortune and nobody else's.
            None => match std::panic::AssertUnwindSafe(routes.call(request)).catch_unwind().await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => error.into_response(),
                Err(_) => Problem::internal("a handler panicked").into_response(),
            },
        }
    }
    .instrument(span)
    .await;
    let mut response = if api { words::with_words(answered, tongue, &request_id) } else { answered };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        headers::set(response.headers_mut(), &request_id);
    }
    tracing::debug!(request_id, status = response.status().as_u16(), millis = began.elapsed().as_millis(), "answered");
    response
}

/// The largest body of a request: a school's imports bring files, nothing else does.
fn largest(path: &str) -> u64 {
    let brings = path.strip_prefix("/api/portal/").and_then(|rest| rest.split_once('/'));
    if brings.is_some_and(|(_, rest)| rest == "imports") { LARGEST_UPLOAD } else { LARGEST_BODY }
}

fn refusal(request: &Request, own: &str, api: bool) -> Option<Problem> {
    let length = request.header("content-length").and_then(|l| l.parse::<u64>().ok());
    if length.is_some_and(|l| l > largest(request.uri().path())) || request.header("transfer-encoding").is_some() {
        return Some(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    }
    if !api {
        return None;
    }
    match origin::check(request, own) {
        Ok(()) => None,
        Err(origin::Refused::Foreign) => Some(Problem::new(StatusCode::FORBIDDEN, "foreign-origin")),
        Err(origin::Refused::ContentType) => {
            Some(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-content-type"))
        }
    }
}
