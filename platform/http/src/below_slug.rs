//! The routes of a school's portal, which stand below its slug. poem nests below fixed paths alone, so
//! the slug is taken off here; the guard reads it from the address that was asked for.

use std::sync::Arc;

use poem::http::Uri;
use poem::http::uri::PathAndQuery;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response};

/// Wraps what is nested at `/api/portal`: `/{slug}/marks` reaches the routes as `/marks`.
pub fn below_slug<E>(routes: E) -> impl Endpoint<Output = Response>
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    let routes = Arc::new(routes.into_endpoint().map_to_response());
    poem::endpoint::make(move |mut request: Request| {
        let routes = Arc::clone(&routes);
        async move {
            let Some(rest) = rest(request.uri()) else {
                return Err(poem::error::NotFoundError.into());
            };
            *request.uri_mut() = rest;
            routes.call(request).await
        }
    })
}

/// The address without the first part of its path.
fn rest(uri: &Uri) -> Option<Uri> {
    let (_, rest) = uri.path().strip_prefix('/')?.split_once('/')?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("/{rest}{query}").parse::<PathAndQuery>().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slug_is_taken_off_and_nothing_else() {
        let of = |text: &str| rest(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(of("/mektep-17/marks/a?b=c/d").as_deref(), Some("/marks/a?b=c/d"));
        assert_eq!(of("/mektep-17/").as_deref(), Some("/"));
        assert_eq!(of("/mektep-17"), None);
        assert_eq!(of("/?a=/b"), None);
    }
}
