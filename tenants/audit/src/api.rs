//! The door of the room: searches in the audit and in the access log.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, Portal};
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use crate::ops;
use crate::wire::{AuditPage, AuditSearch, LookPage, LookSearch};

/// The audit and the access log of a school.
pub struct AuditApi;

#[OpenApi]
impl AuditApi {
    /// What was done here, newest first. A read: the search travels in the body.
    #[oai(path = "/audit/search", method = "post", operation_id = "audit_search")]
    async fn audit_search(&self, door: Portal, body: Json<AuditSearch>) -> Answer<AuditPage> {
        Ok(Json(door.read(|turn| ops::audit_search(turn, body.0).boxed()).await?))
    }

    /// Who was shown whose data, newest first. A read: the search travels in the body.
    #[oai(path = "/audit/looks", method = "post", operation_id = "look_search")]
    async fn look_search(&self, door: Portal, body: Json<LookSearch>) -> Answer<LookPage> {
        Ok(Json(door.read(|turn| ops::look_search(turn, body.0).boxed()).await?))
    }
}
