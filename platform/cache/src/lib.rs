//! Cache: Redis. Copies that spare a look into the database, limits of the sign-in, live events between
//! processes. Nothing that cannot be lost lives here: when Redis is away every call answers at once, and
//! the service goes on without it. What must be remembered belongs into the database.

mod breaker;
mod hub;
mod key;
mod limits;
mod live;
mod local;
mod relay;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use deadpool_redis::redis::pipe;
use futures_util::Stream;
use kd_kernel::SchoolId;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

pub use key::Key;
pub use limits::{Ladder, Limits};
pub use live::{Kick, Live, Topic};

use relay::Relay;
use wire::Wire;

/// One Redis, or the lack of it. Cheap to clone.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    wire: Arc<Wire>,
    limits: Limits,
    relay: Relay,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cache(…)")
    }
}

impl Cache {
    /// Opens the cache at `redis://[user:password@]host:port[/db]`, with the usual ladder of delays.
    /// Never fails and connects to nothing yet; an address that cannot be used is a Redis that is away.
    #[must_use]
    pub fn open(url: &str) -> Self {
        Self::open_with(url, Ladder::default())
    }

    /// Opens the cache with a ladder of delays for the sign-in.
    #[must_use]
    pub fn open_with(url: &str, ladder: Ladder) -> Self {
        let wire = Arc::new(Wire::open(url));
        Self(Arc::new(Inner {
            limits: Limits::new(Arc::clone(&wire), ladder),
            relay: Relay::new(Arc::clone(&wire)),
            wire,
        }))
    }

    /// Whether Redis answers now; at most 150 ms, at once while the breaker is open.
    pub async fn healthy(&self) -> bool {
        self.0.wire.ask::<(String,)>(pipe().cmd("PING")).await.is_some()
    }

    /// What stands under the key; nothing where nothing stands, where it cannot be read as a `T`, or
    /// where Redis does not answer within 150 ms.
    pub async fn get<T: DeserializeOwned>(&self, key: &Key) -> Option<T> {
        let (text,) = self.0.wire.ask::<(Option<String>,)>(pipe().cmd("GET").arg(key.as_str())).await?;
        serde_json::from_str(&text?).ok()
    }

    /// Puts a value under the key for a time; nothing happens where Redis does not answer.
    pub async fn put<T: Serialize>(&self, key: &Key, value: &T, ttl: Duration) {
        let (Ok(text), Ok(millis @ 1..)) = (serde_json::to_string(value), u64::try_from(ttl.as_millis())) else {
            return;
        };
        let mut commands = pipe();
        commands.cmd("SET").arg(key.as_str()).arg(text).arg("PX").arg(millis).ignore();
        self.0.wire.ask::<()>(&commands).await;
    }

    /// Takes away what stands under the key. False where Redis did not confirm it: then the old value
    /// may be read until its time is over.
    pub async fn forget(&self, key: &Key) -> bool {
        let mut commands = pipe();
        commands.cmd("DEL").arg(key.as_str()).ignore();
        self.0.wire.ask::<()>(&commands).await.is_some()
    }

    /// The limits of the sign-in.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Tells all who listen to the school that something changed. Call it after the commit; returns at
    /// once. Listeners of this process hear it even when Redis is away; those of other processes hear a
    /// [`Topic::Resync`] as soon as Redis is back.
    pub async fn publish(&self, school: SchoolId, live: Live) {
        self.0.relay.publish(school, live);
    }

    /// What changes in the school from now on. A [`Topic::Resync`] comes whenever something may have
    /// been missed: this listener was too slow, or Redis was away; while it is away every five seconds.
    pub fn listen(&self, school: SchoolId) -> impl Stream<Item = Live> + Send + Unpin + use<> {
        self.0.relay.listen(school)
    }

    /// Tells every process that a session ended, or all sessions of an account. Returns at once.
    pub async fn publish_kick(&self, session_or_account: Uuid) {
        self.0.relay.publish_kick(session_or_account);
    }

    /// Sessions and accounts that ended from now on, for streams that must end with them.
    pub fn listen_kick(&self) -> impl Stream<Item = Kick> + Send + Unpin + use<> {
        self.0.relay.listen_kick()
    }
}
