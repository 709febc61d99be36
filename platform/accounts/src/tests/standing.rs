//! A school whose cell does not answer: nobody's account is the weaker for it.

use kd_ctx::Scope;
use kd_kernel::{AccountId, ProfileId, Role};
use kd_store::{Mode, sql};
use kd_testkit::{Client, School};
use serde_json::json;
use sqlx::Executor;

use super::{PASSWORD, Town};
use crate::{OwnApi, RecoveryApi, factor};

/// Good enough for a family, and beside a second factor.
const SHORT: &str = "kuren bota";

/// Somebody of the town's school who is a guardian in another one too.
struct Both {
    town: Town,
    other: School,
    account: AccountId,
}

impl Both {
    async fn of(town: Town, login: &str) -> Self {
        let other = School::in_world(&town.world).await;
        let (account, second): (_, ProfileId) = (town.account_of(login).await, town.house().id());
        let tx = town.house().store.begin(other.card.place(), Mode::Write).await.unwrap();
        sql::run(
            &tx,
            "INSERT INTO profile (id, account_id, kind, surname, given_name, folded_name, sex, created_at) \
             VALUES ($1, $2, 'guardian', 'Серікова', 'Айгүл', 'серикова айгул', 'f', $3)",
            [second.into(), account.into(), town.world.clock.now().into()],
        )
        .await
        .unwrap();
        sql::run(
            &tx,
            "INSERT INTO role_held (profile_id, role, since) VALUES ($1, 'guardian', $2)",
            [second.into(), town.world.clock.now().into()],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let member = vec![second.into(), account.into(), other.card.id.into(), town.world.clock.now().into()];
        let statement =
            "INSERT INTO platform.membership (profile_id, account_id, school_id, created_at) VALUES ($1, $2, $3, $4)";
        town.tell(statement, member).await;
        Self { town, other, account }
    }

    /// The town's school is where nothing answers, until it is back.
    async fn silence(&self) {
        let mut admin = self.town.world.look_platform().await;
        let gone = "INSERT INTO platform.cell (id, name, host, port, database, secret_ref) \
             VALUES ('00000000-0000-0000-0000-00000000dead', 'gone', '127.0.0.1', 1, 'gone', 'KUNDELIK')";
        admin.execute(gone).await.unwrap();
        self.town.tell(MOVE, vec![self.town.school.card.id.into(), uuid::Uuid::from_u128(0xdead).into()]).await;
    }

    async fn back(&self) {
        self.town.tell(MOVE, vec![self.town.school.card.id.into(), self.town.school.card.cell_id.into()]).await;
    }

    /// The door of the other school, by a fresh session.
    async fn door(&self) -> Client {
        self.other.client(OwnApi).with_token(Scope::User, &self.other.session(self.account).await)
    }
}

const MOVE: &str = "UPDATE platform.school SET cell_id = $2 WHERE id = $1";

#[tokio::test]
async fn s24_a_silent_school_lets_nobody_take_the_second_factor_away() {
    let town = Town::open().await;
    town.account_with_code("basshy").await;
    let both = Both::of(town, "basshy").await;
    let door = both.door().await;
    both.silence().await;
    let account = door.get("/account").await.expect(200);
    assert_eq!(account["second_factor_required"], true, "the strict side is shown");
    let removal = json!({ "password": PASSWORD });
    let reply = door.post("/account/factor/removal", &removal).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (503, "unavailable"));
    assert_eq!(door.get("/account").await.expect(200)["second_factor"], true);
    both.back().await;
    assert_eq!(door.post("/account/factor/removal", &removal).await.code(), "accounts.factor-required");
}

#[tokio::test]
async fn s24_a_suspended_school_keeps_the_second_factor_of_who_administers_it() {
    let town = Town::open().await;
    town.account_with_code("basshy").await;
    let both = Both::of(town, "basshy").await;
    let suspend = "UPDATE platform.school SET state = 'suspended' WHERE id = $1";
    both.town.tell(suspend, vec![both.town.school.card.id.into()]).await;
    let reply = both.door().await.post("/account/factor/removal", &json!({ "password": PASSWORD })).await;
    assert_eq!(reply.code(), "accounts.factor-required");
}

#[tokio::test]
async fn s20_a_silent_school_lets_nobody_choose_a_weaker_password() {
    let town = Town::open().await;
    let profile = town.profile("staff", &[Role::Teacher]).await;
    let card = town.issue(profile, false).await;
    town.newcomer(&card).await.post("/registration", &super::registration("aigul.s")).await.expect(200);
    let both = Both::of(town, "aigul.s").await;
    let put = json!({ "old": PASSWORD, "new": SHORT });
    let (door, site) = (both.door().await, Client::signup(both.town.house(), RecoveryApi));
    let set = "UPDATE platform.account SET email = 'aigul@example.org' WHERE id = $1";
    both.town.tell(set, vec![both.account.into()]).await;
    site.post("/recovery", &json!({ "login": "aigul.s" })).await.expect(200);
    let token = both.town.letter_word("aigul@example.org", 64).await;
    let finish = json!({ "token": token, "password": SHORT });
    both.silence().await;
    assert_eq!(door.get("/account").await.expect(200)["min_password"], 15, "the strict side is shown");
    door.put("/account/password", &put).await.expect(503);
    site.post("/recovery/password", &finish).await.expect(503);
    both.back().await;
    assert_eq!(super::faults(&door.put("/account/password", &put).await), ["new:password-short"]);
    assert_eq!(super::faults(&site.post("/recovery/password", &finish).await), ["password:password-short"]);
}

#[tokio::test]
async fn s31_a_silent_school_keeps_nobody_out_of_another_and_lengthens_no_session() {
    let town = Town::open().await;
    let secret = town.account_with_code("basshy").await;
    let both = Both::of(town, "basshy").await;
    both.silence().await;
    both.town.later(30);
    let code = factor::code(&secret, both.town.world.clock.now()).unwrap();
    let reply = both.town.sign_in_with("basshy", &code).await;
    let schools = reply.expect(200)["schools"].clone();
    assert_eq!(schools.as_array().unwrap().len(), 1);
    assert_eq!(schools[0]["slug"], both.other.card.slug.as_str());
    let door = both.other.client(OwnApi).with_token(Scope::User, &reply.token(Scope::User).unwrap());
    both.town.later(3_599);
    door.get("/account").await.expect(200);
    both.town.later(3_600);
    door.get("/account").await.expect(401);
}
