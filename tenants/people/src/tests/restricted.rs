//! Whom the provider keeps out: the school is told, and goes on entering data about the person.

use chrono::TimeDelta;
use kd_accounts::restrictions::{impose, release, release_due};
use kd_accounts::restrictions_wire::{Nature, RestrictionNew};
use kd_kernel::{AccountId, Role};
use kd_store::sql;
use kd_testkit::{Person, School};
use serde_json::json;

use super::{door, school};

async fn operator(school: &School) -> AccountId {
    let id: AccountId = school.house().id();
    sql::run(
        school.house().store.platform(),
        "INSERT INTO platform.account (id, login, kind, state, password_hash, created_at, password_set_at) \
         VALUES ($1, 'root.one', 'operator', 'active', 'none', $2, $2)",
        [id.into(), school.world.clock.now().into()],
    )
    .await
    .unwrap();
    id
}

async fn reached_at(school: &School, person: &Person, address: &str) {
    sql::run(
        school.house().store.platform(),
        "UPDATE platform.account SET email = $2, language = 'ru' WHERE id = $1",
        [person.account.into(), address.into()],
    )
    .await
    .unwrap();
}

/// The subjects of the letters to an address.
async fn letters(school: &School, address: &str) -> Option<String> {
    sql::scalar(
        school.house().store.platform(),
        "SELECT string_agg(subject, '; ' ORDER BY id) FROM platform.letter WHERE recipient = $1",
        [address.into()],
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn acc_5_who_is_kept_out_cannot_enter_and_the_school_is_told_and_goes_on() {
    let (school, anar) = school().await;
    let dana = school.person("Нұрланова", "Дана", &[Role::Teacher]).await;
    let colleague = school.person("Бекова", "Сәуле", &[Role::Teacher]).await;
    reached_at(&school, &anar, "anar@example.org").await;
    let (house, by) = (school.house(), operator(&school).await);
    door(&school, &dana).get("/me").await.expect(200);
    let three = RestrictionNew { nature: Nature::Rights, days: Some(3) };
    let user = impose(house, by, dana.account, &three).await.unwrap();
    assert_eq!(user.restriction.unwrap().nature, Nature::Rights);
    door(&school, &dana).get("/me").await.expect(401);
    assert_eq!(impose(house, by, dana.account, &three).await.unwrap_err().code(), "accounts.restricted");
    assert_eq!(impose(house, by, by, &three).await.unwrap_err().code(), "not-found", "no operator keeps another out");
    let long = RestrictionNew { nature: Nature::Law, days: Some(366) };
    assert_eq!(impose(house, by, colleague.account, &long).await.unwrap_err().fields()[0].field, "days");

    // The administrator is told in a letter that names nobody, and sees in the school who it is and why.
    assert_eq!(
        letters(&school, "anar@example.org").await.unwrap(),
        "Доступ одного из пользователей вашей школы ограничен"
    );
    let path = format!("/people/{}", dana.profile);
    let card = door(&school, &anar).get(&path).await.expect(200);
    assert_eq!((&card["restriction"]["nature"], card["restriction"]["until"].is_string()), (&json!("rights"), true));
    let search = json!({ "kind": "staff", "text": "Нұрланова" });
    let found = door(&school, &anar).post("/people/search", &search).await.expect(200);
    assert_eq!(found["people"][0]["restricted"], true);
    let seen = door(&school, &colleague).post("/people/search", &search).await.expect(200);
    assert_eq!(seen["people"][0].get("restricted"), None, "a colleague is not told");
    assert_eq!(door(&school, &colleague).get(&path).await.expect(200).get("restriction"), None);
    // Data about the person are entered as before (agreement, 3.2.4).
    let edit = json!({ "version": card["version"], "surname": "Нұрланова", "given_name": "Дана", "sex": "f",
        "phone": "8 701 123 45 67" });
    assert_eq!(door(&school, &anar).put(&path, &edit).await.expect(200)["phone"], "+77011234567");

    // When the time is over, the person may enter again; sessions of before stay dead.
    release_due(house).await.unwrap();
    assert_eq!(release(house, by, colleague.account).await.unwrap_err().code(), "accounts.not-restricted");
    school.world.clock.advance(TimeDelta::days(3));
    release_due(house).await.unwrap();
    let state: String =
        sql::scalar(house.store.platform(), "SELECT state FROM platform.account WHERE id = $1", [dana.account.into()])
            .await
            .unwrap();
    assert_eq!(state, "active");
    assert!(letters(&school, "anar@example.org").await.unwrap().ends_with("вашей школы снято"));
    let young = school.session(anar.account).await;
    let later = school.client(crate::PeopleApi).with_token(kd_ctx::Scope::User, &young);
    assert_eq!(later.get(&path).await.expect(200).get("restriction"), None);
}
