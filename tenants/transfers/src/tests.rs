//! The room through its own HTTP door: two schools in one world, and a third that nobody meant.

mod accepting;
mod cutting;
mod sending;

use chrono::TimeDelta;
use data_encoding::BASE64;
use kd_kernel::{ClassId, Clock, Role, TransferId};
use kd_people::PeopleApi;
use kd_store::{Mode, SchoolTx, sql};
use kd_testkit::{Client, Person, School, World};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::TransfersApi;

/// The day on which everything begins.
const NOW: &str = "2026-09-10T05:00:00Z";
/// The same moment as an answer writes it.
const SHOWN: &str = "2026-09-10T05:00:00+00:00";

/// A school with its administrator, at the doors of people and transfers.
struct House {
    school: School,
    admin: Person,
    door: Client,
}

impl House {
    async fn open(world: &World) -> Self {
        let school = School::in_world(world).await;
        let admin = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
        let door = school.client((PeopleApi, TransfersApi)).of(&admin);
        Self { school, admin, door }
    }

    fn slug(&self) -> &str {
        &self.school.card.slug
    }

    async fn tx(&self) -> SchoolTx {
        self.school.house().store.begin(self.school.card.place(), Mode::Write).await.unwrap()
    }

    async fn count(&self, question: &'static str) -> i64 {
        sql::scalar(&self.tx().await, question, []).await.unwrap()
    }

    async fn class(&self, grade: i32, letter: &str) -> ClassId {
        let (tx, year, id) = (self.tx().await, Uuid::from_u128(7), self.school.house().id::<ClassId>());
        for (statement, values) in [
            (
                "INSERT INTO academic_year (id, name, begins, ends) VALUES ($1, '2026-2027', '2026-09-01', '2027-05-25') \
                 ON CONFLICT DO NOTHING",
                vec![year.into()],
            ),
            (
                "INSERT INTO class (id, year_id, grade, letter, language) VALUES ($1, $2, $3, $4, 'kk')",
                vec![id.into(), year.into(), grade.into(), letter.into()],
            ),
        ] {
            sql::run(&tx, statement, values).await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    async fn entered(&self, person: &Value) -> Value {
        self.door.post("/people", person).await.expect(200)
    }

    /// Timur of 7Ә with his mother and his father.
    async fn timur(&self) -> (Value, Value, Value) {
        let class = self.class(7, "Ә").await;
        let timur = json!({ "kind": "student", "surname": "Ахметов", "given_name": "Тимур", "patronymic": "Серікұлы",
            "sex": "m", "birth_date": "2013-11-30", "phone": "+77011234567", "class_id": class, "enrolled_on": "2026-09-01" });
        let timur = self.entered(&timur).await;
        let parent = |given: &str, sex: &str, relation: &str, phone: &str| {
            json!({ "kind": "guardian", "surname": "Ахметов", "given_name": given, "sex": sex, "phone": phone,
                "children": [{ "student_id": timur["id"], "relation": relation }] })
        };
        let mother = self.entered(&parent("Гүлнар", "f", "mother", "+77017654321")).await;
        let father = self.entered(&parent("Серік", "m", "father", "+77017654322")).await;
        (timur, mother, father)
    }

    /// Exports a student with these guardians, and fetches the file.
    async fn exported(&self, student: &Value, to: &House, guardians: &[&Value]) -> (TransferId, Vec<u8>) {
        let ids: Vec<&Value> = guardians.iter().map(|guardian| &guardian["id"]).collect();
        let sent = json!({ "to": to.slug(), "guardian_ids": ids });
        let transfer = self.door.post(&going(student), &sent).await.expect(200);
        let id: TransferId = serde_json::from_value(transfer["id"].clone()).unwrap();
        let file = self.door.get(&format!("/transfers/{id}/file")).await;
        file.expect(200);
        (id, file.body)
    }

    async fn state(&self, student: &Value) -> Value {
        self.door.get(&going(student)).await.expect(200)[0]["state"].clone()
    }
}

fn going(student: &Value) -> String {
    format!("/people/{}/transfers", student["id"].as_str().unwrap())
}

fn upload(file: &[u8]) -> Value {
    json!({ "content": BASE64.encode(file) })
}

fn accepting(file: &[u8], places: &[u32]) -> Value {
    let guardians: Vec<Value> = places.iter().map(|place| json!({ "place": place })).collect();
    json!({ "content": BASE64.encode(file), "guardians": guardians })
}

fn with(mut body: Value, change: Value) -> Value {
    for (key, value) in change.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

async fn two() -> (World, House, House) {
    let world = World::with_clock(Clock::fixed(NOW.parse().unwrap())).await;
    let (from, to) = (House::open(&world).await, House::open(&world).await);
    (world, from, to)
}
