//! Operators: everything at once, and one answer for all that is wrong.

use kd_ctx::Scope;
use kd_testkit::Reply;
use serde_json::json;

use super::Town;
use crate::{OperatorAdded, operator_add};

async fn enter(town: &Town, login: &str, password: &str, code: &str) -> Reply {
    town.later(6);
    town.console.post("/session", &json!({"login": login, "password": password, "code": code})).await
}

fn body(reply: &Reply) -> serde_json::Value {
    let mut body = reply.expect(401);
    body.as_object_mut().unwrap().remove("request_id");
    body
}

#[tokio::test]
async fn s24_an_operator_signs_in_with_everything_or_not_at_all() {
    let town = Town::open().await;
    let added: OperatorAdded = operator_add(town.house(), "Root.One").await.unwrap();
    assert_eq!(added.login, "root.one");
    assert!(!format!("{added:?}").contains(added.password.as_str()));
    assert_eq!(operator_add(town.house(), "root.one").await.unwrap_err().fields()[0].code, "login-taken");
    assert_eq!(operator_add(town.house(), "x").await.unwrap_err().fields()[0].code, "login-format");

    town.later(6);
    let wrong = [
        enter(&town, "root.one", &added.password, "").await,
        enter(&town, "root.one", &added.password, "000000").await,
        enter(&town, "root.one", "wrong", &town.code(&added.totp_secret)).await,
        enter(&town, "nobody", &added.password, &town.code(&added.totp_secret)).await,
    ];
    for reply in &wrong {
        assert_eq!(body(reply), body(&wrong[0]), "one answer for all that is wrong");
        assert_eq!(reply.code(), "accounts.wrong-credentials");
    }
    enter(&town, "root.one", "wrong", "").await.expect(401);
    let right = json!({"login": "root.one", "password": *added.password, "code": town.code(&added.totp_secret)});
    let held = town.console.post("/session", &right).await;
    assert_eq!(held.code(), "accounts.slow-down", "the delay of the last failure stands");
    let reply = enter(&town, "root.one", &added.password, &town.code(&added.totp_secret)).await;
    assert_eq!(reply.expect(200), json!({"login": "root.one"}));
    let token = reply.token(Scope::Operator).unwrap();
    assert!(reply.token(Scope::User).is_none());
    let console = town.console.with_token(Scope::Operator, &token);
    assert_eq!(console.get("/session").await.expect(200), json!({"login": "root.one"}));
    assert_eq!(town.console.get("/session").await.expect(200), json!({}));

    // S40: the operator's token is no user's, in whichever cookie it comes.
    for scope in [Scope::User, Scope::Operator] {
        let site = town.site.with_token(scope, &token);
        assert_eq!(site.get("/session").await.expect(200)["kind"], "none");
    }
    let out = console.delete("/session").await;
    out.expect(204);
    assert_eq!(out.headers["clear-site-data"], "\"cookies\", \"storage\"");
    assert_eq!(console.get("/session").await.expect(200), json!({}));
    town.console.delete("/session").await.expect(204);
}

#[tokio::test]
async fn s25_an_operators_code_is_taken_once() {
    let town = Town::open().await;
    let added = operator_add(town.house(), "root.one").await.unwrap();
    town.later(6);
    let code = town.code(&added.totp_secret);
    let send = json!({"login": "root.one", "password": *added.password, "code": code});
    town.console.post("/session", &send).await.expect(200);
    town.console.post("/session", &send).await.expect(401);
    town.later(1);
    town.console.post("/session", &send).await.expect(401);
    town.later(30);
    enter(&town, "root.one", &added.password, &town.code(&added.totp_secret)).await.expect(200);
}

#[tokio::test]
async fn an_operator_is_nobody_at_the_site_and_a_user_nobody_at_the_console() {
    let town = Town::open().await;
    let added = operator_add(town.house(), "root.one").await.unwrap();
    let sent = json!({"login": "root.one", "password": *added.password, "code": town.code(&added.totp_secret)});
    let reply = town.site.post("/session", &sent).await;
    reply.expect(401);
    assert_eq!(reply.code(), "accounts.wrong-credentials");
    let secret = town.account_with_code("aigul.s").await;
    enter(&town, "aigul.s", super::PASSWORD, &town.code(&secret)).await.expect(401);
}
