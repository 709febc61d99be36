//! Duplicates: found, told apart, made one, and taken back.

use std::collections::BTreeSet;

use kd_kernel::Role;
use kd_store::sql;
use kd_testkit::{Client, Person, School};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

use super::{class, guardian, school, student, tx, with};
use crate::{MergesApi, PeopleApi};

fn door(school: &School, person: &Person) -> Client {
    school.client((PeopleApi, MergesApi(&[]))).of(person)
}

async fn add(door: &Client, person: &Value) -> Value {
    door.post("/people", &with(person.clone(), json!({ "confirm_duplicate": true }))).await.expect(200)
}

fn path(person: &Value, rest: &str) -> String {
    format!("/people/{}{rest}", person["id"].as_str().unwrap())
}

fn merging(kept: &Value, dropped: &Value, take: Value) -> Value {
    json!({ "version": kept["version"], "dropped_id": dropped["id"], "dropped_version": dropped["version"], "take": take })
}

async fn pairs(door: &Client, kind: &str) -> Vec<(String, BTreeSet<String>)> {
    let found = door.get(&format!("/duplicates?kind={kind}")).await.expect(200);
    let id = |side: &Value| side["id"].as_str().unwrap().to_owned();
    let pair =
        |p: &Value| (p["likeness"].as_str().unwrap().to_owned(), BTreeSet::from([id(&p["one"]), id(&p["other"])]));
    let pairs: Vec<_> = found["pairs"].as_array().unwrap().iter().map(pair).collect();
    assert_eq!(found["count"], pairs.len());
    pairs
}

fn ids(one: &Value, other: &Value) -> BTreeSet<String> {
    [one, other].map(|p| p["id"].as_str().unwrap().to_owned()).into()
}

#[tokio::test]
async fn duplicates_are_found_and_those_told_apart_are_not_shown_again() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let born = json!({ "birth_date": "2013-11-30" });
    let one = add(&door, &with(student("Өмірбек", "Нұргүл"), born.clone())).await;
    let same = add(&door, &with(student("Омирбек", "Нургуль"), born.clone())).await;
    let turned = add(&door, &with(student("Нұргүл", "Өмірбек"), json!({ "patronymic": "Серікқызы" }))).await;
    add(&door, &with(student("Өмірбек", "Нұргүл"), json!({ "birth_date": "2014-01-01", "patronymic": "Асанқызы" })))
        .await;
    add(&door, &guardian("Өмірбек", "Нұргүл", one["id"].as_str().unwrap())).await;
    let found = pairs(&door, "student").await;
    assert_eq!(found[0], ("same".to_owned(), ids(&one, &same)));
    assert!(found.contains(&("undated".to_owned(), ids(&one, &turned))));
    assert_eq!(found.len(), 3, "another birth date with another patronymic is another person");
    let apart = json!({ "one_id": same["id"], "other_id": one["id"] });
    door.post("/duplicates/not-same", &apart).await.expect(200);
    door.post("/duplicates/not-same", &apart).await.expect(200);
    let found = pairs(&door, "student").await;
    assert!(found.len() == 2 && found.iter().all(|(_, pair)| *pair != ids(&one, &same)));
    let told = door.get("/duplicates?kind=student&apart=true").await.expect(200);
    assert_eq!((&told["count"], &told["pairs"][0]["likeness"]), (&json!(1), &json!("same")));
    door.post("/duplicates/not-same", &with(apart, json!({ "take_back": true }))).await.expect(200);
    assert_eq!(pairs(&door, "student").await.len(), 3, "what was said by mistake is taken back");
    assert_eq!(door.get("/duplicates?kind=student&apart=true").await.expect(200)["count"], 0);
    let teacher = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    school.client(MergesApi(&[])).of(&teacher).get("/duplicates?kind=student").await.expect(403);
}

#[tokio::test]
async fn two_profiles_become_one_and_the_merge_is_taken_back() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let (seven, eight) = (class(&school, 7, "Ә", None).await, class(&school, 8, "Ә", None).await);
    let kept = with(student("Ахметов", "Тимур"), json!({ "class_id": seven, "enrolled_on": "2025-09-01", "sex": "m" }));
    let kept = add(&door, &kept).await;
    let dropped = json!({ "class_id": eight, "enrolled_on": "2025-09-10", "sex": "m", "patronymic": "Серікұлы",
        "phone": "+77011234567", "birth_date": "2013-11-30" });
    let dropped = add(&door, &with(student("Ахметов", "Тимур"), dropped)).await;
    let mother = add(&door, &guardian("Ахметова", "Гүлнар", kept["id"].as_str().unwrap())).await;
    let father = add(&door, &guardian("Ахметов", "Серік", dropped["id"].as_str().unwrap())).await;
    let (kept_before, dropped_before) =
        (door.get(&path(&kept, "")).await.expect(200), door.get(&path(&dropped, "")).await.expect(200));

    let take = json!(["patronymic", "birth_date", "class"]);
    let stale = with(merging(&kept, &dropped, take.clone()), json!({ "dropped_version": 7 }));
    assert_eq!(door.post(&path(&kept, "/merge"), &stale).await.code(), "people.changed");
    let one = door.post(&path(&kept, "/merge"), &merging(&kept, &dropped, take)).await.expect(200);
    assert_eq!(one["full_name"], "Ахметов Тимур Серікұлы");
    assert_eq!((&one["birth_date"], one.get("phone")), (&json!("2013-11-30"), None));
    assert_eq!((&one["class_name"], one["memberships"].as_array().unwrap().len()), (&json!("8Ә"), 2));
    let guardians: Vec<_> = one["guardians"].as_array().unwrap().iter().map(|g| g["id"].clone()).collect();
    assert_eq!(guardians, [father["id"].clone(), mother["id"].clone()]);
    assert_eq!(door.get(&path(&father, "")).await.expect(200)["children"][0]["id"], kept["id"]);
    let away = door.get(&path(&dropped, "")).await.expect(200);
    assert_eq!((&away["merged_into"], away.get("departure")), (&kept["id"], None));
    assert!(pairs(&door, "student").await.is_empty());
    let archive = door.post("/people/search", &json!({ "kind": "student", "state": "archived" })).await.expect(200);
    assert_eq!(archive["count"], 0, "who was given up is nobody of the archive");

    let undo = format!("/merges/{}/undo", one["merged"][0]["id"].as_str().unwrap());
    assert_eq!(one["merged"][0]["profile_id"], dropped["id"]);
    assert_eq!(door.post(&undo, &json!({ "version": 1 })).await.code(), "people.changed");
    door.post(&undo, &json!({ "version": one["version"] })).await.expect(200);
    for before in [kept_before, dropped_before] {
        let after = door.get(&path(&before, "")).await.expect(200);
        assert_eq!(with(after, json!({ "version": before["version"] })), before, "all is as it was");
    }
    door.post(&undo, &json!({ "version": one["version"] })).await.expect(404);
    let tx = tx(&school).await;
    let said =
        "SELECT count(*) FROM audit WHERE operation IN ('person_merge', 'merge_undo') AND subject_id IS NOT NULL";
    assert_eq!(sql::scalar::<i64>(&tx, said, []).await.unwrap(), 2);
}

#[tokio::test]
async fn a_merge_is_taken_back_only_while_nothing_has_changed_since_and_the_last_one_first() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(add(&door, &student("Ахметова", "Айша")).await);
    }
    let first = door.post(&path(&people[0], "/merge"), &merging(&people[0], &people[1], json!([]))).await.expect(200);
    let second = door.post(&path(&first, "/merge"), &merging(&first, &people[2], json!([]))).await.expect(200);
    let undo = |n: usize| format!("/merges/{}/undo", second["merged"][n]["id"].as_str().unwrap());
    // Nothing of the first merge was changed by the second: the two had nothing to give.
    let back = door.post(&undo(0), &json!({ "version": second["version"] })).await.expect(200);
    let edit = json!({ "version": back["version"], "surname": "Ахметова", "given_name": "Айша", "sex": "f", "phone": "+77011234567" });
    let edited = door.put(&path(&back, ""), &edit).await.expect(200);
    let refused = door.post(&undo(1), &json!({ "version": edited["version"] })).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "people.merge-changed".to_owned()));
    let plain = with(edit, json!({ "version": edited["version"] }));
    let plain = json!({ "version": plain["version"], "surname": "Ахметова", "given_name": "Айша", "sex": "f" });
    let plain = door.put(&path(&back, ""), &plain).await.expect(200);
    door.post(&undo(1), &json!({ "version": plain["version"] })).await.expect(200);
}

#[tokio::test]
async fn the_registered_profile_is_the_one_that_is_kept() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let card = |person: &Person| format!("/people/{}", person.profile);
    let one = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let two = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let (one, two) = (door.get(&card(&one)).await.expect(200), door.get(&card(&two)).await.expect(200));
    let new = json!({ "kind": "staff", "surname": "Сәрсенова", "given_name": "Айгүл", "sex": "f" });
    let paper = add(&door, &with(new, json!({ "roles": ["class_teacher"] }))).await;
    let refusal = async |kept: &Value, dropped: &Value| {
        let reply = door.post(&path(kept, "/merge"), &merging(kept, dropped, json!([]))).await;
        (reply.status.as_u16(), reply.code())
    };
    assert_eq!(refusal(&one, &two).await, (409, "people.merge-both-registered".to_owned()));
    assert_eq!(refusal(&paper, &one).await, (409, "people.merge-keep-registered".to_owned()));
    let child = add(&door, &student("Сәрсенова", "Айгүл")).await;
    assert_eq!(refusal(&one, &child).await, (409, "people.merge-other-kind".to_owned()));
    assert_eq!(refusal(&one, &one).await, (409, "people.merge-other-kind".to_owned()));
    let merged = door.post(&path(&one, "/merge"), &merging(&one, &paper, json!([]))).await.expect(200);
    assert_eq!(merged["roles"], json!(["class_teacher", "teacher"]));
}

#[tokio::test]
async fn an_editor_gives_nobody_a_role_by_merging() {
    let (school, anar) = school().await;
    let dana = school.person("Бекова", "Дана", &[Role::Editor]).await;
    let (admin, editor) = (door(&school, &anar), door(&school, &dana));
    let new =
        json!({ "kind": "staff", "surname": "Бекова", "given_name": "Дана", "sex": "f", "roles": ["administrator"] });
    let paper = add(&admin, &new).await;
    let hers = admin.get(&format!("/people/{}", dana.profile)).await.expect(200);
    editor.post(&path(&hers, "/merge"), &merging(&hers, &paper, json!([]))).await.expect(403);
    // She holds that role herself, and still takes it from nobody.
    let colleague =
        json!({ "kind": "staff", "surname": "Бекова", "given_name": "Дана", "sex": "f", "roles": ["editor"] });
    let colleague = add(&admin, &colleague).await;
    editor.post(&path(&hers, "/merge"), &merging(&hers, &colleague, json!([]))).await.expect(403);
    let two = [add(&editor, &student("Ахметова", "Айша")).await, add(&editor, &student("Ахметова", "Айша")).await];
    editor.post(&path(&two[0], "/merge"), &merging(&two[0], &two[1], json!([]))).await.expect(200);
}

/// What refers to a profile, and what a merge does with it. A new column needs a line here, and a thought.
const REFERENCES: [(&str, &str); 33] = [
    ("attendance.set_by", "the past"),
    ("attendance.student_id", "journal"),
    ("class.homeroom_id", "classes"),
    ("class_member.student_id", "people"),
    ("departure.profile_id", "the archive: who is given up is active"),
    ("departure.recorded_by", "the past"),
    ("departure.returned_by", "the past"),
    ("guardianship.guardian_id", "people"),
    ("guardianship.student_id", "people"),
    ("handout.profile_id", "void"),
    ("handout_event.profile_id", "the past"),
    ("iin.changed_by", "the past"),
    ("iin.profile_id", "people"),
    ("import.requested_by", "the past"),
    ("lesson.teacher_id", "timetable"),
    ("mark.set_by", "the past"),
    ("mark.student_id", "journal"),
    ("merge.dropped_id", "the past"),
    ("merge.kept_id", "the past"),
    ("merge.merged_by", "the past"),
    ("merge.undone_by", "the past"),
    ("not_same.one_id", "the past"),
    ("not_same.other_id", "the past"),
    ("not_same.said_by", "the past"),
    ("role_held.profile_id", "people"),
    ("roll.taken_by", "the past"),
    ("teacher_subject.teacher_id", "classes"),
    ("teaching_load.teacher_id", "classes"),
    ("transfer_in.accepted_by", "the past"),
    ("transfer_in.student_id", "transfers"),
    ("transfer_out.issued_by", "the past"),
    ("transfer_out.student_id", "transfers"),
    ("transfer_out.withdrawn_by", "the past"),
];

#[tokio::test]
async fn nothing_that_refers_to_a_person_is_forgotten_in_a_merge() {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let (school, _) = school().await;
    let tx = tx(&school).await;
    let rows: Vec<Row> = sql::all(
        &tx,
        "SELECT r.relname || '.' || a.attname AS name FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid \
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) \
         WHERE c.contype = 'f' AND c.confrelid = 'profile'::regclass ORDER BY 1",
        [],
    )
    .await
    .unwrap();
    let names: Vec<String> = rows.into_iter().map(|row| row.name).collect();
    assert_eq!(names, REFERENCES.map(|(name, _)| name.to_owned()));
}
