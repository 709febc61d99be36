//! Lessons at their own door.

use kd_calendar::CalendarApi;
use kd_classes::ClassesApi;
use kd_kernel::{Clock, Role};
use kd_testkit::{Client, Person, School, World};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::TimetableApi;

struct Stage {
    school: School,
    admin: Client,
    teacher: Person,
    classes: Vec<Value>,
    subject: Value,
}

impl Stage {
    async fn open() -> Self {
        let world = World::with_clock(Clock::fixed("2026-09-10T05:00:00Z".parse().unwrap())).await;
        let school = School::in_world(&world).await;
        let person = school.person("Оспанова", "Гүлнар", &[Role::Administrator]).await;
        let teacher = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
        let admin = school.client((CalendarApi, ClassesApi, TimetableApi)).of(&person);
        let year = admin.get("/calendar/defaults").await.expect(200);
        admin.post("/calendar/years", &year).await.expect(200);
        let bells = admin.get("/calendar/bells/defaults").await.expect(200);
        admin.put("/calendar/bells", &bells).await.expect(200);
        let mut classes = Vec::new();
        for grade in [1, 2, 7] {
            let class = json!({ "grade": grade, "letter": "А", "language": "kk", "shift": 1 });
            classes.push(admin.post("/classes", &class).await.expect(200)["id"].clone());
        }
        let subject = admin.post("/subjects/defaults", &json!({})).await.expect(200)[3]["id"].clone();
        Self { school, admin, teacher, classes, subject }
    }

    fn lesson(&self, class: usize, date: &str, number: i32) -> Value {
        json!({ "class_id": self.classes[class], "subject_id": self.subject, "teacher_id": self.teacher.profile,
                "date": date, "number": number })
    }

    fn door(&self, person: &Person) -> Client {
        self.school.client(TimetableApi).of(person)
    }
}

#[tokio::test]
async fn cal_3_a_lesson_on_a_day_off_is_refused_and_the_day_is_named() {
    let stage = Stage::open().await;
    for (date, name) in [
        ("2026-10-25", "Республика күні"),
        ("2026-09-13", "Жексенбі"),
        ("2026-12-16", "Тәуелсіздік күні"),
        ("2027-03-15", "Конституция күні"),
        ("2026-10-28", "Күзгі демалыс"),
        ("2027-06-10", "Оқу жылынан тыс"),
    ] {
        let reply = stage.admin.reading("kk").post("/lessons", &stage.lesson(2, date, 1)).await;
        let body = reply.expect(422);
        assert_eq!((body["code"].as_str(), body["detail"].as_str()), (Some("timetable.no-school-day"), Some(name)));
    }
    let made = stage.admin.post("/lessons", &stage.lesson(2, "2026-09-10", 2)).await.expect(200);
    assert_eq!((made["begins"].as_str(), made["state"].as_str()), (Some("08:50"), Some("planned")));
}

#[tokio::test]
async fn cal_2_a_series_skips_what_is_off_for_the_grade() {
    let stage = Stage::open().await;
    let series = |class: usize, number: i32| {
        json!({ "class_id": stage.classes[class], "subject_id": stage.subject, "teacher_id": stage.teacher.profile,
                "weekday": 3, "number": number, "from": "2027-02-01", "to": "2027-02-28" })
    };
    let first = stage.admin.post("/lessons/series", &series(0, 1)).await.expect(200);
    assert_eq!(first["added"], 3, "{first}");
    assert_eq!(first["skipped"][0]["date"], "2027-02-10");
    let second = stage.admin.post("/lessons/series", &series(1, 2)).await.expect(200);
    assert_eq!((second["added"].as_i64(), second["skipped"].as_array().map(Vec::len)), (Some(4), Some(0)));
    let again = stage.admin.post("/lessons/series", &series(1, 2)).await.expect(200);
    assert_eq!((again["added"].as_i64(), again["skipped"].as_array().map(Vec::len)), (Some(0), Some(4)));
}

#[tokio::test]
async fn cal_5_a_teacher_and_a_class_are_in_one_place_at_a_time() {
    let stage = Stage::open().await;
    stage.admin.post("/lessons", &stage.lesson(2, "2026-09-10", 1)).await.expect(200);
    for class in [2, 1] {
        let reply = stage.admin.post("/lessons", &stage.lesson(class, "2026-09-10", 1)).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "timetable.clash"));
    }
    stage.admin.post("/lessons", &stage.lesson(1, "2026-09-10", 2)).await.expect(200);
    let bad = stage.admin.post("/lessons", &stage.lesson(1, "2026-09-10", 12)).await.expect(422);
    assert_eq!(bad["fields"][0]["code"], "no-bell");
}

#[tokio::test]
async fn the_teacher_writes_topic_and_homework_and_nobody_is_overwritten() {
    let stage = Stage::open().await;
    let lesson = stage.admin.post("/lessons", &stage.lesson(2, "2026-09-10", 1)).await.expect(200);
    let path = format!("/lessons/{}", lesson["id"].as_str().unwrap());
    let edit = json!({ "version": 1, "topic": "Бөлшектер", "homework": "№ 12-15" });
    let done = stage.door(&stage.teacher).put(&path, &edit).await.expect(200);
    assert_eq!((done["topic"].as_str(), done["version"].as_i64()), (Some("Бөлшектер"), Some(2)));
    let stale = stage.door(&stage.teacher).put(&path, &edit).await;
    assert_eq!((stale.status.as_u16(), stale.code().as_str()), (409, "timetable.lesson-changed"));
    assert_eq!(stale.json()["conflict"]["version"], 2);
    let other = stage.school.person("Бек", "Нұр", &[Role::Teacher]).await;
    stage.door(&other).put(&path, &json!({ "version": 2, "topic": "x" })).await.expect(403);
    let student = stage.school.person("Оқушы", "Бір", &[Role::Student]).await;
    stage.door(&student).put(&path, &json!({ "version": 2, "topic": "x" })).await.expect(404);
    stage.door(&stage.teacher).post("/lessons", &stage.lesson(2, "2026-09-11", 1)).await.expect(403);
}

#[tokio::test]
async fn s03_a_lesson_of_another_school_reads_as_missing() {
    let stage = Stage::open().await;
    let lesson = stage.admin.post("/lessons", &stage.lesson(2, "2026-09-10", 1)).await.expect(200);
    let other = School::in_world(&stage.school.world).await;
    let stranger = other.person("Бөтен", "Адам", &[Role::Administrator]).await;
    let door = other.client(TimetableApi).of(&stranger);
    let edit = json!({ "version": 1, "topic": "x" });
    let foreign = door.put(&format!("/lessons/{}", lesson["id"].as_str().unwrap()), &edit).await;
    let nowhere = door.put(&format!("/lessons/{}", Uuid::nil()), &edit).await;
    assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nowhere.body));
    let class = stage.classes[2].as_str().unwrap();
    let foreign = door.get(&format!("/lessons?class_id={class}&from=2026-09-01&to=2026-09-30")).await;
    assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nowhere.body));
}
