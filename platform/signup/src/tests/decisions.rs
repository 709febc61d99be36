//! Decisions of operators, and what the school reads of them.

use chrono::TimeDelta;
use serde_json::json;

use super::{Site, application, token};
use crate::decisions;
use crate::wire::{PreviewKind, PreviewNew};

/// What stands in a letter after a word such as `логин:`.
fn after<'a>(body: &'a str, word: &str) -> &'a str {
    body.lines().find_map(|line| line.trim().strip_prefix(word)).map(str::trim).unwrap()
}

#[tokio::test]
async fn acc_6_an_approval_invites_by_a_letter_that_lets_in() {
    let site = Site::open().await;
    let operator = site.operator("reviewer").await;
    let id = site.applied().await;
    let row = decisions::approve(site.house(), operator, id).await.unwrap();
    assert_eq!(row.state.name(), "invited");
    assert_eq!(site.events(id).await, ["received", "approved", "invited"]);
    let letters = site.letters(id).await;
    let (to, subject, body) = &letters[1];
    assert_eq!((letters.len(), to.as_str()), (2, "mektep205@example.org"));
    assert!(subject.contains("мақұлданды"), "{subject}");
    let (login, password) = (after(body, "логин:"), after(body, "уақытша құпиясөз:"));
    assert!(login.starts_with("sarsenova.aigul") && password.len() == 14, "{login}");
    for part in ["http://portal.localhost:8080/ ", "72 сағат", "«№ 205 жалпы білім беретін мектебі» КММ"]
    {
        assert!(body.contains(part), "{part} in {body}");
    }
    let reply = site.sign_in(login, password).await;
    assert_eq!(reply.expect(200)["next"], "activate");
    let newcomer = site.door.with_token(kd_ctx::Scope::Newcomer, &token(&reply));
    let read = newcomer.get("/activation").await.expect(200);
    assert_eq!(read["step"], "account");
    assert_eq!(read["application"]["bin"], "990140000007");
    assert_eq!(read["proposed_slug"], "mektep-205-koktau");
    assert!(read.get("agreement").is_none() && read.get("service").is_none());
    let shown = serde_json::to_string(&read).unwrap();
    assert!(!shown.contains("Сәрсенова"), "no more of persons than the activation needs");
}

#[tokio::test]
async fn an_invitation_is_valid_for_seventy_two_hours() {
    let site = Site::open().await;
    let operator = site.operator("reviewer").await;
    let id = site.applied().await;
    decisions::approve(site.house(), operator, id).await.unwrap();
    let body = site.letters(id).await[1].2.clone();
    site.world.clock.advance(TimeDelta::hours(72) - TimeDelta::minutes(1));
    site.sign_in(after(&body, "логин:"), after(&body, "уақытша құпиясөз:")).await.expect(200);
    site.world.clock.advance(TimeDelta::minutes(2));
    site.sign_in(after(&body, "логин:"), after(&body, "уақытша құпиясөз:")).await.expect(401);
    let card = crate::queue::card(site.house(), id).await.unwrap();
    assert_eq!(card.invitation.unwrap().state, "expired");
}

#[tokio::test]
async fn whoever_decides_second_reads_who_was_first() {
    let site = Site::open().await;
    let (first, second) = (site.operator("first").await, site.operator("second").await);
    let id = site.applied().await;
    let both = tokio::join!(
        decisions::approve(site.house(), first, id),
        decisions::reject(site.house(), second, id, "БИН басқа мектептікі")
    );
    assert!(both.0.is_ok() != both.1.is_ok(), "one of the two");
    let problem = both.0.err().or(both.1.err()).unwrap();
    assert_eq!(problem.code(), "signup.already-decided");
    assert_eq!(site.letters(id).await.len(), 2, "one letter about the decision");
    for _ in 0..2 {
        let again = decisions::approve(site.house(), second, id).await.unwrap_err();
        assert_eq!((again.code(), again.status().as_u16()), ("signup.already-decided", 409));
    }
    let missing = decisions::approve(site.house(), first, site.house().id()).await.unwrap_err();
    assert_eq!(missing.code(), "not-found");
}

#[tokio::test]
async fn a_rejection_carries_its_reason() {
    let site = Site::open().await;
    let operator = site.operator("reviewer").await;
    let mut new = application();
    new["locale"] = json!("ru");
    let answer = site.door.post("/applications", &new).await.expect(200);
    let id = site.by_number(answer["number"].as_str().unwrap()).await;
    for empty in ["", " \n "] {
        let problem = decisions::reject(site.house(), operator, id, empty).await.unwrap_err();
        assert_eq!(problem.fields()[0].code, "required");
    }
    let reason = "БИН {number} принадлежит другой организации.\nПроверьте его.";
    let row = decisions::reject(site.house(), operator, id, reason).await.unwrap();
    assert_eq!(row.state.name(), "rejected");
    let (_, subject, body) = site.letters(id).await.remove(1);
    assert!(subject.ends_with(": ответ") && body.contains(reason), "braces stay as they were typed: {body}");
    assert!(body.contains("http://portal.localhost:8080/apply"));
    let card = crate::queue::card(site.house(), id).await.unwrap();
    assert_eq!(card.reason.as_deref(), Some(reason));
    assert!(card.decided_at.is_some() && card.invitation.is_none());
    let problem = decisions::invite_again(site.house(), operator, id).await.unwrap_err();
    assert_eq!(problem.code(), "signup.not-invited");
}

#[tokio::test]
async fn inviting_again_voids_the_former_invitation() {
    let site = Site::open().await;
    let operator = site.operator("reviewer").await;
    let id = site.applied().await;
    let early = decisions::invite_again(site.house(), operator, id).await.unwrap_err();
    assert_eq!(early.code(), "signup.not-invited");
    decisions::approve(site.house(), operator, id).await.unwrap();
    let former = site.letters(id).await.remove(1).2;
    let reply = site.sign_in(after(&former, "логин:"), after(&former, "уақытша құпиясөз:")).await;
    let opened = site.door.with_token(kd_ctx::Scope::Newcomer, &token(&reply));
    decisions::invite_again(site.house(), operator, id).await.unwrap();
    let (_, subject, now) = site.letters(id).await.remove(1);
    assert!(subject.contains("жаңа шақыру"), "{subject}");
    assert_eq!(site.sign_in(after(&former, "логин:"), after(&former, "уақытша құпиясөз:")).await.status.as_u16(), 401);
    opened.get("/activation").await.expect(401);
    site.sign_in(after(&now, "логин:"), after(&now, "уақытша құпиясөз:")).await.expect(200);
    decisions::invite_again(site.house(), operator, id).await.unwrap();
    let left = site.letters(id).await;
    assert_eq!(left.len(), 2, "an invitation that still waits goes with its credential");
    assert_ne!(left[1].2, now, "each invitation is a letter of its own");
    assert_eq!(site.events(id).await[3..], ["invited_again", "invited_again"]);
    site.run("UPDATE platform.application SET state = 'registered' WHERE id = $1", vec![id.into()]).await;
    let late = decisions::invite_again(site.house(), operator, id).await.unwrap_err();
    assert_eq!(late.code(), "signup.not-invited");
}

#[tokio::test]
async fn a_preview_shows_dots_and_writes_nothing() {
    let site = Site::open().await;
    let id = site.applied().await;
    let approval = PreviewNew { kind: PreviewKind::Approval, reason: None };
    let shown = decisions::preview(site.house(), id, &approval).await.unwrap();
    assert_eq!(after(&shown.body, "уақытша құпиясөз:"), "••••••••");
    let rejection = PreviewNew { kind: PreviewKind::Rejection, reason: Some("Себеп".to_owned()) };
    assert!(decisions::preview(site.house(), id, &rejection).await.unwrap().body.contains("Себеп"));
    let without = PreviewNew { kind: PreviewKind::Rejection, reason: None };
    assert_eq!(decisions::preview(site.house(), id, &without).await.unwrap_err().fields()[0].code, "required");
    assert_eq!(site.letters(id).await.len(), 1);
    assert_eq!(site.state(id).await, "received");
}

#[tokio::test]
async fn the_letter_leads_to_registration_and_on_to_the_agreement() {
    let site = Site::open().await;
    let operator = site.operator("reviewer").await;
    let id = site.applied().await;
    decisions::approve(site.house(), operator, id).await.unwrap();
    let body = site.letters(id).await.remove(1).2;
    let reply = site.sign_in(after(&body, "логин:"), after(&body, "уақытша құпиясөз:")).await;
    let newcomer = site.door.with_token(kd_ctx::Scope::Newcomer, &token(&reply));
    let read = newcomer.get("/registration").await.expect(200);
    assert_eq!(read["second_factor_required"], true, "s24: an administrator has a second factor");
    let secret = newcomer.post("/registration/second-factor", &json!({})).await.expect(200);
    let code = kd_accounts::factor::code(secret["secret"].as_str().unwrap(), site.world.clock.now()).unwrap();
    let reply = newcomer
        .post(
            "/registration",
            &json!({"login": "mektep205.admin", "password": "sabyr tubi sary altyn", "code": code,
                "terms_version": read["terms_version"], "language": "kk"}),
        )
        .await;
    assert_eq!(reply.expect(200)["next"], "activate");
    let administrator = site.door.with_token(kd_ctx::Scope::Newcomer, &token(&reply));
    assert_eq!(administrator.get("/activation").await.expect(200)["step"], "agreement");
    assert_eq!(site.events(id).await, ["received", "approved", "invited", "registered"]);
    newcomer.get("/activation").await.expect(401);
    let card = crate::queue::card(site.house(), id).await.unwrap();
    assert_eq!(card.invitation.unwrap().state, "used");
    let late = decisions::invite_again(site.house(), operator, id).await.unwrap_err();
    assert_eq!(late.code(), "signup.not-invited");
}
