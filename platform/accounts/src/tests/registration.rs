//! From a card with a temporary password to an account in a school.

use chrono::TimeDelta;
use kd_ctx::Scope;
use kd_kernel::Role;
use kd_store::{Mode, sql};
use sea_orm::TransactionTrait;
use serde_json::json;

use super::{PASSWORD, Town, faults, registration};
use crate::credentials::{self, New, Purpose};
use crate::mend_memberships;

#[tokio::test]
async fn a_guardian_registers_with_a_card_and_enters_the_school() {
    let town = Town::open().await;
    let card = town.card().await;
    let Purpose::Initial { profile, .. } = card.purpose else { unreachable!() };
    let tx = town.house().store.begin(town.school.card.place(), Mode::Write).await.unwrap();
    sql::run(
        &tx,
        "INSERT INTO handout (profile_id, credential_id, login, state, issued_at, expires_at) VALUES ($1, $2, 'x', \
         'handed_over', $3, $3)",
        [profile.into(), card.id.into(), card.expires_at.into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();

    // Typed as children type: lower case, without hyphens.
    let typed = card.temporary_password.reveal().to_lowercase().replace('-', " ");
    let reply = town.sign_in(&card.login.to_uppercase(), &typed).await;
    assert_eq!(reply.expect(200), json!({"next": "register", "schools": []}));
    let first = reply.token(Scope::Newcomer).unwrap();
    let newcomer = town.site.with_token(Scope::Newcomer, &first);
    assert_eq!(
        newcomer.get("/session").await.expect(200),
        json!({"kind": "register", "login": card.login, "schools": []})
    );
    assert_eq!(
        newcomer.get("/registration").await.expect(200),
        json!({"kind": "initial", "proposed_login": "serikova.aigul", "second_factor_required": false,
            "terms_version": "2026-1", "min_password": 8, "school_name_kk": "Үлгі мектебі",
            "school_name_ru": "Школа-образец", "full_name": "Серікова Айгүл Маратқызы", "roles": ["guardian"]})
    );

    let reply = newcomer.post("/registration", &registration("Aigul.S")).await;
    assert_eq!(reply.expect(200), json!({"next": "portal", "slug": town.school.card.slug}));
    let user = town.site.with_token(Scope::User, &reply.token(Scope::User).unwrap());
    let seat = json!({"slug": town.school.card.slug, "name_kk": "Үлгі мектебі", "name_ru": "Школа-образец",
        "roles": ["guardian"]});
    assert_eq!(
        user.get("/session").await.expect(200),
        json!({"kind": "portal", "login": "aigul.s", "schools": [seat]})
    );
    newcomer.get("/registration").await.expect(401);
    assert_eq!(newcomer.get("/session").await.expect(200), json!({"kind": "none", "schools": []}));

    let account = town.account_of("aigul.s").await;
    let tx = town.house().store.begin(town.school.card.place(), Mode::Read).await.unwrap();
    let linked: bool = sql::scalar(
        &tx,
        "SELECT p.account_id = $2 AND h.state = 'activated' AND h.activated_at IS NOT NULL \
         AND (SELECT count(*) FROM audit WHERE operation = 'register' AND profile_id = $1) = 1 \
         FROM profile p JOIN handout h ON h.profile_id = p.id WHERE p.id = $1",
        [profile.into(), account.into()],
    )
    .await
    .unwrap();
    assert!(linked);
    let kept: bool = town
        .ask(
            "SELECT EXISTS (SELECT FROM platform.terms_acceptance WHERE account_id = $1 AND version = '2026-1')",
            account.into(),
        )
        .await;
    assert!(kept);
    town.later(2);
    assert_eq!(town.sign_in("AIGUL.s", PASSWORD).await.expect(200), json!({"next": "portal", "schools": [seat]}));
}

#[tokio::test]
async fn s24_a_card_from_before_the_role_registers_no_administrator_without_a_code() {
    let town = Town::open().await;
    let profile = town.profile("staff", &[Role::Administrator]).await;
    let card = town.issue(profile, false).await;
    let reply = town.sign_in(&card.login, card.temporary_password.reveal()).await;
    let newcomer = town.site.with_token(Scope::Newcomer, &reply.token(Scope::Newcomer).unwrap());
    assert_eq!(newcomer.get("/registration").await.expect(200)["second_factor_required"], true);
    assert_eq!(faults(&newcomer.post("/registration", &registration("aigul.s")).await), ["code:required"]);
    assert_eq!(town.state_of(card.id).await, "issued");
}

#[tokio::test]
async fn all_faults_of_a_registration_are_told_at_once() {
    let town = Town::open().await;
    let profile = town.profile("staff", &[Role::Teacher]).await;
    let card = town.issue(profile, true).await;
    let newcomer = town.newcomer(&card).await;
    let new = json!({"login": "Айгүл", "password": "short", "terms_version": "2025-9", "language": "kk"});
    assert_eq!(
        faults(&newcomer.post("/registration", &new).await),
        ["login:login-format", "terms_version:terms-outdated", "code:required", "password:password-short"]
    );
    let mut new = registration("aigul.s");
    new["code"] = "123456".into();
    assert_eq!(faults(&newcomer.post("/registration", &new).await), ["code:code-wrong"]);
    town.account("aigul.s").await;
    let other = town.card().await;
    let newcomer = town.newcomer(&other).await;
    assert_eq!(faults(&newcomer.post("/registration", &registration("aigul.s")).await), ["login:login-taken"]);
    let foreign = town.card().await;
    assert_eq!(
        faults(&newcomer.post("/registration", &registration(&foreign.login)).await),
        ["login:login-taken"],
        "a login of somebody else's card is not free either"
    );
    newcomer.post("/registration", &registration(&other.login)).await.expect(200);
}

#[tokio::test]
async fn s20_staff_need_fifteen_characters_or_a_second_factor() {
    let town = Town::open().await;
    let profile = town.profile("staff", &[Role::Teacher]).await;
    let newcomer = town.newcomer(&town.issue(profile, false).await).await;
    assert_eq!(newcomer.get("/registration").await.expect(200)["min_password"], 15);
    let mut new = registration("aigul.s");
    new["password"] = "tulpar-kok7".into();
    assert_eq!(faults(&newcomer.post("/registration", &new).await), ["password:password-short"]);
    new["password"] = "serikova-aigul-serikova".into();
    assert_eq!(faults(&newcomer.post("/registration", &new).await), ["password:password-weak"]);
    new["password"] = "tulpar-kok7".into();
    let begun = newcomer.post("/registration/second-factor", &json!({})).await.expect(200);
    new["code"] = town.code(begun["secret"].as_str().unwrap()).into();
    newcomer.post("/registration", &new).await.expect(200);
}

#[tokio::test]
async fn s21_a_temporary_password_is_used_once_and_is_not_the_new_one() {
    let town = Town::open().await;
    let card = town.card().await;
    let (one, two) = (town.newcomer(&card).await, town.newcomer(&card).await);
    one.get("/registration").await.expect(401);
    let mut new = registration("aigul.s");
    for same in [card.temporary_password.reveal().to_owned(), card.temporary_password.reveal().to_lowercase()] {
        new["password"] = same.into();
        assert_eq!(faults(&two.post("/registration", &new).await), ["password:password-same-as-temporary"]);
    }
    two.post("/registration", &registration("aigul.s")).await.expect(200);
    assert_eq!(town.state_of(card.id).await, "used");
    two.post("/registration", &registration("aigul.t")).await.expect(401);
    town.later(2);
    assert_eq!(town.sign_in(&card.login, card.temporary_password.reveal()).await.code(), "accounts.wrong-credentials");
}

#[tokio::test]
async fn s21_a_temporary_password_expires_and_allows_five_tries() {
    let town = Town::open().await;
    let (spent, late, steady) = (town.card().await, town.card().await, town.card().await);
    for _ in 0..5 {
        assert_eq!(town.state_of(spent.id).await, "issued");
        town.sign_in(&spent.login, "AAAA-AAAA-AAAA").await.expect(401);
        town.later(5);
    }
    assert_eq!(town.state_of(spent.id).await, "void");
    town.sign_in(&spent.login, spent.temporary_password.reveal()).await.expect(401);
    // A right one begins the count anew.
    for _ in 0..3 {
        for _ in 0..4 {
            town.sign_in(&steady.login, "AAAA-AAAA-AAAA").await.expect(401);
            town.later(5);
        }
        town.sign_in(&steady.login, steady.temporary_password.reveal()).await.expect(200);
    }
    let newcomer = town.newcomer(&late).await;
    let valid = (late.expires_at - town.world.clock.now()).num_seconds();
    assert!((13 * 86_400..=14 * 86_400).contains(&valid));
    town.later(valid - 3_600);
    town.newcomer(&late).await;
    town.later(3_601);
    town.sign_in(&late.login, late.temporary_password.reveal()).await.expect(401);
    newcomer.get("/registration").await.expect(401);
    let standing = credentials::state_of(town.house(), town.house().store.platform(), late.id).await.unwrap().unwrap();
    assert_eq!(standing.state, "expired");
}

#[tokio::test]
async fn s21_a_card_that_expires_while_somebody_registers_is_spent() {
    let town = Town::open().await;
    let profile = town.profile("guardian", &[Role::Guardian]).await;
    let purpose = Purpose::Initial { school: town.school.card.id, profile };
    let new = New { purpose, stem: "a".to_owned(), strict: false, ttl: TimeDelta::minutes(5) };
    let card = credentials::issue(town.house(), town.house().store.platform(), new).await.unwrap();
    let newcomer = town.newcomer(&card).await;
    town.later(301);
    for reply in [
        newcomer.get("/registration").await,
        newcomer.post("/registration/second-factor", &json!({})).await,
        newcomer.post("/registration", &registration("aigul.s")).await,
    ] {
        reply.expect(409);
        assert_eq!(reply.code(), "accounts.credential-spent");
    }
}

#[tokio::test]
async fn s21_a_new_card_voids_the_former_and_its_session() {
    let town = Town::open().await;
    let profile = town.profile("guardian", &[Role::Guardian]).await;
    let former = town.issue(profile, false).await;
    let newcomer = town.newcomer(&former).await;
    let card = town.issue(profile, false).await;
    assert_eq!(town.state_of(former.id).await, "void");
    newcomer.get("/registration").await.expect(401);
    town.later(2);
    town.sign_in(&former.login, former.temporary_password.reveal()).await.expect(401);
    let newcomer = town.newcomer(&card).await;
    credentials::void(town.house(), town.house().store.platform(), card.id).await.unwrap();
    newcomer.post("/registration", &registration("aigul.s")).await.expect(401);
}

#[tokio::test]
async fn a_card_makes_one_account_however_many_register_at_once() {
    let town = Town::open().await;
    let card = town.card().await;
    let newcomer = town.newcomer(&card).await;
    let bodies: Vec<_> = (0..4).map(|n| registration(&format!("aigul.{n}"))).collect();
    let replies = futures_util::future::join_all(bodies.iter().map(|b| newcomer.post("/registration", b))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|r| r.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!(statuses[1..].iter().all(|s| matches!(s, 401 | 409)), "{statuses:?}");
    let accounts: i64 = town.ask("SELECT count(*) FROM platform.account WHERE login LIKE $1", "aigul.%".into()).await;
    assert_eq!(accounts, 1);
}

#[tokio::test]
async fn one_login_goes_to_one_of_those_who_want_it_at_once() {
    let town = Town::open().await;
    let (one, two) = (town.card().await, town.card().await);
    let (one, two) = (town.newcomer(&one).await, town.newcomer(&two).await);
    let wanted = registration("aigul.s");
    let (one, two) = tokio::join!(one.post("/registration", &wanted), two.post("/registration", &wanted));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}

#[tokio::test]
async fn many_cards_are_issued_together_or_not_at_all() {
    let town = Town::open().await;
    let mut news = Vec::new();
    for _ in 0..12 {
        let profile = town.profile("student", &[Role::Student]).await;
        let purpose = Purpose::Initial { school: town.school.card.id, profile };
        news.push(New { purpose, stem: "omarov.ali".to_owned(), strict: false, ttl: TimeDelta::days(14) });
    }
    let house = std::sync::Arc::clone(town.house());
    let told = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let (heard, wanted) = (std::sync::Arc::clone(&told), news.clone());
    // As a worker does it: in a task of its own.
    let issued = tokio::spawn(async move {
        let hear = move |n| heard.store(n, std::sync::atomic::Ordering::Relaxed);
        credentials::issue_many(&house, house.store.platform(), wanted, hear).await.unwrap()
    })
    .await
    .unwrap();
    assert_eq!(told.load(std::sync::atomic::Ordering::Relaxed), 12);
    let mut logins: Vec<_> = issued.iter().map(|i| i.login.clone()).collect();
    assert!(logins.iter().all(|l| l.starts_with("omarov.ali.")));
    logins.sort_unstable();
    logins.dedup();
    assert_eq!(logins.len(), 12);
    assert!(issued.iter().zip(&news).all(|(i, n)| i.purpose == n.purpose));
    town.newcomer(&issued[11]).await;

    let tx = town.house().store.platform().begin().await.unwrap();
    credentials::issue_many(town.house(), &tx, news, |_| {}).await.unwrap();
    tx.rollback().await.unwrap();
    let valid: i64 = town.ask("SELECT count(*) FROM platform.credential WHERE state = $1", "issued".into()).await;
    assert_eq!(valid, 12);
    assert_eq!(town.state_of(issued[0].id).await, "issued");
}

#[tokio::test]
async fn a_registration_that_was_cut_is_finished() {
    let town = Town::open().await;
    let (account, _) = town.account("aigul.s").await;
    for by in ["the worker", "signing in"] {
        cut(&town, account).await;
        assert_eq!(mend_memberships(town.house()).await.unwrap(), 0, "it may still be under way");
        if by == "the worker" {
            town.later(31);
            assert_eq!(mend_memberships(town.house()).await.unwrap(), 1);
            assert_eq!(mend_memberships(town.house()).await.unwrap(), 0, "it is settled");
        }
        let signed_in = town.sign_in("aigul.s", PASSWORD).await.expect(200);
        assert_eq!(signed_in["schools"][0]["slug"], town.school.card.slug.as_str(), "{by}");
    }
}

#[tokio::test]
async fn a_registration_that_leads_nowhere_is_given_up() {
    let town = Town::open().await;
    let (account, token) = town.account("aigul.s").await;
    cut(&town, account).await;
    let tx = town.house().store.begin(town.school.card.place(), Mode::Write).await.unwrap();
    sql::run(&tx, "UPDATE profile SET state = 'archived'", []).await.unwrap();
    tx.commit().await.unwrap();
    town.later(31);
    assert_eq!(mend_memberships(town.house()).await.unwrap(), 1);
    let state: String = town.ask("SELECT state FROM platform.account WHERE id = $1", account.into()).await;
    assert_eq!(state, "closed");
    let user = town.site.with_token(Scope::User, &token);
    assert_eq!(user.get("/session").await.expect(200)["kind"], "none");
    town.sign_in("aigul.s", PASSWORD).await.expect(401);
}

/// Takes an account's registration back to where its account is made and nothing else.
async fn cut(town: &Town, account: kd_kernel::AccountId) {
    town.tell(
        "WITH gone AS (DELETE FROM platform.membership WHERE account_id = $1 RETURNING profile_id) \
         UPDATE platform.credential SET pending_account_id = $1, ended_at = $2 \
         WHERE profile_id IN (SELECT profile_id FROM gone)",
        vec![account.into(), town.world.clock.now().into()],
    )
    .await;
    let tx = town.house().store.begin(town.school.card.place(), Mode::Write).await.unwrap();
    sql::run(&tx, "UPDATE profile SET account_id = NULL WHERE account_id = $1", [account.into()]).await.unwrap();
    tx.commit().await.unwrap();
}
