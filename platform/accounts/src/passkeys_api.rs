//! The operations of passkeys: added, taken away and asked for a proof in the portal, asked at the site's entrance.

use kd_http::{Answer, IdempotencyKey, Portal, Visitor};
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use crate::own::passkeys;
use crate::sign_in;
use crate::wire::own::Done;
use crate::wire::passkeys::{PasskeyAsk, PasskeyChallenge, PasskeyNew, PasskeyRemove};

/// Passkeys of the own account.
pub struct OwnPasskeysApi;

#[OpenApi]
impl OwnPasskeysApi {
    /// Asks the browser for a new passkey. Needs a proof of the last ten minutes.
    #[oai(path = "/account/passkeys/challenge", method = "post", operation_id = "passkey_begin")]
    async fn begin(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
    ) -> Answer<PasskeyChallenge> {
        Ok(Json(passkeys::begin(&door, &key).await?))
    }

    /// Adds the passkey that has answered. Needs a proof of the last ten minutes.
    #[oai(path = "/account/passkeys", method = "post", operation_id = "passkey_add")]
    async fn add(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<PasskeyNew>,
    ) -> Answer<Done> {
        Ok(Json(passkeys::add(&door, &key, body.0).await?))
    }

    /// Takes a passkey away. Needs a proof of the last ten minutes.
    #[oai(path = "/account/passkeys/removal", method = "post", operation_id = "passkey_remove")]
    async fn remove(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<PasskeyRemove>,
    ) -> Answer<Done> {
        Ok(Json(passkeys::remove(&door, &key, body.0).await?))
    }

    /// Asks one of the own passkeys for a proof.
    #[oai(path = "/account/proof/challenge", method = "post", operation_id = "passkey_proof")]
    async fn proof(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
    ) -> Answer<PasskeyChallenge> {
        Ok(Json(passkeys::proof(&door, &key).await?))
    }
}

/// Passkeys at the site's entrance.
pub struct PasskeysApi;

#[OpenApi]
impl PasskeysApi {
    /// Asks one of the account's passkeys for the second step of signing in.
    #[oai(path = "/session/challenge", method = "post", operation_id = "passkey_ask")]
    async fn ask(&self, door: Visitor, body: Json<PasskeyAsk>) -> Answer<PasskeyChallenge> {
        Ok(Json(sign_in::passkey_ask(&door, &body.0.login, &body.0.password).await?))
    }
}
