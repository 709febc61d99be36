//! The routes of a school's portal, which stand below its slug. poem nests below fixed paths alone, so
//! the slug is taken off here and put where the guard finds it.

use std::sync::Arc;

use poem::http::Uri;
use poem::http::uri::PathAndQuery;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response};

/// The slug of the path, for the guard.
#[derive(Clone)]
pub(crate) struct PathSlug(pub(crate) String);

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
            let Some((slug, rest)) = split(request.uri()) else {
                return Err(poem::error::NotFoundError.into());
            };
            *request.uri_mut() = rest;
            request.extensions_mut().insert(PathSlug(slug));
            routes.call(request).await
        }
    })
}

/// The first part of the path, and the address without it.
fn split(uri: &Uri) -> Option<(String, Uri)> {
    let (slug, rest) = uri.path().strip_prefix('/')?.split_once('/')?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("/{rest}{query}").parse::<PathAndQuery>().ok()?);
    Some((slug.to_owned(), Uri::from_parts(parts).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slug_is_taken_off_and_nothing_else() {
        let of = |text: &str| split(&text.parse().unwrap()).map(|(slug, uri)| format!("{slug} {uri}"));
        assert_eq!(of("/mektep-17/marks/a?b=c/d").as_deref(), Some("mektep-17 /marks/a?b=c/d"));
        assert_eq!(of("/mektep-17/").as_deref(), Some("mektep-17 /"));
        assert_eq!(of("/mektep-17"), None);
        assert_eq!(of("/?a=/b"), None);
    }
}
