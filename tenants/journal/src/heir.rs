//! What this room gives over when two profiles of a student become one: marks and attendance, with the history
//! of their cells. A line of the history is never changed: the kept profile gets a copy of each, and when the
//! merge is undone a last line that says the cell is empty again.

use std::collections::BTreeSet;

use kd_cache::Topic;
use kd_ctx::{FutureExt as _, Permit, Turn};
use kd_kernel::{LessonId, Problem, ProfileId, Result};
use kd_people::{Heir, Pair};
use kd_store::sql;
use sea_orm::FromQueryResult;
use serde::Deserialize as _;
use serde_json::Value;
use uuid::Uuid;

/// This room's part of a merge.
pub const HEIR: Heir = Heir {
    room: "journal",
    hand_on: |turn, pair| hand_on(turn, pair).boxed(),
    take_back: |turn, pair, given| take_back(turn, pair, given).boxed(),
};

#[derive(FromQueryResult)]
struct Line {
    id: Uuid,
}

/// The lessons in whose journal a student stands, or ever stood.
async fn lessons_of(turn: &Turn, student: ProfileId) -> Result<BTreeSet<LessonId>> {
    #[derive(FromQueryResult)]
    struct Row {
        lesson_id: LessonId,
    }
    let rows: Vec<Row> = sql::all(
        turn.db(),
        "SELECT w.lesson_id FROM mark m JOIN work w ON w.id = m.work_id WHERE m.student_id = $1 UNION \
         SELECT lesson_id FROM attendance WHERE student_id = $1 UNION SELECT lesson_id FROM cell_history WHERE student_id = $1",
        [student.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.lesson_id).collect())
}

/// Refuses where both stand, or stood, in the journal of one lesson.
async fn hand_on(turn: &Turn, pair: &Permit<Pair>) -> Result<Value> {
    let (kept, dropped) = (lessons_of(turn, pair.kept).await?, lessons_of(turn, pair.dropped).await?);
    if !kept.is_disjoint(&dropped) {
        return Err(Problem::conflict("people.merge-both-marked"));
    }
    move_cells(turn, (pair.dropped, pair.kept), &dropped).await?;
    let lines: Vec<Line> =
        sql::all(turn.db(), "SELECT id FROM cell_history WHERE student_id = $1 ORDER BY id", [pair.dropped.into()])
            .await?;
    copy_lines(turn, pair.kept, &lines).await?;
    serde_json::to_value(dropped).map_err(Problem::internal)
}

/// A copy of each of these lines for a student, with identities of their own.
async fn copy_lines(turn: &Turn, student: ProfileId, lines: &[Line]) -> Result<()> {
    let copies = lines.iter().map(|_| turn.id::<Uuid>());
    sql::run(
        turn.db(),
        "INSERT INTO cell_history (id, lesson_id, student_id, what, before, after, comment, version, set_by, set_at) \
         SELECT c.copy, h.lesson_id, $3, h.what, h.before, h.after, h.comment, h.version, h.set_by, h.set_at \
         FROM unnest($1::uuid[], $2::uuid[]) AS c (line, copy) JOIN cell_history h ON h.id = c.line",
        [sql::array(lines.iter().map(|line| line.id)), sql::array(copies), student.into()],
    )
    .await?;
    Ok(())
}

/// The marks and the attendance of lessons go from one student to another.
async fn move_cells(turn: &Turn, (from, to): (ProfileId, ProfileId), lessons: &BTreeSet<LessonId>) -> Result<()> {
    for update in [
        "UPDATE mark m SET student_id = $2 FROM work w WHERE w.id = m.work_id AND m.student_id = $1 AND w.lesson_id = ANY($3)",
        "UPDATE attendance SET student_id = $2 WHERE student_id = $1 AND lesson_id = ANY($3)",
    ] {
        sql::run(turn.db(), update, [from.into(), to.into(), sql::array(lessons.iter().copied())]).await?;
    }
    turn.say(Topic::Marks, None);
    turn.say(Topic::Attendance, None);
    Ok(())
}

/// The last line of a cell.
#[derive(FromQueryResult)]
struct Last {
    lesson_id: LessonId,
    what: String,
    version: i32,
    same: bool,
    empty: bool,
}

/// Refuses where a cell that was given over has been changed since.
async fn take_back(turn: &Turn, pair: &Permit<Pair>, given: &Value) -> Result<()> {
    let lessons = BTreeSet::<LessonId>::deserialize(given).map_err(Problem::internal)?;
    let last: Vec<Last> = sql::all(
        turn.db(),
        "SELECT k.lesson_id, k.what, max(k.version) AS version, max(k.version) IS NOT DISTINCT FROM (SELECT max(d.version) \
         FROM cell_history d WHERE d.student_id = $2 AND d.lesson_id = k.lesson_id AND d.what = k.what) AS same, \
         (array_agg(k.after ORDER BY k.version DESC))[1] IS NULL AS empty \
         FROM cell_history k WHERE k.student_id = $1 AND k.lesson_id = ANY($3) GROUP BY k.lesson_id, k.what",
        [pair.kept.into(), pair.dropped.into(), sql::array(lessons.iter().copied())],
    )
    .await?;
    if last.iter().any(|cell| !cell.same) {
        return Err(Problem::conflict("people.merge-changed"));
    }
    move_cells(turn, (pair.kept, pair.dropped), &lessons).await?;
    for cell in last.into_iter().filter(|cell| !cell.empty) {
        sql::run(
            turn.db(),
            "INSERT INTO cell_history (id, lesson_id, student_id, what, before, version, set_by, set_at) \
             SELECT $1, lesson_id, student_id, what, after, version + 1, $6, $7 FROM cell_history \
             WHERE student_id = $2 AND lesson_id = $3 AND what = $4 AND version = $5",
            [
                turn.id::<Uuid>().into(),
                pair.kept.into(),
                cell.lesson_id.into(),
                cell.what.into(),
                cell.version.into(),
                turn.who().profile.into(),
                turn.now().into(),
            ],
        )
        .await?;
    }
    Ok(())
}
