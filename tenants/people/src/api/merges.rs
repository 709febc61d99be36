//! The door of duplicates. It knows the rooms above by what they give over in a merge, nothing else of them.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use kd_kernel::{MergeId, ProfileId};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use crate::heirs::Heir;
use crate::ops::merges;
use crate::wire::{DuplicatesFound, Kind, MergeUndo, NotSame, NotSameSaid, Person, PersonMerge};

/// Duplicates of people, with the rooms that have rows to give over.
pub struct MergesApi(pub &'static [Heir]);

#[OpenApi]
impl MergesApi {
    /// Pairs of profiles of a kind that may be one person, the surest first, at most a hundred; with `apart` those
    /// alone that were told apart.
    #[oai(path = "/duplicates", method = "get", operation_id = "duplicate_list")]
    async fn list(&self, door: Portal, kind: Query<Kind>, apart: Query<Option<bool>>) -> Answer<DuplicatesFound> {
        let apart = apart.0.unwrap_or_default();
        Ok(Json(door.read(|turn| merges::list(turn, kind.0, apart).boxed()).await?))
    }

    /// Remembers that two who look alike are not the same person, or takes that back.
    #[oai(path = "/duplicates/not-same", method = "post", operation_id = "duplicate_not_same")]
    async fn not_same(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<NotSame>,
    ) -> Answer<NotSameSaid> {
        let said = body.0;
        Ok(Json(
            door.once(&key, "duplicate_not_same", &said.clone(), |turn| merges::tell_apart(turn, said).boxed()).await?,
        ))
    }

    /// Gives up another profile of the same person for this one. 409 `people.merge-both-registered`,
    /// `people.merge-keep-registered`, `people.merge-other-kind`, `people.merge-both-marked`,
    /// `people.merge-both-teach`, `people.changed`.
    #[oai(path = "/people/:id/merge", method = "post", operation_id = "person_merge")]
    async fn merge(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<PersonMerge>,
    ) -> Answer<Person> {
        let (id, merge, heirs) = (id.0, body.0, self.0);
        let same = (id, merge.clone());
        Ok(Json(door.once(&key, "person_merge", &same, |turn| merges::merge(turn, heirs, id, merge).boxed()).await?))
    }

    /// Takes a merge back. 409 `people.merge-changed` where something of it has changed since.
    #[oai(path = "/merges/:id/undo", method = "post", operation_id = "merge_undo")]
    async fn undo(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<MergeId>,
        body: Json<MergeUndo>,
    ) -> Answer<Person> {
        let (id, undo, heirs) = (id.0, body.0, self.0);
        Ok(Json(door.once(&key, "merge_undo", &(id, undo), |turn| merges::undo(turn, heirs, id, undo).boxed()).await?))
    }
}
