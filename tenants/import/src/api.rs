//! The door of the room: imports of a school.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use kd_kernel::{ImportId, Problem, Tongue};
use kd_people::intake::Numbers;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, OpenApi};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ops;
use crate::store::Part;
use crate::wire::{
    Import, ImportAt, ImportColumns, ImportDrop, ImportMended, ImportNew, ImportRowPut, ImportRows, RowOutcome,
};

/// Imports of a school.
pub struct ImportApi;

/// A workbook to be saved.
#[derive(ApiResponse)]
pub enum Workbook {
    /// The XLSX.
    #[oai(status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    Xlsx(
        Binary<Vec<u8>>,
        /// Saved under this name.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[OpenApi]
impl ImportApi {
    /// The newest imports, at most fifty.
    #[oai(path = "/imports", method = "get", operation_id = "import_list")]
    async fn list(&self, door: Portal) -> Answer<Vec<Import>> {
        Ok(Json(door.read(|turn| ops::list(turn).boxed()).await?))
    }

    /// The empty workbook that a school fills in: `kk`, `ru` or `en`.
    #[oai(path = "/imports/template", method = "get", operation_id = "import_template")]
    async fn template(&self, door: Portal, language: Query<Tongue>) -> Result<Workbook, Problem> {
        let tongue = language.0;
        let book = door.read(|turn| ops::template(turn, tongue).boxed()).await?;
        let name = format!("attachment; filename=\"kundelik-people-{}.xlsx\"", tongue.code());
        Ok(Workbook::Xlsx(Binary(book), name))
    }

    /// Reads a file and says what each of its rows is going to do; nothing of it is written. 422 `import.…` says
    /// why a file is not read.
    #[oai(path = "/imports", method = "post", operation_id = "import_begin")]
    async fn begin(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<ImportNew>,
    ) -> Answer<Import> {
        let new = body.0;
        let print = Sha256::digest(&new.content.0).to_vec();
        let same = (new.file_name.clone(), new.source, new.legal_basis.clone(), print);
        Ok(Json(door.once(&key, "import_begin", &same, |turn| ops::begin(turn, new).boxed()).await?))
    }

    /// How far an import is.
    #[oai(path = "/imports/:id", method = "get", operation_id = "import_read")]
    async fn read(&self, door: Portal, id: Path<ImportId>) -> Answer<Import> {
        Ok(Json(door.read(|turn| ops::read(turn, id.0).boxed()).await?))
    }

    /// A part of the rows of an import, in the order of the file; at most 200.
    #[oai(path = "/imports/:id/rows", method = "get", operation_id = "import_rows")]
    async fn rows(
        &self,
        door: Portal,
        id: Path<ImportId>,
        outcome: Query<Option<RowOutcome>>,
        table: Query<Option<u32>>,
        offset: Query<Option<u32>>,
        limit: Query<Option<u32>>,
    ) -> Answer<ImportRows> {
        let part = Part {
            outcome: outcome.0,
            table: table.0,
            offset: offset.0.unwrap_or_default(),
            limit: limit.0.unwrap_or(u32::MAX),
        };
        Ok(Json(door.read(|turn| ops::rows(turn, id.0, part).boxed()).await?))
    }

    /// Says what the columns of a sheet mean. 409 `import.changed` where somebody else mended meanwhile.
    #[oai(path = "/imports/:id/columns", method = "put", operation_id = "import_map")]
    async fn map(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ImportId>,
        body: Json<ImportColumns>,
    ) -> Answer<Import> {
        let (id, columns) = (id.0, body.0);
        let same = (id, columns.clone());
        Ok(Json(door.once(&key, "import_map", &same, |turn| ops::map(turn, id, columns).boxed()).await?))
    }

    /// Mends a row, or leaves it out.
    #[oai(path = "/imports/:id/rows/:row", method = "put", operation_id = "import_mend")]
    async fn mend(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ImportId>,
        row: Path<Uuid>,
        body: Json<ImportRowPut>,
    ) -> Answer<ImportMended> {
        let (id, row, put) = (id.0, row.0, body.0);
        let sent = serde_json::to_string(&put).map_err(Problem::internal)?;
        let same = (id, row, Numbers::print(door.house(), door.school().id, &sent));
        Ok(Json(door.once(&key, "import_mend", &same, |turn| ops::mend(turn, id, row, put).boxed()).await?))
    }

    /// Leaves out every row that cannot be done as it stands. 409 `import.changed` where somebody mended meanwhile.
    #[oai(path = "/imports/:id/leave-out", method = "post", operation_id = "import_leave_out")]
    async fn leave_out(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ImportId>,
        body: Json<ImportAt>,
    ) -> Answer<Import> {
        let (id, at) = (id.0, body.0);
        let same = (id, at.clone());
        Ok(Json(door.once(&key, "import_leave_out", &same, |turn| ops::leave_out(turn, id, at).boxed()).await?))
    }

    /// Has all rows written, in the background and as one: all or none. 409 `import.has-errors`,
    /// `import.nothing-to-do`, `import.another-at-work`, `import.changed`.
    #[oai(path = "/imports/:id/commit", method = "post", operation_id = "import_commit")]
    async fn commit(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ImportId>,
        body: Json<ImportAt>,
    ) -> Answer<Import> {
        let (id, at) = (id.0, body.0);
        let same = (id, at.clone());
        Ok(Json(door.once(&key, "import_commit", &same, |turn| ops::commit(turn, id, at).boxed()).await?))
    }

    /// Has everything taken back that an import did, while nothing depends on it. 409 `import.depended-on` says
    /// on how many people something does.
    #[oai(path = "/imports/:id/undo", method = "post", operation_id = "import_undo")]
    async fn undo(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ImportId>,
        body: Json<ImportAt>,
    ) -> Answer<Import> {
        let (id, at) = (id.0, body.0);
        let same = (id, at.clone());
        Ok(Json(door.once(&key, "import_undo", &same, |turn| ops::undo(turn, id, at).boxed()).await?))
    }

    /// Gives up a file that was not written; its rows are deleted.
    #[oai(path = "/imports/:id/drop", method = "post", operation_id = "import_drop")]
    async fn give_up(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ImportId>,
        _body: Json<ImportDrop>,
    ) -> Answer<Import> {
        let id = id.0;
        Ok(Json(door.once(&key, "import_drop", &id, |turn| ops::give_up(turn, id).boxed()).await?))
    }
}
