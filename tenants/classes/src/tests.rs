//! Classes at their own door.

use kd_calendar::CalendarApi;
use kd_kernel::Role;
use kd_testkit::{Client, School};
use serde_json::json;
use uuid::Uuid;

use crate::ClassesApi;

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
