//! The cache against a Redis that is there, that is stopped, and that no longer answers.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod own_redis;

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use deadpool_redis::redis::{Client, Value};
use futures_util::StreamExt;
use kd_cache::{Cache, Key, Live, Topic};
use kd_kernel::SchoolId;
use own_redis::{Redis, Way, free_port, within};
use uuid::Uuid;

const MINUTE: Duration = Duration::from_secs(60);
/// What a call may take that waits for Redis, on a machine that does other things too.
const GIVES_UP: Duration = Duration::from_millis(200);

fn school() -> SchoolId {
    SchoolId(Uuid::from_u128(0x1234))
}

fn now() -> DateTime<Utc> {
    "2026-09-01T05:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn what_is_put_is_read_until_it_is_forgotten_or_its_time_is_over() {
    let redis = Redis::start().await;
    let cache = Cache::open(&redis.url());
    assert!(cache.healthy().await);
    let key = Key::school(school(), "roles", "a");
    assert_eq!(cache.get::<Vec<String>>(&key).await, None);
    cache.put(&key, &vec!["teacher".to_owned()], MINUTE).await;
    assert_eq!(cache.get::<Vec<String>>(&key).await, Some(vec!["teacher".to_owned()]));
    assert_eq!(cache.get::<u64>(&key).await, None, "what cannot be read as the type is not there");
    assert!(cache.healthy().await, "and that is no failure of Redis");
    assert!(cache.forget(&key).await);
    assert_eq!(cache.get::<Vec<String>>(&key).await, None);

    cache.put(&key, &1, Duration::from_millis(50)).await;
    assert_eq!(cache.get::<u64>(&key).await, Some(1));
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert_eq!(cache.get::<u64>(&key).await, None);
    cache.put(&key, &1, Duration::ZERO).await;
    assert_eq!(cache.get::<u64>(&key).await, None);
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_a_redis_that_is_away() {
    for url in ["", "nonsense", "http://127.0.0.1:1", "redis://"] {
        let cache = Cache::open(url);
        assert!(!cache.healthy().await || url == "redis://", "{url}");
        assert!(!format!("{cache:?}").contains("127.0.0.1"));
    }
}

#[tokio::test]
async fn s11_all_that_redis_hears_says_whose_it_is_and_holds_no_login() {
    let redis = Redis::start().await;
    let cache = Cache::open(&redis.url());
    let monitor = Client::open(redis.url()).unwrap().get_async_monitor().await.unwrap();
    let mut heard = monitor.into_on_message::<Value>();
    let mut kicks = cache.listen_kick();
    let mut lives = cache.listen(school());
    kicks.next().await.unwrap();
    lives.next().await.unwrap();
    cache.put(&Key::platform("session", "x"), &1, MINUTE).await;
    cache.put(&Key::school(school(), "roles", "x"), &1, MINUTE).await;
    cache.get::<u8>(&Key::school(school(), "roles", "x")).await;
    cache.forget(&Key::platform("session", "x")).await;
    let limits = cache.limits();
    limits.attempt("aigerim.login", now()).await.unwrap();
    limits.failed("aigerim.login", now()).await;
    limits.blocked_until("aigerim.login", now()).await;
    limits.succeeded("aigerim.login").await;
    limits.hit("address", "203.0.113.9", 300, MINUTE, now()).await.unwrap();
    limits.look("address", "203.0.113.9", 300, MINUTE, now()).await.unwrap();
    limits.hit_once("unknown", ("203.0.113.9", "aigerim.login"), 20, MINUTE, now()).await.unwrap();
    cache.publish(school(), Live::of(Topic::Marks)).await;
    cache.publish_kick(Uuid::from_u128(9)).await;
    cache.put(&Key::platform("last", "x"), &1, MINUTE).await;

    let mut commands = Vec::new();
    let mut ended = 0;
    while ended < 3 {
        let next = tokio::time::timeout(Duration::from_secs(5), heard.next()).await.expect("Redis tells what it hears");
        let Value::SimpleString(line) = next.unwrap() else { panic!("a line is text") };
        ended += ["p:last:x", "p:kick\" \"{", ":live\" \"{"].iter().filter(|sign| line.contains(*sign)).count();
        commands.push(line);
    }
    let names =
        ["GET", "SET", "DEL", "EVAL", "PUBLISH", "PSUBSCRIBE", "SUBSCRIBE", "HSET", "HMGET", "HEXISTS", "PEXPIRE"];
    let mut checked = 0;
    for line in &commands {
        assert!(!line.contains("aigerim") && !line.contains("203.0.113"), "{line}");
        let Some((_, call)) = line.split_once("] ") else { continue };
        let words: Vec<_> = call.split("\" \"").map(|word| word.trim_matches('"')).collect();
        if !names.contains(&words[0].to_ascii_uppercase().as_str()) {
            assert!(["PING", "UNWATCH", "CLIENT", "HELLO"].contains(&words[0]), "a command that nobody checks: {call}");
            continue;
        }
        let key = if words[0] == "EVAL" { words[3] } else { words[1] };
        let whose = key.starts_with("p:")
            || key == "t:*:live"
            || key.strip_prefix("t:").and_then(|k| k.split(':').next()).is_some_and(|id| id.parse::<Uuid>().is_ok());
        assert!(whose, "{call}");
        checked += 1;
    }
    assert!(checked >= 18, "{checked} of {commands:#?}");
}

#[tokio::test]
async fn f12_a_stopped_redis_costs_nothing_and_its_return_is_noticed_within_five_seconds() {
    let mut redis = Redis::start().await;
    let cache = Cache::open(&redis.url());
    let key = Key::platform("session", "x");
    cache.put(&key, &1, MINUTE).await;
    redis.stop();
    let begun = Instant::now();
    assert_eq!(cache.get::<u8>(&key).await, None);
    assert!(!cache.forget(&key).await, "what Redis did not confirm is not forgotten");
    assert!(!cache.healthy().await);
    assert!(begun.elapsed() < GIVES_UP, "{:?}", begun.elapsed());
    // Long enough for the breaker to open for its longest time.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(8) {
        let call = Instant::now();
        cache.put(&key, &1, MINUTE).await;
        assert!(call.elapsed() < GIVES_UP, "{:?}", call.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    redis.rise().await;
    within(Duration::from_secs(5), "Redis is used again", async || cache.healthy().await).await;
    cache.put(&key, &2, MINUTE).await;
    assert_eq!(cache.get::<u8>(&key).await, Some(2));
}

#[tokio::test]
async fn f14_a_redis_that_never_answers_is_given_up_at_once_and_then_costs_nothing() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let cache = Cache::open(&url);
    let key = Key::platform("session", "x");
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (cache, key) = (cache.clone(), key.clone());
            tokio::spawn(async move {
                let call = Instant::now();
                assert_eq!(cache.get::<u8>(&key).await, None);
                call.elapsed()
            })
        })
        .collect();
    for call in calls {
        let took = call.await.unwrap();
        assert!(took < GIVES_UP, "{took:?}");
    }
    let begun = Instant::now();
    for _ in 0..1000 {
        assert_eq!(cache.get::<u8>(&key).await, None);
    }
    assert!(begun.elapsed() < Duration::from_millis(100), "1000 calls while it is open: {:?}", begun.elapsed());
}

#[tokio::test]
async fn f14_connections_that_fell_silent_are_given_up_and_new_ones_are_made() {
    let redis = Redis::start().await;
    let way = Way::to(redis.port).await;
    let cache = Cache::open(&way.url());
    let key = Key::platform("session", "x");
    let many: Vec<_> = (0..20)
        .map(|_| {
            let (cache, key) = (cache.clone(), key.clone());
            tokio::spawn(async move { cache.put(&key, &1, MINUTE).await })
        })
        .collect();
    for one in many {
        one.await.unwrap();
    }
    assert_eq!(cache.get::<u8>(&key).await, Some(1));
    way.silence();
    let begun = Instant::now();
    for _ in 0..10 {
        assert_eq!(cache.get::<u8>(&key).await, None);
    }
    assert!(begun.elapsed() < GIVES_UP, "{:?}", begun.elapsed());
    // The silenced connections stay silent for ever, as after a machine was lost.
    way.speak();
    within(Duration::from_secs(5), "Redis is used again", async || cache.get::<u8>(&key).await == Some(1)).await;
}

#[tokio::test]
async fn nothing_listens_at_the_port() {
    let cache = Cache::open(&format!("redis://127.0.0.1:{}", free_port()));
    assert!(!cache.healthy().await);
    assert_eq!(cache.get::<u8>(&Key::platform("a", "b")).await, None);
}
