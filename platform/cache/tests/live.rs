//! Live events between processes: two caches stand for two processes.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[expect(dead_code, reason = "shared by several test programs")]
mod own_redis;

use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};
use kd_cache::{Cache, Kick, Live, Topic};
use kd_kernel::SchoolId;
use own_redis::{Redis, Way, free_port};
use uuid::Uuid;

fn school(n: u128) -> SchoolId {
    SchoolId(Uuid::from_u128(n))
}

fn marks(n: u128) -> Live {
    Live::about(Topic::Marks, Uuid::from_u128(n))
}

/// The next of a stream, which must come within the time.
async fn next<T>(stream: &mut (impl Stream<Item = T> + Unpin), limit: Duration) -> T {
    tokio::time::timeout(limit, stream.next()).await.expect("something comes in time").expect("the stream goes on")
}

/// Reads until the wanted comes; only hints to read anew may come before it.
async fn until(stream: &mut (impl Stream<Item = Live> + Unpin), wanted: Live, limit: Duration) -> usize {
    let begun = Instant::now();
    let mut hints = 0;
    loop {
        let live = next(stream, limit.saturating_sub(begun.elapsed())).await;
        if live == wanted {
            return hints;
        }
        assert_eq!(live, Live::RESYNC);
        hints += 1;
    }
}

/// Nothing comes for a while.
async fn silent<T: std::fmt::Debug>(stream: &mut (impl Stream<Item = T> + Unpin), time: Duration) {
    if let Ok(came) = tokio::time::timeout(time, stream.next()).await {
        panic!("{came:?}");
    }
}

const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn an_event_is_heard_once_in_every_process_and_in_its_school_alone() {
    let redis = Redis::start().await;
    let (here, there) = (Cache::open(&redis.url()), Cache::open(&redis.url()));
    let (mut near, mut far, mut other) = (here.listen(school(1)), there.listen(school(1)), there.listen(school(2)));
    for stream in [&mut near, &mut far, &mut other] {
        assert_eq!(next(stream, SOON).await, Live::RESYNC, "the subscription stands");
    }
    for n in 0..300 {
        here.publish(school(1), marks(n)).await;
        if n % 50 == 49 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            for m in n - 49..=n {
                assert_eq!(next(&mut near, SOON).await, marks(m));
                assert_eq!(next(&mut far, SOON).await, marks(m));
            }
        }
    }
    there.publish(school(2), marks(7)).await;
    assert_eq!(next(&mut other, SOON).await, marks(7));
    for stream in [&mut near, &mut far, &mut other] {
        silent(stream, Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn s32_an_ended_session_is_known_in_every_process_within_a_second() {
    let redis = Redis::start().await;
    let (here, there) = (Cache::open(&redis.url()), Cache::open(&redis.url()));
    let (mut near, mut far) = (here.listen_kick(), there.listen_kick());
    assert_eq!(next(&mut near, SOON).await, Kick::Unsure);
    assert_eq!(next(&mut far, SOON).await, Kick::Unsure);
    let session = Uuid::from_u128(9);
    here.publish_kick(session).await;
    let second = Duration::from_secs(1);
    assert_eq!(next(&mut near, second).await, Kick::Ended(session));
    assert_eq!(next(&mut far, second).await, Kick::Ended(session));
    silent(&mut near, Duration::from_millis(200)).await;
}

#[tokio::test]
async fn f12_without_redis_the_own_process_hears_and_everybody_is_told_to_read_anew() {
    let mut redis = Redis::start().await;
    let (here, there) = (Cache::open(&redis.url()), Cache::open(&redis.url()));
    let (mut near, mut far) = (here.listen(school(1)), there.listen(school(1)));
    let mut kicks = there.listen_kick();
    next(&mut near, SOON).await;
    next(&mut far, SOON).await;
    next(&mut kicks, SOON).await;
    redis.stop();
    assert_eq!(next(&mut far, SOON).await, Live::RESYNC, "at once");
    assert_eq!(next(&mut kicks, SOON).await, Kick::Unsure, "at once");
    let begun = Instant::now();
    here.publish(school(1), marks(1)).await;
    until(&mut near, marks(1), Duration::from_secs(1)).await;
    assert_eq!(next(&mut far, Duration::from_secs(7)).await, Live::RESYNC);
    assert!(begun.elapsed() > Duration::from_secs(4), "every five seconds: {:?}", begun.elapsed());
    redis.rise().await;
    assert_eq!(next(&mut far, SOON).await, Live::RESYNC, "on return");
    // Another hint comes for what could not be told meanwhile.
    assert_eq!(next(&mut far, SOON).await, Live::RESYNC);
    here.publish(school(1), marks(2)).await;
    until(&mut far, marks(2), SOON).await;
}

#[tokio::test]
async fn without_any_redis_streams_still_live() {
    let cache = Cache::open(&format!("redis://127.0.0.1:{}", free_port()));
    let mut stream = cache.listen(school(1));
    cache.publish(school(1), marks(1)).await;
    until(&mut stream, marks(1), Duration::from_secs(1)).await;
    assert_eq!(next(&mut stream, Duration::from_secs(7)).await, Live::RESYNC);
}

#[tokio::test]
async fn f14_a_subscription_that_fell_silent_is_noticed_and_made_anew() {
    let redis = Redis::start().await;
    let way = Way::to(redis.port).await;
    let (here, there) = (Cache::open(&redis.url()), Cache::open(&way.url()));
    let mut far = there.listen(school(1));
    next(&mut far, SOON).await;
    way.silence();
    here.publish(school(1), marks(1)).await;
    assert_eq!(next(&mut far, SOON).await, Live::RESYNC, "what was lost is made good by reading anew");
    way.speak();
    assert_eq!(next(&mut far, SOON).await, Live::RESYNC);
    here.publish(school(1), marks(2)).await;
    until(&mut far, marks(2), SOON).await;
}

#[tokio::test]
async fn what_one_process_could_not_tell_the_others_read_anew() {
    let redis = Redis::start().await;
    let way = Way::to(redis.port).await;
    let (here, there) = (Cache::open(&way.url()), Cache::open(&redis.url()));
    let (mut far, mut other, mut kicks) = (there.listen(school(1)), there.listen(school(2)), there.listen_kick());
    next(&mut far, SOON).await;
    next(&mut other, SOON).await;
    next(&mut kicks, SOON).await;
    way.silence();
    for n in 0..5000 {
        here.publish(school(1), marks(n)).await;
    }
    here.publish_kick(Uuid::from_u128(9)).await;
    silent(&mut far, Duration::from_secs(2)).await;
    way.speak();
    assert_eq!(next(&mut far, Duration::from_secs(6)).await, Live::RESYNC);
    assert_eq!(next(&mut kicks, SOON).await, Kick::Unsure);
    silent(&mut other, Duration::from_millis(500)).await;
    here.publish(school(1), marks(9999)).await;
    until(&mut far, marks(9999), SOON).await;
}

#[tokio::test]
async fn a_stream_ends_with_its_cache() {
    let redis = Redis::start().await;
    let cache = Cache::open(&redis.url());
    let mut stream = cache.listen(school(1));
    next(&mut stream, SOON).await;
    drop(cache);
    assert_eq!(tokio::time::timeout(SOON, stream.next()).await.expect("it ends"), None);
}
