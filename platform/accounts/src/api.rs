//! The operations: signing in and registering for the public site, signing in for the console.

use kd_ctx::Scope;
use kd_http::{Answer, Newcomer, Visitor, cookies};
use kd_kernel::{Problem, Tongue};
use poem::http::header;
use poem_openapi::param::Query;
use poem_openapi::payload::{Json, Response};
use poem_openapi::{ApiResponse, OpenApi};

use crate::sign_in::Shown;
use crate::wire::{
    AttachmentNew, OperatorSignIn, OperatorSignedIn, OperatorState, Registered, Registration, RegistrationNew,
    SecondFactor, SessionState, SignInNew, SignedIn, TermsClause, TermsText,
};
use crate::{Entrance, attach, operators, registration, sign_in};

/// An answer that brings a cookie.
type Entered<T> = Result<Response<Json<T>>, Problem>;

/// Nothing is left of the session.
#[derive(ApiResponse)]
pub enum SignedOut {
    /// Signed out, whether or not somebody was signed in.
    #[oai(status = 204)]
    Done,
}

/// Signing in, registering, the user agreement: for the public site.
pub struct AccountsApi;

#[OpenApi]
impl AccountsApi {
    /// Signs in with an activation, an initial or an own login.
    #[oai(path = "/session", method = "post", operation_id = "sign_in")]
    async fn sign_in(&self, door: Visitor, body: Json<SignInNew>) -> Entered<SignedIn> {
        let body = body.0;
        let shown = Shown::of(body.code, body.passkey);
        Ok(entered(sign_in::sign_in(&door, &body.login, &body.password, shown).await?))
    }

    /// Says what kind of session the browser has.
    #[oai(path = "/session", method = "get", operation_id = "session_read")]
    async fn session_read(&self, door: Visitor) -> Answer<SessionState> {
        Ok(Json(sign_in::session_read(&door).await?))
    }

    /// Signs out; the answer is always the same.
    #[oai(path = "/session", method = "delete", operation_id = "sign_out")]
    async fn sign_out(&self, door: Visitor) -> Result<Response<SignedOut>, Problem> {
        sign_in::sign_out(&door).await?;
        Ok(signed_out(Scope::User))
    }

    /// The user agreement.
    #[oai(path = "/terms", method = "get", operation_id = "terms_read")]
    async fn terms_read(&self, door: Visitor, lang: Query<Option<Tongue>>) -> Answer<TermsText> {
        Ok(Json(kd_press::terms(lang.0.unwrap_or(door.tongue)).into()))
    }

    /// Says what is registered, and what it takes.
    #[oai(path = "/registration", method = "get", operation_id = "registration_read")]
    async fn registration_read(&self, door: Newcomer) -> Answer<Registration> {
        Ok(Json(registration::read(&door).await?))
    }

    /// Begins the second factor of the account to be.
    #[oai(path = "/registration/second-factor", method = "post", operation_id = "second_factor_begin")]
    async fn second_factor_begin(&self, door: Newcomer) -> Answer<SecondFactor> {
        Ok(Json(registration::second_factor_begin(&door).await?))
    }

    /// Makes the account.
    #[oai(path = "/registration", method = "post", operation_id = "register")]
    async fn register(&self, door: Newcomer, body: Json<RegistrationNew>) -> Entered<Registered> {
        Ok(entered(registration::register(&door, body.0).await?))
    }

    /// Attaches the profile to an account that is there.
    #[oai(path = "/registration/attachment", method = "post", operation_id = "registration_attach")]
    async fn registration_attach(&self, door: Newcomer, body: Json<AttachmentNew>) -> Entered<Registered> {
        Ok(entered(attach::registration_attach(&door, body.0).await?))
    }
}

/// Signing in for the operators' console.
pub struct OperatorsApi;

#[OpenApi]
impl OperatorsApi {
    /// Signs an operator in.
    #[oai(path = "/session", method = "post", operation_id = "operator_sign_in")]
    async fn operator_sign_in(&self, door: Visitor, body: Json<OperatorSignIn>) -> Entered<OperatorSignedIn> {
        let body = body.0;
        Ok(entered(operators::operator_sign_in(&door, &body.login, &body.password, &body.code).await?))
    }

    /// Says which operator is signed in.
    #[oai(path = "/session", method = "get", operation_id = "operator_read")]
    async fn operator_read(&self, door: Visitor) -> Answer<OperatorState> {
        Ok(Json(operators::operator_read(&door).await?))
    }

    /// Signs the operator out; the answer is always the same.
    #[oai(path = "/session", method = "delete", operation_id = "operator_sign_out")]
    async fn operator_sign_out(&self, door: Visitor) -> Result<Response<SignedOut>, Problem> {
        operators::operator_sign_out(&door).await?;
        Ok(signed_out(Scope::Operator))
    }
}

pub(crate) fn entered<T: poem_openapi::types::Type + poem_openapi::types::ToJSON>(
    entrance: Entrance<T>,
) -> Response<Json<T>> {
    let cookie = match &entrance.token {
        Some(token) => cookies::set(entrance.scope, token),
        None => cookies::clear(entrance.scope),
    };
    Response::new(Json(entrance.answer)).header(header::SET_COOKIE, cookie)
}

fn signed_out(scope: Scope) -> Response<SignedOut> {
    Response::new(SignedOut::Done)
        .header(header::SET_COOKIE, cookies::clear(scope))
        .header("clear-site-data", "\"cookies\", \"storage\"")
}

impl From<kd_press::Terms> for TermsText {
    fn from(terms: kd_press::Terms) -> Self {
        let clause = |c: kd_press::TermsClause| TermsClause { number: c.number, text: c.text.to_owned() };
        Self {
            version: terms.version.to_owned(),
            published_on: terms.published_on,
            title: terms.title.to_owned(),
            clauses: terms.clauses.into_iter().map(clause).collect(),
        }
    }
}
