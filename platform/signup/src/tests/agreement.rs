//! The agreement: drawn up, read, signed once.

use kd_blobs::ObjectKey;
use kd_testkit::{Client, Reply};
use serde_json::{Value, json};

use super::{Site, faults, requisites};

/// The text of a PDF without what the typesetter puts between letters.
fn text(reply: &Reply) -> String {
    reply.expect(200);
    assert_eq!(reply.headers["content-type"], "application/pdf");
    assert!(reply.headers["content-disposition"].to_str().unwrap().starts_with("inline; filename=\"agreement"));
    let document = lopdf::Document::load_mem(&reply.body).unwrap();
    let pages: String = document.get_pages().keys().map(|page| document.extract_text(&[*page]).unwrap()).collect();
    squeezed(&pages)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

async fn drafted(newcomer: &Client) -> Value {
    newcomer.post("/agreement", &requisites()).await.expect(200)
}

fn signature(agreement: &Value, version: i64) -> Value {
    json!({"agreement_id": agreement["id"], "version": version, "signed_name": "Жұмағұлов Е. Т.", "accepted": true})
}

#[tokio::test]
async fn m3_an_agreement_is_drawn_up_read_and_signed() {
    let site = Site::open().await;
    let (newcomer, id) = site.administrator().await;
    assert_eq!(newcomer.get("/activation").await.expect(200)["step"], "agreement");
    let agreement = drafted(&newcomer).await;
    let number = agreement["number"].as_str().unwrap();
    assert!(number.starts_with("КД-") && number.len() == "КД-2026/000012".len(), "{number}");
    assert_eq!((&agreement["state"], &agreement["version"]), (&json!("draft"), &json!(1)));
    assert_eq!(agreement["date"], json!(site.world.clock.today().to_string()));

    let draft = text(&newcomer.get("/agreement/document?lang=ru").await);
    for part in [number, "КГУ «Общеобразовательная школа № 205»", "990140000007", "Күнделік Қызметі", "г. Көктау"]
    {
        assert!(draft.contains(&squeezed(part)), "{part}");
    }
    let kazakh = text(&newcomer.get("/agreement/document?lang=kk").await);
    assert!(kazakh.contains(&squeezed("№ 205 жалпы білім беретін мектебі")) && kazakh.contains(&squeezed(number)));
    assert!(!draft.contains(&squeezed("Жұмағұлов Е. Т.")), "nobody has signed");

    let signed = newcomer.post("/agreement/signature", &signature(&agreement, 1)).await.expect(200);
    assert_eq!((&signed["state"], &signed["signed_by"]), (&json!("signed"), &json!("Жұмағұлов Е. Т.")));
    assert_eq!(signed["number"], agreement["number"]);
    assert!(signed["signed_at"].is_string());
    assert_eq!(site.state(id).await, "contract_signed");
    assert_eq!(site.events(id).await[1..], ["agreement_drawn", "contract_signed"]);
    let paper = text(&newcomer.get("/agreement/document?lang=ru").await);
    for part in ["Жұмағұлов Е. Т.", "Сарсенова А. М.", number] {
        assert!(paper.contains(&squeezed(part)), "{part}");
    }
    let activation = newcomer.get("/activation").await.expect(200);
    assert_eq!((&activation["step"], &activation["agreement"]["state"]), (&json!("service"), &json!("signed")));
}

#[tokio::test]
async fn a_paper_lies_in_s3_as_it_was_recorded() {
    let site = Site::open().await;
    let (newcomer, _) = site.administrator().await;
    let agreement = drafted(&newcomer).await;
    let id = agreement["id"].as_str().unwrap();
    let recorded: i64 = site
        .ask(
            "SELECT count(*) FROM platform.agreement_paper WHERE agreement_id = $1",
            uuid::Uuid::parse_str(id).unwrap(),
        )
        .await;
    assert_eq!(recorded, 2, "both languages are there before anybody reads");
    let key = ObjectKey::platform("agreements", &format!("{id}-1-ru.pdf")).unwrap();
    let stored = site.house().blobs.get(&key).await.unwrap().expect("the paper");
    let read = newcomer.get("/agreement/document?lang=ru").await;
    assert_eq!(read.body, stored.to_vec());
    // Another paper in its place is not served.
    site.house().blobs.put(&key, b"%PDF-forged".to_vec().into(), "application/pdf").await.unwrap();
    newcomer.get("/agreement/document?lang=ru").await.expect(500);
    newcomer.post("/agreement/signature", &signature(&agreement, 1)).await.expect(500);
    site.house().blobs.delete(&key).await.unwrap();
    newcomer.get("/agreement/document?lang=ru").await.expect(500);
}

#[tokio::test]
async fn s51_only_the_version_that_was_read_is_signed_and_only_once() {
    let site = Site::open().await;
    let (newcomer, id) = site.administrator().await;
    let missing = newcomer.get("/agreement/document?lang=ru").await;
    missing.expect(409);
    assert_eq!(missing.code(), "schools.agreement-missing");
    let nothing =
        json!({"agreement_id": site.house().id::<uuid::Uuid>(), "version": 1, "signed_name": "А", "accepted": true});
    let early = newcomer.post("/agreement/signature", &nothing).await;
    early.expect(409);
    assert_eq!(early.code(), "schools.agreement-missing");

    let first = drafted(&newcomer).await;
    let mut changed = requisites();
    changed["director"] = json!("Әбдіқадырова Жанар");
    let second = newcomer.post("/agreement", &changed).await.expect(200);
    assert_eq!((&second["number"], &second["id"]), (&first["number"], &first["id"]));
    assert_eq!(second["version"], 2);
    let stale = newcomer.post("/agreement/signature", &signature(&first, 1)).await;
    stale.expect(409);
    assert_eq!(stale.code(), "schools.agreement-changed");
    assert_eq!(stale.json()["conflict"]["version"], 2);
    let other = newcomer.post("/agreement/signature", &json!({"agreement_id": site.house().id::<uuid::Uuid>(), "version": 2, "signed_name": "А", "accepted": true})).await;
    assert_eq!(other.code(), "schools.agreement-changed");
    let mut unread = signature(&second, 2);
    unread["accepted"] = json!(false);
    unread["signed_name"] = json!(" ");
    assert_eq!(
        faults(&newcomer.post("/agreement/signature", &unread).await),
        ["signed_name:required", "accepted:accept-required"]
    );
    assert_eq!(site.state(id).await, "registered");
    assert!(text(&newcomer.get("/agreement/document?lang=ru").await).contains("ӘбдіқадыроваЖанар"));

    let sign = signature(&second, 2);
    let (one, two) =
        tokio::join!(newcomer.post("/agreement/signature", &sign), newcomer.post("/agreement/signature", &sign));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "two at once sign once");
    for version in [1, 2, 3] {
        let again = newcomer.post("/agreement/signature", &signature(&second, version)).await;
        again.expect(409);
        assert_eq!(again.code(), "schools.agreement-signed");
        assert_eq!(again.json()["conflict"]["by"], "Жұмағұлов Е. Т.");
    }
    let redrawn = newcomer.post("/agreement", &requisites()).await;
    redrawn.expect(409);
    assert_eq!(redrawn.code(), "schools.agreement-signed");
    let signatures = site.events(id).await.into_iter().filter(|kind| kind == "contract_signed").count();
    assert_eq!(signatures, 1);
}

#[tokio::test]
async fn every_requisite_tells_its_own_fault() {
    let site = Site::open().await;
    let (newcomer, _) = site.administrator().await;
    for (field, value, code) in [
        ("name_kk", json!(""), "required"),
        ("name_ru", json!("x".repeat(301)), "too-long"),
        ("director", json!("a\nb"), "one-line"),
        ("director_ground", json!(" "), "required"),
        ("city", json!("x".repeat(81)), "too-long"),
        ("legal_address", json!(""), "required"),
        ("postal_address", json!(""), "required"),
        ("rnn", json!("12345"), "rnn-digits"),
    ] {
        let mut draft = requisites();
        draft[field] = value;
        assert_eq!(faults(&newcomer.post("/agreement", &draft).await), [format!("{field}:{code}")]);
    }
    let mut draft = requisites();
    draft["rnn"] = json!("620200012345");
    newcomer.post("/agreement", &draft).await.expect(200);
    assert!(text(&newcomer.get("/agreement/document?lang=ru").await).contains("620200012345"));
}

#[tokio::test]
async fn an_agreement_is_drawn_up_where_s3_is_away_and_read_when_it_is_back() {
    let site = Site::open().await;
    let (_, id) = site.administrator().await;
    let away = site.world.with_house(|house| {
        let name = || "away".to_owned();
        house.blobs = kd_blobs::Blobs::open(&kd_blobs::BlobSettings {
            endpoint: "http://127.0.0.1:1".to_owned(),
            bucket: name(),
            access_key: name(),
            secret_key: name(),
            region: name(),
        });
    });
    let draft: kd_schools::AgreementDraft = serde_json::from_value(requisites()).unwrap();
    let agreement = kd_schools::agreements::draft(&away.house, id, &draft).await.unwrap();
    let account: kd_kernel::AccountId = site.ask("SELECT account_id FROM platform.application WHERE id = $1", id).await;
    let signature = kd_schools::AgreementSignature {
        agreement_id: agreement.id,
        version: agreement.version,
        signed_name: "Жұмағұлов Е. Т.".to_owned(),
        accepted: true,
    };
    let problem = kd_schools::agreements::sign(&away.house, (id, account), &signature).await.unwrap_err();
    assert_eq!(problem.code(), "unavailable");
    assert_eq!(site.state(id).await, "registered", "nothing is signed that does not lie there");
    kd_schools::agreements::sign(site.house(), (id, account), &signature).await.unwrap();
    let (_, paper) = kd_schools::agreements::document(site.house(), id, kd_schools::PaperLanguage::Kk).await.unwrap();
    assert!(paper.starts_with(b"%PDF"));
}
