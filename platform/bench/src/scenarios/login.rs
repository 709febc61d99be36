//! A.login: people who sign in again and again. What it costs is the hash of the password, by intention;
//! so the peer is the bare hash: as many comparisons as all cores do with the same parameters.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use argon2::{Argon2, PasswordHash, PasswordVerifier};
use kd_store::sql;

use crate::door::{Browser, Login};
use crate::load::{self, Client};
use crate::peer::Figure;
use crate::report::Row;
use crate::stage::Stage;

struct Comer {
    browser: Browser,
    login: Login,
}

impl Client for Comer {
    async fn once(&mut self) -> Result<()> {
        self.browser.sign_in(&self.login).await.map(drop)
    }
}

/// Measures it.
pub async fn run(stage: &Stage) -> Result<Vec<Row>> {
    let mut comers = Vec::new();
    for teacher in &stage.teachers {
        comers.push(Comer { browser: stage.door.browser()?, login: teacher.login.clone() });
    }
    let login = comers.first().map(|comer| comer.login.clone()).context("nobody signs in")?;
    let hash: String = sql::scalar(
        stage.house.store.platform(),
        "SELECT password_hash FROM platform.account WHERE login = $1",
        [login.login.clone().into()],
    )
    .await?;
    let time = stage.time;
    let measured = load::closed(comers, time, stage.serve).await?;
    let rps = tokio::task::spawn_blocking(move || compare(&login.password, &hash, time)).await??;
    let row = Row::speed("A.login", &measured, Figure { rps, name: "argon2id" });
    Ok(vec![row.noted("the peer compares passwords with their hash and does nothing else, on all cores")])
}

/// Comparisons a second of all cores, during so long a time.
fn compare(password: &str, hash: &str, time: Duration) -> Result<f64> {
    let Ok(hash) = PasswordHash::new(hash) else { bail!("the account has no hash that can be read") };
    let cores = thread::available_parallelism()?.get();
    let (began, hash) = (Instant::now(), &hash);
    let count: u32 = thread::scope(|scope| {
        let one = || {
            let mut count = 0_u32;
            while began.elapsed() < time {
                if Argon2::default().verify_password(password.as_bytes(), hash).is_err() {
                    return 0;
                }
                count += 1;
            }
            count
        };
        let all: Vec<_> = (0..cores).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|core| core.join().unwrap_or_default()).sum()
    });
    if count == 0 {
        bail!("the password is not the one of the hash");
    }
    Ok(f64::from(count) / began.elapsed().as_secs_f64())
}
