//! What a browser relies on, over every operation: cookies, foreign pages, CORS and the headers.

use kd_accounts::CURRENT_TERMS;
use kd_accounts::credentials::{New, Purpose, issue};
use kd_accounts::{factor, operator_add};
use kd_ctx::Scope;
use kd_kernel::{ProfileId, Role};
use kd_testkit::Reply;
use poem::http::Method;
use serde_json::{Value, json};

use crate::stage::cases::case;
use crate::stage::{Hosts, Operation, Stage, cookie, operations, rows, session};
use crate::{never, operator, tried, world};

const PASSWORD: &str = "sabyr tubi sary altyn";

fn operation(id: &str) -> Operation {
    operations().into_iter().find(|o| o.id == id).unwrap()
}

/// The one cookie of an answer has every attribute that binds it.
fn bound(reply: &Reply, name: &str) -> String {
    let set: Vec<&str> = reply.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
    assert_eq!(set.len(), 1, "{set:?}");
    let mut parts = set[0].split("; ");
    let (found, value) = parts.next().unwrap().split_once('=').unwrap();
    assert_eq!(found, name);
    let mut attributes: Vec<&str> = parts.filter(|a| !a.starts_with("Max-Age")).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    value.to_owned()
}

#[tokio::test]
async fn s35_the_cookies_of_a_real_sign_in_are_bound() {
    let world = world().await;
    let (hosts, stage) = (Hosts::of(&world), Stage::open(&world, "Омарова").await);
    let purpose = Purpose::Initial { school: stage.school.card.id, profile: ProfileId(stage.id("student2")) };
    let new = New { purpose, stem: "karta".to_owned(), strict: false, ttl: chrono::TimeDelta::days(14) };
    let card = issue(&world.house, world.house.store.platform(), new).await.unwrap();
    let (enter, leave) = (operation("sign_in"), operation("sign_out"));
    let body = json!({ "login": card.login, "password": card.temporary_password.reveal() });
    let reply = hosts.ask(&enter, "/api/signup/session", None, &body).await;
    reply.expect(200);
    bound(&reply, "__Host-kundelik");
    let newcomer = cookie(Scope::Newcomer, &reply.token(Scope::Newcomer).unwrap());
    let body = json!({ "login": "aisha.o", "password": PASSWORD, "terms_version": CURRENT_TERMS, "language": "kk" });
    let reply = hosts.ask(&operation("register"), "/api/signup/registration", Some(&newcomer), &body).await;
    reply.expect(200);
    bound(&reply, "__Host-kundelik");
    let body = json!({ "login": "aisha.o", "password": PASSWORD });
    let reply = hosts.ask(&enter, "/api/signup/session", None, &body).await;
    reply.expect(200);
    let token = bound(&reply, "__Host-kundelik");
    // The token stands in the cookie alone (S29).
    assert!(!String::from_utf8_lossy(&reply.body).contains(&token));
    assert!(!rows(&world).await.contains(&token));
    let user = cookie(Scope::User, &reply.token(Scope::User).unwrap());
    let reply = hosts.ask(&leave, "/api/signup/session", Some(&user), &Value::Null).await;
    assert!(reply.status.is_success());
    assert_eq!(bound(&reply, "__Host-kundelik"), "");
    assert!(reply.headers.contains_key("clear-site-data"), "S39");
    let me = operation("me_read");
    hosts.ask(&me, &stage.address(&me, "/me"), Some(&user), &Value::Null).await.expect(401);

    let root = operator_add(&world.house, "root.two").await.unwrap();
    let code = factor::code(&root.totp_secret, world.clock.now()).unwrap();
    let body = json!({ "login": root.login, "password": *root.password, "code": code });
    let reply = hosts.ask(&operation("operator_sign_in"), "/api/console/session", None, &body).await;
    reply.expect(200);
    bound(&reply, "__Host-kundelik-console");
}

#[tokio::test]
async fn s36_a_foreign_page_changes_nothing_and_a_read_changes_nothing() {
    let world = world().await;
    let (hosts, stage) = (Hosts::of(&world), Stage::open(&world, "Омарова").await);
    let root = cookie(Scope::Operator, &operator(&world).await);
    let admin = stage.person(Role::Administrator);
    let user = stage.cookie(Role::Administrator);
    let newcomer = cookie(Scope::Newcomer, &session(&world, Scope::Newcomer, admin.account).await);
    let before = rows(&world).await;
    let (mut count, mut reads) = (0, 0);
    let all = operations();
    for operation in &all {
        let (path, body) = case(&operation.id, &|name| stage.id(name), 0).unwrap();
        let path = stage.address(operation, &path);
        let cookie = match operation.spec {
            "console" => &root,
            "portal" => &user,
            _ => &newcomer,
        };
        if !operation.writes() {
            hosts.ask(operation, &path, Some(cookie), &body).await;
            reads += 1;
            continue;
        }
        let (own, json) = (("origin", Hosts::origin(operation.spec)), ("content-type", "application/json"));
        let same = ("sec-fetch-site", "same-origin");
        let mut forged: Vec<(Vec<(&str, &str)>, u16)> = vec![
            (vec![json], 403),
            (vec![json, ("origin", "https://evil.example")], 403),
            (vec![json, ("origin", "null")], 403),
            (vec![json, ("origin", "https://evil.example"), same], 403),
            (vec![json, ("sec-fetch-site", "cross-site")], 403),
            (vec![json, own, ("sec-fetch-site", "same-site")], 403),
        ];
        if operation.method != Method::DELETE {
            for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"] {
                forged.push((vec![own, same, ("content-type", kind)], 415));
            }
            forged.push((vec![own, same], 415));
        }
        for (headers, status) in forged {
            let reply = hosts.knock(operation, &path, Some(cookie), &body, &headers).await;
            assert_eq!(reply.status.as_u16(), status, "{} {headers:?}", operation.id);
            assert!(!reply.headers.contains_key("set-cookie"));
            count += 1;
        }
    }
    // What operators look at is written down, and who is shown a student's card or ИИН, or takes a file; nothing else is.
    let looked =
        |row: &&str| all.iter().any(|o| o.spec == "console" && !o.writes() && row.contains(&format!(",{},", o.id)));
    let shown =
        |row: &&str| ["card", "iin", "export"].iter().any(|what| row.contains(&format!(",{what},127.0.0.0/24,")));
    let after = rows(&world).await;
    assert_eq!(after.lines().filter(shown).count(), 3, "the card, the ИИН and the file, once each");
    let after = after.lines().filter(|row| !looked(row) && !shown(row));
    assert!(after.eq(before.lines()), "every row stands as it stood");
    tried(reads, all.iter().filter(|o| !o.writes()).count(), "s36 reads");
    tried(count, all.iter().filter(|o| o.writes()).count() * 6, "s36 writes");
}

/// Every answer says this, whatever it answers (S38, S39, S41).
fn headed(reply: &Reply, what: &str) {
    let of = |name: &str| reply.headers.get(name).map_or("", |v| v.to_str().unwrap());
    let age: u64 = of("strict-transport-security")
        .strip_prefix("max-age=")
        .and_then(|rest| rest.split(';').next())
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or_default();
    assert!(age >= 31_536_000 && of("strict-transport-security").contains("includeSubDomains"), "{what}");
    let policy = of("content-security-policy");
    for rule in ["object-src 'none'", "base-uri 'none'", "frame-ancestors", "script-src 'self';"] {
        assert!(policy.contains(rule), "{what}: {policy}");
    }
    assert_eq!(of("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(of("referrer-policy"), "no-referrer", "{what}");
    assert!(of("cache-control").contains("no-store"), "{what}: {}", of("cache-control"));
    if !reply.body.is_empty() {
        let kinds = ["application/json; charset=utf-8", "application/problem+json; charset=utf-8", "application/pdf"];
        assert!(kinds.contains(&of("content-type")), "{what}: {}", of("content-type"));
    }
    for (name, _) in &reply.headers {
        assert!(!name.as_str().starts_with("access-control-"), "{what}: {name} (S37)");
    }
}

#[tokio::test]
async fn s37_s38_every_answer_has_the_headers_and_none_of_cors() {
    let world = world().await;
    let (hosts, stage) = (Hosts::of(&world), Stage::open(&world, "Омарова").await);
    let root = cookie(Scope::Operator, &operator(&world).await);
    let user = stage.cookie(Role::Administrator);
    let mut count = 0;
    for operation in operations().iter().filter(|o| !o.streams()) {
        let (path, body) = case(&operation.id, &|name| stage.id(name), 0).unwrap();
        let path = stage.address(operation, &path);
        let token = if operation.spec == "console" { &root } else { &user };
        let preflight = Operation { method: Method::OPTIONS, ..operation.clone() };
        let asks = [
            ("origin", "https://evil.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        let asked = hosts.knock(&preflight, &path, None, &Value::Null, &asks).await;
        headed(&asked, &format!("preflight {}", operation.id));
        assert!(!asked.status.is_success(), "preflight {}", operation.id);
        headed(&hosts.knock(operation, &path, Some(token), &body, &asks).await, &operation.id);
        headed(&hosts.ask(operation, &path, None, &body).await, &operation.id);
        headed(&hosts.ask(operation, &path, Some(token), &body).await, &operation.id);
        let traced = Operation { method: Method::TRACE, ..operation.clone() };
        let traced = hosts.ask(&traced, &path, Some(token), &Value::Null).await;
        assert!(traced.status.is_client_error(), "{}", operation.id);
        headed(&traced, &format!("trace {}", operation.id));
        count += 1;
    }
    for (spec, streams) in [("signup", "service_events"), ("portal", "live_events")] {
        let operation = operation(streams);
        let (path, _) = case(streams, &never, 0).unwrap();
        let path = stage.address(&operation, &path);
        let response = hosts.host(spec).with_cookie(&user).open(&path).await;
        let head = Reply { status: response.status(), headers: response.headers().clone(), body: Vec::new() };
        headed(&head, streams);
        count += 1;
    }
    for path in
        ["/api/nothing", "/api/portal/x", "/api/portal/x/nothing", "/api/signup/nothing", "/api/console/nothing"]
    {
        for spec in ["portal", "console"] {
            let wrong = Operation { spec, ..operation("me_read") };
            let reply = hosts.ask(&wrong, path, None, &Value::Null).await;
            assert_eq!(reply.status, 404, "{path}");
            headed(&reply, path);
        }
    }
    tried(count, operations().len(), "s37 s38");
}
