//! Two schools and two applicants in one house, and everything that comes out while the people of the
//! second school ask for all there is: with their own ids, and with those of the first.

use std::collections::BTreeSet;
use std::sync::Mutex;

use futures_util::StreamExt;
use kd_blobs::{BlobSettings, Blobs, ObjectKey};
use kd_cache::Cache;
use kd_ctx::{Scope, Token};
use kd_kernel::{Clock, ProfileId, Role};
use kd_testkit::{World, blob_settings};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::founder::{Founder, operation_of};
use super::traces::{Marks, Said, To};
use super::wires::{Heard, Tap, commands, log, monitor};
use crate::own_redis::{Redis, within};
use crate::stage::cases::case;
use crate::stage::{Hosts, NOW, Operation, ROLES, Stage, address, cookie, operations};
use crate::{operator, with_card};

pub const ONE: Marks = Marks { inside: "Қоңыржайқын", registry: "Шұғылатаусай" };
pub const OTHER: Marks = Marks { inside: "Бөрілітөбежон", registry: "Үйірлісайқар" };

/// What came out.
pub struct Gathering {
    pub said: Vec<Said>,
    /// Every command that Redis got.
    pub commands: Vec<Vec<String>>,
    /// What S3 was asked while the second school's people acted, and the schools that they act for.
    pub asked: Vec<(String, String)>,
    pub acting: Vec<Uuid>,
    /// All four schools.
    pub schools: Vec<Uuid>,
    /// What S3 itself holds of the schools that acted.
    pub files: Vec<String>,
    /// Ids and addresses of the two schools.
    pub ids: [Vec<String>; 2],
}

/// Gathers once in a run of tests; each test reads it for another rule.
pub async fn gathered() -> &'static Gathering {
    static ALL: OnceCell<Gathering> = OnceCell::const_new();
    ALL.get_or_init(gather).await
}

async fn gather() -> Gathering {
    let (log, redis, tap) = (log(), Redis::start().await, Tap::open().await);
    let told = monitor(redis.port).await;
    let world = World::with_clock(Clock::fixed(NOW.parse().unwrap())).await.with_house(|house| {
        house.cache = Cache::open(&redis.url());
        house.blobs = Blobs::open(&BlobSettings { endpoint: tap.endpoint.clone(), ..blob_settings() });
    });
    let (one, other) = (Stage::open(&world, ONE.inside).await, Stage::open(&world, OTHER.inside).await);
    let (hosts, root) = (Hosts::of(&world), cookie(Scope::Operator, &operator(&world).await));
    let mut house = Gatherer { world: &world, hosts: &hosts, one: &one, other: &other, root: &root, said: Vec::new() };

    let streams = house.listeners().await;
    let (slug, said) = Founder::new(To::One, ONE, (&world, &hosts), &root).founds().await;
    house.said.extend(said);
    house.day_of_one().await;
    let mut schools = vec![one.school.card.id.0, world.house.school(&slug).await.unwrap().unwrap().id.0];

    let mark = tap.mark();
    let (slug, said) = Founder::new(To::Other, OTHER, (&world, &hosts), &root).founds().await;
    house.said.extend(said);
    house.portal().await;
    house.site_and_console().await;
    house.news(streams).await;
    let asked = tap.requests(mark);
    let acting = vec![other.school.card.id.0, world.house.school(&slug).await.unwrap().unwrap().id.0];
    schools.extend(&acting);
    let files = house.files(&acting, &asked).await;

    house.said.push(Said::bytes(To::Nobody, "log".to_owned(), &log.all()));
    let ids = [one.ids(), other.ids()];
    Gathering { said: house.said, commands: commands(&told.all()), asked, acting, schools, files, ids }
}

struct Gatherer<'a> {
    world: &'a World,
    hosts: &'a Hosts,
    one: &'a Stage,
    other: &'a Stage,
    root: &'a str,
    said: Vec<Said>,
}

impl Gatherer<'_> {
    async fn ask(&mut self, to: To, operation: &Operation, path: &str, (cookie, body): (Option<&str>, &Value)) {
        let reply = self.hosts.ask(operation, path, cookie, body).await;
        self.said.push(Said::reply(to, format!("{} {} {path}", operation.method, operation.id), &reply));
    }

    /// The people of the first school work too: what they do must not be heard in the second.
    async fn day_of_one(&mut self) {
        for operation in of("portal") {
            for (n, role) in [Role::Administrator, Role::Teacher].into_iter().enumerate() {
                let (path, body) = case(&operation.id, &|name| self.one.id(name), n).unwrap();
                let (path, cookie) = (self.one.address(&operation, &path), self.one.cookie(role));
                self.ask(To::One, &operation, &path, (Some(&cookie), &body)).await;
            }
        }
        self.one.work().await;
    }

    /// Every operation of the portal as every role of the second school.
    async fn portal(&mut self) {
        for operation in of("portal") {
            for (n, role) in ROLES.into_iter().enumerate() {
                let cookie = self.other.cookie(role);
                for (path, body) in variants(&operation, n, (self.one, self.other)) {
                    self.ask(To::Other, &operation, &path, (Some(&cookie), &body)).await;
                }
            }
        }
        // A sheet that nobody fetches, with a card of somebody of this school, for a look at what lies in S3.
        let cookie = self.other.cookie(Role::Administrator);
        let class = self.other.id("class");
        let new = json!({ "kind": "student", "surname": OTHER.inside, "given_name": "Ая", "sex": "f", "class_id": class,
                          "enrolled_on": "2026-09-01" });
        let order = json!({ "class_id": class, "who": "students", "language": "kk" });
        for (operation, path, body) in [("person_add", "/people", new), ("sheet_issue", "/sheets", order)] {
            let operation = operation_of(operation);
            let path = self.other.address(&operation, path);
            self.ask(To::Other, &operation, &path, (Some(&cookie), &body)).await;
        }
        self.other.work().await;
    }

    /// Every operation of the site and of the console, as a visitor, a newcomer, an administrator of the
    /// second school, and an operator; every operation of the portal as a newcomer.
    async fn site_and_console(&mut self) {
        let profile = ProfileId(self.other.id("student2"));
        let card = with_card(self.world, self.other.school.card.id, profile).await;
        let admin = self.other.person(Role::Administrator).account;
        let user = self.other.school.session(admin).await;
        let newcomer = crate::stage::session(self.world, Scope::Newcomer, admin).await;
        let header = |token: &Token| Some(cookie(Scope::User, token));
        let cookies = [None, header(&card), header(&newcomer), header(&user)];
        // Signing out ends the session, so it comes last.
        let mut all = operations();
        all.sort_by_key(|operation| operation.id.contains("sign_out"));
        for operation in all {
            for stage in [self.other, self.one] {
                let (path, body) = case(&operation.id, &|name| stage.id(name), 0).unwrap();
                let path = stage.address(&operation, &path);
                for cookie in &cookies {
                    if operation.spec != "portal" || *cookie != cookies[3] {
                        self.ask(To::Other, &operation, &path, (cookie.as_deref(), &body)).await;
                    }
                }
                if operation.spec == "console" {
                    let root = self.root;
                    self.ask(To::Operator, &operation, &path, (Some(root), &body)).await;
                }
            }
        }
    }

    /// Live streams of the second school's people, read from now on.
    async fn listeners(&self) -> Vec<Heard> {
        let live = operation_of("live_events");
        let mut all = Vec::new();
        for role in ROLES {
            let door = self.hosts.host("portal").with_cookie(&self.other.cookie(role));
            let response = door.open(&self.other.address(&live, "/events")).await;
            assert_eq!(response.status(), 200);
            let (heard, mut stream) = (Heard::default(), response.into_body().into_bytes_stream());
            let noted = heard.clone();
            tokio::spawn(async move {
                while let Some(Ok(bytes)) = stream.next().await {
                    noted.add(&bytes);
                }
            });
            all.push(heard);
        }
        all
    }

    /// What came over the streams; all of them have news of their own school's lessons.
    async fn news(&mut self, streams: Vec<Heard>) {
        for (heard, role) in streams.into_iter().zip(ROLES) {
            let came = async || String::from_utf8_lossy(&heard.all()).contains("\"lessons\"");
            within(std::time::Duration::from_secs(10), "a stream has news", came).await;
            self.said.push(Said::bytes(To::Other, format!("stream {}", role.name()), &heard.all()));
        }
    }

    /// What lies in S3 for the schools that acted, opened where it is sealed, and the papers that were put.
    async fn files(&mut self, acting: &[Uuid], asked: &[(String, String)]) -> Vec<String> {
        let house = &self.world.house;
        let (mut keys, mut listed) = (Vec::new(), Vec::new());
        for school in acting.iter().map(|id| kd_kernel::SchoolId(*id)) {
            for name in house.blobs.list_prefix(school).await.unwrap() {
                let (folder, file) = name.rsplit_once('/').unwrap();
                let area =
                    ["sheets", "service"].into_iter().find(|area| folder.ends_with(area)).expect("a known folder");
                let sheet = file.get(..36).unwrap_or_default();
                keys.push((ObjectKey::school(school, area, file).unwrap(), format!("sheet:{school}:{sheet}")));
                listed.push(name);
            }
        }
        for (_, address) in asked.iter().filter(|(method, _)| method == "PUT") {
            if let Some((_, paper)) = address.split_once("/platform/agreements/") {
                let name = paper.split('?').next().unwrap();
                keys.push((ObjectKey::platform("agreements", name).unwrap(), String::new()));
            }
        }
        for (key, context) in keys {
            let mut bytes = house.blobs.get(&key).await.unwrap().expect("what S3 lists is there").to_vec();
            if key.as_str().ends_with(".sealed") {
                bytes = house.seal.open(&context, &bytes).unwrap();
            }
            self.said.push(Said::bytes(To::Other, format!("file {}", key.as_str()), &bytes));
        }
        listed
    }
}

fn of(spec: &str) -> Vec<Operation> {
    operations().into_iter().filter(|operation| operation.spec == spec).collect()
}

/// An operation's address and body in the second school: with its own ids, with each of them swapped for the
/// first school's, with all of them swapped; and the first school's own address.
fn variants(operation: &Operation, n: usize, (one, other): (&Stage, &Stage)) -> Vec<(String, Value)> {
    let names = Mutex::new(BTreeSet::new());
    let note = |name| {
        names.lock().unwrap().insert(name);
        other.id(name)
    };
    let mut all = vec![case(&operation.id, &note, n).unwrap()];
    let names = names.into_inner().unwrap();
    for swapped in &names {
        let pick = |name| if name == *swapped { one.id(name) } else { other.id(name) };
        all.push(case(&operation.id, &pick, n).unwrap());
    }
    let foreign = case(&operation.id, &|name| one.id(name), n).unwrap();
    if names.len() > 1 {
        all.push(foreign.clone());
    }
    let mut all: Vec<_> = all.into_iter().map(|(path, body)| (other.address(operation, &path), body)).collect();
    all.push((address(operation, &one.school.card.slug, &foreign.0), foreign.1));
    all
}
