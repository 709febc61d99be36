//! F01 to F03: real workers are killed and paused at every step of provisioning. Whatever happens, a
//! school ends open, or with nothing left of it, and there is one of everything.

use std::sync::Arc;

use kd_ctx::Settings;
use kd_kernel::{AccountId, Role};
use kd_provisioning::{Step, roll_back, work_once};
use kd_store::sql;
use kd_testkit::{School, World, env};
use nix::sys::signal::Signal;

use crate::applicant::{Applicant, Traces};
use crate::processes::{Process as Worker, until};

const SIDES: [&str; 2] = ["before", "after"];

async fn run_state(world: &World, applicant: &Applicant) -> String {
    let db = world.house.store.platform();
    sql::scalar(db, "SELECT state FROM platform.provisioning WHERE school_id = $1", [applicant.school.into()])
        .await
        .unwrap()
}

async fn ends(world: &World, applicant: &Applicant, state: &str, what: &str) {
    until(what, async || run_state(world, applicant).await == state).await;
}

/// The one letter that says that the school is open has come, under one Message-ID.
async fn one_letter(world: &World, applicant: &Applicant, what: &str) {
    let db = world.house.store.platform();
    until(what, async || {
        sql::scalar(
            db,
            "SELECT count(*) = 1 FROM platform.letter WHERE school_id = $1 AND state = 'sent'",
            [applicant.school.into()],
        )
        .await
        .unwrap()
    })
    .await;
    let all: serde_json::Value =
        reqwest::get(format!("{}/api/email", env("TEST_MAIL_URL"))).await.unwrap().json().await.unwrap();
    let mut ids: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|letter| letter.pointer("/to/0/address").unwrap() == applicant.email.as_str())
        .map(|letter| letter.pointer("/headers/message-id").unwrap().as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{what}: {ids:?}");
}

/// An operator, whose account stands in events.
async fn operator(world: &World) -> AccountId {
    School::in_world(world).await.person("Оператор", "Бір", &[Role::Administrator]).await.account
}

/// An applicant of whose school everything is made, but who is not let in yet.
async fn nearly_open(world: &World) -> Applicant {
    let applicant = Applicant::activates(world).await;
    let stuck = world.with_house(|house| {
        let settings = Settings { fault: Some("flaky:open_school".to_owned()), ..Settings::clone(&house.settings) };
        house.settings = Arc::new(settings);
    });
    assert!(work_once(&stuck.house).await.unwrap());
    assert_eq!(applicant.traces(world).await, Traces { members: 0, letters: 0, ..Traces::open(applicant.school) });
    applicant
}

/// Everything that is written down of a school, row by row.
async fn written(world: &World, applicant: &Applicant) -> Vec<String> {
    let db = world.house.store.platform();
    let mut all = vec![format!("{:?}", applicant.traces(world).await)];
    for rows in [
        "SELECT coalesce(string_agg(t::text, '; '), '') FROM platform.provisioning t WHERE school_id = $1",
        "SELECT coalesce(string_agg(t::text, '; ' ORDER BY position), '') FROM platform.provisioning_step t WHERE school_id = $1",
        "SELECT coalesce(string_agg(t::text, '; '), '') FROM platform.school t WHERE id = $1",
        "SELECT coalesce(string_agg(t::text, '; ' ORDER BY id), '') FROM platform.school_event t WHERE school_id = $1",
        "SELECT coalesce(string_agg(t::text, '; ' ORDER BY profile_id), '') FROM platform.membership t WHERE school_id = $1",
        "SELECT coalesce(string_agg(t::text, '; '), '') FROM platform.application t \
         WHERE id = (SELECT application_id FROM platform.school WHERE id = $1)",
    ] {
        all.push(sql::scalar(db, rows, [applicant.school.into()]).await.unwrap());
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_a_worker_that_crashes_at_any_step_is_followed_by_one_that_finishes() {
    let world = World::open().await;
    let mut tried = 0;
    for step in Step::ALL {
        for side in SIDES {
            let what = format!("kill:{}:{side}", step.name());
            let applicant = Applicant::activates(&world).await;
            let mut first = Worker::work(&world, Some(&what));
            assert!(!first.ended().await.success(), "{what}");
            let second = Worker::work(&world, None);
            ends(&world, &applicant, "active", &what).await;
            applicant.assert_open(&world, &what).await;
            one_letter(&world, &applicant, &what).await;
            second.end().await;
            tried += 1;
        }
    }
    println!("f01: {tried} crashes tried");
    assert_eq!(tried, 2 * Step::ALL.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_a_worker_that_is_killed_at_any_step_is_followed_by_one_that_finishes() {
    let world = World::open().await;
    let mut tried = 0;
    for step in Step::ALL {
        for side in SIDES {
            let what = format!("{} {side}", step.name());
            let applicant = Applicant::activates(&world).await;
            let mut first = Worker::work(&world, Some(&format!("pause:{}:{side}", step.name())));
            first.says(&format!("paused {what}")).await;
            first.signal(Signal::SIGKILL);
            assert!(!first.ended().await.success(), "{what}");
            let second = Worker::work(&world, None);
            ends(&world, &applicant, "active", &what).await;
            applicant.assert_open(&world, &what).await;
            one_letter(&world, &applicant, &what).await;
            let events = applicant.events(&world).await;
            let over = (step, side) == (Step::OpenSchool, "after");
            assert_eq!(events.iter().any(|kind| kind == "provisioning_taken_over"), !over, "{what}: {events:?}");
            second.end().await;
            tried += 1;
        }
    }
    println!("f01: {tried} kills tried");
    assert_eq!(tried, 2 * Step::ALL.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_a_worker_that_crashes_while_it_undoes_is_followed_by_one_that_leaves_nothing() {
    let world = World::open().await;
    let operator = operator(&world).await;
    let mut tried = 0;
    for step in Step::ALL {
        for side in SIDES {
            let what = format!("kill:{}:{side}", step.undo_name());
            let applicant = nearly_open(&world).await;
            roll_back(&world.house, applicant.school, operator).await.unwrap();
            let mut first = Worker::work(&world, Some(&what));
            assert!(!first.ended().await.success(), "{what}");
            let second = Worker::work(&world, None);
            ends(&world, &applicant, "rolled_back", &what).await;
            applicant.assert_gone(&world, "rolled_back", "rolled_back", &what).await;
            second.end().await;
            tried += 1;
        }
    }
    println!("f01: {tried} crashes while undoing tried");
    assert_eq!(tried, 2 * Step::ALL.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn f02_an_error_for_good_in_a_worker_leaves_nothing() {
    let world = World::open().await;
    let operator = operator(&world).await;
    let mut tried = 0;
    for step in Step::ALL {
        let what = format!("fail:{}", step.name());
        let applicant = Applicant::activates(&world).await;
        let worker = Worker::work(&world, Some(&what));
        ends(&world, &applicant, "failed", &what).await;
        applicant.assert_gone(&world, "failed", "provisioning_failed", &what).await;
        roll_back(&world.house, applicant.school, operator).await.unwrap();
        ends(&world, &applicant, "rolled_back", &what).await;
        applicant.assert_gone(&world, "rolled_back", "rolled_back", &what).await;
        worker.end().await;
        tried += 1;
    }
    println!("f02: {tried} errors tried");
    assert_eq!(tried, Step::ALL.len());
}

/// Where a worker can be paused and still have something to write: everywhere but after the last commit.
fn pauses() -> impl Iterator<Item = (Step, &'static str)> {
    let all = Step::ALL.into_iter().flat_map(|step| SIDES.map(|side| (step, side)));
    all.filter(|pause| *pause != (Step::OpenSchool, "after"))
}

#[tokio::test(flavor = "multi_thread")]
async fn f03_a_worker_that_wakes_after_its_lease_changes_nothing_of_an_open_school() {
    let world = World::open().await;
    let mut tried = 0;
    for (step, side) in pauses() {
        let what = format!("{} {side}", step.name());
        let applicant = Applicant::activates(&world).await;
        let mut first = Worker::work(&world, Some(&format!("pause:{}:{side}", step.name())));
        first.says(&format!("paused {what}")).await;
        first.signal(Signal::SIGSTOP);
        let second = Worker::work(&world, None);
        ends(&world, &applicant, "active", &what).await;
        one_letter(&world, &applicant, &what).await;
        second.end().await;
        let before = written(&world, &applicant).await;
        first.signal(Signal::SIGCONT);
        first.says("another worker has taken this run over").await;
        first.end().await;
        assert_eq!(written(&world, &applicant).await, before, "{what}");
        applicant.assert_open(&world, &what).await;
        one_letter(&world, &applicant, &what).await;
        tried += 1;
    }
    println!("f03: {tried} pauses tried");
    assert_eq!(tried, 2 * Step::ALL.len() - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f03_a_worker_that_wakes_after_its_lease_brings_nothing_of_a_school_back() {
    let world = World::open().await;
    let operator = operator(&world).await;
    let mut tried = 0;
    for (step, side) in pauses() {
        let what = format!("{} {side}", step.name());
        let applicant = Applicant::activates(&world).await;
        let mut first = Worker::work(&world, Some(&format!("pause:{}:{side}", step.name())));
        first.says(&format!("paused {what}")).await;
        first.signal(Signal::SIGSTOP);
        roll_back(&world.house, applicant.school, operator).await.unwrap();
        let second = Worker::work(&world, None);
        ends(&world, &applicant, "rolled_back", &what).await;
        second.end().await;
        let before = written(&world, &applicant).await;
        first.signal(Signal::SIGCONT);
        first.says("another worker has taken this run over").await;
        first.end().await;
        assert_eq!(written(&world, &applicant).await, before, "{what}");
        applicant.assert_gone(&world, "rolled_back", "rolled_back", &what).await;
        tried += 1;
    }
    println!("f03: {tried} pauses tried");
    assert_eq!(tried, 2 * Step::ALL.len() - 1);
}
