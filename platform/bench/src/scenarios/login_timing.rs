//! A.login_timing: whether the time of a refused sign-in tells which logins there are (S18). Known, unknown
//! and closed logins are tried in turns, each once, with a wrong password; the medians stand beside each
//! other, and the rank test of Mann and Whitney says how far two kinds can be told apart at all.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use kd_store::sql;
use uuid::Uuid;

use crate::report::{Figures, Row};
use crate::stage::Stage;

/// How often each kind is tried.
const SAMPLES: usize = 400;
/// So many tries come from one address, far below its limit.
const FROM_ONE_ADDRESS: usize = 9;
/// Whose medians stand in the row, in this order.
const KINDS: [&str; 3] = ["known", "unknown", "closed"];

/// Measures it.
pub async fn run(stage: &Stage) -> Result<Vec<Row>> {
    let logins = logins(stage).await?;
    let mut took: [Vec<Duration>; 3] = Default::default();
    for (turn, of_turn) in logins.chunks(FROM_ONE_ADDRESS / 3).enumerate() {
        let (high, low) = ((turn / 250) as u8, (turn % 250) as u8 + 1);
        let browser = stage.door.browser_at(IpAddr::V4(Ipv4Addr::new(127, 77, high, low)))?;
        // The first request of a connection pays for it; a login that was tried before is slowed down.
        browser.refused(&format!("timing.{}", stage.house.id::<Uuid>().simple())).await?;
        for three in of_turn {
            for (login, took) in three.iter().zip(&mut took) {
                let began = Instant::now();
                browser.refused(login).await?;
                took.push(began.elapsed());
            }
        }
    }
    forget(stage).await?;
    let [known, unknown, closed] = &took;
    let medians = [median(known)?, median(unknown)?, median(closed)?];
    let z = [z(known, unknown), z(known, closed), z(unknown, closed)].into_iter().map(f64::abs).fold(0.0, f64::max);
    let (least, most) = (medians.iter().copied().fold(f64::MAX, f64::min), medians.iter().copied().fold(0.0, f64::max));
    let figures = Figures::Alike { samples: SAMPLES, medians_ms: medians, spread: most / least, z };
    let note = format!("medians of {} logins; z is the largest of three rank tests", KINDS.join(", "));
    Ok(vec![Row { name: "A.login_timing".into(), figures, note: Some(note) }])
}

/// Three logins for each sample: known, unknown, closed. The accounts have a hash that costs what each does.
async fn logins(stage: &Stage) -> Result<Vec<[String; 3]>> {
    let teacher = stage.teachers.first().context("nobody has a password")?;
    let mut logins = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let three = [(); 3].map(|()| format!("timing.{}", stage.house.id::<Uuid>().simple()));
        for (login, state) in [(&three[0], "active"), (&three[2], "closed")] {
            sql::run(
                stage.house.store.platform(),
                "INSERT INTO platform.account (id, login, kind, state, password_hash, created_at, password_set_at) \
                 SELECT $1, $2, 'user', $3, password_hash, created_at, password_set_at FROM platform.account \
                 WHERE login = $4",
                [
                    stage.house.id::<Uuid>().into(),
                    login.clone().into(),
                    state.into(),
                    teacher.login.login.clone().into(),
                ],
            )
            .await?;
        }
        logins.push(three);
    }
    Ok(logins)
}

async fn forget(stage: &Stage) -> Result<()> {
    sql::run(stage.house.store.platform(), "DELETE FROM platform.account WHERE login LIKE 'timing.%'", []).await?;
    Ok(())
}

fn median(took: &[Duration]) -> Result<f64> {
    let mut sorted = took.to_vec();
    sorted.sort_unstable();
    let middle = sorted.get(sorted.len() / 2).context("nothing was tried")?;
    Ok(middle.as_secs_f64() * 1_000.0)
}

/// How far two samples differ by their ranks, in standard deviations: within 2 they are alike.
fn z(first: &[Duration], second: &[Duration]) -> f64 {
    // Pairs that the first wins, ties for a half: the U of Mann and Whitney.
    let wins = |a: &Duration, b: &Duration| match a.cmp(b) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    };
    let u: f64 = first.iter().flat_map(|a| second.iter().map(move |b| wins(a, b))).sum();
    let (n, m) = (first.len() as f64, second.len() as f64);
    (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(millis: impl Iterator<Item = u64>) -> Vec<Duration> {
        millis.map(Duration::from_millis).collect()
    }

    #[test]
    fn samples_that_differ_are_told_apart_and_like_ones_are_not() {
        let (even, odd) = (times((0..400).map(|n| 2 * n)), times((0..400).map(|n| 2 * n + 1)));
        assert!(z(&even, &odd).abs() < 0.5, "{}", z(&even, &odd));
        let later = times((0..400).map(|n| 2 * n + 80));
        assert!(z(&later, &even) > 2.0, "{}", z(&later, &even));
        assert!((z(&even, &later) + z(&later, &even)).abs() < 1e-9);
        assert_eq!(median(&times(1..=3)).unwrap(), 2.0);
    }
}
