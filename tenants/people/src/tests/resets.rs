//! Lost passwords: a new temporary one on a card, or void at once; by whom, and how often.

use chrono::TimeDelta;
use kd_ctx::Scope;
use kd_kernel::{ProfileId, Role};
use kd_store::sql;
use kd_testkit::{Client, Person, Reply, School};
use poem::http::Method;
use serde_json::json;
use uuid::Uuid;

use super::sheets::{cards, sign_in};
use super::{class, door, school, tx};
use kd_accounts::AccountsApi;

/// A student with an account, in a class that somebody leads.
async fn pupil(school: &School, surname: &str, leader: Option<&Person>, letter: &str) -> Person {
    let pupil = school.person(surname, "Аян", &[Role::Student]).await;
    let class = class(school, 7, letter, leader.map(|l| l.profile)).await;
    let tx = tx(school).await;
    sql::run(
        &tx,
        "INSERT INTO class_member (id, class_id, student_id, joined) VALUES ($1, $2, $3, '2026-09-01')",
        [school.house().id::<Uuid>().into(), class.into(), pupil.profile.into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    pupil
}

async fn reset(door: &Client, of: ProfileId) -> Reply {
    door.post(&format!("/people/{of}/password-reset"), &json!({ "language": "kk" })).await
}

async fn void(door: &Client, of: ProfileId) -> Reply {
    door.post(&format!("/people/{of}/password-void"), &json!({})).await
}

async fn lives(school: &School, person: &Person) -> bool {
    school.house().session_find(&person.token, Scope::User).await.unwrap().is_some()
}

#[tokio::test]
async fn s23_s26_a_reset_prints_a_card_that_lets_its_owner_choose_and_nobody_else() {
    let (school, anar) = school().await;
    let ayan = pupil(&school, "Тілеуов", None, "А").await;
    let before: String = sql::scalar(
        school.house().store.platform(),
        "SELECT login FROM platform.account WHERE id = $1",
        [ayan.account.into()],
    )
    .await
    .unwrap();
    let reply = reset(&door(&school, &anar), ayan.profile).await;
    assert_eq!((reply.status.as_u16(), reply.headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
    assert!(!lives(&school, &ayan).await, "S32: the sessions end");
    let card = cards(&reply.body);
    assert_eq!(card.len(), 1);
    let (login, password) = &card[0];
    let entrance = sign_in(&school, login, password).await;
    assert_eq!(entrance.expect(200)["next"], "register");
    let site = Client::signup(school.house(), AccountsApi)
        .with_token(Scope::Newcomer, &entrance.token(Scope::Newcomer).unwrap());
    let told = site.get("/registration").await.expect(200);
    assert_eq!((&told["kind"], &told["proposed_login"]), (&json!("reset"), &json!(before)));
    let choose =
        |password: &str| json!({ "login": "another.one", "password": password, "terms_version": "", "language": "kk" });
    let same = site.post("/registration", &choose(password)).await;
    assert_eq!(same.expect(422)["fields"][0]["code"], "password-same-as-temporary", "S21");
    let chosen = site.post("/registration", &choose("kuren bota jol uzak")).await;
    assert_eq!(chosen.expect(200)["next"], "portal");
    sign_in(&school, login, password).await.expect(401);
    sign_in(&school, &before, "kuren bota jol uzak").await.expect(200);
    let kept: i64 = sql::scalar(
        school.house().store.platform(),
        "SELECT count(*) FROM platform.account WHERE login = 'another.one'",
        [],
    )
    .await
    .unwrap();
    assert_eq!(kept, 0, "the login stays");
}

#[tokio::test]
async fn s26_a_reset_leaves_the_second_factor() {
    let (school, anar) = school().await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let seal = "UPDATE platform.account SET totp_seed = '\\x00' WHERE id = $1";
    sql::run(school.house().store.platform(), seal, [aigul.account.into()]).await.unwrap();
    let reply = reset(&door(&school, &anar), aigul.profile).await;
    let (login, password) = cards(&reply.body).remove(0);
    let entrance = sign_in(&school, &login, &password).await;
    let site = Client::signup(school.house(), AccountsApi)
        .with_token(Scope::Newcomer, &entrance.token(Scope::Newcomer).unwrap());
    let body = json!({ "login": "x", "password": "kuren bota jol uzak", "terms_version": "", "language": "kk" });
    let chosen = site.post("/registration", &body).await;
    assert_eq!(chosen.expect(200)["next"], "sign_in");
    assert!(chosen.token(Scope::User).is_none(), "no session without the second factor");
    let own: String = sql::scalar(
        school.house().store.platform(),
        "SELECT login FROM platform.account WHERE id = $1",
        [aigul.account.into()],
    )
    .await
    .unwrap();
    let again = sign_in(&school, &own, "kuren bota jol uzak").await;
    assert_eq!(again.code(), "accounts.second-factor-needed");
}

#[tokio::test]
async fn a_class_teacher_resets_the_own_students_alone() {
    let (school, anar) = school().await;
    let saule = school.person("Оспанова", "Сәуле", &[Role::ClassTeacher, Role::Teacher]).await;
    let own = pupil(&school, "Тілеуов", Some(&saule), "А").await;
    let other = pupil(&school, "Бекова", None, "Б").await;
    let theirs = door(&school, &saule);
    assert_eq!(reset(&theirs, own.profile).await.status, 200);
    for person in [&other, &anar, &saule] {
        assert_eq!(reset(&theirs, person.profile).await.status, 403);
        assert_eq!(void(&theirs, person.profile).await.status, 403);
        assert!(lives(&school, person).await);
    }
    for role in [Role::Teacher, Role::Editor] {
        let person = school.person("Бөтен", "Адам", &[role]).await;
        assert_eq!(reset(&door(&school, &person), own.profile).await.status, 403, "{role:?}");
    }
    for role in [Role::Student, Role::Guardian] {
        let person = school.person("Бөтен", "Адам", &[role]).await;
        assert_eq!(reset(&door(&school, &person), own.profile).await.status, 404, "{role:?}");
    }
}

#[tokio::test]
async fn s24_an_administrator_does_not_reset_another() {
    let (school, anar) = school().await;
    let dana = school.person("Бекова", "Дана", &[Role::Administrator]).await;
    for reply in [reset(&door(&school, &anar), dana.profile).await, void(&door(&school, &anar), dana.profile).await] {
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "people.reset-administrator"));
    }
    assert!(lives(&school, &dana).await);
}

#[tokio::test]
async fn s32_what_another_has_seen_is_void_at_once() {
    let (school, anar) = school().await;
    let ayan = pupil(&school, "Тілеуов", None, "А").await;
    void(&door(&school, &anar), ayan.profile).await.expect(200);
    assert!(!lives(&school, &ayan).await);
    let tx = tx(&school).await;
    let lines: i64 = sql::scalar(
        &tx,
        "SELECT count(*) FROM audit WHERE operation = 'password_void' AND subject_id = $1",
        [ayan.profile.into()],
    )
    .await
    .unwrap();
    assert_eq!(lines, 1);
}

#[tokio::test]
async fn s27_a_reset_needs_a_proof_of_the_last_ten_minutes() {
    let (school, anar) = school().await;
    let ayan = pupil(&school, "Тілеуов", None, "А").await;
    let stale = "UPDATE platform.session SET proven_at = proven_at - interval '11 minutes'";
    sql::run(school.house().store.platform(), stale, []).await.unwrap();
    let roles = json!({ "version": 1, "roles": ["editor"] });
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let theirs = door(&school, &anar);
    for reply in [
        reset(&theirs, ayan.profile).await,
        void(&theirs, ayan.profile).await,
        theirs.put(&format!("/people/{}/roles", aigul.profile), &roles).await,
    ] {
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "accounts.step-up-needed"));
    }
    assert!(lives(&school, &ayan).await);
}

#[tokio::test]
async fn resets_are_limited_by_the_hour() {
    let (school, _) = school().await;
    let saule = school.person("Оспанова", "Сәуле", &[Role::ClassTeacher]).await;
    let own = pupil(&school, "Тілеуов", Some(&saule), "А").await;
    for _ in 0..10 {
        assert_eq!(reset(&door(&school, &saule), own.profile).await.status, 200);
    }
    let reply = reset(&door(&school, &saule), own.profile).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (429, "people.too-many-resets"));
}

/// A reset that is asked again with its own key, because the answer was lost.
async fn again(door: &Client, of: ProfileId, what: &str, key: u128) -> Reply {
    let body = if what == "reset" { json!({ "language": "kk" }) } else { json!({}) };
    door.write(Method::POST, &format!("/people/{of}/password-{what}"), &body, Uuid::from_u128(key)).await
}

async fn newcomer(school: &School, card: &(String, String)) -> Client {
    let entrance = sign_in(school, &card.0, &card.1).await;
    entrance.expect(200);
    Client::signup(school.house(), AccountsApi).with_token(Scope::Newcomer, &entrance.token(Scope::Newcomer).unwrap())
}

/// Chooses a password by a card.
async fn chooses(site: &Client, password: &str) -> Reply {
    let body = json!({ "login": "x", "password": password, "terms_version": "", "language": "kk" });
    site.post("/registration", &body).await
}

async fn tell(school: &School, statement: &'static str, person: &Person) {
    sql::run(school.house().store.platform(), statement, [person.account.into()]).await.unwrap();
}

fn over(reply: &Reply) {
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "people.reset-over"));
}

#[tokio::test]
async fn s23_an_answer_that_was_lost_is_fetched_again_and_the_former_card_is_void() {
    let (school, anar) = school().await;
    let ayan = pupil(&school, "Тілеуов", None, "А").await;
    let theirs = door(&school, &anar);
    let lost = cards(&again(&theirs, ayan.profile, "reset", 7).await.body).remove(0);
    let opened = newcomer(&school, &lost).await;
    let card = cards(&again(&theirs, ayan.profile, "reset", 7).await.body).remove(0);
    assert_eq!(card.0, lost.0, "the login stays");
    assert_ne!(card.1, lost.1);
    sign_in(&school, &lost.0, &lost.1).await.expect(401);
    opened.get("/registration").await.expect(401);
    school.world.clock.advance(TimeDelta::seconds(2));
    let card = cards(&again(&theirs, ayan.profile, "reset", 7).await.body).remove(0);
    let site = newcomer(&school, &card).await;
    chooses(&site, "kuren bota jol uzak").await.expect(200);
}

#[tokio::test]
async fn s23_a_reset_that_was_used_or_replaced_is_not_done_again_by_its_key() {
    let (school, anar) = school().await;
    let ayan = pupil(&school, "Тілеуов", None, "А").await;
    let theirs = door(&school, &anar);
    let card = cards(&again(&theirs, ayan.profile, "reset", 7).await.body).remove(0);
    let chosen = chooses(&newcomer(&school, &card).await, "kuren bota jol uzak").await;
    let token = chosen.token(Scope::User).unwrap();
    over(&again(&theirs, ayan.profile, "reset", 7).await);
    assert!(school.house().session_find(&token, Scope::User).await.unwrap().is_some(), "the session lives on");

    let first = cards(&again(&theirs, ayan.profile, "reset", 8).await.body).remove(0);
    let second = cards(&again(&theirs, ayan.profile, "reset", 9).await.body).remove(0);
    over(&again(&theirs, ayan.profile, "reset", 8).await);
    sign_in(&school, &first.0, &first.1).await.expect(401);
    school.world.clock.advance(TimeDelta::seconds(2));
    sign_in(&school, &second.0, &second.1).await.expect(200);

    tell(&school, "UPDATE platform.account SET password_hash = 'another' WHERE id = $1", &ayan).await;
    over(&again(&theirs, ayan.profile, "reset", 9).await);
}

#[tokio::test]
async fn s15_s27_a_reset_is_asked_again_by_whoever_may_reset_now() {
    let (school, anar) = school().await;
    let saule = school.person("Оспанова", "Сәуле", &[Role::ClassTeacher, Role::Teacher]).await;
    let own = pupil(&school, "Тілеуов", Some(&saule), "А").await;
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let (teacher, administrator) = (door(&school, &saule), door(&school, &anar));
    assert_eq!(again(&teacher, own.profile, "reset", 7).await.status, 200);
    let tx = tx(&school).await;
    sql::run(&tx, "UPDATE class SET homeroom_id = NULL", []).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(again(&teacher, own.profile, "reset", 7).await.status, 403, "the class is another's now");

    let card = cards(&again(&administrator, aigul.profile, "reset", 8).await.body).remove(0);
    school.world.clock.advance(TimeDelta::minutes(11));
    let reply = again(&administrator, aigul.profile, "reset", 8).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "accounts.step-up-needed"));
    let administrator = administrator.with_token(Scope::User, &school.session(anar.account).await);
    let tx = super::tx(&school).await;
    let role = "INSERT INTO role_held (profile_id, role, since) VALUES ($1, 'administrator', now())";
    sql::run(&tx, role, [aigul.profile.into()]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(again(&administrator, aigul.profile, "reset", 8).await.code(), "people.reset-administrator", "S24");
    sign_in(&school, &card.0, &card.1).await.expect(200);
}

#[tokio::test]
async fn s32_a_voiding_that_is_asked_again_touches_nothing_that_came_since() {
    let (school, anar) = school().await;
    let ayan = pupil(&school, "Тілеуов", None, "А").await;
    let theirs = door(&school, &anar);
    again(&theirs, ayan.profile, "void", 7).await.expect(200);
    let card = cards(&reset(&theirs, ayan.profile).await.body).remove(0);
    again(&theirs, ayan.profile, "void", 7).await.expect(200);
    let chosen = chooses(&newcomer(&school, &card).await, "kuren bota jol uzak").await;
    let token = chosen.token(Scope::User).unwrap();
    again(&theirs, ayan.profile, "void", 7).await.expect(200);
    assert!(school.house().session_find(&token, Scope::User).await.unwrap().is_some());

    again(&theirs, ayan.profile, "void", 8).await.expect(200);
    assert!(school.house().session_find(&token, Scope::User).await.unwrap().is_none(), "a new one voids");
    tell(&school, "UPDATE platform.account SET password_hash = 'cut' WHERE id = $1", &ayan).await;
    again(&theirs, ayan.profile, "void", 8).await.expect(200);
    let question = "SELECT password_hash FROM platform.account WHERE id = $1";
    let hash: String = sql::scalar(school.house().store.platform(), question, [ayan.account.into()]).await.unwrap();
    assert_eq!(hash, "none", "what was cut is finished");
}

#[tokio::test]
async fn s23_a_reset_opens_no_other_school() {
    let (school, anar) = school().await;
    let ayan = pupil(&school, "Тілеуов", None, "А").await;
    let other = School::in_world(&school.world).await;
    let there = other.person("Тілеуов", "Аян", &[Role::Student]).await;
    let elsewhere = super::tx(&other).await;
    let linked = "UPDATE profile SET account_id = $2 WHERE id = $1";
    sql::run(&elsewhere, linked, [there.profile.into(), ayan.account.into()]).await.unwrap();
    elsewhere.commit().await.unwrap();
    let member = "UPDATE platform.membership SET account_id = $2 WHERE profile_id = $1";
    let platform = school.house().store.platform();
    sql::run(platform, member, [there.profile.into(), ayan.account.into()]).await.unwrap();

    let theirs = door(&school, &anar);
    let reply = reset(&theirs, ayan.profile).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "people.reset-elsewhere"));
    assert!(lives(&school, &ayan).await, "nothing is void");
    void(&theirs, ayan.profile).await.expect(200);
    assert!(!lives(&school, &ayan).await, "S32: what a stranger has seen is void in both");

    tell(&school, "UPDATE platform.account SET totp_seed = '\\x00' WHERE id = $1", &ayan).await;
    let card = cards(&reset(&theirs, ayan.profile).await.body).remove(0);
    let chosen = chooses(&newcomer(&school, &card).await, "kuren bota jol uzak").await;
    assert_eq!(chosen.expect(200)["next"], "sign_in", "the second factor is asked for");
    assert!(chosen.token(Scope::User).is_none());

    tell(&school, "UPDATE platform.account SET totp_seed = NULL WHERE id = $1", &ayan).await;
    let left = super::tx(&other).await;
    sql::run(&left, "UPDATE profile SET state = 'archived' WHERE id = $1", [there.profile.into()]).await.unwrap();
    left.commit().await.unwrap();
    assert_eq!(reset(&theirs, ayan.profile).await.status, 200, "a school that was left is none");
}
