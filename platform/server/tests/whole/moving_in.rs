//! An import under kills: a worker is killed at several moments while it writes, and while it takes back, and
//! another one ends it. Before the end nobody is there of it, or nobody is missing; after it everybody is there
//! once.

use data_encoding::BASE64;
use kd_import::ImportApi;
use kd_kernel::Role;
use kd_store::{Mode, sql};
use kd_testkit::{Client, School, World};
use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::processes::{Process as Worker, until};

/// How many people the file brings: six pieces, the last one not full.
const PEOPLE: i64 = 1_400;

/// The people of the file who are there, and how many imports say that theirs are.
async fn there(school: &School) -> (i64, i64) {
    let tx = school.house().store.begin(school.card.place(), Mode::Read).await.unwrap();
    let people = sql::scalar(&tx, "SELECT count(*) FROM profile WHERE surname LIKE 'Ахметова%'", []).await.unwrap();
    let say = sql::scalar(&tx, "SELECT count(*) FROM import WHERE state IN ('done', 'undoing')", []).await.unwrap();
    (people, say)
}

async fn brought(door: &Client) -> Value {
    // Seventy names, each of twenty people with birth dates of their own.
    let row = |n: i64| {
        let (name, day) = ("а".repeat(usize::try_from(n % 70).unwrap()), 1 + n / 70);
        format!("Ахметова;Айша{name};{day:02}.03.1980;ж;учитель\n")
    };
    let rows: String = (0..PEOPLE).map(row).collect();
    let table = format!("Фамилия;Имя;Дата рождения;Пол;Должность\n{rows}");
    let file = json!({ "file_name": "a.csv", "content": BASE64.encode(table.as_bytes()), "source": "own" });
    door.post("/imports", &file).await.expect(200)
}

/// How an import ends.
const ENDS: [&str; 2] = ["done", "undone"];

/// The state of an import, and how many rows are done.
async fn standing(door: &Client, path: &str) -> (String, i64) {
    let import = door.get(path).await.expect(200);
    let state = import.get("state").and_then(Value::as_str).unwrap().to_owned();
    (state, import.get("done").and_then(Value::as_i64).unwrap())
}

/// Has a worker killed when so many rows are done, and another one end it.
async fn killed(world: &World, (door, school): (&Client, &School), (path, moment): (&str, i64), what: &str) {
    let before = there(school).await;
    let mut first = Worker::work(world, None);
    until(what, async || {
        let (state, done) = standing(door, path).await;
        (moment < 0 || state != "queued") && done >= moment || ENDS.contains(&state.as_str())
    })
    .await;
    first.signal(Signal::SIGKILL);
    first.ended().await;
    let after = there(school).await;
    let whole = [(0, 0), (PEOPLE, 1)];
    assert!(whole.contains(&before) && whole.contains(&after), "{what}: {before:?} {after:?}");
    let second = Worker::work(world, None);
    until(what, async || ENDS.contains(&standing(door, path).await.0.as_str())).await;
    second.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imp_1_a_worker_killed_while_it_imports_leaves_nothing_half_done() {
    let world = World::open().await;
    let school = School::in_world(&world).await;
    let anar = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
    let door = school.client(ImportApi).of(&anar);
    let mut tried = 0;
    for moment in [-1, 0, 250, 1_000] {
        let import = brought(&door).await;
        assert_eq!(import["counts"]["new"], PEOPLE, "{}", import["counts"]);
        let path = format!("/imports/{}", import["id"].as_str().unwrap());
        for (order, state) in [("commit", "done"), ("undo", "undone")] {
            let what = format!("{order} killed when {moment} are done");
            let version = door.get(&path).await.expect(200)["version"].clone();
            door.post(&format!("{path}/{order}"), &json!({ "version": version })).await.expect(200);
            killed(&world, (&door, &school), (&path, moment), &what).await;
            let import = door.get(&path).await.expect(200);
            assert_eq!(import["state"], state, "{what}: {import}");
            assert_eq!(import["done"], import["total"], "{what}");
            let expected = if order == "commit" { (PEOPLE, 1) } else { (0, 0) };
            assert_eq!(there(&school).await, expected, "{what}");
            tried += 1;
        }
    }
    println!("imp_1: {tried} kills tried");
    assert_eq!(tried, 8);
}
