//! The doors of lessons.

use chrono::NaiveDate;
use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use uuid::Uuid;

use crate::ops;
use crate::wire::{Lesson, LessonEdit, LessonNew, LessonSeries, SeriesMade};

/// The operations of lessons.
pub struct TimetableApi;

#[OpenApi]
impl TimetableApi {
    /// The lessons of a class between two days.
    #[oai(path = "/lessons", method = "get", operation_id = "lesson_list")]
    async fn list(
        &self,
        door: Portal,
        class_id: Query<Uuid>,
        from: Query<NaiveDate>,
        to: Query<NaiveDate>,
    ) -> Answer<Vec<Lesson>> {
        Ok(Json(door.read(|turn| ops::list(turn, class_id.0, from.0, to.0).boxed()).await?))
    }

    /// Makes a lesson; days off and clashes are refused.
    #[oai(path = "/lessons", method = "post", operation_id = "lesson_add")]
    async fn add(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<LessonNew>,
    ) -> Answer<Lesson> {
        let new = body.0;
        Ok(Json(door.once(&key, "lesson_add", &new.clone(), |turn| ops::add(turn, new).boxed()).await?))
    }

    /// Makes lessons on one weekday of many weeks; days off are left out and named.
    #[oai(path = "/lessons/series", method = "post", operation_id = "lesson_series")]
    async fn series(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<LessonSeries>,
    ) -> Answer<SeriesMade> {
        let new = body.0;
        Ok(Json(door.once(&key, "lesson_series", &new.clone(), |turn| ops::series(turn, new).boxed()).await?))
    }

    /// Writes topic and homework of a lesson.
    #[oai(path = "/lessons/:id", method = "put", operation_id = "lesson_edit")]
    async fn edit(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<Uuid>,
        body: Json<LessonEdit>,
    ) -> Answer<Lesson> {
        let edit = body.0;
        let asked = (id.0, edit.clone());
        Ok(Json(door.once(&key, "lesson_edit", &asked, |turn| ops::edit(turn, id.0.into(), edit).boxed()).await?))
    }
}
