//! A school with one person of each role and something of everything, behind the doors that `serve`
//! opens; the operations of the three specs; and a look at the databases from outside.

pub mod cases;

use std::collections::BTreeMap;

use kd_ctx::sessions::Opening;
use kd_ctx::{Scope, Token};
use kd_http::cookies;
use kd_kernel::{AccountId, Chance, Role};
use kd_people::{ISSUE_SHEET, WRITE_LETTERS, issue_sheet, write_letters};
use kd_server::apis;
use kd_store::sql;
use kd_testkit::{Client, Person, Reply, School, World};
use poem::Request;
use poem::http::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// The roles of a school.
pub const ROLES: [Role; 6] =
    [Role::Administrator, Role::Editor, Role::ClassTeacher, Role::Teacher, Role::Student, Role::Guardian];

/// The day on which everything happens: a Thursday, in the first lesson.
pub const NOW: &str = "2026-09-10T03:10:00Z";

/// An operation of a spec.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `signup`, `portal` or `console`.
    pub spec: &'static str,
    pub id: String,
    pub method: Method,
    /// The guard that the spec names.
    pub guard: Option<String>,
}

impl Operation {
    /// Whether it changes something.
    pub fn writes(&self) -> bool {
        self.method != Method::GET
    }

    /// Whether its answer is a stream.
    pub fn streams(&self) -> bool {
        self.id.ends_with("_events")
    }
}

/// Every operation of the three specs.
pub fn operations() -> Vec<Operation> {
    let specs =
        [("signup", apis::signup().spec()), ("portal", apis::portal().spec()), ("console", apis::console().spec())];
    let mut all = Vec::new();
    for (spec, text) in specs {
        let text: Value = serde_json::from_str(&text).unwrap();
        for methods in text["paths"].as_object().unwrap().values() {
            for (method, operation) in methods.as_object().unwrap() {
                let guard = operation["security"][0].as_object().and_then(|s| s.keys().next().cloned());
                all.push(Operation {
                    spec,
                    id: operation["operationId"].as_str().expect("every operation has an id").to_owned(),
                    method: method.to_uppercase().parse().unwrap(),
                    guard,
                });
            }
        }
    }
    all
}

/// The two hosts.
pub struct Hosts {
    portal: Client,
    console: Client,
}

impl Hosts {
    /// Both, as `serve` builds them.
    pub fn of(world: &World) -> Self {
        let (house, urls) = (&world.house, &world.house.settings);
        Self {
            portal: Client::new(house, &urls.portal_url, String::new(), apis::portal_routes()),
            console: Client::new(house, &urls.console_url, String::new(), apis::console_routes()),
        }
    }

    /// The host of an operation.
    pub fn host(&self, spec: &str) -> &Client {
        if spec == "console" { &self.console } else { &self.portal }
    }

    /// The origin of an operation's host.
    pub fn origin(spec: &str) -> &'static str {
        if spec == "console" { "http://console.localhost:8081" } else { "http://portal.localhost:8080" }
    }

    /// Sends what a browser would send from our own page.
    pub async fn ask(&self, operation: &Operation, path: &str, cookie: Option<&str>, body: &Value) -> Reply {
        let own = [
            ("origin", Self::origin(operation.spec)),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/json"),
        ];
        self.knock(operation, path, cookie, body, &own).await
    }

    /// Sends a request with headers of the test's. Of a stream the head alone is read.
    pub async fn knock(
        &self,
        operation: &Operation,
        path: &str,
        cookie: Option<&str>,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = Request::builder().method(operation.method.clone()).uri(path.parse().unwrap());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        request = request.header("idempotency-key", Uuid::from_bytes(Chance::system().bytes()).to_string());
        let request = if operation.writes() { request.body(body.to_string()) } else { request.finish() };
        let sent = self.host(operation.spec).send(request);
        if !operation.streams() {
            return sent.await;
        }
        // A stream does not end: who is let in is still reading when the time is over.
        let waited = tokio::time::timeout(std::time::Duration::from_millis(700), sent).await;
        waited.unwrap_or_else(|_| Reply {
            status: poem::http::StatusCode::OK,
            headers: poem::http::HeaderMap::new(),
            body: Vec::new(),
        })
    }
}

/// The header of a session.
pub fn cookie(scope: Scope, token: &Token) -> String {
    format!("{}={}", cookies::name(scope), token.reveal())
}

/// A session of an account in a scope.
pub async fn session(world: &World, scope: Scope, account: AccountId) -> Token {
    let opening = Opening { scope, account: Some((account, 1)), credential: None };
    world.house.session_open(world.house.store.platform(), opening).await.unwrap()
}

/// Status and body without the request's id: what one caller learns.
pub fn told(reply: &Reply) -> String {
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    let text = if body.is_null() { String::from_utf8_lossy(&reply.body).into_owned() } else { body.to_string() };
    format!("{} {text}", reply.status.as_u16())
}

/// Every row of every table of both databases.
pub async fn rows(world: &World) -> String {
    let mut all = String::new();
    for mut db in [world.look_platform().await, world.look_cell().await] {
        let tables: Vec<(String, String)> = sqlx::query_as(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') \
             ORDER BY 1, 2",
        )
        .fetch_all(&mut db)
        .await
        .unwrap();
        assert!(tables.len() > 3, "the tables are there");
        for (schema, table) in tables {
            all.push_str(&table_rows(&mut db, &schema, &table).await);
        }
    }
    all
}

async fn table_rows(db: &mut PgConnection, schema: &str, table: &str) -> String {
    let sql =
        format!("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM \"{schema}\".\"{table}\" t");
    let rows: String = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(db).await.unwrap();
    let end = if rows.is_empty() { "" } else { "\n" };
    format!("== {schema}.{table}\n{rows}{end}")
}

/// A school that students may go to; the first one of a world is known by a БСН that no other has.
async fn neighbour(world: &World) -> School {
    let school = School::in_world(world).await;
    sql::run(
        world.house.store.platform(),
        "UPDATE platform.school SET bin = '160340016781' WHERE id = $1 \
         AND NOT EXISTS (SELECT FROM platform.school WHERE bin = '160340016781')",
        [school.card.id.into()],
    )
    .await
    .unwrap();
    school
}

/// A school with something of everything.
pub struct Stage {
    pub school: School,
    people: Vec<Person>,
    ids: BTreeMap<&'static str, Uuid>,
}

impl Stage {
    /// Prepares it at its own door; the marker stands in everything that people write.
    pub async fn open(world: &World, marker: &str) -> Self {
        let school = School::in_world(world).await;
        let mut people = Vec::new();
        for role in ROLES {
            people.push(school.person(marker, &format!("Ақ{marker}"), &[role]).await);
        }
        let mut stage = Self { school, people, ids: BTreeMap::new() };
        stage.fill(world, marker).await;
        stage
    }

    async fn fill(&mut self, world: &World, marker: &str) {
        let admin = self.client(world, Role::Administrator);
        let profile = |role| json!(self.person(role).profile);
        let (teacher, student) = (profile(Role::Teacher), profile(Role::Student));
        let year = admin.get("/calendar/defaults").await.expect(200);
        admin.post("/calendar/years", &year).await.expect(200);
        let bells = admin.get("/calendar/bells/defaults").await.expect(200);
        admin.put("/calendar/bells", &bells).await.expect(200);
        let class = json!({ "grade": 7, "letter": "А", "language": "kk", "shift": 1,
                            "homeroom_id": profile(Role::ClassTeacher) });
        let class = admin.post("/classes", &class).await.expect(200)["id"].clone();
        let subjects = admin.post("/subjects/defaults", &json!({})).await.expect(200);
        let subject = json!({ "name_kk": marker, "name_ru": marker, "pass_fail": false });
        let subject = admin.post("/subjects", &subject).await.expect(200)["id"].clone();
        let load = json!({ "class_id": class, "subject_id": subject, "teacher_id": teacher });
        admin.post("/loads", &load).await.expect(200);
        let iin = json!({ "on": true, "version": 0, "statement": format!("{marker}: келісім нысаны, 3-тармақ") });
        admin.put("/iin", &iin).await.expect(200);
        let merge = self.merge(&admin, marker).await;
        let new = json!({ "kind": "student", "surname": marker, "given_name": marker, "sex": "f", "class_id": class,
                          "enrolled_on": "2026-09-01", "iin": "131130600005" });
        let second = admin.post("/people", &new).await.expect(200)["id"].clone();
        let there = neighbour(world).await;
        let going = json!({ "to": there.card.slug, "guardian_ids": [] });
        let transfer = format!("/people/{}/transfers", second.as_str().unwrap());
        let transfer = admin.post(&transfer, &going).await.expect(200)["id"].clone();
        self.link(&class).await;
        let lesson = json!({ "class_id": class, "subject_id": subject, "teacher_id": teacher, "date": "2026-09-10",
                             "number": 1 });
        let lesson = admin.post("/lessons", &lesson).await.expect(200)["id"].clone();
        let edit = json!({ "topic": marker, "homework": marker, "version": 1 });
        admin.put(&format!("/lessons/{}", lesson.as_str().unwrap()), &edit).await.expect(200);
        let mark = json!({ "lesson_id": lesson, "student_id": student, "value": 7, "comment": marker, "version": 0 });
        self.client(world, Role::Teacher).put("/journal/marks", &mark).await.expect(200);
        let order = json!({ "class_id": class, "who": "students", "language": "both" });
        let sheet = admin.post("/sheets", &order).await.expect(200)["id"].clone();
        let import = admin.post("/imports", &cases::brought(marker)).await.expect(200)["id"].clone();
        let rows = admin.get(&format!("/imports/{}/rows", import.as_str().unwrap())).await.expect(200);
        self.work().await;
        let application: Uuid = sql::scalar(
            world.house.store.platform(),
            "SELECT application_id FROM platform.school WHERE id = $1",
            [self.school.card.id.into()],
        )
        .await
        .unwrap();
        let further = self.school.session(self.person(Role::Administrator).account).await;
        let further = world.house.session_find(&further, kd_ctx::Scope::User).await.unwrap().expect("a session");
        let named = [
            ("session", json!(further.id)),
            ("class", class),
            ("subject", subject),
            ("subject2", subjects[1]["id"].clone()),
            ("teacher", teacher),
            ("student", student),
            ("student2", second),
            ("lesson", lesson),
            ("sheet", sheet),
            ("import", import),
            ("import_row", rows["rows"][0]["id"].clone()),
            ("merge", merge),
            ("transfer", transfer),
            ("application", json!(application)),
            ("school", json!(self.school.card.id)),
        ];
        self.ids = named.into_iter().map(|(name, id)| (name, id.as_str().unwrap().parse().unwrap())).collect();
    }

    /// Two entries of one student, made one.
    async fn merge(&self, admin: &Client, marker: &str) -> Value {
        let new =
            json!({ "kind": "student", "surname": marker, "given_name": "Қос", "sex": "f", "confirm_duplicate": true });
        let kept = admin.post("/people", &new).await.expect(200)["id"].clone();
        let dropped = admin.post("/people", &new).await.expect(200)["id"].clone();
        let merge = json!({ "version": 1, "dropped_id": dropped, "dropped_version": 1, "take": [] });
        let path = format!("/people/{}/merge", kept.as_str().unwrap());
        admin.post(&path, &merge).await.expect(200)["merged"][0]["id"].clone()
    }

    async fn link(&self, class: &Value) {
        let (student, guardian) = (self.person(Role::Student), self.person(Role::Guardian));
        let turn = self.school.turn(student).await;
        let class: Uuid = class.as_str().unwrap().parse().unwrap();
        for (statement, values) in [
            (
                "INSERT INTO class_member (id, class_id, student_id, joined) VALUES ($1, $2, $3, '2026-09-01')",
                vec![turn.id::<Uuid>().into(), class.into(), student.profile.into()],
            ),
            (
                "INSERT INTO guardianship (guardian_id, student_id, relation, since) VALUES ($1, $2, 'mother', $3)",
                vec![guardian.profile.into(), student.profile.into(), turn.now().into()],
            ),
        ] {
            sql::run(turn.db(), statement, values).await.unwrap();
        }
        turn.commit().await.unwrap();
    }

    /// Works as the worker does, until nothing is due.
    pub async fn work(&self) {
        let house = self.school.house();
        let queue = house.store.cell_queue(self.school.card.cell_id).await.unwrap();
        while let Some(job) = house.job_take(&queue).await.unwrap() {
            match job.kind.as_str() {
                ISSUE_SHEET => issue_sheet(house, &job).await.unwrap(),
                WRITE_LETTERS => write_letters(house, &job).await.unwrap(),
                _ => {}
            }
            house.job_done(&queue, &job).await.unwrap();
        }
    }

    /// Who has the role.
    pub fn person(&self, role: Role) -> &Person {
        let at = ROLES.iter().position(|r| *r == role).unwrap();
        self.people.get(at).unwrap()
    }

    /// The header of somebody's session.
    pub fn cookie(&self, role: Role) -> String {
        cookie(Scope::User, &self.person(role).token)
    }

    /// A client of the whole portal, signed in.
    pub fn client(&self, world: &World, role: Role) -> Client {
        let prefix = format!("/api/portal/{}", self.school.card.slug);
        let url = &world.house.settings.portal_url;
        Client::new(&world.house, url, prefix, apis::portal_routes()).of(self.person(role))
    }

    /// What is called so in this school.
    pub fn id(&self, name: &'static str) -> Uuid {
        *self.ids.get(name).unwrap_or_else(|| panic!("nothing is called {name}"))
    }

    /// Every id of this school, and its address.
    pub fn ids(&self) -> Vec<String> {
        let people = self.people.iter().flat_map(|person| [person.account.0, person.profile.0]);
        let all = people.chain(self.ids.values().copied()).map(|id| id.to_string());
        all.chain([self.school.card.slug.clone()]).collect()
    }

    /// The address of an operation's path on its host, in this school.
    pub fn address(&self, operation: &Operation, path: &str) -> String {
        address(operation, &self.school.card.slug, path)
    }
}

/// The address of an operation's path on its host.
pub fn address(operation: &Operation, slug: &str, path: &str) -> String {
    match operation.spec {
        "signup" => format!("/api/signup{path}"),
        "console" => format!("/api/console{path}"),
        _ => format!("/api/portal/{slug}{path}"),
    }
}
