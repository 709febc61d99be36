//! The first pages at their own door.

use std::time::Duration;

use futures_util::StreamExt;
use kd_calendar::CalendarApi;
use kd_classes::ClassesApi;
use kd_journal::JournalApi;
use kd_kernel::{Clock, Role};
use kd_people::PeopleApi;
use kd_testkit::{Client, Person, School, World};
use kd_timetable::TimetableApi;
use serde_json::{Value, json};

use crate::DeskApi;

struct Stage {
    school: School,
    admin: Client,
    teacher: Person,
    /// A registered student with a registered guardian.
    student: Person,
    guardian: Person,
    lesson: Value,
}

impl Stage {
    async fn open() -> Self {
        let world = World::with_clock(Clock::fixed("2026-09-10T03:10:00Z".parse().unwrap())).await;
        let school = School::in_world(&world).await;
        let person = school.person("Оспанова", "Гүлнар", &[Role::Administrator]).await;
        let teacher = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
        let student = school.person("Омаров", "Тимур", &[Role::Student]).await;
        let guardian = school.person("Омарова", "Ләззат", &[Role::Guardian]).await;
        let admin = school.client((CalendarApi, ClassesApi, TimetableApi, PeopleApi, JournalApi, DeskApi)).of(&person);
        let year = admin.get("/calendar/defaults").await.expect(200);
        admin.post("/calendar/years", &year).await.expect(200);
        let bells = admin.get("/calendar/bells/defaults").await.expect(200);
        admin.put("/calendar/bells", &bells).await.expect(200);
        let class = json!({ "grade": 7, "letter": "А", "language": "kk", "shift": 1, "homeroom_id": teacher.profile });
        let class = admin.post("/classes", &class).await.expect(200)["id"].clone();
        let subject = admin.post("/subjects/defaults", &json!({})).await.expect(200)[3]["id"].clone();
        let load = json!({ "class_id": class, "subject_id": subject, "teacher_id": teacher.profile });
        admin.post("/loads", &load).await.expect(200);
        link(&school, &class, &student, &guardian).await;
        let mut lessons = Vec::new();
        for date in ["2026-09-10", "2026-09-12"] {
            let new = json!({ "class_id": class, "subject_id": subject, "teacher_id": teacher.profile, "date": date, "number": 1 });
            lessons.push(admin.post("/lessons", &new).await.expect(200)["id"].clone());
        }
        let lesson = lessons.swap_remove(0);
        Self { school, admin, teacher, student, guardian, lesson }
    }

    fn door(&self, person: &Person) -> Client {
        self.school.client(DeskApi).of(person)
    }

    async fn set_mark(&self, value: i32, version: i32) {
        let put =
            json!({ "lesson_id": self.lesson, "student_id": self.student.profile, "value": value, "version": version });
        self.school.client(JournalApi).of(&self.teacher).put("/journal/marks", &put).await.expect(200);
    }

    fn family(&self) -> String {
        format!("/desk/family?student_id={}", self.student.profile)
    }
}

async fn link(school: &School, class: &Value, student: &Person, guardian: &Person) {
    let turn = school.turn(student).await;
    let class: uuid::Uuid = class.as_str().unwrap().parse().unwrap();
    kd_store::sql::run(
        turn.db(),
        "INSERT INTO class_member (id, class_id, student_id, joined) VALUES ($1, $2, $3, '2026-09-01')",
        [turn.id::<uuid::Uuid>().into(), class.into(), student.profile.into()],
    )
    .await
    .unwrap();
    kd_store::sql::run(
        turn.db(),
        "INSERT INTO guardianship (guardian_id, student_id, relation, since) VALUES ($1, $2, 'mother', $3)",
        [guardian.profile.into(), student.profile.into(), turn.now().into()],
    )
    .await
    .unwrap();
    turn.commit().await.unwrap();
}

#[tokio::test]
async fn a_teacher_sees_which_lesson_is_now_and_who_is_missing() {
    let stage = Stage::open().await;
    let day = stage.door(&stage.teacher).get("/desk/teacher").await.expect(200);
    assert_eq!(day["now_lesson_id"], stage.lesson, "08:10 in Almaty is in the first lesson");
    assert_eq!(
        (day["lessons"][0]["class_name"].as_str(), day["lessons"][0]["roll_taken"].as_bool()),
        (Some("7А"), Some(false))
    );
    assert_eq!(day["homeroom"][0]["absent"], json!([]));
    let ill = json!({ "lesson_id": stage.lesson, "student_id": stage.student.profile, "code": "ill", "version": 0 });
    stage.school.client(JournalApi).of(&stage.teacher).put("/journal/attendance", &ill).await.expect(200);
    let day = stage.door(&stage.teacher).get("/desk/teacher").await.expect(200);
    assert_eq!(day["homeroom"][0]["absent"][0]["full_name"], "Омаров Тимур");
}

#[tokio::test]
async fn a_family_sees_today_tomorrow_and_the_marks() {
    let stage = Stage::open().await;
    stage.set_mark(9, 0).await;
    for person in [&stage.student, &stage.guardian, &stage.teacher] {
        let day = stage.door(person).get(&stage.family()).await.expect(200);
        assert_eq!(day["today"]["lessons"][0]["marks"][0]["value"], 9);
        assert_eq!(day["tomorrow"]["date"], "2026-09-12");
        assert_eq!(
            (day["subjects"][0]["percent"].as_str(), day["subjects"][0]["grade"].as_i64()),
            (Some("90.0"), Some(5))
        );
    }
}

#[tokio::test]
async fn acc_2_nobody_sees_the_marks_of_another_child() {
    let stage = Stage::open().await;
    stage.set_mark(9, 0).await;
    let classmate = stage.school.person("Бек", "Нұр", &[Role::Student]).await;
    let stranger = stage.school.person("Бекова", "Ана", &[Role::Guardian]).await;
    let teacher = stage.school.person("Басқа", "Мұғалім", &[Role::Teacher]).await;
    for person in [&classmate, &stranger, &teacher] {
        let refused = stage.door(person).get(&stage.family()).await;
        let nowhere = stage.door(person).get(&format!("/desk/family?student_id={}", uuid::Uuid::nil())).await;
        assert_eq!((refused.status.as_u16(), &refused.body), (404, &nowhere.body));
    }
}

#[tokio::test]
async fn the_checklist_tells_what_is_not_done_yet() {
    let stage = Stage::open().await;
    let list = stage.admin.get("/desk/setup").await.expect(200);
    let state = |list: &Value, key: &str| {
        list["items"].as_array().unwrap().iter().find(|i| i["key"] == key).unwrap()["state"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (state(&list, "year"), state(&list, "classes"), state(&list, "students")),
        ("done".into(), "done".into(), "done".into())
    );
    let school = School::in_world(&stage.school.world).await;
    let admin = school.person("Әділов", "Ержан", &[Role::Administrator]).await;
    let door = school.client(DeskApi).of(&admin);
    assert_eq!(state(&door.get("/desk/setup").await.expect(200), "year"), "todo");
    let put_off =
        door.post("/desk/setup/postponement", &json!({ "key": "guardians", "postponed": true })).await.expect(200);
    assert_eq!(state(&put_off, "guardians"), "postponed");
    let back =
        door.post("/desk/setup/postponement", &json!({ "key": "guardians", "postponed": false })).await.expect(200);
    assert_eq!(state(&back, "guardians"), "todo");
    stage.door(&stage.guardian).get("/desk/setup").await.expect(403);
}

/// The events of a person's stream, as texts.
async fn stream(stage: &Stage, person: &Person) -> futures_util::stream::BoxStream<'static, String> {
    let door = stage.door(person);
    let response = door.open("/events").await;
    assert_eq!(response.status().as_u16(), 200);
    response.into_body().into_bytes_stream().map(|chunk| String::from_utf8_lossy(&chunk.unwrap()).into_owned()).boxed()
}

async fn hears(stream: &mut futures_util::stream::BoxStream<'static, String>, topic: &str) -> bool {
    let wanted = format!("\"{topic}\"");
    let until = async {
        while let Some(text) = stream.next().await {
            if text.contains(&wanted) {
                return true;
            }
        }
        false
    };
    tokio::time::timeout(Duration::from_secs(3), until).await.unwrap_or(false)
}

#[tokio::test]
async fn a_mark_is_heard_by_its_family_and_by_no_other() {
    let stage = Stage::open().await;
    let stranger = stage.school.person("Бекова", "Ана", &[Role::Guardian]).await;
    let (mut own, mut other) = (stream(&stage, &stage.guardian).await, stream(&stage, &stranger).await);
    stage.set_mark(9, 0).await;
    assert!(hears(&mut own, "marks").await);
    assert!(!hears(&mut other, "marks").await);
}

#[tokio::test]
async fn s32_a_stream_ends_with_its_session() {
    let stage = Stage::open().await;
    let mut open = stream(&stage, &stage.guardian).await;
    stage.school.house().sessions_end_of(stage.guardian.account).await.unwrap();
    let ended = async { while open.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), ended).await.expect("the stream ends within five seconds");
    stage.door(&stage.guardian).get("/desk/setup").await.expect(401);
}
