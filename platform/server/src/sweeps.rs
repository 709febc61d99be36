//! Sweeps: what is looked after now and then. Schools that are behind are brought to the newest migration,
//! memberships and transfers that were cut are mended, what was written into the audits is sealed, answers that nobody
//! will ask for again are forgotten.

use std::sync::Arc;

use chrono::TimeDelta;
use kd_ctx::House;
use kd_kernel::{Result, SchoolId};
use kd_migrations::{SCHOOL, newest};
use kd_store::{Mode, SchoolRef, schools, sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// How long the answer to an Idempotency-Key is kept.
const ANSWERS: TimeDelta = TimeDelta::days(7);

/// The migration that brought the seals; a school without it has none to make yet.
const SEALS: &str = "m0003_audit_seal";

#[derive(FromQueryResult)]
struct Place {
    id: SchoolId,
    cell_id: Uuid,
}

/// Brings one school that is behind to the newest migration. False when none is, or when it did not go
/// well: the others are not kept waiting for it, because the next look begins with another.
pub(crate) async fn migrate_one(house: &Arc<House>) -> Result<bool> {
    let newest = newest(SCHOOL);
    let behind: Option<Place> = sql::one(
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

/// Lets those in again whom the provider kept out for a time that is over. Never more to do at once.
pub(crate) async fn release_users(house: &Arc<House>) -> Result<bool> {
    kd_accounts::restrictions::release_due(house).await?;
    Ok(false)
}

/// Ends transfers that are over, mends those that were cut between two databases, and tells the sending schools.
/// Never more to do at once.
pub(crate) async fn settle_transfers(house: &Arc<House>) -> Result<bool> {
    kd_transfers::settle(house).await?;
    Ok(false)
}

/// Forgets, school by school, the answers to Idempotency-Keys that are older than a week. Never more to do
/// at once; a school whose cell does not answer waits for the next time.
pub(crate) async fn forget_answers(house: &Arc<House>) -> Result<bool> {
    let open: Vec<Place> =
        sql::all(house.store.platform(), "SELECT id, cell_id FROM platform.school WHERE state = 'active'", []).await?;
    for school in open {
        match forget_in(house, SchoolRef { id: school.id, cell: school.cell_id }).await {
            Ok(0) => {}
            Ok(answers) => tracing::info!(school = %school.id, answers, "old answers are forgotten"),
            Err(problem) => tracing::warn!(school = %school.id, code = problem.code(), "old answers are kept for now"),
        }
    }
    Ok(false)
}

/// Seals, school by school, what was written since the last time. Never more to do at once; a school whose
/// cell does not answer waits for the next time.
pub(crate) async fn seal_audits(house: &Arc<House>) -> Result<bool> {
    let schools: Vec<Place> = sql::all(
        house.store.platform(),
        "SELECT id, cell_id FROM platform.school WHERE schema_version >= $1 AND state IN ('active', 'restricted', \
         'suspended', 'termination_requested', 'export_ready', 'grace')",
        [SEALS.into()],
    )
    .await?;
    for school in schools {
        match kd_audit::seal(house, SchoolRef { id: school.id, cell: school.cell_id }).await {
            Ok(0) => {}
            Ok(lines) => tracing::debug!(school = %school.id, lines, "the audit is sealed"),
            Err(problem) => {
                tracing::warn!(school = %school.id, code = problem.code(), "the audit is not sealed for now")
            }
        }
    }
    Ok(false)
}

async fn forget_in(house: &House, school: SchoolRef) -> Result<u64> {
    let tx = house.store.begin(school, Mode::Write).await?;
    let before = house.clock.now() - ANSWERS;
    let answers = sql::run(&tx, "DELETE FROM idempotency WHERE at < $1", [before.into()]).await?;
    tx.commit().await?;
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kd_kernel::Role;
    use kd_testkit::{School, World};

    #[tokio::test]
    async fn a_school_that_is_behind_is_brought_up_once() {
        let world = World::open().await;
        let school = School::in_world(&world).await;
        assert!(migrate_one(&world.house).await.unwrap());
        assert!(!migrate_one(&world.house).await.unwrap());
        let version: String = sql::scalar(
            world.house.store.platform(),
            "SELECT schema_version FROM platform.school WHERE id = $1",
            [school.card.id.into()],
        )
        .await
        .unwrap();
        assert_eq!(version, newest(SCHOOL));
    }

    #[tokio::test]
    async fn answers_are_kept_for_a_week() {
        let world = World::open().await;
        let school = School::in_world(&world).await;
        let person = school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
        let tx = world.house.store.begin(school.card.place(), Mode::Write).await.unwrap();
        for days in [6, 8] {
            sql::run(
                &tx,
                "INSERT INTO idempotency (account_id, key, operation, body_hash, at) VALUES ($1, $2, 'x', '', $3)",
                [
                    person.account.into(),
                    world.house.id::<Uuid>().into(),
                    (world.house.clock.now() - TimeDelta::days(days)).into(),
                ],
            )
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        assert!(!forget_answers(&world.house).await.unwrap());
        assert_eq!(forget_in(&world.house, school.card.place()).await.unwrap(), 0, "done already");
        let tx = world.house.store.begin(school.card.place(), Mode::Read).await.unwrap();
        let kept: i64 = sql::scalar(&tx, "SELECT count(*) FROM idempotency", []).await.unwrap();
        assert_eq!(kept, 1);
    }
}
