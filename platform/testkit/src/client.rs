//! A client at the front door: requests pass the edge and the guards, as in production.

use std::sync::Arc;

use kd_ctx::{House, Scope, Token};
use kd_http::{Site, below_slug, cookies, edge};
use poem::endpoint::DynEndpoint;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request, Response, Route};
use poem_openapi::{OpenApi, OpenApiService};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::Person;

type Door = Arc<dyn DynEndpoint<Output = Response>>;

/// A client with or without a session.
#[derive(Clone)]
pub struct Client {
    door: Door,
    origin: String,
    prefix: String,
    cookie: Option<String>,
    language: &'static str,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: poem::http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Client {
    /// A room of a school's portal, under `/api/portal/{slug}`.
    pub fn portal<A: OpenApi + 'static>(house: &Arc<House>, slug: &str, api: A) -> Self {
        let routes = Route::new().nest("/api/portal", below_slug(OpenApiService::new(api, "portal", "1")));
        Self::new(house, &house.settings.portal_url, format!("/api/portal/{slug}"), routes)
    }

    /// A room of the public site, under `/api/signup`.
    pub fn signup<A: OpenApi + 'static>(house: &Arc<House>, api: A) -> Self {
        let routes = Route::new().nest("/api/signup", OpenApiService::new(api, "signup", "1"));
        Self::new(house, &house.settings.portal_url, "/api/signup".to_owned(), routes)
    }

    /// A room of the console, under `/api/console`.
    pub fn console<A: OpenApi + 'static>(house: &Arc<House>, api: A) -> Self {
        let routes = Route::new().nest("/api/console", OpenApiService::new(api, "console", "1"));
        Self::new(house, &house.settings.console_url, "/api/console".to_owned(), routes)
    }

    /// Any routes behind the edge.
    pub fn new<E: Endpoint + 'static>(house: &Arc<House>, origin: &str, prefix: String, routes: E) -> Self {
        let site = Site { origin: origin.to_owned(), house: Arc::clone(house) };
        let door: Door = Arc::new(poem::endpoint::ToDynEndpoint(edge(site, routes)));
        Self { door, origin: origin.to_owned(), prefix, cookie: None, language: "ru" }
    }

    /// The same client, signed in as a person.
    #[must_use]
    pub fn of(&self, person: &Person) -> Self {
        self.with_token(Scope::User, &person.token)
    }

    /// The same client with a session's token.
    #[must_use]
    pub fn with_token(&self, scope: Scope, token: &Token) -> Self {
        self.with_cookie(&format!("{}={}", cookies::name(scope), token.reveal()))
    }

    /// The same client with a `Cookie` header of the test's.
    #[must_use]
    pub fn with_cookie(&self, cookie: &str) -> Self {
        Self { cookie: Some(cookie.to_owned()), ..self.clone() }
    }

    /// The same client, reading another language.
    #[must_use]
    pub fn reading(&self, language: &'static str) -> Self {
        Self { language, ..self.clone() }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path).finish()).await
    }

    /// POST of a JSON body, with a fresh Idempotency-Key.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Reply {
        self.write(Method::POST, path, body, Uuid::from_bytes(kd_kernel::Chance::system().bytes())).await
    }

    /// PUT of a JSON body, with a fresh Idempotency-Key.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Reply {
        self.write(Method::PUT, path, body, Uuid::from_bytes(kd_kernel::Chance::system().bytes())).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path).finish()).await
    }

    /// A write with a key of the test's.
    pub async fn write(&self, method: Method, path: &str, body: &impl Serialize, key: Uuid) -> Reply {
        let text = serde_json::to_string(body).unwrap();
        let request = self
            .request(method, path)
            .header("idempotency-key", key.to_string())
            .header(header::CONTENT_TYPE, "application/json")
            .body(text);
        self.send(request).await
    }

    /// A request to be changed by the test before it is sent.
    #[must_use]
    pub fn request(&self, method: Method, path: &str) -> poem::RequestBuilder {
        let mut builder = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.prefix).parse().unwrap())
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::ORIGIN, &self.origin)
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = &self.cookie {
            builder = builder.header(header::COOKIE, cookie);
        }
        builder
    }

    /// GET of a stream: the response as it is, its body not read yet.
    pub async fn open(&self, path: &str) -> Response {
        self.door.call(self.request(Method::GET, path).finish()).await.expect("the edge answers always")
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Reply {
        let response = self.door.call(request).await.expect("the edge answers always");
        let (parts, body) = response.into_parts();
        Reply { status: parts.status, headers: parts.headers, body: body.into_vec().await.expect("body") }
    }
}

impl Reply {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    /// Asserts the status, and returns the body as JSON (null when empty).
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        if self.body.is_empty() { Value::Null } else { serde_json::from_slice(&self.body).unwrap_or(Value::Null) }
    }

    /// The problem's code.
    #[must_use]
    pub fn code(&self) -> String {
        self.json().get("code").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The token that the answer sets in a scope's cookie.
    #[must_use]
    pub fn token(&self, scope: Scope) -> Option<Token> {
        let start = format!("{}=", cookies::name(scope));
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .find_map(|v| v.strip_prefix(&start).and_then(|rest| rest.split(';').next()).and_then(Token::parse))
    }
}
