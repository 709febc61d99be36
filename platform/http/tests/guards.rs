//! The guards, each before an operation that says who came through.

use kd_ctx::sessions::Opening;
use kd_ctx::{FutureExt, Scope, Token};
use kd_http::{Answer, Newcomer, Operator, Portal};
use kd_kernel::Role;
use kd_testkit::{Client, School};
use poem::http::Method;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;
use sqlx::Executor;

struct Probe;

#[OpenApi]
impl Probe {
    /// Who stands in the school of the path.
    #[oai(path = "/portal", method = "get", operation_id = "probe_portal")]
    async fn portal(&self, door: Portal) -> Answer<String> {
        Ok(Json(door.read(|turn| async { Ok(turn.who().full_name.clone()) }.boxed()).await?))
    }

    /// Somebody new.
    #[oai(path = "/newcomer", method = "get", operation_id = "probe_newcomer")]
    async fn newcomer(&self, door: Newcomer) -> Answer<String> {
        Ok(Json(format!("{:?}", door.session.scope)))
    }

    /// An operator.
    #[oai(path = "/operator", method = "get", operation_id = "probe_operator")]
    async fn operator(&self, door: Operator) -> Answer<String> {
        Ok(Json(door.account.to_string()))
    }
}

const GUARDS: [(Scope, &str); 3] =
    [(Scope::User, "/portal"), (Scope::Newcomer, "/newcomer"), (Scope::Operator, "/operator")];

#[tokio::test]
async fn s01_s22_a_session_opens_the_door_of_its_scope_alone() {
    let school = School::open().await;
    let person = school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
    let door = Client::portal(school.house(), &school.card.slug, Probe);
    let mut tried = 0;
    for (scope, own) in GUARDS {
        let opening = Opening { scope, account: Some((person.account, 1)), credential: None };
        let token = school.house().session_open(school.house().store.platform(), opening).await.unwrap();
        for (guard, path) in GUARDS {
            let status = if path == own { 200 } else { 401 };
            door.with_token(guard, &token).get(path).await.expect(status);
            tried += 1;
        }
    }
    // There are sessions of every scope now, and none of them is of these.
    let forged = Token::parse(&"ab".repeat(32)).unwrap();
    for (guard, path) in GUARDS {
        for stranger in [door.clone(), door.with_token(guard, &forged)] {
            let reply = stranger.get(path).await;
            reply.expect(401);
            assert_eq!(reply.code(), "unauthorized");
            tried += 1;
        }
    }
    assert_eq!(tried, 15);
}

#[tokio::test]
async fn s03_a_stranger_is_turned_away_before_the_school_is_asked() {
    let school = School::open().await;
    let other = School::in_world(&school.world).await;
    let own = school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
    let stranger = other.person("Бекова", "Дана", &[Role::Administrator]).await;
    let door = Client::portal(school.house(), &school.card.slug, Probe);
    assert_eq!(door.of(&own).get("/portal").await.expect(200), "Сәрсенова Айгүл");

    // A cell that does not answer shows who came as far as to it.
    let mut admin = school.world.look_platform().await;
    for statement in [
        "INSERT INTO platform.cell (id, name, host, port, database, secret_ref) \
         VALUES ('00000000-0000-0000-0000-00000000dead', 'gone', '127.0.0.1', 1, 'gone', 'KUNDELIK')",
        "UPDATE platform.school SET cell_id = '00000000-0000-0000-0000-00000000dead'",
    ] {
        admin.execute(statement).await.unwrap();
    }
    let world = school.world.with_house(|house| house.cache = kd_cache::Cache::open("redis://127.0.0.1:1"));
    let door = Client::portal(&world.house, &school.card.slug, Probe);
    door.of(&own).get("/portal").await.expect(503);
    let foreign = door.of(&stranger).get("/portal").await;
    let nowhere = Client::portal(&world.house, "nobody-here", Probe).of(&stranger).get("/portal").await;
    assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nowhere.body));
}

#[tokio::test]
async fn s07_no_header_and_no_query_names_a_school() {
    let school = School::open().await;
    let other = School::in_world(&school.world).await;
    let own = school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
    let (slug, id) = (&other.card.slug, other.card.id.to_string());
    let door = Client::portal(school.house(), &school.card.slug, Probe).of(&own);
    let mut request = door.request(Method::GET, &format!("/portal?slug={slug}&school={id}&tenant={id}"));
    for (name, value) in [("x-school", slug), ("x-school-id", &id), ("x-tenant", slug), ("x-tenant-id", &id)] {
        request = request.header(name, value);
    }
    assert_eq!(door.send(request.finish()).await.expect(200), "Сәрсенова Айгүл");
}

#[tokio::test]
async fn s36_the_edge_lets_no_foreign_page_write_whatever_the_address() {
    let school = School::open().await;
    let door = Client::portal(school.house(), &school.card.slug, Probe);
    for path in ["/portal", "/nothing", "/journal/marks"] {
        let own = door.request(Method::POST, path).content_type("application/json").body("{}");
        let status = door.send(own).await.status.as_u16();
        assert!([404, 405].contains(&status), "{path}: {status}");
        let foreign = door.request(Method::POST, path).header("origin", "https://evil.example");
        assert_eq!(door.send(foreign.content_type("application/json").body("{}")).await.code(), "foreign-origin");
        let form = door.request(Method::POST, path).content_type("text/plain").body("{}");
        assert_eq!(door.send(form).await.code(), "wrong-content-type");
    }
}

#[tokio::test]
async fn s37_s38_s39_every_answer_has_the_headers() {
    let school = School::open().await;
    let own = school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
    let door = Client::portal(school.house(), &school.card.slug, Probe);
    for (reply, status) in
        [(door.of(&own).get("/portal").await, 200), (door.get("/portal").await, 401), (door.get("/nothing").await, 404)]
    {
        reply.expect(status);
        let of = |name: &str| reply.headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!(of("strict-transport-security"), "max-age=63072000; includeSubDomains");
        for rule in ["script-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'"] {
            assert!(of("content-security-policy").contains(rule), "{rule}");
        }
        assert_eq!((of("x-content-type-options"), of("referrer-policy")), ("nosniff", "no-referrer"));
        assert_eq!(of("cache-control"), "no-store");
        assert!(!reply.headers.keys().any(|name| name.as_str().starts_with("access-control-")));
    }
}
