//! The relay of live events between processes: one subscription and one publisher per process. What is
//! published reaches the listeners of this process directly; what comes back from Redis with this
//! process's own mark is left out, so that nothing is heard twice.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::aio::{PubSub, PubSubSink};
use deadpool_redis::redis::{Msg, Value, pipe};
use futures_util::{Stream, StreamExt};
use kd_kernel::{Chance, SchoolId};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use uuid::Uuid;

use crate::hub::Hub;
use crate::key::{KICK_CHANNEL, LIVE_PATTERN, live_channel, school_of};
use crate::live::{Kick, Live};
use crate::wire::Wire;

/// Between two tries to subscribe.
const AGAIN: Duration = Duration::from_millis(500);
/// Between two hints to read anew while Redis is away.
const REMIND: Duration = Duration::from_secs(5);
/// Between two looks whether the subscription lives, and what each may take.
const BEAT: Duration = Duration::from_secs(1);
/// Between two tries to tell what could not be told.
const RETRY: Duration = Duration::from_millis(250);
/// Events of one round trip.
const BATCH: usize = 128;
/// Events that wait to be sent; what is above becomes a hint to read anew.
const WAITING: usize = 4096;

/// Publishing and listening of one process.
pub(crate) struct Relay {
    post: Arc<Post>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

struct Post {
    wire: Arc<Wire>,
    hub: Hub,
    /// The mark of this process.
    me: Uuid,
    queue: Mutex<Queue>,
    bell: Notify,
}

/// What other processes are still to hear.
#[derive(Default)]
struct Queue {
    notes: VecDeque<Note>,
    /// Schools of which something could not be told.
    missed: HashSet<SchoolId>,
    /// An ended session could not be told.
    missed_kick: bool,
}

#[derive(Clone, Copy)]
enum Note {
    Live(SchoolId, Live),
    /// Without an id: some session may have ended.
    Kick(Option<Uuid>),
}

/// What goes over the wire.
#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    from: Uuid,
    note: T,
}

impl Relay {
    pub(crate) fn new(wire: Arc<Wire>) -> Self {
        let me = Uuid::from_bytes(Chance::system().bytes());
        let post = Post { wire, hub: Hub::default(), me, queue: Mutex::default(), bell: Notify::new() };
        Self { post: Arc::new(post), tasks: Mutex::default() }
    }

    pub(crate) fn publish(&self, school: SchoolId, live: Live) {
        self.post.hub.tell(school, live);
        self.send(Note::Live(school, live));
    }

    pub(crate) fn publish_kick(&self, id: Uuid) {
        self.post.hub.kick(Kick::Ended(id));
        self.send(Note::Kick(Some(id)));
    }

    pub(crate) fn listen(&self, school: SchoolId) -> impl Stream<Item = Live> + Send + Unpin + use<> {
        let stream = self.post.hub.listen(school);
        self.start();
        stream
    }

    pub(crate) fn listen_kick(&self) -> impl Stream<Item = Kick> + Send + Unpin + use<> {
        let stream = self.post.hub.listen_kick();
        self.start();
        stream
    }

    fn send(&self, note: Note) {
        self.post.queue().push(note);
        self.post.bell.notify_one();
        self.start();
    }

    /// Starts the two tasks, once, and again where their runtime has ended.
    fn start(&self) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if !tasks.is_empty() && !tasks.iter().any(JoinHandle::is_finished) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        tasks.drain(..).for_each(|task| task.abort());
        tasks.push(runtime.spawn(hear(Arc::clone(&self.post))));
        tasks.push(runtime.spawn(speak(Arc::clone(&self.post))));
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let tasks = self.tasks.get_mut().unwrap_or_else(PoisonError::into_inner);
        tasks.drain(..).for_each(|task| task.abort());
    }
}

impl Queue {
    fn push(&mut self, note: Note) {
        if self.notes.len() < WAITING {
            self.notes.push_back(note);
        } else {
            self.miss(note);
        }
    }

    /// Remembers that a note could not be told; other processes will be told to read anew.
    fn miss(&mut self, note: Note) {
        match note {
            Note::Live(school, _) => {
                self.missed.insert(school);
            }
            Note::Kick(_) => self.missed_kick = true,
        }
    }

    /// Gives up what could not be told, and what waits behind it: one hint to read anew for each school
    /// will say it all.
    fn miss_all(&mut self, batch: Vec<Note>) {
        let waiting = std::mem::take(&mut self.notes);
        batch.into_iter().chain(waiting).for_each(|note| self.miss(note));
    }

    /// The next notes to tell: what was missed first.
    fn take(&mut self) -> Vec<Note> {
        let schools: Vec<_> = self.missed.iter().copied().take(BATCH).collect();
        let mut batch = Vec::with_capacity(schools.len());
        for school in schools {
            self.missed.remove(&school);
            batch.push(Note::Live(school, Live::RESYNC));
        }
        if std::mem::take(&mut self.missed_kick) {
            batch.push(Note::Kick(None));
        }
        let room = BATCH.saturating_sub(batch.len()).min(self.notes.len());
        batch.extend(self.notes.drain(..room));
        batch
    }
}

impl Post {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn envelope<T: Serialize>(&self, note: T) -> String {
        serde_json::to_string(&Envelope { from: self.me, note }).unwrap_or_default()
    }

    /// Tells other processes; false where Redis did not confirm it.
    async fn tell(&self, notes: &[Note]) -> bool {
        let mut commands = pipe();
        for note in notes {
            match note {
                Note::Live(school, live) => {
                    commands.cmd("PUBLISH").arg(live_channel(*school)).arg(self.envelope(live)).ignore()
                }
                Note::Kick(id) => commands.cmd("PUBLISH").arg(KICK_CHANNEL).arg(self.envelope(id)).ignore(),
            };
        }
        self.wire.ask::<()>(&commands).await.is_some()
    }

    /// Passes on what another process told.
    fn receive(&self, message: &Msg) {
        let channel = message.get_channel_name();
        let bytes = message.get_payload_bytes();
        if channel == KICK_CHANNEL {
            if let Some(id) = self.opened::<Option<Uuid>>(bytes) {
                self.hub.kick(id.map_or(Kick::Unsure, Kick::Ended));
            }
        } else if let Some(school) = school_of(channel)
            && let Some(live) = self.opened::<Live>(bytes)
        {
            self.hub.tell(school, live);
        }
    }

    /// The note of an envelope that is not this process's own.
    fn opened<T: for<'a> Deserialize<'a>>(&self, bytes: &[u8]) -> Option<T> {
        let envelope: Envelope<T> = serde_json::from_slice(bytes).ok()?;
        (envelope.from != self.me).then_some(envelope.note)
    }
}

/// Tells other processes what happens here.
async fn speak(post: Arc<Post>) {
    loop {
        let batch = post.queue().take();
        if batch.is_empty() {
            post.bell.notified().await;
        } else if !post.tell(&batch).await {
            post.queue().miss_all(batch);
            sleep(RETRY).await;
        }
    }
}

/// Hears what happens in other processes; subscribes again whenever the subscription is lost.
async fn hear(post: Arc<Post>) {
    let mut remind = Instant::now();
    loop {
        if let Some(mut pubsub) = post.wire.listen().await
            && subscribed(&mut pubsub).await
        {
            post.wire.seen();
            post.hub.resync();
            let since = Instant::now();
            follow(&post, pubsub).await;
            tracing::warn!(after = ?since.elapsed(), "the subscription to live events was lost");
            remind = Instant::now();
        }
        if Instant::now() >= remind {
            post.hub.resync();
            remind = Instant::now() + REMIND;
        }
        sleep(AGAIN).await;
    }
}

async fn subscribed(pubsub: &mut PubSub) -> bool {
    let both = async {
        pubsub.psubscribe(LIVE_PATTERN).await?;
        pubsub.subscribe(KICK_CHANNEL).await
    };
    matches!(timeout(BEAT, both).await, Ok(Ok(())))
}

/// Passes on what comes, until the subscription is lost or Redis no longer answers.
async fn follow(post: &Post, pubsub: PubSub) {
    let (mut sink, mut messages) = pubsub.split();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            message = messages.next() => match message {
                Some(message) => post.receive(&message),
                None => return,
            },
            _ = beat.tick() => if !alive(&mut sink).await {
                return;
            },
        }
    }
}

async fn alive(sink: &mut PubSubSink) -> bool {
    matches!(timeout(BEAT, sink.ping::<Value>()).await, Ok(Ok(_)))
}
