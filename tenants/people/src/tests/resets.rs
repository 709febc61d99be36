//! Lost passwords: a new temporary one on a card, or void at once; by whom, and how often.

use kd_ctx::Scope;
use kd_kernel::{ProfileId, Role};
use kd_store::sql;
use kd_testkit::{Client, Person, Reply, School};
use serde_json::json;

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
        [school.house().id::<uuid::Uuid>().into(), class.into(), pupil.profile.into()],
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
