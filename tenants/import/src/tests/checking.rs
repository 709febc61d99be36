//! What is wrong with rows and files, and how it is mended.

use kd_kernel::Role;
use poem_openapi::types::{Base64, ToJSON};
use serde_json::json;

use super::{GUARDIANS, STAFF, STUDENTS, Stage, counts, faults, file, path};
use crate::ImportApi;

#[tokio::test]
async fn what_cannot_be_done_is_left_out_in_one_go() {
    let stage = Stage::open().await;
    let import = stage
        .brings(&[
            (
                "Ученики",
                &[
                    STUDENTS,
                    &["1", "Бекова", "Мадина", "", "31.02.2013", "ж", "7А", ""],
                    &["2", "Сатаев", "Ерлан", "", "", "м", "7А", ""],
                ],
            ),
            ("Законные представители", &[GUARDIANS, &["1", "", "мать", "Бекова Гүлнар", ""]]),
        ])
        .await;
    let [_, _, _, _, errors, _] = counts(&import);
    assert!(errors > 0, "{import}");
    let left = stage.asked(&import, "/leave-out").await.expect(200);
    let old = stage.door().post(&path(&import, "/leave-out"), &json!({ "version": import["version"] })).await;
    assert_eq!((old.status.as_u16(), old.code()), (409, "import.changed".to_owned()));
    // Whose student is left out cannot come in alone; what is left is asked about again.
    let left = if counts(&left)[4] > 0 { stage.asked(&left, "/leave-out").await.expect(200) } else { left };
    assert_eq!(counts(&left), [1, 0, 0, 0, 0, 2]);
    assert_eq!(stage.commit(&left).await["state"], "done");
    assert_eq!(stage.names("student").await, ["Сатаев Ерлан"]);
    assert_eq!(stage.names("guardian").await.len(), 0);
}

#[tokio::test]
async fn imp_1_errors_are_told_at_their_cells_and_mended_in_place() {
    let stage = Stage::open().await;
    let import = stage
        .brings(&[
            (
                "Ученики",
                &[
                    STUDENTS,
                    &["1", "Ахметов", "Тимур", "", "31.02.2013", "?", "7А", "завтра"],
                    &["2", "Ахметов1", "", "", "", "м", "9Ж", ""],
                    &["3", "", "", "", "", "", "", ""],
                    &["4", "Бекова", "Мадина", "", "01.01.2013", "ж", "7А", ""],
                    &["5", "Бекова", "Мадина", "", "01.01.2013", "ж", "7А", ""],
                ],
            ),
            (
                "Законные представители",
                &[
                    GUARDIANS,
                    &["77", "", "мать", "Ахметова Гүлнар", "8 701"],
                    &["1", "", "соседка", "Ахметова Гүлнар", ""],
                    &["4", "", "", "Беков Ержан", ""],
                    &["2", "", "отец", "Ахметов Ерлан", ""],
                ],
            ),
            ("Сотрудники", &[STAFF, &["Нұрланова", "Дана", "", "", "", "учитель", "", ""]]),
        ])
        .await;
    let errors = stage.rows(&import, "error").await;
    let told: Vec<Vec<String>> = errors.iter().map(faults).collect();
    assert_eq!(
        told,
        [
            vec!["birth_date date-invalid", "sex import-sex-unknown", "enrolled_on date-invalid"],
            vec!["class import-class-unknown"],
            vec!["class required"],
            vec!["- import-twice"],
            vec!["student import-student-unknown"],
            vec!["relation import-relation-unknown"],
            vec!["relation required"],
            vec!["sex required"],
        ]
    );
    assert_eq!(errors[3]["other"], 5, "the row with which it clashes");
    // The father of row 2 waits for his son's row; there is nothing wrong with his own.
    assert_eq!(counts(&import), [2, 0, 0, 0, 8, 0]);
    let early = stage.asked(&import, "/commit").await;
    assert_eq!((early.status.as_u16(), early.code()), (409, "import.has-errors".to_owned()));

    let timur = stage.mend(&import, &errors[0], &["1", "Ахметов", "Тимур", "", "28.02.2013", "м", "7А", ""]).await;
    assert_eq!((&timur["row"]["outcome"], &timur["import"]["counts"]["error"]), (&json!("new"), &json!(7)));
    let second = stage.mend(&import, &errors[1], &["2", "Ахметов1", "Олжас", "", "", "м", "7 а", ""]).await;
    assert_eq!(faults(&second["row"]), ["surname name-invalid"], "one fault was hidden behind another");
    stage.mend(&import, &errors[1], &["2", "Ахметов", "Олжас", "", "", "м", "7 а", ""]).await;
    for row in &errors[2..4] {
        let put = json!({ "cells": row["cells"], "skipped": true });
        let row = path(&import, &format!("/rows/{}", row["id"].as_str().unwrap()));
        assert_eq!(stage.door().put(&row, &put).await.expect(200)["row"]["outcome"], "skipped");
    }
    let mother = stage.mend(&import, &errors[4], &["1", "", "мать", "Ахметова Гүлнар", "8 701"]).await;
    assert_eq!(faults(&mother["row"]), ["phone phone-invalid"]);
    stage.mend(&import, &errors[4], &["1", "", "мать", "Ахметова Гүлнар", "8 701 222 33 44"]).await;
    stage.mend(&import, &errors[5], &["1", "", "опекун", "Ахметова Гүлнар", ""]).await;
    stage.mend(&import, &errors[6], &["4", "", "отец", "Беков Ержан", ""]).await;
    let dana = ["Нұрланова", "Дана", "", "", "ж", "учитель", "", ""];
    let all = stage.mend(&import, &errors[7], &dana).await;
    let left: Vec<_> = stage.rows(&import, "error").await.iter().map(faults).collect();
    assert_eq!(left, [["sex required"]], "of a guardian who is neither mother nor father");
    assert_eq!(all["import"]["counts"]["error"], 1);
    stage.mend(&import, &errors[5], &["1", "", "мать", "Ахметова Раушан", ""]).await;
    assert_eq!(stage.commit(&import).await["state"], "done");
    assert_eq!(stage.names("student").await, ["Ахметов Олжас", "Ахметов Тимур", "Бекова Мадина"]);
    assert_eq!(stage.card("student", "Олжас").await["guardians"][0]["full_name"], "Ахметов Ерлан");
}

#[tokio::test]
async fn imp_1_a_guardian_gets_the_child_of_the_class_that_is_said_and_no_namesake() {
    let stage = Stage::open().await;
    super::class(&stage.school, 8, "Б").await;
    let eighth: &[&[&str]] = &[STUDENTS, &["1", "Ахметов", "Тимур", "", "05.06.2012", "м", "8Б", ""]];
    stage.commit(&stage.brings(&[("Ученики", eighth)]).await).await;
    let seventh: &[&[&str]] = &[
        STUDENTS,
        &["1", "Ахметов", "Тимур", "", "01.02.2013", "м", "7А", ""],
        &["2", "Бекова", "Мадина", "Серіковна", "", "ж", "7А", ""],
    ];
    let guardians: &[&[&str]] = &[
        GUARDIANS,
        &["Ахметов Тимур", "8Б", "мать", "Ахметова Гүлнар", ""],
        &["Ахметов Тимур", "8Ж", "отец", "Ахметов Серік", ""],
        &["Бекова Мадина Маратовна", "7А", "мать", "Бекова Сәуле", ""],
    ];
    let import = stage.brings(&[("Ученики", seventh), ("Законные представители", guardians)]).await;
    let errors = stage.rows(&import, "error").await;
    let told: Vec<Vec<String>> = errors.iter().map(faults).collect();
    assert_eq!(told, [["student_class import-class-unknown"], ["student import-student-unknown"]]);
    stage.asked(&import, "/leave-out").await.expect(200);
    stage.commit(&import).await;
    let mother = stage.card("guardian", "Гүлнар").await;
    let children = mother["children"].as_array().unwrap();
    assert_eq!((children.len(), &children[0]["class_name"]), (1, &json!("8Б")));
}

#[tokio::test]
async fn pdp_1_a_file_without_headings_leaves_nobody_behind() {
    let stage = Stage::open().await;
    let csv = "Ахметова;Айша;131130600005;87011234567\nБекова;Мадина;080229600009;87017654321\n";
    let mut body = file(csv.as_bytes());
    body["file_name"] = json!("список.csv");
    let kept = async |import: &serde_json::Value| {
        let stage = &stage;
        let tx = stage.school.house().store.begin(stage.school.card.place(), kd_store::Mode::Read).await.unwrap();
        let id: uuid::Uuid = import["id"].as_str().unwrap().parse().unwrap();
        kd_store::sql::scalar::<String>(&tx, "SELECT tables::text FROM import WHERE id = $1", [id.into()])
            .await
            .unwrap()
    };
    let import = stage.door().post("/imports", &body).await.expect(200);
    let shown = kept(&import).await;
    assert!(shown.contains("Ахметова") && !shown.contains("131130600005"), "{shown}");
    stage.door().post(&path(&import, "/drop"), &json!({})).await.expect(200);
    let shown = kept(&import).await;
    assert!(!shown.contains("Ахметова") && !shown.contains("8701"), "{shown}");
    assert_eq!(stage.import(&import).await["tables"][0]["columns"].as_array().unwrap().len(), 4);
    let import = stage.door().post("/imports", &body).await.expect(200);
    stage.school.world.clock.advance(chrono::TimeDelta::days(8));
    super::work(&stage.school).await;
    assert!(!kept(&import).await.contains("Ахметова"));
}

#[tokio::test]
async fn imp_1_columns_are_matched_by_name_and_by_hand() {
    let stage = Stage::open().await;
    let csv = "Кто;Класс;Пол;Сколько лет\nБекова Мадина Сериковна;7 А;ж;12\n";
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(csv);
    let mut body = file(&bytes);
    body["file_name"] = json!("ученики.csv");
    let import = stage.door().post("/imports", &body).await.expect(200);
    let fields: Vec<_> = import["tables"][0]["columns"].as_array().unwrap().iter().map(|c| &c["field"]).collect();
    assert_eq!(fields, [&json!(null), &json!("class"), &json!("sex"), &json!(null)]);
    assert_eq!(counts(&import), [0, 0, 0, 0, 1, 0], "nobody without a name");
    let map = |fields: serde_json::Value| json!({ "version": import["version"], "table": 0, "subject": "students", "fields": fields });
    let columns = path(&import, "/columns");
    for (fields, code) in [
        (json!(["full_name", "class", "sex"]), "unknown"),
        (json!(["full_name", "class", "class", null]), "import-field-twice"),
        (json!(["full_name", "class", "sex", "position"]), "not-for-kind"),
    ] {
        let refused = stage.door().put(&columns, &map(fields)).await.expect(422);
        assert_eq!(refused["fields"][0]["code"], code);
    }
    let mapped = stage.door().put(&columns, &map(json!(["full_name", "class", "sex", null]))).await.expect(200);
    assert_eq!(counts(&mapped), [1, 0, 0, 0, 0, 0]);
    let stale = stage.door().put(&columns, &map(json!(["surname", "class", "sex", null]))).await;
    assert_eq!((stale.status.as_u16(), stale.code()), (409, "import.changed".to_owned()));
    stage.commit(&import).await;
    assert_eq!(stage.names("student").await, ["Бекова Мадина Сериковна"]);
    let mut out = map(json!([null, null, null, null]));
    out["version"] = stage.import(&import).await["version"].clone();
    let closed = stage.door().put(&columns, &out).await;
    assert_eq!((closed.status.as_u16(), closed.code()), (409, "import.not-open".to_owned()));
}

#[tokio::test]
async fn s46_files_that_are_no_lists_are_refused_in_words_and_nothing_is_kept() {
    let stage = Stage::open().await;
    for (bytes, code) in [
        (b"%PDF-1.7".to_vec(), "import.not-a-table"),
        (Vec::new(), "import.not-a-table"),
        (vec![0xD0, 0xCF, 0x11, 0xE0], "import.other-workbook"),
        ("Фамилия;Имя\n".as_bytes().to_vec(), "import.empty"),
    ] {
        let refused = stage.door().reading("kk").post("/imports", &file(&bytes)).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code.to_owned()));
        assert!(!refused.json()["title"].as_str().unwrap().is_empty());
    }
    let large = stage.door().post("/imports", &file(&vec![b'a'; 10 * 1024 * 1024 + 1])).await;
    assert_eq!((large.status.as_u16(), large.code()), (422, "import.too-large".to_owned()));
    // A file of 200 MB is refused by its length, before anything of it is read.
    let request = stage
        .door()
        .request(poem::http::Method::POST, "/imports")
        .header("content-type", "application/json")
        .header("content-length", (200 * 1024 * 1024).to_string())
        .finish();
    assert_eq!(stage.door().send(request).await.status, 413);
    let elsewhere = json!({ "surname": "а".repeat(2 * 1024 * 1024) });
    let text = elsewhere.to_string();
    let request = stage
        .people()
        .request(poem::http::Method::POST, "/people")
        .header("content-type", "application/json")
        .header("content-length", text.len().to_string())
        .body(text);
    assert_eq!(stage.people().send(request).await.status, 413, "no other door takes as much");
    assert_eq!(stage.door().get("/imports").await.expect(200), json!([]));
}

#[tokio::test]
async fn who_may_not_bring_people_in_learns_nothing_of_imports() {
    let stage = Stage::open().await;
    let row: &[&str] = &["Нұрланова", "Дана", "", "", "ж", "учитель", "", ""];
    let import = stage.brings(&[("Сотрудники", &[STAFF, row])]).await;
    let editor = stage.school.person("Редакторова", "Айша", &[Role::Editor]).await;
    let door = stage.school.client(ImportApi).of(&editor);
    door.get("/imports").await.expect(403);
    door.get(&path(&import, "")).await.expect(404);
    door.get(&path(&import, "/rows")).await.expect(404);
    door.post(&path(&import, "/commit"), &json!({ "version": 1 })).await.expect(404);
    let content = Base64(b"a;b".to_vec()).to_json();
    let new = json!({ "file_name": "a.csv", "content": content, "source": "own" });
    door.post("/imports", &new).await.expect(403);
    let other = kd_testkit::School::in_world(&stage.school.world).await;
    let foreign = other.person("Басқа", "Әкімші", &[Role::Administrator]).await;
    other.client(ImportApi).of(&foreign).get(&path(&import, "")).await.expect(404);
}
