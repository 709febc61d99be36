//! The door of the room: people, sheets, credentials of a school; duplicates in `api::merges`, ИИН
//! in `api::iin`.

pub mod iin;
pub mod merges;

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use kd_kernel::{ClassId, Problem, ProfileId, SheetId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, OpenApi};

use crate::ops::{self, handouts, moves, people, resets, roles, sheets};
use crate::wire::{
    BoardRow, ClassMove, CredentialHistory, CredentialVoid, HandOver, HandedOver, Heading, HeadingEdit, Letters, Me,
    PeopleFound, PeopleSearch, Person, PersonEdit, PersonLeave, PersonLeft, PersonNew, PersonReturn, ResetDone,
    ResetNew, RoleHolder, RoleRights, RolesPut, Sheet, SheetFetch, SheetHandOver, SheetNew, Voided, WaitingRow,
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
        Ok(Json(ops::me(&door).await?))
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
        let same = new.keyed(&door);
        Ok(Json(door.once(&key, "person_add", &same, |turn| people::add(turn, new).boxed()).await?))
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
        let same = (id, edit.keyed(&door));
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

    /// Records that a person leaves: the class ends on the day, the profile is archived, the seat here ends.
    /// 409 `people.last-administrator` for the only one.
    #[oai(path = "/people/:id/departure", method = "post", operation_id = "person_leave")]
    async fn leave(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<PersonLeave>,
    ) -> Answer<PersonLeft> {
        let (id, leave) = (id.0, body.0);
        let same = (id, leave.clone());
        Ok(Json(door.once(&key, "person_leave", &same, |turn| moves::leave(turn, id, leave).boxed()).await?))
    }

    /// Records that a person comes back from the archive. 409 `people.not-archived` for who is here.
    #[oai(path = "/people/:id/return", method = "post", operation_id = "person_return")]
    async fn come_back(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<PersonReturn>,
    ) -> Answer<Person> {
        let (id, back) = (id.0, body.0);
        let same = (id, back.clone());
        Ok(Json(door.once(&key, "person_return", &same, |turn| moves::come_back(turn, id, back).boxed()).await?))
    }

    /// Moves a student to another class from a day on; the earlier membership stays (JRN-4).
    #[oai(path = "/people/:id/class", method = "post", operation_id = "class_move")]
    async fn class_move(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<ClassMove>,
    ) -> Answer<Person> {
        let (id, to) = (id.0, body.0);
        let same = (id, to.clone());
        Ok(Json(door.once(&key, "class_move", &same, |turn| moves::class_move(turn, id, to).boxed()).await?))
    }

    /// Voids a person's password and prints a card with a temporary one; the second factor stays. Needs a proof
    /// of the last ten minutes. 409 `people.reset-administrator`, `people.not-registered`, `people.reset-elsewhere`;
    /// asked again with the same key, `people.reset-over` where the card was used or replaced; 429.
    #[oai(path = "/people/:id/password-reset", method = "post", operation_id = "password_reset")]
    async fn password_reset(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<ResetNew>,
    ) -> Result<Paper, Problem> {
        let pdf = resets::reset(&door, &key, id.0, body.0.language).await?;
        Ok(Paper::Pdf(Binary(pdf), format!("attachment; filename=\"kundelik-{}.pdf\"", id.0)))
    }

    /// Voids a person's password, which is lost or was seen by another; sessions end at once. Needs a proof of
    /// the last ten minutes. 409 `people.reset-administrator`, `people.not-registered`.
    #[oai(path = "/people/:id/password-void", method = "post", operation_id = "password_void")]
    async fn password_void(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
    ) -> Answer<ResetDone> {
        Ok(Json(resets::void(&door, &key, id.0).await?))
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

    /// Orders letters with initial credentials to those of a selection who have an address; what they held
    /// before is void when they are written.
    #[oai(path = "/credentials/letters", method = "post", operation_id = "credential_letters")]
    async fn letters(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<SheetNew>,
    ) -> Answer<Letters> {
        let new = body.0;
        Ok(Json(door.once(&key, "credential_letters", &new.clone(), |turn| sheets::letters(turn, new).boxed()).await?))
    }

    /// The school's own words on every card.
    #[oai(path = "/credentials/heading", method = "get", operation_id = "card_heading")]
    async fn heading(&self, door: Portal) -> Answer<Heading> {
        Ok(Json(door.read(|turn| sheets::heading(turn).boxed()).await?))
    }

    /// Changes the school's own words on every card. 409 `people.changed` where somebody else did.
    #[oai(path = "/credentials/heading", method = "put", operation_id = "card_heading_put")]
    async fn heading_put(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<HeadingEdit>,
    ) -> Answer<Heading> {
        let edit = body.0;
        Ok(Json(
            door.once(&key, "card_heading_put", &edit.clone(), |turn| sheets::heading_put(turn, edit).boxed()).await?,
        ))
    }

    /// How many have nothing, a printed card, a letter, a card in hand, an account: by class and kind.
    #[oai(path = "/credentials/board", method = "get", operation_id = "credential_board")]
    async fn board(&self, door: Portal) -> Answer<Vec<BoardRow>> {
        Ok(Json(door.read(|turn| handouts::board(turn).boxed()).await?))
    }

    /// Who has not registered yet: of a class, or without one those who are in none.
    #[oai(path = "/credentials/waiting", method = "get", operation_id = "credential_waiting")]
    async fn waiting(&self, door: Portal, class_id: Query<Option<ClassId>>) -> Answer<Vec<WaitingRow>> {
        Ok(Json(door.read(|turn| handouts::waiting(turn, class_id.0).boxed()).await?))
    }

    /// The way of a person's initial credential: every step with who and when.
    #[oai(path = "/people/:id/credential", method = "get", operation_id = "credential_history")]
    async fn history(&self, door: Portal, id: Path<ProfileId>) -> Answer<CredentialHistory> {
        Ok(Json(door.read(|turn| handouts::history(turn, id.0).boxed()).await?))
    }

    /// Takes a person's initial credential back, at once.
    #[oai(path = "/people/:id/credential/void", method = "post", operation_id = "credential_void")]
    async fn void(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        _body: Json<CredentialVoid>,
    ) -> Answer<Voided> {
        let id = id.0;
        Ok(Json(door.once(&key, "credential_void", &id, |turn| handouts::take_back(turn, id).boxed()).await?))
    }

    /// Records that these people were handed their cards, all or none. 409 `people.card-not-valid` says by
    /// their places in the request who holds no valid card.
    #[oai(path = "/credentials/hand-over", method = "post", operation_id = "hand_over")]
    async fn hand_over(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<HandOver>,
    ) -> Answer<HandedOver> {
        let to = body.0;
        Ok(Json(door.once(&key, "hand_over", &to.clone(), |turn| handouts::hand_over(turn, to).boxed()).await?))
    }

    /// Records that everybody of a sheet whose card is still the valid one was handed it.
    #[oai(path = "/sheets/:id/hand-over", method = "post", operation_id = "sheet_hand_over")]
    async fn sheet_hand_over(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<SheetId>,
        _body: Json<SheetHandOver>,
    ) -> Answer<HandedOver> {
        let id = id.0;
        Ok(Json(door.once(&key, "sheet_hand_over", &id, |turn| handouts::sheet_hand_over(turn, id).boxed()).await?))
    }
}
