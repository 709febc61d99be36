//! What this room gives over when two profiles of a teacher become one: the classes led, the
//! teaching load, and the subjects taught.

use kd_ctx::{FutureExt as _, Permit, Turn};
use kd_kernel::{Problem, ProfileId, Result, SubjectId};
use kd_people::{Heir, Pair};
use kd_store::{fault, sql};
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// This room's part of a merge.
pub const HEIR: Heir = Heir {
    room: "classes",
    hand_on: |turn, pair| hand_on(turn, pair).boxed(),
    take_back: |turn, pair, given| take_back(turn, pair, given).boxed(),
};

/// What was given over.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Given {
    led: Vec<Uuid>,
    loads: Vec<Uuid>,
    /// The subjects that the dropped one taught.
    #[serde(default)]
    taught: Vec<SubjectId>,
    /// Those of them that the kept one did not.
    #[serde(default)]
    learnt: Vec<SubjectId>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

fn ids(rows: Vec<Row>) -> Vec<Uuid> {
    rows.into_iter().map(|row| row.id).collect()
}

fn each(teacher: ProfileId, subjects: &[SubjectId]) -> Vec<(ProfileId, SubjectId)> {
    subjects.iter().map(|subject| (teacher, *subject)).collect()
}

fn both_teach(error: DbErr) -> Problem {
    match fault::constraint(&error) {
        Some("teaching_load_key") => Problem::conflict("people.merge-both-teach"),
        _ => Problem::from(error),
    }
}

async fn hand_on(turn: &Turn, pair: &Permit<Pair>) -> Result<Value> {
    let values = || [pair.kept.into(), pair.dropped.into()];
    let led = "UPDATE class SET homeroom_id = $1, version = version + 1 WHERE homeroom_id = $2 RETURNING id";
    let led = ids(sql::all(turn.db(), led, values()).await?);
    let loads = "SELECT id FROM teaching_load WHERE teacher_id = $1 FOR UPDATE";
    let loads = ids(sql::all(turn.db(), loads, [pair.dropped.into()]).await?);
    sql::run(turn.db(), "UPDATE teaching_load SET teacher_id = $1 WHERE teacher_id = $2", values())
        .await
        .map_err(both_teach)?;
    let all = crate::taught(turn.db()).await?;
    let of = |person| all.get(&person).cloned().unwrap_or_default();
    let (kept, dropped) = (of(pair.kept), of(pair.dropped));
    let (taught, learnt): (Vec<_>, Vec<_>) =
        (dropped.iter().copied().collect(), dropped.difference(&kept).copied().collect());
    crate::teach(turn.db(), &each(pair.kept, &learnt)).await?;
    crate::unteach(turn.db(), &each(pair.dropped, &taught)).await?;
    serde_json::to_value(Given { led, loads, taught, learnt }).map_err(Problem::internal)
}

async fn take_back(turn: &Turn, pair: &Permit<Pair>, given: &Value) -> Result<()> {
    let given = Given::deserialize(given).map_err(Problem::internal)?;
    let back = |ids: &[Uuid]| [pair.kept.into(), pair.dropped.into(), ids.to_vec().into()];
    let led = sql::run(
        turn.db(),
        "UPDATE class SET homeroom_id = $2, version = version + 1 WHERE homeroom_id = $1 AND id = ANY($3)",
        back(&given.led),
    )
    .await?;
    let loads = sql::run(
        turn.db(),
        "UPDATE teaching_load SET teacher_id = $2 WHERE teacher_id = $1 AND id = ANY($3)",
        back(&given.loads),
    )
    .await
    .map_err(both_teach)?;
    crate::unteach(turn.db(), &each(pair.kept, &given.learnt)).await?;
    crate::teach(turn.db(), &each(pair.dropped, &given.taught)).await?;
    let there = usize::try_from(led) == Ok(given.led.len()) && usize::try_from(loads) == Ok(given.loads.len());
    if there { Ok(()) } else { Err(Problem::conflict("people.merge-changed")) }
}
