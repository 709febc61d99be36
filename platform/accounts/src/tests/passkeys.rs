//! Passkeys at the portal's door and at the site's, answered by an authenticator in software.

use kd_ctx::{Scope, Token};
use kd_store::{Mode, sql};
use kd_testkit::{Client, Reply};
use poem::http::Method;
use serde_json::{Value, json};
use webauthn_authenticator_rs::AuthenticatorBackend;
use webauthn_authenticator_rs::prelude::Url;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use super::attach::Two;
use super::{PASSWORD, Town, faults};
use crate::{OwnApi, OwnPasskeysApi, PasskeysApi, RecoveryApi};

const ORIGIN: &str = "http://portal.localhost:8080";

/// A device that looks at its owner, or says so.
struct Device(SoftPasskey);

impl Device {
    fn new() -> Self {
        Self(SoftPasskey::new(true))
    }

    /// What it answers to being made somebody's.
    fn joins(&mut self, challenge: &Value) -> Value {
        let options = serde_json::from_value(challenge["options"].clone()).unwrap();
        serde_json::to_value(self.0.perform_register(Url::parse(ORIGIN).unwrap(), options, 60_000).unwrap()).unwrap()
    }

    fn answers_at(&mut self, origin: &str, challenge: &Value) -> Value {
        let options = serde_json::from_value(challenge["options"].clone()).unwrap();
        serde_json::to_value(self.0.perform_auth(Url::parse(origin).unwrap(), options, 60_000).unwrap()).unwrap()
    }

    fn answers(&mut self, challenge: &Value) -> Value {
        self.answers_at(ORIGIN, challenge)
    }
}

/// Somebody with a door to the own account, and a device.
struct Owner<'a> {
    town: &'a Town,
    login: &'static str,
    door: Client,
    device: Device,
}

impl<'a> Owner<'a> {
    fn with(town: &'a Town, login: &'static str, token: &Token) -> Self {
        let door = town.school.client((OwnApi, OwnPasskeysApi)).with_token(Scope::User, token);
        Self { town, login, door, device: Device::new() }
    }

    /// A guardian who has added the device.
    async fn of(town: &'a Town, login: &'static str) -> Self {
        let (_, token) = town.account(login).await;
        let mut owner = Self::with(town, login, &token);
        owner.adds().await.expect(200);
        owner
    }

    async fn adds(&mut self) -> Reply {
        let challenge = self.door.post("/account/passkeys/challenge", &json!({})).await.expect(200);
        let answer = self.device.joins(&challenge);
        self.door.post("/account/passkeys", &json!({ "kind": "phone", "answer": answer })).await
    }

    async fn account(&self) -> Value {
        self.door.get("/account").await.expect(200)
    }

    /// The challenge of the second step of signing in.
    async fn challenge(&self) -> Value {
        let site = Client::signup(self.town.house(), PasskeysApi);
        site.post("/session/challenge", &json!({ "login": self.login, "password": PASSWORD })).await.expect(200)
    }

    async fn enters(&self, answer: &Value) -> Reply {
        let body = json!({ "login": self.login, "password": PASSWORD, "passkey": answer });
        self.town.site.post("/session", &body).await
    }

    async fn removes(&self, id: &Value) -> Reply {
        self.door.post("/account/passkeys/removal", &json!({ "id": id, "password": PASSWORD })).await
    }
}

#[track_caller]
fn refused(reply: &Reply, code: &str) {
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, code));
}

#[tokio::test]
async fn s24_a_passkey_is_a_second_factor_until_it_is_taken_away() {
    let town = Town::open().await;
    let mut owner = Owner::of(&town, "aigul.s").await;
    let account = owner.account().await;
    assert_eq!((&account["second_factor"], &account["code_app"]), (&json!(true), &json!(false)));
    assert_eq!((&account["passkeys"][0]["kind"], account["passkeys"][0].get("used_at")), (&json!("phone"), None));
    refused(&town.sign_in("aigul.s", PASSWORD).await, "accounts.passkey-needed");
    refused(&town.sign_in_with("aigul.s", "123456").await, "accounts.second-factor-wrong");
    town.later(2);
    let answer = owner.device.answers(&owner.challenge().await);
    let reply = owner.enters(&answer).await;
    assert_eq!(reply.expect(200)["next"], "portal");
    assert!(owner.account().await["passkeys"][0].get("used_at").is_some());
    let codes = owner.door.post("/account/recovery-codes", &json!({})).await.expect(200);
    town.sign_in_with("aigul.s", codes["codes"][0].as_str().unwrap()).await.expect(200);

    let id = account["passkeys"][0]["id"].clone();
    assert_eq!(faults(&owner.removes(&json!(uuid::Uuid::nil())).await), ["id:unknown"]);
    let waits = owner.challenge().await;
    owner.removes(&id).await.expect(200);
    town.sign_in("aigul.s", PASSWORD).await.expect(200);
    let late = owner.device.answers(&waits);
    let account = owner.account().await;
    assert_eq!((&account["second_factor"], &account["recovery_codes"]), (&json!(false), &json!(0)));
    // What was asked before opens nothing, and is not needed either.
    owner.adds().await.expect(200);
    refused(&owner.enters(&late).await, "accounts.passkey-wrong");
}

#[tokio::test]
async fn s25_an_answer_is_good_once_at_its_own_origin_for_five_minutes() {
    let town = Town::open().await;
    let mut owner = Owner::of(&town, "aigul.s").await;
    let stranger = Owner::of(&town, "dana.b").await;
    let wrong = async |owner: &Owner<'_>, answer: Value, what: &str| {
        let reply = owner.enters(&answer).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, "accounts.passkey-wrong"), "{what}");
        town.later(30);
    };
    let challenge = owner.challenge().await;
    let answer = owner.device.answers(&challenge);
    owner.enters(&answer).await.expect(200);
    wrong(&owner, answer, "twice").await;
    let former = owner.challenge().await;
    let _newer = owner.challenge().await;
    let answer = owner.device.answers(&former);
    wrong(&owner, answer, "a former challenge").await;
    let challenge = owner.challenge().await;
    let elsewhere = owner.device.answers_at("https://portal.localhost.example.org", &challenge);
    wrong(&owner, elsewhere, "another origin").await;
    let challenge = owner.challenge().await;
    let answer = owner.device.answers(&challenge);
    stranger.challenge().await;
    wrong(&stranger, answer, "another's device").await;
    wrong(&owner, json!({ "id": "" }), "nothing of the kind").await;
    let challenge = owner.challenge().await;
    let answer = owner.device.answers(&challenge);
    town.later(300);
    wrong(&owner, answer, "after five minutes").await;
    let answer = owner.device.answers(&owner.challenge().await);
    owner.enters(&answer).await.expect(200);
}

#[tokio::test]
async fn s25_wrong_answers_are_slowed_down_with_wrong_codes() {
    let town = Town::open().await;
    let mut owner = Owner::of(&town, "aigul.s").await;
    owner.challenge().await;
    refused(&owner.enters(&json!({})).await, "accounts.passkey-wrong");
    let answer = owner.device.answers(&owner.challenge().await);
    assert_eq!(owner.enters(&answer).await.status, 429);
    assert_eq!(town.sign_in_with("aigul.s", "123456").await.status, 429);
}

#[tokio::test]
async fn s25_a_challenge_is_put_to_who_knows_the_password_alone() {
    let town = Town::open().await;
    town.account("dana.b").await;
    Owner::of(&town, "aigul.s").await;
    let site = Client::signup(town.house(), PasskeysApi);
    let ask = async |login: &str, password: &str| {
        site.post("/session/challenge", &json!({ "login": login, "password": password })).await
    };
    refused(&ask("aigul.s", "not it").await, "accounts.wrong-credentials");
    refused(&ask("nobody.here", PASSWORD).await, "accounts.wrong-credentials");
    assert_eq!(ask("aigul.s", PASSWORD).await.status, 429, "S17");
    assert_eq!(ask("dana.b", PASSWORD).await.code(), "accounts.passkey-missing");
}

#[tokio::test]
async fn s27_a_passkey_gives_a_proof_and_its_changes_need_one() {
    let town = Town::open().await;
    let mut owner = Owner::of(&town, "aigul.s").await;
    let id = owner.account().await["passkeys"][0]["id"].clone();
    town.later(600);
    let sensitive = [
        ("/account/passkeys/challenge", json!({})),
        ("/account/passkeys", json!({ "kind": "key", "answer": {} })),
        ("/account/passkeys/removal", json!({ "id": id, "password": PASSWORD })),
    ];
    for (path, body) in &sensitive {
        assert_eq!(owner.door.post(path, body).await.code(), "accounts.step-up-needed", "{path}");
    }
    let proof = async |owner: &Owner<'_>, rest: Value| {
        let mut body = json!({ "password": PASSWORD });
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        owner.door.post("/account/proof", &body).await
    };
    assert_eq!(faults(&proof(&owner, json!({})).await), ["code:required"]);
    let entrance = owner.device.answers(&owner.challenge().await);
    assert_eq!(faults(&proof(&owner, json!({ "passkey": entrance })).await), ["passkey:passkey-wrong"], "S26");
    town.later(2);
    let challenge = owner.door.post("/account/proof/challenge", &json!({})).await.expect(200);
    let answer = owner.device.answers(&challenge);
    proof(&owner, json!({ "passkey": answer })).await.expect(200);
    owner.door.post(sensitive[0].0, &sensitive[0].1).await.expect(200);
    let wrong = owner.door.post(sensitive[1].0, &sensitive[1].1).await;
    assert_eq!(faults(&wrong), ["answer:passkey-wrong"]);
    assert_eq!(owner.door.post(sensitive[1].0, &sensitive[1].1).await.code(), "accounts.passkey-over", "once");
}

#[tokio::test]
async fn a_passkey_whose_answer_was_lost_is_there_when_it_is_sent_again() {
    let town = Town::open().await;
    let (_, token) = town.account("aigul.s").await;
    let mut owner = Owner::with(&town, "aigul.s", &token);
    let challenge = owner.door.post("/account/passkeys/challenge", &json!({})).await.expect(200);
    let body = json!({ "kind": "phone", "answer": owner.device.joins(&challenge) });
    let key = uuid::Uuid::from_u128(7);
    let send = async |owner: &Owner<'_>| owner.door.write(Method::POST, "/account/passkeys", &body, key).await;
    send(&owner).await.expect(200);
    // As if the school's transaction had been cut after the platform's: nobody remembers that it was done.
    let tx = town.house().store.begin(town.school.card.place(), Mode::Write).await.unwrap();
    assert_eq!(sql::run(&tx, "DELETE FROM idempotency WHERE key = $1", [key.into()]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    send(&owner).await.expect(200);
    assert_eq!(owner.account().await["passkeys"].as_array().unwrap().len(), 1);
    // Somebody else's is nobody's.
    let (_, other) = town.account("dana.b").await;
    let other = Owner::with(&town, "dana.b", &other);
    assert_eq!(send(&other).await.code(), "accounts.passkey-over");
}

#[tokio::test]
async fn s24_the_last_second_factor_of_who_administers_stays() {
    let town = Town::open().await;
    let secret = town.account_with_code("basshy").await;
    town.later(30);
    let reply = town.sign_in_with("basshy", &town.code(&secret)).await;
    reply.expect(200);
    let mut owner = Owner::with(&town, "basshy", &reply.token(Scope::User).unwrap());
    owner.adds().await.expect(200);
    owner.door.post("/account/factor/removal", &json!({ "password": PASSWORD })).await.expect(200);
    let account = owner.account().await;
    assert_eq!((&account["second_factor"], &account["code_app"]), (&json!(true), &json!(false)));
    let reply = owner.removes(&account["passkeys"][0]["id"]).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "accounts.factor-required"));
    assert_eq!(owner.account().await["passkeys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn s26_a_recovery_leaves_the_passkeys() {
    let town = Town::open().await;
    let owner = Owner::of(&town, "aigul.s").await;
    let set = "UPDATE platform.account SET email = 'aigul@example.org' WHERE login = $1";
    town.tell(set, vec!["aigul.s".into()]).await;
    let site = Client::signup(town.house(), RecoveryApi);
    site.post("/recovery", &json!({ "login": owner.login })).await.expect(200);
    let token = town.letter_word("aigul@example.org", 64).await;
    let other = "kuren bota jol uzak";
    site.post("/recovery/password", &json!({ "token": token, "password": other })).await.expect(200);
    refused(&town.sign_in("aigul.s", other).await, "accounts.passkey-needed");
}

#[tokio::test]
async fn ten_passkeys_are_enough_and_a_device_is_added_once() {
    let town = Town::open().await;
    let mut owner = Owner::of(&town, "aigul.s").await;
    let challenge = owner.door.post("/account/passkeys/challenge", &json!({})).await.expect(200);
    assert_eq!(challenge["options"]["excludeCredentials"].as_array().unwrap().len(), 1);
    for _ in 1..10 {
        owner.device = Device::new();
        owner.adds().await.expect(200);
    }
    let reply = owner.door.post("/account/passkeys/challenge", &json!({})).await;
    assert_eq!(reply.code(), "accounts.passkeys-full");
}

#[tokio::test]
async fn s25_a_passkey_answers_at_an_attachment_as_at_the_entrance() {
    let two = Two::open().await;
    let mut owner = Owner::of(&two.town, "aigul.s").await;
    let (_, card) = two.guardian().await;
    let newcomer = two.town.newcomer(&card).await;
    let mut shown = json!({ "login": "aigul.s", "password": PASSWORD });
    refused(&newcomer.post("/registration/attachment", &shown).await, "accounts.passkey-needed");
    let challenge = owner.challenge().await;
    shown["passkey"] = owner.device.answers_at("http://elsewhere.localhost:8080", &challenge);
    refused(&newcomer.post("/registration/attachment", &shown).await, "accounts.passkey-wrong");
    two.town.later(2);
    let challenge = owner.challenge().await;
    shown["passkey"] = owner.device.answers(&challenge);
    let reply = newcomer.post("/registration/attachment", &shown).await;
    reply.expect(200);
    assert_eq!(two.schools(&reply).await.len(), 2);
}
