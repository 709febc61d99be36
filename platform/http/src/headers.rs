//! Headers of every answer, errors included.

use poem::http::{HeaderMap, HeaderValue, header};

const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-src 'self' blob:; \
    frame-ancestors 'self'";

/// Sets what is missing; an answer's own cache rule stays.
pub(crate) fn set(headers: &mut HeaderMap, request_id: &str) {
    let fixed: [(&'static str, &'static str); 6] = [
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-request-id", id);
    }
}
