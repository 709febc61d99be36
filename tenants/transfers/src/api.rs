//! The door of the room: students who go to another school, and who come from one.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use kd_kernel::{Problem, ProfileId, TransferId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, OpenApi};

use crate::ops;
use crate::wire::{
    ReceivingSchool, Transfer, TransferAccept, TransferAccepted, TransferNew, TransferPreview, TransferUpload,
    TransferWithdraw,
};

/// Transfers of a school's students.
pub struct TransfersApi;

/// A file to be saved.
#[derive(ApiResponse)]
pub enum TransferFile {
    /// The sealed file.
    #[oai(status = 200, content_type = "application/octet-stream")]
    Sealed(
        Binary<Vec<u8>>,
        /// Saved under this name.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[OpenApi]
impl TransfersApi {
    /// The open school of an address or БСН, to be confirmed by its name. 422 `transfers.school-unknown`,
    /// `transfers.school-several`, `transfers.own-school`.
    #[oai(path = "/transfers/school", method = "get", operation_id = "transfer_school")]
    async fn school(&self, door: Portal, named: Query<String>) -> Answer<ReceivingSchool> {
        Ok(Json(door.read(|turn| async move { ops::school(turn, &named.0).await }.boxed()).await?))
    }

    /// The transfers of a student, the latest first.
    #[oai(path = "/people/:id/transfers", method = "get", operation_id = "transfer_list")]
    async fn list(&self, door: Portal, id: Path<ProfileId>) -> Answer<Vec<Transfer>> {
        Ok(Json(door.read(|turn| ops::list(turn, id.0).boxed()).await?))
    }

    /// Exports a student, active or departed, for another school: signed, sealed for it, good for thirty days. Needs
    /// a proof of the last ten minutes. 409 `transfers.open-already`.
    #[oai(path = "/people/:id/transfers", method = "post", operation_id = "transfer_export")]
    async fn export(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<TransferNew>,
    ) -> Answer<Transfer> {
        let (id, new) = (id.0, body.0);
        let same = (id, new.clone());
        Ok(Json(door.once(&key, "transfer_export", &same, |turn| ops::export(turn, id, new).boxed()).await?))
    }

    /// The sealed file, while it may be accepted. Needs a proof of the last ten minutes; stands in the access log.
    #[oai(path = "/transfers/:id/file", method = "get", operation_id = "transfer_file")]
    async fn file(&self, door: Portal, id: Path<TransferId>) -> Result<TransferFile, Problem> {
        let (file, number) = door.read(|turn| ops::file(turn, id.0).boxed()).await?;
        Ok(TransferFile::Sealed(Binary(file), format!("attachment; filename=\"transfer-{number}.kundelik\"")))
    }

    /// Takes a file back that nobody has accepted; it opens nowhere from now on. 409 `transfers.being-accepted`,
    /// `transfers.ended`.
    #[oai(path = "/transfers/:id/withdraw", method = "post", operation_id = "transfer_withdraw")]
    async fn withdraw(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<TransferId>,
        _body: Json<TransferWithdraw>,
    ) -> Answer<Transfer> {
        let id = id.0;
        Ok(Json(door.once(&key, "transfer_withdraw", &id, |turn| ops::withdraw(turn, id).boxed()).await?))
    }

    /// Opens a file and says who of it may be here already. A read: the file travels in the body. 422 and 409
    /// `transfers.…` say why a file is not accepted.
    #[oai(path = "/transfers/preview", method = "post", operation_id = "transfer_preview")]
    async fn preview(&self, door: Portal, body: Json<TransferUpload>) -> Answer<TransferPreview> {
        let file = body.0.content.0;
        Ok(Json(door.read(|turn| async move { ops::preview(turn, &file).await }.boxed()).await?))
    }

    /// Takes the student of a file in, with the guardians named, once: all of it or nothing.
    #[oai(path = "/transfers/accept", method = "post", operation_id = "transfer_accept")]
    async fn accept(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<TransferAccept>,
    ) -> Answer<TransferAccepted> {
        Ok(Json(ops::accept(&door, &key, body.0).await?))
    }
}
