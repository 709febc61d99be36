//! The room through its own HTTP door: stories of named people in schools of their own.

use chrono::TimeDelta;
use kd_kernel::{Clock, ProfileId, Role};
use kd_people::PeopleApi;
use kd_store::{Mode, SchoolName, fault, sql};
use kd_testkit::{Client, Person, School, World};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor as _};
use uuid::Uuid;

use crate::{AuditApi, FirstBad, Verdict, seal, verify};

struct Stage {
    school: School,
    anar: Person,
    admin: Client,
}

impl Stage {
    async fn open() -> Self {
        let world = World::with_clock(Clock::fixed("2026-09-10T17:30:00Z".parse().unwrap())).await;
        let school = School::in_world(&world).await;
        let anar = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
        let admin = school.client((PeopleApi, AuditApi)).of(&anar);
        Self { school, anar, admin }
    }

    fn door(&self, person: &Person) -> Client {
        self.school.client((PeopleApi, AuditApi)).of(person)
    }

    /// Enters a student, a minute after what was before.
    async fn student(&self, surname: &str) -> Uuid {
        self.pass(TimeDelta::minutes(1));
        let new = json!({ "kind": "student", "surname": surname, "given_name": "Дана", "sex": "f" });
        self.admin.post("/people", &new).await.expect(200)["id"].as_str().unwrap().parse().unwrap()
    }

    fn pass(&self, time: TimeDelta) {
        self.school.world.clock.advance(time);
    }

    async fn search(&self, search: Value) -> Value {
        self.admin.post("/audit/search", &search).await.expect(200)
    }

    async fn looks(&self, search: Value) -> Vec<Value> {
        self.admin.post("/audit/looks", &search).await.expect(200)["looks"].as_array().unwrap().clone()
    }

    /// A minute later everything has settled and is sealed.
    async fn seal(&self) -> u64 {
        self.pass(TimeDelta::minutes(1));
        seal(self.school.house(), self.school.card.place()).await.unwrap()
    }

    async fn verify(&self) -> Verdict {
        verify(self.school.house(), self.school.card.place(), None).await.unwrap()
    }

    /// A statement of somebody who may do everything in PostgreSQL, in the school's schema.
    async fn forge(&self, statement: &str) {
        let mut db = self.school.world.look_cell().await;
        let name = SchoolName::of(self.school.card.id);
        db.execute(AssertSqlSafe(format!("SET search_path TO {name}; {statement}"))).await.unwrap();
    }

    /// The lines, in the order in which they are sealed.
    async fn sealed(&self) -> Vec<Uuid> {
        let mut db = self.school.world.look_cell().await;
        let name = SchoolName::of(self.school.card.id);
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT audit_id FROM {name}.audit_seal ORDER BY number")))
            .fetch_all(&mut db)
            .await
            .unwrap()
    }
}

fn bad(flaw: &'static str, number: i64, line: Uuid) -> Option<FirstBad> {
    Some(FirstBad { flaw, number: Some(number), line: Some(line) })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_says_who_did_what_to_whom_when_and_from_where() {
    let stage = Stage::open().await;
    let dana = stage.student("Ахметова").await;
    let found = stage.search(json!({})).await;
    let line = &found["lines"][0];
    assert_eq!(line["operation"], "person_add");
    assert_eq!((&line["actor_name"], &line["subject_name"]), (&json!("Әлиева Анар"), &json!("Ахметова Дана")));
    assert_eq!((&line["subject_id"], &line["at"]), (&json!(dana), &json!("2026-09-10T17:31:00+00:00")));
    assert_eq!((&line["came_from"], &line["sealed"]), (&json!("127.0.0.0/24"), &json!(false)));
    assert_eq!((&line["detail"]["to"], &found["more"]), (&json!(["student"]), &json!(false)));
    stage.seal().await;
    assert_eq!(stage.search(json!({})).await["lines"][0]["sealed"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_narrowed_by_day_person_and_operation_and_goes_on_page_by_page() {
    let stage = Stage::open().await;
    let (first, second) = (stage.student("Ахметова").await, stage.student("Бекова").await);
    stage.pass(TimeDelta::hours(2));
    let third = stage.student("Ғалымова").await;
    let subjects = |found: Value| -> Vec<Value> {
        found["lines"].as_array().unwrap().iter().map(|line| line["subject_id"].clone()).collect()
    };
    assert_eq!(subjects(stage.search(json!({})).await), [json!(third), json!(second), json!(first)]);
    assert_eq!(subjects(stage.search(json!({ "from": "2026-09-11" })).await), [json!(third)]);
    assert_eq!(subjects(stage.search(json!({ "to": "2026-09-10" })).await), [json!(second), json!(first)]);
    assert_eq!(subjects(stage.search(json!({ "subject_id": second })).await), [json!(second)]);
    assert_eq!(subjects(stage.search(json!({ "actor_id": stage.anar.profile })).await).len(), 3);
    assert_eq!(subjects(stage.search(json!({ "actor_id": first })).await).len(), 0);
    assert_eq!(subjects(stage.search(json!({ "operations": ["person_edit"] })).await).len(), 0);
    assert_eq!(subjects(stage.search(json!({ "operations": ["person_edit", "person_add"] })).await).len(), 3);
    let page = stage.search(json!({ "limit": 2 })).await;
    assert_eq!(page["more"], true);
    let next = stage.search(json!({ "limit": 2, "before": page["lines"][1]["id"] })).await;
    assert_eq!((subjects(next.clone()), &next["more"]), (vec![json!(first)], &json!(false)));
    stage.admin.post("/audit/search", &json!({ "limit": 101 })).await.expect(400);
    let wrong = stage.admin.post("/audit/search", &json!({ "from": "2026-09-11", "to": "2026-09-10" })).await;
    assert_eq!(wrong.expect(422)["fields"][0]["code"], "date-invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_is_still_named() {
    let stage = Stage::open().await;
    let dana = stage.student("Ахметова").await;
    stage.forge(&format!("UPDATE profile SET state = 'archived' WHERE id = '{dana}'")).await;
    assert_eq!(stage.search(json!({})).await["lines"][0]["subject_name"], "Ахметова Дана");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_administrator_searches() {
    let stage = Stage::open().await;
    for role in [Role::Editor, Role::ClassTeacher, Role::Teacher, Role::Student, Role::Guardian] {
        let person = stage.school.person("Бөтен", "Адам", &[role]).await;
        for path in ["/audit/search", "/audit/looks"] {
            stage.door(&person).post(path, &json!({})).await.expect(403);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s03_the_audit_of_another_school_is_not_found_in_ours() {
    let stage = Stage::open().await;
    let dana = stage.student("Ахметова").await;
    let other = School::in_world(&stage.school.world).await;
    let stranger = other.person("Бөтен", "Адам", &[Role::Administrator]).await;
    let door = other.client(AuditApi).of(&stranger);
    let mine = stage.search(json!({})).await["lines"][0]["id"].clone();
    for search in
        [json!({}), json!({ "subject_id": dana }), json!({ "actor_id": stage.anar.profile }), json!({ "before": mine })]
    {
        assert_eq!(door.post("/audit/search", &search).await.expect(200)["lines"], json!([]), "{search}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s59_the_applications_role_changes_nothing_of_what_is_written() {
    let stage = Stage::open().await;
    stage.student("Ахметова").await;
    stage.seal().await;
    for table in ["audit", "audit_seal", "access_log"] {
        for statement in
            [format!("UPDATE {table} SET at = now()"), format!("DELETE FROM {table}"), format!("TRUNCATE {table}")]
        {
            let statement = statement.replace("audit_seal SET at", "audit_seal SET up_to");
            let tx = stage.school.house().store.begin(stage.school.card.place(), Mode::Write).await.unwrap();
            let error = tx.execute_unprepared(&statement).await.expect_err(&statement);
            assert!(fault::denied(&error), "{statement}: {error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s59_the_past_only_grows_also_in_a_school_that_was_made_before() {
    let stage = Stage::open().await;
    let name = SchoolName::of(stage.school.card.id);
    // The school as it was before the seals came in, with the rights of that time.
    stage
        .forge(&format!(
            "DROP TABLE audit_seal; DROP TABLE access_log; ALTER TABLE audit DROP COLUMN came_from; \
             DELETE FROM ledger WHERE name = 'm0003_audit_seal'; GRANT UPDATE, DELETE ON audit TO {name}"
        ))
        .await;
    let house = stage.school.house();
    let scripts =
        kd_store::schools::migrate(&house.store, stage.school.card.cell_id, stage.school.card.id).await.unwrap();
    assert!(scripts >= 1, "{scripts}");
    for statement in ["DELETE FROM audit_seal", "DELETE FROM access_log", "DELETE FROM audit", "DELETE FROM ledger"] {
        let tx = house.store.begin(stage.school.card.place(), Mode::Write).await.unwrap();
        assert!(fault::denied(&tx.execute_unprepared(statement).await.expect_err(statement)), "{statement}");
    }
    stage.student("Ахметова").await;
    assert_eq!(stage.seal().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s59_the_verifier_names_the_first_row_that_was_touched() {
    let stage = Stage::open().await;
    for surname in ["Ахметова", "Бекова", "Ғалымова", "Дәулетова", "Ермекова"] {
        stage.student(surname).await;
    }
    assert_eq!((stage.seal().await, stage.seal().await), (5, 0));
    let whole = stage.verify().await;
    assert_eq!((whole.sealed, whole.unsealed, &whole.first_bad), (5, 0, &None));
    let lines = stage.sealed().await;
    let third = lines[2];
    for (forgery, undone, flaw) in [
        (
            format!("UPDATE audit SET operation = 'person_edit' WHERE id = '{third}'"),
            format!("UPDATE audit SET operation = 'person_add' WHERE id = '{third}'"),
            bad("changed", 3, third),
        ),
        (
            format!("UPDATE audit SET at = at + interval '1 second' WHERE id = '{third}'"),
            format!("UPDATE audit SET at = at - interval '1 second' WHERE id = '{third}'"),
            bad("changed", 3, third),
        ),
        (
            "UPDATE audit_seal SET sealed_at = sealed_at + interval '1 second' WHERE number = 3".to_owned(),
            "UPDATE audit_seal SET sealed_at = sealed_at - interval '1 second' WHERE number = 3".to_owned(),
            bad("changed", 3, third),
        ),
        (
            "UPDATE audit_seal SET number = number + 10 WHERE number >= 3".to_owned(),
            "UPDATE audit_seal SET number = number - 10 WHERE number >= 3".to_owned(),
            bad("seal-gone", 13, third),
        ),
        (
            format!(
                "CREATE TABLE kept AS SELECT * FROM audit WHERE id = '{third}'; DELETE FROM audit WHERE id = '{third}'"
            ),
            "INSERT INTO audit SELECT * FROM kept; DROP TABLE kept".to_owned(),
            bad("line-gone", 3, third),
        ),
    ] {
        stage.forge(&forgery).await;
        assert_eq!(stage.verify().await.first_bad, flaw, "{forgery}");
        stage.forge(&undone).await;
        assert_eq!(stage.verify().await, whole, "{undone}");
    }
    stage.forge("DELETE FROM audit_seal WHERE number = 2").await;
    assert_eq!(stage.verify().await.first_bad, bad("seal-gone", 3, third));
}

#[tokio::test(flavor = "multi_thread")]
async fn s59_a_row_that_is_slipped_in_between_is_named() {
    let stage = Stage::open().await;
    stage.student("Ахметова").await;
    stage.pass(TimeDelta::hours(3));
    stage.student("Бекова").await;
    stage.seal().await;
    let forged = Uuid::from_u128(0xf0_0000);
    let slip = format!(
        "INSERT INTO audit (id, operation, at) SELECT '{forged}', 'person_edit', min(at) + interval '1 minute' FROM audit"
    );
    stage.forge(&slip).await;
    let slipped = Some(FirstBad { flaw: "slipped-in", number: None, line: Some(forged) });
    assert_eq!(stage.verify().await.first_bad, slipped);
    assert_eq!(stage.seal().await, 0, "the worker does not make it good");
    assert_eq!(stage.verify().await.first_bad, slipped);
    // With a number of its own between two others it breaks the chain there.
    stage
        .forge(&format!(
            "UPDATE audit_seal SET number = 3 WHERE number = 2; INSERT INTO audit_seal SELECT '{forged}', 2, hash, \
             repeat('a', 64), up_to, sealed_at FROM audit_seal WHERE number = 1"
        ))
        .await;
    assert_eq!(stage.verify().await.first_bad, bad("changed", 2, forged));
}

#[tokio::test(flavor = "multi_thread")]
async fn s59_a_line_that_commits_late_is_sealed_late_and_not_lost() {
    let stage = Stage::open().await;
    let slow = stage.school.turn(&stage.anar).await;
    slow.about(stage.anar.profile.0, json!({}));
    slow.audit("slow_write").await.unwrap();
    stage.student("Ахметова").await;
    assert_eq!(stage.seal().await, 1, "the slow one has not committed");
    slow.commit().await.unwrap();
    assert_eq!(stage.seal().await, 1);
    let verdict = stage.verify().await;
    assert_eq!((verdict.sealed, verdict.unsealed, verdict.first_bad), (2, 0, None));
    let fresh = stage.student("Бекова").await;
    assert_eq!(seal(stage.school.house(), stage.school.card.place()).await.unwrap(), 0, "{fresh} has not settled");
    assert_eq!(stage.verify().await.unsealed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s59_two_workers_make_one_chain() {
    let stage = Stage::open().await;
    for n in 0..8 {
        stage.student(&format!("Ахметова{}", "а".repeat(n))).await;
    }
    stage.pass(TimeDelta::minutes(1));
    let (house, place) = (stage.school.house(), stage.school.card.place());
    let (one, two) = tokio::join!(seal(house, place), seal(house, place));
    assert_eq!(one.unwrap() + two.unwrap(), 8);
    assert_eq!((stage.verify().await.sealed, stage.verify().await.first_bad), (8, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn s59_a_kept_head_tells_that_the_end_was_cut_off() {
    let stage = Stage::open().await;
    for surname in ["Ахметова", "Бекова", "Ғалымова"] {
        stage.student(surname).await;
    }
    stage.seal().await;
    let head = stage.verify().await.head;
    let kept = Some((head.number, head.hash.clone()));
    let (house, place) = (stage.school.house(), stage.school.card.place());
    assert_eq!(verify(house, place, kept.clone()).await.unwrap().first_bad, None);
    stage
        .forge("DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_seal WHERE number = 3); DELETE FROM audit_seal WHERE number = 3")
        .await;
    assert_eq!(stage.verify().await.first_bad, None, "by itself a shorter chain is whole");
    let told = verify(house, place, kept).await.unwrap().first_bad;
    assert_eq!(told, Some(FirstBad { flaw: "head-changed", number: Some(3), line: None }));
}

#[tokio::test(flavor = "multi_thread")]
async fn pdp_8_whoever_is_shown_a_students_card_is_written_down_before() {
    let stage = Stage::open().await;
    let student = stage.school.person("Ахметова", "Дана", &[Role::Student]).await;
    let teacher = stage.school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let card = format!("/people/{}", student.profile);
    stage.door(&teacher).get(&card).await.expect(200);
    let looks = stage.looks(json!({ "subject_id": student.profile })).await;
    assert_eq!(looks.len(), 1);
    let names = (&looks[0]["actor_name"], &looks[0]["subject_name"], &looks[0]["what"]);
    assert_eq!(names, (&json!("Сәрсенова Айгүл"), &json!("Ахметова Дана"), &json!("card")));
    assert_eq!(
        (&looks[0]["at"], &looks[0]["came_from"]),
        (&json!("2026-09-10T17:30:00+00:00"), &json!("127.0.0.0/24"))
    );
    // The student's own look is nobody's business, nor is a card of staff, nor one that was not shown.
    stage.door(&student).get(&card).await.expect(200);
    stage.door(&teacher).get(&format!("/people/{}", stage.anar.profile)).await.expect(200);
    let guardian = stage.school.person("Бөтен", "Адам", &[Role::Guardian]).await;
    stage.door(&guardian).get(&card).await.expect(404);
    assert_eq!(stage.looks(json!({})).await.len(), 1);
    stage.admin.get(&card).await.expect(200);
    assert_eq!(stage.looks(json!({ "actor_id": stage.anar.profile })).await.len(), 1);
    // Where the line cannot be written, nothing is shown.
    stage.forge("ALTER TABLE access_log RENAME TO away").await;
    let reply = stage.door(&teacher).get(&card).await;
    assert!(
        reply.status.is_server_error() && !String::from_utf8_lossy(&reply.body).contains("Дана"),
        "{}",
        reply.status
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_go_on_page_by_page() {
    let stage = Stage::open().await;
    let dana = stage.student("Ахметова").await;
    for _ in 0..3 {
        stage.pass(TimeDelta::minutes(1));
        stage.admin.get(&format!("/people/{dana}")).await.expect(200);
    }
    let page = stage.admin.post("/audit/looks", &json!({ "limit": 2 })).await.expect(200);
    assert_eq!((page["looks"].as_array().unwrap().len(), &page["more"]), (2, &json!(true)));
    let rest = stage.looks(json!({ "limit": 2, "before": page["looks"][1]["id"] })).await;
    assert_eq!(rest.len(), 1);
    let tx = stage.school.house().store.begin(stage.school.card.place(), Mode::Read).await.unwrap();
    let written: i64 =
        sql::scalar(&tx, "SELECT count(*) FROM access_log WHERE subject_id = $1", [ProfileId(dana).into()])
            .await
            .unwrap();
    assert_eq!(written, 3);
}
