//! Signing in and out, and what sessions then hold.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, Version};
use kd_ctx::Scope;
use kd_testkit::Reply;
use serde_json::{Value, json};

use super::{PASSWORD, Town};
use crate::{CURRENT_TERMS, account_close};

fn bare(reply: &Reply) -> (u16, Value) {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("request_id");
    (reply.status.as_u16(), body)
}

#[tokio::test]
async fn whatever_is_wrong_gets_one_answer() {
    let town = Town::open().await;
    let (void, expired) = (town.card().await, town.card().await);
    let (account, _) = town.account("aigul.s").await;
    let (closed, _) = town.account("closed.one").await;
    account_close(town.house(), closed).await.unwrap();
    town.account_with_code("closed.two").await;
    account_close(town.house(), town.account_of("closed.two").await).await.unwrap();
    town.account("held.one").await;
    town.tell("UPDATE platform.account SET state = 'restricted' WHERE login = 'held.one'", vec![]).await;
    crate::credentials::void(town.house(), town.house().store.platform(), void.id).await.unwrap();
    town.tell(
        "UPDATE platform.credential SET expires_at = $2 WHERE id = $1",
        vec![expired.id.into(), town.world.clock.now().into()],
    )
    .await;
    let unknown = town.sign_in("nobody", PASSWORD).await;
    assert_eq!(bare(&unknown).0, 401);
    assert_eq!(unknown.code(), "accounts.wrong-credentials");
    for (login, password) in [
        ("aigul.s", "wrong"),
        ("aigul.s", ""),
        (void.login.as_str(), void.temporary_password.reveal()),
        (expired.login.as_str(), expired.temporary_password.reveal()),
        ("closed.one", PASSWORD),
        ("closed.two", PASSWORD),
        ("held.one", PASSWORD),
        ("", ""),
        (&"x".repeat(5_000), "x"),
        ("' OR 1=1 --", "x"),
    ] {
        let reply = town.sign_in(login, password).await;
        assert_eq!(bare(&reply), bare(&unknown), "{login}");
        assert!(reply.headers.get("set-cookie").is_none());
        town.later(2);
    }
    let epoch: i32 = town.ask("SELECT epoch FROM platform.account WHERE id = $1", account.into()).await;
    assert_eq!(epoch, 1);
}

#[tokio::test]
async fn s19_a_hash_of_old_parameters_is_made_anew_at_the_next_sign_in() {
    let town = Town::open().await;
    town.account("aigul.s").await;
    let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8_192, 1, 1, None).unwrap());
    let old: PasswordHash = old.hash_password_with_salt(PASSWORD.as_bytes(), b"saltsaltsaltsalt").unwrap();
    let put = "UPDATE platform.account SET password_hash = $1";
    town.tell(put, vec![old.to_string().into()]).await;
    town.sign_in("aigul.s", "wrong").await.expect(401);
    let kept: String = town.ask("SELECT password_hash FROM platform.account WHERE login = $1", "aigul.s".into()).await;
    assert_eq!(kept, old.to_string(), "a wrong password changes nothing");
    town.later(2);
    town.sign_in("aigul.s", PASSWORD).await.expect(200);
    town.card().await;
    let hashes: Vec<String> = [
        town.ask("SELECT password_hash FROM platform.account WHERE login = $1", "aigul.s".into()).await,
        town.ask("SELECT hash FROM platform.credential WHERE state = $1", "issued".into()).await,
        town.ask("SELECT hash FROM platform.credential WHERE state = $1", "used".into()).await,
    ]
    .into();
    assert!(hashes.iter().all(|h| h.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), "{hashes:?}");
    town.sign_in("aigul.s", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn s25_a_code_is_asked_for_after_the_right_password_and_taken_once() {
    let town = Town::open().await;
    let secret = town.account_with_code("aigul.s").await;
    assert_eq!(town.sign_in("aigul.s", "wrong").await.code(), "accounts.wrong-credentials");
    town.later(2);
    let needed = town.sign_in("aigul.s", PASSWORD).await;
    assert_eq!((needed.status.as_u16(), needed.code().as_str()), (401, "accounts.second-factor-needed"));
    assert!(needed.headers.get("set-cookie").is_none());
    assert_eq!(town.sign_in_with("aigul.s", "").await.code(), "accounts.second-factor-needed");

    let (code, later) = (town.code(&secret), town.world.clock.now());
    town.sign_in_with("aigul.s", &code).await.expect(200);
    let replay = town.sign_in_with("aigul.s", &code).await;
    assert_eq!((replay.status.as_u16(), replay.code().as_str()), (401, "accounts.second-factor-wrong"));
    town.later(60);
    assert_eq!(town.sign_in_with("aigul.s", &code).await.code(), "accounts.second-factor-wrong");
    town.later(4);
    let typed = town.code(&secret);
    town.sign_in_with("aigul.s", &format!("{} {}", &typed[..3], &typed[3..])).await.expect(200);
    // An older step than one that was taken is not taken either, though it is within the window.
    let older = crate::factor::code(&secret, town.world.clock.now() - chrono::TimeDelta::seconds(30)).unwrap();
    assert_eq!(town.sign_in_with("aigul.s", &older).await.code(), "accounts.second-factor-wrong");
    assert!(town.world.clock.now() > later);
}

#[tokio::test]
async fn s25_one_code_at_once_opens_one_session() {
    let town = Town::open().await;
    let secret = town.account_with_code("aigul.s").await;
    let code = town.code(&secret);
    let tries = (0..6).map(|_| town.sign_in_with("aigul.s", &code));
    let replies = futures_util::future::join_all(tries).await;
    assert_eq!(replies.iter().filter(|r| r.status.is_success()).count(), 1);
}

#[tokio::test]
async fn s30_each_sign_in_brings_a_new_token_and_ends_the_old() {
    let town = Town::open().await;
    let (_, first) = town.account("aigul.s").await;
    let planted = kd_ctx::Token::parse(&"ab".repeat(32)).unwrap();
    let sign_in = json!({"login": "aigul.s", "password": PASSWORD});
    let reply = town.site.with_token(Scope::User, &planted).post("/session", &sign_in).await;
    reply.expect(200);
    let second = reply.token(Scope::User).unwrap();
    assert_ne!(second.reveal(), planted.reveal(), "fixation is refused");
    let kind = async |token| town.site.with_token(Scope::User, token).get("/session").await.expect(200)["kind"].clone();
    assert_eq!(kind(&planted).await, "none");
    assert_eq!(kind(&first).await, "portal");
    let reply = town.site.with_token(Scope::User, &first).post("/session", &sign_in).await;
    let third = reply.token(Scope::User).unwrap();
    assert_eq!(kind(&first).await, "none", "the session of the cookie ended");
    assert_eq!(kind(&second).await, "portal", "a session elsewhere did not");
    assert_eq!(kind(&third).await, "portal");
    town.site.with_token(Scope::User, &third).post("/session", &json!({"login": "aigul.s", "password": "no"})).await;
    assert_eq!(kind(&third).await, "portal", "a failure ends nothing");
}

#[tokio::test]
async fn s32_signing_out_and_closing_end_sessions_at_the_next_request() {
    let town = Town::open().await;
    let (account, one) = town.account("aigul.s").await;
    let two = town.sign_in("aigul.s", PASSWORD).await.token(Scope::User).unwrap();
    let (one, two) = (town.site.with_token(Scope::User, &one), town.site.with_token(Scope::User, &two));
    let out = one.delete("/session").await;
    out.expect(204);
    assert!(out.body.is_empty());
    assert_eq!(one.get("/session").await.expect(200)["kind"], "none");
    assert_eq!(two.get("/session").await.expect(200)["kind"], "portal");
    let (again, nobody) = (one.delete("/session").await, town.site.delete("/session").await);
    for same in [&again, &nobody] {
        same.expect(204);
        assert_eq!(same.headers["set-cookie"], out.headers["set-cookie"], "the answer is always the same");
        assert_eq!(same.headers["clear-site-data"], "\"cookies\", \"storage\"");
    }
    account_close(town.house(), account).await.unwrap();
    assert_eq!(two.get("/session").await.expect(200)["kind"], "none");
    let living: i64 = town
        .ask("SELECT count(*) FROM platform.session WHERE account_id = $1 AND ended_at IS NULL", account.into())
        .await;
    assert_eq!(living, 0, "they are ended, not only refused");
    let card = town.card().await;
    let newcomer = town.newcomer(&card).await;
    newcomer.delete("/session").await.expect(204);
    newcomer.get("/registration").await.expect(401);
}

#[tokio::test]
async fn s34_the_twenty_first_session_ends_the_oldest() {
    let town = Town::open().await;
    let (account, oldest) = town.account("aigul.s").await;
    let mut tokens = vec![oldest];
    for _ in 0..20 {
        town.later(1);
        tokens.push(town.sign_in("aigul.s", PASSWORD).await.token(Scope::User).unwrap());
    }
    assert_eq!(tokens.len(), 21);
    for (n, token) in tokens.iter().enumerate() {
        let kind = town.site.with_token(Scope::User, token).get("/session").await.expect(200)["kind"].clone();
        assert_eq!(kind, if n == 0 { "none" } else { "portal" }, "{n}");
    }
    let living: i64 = town
        .ask("SELECT count(*) FROM platform.session WHERE account_id = $1 AND ended_at IS NULL", account.into())
        .await;
    assert_eq!(living, 20);
}

#[tokio::test]
async fn the_user_agreement_is_read_in_the_readers_language() {
    let town = Town::open().await;
    let read = town.site.reading("kk").get("/terms").await.expect(200);
    assert_eq!(read["version"], CURRENT_TERMS);
    assert_eq!(read, town.site.get("/terms?lang=kk").await.expect(200));
    assert_ne!(read["title"], town.site.get("/terms?lang=en").await.expect(200)["title"]);
    assert!(read["clauses"].as_array().unwrap().len() > 3);
    assert_eq!(kd_press::terms(kd_kernel::Tongue::Ru).version, CURRENT_TERMS);
}
