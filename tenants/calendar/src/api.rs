//! The calendar's doors.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use crate::ops;
use crate::wire::{Bells, BellsPut, Calendar, Year, YearNew};

/// The calendar's operations.
pub struct CalendarApi;

#[OpenApi]
impl CalendarApi {
    /// Years, periods, holidays and bells.
    #[oai(path = "/calendar", method = "get", operation_id = "calendar_read")]
    async fn read(&self, door: Portal) -> Answer<Calendar> {
        Ok(Json(door.read(|turn| ops::read(turn).boxed()).await?))
    }

    /// What the country proposes for the year that runs or comes.
    #[oai(path = "/calendar/defaults", method = "get", operation_id = "calendar_defaults")]
    async fn defaults(&self, door: Portal) -> Answer<YearNew> {
        Ok(Json(door.read(|turn| ops::defaults(turn).boxed()).await?))
    }

    /// Enters an academic year with its periods and holidays.
    #[oai(path = "/calendar/years", method = "post", operation_id = "year_add")]
    async fn add_year(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<YearNew>,
    ) -> Answer<Year> {
        let new = body.0;
        Ok(Json(door.once(&key, "year_add", &new.clone(), |turn| ops::add_year(turn, new).boxed()).await?))
    }

    /// The usual bells of two shifts.
    #[oai(path = "/calendar/bells/defaults", method = "get", operation_id = "bells_defaults")]
    async fn bells_defaults(&self, door: Portal) -> Answer<BellsPut> {
        Ok(Json(door.read(|turn| ops::bells_defaults(turn).boxed()).await?))
    }

    /// Sets all bells; what the sanitary rules would warn of comes with the answer.
    #[oai(path = "/calendar/bells", method = "put", operation_id = "bells_put")]
    async fn put_bells(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<BellsPut>,
    ) -> Answer<Bells> {
        let new = body.0;
        Ok(Json(door.once(&key, "bells_put", &new.clone(), |turn| ops::put_bells(turn, new).boxed()).await?))
    }
}
