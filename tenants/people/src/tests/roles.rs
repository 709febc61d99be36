//! Roles: given, taken, and what each may do.

use chrono::TimeDelta;
use kd_kernel::Role;
use kd_store::sql;
use kd_testkit::{Client, Person, School};
use serde_json::{Value, json};

use super::{class, door, entered, fields, school, student, tx, with};

async fn put(door: &Client, person: &Person, version: i32, roles: Value) -> kd_testkit::Reply {
    door.put(&format!("/people/{}/roles", person.profile), &json!({ "version": version, "roles": roles })).await
}

/// Gives the person's account a second factor.
async fn second_factor(school: &School, person: &Person) {
    sql::run(
        school.house().store.platform(),
        "UPDATE platform.account SET totp_seed = '\\x00' WHERE id = $1",
        [person.account.into()],
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn the_page_of_roles_tells_who_of_the_staff_holds_what() {
    let (school, anar) = school().await;
    school.person("Оспанова", "Майра", &[Role::Editor, Role::Teacher]).await;
    school.person("Бекова", "Дана", &[Role::Student]).await;
    let list = door(&school, &anar).get("/roles").await.expect(200);
    let told: Vec<_> = list.as_array().unwrap().iter().map(|h| (h["full_name"].clone(), h["roles"].clone())).collect();
    assert_eq!(
        told,
        [(json!("Әлиева Анар"), json!(["administrator"])), (json!("Оспанова Майра"), json!(["editor", "teacher"])),]
    );
    for role in [Role::Editor, Role::ClassTeacher, Role::Teacher, Role::Student, Role::Guardian] {
        let person = school.person("Бөтен", "Адам", &[role]).await;
        let theirs = door(&school, &person);
        theirs.get("/roles").await.expect(403);
        theirs.get("/roles/rights").await.expect(403);
        for roles in [json!(["teacher"]), json!(["administrator", "class_teacher"])] {
            let refused = put(&theirs, &anar, 1, roles).await.status.as_u16();
            assert!([403, 404].contains(&refused), "{refused}");
        }
    }
}

#[tokio::test]
async fn s15_a_role_that_is_given_or_taken_counts_at_the_next_request() {
    let (school, anar) = school().await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let (admin, theirs) = (door(&school, &anar), door(&school, &aigul));
    let new = student("Ахметова", "Дана");
    theirs.post("/people", &new).await.expect(403);
    let given = put(&admin, &aigul, 1, json!(["teacher", "editor"])).await.expect(200);
    assert_eq!((&given["roles"], &given["version"]), (&json!(["editor", "teacher"]), &json!(2)));
    theirs.post("/people", &new).await.expect(200);
    put(&admin, &aigul, 2, json!(["teacher"])).await.expect(200);
    theirs.post("/people", &with(new, json!({ "given_name": "Сая" }))).await.expect(403);
}

#[tokio::test]
async fn s31_who_is_appointed_is_idle_no_longer_than_an_administrator() {
    let (school, anar) = school().await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let dana = school.person("Бекова", "Дана", &[Role::Teacher]).await;
    second_factor(&school, &aigul).await;
    let (theirs, hers) = (door(&school, &aigul), door(&school, &dana));
    put(&door(&school, &anar), &aigul, 1, json!(["teacher", "administrator"])).await.expect(200);
    theirs.get("/roles").await.expect(200);
    school.world.clock.advance(TimeDelta::seconds(3_700));
    theirs.get("/roles").await.expect(401);
    assert_eq!(hers.get("/roles").await.status, 403, "others are as they were");
}

#[tokio::test]
async fn s24_an_administrator_is_appointed_who_has_a_second_factor() {
    let (school, anar) = school().await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let admin = door(&school, &anar);
    let refused = put(&admin, &aigul, 1, json!(["administrator"])).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "people.second-factor-missing"));
    second_factor(&school, &aigul).await;
    put(&admin, &aigul, 1, json!(["administrator"])).await.expect(200);
    door(&school, &aigul).get("/roles").await.expect(200);
    let stale = put(&admin, &aigul, 1, json!(["teacher"])).await;
    assert_eq!((stale.status.as_u16(), stale.code().as_str()), (409, "people.changed"));
    assert_eq!(stale.json()["conflict"]["by"], "Әлиева Анар");
    assert_eq!(fields(&put(&admin, &aigul, 2, json!([])).await), ["roles required"]);
    assert_eq!(fields(&put(&admin, &aigul, 2, json!(["student"])).await), ["roles unknown"]);
    let dana = school.person("Бекова", "Дана", &[Role::Student]).await;
    assert_eq!(fields(&put(&admin, &dana, 1, json!(["teacher"])).await), ["roles not-for-kind"]);
}

#[tokio::test]
async fn s24_an_editor_comes_to_administer_with_a_second_factor_and_short_sessions() {
    let (school, anar) = school().await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Editor]).await;
    let (admin, theirs) = (door(&school, &anar), door(&school, &aigul));
    let refused = put(&admin, &aigul, 1, json!(["administrator"])).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "people.second-factor-missing"));
    second_factor(&school, &aigul).await;
    put(&admin, &aigul, 1, json!(["administrator"])).await.expect(200);
    theirs.get("/roles").await.expect(200);
    school.world.clock.advance(TimeDelta::seconds(3_700));
    theirs.get("/roles").await.expect(401);
}

#[tokio::test]
async fn s24_an_administrator_who_comes_back_has_a_second_factor() {
    let (school, anar) = school().await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
    let editor = school.person("Оспанова", "Майра", &[Role::Editor]).await;
    let admin = door(&school, &anar);
    let card = |what: &str| format!("/people/{}/{what}", aigul.profile);
    let leave = json!({ "version": 1, "left_on": "2025-10-01", "reason": "other" });
    admin.post(&card("departure"), &leave).await.expect(200);
    // Meanwhile the second factor was taken away, as whoever administers no school may.
    let back = json!({ "version": 2, "returned_on": "2025-11-01" });
    let refused = admin.post(&card("return"), &back).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "people.second-factor-missing"));
    second_factor(&school, &aigul).await;
    let refused = door(&school, &editor).post(&card("return"), &back).await.status.as_u16();
    assert!([403, 404].contains(&refused), "{refused}");
    school.world.clock.advance(TimeDelta::minutes(11));
    assert_eq!(admin.post(&card("return"), &back).await.code(), "accounts.step-up-needed", "S27");
    let fresh = school.person("Нұрланов", "Дәурен", &[Role::Administrator]).await;
    door(&school, &fresh).post(&card("return"), &back).await.expect(200);
    door(&school, &aigul).get("/roles").await.expect(200);
}

#[tokio::test]
async fn s27_who_administers_is_entered_and_reached_only_with_a_fresh_proof() {
    let (school, anar) = school().await;
    let editor = school.person("Оспанова", "Майра", &[Role::Editor]).await;
    let admin = door(&school, &anar);
    let new = |roles: Value, given: &str| json!({ "kind": "staff", "surname": "Нұрланова", "given_name": given, "sex": "f", "roles": roles });
    let dana = admin.post("/people", &new(json!(["administrator"]), "Дана")).await.expect(200);
    // The initial login of an administrator goes to this address: an editor does not set it.
    let path = format!("/people/{}", dana["id"].as_str().unwrap());
    let edit = |version: i64, more: Value| {
        with(json!({ "version": version, "surname": "Нұрланова", "given_name": "Дана", "sex": "f" }), more)
    };
    let theirs = door(&school, &editor);
    theirs.put(&path, &edit(1, json!({ "email": "other@example.org" }))).await.expect(403);
    theirs.put(&path, &edit(1, json!({ "phone": "+77011234567" }))).await.expect(200);
    admin.put(&path, &edit(2, json!({ "email": "dana@example.org" }))).await.expect(200);

    school.world.clock.advance(TimeDelta::minutes(11));
    for role in ["administrator", "editor"] {
        assert_eq!(admin.post("/people", &new(json!([role]), "Сая")).await.code(), "accounts.step-up-needed", "{role}");
    }
    assert_eq!(admin.put(&path, &edit(3, json!({}))).await.code(), "accounts.step-up-needed");
    admin.post("/people", &new(json!(["teacher"]), "Сая")).await.expect(200);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let (school, anar) = school().await;
    let admin = door(&school, &anar);
    let refused = put(&admin, &anar, 1, json!(["teacher"])).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "people.last-administrator"));
    let second = school.person("Нұрланов", "Дәурен", &[Role::Administrator]).await;
    put(&admin, &anar, 1, json!(["teacher"])).await.expect(200);
    let refused = put(&door(&school, &second), &second, 1, json!(["teacher"])).await;
    assert_eq!(refused.code(), "people.last-administrator");
}

/// How many transactions of the school's database wait for a lock.
async fn waiting(school: &School) -> i64 {
    let waiting = "SELECT count(DISTINCT w.pid) FROM pg_locks w JOIN pg_locks h ON h.pid = w.pid AND h.database = \
         (SELECT oid FROM pg_database WHERE datname = current_database()) WHERE NOT w.granted";
    sql::scalar(&tx(school).await, waiting, []).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_dismiss_each_other_at_once_leave_one() {
    for _ in 0..5 {
        let (school, anar) = school().await;
        let second = school.person("Нұрланов", "Дәурен", &[Role::Administrator]).await;
        let (one, other) = (door(&school, &anar), door(&school, &second));
        // Both come as far as the roles, which somebody holds; then they are let go at the same moment.
        let held = tx(&school).await;
        sql::run(&held, "SELECT FROM role_held FOR UPDATE", []).await.unwrap();
        let (a, b, ()) =
            tokio::join!(put(&one, &second, 1, json!(["teacher"])), put(&other, &anar, 1, json!(["teacher"])), async {
                while waiting(&school).await < 2 {}
                held.rollback().await.unwrap();
            });
        let mut answers = [a.status.as_u16(), b.status.as_u16()];
        answers.sort_unstable();
        // Who came second found the last administrator, or was no administrator any more.
        assert!([[200, 403], [200, 409]].contains(&answers), "{answers:?}");
        let left: i64 =
            sql::scalar(&tx(&school).await, "SELECT count(*) FROM role_held WHERE role = 'administrator'", [])
                .await
                .unwrap();
        assert_eq!(left, 1);
    }
}

#[tokio::test]
async fn a_mother_on_the_staff_stays_a_guardian() {
    let (school, anar) = school().await;
    let seven = class(&school, 7, "Ә", None).await;
    let admin = door(&school, &anar);
    let child = entered(&admin, &with(student("Сәрсенова", "Айша"), json!({ "class_id": seven }))).await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let edit = json!({ "version": 1, "surname": "Сәрсенова", "given_name": "Айгүл", "sex": "f",
        "children": [{ "student_id": child, "relation": "mother" }] });
    admin.put(&format!("/people/{}", aigul.profile), &edit).await.expect(200);
    let given = put(&admin, &aigul, 2, json!(["editor"])).await.expect(200);
    assert_eq!(given["roles"], json!(["editor", "guardian"]));
    let about: Value = sql::scalar(
        &tx(&school).await,
        "SELECT detail FROM audit WHERE operation = 'roles_put' AND subject_id = $1",
        [aigul.profile.into()],
    )
    .await
    .unwrap();
    assert_eq!(about, json!({ "from": ["teacher", "guardian"], "to": ["editor", "guardian"] }));
}

#[tokio::test]
async fn rights_are_those_by_which_requests_are_decided() {
    let (school, anar) = school().await;
    let rights = door(&school, &anar).get("/roles/rights").await.expect(200);
    let of = |role: &str, act: &str| -> Value {
        let role = rights.as_array().unwrap().iter().find(|r| r["role"] == role).unwrap();
        let right = role["rights"].as_array().unwrap().iter().find(|r| r["act"] == act);
        right.map_or(Value::Null, |r| r["relations"].clone())
    };
    assert_eq!(of("teacher", "journal.mark"), json!(["taught"]));
    assert_eq!(of("guardian", "person.see"), json!(["own", "ward"]));
    assert_eq!(of("administrator", "role.grant"), json!(["any"]));
    assert_eq!(of("editor", "role.grant"), Value::Null);
    assert!(rights.as_array().unwrap().iter().all(|r| r["role"] != "operator"));
}
