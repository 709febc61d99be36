//! The receiving school: what a file says, who is here already, and once.

use super::*;

#[tokio::test]
async fn a_student_comes_with_the_chosen_guardians_and_the_sending_school_hears_it() {
    let (_, from, to) = two().await;
    let (timur, mother, father) = from.timur().await;
    let (id, file) = from.exported(&timur, &to, &[&mother, &father]).await;
    let class = to.class(7, "А").await;
    let seen = to.door.post("/transfers/preview", &upload(&file)).await.expect(200);
    assert_eq!((&seen["student"]["surname"], &seen["from_ru"]), (&json!("Ахметов"), &json!("Школа-образец")));
    assert_eq!((&seen["last_class"]["letter"], &seen["alike"]), (&json!("Ә"), &json!([])));
    let places: Vec<_> = seen["guardians"].as_array().unwrap().iter().map(|g| g["relation"].clone()).collect();
    let mothers = u32::try_from(places.iter().position(|relation| relation == "mother").unwrap()).unwrap();
    assert_eq!(from.state(&timur).await, "issued", "to look is not to accept");

    let body = with(accepting(&file, &[mothers]), json!({ "class_id": class, "enrolled_on": "2026-09-12" }));
    let came = to.door.post("/transfers/accept", &body).await.expect(200);
    assert_eq!((&came["transfer_id"], &came["guardians"]), (&json!(id), &json!(1)));
    let card = to.door.get(&format!("/people/{}", came["student_id"].as_str().unwrap())).await.expect(200);
    for field in ["full_name", "birth_date", "sex", "phone", "roles"] {
        assert_eq!(card[field], timur[field], "{field}");
    }
    let stay = json!({ "class_id": class, "class_name": "7А", "joined": "2026-09-12" });
    assert_eq!((&card["memberships"], &card["registered"]), (&json!([stay]), &json!(false)));
    let guardians = card["guardians"].as_array().unwrap();
    assert_eq!((guardians.len(), &guardians[0]["relation"]), (1, &json!("mother")));
    let guardian = to.door.get(&format!("/people/{}", guardians[0]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&guardian["phone"], &guardian["roles"]), (&mother["phone"], &json!(["guardian"])));
    assert_ne!(card["id"], timur["id"], "an id of one school is not one of another");
    assert_eq!(
        to.count("SELECT count(*) FROM audit WHERE operation = 'transfer_accept' AND subject_id IS NOT NULL").await,
        1
    );

    let told = from.door.get(&going(&timur)).await.expect(200);
    assert_eq!((&told[0]["state"], &told[0]["ended_at"]), (&json!("accepted"), &json!(SHOWN)));
    let words: Vec<_> = told[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        words,
        ["ended_at", "expires_at", "guardians", "id", "issued_at", "issued_by", "number", "state", "to_kk", "to_ru"],
        "the sending school learns the state and nothing else"
    );
}

#[tokio::test]
async fn idn_6_each_school_learns_of_the_other_what_the_file_and_the_state_say() {
    let (world, from, to) = two().await;
    let (timur, mother, father) = from.timur().await;
    let secret = json!({ "kind": "staff", "surname": "Сарыбелова", "given_name": "Жібек", "sex": "f" });
    from.entered(&secret).await;
    to.entered(&json!({ "kind": "staff", "surname": "Көкбұлақова", "given_name": "Ақмарал", "sex": "f" })).await;
    let (id, file) = from.exported(&timur, &to, &[&mother]).await;
    let came = to.door.post("/transfers/accept", &accepting(&file, &[0])).await.expect(200);
    crate::settle(&world.house).await.unwrap();
    let ids = |people: [&Value; 3]| people.map(|p| p["id"].as_str().unwrap().to_owned());
    let told = |reply: kd_testkit::Reply| String::from_utf8(reply.body).unwrap();
    let mut learnt = String::new();
    for path in ["/people/search"] {
        for kind in ["student", "guardian", "staff"] {
            learnt += &told(to.door.post(path, &json!({ "kind": kind })).await);
        }
    }
    learnt += &told(to.door.get(&format!("/people/{}", came["student_id"].as_str().unwrap())).await);
    let foreign = [
        &ids([&timur, &mother, &father])[..],
        &[from.school.card.id.to_string(), "Сарыбелова".to_owned(), "Серік\"".to_owned()],
    ]
    .concat();
    for word in foreign {
        assert!(!learnt.contains(&word), "the receiving school learns {word}");
    }
    let sent = told(from.door.get(&going(&timur)).await);
    for word in [came["student_id"].as_str().unwrap(), to.slug(), "Көкбұлақова"] {
        assert!(!sent.contains(word), "the sending school learns {word}");
    }
    to.door.get(&format!("/people/{}", timur["id"].as_str().unwrap())).await.expect(404);
    to.door.get(&going(&timur)).await.expect(404);
    to.door.get(&format!("/transfers/{id}/file")).await.expect(404);
    to.door.post(&format!("/transfers/{id}/withdraw"), &json!({})).await.expect(404);
    let row: String =
        sql::scalar(world.house.store.platform(), "SELECT t::text FROM platform.transfer t WHERE id = $1", [id.into()])
            .await
            .unwrap();
    for word in ["Ахметов", "7011234567", timur["id"].as_str().unwrap(), came["student_id"].as_str().unwrap()] {
        assert!(!row.contains(word), "the platform holds {word}");
    }
}

#[tokio::test]
async fn a_file_is_for_its_school_whole_and_once() {
    let (world, from, to) = two().await;
    let third = House::open(&world).await;
    let (timur, mother, _) = from.timur().await;
    let (_, file) = from.exported(&timur, &to, &[&mother]).await;
    for door in [&third.door, &from.door] {
        assert_eq!(door.post("/transfers/preview", &upload(&file)).await.code(), "transfers.other-school");
        assert_eq!(door.post("/transfers/accept", &accepting(&file, &[0])).await.code(), "transfers.other-school");
    }
    for n in [17, 40, 60, 120, file.len() - 1] {
        let mut flipped = file.clone();
        flipped[n] ^= 4;
        assert_eq!(to.door.post("/transfers/preview", &upload(&flipped)).await.code(), "transfers.damaged", "byte {n}");
        assert_eq!(to.door.post("/transfers/accept", &accepting(&flipped, &[0])).await.code(), "transfers.damaged");
        assert_eq!(to.door.post("/transfers/preview", &upload(&file[..n])).await.code(), "transfers.damaged");
    }
    for (bytes, code) in [
        (b"%PDF-1.7".to_vec(), "transfers.not-a-transfer"),
        (vec![0; 256 * 1024 + 1], "transfers.too-large"),
        ([&b"KUNDELIKTRANSFER\x02"[..], &[0; 200]].concat(), "transfers.newer-format"),
    ] {
        assert_eq!(to.door.post("/transfers/preview", &upload(&bytes)).await.code(), code);
    }
    let key = Uuid::from_u128(77);
    let body = accepting(&file, &[0]);
    let first = to.door.write(poem::http::Method::POST, "/transfers/accept", &body, key).await.expect(200);
    let same = to.door.write(poem::http::Method::POST, "/transfers/accept", &body, key).await.expect(200);
    assert_eq!(first, same, "the same key has the same answer");
    assert_eq!(to.door.post("/transfers/accept", &body).await.code(), "transfers.accepted-already");
    assert_eq!(to.door.post("/transfers/preview", &upload(&file)).await.code(), "transfers.accepted-already");
    assert_eq!(to.count("SELECT count(*) FROM profile WHERE kind <> 'staff'").await, 2, "nobody is there twice");
    assert_eq!(third.count("SELECT count(*) FROM profile WHERE kind <> 'staff'").await, 0);
}

#[tokio::test]
async fn who_is_here_already_is_found_and_joined_and_keeps_what_is_known() {
    let (_, from, to) = two().await;
    let (timur, mother, father) = from.timur().await;
    let (_, file) = from.exported(&timur, &to, &[&mother, &father]).await;
    let class = to.class(7, "А").await;
    let here = json!({ "kind": "student", "surname": "Ахметов", "given_name": "Тимур", "sex": "m",
        "email": "timur@example.org", "class_id": class, "enrolled_on": "2026-09-02" });
    let here = to.entered(&here).await;
    let teacher = json!({ "kind": "staff", "surname": "Ахметова", "given_name": "Гүлнар", "sex": "f", "phone": "+77017654321",
        "birth_date": "1985-05-05" });
    let teacher = to.entered(&teacher).await;
    let seen = to.door.post("/transfers/preview", &upload(&file)).await.expect(200);
    assert_eq!((&seen["alike"][0]["id"], &seen["alike"][0]["likeness"]), (&here["id"], &json!("undated")));
    assert_eq!(seen["alike"][0]["class_name"], "7А");
    let guardians = seen["guardians"].as_array().unwrap();
    let mothers = guardians.iter().position(|g| g["relation"] == "mother").unwrap();
    let twin = &guardians[mothers]["alike"][0];
    assert_eq!((&twin["id"], &twin["same_phone"], &twin["kind"]), (&teacher["id"], &json!(true), &json!("staff")));
    assert_eq!(guardians[1 - mothers]["alike"], json!([]));

    let hers = json!([{ "place": mothers, "same_as": teacher["id"] }, { "place": 1 - mothers }]);
    let body = with(accepting(&file, &[]), json!({ "same_as": here["id"], "guardians": hers }));
    for (field, wrong) in [
        ("same_as", json!({ "same_as": teacher["id"], "guardians": [] })),
        ("same_as", json!({ "same_as": timur["id"] })),
        ("same_as", json!({ "guardians": [{ "place": 0, "same_as": here["id"] }] })),
        (
            "same_as",
            json!({ "same_as": null, "guardians": [{ "place": 0, "same_as": teacher["id"] },
            { "place": 1, "same_as": teacher["id"] }] }),
        ),
        ("guardians", json!({ "guardians": [{ "place": 2 }] })),
        ("guardians", json!({ "guardians": [{ "place": 0 }, { "place": 0 }] })),
        ("class_id", json!({ "class_id": Uuid::from_u128(5) })),
        ("enrolled_on", json!({ "class_id": class, "enrolled_on": "1890-01-01" })),
    ] {
        let refused = to.door.post("/transfers/accept", &with(body.clone(), wrong.clone())).await.expect(422);
        assert_eq!(refused["fields"][0]["field"], field, "{wrong}");
    }
    assert_eq!(from.state(&timur).await, "issued", "what was refused leaves the transfer as it was");
    let came = to.door.post("/transfers/accept", &body).await.expect(200);
    assert_eq!(came["student_id"], here["id"]);
    let card = to.door.get(&format!("/people/{}", here["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&card["birth_date"], &card["email"]), (&timur["birth_date"], &json!("timur@example.org")));
    assert_eq!((&card["memberships"][0]["joined"], &card["version"]), (&json!("2026-09-02"), &json!(2)));
    assert_eq!(card["guardians"].as_array().unwrap().len(), 2);
    let teacher = to.door.get(&format!("/people/{}", teacher["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&teacher["birth_date"], &teacher["full_name"]), (&json!("1985-05-05"), &json!("Ахметова Гүлнар")));
    let mut roles: Vec<_> = teacher["roles"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
    roles.sort_unstable();
    assert_eq!(roles, ["guardian", "teacher"]);
    assert_eq!(to.count("SELECT count(*) FROM profile WHERE kind = 'guardian'").await, 1);
}

#[tokio::test]
async fn who_lies_in_the_archive_is_shown_and_returns_first() {
    let (_, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let (_, file) = from.exported(&timur, &to, &[]).await;
    let once = json!({ "kind": "student", "surname": "Ахметов", "given_name": "Тимур", "patronymic": "Серікұлы", "sex": "m",
        "birth_date": "2013-11-30" });
    let once = to.entered(&once).await;
    let card = format!("/people/{}", once["id"].as_str().unwrap());
    let leave = json!({ "version": 1, "left_on": "2026-09-09", "reason": "moved" });
    to.door.post(&format!("{card}/departure"), &leave).await.expect(200);
    let seen = to.door.post("/transfers/preview", &upload(&file)).await.expect(200);
    assert_eq!((&seen["alike"][0]["state"], &seen["alike"][0]["likeness"]), (&json!("archived"), &json!("same")));
    let body = with(accepting(&file, &[]), json!({ "same_as": once["id"] }));
    to.door.post("/transfers/accept", &body).await.expect(422);
    to.door.post(&format!("{card}/return"), &json!({ "version": 2, "returned_on": "2026-09-10" })).await.expect(200);
    to.door.post("/transfers/accept", &body).await.expect(200);
}

#[tokio::test]
async fn where_a_student_went_and_came_from_goes_over_in_a_merge_and_back() {
    let (world, from, to) = two().await;
    let merging = from.school.client((PeopleApi, kd_people::MergesApi(&[crate::HEIR]))).of(&from.admin);
    let (timur, ..) = from.timur().await;
    let twin = json!({ "kind": "student", "surname": "Ахметов", "given_name": "Тимур", "sex": "m", "confirm_duplicate": true });
    let twin = from.entered(&twin).await;
    let (id, file) = from.exported(&twin, &to, &[]).await;
    world.clock.advance(TimeDelta::seconds(-1));
    let (other, _) = from.exported(&timur, &to, &[]).await;
    world.clock.advance(TimeDelta::seconds(1));
    let merge = |version: u32| json!({ "version": version, "dropped_id": twin["id"], "dropped_version": twin["version"], "take": [] });
    let path = format!("/people/{}/merge", timur["id"].as_str().unwrap());
    assert_eq!(merging.post(&path, &merge(1)).await.code(), "transfers.both-open");
    from.door.post(&format!("/transfers/{other}/withdraw"), &json!({})).await.expect(200);
    let merged = merging.post(&path, &merge(1)).await.expect(200);
    let gone = from.door.get(&going(&timur)).await.expect(200);
    assert_eq!((gone.as_array().unwrap().len(), from.state(&timur).await), (2, json!("issued")));
    let undo = format!("/merges/{}/undo", merged["merged"][0]["id"].as_str().unwrap());
    merging.post(&undo, &json!({ "version": merged["version"] })).await.expect(200);
    assert_eq!(from.door.get(&going(&twin)).await.expect(200)[0]["id"], json!(id));
    assert_eq!(from.state(&timur).await, "withdrawn");

    let came = to.door.post("/transfers/accept", &accepting(&file, &[])).await.expect(200);
    let merging = to.school.client((PeopleApi, kd_people::MergesApi(&[crate::HEIR]))).of(&to.admin);
    let here = json!({ "kind": "student", "surname": "Ахметов", "given_name": "Тимур", "sex": "m", "confirm_duplicate": true });
    let here = to.entered(&here).await;
    let merge = json!({ "version": 1, "dropped_id": came["student_id"], "dropped_version": 1, "take": [] });
    merging.post(&format!("/people/{}/merge", here["id"].as_str().unwrap()), &merge).await.expect(200);
    let kept: kd_kernel::ProfileId = serde_json::from_value(here["id"].clone()).unwrap();
    let rows: i64 =
        sql::scalar(&to.tx().await, "SELECT count(*) FROM transfer_in WHERE student_id = $1", [kept.into()])
            .await
            .unwrap();
    assert_eq!(rows, 1);
}
