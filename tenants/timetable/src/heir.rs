//! What this room gives over when two profiles of a teacher become one: the lessons, held and planned.

use kd_ctx::{FutureExt as _, Permit, Turn};
use kd_kernel::{LessonId, Problem, Result};
use kd_people::{Heir, Pair};
use kd_store::{fault, sql};
use sea_orm::{DbErr, FromQueryResult};
use serde::Deserialize as _;
use serde_json::Value;

/// This room's part of a merge.
pub const HEIR: Heir = Heir {
    room: "timetable",
    hand_on: |turn, pair| hand_on(turn, pair).boxed(),
    take_back: |turn, pair, given| take_back(turn, pair, given).boxed(),
};

fn both_teach(error: DbErr) -> Problem {
    match fault::constraint(&error) {
        Some("lesson_teacher_slot_key") => Problem::conflict("people.merge-both-teach"),
        _ => Problem::from(error),
    }
}

/// Refuses where both have a lesson at the same time.
async fn hand_on(turn: &Turn, pair: &Permit<Pair>) -> Result<Value> {
    #[derive(FromQueryResult)]
    struct Row {
        id: LessonId,
    }
    let values = || [pair.kept.into(), pair.dropped.into()];
    let clash: bool = sql::scalar(
        turn.db(),
        "SELECT EXISTS (SELECT FROM lesson a JOIN lesson b ON b.held_on = a.held_on AND a.begins < b.ends AND b.begins < a.ends \
         WHERE a.teacher_id = $1 AND b.teacher_id = $2 AND a.state <> 'cancelled' AND b.state <> 'cancelled')",
        values(),
    )
    .await?;
    if clash {
        return Err(Problem::conflict("people.merge-both-teach"));
    }
    let lessons = "SELECT id FROM lesson WHERE teacher_id = $1 FOR UPDATE";
    let lessons: Vec<Row> = sql::all(turn.db(), lessons, [pair.dropped.into()]).await?;
    sql::run(turn.db(), "UPDATE lesson SET teacher_id = $1 WHERE teacher_id = $2", values())
        .await
        .map_err(both_teach)?;
    serde_json::to_value(lessons.into_iter().map(|row| row.id).collect::<Vec<_>>()).map_err(Problem::internal)
}

async fn take_back(turn: &Turn, pair: &Permit<Pair>, given: &Value) -> Result<()> {
    let lessons = Vec::<LessonId>::deserialize(given).map_err(Problem::internal)?;
    let count = lessons.len();
    let rows = sql::run(
        turn.db(),
        "UPDATE lesson SET teacher_id = $2 WHERE teacher_id = $1 AND id = ANY($3)",
        [pair.kept.into(), pair.dropped.into(), sql::array(lessons)],
    )
    .await
    .map_err(both_teach)?;
    if usize::try_from(rows) == Ok(count) { Ok(()) } else { Err(Problem::conflict("people.merge-changed")) }
}
