//! The checklist of setting a school up: what is there, what is not, what was put off.

use std::collections::HashSet;

use kd_ctx::Turn;
use kd_kernel::{Act, Result};
use kd_store::sql;
use sea_orm::FromQueryResult;

use crate::wire::{Setup, SetupItem, SetupKey, SetupPostpone, SetupState};

const POSTPONED: &str = "setup.postponed";

#[derive(FromQueryResult)]
struct Row {
    value: serde_json::Value,
}

async fn postponed(turn: &Turn) -> Result<Vec<SetupKey>> {
    let row: Option<Row> = sql::one(turn.db(), "SELECT value FROM setting WHERE key = $1", [POSTPONED.into()]).await?;
    Ok(row.and_then(|r| serde_json::from_value(r.value).ok()).unwrap_or_default())
}

pub(crate) async fn read(turn: &Turn) -> Result<Setup> {
    turn.allow(Act::SetupSee)?;
    listed(turn).await
}

async fn listed(turn: &Turn) -> Result<Setup> {
    let db = turn.db();
    let year = kd_calendar::current_year(db, turn.today()).await?;
    let classes = match &year {
        Some(year) => kd_classes::classes(db, year.id).await?.len(),
        None => 0,
    };
    let people = kd_people::counts(db, turn.now()).await?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let counts = [
        (SetupKey::Year, i64::from(year.is_some())),
        (SetupKey::Bells, count(kd_calendar::bells(db, None).await?.len())),
        (SetupKey::Subjects, count(kd_classes::subjects(db).await?.len())),
        (SetupKey::Classes, count(classes)),
        // The first administrator alone is no staff yet.
        (SetupKey::Staff, (people.staff - 1).max(0)),
        (SetupKey::Students, people.students),
        (SetupKey::Guardians, people.guardians),
        (SetupKey::Credentials, (people.credentials - 1).max(0)),
    ];
    let put_off = postponed(turn).await?;
    let state = |key: SetupKey, count: i64| match (count, put_off.contains(&key)) {
        (1.., _) => SetupState::Done,
        (_, true) => SetupState::Postponed,
        (_, false) => SetupState::Todo,
    };
    Ok(Setup {
        items: counts.into_iter().map(|(key, count)| SetupItem { key, state: state(key, count), count }).collect(),
    })
}

pub(crate) async fn postpone(turn: &Turn, wanted: SetupPostpone) -> Result<Setup> {
    turn.allow(Act::SetupEdit)?;
    let mut seen = HashSet::new();
    let mut keys = postponed(turn).await?;
    keys.retain(|k| *k != wanted.key && seen.insert(*k as u8));
    if wanted.postponed {
        keys.push(wanted.key);
    }
    let value = serde_json::to_value(&keys).map_err(kd_kernel::Problem::internal)?;
    sql::run(
        turn.db(),
        "INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE \
         SET value = EXCLUDED.value, version = setting.version + 1, changed_at = EXCLUDED.changed_at",
        [POSTPONED.into(), value.into(), turn.now().into()],
    )
    .await?;
    listed(turn).await
}
