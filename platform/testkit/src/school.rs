//! Schools and people of a world. A school's schema is made by the same function that provisioning
//! calls; its people get an account, a profile and a session.

use std::sync::Arc;

use kd_ctx::sessions::Opening;
use kd_ctx::{House, SchoolCard, Scope, Token, Turn};
use kd_kernel::{AccountId, ApplicationId, ProfileId, Role, SchoolId};
use kd_store::{Mode, sql};

use crate::world::CELL;
use crate::{Client, World};

/// A school that is open.
#[derive(Clone)]
pub struct School {
    /// Its world.
    pub world: World,
    /// What the registry knows of it.
    pub card: SchoolCard,
}

/// Somebody with an account and a session.
#[derive(Clone)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The person in the school.
    pub profile: ProfileId,
    /// The session's token.
    pub token: Token,
}

impl School {
    /// A school in a world of its own.
    pub async fn open() -> Self {
        Self::in_world(&World::open().await).await
    }

    /// A further school in a world.
    pub async fn in_world(world: &World) -> Self {
        let house = &world.house;
        let id: SchoolId = house.id();
        kd_store::schools::create(&house.store, CELL, id, 1, &[]).await.expect("school");
        let application: ApplicationId = house.id();
        let slug = format!("m{}", id.0.simple().to_string().get(20..).unwrap());
        sql::run(
            house.store.platform(),
            "INSERT INTO platform.application (id, number, state, name_kk, name_ru, bin, region, city, legal_address, \
             postal_address, director, contact_name, email, phone, language, pupils, locale, received_at) VALUES \
             ($1, $2, 'active', 'Үлгі мектебі', 'Школа-образец', '990140000007', '71', 'Астана', 'Үлгі 1', 'Үлгі 1', \
             'Директор', 'Әкімші', 'mektep@example.org', '+77011234567', 'kk', 500, 'kk', $3)",
            [application.into(), slug.clone().into(), house.clock.now().into()],
        )
        .await
        .expect("application");
        sql::run(
            house.store.platform(),
            "INSERT INTO platform.school (id, application_id, slug, name_kk, name_ru, bin, language, cell_id, state, created_at) \
             VALUES ($1, $2, $3, 'Үлгі мектебі', 'Школа-образец', '990140000007', 'kk', $4, 'active', $5)",
            [id.into(), application.into(), slug.clone().into(), CELL.into(), house.clock.now().into()],
        )
        .await
        .expect("registry");
        let card = house.school(&slug).await.unwrap().expect("card");
        Self { world: world.clone(), card }
    }

    /// The house.
    #[must_use]
    pub fn house(&self) -> &Arc<House> {
        &self.world.house
    }

    /// A member of staff, a student or a guardian (by the first role), registered and signed in.
    pub async fn person(&self, surname: &str, given_name: &str, roles: &[Role]) -> Person {
        let house = self.house();
        let (account, profile): (AccountId, ProfileId) = (house.id(), house.id());
        let now = house.clock.now();
        sql::run(
            house.store.platform(),
            "INSERT INTO platform.account (id, login, kind, state, password_hash, created_at, password_set_at) \
             VALUES ($1, $2, 'user', 'active', 'none', $3, $3)",
            [account.into(), format!("u{}", account.0.simple()).into(), now.into()],
        )
        .await
        .expect("account");
        let kind = match roles.first() {
            Some(Role::Student) => "student",
            Some(Role::Guardian) => "guardian",
            _ => "staff",
        };
        let tx = house.store.begin(self.card.place(), Mode::Write).await.expect("school transaction");
        sql::run(
            &tx,
            "INSERT INTO profile (id, account_id, kind, surname, given_name, folded_name, sex, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 'f', $7)",
            [
                profile.into(),
                account.into(),
                kind.into(),
                surname.into(),
                given_name.into(),
                kd_kernel::names::folded(&format!("{surname} {given_name}")).into(),
                now.into(),
            ],
        )
        .await
        .expect("profile");
        for role in roles {
            sql::run(
                &tx,
                "INSERT INTO role_held (profile_id, role, since) VALUES ($1, $2, $3)",
                [profile.into(), role.name().into(), now.into()],
            )
            .await
            .expect("role");
        }
        tx.commit().await.unwrap();
        sql::run(
            house.store.platform(),
            "INSERT INTO platform.membership (profile_id, account_id, school_id, created_at) VALUES ($1, $2, $3, $4)",
            [profile.into(), account.into(), self.card.id.into(), now.into()],
        )
        .await
        .expect("membership");
        let token = self.session(account).await;
        Person { account, profile, token }
    }

    /// A further session of an account.
    pub async fn session(&self, account: AccountId) -> Token {
        let opening = Opening { scope: Scope::User, account: Some((account, 1)), credential: None };
        self.house().session_open(self.house().store.platform(), opening).await.expect("session")
    }

    /// A turn of a person, for calling operations of lower rooms in a test's preparation.
    pub async fn turn(&self, person: &Person) -> Turn {
        Turn::begin(self.house(), &self.card, (person.account, person.profile), Mode::Write).await.expect("turn")
    }

    /// A client of the room's API as this school serves it, without a session.
    #[must_use]
    pub fn client<A: poem_openapi::OpenApi + 'static>(&self, api: A) -> Client {
        Client::portal(self.house(), &self.card.slug, api)
    }
}
