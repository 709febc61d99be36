//! The door of the room: people, sheets, credentials of a school.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use kd_kernel::{Problem, ProfileId, SheetId};
use poem_openapi::param::Path;
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, OpenApi};

use crate::ops::{self, people, roles, sheets};
use crate::wire::{
    BoardRow, HandOver, HandedOver, Me, PeopleFound, PeopleSearch, Person, PersonEdit, PersonNew, RoleHolder,
    RoleRights, RolesPut, Sheet, SheetFetch, SheetNew,
};

/// People, sheets and credentials of a school.
pub struct PeopleApi;

/// A paper to be saved.
#[derive(ApiResponse)]
pub enum Paper {
    /// The PDF.
    #[oai(status = 200, content_type = "application/pdf")]
    Pdf(
        Binary<Vec<u8>>,
        /// Saved under this name.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[OpenApi]
impl PeopleApi {
    /// Who is signed in here: roles, rights, children, schools.
    #[oai(path = "/me", method = "get", operation_id = "me_read")]
    async fn me(&self, door: Portal) -> Answer<Me> {
        Ok(Json(door.read(|turn| ops::me(turn).boxed()).await?))
    }

    /// A part of the list of staff, students or guardians, by name. A read: the names travel in the body.
    #[oai(path = "/people/search", method = "post", operation_id = "people_search")]
    async fn search(&self, door: Portal, body: Json<PeopleSearch>) -> Answer<PeopleFound> {
        Ok(Json(door.read(|turn| people::search(turn, body.0).boxed()).await?))
    }

    /// Enters a person. 409 `people.duplicate` where somebody of the same name and birth date is there,
    /// unless `confirm_duplicate` is true.
    #[oai(path = "/people", method = "post", operation_id = "person_add")]
    async fn add(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<PersonNew>,
    ) -> Answer<Person> {
        let new = body.0;
        Ok(Json(door.once(&key, "person_add", &new.clone(), |turn| people::add(turn, new).boxed()).await?))
    }

    /// A person's card.
    #[oai(path = "/people/:id", method = "get", operation_id = "person_read")]
    async fn read(&self, door: Portal, id: Path<ProfileId>) -> Answer<Person> {
        Ok(Json(door.read(|turn| people::read(turn, id.0).boxed()).await?))
    }

    /// Changes a person's data, roles, children, class. 409 `people.changed` where somebody else did.
    #[oai(path = "/people/:id", method = "put", operation_id = "person_edit")]
    async fn edit(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<PersonEdit>,
    ) -> Answer<Person> {
        let (id, edit) = (id.0, body.0);
        let same = (id, edit.clone());
        Ok(Json(door.once(&key, "person_edit", &same, |turn| people::edit(turn, id, edit).boxed()).await?))
    }

    /// Everybody on the staff with the roles held, by name.
    #[oai(path = "/roles", method = "get", operation_id = "role_list")]
    async fn role_list(&self, door: Portal) -> Answer<Vec<RoleHolder>> {
        Ok(Json(door.read(|turn| roles::list(turn).boxed()).await?))
    }

    /// What each role may do: the policy itself, in which nothing is written by hand.
    #[oai(path = "/roles/rights", method = "get", operation_id = "role_rights")]
    async fn role_rights(&self, door: Portal) -> Answer<Vec<RoleRights>> {
        Ok(Json(door.read(|turn| roles::rights(turn).boxed()).await?))
    }

    /// Gives and takes the roles of a member of staff; it counts at that person's next request. 409
    /// `people.last-administrator`, `people.second-factor-missing`, `people.changed`.
    #[oai(path = "/people/:id/roles", method = "put", operation_id = "roles_put")]
    async fn roles_put(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<RolesPut>,
    ) -> Answer<RoleHolder> {
        let (id, put) = (id.0, body.0);
        let same = (id, put.clone());
        Ok(Json(door.once(&key, "roles_put", &same, |turn| roles::put(turn, id, put).boxed()).await?))
    }

    /// Orders a sheet with initial credentials; what those people held before is void when it is made.
    #[oai(path = "/sheets", method = "post", operation_id = "sheet_issue")]
    async fn sheet_issue(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<SheetNew>,
    ) -> Answer<Sheet> {
        let new = body.0;
        Ok(Json(door.once(&key, "sheet_issue", &new.clone(), |turn| sheets::issue(turn, new).boxed()).await?))
    }

    /// The newest sheets, at most a hundred.
    #[oai(path = "/sheets", method = "get", operation_id = "sheet_list")]
    async fn sheet_list(&self, door: Portal) -> Answer<Vec<Sheet>> {
        Ok(Json(door.read(|turn| sheets::list(turn).boxed()).await?))
    }

    /// How far a sheet is.
    #[oai(path = "/sheets/:id", method = "get", operation_id = "sheet_read")]
    async fn sheet_read(&self, door: Portal, id: Path<SheetId>) -> Answer<Sheet> {
        Ok(Json(door.read(|turn| sheets::read(turn, id.0).boxed()).await?))
    }

    /// The paper, once and within an hour; then 410. It changes the sheet, so it is not a GET.
    #[oai(path = "/sheets/:id/file", method = "post", operation_id = "sheet_fetch")]
    async fn sheet_fetch(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<SheetId>,
        _body: Json<SheetFetch>,
    ) -> Result<Paper, Problem> {
        let pdf = sheets::fetch(&door, &key, id.0).await?;
        Ok(Paper::Pdf(Binary(pdf), format!("attachment; filename=\"kundelik-{}.pdf\"", id.0)))
    }

    /// How many have nothing, a printed card, a card in hand, an account: by class and kind.
    #[oai(path = "/credentials/board", method = "get", operation_id = "credential_board")]
    async fn board(&self, door: Portal) -> Answer<Vec<BoardRow>> {
        Ok(Json(door.read(|turn| sheets::board(turn).boxed()).await?))
    }

    /// Records that these people were handed their cards.
    #[oai(path = "/credentials/hand-over", method = "post", operation_id = "hand_over")]
    async fn hand_over(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<HandOver>,
    ) -> Answer<HandedOver> {
        let to = body.0;
        Ok(Json(door.once(&key, "hand_over", &to.clone(), |turn| sheets::hand_over(turn, to).boxed()).await?))
    }
}
