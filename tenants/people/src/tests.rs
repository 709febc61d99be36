//! The room through its own HTTP door: stories of named people in schools of their own.

mod handouts;
mod iin;
mod merges;
mod moves;
mod people;
mod resets;
mod restricted;
mod roles;
mod sheets;

use kd_kernel::{ClassId, ProfileId, Role};
use kd_store::{Mode, SchoolTx, sql};
use kd_testkit::{Client, Person, School};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::PeopleApi;

/// A school with an administrator.
async fn school() -> (School, Person) {
    let school = School::open().await;
    let anar = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
    (school, anar)
}

fn door(school: &School, person: &Person) -> Client {
    school.client(PeopleApi).of(person)
}

async fn tx(school: &School) -> SchoolTx {
    school.house().store.begin(school.card.place(), Mode::Write).await.unwrap()
}

/// A class, led by somebody or by nobody; the room of classes is above this one.
async fn class(school: &School, grade: i32, letter: &str, homeroom: Option<ProfileId>) -> ClassId {
    let tx = tx(school).await;
    let year = Uuid::from_u128(7);
    sql::run(
        &tx,
        "INSERT INTO academic_year (id, name, begins, ends) VALUES ($1, '2026-2027', '2026-09-01', '2027-05-25') \
         ON CONFLICT DO NOTHING",
        [year.into()],
    )
    .await
    .unwrap();
    let id: ClassId = school.house().id();
    sql::run(
        &tx,
        "INSERT INTO class (id, year_id, grade, letter, language, homeroom_id) VALUES ($1, $2, $3, $4, 'kk', $5)",
        [id.into(), year.into(), grade.into(), letter.into(), homeroom.into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

/// Enters a person, and answers the id.
async fn entered(door: &Client, person: &Value) -> Uuid {
    door.post("/people", person).await.expect(200)["id"].as_str().unwrap().parse().unwrap()
}

fn student(surname: &str, given_name: &str) -> Value {
    json!({ "kind": "student", "surname": surname, "given_name": given_name, "sex": "f" })
}

fn guardian(surname: &str, given_name: &str, child: impl std::fmt::Display) -> Value {
    json!({ "kind": "guardian", "surname": surname, "given_name": given_name, "sex": "f",
        "children": [{ "student_id": child.to_string(), "relation": "mother" }] })
}

/// A person's data with other values for some of them.
fn with(mut person: Value, change: Value) -> Value {
    for (key, value) in change.as_object().unwrap() {
        person[key] = value.clone();
    }
    person
}

fn fields(reply: &kd_testkit::Reply) -> Vec<String> {
    let body = reply.expect(422);
    let field = |f: &Value| format!("{} {}", f["field"].as_str().unwrap(), f["code"].as_str().unwrap());
    body["fields"].as_array().unwrap().iter().map(field).collect()
}
