//! The chain over the audit across processes: the worker seals, the command names the first bad row.

use kd_kernel::{Clock, Role};
use kd_migrations::{SCHOOL, newest};
use kd_store::{SchoolName, sql};
use kd_testkit::{School, World};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::processes::{Process, kundelik, until};

async fn verify(world: &World, arguments: &[&str]) -> (Option<i32>, Value) {
    let all = [&["school", "audit-verify"], arguments].concat();
    let ended = kundelik(world, &all).output().await.unwrap();
    let said = String::from_utf8(ended.stdout).unwrap();
    (ended.status.code(), serde_json::from_str(&said).unwrap_or(Value::Null))
}

#[tokio::test(flavor = "multi_thread")]
async fn s59_the_worker_seals_and_the_command_names_the_first_bad_row() {
    let world = World::with_clock(Clock::fixed("2026-09-10T05:00:00Z".parse().unwrap())).await;
    let school = School::in_world(&world).await;
    let anar = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
    for _ in 0..3 {
        let turn = school.turn(&anar).await;
        turn.audit("probe_write").await.unwrap();
        turn.commit().await.unwrap();
    }
    sql::run(
        world.house.store.platform(),
        "UPDATE platform.school SET schema_version = $2 WHERE id = $1",
        [school.card.id.into(), newest(SCHOOL).into()],
    )
    .await
    .unwrap();
    let slug = school.card.slug.as_str();
    let (code, found) = verify(&world, &[slug]).await;
    assert_eq!((code, &found["sealed"], &found["unsealed"]), (Some(0), &0.into(), &3.into()), "{found}");
    let worker = Process::work(&world, None);
    until("the lines are sealed", async || verify(&world, &[slug]).await.1["sealed"] == 3).await;
    worker.end().await;
    let (code, found) = verify(&world, &[slug]).await;
    assert_eq!((code, &found["unsealed"], &found["first_bad"]), (Some(0), &0.into(), &Value::Null), "{found}");
    let head = found["head"].as_str().unwrap().to_owned();
    assert_eq!(verify(&world, &[slug, "--head", &head]).await.0, Some(0));
    assert_eq!(verify(&world, &[slug, "--head", &format!("2:{}", "0".repeat(64))]).await.0, Some(1));
    let name = SchoolName::of(school.card.id);
    let touch = format!(
        "UPDATE {name}.audit SET profile_id = id WHERE id = (SELECT audit_id FROM {name}.audit_seal WHERE number = 2)"
    );
    world.look_cell().await.execute(AssertSqlSafe(touch)).await.unwrap();
    let (code, found) = verify(&world, &[slug]).await;
    assert_eq!((code, &found["first_bad"]["number"], &found["sealed"]), (Some(1), &2.into(), &1.into()), "{found}");
    assert_eq!(found["first_bad"]["flaw"], "changed");
    assert_eq!(verify(&world, &["nobody-here"]).await.0, Some(1));
}
