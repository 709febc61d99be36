//! What this room gives over when two profiles of a student become one: where the student went, and came from.

use kd_ctx::{FutureExt as _, Permit, Turn};
use kd_kernel::{Problem, Result, TransferId};
use kd_people::{Heir, Pair};
use kd_store::{fault, sql};
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// This room's part of a merge.
pub const HEIR: Heir = Heir {
    room: "transfers",
    hand_on: |turn, pair| hand_on(turn, pair).boxed(),
    take_back: |turn, pair, given| take_back(turn, pair, given).boxed(),
};

/// What was given over.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Given {
    out: Vec<TransferId>,
    came: Vec<TransferId>,
}

#[derive(FromQueryResult)]
struct Row {
    id: TransferId,
}

fn both_open(error: DbErr) -> Problem {
    match fault::constraint(&error) {
        Some("transfer_out_one_open") => Problem::conflict("transfers.both-open"),
        _ => Problem::from(error),
    }
}

/// Refuses where both have a file that can still be accepted.
async fn hand_on(turn: &Turn, pair: &Permit<Pair>) -> Result<Value> {
    let rows = |sql| async move {
        let rows: Vec<Row> = sql::all(turn.db(), sql, [pair.dropped.into()]).await?;
        Ok::<_, Problem>(rows.into_iter().map(|row| row.id).collect::<Vec<_>>())
    };
    let given = Given {
        out: rows("SELECT id FROM transfer_out WHERE student_id = $1 FOR UPDATE").await?,
        came: rows("SELECT id FROM transfer_in WHERE student_id = $1 FOR UPDATE").await?,
    };
    for statement in [
        "UPDATE transfer_out SET student_id = $1 WHERE student_id = $2",
        "UPDATE transfer_in SET student_id = $1 WHERE student_id = $2",
    ] {
        sql::run(turn.db(), statement, [pair.kept.into(), pair.dropped.into()]).await.map_err(both_open)?;
    }
    serde_json::to_value(given).map_err(Problem::internal)
}

async fn take_back(turn: &Turn, pair: &Permit<Pair>, given: &Value) -> Result<()> {
    let given = Given::deserialize(given).map_err(Problem::internal)?;
    for (statement, ids) in [
        ("UPDATE transfer_out SET student_id = $2 WHERE student_id = $1 AND id = ANY($3)", given.out),
        ("UPDATE transfer_in SET student_id = $2 WHERE student_id = $1 AND id = ANY($3)", given.came),
    ] {
        let count = ids.len();
        let values = [pair.kept.into(), pair.dropped.into(), sql::array(ids)];
        let rows = sql::run(turn.db(), statement, values).await.map_err(both_open)?;
        if usize::try_from(rows) != Ok(count) {
            return Err(Problem::conflict("people.merge-changed"));
        }
    }
    Ok(())
}
