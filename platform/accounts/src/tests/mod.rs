//! Tests of the room through its own HTTP doors: the public site's and the console's.

mod activation;
mod attach;
mod attach_own;
mod operators;
mod own;
mod passkeys;
mod registration;
mod resets;
mod restrictions;
mod secrets;
mod sign_in;
mod standing;
mod throttle;

use std::sync::Arc;

use chrono::TimeDelta;
use kd_cache::Cache;
use kd_ctx::{House, Scope, Token};
use kd_kernel::{AccountId, Clock, CredentialId, ProfileId, Role};
use kd_store::{Mode, sql};
use kd_testkit::{Client, Reply, School, World};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::credentials::{Issued, New, Purpose, issue};
use crate::{AccountsApi, CURRENT_TERMS, OperatorsApi, factor};

/// A password that everybody may have.
const PASSWORD: &str = "sabyr tubi sary altyn";

/// A world with a school and its two doors. Its clock stands still until it is moved; Redis is away, so
/// that one test's limits are not another's.
struct Town {
    world: World,
    school: School,
    site: Client,
    console: Client,
}

impl Town {
    async fn open() -> Self {
        let world = World::with_clock(Clock::fixed(Clock::system().now())).await;
        Self::of(world.with_house(|house| house.cache = Cache::open("redis://127.0.0.1:1"))).await
    }

    async fn of(world: World) -> Self {
        let school = School::in_world(&world).await;
        let site = Client::signup(&world.house, AccountsApi);
        let console = Client::console(&world.house, OperatorsApi);
        Self { world, school, site, console }
    }

    fn house(&self) -> &Arc<House> {
        &self.world.house
    }

    fn later(&self, seconds: i64) {
        self.world.clock.advance(TimeDelta::seconds(seconds));
    }

    /// A person of the school who has no account yet.
    async fn profile(&self, kind: &str, roles: &[Role]) -> ProfileId {
        self.profile_in(&self.school, kind, roles).await
    }

    async fn profile_in(&self, school: &School, kind: &str, roles: &[Role]) -> ProfileId {
        let (house, id): (_, ProfileId) = (self.house(), self.house().id());
        let tx = house.store.begin(school.card.place(), Mode::Write).await.unwrap();
        sql::run(
            &tx,
            "INSERT INTO profile (id, kind, surname, given_name, patronymic, folded_name, sex, created_at) \
             VALUES ($1, $2, 'Серікова', 'Айгүл', 'Маратқызы', 'серикова айгул', 'f', $3)",
            [id.into(), kind.into(), house.clock.now().into()],
        )
        .await
        .unwrap();
        for role in roles {
            let values = [id.into(), role.name().into(), house.clock.now().into()];
            sql::run(&tx, "INSERT INTO role_held (profile_id, role, since) VALUES ($1, $2, $3)", values).await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    async fn issue(&self, profile: ProfileId, strict: bool) -> Issued {
        self.issue_in(&self.school, profile, strict).await
    }

    async fn issue_in(&self, school: &School, profile: ProfileId, strict: bool) -> Issued {
        let purpose = Purpose::Initial { school: school.card.id, profile };
        let new = New { purpose, stem: "serikova.aigul".to_owned(), strict, ttl: TimeDelta::days(14) };
        issue(self.house(), self.house().store.platform(), new).await.unwrap()
    }

    /// A card of a guardian, who needs no second factor.
    async fn card(&self) -> Issued {
        let profile = self.profile("guardian", &[Role::Guardian]).await;
        self.issue(profile, false).await
    }

    async fn sign_in(&self, login: &str, password: &str) -> Reply {
        self.site.post("/session", &json!({"login": login, "password": password})).await
    }

    async fn sign_in_with(&self, login: &str, code: &str) -> Reply {
        self.site.post("/session", &json!({"login": login, "password": PASSWORD, "code": code})).await
    }

    /// The client of a newcomer who has signed in with a card.
    async fn newcomer(&self, card: &Issued) -> Client {
        let reply = self.sign_in(&card.login, card.temporary_password.reveal()).await;
        reply.expect(200);
        self.site.with_token(Scope::Newcomer, &reply.token(Scope::Newcomer).unwrap())
    }

    /// An account without a second factor, registered with a card. Answers the token of its session.
    async fn account(&self, login: &str) -> (AccountId, Token) {
        let card = self.card().await;
        let reply = self.newcomer(&card).await.post("/registration", &registration(login)).await;
        reply.expect(200);
        (self.account_of(login).await, reply.token(Scope::User).unwrap())
    }

    /// An account with a second factor. Answers its secret.
    async fn account_with_code(&self, login: &str) -> String {
        let profile = self.profile("staff", &[Role::Administrator]).await;
        let card = self.issue(profile, true).await;
        let newcomer = self.newcomer(&card).await;
        let secret = newcomer.post("/registration/second-factor", &json!({})).await.expect(200);
        let secret = secret["secret"].as_str().unwrap().to_owned();
        let mut new = registration(login);
        new["code"] = self.code(&secret).into();
        newcomer.post("/registration", &new).await.expect(200);
        self.later(30);
        secret
    }

    fn code(&self, secret: &str) -> String {
        factor::code(secret, self.world.clock.now()).unwrap()
    }

    /// The word of so many letters and digits in the newest letter to an address: its code, or its token.
    async fn letter_word(&self, address: &str, length: usize) -> String {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            id: Uuid,
            body_sealed: Vec<u8>,
        }
        let newest = "SELECT id, body_sealed FROM platform.letter WHERE recipient = $1 ORDER BY id DESC LIMIT 1";
        let row: Option<Row> = sql::one(self.house().store.platform(), newest, [address.into()]).await.unwrap();
        let row = row.expect("a letter");
        let plain = self.house().seal.open(&format!("letter:{}", row.id), &row.body_sealed).unwrap();
        let text = String::from_utf8(plain).unwrap();
        let word = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .find(|word| word.len() == length && word.chars().any(|c| c.is_ascii_digit()));
        word.expect("the word").to_owned()
    }

    async fn account_of(&self, login: &str) -> AccountId {
        let id: Uuid = self.ask("SELECT id FROM platform.account WHERE login = $1", login.into()).await;
        AccountId(id)
    }

    async fn state_of(&self, id: CredentialId) -> String {
        self.ask("SELECT state FROM platform.credential WHERE id = $1", id.into()).await
    }

    async fn ask<T: sea_orm::TryGetable>(&self, question: &'static str, value: sea_orm::Value) -> T {
        sql::scalar(self.house().store.platform(), question, [value]).await.unwrap()
    }

    async fn tell(&self, statement: &'static str, values: Vec<sea_orm::Value>) {
        sql::run(self.house().store.platform(), statement, values).await.unwrap();
    }
}

fn registration(login: &str) -> Value {
    json!({"login": login, "password": PASSWORD, "terms_version": CURRENT_TERMS, "language": "kk"})
}

/// The codes of the fields that were refused, as `field:code`.
fn faults(reply: &Reply) -> Vec<String> {
    let body = reply.expect(422);
    let fields = body["fields"].as_array().unwrap();
    fields.iter().map(|f| format!("{}:{}", f["field"].as_str().unwrap(), f["code"].as_str().unwrap())).collect()
}
