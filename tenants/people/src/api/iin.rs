//! The door of the ИИН: the school's switch, and a number that is shown.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use kd_kernel::ProfileId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use crate::ops::iin;
use crate::wire::{IinSetting, IinShown, IinSwitch};

/// ИИН of people, where the school keeps them.
pub struct IinApi;

#[OpenApi]
impl IinApi {
    /// Whether the school keeps ИИН, and on what ground.
    #[oai(path = "/iin", method = "get", operation_id = "iin_setting")]
    async fn setting(&self, door: Portal) -> Answer<IinSetting> {
        Ok(Json(door.read(|turn| iin::setting(turn).boxed()).await?))
    }

    /// Turns the keeping of ИИН on, with a statement; or off, which deletes them. Needs a proof of the last ten
    /// minutes. 409 `people.iin-stored` where that was not confirmed, `people.changed`.
    #[oai(path = "/iin", method = "put", operation_id = "iin_setting_put")]
    async fn put_setting(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<IinSwitch>,
    ) -> Answer<IinSetting> {
        let to = body.0;
        Ok(Json(door.once(&key, "iin_setting_put", &to.clone(), |turn| iin::put_setting(turn, to).boxed()).await?))
    }

    /// A person's whole number; who was shown it stands in the access log.
    #[oai(path = "/people/:id/iin", method = "get", operation_id = "iin_show")]
    async fn show(&self, door: Portal, id: Path<ProfileId>) -> Answer<IinShown> {
        Ok(Json(door.read(|turn| iin::show(turn, id.0).boxed()).await?))
    }
}
