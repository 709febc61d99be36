//! The portal's door as a browser uses it: requests over a connection that is kept, with the cookie of a
//! real sign-in.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::{RequestBuilder, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request that is not answered in this time is a failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the portal is.
#[derive(Debug, Clone)]
pub struct Door {
    /// `http://127.0.0.1:port`.
    base: String,
    /// The public origin, from which alone something may be changed.
    origin: String,
    /// The school's address.
    slug: String,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Login {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}

/// A browser: one connection, and the cookie when somebody has signed in.
#[derive(Debug, Clone)]
pub struct Browser {
    door: Door,
    http: reqwest::Client,
    cookie: Option<String>,
}

impl Door {
    /// The door of a school at a port.
    pub fn new(port: u16, origin: &str, slug: &str) -> Self {
        Self { base: format!("http://127.0.0.1:{port}"), origin: origin.to_owned(), slug: slug.to_owned() }
    }

    /// A browser that nobody has signed in with.
    pub fn browser(&self) -> Result<Browser> {
        let http = reqwest::Client::builder().pool_max_idle_per_host(1).timeout(PATIENCE).no_proxy().build()?;
        Ok(Browser { door: self.clone(), http, cookie: None })
    }

    /// A browser that comes from this address of the machine.
    pub fn browser_at(&self, address: std::net::IpAddr) -> Result<Browser> {
        let http = reqwest::Client::builder().local_address(address).timeout(PATIENCE).no_proxy().build()?;
        Ok(Browser { door: self.clone(), http, cookie: None })
    }

    /// A browser with the cookie of a session that is there.
    pub fn within(&self, cookie: String) -> Result<Browser> {
        Ok(Browser { cookie: Some(cookie), ..self.browser()? })
    }

    /// A browser of somebody who has signed in.
    pub async fn enter(&self, login: &Login) -> Result<Browser> {
        let mut browser = self.browser()?;
        browser.cookie = Some(browser.sign_in(login).await?);
        Ok(browser)
    }
}

impl Browser {
    /// Signs in and returns the session's cookie, without keeping it.
    pub async fn sign_in(&self, login: &Login) -> Result<String> {
        let body = serde_json::json!({ "login": login.login, "password": login.password });
        let request = self.http.post(format!("{}/api/signup/session", self.door.base)).json(&body);
        let reply =
            request.header(header::ORIGIN, &self.door.origin).header("sec-fetch-site", "same-origin").send().await?;
        let cookie = reply.headers().get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
        let pair = cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let status = reply.status();
        let said = reply.text().await?;
        if !status.is_success() {
            bail!("a sign-in was answered {status}: {said}");
        }
        pair.context("a sign-in without a cookie")
    }

    /// Signs in with a password that is nobody's, and is refused as everybody is.
    pub async fn refused(&self, login: &str) -> Result<()> {
        let body = serde_json::json!({ "login": login, "password": "Nobody has this password 1" });
        let request = self.http.post(format!("{}/api/signup/session", self.door.base)).json(&body);
        let reply =
            request.header(header::ORIGIN, &self.door.origin).header("sec-fetch-site", "same-origin").send().await?;
        let status = reply.status();
        let said = reply.text().await?;
        if status != reqwest::StatusCode::UNAUTHORIZED {
            bail!("a wrong sign-in was answered {status}: {said}");
        }
        Ok(())
    }

    /// GET of an operation of the school; the body as it came.
    pub async fn get(&self, path: &str) -> Result<Vec<u8>> {
        self.answer(self.http.get(self.url(path)), path).await
    }

    /// GET of an operation of the school, read as JSON.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        Ok(serde_json::from_slice(&self.get(path).await?)?)
    }

    /// PUT of an operation of the school, under a key of its own.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, key: uuid::Uuid, body: &impl Serialize) -> Result<T> {
        let request = self
            .http
            .put(self.url(path))
            .header(header::ORIGIN, &self.door.origin)
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", key.to_string())
            .json(body);
        Ok(serde_json::from_slice(&self.answer(request, path).await?)?)
    }

    /// POST of an operation of the school, under a key of its own.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, key: uuid::Uuid, body: &impl Serialize) -> Result<T> {
        let request = self
            .http
            .post(self.url(path))
            .header(header::ORIGIN, &self.door.origin)
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", key.to_string())
            .json(body);
        Ok(serde_json::from_slice(&self.answer(request, path).await?)?)
    }

    /// An asset as transferred: brotli, and not unpacked.
    pub async fn packed(&self, file: &str) -> Result<usize> {
        let request = self.http.get(format!("{}/{file}", self.door.base)).header(header::ACCEPT_ENCODING, "br");
        let reply = request.send().await?;
        let (status, encoding) = (reply.status(), reply.headers().get(header::CONTENT_ENCODING).cloned());
        if !status.is_success() || encoding.as_ref().is_none_or(|encoding| encoding != "br") {
            bail!("{file} was answered {status} in the encoding {encoding:?}");
        }
        Ok(reply.bytes().await?.len())
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/portal/{}{path}", self.door.base, self.door.slug)
    }

    async fn answer(&self, request: RequestBuilder, path: &str) -> Result<Vec<u8>> {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let reply = request.send().await?;
        let status = reply.status();
        let body = reply.bytes().await?.to_vec();
        if !status.is_success() {
            // The address without what is asked for: it may name a person's id.
            let operation = path.split('?').next().unwrap_or_default();
            bail!("{operation} was answered {status}: {}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }
}
