//! Ways to a new password: a link in a letter, a card of a reset. None outlives the password that came after it.

use chrono::TimeDelta;
use kd_ctx::{Scope, Token};
use kd_kernel::{AccountId, ProfileId, Role};
use kd_testkit::{Client, Reply};
use serde_json::json;

use super::attach::Two;
use super::{PASSWORD, Town};
use crate::credentials::{Issued, New, Purpose, issue};
use crate::{OwnApi, RecoveryApi, password_void, reset_opens_elsewhere};

const OTHER: &str = "kuren bota jol uzak";
const ADDRESS: &str = "aigul@example.org";

/// Somebody with an account and a confirmed address.
struct Owner<'a> {
    town: &'a Town,
    account: AccountId,
    token: Token,
}

impl<'a> Owner<'a> {
    async fn of(town: &'a Town) -> Self {
        let (account, token) = town.account("aigul.s").await;
        let confirmed = "UPDATE platform.account SET email = $2 WHERE id = $1";
        town.tell(confirmed, vec![account.into(), ADDRESS.into()]).await;
        Self { town, account, token }
    }

    fn door(&self) -> Client {
        self.town.school.client(OwnApi).with_token(Scope::User, &self.token)
    }

    /// The token of a letter that was asked for.
    async fn link(&self) -> String {
        let site = Client::signup(self.town.house(), RecoveryApi);
        site.post("/recovery", &json!({ "login": "aigul.s" })).await.expect(200);
        self.town.letter_word(ADDRESS, 64).await
    }

    async fn recovers(&self, link: &str) -> Reply {
        let site = Client::signup(self.town.house(), RecoveryApi);
        site.post("/recovery/password", &json!({ "token": link, "password": OTHER })).await
    }

    /// A card of a reset, as the school issues it.
    async fn card(&self) -> Issued {
        let question = "SELECT profile_id FROM platform.membership WHERE account_id = $1";
        let profile = ProfileId(self.town.ask(question, self.account.into()).await);
        let purpose = Purpose::Reset { school: self.town.school.card.id, profile, account: self.account };
        let new = New { purpose, stem: "serikova.aigul".to_owned(), strict: false, ttl: TimeDelta::days(3) };
        issue(self.town.house(), self.town.house().store.platform(), new).await.unwrap()
    }
}

#[tokio::test]
async fn s26_a_link_that_was_asked_for_ends_with_a_new_password() {
    let town = Town::open().await;
    let owner = Owner::of(&town).await;
    let link = owner.link().await;
    owner.door().put("/account/password", &json!({ "old": PASSWORD, "new": OTHER })).await.expect(200);
    assert_eq!(owner.recovers(&link).await.code(), "accounts.link-over");
}

#[tokio::test]
async fn s26_a_link_to_the_former_address_ends_with_it() {
    let town = Town::open().await;
    let owner = Owner::of(&town).await;
    let link = owner.link().await;
    owner.door().post("/account/email", &json!({ "email": "new@example.org" })).await.expect(200);
    let code = town.letter_word("new@example.org", 8).await;
    owner.door().post("/account/email/confirmation", &json!({ "code": code })).await.expect(200);
    assert_eq!(owner.recovers(&link).await.code(), "accounts.link-over");
}

#[tokio::test]
async fn s26_the_card_of_a_reset_ends_with_a_recovery_and_with_what_it_opened() {
    let town = Town::open().await;
    let owner = Owner::of(&town).await;
    let card = owner.card().await;
    let newcomer = town.newcomer(&card).await;
    newcomer.get("/registration").await.expect(200);
    let link = owner.link().await;
    owner.recovers(&link).await.expect(200);
    assert_eq!(town.state_of(card.id).await, "void");
    newcomer.get("/registration").await.expect(401);
    town.sign_in(&card.login, card.temporary_password.reveal()).await.expect(401);
}

#[tokio::test]
async fn s32_the_card_of_a_reset_ends_when_the_password_is_voided() {
    let town = Town::open().await;
    let owner = Owner::of(&town).await;
    let card = owner.card().await;
    password_void(town.house(), owner.account, None).await.unwrap();
    assert_eq!(town.state_of(card.id).await, "void");
}

#[tokio::test]
async fn s26_a_card_that_is_used_puts_the_password_and_ends_the_link() {
    let town = Town::open().await;
    let owner = Owner::of(&town).await;
    let (link, card) = (owner.link().await, owner.card().await);
    let mut new = super::registration("another.one");
    new["password"] = OTHER.into();
    let reply = town.newcomer(&card).await.post("/registration", &new).await;
    assert_eq!(reply.expect(200)["next"], "portal");
    assert_eq!(town.state_of(card.id).await, "used");
    assert_eq!(owner.recovers(&link).await.code(), "accounts.link-over");
    town.sign_in("aigul.s", OTHER).await.expect(200);
}

/// The account comes to stand in the second school too, among its staff.
async fn comes_to_the_staff(two: &Two, account: AccountId) {
    let profile = two.town.profile_in(&two.other, "staff", &[Role::Teacher]).await;
    let linked = "UPDATE profile SET account_id = $2 WHERE id = $1";
    two.tell_other(linked, vec![profile.into(), account.into()]).await;
    let member =
        "INSERT INTO platform.membership (profile_id, account_id, school_id, created_at) VALUES ($1, $2, $3, now())";
    two.town.tell(member, vec![profile.into(), account.into(), two.other.card.id.into()]).await;
}

#[tokio::test]
async fn s23_a_card_that_came_to_open_another_school_opens_nothing() {
    let two = Two::open().await;
    let owner = Owner::of(&two.town).await;
    let card = owner.card().await;
    let newcomer = two.town.newcomer(&card).await;
    newcomer.get("/registration").await.expect(200);
    comes_to_the_staff(&two, owner.account).await;
    let mut new = super::registration("another.one");
    new["password"] = "kuren bota jol uzak".into();
    for reply in [newcomer.get("/registration").await, newcomer.post("/registration", &new).await] {
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "accounts.card-elsewhere"));
        assert!(reply.token(Scope::User).is_none());
    }
    assert_eq!(two.town.state_of(card.id).await, "issued", "as it was");
    two.town.sign_in("aigul.s", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn s20_the_password_of_a_reset_is_weighed_by_the_strictest_school() {
    let two = Two::open().await;
    let owner = Owner::of(&two.town).await;
    comes_to_the_staff(&two, owner.account).await;
    let seed = "UPDATE platform.account SET totp_seed = '\\x00' WHERE id = $1";
    two.town.tell(seed, vec![owner.account.into()]).await;
    let newcomer = two.town.newcomer(&owner.card().await).await;
    let mut new = super::registration("another.one");
    new["password"] = "mountain-cat".into();
    let weak = newcomer.post("/registration", &new).await;
    assert_eq!(super::faults(&weak), ["password:password-weak"], "good enough for a family alone");
    new["password"] = OTHER.into();
    let chosen = newcomer.post("/registration", &new).await;
    assert_eq!(chosen.expect(200)["next"], "sign_in", "S26");
    assert!(chosen.token(Scope::User).is_none());
    assert_eq!(two.town.sign_in("aigul.s", OTHER).await.code(), "accounts.second-factor-needed");
}

#[tokio::test]
async fn f03_a_reset_waits_for_a_school_that_does_not_answer() {
    let two = Two::open().await;
    let owner = Owner::of(&two.town).await;
    let card = owner.card().await;
    let newcomer = two.town.newcomer(&card).await;
    comes_to_the_staff(&two, owner.account).await;
    let opens = async || reset_opens_elsewhere(two.town.house(), owner.account, two.town.school.card.id).await;
    two.silence().await;
    assert_eq!(opens().await.unwrap_err().status().as_u16(), 503);
    newcomer.get("/registration").await.expect(503);
    let mut new = super::registration("another.one");
    new["password"] = OTHER.into();
    newcomer.post("/registration", &new).await.expect(503);
    two.back().await;
    assert!(opens().await.unwrap());
    assert_eq!(two.town.state_of(card.id).await, "issued");
}
