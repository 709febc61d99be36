//! A closed loop: a number of clients, each of which asks anew as soon as it was answered. It warms up,
//! then it is measured. One wrong answer ends the run: figures of failures are worth nothing.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::process::Process;

/// How long clients ask before it counts.
const WARM_UP: Duration = Duration::from_secs(2);

/// Somebody who asks, and knows a right answer.
pub trait Client: Send + 'static {
    /// Asks once; an error is any answer but the right one.
    fn once(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Clients at the same time.
    pub clients: usize,
    /// Requests that were answered while it was measured.
    pub requests: usize,
    /// Half of them took at most this long.
    pub p50_ms: f64,
    /// 95 of 100 took at most this long.
    pub p95_ms: f64,
    /// Answers a second.
    pub rps: f64,
    /// Time of the measured process on the cores, for one request.
    pub cpu_ms: f64,
}

impl Measured {
    /// The figures of pieces of work that took so long, `clients` at a time, within `whole`.
    pub fn of(clients: usize, mut took: Vec<Duration>, whole: Duration, cpu_seconds: f64) -> Result<Self> {
        took.sort_unstable();
        let requests = took.len();
        let count = f64::from(u32::try_from(requests)?);
        let (Some(p50), Some(p95)) = (below(&took, 50), below(&took, 95)) else {
            bail!("nothing was done while it was measured");
        };
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        Ok(Self {
            clients,
            requests,
            p50_ms: millis(p50),
            p95_ms: millis(p95),
            rps: count / whole.as_secs_f64(),
            cpu_ms: cpu_seconds * 1_000.0 / count,
        })
    }
}

/// The least time that so many of a hundred do not exceed.
fn below(sorted: &[Duration], hundredths: usize) -> Option<Duration> {
    let rank = (sorted.len() * hundredths).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

/// Lets the clients ask for so long, and measures what the process does for them.
pub async fn closed<C: Client>(clients: Vec<C>, time: Duration, process: Process) -> Result<Measured> {
    let count = clients.len();
    let from = Instant::now() + WARM_UP;
    let to = from + time;
    let mut asking = JoinSet::new();
    for client in clients {
        asking.spawn(ask(client, from, to));
    }
    let watch = async {
        sleep_until(from).await;
        let before = process.cpu_seconds()?;
        sleep_until(to).await;
        Ok::<f64, anyhow::Error>(process.cpu_seconds()? - before)
    };
    let all = async {
        let mut took = Vec::new();
        while let Some(ended) = asking.join_next().await {
            took.extend(ended.context("a client panicked")??);
        }
        Ok::<_, anyhow::Error>(took)
    };
    let (took, cpu_seconds) = tokio::try_join!(all, watch)?;
    Measured::of(count, took, time, cpu_seconds)
}

async fn ask<C: Client>(mut client: C, from: Instant, to: Instant) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    loop {
        let began = Instant::now();
        if began >= to {
            return Ok(took);
        }
        client.once().await?;
        let ended = Instant::now();
        if ended >= from && ended < to {
            took.push(ended - began);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Slow(u32);

    impl Client for Slow {
        async fn once(&mut self) -> Result<()> {
            tokio::time::sleep(Duration::from_millis(100)).await;
            match self.0.checked_sub(1) {
                Some(left) => self.0 = left,
                None => bail!("a wrong answer"),
            }
            Ok(())
        }
    }

    #[test]
    fn percentiles_are_those_of_the_textbook() {
        let times: Vec<Duration> = (1..=20).rev().map(Duration::from_millis).collect();
        let measured = Measured::of(2, times, Duration::from_secs(4), 1.0).unwrap();
        assert_eq!((measured.p50_ms, measured.p95_ms), (10.0, 19.0));
        assert_eq!((measured.rps, measured.cpu_ms), (5.0, 50.0));
        let one = Measured::of(1, vec![Duration::from_millis(7)], Duration::from_secs(1), 0.0).unwrap();
        assert_eq!((one.p50_ms, one.p95_ms), (7.0, 7.0));
        assert!(Measured::of(1, Vec::new(), Duration::from_secs(1), 0.0).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_is_answered_after_the_warm_up_counts() {
        let me = Process(std::process::id());
        let measured = closed(vec![Slow(1_000), Slow(1_000)], Duration::from_secs(8), me).await.unwrap();
        // Eight seconds of two clients, ten a second each; one more or less at the edges.
        assert!((158..=162).contains(&measured.requests), "{measured:?}");
        assert_eq!(measured.clients, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn one_wrong_answer_ends_the_run() {
        let me = Process(std::process::id());
        let error = closed(vec![Slow(1_000), Slow(5)], Duration::from_secs(8), me).await.unwrap_err();
        assert_eq!(error.to_string(), "a wrong answer");
    }
}
