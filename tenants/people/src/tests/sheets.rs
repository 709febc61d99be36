//! Sheets from the order to the entrance: made by the job, fetched once, read as a reader would, and tried
//! at the site's own door.

use chrono::TimeDelta;
use kd_accounts::AccountsApi;
use kd_ctx::jobs::Job;
use kd_kernel::{ProfileId, Role};
use kd_store::sql;
use kd_testkit::{Client, School};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{class, door, entered, fields, guardian, school, student, tx, with};
use crate::{EXPIRE_SHEET, ISSUE_SHEET, expire_sheet, issue_sheet};

/// Takes the next job that is due, as the worker does.
async fn job(school: &School) -> Option<Job> {
    let queue = school.house().store.cell_queue(school.card.cell_id).await.unwrap();
    school.house().job_take(&queue).await.unwrap()
}

/// Works as the worker does, until nothing is due.
async fn work(school: &School) {
    let house = school.house();
    let queue = house.store.cell_queue(school.card.cell_id).await.unwrap();
    while let Some(job) = house.job_take(&queue).await.unwrap() {
        match job.kind.as_str() {
            ISSUE_SHEET => issue_sheet(house, &job).await.unwrap(),
            EXPIRE_SHEET => expire_sheet(house, &job).await.unwrap(),
            other => panic!("{other}"),
        }
        house.job_done(&queue, &job).await.unwrap();
    }
}

/// The text of every page.
fn pages(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    document.get_pages().keys().map(|page| document.extract_text(&[*page]).unwrap()).collect()
}

/// Logins with their temporary passwords, as they stand on the cards.
fn cards(pdf: &[u8]) -> Vec<(String, String)> {
    let text = pages(pdf).join("\n");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let password = |line: &str| line.len() == 14 && line.split('-').filter(|g| g.len() == 4).count() == 3;
    let at = (0..lines.len()).filter(|n| password(lines[*n]));
    at.map(|n| (lines[n - 2].to_owned(), lines[n].to_owned())).collect()
}

async fn ordered(door: &Client, order: Value) -> String {
    let sheet = door.post("/sheets", &order).await.expect(200);
    assert_eq!((&sheet["state"], &sheet["done"]), (&json!("queued"), &json!(0)));
    sheet["id"].as_str().unwrap().to_owned()
}

async fn fetched(door: &Client, sheet: &str) -> Vec<u8> {
    let reply = door.post(&format!("/sheets/{sheet}/file"), &json!({})).await;
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    assert_eq!(reply.headers["content-type"], "application/pdf");
    let disposition = reply.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"") && disposition.ends_with(".pdf\""), "{disposition}");
    reply.body
}

async fn sign_in(school: &School, login: &str, password: &str) -> kd_testkit::Reply {
    let site = Client::signup(school.house(), AccountsApi);
    site.post("/session", &json!({ "login": login, "password": password })).await
}

/// How many valid credentials somebody has.
async fn valid(school: &School, person: Uuid) -> i64 {
    sql::scalar(
        school.house().store.platform(),
        "SELECT count(*) FROM platform.credential WHERE profile_id = $1 AND state = 'issued'",
        [person.into()],
    )
    .await
    .unwrap()
}

async fn credential(door: &Client, person: Uuid) -> String {
    door.get(&format!("/people/{person}")).await.expect(200)["credential"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn acc_3_a_sheet_is_made_fetched_once_and_its_cards_open_the_door_once() {
    let (school, anar) = school().await;
    let seven = class(&school, 7, "Ә", None).await;
    let door = door(&school, &anar);
    let of = |name: &str| with(student("Ахметова", name), json!({ "class_id": seven, "enrolled_on": "2026-09-01" }));
    let aisha = entered(&door, &of("Айша")).await;
    let dana = entered(&door, &of("Дана")).await;
    entered(&door, &student("Бекова", "Мадина")).await;
    let order = json!({ "class_id": seven, "who": "students", "language": "both" });
    let sheet = ordered(&door, order.clone()).await;
    let early = door.post(&format!("/sheets/{sheet}/file"), &json!({})).await;
    early.expect(409);
    assert_eq!(early.code(), "people.sheet-not-ready");
    work(&school).await;
    let ready = door.get(&format!("/sheets/{sheet}")).await.expect(200);
    assert_eq!((&ready["state"], &ready["done"], &ready["total"]), (&json!("ready"), &json!(2), &json!(2)));
    assert_eq!((&ready["class_name"], ready["expires_at"].is_string()), (&json!("7Ә"), true));
    assert_eq!(credential(&door, aisha).await, "printed");

    let pdf = fetched(&door, &sheet).await;
    let text = pages(&pdf).concat();
    assert!(text.contains("Ахметова Айша") && text.contains("Ахметова Дана") && !text.contains("Мадина"));
    let cards = cards(&pdf);
    assert_eq!(cards.len(), 2);
    assert!(cards[0].0.starts_with("akhmetova.aisha."), "{}", cards[0].0);
    let again = door.post(&format!("/sheets/{sheet}/file"), &json!({})).await;
    again.expect(410);
    assert_eq!(again.code(), "people.sheet-fetched");
    assert_eq!(door.get("/sheets").await.expect(200)[0]["state"], "fetched");
    assert!(school.house().blobs.list_prefix(school.card.id).await.unwrap().is_empty(), "nothing is left in S3");

    let entrance = sign_in(&school, &cards[0].0, &cards[0].1).await;
    assert_eq!(entrance.expect(200)["next"], "register");
    assert_eq!(register(&school, &entrance, "aisha.akhmetova").await.expect(200)["next"], "portal");
    sign_in(&school, &cards[0].0, &cards[0].1).await.expect(401);
    assert_eq!(credential(&door, aisha).await, "activated");

    // A reprint is a reissue: who has registered is passed over, the other's former card is void.
    let second = ordered(&door, order).await;
    work(&school).await;
    let reprinted = self::cards(&fetched(&door, &second).await);
    assert_eq!(reprinted.len(), 1);
    sign_in(&school, &cards[1].0, &cards[1].1).await.expect(401);
    assert_eq!(sign_in(&school, &reprinted[0].0, &reprinted[0].1).await.expect(200)["next"], "register");
    assert_eq!(credential(&door, dana).await, "printed");

    // It expires.
    school.world.clock.advance(TimeDelta::days(15));
    sign_in(&school, &reprinted[0].0, &reprinted[0].1).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_of_eight_who_fetch_a_sheet_at_once_one_gets_it() {
    let (school, anar) = school().await;
    let seven = class(&school, 7, "Ә", None).await;
    let door = door(&school, &anar);
    let dana = with(student("Ахметова", "Дана"), json!({ "class_id": seven, "enrolled_on": "2026-09-01" }));
    entered(&door, &dana).await;
    let sheet = ordered(&door, json!({ "class_id": seven, "who": "students", "language": "kk" })).await;
    work(&school).await;
    let fetches = (0..8).map(|_| {
        let (door, path) = (door.clone(), format!("/sheets/{sheet}/file"));
        tokio::spawn(async move { door.post(&path, &json!({})).await.status.as_u16() })
    });
    let mut outcomes = Vec::new();
    for fetch in fetches.collect::<Vec<_>>() {
        outcomes.push(fetch.await.unwrap());
    }
    outcomes.sort_unstable();
    assert_eq!(outcomes, [200, 410, 410, 410, 410, 410, 410, 410]);
}

async fn register(school: &School, entrance: &kd_testkit::Reply, login: &str) -> kd_testkit::Reply {
    let token = entrance.token(kd_ctx::Scope::Newcomer).unwrap();
    let site = Client::signup(school.house(), AccountsApi).with_token(kd_ctx::Scope::Newcomer, &token);
    let terms = site.get("/registration").await.expect(200)["terms_version"].clone();
    let form =
        json!({ "login": login, "password": "күзгі жапырақ ұшады 42", "terms_version": terms, "language": "kk" });
    site.post("/registration", &form).await
}

#[tokio::test]
async fn acc_3_a_sheet_that_nobody_fetches_is_gone_within_the_hour() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = entered(&door, &student("Ахметова", "Айша")).await;
    let sheet = ordered(&door, json!({ "profile_ids": [aisha], "who": "all", "language": "kk" })).await;
    work(&school).await;
    assert_eq!(school.house().blobs.list_prefix(school.card.id).await.unwrap().len(), 1);
    school.world.clock.advance(TimeDelta::minutes(61));
    assert_eq!(door_again(&school, &anar).await.get(&format!("/sheets/{sheet}")).await.expect(200)["state"], "expired");
    let late = door_again(&school, &anar).await.post(&format!("/sheets/{sheet}/file"), &json!({})).await;
    late.expect(410);
    assert_eq!(late.code(), "people.sheet-expired");
    work(&school).await;
    assert!(school.house().blobs.list_prefix(school.card.id).await.unwrap().is_empty());
}

/// The administrator's door with a session that is young.
async fn door_again(school: &School, person: &kd_testkit::Person) -> Client {
    let token = school.session(person.account).await;
    school.client(crate::PeopleApi).with_token(kd_ctx::Scope::User, &token)
}

#[tokio::test]
async fn a_run_that_was_cut_is_done_anew_and_the_overtaken_one_changes_nothing() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = entered(&door, &student("Ахметова", "Айша")).await;
    let sheet = ordered(&door, json!({ "who": "students", "language": "ru" })).await;
    let house = school.house();
    let overtaken = job(&school).await.unwrap();
    assert!(job(&school).await.is_none(), "the job is held");
    school.world.clock.advance(TimeDelta::seconds(3));
    let current = job(&school).await.unwrap();
    assert_eq!(current.attempts, 2);
    issue_sheet(house, &overtaken).await.unwrap();
    assert_eq!(door.get(&format!("/sheets/{sheet}")).await.expect(200)["state"], "running");
    issue_sheet(house, &current).await.unwrap();
    // Done twice is done once.
    issue_sheet(house, &current).await.unwrap();
    issue_sheet(house, &overtaken).await.unwrap();
    assert_eq!(valid(&school, aisha).await, 1);
    assert_eq!(house.blobs.list_prefix(school.card.id).await.unwrap().len(), 1);
    let cards = cards(&fetched(&door, &sheet).await);
    assert_eq!(sign_in(&school, &cards[0].0, &cards[0].1).await.expect(200)["next"], "register");
}

#[tokio::test]
async fn a_fetch_that_was_cut_before_the_file_was_read_is_repeated_with_its_key() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    entered(&door, &student("Ахметова", "Айша")).await;
    let sheet = ordered(&door, json!({ "who": "students", "language": "ru" })).await;
    work(&school).await;
    let (key, path) = (Uuid::from_u128(5), format!("/sheets/{sheet}/file"));
    let house = school.house();
    let file = house.blobs.list_prefix(school.card.id).await.unwrap()[0].rsplit('/').next().unwrap().to_owned();
    let file = kd_blobs::ObjectKey::school(school.card.id, "sheets", &file).unwrap();
    let sealed = house.blobs.get(&file).await.unwrap().unwrap();
    assert!(!sealed.windows(4).any(|w| w == b"%PDF"), "it lies sealed");
    let post = poem::http::Method::POST;
    let first = door.write(post.clone(), &path, &json!({}), key).await;
    assert_eq!(first.status, 200);
    door.write(post.clone(), &path, &json!({}), key).await.expect(410);
    house.blobs.put(&file, sealed, "application/octet-stream").await.unwrap();
    assert_eq!(door.write(post.clone(), &path, &json!({}), key).await.body, first.body);
    door.write(post, &path, &json!({}), Uuid::from_u128(6)).await.expect(410);
}

#[tokio::test]
async fn a_run_that_was_cut_in_the_middle_is_done_anew_and_voids_what_it_made() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = entered(&door, &student("Ахметова", "Айша")).await;
    let sheet = ordered(&door, json!({ "who": "students", "language": "ru" })).await;
    let house = school.house();
    let queue = house.store.cell_queue(school.card.cell_id).await.unwrap();
    let first = job(&school).await.unwrap();
    issue_sheet(&without_s3(&school), &first).await.unwrap_err();
    assert_eq!((valid(&school, aisha).await, credential(&door, aisha).await.as_str()), (1, "issued"));
    house.job_failed(&queue, &first, "unavailable").await.unwrap();
    school.world.clock.advance(TimeDelta::seconds(1));
    work(&school).await;
    assert_eq!((valid(&school, aisha).await, credential(&door, aisha).await.as_str()), (1, "printed"));
    let cards = cards(&fetched(&door, &sheet).await);
    assert_eq!(sign_in(&school, &cards[0].0, &cards[0].1).await.expect(200)["next"], "register");
}

#[tokio::test]
async fn s16_a_job_reaches_no_sheet_of_another_school() {
    let (school, anar) = school().await;
    let other = School::in_world(&school.world).await;
    let door = door(&school, &anar);
    entered(&door, &student("Ахметова", "Айша")).await;
    let sheet = ordered(&door, json!({ "who": "students", "language": "ru" })).await;
    let mut job = job(&school).await.unwrap();
    job.school = other.card.id;
    issue_sheet(school.house(), &job).await.unwrap();
    expire_sheet(school.house(), &job).await.unwrap();
    assert_eq!(door.get(&format!("/sheets/{sheet}")).await.expect(200)["state"], "queued");
}

#[tokio::test]
async fn who_administers_gets_a_card_that_demands_a_second_factor() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let staff = |roles: Value| json!({ "kind": "staff", "surname": "Сәрсенова", "sex": "f", "roles": roles, "confirm_duplicate": true });
    let strict = entered(&door, &staff(json!(["administrator"]))).await;
    let plain = entered(&door, &staff(json!(["teacher"]))).await;
    ordered(&door, json!({ "who": "staff", "language": "kk" })).await;
    work(&school).await;
    for (person, expected) in [(strict, true), (plain, false)] {
        let found: bool = sql::scalar(
            school.house().store.platform(),
            "SELECT strict FROM platform.credential WHERE profile_id = $1 AND state = 'issued'",
            [person.into()],
        )
        .await
        .unwrap();
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn s24_a_card_printed_before_the_role_was_given_is_void() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let staff = json!({ "kind": "staff", "surname": "Сәрсенова", "sex": "f" });
    let person = entered(&door, &staff).await;
    let sheet = ordered(&door, json!({ "who": "staff", "language": "kk" })).await;
    work(&school).await;
    let cards = cards(&fetched(&door, &sheet).await);
    let edit = json!({ "version": 1, "surname": "Сәрсенова", "sex": "f", "roles": ["administrator"] });
    let edited = door.put(&format!("/people/{person}"), &edit).await.expect(200);
    assert_eq!(edited["credential"], "revoked");
    sign_in(&school, &cards[0].0, &cards[0].1).await.expect(401);
}

#[tokio::test]
async fn orders_that_print_nothing_or_ask_for_two_things_are_refused() {
    let (school, anar) = school().await;
    let seven = class(&school, 7, "Ә", None).await;
    let door = door(&school, &anar);
    let nobody = door.post("/sheets", &json!({ "who": "students", "language": "kk" })).await;
    nobody.expect(422);
    assert_eq!(nobody.code(), "people.nobody-to-print");
    let both = json!({ "class_id": seven, "profile_ids": [], "who": "all", "language": "kk" });
    assert_eq!(fields(&door.post("/sheets", &both).await), ["profile_ids class-or-people"]);
    let unknown = json!({ "class_id": Uuid::from_u128(9), "who": "all", "language": "kk" });
    assert_eq!(fields(&door.post("/sheets", &unknown).await), ["class_id unknown"]);
    let registered = json!({ "profile_ids": [anar.profile], "who": "all", "language": "kk" });
    assert_eq!(door.post("/sheets", &registered).await.code(), "people.nobody-to-print");
    for role in [Role::Teacher, Role::ClassTeacher, Role::Editor, Role::Student, Role::Guardian] {
        let person = school.person("Б", role.name(), &[role]).await;
        let theirs = super::door(&school, &person);
        theirs.post("/sheets", &json!({ "who": "all", "language": "kk" })).await.expect(403);
        theirs.get("/sheets").await.expect(403);
    }
}

#[tokio::test]
async fn a_class_teacher_hands_over_in_the_own_class_alone_and_the_board_shows_it() {
    let (school, anar) = school().await;
    let mentor = school.person("Сәрсенова", "Айгүл", &[Role::ClassTeacher]).await;
    let (seven, eight) = (class(&school, 7, "Ә", Some(mentor.profile)).await, class(&school, 8, "А", None).await);
    let door = door(&school, &anar);
    let of = |name: &str, class: kd_kernel::ClassId| with(student("Ахметова", name), json!({ "class_id": class }));
    let aisha = entered(&door, &of("Айша", seven)).await;
    let dana = entered(&door, &of("Дана", eight)).await;
    let mother = entered(&door, &guardian("Ахметова", "Гүлнар", aisha)).await;
    ordered(&door, json!({ "class_id": seven, "who": "all", "language": "kk" })).await;
    work(&school).await;
    let hers = super::door(&school, &mentor);
    let over = |people: &[Uuid]| json!({ "profile_ids": people });
    hers.post("/credentials/hand-over", &over(&[aisha, dana])).await.expect(403);
    assert_eq!(credential(&door, aisha).await, "printed", "all or none");
    let handed = hers.post("/credentials/hand-over", &over(&[aisha, mother])).await.expect(200);
    assert_eq!(handed["handed_over"], 2);
    assert_eq!(credential(&door, mother).await, "handed_over");
    assert_eq!(hers.post("/credentials/hand-over", &over(&[aisha])).await.expect(200)["handed_over"], 0);
    // What was never printed cannot be handed over.
    assert_eq!(door.post("/credentials/hand-over", &over(&[dana])).await.expect(200)["handed_over"], 0);

    let board = hers.get("/credentials/board").await.expect(200);
    let lines: Vec<_> = board
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let class = row.get("class_name").and_then(Value::as_str).unwrap_or("-");
            let numbers =
                ["total", "none", "issued", "printed", "handed_over", "activated"].map(|k| row[k].to_string());
            format!("{class} {} {}", row["kind"].as_str().unwrap(), numbers.join(" "))
        })
        .collect();
    let expected =
        ["- staff 2 0 0 0 0 2", "7Ә student 1 0 0 0 1 0", "7Ә guardian 1 0 0 0 1 0", "8А student 1 1 0 0 0 0"];
    assert_eq!(lines, expected);
    let teacher = school.person("Оспанов", "Ерлан", &[Role::Teacher]).await;
    super::door(&school, &teacher).get("/credentials/board").await.expect(403);
    let student = school.person("Бекова", "Дана", &[Role::Student]).await;
    super::door(&school, &student).post("/credentials/hand-over", &over(&[aisha])).await.expect(404);
}

/// The same house, whose S3 is away.
fn without_s3(school: &School) -> std::sync::Arc<kd_ctx::House> {
    let text = str::to_owned;
    let settings = kd_blobs::BlobSettings {
        endpoint: text("http://127.0.0.1:9"),
        bucket: text("none"),
        access_key: text("a"),
        secret_key: text("b"),
        region: text("c"),
    };
    school.world.with_house(|house| house.blobs = kd_blobs::Blobs::open(&settings)).house
}

#[tokio::test]
async fn a_sheet_that_cannot_be_made_says_so_in_the_end_and_praises_no_void_card() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = entered(&door, &student("Ахметова", "Айша")).await;
    ordered(&door, json!({ "who": "students", "language": "ru" })).await;
    work(&school).await;
    assert_eq!(credential(&door, aisha).await, "printed");
    let sheet = ordered(&door, json!({ "who": "students", "language": "ru" })).await;
    let away = without_s3(&school);
    let mut job = job(&school).await.unwrap();
    issue_sheet(&away, &job).await.unwrap_err();
    assert_eq!(door.get(&format!("/sheets/{sheet}")).await.expect(200)["state"], "running");
    assert_eq!(credential(&door, aisha).await, "issued", "the former card is void, the new one is on no paper");
    assert_eq!(valid(&school, aisha).await, 1);
    job.attempts = 10;
    issue_sheet(&away, &job).await.unwrap_err();
    let failed = door.get(&format!("/sheets/{sheet}")).await.expect(200);
    assert_eq!((&failed["state"], &failed["error"]), (&json!("failed"), &json!("people.sheet-failed")));
}

#[tokio::test]
async fn sheets_are_printed_staff_first_then_class_by_class() {
    let (school, anar) = school().await;
    let (eight, seven) = (class(&school, 8, "А", None).await, class(&school, 7, "Ә", None).await);
    let door = door(&school, &anar);
    let of = |name: &str, class: kd_kernel::ClassId| with(student(name, ""), json!({ "class_id": class }));
    let last = entered(&door, &of("Айша", eight)).await;
    let third = entered(&door, &of("Үміт", seven)).await;
    let second = entered(&door, &of("Ұлан", seven)).await;
    let first = entered(&door, &json!({ "kind": "staff", "surname": "Яковлева", "sex": "f" })).await;
    let sheet: Uuid = ordered(&door, json!({ "who": "all", "language": "kk" })).await.parse().unwrap();
    let tx = tx(&school).await;
    let ids: Value = sql::scalar(&tx, "SELECT profile_ids FROM sheet WHERE id = $1", [sheet.into()]).await.unwrap();
    let ids: Vec<ProfileId> = serde_json::from_value(ids).unwrap();
    assert_eq!(ids.into_iter().map(|p| p.0).collect::<Vec<_>>(), [first, second, third, last]);
}

#[tokio::test]
async fn pdp_8_who_fetches_a_sheet_stands_in_the_access_log_for_each_student_on_it() {
    let (school, anar) = school().await;
    let seven = class(&school, 7, "Ә", None).await;
    let door = door(&school, &anar);
    let of = |name: &str| with(student("Ахметова", name), json!({ "class_id": seven, "enrolled_on": "2026-09-01" }));
    let mut students = [entered(&door, &of("Айша")).await, entered(&door, &of("Дана")).await];
    entered(&door, &guardian("Ахметова", "Гүлнар", students[0])).await;
    let sheet = ordered(&door, json!({ "class_id": seven, "who": "all", "language": "kk" })).await;
    work(&school).await;
    fetched(&door, &sheet).await;
    let looks: Value = sql::scalar(
        &tx(&school).await,
        "SELECT jsonb_agg(jsonb_build_array(subject_id, profile_id, what) ORDER BY subject_id) FROM access_log",
        [],
    )
    .await
    .unwrap();
    students.sort_unstable();
    assert_eq!(looks, json!(students.map(|student| json!([student, anar.profile, "sheet"]))));
}
