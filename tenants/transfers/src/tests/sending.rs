//! The sending school: where to, who goes along, how far it is, taken back.

use super::*;

#[tokio::test]
async fn a_receiving_school_is_named_and_never_listed() {
    let (world, from, to) = two().await;
    let named = |text: &str| format!("/transfers/school?named={text}");
    let found = from.door.get(&named(&to.slug().to_uppercase())).await.expect(200);
    assert_eq!(
        found,
        json!({ "slug": to.slug(), "name_kk": "Үлгі мектебі", "name_ru": "Школа-образец", "city": "Астана" })
    );
    for (text, code) in [
        (from.slug(), "transfers.own-school"),
        ("nobody-here", "transfers.school-unknown"),
        ("990140000007", "transfers.school-several"),
        ("%25", "transfers.school-unknown"),
    ] {
        assert_eq!(from.door.get(&named(text)).await.code(), code, "{text}");
    }
    let platform = world.house.store.platform();
    let id = to.school.card.id;
    sql::run(platform, "UPDATE platform.school SET bin = '160340016781' WHERE id = $1", [id.into()]).await.unwrap();
    assert_eq!(from.door.get(&named("160340016781")).await.expect(200)["slug"], to.slug());
    sql::run(platform, "UPDATE platform.school SET state = 'suspended' WHERE id = $1", [id.into()]).await.unwrap();
    assert_eq!(from.door.get(&named(to.slug())).await.code(), "transfers.school-unknown");
    let (timur, ..) = from.timur().await;
    let sent = json!({ "to": to.slug(), "guardian_ids": [] });
    assert_eq!(from.door.post(&going(&timur), &sent).await.code(), "transfers.school-unknown");
    let own = json!({ "to": from.slug(), "guardian_ids": [] });
    assert_eq!(from.door.post(&going(&timur), &own).await.code(), "transfers.own-school");
}

#[tokio::test]
async fn an_export_is_for_administrators_who_have_just_proved_who_they_are() {
    let (world, from, to) = two().await;
    let (timur, mother, _) = from.timur().await;
    let sent = json!({ "to": to.slug(), "guardian_ids": [] });
    let editor = from.school.person("Бекова", "Дана", &[Role::Editor]).await;
    let hers = from.school.client(TransfersApi).of(&editor);
    hers.post(&going(&timur), &sent).await.expect(403);
    hers.get(&going(&timur)).await.expect(403);
    hers.get(&format!("/transfers/school?named={}", to.slug())).await.expect(403);
    hers.post("/transfers/preview", &upload(b"")).await.expect(403);
    hers.post("/transfers/accept", &accepting(b"", &[])).await.expect(403);
    assert_eq!(
        from.door.post(&going(&mother), &sent).await.expect(404)["code"],
        "not-found",
        "a guardian goes nowhere"
    );
    let (id, _) = from.exported(&timur, &to, &[]).await;
    assert_eq!(hers.get(&format!("/transfers/{id}/file")).await.status, 403);
    world.clock.advance(TimeDelta::minutes(11));
    assert_eq!(from.door.get(&format!("/transfers/{id}/file")).await.code(), "accounts.step-up-needed");
    from.door.post(&format!("/transfers/{id}/withdraw"), &json!({})).await.expect(200);
    assert_eq!(from.door.post(&going(&timur), &sent).await.code(), "accounts.step-up-needed");
}

#[tokio::test]
async fn a_file_holds_the_list_of_the_agreement_and_its_name_says_nothing() {
    let (world, from, to) = two().await;
    let (timur, mother, _) = from.timur().await;
    let stranger = json!({ "to": to.slug(), "guardian_ids": [from.admin.profile] });
    let fields = from.door.post(&going(&timur), &stranger).await.expect(422);
    assert_eq!(fields["fields"][0]["field"], "guardian_ids");
    let sent = json!({ "to": to.slug(), "guardian_ids": [mother["id"]] });
    let transfer = from.door.post(&going(&timur), &sent).await.expect(200);
    let (id, number) = (transfer["id"].as_str().unwrap(), transfer["number"].as_str().unwrap());
    let reply = from.door.get(&format!("/transfers/{id}/file")).await;
    let name = reply.headers["content-disposition"].to_str().unwrap();
    assert_eq!(name, format!("attachment; filename=\"transfer-{number}.kundelik\""));
    assert!(number.len() == 8 && number.bytes().all(|b| b.is_ascii_hexdigit()));
    for word in ["Ахметов", "+77011234567", "Үлгі"] {
        assert!(!reply.body.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{word} lies open");
    }
    let envelope = crate::file::Envelope::read(&reply.body).unwrap();
    let content = envelope.open(&world.house.seal, to.school.card.id).unwrap();
    let content = serde_json::to_value(&content).unwrap();
    let person = json!({ "surname": "Ахметов", "given_name": "Тимур", "patronymic": "Серікұлы", "sex": "m",
        "birth_date": "2013-11-30", "phone": "+77011234567" });
    let parent = json!({ "surname": "Ахметов", "given_name": "Гүлнар", "sex": "f", "phone": "+77017654321" });
    let class = json!({ "grade": 7, "letter": "Ә", "joined": "2026-09-01" });
    let all = json!({ "transfer": id, "from": from.school.card.id, "from_kk": "Үлгі мектебі", "from_ru": "Школа-образец",
        "to": to.school.card.id, "issued_at": NOW, "expires_at": "2026-10-10T05:00:00Z", "student": person,
        "since": "2026-09-01", "last_class": class, "guardians": [{ "relation": "mother", "facts": parent }] });
    assert_eq!(content, all, "these and no others");

    assert_eq!(from.door.post(&going(&timur), &sent).await.code(), "transfers.open-already");
    assert_eq!(from.count("SELECT count(*) FROM access_log WHERE what = 'export'").await, 1);
    assert_eq!(
        from.count("SELECT count(*) FROM audit WHERE operation = 'transfer_export' AND subject_id IS NOT NULL").await,
        1
    );
}

#[tokio::test]
async fn who_has_left_goes_too_and_the_day_stands_in_the_file() {
    let (_, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let leave = json!({ "version": timur["version"], "left_on": "2026-09-10", "reason": "moved" });
    from.door.post(&format!("/people/{}/departure", timur["id"].as_str().unwrap()), &leave).await.expect(200);
    let (_, file) = from.exported(&timur, &to, &[]).await;
    let seen = to.door.post("/transfers/preview", &upload(&file)).await.expect(200);
    assert_eq!((&seen["left_on"], &seen["last_class"]["left_on"]), (&json!("2026-09-10"), &json!("2026-09-10")));
}

#[tokio::test]
async fn a_withdrawn_file_opens_nowhere_and_another_one_may_be_made() {
    let (world, from, to) = two().await;
    let (timur, mother, _) = from.timur().await;
    let (id, file) = from.exported(&timur, &to, &[&mother]).await;
    let back = format!("/transfers/{id}/withdraw");
    let withdrawn = from.door.post(&back, &json!({})).await.expect(200);
    assert_eq!((&withdrawn["state"], &withdrawn["ended_at"]), (&json!("withdrawn"), &json!(SHOWN)));
    assert_eq!(from.door.post(&back, &json!({})).await.code(), "transfers.ended");
    assert_eq!(from.door.get(&format!("/transfers/{id}/file")).await.code(), "transfers.ended");
    assert_eq!(from.count("SELECT count(*) FROM transfer_out WHERE file IS NOT NULL").await, 0, "the file is gone");
    for path in ["/transfers/preview", "/transfers/accept"] {
        let body = if path.ends_with("accept") { accepting(&file, &[0]) } else { upload(&file) };
        assert_eq!(to.door.post(path, &body).await.code(), "transfers.withdrawn");
    }
    world.clock.advance(TimeDelta::seconds(1));
    let (_, second) = from.exported(&timur, &to, &[]).await;
    to.door.post("/transfers/accept", &accepting(&second, &[])).await.expect(200);
    assert_eq!(from.state(&timur).await, "accepted");
}

#[tokio::test]
async fn what_nobody_accepts_in_thirty_days_is_over() {
    let (world, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let (id, file) = from.exported(&timur, &to, &[]).await;
    world.clock.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    let later = |house: &House| {
        let (school, account) = (house.school.clone(), house.admin.account);
        async move {
            let token = school.session(account).await;
            school.client((PeopleApi, TransfersApi)).with_token(kd_ctx::Scope::User, &token)
        }
    };
    later(&to).await.post("/transfers/preview", &upload(&file)).await.expect(200);
    world.clock.advance(TimeDelta::seconds(1));
    let (from_door, to_door) = (later(&from).await, later(&to).await);
    assert_eq!(to_door.post("/transfers/preview", &upload(&file)).await.code(), "transfers.expired");
    assert_eq!(to_door.post("/transfers/accept", &accepting(&file, &[])).await.code(), "transfers.expired");
    assert_eq!(from_door.get(&format!("/transfers/{id}/file")).await.code(), "transfers.ended");
    assert_eq!(from_door.get(&going(&timur)).await.expect(200)[0]["state"], "expired");
    let sent = json!({ "to": to.slug(), "guardian_ids": [] });
    from_door.post(&going(&timur), &sent).await.expect(200);
    crate::settle(&world.house).await.unwrap();
    let states = from_door.get(&going(&timur)).await.expect(200);
    let states: Vec<_> = states.as_array().unwrap().iter().map(|t| t["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["issued", "expired"]);
}
