//! The turn: who may begin one, and what a permit says to whoever may not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kd_ctx::once::{Attempt, Place, once};
use kd_ctx::sessions::Opening;
use kd_ctx::{FutureExt, Look, Scope, Thing, Turn};
use kd_kernel::{Act, Clock, Relation, Relations, Role, Tongue};
use kd_store::{Mode, sql};
use kd_testkit::{School, World};

/// A thing that stands so to whoever acts.
#[derive(Debug)]
struct Standing(Relations);

impl Thing for Standing {
    fn relations(&self) -> Relations {
        self.0
    }
}

#[tokio::test]
async fn s03_nobody_acts_as_another_or_in_another_school() {
    let school = School::open().await;
    let other = School::in_world(&school.world).await;
    let own = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let colleague = school.person("Оспанова", "Майра", &[Role::Administrator]).await;
    let stranger = other.person("Бекова", "Дана", &[Role::Administrator]).await;
    let begun = async |school: &School, seat| Turn::begin(school.house(), &school.card, seat, Mode::Read).await;
    assert!(begun(&school, (own.account, own.profile)).await.is_ok());
    for (school, seat) in [
        (&school, (own.account, colleague.profile)),
        (&school, (colleague.account, own.profile)),
        (&school, (stranger.account, stranger.profile)),
        (&other, (own.account, own.profile)),
        (&other, (own.account, stranger.profile)),
    ] {
        assert_eq!(begun(school, seat).await.err().unwrap().status().as_u16(), 404);
    }
    let turn = school.turn(&own).await;
    sql::run(turn.db(), "UPDATE profile SET state = 'archived' WHERE id = $1", [own.profile.into()]).await.unwrap();
    turn.commit().await.unwrap();
    assert!(begun(&school, (own.account, own.profile)).await.is_err(), "who has left acts no more");
}

#[tokio::test]
async fn s04_what_may_not_be_seen_is_missing_and_what_may_be_seen_is_refused() {
    let school = School::open().await;
    let teacher = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let student = school.person("Омаров", "Тимур", &[Role::Student]).await;
    let (hers, nobodys) = (Relations::none().and(Relation::Taught, true), Relations::none());
    for (person, relations, status) in [
        (&teacher, hers, None),
        (&teacher, nobodys, Some(403)),
        (&student, hers, Some(404)),
        (&student, nobodys, Some(404)),
    ] {
        let turn = school.turn(person).await;
        let answer = turn.permit(Act::JournalMark, Standing(relations));
        assert_eq!(answer.err().map(|problem| problem.status().as_u16()), status, "{relations:?}");
        let whole = turn.allow(Act::JournalMark);
        assert_eq!(whole.err().map(|problem| problem.status().as_u16()), Some(403), "an act without a thing");
    }
}

#[tokio::test]
async fn s31_a_session_ends_when_it_was_idle_and_in_any_case() {
    let world = World::with_clock(Clock::fixed("2026-09-10T03:00:00Z".parse().unwrap())).await;
    // The copies of Redis are of the world's time, which here does not wait for the test's.
    let world = world.with_house(|house| house.cache = kd_cache::Cache::open("redis://127.0.0.1:1"));
    let school = School::in_world(&world).await;
    let person = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let mut tried = 0;
    for scope in [Scope::Newcomer, Scope::User, Scope::Operator] {
        let (idle, whole) = scope.limits();
        let opening = Opening { scope, account: Some((person.account, 1)), credential: None };
        let open = async || world.house.session_open(world.house.store.platform(), opening).await.unwrap();
        let lives = async |token: &_| world.house.session_find(token, scope).await.unwrap().is_some();
        let pass = |seconds: i64| {
            world.clock.advance(chrono::TimeDelta::seconds(seconds));
        };
        let (kept, left) = (open().await, open().await);
        pass(i64::from(idle) - 1);
        assert!(lives(&kept).await, "{scope:?}, a second before");
        pass(1);
        assert!(!lives(&left).await, "{scope:?} was idle");
        // Who goes on comes to the end of the session all the same.
        let mut age = i64::from(idle);
        while age + i64::from(idle) / 2 < whole {
            assert!(lives(&kept).await, "{scope:?} after {age} s");
            pass(i64::from(idle) / 2);
            age += i64::from(idle) / 2;
        }
        assert!(lives(&kept).await);
        pass(whole - 1 - age);
        assert!(lives(&kept).await, "{scope:?}, a second before the end");
        pass(1);
        assert!(!lives(&kept).await, "{scope:?} is over");
        tried += 1;
    }
    assert_eq!(tried, 3);
}

#[tokio::test]
async fn s32_an_ended_session_is_over_at_once_for_requests_and_for_streams() {
    let school = School::open().await;
    let person = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let house = school.house();
    let session = house.session_find(&person.token, Scope::User).await.unwrap().unwrap();
    assert!(house.session_alive(&session).await.unwrap());
    assert!(house.cache.healthy().await, "Redis has a copy by now");
    house.session_end(&person.token).await.unwrap();
    assert!(house.session_find(&person.token, Scope::User).await.unwrap().is_none());
    assert!(!house.session_alive(&session).await.unwrap());

    let again = school.session(person.account).await;
    let session = house.session_find(&again, Scope::User).await.unwrap().unwrap();
    let db = house.store.platform();
    sql::run(db, "UPDATE platform.account SET epoch = epoch + 1 WHERE id = $1", [person.account.into()]).await.unwrap();
    assert!(!house.session_alive(&session).await.unwrap(), "the account's epoch has gone on");
    let away = school.world.with_house(|house| house.cache = kd_cache::Cache::open("redis://127.0.0.1:1"));
    assert!(away.house.session_find(&again, Scope::User).await.unwrap().is_none(), "and PostgreSQL says so too");
}

#[tokio::test]
async fn s29_of_a_token_only_the_hash_is_kept_and_it_does_not_show_itself() {
    let school = School::open().await;
    let person = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let token = person.token.reveal();
    assert_eq!(token.len(), 64, "256 bits");
    let hash: Vec<u8> = sql::scalar(
        school.house().store.platform(),
        "SELECT token_hash FROM platform.session WHERE account_id = $1",
        [person.account.into()],
    )
    .await
    .unwrap();
    let written: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    let kept: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(kept.len() == 64 && kept != token && !written.contains(&kept), "neither as text nor as bytes");
    assert_eq!(format!("{:?}", person.token), "Token(…)");
}

#[tokio::test]
async fn s53_s06_a_key_writes_once_with_one_line_of_audit() {
    let school = School::open().await;
    let person = school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
    let place = Place {
        school: &school.card,
        seat: (person.account, person.profile),
        tongue: Tongue::default(),
        from: [203, 0, 113, 77].into(),
    };
    let (key, writes) = (uuid::Uuid::from_u128(5), Arc::new(AtomicI64::new(0)));
    let write = async |operation, body: &str| {
        let attempt = Attempt::new(key, operation, &body).unwrap();
        let count = Arc::clone(&writes);
        let subject = person.profile.0;
        let write = move |turn: &Turn| {
            turn.about(subject, serde_json::json!({ "first": true }));
            turn.about(subject, serde_json::json!({ "word": "last" }));
            count.fetch_add(1, Ordering::SeqCst)
        };
        once(school.house(), place, attempt, |turn| async move { Ok(write(turn)) }.boxed()).await
    };
    assert_eq!(write("probe_write", "a").await.unwrap(), 0);
    assert_eq!(write("probe_write", "a").await.unwrap(), 0, "the same answer");
    for (operation, body) in [("probe_write", "b"), ("probe_other", "a")] {
        assert_eq!(write(operation, body).await.unwrap_err().code(), "idempotency.key-reused", "{operation} {body}");
    }
    assert_eq!(writes.load(Ordering::SeqCst), 1);
    let turn = school.turn(&person).await;
    let lines: i64 = sql::scalar(
        turn.db(),
        "SELECT count(*) FROM audit WHERE operation = 'probe_write' AND profile_id = $1 AND subject_id = $1 \
         AND detail = '{\"word\": \"last\"}' AND came_from = '203.0.113.0/24'",
        [person.profile.into()],
    )
    .await
    .unwrap();
    assert_eq!(lines, 1);
}

#[tokio::test]
async fn pdp_8_what_was_shown_and_not_written_down_ends_in_nothing() {
    let school = School::open().await;
    let person = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let student = school.person("Ахметова", "Дана", &[Role::Student]).await;
    let turn = school.turn(&person).await;
    turn.looked(student.profile, Look::Card);
    assert_eq!(turn.commit().await.unwrap_err().status().as_u16(), 500);
    let own = school.turn(&student).await;
    own.looked(student.profile, Look::Card);
    own.commit().await.unwrap();
}
