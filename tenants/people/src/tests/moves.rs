//! Leaving, coming back, going to another class.

use kd_kernel::Role;
use kd_store::sql;
use serde_json::{Value, json};

use super::{class, door, fields, guardian, school, student, tx, with};

async fn count(door: &kd_testkit::Client, kind: &str, state: &str) -> Value {
    door.post("/people/search", &json!({ "kind": kind, "state": state })).await.expect(200)["count"].clone()
}

#[tokio::test]
async fn a_student_leaves_and_comes_back_and_the_classes_of_before_stay() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let (seven, eight) = (class(&school, 7, "Ә", None).await, class(&school, 8, "Ә", None).await);
    let timur = with(student("Ахметов", "Тимур"), json!({ "class_id": seven, "enrolled_on": "2025-09-01" }));
    let timur = door.post("/people", &timur).await.expect(200);
    let card = format!("/people/{}", timur["id"].as_str().unwrap());
    let mother = door.post("/people", &guardian("Ахметова", "Гүлнар", timur["id"].as_str().unwrap())).await.expect(200);
    let leave = json!({ "version": 1, "left_on": "2025-10-01", "reason": "moved", "order_no": " 12-к " });
    let early = with(leave.clone(), json!({ "left_on": "2025-08-31" }));
    assert_eq!(fields(&door.post(&format!("{card}/departure"), &early).await), ["left_on date-invalid"]);
    let late = with(leave.clone(), json!({ "left_on": "2999-01-01" }));
    assert_eq!(fields(&door.post(&format!("{card}/departure"), &late).await), ["left_on date-invalid"]);
    let left = door.post(&format!("{card}/departure"), &leave).await.expect(200);
    assert_eq!(left["guardians"][0]["id"], mother["id"], "who represents nobody else is proposed");
    assert_eq!(left["person"]["departure"], json!({ "left_on": "2025-10-01", "reason": "moved", "order_no": "12-к" }));
    assert_eq!(left["person"].get("class_id"), None);
    let before = json!({ "class_id": seven, "class_name": "7Ә", "joined": "2025-09-01", "left_on": "2025-10-01" });
    assert_eq!(left["person"]["memberships"], json!([before]));
    assert_eq!(
        (count(&door, "student", "active").await, count(&door, "student", "archived").await),
        (0.into(), 1.into())
    );
    assert_eq!(count(&door, "guardian", "active").await, 1, "a guardian is not archived by it");
    let again = door.post(&format!("{card}/departure"), &with(leave, json!({ "version": 2 }))).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "people.changed".to_owned()));

    let back = json!({ "version": 2, "returned_on": "2025-11-01", "class_id": eight });
    let early = with(back.clone(), json!({ "returned_on": "2025-09-30" }));
    assert_eq!(fields(&door.post(&format!("{card}/return"), &early).await), ["returned_on date-invalid"]);
    let back = door.post(&format!("{card}/return"), &back).await.expect(200);
    assert_eq!((&back["class_name"], back.get("departure"), &back["version"]), (&json!("8Ә"), None, &json!(3)));
    let after = json!({ "class_id": eight, "class_name": "8Ә", "joined": "2025-11-01" });
    assert_eq!(back["memberships"], json!([after, before]));
    let again = door.post(&format!("{card}/return"), &json!({ "version": 3, "returned_on": "2025-11-01" })).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "people.not-archived".to_owned()));
    let tx = tx(&school).await;
    let said: i64 = sql::scalar(
        &tx,
        "SELECT count(*) FROM audit WHERE operation IN ('person_leave', 'person_return') AND subject_id IS NOT NULL",
        [],
    )
    .await
    .unwrap();
    assert_eq!(said, 2);
}

#[tokio::test]
async fn a_seat_ends_at_the_next_request_and_the_last_administrator_stays() {
    let (school, anar) = school().await;
    let admin = door(&school, &anar);
    let aigul = school.person("Сәрсенова", "Айгүл", &[Role::Teacher]).await;
    let hers = door(&school, &aigul);
    let card = |id: kd_kernel::ProfileId| format!("/people/{id}/departure");
    let leave = json!({ "version": 1, "left_on": "2025-10-01", "reason": "other" });
    hers.get("/me").await.expect(200);
    hers.post(&card(anar.profile), &leave).await.expect(403);
    admin.post(&card(aigul.profile), &leave).await.expect(200);
    hers.get("/me").await.expect(404);
    let last = admin.post(&card(anar.profile), &leave).await;
    assert_eq!((last.status.as_u16(), last.code()), (409, "people.last-administrator".to_owned()));
}

#[tokio::test]
async fn the_archive_is_for_those_who_keep_it() {
    let (school, anar) = school().await;
    let admin = door(&school, &anar);
    let aisha = school.person("Ахметова", "Айша", &[Role::Student]).await;
    let dana = school.person("Бекова", "Дана", &[Role::Editor]).await;
    let leave = json!({ "version": 1, "left_on": "2025-10-01", "reason": "graduated" });
    admin.post(&format!("/people/{}/departure", aisha.profile), &leave).await.expect(200);
    admin.get(&format!("/people/{}", aisha.profile)).await.expect(200);
    let hers = door(&school, &dana);
    hers.get(&format!("/people/{}", aisha.profile)).await.expect(404);
    hers.post("/people/search", &json!({ "kind": "student", "state": "archived" })).await.expect(403);
    let class = class(&school, 7, "Ә", None).await;
    let to = json!({ "version": 2, "class_id": class, "enrolled_on": "2025-10-01" });
    hers.post(&format!("/people/{}/class", aisha.profile), &to).await.expect(404);
}

#[tokio::test]
async fn jrn_4_a_move_is_dated_and_the_earlier_class_stays() {
    let (school, anar) = school().await;
    let door = door(&school, &anar);
    let (a, b) = (class(&school, 7, "А", None).await, class(&school, 7, "Ә", None).await);
    let aisha = with(student("Ахметова", "Айша"), json!({ "class_id": a, "enrolled_on": "2025-09-01" }));
    let aisha = door.post("/people", &aisha).await.expect(200);
    let path = format!("/people/{}/class", aisha["id"].as_str().unwrap());
    let to = json!({ "version": 1, "class_id": b, "enrolled_on": "2025-11-01" });
    let same = with(to.clone(), json!({ "class_id": a }));
    assert_eq!(fields(&door.post(&path, &same).await), ["class_id class-same"]);
    let early = with(to.clone(), json!({ "enrolled_on": "2025-08-31" }));
    assert_eq!(fields(&door.post(&path, &early).await), ["enrolled_on date-invalid"]);
    let moved = door.post(&path, &to).await.expect(200);
    assert_eq!(
        moved["memberships"],
        json!([
            { "class_id": b, "class_name": "7Ә", "joined": "2025-11-01" },
            { "class_id": a, "class_name": "7А", "joined": "2025-09-01", "left_on": "2025-11-01" },
        ])
    );
    assert_eq!(door.post(&path, &to).await.code(), "people.changed");
    let student = kd_kernel::ProfileId(aisha["id"].as_str().unwrap().parse().unwrap());
    let tx = tx(&school).await;
    for (on, class) in [("2025-10-31", a), ("2025-11-01", b)] {
        let there = crate::class_of(&tx, &[student], on.parse().unwrap()).await.unwrap();
        assert_eq!(there.get(&student), Some(&class), "{on}");
    }
}
