//! A teacher's day: which lesson is now, whether its roll is taken, who is missing from the own class.

use std::collections::HashMap;

use chrono::NaiveDate;
use kd_classes::{ClassRow, SubjectRow};
use kd_ctx::Turn;
use kd_journal::rules::Absence;
use kd_kernel::{Act, ClassId, LessonId, Problem, ProfileId, Result, SubjectId};
use kd_timetable::LessonRow;

use crate::wire::{Absent, Homeroom, TeacherDay, TeacherLesson};

pub(crate) async fn day(turn: &Turn, date: Option<NaiveDate>) -> Result<TeacherDay> {
    turn.allow(Act::DeskTeach)?;
    let db = turn.db();
    let date = date.unwrap_or_else(|| turn.today());
    let lessons = kd_timetable::lessons_of_teacher(db, turn.who().profile, date).await?;
    let ids: Vec<LessonId> = lessons.iter().map(|l| l.id).collect();
    let rolls = kd_journal::rolls_taken(db, &ids).await?;
    let subjects = subjects(turn).await?;
    let classes = classes(turn).await?;
    let now = turn.house().clock.local_now();
    let running = lessons
        .iter()
        .find(|l| now.date() == l.held_on && l.begins <= now.time() && now.time() < l.ends)
        .map(|l| l.id.0);
    let mut listed = Vec::with_capacity(lessons.len());
    for lesson in &lessons {
        listed.push(row(lesson, (&classes, &subjects), rolls.contains(&lesson.id))?);
    }
    Ok(TeacherDay { date, now_lesson_id: running, lessons: listed, homeroom: homeroom(turn, date).await? })
}

pub(crate) async fn subjects(turn: &Turn) -> Result<HashMap<SubjectId, SubjectRow>> {
    Ok(kd_classes::subjects(turn.db()).await?.into_iter().map(|s| (s.id, s)).collect())
}

async fn classes(turn: &Turn) -> Result<HashMap<ClassId, ClassRow>> {
    let Some(year) = kd_calendar::current_year(turn.db(), turn.today()).await? else { return Ok(HashMap::new()) };
    Ok(kd_classes::classes(turn.db(), year.id).await?.into_iter().map(|c| (c.id, c)).collect())
}

fn row(
    lesson: &LessonRow,
    (classes, subjects): (&HashMap<ClassId, ClassRow>, &HashMap<SubjectId, SubjectRow>),
    roll_taken: bool,
) -> Result<TeacherLesson> {
    let subject = subjects.get(&lesson.subject_id).ok_or_else(|| Problem::internal("a lesson without a subject"))?;
    Ok(TeacherLesson {
        lesson_id: lesson.id.0,
        number: lesson.number,
        begins: lesson.begins.format("%H:%M").to_string(),
        ends: lesson.ends.format("%H:%M").to_string(),
        class_id: lesson.class_id.0,
        class_name: classes.get(&lesson.class_id).map(ClassRow::name).unwrap_or_default(),
        subject_id: lesson.subject_id.0,
        subject_kk: subject.name_kk.clone(),
        subject_ru: subject.name_ru.clone(),
        roll_taken,
        topic: lesson.topic.clone(),
    })
}

async fn homeroom(turn: &Turn, date: NaiveDate) -> Result<Vec<Homeroom>> {
    let db = turn.db();
    let mut all = Vec::new();
    for class in kd_classes::homeroom_of(db, turn.who().profile).await? {
        let members = kd_people::members_of(db, class.id, date).await?;
        let lessons: Vec<LessonId> =
            kd_timetable::lessons_of_class(db, class.id, date).await?.into_iter().map(|l| l.id).collect();
        let absences = kd_journal::absences_on(db, &lessons).await?;
        let code = |student: ProfileId| {
            absences
                .iter()
                .find(|(_, s, code)| *s == student && code != "late")
                .and_then(|(_, _, c)| Absence::of_name(c))
        };
        let absent = members
            .iter()
            .filter_map(|m| {
                Some(Absent { student_id: m.student_id.0, full_name: m.full_name.clone(), code: code(m.student_id)? })
            })
            .collect();
        let students = i64::try_from(members.len()).unwrap_or(i64::MAX);
        all.push(Homeroom { class_id: class.id.0, class_name: class.name(), students, absent });
    }
    Ok(all)
}
