//! The ИИН: behind the switch, sealed, masked, single in a school.

use kd_kernel::{ProfileId, Role};
use kd_store::sql;
use kd_testkit::{Client, Person, School, World};
use serde_json::{Value, json};

use super::{fields, school, student, tx, with};
use crate::{IinApi, MergesApi, PeopleApi};

const AISHA: &str = "131130600005";
const TIMUR: &str = "100415500009";

fn door(school: &School, person: &Person) -> Client {
    school.client((PeopleApi, MergesApi(&[]), IinApi)).of(person)
}

fn statement() -> Value {
    json!({ "on": true, "version": 0, "statement": "Келісім нысаны, 3-тармақ: ЖСН тізімде бар" })
}

/// A school that keeps ИИН.
async fn keeping() -> (School, Person, Client) {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    door.put("/iin", &statement()).await.expect(200);
    (school, anar, door)
}

fn path(person: &Value, rest: &str) -> String {
    format!("/people/{}{rest}", person["id"].as_str().unwrap())
}

fn edit(person: &Value, change: Value) -> Value {
    let same = json!({ "version": person["version"], "surname": person["surname"], "given_name": person["given_name"],
        "sex": person["sex"], "birth_date": person["birth_date"] });
    with(same, change)
}

#[tokio::test]
async fn pdp_1_a_number_is_kept_only_behind_the_switch_with_its_statement() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let aisha = with(student("Ахметова", "Айша"), json!({ "iin": AISHA }));
    assert_eq!(fields(&door.post("/people", &aisha).await), ["iin iin-off"]);
    assert_eq!(
        fields(&door.put("/iin", &json!({ "on": true, "version": 0, "statement": "иә" })).await),
        ["statement required"]
    );
    let on = door.put("/iin", &statement()).await.expect(200);
    assert_eq!((&on["on"], &on["stated_by"], &on["version"]), (&json!(true), &json!("Әлиева Анар"), &json!(1)));
    let aisha = door.post("/people", &aisha).await.expect(200);
    assert_eq!((&aisha["iin_end"], door.get("/iin").await.expect(200)["stored"].clone()), (&json!("0005"), json!(1)));

    let off = json!({ "on": false, "version": 1 });
    assert_eq!(door.put("/iin", &off).await.code(), "people.iin-stored");
    assert_eq!(door.get(&path(&aisha, "/iin")).await.expect(200)["iin"], AISHA, "nothing was deleted yet");
    let off = door.put("/iin", &with(off, json!({ "delete_stored": true }))).await.expect(200);
    assert_eq!((&off["on"], &off["stored"], off.get("statement")), (&json!(false), &json!(0), None));
    assert_eq!(door.get(&path(&aisha, "")).await.expect(200).get("iin_end"), None);
    door.get(&path(&aisha, "/iin")).await.expect(404);
}

#[tokio::test]
async fn s27_the_switch_is_turned_by_an_administrator_who_has_just_proved_it() {
    let (school, anar) = school().await;
    let dana = school.person("Бекова", "Дана", &[Role::Editor]).await;
    door(&school, &dana).put("/iin", &statement()).await.expect(403);
    door(&school, &dana).get("/iin").await.expect(200);
    let stale = "UPDATE platform.session SET proven_at = proven_at - interval '11 minutes'";
    sql::run(school.house().store.platform(), stale, []).await.unwrap();
    assert_eq!(door(&school, &anar).put("/iin", &statement()).await.code(), "accounts.step-up-needed");
}

#[tokio::test]
async fn idn_4_another_birth_date_is_a_warning_and_the_record_is_saved() {
    let (_school, _, door) = keeping().await;
    let aisha = json!({ "iin": "131130 600005", "birth_date": "2013-11-12" });
    let aisha = door.post("/people", &with(student("Ахметова", "Айша"), aisha)).await.expect(200);
    assert_eq!((&aisha["iin_end"], &aisha["iin_differs"]), (&json!("0005"), &json!(true)));
    let right = edit(&aisha, json!({ "birth_date": "2013-11-30" }));
    let aisha = door.put(&path(&aisha, ""), &right).await.expect(200);
    assert_eq!((&aisha["iin_end"], aisha.get("iin_differs")), (&json!("0005"), None), "what is not said stays");
    for (number, code) in
        [("131130600006", "iin-checksum"), ("13113060000", "iin-digits"), ("140512501300", "iin-unassignable")]
    {
        let wrong = edit(&aisha, json!({ "iin": number }));
        assert_eq!(fields(&door.put(&path(&aisha, ""), &wrong).await), [format!("iin {code}")]);
    }
    let none = door.put(&path(&aisha, ""), &edit(&aisha, json!({ "iin": "" }))).await.expect(200);
    assert_eq!(none.get("iin_end"), None);
}

#[tokio::test]
async fn idn_6_a_number_is_single_in_a_school_and_another_school_does_not_know_of_it() {
    let world = World::open().await;
    let (one, two) = (School::in_world(&world).await, School::in_world(&world).await);
    let (anar, dana) = (
        one.person("Әлиева", "Анар", &[Role::Administrator]).await,
        two.person("Бекова", "Дана", &[Role::Administrator]).await,
    );
    let (first, second) = (door(&one, &anar), door(&two, &dana));
    for door in [&first, &second] {
        door.put("/iin", &statement()).await.expect(200);
    }
    let aisha = with(student("Ахметова", "Айша"), json!({ "iin": AISHA, "phone": "+77011234567" }));
    let here = first.post("/people", &aisha).await.expect(200);
    let taken = with(student("Бекова", "Әсел"), json!({ "iin": AISHA }));
    assert_eq!(fields(&first.post("/people", &taken).await), ["iin iin-taken"]);
    let there = second.post("/people", &with(student("Ахметова", "Айша"), json!({ "iin": AISHA }))).await.expect(200);
    assert_eq!((&there["iin_end"], there.get("phone")), (&json!("0005"), None));
    second.get(&path(&here, "/iin")).await.expect(404);
    // One account with a profile in each, as a registration in the second school leaves it.
    let madina = one.person("Оспанова", "Мадина", &[Role::Teacher]).await;
    let id: ProfileId = two.house().id();
    let other = tx(&two).await;
    sql::run(
        &other,
        "INSERT INTO profile (id, account_id, kind, surname, given_name, folded_name, sex, created_at) \
         VALUES ($1, $2, 'staff', 'Оспанова', 'Мадина', 'оспанова мадина', 'f', now())",
        [id.into(), madina.account.into()],
    )
    .await
    .unwrap();
    other.commit().await.unwrap();
    for (door, person, number) in [(&first, madina.profile, TIMUR), (&second, id, TIMUR)] {
        let card = door.get(&format!("/people/{person}")).await.expect(200);
        let saved =
            door.put(&path(&card, ""), &edit(&card, json!({ "iin": number, "birth_date": null }))).await.expect(200);
        assert_eq!(saved["iin_end"], "0009");
    }
    let hash = async |school: &School| {
        sql::scalar::<Vec<u8>>(&tx(school).await, "SELECT hash FROM iin ORDER BY changed_at LIMIT 1", []).await.unwrap()
    };
    assert_ne!(hash(&one).await, hash(&two).await, "the hashes of two schools cannot be compared");
}

#[tokio::test]
async fn a_whole_number_is_shown_to_who_may_and_the_look_is_written_down() {
    let (school, anar, admin) = keeping().await;
    let aisha = with(student("Ахметова", "Айша"), json!({ "iin": AISHA }));
    let aisha = admin.post("/people", &aisha).await.expect(200);
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let hers = door(&school, &aigul);
    assert_eq!(hers.get(&path(&aisha, "")).await.expect(200).get("iin_end"), None);
    hers.get(&path(&aisha, "/iin")).await.expect(403);
    assert_eq!(admin.get(&path(&aisha, "/iin")).await.expect(200)["iin"], AISHA);
    let tx = tx(&school).await;
    let looks = "SELECT count(*) FROM access_log WHERE what = 'iin' AND profile_id = $1";
    assert_eq!(sql::scalar::<i64>(&tx, looks, [anar.profile.into()]).await.unwrap(), 1);
    let open = "SELECT EXISTS (SELECT FROM iin i WHERE position(convert_to($1, 'UTF8') IN i.sealed) > 0) \
         OR EXISTS (SELECT FROM idempotency d WHERE d.answer::text LIKE '%' || $1 || '%')";
    assert!(!sql::scalar::<bool>(&tx, open, [AISHA.into()]).await.unwrap(), "nowhere does it lie open");
}

#[tokio::test]
async fn a_number_that_was_put_right_after_a_merge_stays() {
    let (school, _, door) = keeping().await;
    let kept = door.post("/people", &student("Ахметова", "Айша")).await.expect(200);
    let dropped = with(student("Ахметова", "Айша"), json!({ "iin": AISHA, "confirm_duplicate": true }));
    let dropped = door.post("/people", &dropped).await.expect(200);
    let merge = json!({ "version": 1, "dropped_id": dropped["id"], "dropped_version": 1, "take": [] });
    let one = door.post(&path(&kept, "/merge"), &merge).await.expect(200);
    assert_eq!(one["iin_end"], "0005");
    let undo = format!("/merges/{}/undo", one["merged"][0]["id"].as_str().unwrap());
    // A number that was put right since is the own one, and is not handed on.
    school.world.clock.advance(chrono::TimeDelta::seconds(1));
    let right = door.put(&path(&one, ""), &edit(&one, json!({ "iin": TIMUR }))).await.expect(200);
    let refused = door.post(&undo, &json!({ "version": right["version"] })).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "people.merge-changed".to_owned()));
    assert_eq!(door.get(&path(&kept, "/iin")).await.expect(200)["iin"], TIMUR);
}

#[tokio::test]
async fn a_number_goes_over_in_a_merge_and_comes_back_with_its_undo() {
    let (_school, _, door) = keeping().await;
    let kept = door.post("/people", &student("Ахметова", "Айша")).await.expect(200);
    let dropped = with(student("Ахметова", "Айша"), json!({ "iin": AISHA, "confirm_duplicate": true }));
    let dropped = door.post("/people", &dropped).await.expect(200);
    let merge = json!({ "version": 1, "dropped_id": dropped["id"], "dropped_version": 1, "take": [] });
    let one = door.post(&path(&kept, "/merge"), &merge).await.expect(200);
    let undo = format!("/merges/{}/undo", one["merged"][0]["id"].as_str().unwrap());
    let back = door.post(&undo, &json!({ "version": one["version"] })).await.expect(200);
    assert_eq!(back.get("iin_end"), None);
    assert_eq!(door.get(&path(&dropped, "/iin")).await.expect(200)["iin"], AISHA);
}
