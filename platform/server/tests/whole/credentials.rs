//! ACC-3 under kills: a worker is killed at several moments of a sheet's run, and another one ends it.
//! Nobody ever has two valid credentials, and the cards of the sheet are the valid ones.

use std::collections::BTreeSet;

use kd_kernel::Role;
use kd_people::PeopleApi;
use kd_store::{Mode, sql};
use kd_testkit::{Client, School, World};
use nix::sys::signal::Signal;
use serde_json::json;
use uuid::Uuid;

use crate::processes::{Process as Worker, until};

/// How many people: three batches of a run, the last one not full.
const PEOPLE: usize = 50;

/// The most valid credentials that one person of the school has, and how many people have one.
async fn valid(school: &School) -> (i64, i64) {
    let db = school.house().store.platform();
    let of = async |question: &'static str| sql::scalar(db, question, [school.card.id.into()]).await.unwrap();
    let most = "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM platform.credential \
                WHERE school_id = $1 AND state = 'issued' GROUP BY profile_id) t";
    let people = "SELECT count(DISTINCT profile_id) FROM platform.credential WHERE school_id = $1 AND state = 'issued'";
    (of(most).await, of(people).await)
}

/// The credentials that the platform, or the school, takes for valid.
async fn issued(school: &School) -> String {
    let question = "SELECT string_agg(id || ' ' || login, ',' ORDER BY id) FROM platform.credential \
                    WHERE school_id = $1 AND state = 'issued'";
    sql::scalar(school.house().store.platform(), question, [school.card.id.into()]).await.unwrap()
}

async fn printed(school: &School, sheet: Uuid) -> String {
    let tx = school.house().store.begin(school.card.place(), Mode::Read).await.unwrap();
    let question = "SELECT string_agg(credential_id || ' ' || login, ',' ORDER BY credential_id) FROM handout \
                    WHERE sheet_id = $1 AND state = 'printed'";
    sql::scalar(&tx, question, [sheet.into()]).await.unwrap()
}

async fn ordered(door: &Client) -> Uuid {
    let sheet = door.post("/sheets", &json!({ "who": "students", "language": "kk" })).await.expect(200);
    sheet.get("id").and_then(serde_json::Value::as_str).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_a_worker_killed_while_it_issues_leaves_nobody_with_two_credentials() {
    let world = World::open().await;
    let school = School::in_world(&world).await;
    let anar = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
    let door = school.client(PeopleApi).of(&anar);
    for n in 0..PEOPLE {
        let given = format!("Айша{}", "а".repeat(n));
        let new = json!({ "kind": "student", "surname": "Ахметова", "given_name": given, "sex": "f" });
        door.post("/people", &new).await.expect(200);
    }
    let mut tried = 0;
    for moment in [0, 1, 20, 40] {
        let what = format!("killed when {moment} are made");
        let sheet = ordered(&door).await;
        let path = format!("/sheets/{sheet}");
        let mut first = Worker::work(&world, None);
        until(&what, async || {
            let row = door.get(&path).await.expect(200);
            let begun = moment == 0 || row["state"] != "queued";
            begun && row["done"].as_i64().unwrap() >= if moment == 1 { 0 } else { moment }
        })
        .await;
        first.signal(Signal::SIGKILL);
        first.ended().await;
        assert!(valid(&school).await.0 <= 1, "{what}");
        let second = Worker::work(&world, None);
        until(&what, async || door.get(&path).await.expect(200)["state"] == "ready").await;
        second.end().await;
        assert_eq!(valid(&school).await, (1, i64::try_from(PEOPLE).unwrap()), "{what}");
        let (known, shown) = (issued(&school).await, printed(&school, sheet).await);
        assert_eq!(known, shown, "{what}: the school's cards are the valid ones");
        let reply = door.post(&format!("{path}/file"), &json!({})).await;
        assert_eq!(reply.status, 200, "{what}");
        let pdf = lopdf::Document::load_mem(&reply.body).unwrap();
        let text: String = pdf.get_pages().keys().map(|page| pdf.extract_text(&[*page]).unwrap()).collect();
        let on_paper: BTreeSet<&str> = text.lines().map(str::trim).filter(|l| l.starts_with("akhmetova.")).collect();
        let logins: BTreeSet<&str> = known.split(',').filter_map(|one| one.split(' ').nth(1)).collect();
        assert_eq!(on_paper, logins, "{what}: what is printed is valid");
        tried += 1;
    }
    println!("acc_3: {tried} kills tried");
    assert_eq!(tried, 4);
}
