//! The peer where pgbench cannot be had: the same scripts, sent by a loop of this program with nothing
//! between it and PostgreSQL but the driver.

use std::time::Duration;

use anyhow::{Context, Result};
use kd_kernel::Chance;
use regex_lite::Regex;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Postgres};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Script;

/// Transactions a second.
pub async fn run(options: &PgConnectOptions, scripts: &[Script], time: Duration) -> Result<f64> {
    let mut sending = JoinSet::new();
    for (number, script) in scripts.iter().enumerate() {
        let (script, options) = (Prepared::of(script)?, options.clone().disable_statement_logging());
        let chance = Chance::seeded(u64::try_from(number)?);
        let mut connection = options.connect().await?;
        // The first time each statement is prepared.
        script.send(&mut connection, &chance).await?;
        sending.spawn(async move {
            let (began, mut count) = (Instant::now(), 0_u32);
            while began.elapsed() < time {
                script.send(&mut connection, &chance).await?;
                count += 1;
            }
            Ok::<u32, anyhow::Error>(count)
        });
    }
    let mut count = 0;
    while let Some(ended) = sending.join_next().await {
        count += ended.context("a client of the peer panicked")??;
    }
    Ok(f64::from(count) / time.as_secs_f64())
}

/// A script whose variables are parameters.
struct Prepared {
    begin: String,
    then: Vec<(String, Vec<usize>)>,
    fresh: usize,
}

impl Prepared {
    fn of(script: &Script) -> Result<Self> {
        let variable = Regex::new(r":fresh(\d+)")?;
        let then = script.then.iter().map(|text| {
            let mut used: Vec<usize> = Vec::new();
            let text = variable.replace_all(text, |found: &regex_lite::Captures| {
                used.extend(found.get(1).and_then(|number| number.as_str().parse::<usize>().ok()));
                format!("${}", used.len())
            });
            (text.into_owned(), used)
        });
        Ok(Self { then: then.collect(), begin: script.begin.join("; "), fresh: script.fresh })
    }

    async fn send(&self, connection: &mut PgConnection, chance: &Chance) -> Result<()> {
        let fresh: Vec<i64> = (0..self.fresh).map(|_| i64::from(u32::from_le_bytes(chance.bytes()))).collect();
        connection.execute(AssertSqlSafe(self.begin.as_str())).await?;
        for (text, used) in &self.then {
            let mut query = sqlx::query::<Postgres>(AssertSqlSafe(text.as_str()));
            for number in used {
                query = query.bind(number.checked_sub(1).and_then(|at| fresh.get(at)).copied());
            }
            query.fetch_all(&mut *connection).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_parameters() {
        let then = vec!["SELECT :fresh2::bigint, :fresh1::bigint, :fresh2::bigint".to_owned(), "COMMIT".to_owned()];
        let script = Script { begin: vec!["BEGIN".into(), "SET LOCAL ROLE s_1".into()], then, fresh: 2 };
        let prepared = Prepared::of(&script).unwrap();
        assert_eq!(prepared.begin, "BEGIN; SET LOCAL ROLE s_1");
        let right = ("SELECT $1::bigint, $2::bigint, $3::bigint".to_owned(), vec![2, 1, 2]);
        assert_eq!(prepared.then, [right, ("COMMIT".to_owned(), Vec::new())]);
    }
}
