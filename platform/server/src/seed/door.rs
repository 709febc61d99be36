//! The portal's own door, used from inside: requests pass the edge and the guards like a browser's.

use std::sync::Arc;

use anyhow::{Result, bail};
use kd_ctx::sessions::Opening;
use kd_ctx::{House, Scope};
use kd_http::{Site, below_slug, cookies, edge};
use kd_kernel::AccountId;
use poem::endpoint::{DynEndpoint, ToDynEndpoint};
use poem::http::{Method, header};
use poem::{Request, Response, Route};
use serde_json::Value;

use crate::apis;
use crate::seed::SLUG;

/// A door with the session of an administrator.
pub(crate) struct Door {
    house: Arc<House>,
    site: Box<dyn DynEndpoint<Output = Response>>,
    cookie: String,
}

impl Door {
    /// Opens a session of the account, and the door.
    pub(crate) async fn open(house: &Arc<House>, account: &AccountId) -> Result<Self> {
        let opening = Opening { scope: Scope::User, account: Some((*account, 1)), credential: None };
        let token = house.session_open(house.store.platform(), opening).await?;
        let routes = Route::new().nest(apis::PORTAL, below_slug(apis::portal()));
        let site = Site { origin: house.settings.portal_url.clone(), house: Arc::clone(house) };
        let cookie = format!("{}={}", cookies::name(Scope::User), token.reveal());
        Ok(Self { house: Arc::clone(house), site: Box::new(ToDynEndpoint(edge(site, routes))), cookie })
    }

    /// GET.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        self.send(Method::GET, path, None).await
    }

    /// POST.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.send(Method::POST, path, Some(body)).await
    }

    /// PUT.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> Result<Value> {
        self.send(Method::PUT, path, Some(body)).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(format!("{}/{SLUG}{path}", apis::PORTAL).parse()?)
            .header(header::COOKIE, &self.cookie)
            .header(header::ORIGIN, &self.house.settings.portal_url)
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", self.house.id::<uuid::Uuid>().to_string());
        let text = body.map(ToString::to_string).unwrap_or_default();
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let response = self.site.call(request.body(text)).await?;
        let status = response.status();
        let bytes = response.into_body().into_vec().await?;
        if !status.is_success() {
            bail!("{method} {path} was answered {status}: {}", String::from_utf8_lossy(&bytes));
        }
        Ok(serde_json::from_slice(&bytes)?)
    }
}
