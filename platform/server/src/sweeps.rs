//! Sweeps: what is looked after now and then. Schools that are behind are brought to the newest migration,
//! memberships that were cut are mended.

use std::sync::Arc;

use kd_ctx::House;
use kd_kernel::{Result, SchoolId};
use kd_migrations::{SCHOOL, newest};
use kd_store::{schools, sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Behind {
    id: SchoolId,
    cell_id: Uuid,
}

/// Brings one school that is behind to the newest migration. False when none is, or when it did not go
/// well: the others are not kept waiting for it, because the next look begins with another.
pub(crate) async fn migrate_one(house: &Arc<House>) -> Result<bool> {
    let newest = newest(SCHOOL);
    let behind: Option<Behind> = sql::one(
        house.store.platform(),
        "SELECT id, cell_id FROM platform.school WHERE state IN ('active', 'restricted', 'suspended', \
         'termination_requested', 'export_ready', 'grace') AND coalesce(schema_version, '') < $1 ORDER BY random() LIMIT 1",
        [newest.into()],
    )
    .await?;
    let Some(school) = behind else { return Ok(false) };
    let scripts = schools::migrate(&house.store, school.cell_id, school.id).await?;
    sql::run(
        house.store.platform(),
        "UPDATE platform.school SET schema_version = $2 WHERE id = $1",
        [school.id.into(), newest.into()],
    )
    .await?;
    tracing::info!(school = %school.id, scripts, version = newest, "a school is up to date");
    Ok(true)
}

/// Mends memberships that were cut between a school and the platform. Never more to do at once.
pub(crate) async fn mend_memberships(house: &Arc<House>) -> Result<bool> {
    kd_accounts::mend_memberships(house).await?;
    Ok(false)
}
