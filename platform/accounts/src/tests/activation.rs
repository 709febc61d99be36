//! The first administrator of a school that has applied.

use chrono::TimeDelta;
use kd_ctx::{Scope, Token};
use kd_http::Newcomer;
use kd_kernel::{ApplicationId, Tongue};
use kd_testkit::Client;
use serde_json::json;

use super::{PASSWORD, Town, faults, registration};
use crate::credentials::{self, Issued, New, Purpose};
use crate::{account_activate, session_upgrade};

pub(super) async fn invitation(town: &Town) -> (ApplicationId, Issued) {
    let application: ApplicationId = town.house().id();
    town.tell(
        "INSERT INTO platform.application (id, number, state, name_kk, name_ru, bin, region, city, legal_address, \
         postal_address, director, contact_name, email, phone, language, pupils, locale, received_at) VALUES \
         ($1, 'A-1', 'invited', 'Жаңа мектеп', 'Новая школа', '990140000007', '71', 'Астана', 'Үлгі 1', 'Үлгі 1', \
         'Директор', 'Әкімші', 'mektep@example.org', '+77011234567', 'kk', 500, 'kk', $2)",
        vec![application.into(), town.world.clock.now().into()],
    )
    .await;
    let purpose = Purpose::Activation { application };
    let new = New { purpose, stem: "zhana.mektep".to_owned(), strict: false, ttl: TimeDelta::hours(72) };
    let issued = credentials::issue(town.house(), town.house().store.platform(), new).await.unwrap();
    (application, issued)
}

/// Registers by an invitation; answers the client with the new session, its token and the secret.
async fn registered(town: &Town, card: &Issued) -> (Client, Token, String) {
    let newcomer = town.newcomer(card).await;
    let begun = newcomer.post("/registration/second-factor", &json!({})).await.expect(200);
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let mut new = registration("director");
    new["code"] = town.code(&secret).into();
    let reply = newcomer.post("/registration", &new).await;
    assert_eq!(reply.expect(200), json!({"next": "activate"}));
    newcomer.get("/registration").await.expect(401);
    let token = reply.token(Scope::Newcomer).unwrap();
    (town.site.with_token(Scope::Newcomer, &token), token, secret)
}

async fn guard(town: &Town, token: &Token) -> Newcomer {
    let session = town.house().session_find(token, Scope::Newcomer).await.unwrap().unwrap();
    let house = std::sync::Arc::clone(town.house());
    Newcomer { house, session, token: token.clone(), ip: std::net::IpAddr::from([127, 0, 0, 1]), tongue: Tongue::Kk }
}

#[tokio::test]
async fn an_administrator_registers_by_invitation_and_goes_on_activating() {
    let town = Town::open().await;
    let (application, card) = invitation(&town).await;
    let reply = town.sign_in(&card.login, card.temporary_password.reveal()).await;
    assert_eq!(reply.expect(200), json!({"next": "activate", "schools": []}));
    let newcomer = town.site.with_token(Scope::Newcomer, &reply.token(Scope::Newcomer).unwrap());
    assert_eq!(newcomer.get("/session").await.expect(200)["kind"], "activate");
    let read = newcomer.get("/registration").await.expect(200);
    assert_eq!(
        read,
        json!({"kind": "activation", "proposed_login": "zhana.mektep", "second_factor_required": true,
            "terms_version": "2026-1", "min_password": 15, "school_name_kk": "Жаңа мектеп",
            "school_name_ru": "Новая школа", "roles": ["administrator"]})
    );
    assert_eq!(
        faults(&newcomer.post("/registration", &registration("director")).await),
        ["code:required"],
        "s24: an administrator always has a second factor"
    );

    let (activating, token, secret) = registered(&town, &card).await;
    let state: String = town
        .ask(
            "SELECT state || ' ' || (account_id IS NOT NULL) FROM platform.application WHERE id = $1",
            application.into(),
        )
        .await;
    assert_eq!(state, "registered true");
    let events: i64 = town
        .ask(
            "SELECT count(*) FROM platform.application_event WHERE kind = 'registered' AND application_id = $1",
            application.into(),
        )
        .await;
    assert_eq!(events, 1);
    assert_eq!(
        activating.get("/session").await.expect(200),
        json!({"kind": "activate", "login": "director", "schools": []})
    );
    let standing = credentials::of_application(town.house(), town.house().store.platform(), application).await.unwrap();
    assert_eq!(standing.map(|s| s.state), Some("used"));

    town.later(31);
    let again = town.sign_in_with("director", &town.code(&secret)).await;
    assert_eq!(again.expect(200), json!({"next": "activate", "schools": []}));
    let before = guard(&town, &token).await;
    assert_eq!(session_upgrade(town.house(), &before).await.unwrap_err().code(), "accounts.not-open-yet");
    let account = before.session.account.unwrap();
    account_activate(town.house().store.platform(), account).await.unwrap();
    account_activate(town.house().store.platform(), account).await.unwrap();
    let upgraded = session_upgrade(town.house(), &guard(&town, &token).await).await.unwrap();
    assert!(town.house().session_find(&token, Scope::Newcomer).await.unwrap().is_none(), "s30: the old token is dead");
    assert!(town.house().session_find(&upgraded, Scope::User).await.unwrap().is_some());
}

#[tokio::test]
async fn s22_a_newcomer_reaches_registration_and_nothing_else() {
    let town = Town::open().await;
    let card = town.card().await;
    let newcomer = town.newcomer(&card).await;
    let reply = town.sign_in(&card.login, card.temporary_password.reveal()).await;
    let token = reply.token(Scope::Newcomer).unwrap();
    for scope in [Scope::User, Scope::Operator] {
        assert!(town.house().session_find(&token, scope).await.unwrap().is_none(), "{scope:?}");
    }
    // An account's own session, ordinary or not, does not register again.
    let (_, user) = town.account("aigul.s").await;
    let (_, invitation) = invitation(&town).await;
    let (activating, ..) = registered(&town, &invitation).await;
    let user = town.site.with_token(Scope::User, &user);
    let mut tried = 0;
    for (door, status) in [(&town.site, 401), (&newcomer, 401), (&user, 401), (&activating, 409)] {
        door.get("/registration").await.expect(status);
        door.post("/registration/second-factor", &json!({})).await.expect(status);
        door.post("/registration", &registration("another")).await.expect(status);
        tried += 3;
    }
    assert_eq!(tried, 12);
    // Who still has only a card is not upgraded.
    let still = guard(&town, &token).await;
    assert_eq!(session_upgrade(town.house(), &still).await.unwrap_err().code(), "accounts.not-open-yet");
    town.sign_in("director", PASSWORD).await.expect(401);
}

#[tokio::test]
async fn an_invitation_to_an_application_that_has_an_account_is_spent() {
    let town = Town::open().await;
    let (application, card) = invitation(&town).await;
    registered(&town, &card).await;
    let purpose = Purpose::Activation { application };
    let new = New { purpose, stem: "b".to_owned(), strict: true, ttl: TimeDelta::hours(72) };
    let second = credentials::issue(town.house(), town.house().store.platform(), new).await.unwrap();
    let newcomer = town.newcomer(&second).await;
    let begun = newcomer.post("/registration/second-factor", &json!({})).await.expect(200);
    let mut new = registration("intruder");
    new["code"] = town.code(begun["secret"].as_str().unwrap()).into();
    let reply = newcomer.post("/registration", &new).await;
    reply.expect(409);
    assert_eq!(reply.code(), "accounts.credential-spent");
    assert_eq!(town.state_of(second.id).await, "issued", "nothing of it was kept");
}
