//! The calendar at its own door.

use chrono::NaiveDate;
use kd_kernel::{Clock, Role};
use kd_testkit::{Client, School, World};
use serde_json::{Value, json};

use crate::{CalendarApi, current_year, periods_for_grade, school_day};

async fn school() -> (School, Client) {
    let world = World::with_clock(Clock::fixed("2026-09-10T05:00:00Z".parse().unwrap())).await;
    let school = School::in_world(&world).await;
    let admin = school.person("Оспанова", "Гүлнар", &[Role::Administrator]).await;
    let door = school.client(CalendarApi).of(&admin);
    (school, door)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn cal_2_the_country_s_year_2026_27_has_its_days_off() {
    let (school, door) = school().await;
    let year = door.get("/calendar/defaults").await.expect(200);
    assert_eq!(year["name"], "2026-2027");
    assert_eq!(year["period_sets"][1]["periods"][0]["ends"], "2026-10-25");
    let kept = door.post("/calendar/years", &year).await.expect(200);
    assert_eq!(kept["current"], true);

    let admin = school.person("Әділов", "Ержан", &[Role::Administrator]).await;
    let turn = school.turn(&admin).await;
    let year = current_year(turn.db(), turn.today()).await.unwrap().unwrap();
    let off = async |grade: i32, at: &str| {
        school_day(turn.db(), &year, day(at), grade).await.unwrap().err().map(|off| off.kind)
    };
    for at in 8..=13 {
        let at = format!("2027-02-{at:02}");
        assert_eq!(off(1, &at).await.as_deref(), Some("break"), "{at}");
        assert_eq!(off(2, &at).await, None, "{at}");
    }
    assert_eq!(off(5, "2026-12-16").await.as_deref(), Some("holiday"));
    assert_eq!(off(5, "2027-03-15").await.as_deref(), Some("holiday"));
    assert_eq!(off(5, "2026-10-25").await.as_deref(), Some("holiday"));
    assert_eq!(off(5, "2026-10-28").await.as_deref(), Some("break"));
    assert_eq!(off(5, "2026-09-13").await.as_deref(), Some("sunday"));
    assert_eq!(off(5, "2026-08-30").await.as_deref(), Some("outside"));
    assert_eq!(off(5, "2026-09-12").await, None, "a Saturday may be a school day");
    let periods = periods_for_grade(turn.db(), year.id, 7).await.unwrap();
    assert_eq!(periods.len(), 4);
    assert_eq!(periods[2].begins, day("2027-01-11"));
}

#[tokio::test]
async fn cal_1_a_year_with_faults_is_refused_at_its_fields() {
    let (_, door) = school().await;
    let mut year = door.get("/calendar/defaults").await.expect(200);
    year["period_sets"][0]["periods"][1]["begins"] = json!("2026-10-20");
    year["name"] = json!(" ");
    let problem = door.post("/calendar/years", &year).await;
    let body = problem.expect(422);
    let codes: Vec<_> = body["fields"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"required") && codes.contains(&"periods-overlap"), "{codes:?}");
    assert_eq!(door.get("/calendar").await.expect(200)["years"], json!([]));
}

#[tokio::test]
async fn cal_4_bells_are_kept_with_warnings() {
    let (_, door) = school().await;
    let mut bells = door.get("/calendar/bells/defaults").await.expect(200);
    let kept = door.put("/calendar/bells", &bells).await.expect(200);
    assert_eq!(kept["warnings"], json!([]));
    bells["bells"][0]["ends"] = json!("08:49");
    let kept = door.reading("kk").put("/calendar/bells", &bells).await.expect(200);
    let codes: Vec<_> = kept["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["calendar.lesson-long", "calendar.break-short"]);
    bells["bells"][0]["ends"] = json!("09:00");
    door.put("/calendar/bells", &bells).await.expect(422);
}

#[tokio::test]
async fn a_year_is_entered_once_whatever_is_repeated() {
    let (_, door) = school().await;
    let year = door.get("/calendar/defaults").await.expect(200);
    let key = uuid::Uuid::from_u128(7);
    let first = door.write(poem::http::Method::POST, "/calendar/years", &year, key).await.expect(200);
    let again = door.write(poem::http::Method::POST, "/calendar/years", &year, key).await.expect(200);
    assert_eq!(first, again);
    let mut other: Value = year.clone();
    other["name"] = json!("other");
    let reply = door.write(poem::http::Method::POST, "/calendar/years", &other, key).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (422, "idempotency.key-reused"));
    let twice = door.post("/calendar/years", &year).await;
    assert_eq!((twice.status.as_u16(), twice.code().as_str()), (409, "calendar.year-exists"));
}

#[tokio::test]
async fn only_who_may_edit_the_calendar_edits_it() {
    let (school, admin) = school().await;
    let year = admin.get("/calendar/defaults").await.expect(200);
    for role in [Role::Teacher, Role::Student, Role::Guardian, Role::ClassTeacher] {
        let person = school.person("Бек", "Нұр", &[role]).await;
        let door = school.client(CalendarApi).of(&person);
        door.get("/calendar").await.expect(200);
        door.post("/calendar/years", &year).await.expect(403);
        door.get("/calendar/defaults").await.expect(403);
    }
    assert_eq!(school.client(CalendarApi).get("/calendar").await.status.as_u16(), 401);
    let other = School::in_world(&school.world).await;
    let stranger = other.person("Бөтен", "Адам", &[Role::Administrator]).await;
    school.client(CalendarApi).of(&stranger).get("/calendar").await.expect(404);
}
