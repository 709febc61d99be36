//! The listeners of this process: a broadcast for each school that somebody listens to, and one for
//! sessions that ended.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::{Stream, StreamExt};
use kd_kernel::SchoolId;
use tokio::sync::broadcast::Sender;
use tokio_stream::wrappers::BroadcastStream;

use crate::live::{Kick, Live};

/// Events that a slow listener may be behind before it is told to read everything anew.
const BEHIND: usize = 64;

/// Who listens in this process.
pub(crate) struct Hub {
    schools: Mutex<HashMap<SchoolId, Sender<Live>>>,
    kicks: Sender<Kick>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { schools: Mutex::default(), kicks: Sender::new(BEHIND) }
    }
}

impl Hub {
    /// Tells the school's listeners.
    pub(crate) fn tell(&self, school: SchoolId, live: Live) {
        let mut schools = self.schools();
        if schools.get(&school).is_some_and(|sender| sender.send(live).is_err()) {
            schools.remove(&school);
        }
    }

    /// Tells those who hold sessions open.
    pub(crate) fn kick(&self, kick: Kick) {
        // An error says that nobody listens.
        let _ = self.kicks.send(kick);
    }

    /// Tells everybody that something may have been missed.
    pub(crate) fn resync(&self) {
        self.schools().retain(|_, sender| sender.send(Live::RESYNC).is_ok());
        self.kick(Kick::Unsure);
    }

    /// The school's events from now on.
    pub(crate) fn listen(&self, school: SchoolId) -> impl Stream<Item = Live> + Send + Unpin + use<> {
        let receiver = self.schools().entry(school).or_insert_with(|| Sender::new(BEHIND)).subscribe();
        BroadcastStream::new(receiver).map(|event| event.unwrap_or(Live::RESYNC))
    }

    /// Ended sessions from now on.
    pub(crate) fn listen_kick(&self) -> impl Stream<Item = Kick> + Send + Unpin + use<> {
        BroadcastStream::new(self.kicks.subscribe()).map(|event| event.unwrap_or(Kick::Unsure))
    }

    fn schools(&self) -> MutexGuard<'_, HashMap<SchoolId, Sender<Live>>> {
        self.schools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Topic;
    use uuid::Uuid;

    #[tokio::test]
    async fn s13_a_school_hears_its_own_events_alone() {
        let hub = Hub::default();
        let (one, two) = (SchoolId(Uuid::from_u128(1)), SchoolId(Uuid::from_u128(2)));
        let mut first = hub.listen(one);
        let mut second = hub.listen(two);
        hub.tell(one, Live::of(Topic::Marks));
        hub.tell(two, Live::of(Topic::People));
        assert_eq!(first.next().await, Some(Live::of(Topic::Marks)));
        assert_eq!(second.next().await, Some(Live::of(Topic::People)));
    }

    #[tokio::test]
    async fn a_listener_that_lags_is_told_to_read_anew() {
        let hub = Hub::default();
        let school = SchoolId(Uuid::from_u128(1));
        let mut slow = hub.listen(school);
        for _ in 0..BEHIND + 1 {
            hub.tell(school, Live::of(Topic::Marks));
        }
        assert_eq!(slow.next().await, Some(Live::RESYNC));
        assert_eq!(slow.next().await, Some(Live::of(Topic::Marks)));
    }

    #[tokio::test]
    async fn a_school_without_listeners_takes_no_room() {
        let hub = Hub::default();
        let school = SchoolId(Uuid::from_u128(1));
        drop(hub.listen(school));
        assert_eq!(hub.schools().len(), 1);
        hub.tell(school, Live::of(Topic::Marks));
        assert!(hub.schools().is_empty());
        let _alive = hub.listen(school);
        hub.resync();
        assert_eq!(hub.schools().get(&school).unwrap().receiver_count(), 1);
    }
}
