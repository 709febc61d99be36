//! The doors of the first pages.

use chrono::NaiveDate;
use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use kd_kernel::Problem;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::{EventStream, Json};
use uuid::Uuid;

use crate::live::{self, News};
use crate::wire::{FamilyDay, Setup, SetupPostpone, TeacherDay};
use crate::{family, setup, teacher};

/// The operations of the first pages.
pub struct DeskApi;

#[OpenApi]
impl DeskApi {
    /// What of setting up is done.
    #[oai(path = "/desk/setup", method = "get", operation_id = "setup_read")]
    async fn setup(&self, door: Portal) -> Answer<Setup> {
        Ok(Json(door.read(|turn| setup::read(turn).boxed()).await?))
    }

    /// Puts a point off, or takes it up again.
    #[oai(path = "/desk/setup/postponement", method = "post", operation_id = "setup_postpone")]
    async fn postpone(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<SetupPostpone>,
    ) -> Answer<Setup> {
        let wanted = body.0;
        Ok(Json(
            door.once(&key, "setup_postpone", &wanted.clone(), |turn| setup::postpone(turn, wanted).boxed()).await?,
        ))
    }

    /// A teacher's lessons of a day; of today without one.
    #[oai(path = "/desk/teacher", method = "get", operation_id = "teacher_day")]
    async fn teacher(&self, door: Portal, date: Query<Option<NaiveDate>>) -> Answer<TeacherDay> {
        Ok(Json(door.read(|turn| teacher::day(turn, date.0).boxed()).await?))
    }

    /// A student's day and marks, for the student and the family.
    #[oai(path = "/desk/family", method = "get", operation_id = "family_day")]
    async fn family(&self, door: Portal, student_id: Query<Uuid>, date: Query<Option<NaiveDate>>) -> Answer<FamilyDay> {
        Ok(Json(door.read(|turn| family::day(turn, student_id.0.into(), date.0).boxed()).await?))
    }

    /// Tells, as it happens, that something the reader may see has changed.
    #[oai(path = "/events", method = "get", operation_id = "live_events")]
    async fn events(
        &self,
        door: Portal,
    ) -> Result<EventStream<futures_util::stream::BoxStream<'static, News>>, Problem> {
        let circle = door.read(|turn| live::circle(turn).boxed()).await?;
        Ok(EventStream::new(live::stream(&door, circle)).keep_alive(std::time::Duration::from_secs(15)))
    }
}
