//! The live stream: what changed, as far as the reader may know of it. It carries no data; the page asks
//! anew, and access is decided there again. The stream ends with its session.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, stream};
use kd_cache::{Kick, Live, Topic};
use kd_ctx::{House, Session, Turn};
use kd_http::Portal;
use kd_kernel::{Act, Result, Role};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How often a stream looks whether its session lives, for the time in which nobody can tell it.
const LOOK: Duration = Duration::from_secs(3);

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct News {
    /// marks, attendance, lessons, people, sheets, or resync: ask everything anew.
    pub topic: String,
    /// The student, class or thing that it is about.
    pub subject: Option<Uuid>,
}

/// About whom the reader may hear.
#[derive(Debug, Clone)]
pub(crate) enum Circle {
    /// Staff: about everybody.
    Everybody,
    /// A student or guardian: about these alone.
    These(HashSet<Uuid>),
}

pub(crate) async fn circle(turn: &Turn) -> Result<Circle> {
    turn.allow(Act::LiveHear)?;
    let family = |role: Role| matches!(role, Role::Student | Role::Guardian);
    if turn.who().roles.iter().any(|role| !family(role)) {
        return Ok(Circle::Everybody);
    }
    let wards = kd_people::children_of(turn.db(), turn.who().profile).await?;
    let own = std::iter::once(turn.who().profile.0);
    Ok(Circle::These(own.chain(wards.into_iter().map(|w| w.student_id.0)).collect()))
}

impl Circle {
    fn hears(&self, live: &Live) -> bool {
        match (self, live.topic) {
            (_, Topic::Resync | Topic::Lessons) | (Self::Everybody, _) => true,
            (Self::These(about), Topic::Marks | Topic::Attendance) => live.subject.is_some_and(|s| about.contains(&s)),
            (Self::These(_), _) => false,
        }
    }
}

pub(crate) fn stream(door: &Portal, circle: Circle) -> BoxStream<'static, News> {
    let house = Arc::clone(door.house());
    let news = house.cache.listen(door.school().id).filter(move |live| {
        let hears = circle.hears(live);
        async move { hears }
    });
    let news = news.map(|live| News { topic: name(live.topic), subject: live.subject });
    news.take_until(over(house, door.session().clone())).boxed()
}

fn name(topic: Topic) -> String {
    serde_json::to_value(topic).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Ends when the session has ended: at once when somebody tells, within seconds in any case.
async fn over(house: Arc<House>, session: Session) {
    let told = house.cache.listen_kick().filter(|kick| {
        let mine = ends(kick, &session);
        async move { mine }
    });
    tokio::select! {
        () = first(told) => {}
        () = found_dead(&house, &session) => {}
    }
}

fn ends(kick: &Kick, session: &Session) -> bool {
    match kick {
        Kick::Ended(id) => *id == session.id.0 || session.account.is_some_and(|a| a.0 == *id),
        // Somebody may have been missed: the look below finds out.
        _ => false,
    }
}

async fn first<S: Stream>(told: S) {
    let mut told = std::pin::pin!(told);
    told.next().await;
}

async fn found_dead(house: &House, session: &Session) {
    let mut ticks = stream::unfold((), |()| async { Some((tokio::time::sleep(LOOK).await, ())) }).boxed();
    while ticks.next().await.is_some() {
        if matches!(house.session_alive(session).await, Ok(false)) {
            return;
        }
    }
}
