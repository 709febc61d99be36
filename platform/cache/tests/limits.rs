//! The limits of the sign-in: the same rules with Redis and without it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "shared by several test programs")]
mod own_redis;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kd_cache::{Cache, Ladder};
use kd_kernel::Clock;
use own_redis::{Redis, free_port};

const TEN_MINUTES: Duration = Duration::from_secs(600);

/// 10:00 in Almaty, fourteen hours before the day ends.
fn morning() -> Clock {
    Clock::fixed("2026-09-01T05:00:00Z".parse().unwrap())
}

fn pass(clock: &Clock, seconds: i64) -> DateTime<Utc> {
    clock.advance(TimeDelta::seconds(seconds));
    clock.now()
}

/// A cache with a Redis, and one whose Redis is away: each rule holds in both.
async fn both() -> (Redis, [Cache; 2]) {
    let redis = Redis::start().await;
    let caches = [Cache::open(&redis.url()), Cache::open(&format!("redis://127.0.0.1:{}", free_port()))];
    (redis, caches)
}

#[tokio::test]
async fn s17_each_failure_delays_the_account_after_the_ladder() {
    let (_redis, caches) = both().await;
    for (n, cache) in caches.iter().enumerate() {
        let (limits, clock) = (cache.limits(), morning());
        assert_eq!(limits.blocked_until("a", clock.now()).await, None);
        for failures in 1..100_u32 {
            let wait = match failures {
                1..3 => 1,
                3..9 => 3,
                9..25 => 5,
                _ => 10,
            };
            assert_eq!(limits.failed("a", clock.now()).await, wait, "cache {n}, failure {failures}");
            assert_eq!(limits.blocked_until("a", clock.now()).await, Some(wait));
            assert_eq!(limits.blocked_until("a", pass(&clock, wait as i64 - 1)).await, Some(1));
            assert_eq!(limits.blocked_until("a", pass(&clock, 1)).await, None, "cache {n}, failure {failures}");
        }
        assert_eq!(limits.blocked_until("b", clock.now()).await, None, "another account is not delayed");
        let rest = limits.failed("a", clock.now()).await;
        let midnight: DateTime<Utc> = "2026-09-01T19:00:00Z".parse().unwrap();
        assert_eq!(i64::try_from(rest).unwrap(), (midnight - clock.now()).num_seconds(), "until the day ends");
        assert!(limits.blocked_until("a", midnight - TimeDelta::seconds(1)).await.is_some());
        assert_eq!(limits.blocked_until("a", midnight).await, None, "never locked for good");
        assert_eq!(limits.failed("a", midnight).await, 1, "a new day begins with the first step");
    }
}

#[tokio::test]
async fn s17_a_right_password_after_the_delay_clears_the_account() {
    let (_redis, caches) = both().await;
    for (n, cache) in caches.iter().enumerate() {
        let (limits, clock) = (cache.limits(), morning());
        for _ in 0..5 {
            limits.failed("a", clock.now()).await;
        }
        assert_eq!(limits.attempt("a", clock.now()).await, Err(3));
        assert_eq!(limits.attempt("a", pass(&clock, 3)).await, Ok(()));
        assert_eq!(limits.succeeded("a").await, n == 0, "confirmed by Redis alone");
        assert_eq!(limits.blocked_until("a", clock.now()).await, None);
        assert_eq!(limits.failed("a", clock.now()).await, 1);
    }
}

#[tokio::test]
async fn s17_of_sign_ins_beside_each_other_one_gets_through() {
    let redis = Redis::start().await;
    let away = Cache::open(&format!("redis://127.0.0.1:{}", free_port()));
    let now = morning().now();
    for processes in [vec![Cache::open(&redis.url()), Cache::open(&redis.url())], vec![away]] {
        // Fewer than a process has connections, so that none waits for one on a slow machine.
        let tries: Vec<_> = (0..40)
            .map(|n| {
                let cache = processes[n % processes.len()].clone();
                tokio::spawn(async move { cache.limits().attempt("a", now).await })
            })
            .collect();
        let mut through = 0;
        for one in tries {
            match one.await.unwrap() {
                Ok(()) => through += 1,
                Err(wait) => assert_eq!(wait, 1),
            }
        }
        assert_eq!(through, 1);
    }
}

#[tokio::test]
async fn s17_attempts_count_as_failures_until_one_succeeds() {
    let (_redis, caches) = both().await;
    for cache in &caches {
        let (limits, clock) = (cache.limits(), morning());
        for wait in [1, 1, 3, 3] {
            assert_eq!(limits.attempt("a", clock.now()).await, Ok(()));
            assert_eq!(limits.attempt("a", clock.now()).await, Err(wait), "what is refused does not count");
            pass(&clock, wait as i64);
        }
    }
}

#[tokio::test]
async fn s17_three_hundred_failures_of_an_address_in_ten_minutes() {
    let (_redis, caches) = both().await;
    for (n, cache) in caches.iter().enumerate() {
        let (limits, clock) = (cache.limits(), morning());
        let hit = async |subject, now| limits.hit("address", subject, 300, TEN_MINUTES, now).await;
        let look = async |now| limits.look("address", "203.0.113.9 s1", 300, TEN_MINUTES, now).await;
        for count in 1..=300 {
            assert_eq!(look(clock.now()).await, Ok(()), "cache {n}, {count}");
            assert_eq!(hit("203.0.113.9 s1", clock.now()).await, Ok(()), "cache {n}, {count}");
            pass(&clock, 1);
        }
        assert_eq!(look(clock.now()).await, Err(300));
        assert_eq!(hit("203.0.113.9 s1", clock.now()).await, Err(300), "cache {n}");
        assert_eq!(hit("203.0.113.9 s2", clock.now()).await, Ok(()), "another school of the same address");
        assert_eq!(hit("203.0.113.9 s1", pass(&clock, 299)).await, Err(1), "it does not grow longer");
        assert_eq!(look(pass(&clock, 1)).await, Ok(()));
        assert_eq!(hit("203.0.113.9 s1", clock.now()).await, Ok(()), "a new window");
    }
}

#[tokio::test]
async fn s17_twenty_different_unknown_logins_of_an_address() {
    let (_redis, caches) = both().await;
    for (n, cache) in caches.iter().enumerate() {
        let (limits, clock) = (cache.limits(), morning());
        let hit =
            async |login: &str, now| limits.hit_once("unknown", ("203.0.113.9", login), 20, TEN_MINUTES, now).await;
        for login in 0..20 {
            for _ in 0..3 {
                assert_eq!(hit(&format!("login{login}"), clock.now()).await, Ok(()), "cache {n}, {login}");
            }
        }
        assert_eq!(hit("login20", clock.now()).await, Err(600), "cache {n}");
        assert_eq!(hit("login20", pass(&clock, 60)).await, Err(540));
        assert_eq!(hit("login3", clock.now()).await, Ok(()), "one that was counted");
        assert_eq!(limits.look("unknown", "203.0.113.9", 20, TEN_MINUTES, clock.now()).await, Err(540));
        assert_eq!(hit("login20", pass(&clock, 540)).await, Ok(()));
    }
}

#[tokio::test]
async fn s17_failures_that_redis_counted_hold_when_it_goes_away() {
    let mut redis = Redis::start().await;
    let cache = Cache::open(&redis.url());
    let (limits, clock) = (cache.limits(), morning());
    for _ in 0..10 {
        limits.failed("a", clock.now()).await;
    }
    redis.stop();
    assert_eq!(limits.blocked_until("a", clock.now()).await, Some(5));
    assert_eq!(limits.failed("a", pass(&clock, 5)).await, 5, "the count goes on");
    assert_eq!(limits.attempt("b", clock.now()).await, Ok(()), "and others get in");
}

#[tokio::test]
async fn s56_a_redis_that_answers_with_errors_does_not_lift_the_limits() {
    let redis = Redis::start_with(Some("another-password")).await;
    let cache = Cache::open(&redis.url());
    let (limits, clock) = (cache.limits(), morning());
    assert_eq!(limits.attempt("a", clock.now()).await, Ok(()));
    assert_eq!(limits.attempt("a", clock.now()).await, Err(1));
    for _ in 0..3 {
        limits.hit("address", "x", 3, TEN_MINUTES, clock.now()).await.unwrap();
    }
    assert_eq!(limits.hit("address", "x", 3, TEN_MINUTES, clock.now()).await, Err(600));
}

#[tokio::test]
async fn a_clock_that_went_back_by_hours_does_not_lock_anybody() {
    let (_redis, caches) = both().await;
    for cache in &caches {
        let (limits, clock) = (cache.limits(), morning());
        for _ in 0..120 {
            limits.failed("a", clock.now()).await;
        }
        for _ in 0..2 {
            let _ = limits.hit("address", "x", 1, TEN_MINUTES, clock.now()).await;
        }
        let before = pass(&clock, -86_400);
        assert_eq!(limits.blocked_until("a", before).await, None, "the failures belong to another day");
        assert_eq!(limits.look("address", "x", 1, TEN_MINUTES, before).await, Ok(()));
    }
}

#[tokio::test]
async fn a_ladder_of_one_s_own() {
    let cache = Cache::open_with("", Ladder::new(vec![(3, 60), (2, 2)]));
    let (limits, clock) = (cache.limits(), morning());
    let mut waits = Vec::new();
    for _ in 0..3 {
        waits.push(limits.failed("a", clock.now()).await);
    }
    assert_eq!(waits, [2, 60, 14 * 3600]);
}
