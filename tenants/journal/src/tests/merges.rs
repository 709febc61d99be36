//! Two profiles of a student, or of a teacher, made one: what the rooms from classes to journal give over.

use kd_people::{Heir, MergesApi};
use kd_testkit::Client;
use serde_json::{Value, json};

use super::Stage;

const HEIRS: &[Heir] = &[kd_classes::HEIR, kd_timetable::HEIR, crate::HEIR];

/// A further profile of somebody, entered by mistake.
async fn again(stage: &Stage, person: Value) -> Value {
    let mut new = json!({ "surname": "Омаров", "given_name": "Тимур", "sex": "m", "confirm_duplicate": true });
    new.as_object_mut().unwrap().extend(person.as_object().unwrap().clone());
    stage.admin.post("/people", &new).await.expect(200)
}

async fn merge(stage: &Stage, kept: &Value, dropped: &Value) -> kd_testkit::Reply {
    let version = async |id: &Value| {
        stage.admin.get(&format!("/people/{}", id.as_str().unwrap())).await.expect(200)["version"].clone()
    };
    let body = json!({ "version": version(kept).await, "dropped_id": dropped, "dropped_version": version(dropped).await,
        "take": [] });
    doors(stage).post(&format!("/people/{}/merge", kept.as_str().unwrap()), &body).await
}

async fn undo(stage: &Stage, merged: &Value) -> kd_testkit::Reply {
    let path = format!("/merges/{}/undo", merged["merged"][0]["id"].as_str().unwrap());
    doors(stage).post(&path, &json!({ "version": merged["version"] })).await
}

fn doors(stage: &Stage) -> Client {
    stage.school.client(MergesApi(HEIRS)).of(&stage.person)
}

fn cell(lesson: &Value, student: &Value, rest: Value) -> Value {
    let mut cell = json!({ "lesson_id": lesson, "student_id": student, "version": 0 });
    cell.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    cell
}

#[tokio::test]
async fn marks_and_their_history_go_over_and_come_back() {
    let mut stage = Stage::open(7).await;
    let (door, kept) = (stage.door(), stage.students[0].clone());
    let dropped = json!({ "kind": "student", "class_id": stage.class, "enrolled_on": "2026-09-01" });
    let dropped = again(&stage, dropped).await["id"].clone();
    let first = stage.lesson.clone();
    stage.lesson = stage.lesson_on("2026-09-09", 2).await;
    let second = stage.lesson.clone();
    door.put("/journal/marks", &cell(&first, &kept, json!({ "value": 8 }))).await.expect(200);
    door.put("/journal/marks", &cell(&second, &dropped, json!({ "value": 5 }))).await.expect(200);
    let better = cell(&second, &dropped, json!({ "value": 9, "version": 1 }));
    door.put("/journal/marks", &better).await.expect(200);
    door.put("/journal/attendance", &cell(&second, &dropped, json!({ "code": "late" }))).await.expect(200);

    let merged = merge(&stage, &kept, &dropped).await.expect(200);
    let page = stage.page().await;
    assert_eq!(page["students"].as_array().unwrap().len(), 2, "in the journal the student stands once");
    let marks: Vec<_> = page["marks"].as_array().unwrap().iter().map(|m| (&m["student_id"], &m["value"])).collect();
    assert!(marks.len() == 2 && marks.iter().all(|(student, _)| **student == kept), "{marks:?}");
    assert_eq!(page["attendance"][0]["student_id"], kept);
    let history = format!("/journal/cells/{}/{}", second.as_str().unwrap(), kept.as_str().unwrap());
    assert_eq!(door.get(&history).await.expect(200).as_array().unwrap().len(), 3);

    undo(&stage, &merged).await.expect(200);
    let page = stage.page().await;
    let filled = page["marks"].as_array().unwrap().iter().filter(|m| m.get("value").is_some());
    let marks: Vec<_> = filled.map(|m| (m["student_id"].clone(), m["value"].clone())).collect();
    assert!(marks.contains(&(kept.clone(), json!(8))) && marks.contains(&(dropped.clone(), json!(9))), "{marks:?}");
    let next = cell(&second, &dropped, json!({ "value": 10, "version": 2 }));
    door.put("/journal/marks", &next).await.expect(200);
    let lines = door.get(&history).await.expect(200);
    assert_eq!(
        (lines[0].get("after"), lines.as_array().unwrap().len()),
        (None, 5),
        "both cells say that they are empty"
    );
}

#[tokio::test]
async fn where_both_are_marked_in_one_lesson_nothing_is_merged() {
    let stage = Stage::open(7).await;
    let (door, kept) = (stage.door(), stage.students[0].clone());
    let dropped = json!({ "kind": "student", "class_id": stage.class, "enrolled_on": "2026-09-01" });
    let dropped = again(&stage, dropped).await["id"].clone();
    door.put("/journal/marks", &cell(&stage.lesson, &kept, json!({ "value": 8 }))).await.expect(200);
    let late = cell(&stage.lesson, &dropped, json!({ "code": "late" }));
    door.put("/journal/attendance", &late).await.expect(200);
    let refused = merge(&stage, &kept, &dropped).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "people.merge-both-marked".to_owned()));
    stage.admin.get(&format!("/people/{}", dropped.as_str().unwrap())).await.expect(200);
    assert_eq!(stage.page().await["attendance"][0]["student_id"], dropped);
}

#[tokio::test]
async fn a_mark_that_was_changed_since_keeps_a_merge() {
    let stage = Stage::open(7).await;
    let (door, kept) = (stage.door(), stage.students[0].clone());
    let dropped = json!({ "kind": "student", "class_id": stage.class, "enrolled_on": "2026-09-01" });
    let dropped = again(&stage, dropped).await["id"].clone();
    door.put("/journal/marks", &cell(&stage.lesson, &dropped, json!({ "value": 5 }))).await.expect(200);
    let merged = merge(&stage, &kept, &dropped).await.expect(200);
    let better = cell(&stage.lesson, &kept, json!({ "value": 6, "version": 1 }));
    door.put("/journal/marks", &better).await.expect(200);
    assert_eq!(undo(&stage, &merged).await.code(), "people.merge-changed");
}

/// A second profile of the teacher with a class, a load and a lesson of that number; the class too.
async fn doubled(stage: &Stage, number: i32) -> (Value, Value) {
    let staff = json!({ "kind": "staff", "surname": "Сәрсенова", "given_name": "Айгүл", "sex": "f", "roles": ["class_teacher"] });
    let twin = again(stage, staff).await["id"].clone();
    let class = json!({ "grade": 8, "letter": "Б", "language": "kk", "shift": 1, "homeroom_id": twin });
    let class = stage.admin.post("/classes", &class).await.expect(200)["id"].clone();
    let load = json!({ "class_id": class, "subject_id": stage.subject, "teacher_id": twin });
    stage.admin.post("/loads", &load).await.expect(200);
    let lesson = json!({ "class_id": class, "subject_id": stage.subject, "teacher_id": twin, "date": "2026-09-10", "number": number });
    stage.admin.post("/lessons", &lesson).await.expect(200);
    (twin, class)
}

/// Who leads a class, who teaches it, and whose its lessons are.
async fn whose(stage: &Stage, class: &Value) -> [Value; 3] {
    let of = |list: Value, key: &str, teacher: &str| {
        let one = list.as_array().unwrap().iter().find(|one| one[key] == *class).cloned().unwrap();
        one[teacher].clone()
    };
    let classes = of(stage.admin.get("/classes").await.expect(200), "id", "homeroom_id");
    let loads = of(stage.admin.get("/loads").await.expect(200), "class_id", "teacher_id");
    let path = format!("/lessons?class_id={}&from=2026-09-10&to=2026-09-10", class.as_str().unwrap());
    [classes, loads, of(stage.admin.get(&path).await.expect(200), "class_id", "teacher_id")]
}

#[tokio::test]
async fn a_teachers_class_load_and_lessons_go_over_and_come_back() {
    let stage = Stage::open(7).await;
    let kept = json!(stage.teacher.profile);
    let (twin, class) = doubled(&stage, 3).await;
    let merged = merge(&stage, &kept, &twin).await.expect(200);
    assert_eq!(whose(&stage, &class).await, [&kept, &kept, &kept].map(Clone::clone));
    undo(&stage, &merged).await.expect(200);
    assert_eq!(whose(&stage, &class).await, [&twin, &twin, &twin].map(Clone::clone));
}

#[tokio::test]
async fn where_both_teach_at_one_time_nothing_is_merged() {
    let stage = Stage::open(7).await;
    let (twin, class) = doubled(&stage, 1).await;
    let refused = merge(&stage, &json!(stage.teacher.profile), &twin).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "people.merge-both-teach".to_owned()));
    assert_eq!(whose(&stage, &class).await, [&twin, &twin, &twin].map(Clone::clone));
}
