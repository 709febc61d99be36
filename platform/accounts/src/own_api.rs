//! The operations of the own account, for the portal, and of its recovery, for the public site.

use kd_ctx::Scope;
use kd_http::{Answer, IdempotencyKey, Portal, Visitor, cookies};
use kd_kernel::Problem;
use poem::http::header;
use poem_openapi::OpenApi;
use poem_openapi::payload::{Json, Response};

use crate::api::entered;
use crate::own::{self, attach, email, factors, lost, password, proof, sessions};
use crate::recovery;
use crate::wire::SecondFactor;
use crate::wire::own::{
    Attachment, AttachmentAdd, AttachmentLook, AttachmentOffer, Done, EmailConfirm, EmailPut, Ended, FactorConfirm,
    FactorRemove, LanguagePut, LoginPut, Lost, OwnAccount, PasswordPut, Proof, RecoveryAsk, RecoveryCodes,
    RecoveryFinish, SessionEnd,
};

/// The own account.
pub struct OwnApi;

#[OpenApi]
impl OwnApi {
    /// The own account: login, address, second factor, sessions.
    #[oai(path = "/account", method = "get", operation_id = "account_read")]
    async fn read(&self, door: Portal) -> Answer<OwnAccount> {
        Ok(Json(own::read(&door).await?))
    }

    /// Proves who it is; what is sensitive can be done for ten minutes.
    #[oai(path = "/account/proof", method = "post", operation_id = "account_prove")]
    async fn prove(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<Proof>,
    ) -> Answer<Done> {
        Ok(Json(proof::prove(&door, &key, body.0).await?))
    }

    /// Changes the password; every other session ends, this one gets a new cookie.
    #[oai(path = "/account/password", method = "put", operation_id = "account_password")]
    async fn password(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<PasswordPut>,
    ) -> Result<Response<Json<Done>>, Problem> {
        Ok(entered(password::password(&door, &key, body.0).await?))
    }

    /// Changes the login. Needs a proof of the last ten minutes.
    #[oai(path = "/account/login", method = "put", operation_id = "account_login")]
    async fn login(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<LoginPut>,
    ) -> Answer<Done> {
        Ok(Json(password::login(&door, &key, body.0).await?))
    }

    /// Changes the language of letters.
    #[oai(path = "/account/language", method = "put", operation_id = "account_language")]
    async fn language(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<LanguagePut>,
    ) -> Answer<Done> {
        Ok(Json(password::language(&door, &key, body.0).await?))
    }

    /// Sends a code to an address. Needs a proof of the last ten minutes.
    #[oai(path = "/account/email", method = "post", operation_id = "account_email")]
    async fn email(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<EmailPut>,
    ) -> Answer<Done> {
        Ok(Json(email::put(&door, &key, body.0).await?))
    }

    /// Confirms the address by the code. Needs a proof of the last ten minutes.
    #[oai(path = "/account/email/confirmation", method = "post", operation_id = "account_email_confirm")]
    async fn email_confirm(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<EmailConfirm>,
    ) -> Answer<Done> {
        Ok(Json(email::confirm(&door, &key, body.0).await?))
    }

    /// Begins a second factor. Needs a proof of the last ten minutes.
    #[oai(path = "/account/factor", method = "post", operation_id = "factor_begin")]
    async fn factor_begin(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
    ) -> Answer<SecondFactor> {
        Ok(Json(factors::begin(&door, &key).await?))
    }

    /// Sets the second factor up by a code of it; shows ten recovery codes. Needs a proof of the last ten minutes.
    #[oai(path = "/account/factor/confirmation", method = "post", operation_id = "factor_confirm")]
    async fn factor_confirm(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<FactorConfirm>,
    ) -> Answer<RecoveryCodes> {
        Ok(Json(factors::confirm(&door, &key, body.0).await?))
    }

    /// Takes the second factor away. Needs a proof of the last ten minutes.
    #[oai(path = "/account/factor/removal", method = "post", operation_id = "factor_remove")]
    async fn factor_remove(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<FactorRemove>,
    ) -> Answer<Done> {
        Ok(Json(factors::remove(&door, &key, body.0).await?))
    }

    /// Draws ten new recovery codes. Needs a proof of the last ten minutes.
    #[oai(path = "/account/recovery-codes", method = "post", operation_id = "recovery_codes_renew")]
    async fn codes_renew(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
    ) -> Answer<RecoveryCodes> {
        Ok(Json(factors::renew(&door, &key).await?))
    }

    /// Ends one of the own sessions.
    #[oai(path = "/account/sessions/end", method = "post", operation_id = "session_end")]
    async fn session_end(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<SessionEnd>,
    ) -> Answer<Ended> {
        Ok(Json(sessions::end(&door, &key, body.0).await?))
    }

    /// Ends every session but this one.
    #[oai(path = "/account/sessions/end-others", method = "post", operation_id = "sessions_end_others")]
    async fn sessions_end_others(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
    ) -> Answer<Ended> {
        Ok(Json(sessions::end_others(&door, &key).await?))
    }

    /// Says whose profile the paper of another school would attach. Needs a proof of the last ten minutes.
    #[oai(path = "/account/attachment/look", method = "post", operation_id = "attachment_look")]
    async fn attachment_look(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<AttachmentLook>,
    ) -> Answer<AttachmentOffer> {
        Ok(Json(attach::look(&door, &key, body.0).await?))
    }

    /// Attaches that profile; this session gets a new cookie. Needs a proof of the last ten minutes.
    #[oai(path = "/account/attachment", method = "post", operation_id = "attachment_add")]
    async fn attachment_add(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<AttachmentAdd>,
    ) -> Result<Response<Json<Attachment>>, Problem> {
        Ok(entered(attach::add(&door, &key, body.0).await?))
    }

    /// The password is lost or seen by another: it is nobody's from now on, and every session ends.
    #[oai(path = "/account/lost", method = "post", operation_id = "account_lost")]
    async fn lost(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<Lost>,
    ) -> Result<Response<Json<Done>>, Problem> {
        let done = lost::report(&door, &key, body.0).await?;
        Ok(Response::new(Json(done)).header(header::SET_COOKIE, cookies::clear(Scope::User)))
    }
}

/// Recovery, for the public site.
pub struct RecoveryApi;

#[OpenApi]
impl RecoveryApi {
    /// Asks for a letter with a link to a new password. The answer is always the same.
    #[oai(path = "/recovery", method = "post", operation_id = "recovery_ask")]
    async fn ask(&self, door: Visitor, body: Json<RecoveryAsk>) -> Answer<Done> {
        Ok(Json(recovery::ask(&door, &body.0).await?))
    }

    /// Chooses a new password by the link's token; every session ends.
    #[oai(path = "/recovery/password", method = "post", operation_id = "recovery_finish")]
    async fn finish(&self, door: Visitor, body: Json<RecoveryFinish>) -> Answer<Done> {
        Ok(Json(recovery::finish(&door, &body.0).await?))
    }
}
