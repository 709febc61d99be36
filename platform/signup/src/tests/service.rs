//! The School service: activated at an address, watched, entered.

use futures_util::StreamExt;
use kd_ctx::Scope;
use kd_kernel::ApplicationId;
use kd_testkit::Client;
use serde_json::{Value, json};

use super::{Site, faults, requisites};

/// An administrator who has signed, page by page.
async fn signed(site: &Site) -> (Client, ApplicationId) {
    let (newcomer, id) = site.administrator().await;
    let agreement = newcomer.post("/agreement", &requisites()).await.expect(200);
    let signature = json!({"agreement_id": agreement["id"], "version": 1, "signed_name": "Ж. Е.", "accepted": true});
    newcomer.post("/agreement/signature", &signature).await.expect(200);
    (newcomer, id)
}

/// The same without the papers, which take seconds to print.
async fn signed_before(site: &Site) -> (Client, ApplicationId) {
    let (newcomer, id) = site.administrator().await;
    let sides = json!({"school": requisites(), "bin": "990140000007", "provider": site.house().settings.provider});
    site.run(
        "INSERT INTO platform.agreement (id, application_id, number, dated, city, requisites, state, version, signed_name, \
         signed_at, created_at) VALUES ($1, $2, $3, $4, 'Көктау', $5, 'signed', 2, 'Ж. Е.', $6, $6)",
        vec![
            site.house().id::<uuid::Uuid>().into(),
            id.into(),
            id.to_string().into(),
            site.world.clock.today().into(),
            sides.into(),
            site.world.clock.now().into(),
        ],
    )
    .await;
    site.run("UPDATE platform.application SET state = 'contract_signed' WHERE id = $1", vec![id.into()]).await;
    (newcomer, id)
}

async fn work(site: &Site) {
    while kd_provisioning::work_once(site.house()).await.unwrap() {}
}

#[tokio::test]
async fn a_school_is_activated_made_and_entered() {
    let site = Site::open().await;
    let (newcomer, id) = signed(&site).await;
    let service = newcomer.post("/service", &json!({"slug": " mektep-205 "})).await.expect(200);
    assert_eq!((&service["slug"], &service["state"]), (&json!("mektep-205"), &json!("provisioning")));
    assert_eq!(site.state(id).await, "provisioning");
    let read = newcomer.get("/activation").await.expect(200);
    assert_eq!((&read["step"], &read["proposed_slug"]), (&json!("service"), &json!("mektep-205")));
    let early = newcomer.post("/service/entrance", &json!({})).await;
    early.expect(409);
    assert_eq!(early.code(), "signup.service-not-open");
    let names: String =
        site.ask("SELECT name_kk || '|' || name_ru FROM platform.school WHERE slug = $1", "mektep-205").await;
    assert_eq!(names, "«№ 205 жалпы білім беретін мектебі» КММ|КГУ «Общеобразовательная школа № 205»");

    work(&site).await;
    let service = newcomer.get("/service").await.expect(200);
    assert_eq!(service["state"], "active", "{service}");
    assert_eq!(site.state(id).await, "active");
    assert_eq!(newcomer.get("/activation").await.expect(200)["step"], "open");
    let entered = newcomer.post("/service/entrance", &json!({})).await;
    assert_eq!(entered.expect(200), json!({"slug": "mektep-205"}));
    let token = entered.token(Scope::User).unwrap();
    let session = site.house().session_find(&token, Scope::User).await.unwrap().unwrap();
    assert_eq!(session.members.len(), 1, "the administrator has a profile in the school");
    newcomer.get("/activation").await.expect(401);
    let state = site.door.with_token(Scope::User, &token).get("/session").await.expect(200);
    assert_eq!(state["schools"][0]["slug"], "mektep-205");
    assert_eq!(state["schools"][0]["roles"], json!(["administrator"]));
}

#[tokio::test]
async fn an_address_is_well_formed_free_and_not_the_sites_own() {
    let site = Site::open().await;
    let (first, _) = signed_before(&site).await;
    for bad in ["", "ab", "17-mektep", "Mektep", "api", "assets", "мектеп", "a b c", "mektep-", &"a".repeat(41)] {
        assert_eq!(faults(&first.post("/service", &json!({"slug": bad})).await), ["slug:slug-invalid"], "{bad}");
    }
    first.post("/service", &json!({"slug": "mektep-205-koktau"})).await.expect(200);
    let (second, id) = signed_before(&site).await;
    assert_eq!(second.get("/activation").await.expect(200)["proposed_slug"], "mektep-205-koktau-2");
    let reply = second.post("/service", &json!({"slug": "mektep-205-koktau"})).await;
    assert_eq!(faults(&reply), ["slug:slug-taken"]);
    assert_eq!(site.state(id).await, "contract_signed", "nothing began");
    second.post("/service", &json!({"slug": "mektep-205-koktau-2"})).await.expect(200);
}

#[tokio::test]
async fn two_activations_at_once_make_one_school() {
    let site = Site::open().await;
    let (newcomer, id) = signed_before(&site).await;
    let (one, two) = (json!({"slug": "mektep-bir"}), json!({"slug": "mektep-eki"}));
    let (one, two) = tokio::join!(newcomer.post("/service", &one), newcomer.post("/service", &two));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let schools: i64 = site.ask("SELECT count(*) FROM platform.school WHERE application_id = $1", id).await;
    assert_eq!(schools, 1);
}

#[tokio::test]
async fn the_making_is_watched_without_redis_until_the_school_is_open() {
    let site = Site::open().await;
    let (newcomer, _) = signed_before(&site).await;
    newcomer.get("/service/events").await.expect(404);
    newcomer.post("/service", &json!({"slug": "mektep-watch"})).await.expect(200);
    let watch = newcomer.get("/service/events");
    let (reply, ()) = tokio::join!(watch, work(&site));
    reply.expect(200);
    assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let text = String::from_utf8(reply.body).unwrap();
    let events: Vec<Value> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(|data| serde_json::from_str(data.trim()).unwrap())
        .collect();
    assert!(events.len() >= 2, "{events:?}");
    assert_eq!(events.first().unwrap()["state"], "provisioning");
    let last = events.last().unwrap();
    assert_eq!((&last["state"], &last["slug"]), (&json!("active"), &json!("mektep-watch")));
    assert!(last["steps"].as_array().unwrap().iter().all(|step| step["state"] == "done"), "{last}");
    assert!(events.windows(2).all(|pair| pair[0] != pair[1]), "only what changed is told");
}

#[tokio::test]
async fn s32_watching_ends_with_the_session() {
    let site = Site::open().await;
    let (newcomer, id) = signed_before(&site).await;
    newcomer.post("/service", &json!({"slug": "mektep-ended"})).await.expect(200);
    let account: kd_kernel::AccountId = site.ask("SELECT account_id FROM platform.application WHERE id = $1", id).await;
    let opening = kd_ctx::sessions::Opening { scope: Scope::Newcomer, account: Some((account, 1)), credential: None };
    let token = site.house().session_open(site.house().store.platform(), opening).await.unwrap();
    let session = site.house().session_find(&token, Scope::Newcomer).await.unwrap().unwrap();
    let door = kd_http::Newcomer {
        house: site.house().clone(),
        session,
        token,
        ip: std::net::IpAddr::from([127, 0, 0, 1]),
        tongue: kd_kernel::Tongue::Kk,
    };
    let mut events = crate::ops::service_events(door).await.unwrap();
    assert!(events.next().await.is_some());
    site.house().sessions_end_of(account).await.unwrap();
    let over = tokio::time::timeout(std::time::Duration::from_secs(10), events.next()).await;
    assert!(over.expect("the stream goes on").is_none(), "the stream is over");
}
