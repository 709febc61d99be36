//! Somebody whose agreement is signed and who has just activated the School service; and what can be
//! seen of the school from outside. Used by the tests of provisioning and by those of the server.

use kd_kernel::{AccountId, ApplicationId, SchoolId, Slug};
use kd_schools::ApplicationState;
use kd_schools::applications::{self, Step as Move};
use kd_schools::registry::{self, Claim};
use kd_store::schools::{Standing, stands};
use kd_store::sql;
use kd_testkit::{CELL, World};
use sea_orm::TransactionTrait;

/// An applicant whose school is being made.
#[derive(Debug, Clone)]
pub struct Applicant {
    pub account: AccountId,
    pub school: SchoolId,
    pub slug: String,
    pub email: String,
}

/// What stands of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traces {
    pub schema: bool,
    pub role: bool,
    pub files: Vec<String>,
    pub members: i64,
    pub letters: i64,
}

impl Traces {
    /// Nothing at all.
    pub fn none() -> Self {
        Self { schema: false, role: false, files: Vec::new(), members: 0, letters: 0 }
    }

    /// An open school, with nothing twice and nothing over.
    pub fn open(school: SchoolId) -> Self {
        let files = vec![format!("tenants/{school}/service/marker.json")];
        Self { schema: true, role: true, files, members: 1, letters: 1 }
    }
}

impl Applicant {
    /// Everything up to and including the activation, as the site does it.
    pub async fn activates(world: &World) -> Self {
        let house = &world.house;
        let (account, application): (AccountId, ApplicationId) = (house.id(), house.id());
        let tail = application.0.simple().to_string().split_off(20);
        let (slug, email) = (format!("m{tail}"), format!("{tail}@mektep.example"));
        let now = house.clock.now();
        let db = house.store.platform();
        sql::run(
            db,
            "INSERT INTO platform.account (id, login, kind, state, password_hash, created_at, password_set_at) \
             VALUES ($1, $2, 'user', 'activating', 'none', $3, $3)",
            [account.into(), format!("u{tail}").into(), now.into()],
        )
        .await
        .expect("account");
        sql::run(
            db,
            "INSERT INTO platform.application (id, number, state, name_kk, name_ru, bin, region, city, legal_address, \
             postal_address, director, contact_name, contact_position, email, phone, language, pupils, locale, account_id, \
             received_at) VALUES ($1, $2, 'contract_signed', 'Үлгі мектебі', 'Школа-образец', '990140000007', '71', 'Астана', \
             'Үлгі 1', 'Үлгі 1', 'Директор', 'Сәрсенова Айгүл Мәлік қызы', 'Орынбасар', $3, '+77011234567', 'mixed', 500, 'ru', \
             $4, $5)",
            [application.into(), tail.into(), email.clone().into(), account.into(), now.into()],
        )
        .await
        .expect("application");
        let tx = db.begin().await.expect("transaction");
        let claim = Claim {
            application,
            slug: &Slug::parse(&slug).expect("slug"),
            name_kk: "Үлгі мектебі",
            name_ru: "Школа-образец",
            bin: "990140000007",
            language: "mixed",
        };
        let school = registry::claim(house, &tx, claim).await.expect("claim");
        let begun = Move::of_itself(ApplicationState::ContractSigned, ApplicationState::Provisioning);
        applications::advance(house, &tx, application, begun).await.expect("advance");
        kd_provisioning::start(house, &tx, school).await.expect("start");
        tx.commit().await.expect("commit");
        Self { account, school, slug, email }
    }

    /// What stands of the school, seen from outside.
    pub async fn traces(&self, world: &World) -> Traces {
        let house = &world.house;
        let Standing { schema, role } = stands(&house.store, CELL, self.school).await.expect("cell");
        let db = house.store.platform();
        let mut files = house.blobs.list_prefix(self.school).await.expect("files");
        files.sort();
        Traces {
            schema,
            role,
            files,
            members: sql::scalar(
                db,
                "SELECT count(*) FROM platform.membership WHERE school_id = $1 AND account_id = $2",
                [self.school.into(), self.account.into()],
            )
            .await
            .expect("members"),
            letters: sql::scalar(
                db,
                "SELECT count(*) FROM platform.letter WHERE dedupe = $1",
                [format!("opened:{}", self.school).into()],
            )
            .await
            .expect("letters"),
        }
    }

    /// The states of the run, the school, the application and the account.
    pub async fn states(&self, world: &World) -> [String; 4] {
        let db = world.house.store.platform();
        let text = |sql| sql::scalar::<String>(db, sql, [self.school.into()]);
        [
            text("SELECT state FROM platform.provisioning WHERE school_id = $1").await.expect("run"),
            text("SELECT state FROM platform.school WHERE id = $1").await.expect("school"),
            text(
                "SELECT a.state FROM platform.application a JOIN platform.school s ON s.application_id = a.id WHERE s.id = $1",
            )
            .await
            .expect("application"),
            text(
                "SELECT c.state FROM platform.account c JOIN platform.application a ON a.account_id = c.id \
                 JOIN platform.school s ON s.application_id = a.id WHERE s.id = $1",
            )
            .await
            .expect("account"),
        ]
    }

    /// The kinds of the school's events, in order.
    pub async fn events(&self, world: &World) -> Vec<String> {
        let (_, _, events) = registry::read(world.house.store.platform(), self.school).await.expect("school");
        events.into_iter().map(|event| event.kind).collect()
    }

    /// Asserts that the school is open and whole, and that there is one of everything.
    pub async fn assert_open(&self, world: &World, what: &str) {
        assert_eq!(self.states(world).await, ["active", "active", "active", "active"], "{what}");
        assert_eq!(self.traces(world).await, Traces::open(self.school), "{what}");
        let card = world.house.school_by_id(self.school).await.expect("registry").expect("school");
        assert!(card.is_open() && card.slug == self.slug, "{what}");
        let events = self.events(world).await;
        assert_eq!(events.iter().filter(|kind| *kind == "opened").count(), 1, "{what}: {events:?}");
    }

    /// Asserts that the run ended in this state and that nothing of the school is left.
    pub async fn assert_gone(&self, world: &World, run: &str, school: &str, what: &str) {
        assert_eq!(self.states(world).await, [run, school, "provisioning_failed", "activating"], "{what}");
        assert_eq!(self.traces(world).await, Traces::none(), "{what}");
    }
}
