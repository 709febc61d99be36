//! The way of initial credentials: its history, parallels, letters, who waits, what was spent or taken back.

use chrono::TimeDelta;
use kd_ctx::Scope;
use kd_kernel::Role;
use kd_store::sql;
use kd_testkit::{Client, Person, School};
use serde_json::{Value, json};
use uuid::Uuid;

use super::sheets::{cards, credential, fetched, job, ordered, pages, sign_in, valid, work};
use super::{class, door, entered, fields, guardian, school, student, tx, with};
use crate::{PeopleApi, write_letters};

async fn steps(door: &Client, person: Uuid) -> Vec<String> {
    let history = door.get(&format!("/people/{person}/credential")).await.expect(200);
    let word = |event: &Value, key: &str| event.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
    let line = |e: &Value| format!("{} {} {}", word(e, "before"), word(e, "after"), word(e, "by"));
    history["events"].as_array().unwrap().iter().map(line).collect()
}

/// Five wrong tries, as far apart as the entrance asks for.
async fn spend(school: &School, login: &str) {
    for _ in 0..5 {
        sign_in(school, login, "AAAA-BBBB-CCCC").await.expect(401);
        school.world.clock.advance(TimeDelta::minutes(16));
    }
}

/// Somebody's door after the old session has ended.
async fn again(school: &School, person: &Person) -> Client {
    school.client(PeopleApi).with_token(Scope::User, &school.session(person.account).await)
}

#[tokio::test]
async fn acc_3_every_step_of_a_credential_is_kept_with_who_and_when() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = entered(&door, &student("Ахметова", "Айша")).await;
    ordered(&door, json!({ "who": "students", "language": "ru" })).await;
    work(&school).await;
    door.post("/credentials/hand-over", &json!({ "profile_ids": [aisha] })).await.expect(200);
    let by = "Әлиева Анар";
    let first = [format!("printed handed_over {by}"), format!("issued printed {by}"), format!("- issued {by}")];
    assert_eq!(steps(&door, aisha).await, first);
    // Nobody does it when time runs out, and it is there all the same.
    school.world.clock.advance(TimeDelta::days(14));
    let door = again(&school, &anar).await;
    assert_eq!(credential(&door, aisha).await, "expired");
    assert_eq!(steps(&door, aisha).await[0], "handed_over expired -");
    // A reprint writes it down where it belongs.
    ordered(&door, json!({ "who": "students", "language": "ru" })).await;
    work(&school).await;
    let reprinted = steps(&door, aisha).await;
    assert_eq!(
        reprinted[..3],
        [format!("issued printed {by}"), format!("- issued {by}"), "handed_over expired -".to_owned()]
    );
    // The school's role can add to the history alone.
    let tx = tx(&school).await;
    sql::run(&tx, "DELETE FROM handout_event", []).await.unwrap_err();
}

#[tokio::test]
async fn s21_five_wrong_tries_end_a_card_and_the_school_sees_it() {
    let (school, anar) = school().await;
    let seven = class(&school, 7, "Ә", None).await;
    let door = door(&school, &anar);
    let aisha = entered(&door, &with(student("Ахметова", "Айша"), json!({ "class_id": seven }))).await;
    let sheet = ordered(&door, json!({ "class_id": seven, "who": "students", "language": "ru" })).await;
    work(&school).await;
    let cards = cards(&fetched(&door, &sheet).await);
    assert_eq!(credential(&door, aisha).await, "printed");
    spend(&school, &cards[0].0).await;
    let door = again(&school, &anar).await;
    sign_in(&school, &cards[0].0, &cards[0].1).await.expect(401);
    assert_eq!(credential(&door, aisha).await, "revoked");
    assert_eq!(steps(&door, aisha).await[0], "printed revoked -");
    let found = door.post("/people/search", &json!({ "kind": "student" })).await.expect(200);
    assert_eq!(found["people"][0]["credential"], "revoked");
    let board = door.get("/credentials/board").await.expect(200);
    let row = board.as_array().unwrap().iter().find(|row| row["class_name"] == "7Ә").unwrap().clone();
    assert_eq!((&row["printed"], &row["none"], &row["revoked"]), (&json!(0), &json!(1), &json!(1)));
    let waiting = door.get(&format!("/credentials/waiting?class_id={seven}")).await.expect(200);
    assert_eq!(waiting[0]["credential"], "revoked");
    // It cannot be handed over any more, by person or by sheet.
    let refused = door.post("/credentials/hand-over", &json!({ "profile_ids": [aisha] })).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "people.card-not-valid".into()));
    let refused = door.post(&format!("/sheets/{sheet}/hand-over"), &json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "people.no-valid-cards".into()));
}

#[tokio::test]
async fn acc_3_a_parallel_is_printed_class_by_class_each_with_its_register() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let (second, first) = (class(&school, 7, "Б", None).await, class(&school, 7, "Ә", None).await);
    let other = class(&school, 8, "А", None).await;
    let of = |name: &str, class: kd_kernel::ClassId| with(student(name, ""), json!({ "class_id": class }));
    let saule = entered(&door, &of("Сәуле", second)).await;
    entered(&door, &of("Ұлан", first)).await;
    entered(&door, &of("Үміт", first)).await;
    entered(&door, &of("Жанар", other)).await;
    entered(&door, &guardian("Тілеуова", "Гүлнар", saule)).await;
    let unknown = door.post("/sheets", &json!({ "grade": 5, "who": "all", "language": "kk" })).await;
    assert_eq!(fields(&unknown), ["grade unknown"]);
    let both = door.post("/sheets", &json!({ "grade": 7, "class_id": first, "who": "all", "language": "kk" })).await;
    assert_eq!(fields(&both), ["grade class-or-people"]);
    let heading = json!({ "kk": "Сұрақтар: 12-кабинет", "version": 0 });
    assert_eq!(door.put("/credentials/heading", &heading).await.expect(200)["version"], 1);
    door.put("/credentials/heading", &heading).await.expect(409);
    let long = json!({ "kk": "а".repeat(301), "version": 1 });
    assert_eq!(fields(&door.put("/credentials/heading", &long).await), ["kk too-long"]);
    assert_eq!(door.get("/credentials/heading").await.expect(200)["kk"], "Сұрақтар: 12-кабинет");

    let sheet = ordered(&door, json!({ "grade": 7, "who": "all", "language": "kk" })).await;
    work(&school).await;
    let pages = pages(&fetched(&door, &sheet).await);
    assert_eq!(pages.len(), 4, "cards and register of two classes");
    let at = |name: &str| pages.iter().map(|page| page.contains(name)).collect::<Vec<_>>();
    assert_eq!(at("Ұлан"), [true, true, false, false]);
    assert_eq!(at("Тілеуова"), [false, false, true, true]);
    assert_eq!((at("7Ә"), at("7Б")), (at("Ұлан"), at("Тілеуова")));
    assert!(at("Жанар").iter().all(|there| !there));
    assert_eq!(at("Сұрақтар: 12-кабинет"), [true, false, true, false]);
    assert!(pages[0].find("Ұлан").unwrap() < pages[0].find("Үміт").unwrap(), "in the order of the Kazakh alphabet");
    let tx = tx(&school).await;
    let audited: i64 = sql::scalar(
        &tx,
        "SELECT count(*) FROM audit WHERE operation IN ('sheet_issue', 'sheet_fetch') AND subject_id = $1",
        [sheet.parse::<Uuid>().unwrap().into()],
    )
    .await
    .unwrap();
    assert_eq!(audited, 2);
}

#[tokio::test]
async fn a_whole_sheet_is_handed_over_as_far_as_its_cards_are_valid() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = entered(&door, &student("Ахметова", "Айша")).await;
    let dana = entered(&door, &student("Бекова", "Дана")).await;
    let first = ordered(&door, json!({ "who": "students", "language": "kk" })).await;
    work(&school).await;
    let again = ordered(&door, json!({ "profile_ids": [aisha], "who": "all", "language": "kk" })).await;
    work(&school).await;
    let handed = door.post(&format!("/sheets/{first}/hand-over"), &json!({})).await.expect(200);
    assert_eq!(handed["handed_over"], 1, "the other card of this sheet is void");
    assert_eq!(
        (credential(&door, aisha).await, credential(&door, dana).await),
        ("printed".into(), "handed_over".into())
    );
    assert_eq!(door.post(&format!("/sheets/{again}/hand-over"), &json!({})).await.expect(200)["handed_over"], 1);
    assert_eq!(door.post(&format!("/sheets/{again}/hand-over"), &json!({})).await.expect(200)["handed_over"], 0);
}

#[tokio::test]
async fn a_class_teacher_takes_back_and_sees_in_the_own_class_alone() {
    let (school, anar) = school().await;
    let mentor = school.person("Сәрсенова", "Айгүл", &[Role::ClassTeacher]).await;
    let (seven, eight) = (class(&school, 7, "Ә", Some(mentor.profile)).await, class(&school, 8, "А", None).await);
    let door = door(&school, &anar);
    let of = |name: &str, class: kd_kernel::ClassId| with(student("Ахметова", name), json!({ "class_id": class }));
    let aisha = entered(&door, &of("Айша", seven)).await;
    let dana = entered(&door, &of("Дана", eight)).await;
    let sheet = ordered(&door, json!({ "class_id": seven, "who": "all", "language": "kk" })).await;
    work(&school).await;
    let cards = cards(&fetched(&door, &sheet).await);
    let entrance = sign_in(&school, &cards[0].0, &cards[0].1).await;
    entrance.expect(200);
    let hers = super::door(&school, &mentor);
    for (class, status) in [(seven, 200), (eight, 403)] {
        hers.get(&format!("/credentials/waiting?class_id={class}")).await.expect(status);
    }
    hers.get("/credentials/waiting").await.expect(403);
    hers.get(&format!("/people/{dana}/credential")).await.expect(403);
    hers.post(&format!("/people/{dana}/credential/void"), &json!({})).await.expect(404);
    school.world.clock.advance(TimeDelta::days(3));
    let (door, hers) = (again(&school, &anar).await, again(&school, &mentor).await);
    let waiting = hers.get(&format!("/credentials/waiting?class_id={seven}")).await.expect(200);
    assert_eq!((&waiting[0]["credential"], &waiting[0]["days"]), (&json!("printed"), &json!(3)));

    let void = |person: Uuid| format!("/people/{person}/credential/void");
    assert_eq!(hers.post(&void(aisha), &json!({})).await.expect(200)["voided"], 1);
    assert_eq!(hers.post(&void(aisha), &json!({})).await.expect(200)["voided"], 0);
    assert_eq!((valid(&school, aisha).await, credential(&door, aisha).await.as_str()), (0, "revoked"));
    assert_eq!(steps(&door, aisha).await[0], "printed revoked Сәрсенова Айгүл");
    sign_in(&school, &cards[0].0, &cards[0].1).await.expect(401);
    let open: i64 = sql::scalar(
        school.house().store.platform(),
        "SELECT count(*) FROM platform.session s JOIN platform.credential c ON c.id = s.credential_id \
         WHERE c.profile_id = $1 AND s.ended_at IS NULL",
        [aisha.into()],
    )
    .await
    .unwrap();
    assert_eq!(open, 0, "M29: what it opened has ended");
}

fn reached(name: &str, email: &str) -> Value {
    with(student("Ахметова", name), json!({ "email": email }))
}

/// Sends what waits in the outbox.
async fn send(school: &School) {
    while school.house().letter_send_next().await.unwrap() {}
}

#[tokio::test]
async fn s46_a_letter_is_about_one_person_and_its_headers_are_safe() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    for wrong in ["a@b.kz\r\nBcc: c@d.kz", "a@b.kz\nX: y", "a@b.kz,c@d.kz", "<a@b.kz>", "a\u{0}@b.kz", "a b@c.kz"] {
        assert_eq!(fields(&door.post("/people", &reached("Айша", wrong)).await), ["email email-invalid"], "{wrong:?}");
    }
    let shared = format!("gulnar.{}@example.kz", school.card.slug);
    let aisha = entered(&door, &reached("Айша", &shared)).await;
    let dana = entered(&door, &reached("Дана", &shared)).await;
    let silent = entered(&door, &student("Бекова", "Мадина")).await;
    let order = json!({ "who": "students", "language": "both" });
    let letters = door.post("/credentials/letters", &order).await.expect(200);
    assert_eq!(
        (&letters["without_address"], &letters["sheet"]["total"], &letters["sheet"]["medium"]),
        (&json!(1), &json!(2), &json!("letter"))
    );
    work(&school).await;
    assert_eq!(credential(&door, aisha).await, "mailed");
    assert_eq!(credential(&door, silent).await, "none");
    let kept: i64 = sql::scalar(
        school.house().store.platform(),
        "SELECT count(*) FROM platform.letter WHERE recipient <> '' AND school_id = $1",
        [school.card.id.into()],
    )
    .await
    .unwrap();
    assert_eq!(kept, 0, "the platform keeps no person's address in clear");
    let fare = async |person: Uuid| {
        door.get(&format!("/people/{person}/credential")).await.expect(200)["letter"].as_str().unwrap().to_owned()
    };
    assert_eq!(fare(dana).await, "queued");
    send(&school).await;
    assert_eq!((fare(aisha).await, fare(dana).await), ("sent".into(), "sent".into()));
    let wiped: i64 = sql::scalar(
        school.house().store.platform(),
        "SELECT count(*) FROM platform.letter WHERE body_sealed IS NULL AND state = 'sent' AND school_id = $1",
        [school.card.id.into()],
    )
    .await
    .unwrap();
    assert_eq!(wiped, 2);
    assert_eq!((valid(&school, aisha).await, valid(&school, dana).await), (1, 1));
    assert_eq!(steps(&door, aisha).await[0], "issued mailed Әлиева Анар");
    let sheets = door.get("/sheets").await.expect(200);
    assert_eq!(sheets[0]["state"], "mailed");
    let path = format!("/sheets/{}/file", sheets[0]["id"].as_str().unwrap());
    door.post(&path, &json!({})).await.expect(409);
    let none =
        door.post("/credentials/letters", &json!({ "profile_ids": [silent], "who": "all", "language": "kk" })).await;
    assert_eq!((none.status.as_u16(), none.code()), (422, "people.nobody-to-write".into()));
    let mentor = school.person("Сәрсенова", "Айгүл", &[Role::ClassTeacher]).await;
    super::door(&school, &mentor).post("/credentials/letters", &order).await.expect(403);
}

#[tokio::test]
async fn letters_whose_run_was_cut_are_not_written_twice() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = entered(&door, &reached("Айша", "aisha@example.kz")).await;
    door.post("/credentials/letters", &json!({ "who": "students", "language": "kk" })).await.expect(200);
    let first = job(&school).await.unwrap();
    write_letters(school.house(), &first).await.unwrap();
    school.world.clock.advance(TimeDelta::seconds(3));
    let second = job(&school).await.unwrap();
    // As if the run had been cut between the platform's transaction and the school's.
    let tx = tx(&school).await;
    sql::run(&tx, "UPDATE handout SET state = 'revoked'", []).await.unwrap();
    sql::run(&tx, "UPDATE sheet SET state = 'running'", []).await.unwrap();
    tx.commit().await.unwrap();
    write_letters(school.house(), &second).await.unwrap();
    let written: i64 = sql::scalar(
        school.house().store.platform(),
        "SELECT count(*) FROM platform.letter WHERE school_id = $1",
        [school.card.id.into()],
    )
    .await
    .unwrap();
    assert_eq!((written, valid(&school, aisha).await, credential(&door, aisha).await), (1, 1, "mailed".into()));
}

#[tokio::test]
async fn m29_a_letter_that_waits_is_withdrawn_with_its_credential() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let (aisha, dana) = (
        entered(&door, &reached("Айша", "aisha@example.kz")).await,
        entered(&door, &reached("Дана", "dana@example.kz")).await,
    );
    let order = json!({ "who": "students", "language": "kk" });
    door.post("/credentials/letters", &order).await.expect(200);
    work(&school).await;
    door.post(&format!("/people/{aisha}/credential/void"), &json!({})).await.expect(200);
    assert_eq!(fares(&school).await, ["dead wiped", "queued sealed"], "taken back");
    door.post("/credentials/letters", &json!({ "profile_ids": [dana], "who": "all", "language": "kk" }))
        .await
        .expect(200);
    work(&school).await;
    assert_eq!(fares(&school).await, ["dead wiped", "dead wiped", "queued sealed"], "issued anew");
    send(&school).await;
    assert_eq!(fares(&school).await, ["dead wiped", "dead wiped", "sent wiped"]);
    assert_eq!((valid(&school, aisha).await, valid(&school, dana).await), (0, 1));
}

/// How the school's letters fare, and whether their text is there still.
async fn fares(school: &School) -> Vec<String> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        fare: String,
    }
    let rows: Vec<Row> = sql::all(
        school.house().store.platform(),
        "SELECT state || CASE WHEN body_sealed IS NULL THEN ' wiped' ELSE ' sealed' END AS fare FROM platform.letter \
         WHERE school_id = $1 ORDER BY 1",
        [school.card.id.into()],
    )
    .await
    .unwrap();
    rows.into_iter().map(|row| row.fare).collect()
}
