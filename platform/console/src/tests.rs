//! Tests of the room through its own HTTP door, the console's.

use std::sync::Arc;

use kd_cache::Cache;
use kd_ctx::sessions::Opening;
use kd_ctx::{House, Scope};
use kd_kernel::{AccountId, ApplicationId, Role};
use kd_provisioning::work_once;
use kd_store::sql;
use kd_testkit::{Client, Reply, School, World};
use poem::http::Method;
use serde_json::{Value, json};

use crate::ConsoleApi;

/// A world, the console's door, and two operators who are signed in.
struct Office {
    world: World,
    door: Client,
    first: Client,
    second: Client,
}

impl Office {
    async fn open() -> Self {
        let world = World::open().await.with_house(|house| house.cache = Cache::open("redis://127.0.0.1:1"));
        let door = Client::console(&world.house, ConsoleApi);
        let first = operator(&world.house, &door, "aidos").await;
        let second = operator(&world.house, &door, "botagoz").await;
        Self { world, door, first, second }
    }

    fn house(&self) -> &Arc<House> {
        &self.world.house
    }

    async fn run(&self, statement: &'static str, values: Vec<sea_orm::Value>) {
        sql::run(self.house().store.platform(), statement, values).await.unwrap();
    }

    async fn ask<T: sea_orm::TryGetable>(&self, question: &'static str, value: impl Into<sea_orm::Value>) -> T {
        sql::scalar(self.house().store.platform(), question, [value.into()]).await.unwrap()
    }

    /// An application, as the site keeps it.
    async fn application(&self, number: &str, bin: &str) -> ApplicationId {
        let id: ApplicationId = self.house().id();
        self.run(
            "INSERT INTO platform.application (id, number, state, name_kk, name_ru, bin, region, city, legal_address, \
             postal_address, director, contact_name, email, phone, language, pupils, locale, received_at) VALUES \
             ($1, $2, 'received', 'Жаңа мектеп', 'Новая школа', $3, '71', 'Астана', 'Үлгі 1', 'Үлгі 2', 'Директор', \
             'Сәрсенова Айгүл', 'mektep@example.org', '+77011234567', 'kk', 500, 'ru', $4)",
            vec![id.into(), number.into(), bin.into(), self.world.clock.now().into()],
        )
        .await;
        id
    }

    /// A school whose making has begun.
    async fn school_begun(&self, slug: &str) -> kd_kernel::SchoolId {
        let house = self.house();
        let application = self.application(slug, "990140000007").await;
        self.run(
            "UPDATE platform.application SET state = 'provisioning', account_id = $2 WHERE id = $1",
            vec![application.into(), account(house, &format!("{slug}-admin"), ("user", "activating")).await.into()],
        )
        .await;
        let slug = kd_schools::registry::parse_slug(slug).unwrap();
        let claim = kd_schools::registry::Claim {
            application,
            slug: &slug,
            name_kk: "Жаңа мектеп",
            name_ru: "Новая школа",
            bin: "990140000007",
            language: "kk",
        };
        let tx = sea_orm::TransactionTrait::begin(house.store.platform()).await.unwrap();
        let school = kd_schools::registry::claim(house, &tx, claim).await.unwrap();
        kd_provisioning::start(house, &tx, school).await.unwrap();
        tx.commit().await.unwrap();
        school
    }

    /// How often an operation about a subject stands in the operators' log.
    async fn logged(&self, operation: &str, subject: Option<uuid::Uuid>) -> i64 {
        sql::scalar(
            self.house().store.platform(),
            "SELECT count(*) FROM platform.operator_log l JOIN platform.account a ON a.id = l.operator_id \
             WHERE l.operation = $1 AND l.subject_id IS NOT DISTINCT FROM $2 AND a.login IN ('aidos', 'botagoz')",
            [operation.into(), subject.into()],
        )
        .await
        .unwrap()
    }
}

async fn account(house: &House, login: &str, (kind, state): (&str, &str)) -> AccountId {
    let id: AccountId = house.id();
    let values = [id.into(), login.into(), kind.into(), state.into(), house.clock.now().into()];
    sql::run(
        house.store.platform(),
        "INSERT INTO platform.account (id, login, kind, state, password_hash, created_at, password_set_at) \
         VALUES ($1, $2, $3, $4, 'none', $5, $5)",
        values,
    )
    .await
    .unwrap();
    id
}

async fn operator(house: &Arc<House>, door: &Client, login: &str) -> Client {
    let id = account(house, login, ("operator", "active")).await;
    let opening = Opening { scope: Scope::Operator, account: Some((id, 1)), credential: None };
    let token = house.session_open(house.store.platform(), opening).await.unwrap();
    door.with_token(Scope::Operator, &token)
}

/// An operation of the console: the act that it asks for, method, path and a body that would do.
type Operation = (&'static str, Method, String, Value);

/// Every operation of the console.
fn operations(id: uuid::Uuid) -> [Operation; 15] {
    let get = |act, path: String| (act, Method::GET, path, Value::Null);
    let post = |act, path: String, body| (act, Method::POST, path, body);
    let (application, school) = (format!("/applications/{id}"), format!("/schools/{id}"));
    [
        get("desk.operate", "/desk".to_owned()),
        get("application.see", "/applications".to_owned()),
        get("application.see", application.clone()),
        post("application.decide", format!("{application}/letter"), json!({"kind": "approval"})),
        post("application.decide", format!("{application}/approval"), json!({})),
        post("application.decide", format!("{application}/rejection"), json!({"reason": "Себеп"})),
        post("application.decide", format!("{application}/invitation"), json!({})),
        get("school.see", "/schools".to_owned()),
        get("school.see", school.clone()),
        post("provisioning.steer", format!("{school}/provisioning/retry"), json!({})),
        post("provisioning.steer", format!("{school}/provisioning/rollback"), json!({})),
        post("user.see", "/users/search".to_owned(), json!({"login": "nobody.here"})),
        get("user.see", "/users/restricted".to_owned()),
        post("user.restrict", format!("/users/{id}/restriction"), json!({"nature": "rules"})),
        post("user.restrict", format!("/users/{id}/release"), json!({})),
    ]
}

async fn send(door: &Client, (_, method, path, body): &Operation) -> Reply {
    if *method == Method::GET { door.get(path).await } else { door.post(path, body).await }
}

#[tokio::test]
async fn an_application_is_reviewed_and_approved() {
    let office = Office::open().await;
    let id = office.application("2026-000001", "990140000007").await;
    let twin = office.application("2026-000002", "990140000007").await;
    office.application("2026-000003", "160340016781").await;
    office.run("UPDATE platform.application SET received_at = received_at - interval '150 minutes'", vec![]).await;
    let desk = office.first.get("/desk").await.expect(200);
    assert_eq!(desk, json!({"waiting": 3, "oldest_hours": 2, "failed": 0, "schools": 0, "letters_dead": 0}));

    let list = office.first.get("/applications?state=received").await.expect(200);
    let numbers: Vec<_> = list.as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["2026-000001", "2026-000002", "2026-000003"], "the oldest first");
    assert_eq!((&list[0]["duplicates"], &list[2]["duplicates"]), (&json!(1), &json!(0)));
    assert_eq!((&list[0]["age_hours"], &list[0]["state"]), (&json!(2), &json!("received")));

    let card = office.first.get(&format!("/applications/{id}")).await.expect(200);
    assert_eq!(card["duplicates"], json!([{"number": "2026-000002", "name_ru": "Новая школа", "state": "received"}]));
    assert_eq!((&card["postal_address"], &card["phone"]), (&json!("Үлгі 2"), &json!("+77011234567")));
    for absent in ["invitation", "reason", "decided_at", "contact_position"] {
        assert!(card.get(absent).is_none(), "{absent}");
    }

    let letter =
        office.first.post(&format!("/applications/{id}/letter"), &json!({"kind": "approval"})).await.expect(200);
    assert_eq!(letter["subject"], "Заявка 2026-000001 одобрена: вход для подключения школы");
    assert!(letter["body"].as_str().unwrap().contains("временный пароль:  ••••••••"));
    let row = office.first.post(&format!("/applications/{id}/approval"), &json!({})).await.expect(200);
    assert_eq!((&row["state"], &row["number"]), (&json!("invited"), &json!("2026-000001")));

    let card = office.second.get(&format!("/applications/{id}")).await.expect(200);
    assert_eq!((&card["invitation"]["state"], &card["invitation"]["tries"]), (&json!("issued"), &json!(0)));
    assert!(card["invitation"]["login"].as_str().unwrap().starts_with("sarsenova.aigul"));
    assert_eq!((&card["letters"][0]["state"], &card["letters"][0]["attempts"]), (&json!("queued"), &json!(0)));
    assert!(card["decided_at"].is_string());
    let events: Vec<_> =
        card["events"].as_array().unwrap().iter().map(|e| (e["kind"].clone(), e["by"].clone())).collect();
    assert_eq!(events, [(json!("approved"), json!("aidos")), (json!("invited"), json!("aidos"))]);
    let shown = card.to_string();
    assert!(!shown.contains("hash") && !shown.contains("password"), "no secret is shown");

    let waiting = office.first.get("/applications").await.expect(200);
    assert_eq!(waiting[2]["number"], "2026-000001", "what is decided comes after what waits");
    assert_eq!(office.first.get("/desk").await.expect(200)["waiting"], 2);
    let rejected =
        office.first.post(&format!("/applications/{twin}/rejection"), &json!({"reason": "Қайталанған"})).await;
    assert_eq!(rejected.expect(200)["state"], "rejected");
}

#[tokio::test]
async fn whoever_decides_second_is_told_who_was_first_in_his_language() {
    let office = Office::open().await;
    let id = office.application("2026-000001", "990140000007").await;
    let approval = format!("/applications/{id}/approval");
    office.first.post(&approval, &json!({})).await.expect(200);
    for (language, title) in [
        ("kk", "Бұл өтінім бойынша шешім қабылданған."),
        ("ru", "По этой заявке решение уже принято."),
        ("en", "This application has already been decided."),
    ] {
        let reply = office.second.reading(language).post(&approval, &json!({})).await;
        let body = reply.expect(409);
        assert_eq!((&body["code"], &body["title"]), (&json!("signup.already-decided"), &json!(title)));
        assert_eq!((&body["conflict"]["by"], &body["conflict"]["value"]), (&json!("aidos"), &json!("approved")));
        assert!(body["conflict"]["at"].is_string());
    }
    let rejection = office.second.post(&format!("/applications/{id}/rejection"), &json!({"reason": "Кеш"})).await;
    assert_eq!((rejection.status.as_u16(), rejection.code()), (409, "signup.already-decided".to_owned()));
    let empty = office.application("2026-000002", "160340016781").await;
    let reply = office.second.post(&format!("/applications/{empty}/rejection"), &json!({"reason": ""})).await;
    assert_eq!(reply.expect(422)["fields"][0]["code"], "required");
    office.second.post(&format!("/applications/{id}/invitation"), &json!({})).await.expect(200);
    let early = office.second.post(&format!("/applications/{empty}/invitation"), &json!({})).await;
    assert_eq!((early.status.as_u16(), early.code()), (409, "signup.not-invited".to_owned()));
}

#[tokio::test]
async fn a_school_is_seen_from_its_claim_to_its_opening() {
    let office = Office::open().await;
    let id = office.school_begun("mektep-console").await;
    let school = office.first.get(&format!("/schools/{id}")).await.expect(200);
    assert_eq!((&school["slug"], &school["state"]), (&json!("mektep-console"), &json!("provisioning")));
    assert_eq!((&school["service"]["state"], &school["cell"]), (&json!("provisioning"), &json!("cell1")));
    assert!(school.get("agreement").is_none());
    let kinds: Vec<_> = school["events"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["claimed", "provisioning_started"]);
    office.first.post(&format!("/schools/{id}/provisioning/retry"), &json!({})).await.expect(200);
    while work_once(office.house()).await.unwrap() {}
    let school = office.first.get(&format!("/schools/{id}")).await.expect(200);
    assert_eq!((&school["state"], &school["service"]["state"]), (&json!("active"), &json!("active")));
    let retried = school["events"].as_array().unwrap().iter().find(|e| e["kind"] == "provisioning_retried").unwrap();
    assert_eq!(retried["by"], "aidos");
    let list = office.second.get("/schools").await.expect(200);
    assert_eq!((&list[0]["slug"], &list[0]["bin"]), (&json!("mektep-console"), &json!("990140000007")));
    assert_eq!(office.first.get("/desk").await.expect(200)["schools"], 1);
    for act in ["retry", "rollback"] {
        let late = office.first.post(&format!("/schools/{id}/provisioning/{act}"), &json!({})).await;
        assert_eq!((late.status.as_u16(), late.code()), (409, "provisioning.already-open".to_owned()), "{act}");
    }
}

#[tokio::test]
async fn a_school_that_is_not_open_is_rolled_back() {
    let office = Office::open().await;
    let id = office.school_begun("mektep-back").await;
    office.second.post(&format!("/schools/{id}/provisioning/rollback"), &json!({})).await.expect(200);
    while work_once(office.house()).await.unwrap() {}
    let school = office.second.get(&format!("/schools/{id}")).await.expect(200);
    assert_eq!(school["service"]["state"], "rolled_back", "{school}");
}

#[tokio::test]
async fn s40_s06_nobody_but_an_operator_reaches_the_console() {
    let office = Office::open().await;
    let school = School::in_world(&office.world).await;
    let admin = school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
    let newcomer = account(office.house(), "newcomer", ("user", "activating")).await;
    let opening = Opening { scope: Scope::Newcomer, account: Some((newcomer, 1)), credential: None };
    let newcomer = office.house().session_open(office.house().store.platform(), opening).await.unwrap();
    let strangers = [
        ("nobody", office.door.clone()),
        ("a user", office.door.of(&admin)),
        ("a user in the operator's cookie", office.door.with_token(Scope::Operator, &admin.token)),
        ("a newcomer in the operator's cookie", office.door.with_token(Scope::Operator, &newcomer)),
        ("a made-up token", office.door.with_cookie(&format!("__Host-kundelik-console={}", "ab".repeat(32)))),
    ];
    let id = office.application("2026-000001", "990140000007").await;
    let mut tried = 0;
    for (who, door) in &strangers {
        for operation in operations(id.0) {
            let reply = send(door, &operation).await;
            assert_eq!((reply.status.as_u16(), reply.code()), (401, "unauthorized".to_owned()), "{who} {operation:?}");
            tried += 1;
        }
    }
    assert_eq!(tried, 75);
    let state: String = office.ask("SELECT state FROM platform.application WHERE id = $1", id).await;
    let lines: i64 = office.ask("SELECT count(*) + $1 FROM platform.operator_log", 0_i64).await;
    assert_eq!((state.as_str(), lines), ("received", 0));
}

#[tokio::test]
async fn what_is_not_there_is_missing_and_still_logged() {
    let office = Office::open().await;
    let id: uuid::Uuid = office.house().id();
    let mut tried = 0;
    for operation in operations(id) {
        if !operation.2.contains(&id.to_string()) {
            continue;
        }
        let reply = send(&office.first, &operation).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (404, "not-found".to_owned()), "{operation:?}");
        tried += 1;
    }
    assert_eq!(tried, 10);
    assert_eq!(office.logged("application_read", Some(id)).await, 1);
    assert_eq!(office.logged("provisioning_rollback", Some(id)).await, 1);
}

#[tokio::test]
async fn every_look_and_every_act_is_logged_before() {
    let office = Office::open().await;
    let id = office.application("2026-000001", "990140000007").await;
    for operation in operations(id.0) {
        send(&office.first, &operation).await;
    }
    for (operation, subject) in [
        ("application_list", None),
        ("application_read", Some(id.0)),
        ("letter_preview", Some(id.0)),
        ("application_approve", Some(id.0)),
        ("application_reject", Some(id.0)),
        ("invitation_resend", Some(id.0)),
        ("school_list", None),
        ("school_read", Some(id.0)),
        ("provisioning_retry", Some(id.0)),
        ("provisioning_rollback", Some(id.0)),
        ("user_find", None),
        ("restriction_list", None),
        ("user_restrict", Some(id.0)),
        ("user_release", Some(id.0)),
    ] {
        assert_eq!(office.logged(operation, subject).await, 1, "{operation}");
    }
    // Where the log cannot be written, nothing is shown and nothing done.
    let twin = office.application("2026-000002", "160340016781").await;
    let mut admin = office.world.look_platform().await;
    sqlx::Executor::execute(&mut admin, "REVOKE INSERT ON platform.operator_log FROM kd_app").await.unwrap();
    for operation in operations(twin.0) {
        let status = send(&office.first, &operation).await.status.as_u16();
        assert_eq!(status, if operation.2 == "/desk" { 200 } else { 500 }, "{operation:?}");
    }
    let state: String = office.ask("SELECT state FROM platform.application WHERE id = $1", twin).await;
    assert_eq!(state, "received");
}

#[tokio::test]
async fn acts_that_the_policy_does_not_allow_are_refused() {
    let office = Office::open().await;
    let id = office.application("2026-000001", "990140000007").await;
    let mut tried = 0;
    for operation in operations(id.0) {
        let line = format!("p, operator, {}, any", operation.0);
        let policies: Vec<_> = kd_access::POLICIES.iter().flat_map(|(_, csv)| csv.lines()).collect();
        let without: Vec<_> = policies.iter().copied().filter(|l| *l != line).collect();
        assert_eq!(policies.len(), without.len() + 1, "{line}");
        let access = Arc::new(kd_access::Access::from_policies(&without.join("\n")).await.unwrap());
        let world = office.world.with_house(|house| house.access = access);
        let door = Client::console(&world.house, ConsoleApi);
        let door = operator(&world.house, &door, &format!("operator-{tried}")).await;
        let reply = send(&door, &operation).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (403, "forbidden".to_owned()), "{operation:?}");
        tried += 1;
    }
    let lines: i64 = office.ask("SELECT count(*) + $1 FROM platform.operator_log", 0_i64).await;
    assert_eq!((tried, lines), (15, 0));
}

#[tokio::test]
async fn m23_a_user_is_kept_out_by_the_login_and_let_in_again_and_both_are_logged() {
    let office = Office::open().await;
    let id = account(office.house(), "dana.n", ("user", "active")).await;
    office.first.post("/users/search", &json!({"login": "nobody.here"})).await.expect(404);
    office.first.post("/users/search", &json!({"login": "aidos"})).await.expect(404);
    let found = office.first.post("/users/search", &json!({"login": " Dana.N "})).await.expect(200);
    assert_eq!(found, json!({"id": id, "login": "dana.n", "schools": 0}));
    let path = format!("/users/{id}");
    let unknown = office.first.post(&format!("{path}/restriction"), &json!({"nature": "because"})).await;
    assert_eq!(unknown.status, 400, "a word that is not in the list");
    let kept = office.first.post(&format!("{path}/restriction"), &json!({"nature": "automation"})).await.expect(200);
    assert_eq!((&kept["restriction"]["nature"], kept["restriction"].get("until")), (&json!("automation"), None));
    let listed = office.second.get("/users/restricted").await.expect(200);
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["login"]), (1, &json!("dana.n")));
    let free = office.second.post(&format!("{path}/release"), &json!({})).await.expect(200);
    assert_eq!(free.get("restriction"), None);
    let again = office.second.post(&format!("{path}/release"), &json!({})).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "accounts.not-restricted".to_owned()));
    assert_eq!(office.logged("user_restrict", Some(id.0)).await, 1);
    assert_eq!(office.logged("user_release", Some(id.0)).await, 2);
}
