//! What people do with classes, subjects and loads.

use std::sync::LazyLock;

use kd_ctx::Turn;
use kd_kernel::problem::Faults;
use kd_kernel::{Act, ClassId, Problem, ProfileId, Result, names};
use serde::Deserialize;
use uuid::Uuid;

use crate::rules;
use crate::store::{self, ClassRow, SubjectRow};
use crate::wire::{Class, ClassNew, ClassStudent, Load, LoadNew, Subject, SubjectNew};

pub(crate) async fn list(turn: &Turn) -> Result<Vec<Class>> {
    turn.allow(Act::ClassSee)?;
    listed(turn).await
}

async fn listed(turn: &Turn) -> Result<Vec<Class>> {
    let db = turn.db();
    let Some(year) = kd_calendar::current_year(db, turn.today()).await? else { return Ok(Vec::new()) };
    let rows = store::classes(db, year.id).await?;
    let leaders: Vec<ProfileId> = rows.iter().filter_map(|r| r.homeroom_id).collect();
    let leaders = kd_people::names_of(db, leaders).await?;
    let sizes = kd_people::class_sizes(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| Class {
            id: row.id.0,
            year_id: row.year_id.0,
            grade: row.grade,
            name: row.name(),
            letter: row.letter,
            language: row.language,
            shift: row.shift,
            homeroom_id: row.homeroom_id.map(|h| h.0),
            homeroom_name: row.homeroom_id.and_then(|h| leaders.get(&h).cloned()),
            students: sizes.get(&row.id).copied().unwrap_or(0),
        })
        .collect())
}

pub(crate) async fn add(turn: &Turn, new: ClassNew) -> Result<Class> {
    let permit = turn.allow(Act::ClassEdit)?;
    let db = turn.db();
    let year = kd_calendar::current_year(db, turn.today()).await?.ok_or_else(|| Problem::refused("classes.no-year"))?;
    let mut faults = Faults::default();
    let letter = rules::letter(&new.letter);
    faults.require(letter.is_some(), "letter", "class-letter");
    faults.require((0..=12).contains(&new.grade), "grade", "out-of-range");
    faults.require((1..=3).contains(&new.shift), "shift", "out-of-range");
    faults.require(matches!(new.language.as_str(), "kk" | "ru" | "other"), "language", "unknown");
    if let Some(leader) = new.homeroom_id {
        faults.require(kd_people::is_staff(db, leader.into()).await?, "homeroom_id", "unknown");
    }
    faults.check()?;
    let row = ClassRow {
        id: turn.id(),
        year_id: year.id,
        grade: new.grade,
        letter: letter.unwrap_or_default(),
        language: new.language,
        shift: new.shift,
        homeroom_id: new.homeroom_id.map(Into::into),
    };
    store::add_class(turn, &permit, &row).await?;
    if let Some(leader) = row.homeroom_id {
        kd_people::make_class_teacher(db, &permit, leader, turn.now()).await?;
    }
    turn.about(row.id.0, serde_json::json!({ "homeroom": row.homeroom_id }));
    listed(turn).await?.into_iter().find(|c| c.id == row.id.0).ok_or_else(Problem::not_found)
}

pub(crate) async fn students(turn: &Turn, class: ClassId) -> Result<Vec<ClassStudent>> {
    turn.allow(Act::ClassStudents)?;
    let class = store::class(turn.db(), class).await?.ok_or_else(Problem::not_found)?;
    let members = kd_people::members_now(turn.db(), class.id).await?;
    Ok(members.into_iter().map(|m| ClassStudent { student_id: m.student_id.0, full_name: m.full_name }).collect())
}

pub(crate) async fn subjects(turn: &Turn) -> Result<Vec<Subject>> {
    turn.allow(Act::ClassSee)?;
    let mut rows: Vec<Subject> = store::subjects(turn.db()).await?.into_iter().map(subject).collect();
    names::sort_by_name(&mut rows, |s| &s.name_kk);
    Ok(rows)
}

fn subject(row: SubjectRow) -> Subject {
    Subject {
        id: row.id.0,
        code: row.code,
        name_kk: row.name_kk,
        name_ru: row.name_ru,
        pass_fail: row.pass_fail,
        active: row.active,
    }
}

pub(crate) async fn add_subject(turn: &Turn, new: SubjectNew) -> Result<Subject> {
    let permit = turn.allow(Act::ClassEdit)?;
    let mut faults = Faults::default();
    let name_kk = faults.text("name_kk", &new.name_kk, 100);
    let name_ru = faults.text("name_ru", &new.name_ru, 100);
    faults.check()?;
    let taken = store::subjects(turn.db()).await?;
    if taken.iter().any(|s| names::folded(&s.name_kk) == names::folded(&name_kk)) {
        return Err(Problem::conflict("classes.subject-exists"));
    }
    let new = SubjectNew { name_kk, name_ru, pass_fail: new.pass_fail };
    let code = format!("own-{}", turn.id::<Uuid>().simple());
    let id = store::add_subject(turn, &permit, &code, &new).await?;
    store::subject(turn.db(), id).await?.map(subject).ok_or_else(Problem::not_found)
}

#[derive(Deserialize)]
struct Known {
    code: String,
    kk: String,
    ru: String,
    #[serde(default)]
    pass_fail: bool,
}

static COUNTRY: LazyLock<Vec<Known>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../subjects.json")).unwrap_or_default());

pub(crate) async fn default_subjects(turn: &Turn) -> Result<Vec<Subject>> {
    let permit = turn.allow(Act::ClassEdit)?;
    for known in COUNTRY.iter() {
        let new = SubjectNew { name_kk: known.kk.clone(), name_ru: known.ru.clone(), pass_fail: known.pass_fail };
        store::add_subject(turn, &permit, &known.code, &new).await?;
    }
    subjects(turn).await
}

pub(crate) async fn loads(turn: &Turn) -> Result<Vec<Load>> {
    turn.allow(Act::ClassSee)?;
    let rows = store::loads(turn.db()).await?;
    let teachers: Vec<ProfileId> = rows.iter().map(|r| r.teacher_id).collect();
    let teachers = kd_people::names_of(turn.db(), teachers).await?;
    Ok(rows
        .into_iter()
        .map(|row| Load {
            id: row.id,
            class_id: row.class_id.0,
            class_name: rules::name_of(row.grade, &row.letter),
            subject_id: row.subject_id.0,
            subject_kk: row.subject_kk,
            subject_ru: row.subject_ru,
            teacher_id: row.teacher_id.0,
            teacher_name: teachers.get(&row.teacher_id).cloned().unwrap_or_default(),
            weekly_tenths: row.weekly_tenths,
        })
        .collect())
}

pub(crate) async fn add_load(turn: &Turn, new: LoadNew) -> Result<Load> {
    let permit = turn.allow(Act::ClassEdit)?;
    let db = turn.db();
    let mut faults = Faults::default();
    faults.require(store::class(db, new.class_id.into()).await?.is_some(), "class_id", "unknown");
    faults.require(store::subject(db, new.subject_id.into()).await?.is_some(), "subject_id", "unknown");
    faults.require(kd_people::is_staff(db, new.teacher_id.into()).await?, "teacher_id", "unknown");
    faults.require(new.weekly_tenths.is_none_or(|t| (1..=400).contains(&t)), "weekly_tenths", "out-of-range");
    faults.check()?;
    let id = store::add_load(turn, &permit, &new).await?;
    turn.about(new.class_id, serde_json::json!({ "subject": new.subject_id, "teacher": new.teacher_id }));
    loads(turn).await?.into_iter().find(|l| l.id == id).ok_or_else(Problem::not_found)
}
