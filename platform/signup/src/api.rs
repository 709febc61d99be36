//! The operations of the public site that are about applications and activation.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use kd_ctx::Scope;
use kd_http::{Answer, Newcomer, Visitor, cookies};
use kd_kernel::Problem;
use kd_provisioning::wire::Service;
use kd_schools::{Agreement, AgreementDraft, AgreementSignature, PaperLanguage};
use poem::http::header;
use poem::{Body, IntoResponse};
use poem_openapi::param::Query;
use poem_openapi::payload::{EventStream, Json, Payload, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, OpenApi};

use crate::ops;
use crate::wire::{Activation, ApplicationNew, ApplicationReceived, ServiceEntrance, ServiceNew};

/// A paper, as PDF.
pub struct Pdf(Bytes);

impl Payload for Pdf {
    const CONTENT_TYPE: &'static str = "application/pdf";

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")))
    }
}

impl IntoResponse for Pdf {
    fn into_response(self) -> poem::Response {
        poem::Response::builder().content_type(Self::CONTENT_TYPE).body(Body::from_bytes(self.0))
    }
}

impl ApiResponse for Pdf {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType { content_type: Self::CONTENT_TYPE, schema: Self::schema_ref() }];
        let paper =
            MetaResponse { description: "The paper", status: Some(200), status_range: None, content, headers: vec![] };
        MetaResponses { responses: vec![paper] }
    }

    fn register(_: &mut Registry) {}
}

/// Applications and activation.
pub struct SignupApi;

#[OpenApi]
impl SignupApi {
    /// Takes a school's application in.
    #[oai(path = "/applications", method = "post", operation_id = "application_send")]
    async fn application_send(&self, door: Visitor, body: Json<ApplicationNew>) -> Answer<ApplicationReceived> {
        Ok(Json(ops::send(&door.house, door.ip, body.0).await?))
    }

    /// Says where the activation stands, and what is next.
    #[oai(path = "/activation", method = "get", operation_id = "activation_read")]
    async fn activation_read(&self, door: Newcomer) -> Answer<Activation> {
        Ok(Json(ops::activation(&door).await?))
    }

    /// Draws the agreement up, or draws the draft up anew as its next version.
    #[oai(path = "/agreement", method = "post", operation_id = "agreement_draft")]
    async fn agreement_draft(&self, door: Newcomer, body: Json<AgreementDraft>) -> Answer<Agreement> {
        Ok(Json(ops::draft(&door, body.0).await?))
    }

    /// The agreement as it stands, as PDF; the Russian text binds.
    #[oai(path = "/agreement/document", method = "get", operation_id = "agreement_document")]
    async fn agreement_document(&self, door: Newcomer, lang: Query<PaperLanguage>) -> Result<Response<Pdf>, Problem> {
        let (name, bytes) = ops::document(&door, lang.0).await?;
        Ok(Response::new(Pdf(bytes)).header(header::CONTENT_DISPOSITION, inline(&name)))
    }

    /// Signs the version of the agreement that was read, once.
    #[oai(path = "/agreement/signature", method = "post", operation_id = "agreement_sign")]
    async fn agreement_sign(&self, door: Newcomer, body: Json<AgreementSignature>) -> Answer<Agreement> {
        Ok(Json(ops::sign(&door, body.0).await?))
    }

    /// Activates the School service at an address, for good.
    #[oai(path = "/service", method = "post", operation_id = "service_activate")]
    async fn service_activate(&self, door: Newcomer, body: Json<ServiceNew>) -> Answer<Service> {
        Ok(Json(ops::activate(&door, body.0).await?))
    }

    /// The service as it is being made.
    #[oai(path = "/service", method = "get", operation_id = "service_read")]
    async fn service_read(&self, door: Newcomer) -> Answer<Service> {
        Ok(Json(ops::service(&door).await?))
    }

    /// The service whenever it changes, until it is open or has failed.
    #[oai(path = "/service/events", method = "get", operation_id = "service_events")]
    async fn service_events(&self, door: Newcomer) -> Result<EventStream<BoxStream<'static, Service>>, Problem> {
        let changes = ops::service_events(door).await?;
        Ok(EventStream::new(changes).keep_alive(std::time::Duration::from_secs(15)))
    }

    /// Goes into the open school: the session becomes an ordinary one.
    #[oai(path = "/service/entrance", method = "post", operation_id = "service_enter")]
    async fn service_enter(&self, door: Newcomer) -> Result<Response<Json<ServiceEntrance>>, Problem> {
        let (entrance, token) = ops::enter(&door).await?;
        Ok(Response::new(Json(entrance)).header(header::SET_COOKIE, cookies::set(Scope::User, &token)))
    }
}

/// Shown in the browser, and saved under a name that any system takes (RFC 6266).
fn inline(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
    let encoded: String = name
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect();
    format!("inline; filename=\"agreement{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_fits_into_a_header() {
        let header = inline("КД-2026-000012-ru.pdf");
        assert!(header.is_ascii() && header.contains("filename=\"agreement-2026-000012-ru.pdf\""), "{header}");
        assert!(header.ends_with("filename*=UTF-8''%D0%9A%D0%94-2026-000012-ru.pdf"), "{header}");
    }
}
