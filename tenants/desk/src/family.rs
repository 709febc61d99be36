//! A family's page: what was today, what is tomorrow, and the marks of the period; of one student, for
//! the student, the guardians and the class teacher.

use std::collections::HashMap;

use chrono::NaiveDate;
use kd_classes::{ClassRow, SubjectRow};
use kd_ctx::{Permit, Thing, Turn};
use kd_journal::MarkRow;
use kd_journal::rules::Absence;
use kd_kernel::{Act, LessonId, Problem, ProfileId, Relation, Relations, Result, SubjectId};
use kd_timetable::LessonRow;

use crate::teacher::subjects;
use crate::wire::{DayOfLessons, FamilyDay, FamilyLesson, FamilyMark, SubjectMarks};

/// A student, and how the reader stands to him or her.
pub(crate) struct Pupil {
    id: ProfileId,
    full_name: String,
    class: Option<ClassRow>,
    own: bool,
    ward: bool,
    homeroom: bool,
}

impl Thing for Pupil {
    fn relations(&self) -> Relations {
        Relations::none()
            .and(Relation::Own, self.own)
            .and(Relation::Ward, self.ward)
            .and(Relation::Homeroom, self.homeroom)
    }
}

async fn pupil(turn: &Turn, id: ProfileId, day: NaiveDate) -> Result<Pupil> {
    let (db, me) = (turn.db(), turn.who().profile);
    let full_name = kd_people::names_of(db, [id]).await?.remove(&id).ok_or_else(Problem::not_found)?;
    let class = match kd_people::class_of(db, &[id], day).await?.get(&id) {
        Some(class) => kd_classes::class(db, *class).await?,
        None => None,
    };
    let ward = kd_people::children_of(db, me).await?.iter().any(|c| c.student_id == id);
    let homeroom = class.as_ref().is_some_and(|c| c.homeroom_id == Some(me));
    Ok(Pupil { id, full_name, class, own: id == me, ward, homeroom })
}

pub(crate) async fn day(turn: &Turn, student: ProfileId, date: Option<NaiveDate>) -> Result<FamilyDay> {
    let date = date.unwrap_or_else(|| turn.today());
    let pupil = turn.permit(Act::DeskFamily, pupil(turn, student, date).await?)?;
    let subjects = subjects(turn).await?;
    let marks = marks(turn, &pupil, date).await?;
    let today = lessons(turn, &pupil, date, &subjects).await?;
    let tomorrow = match &pupil.class {
        Some(class) => match kd_timetable::next_day_with_lessons(turn.db(), class.id, date).await? {
            Some(next) => Some(lessons(turn, &pupil, next, &subjects).await?),
            None => None,
        },
        None => None,
    };
    Ok(FamilyDay {
        student_id: pupil.id.0,
        full_name: pupil.full_name.clone(),
        class_name: pupil.class.as_ref().map(ClassRow::name),
        today,
        tomorrow,
        subjects: by_subject(marks, &subjects),
    })
}

/// The marks of the period in which the day lies.
async fn marks(turn: &Turn, pupil: &Permit<Pupil>, date: NaiveDate) -> Result<Vec<MarkRow>> {
    let Some(class) = &pupil.class else { return Ok(Vec::new()) };
    let Some(period) = kd_calendar::period_at(turn.db(), class.year_id, class.grade, date).await? else {
        return Ok(Vec::new());
    };
    kd_journal::marks_of_student(turn.db(), pupil.id, (period.begins, period.ends)).await
}

async fn lessons(
    turn: &Turn,
    pupil: &Permit<Pupil>,
    date: NaiveDate,
    subjects: &HashMap<SubjectId, SubjectRow>,
) -> Result<DayOfLessons> {
    let Some(class) = &pupil.class else { return Ok(DayOfLessons { date, lessons: Vec::new() }) };
    let rows = kd_timetable::lessons_of_class(turn.db(), class.id, date).await?;
    let ids: Vec<LessonId> = rows.iter().map(|l| l.id).collect();
    let absences = kd_journal::absences_on(turn.db(), &ids).await?;
    let marks = kd_journal::marks_of_student(turn.db(), pupil.id, (date, date)).await?;
    let attendance = |lesson: LessonId| {
        absences.iter().find(|(l, s, _)| *l == lesson && *s == pupil.id).and_then(|(_, _, c)| Absence::of_name(c))
    };
    let lessons = rows
        .into_iter()
        .map(|row| {
            let own = marks.iter().filter(|m| m.lesson_id == row.id).filter_map(mark).collect();
            let absent = attendance(row.id);
            lesson(row, subjects, (own, absent))
        })
        .collect();
    Ok(DayOfLessons { date, lessons })
}

fn lesson(
    row: LessonRow,
    subjects: &HashMap<SubjectId, SubjectRow>,
    (marks, attendance): (Vec<FamilyMark>, Option<Absence>),
) -> FamilyLesson {
    let subject = subjects.get(&row.subject_id);
    FamilyLesson {
        lesson_id: row.id.0,
        number: row.number,
        begins: row.begins.format("%H:%M").to_string(),
        ends: row.ends.format("%H:%M").to_string(),
        subject_kk: subject.map(|s| s.name_kk.clone()).unwrap_or_default(),
        subject_ru: subject.map(|s| s.name_ru.clone()).unwrap_or_default(),
        topic: row.topic,
        homework: row.homework,
        marks,
        attendance,
    }
}

fn mark(row: &MarkRow) -> Option<FamilyMark> {
    Some(FamilyMark {
        date: row.held_on,
        kind: row.kind.clone(),
        value: row.value?,
        max: row.max,
        comment: row.comment.clone(),
    })
}

fn by_subject(marks: Vec<MarkRow>, subjects: &HashMap<SubjectId, SubjectRow>) -> Vec<SubjectMarks> {
    let mut all: Vec<SubjectMarks> = kd_journal::by_subject(marks)
        .into_iter()
        .filter_map(|(id, standing)| {
            let subject = subjects.get(&id)?;
            Some(SubjectMarks {
                subject_id: id.0,
                subject_kk: subject.name_kk.clone(),
                subject_ru: subject.name_ru.clone(),
                percent: standing.percent,
                grade: standing.grade,
                marks: standing.marks.iter().filter_map(mark).collect(),
            })
        })
        .collect();
    kd_kernel::names::sort_by_name(&mut all, |s| &s.subject_kk);
    all
}
