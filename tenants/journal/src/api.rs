//! The journal's doors.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use uuid::Uuid;

use crate::ops;
use crate::page::{self, Asked};
use crate::wire::{Attendance, AttendancePut, CellChange, Choice, Journal, Mark, MarkPut, Roll, RollTake};

/// The journal's operations.
pub struct JournalApi;

#[OpenApi]
impl JournalApi {
    /// The journals that may be opened, one's own first.
    #[oai(path = "/journal/choices", method = "get", operation_id = "journal_choices")]
    async fn choices(&self, door: Portal) -> Answer<Vec<Choice>> {
        Ok(Json(door.read(|turn| page::choices(turn).boxed()).await?))
    }

    /// The journal of a class in a subject; without a period that of today.
    #[oai(path = "/journal", method = "get", operation_id = "journal_page")]
    async fn page(
        &self,
        door: Portal,
        class_id: Query<Uuid>,
        subject_id: Query<Uuid>,
        period_id: Query<Option<Uuid>>,
    ) -> Answer<Journal> {
        let asked = Asked { class: class_id.0.into(), subject: subject_id.0.into(), period: period_id.0 };
        Ok(Json(door.read(|turn| page::page(turn, asked).boxed()).await?))
    }

    /// Sets or clears a formative mark.
    #[oai(path = "/journal/marks", method = "put", operation_id = "mark_put")]
    async fn put_mark(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<MarkPut>,
    ) -> Answer<Mark> {
        let put = body.0;
        Ok(Json(door.once(&key, "mark_put", &put.clone(), |turn| ops::put_mark(turn, put).boxed()).await?))
    }

    /// Sets attendance in a lesson; present clears the cell.
    #[oai(path = "/journal/attendance", method = "put", operation_id = "attendance_put")]
    async fn put_attendance(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<AttendancePut>,
    ) -> Answer<Attendance> {
        let put = body.0;
        Ok(Json(door.once(&key, "attendance_put", &put.clone(), |turn| ops::put_attendance(turn, put).boxed()).await?))
    }

    /// Says that the roll of a lesson was taken.
    #[oai(path = "/journal/roll", method = "put", operation_id = "roll_take")]
    async fn take_roll(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<RollTake>,
    ) -> Answer<Roll> {
        let lesson = body.lesson_id;
        Ok(Json(door.once(&key, "roll_take", &body.0, |turn| ops::take_roll(turn, lesson.into()).boxed()).await?))
    }

    /// Who changed a cell, when, and what it held.
    #[oai(path = "/journal/cells/:lesson_id/:student_id", method = "get", operation_id = "cell_history")]
    async fn history(&self, door: Portal, lesson_id: Path<Uuid>, student_id: Path<Uuid>) -> Answer<Vec<CellChange>> {
        let (lesson, student) = (lesson_id.0, student_id.0);
        Ok(Json(door.read(|turn| ops::history(turn, lesson.into(), student.into()).boxed()).await?))
    }
}
