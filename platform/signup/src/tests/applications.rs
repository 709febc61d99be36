//! Applications as visitors send them.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Site, application, faults};

#[tokio::test]
async fn an_application_is_taken_in_and_answered_by_letter() {
    let site = Site::open().await;
    let answer = site.door.post("/applications", &application()).await.expect(200);
    let number = answer["number"].as_str().unwrap();
    let (year, serial) = number.split_once('-').unwrap();
    assert!(year.len() == 4 && serial.len() == 6, "{number}");
    assert_eq!(answer["answer_within_days"], 3);
    let id = site.by_number(number).await;
    let kept: String = site
        .ask("SELECT concat_ws('|', state, bin, phone, email, locale) FROM platform.application WHERE id = $1", id)
        .await;
    assert_eq!(kept, "received|990140000007|+77011234567|mektep205@example.org|kk");
    assert_eq!(site.events(id).await, ["received"]);
    let letters = site.letters(id).await;
    let [(to, subject, body)] = letters.as_slice() else { panic!("one letter") };
    assert_eq!(to, "mektep205@example.org");
    assert_eq!(*subject, format!("{number} өтінімі қабылданды"));
    for part in [number, "«№ 205 жалпы білім беретін мектебі» КММ", "990140000007", "team@kundelik.example", "3 күн"]
    {
        assert!(body.contains(part), "{part} in {body}");
    }
    let next = site.door.post("/applications", &application()).await.expect(200);
    assert!(next["number"].as_str().unwrap() > number);
}

#[tokio::test]
async fn every_field_tells_its_own_fault() {
    let site = Site::open().await;
    let long = "ә".repeat(301);
    let cases: [(&str, Value, &str); 25] = [
        ("name_kk", json!(" "), "required"),
        ("name_ru", json!(""), "required"),
        ("name_ru", json!(long), "too-long"),
        ("name_kk", json!("a\nb"), "one-line"),
        ("bin", json!(""), "required"),
        ("bin", json!("160340016782"), "bin-checksum"),
        ("bin", json!("131130600005"), "bin-checksum"),
        ("bin", json!("1603400167"), "bin-digits"),
        ("bin", json!("000000000000"), "bin-checksum"),
        ("region", json!("99"), "region-unknown"),
        ("region", json!(""), "region-unknown"),
        ("city", json!(""), "required"),
        ("legal_address", json!(""), "required"),
        ("postal_address", json!(""), "required"),
        ("director", json!(""), "required"),
        ("contact_name", json!(""), "required"),
        ("contact_position", json!("x".repeat(121)), "too-long"),
        ("email", json!(""), "required"),
        ("email", json!("mektep.example.org"), "email-invalid"),
        ("email", json!("a@b.org, c@d.org"), "email-invalid"),
        ("phone", json!(""), "required"),
        ("phone", json!("+7 709 123 45 67"), "phone-invalid"),
        ("phone", json!("позвоните"), "phone-invalid"),
        ("pupils", json!(0), "out-of-range"),
        ("pupils", json!(10_001), "out-of-range"),
    ];
    for (field, value, code) in cases {
        let mut new = application();
        new[field] = value;
        let reply = site.door.post("/applications", &new).await;
        assert_eq!(faults(&reply), [format!("{field}:{code}")], "{new}");
    }
    let count: i64 = site.ask("SELECT count(*) + $1 FROM platform.application", 0_i64).await;
    assert_eq!(count, 0, "nothing was kept");
}

#[tokio::test]
async fn all_faults_are_told_at_once_in_the_readers_language() {
    let site = Site::open().await;
    let mut new = application();
    for field in ["name_kk", "bin", "email", "phone"] {
        new[field] = json!("");
    }
    new["pupils"] = json!(-1);
    for (language, title) in [
        ("kk", "Белгіленген өрістерді түзетіңіз."),
        ("ru", "Исправьте отмеченные поля."),
        ("en", "Please correct the marked fields."),
    ] {
        let reply = site.door.reading(language).post("/applications", &new).await;
        assert_eq!(
            faults(&reply),
            ["name_kk:required", "bin:required", "email:required", "phone:required", "pupils:out-of-range"]
        );
        assert_eq!(reply.json()["title"], title);
        let first = reply.json()["fields"][0]["title"].clone();
        assert_ne!(first, "", "{language}");
    }
    for (language, title) in [
        ("kk", "Мұндай БСН болмайды: цифрларды тексеріңіз."),
        ("ru", "Такого БИН не бывает: проверьте цифры."),
        ("en", "There is no such BIN: check the digits."),
    ] {
        let mut new = application();
        new["bin"] = json!("160340016782");
        let reply = site.door.reading(language).post("/applications", &new).await;
        assert_eq!(reply.json()["fields"][0]["title"], title);
    }
}

#[tokio::test]
async fn foreign_phones_spaced_bins_and_missing_positions_are_welcome() {
    let site = Site::open().await;
    let mut new = application();
    new["phone"] = json!("+7 916 123-45-67");
    new["bin"] = json!(" 1603 4001 6781 ");
    new["locale"] = json!("en");
    new.as_object_mut().unwrap().remove("contact_position");
    let answer = site.door.post("/applications", &new).await.expect(200);
    let id = site.by_number(answer["number"].as_str().unwrap()).await;
    let kept: String = site
        .ask("SELECT concat_ws('|', phone, bin, contact_position) FROM platform.application WHERE id = $1", id)
        .await;
    assert_eq!(kept, "+79161234567|160340016781");
    let letters = site.letters(id).await;
    assert!(letters[0].1.starts_with("Application ") && letters[0].2.starts_with("Hello,"), "{:?}", letters[0]);
}

#[tokio::test]
async fn s17_one_address_sends_a_hundred_in_an_hour_and_no_more() {
    let site = Site::open().await;
    let (limits, hour) = (site.house().cache.limits(), Duration::from_secs(3600));
    for _ in 0..99 {
        limits.hit("applications", "127.0.0.1", 100, hour, site.world.clock.now()).await.unwrap();
    }
    site.door.post("/applications", &application()).await.expect(200);
    let mut bad = application();
    bad["bin"] = json!("1");
    assert_eq!(faults(&site.door.post("/applications", &bad).await), ["bin:bin-digits"], "faults cost nothing");
    let reply = site.door.post("/applications", &application()).await;
    reply.expect(429);
    assert_eq!(reply.code(), "signup.too-many");
    let wait: u64 = reply.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    site.world.clock.advance(chrono::TimeDelta::hours(1));
    site.door.post("/applications", &application()).await.expect(200);
}

#[tokio::test]
async fn the_next_letter_really_arrives() {
    let site = Site::open().await;
    let mut new = application();
    // A recipient of this test alone: the mail catcher is shared.
    let to = format!("mektep-{}@example.org", site.house().id::<uuid::Uuid>().simple());
    new["email"] = json!(to);
    new["locale"] = json!("ru");
    let answer = site.door.post("/applications", &new).await.expect(200);
    assert!(site.house().letter_send_next().await.unwrap());
    let all: Value =
        reqwest::get(format!("{}/api/email", kd_testkit::env("TEST_MAIL_URL"))).await.unwrap().json().await.unwrap();
    let mine = |letter: &&Value| letter["to"][0]["address"] == to.as_str();
    let letter = all.as_array().unwrap().iter().find(mine).expect("the letter");
    assert_eq!(letter["subject"], format!("Заявка {} получена", answer["number"].as_str().unwrap()));
    let id = site.by_number(answer["number"].as_str().unwrap()).await;
    assert!(site.letters(id).await.is_empty(), "the body is wiped");
    let states = site.house().letters_of(id).await.unwrap();
    assert!(states[0].state == "sent" && states[0].sent_at.is_some());
}
