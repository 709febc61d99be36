//! Pages and their assets, embedded, with precompressed forms: what is hashed in its name is kept for a
//! year, pages are asked for anew each time. Every unknown path of people gets the entry's page, whose
//! routes say "not found" in the reader's language.

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../web/dist/"]
#[allow_missing = true]
struct Files;

/// Which entry a host serves for which path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// The public site, and the schools' portals.
    Portal,
    /// The operators' console.
    Console,
}

const SIGNUP_PATHS: [&str; 6] = ["", "apply", "activate", "register", "recover", "agreements"];

/// The endpoint of a host's pages.
pub fn pages(host: Host) -> impl Endpoint<Output = Response> {
    poem::endpoint::make(move |request: Request| async move { Ok::<_, poem::Error>(serve(host, &request)) })
}

fn serve(host: Host, request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, "GET, HEAD").finish();
    }
    let path = request.uri().path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let (name, immutable) = if is_file { (path, path.starts_with("assets/")) } else { (entry(host, path), false) };
    if name.ends_with(".map") || name.ends_with(".br") || name.ends_with(".gz") {
        return Response::builder().status(StatusCode::NOT_FOUND).finish();
    }
    let accepts = request.header(header::ACCEPT_ENCODING).unwrap_or("");
    match find(name, accepts) {
        Some((file, encoding)) => answer(request, name, (&file, encoding), immutable),
        None => Response::builder().status(StatusCode::NOT_FOUND).finish(),
    }
}

fn entry(host: Host, path: &str) -> &'static str {
    let first = path.split('/').next().unwrap_or("");
    match host {
        Host::Console => "console.html",
        Host::Portal if SIGNUP_PATHS.contains(&first) => "index.html",
        Host::Portal => "portal.html",
    }
}

fn find(name: &str, accepts: &str) -> Option<(rust_embed::EmbeddedFile, Option<&'static str>)> {
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts.split(',').any(|a| a.trim().split(';').next() == Some(encoding))
            && let Some(file) = Files::get(&format!("{name}{ending}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Files::get(name).map(|file| (file, None))
}

fn answer(
    request: &Request,
    name: &str,
    (file, encoding): (&rust_embed::EmbeddedFile, Option<&'static str>),
    immutable: bool,
) -> Response {
    let tag: String = file.metadata.sha256_hash().iter().take(12).map(|b| format!("{b:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let mut mime = mime_guess::from_path(name).first_or_octet_stream().to_string();
    if mime.starts_with("text/") || mime.ends_with("javascript") || mime.ends_with("json") {
        mime.push_str("; charset=utf-8");
    }
    let cache = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::builder()
        .header(header::CACHE_CONTROL, cache)
        .header(header::ETAG, &tag)
        .header(header::VARY, "Accept-Encoding")
        .header(header::CONTENT_TYPE, &mime);
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    if request.header(header::IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|t| t.trim() == tag)) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    if *request.method() == Method::HEAD {
        let mut response = response.finish();
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(file.data.len()));
        return response;
    }
    response.body(file.data.to_vec())
}
