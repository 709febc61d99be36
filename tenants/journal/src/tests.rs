//! The journal at its own door.

mod merges;

use kd_calendar::CalendarApi;
use kd_classes::ClassesApi;
use kd_kernel::{Clock, Role};
use kd_people::PeopleApi;
use kd_testkit::{Client, Person, School, World};
use kd_timetable::TimetableApi;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::JournalApi;

/// A school on 10.09.2026 with a class, a subject, its teacher, two students and lessons.
struct Stage {
    school: School,
    admin: Client,
    person: Person,
    teacher: Person,
    class: Value,
    subject: Value,
    students: Vec<Value>,
    lesson: Value,
}

impl Stage {
    async fn open(grade: i32) -> Self {
        let world = World::with_clock(Clock::fixed("2026-09-10T05:00:00Z".parse().unwrap())).await;
        let school = School::in_world(&world).await;
        let person = school.person("Оспанова", "Гүлнар", &[Role::Administrator]).await;
        let teacher = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
        let admin = school.client((CalendarApi, ClassesApi, TimetableApi, PeopleApi, JournalApi)).of(&person);
        let year = admin.get("/calendar/defaults").await.expect(200);
        admin.post("/calendar/years", &year).await.expect(200);
        let bells = admin.get("/calendar/bells/defaults").await.expect(200);
        admin.put("/calendar/bells", &bells).await.expect(200);
        let class = json!({ "grade": grade, "letter": "А", "language": "kk", "shift": 1 });
        let class = admin.post("/classes", &class).await.expect(200)["id"].clone();
        let subject = admin.post("/subjects/defaults", &json!({})).await.expect(200)[3]["id"].clone();
        let load = json!({ "class_id": class, "subject_id": subject, "teacher_id": teacher.profile });
        admin.post("/loads", &load).await.expect(200);
        let mut students = Vec::new();
        for name in ["Тимур", "Әсел"] {
            let new = json!({ "kind": "student", "surname": "Омаров", "given_name": name, "sex": "m", "class_id": class,
                              "enrolled_on": "2026-09-01" });
            students.push(admin.post("/people", &new).await.expect(200)["id"].clone());
        }
        let mut stage = Self { school, admin, person, teacher, class, subject, students, lesson: Value::Null };
        stage.lesson = stage.lesson_on("2026-09-10", 1).await;
        stage
    }

    async fn lesson_on(&self, date: &str, number: i32) -> Value {
        let new = json!({ "class_id": self.class, "subject_id": self.subject, "teacher_id": self.teacher.profile,
                          "date": date, "number": number });
        self.admin.post("/lessons", &new).await.expect(200)["id"].clone()
    }

    fn door(&self) -> Client {
        self.school.client(JournalApi).of(&self.teacher)
    }

    fn mark(&self, value: Option<i32>, version: i32) -> Value {
        let mut put = json!({ "lesson_id": self.lesson, "student_id": self.students[0], "version": version });
        if let Some(value) = value {
            put["value"] = json!(value);
        }
        put
    }

    async fn page(&self) -> Value {
        let path =
            format!("/journal?class_id={}&subject_id={}", self.class.as_str().unwrap(), self.subject.as_str().unwrap());
        self.door().get(&path).await.expect(200)
    }

    fn cell(&self) -> String {
        format!("/journal/cells/{}/{}", self.lesson.as_str().unwrap(), self.students[0].as_str().unwrap())
    }
}

#[tokio::test]
async fn a_teacher_marks_her_class_and_sees_where_it_stands() {
    let stage = Stage::open(7).await;
    let door = stage.door();
    let choices = door.get("/journal/choices").await.expect(200);
    assert_eq!((choices[0]["class_name"].as_str(), choices[0]["mine"].as_bool()), (Some("7А"), Some(true)));
    let set = door.put("/journal/marks", &stage.mark(Some(8), 0)).await.expect(200);
    assert_eq!(
        (set["version"].as_i64(), set["percent"].as_str(), set["grade"].as_i64()),
        (Some(1), Some("80.0"), Some(4))
    );
    let absent = json!({ "lesson_id": stage.lesson, "student_id": stage.students[1], "code": "ill", "version": 0 });
    door.put("/journal/attendance", &absent).await.expect(200);
    door.put("/journal/roll", &json!({ "lesson_id": stage.lesson })).await.expect(200);
    let page = stage.page().await;
    assert_eq!(page["may_edit"], true);
    assert_eq!(page["lessons"][0]["roll_taken"], true);
    assert_eq!(page["marks"].as_array().unwrap().len(), 1);
    assert_eq!(page["attendance"][0]["code"], "ill");
    let names: Vec<_> = page["students"].as_array().unwrap().iter().map(|s| s["full_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Омаров Әсел", "Омаров Тимур"]);
}

#[tokio::test]
async fn jrn_2_every_change_of_a_cell_is_kept_and_versions_go_on_after_clearing() {
    let stage = Stage::open(7).await;
    let door = stage.door();
    door.put("/journal/marks", &stage.mark(Some(8), 0)).await.expect(200);
    door.put("/journal/marks", &stage.mark(Some(9), 1)).await.expect(200);
    let cleared = door.put("/journal/marks", &stage.mark(None, 2)).await.expect(200);
    assert_eq!((cleared["version"].as_i64(), cleared.get("value")), (Some(3), None));
    let page = stage.page().await;
    assert_eq!(page["marks"].as_array().map(Vec::len), Some(1), "a page that is opened now knows the version too");
    assert_eq!((page["marks"][0]["version"].as_i64(), page["marks"][0].get("value")), (Some(3), None));
    door.put("/journal/marks", &stage.mark(Some(5), 1)).await.expect(409);
    door.put("/journal/marks", &stage.mark(Some(5), 3)).await.expect(200);
    let history = door.get(&stage.cell()).await.expect(200);
    let changes: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|h| (h["before"].as_str().unwrap_or("-").to_owned(), h["after"].as_str().unwrap_or("-").to_owned()))
        .collect();
    let of = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(changes, [of("-", "5"), of("9", "-"), of("8", "9"), of("-", "8")]);
    assert_eq!(history[0]["by"], "Сәрсенова Айгүл");
}

#[tokio::test]
async fn a_stale_edit_learns_who_changed_the_cell_and_when() {
    let stage = Stage::open(7).await;
    stage.door().put("/journal/marks", &stage.mark(Some(8), 0)).await.expect(200);
    let stale = stage.admin.put("/journal/marks", &stage.mark(Some(3), 0)).await;
    let body = stale.expect(409);
    assert_eq!(body["code"], "journal.cell-changed");
    assert_eq!(body["conflict"]["by"], "Сәрсенова Айгүл");
    assert_eq!((body["conflict"]["value"].as_str(), body["conflict"]["version"].as_i64()), (Some("8"), Some(1)));
    assert!(body["conflict"]["at"].as_str().is_some_and(|at| at.starts_with("2026-09-10T05:00")));
}

#[tokio::test]
async fn of_eight_writers_of_one_cell_one_wins() {
    let stage = Stage::open(7).await;
    let door = stage.door();
    let writers = (1..=8).map(|value| {
        let (door, put) = (door.clone(), stage.mark(Some(value), 0));
        tokio::spawn(async move { door.put("/journal/marks", &put).await.status.as_u16() })
    });
    let mut outcomes = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        outcomes.push(writer.await.unwrap());
    }
    outcomes.sort_unstable();
    assert_eq!(outcomes, [200, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(door.get(&stage.cell()).await.expect(200).as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_write_that_is_repeated_is_done_once() {
    let stage = Stage::open(7).await;
    let (door, put, key) = (stage.door(), stage.mark(Some(8), 0), Uuid::from_u128(9));
    let twice = [door.clone(), door.clone()].map(|door| {
        let put = put.clone();
        tokio::spawn(async move { door.write(poem::http::Method::PUT, "/journal/marks", &put, key).await })
    });
    for reply in twice {
        assert_eq!(reply.await.unwrap().expect(200)["version"], 1);
    }
    assert_eq!(door.get(&stage.cell()).await.expect(200).as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn grd_6_a_mark_outside_its_work_is_refused_at_the_field() {
    let stage = Stage::open(7).await;
    for value in [0, 11, -3] {
        let body = stage.door().put("/journal/marks", &stage.mark(Some(value), 0)).await.expect(422);
        assert_eq!(
            (body["fields"][0]["field"].as_str(), body["fields"][0]["code"].as_str()),
            (Some("value"), Some("mark-range"))
        );
    }
}

#[tokio::test]
async fn grd_8_grade_one_has_no_marks_but_attendance() {
    let stage = Stage::open(1).await;
    let refused = stage.door().put("/journal/marks", &stage.mark(Some(8), 0)).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "journal.no-marks-in-grade-one"));
    let late = json!({ "lesson_id": stage.lesson, "student_id": stage.students[0], "code": "late", "version": 0 });
    stage.door().put("/journal/attendance", &late).await.expect(200);
    assert_eq!(stage.page().await["graded"], false);
}

#[tokio::test]
async fn a_lesson_to_come_takes_nothing() {
    let mut stage = Stage::open(7).await;
    stage.lesson = stage.lesson_on("2026-09-11", 1).await;
    let refused = stage.door().put("/journal/marks", &stage.mark(Some(8), 0)).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "journal.lesson-not-held"));
}

#[tokio::test]
async fn att_6_a_cancelled_lesson_takes_nothing() {
    let stage = Stage::open(7).await;
    let turn = stage.school.turn(&stage.teacher).await;
    kd_store::sql::run(turn.db(), "UPDATE lesson SET state = 'cancelled'", []).await.unwrap();
    turn.commit().await.unwrap();
    let ill = json!({ "lesson_id": stage.lesson, "student_id": stage.students[0], "code": "ill", "version": 0 });
    for reply in [
        stage.door().put("/journal/attendance", &ill).await,
        stage.door().put("/journal/marks", &stage.mark(Some(8), 0)).await,
        stage.door().put("/journal/roll", &json!({ "lesson_id": stage.lesson })).await,
    ] {
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (422, "journal.lesson-cancelled"));
    }
}

#[tokio::test]
async fn jrn_4_a_student_who_left_keeps_the_marks_and_takes_no_new_ones() {
    let mut stage = Stage::open(7).await;
    stage.door().put("/journal/marks", &stage.mark(Some(8), 0)).await.expect(200);
    let later = stage.lesson_on("2026-09-14", 1).await;
    let turn = stage.school.turn(&stage.teacher).await;
    kd_store::sql::run(turn.db(), "UPDATE class_member SET left_on = '2026-09-11'", []).await.unwrap();
    turn.commit().await.unwrap();
    stage.school.world.clock.advance(chrono::TimeDelta::days(5));
    stage.teacher.token = stage.school.session(stage.teacher.account).await;
    assert_eq!(stage.page().await["marks"][0]["value"], 8);
    stage.lesson = later;
    stage.door().put("/journal/marks", &stage.mark(Some(8), 0)).await.expect(404);
}

#[tokio::test]
async fn s04_another_teachers_journal_is_seen_and_not_touched() {
    let stage = Stage::open(7).await;
    let other = stage.school.person("Бек", "Нұр", &[Role::Teacher]).await;
    let door = stage.school.client(JournalApi).of(&other);
    door.put("/journal/marks", &stage.mark(Some(8), 0)).await.expect(403);
    door.get(&stage.cell()).await.expect(403);
    let student = stage.school.person("Оқушы", "Бір", &[Role::Student]).await;
    let door = stage.school.client(JournalApi).of(&student);
    door.put("/journal/marks", &stage.mark(Some(8), 0)).await.expect(404);
    door.get("/journal/choices").await.expect(403);
    assert_eq!(stage.page().await["marks"], json!([]));
}

#[tokio::test]
async fn s03_a_lesson_of_another_school_reads_as_missing() {
    let stage = Stage::open(7).await;
    let other = School::in_world(&stage.school.world).await;
    let stranger = other.person("Бөтен", "Адам", &[Role::Administrator]).await;
    let door = other.client(JournalApi).of(&stranger);
    let foreign = door.put("/journal/marks", &stage.mark(Some(8), 0)).await;
    let nowhere = door
        .put(
            "/journal/marks",
            &json!({ "lesson_id": Uuid::nil(), "student_id": Uuid::nil(), "value": 8, "version": 0 }),
        )
        .await;
    assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nowhere.body));
    assert_eq!(door.get(&stage.cell()).await.body, nowhere.body);
}

#[tokio::test]
async fn the_audit_says_whose_cell_was_changed_from_what_to_what() {
    let stage = Stage::open(7).await;
    let door = stage.door();
    door.put("/journal/marks", &stage.mark(Some(8), 0)).await.expect(200);
    door.put("/journal/marks", &stage.mark(None, 1)).await.expect(200);
    let tx = stage.school.house().store.begin(stage.school.card.place(), kd_store::Mode::Read).await.unwrap();
    let told: Value = kd_store::sql::scalar(
        &tx,
        "SELECT jsonb_agg(detail ORDER BY detail ->> 'from' NULLS FIRST) FROM audit WHERE operation = 'mark_put' AND subject_id::text = $1",
        [stage.students[0].as_str().unwrap().into()],
    )
    .await
    .unwrap();
    let date = "2026-09-10";
    assert_eq!(told, json!([{ "from": null, "to": 8, "date": date }, { "from": "8", "to": null, "date": date }]));
}
