//! The own account, kept in order at the portal's door; and recovery at the site's.

use kd_ctx::{Scope, Token};
use kd_testkit::{Client, Person, World};
use serde_json::{Value, json};

use super::{PASSWORD, Town};
use crate::{OwnApi, RecoveryApi};

/// Another good password.
const OTHER: &str = "kuren bota jol uzak";

/// A guardian with an account, and her door to the portal.
struct Owner<'a> {
    town: &'a Town,
    token: Token,
    door: Client,
}

impl<'a> Owner<'a> {
    async fn of(town: &'a Town, login: &str) -> Self {
        let (_, token) = town.account(login).await;
        Self::with(town, token)
    }

    /// Staff with a second factor who administers; answers the secret too.
    async fn administrator(town: &'a Town, login: &str) -> (Self, String) {
        let secret = town.account_with_code(login).await;
        town.later(30);
        let reply = town.sign_in_with(login, &town.code(&secret)).await;
        reply.expect(200);
        (Self::with(town, reply.token(Scope::User).unwrap()), secret)
    }

    fn with(town: &'a Town, token: Token) -> Self {
        let door = town.school.client(OwnApi).with_token(Scope::User, &token);
        Self { town, token, door }
    }

    async fn account(&self) -> Value {
        self.door.get("/account").await.expect(200)
    }

    async fn lives(&self) -> bool {
        self.door.get("/account").await.status == 200
    }

    /// A further session, signed in at the site.
    async fn again(&self, login: &str) -> Owner<'a> {
        let reply = self.town.sign_in(login, PASSWORD).await;
        reply.expect(200);
        Self::with(self.town, reply.token(Scope::User).unwrap())
    }

    async fn proves(&self) {
        self.door.post("/account/proof", &json!({ "password": PASSWORD })).await.expect(200);
    }
}

#[tokio::test]
async fn s27_what_is_sensitive_needs_a_proof_of_the_last_ten_minutes() {
    let town = Town::open().await;
    let owner = Owner::of(&town, "aigul.s").await;
    let sensitive = [
        ("put", "/account/login", json!({ "login": "dana.b" })),
        ("post", "/account/email", json!({ "email": "dana@example.org" })),
        ("post", "/account/email/confirmation", json!({ "code": "12345678" })),
        ("post", "/account/factor", json!({})),
        ("post", "/account/factor/confirmation", json!({ "code": "123456" })),
        ("post", "/account/factor/removal", json!({ "password": PASSWORD })),
        ("post", "/account/recovery-codes", json!({})),
    ];
    let ask = async |(how, path, body): &(&str, &str, Value)| match *how {
        "put" => owner.door.put(path, body).await,
        _ => owner.door.post(path, body).await,
    };
    town.later(9 * 60 + 59);
    assert_ne!(ask(&sensitive[1]).await.code(), "accounts.step-up-needed", "a second before");
    town.later(1);
    let mut tried = 0;
    for operation in &sensitive {
        let reply = ask(operation).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "accounts.step-up-needed"), "{operation:?}");
        tried += 1;
    }
    println!("{tried} operations tried");
    let wrong = owner.door.post("/account/proof", &json!({ "password": "not it" })).await;
    assert_eq!(wrong.expect(422)["fields"][0]["code"], "password-wrong");
    assert_eq!(owner.door.post("/account/proof", &json!({ "password": PASSWORD })).await.status, 429, "S17");
    town.later(2);
    owner.proves().await;
    for operation in &sensitive {
        assert_ne!(ask(operation).await.code(), "accounts.step-up-needed", "{operation:?}");
    }
    assert_eq!(owner.account().await["login"], "dana.b");
}

#[tokio::test]
async fn s27_where_there_is_a_second_factor_a_proof_needs_its_code() {
    let town = Town::open().await;
    let (owner, secret) = Owner::administrator(&town, "basshy").await;
    town.later(600);
    let without = owner.door.post("/account/proof", &json!({ "password": PASSWORD })).await;
    assert_eq!(super::faults(&without), ["code:required"]);
    let wrong = owner.door.post("/account/proof", &json!({ "password": PASSWORD, "code": "000000" })).await;
    assert_eq!(wrong.expect(422)["fields"][0]["code"], "code-wrong");
    town.later(30);
    let proof = json!({ "password": PASSWORD, "code": town.code(&secret) });
    owner.door.post("/account/proof", &proof).await.expect(200);
    owner.door.post("/account/recovery-codes", &json!({})).await.expect(200);
}

#[tokio::test]
async fn s30_s32_a_new_password_ends_every_other_session_and_brings_a_new_token() {
    let town = Town::open().await;
    let owner = Owner::of(&town, "aigul.s").await;
    let other = owner.again("aigul.s").await;
    let put = |old: &str, new: &str| json!({ "old": old, "new": new });
    let wrong = owner.door.put("/account/password", &put("not it", OTHER)).await;
    assert_eq!(wrong.expect(422)["fields"][0]["field"], "old");
    assert!(other.lives().await);
    town.later(2);
    let weak = owner.door.put("/account/password", &put(PASSWORD, "aigul.s1")).await;
    assert_eq!(weak.expect(422)["fields"][0]["code"], "password-weak", "S20");
    let same = owner.door.put("/account/password", &put(PASSWORD, PASSWORD)).await;
    assert_eq!(same.expect(422)["fields"][0]["code"], "password-same");
    let reply = owner.door.put("/account/password", &put(PASSWORD, OTHER)).await;
    reply.expect(200);
    assert!(!other.lives().await && !owner.lives().await, "the old tokens are dead");
    let token = reply.token(Scope::User).unwrap();
    assert_ne!(token.reveal(), owner.token.reveal());
    assert!(Owner::with(&town, token).lives().await);
    town.sign_in("aigul.s", PASSWORD).await.expect(401);
    town.later(2);
    town.sign_in("aigul.s", OTHER).await.expect(200);
}

#[tokio::test]
async fn s33_sessions_are_listed_and_ended_by_their_owner_alone() {
    let town = Town::open().await;
    let owner = Owner::of(&town, "aigul.s").await;
    let (second, third) = (owner.again("aigul.s").await, owner.again("aigul.s").await);
    let stranger = Owner::of(&town, "dana.b").await;
    let sessions = owner.account().await["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|s| s["this"] == true).count(), 1);
    let of_second = second.account().await["sessions"].as_array().unwrap().clone();
    let id = of_second.iter().find(|s| s["this"] == true).unwrap()["id"].as_str().unwrap().to_owned();
    let (end, body) = ("/account/sessions/end", json!({ "id": id }));
    stranger.door.post(end, &body).await.expect(422);
    assert!(second.lives().await);
    owner.door.post(end, &body).await.expect(200);
    assert!(!second.lives().await && third.lives().await);
    owner.door.post(end, &body).await.expect(422);
    assert_eq!(owner.door.post("/account/sessions/end-others", &json!({})).await.expect(200)["ended"], 1);
    assert!(!third.lives().await && owner.lives().await && stranger.lives().await);
}

#[tokio::test]
async fn s24_s25_a_second_factor_is_set_up_and_a_recovery_code_is_good_once() {
    let town = Town::open().await;
    let owner = Owner::of(&town, "aigul.s").await;
    assert_eq!(
        owner.door.post("/account/factor/confirmation", &json!({ "code": "123456" })).await.code(),
        "accounts.factor-not-begun"
    );
    let begun = owner.door.post("/account/factor", &json!({})).await.expect(200);
    let secret = begun["secret"].as_str().unwrap().to_owned();
    assert_eq!(owner.door.post("/account/factor", &json!({})).await.expect(200)["secret"], secret, "asked again");
    let wrong = owner.door.post("/account/factor/confirmation", &json!({ "code": "000000" })).await;
    assert_eq!(wrong.expect(422)["fields"][0]["code"], "code-wrong");
    assert_eq!(owner.account().await["second_factor"], false);
    let codes =
        owner.door.post("/account/factor/confirmation", &json!({ "code": town.code(&secret) })).await.expect(200);
    let codes: Vec<String> = serde_json::from_value(codes["codes"].clone()).unwrap();
    assert_eq!(codes.len(), 10);
    let account = owner.account().await;
    assert_eq!((&account["second_factor"], &account["recovery_codes"]), (&json!(true), &json!(10)));
    let kept: String = town
        .ask(
            "SELECT string_agg(encode(hash, 'escape'), ' ') FROM platform.recovery_code WHERE id <> $1",
            uuid::Uuid::nil().into(),
        )
        .await;
    assert!(codes.iter().all(|code| !kept.contains(&code.replace('-', ""))), "only hashes are kept");

    assert_eq!(town.sign_in("aigul.s", PASSWORD).await.code(), "accounts.second-factor-needed");
    town.sign_in_with("aigul.s", &codes[3].to_lowercase()).await.expect(200);
    assert_eq!(owner.account().await["recovery_codes"], 9);
    assert_eq!(town.sign_in_with("aigul.s", &codes[3]).await.code(), "accounts.second-factor-wrong", "a replay");
    assert_eq!(town.sign_in_with("aigul.s", &codes[4]).await.status, 429, "guesses are slowed down");
    town.later(2);
    let renewed = owner.door.post("/account/recovery-codes", &json!({})).await.expect(200);
    assert_eq!(town.sign_in_with("aigul.s", &codes[4]).await.code(), "accounts.second-factor-wrong", "void");
    town.later(4);
    town.sign_in_with("aigul.s", renewed["codes"][0].as_str().unwrap()).await.expect(200);
    // An answer is lost, and the same key asks again: what is shown then is what opens.
    let (post, key) = (poem::http::Method::POST, uuid::Uuid::from_u128(77));
    let lost = owner.door.write(post.clone(), "/account/recovery-codes", &json!({}), key).await.expect(200);
    let shown = owner.door.write(post, "/account/recovery-codes", &json!({}), key).await.expect(200);
    town.later(31);
    town.sign_in_with("aigul.s", lost["codes"][1].as_str().unwrap()).await.expect(401);
    town.later(31);
    town.sign_in_with("aigul.s", shown["codes"][1].as_str().unwrap()).await.expect(200);

    owner.door.post("/account/factor/removal", &json!({ "password": PASSWORD })).await.expect(200);
    town.later(2);
    town.sign_in("aigul.s", PASSWORD).await.expect(200);
    assert_eq!(owner.account().await["recovery_codes"], 0);
}

#[tokio::test]
async fn s24_whoever_administers_keeps_the_second_factor() {
    let town = Town::open().await;
    let (owner, _) = Owner::administrator(&town, "basshy").await;
    assert_eq!(owner.account().await["second_factor_required"], true);
    let reply = owner.door.post("/account/factor/removal", &json!({ "password": PASSWORD })).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "accounts.factor-required"));
    assert_eq!(owner.account().await["second_factor"], true);
}

#[tokio::test]
async fn s31_whoever_administers_is_signed_out_after_an_idle_hour() {
    let town = Town::open().await;
    let (administrator, _) = Owner::administrator(&town, "basshy").await;
    let guardian = Owner::of(&town, "aigul.s").await;
    town.later(3_599);
    assert!(administrator.lives().await, "a second before");
    town.later(3_600);
    assert!(!administrator.lives().await && guardian.lives().await);
}

#[tokio::test]
async fn an_address_counts_when_its_code_was_typed_and_the_former_one_hears_of_a_change() {
    let town = Town::open().await;
    let owner = Owner::of(&town, "aigul.s").await;
    let put = async |email: &str| owner.door.post("/account/email", &json!({ "email": email })).await;
    assert_eq!(put("nowhere").await.expect(422)["fields"][0]["code"], "email-invalid");
    put("aigul@example.org").await.expect(200);
    let account = owner.account().await;
    assert!(account.get("email").is_none(), "not confirmed yet");
    for _ in 0..4 {
        let wrong = owner.door.post("/account/email/confirmation", &json!({ "code": "no" })).await;
        assert_eq!(wrong.expect(422)["fields"][0]["code"], "code-wrong");
    }
    let code = town.letter_word("aigul@example.org", 8).await;
    owner.door.post("/account/email/confirmation", &json!({ "code": code })).await.expect(200);
    assert_eq!(owner.account().await["email"], "aigul@example.org");
    let again = owner.door.post("/account/email/confirmation", &json!({ "code": code })).await;
    assert_eq!(again.code(), "accounts.code-over", "once");

    town.later(1);
    put("other@example.org").await.expect(200);
    for _ in 0..5 {
        owner.door.post("/account/email/confirmation", &json!({ "code": "no" })).await.expect(422);
    }
    let code = town.letter_word("other@example.org", 8).await;
    let late = owner.door.post("/account/email/confirmation", &json!({ "code": code })).await;
    assert_eq!(late.code(), "accounts.code-over", "five tries");
    town.later(1);
    put("other@example.org").await.expect(200);
    let code = town.letter_word("other@example.org", 8).await;
    owner.door.post("/account/email/confirmation", &json!({ "code": code })).await.expect(200);
    let told: i64 = town
        .ask(
            "SELECT count(*) FROM platform.letter WHERE recipient = $1 AND dedupe LIKE 'email-changed:%'",
            "aigul@example.org".into(),
        )
        .await;
    assert_eq!(told, 1, "the former address hears of it");
}

#[tokio::test]
async fn s18_s26_a_recovery_is_answered_alike_and_leaves_the_second_factor() {
    let town = Town::open().await;
    let owner = Owner::of(&town, "aigul.s").await;
    owner.door.post("/account/email", &json!({ "email": "aigul@example.org" })).await.expect(200);
    let code = town.letter_word("aigul@example.org", 8).await;
    owner.door.post("/account/email/confirmation", &json!({ "code": code })).await.expect(200);
    let secret =
        owner.door.post("/account/factor", &json!({})).await.expect(200)["secret"].as_str().unwrap().to_owned();
    owner.door.post("/account/factor/confirmation", &json!({ "code": town.code(&secret) })).await.expect(200);
    town.account("dana.b").await;

    let site = Client::signup(town.house(), RecoveryApi);
    town.later(1);
    let mut answers = Vec::new();
    for login in ["aigul.s", "dana.b", "nobody.here", "' OR 1=1 --"] {
        let reply = site.post("/recovery", &json!({ "login": login })).await;
        answers.push((reply.status.as_u16(), reply.body.clone()));
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "known, without address, unknown: {answers:?}");
    let token = town.letter_word("aigul@example.org", 64).await;
    let finish = async |token: &str, password: &str| {
        site.post("/recovery/password", &json!({ "token": token, "password": password })).await
    };
    assert_eq!(finish(&"0".repeat(64), OTHER).await.code(), "accounts.link-over");
    assert_eq!(finish(&token, "12345678").await.expect(422)["fields"][0]["field"], "password");
    assert!(owner.lives().await);
    finish(&token, OTHER).await.expect(200);
    assert!(!owner.lives().await, "every session ends");
    assert_eq!(finish(&token, PASSWORD).await.code(), "accounts.link-over", "once");
    town.sign_in("aigul.s", PASSWORD).await.expect(401);
    town.later(2);
    let reply = town.sign_in("aigul.s", OTHER).await;
    assert_eq!(reply.code(), "accounts.second-factor-needed", "S26");

    town.later(1);
    site.post("/recovery", &json!({ "login": "aigul.s" })).await.expect(200);
    let late = town.letter_word("aigul@example.org", 64).await;
    town.later(1_800);
    assert_eq!(finish(&late, PASSWORD).await.code(), "accounts.link-over", "half an hour");
}

#[tokio::test]
async fn s17_questions_for_a_recovery_are_limited_by_login_and_by_address() {
    let town = Town::open().await;
    let site = Client::signup(town.house(), RecoveryApi);
    for _ in 0..5 {
        site.post("/recovery", &json!({ "login": "aigul.s" })).await.expect(200);
    }
    assert_eq!(site.post("/recovery", &json!({ "login": "aigul.s" })).await.status, 429);
    town.later(3_601);
    site.post("/recovery", &json!({ "login": "aigul.s" })).await.expect(200);
}

#[tokio::test]
async fn s32_a_lost_password_is_nobodys_at_once() {
    let town = Town::open().await;
    let owner = Owner::of(&town, "aigul.s").await;
    let other = owner.again("aigul.s").await;
    let typo = owner.door.post("/account/lost", &json!({ "login": "aigul" })).await;
    assert_eq!(typo.expect(422)["fields"][0]["code"], "login-differs");
    let reply = owner.door.post("/account/lost", &json!({ "login": "Aigul.S" })).await;
    reply.expect(200);
    assert!(reply.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert!(!owner.lives().await && !other.lives().await);
    town.sign_in("aigul.s", PASSWORD).await.expect(401);
}

/// With Redis, a stream that is open hears that its session has ended.
#[tokio::test]
async fn s32_ending_a_session_is_told_to_its_streams() {
    use futures_util::StreamExt;
    let world = World::open().await;
    assert!(world.house.cache.healthy().await);
    let town = Town::of(world).await;
    let login = format!("k{}", town.house().id::<uuid::Uuid>().simple());
    let (account, token) = town.account(&login).await;
    let session = town.house().session_find(&token, Scope::User).await.unwrap().unwrap();
    let kicks = town.house().cache.listen_kick();
    let mut kicks = std::pin::pin!(kicks);
    let mine = Person { account, profile: session.members[0].profile_id, token };
    let other = town.school.session(account).await;
    let door = town.school.client(OwnApi).with_token(Scope::User, &other);
    door.post("/account/sessions/end-others", &json!({})).await.expect(200);
    let heard = async {
        while let Some(kick) = kicks.next().await {
            if matches!(kick, kd_cache::Kick::Ended(id) if id == session.id.0) {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), heard).await.expect("the stream is told");
    assert!(town.house().session_find(&mine.token, Scope::User).await.unwrap().is_none());
}
