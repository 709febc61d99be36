//! Classes at their own door.

use kd_calendar::CalendarApi;
use kd_kernel::Role;
use kd_people::{MergesApi, PeopleApi};
use kd_store::{Mode, sql};
use kd_testkit::{Client, Person, School};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{ClassesApi, SubjectNames};

async fn school_with_year() -> (School, Client) {
    let school = School::open().await;
    let admin = school.person("Оспанова", "Гүлнар", &[Role::Administrator]).await;
    let door = school.client((CalendarApi, ClassesApi)).of(&admin);
    let year = door.get("/calendar/defaults").await.expect(200);
    door.post("/calendar/years", &year).await.expect(200);
    (school, door)
}

#[tokio::test]
async fn an_administrator_makes_a_class_with_a_teacher_who_leads_it() {
    let (school, door) = school_with_year().await;
    let leader = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let class = json!({ "grade": 7, "letter": "a", "language": "kk", "shift": 1, "homeroom_id": leader.profile });
    let made = door.post("/classes", &class).await.expect(200);
    assert_eq!((made["name"].as_str(), made["homeroom_name"].as_str()), (Some("7А"), Some("Сәрсенова Айгүл")));
    let again = door.post("/classes", &json!({ "grade": 7, "letter": "А", "language": "kk", "shift": 1 })).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "classes.exists"));
    let turn = school.turn(&leader).await;
    assert!(turn.who().roles.holds(Role::ClassTeacher));
    let id = made["id"].as_str().unwrap();
    assert_eq!(door.get(&format!("/classes/{id}/students")).await.expect(200), json!([]));
}

#[tokio::test]
async fn bad_classes_are_refused_at_their_fields() {
    let (_, door) = school_with_year().await;
    let bad = json!({ "grade": 13, "letter": "1", "language": "xx", "shift": 4, "homeroom_id": Uuid::nil() });
    let body = door.post("/classes", &bad).await.expect(422);
    assert_eq!(body["fields"].as_array().unwrap().len(), 5, "{body}");
    let school = School::open().await;
    let admin = school.person("Бек", "Нұр", &[Role::Administrator]).await;
    let no_year = json!({ "grade": 1, "letter": "А", "language": "kk", "shift": 1 });
    assert_eq!(school.client(ClassesApi).of(&admin).post("/classes", &no_year).await.code(), "classes.no-year");
}

#[tokio::test]
async fn the_country_s_subjects_are_added_once() {
    let (_, door) = school_with_year().await;
    let first = door.post("/subjects/defaults", &json!({})).await.expect(200).as_array().unwrap().len();
    let again = door.post("/subjects/defaults", &json!({})).await.expect(200).as_array().unwrap().len();
    assert!(first > 20 && first == again);
    let own = json!({ "name_kk": "Робототехника үйірмесі", "name_ru": "Робототехника", "pass_fail": true });
    door.post("/subjects", &own).await.expect(200);
    assert_eq!(door.post("/subjects", &own).await.code(), "classes.subject-exists");
}

#[tokio::test]
async fn a_load_says_who_teaches_what() {
    let (school, door) = school_with_year().await;
    let teacher = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let class =
        door.post("/classes", &json!({ "grade": 5, "letter": "Б", "language": "ru", "shift": 1 })).await.expect(200);
    let subject = door.post("/subjects/defaults", &json!({})).await.expect(200)[0]["id"].clone();
    let load =
        json!({ "class_id": class["id"], "subject_id": subject, "teacher_id": teacher.profile, "weekly_tenths": 45 });
    assert_eq!(door.post("/loads", &load).await.expect(200)["class_name"], "5Б");
    assert_eq!(door.post("/loads", &load).await.code(), "classes.load-exists");
    let turn = school.turn(&teacher).await;
    let id = |v: &serde_json::Value| v.as_str().unwrap().parse::<Uuid>().unwrap();
    assert!(crate::teaches(turn.db(), teacher.profile, id(&class["id"]).into(), id(&subject).into()).await.unwrap());
}

#[tokio::test]
async fn a_card_says_what_a_teacher_teaches_and_two_who_change_it_hear_of_each_other() {
    let (school, door) = school_with_year().await;
    let teacher = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let subjects = door.post("/subjects/defaults", &json!({})).await.expect(200);
    let (one, other) = (subjects[0]["id"].clone(), subjects[1]["id"].clone());
    let path = format!("/teachers/{}/subjects", teacher.profile);
    let put = |before: &[&Value], after: &[&Value]| json!({ "before": before, "subject_ids": after });
    door.put(&path, &put(&[], &[&one, &other])).await.expect(200);
    let late = door.put(&path, &put(&[], &[&one])).await;
    assert_eq!((late.status.as_u16(), late.code()), (409, "classes.taught-changed".to_owned()));
    door.put(&path, &put(&[&other, &one], &[&other])).await.expect(200);
    let all = door.get("/teachers/subjects").await.expect(200);
    assert_eq!(all, json!([{ "teacher_id": teacher.profile, "subject_ids": [other] }]));
    let unknown = door.put(&path, &put(&[&other], &[&json!(Uuid::nil())])).await;
    assert_eq!(unknown.json()["fields"][0]["code"], "unknown");
    let refused = school.client(ClassesApi).of(&teacher).put(&path, &put(&[&other], &[])).await;
    assert_eq!(refused.status.as_u16(), 403);

    let elsewhere = School::in_world(&school.world).await;
    let stranger = elsewhere.person("Әділов", "Ержан", &[Role::Teacher]).await;
    let foreign = door.put(&format!("/teachers/{}/subjects", stranger.profile), &put(&[], &[])).await;
    let nowhere = door.put(&format!("/teachers/{}/subjects", Uuid::nil()), &put(&[], &[])).await;
    assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nowhere.body), "s03");
}

#[tokio::test]
async fn what_was_taught_goes_over_in_a_merge_and_comes_back() {
    let (school, door) = school_with_year().await;
    let (kept, dropped) = (
        school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await,
        school.person("Сарсенова", "Айгуль", &[Role::Teacher]).await,
    );
    let subjects = door.post("/subjects/defaults", &json!({})).await.expect(200);
    let [one, both, other] = [0, 1, 2].map(|n| subjects[n]["id"].as_str().unwrap().parse::<Uuid>().unwrap());
    let path = |person: &Person| format!("/teachers/{}/subjects", person.profile);
    door.put(&path(&kept), &json!({ "before": [], "subject_ids": [one, both] })).await.expect(200);
    door.put(&path(&dropped), &json!({ "before": [], "subject_ids": [both, other] })).await.expect(200);
    let admin = school.person("Бек", "Нұр", &[Role::Administrator]).await;
    let people = school.client((PeopleApi, MergesApi(&[crate::HEIR]))).of(&admin);
    // Nobody can be merged away who has registered: the dropped one is as if new.
    let tx = school.house().store.begin(school.card.place(), Mode::Write).await.unwrap();
    sql::run(&tx, "UPDATE profile SET account_id = NULL WHERE id = $1", [dropped.profile.into()]).await.unwrap();
    tx.commit().await.unwrap();
    let merge = json!({ "version": 1, "dropped_id": dropped.profile, "dropped_version": 1, "take": [] });
    let card = people.post(&format!("/people/{}/merge", kept.profile), &merge).await.expect(200);
    let taught = async || door.get("/teachers/subjects").await.expect(200);
    let of = |all: &Value, person: &Person| {
        let row = all.as_array().unwrap().iter().find(|row| row["teacher_id"] == json!(person.profile));
        row.map(|row| row["subject_ids"].as_array().unwrap().len())
    };
    let after = taught().await;
    assert_eq!((of(&after, &kept), of(&after, &dropped)), (Some(3), None));
    let undo = format!("/merges/{}/undo", card["merged"][0]["id"].as_str().unwrap());
    people.post(&undo, &json!({ "version": card["version"] })).await.expect(200);
    let back = taught().await;
    assert_eq!((of(&back, &kept), of(&back, &dropped)), (Some(2), Some(2)));
}

#[test]
fn subjects_are_found_by_the_names_that_people_write() {
    let subject = |n: u128, kk: &str, ru: &str, active| crate::SubjectRow {
        id: Uuid::from_u128(n).into(),
        code: n.to_string(),
        name_kk: kk.to_owned(),
        name_ru: ru.to_owned(),
        pass_fail: false,
        active,
    };
    let names = SubjectNames::of(&[
        subject(1, "Математика пәні", "Математика", true),
        subject(2, "Қазақ тілі", "Казахский язык", true),
        subject(3, "Астрономия пәні", "Астрономия", false),
    ]);
    let found = |name: &str| names.find(name).map(|id| id.0.as_u128());
    assert_eq!([found("МАТЕМАТИКА"), found(" математика  пәні "), found("казак тили")], [Some(1), Some(1), Some(2)]);
    assert_eq!(
        (found("Қазақ тілі"), found("казахский язык"), found("Астрономия"), found("")),
        (Some(2), Some(2), None, None)
    );
}

#[tokio::test]
async fn s03_a_class_of_another_school_reads_as_missing() {
    let (school, _) = school_with_year().await;
    let other = School::in_world(&school.world).await;
    let admin = other.person("Әділов", "Ержан", &[Role::Administrator]).await;
    let there = other.client((CalendarApi, ClassesApi)).of(&admin);
    let year = there.get("/calendar/defaults").await.expect(200);
    there.post("/calendar/years", &year).await.expect(200);
    let class =
        there.post("/classes", &json!({ "grade": 1, "letter": "А", "language": "kk", "shift": 1 })).await.expect(200);
    let mine = school.person("Бек", "Нұр", &[Role::Administrator]).await;
    let here = school.client(ClassesApi).of(&mine);
    let foreign = here.get(&format!("/classes/{}/students", class["id"].as_str().unwrap())).await;
    let nowhere = here.get(&format!("/classes/{}/students", Uuid::nil())).await;
    assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nowhere.body));
    let teacher = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let refused = school.client(ClassesApi).of(&teacher).post("/subjects/defaults", &json!({})).await;
    assert_eq!(refused.status.as_u16(), 403);
}
