//! What people do in the journal: set marks and attendance, take the roll, look at the history of a cell.

use kd_cache::Topic;
use kd_ctx::{Permit, Turn};
use kd_kernel::problem::{Conflict, Faults};
use kd_kernel::{Act, LessonId, Problem, ProfileId, Result};

use crate::page;
use crate::rules::{self, Kind};
use crate::store::{self, Cell, Filling, Sheet};
use crate::wire::{Attendance, AttendancePut, CellChange, Mark, MarkPut, Roll};

/// The lesson with how the person stands to it.
pub(crate) async fn sheet(turn: &Turn, lesson: LessonId) -> Result<Sheet> {
    let db = turn.db();
    let lesson = kd_timetable::lesson(db, lesson).await?.ok_or_else(Problem::not_found)?;
    let class = kd_classes::class(db, lesson.class_id).await?.ok_or_else(Problem::not_found)?;
    let me = turn.who().profile;
    let taught = lesson.teacher_id == me || kd_classes::teaches(db, me, lesson.class_id, lesson.subject_id).await?;
    Ok(Sheet { grade: class.grade, homeroom: class.homeroom_id == Some(me), taught, lesson })
}

/// What every cell must fulfil: the lesson was held or is of today, and the student was in the class.
async fn check_cell(turn: &Turn, sheet: &Permit<Sheet>, student: ProfileId) -> Result<()> {
    if sheet.lesson.state == "cancelled" {
        return Err(Problem::refused("journal.lesson-cancelled"));
    }
    if sheet.lesson.held_on > turn.today() {
        return Err(Problem::refused("journal.lesson-not-held"));
    }
    let seat = kd_people::class_of(turn.db(), &[student], sheet.lesson.held_on).await?;
    if seat.get(&student) != Some(&sheet.lesson.class_id) {
        return Err(Problem::not_found());
    }
    Ok(())
}

async fn changed(turn: &Turn, cell: Option<Cell>) -> Result<Problem> {
    let mut conflict = Conflict::default();
    if let Some(cell) = cell {
        let names = kd_people::names_of(turn.db(), [cell.set_by]).await?;
        conflict = Conflict {
            by: names.get(&cell.set_by).cloned(),
            at: Some(cell.set_at),
            value: Some(cell.text),
            version: Some(cell.version),
        };
    }
    Ok(Problem::conflict("journal.cell-changed").with_conflict(conflict))
}

pub(crate) async fn put_mark(turn: &Turn, put: MarkPut) -> Result<Mark> {
    let (lesson, student) = (LessonId(put.lesson_id), ProfileId(put.student_id));
    let sheet = turn.permit(Act::JournalMark, sheet(turn, lesson).await?)?;
    check_cell(turn, &sheet, student).await?;
    if sheet.grade <= 1 {
        return Err(Problem::refused("journal.no-marks-in-grade-one"));
    }
    let mut faults = Faults::default();
    let comment = faults.maybe("comment", put.comment.as_deref(), 500);
    let fits = put.value.is_none_or(|v| Kind::Fo.allows(v, rules::FORMATIVE_MAX));
    faults.require(fits, "value", "mark-range");
    faults.check()?;
    let work = store::formative(turn, &sheet).await?;
    let held = store::mark_cell(turn, work, student).await?;
    let newest = store::newest(turn, lesson, student, "mark").await?;
    if newest.as_ref().map_or(0, |c| c.version) != put.version {
        return Err(changed(turn, newest).await?);
    }
    let filling = Filling { student, value: put.value, code: None, comment, version: put.version + 1 };
    let before = held.map(|c| c.text);
    turn.about(student.0, serde_json::json!({ "from": before, "to": filling.value, "date": sheet.lesson.held_on }));
    if store::remember(turn, &sheet, "mark", (before, &filling)).await? == 0 {
        return Err(changed(turn, store::newest(turn, lesson, student, "mark").await?).await?);
    }
    store::put_mark(turn, &sheet, work, &filling).await?;
    turn.say(Topic::Marks, Some(student.0));
    let (percent, grade) = page::standing(turn, &sheet, student).await?;
    Ok(Mark {
        lesson_id: put.lesson_id,
        student_id: put.student_id,
        value: filling.value,
        max: rules::FORMATIVE_MAX,
        comment: filling.comment,
        version: filling.version,
        percent,
        grade,
    })
}

pub(crate) async fn put_attendance(turn: &Turn, put: AttendancePut) -> Result<Attendance> {
    let (lesson, student) = (LessonId(put.lesson_id), ProfileId(put.student_id));
    let sheet = turn.permit(Act::JournalAttend, sheet(turn, lesson).await?)?;
    check_cell(turn, &sheet, student).await?;
    let held = store::attendance_cell(turn, lesson, student).await?;
    let newest = store::newest(turn, lesson, student, "attendance").await?;
    if newest.as_ref().map_or(0, |c| c.version) != put.version {
        return Err(changed(turn, newest).await?);
    }
    let code = put.code.map(rules::Absence::name);
    let filling = Filling { student, value: None, code, comment: None, version: put.version + 1 };
    let before = held.map(|c| c.text);
    turn.about(student.0, serde_json::json!({ "from": before, "to": filling.code, "date": sheet.lesson.held_on }));
    if store::remember(turn, &sheet, "attendance", (before, &filling)).await? == 0 {
        return Err(changed(turn, store::newest(turn, lesson, student, "attendance").await?).await?);
    }
    store::put_attendance(turn, &sheet, &filling).await?;
    turn.say(Topic::Attendance, Some(student.0));
    Ok(Attendance { lesson_id: put.lesson_id, student_id: put.student_id, code: put.code, version: filling.version })
}

pub(crate) async fn take_roll(turn: &Turn, lesson: LessonId) -> Result<Roll> {
    let sheet = turn.permit(Act::JournalAttend, sheet(turn, lesson).await?)?;
    if sheet.lesson.state == "cancelled" {
        return Err(Problem::refused("journal.lesson-cancelled"));
    }
    if sheet.lesson.held_on > turn.today() {
        return Err(Problem::refused("journal.lesson-not-held"));
    }
    let taken_at = store::take_roll(turn, &sheet).await?;
    turn.about(sheet.lesson.class_id.0, serde_json::json!({ "date": sheet.lesson.held_on }));
    turn.say(Topic::Lessons, Some(sheet.lesson.class_id.0));
    Ok(Roll { lesson_id: lesson.0, taken_at })
}

pub(crate) async fn history(turn: &Turn, lesson: LessonId, student: ProfileId) -> Result<Vec<CellChange>> {
    let sheet = turn.permit(Act::JournalHistory, sheet(turn, lesson).await?)?;
    let rows = store::history(turn, &sheet, student).await?;
    let names = kd_people::names_of(turn.db(), rows.iter().map(|r| r.set_by)).await?;
    Ok(rows
        .into_iter()
        .map(|row| CellChange {
            what: row.what,
            before: row.before,
            after: row.after,
            comment: row.comment,
            by: names.get(&row.set_by).cloned().unwrap_or_default(),
            at: row.set_at,
            version: row.version,
        })
        .collect())
}
