//! S51: flows cannot be skipped or repeated. Every operation is tried in every state.

use kd_ctx::Scope;
use kd_ctx::sessions::Opening;
use kd_kernel::CredentialId;
use kd_schools::ApplicationState;
use kd_testkit::{Client, Reply, School};
use poem::http::Method;
use serde_json::{Value, json};

use super::{Site, requisites};

/// What a newcomer may ask for, in the order of the way.
const OPERATIONS: [&str; 6] = ["draft", "document", "sign", "activate", "service", "enter"];

async fn attempt(newcomer: &Client, operation: &str, agreement: &Value) -> Reply {
    let sign = json!({"agreement_id": agreement["id"], "version": agreement["version"], "signed_name": "Ж. Е.", "accepted": true});
    match operation {
        "draft" => newcomer.post("/agreement", &requisites()).await,
        "document" => newcomer.get("/agreement/document?lang=kk").await,
        "sign" => newcomer.post("/agreement/signature", &sign).await,
        "activate" => newcomer.post("/service", &json!({"slug": "mektep-flow"})).await,
        "service" => newcomer.get("/service").await,
        _ => newcomer.post("/service/entrance", &json!({})).await,
    }
}

fn told(reply: &Reply) -> String {
    if reply.status.is_success() { "ok".to_owned() } else { reply.code() }
}

#[tokio::test]
async fn s51_no_step_is_skipped_and_none_is_done_twice() {
    let site = Site::open().await;
    let (newcomer, id) = site.administrator().await;
    let nobody = json!({"id": site.house().id::<uuid::Uuid>(), "version": 1});
    let mut tried = 0;

    // Before the agreement, only drawing it up leads on.
    let expected = [
        "",
        "schools.agreement-missing",
        "schools.agreement-missing",
        "schools.agreement-unsigned",
        "not-found",
        "not-found",
    ];
    for (operation, code) in OPERATIONS.into_iter().zip(expected).skip(1) {
        assert_eq!(told(&attempt(&newcomer, operation, &nobody).await), code, "{operation} when registered");
        tried += 1;
    }
    let agreement = attempt(&newcomer, "draft", &nobody).await.expect(200);

    // Drawn up: it may be read, drawn anew and signed.
    for (operation, code) in [
        ("document", "ok"),
        ("activate", "schools.agreement-unsigned"),
        ("service", "not-found"),
        ("enter", "not-found"),
    ] {
        assert_eq!(told(&attempt(&newcomer, operation, &agreement).await), code, "{operation} when drawn up");
        tried += 1;
    }
    attempt(&newcomer, "sign", &agreement).await.expect(200);

    // Signed: read and activated.
    for (operation, code) in [
        ("draft", "schools.agreement-signed"),
        ("document", "ok"),
        ("sign", "schools.agreement-signed"),
        ("service", "not-found"),
        ("enter", "not-found"),
    ] {
        assert_eq!(told(&attempt(&newcomer, operation, &agreement).await), code, "{operation} when signed");
        tried += 1;
    }
    attempt(&newcomer, "activate", &agreement).await.expect(200);

    // Being made: looked at.
    for (operation, code) in [
        ("draft", "schools.agreement-signed"),
        ("document", "ok"),
        ("sign", "schools.agreement-signed"),
        ("activate", "signup.service-begun"),
        ("service", "ok"),
        ("enter", "signup.service-not-open"),
    ] {
        assert_eq!(told(&attempt(&newcomer, operation, &agreement).await), code, "{operation} when being made");
        tried += 1;
    }
    assert_eq!(tried, 20);
    let expected = ["received", "agreement_drawn", "contract_signed", "provisioning"];
    assert_eq!(site.events(id).await, expected, "what was refused left nothing");
}

#[tokio::test]
async fn s51_writes_are_refused_in_every_state_but_their_own() {
    let site = Site::open().await;
    let (newcomer, id) = site.administrator().await;
    let agreement = attempt(&newcomer, "draft", &Value::Null).await.expect(200);
    let mut tried = 0;
    for state in ApplicationState::ALL {
        site.run("UPDATE platform.application SET state = $2 WHERE id = $1", vec![id.into(), state.name().into()])
            .await;
        if state != ApplicationState::Registered {
            let signed = attempt(&newcomer, "sign", &agreement).await;
            assert_eq!((signed.status.as_u16(), signed.code()), (409, "schools.state-changed".to_owned()), "{state:?}");
            tried += 1;
        }
        if state != ApplicationState::ContractSigned {
            attempt(&newcomer, "activate", &agreement).await.expect(409);
            tried += 1;
        }
        assert_eq!(site.state(id).await, state.name());
    }
    assert_eq!(tried, 18);
    let schools: i64 = site.ask("SELECT count(*) + $1 FROM platform.school", 0_i64).await;
    let signed: i64 = site.ask("SELECT count(*) + $1 FROM platform.agreement WHERE state <> 'draft'", 0_i64).await;
    assert_eq!((schools, signed), (0, 0));
}

#[tokio::test]
async fn s22_only_the_newcomer_of_an_application_reaches_its_activation() {
    let site = Site::open().await;
    let (newcomer, _) = site.administrator().await;
    let (other, _) = site.administrator().await;
    let mine = newcomer.get("/activation").await.expect(200);
    assert_ne!(mine["application"]["number"], other.get("/activation").await.expect(200)["application"]["number"]);
    let agreement = attempt(&newcomer, "draft", &Value::Null).await.expect(200);
    attempt(&other, "draft", &Value::Null).await.expect(200);
    let foreign = attempt(&other, "sign", &agreement).await;
    assert_eq!(foreign.code(), "schools.agreement-changed", "another's agreement cannot be named");

    let stranger = site.account("stranger", "user", "activating").await;
    let stranger = site.newcomer(stranger).await;
    let school = School::in_world(&site.world).await;
    let user = school.person("Сәрсенова", "Айгүл", &[kd_kernel::Role::Teacher]).await;
    let operator = site.operator("reviewer").await;
    let opening = Opening { scope: Scope::Operator, account: Some((operator, 1)), credential: None };
    let operator = site.house().session_open(site.house().store.platform(), opening).await.unwrap();
    let doors = [
        (site.door.clone(), 401),
        (site.door.of(&user), 401),
        (site.door.with_token(Scope::Operator, &operator), 401),
        (site.door.with_token(Scope::Newcomer, &operator), 401),
        (stranger, 404),
    ];
    let mut tried = 0;
    for (door, status) in doors {
        for operation in OPERATIONS {
            assert_eq!(attempt(&door, operation, &agreement).await.status.as_u16(), status, "{operation}");
            tried += 1;
        }
        door.get("/activation").await.expect(status);
        door.get("/service/events").await.expect(status);
    }
    assert_eq!(tried, 30);
}

#[tokio::test]
async fn s51_who_has_not_registered_reads_and_does_nothing_else() {
    let site = Site::open().await;
    let operator = site.operator("reviewer").await;
    let id = site.applied().await;
    crate::decisions::approve(site.house(), operator, id).await.unwrap();
    let credential: CredentialId = site.ask("SELECT id FROM platform.credential WHERE application_id = $1", id).await;
    let opening = Opening { scope: Scope::Newcomer, account: None, credential: Some(credential) };
    let token = site.house().session_open(site.house().store.platform(), opening).await.unwrap();
    let newcomer = site.door.with_token(Scope::Newcomer, &token);
    assert_eq!(newcomer.get("/activation").await.expect(200)["step"], "account");
    for operation in ["draft", "document", "sign", "activate"] {
        let agreement = json!({"id": id, "version": 1});
        assert_eq!(told(&attempt(&newcomer, operation, &agreement).await), "signup.not-registered", "{operation}");
    }
    newcomer.get("/service").await.expect(404);
}

#[tokio::test]
async fn s36_a_foreign_page_sends_no_application() {
    let site = Site::open().await;
    let request = poem::Request::builder()
        .method(Method::POST)
        .uri("/api/signup/applications".parse().unwrap())
        .header("origin", "https://evil.example")
        .header("content-type", "application/json")
        .body(super::application().to_string());
    let reply = site.door.send(request).await;
    reply.expect(403);
    assert_eq!(reply.code(), "foreign-origin");
}
