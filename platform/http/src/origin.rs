//! Which requests may change something: those that the browser says come from our own pages.

use poem::Request;
use poem::http::{Method, header};

/// Why a request may not change anything.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It comes from another site.
    Foreign,
    /// Its body is not JSON, so a foreign form could have sent it.
    ContentType,
}

/// Checks a request against the origin that this host serves (S36): Fetch Metadata first, `Origin` where
/// a browser sends none; a body must be JSON, which no form can send without asking first.
pub(crate) fn check(request: &Request, own_origin: &str) -> Result<(), Refused> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    // A request that names two origins has not been sent by a browser: each must be our own.
    let mut origins = request.headers().get_all(header::ORIGIN).iter().peekable();
    let named = origins.peek().is_some();
    let own = origins.all(|origin| origin == own_origin);
    let site_ok = match request.header("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => named,
    };
    if !(own && site_ok) {
        return Err(Refused::Foreign);
    }
    let json = request.content_type().is_some_and(|t| t.split(';').next().map(str::trim) == Some("application/json"));
    if json || *request.method() == Method::DELETE { Ok(()) } else { Err(Refused::ContentType) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(headers: &[(&str, &str)]) -> Request {
        let mut builder = Request::builder().method(Method::POST);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.finish()
    }

    #[test]
    fn s36_only_our_own_pages_change_something() {
        let own = "http://portal.localhost:8080";
        let json = ("content-type", "application/json");
        assert_eq!(check(&post(&[json, ("origin", own), ("sec-fetch-site", "same-origin")]), own), Ok(()));
        assert_eq!(check(&post(&[json, ("origin", own)]), own), Ok(()));
        for bad in [
            vec![json],
            vec![json, ("origin", "https://evil.example")],
            vec![json, ("origin", "null")],
            vec![json, ("sec-fetch-site", "cross-site")],
            vec![json, ("sec-fetch-site", "same-site"), ("origin", own)],
            vec![json, ("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            vec![json, ("origin", own), ("origin", "https://evil.example")],
        ] {
            assert_eq!(check(&post(&bad), own), Err(Refused::Foreign), "{bad:?}");
        }
        let form = ("content-type", "application/x-www-form-urlencoded");
        assert_eq!(check(&post(&[form, ("origin", own)]), own), Err(Refused::ContentType));
        assert_eq!(check(&post(&[("origin", own)]), own), Err(Refused::ContentType));
    }
}
