//! A turn: one school transaction, and the person who acts in it. Operations of a school's rooms take a
//! turn and nothing else of the house.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use kd_cache::{Live, Topic};
use kd_kernel::{AccountId, Act, Problem, ProfileId, Relations, Result, Role, Roles, Tongue};
use kd_store::{Mode, SchoolTx, sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::looks::{self, Look};
use crate::once::Place;
use crate::{House, SchoolCard, network};

/// The person who acts, in this school.
#[derive(Debug, Clone)]
pub struct Who {
    /// The account that is signed in.
    pub account: AccountId,
    /// The person here.
    pub profile: ProfileId,
    /// The name, for what others see of the act.
    pub full_name: String,
    /// The roles held at this moment.
    pub roles: Roles,
    /// The language of the answer.
    pub tongue: Tongue,
}

/// A thing that an act is done to: it knows how the person stands to it.
pub trait Thing {
    /// The relations, as the room's loader found them.
    fn relations(&self) -> Relations;
}

/// A thing without relations: the school as a whole, a list, a dictionary.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

impl Thing for Plain {
    fn relations(&self) -> Relations {
        Relations::none()
    }
}

/// Proof that the person may do the act to this very thing. Writes take it instead of an id.
#[derive(Debug)]
pub struct Permit<T> {
    act: Act,
    thing: T,
}

impl<T> Permit<T> {
    /// What was permitted.
    #[must_use]
    pub fn act(&self) -> Act {
        self.act
    }

    /// The thing.
    #[must_use]
    pub fn thing(&self) -> &T {
        &self.thing
    }

    /// The thing, when no write follows.
    #[must_use]
    pub fn into_thing(self) -> T {
        self.thing
    }
}

impl<T> std::ops::Deref for Permit<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.thing
    }
}

/// One school transaction with the person who acts.
pub struct Turn {
    tx: SchoolTx,
    house: Arc<House>,
    school: SchoolCard,
    who: Who,
    news: Mutex<Vec<Live>>,
    about: Mutex<Option<About>>,
    shown: Mutex<Vec<(ProfileId, Look)>>,
    came_from: Option<String>,
}

/// What the operation's line of the audit is about.
#[derive(Debug, Default)]
struct About {
    subject: Option<Uuid>,
    detail: Option<serde_json::Value>,
}

#[derive(FromQueryResult)]
struct Person {
    surname: String,
    given_name: String,
    roles: String,
}

impl Turn {
    /// Begins a turn. The school's own table says whether the person is there and what roles he or she
    /// holds, so that a change counts at the next request.
    ///
    /// # Errors
    /// 404 when the person is not, or no longer, in this school; 503 when the cell does not answer.
    pub async fn begin(
        house: &Arc<House>,
        school: &SchoolCard,
        seat: (AccountId, ProfileId),
        mode: Mode,
    ) -> Result<Self> {
        let (account, profile) = seat;
        let tx = house.store.begin(school.place(), mode).await?;
        let person: Person = sql::one(
            &tx,
            "SELECT p.surname, p.given_name, coalesce(string_agg(r.role, ','), '') AS roles \
             FROM profile p LEFT JOIN role_held r ON r.profile_id = p.id \
             WHERE p.id = $1 AND p.account_id = $2 AND p.state = 'active' GROUP BY p.id",
            [profile.into(), account.into()],
        )
        .await?
        .ok_or_else(Problem::not_found)?;
        let who = Who {
            account,
            profile,
            full_name: kd_kernel::names::full_name(&person.surname, &person.given_name, None),
            roles: person.roles.split(',').filter_map(Role::of_name).collect(),
            tongue: Tongue::default(),
        };
        Ok(Self {
            tx,
            house: Arc::clone(house),
            school: school.clone(),
            who,
            news: Mutex::default(),
            about: Mutex::default(),
            shown: Mutex::default(),
            came_from: None,
        })
    }

    /// The same turn, answering in the language of a place and knowing from where it is asked for.
    #[must_use]
    pub fn for_place(mut self, place: &Place<'_>) -> Self {
        self.who.tongue = place.tongue;
        self.came_from = Some(network(place.from));
        self
    }

    /// The school transaction.
    #[must_use]
    pub fn db(&self) -> &SchoolTx {
        &self.tx
    }

    /// Who acts.
    #[must_use]
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// The school.
    #[must_use]
    pub fn school(&self) -> &SchoolCard {
        &self.school
    }

    /// The house, for what must be done outside the school (after the commit, or idempotently).
    #[must_use]
    pub fn house(&self) -> &Arc<House> {
        &self.house
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.house.clock.now()
    }

    /// Today in the school's zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.house.clock.today()
    }

    /// A new identity.
    #[must_use]
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.house.id()
    }

    /// Asks whether the person may do the act to the thing, and returns the proof.
    ///
    /// # Errors
    /// 404 when the thing may not even be seen, 403 when it may be seen but this may not be done.
    pub fn permit<T: Thing>(&self, act: Act, thing: T) -> Result<Permit<T>> {
        let relations = thing.relations();
        if self.house.access.decide(self.who.roles, act, relations) {
            return Ok(Permit { act, thing });
        }
        tracing::info!(act = act.name(), account = %self.who.account, school = %self.school.id, "an act was refused");
        if act.sees() != act && self.house.access.decide(self.who.roles, act.sees(), relations) {
            return Err(Problem::forbidden());
        }
        Err(Problem::not_found())
    }

    /// As [`Turn::permit`], for an act without a thing: who may not do it gets 403, for there is nothing
    /// to hide.
    ///
    /// # Errors
    /// 403.
    pub fn allow(&self, act: Act) -> Result<Permit<Plain>> {
        if self.house.access.decide(self.who.roles, act, Relations::none()) {
            return Ok(Permit { act, thing: Plain });
        }
        tracing::info!(act = act.name(), account = %self.who.account, school = %self.school.id, "an act was refused");
        Err(Problem::forbidden())
    }

    /// Whether the person may do the act, standing so to the thing.
    #[must_use]
    pub fn may(&self, act: Act, relations: Relations) -> bool {
        self.house.access.decide(self.who.roles, act, relations)
    }

    /// Notes what changed; listeners hear it after the commit, never before.
    pub fn say(&self, topic: Topic, subject: Option<Uuid>) {
        self.news.lock().unwrap_or_else(PoisonError::into_inner).push(Live { topic, subject });
    }

    /// Says what the operation's line of the audit is about: whose row or which thing, and in the room's own
    /// short words what of it (`{"class": …, "from": …, "to": …}`). The last word counts. The line stays in
    /// the school's schema; secrets do not belong into it.
    pub fn about(&self, subject: Uuid, detail: serde_json::Value) {
        let about = About { subject: Some(subject), detail: Some(detail) };
        *self.about.lock().unwrap_or_else(PoisonError::into_inner) = Some(about);
    }

    /// Says that this student's data are about to be shown. Whoever asks about himself or herself is not
    /// noted; everybody else stands in the access log before the answer leaves.
    pub fn looked(&self, student: ProfileId, what: Look) {
        if student != self.who.profile {
            self.shown.lock().unwrap_or_else(PoisonError::into_inner).push((student, what));
        }
    }

    /// What is about to be shown, for the one who writes it down.
    #[must_use]
    pub fn take_shown(&self) -> Vec<(ProfileId, Look)> {
        std::mem::take(&mut *self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes the operation's line of the audit, and what it shows of students, in this transaction.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn audit(&self, operation: &'static str) -> Result<()> {
        let about = self.about.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        sql::run(
            &self.tx,
            "INSERT INTO audit (id, account_id, profile_id, operation, subject_id, detail, at, came_from) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                self.id::<Uuid>().into(),
                self.who.account.into(),
                self.who.profile.into(),
                operation.into(),
                about.subject.into(),
                about.detail.into(),
                self.now().into(),
                self.came_from.clone().into(),
            ],
        )
        .await?;
        let shown = self.take_shown();
        if shown.is_empty() {
            return Ok(());
        }
        let network = self.came_from.as_deref().unwrap_or_default();
        looks::write(&self.house, &self.tx, (self.who.profile, network), &shown).await
    }

    /// Commits, then tells the listeners.
    ///
    /// # Errors
    /// 503 when the outcome is in doubt; 500 where something was shown of a student and nobody has taken it
    /// for the access log.
    pub async fn commit(self) -> Result<()> {
        if !self.take_shown().is_empty() {
            return Err(Problem::internal("what was shown of a student is not written down"));
        }
        let Self { tx, house, school, news, .. } = self;
        tx.commit().await?;
        for live in news.into_inner().unwrap_or_else(PoisonError::into_inner) {
            house.cache.publish(school.id, live).await;
        }
        Ok(())
    }
}
