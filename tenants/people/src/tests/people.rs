//! Entering, finding, reading and changing people.

use kd_kernel::Role;
use kd_store::sql;
use kd_testkit::School;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{class, door, entered, fields, guardian, school, student, tx, with};
use crate::PeopleApi;

async fn found(door: &kd_testkit::Client, search: Value) -> Vec<String> {
    let found = door.post("/people/search", &search).await.expect(200);
    found["people"].as_array().unwrap().iter().map(|p| p["full_name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_administrator_enters_a_teacher_a_student_and_a_guardian() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let seven = class(&school, 7, "Ә", None).await;
    let teacher = json!({ "kind": "staff", "surname": "Сәрсенова", "given_name": "Айгүл", "patronymic": "Серікқызы",
        "sex": "f", "birth_date": "1985-03-08", "phone": "8 (701) 123-45-67", "email": "aigul@example.org",
        "address": "Абай көшесі 1", "position": "математика мұғалімі" });
    let teacher = door.post("/people", &teacher).await.expect(200);
    assert_eq!(teacher["full_name"], "Сәрсенова Айгүл Серікқызы");
    assert_eq!(teacher["roles"], json!(["teacher"]));
    assert_eq!(teacher["phone"], "+77011234567");
    assert_eq!((&teacher["credential"], &teacher["registered"]), (&json!("none"), &json!(false)));
    let timur =
        with(student("Ахметов", "Тимур"), json!({ "class_id": seven, "enrolled_on": "2026-09-01", "sex": "m" }));
    let timur = door.post("/people", &timur).await.expect(200);
    assert_eq!((&timur["class_name"], &timur["roles"]), (&json!("7Ә"), &json!(["student"])));
    let mother = door.post("/people", &guardian("Ахметова", "Гүлнар", timur["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(mother["children"][0]["full_name"], "Ахметов Тимур");
    assert_eq!(
        (&mother["children"][0]["relation"], &mother["children"][0]["class_name"]),
        (&json!("mother"), &json!("7Ә"))
    );
    let timur = door.get(&format!("/people/{}", timur["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(timur["guardians"][0]["full_name"], "Ахметова Гүлнар");
    let search = json!({ "kind": "guardian", "class_id": seven });
    assert_eq!(found(&door, search).await, ["Ахметова Гүлнар"]);
    let tx = tx(&school).await;
    let audited: i64 = sql::scalar(&tx, "SELECT count(*) FROM audit WHERE operation = 'person_add'", []).await.unwrap();
    assert_eq!(audited, 3);
}

#[tokio::test]
async fn idn_7_a_phone_is_kept_as_e164_and_one_from_abroad_is_flagged() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    for (n, typed) in ["8 (701) 123-45-67", "+7 701 1234567", "7011234567"].iter().enumerate() {
        let person = with(student("Ахметова", &"А".repeat(n + 1)), json!({ "phone": typed }));
        let person = door.post("/people", &person).await.expect(200);
        assert_eq!((&person["phone"], person.get("phone_abroad")), (&json!("+77011234567"), None), "{typed}");
    }
    let wrong = with(student("Ахметова", "Б"), json!({ "phone": "+7 709 123 45 67" }));
    assert_eq!(fields(&door.post("/people", &wrong).await), ["phone phone-invalid"]);
    let abroad = with(student("Ахметова", "В"), json!({ "phone": "+79161234567" }));
    assert_eq!(door.post("/people", &abroad).await.expect(200)["phone_abroad"], true);
}

#[tokio::test]
async fn idn_8_a_list_stands_in_the_order_of_the_kazakh_alphabet() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    for surname in ["Іңкәр", "Ибрагим", "Ысқақ", "Қайрат", "Камила", "Ұлан", "Үміт", "Уәли", "Әлия", "Айгүл"]
    {
        entered(&door, &student(surname, "")).await;
    }
    let sorted = ["Айгүл", "Әлия", "Ибрагим", "Камила", "Қайрат", "Уәли", "Ұлан", "Үміт", "Ысқақ", "Іңкәр"];
    assert_eq!(found(&door, json!({ "kind": "student" })).await, sorted);
    let part = json!({ "kind": "student", "offset": 4, "limit": 3 });
    let part = door.post("/people/search", &part).await.expect(200);
    assert_eq!((&part["count"], part["people"].as_array().unwrap().len()), (&json!(10), 3));
    assert_eq!(part["people"][0]["surname"], "Қайрат");
    let much = json!({ "kind": "student", "limit": 201 });
    door.post("/people/search", &much).await.expect(400);
}

#[tokio::test]
async fn idn_9_search_folds_letters_and_wants_every_word() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    entered(&door, &student("Өмірбек", "Нұргүл")).await;
    entered(&door, &student("Өмірбек", "Айша")).await;
    for text in ["нургуль омирбек", "ӨМІРБЕК нұрг", "  бек  гул "] {
        assert_eq!(found(&door, json!({ "kind": "student", "text": text })).await, ["Өмірбек Нұргүл"], "{text}");
    }
    assert_eq!(found(&door, json!({ "kind": "student", "text": "омирбек" })).await.len(), 2);
    for text in ["нургул айша", "%", "_", "омирбек'; --"] {
        assert!(found(&door, json!({ "kind": "student", "text": text })).await.is_empty(), "{text}");
    }
    assert!(found(&door, json!({ "kind": "guardian", "text": "омирбек" })).await.is_empty());
    let long = json!({ "kind": "student", "text": "а".repeat(201) });
    assert_eq!(fields(&door.post("/people/search", &long).await), ["text too-long"]);
}

#[tokio::test]
async fn acc_2_a_guardian_sees_the_own_child_and_a_student_the_own_card() {
    let (school, anar) = school().await;
    let aisha = school.person("Ахметова", "Айша", &[Role::Student]).await;
    let other = school.person("Бекова", "Дана", &[Role::Student]).await;
    let mother = school.person("Ахметова", "Гүлнар", &[Role::Guardian]).await;
    let father = school.person("Ахметов", "Серік", &[Role::Guardian]).await;
    let elsewhere = school.person("Бекова", "Сәуле", &[Role::Guardian]).await;
    let admin = door(&school, &anar);
    let card = |id: kd_kernel::ProfileId| format!("/people/{id}");
    for (who, child, relation) in
        [(&mother, &aisha, "mother"), (&father, &aisha, "father"), (&elsewhere, &other, "mother")]
    {
        let edit = json!({ "version": 1, "surname": "Ахметова", "given_name": relation, "sex": "f",
            "children": [{ "student_id": child.profile, "relation": relation }] });
        admin.put(&card(who.profile), &edit).await.expect(200);
    }
    let hers = door(&school, &mother);
    let child = hers.get(&card(aisha.profile)).await.expect(200);
    assert_eq!(child["guardians"].as_array().unwrap().len(), 1, "the father's line is not for the mother");
    assert_eq!(child["guardians"][0]["id"], json!(mother.profile));
    hers.get(&card(mother.profile)).await.expect(200);
    let nobody = hers.get(&card(school.house().id())).await;
    for hidden in [other.profile, father.profile, anar.profile] {
        let reply = hers.get(&card(hidden)).await;
        reply.expect(404);
        assert_eq!(without_id(&reply), without_id(&nobody));
    }
    let own = door(&school, &aisha);
    assert_eq!(own.get(&card(aisha.profile)).await.expect(200)["guardians"].as_array().unwrap().len(), 2);
    for hidden in [other.profile, mother.profile, anar.profile] {
        own.get(&card(hidden)).await.expect(404);
    }
    for door in [&hers, &own] {
        door.post("/people/search", &json!({ "kind": "student" })).await.expect(403);
        door.post("/people", &student("А", "Б")).await.expect(403);
        let edit = json!({ "version": 1, "surname": "А", "sex": "f" });
        door.put(&card(aisha.profile), &edit).await.expect(403);
        door.put(&card(other.profile), &edit).await.expect(404);
    }
}

fn without_id(reply: &kd_testkit::Reply) -> Value {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("request_id");
    body
}

#[tokio::test]
async fn acc_4_a_birth_date_and_a_patronymic_may_be_missing_but_not_the_relation() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let child = entered(&door, &json!({ "kind": "student", "surname": "Аблай", "sex": "m" })).await;
    let untyped = with(guardian("А", "Б", child), json!({ "children": [{ "student_id": child }] }));
    door.post("/people", &untyped).await.expect(400);
    let childless = json!({ "kind": "guardian", "surname": "А", "sex": "f" });
    assert_eq!(fields(&door.post("/people", &childless).await), ["children required"]);
    let empty = with(childless, json!({ "children": [] }));
    assert_eq!(fields(&door.post("/people", &empty).await), ["children required"]);
    let adult = entered(&door, &guardian("А", "Б", child)).await;
    assert_eq!(fields(&door.post("/people", &guardian("А", "В", adult)).await), ["children unknown"]);
}

#[tokio::test]
async fn s03_a_person_of_another_school_reads_as_missing() {
    let (school, anar) = school().await;
    let other = School::in_world(&school.world).await;
    let stranger = other.person("Бекова", "Дана", &[Role::Student]).await;
    let door = door(&school, &anar);
    let edit = json!({ "version": 1, "surname": "А", "sex": "f" });
    for id in [stranger.profile, school.house().id()] {
        let read = door.get(&format!("/people/{id}")).await;
        read.expect(404);
        assert_eq!(without_id(&read)["code"], "not-found");
        door.put(&format!("/people/{id}"), &edit).await.expect(404);
        assert_eq!(fields(&door.post("/people", &guardian("А", "Б", id)).await), ["children unknown"]);
        let sheet = json!({ "profile_ids": [id], "who": "all", "language": "kk" });
        assert_eq!(fields(&door.post("/sheets", &sheet).await), ["profile_ids unknown"]);
        door.post("/credentials/hand-over", &json!({ "profile_ids": [id] })).await.expect(404);
        door.get(&format!("/sheets/{id}")).await.expect(404);
        door.post(&format!("/sheets/{id}/file"), &json!({})).await.expect(404);
    }
    let (theirs, none) = (stranger.profile, school.house().id::<Uuid>());
    let read = |id: Uuid| {
        let door = door.clone();
        async move { door.get(&format!("/people/{id}")).await }
    };
    assert_eq!(without_id(&read(theirs.0).await), without_id(&read(none).await));
    let alien = class(&other, 7, "Ә", None).await;
    let enrolled = with(student("А", "Б"), json!({ "class_id": alien }));
    assert_eq!(fields(&door.post("/people", &enrolled).await), ["class_id unknown"]);
    assert!(found(&door, json!({ "kind": "student", "class_id": alien })).await.is_empty());
    // The own school's cookie opens no other school's door.
    other.client(PeopleApi).of(&anar).get("/me").await.expect(404);
}

#[tokio::test]
async fn s14_only_what_the_agreement_lists_is_taken() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let address = with(student("Ахметова", "Айша"), json!({ "address": "Абай 1", "position": "x" }));
    assert_eq!(fields(&door.post("/people", &address).await), ["address not-for-kind", "position not-for-kind"]);
    let iin = with(student("Ахметова", "Айша"), json!({ "iin": "131130600005" }));
    assert_eq!(fields(&door.post("/people", &iin).await), ["iin iin-off"], "it stands behind the school's switch");
    for extra in ["account_id", "id", "state", "version", "credential"] {
        let person = with(student("Ахметова", "Айша"), json!({ extra: "131130600005" }));
        door.post("/people", &person).await.expect(400);
    }
    assert!(found(&door, json!({ "kind": "student" })).await.is_empty());
    let staff = json!({ "kind": "staff", "surname": "Сәрсенова", "sex": "f", "address": "Абай 1" });
    let staff = entered(&door, &staff).await;
    let teacher = school.person("Оспанов", "Ерлан", &[Role::Teacher]).await;
    let seen = super::door(&school, &teacher).get(&format!("/people/{staff}")).await.expect(200);
    assert_eq!(seen.get("address"), None, "an address is not for colleagues");
    assert_eq!(door.get(&format!("/people/{staff}")).await.expect(200)["address"], "Абай 1");
}

#[tokio::test]
async fn somebody_of_the_same_name_and_birth_date_is_entered_only_when_confirmed() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = with(student("Ахметова", "Айша"), json!({ "birth_date": "2013-11-30" }));
    entered(&door, &aisha).await;
    let again = door.post("/people", &with(aisha.clone(), json!({ "surname": "АХМЕТОВА" }))).await;
    again.expect(409);
    assert_eq!(again.code(), "people.duplicate");
    entered(&door, &with(aisha.clone(), json!({ "birth_date": "2013-11-29" }))).await;
    entered(&door, &with(aisha, json!({ "confirm_duplicate": true }))).await;
    assert_eq!(found(&door, json!({ "kind": "student" })).await.len(), 3);
}

#[tokio::test]
async fn an_edit_that_started_from_an_old_version_is_told_who_changed_it() {
    let (school, anar) = school().await;
    let editor = school.person("Оспанова", "Майра", &[Role::Editor]).await;
    let admin = door(&school, &anar);
    let id = entered(&admin, &student("Ахметова", "Айша")).await;
    let path = format!("/people/{id}");
    let edit =
        |version: i32, name: &str| json!({ "version": version, "surname": "Ахметова", "given_name": name, "sex": "f" });
    let edited = door(&school, &editor).put(&path, &edit(1, "Айсұлу")).await.expect(200);
    assert_eq!((&edited["version"], &edited["given_name"]), (&json!(2), &json!("Айсұлу")));
    let late = admin.put(&path, &edit(1, "Айжан")).await;
    let body = late.expect(409);
    assert_eq!(late.code(), "people.changed");
    assert_eq!((&body["conflict"]["by"], &body["conflict"]["version"]), (&json!("Оспанова Майра"), &json!(2)));
    assert!(body["conflict"]["at"].is_string());
    assert_eq!(admin.get(&path).await.expect(200)["given_name"], "Айсұлу");
    assert_eq!(found(&admin, json!({ "kind": "student", "text": "айсулу" })).await.len(), 1);
}

#[tokio::test]
async fn the_same_key_enters_a_person_once() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let (key, aisha) = (Uuid::from_u128(77), student("Ахметова", "Айша"));
    let post = poem::http::Method::POST;
    let first = door.write(post.clone(), "/people", &aisha, key).await.expect(200);
    assert_eq!(door.write(post.clone(), "/people", &aisha, key).await.expect(200), first);
    let other = door.write(post, "/people", &student("Бекова", "Дана"), key).await;
    other.expect(422);
    assert_eq!(other.code(), "idempotency.key-reused");
    assert_eq!(found(&door, json!({ "kind": "student" })).await.len(), 1);
}

#[tokio::test]
async fn roles_are_given_by_administrators_and_the_last_of_them_stays() {
    let (school, anar) = school().await;
    let editor = school.person("Оспанова", "Майра", &[Role::Editor]).await;
    let (admin, editors) = (door(&school, &anar), door(&school, &editor));
    let staff = |roles: Value| json!({ "kind": "staff", "surname": "Сәрсенова", "sex": "f", "roles": roles });
    for role in ["administrator", "editor"] {
        editors.post("/people", &staff(json!([role]))).await.expect(403);
    }
    let id = entered(&editors, &staff(json!(["teacher", "class_teacher"]))).await;
    let edit =
        |version: i32, roles: Value| json!({ "version": version, "surname": "Сәрсенова", "sex": "f", "roles": roles });
    let path = format!("/people/{id}");
    editors.put(&path, &edit(1, json!(["teacher", "administrator"]))).await.expect(403);
    let given = admin.put(&path, &edit(1, json!(["teacher", "administrator"]))).await.expect(200);
    assert_eq!(given["roles"], json!(["administrator", "teacher"]));
    // The new administrator has not registered, so the only one who can act must stay.
    let own = format!("/people/{}", anar.profile);
    let resign = json!({ "version": 1, "surname": "Әлиева", "given_name": "Анар", "sex": "f", "roles": ["teacher"] });
    let refused = admin.put(&own, &resign).await;
    refused.expect(409);
    assert_eq!(refused.code(), "people.last-administrator");
    school.person("Нұрланов", "Дәурен", &[Role::Administrator]).await;
    assert_eq!(admin.put(&own, &resign).await.expect(200)["roles"], json!(["teacher"]));
    // It counts at once.
    admin.post("/people", &student("А", "Б")).await.expect(403);
}

#[tokio::test]
async fn s24_nobody_comes_to_administer_without_a_second_factor() {
    let (school, anar) = school().await;
    let teacher = school.person("Оспанов", "Ерлан", &[Role::Teacher]).await;
    let admin = door(&school, &anar);
    let path = format!("/people/{}", teacher.profile);
    let edit = json!({ "version": 1, "surname": "Оспанов", "given_name": "Ерлан", "sex": "m",
        "roles": ["teacher", "administrator"] });
    let refused = admin.put(&path, &edit).await;
    refused.expect(409);
    assert_eq!(refused.code(), "people.second-factor-missing");
    let editor = with(edit.clone(), json!({ "roles": ["teacher", "editor"] }));
    admin.put(&path, &editor).await.expect(200);
    sql::run(
        school.house().store.platform(),
        "UPDATE platform.account SET totp_seed = '\\x00' WHERE id = $1",
        [teacher.account.into()],
    )
    .await
    .unwrap();
    admin
        .put(&path, &with(edit.clone(), json!({ "version": 2, "roles": ["editor", "administrator"] })))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_teacher_who_is_a_mother_holds_both_roles() {
    let (school, anar) = school().await;
    let seven = class(&school, 7, "Ә", None).await;
    let admin = door(&school, &anar);
    let child = entered(&admin, &with(student("Сәрсенова", "Айша"), json!({ "class_id": seven }))).await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let path = format!("/people/{}", aigul.profile);
    let edit = json!({ "version": 1, "surname": "Сәрсенова", "given_name": "Айгүл", "sex": "f",
        "children": [{ "student_id": child, "relation": "mother" }] });
    assert_eq!(admin.put(&path, &edit).await.expect(200)["roles"], json!(["teacher", "guardian"]));
    let me = door(&school, &aigul).get("/me").await.expect(200);
    assert_eq!(me["children"], json!([{ "student_id": child, "full_name": "Сәрсенова Айша", "class_name": "7Ә" }]));
    let edit = with(edit, json!({ "version": 2, "children": [], "roles": ["teacher", "guardian"] }));
    assert_eq!(admin.put(&path, &edit).await.expect(200)["roles"], json!(["teacher"]));
}

async fn change(school: &School, statement: &'static str, values: Vec<sea_orm::Value>) {
    let tx = tx(school).await;
    sql::run(&tx, statement, values).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn acc_1_one_account_holds_roles_in_two_schools_and_reads_its_rights_in_each() {
    let (school, anar) = school().await;
    let other = School::in_world(&school.world).await;
    let profile = other.person("Әлиева", "Анар", &[Role::Guardian]).await.profile;
    let second = other.house().store.platform();
    sql::run(
        second,
        "UPDATE platform.membership SET account_id = $1 WHERE profile_id = $2",
        [anar.account.into(), profile.into()],
    )
    .await
    .unwrap();
    change(&other, "UPDATE profile SET account_id = $2 WHERE id = $1", vec![profile.into(), anar.account.into()]).await;
    let me = door(&school, &anar).get("/me").await.expect(200);
    assert_eq!((&me["full_name"], &me["roles"]), (&json!("Әлиева Анар"), &json!(["administrator"])));
    let may: Vec<&str> = me["may"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(may.contains(&"person.add") && !may.contains(&"school.see"));
    assert_eq!(me["school"]["slug"], json!(school.card.slug));
    let schools: Vec<_> =
        me["schools"].as_array().unwrap().iter().map(|s| (s["slug"].clone(), s["roles"].clone())).collect();
    let expected = [(json!(school.card.slug), json!(["administrator"])), (json!(other.card.slug), json!(["guardian"]))];
    assert_eq!(schools, expected);
    school.client(PeopleApi).get("/me").await.expect(401);
    // In the archive of the other school there is no seat any more.
    change(&other, "UPDATE profile SET state = 'archived' WHERE id = $1", vec![profile.into()]).await;
    let me = door(&school, &anar).get("/me").await.expect(200);
    let left: Vec<_> = me["schools"].as_array().unwrap().iter().map(|s| s["slug"].clone()).collect();
    assert_eq!(left, [json!(school.card.slug)]);
}

#[tokio::test]
async fn a_student_moves_to_another_class_and_the_first_keeps_the_past() {
    let (school, anar) = school().await;
    let (seven, eight) = (class(&school, 7, "Ә", None).await, class(&school, 7, "Б", None).await);
    let door = door(&school, &anar);
    let new = with(student("Ахметова", "Айша"), json!({ "class_id": seven, "enrolled_on": "2026-09-01" }));
    let id = entered(&door, &new).await;
    let path = format!("/people/{id}");
    let edit = json!({ "version": 1, "surname": "Ахметова", "given_name": "Айша", "sex": "f", "class_id": eight,
        "enrolled_on": "2026-08-31" });
    assert_eq!(fields(&door.put(&path, &edit).await), ["enrolled_on date-invalid"]);
    let edit = with(edit, json!({ "enrolled_on": "2026-11-01" }));
    assert_eq!(door.put(&path, &edit).await.expect(200)["class_name"], "7Б");
    let edit = with(edit, json!({ "version": 2, "class_id": null, "enrolled_on": null }));
    assert_eq!(door.put(&path, &edit).await.expect(200)["class_name"], "7Б", "a class that is not named stays");
    let tx = tx(&school).await;
    let on = |day: &str| day.parse::<chrono::NaiveDate>().unwrap();
    let ids = |members: Vec<crate::Member>| members.into_iter().map(|m| m.student_id.0).collect::<Vec<_>>();
    assert_eq!(ids(crate::members_of(&tx, seven, on("2026-10-31")).await.unwrap()), [id]);
    assert!(crate::members_of(&tx, seven, on("2026-11-01")).await.unwrap().is_empty());
    assert!(crate::members_of(&tx, seven, on("2026-08-31")).await.unwrap().is_empty());
    assert_eq!(ids(crate::members_of(&tx, eight, on("2026-11-01")).await.unwrap()), [id]);
    assert_eq!(ids(crate::members_between(&tx, seven, on("2026-09-01"), on("2026-12-01")).await.unwrap()), [id]);
    assert_eq!(ids(crate::members_now(&tx, eight).await.unwrap()), [id]);
    let students = [kd_kernel::ProfileId(id)];
    assert_eq!(crate::class_of(&tx, &students, on("2026-10-31")).await.unwrap()[&students[0]], seven);
    assert_eq!(crate::class_of(&tx, &students, on("2026-11-01")).await.unwrap()[&students[0]], eight);
    assert_eq!(crate::class_sizes(&tx).await.unwrap().get(&eight), Some(&1));
    assert_eq!(crate::class_sizes(&tx).await.unwrap().get(&seven), None);
    assert_eq!(crate::class_names(&tx).await.unwrap()[&seven].name(), "7Ә");
    assert_eq!(crate::names_of(&tx, students).await.unwrap()[&students[0]], "Ахметова Айша");
    assert!(!crate::is_staff(&tx, students[0]).await.unwrap() && crate::is_staff(&tx, anar.profile).await.unwrap());
    let counts = crate::counts(&tx, school.house().clock.now()).await.unwrap();
    assert_eq!(counts, crate::Counts { staff: 1, students: 1, guardians: 0, credentials: 1 });
}
