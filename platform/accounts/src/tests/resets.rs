//! Ways to a new password: a link in a letter, a card of a reset. None outlives the password that came after it.

use chrono::TimeDelta;
use kd_ctx::{Scope, Token};
use kd_kernel::{AccountId, ProfileId};
use kd_testkit::{Client, Reply};
use serde_json::json;

use super::{PASSWORD, Town};
use crate::credentials::{Issued, New, Purpose, issue};
use crate::{OwnApi, RecoveryApi, password_void};

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
