//! Live streams: server-sent events that end when their session does.

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use poem::web::sse::{Event, SSE};
use serde::Serialize;

/// An event stream of JSON values, with a comment every fifteen seconds so that proxies keep it open.
pub fn events<T, S>(values: S) -> SSE
where
    T: Serialize + Send + 'static,
    S: Stream<Item = T> + Send + 'static,
{
    let events = values.filter_map(|value| async move {
        match serde_json::to_string(&value) {
            Ok(text) => Some(Event::message(text)),
            Err(error) => {
                tracing::error!(%error, "an event cannot be written");
                None
            }
        }
    });
    SSE::new(events).keep_alive(Duration::from_secs(15))
}
