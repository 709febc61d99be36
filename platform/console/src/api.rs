//! The operations of the operators' console; signing in is of accounts.

use kd_accounts::restrictions_wire::{RestrictionNew, User, UserSearch};
use kd_http::{Answer, Operator};
use kd_kernel::{AccountId, ApplicationId, SchoolId};
use kd_provisioning::wire::Service;
use kd_schools::{ApplicationState, SchoolRow};
use kd_signup::wire::{ApplicationCard, ApplicationRow, Preview, PreviewNew, Rejection};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use crate::ops;
use crate::wire::{Nothing, OperatorDesk, SchoolCard};

/// The operators' console.
pub struct ConsoleApi;

#[OpenApi]
impl ConsoleApi {
    /// Counts for the first page.
    #[oai(path = "/desk", method = "get", operation_id = "operator_desk")]
    async fn operator_desk(&self, door: Operator) -> Answer<OperatorDesk> {
        Ok(Json(ops::desk(&door).await?))
    }

    /// Applications, those that wait for a decision first.
    #[oai(path = "/applications", method = "get", operation_id = "application_list")]
    async fn application_list(
        &self,
        door: Operator,
        state: Query<Option<ApplicationState>>,
    ) -> Answer<Vec<ApplicationRow>> {
        Ok(Json(ops::applications(&door, state.0).await?))
    }

    /// One application, whole.
    #[oai(path = "/applications/:id", method = "get", operation_id = "application_read")]
    async fn application_read(&self, door: Operator, id: Path<ApplicationId>) -> Answer<ApplicationCard> {
        Ok(Json(ops::application(&door, id.0).await?))
    }

    /// A letter as it would go out; nothing is written.
    #[oai(path = "/applications/:id/letter", method = "post", operation_id = "letter_preview")]
    async fn letter_preview(&self, door: Operator, id: Path<ApplicationId>, body: Json<PreviewNew>) -> Answer<Preview> {
        Ok(Json(ops::preview(&door, id.0, body.0).await?))
    }

    /// Approves an application and invites its administrator by letter.
    #[oai(path = "/applications/:id/approval", method = "post", operation_id = "application_approve")]
    async fn application_approve(
        &self,
        door: Operator,
        id: Path<ApplicationId>,
        _body: Json<Nothing>,
    ) -> Answer<ApplicationRow> {
        Ok(Json(ops::approve(&door, id.0).await?))
    }

    /// Rejects an application; the letter carries the reason.
    #[oai(path = "/applications/:id/rejection", method = "post", operation_id = "application_reject")]
    async fn application_reject(
        &self,
        door: Operator,
        id: Path<ApplicationId>,
        body: Json<Rejection>,
    ) -> Answer<ApplicationRow> {
        Ok(Json(ops::reject(&door, id.0, body.0).await?))
    }

    /// Invites again: the former credential is void.
    #[oai(path = "/applications/:id/invitation", method = "post", operation_id = "invitation_resend")]
    async fn invitation_resend(
        &self,
        door: Operator,
        id: Path<ApplicationId>,
        _body: Json<Nothing>,
    ) -> Answer<ApplicationRow> {
        Ok(Json(ops::invite_again(&door, id.0).await?))
    }

    /// Schools in the registry, newest first.
    #[oai(path = "/schools", method = "get", operation_id = "school_list")]
    async fn school_list(&self, door: Operator) -> Answer<Vec<SchoolRow>> {
        Ok(Json(ops::schools(&door).await?))
    }

    /// One school: its agreement, the making of its service, its events.
    #[oai(path = "/schools/:id", method = "get", operation_id = "school_read")]
    async fn school_read(&self, door: Operator, id: Path<SchoolId>) -> Answer<SchoolCard> {
        Ok(Json(ops::school(&door, id.0).await?))
    }

    /// Tries the making of a school again, at once.
    #[oai(path = "/schools/:id/provisioning/retry", method = "post", operation_id = "provisioning_retry")]
    async fn provisioning_retry(&self, door: Operator, id: Path<SchoolId>, _body: Json<Nothing>) -> Answer<Service> {
        Ok(Json(ops::retry(&door, id.0).await?))
    }

    /// Takes back what was made of a school that could not be made whole.
    #[oai(path = "/schools/:id/provisioning/rollback", method = "post", operation_id = "provisioning_rollback")]
    async fn provisioning_rollback(&self, door: Operator, id: Path<SchoolId>, _body: Json<Nothing>) -> Answer<Service> {
        Ok(Json(ops::roll_back(&door, id.0).await?))
    }

    /// A user by the login, whole. A read: the login travels in the body.
    #[oai(path = "/users/search", method = "post", operation_id = "user_find")]
    async fn user_find(&self, door: Operator, body: Json<UserSearch>) -> Answer<User> {
        Ok(Json(ops::user_find(&door, &body.0.login).await?))
    }

    /// Those whom the provider keeps out, the latest first; at most two hundred.
    #[oai(path = "/users/restricted", method = "get", operation_id = "restriction_list")]
    async fn restriction_list(&self, door: Operator) -> Answer<Vec<User>> {
        Ok(Json(ops::restricted(&door).await?))
    }

    /// Keeps a user out, at once; the administrators of the user's schools are told why. 409
    /// `accounts.restricted`.
    #[oai(path = "/users/:id/restriction", method = "post", operation_id = "user_restrict")]
    async fn user_restrict(&self, door: Operator, id: Path<AccountId>, body: Json<RestrictionNew>) -> Answer<User> {
        Ok(Json(ops::restrict(&door, id.0, &body.0).await?))
    }

    /// Lets a user in again. 409 `accounts.not-restricted`.
    #[oai(path = "/users/:id/release", method = "post", operation_id = "user_release")]
    async fn user_release(&self, door: Operator, id: Path<AccountId>, _body: Json<Nothing>) -> Answer<User> {
        Ok(Json(ops::release(&door, id.0).await?))
    }
}
