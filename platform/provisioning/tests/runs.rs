//! Runs of provisioning, told from inside one process. Kills and pauses of real workers stand in the
//! server's tests.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod applicant;

use applicant::{Applicant, Traces};
use chrono::TimeDelta;
use kd_blobs::{BlobSettings, Blobs};
use kd_ctx::{House, Settings, Turn};
use kd_kernel::{AccountId, Role, SchoolId};
use kd_provisioning::wire::{ServiceState, StepState};
use kd_provisioning::{Step, retry, roll_back, service_of, work_once};
use kd_store::schools::{self, Outcome, Seed};
use kd_store::{Mode, sql};
use kd_testkit::{CELL, School, World, blob_settings};
use sea_orm::ConnectionTrait;

fn faulty(world: &World, fault: &str) -> World {
    world.with_house(|house| {
        let settings = Settings { fault: Some(fault.to_owned()), ..Settings::clone(&house.settings) };
        house.settings = std::sync::Arc::new(settings);
    })
}

/// Works until nothing is due at this moment; says how often something was.
async fn work(house: &House) -> usize {
    let mut done = 0;
    while work_once(house).await.unwrap() {
        done += 1;
        assert!(done < 100, "it works for ever");
    }
    done
}

/// Works until the run has ended. Where PostgreSQL or S3 was slow for a moment it rests and is tried again,
/// as in life: the clock goes on, and what it rested for is told.
async fn work_to_the_end(world: &World, applicant: &Applicant) {
    for rests in 0.. {
        work(&world.house).await;
        let [run, ..] = applicant.states(world).await;
        if !matches!(run.as_str(), "running" | "undoing") {
            return;
        }
        let why: Option<String> = sql::scalar(
            world.house.store.platform(),
            "SELECT error FROM platform.provisioning WHERE school_id = $1",
            [applicant.school.into()],
        )
        .await
        .unwrap();
        println!("{run} rests: {why:?}");
        assert!(rests < 10, "the run does not end");
        world.clock.advance(TimeDelta::minutes(6));
    }
}

/// An operator, whose account stands in events.
async fn operator(world: &World) -> AccountId {
    let school = School::in_world(world).await;
    school.person("Оператор", "Бір", &[Role::Administrator]).await.account
}

#[tokio::test]
async fn a_school_is_made_and_its_administrator_is_let_in() {
    let world = World::open().await;
    let applicant = Applicant::activates(&world).await;
    let before = service_of(&world.house, applicant.school).await.unwrap();
    assert_eq!(before.state, ServiceState::Provisioning);
    assert_eq!(before.steps.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), Step::ALL.map(Step::name));
    assert!(before.steps.iter().all(|s| s.state == StepState::Waiting && s.attempts == 0));

    assert_eq!(work(&world.house).await, 1);

    applicant.assert_open(&world, "one run").await;
    let after = service_of(&world.house, applicant.school).await.unwrap();
    assert_eq!((after.state, after.attempt, after.next_try_at), (ServiceState::Active, 1, None));
    assert!(after.steps.iter().all(|s| s.state == StepState::Done && s.attempts == 1 && s.took_ms.is_some()));
    assert_eq!(applicant.events(&world).await, ["claimed", "provisioning_started", "opened"]);

    let card = world.house.school(&applicant.slug).await.unwrap().unwrap();
    let profile = sql::scalar(
        world.house.store.platform(),
        "SELECT profile_id FROM platform.membership WHERE account_id = $1",
        [applicant.account.into()],
    )
    .await
    .unwrap();
    let turn = Turn::begin(&world.house, &card, (applicant.account, profile), Mode::Read).await.unwrap();
    assert_eq!(turn.who().full_name, "Сәрсенова Айгүл");
    assert_eq!(turn.who().roles, [Role::Administrator].into_iter().collect());
    let to: String = sql::scalar(
        world.house.store.platform(),
        "SELECT recipient FROM platform.letter WHERE school_id = $1 AND subject LIKE 'Школа подключена%'",
        [applicant.school.into()],
    )
    .await
    .unwrap();
    assert_eq!(to, applicant.email);
    let sex: String = sql::scalar(turn.db(), "SELECT sex FROM profile", []).await.unwrap();
    assert_eq!(sex, "f");
}

#[tokio::test]
async fn nobody_gets_in_before_the_last_step() {
    let world = World::open().await;
    let applicant = Applicant::activates(&world).await;
    let stuck = faulty(&world, "flaky:open_school");
    assert_eq!(work(&stuck.house).await, 1);
    let service = service_of(&world.house, applicant.school).await.unwrap();
    assert_eq!(service.state, ServiceState::Provisioning);
    assert!(!world.house.school(&applicant.slug).await.unwrap().unwrap().is_open());
    assert_eq!(applicant.traces(&world).await, Traces { members: 0, letters: 0, ..Traces::open(applicant.school) });
}

#[tokio::test]
async fn an_error_that_passes_is_tried_again_after_a_pause() {
    let mut tried = 0;
    let world = World::open().await;
    for step in Step::ALL {
        let applicant = Applicant::activates(&world).await;
        let house = faulty(&world, &format!("flaky:{}", step.name())).house;
        assert_eq!(work(&house).await, 1, "{step:?}");
        let service = service_of(&house, applicant.school).await.unwrap();
        let waits = service.steps.iter().find(|s| s.name == step.name()).unwrap();
        assert_eq!((waits.state, waits.attempts, waits.error.as_deref()), (StepState::Waiting, 1, Some("unavailable")));
        assert!(service.next_try_at.is_some());

        world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(work(&house).await, 1, "{step:?}");
        applicant.assert_open(&world, step.name()).await;
        let service = service_of(&house, applicant.school).await.unwrap();
        assert_eq!(service.attempt, 2);
        for other in &service.steps {
            assert_eq!(other.attempts, if other.name == step.name() { 2 } else { 1 }, "{other:?}");
        }
        tried += 1;
    }
    println!("{tried} steps tried");
    assert_eq!(tried, Step::ALL.len());
}

#[tokio::test]
async fn f02_an_error_for_good_at_any_step_leaves_nothing_and_a_second_undo_does_nothing() {
    let world = World::open().await;
    let operator = operator(&world).await;
    let mut tried = 0;
    for step in Step::ALL {
        let applicant = Applicant::activates(&world).await;
        let what = step.name();
        work(&faulty(&world, &format!("fail:{what}")).house).await;
        applicant.assert_gone(&world, "failed", "provisioning_failed", what).await;
        let service = service_of(&world.house, applicant.school).await.unwrap();
        assert_eq!(service.state, ServiceState::ProvisioningFailed);
        let failed: Vec<_> = service.steps.iter().filter(|s| s.state == StepState::Failed).collect();
        assert_eq!(failed.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), [what]);
        assert_eq!(failed[0].error.as_deref(), Some("injected"));

        // The undo once more: there is nothing to do, and it is done well.
        roll_back(&world.house, applicant.school, operator).await.unwrap();
        assert_eq!(work(&world.house).await, 1);
        applicant.assert_gone(&world, "rolled_back", "rolled_back", what).await;
        let again = roll_back(&world.house, applicant.school, operator).await.unwrap_err();
        assert_eq!(again.code(), "provisioning.nothing-left");

        // And from nothing it can be made.
        retry(&world.house, applicant.school, operator).await.unwrap();
        work(&world.house).await;
        applicant.assert_open(&world, what).await;
        tried += 1;
    }
    println!("{tried} steps tried");
    assert_eq!(tried, Step::ALL.len());
}

#[tokio::test]
async fn ten_tries_are_enough() {
    let world = World::open().await;
    let applicant = Applicant::activates(&world).await;
    let nowhere = world.with_house(|house| {
        let endpoint = "http://127.0.0.1:9".to_owned();
        house.blobs = Blobs::open(&BlobSettings { endpoint, ..blob_settings() });
    });
    let mut tries = 0;
    loop {
        tries += work(&nowhere.house).await;
        let service = service_of(&world.house, applicant.school).await.unwrap();
        if service.steps[2].state == StepState::Failed {
            break;
        }
        assert_eq!(
            (service.steps[2].attempts, service.attempt),
            (i32::try_from(tries).unwrap(), i32::try_from(tries).unwrap())
        );
        world.clock.advance(TimeDelta::minutes(6));
    }
    let service = service_of(&world.house, applicant.school).await.unwrap();
    assert_eq!(service.steps[2].attempts, 10);
    // S3 is still away: what lies there cannot be deleted yet, and is not forgotten.
    assert_eq!(service.state, ServiceState::Provisioning);
    world.clock.advance(TimeDelta::minutes(6));
    work(&world.house).await;
    applicant.assert_gone(&world, "failed", "provisioning_failed", "S3 away").await;
}

#[tokio::test]
async fn an_open_school_is_neither_begun_anew_nor_taken_back() {
    let world = World::open().await;
    let operator = operator(&world).await;
    let applicant = Applicant::activates(&world).await;
    work(&world.house).await;
    for refused in [
        retry(&world.house, applicant.school, operator).await.unwrap_err(),
        roll_back(&world.house, applicant.school, operator).await.unwrap_err(),
    ] {
        assert_eq!((refused.status().as_u16(), refused.code()), (409, "provisioning.already-open"));
    }
    applicant.assert_open(&world, "untouched").await;
    let unknown: SchoolId = world.house.id();
    assert_eq!(service_of(&world.house, unknown).await.unwrap_err().code(), "not-found");
    assert_eq!(roll_back(&world.house, unknown, operator).await.unwrap_err().code(), "not-found");
}

#[tokio::test]
async fn a_school_that_holds_more_than_it_began_with_is_kept() {
    let world = World::open().await;
    let operator = operator(&world).await;
    let applicant = Applicant::activates(&world).await;
    work(&faulty(&world, "flaky:open_school").house).await;
    let card = world.house.school_by_id(applicant.school).await.unwrap().unwrap();
    let tx = world.house.store.begin(card.place(), Mode::Write).await.unwrap();
    tx.execute_unprepared(
        "INSERT INTO subject (id, code, name_kk, name_ru) VALUES (gen_random_uuid(), 'x', 'Тарих', 'История')",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();

    let undoing = roll_back(&world.house, applicant.school, operator).await.unwrap();
    assert_eq!(undoing.state, ServiceState::Provisioning);
    assert_eq!(retry(&world.house, applicant.school, operator).await.unwrap_err().code(), "provisioning.being-undone");
    work_to_the_end(&world, &applicant).await;
    let states = applicant.states(&world).await;
    assert_eq!(states, ["failed", "provisioning_failed", "provisioning_failed", "activating"]);
    assert!(applicant.traces(&world).await.schema);
    let why: String = sql::scalar(
        world.house.store.platform(),
        "SELECT error FROM platform.provisioning WHERE school_id = $1",
        [applicant.school.into()],
    )
    .await
    .unwrap();
    assert_eq!(why, "holds-data");
}

#[tokio::test]
async fn f03_the_cell_itself_refuses_a_lower_number() {
    let world = World::open().await;
    let store = &world.house.store;
    let school: SchoolId = world.house.id();
    let seed = [Seed("INSERT INTO setting (key, value, changed_at) VALUES ($1, '1', now())", vec!["a'b; --".into()])];
    assert_eq!(schools::create(store, CELL, school, 3, &seed).await.unwrap(), Outcome::Done);
    assert_eq!(schools::create(store, CELL, school, 3, &seed).await.unwrap(), Outcome::Done, "twice");
    let stood = schools::stands(store, CELL, school).await.unwrap();
    assert_eq!(schools::drop(store, CELL, school, 2, &[("setting", 1)]).await.unwrap(), Outcome::Overtaken);
    assert_eq!(schools::stands(store, CELL, school).await.unwrap(), stood);
    assert_eq!(schools::drop(store, CELL, school, 4, &[]).await.unwrap(), Outcome::HoldsData);
    assert_eq!(schools::drop(store, CELL, school, 4, &[("setting", 1)]).await.unwrap(), Outcome::Done);
    assert_eq!(schools::drop(store, CELL, school, 4, &[]).await.unwrap(), Outcome::Done, "twice");
    assert_eq!(schools::create(store, CELL, school, 3, &seed).await.unwrap(), Outcome::Overtaken);
    let left = schools::stands(store, CELL, school).await.unwrap();
    assert!(!left.schema && !left.role, "a worker that is too late makes nothing");
}
