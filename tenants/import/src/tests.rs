//! Schools that move in: files through the room's own door, the work as the worker does it, and the people
//! as their own room shows them.

mod checking;
mod moving_in;
mod numbers;
mod taking_back;

use kd_ctx::jobs::Job;
use kd_kernel::{ClassId, Role};
use kd_people::PeopleApi;
use kd_store::{Mode, sql};
use kd_testkit::{Client, Person, Reply, School};
use poem_openapi::types::{Base64, ToJSON};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{COMMIT_IMPORT, FORGET_IMPORT, ImportApi, UNDO_IMPORT, commit_import, forget_import, undo_import};

/// A sheet: its name, and its rows from the heading on.
type Sheet<'a> = (&'a str, &'a [&'a [&'a str]]);

const STUDENTS: &[&str] = &["№", "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Класс", "Дата зачисления"];
const GUARDIANS: &[&str] = &["Ученик", "Класс ученика", "Кем приходится", "ФИО", "Телефон"];
const STAFF: &[&str] = &["Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Должность", "Адрес", "Телефон"];

/// A school with an administrator and the class 7А.
struct Stage {
    school: School,
    anar: Person,
}

impl Stage {
    async fn open() -> Self {
        let school = School::open().await;
        let anar = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
        class(&school, 7, "А").await;
        Self { school, anar }
    }

    fn door(&self) -> Client {
        self.school.client(ImportApi).of(&self.anar)
    }

    fn people(&self) -> Client {
        self.school.client(PeopleApi).of(&self.anar)
    }

    /// Brings a workbook.
    async fn brings(&self, sheets: &[Sheet<'_>]) -> Value {
        self.door().post("/imports", &file(&workbook(sheets))).await.expect(200)
    }

    async fn import(&self, import: &Value) -> Value {
        self.door().get(&path(import, "")).await.expect(200)
    }

    /// The rows of an outcome.
    async fn rows(&self, import: &Value, outcome: &str) -> Vec<Value> {
        let rows = self.door().get(&path(import, &format!("/rows?outcome={outcome}"))).await.expect(200);
        rows["rows"].as_array().unwrap().clone()
    }

    async fn asked(&self, import: &Value, what: &str) -> Reply {
        let version = self.import(import).await["version"].clone();
        self.door().post(&path(import, what), &json!({ "version": version })).await
    }

    /// Writes an import as the worker does.
    async fn commit(&self, import: &Value) -> Value {
        self.asked(import, "/commit").await.expect(200);
        work(&self.school).await;
        self.import(import).await
    }

    async fn mend(&self, import: &Value, row: &Value, cells: &[&str]) -> Value {
        let path = path(import, &format!("/rows/{}", row["id"].as_str().unwrap()));
        self.door().put(&path, &json!({ "cells": cells, "skipped": false })).await.expect(200)
    }

    /// The names of a kind.
    async fn names(&self, kind: &str) -> Vec<String> {
        let found = self.people().post("/people/search", &json!({ "kind": kind })).await.expect(200);
        found["people"].as_array().unwrap().iter().map(|p| p["full_name"].as_str().unwrap().to_owned()).collect()
    }

    /// The card of somebody by the name.
    async fn card(&self, kind: &str, name: &str) -> Value {
        let search = json!({ "kind": kind, "text": name });
        let found = self.people().post("/people/search", &search).await.expect(200);
        assert_eq!(found["count"], 1, "{name}: {found}");
        self.people().get(&format!("/people/{}", found["people"][0]["id"].as_str().unwrap())).await.expect(200)
    }
}

async fn class(school: &School, grade: i32, letter: &str) -> ClassId {
    let tx = school.house().store.begin(school.card.place(), Mode::Write).await.unwrap();
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
        "INSERT INTO class (id, year_id, grade, letter, language) VALUES ($1, $2, $3, $4, 'kk')",
        [id.into(), year.into(), grade.into(), letter.into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in (0_u32..).zip(rows.iter()) {
            for (column, cell) in (0_u16..).zip(cells.iter()) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The body that brings a file of the school's own.
fn file(bytes: &[u8]) -> Value {
    json!({ "file_name": "мектеп.xlsx", "content": Base64(bytes.to_vec()).to_json(), "source": "own" })
}

fn path(import: &Value, rest: &str) -> String {
    format!("/imports/{}{rest}", import["id"].as_str().unwrap())
}

/// `new changed same joined error skipped`.
fn counts(import: &Value) -> [u64; 6] {
    ["new", "changed", "same", "joined", "error", "skipped"].map(|name| import["counts"][name].as_u64().unwrap())
}

/// What is wrong with a row: `field code`.
fn faults(row: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let fault = |f: &Value| format!("{} {}", text(&f["field"]), text(&f["code"]));
    row["faults"].as_array().unwrap().iter().map(fault).collect()
}

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
            COMMIT_IMPORT => commit_import(house, &job).await.unwrap(),
            UNDO_IMPORT => undo_import(house, &job).await.unwrap(),
            FORGET_IMPORT => forget_import(house, &job).await.unwrap(),
            other => panic!("{other}"),
        }
        house.job_done(&queue, &job).await.unwrap();
    }
}
