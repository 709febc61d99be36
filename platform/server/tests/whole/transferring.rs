//! An acceptance under kills: the server is killed at several moments while it takes a student in. Whatever was cut,
//! the worker finds out how it ended, both sides say the same, and the student is there once.

use std::time::Duration;

use data_encoding::BASE64;
use kd_ctx::Scope;
use kd_http::cookies;
use kd_kernel::Role;
use kd_people::PeopleApi;
use kd_store::{Mode, sql};
use kd_testkit::{Client, Person, School, World};
use kd_transfers::TransfersApi;
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::processes::{Process, kundelik, until};
use crate::serving::address;

/// How many milliseconds after the request the server is killed.
const MOMENTS: [u64; 12] = [0, 20, 40, 50, 55, 60, 65, 70, 75, 80, 100, 400];

async fn signed_in(world: &World) -> (School, Person, Client) {
    let school = School::in_world(world).await;
    let admin = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
    let door = school.client((PeopleApi, TransfersApi)).of(&admin);
    (school, admin, door)
}

/// A student's id in the sending school, and the body that accepts the file.
async fn exported(from: &Client, to: &School, given: &str) -> (String, Value) {
    let new = json!({ "kind": "student", "surname": "Ахметова", "given_name": given, "sex": "f" });
    let student = from.post("/people", &new).await.expect(200);
    let id = student.get("id").and_then(Value::as_str).unwrap().to_owned();
    let sent = json!({ "to": to.card.slug, "guardian_ids": [] });
    let transfer = from.post(&format!("/people/{id}/transfers"), &sent).await.expect(200);
    let file = from.get(&format!("/transfers/{}/file", transfer.get("id").and_then(Value::as_str).unwrap())).await;
    file.expect(200);
    (id, json!({ "content": BASE64.encode(&file.body), "guardians": [] }))
}

async fn state(from: &Client, student: &str) -> String {
    let all = from.get(&format!("/people/{student}/transfers")).await.expect(200);
    all.get(0).and_then(|one| one.get("state")).and_then(Value::as_str).unwrap().to_owned()
}

async fn there(school: &School, given: &str) -> i64 {
    let tx = school.house().store.begin(school.card.place(), Mode::Read).await.unwrap();
    sql::scalar(&tx, "SELECT count(*) FROM profile WHERE given_name = $1", [given.into()]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn f03_a_server_killed_while_it_accepts_makes_nobody_twice() {
    let world = World::open().await;
    let ((_, _, from), (school, admin, to)) = (signed_in(&world).await, signed_in(&world).await);
    let (mut before, mut after) = (0, 0);
    for (n, moment) in MOMENTS.into_iter().enumerate() {
        let given = format!("Айша{}", "а".repeat(n));
        let (student, body) = exported(&from, &school, &given).await;
        let mut serve = Process::start(kundelik(&world, &["serve"]));
        let portal = address(&mut serve, "portal").await;
        let (client, cookie) =
            (reqwest::Client::new(), format!("{}={}", cookies::name(Scope::User), admin.token.reveal()));
        let api = format!("http://{portal}/api/portal/{}", school.card.slug);
        // The first request of a process finds nothing open yet.
        let warm = client.get(format!("{api}/people/{student}")).header("cookie", &cookie).send().await.unwrap();
        assert_eq!(warm.status(), 404);
        let accept = client
            .post(format!("{api}/transfers/accept"))
            .header("origin", &world.house.settings.portal_url)
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", Uuid::from_u128(u128::from(moment) + 1).to_string())
            .header("cookie", cookie)
            .json(&body)
            .send();
        let accept = tokio::spawn(accept);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        serve.signal(Signal::SIGKILL);
        serve.ended().await;
        let answered = accept.await.unwrap().is_ok_and(|answer| answer.status() == 200);
        let mut worker = Process::work(&world, None);
        worker.says("\"message\":\"working\"").await;
        let what = format!("{moment} ms: what was cut is settled");
        until(&what, async || state(&from, &student).await != "accepting").await;
        worker.end().await;
        println!("{moment} ms: {}, answered: {answered}", state(&from, &student).await);
        match (state(&from, &student).await.as_str(), there(&school, &given).await) {
            ("issued", 0) => {
                assert!(!answered, "{moment} ms: what was answered is there");
                before += 1;
                to.post("/transfers/accept", &body).await.expect(200);
            }
            ("accepted", 1) => {
                after += 1;
                assert_eq!(to.post("/transfers/accept", &body).await.code(), "transfers.accepted-already");
            }
            found => panic!("{moment} ms: {found:?}"),
        }
        assert_eq!((state(&from, &student).await.as_str(), there(&school, &given).await), ("accepted", 1));
    }
    println!("f03: {} kills tried, {before} before the commit, {after} after it", MOMENTS.len());
}
