//! Tests of the room through its own HTTP door, the public site's.

mod agreement;
mod applications;
mod decisions;
mod flow;
mod service;

use std::sync::Arc;

use kd_accounts::AccountsApi;
use kd_cache::Cache;
use kd_ctx::sessions::Opening;
use kd_ctx::{House, Scope, Token};
use kd_kernel::{AccountId, ApplicationId};
use kd_store::sql;
use kd_testkit::{Client, Reply, World};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::SignupApi;

/// A world and the public site's door. Redis is away, so that one test's limits are not another's.
struct Site {
    world: World,
    door: Client,
}

/// A letter as its recipient reads it.
#[derive(Debug, FromQueryResult)]
struct Sealed {
    id: Uuid,
    recipient: String,
    subject: String,
    body_sealed: Vec<u8>,
}

/// Recipient, subject, text.
type Letter = (String, String, String);

impl Site {
    async fn open() -> Self {
        let world = World::open().await.with_house(|house| house.cache = Cache::open("redis://127.0.0.1:1"));
        let door = Client::signup(&world.house, (AccountsApi, SignupApi));
        Self { world, door }
    }

    fn house(&self) -> &Arc<House> {
        &self.world.house
    }

    async fn run(&self, statement: &'static str, values: Vec<sea_orm::Value>) {
        sql::run(self.house().store.platform(), statement, values).await.unwrap();
    }

    async fn ask<T: sea_orm::TryGetable>(&self, question: &'static str, value: impl Into<sea_orm::Value>) -> T {
        sql::scalar(self.house().store.platform(), question, [value.into()]).await.unwrap()
    }

    /// Sends a good application; its id.
    async fn applied(&self) -> ApplicationId {
        let answer = self.door.post("/applications", &application()).await.expect(200);
        self.by_number(answer["number"].as_str().unwrap()).await
    }

    async fn by_number(&self, number: &str) -> ApplicationId {
        self.ask("SELECT id FROM platform.application WHERE number = $1", number).await
    }

    async fn state(&self, id: ApplicationId) -> String {
        self.ask("SELECT state FROM platform.application WHERE id = $1", id).await
    }

    /// The kinds of events of an application, oldest first.
    async fn events(&self, id: ApplicationId) -> Vec<String> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
        }
        let rows: Vec<Row> = sql::all(
            self.house().store.platform(),
            "SELECT kind FROM platform.application_event WHERE application_id = $1 ORDER BY at, id",
            [id.into()],
        )
        .await
        .unwrap();
        rows.into_iter().map(|row| row.kind).collect()
    }

    /// The letters that wait for an application's contact, oldest first.
    async fn letters(&self, id: ApplicationId) -> Vec<Letter> {
        let rows: Vec<Sealed> = sql::all(
            self.house().store.platform(),
            "SELECT id, recipient, subject, body_sealed FROM platform.letter WHERE application_id = $1 \
             AND body_sealed IS NOT NULL ORDER BY created_at, id",
            [id.into()],
        )
        .await
        .unwrap();
        rows.into_iter()
            .map(|row| {
                let plain = self.house().seal.open(&format!("letter:{}", row.id), &row.body_sealed).unwrap();
                (row.recipient, row.subject, String::from_utf8(plain).unwrap())
            })
            .collect()
    }

    /// An operator of the provider.
    async fn operator(&self, login: &str) -> AccountId {
        self.account(login, "operator", "active").await
    }

    async fn account(&self, login: &str, kind: &str, state: &str) -> AccountId {
        let id: AccountId = self.house().id();
        self.run(
            "INSERT INTO platform.account (id, login, kind, state, password_hash, created_at, password_set_at) \
             VALUES ($1, $2, $3, $4, 'none', $5, $5)",
            vec![id.into(), login.into(), kind.into(), state.into(), self.world.clock.now().into()],
        )
        .await;
        id
    }

    /// An administrator who has registered for an application: the client, and the application.
    async fn administrator(&self) -> (Client, ApplicationId) {
        let id = self.applied().await;
        let account = self.account(&format!("a{}", id.0.simple()), "user", "activating").await;
        self.run(
            "UPDATE platform.application SET state = 'registered', account_id = $2 WHERE id = $1",
            vec![id.into(), account.into()],
        )
        .await;
        (self.newcomer(account).await, id)
    }

    async fn newcomer(&self, account: AccountId) -> Client {
        let opening = Opening { scope: Scope::Newcomer, account: Some((account, 1)), credential: None };
        let token = self.house().session_open(self.house().store.platform(), opening).await.unwrap();
        self.door.with_token(Scope::Newcomer, &token)
    }

    /// Signs in as somebody whose letter was read aloud.
    async fn sign_in(&self, login: &str, password: &str) -> Reply {
        self.door.post("/session", &json!({"login": login, "password": password})).await
    }
}

/// An application without a fault.
fn application() -> Value {
    json!({
        "name_kk": "«№ 205 жалпы білім беретін мектебі» КММ",
        "name_ru": "КГУ «Общеобразовательная школа № 205»",
        "bin": "990140000007",
        "region": "71",
        "city": "Көктау қаласы",
        "legal_address": "Көктау, Үш қоңыр к., 7",
        "postal_address": "Көктау, Үш қоңыр к., 7",
        "director": "Жұмағұлов Ерлан Тоқтарұлы",
        "contact_name": "Сәрсенова Айгүл Мәлікқызы",
        "contact_position": "Директордың орынбасары",
        "email": "mektep205@example.org",
        "phone": "8 (701) 123-45-67",
        "language": "kk",
        "pupils": 640,
        "locale": "kk",
    })
}

/// What the agreement says of the school.
fn requisites() -> Value {
    json!({
        "name_kk": "«№ 205 жалпы білім беретін мектебі» КММ",
        "name_ru": "КГУ «Общеобразовательная школа № 205»",
        "director": "Жұмағұлов Ерлан Тоқтарұлы",
        "director_ground": "Устав",
        "city": "г. Көктау",
        "legal_address": "Көктау, ул. Үш қоңыр, 7",
        "postal_address": "Көктау, ул. Үш қоңыр, 7",
    })
}

/// `field:code` of every fault.
fn faults(reply: &Reply) -> Vec<String> {
    let body = reply.expect(422);
    let one = |f: &Value| format!("{}:{}", f["field"].as_str().unwrap(), f["code"].as_str().unwrap());
    body["fields"].as_array().map(|all| all.iter().map(one).collect()).unwrap_or_default()
}

/// A cookie's token, for a client that goes on with it.
fn token(reply: &Reply) -> Token {
    reply.token(Scope::Newcomer).expect("a cookie")
}
