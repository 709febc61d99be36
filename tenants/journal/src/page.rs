//! The page of a journal: a class, a subject, a period.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use kd_calendar::Period;
use kd_classes::{ClassRow, LoadRow, SubjectRow};
use kd_ctx::{Permit, Plain, Turn};
use kd_kernel::{Act, ClassId, LessonId, Problem, ProfileId, Relation, Relations, Result, SubjectId};
use kd_timetable::LessonRow;
use uuid::Uuid;

use crate::rules::{self, Absence, CURRENT, Kind, Points};
use crate::store::{self, ClearedRow, MarkRow, Sheet};
use crate::wire::{Attendance, Choice, Journal, JournalLesson, JournalPeriod, JournalStudent, Lock, Mark};

pub(crate) async fn choices(turn: &Turn) -> Result<Vec<Choice>> {
    turn.allow(Act::JournalSee)?;
    let me = turn.who().profile;
    let mut seen = HashSet::new();
    let mut all: Vec<Choice> = kd_classes::loads(turn.db()).await?.into_iter().map(|load| choice(load, me)).collect();
    all.sort_by_key(|c| !c.mine);
    all.retain(|c| seen.insert((c.class_id, c.subject_id)));
    Ok(all)
}

fn choice(load: LoadRow, me: ProfileId) -> Choice {
    Choice {
        class_id: load.class_id.0,
        class_name: kd_classes::name_of(load.grade, &load.letter),
        subject_id: load.subject_id.0,
        mine: load.teacher_id == me,
        subject_kk: load.subject_kk,
        subject_ru: load.subject_ru,
    }
}

/// Which page is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub class: ClassId,
    pub subject: SubjectId,
    pub period: Option<Uuid>,
}

struct Head {
    class: ClassRow,
    subject: SubjectRow,
    period: Period,
    periods: Vec<Period>,
}

async fn head(turn: &Turn, _permit: &Permit<Plain>, asked: Asked) -> Result<Head> {
    let db = turn.db();
    let class = kd_classes::class(db, asked.class).await?.ok_or_else(Problem::not_found)?;
    let subject = kd_classes::subject(db, asked.subject).await?.ok_or_else(Problem::not_found)?;
    let periods = kd_calendar::periods_for_grade(db, class.year_id, class.grade).await?;
    let today = turn.today();
    let at = match asked.period {
        Some(id) => periods.iter().position(|p| p.id == id).ok_or_else(Problem::not_found)?,
        None => periods.iter().rposition(|p| p.begins <= today).unwrap_or(0),
    };
    let period = periods.get(at).cloned().ok_or_else(|| Problem::refused("journal.no-periods"))?;
    Ok(Head { class, subject, period, periods })
}

pub(crate) async fn page(turn: &Turn, asked: Asked) -> Result<Journal> {
    let permit = turn.allow(Act::JournalSee)?;
    let head = head(turn, &permit, asked).await?;
    let db = turn.db();
    let span = (head.period.begins, head.period.ends);
    let lessons = kd_timetable::lessons_between(db, head.class.id, head.subject.id, span).await?;
    let ids: Vec<LessonId> = lessons.iter().map(|l| l.id).collect();
    let members = kd_people::members_between(db, head.class.id, span.0, span.1).await?;
    let marks = store::marks_of_lessons(db, &ids).await?;
    let attendance = store::attendance_of_lessons(db, &ids).await?;
    let (cleared_marks, cleared_codes): (Vec<_>, Vec<_>) =
        store::cleared_of_lessons(db, &ids).await?.into_iter().partition(|row| row.what == "mark");
    let rolls = store::rolls_taken(db, &ids).await?;
    let me = turn.who().profile;
    let taught = kd_classes::teaches(db, me, head.class.id, head.subject.id).await?
        || lessons.iter().any(|l| l.teacher_id == me);
    let may_edit = turn.may(Act::JournalMark, Relations::none().and(Relation::Taught, taught));
    let graded = head.class.grade >= 2;
    let mut seen = HashSet::new();
    let students = members
        .into_iter()
        .filter(|m| seen.insert(m.student_id))
        .map(|m| student(m.student_id, m.full_name, if graded { &marks } else { &[] }))
        .collect();
    let today = turn.today();
    Ok(Journal {
        class_id: head.class.id.0,
        class_name: head.class.name(),
        subject_id: head.subject.id.0,
        subject_kk: head.subject.name_kk,
        subject_ru: head.subject.name_ru,
        period: period(&head.period),
        periods: head.periods.iter().map(period).collect(),
        today,
        may_edit,
        lock: (!may_edit).then(|| lock(turn, "journal.not-taught")),
        graded,
        students,
        lessons: lessons.into_iter().map(|l| lesson(turn, l, (&rolls, today))).collect(),
        marks: marks.into_iter().map(mark).chain(cleared_marks.into_iter().map(cleared_mark)).collect(),
        attendance: attendance
            .into_iter()
            .map(|row| attended((row.lesson_id, row.student_id), Absence::of_name(&row.code), row.version))
            .chain(cleared_codes.into_iter().map(|row| attended((row.lesson_id, row.student_id), None, row.version)))
            .collect(),
    })
}

fn lock(turn: &Turn, code: &'static str) -> Lock {
    Lock { code: code.to_owned(), title: kd_http::words().of(code, turn.who().tongue) }
}

fn period(row: &Period) -> JournalPeriod {
    JournalPeriod {
        id: row.id,
        name_kk: row.name_kk.clone(),
        name_ru: row.name_ru.clone(),
        begins: row.begins,
        ends: row.ends,
    }
}

fn lesson(turn: &Turn, row: LessonRow, (rolls, today): (&[LessonId], NaiveDate)) -> JournalLesson {
    JournalLesson {
        id: row.id.0,
        date: row.held_on,
        number: row.number,
        begins: row.begins.format("%H:%M").to_string(),
        ends: row.ends.format("%H:%M").to_string(),
        roll_taken: rolls.contains(&row.id),
        version: row.version,
        lock: (row.held_on > today).then(|| lock(turn, "journal.lesson-not-held")),
        topic: row.topic,
        homework: row.homework,
    }
}

fn mark(row: MarkRow) -> Mark {
    Mark {
        lesson_id: row.lesson_id.0,
        student_id: row.student_id.0,
        value: row.value,
        max: row.max,
        comment: row.comment,
        version: row.version,
        percent: None,
        grade: None,
    }
}

fn cleared_mark(row: ClearedRow) -> Mark {
    Mark {
        lesson_id: row.lesson_id.0,
        student_id: row.student_id.0,
        value: None,
        max: rules::FORMATIVE_MAX,
        comment: None,
        version: row.version,
        percent: None,
        grade: None,
    }
}

fn attended((lesson, student): (LessonId, ProfileId), code: Option<Absence>, version: i32) -> Attendance {
    Attendance { lesson_id: lesson.0, student_id: student.0, code, version }
}

fn student(id: ProfileId, full_name: String, marks: &[MarkRow]) -> JournalStudent {
    let (percent, grade) = computed(marks.iter().filter(|m| m.student_id == id));
    JournalStudent { id: id.0, full_name, percent, grade }
}

/// Percent as shown, and grade, of some marks; nothing without data.
pub(crate) fn computed<'a>(marks: impl Iterator<Item = &'a MarkRow>) -> (Option<String>, Option<i32>) {
    let points: Vec<Points> =
        marks.filter_map(|m| Some(Points { kind: Kind::of_name(&m.kind)?, value: m.value?, max: m.max })).collect();
    match rules::percent(CURRENT, &points) {
        Some(percent) => (Some(rules::shown(percent)), Some(rules::grade(CURRENT, percent))),
        None => (None, None),
    }
}

/// How a student stands in the subject and period of a lesson.
pub(crate) async fn standing(turn: &Turn, sheet: &Sheet, student: ProfileId) -> Result<(Option<String>, Option<i32>)> {
    let db = turn.db();
    let class = kd_classes::class(db, sheet.lesson.class_id).await?.ok_or_else(Problem::not_found)?;
    let periods = kd_calendar::periods_for_grade(db, class.year_id, class.grade).await?;
    let day = sheet.lesson.held_on;
    let Some(period) = periods.iter().find(|p| p.begins <= day && day <= p.ends) else { return Ok((None, None)) };
    let marks = store::marks_of_student(db, student, (period.begins, period.ends)).await?;
    Ok(computed(marks.iter().filter(|m| m.subject_id == sheet.lesson.subject_id)))
}

/// The marks of a student in one subject, with what they add up to.
#[derive(Debug, Clone)]
pub struct SubjectStanding {
    /// Marks, oldest first.
    pub marks: Vec<MarkRow>,
    /// Running percent as shown.
    pub percent: Option<String>,
    /// Running grade.
    pub grade: Option<i32>,
}

/// Marks grouped by subject; for the family's page.
#[must_use]
pub fn by_subject(marks: Vec<MarkRow>) -> BTreeMap<SubjectId, SubjectStanding> {
    let mut grouped: HashMap<SubjectId, Vec<MarkRow>> = HashMap::new();
    for mark in marks {
        grouped.entry(mark.subject_id).or_default().push(mark);
    }
    grouped
        .into_iter()
        .map(|(subject, marks)| {
            let (percent, grade) = computed(marks.iter());
            (subject, SubjectStanding { marks, percent, grade })
        })
        .collect()
}
