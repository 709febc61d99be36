//! A further profile for an account that is there, attached by its owner inside a school.

use kd_ctx::{Scope, Token};
use kd_kernel::Role;
use kd_store::{Mode, sql};
use kd_testkit::{Client, Reply};
use serde_json::{Value, json};
use uuid::Uuid;

use super::attach::{SHORT, Two, refused};
use super::{PASSWORD, faults};
use crate::OwnApi;
use crate::credentials::{self, Issued};

fn typed(card: &Issued) -> Value {
    json!({ "login": card.login, "temporary_password": card.temporary_password.reveal() })
}

fn with_password(card: &Issued, password: &str) -> Value {
    let mut body = typed(card);
    body["password"] = password.into();
    body
}

impl Two {
    fn door(&self, token: &Token) -> Client {
        self.town.school.client(OwnApi).with_token(Scope::User, token)
    }

    /// A guardian of the first school, inside it.
    async fn inside(&self, login: &str) -> Client {
        self.door(&self.town.account(login).await.1)
    }

    async fn signed_in(&self, login: &str, password: &str) -> Client {
        self.door(&self.town.sign_in(login, password).await.token(Scope::User).unwrap())
    }
}

async fn look(door: &Client, card: &Issued) -> Reply {
    door.post("/account/attachment/look", &typed(card)).await
}

async fn add(door: &Client, card: &Issued) -> Reply {
    door.post("/account/attachment", &typed(card)).await
}

#[tokio::test]
async fn idn_6_a_guardian_attaches_the_paper_of_a_second_school_inside_the_first() {
    let two = Two::open().await;
    let town = &two.town;
    let door = two.inside("aigul.s").await;
    let account = town.account_of("aigul.s").await;
    let (profile, card) = two.guardian().await;
    two.tell_other("UPDATE profile SET surname = 'Тек-Екіншіде'", vec![]).await;
    assert_eq!(
        look(&door, &card).await.expect(200),
        json!({ "name_kk": "Үлгі мектебі", "name_ru": "Школа-образец", "full_name": "Тек-Екіншіде Айгүл Маратқызы",
            "roles": ["guardian"], "password_needed": false })
    );
    assert_eq!(town.state_of(card.id).await, "issued", "looking uses nothing up");
    // As children type it.
    let mut body = typed(&card);
    body["temporary_password"] = card.temporary_password.reveal().to_lowercase().replace('-', " ").into();
    body["login"] = card.login.to_uppercase().into();
    let reply = door.post("/account/attachment", &body).await;
    assert_eq!(reply.expect(200), json!({ "slug": two.other.card.slug }));
    assert_eq!(two.schools(&reply).await, two.both());
    assert!(two.linked(profile, account).await);
    door.get("/account").await.expect(401);
    let new = reply.token(Scope::User).unwrap();
    two.door(&new).get("/account").await.expect(200);
    two.other.client(OwnApi).with_token(Scope::User, &new).get("/account").await.expect(200);
    // The first school keeps nothing of the second: not its address, not the login, not the name.
    let kept: String = two
        .ask_in(
            &town.school,
            "SELECT (SELECT string_agg(a::text, ' ') FROM audit a) || (SELECT string_agg(i::text, ' ') FROM idempotency i)",
            vec![],
        )
        .await;
    assert!(kept.contains("attachment_look") && kept.contains("attachment_add"), "{kept}");
    let others = [two.other.card.slug.clone(), two.other.card.id.to_string(), profile.to_string(), card.id.to_string()];
    for word in others.iter().map(String::as_str).chain([card.login.as_str(), "Тек-Екіншіде"]) {
        assert!(!kept.contains(word), "{word}: {kept}");
    }
}

#[tokio::test]
async fn s27_an_attachment_needs_a_proof_of_the_last_ten_minutes() {
    let two = Two::open().await;
    let door = two.inside("aigul.s").await;
    let (_, card) = two.guardian().await;
    two.town.later(600);
    refused(&look(&door, &card).await, 403, "accounts.step-up-needed");
    refused(&add(&door, &card).await, 403, "accounts.step-up-needed");
    assert_eq!(two.town.state_of(card.id).await, "issued");
    door.post("/account/proof", &json!({ "password": PASSWORD })).await.expect(200);
    add(&door, &card).await.expect(200);
}

#[tokio::test]
async fn s21_an_attachment_counts_the_tries_of_a_card_and_tells_nothing_of_it() {
    let two = Two::open().await;
    let town = &two.town;
    let (_, expired) = two.guardian().await;
    let (_, void) = two.guardian().await;
    let (_, used) = two.guardian().await;
    let (_, card) = two.guardian().await;
    town.account("dana.b").await;
    two.attaches(&used, "dana.b", PASSWORD).await.expect(200);
    credentials::void(town.house(), town.house().store.platform(), void.id).await.unwrap();
    let over = "UPDATE platform.credential SET expires_at = $2 WHERE id = $1";
    town.tell(over, vec![expired.id.into(), town.world.clock.now().into()]).await;
    let door = two.inside("aigul.s").await;
    let wrong = json!({ "login": card.login, "temporary_password": "AAAA-AAAA-AAAA" });
    let bodies = [
        typed(&expired),
        typed(&void),
        typed(&used),
        json!({ "login": "nobody", "temporary_password": "AAAA-AAAA-AAAA" }),
        json!({ "login": "aigul.s", "temporary_password": PASSWORD }),
        json!({ "login": "dana.b", "temporary_password": PASSWORD }),
        wrong.clone(),
    ];
    for path in ["/account/attachment/look", "/account/attachment"] {
        for body in &bodies {
            let reply = door.post(path, body).await;
            assert_eq!(faults(&reply), ["temporary_password:credential-wrong"], "{path} {body}");
            town.later(5);
        }
        door.post("/account/proof", &json!({ "password": PASSWORD })).await.expect(200);
    }
    for _ in 0..3 {
        assert_eq!(town.state_of(card.id).await, "issued");
        door.post("/account/attachment", &wrong).await.expect(422);
        town.later(5);
    }
    assert_eq!(town.state_of(card.id).await, "void", "the fifth try was the last");
    assert_eq!(faults(&add(&door, &card).await), ["temporary_password:credential-wrong"]);
}

#[tokio::test]
async fn s17_who_tries_many_logins_at_an_attachment_is_slowed_down() {
    let two = Two::open().await;
    let door = two.inside("aigul.s").await;
    let (mut wrong, mut held) = (0, 0);
    for n in 0..12 {
        let body = json!({ "login": format!("nobody-{n}"), "temporary_password": "AAAA-AAAA-AAAA" });
        let reply = door.post("/account/attachment/look", &body).await;
        match reply.status.as_u16() {
            429 => held += 1,
            _ => {
                reply.expect(422);
                wrong += 1;
            }
        }
    }
    assert_eq!((wrong, held), (1, 11), "one guess a step of the clock, whatever the login");
    two.town.later(2);
    let (_, card) = two.guardian().await;
    look(&door, &card).await.expect(200);
}

#[tokio::test]
async fn idn_6_the_owner_of_a_profile_there_is_told_so_before_and_after() {
    let two = Two::open().await;
    let door = two.inside("aigul.s").await;
    let again = two.town.card().await;
    refused(&look(&door, &again).await, 409, "accounts.already-there");
    refused(&add(&door, &again).await, 409, "accounts.already-there");
    assert_eq!(two.town.state_of(again.id).await, "issued");
}

#[tokio::test]
async fn s24_a_card_of_an_administrator_asks_for_a_second_factor_first() {
    let two = Two::open().await;
    let door = two.inside("aigul.s").await;
    let (_, card) = two.administrator().await;
    refused(&look(&door, &card).await, 409, "accounts.attach-factor-first");
    refused(&add(&door, &card).await, 409, "accounts.attach-factor-first");
    let begun = door.post("/account/factor", &json!({})).await.expect(200);
    let code = two.town.code(begun["secret"].as_str().unwrap());
    door.post("/account/factor/confirmation", &json!({ "code": code })).await.expect(200);
    assert_eq!(look(&door, &card).await.expect(200)["password_needed"], true);
    let elsewhere = two.town.sign_in_with("aigul.s", "").await;
    elsewhere.expect(401);
    let reply = door.post("/account/attachment", &with_password(&card, PASSWORD)).await;
    reply.expect(200);
    let door = two.door(&reply.token(Scope::User).unwrap());
    assert_eq!(door.get("/account").await.expect(200)["second_factor_required"], true);
    assert_eq!(
        door.post("/account/factor/removal", &json!({ "password": PASSWORD })).await.code(),
        "accounts.factor-required"
    );
}

#[tokio::test]
async fn s24_the_second_factor_stays_while_an_attachment_is_under_way() {
    let two = Two::open().await;
    let town = &two.town;
    let secret = town.account_with_code("basshy").await;
    let tx = town.house().store.begin(town.school.card.place(), Mode::Write).await.unwrap();
    sql::run(&tx, "UPDATE role_held SET role = 'teacher' WHERE role = 'administrator'", []).await.unwrap();
    tx.commit().await.unwrap();
    let token = town.sign_in_with("basshy", &town.code(&secret)).await.token(Scope::User).unwrap();
    let (door, account) = (two.door(&token), town.account_of("basshy").await);
    let (_, card) = two.administrator().await;
    let cut = "UPDATE platform.credential SET state = 'used', ended_at = $3, attaching_account_id = $2 WHERE id = $1";
    town.tell(cut, vec![card.id.into(), account.into(), town.world.clock.now().into()]).await;
    let removal = json!({ "password": PASSWORD });
    refused(&door.post("/account/factor/removal", &removal).await, 409, "accounts.factor-required");
    assert_eq!(door.get("/account").await.expect(200)["second_factor"], true);
}

#[tokio::test]
async fn s20_the_own_password_is_asked_for_before_the_staff_has_it() {
    let two = Two::open().await;
    two.family("aigul.s").await;
    let door = two.signed_in("aigul.s", SHORT).await;
    let (_, card) = two.teacher().await;
    assert_eq!(look(&door, &card).await.expect(200)["password_needed"], true);
    assert_eq!(faults(&add(&door, &card).await), ["password:required"]);
    let wrong = door.post("/account/attachment", &with_password(&card, "not this one")).await;
    assert_eq!(faults(&wrong), ["password:password-wrong"]);
    two.town.later(2);
    let weak = door.post("/account/attachment", &with_password(&card, SHORT)).await;
    refused(&weak, 409, "accounts.attach-password-first");
    assert_eq!(two.town.state_of(card.id).await, "issued");
    // Either way out is good: a second factor, or a longer password.
    let begun = door.post("/account/factor", &json!({})).await.expect(200);
    let code = two.town.code(begun["secret"].as_str().unwrap());
    door.post("/account/factor/confirmation", &json!({ "code": code })).await.expect(200);
    door.post("/account/attachment", &with_password(&card, SHORT)).await.expect(200);
}

#[tokio::test]
async fn s20_a_longer_password_is_the_other_way_out() {
    let two = Two::open().await;
    two.family("aigul.s").await;
    let door = two.signed_in("aigul.s", SHORT).await;
    let (_, card) = two.teacher().await;
    let put = door.put("/account/password", &json!({ "old": SHORT, "new": PASSWORD })).await;
    put.expect(200);
    let door = two.door(&put.token(Scope::User).unwrap());
    door.post("/account/attachment", &with_password(&card, PASSWORD)).await.expect(200);
}

#[tokio::test]
async fn who_is_of_the_staff_already_is_not_asked_for_the_password() {
    let two = Two::open().await;
    let profile = two.town.profile("staff", &[Role::Teacher]).await;
    let own = two.town.issue(profile, false).await;
    let reply = two.town.newcomer(&own).await.post("/registration", &super::registration("aigul.s")).await;
    let door = two.door(&reply.token(Scope::User).unwrap());
    let (_, card) = two.teacher().await;
    assert_eq!(look(&door, &card).await.expect(200)["password_needed"], false);
    add(&door, &card).await.expect(200);
}

#[tokio::test]
async fn f03_an_attachment_sent_again_after_it_was_cut_goes_on() {
    let two = Two::open().await;
    let town = &two.town;
    let door = two.inside("aigul.s").await;
    let account = town.account_of("aigul.s").await;
    let (profile, card) = two.guardian().await;
    // Between the platform's transaction and the school's: what was typed is a used card by now.
    let cut = "UPDATE platform.credential SET state = 'used', ended_at = $3, attaching_account_id = $2 WHERE id = $1";
    town.tell(cut, vec![card.id.into(), account.into(), town.world.clock.now().into()]).await;
    let key = Uuid::from_u128(1);
    let reply = door.write(poem::http::Method::POST, "/account/attachment", &typed(&card), key).await;
    assert_eq!(reply.expect(200)["slug"], two.other.card.slug.as_str());
    assert!(two.linked(profile, account).await);
    assert_eq!(two.schools(&reply).await, two.both());
}

#[tokio::test]
async fn f03_an_attachment_waits_for_a_school_that_does_not_answer() {
    let two = Two::open().await;
    let town = &two.town;
    let door = two.inside("aigul.s").await;
    let (_, card) = two.guardian().await;
    two.silence().await;
    let reply = add(&door, &card).await;
    assert_eq!(reply.status.as_u16(), 503);
    assert_eq!(town.state_of(card.id).await, "issued", "nothing is used up");
    two.back().await;
    add(&door, &card).await.expect(200);
}
