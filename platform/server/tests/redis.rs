//! F12 to F14: Redis is stopped, emptied, silent. Who is signed in goes on working, signing in works,
//! the limits apply, nobody is let further, and nothing answers with a fault of the server.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../../cache/tests/own_redis/mod.rs"]
mod own_redis;

use std::time::{Duration, Instant};

use kd_accounts::AccountsApi;
use kd_accounts::making::{Making, account_make};
use kd_cache::{Cache, Key};
use kd_ctx::Scope;
use kd_ctx::sessions::Opening;
use kd_kernel::{AccountId, Clock, Role};
use kd_people::PeopleApi;
use kd_store::sql;
use kd_testkit::{Client, Person, Reply, School, World};
use own_redis::{Redis, Way, within};
use sea_orm::TransactionTrait;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const PASSWORD: &str = "sabyr tubi sary altyn";
/// When Redis is back, it is used again within this.
const BACK: Duration = Duration::from_secs(5);
/// What a call may take that waits for Redis, on a machine that does other things too; the exact 200 ms
/// are asserted in the cache's own tests.
const GIVES_UP: Duration = Duration::from_millis(600);

/// A school whose house uses a Redis of the test's own.
struct Town {
    world: World,
    school: School,
    admin: Person,
    student: Person,
    site: Client,
}

impl Town {
    async fn open(url: &str) -> Self {
        let world = World::with_clock(Clock::fixed("2026-09-10T05:00:00Z".parse().unwrap())).await;
        let world = world.with_house(|house| house.cache = Cache::open(url));
        let school = School::in_world(&world).await;
        let admin = school.person("Әлиева", "Анар", &[Role::Administrator]).await;
        let student = school.person("Омаров", "Тимур", &[Role::Student]).await;
        let house = &world.house;
        for login in ["aigul.s", "timur.k", "dana.a"] {
            let tx = house.store.platform().begin().await.unwrap();
            let making = Making { login, password: PASSWORD, state: "active", seed: None };
            account_make(house, &tx, making).await.unwrap();
            tx.commit().await.unwrap();
        }
        let site = Client::signup(house, AccountsApi);
        Self { world, school, admin, student, site }
    }

    fn door(&self, person: &Person) -> Client {
        self.school.client(PeopleApi).of(person)
    }

    async fn sign_in(&self, login: &str, password: &str) -> Reply {
        self.site.post("/session", &json!({ "login": login, "password": password })).await
    }

    /// Who is signed in works, and reaches no more than before.
    async fn works(&self, n: usize) {
        let (admin, student) = (self.door(&self.admin), self.door(&self.student));
        admin.get("/me").await.expect(200);
        let given = ["Айша", "Дана", "Мадина", "Сая", "Жібек", "Нұрай"].get(n).expect("a name");
        let new = json!({ "kind": "student", "surname": "Ахметова", "given_name": given, "sex": "f" });
        admin.post("/people", &new).await.expect(200);
        student.get("/me").await.expect(200);
        student.post("/people/search", &json!({ "kind": "student" })).await.expect(403);
        self.school.client(PeopleApi).get("/me").await.expect(401);
    }

    /// Signing in works, signing out ends the session at once, and a wrong password makes the next wait.
    async fn lets_in(&self, login: &str, spoilt: &str) {
        let reply = self.sign_in(login, PASSWORD).await;
        reply.expect(200);
        let mine = self.site.with_token(Scope::User, &reply.token(Scope::User).unwrap());
        assert_eq!(mine.get("/session").await.expect(200)["kind"], "portal");
        mine.delete("/session").await;
        self.sign_in(spoilt, "wrong").await.expect(401);
        self.sign_in(spoilt, PASSWORD).await.expect(429);
        self.world.clock.advance(chrono::TimeDelta::seconds(30));
        self.sign_in(spoilt, PASSWORD).await.expect(200);
    }

    async fn is_back(&self) {
        within(BACK, "Redis is used again", async || self.world.house.cache.healthy().await).await;
    }
}

/// Says one command to Redis, and waits until it is done.
async fn command(port: u16, text: &str) {
    let mut wire = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    wire.write_all(format!("{text}\r\n").as_bytes()).await.unwrap();
    let mut answer = [0_u8; 64];
    let read = wire.read(&mut answer).await.unwrap();
    assert!(answer.get(..read).unwrap().starts_with(b"+OK"));
}

#[tokio::test]
async fn f12_redis_stopped() {
    let mut redis = Redis::start().await;
    let town = Town::open(&redis.url()).await;
    town.works(0).await;
    assert!(town.world.house.cache.healthy().await);
    let gone = town.school.session(town.admin.account).await;
    let leaving = town.site.with_token(Scope::User, &gone);
    assert_eq!(leaving.get("/session").await.expect(200)["kind"], "portal");

    redis.stop();
    for n in 1..=3 {
        town.works(n).await;
    }
    town.lets_in("aigul.s", "timur.k").await;
    // Who leaves while Redis is away has left, and stays out when it is back.
    assert!(leaving.delete("/session").await.status.is_success());
    assert_eq!(leaving.get("/session").await.expect(200)["kind"], "none");

    redis.rise().await;
    town.is_back().await;
    town.works(4).await;
    assert_eq!(leaving.get("/session").await.expect(200)["kind"], "none");
    town.lets_in("dana.a", "timur.k").await;
}

#[tokio::test]
async fn f13_redis_emptied() {
    let redis = Redis::start().await;
    let town = Town::open(&redis.url()).await;
    let house = &town.world.house;
    town.works(0).await;
    let banned = town.school.person("Сәрсенова", "Айгүл", &[Role::Administrator]).await;
    town.door(&banned).get("/me").await.expect(200);
    let newcomer = session(&town, Scope::Newcomer, town.admin.account).await;

    sql::run(
        house.store.platform(),
        "UPDATE platform.account SET state = 'restricted', epoch = epoch + 1 WHERE id = $1",
        [banned.account.into()],
    )
    .await
    .unwrap();
    house.sessions_end_of(banned.account).await.unwrap();
    town.door(&banned).get("/me").await.expect(401);
    for n in 1..=3 {
        command(redis.port, "FLUSHALL").await;
        town.works(n).await;
        town.door(&banned).get("/me").await.expect(401);
        newcomer.get("/me").await.expect(401);
    }
    command(redis.port, "FLUSHALL").await;
    town.lets_in("aigul.s", "timur.k").await;
    // A session that was written into Redis by hand would be believed: so only the house may write there.
    let held: Option<Value> = house.cache.get(&Key::platform("session", "nobody")).await;
    assert_eq!(held, None);
}

async fn session(town: &Town, scope: Scope, account: AccountId) -> Client {
    let opening = Opening { scope, account: Some((account, 1)), credential: None };
    let house = &town.world.house;
    let token = house.session_open(house.store.platform(), opening).await.unwrap();
    town.school.client(PeopleApi).with_token(scope, &token)
}

#[tokio::test]
async fn f14_redis_black_holed() {
    let redis = Redis::start().await;
    let way = Way::to(redis.port).await;
    let town = Town::open(&way.url()).await;
    town.works(0).await;
    let cache = &town.world.house.cache;
    assert!(cache.healthy().await);

    way.silence();
    // Twenty at the moment of the silence: all are answered.
    let door = town.door(&town.admin);
    let calls = (0..20).map(|_| {
        let door = door.clone();
        tokio::spawn(async move { door.get("/me").await.status.as_u16() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), 200);
    }
    let key = Key::platform("session", "nobody");
    let (begun, mut slow) = (Instant::now(), 0_u64);
    for _ in 0..500 {
        let asked = Instant::now();
        assert_eq!(cache.get::<String>(&key).await, None);
        assert!(asked.elapsed() < GIVES_UP, "{:?}", asked.elapsed());
        slow += u64::from(asked.elapsed() > Duration::from_millis(100));
    }
    assert!(slow <= begun.elapsed().as_secs() + 1, "while the breaker is open a call costs nothing: {slow} waited");
    for n in 1..=3 {
        town.works(n).await;
    }
    town.lets_in("aigul.s", "timur.k").await;
    assert!(!cache.healthy().await);

    way.speak();
    town.is_back().await;
    town.works(4).await;
    town.lets_in("dana.a", "timur.k").await;
}

#[tokio::test]
async fn f14_a_house_that_begins_with_a_silent_redis_works() {
    let hole = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = hole.local_addr().unwrap();
    let (count, counted) = tokio::sync::watch::channel(0_u64);
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = hole.accept().await {
            kept.push(stream);
            count.send_modify(|n| *n += 1);
        }
    });
    let begun = Instant::now();
    let town = Town::open(&format!("redis://{at}")).await;
    for n in 0..5 {
        town.works(n).await;
    }
    town.lets_in("aigul.s", "timur.k").await;
    let (tried, seconds) = (*counted.borrow(), begun.elapsed().as_secs());
    println!("{tried} connections in {seconds} s");
    assert!(tried > 0, "Redis was asked");
    assert!(tried <= seconds + 5, "one call at a time tries: {tried} in {seconds} s");
}
