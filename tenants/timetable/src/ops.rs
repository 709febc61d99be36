//! What people do with lessons.

use chrono::{Datelike, NaiveDate, TimeDelta};
use kd_cache::Topic;
use kd_calendar::rules::{DayOff, school_day};
use kd_calendar::{Bell, YearRow};
use kd_classes::ClassRow;
use kd_ctx::{Permit, Plain, Turn};
use kd_kernel::problem::{Conflict, Faults};
use kd_kernel::{Act, LessonId, Problem, Result, Tongue};
use serde_json::json;

use crate::store::{self, Held, LessonRow};
use crate::wire::{Lesson, LessonEdit, LessonNew, LessonSeries, SeriesMade, Skipped};

/// The longest stretch that is listed or made at once, in days.
const LONGEST: i64 = 400;

pub(crate) async fn list(turn: &Turn, class: uuid::Uuid, from: NaiveDate, to: NaiveDate) -> Result<Vec<Lesson>> {
    turn.allow(Act::LessonSee)?;
    let class = kd_classes::class(turn.db(), class.into()).await?.ok_or_else(Problem::not_found)?;
    span(from, to)?;
    Ok(store::of_class(turn.db(), class.id, (from, to)).await?.into_iter().map(lesson).collect())
}

fn span(from: NaiveDate, to: NaiveDate) -> Result<()> {
    if (0..=LONGEST).contains(&(to - from).num_days()) { Ok(()) } else { Err(Problem::field("to", "date-invalid")) }
}

/// What a lesson needs to be made: the class, its year with days off, the bell.
struct Ground {
    class: ClassRow,
    year: YearRow,
    free: Vec<kd_calendar::rules::Free>,
    bell: Bell,
}

async fn ground(turn: &Turn, new: &LessonNew) -> Result<Ground> {
    let db = turn.db();
    let class = kd_classes::class(db, new.class_id.into()).await?;
    let mut faults = Faults::default();
    faults.require(class.is_some(), "class_id", "unknown");
    faults.require(kd_classes::subject(db, new.subject_id.into()).await?.is_some(), "subject_id", "unknown");
    faults.require(kd_people::is_staff(db, new.teacher_id.into()).await?, "teacher_id", "unknown");
    let shift = class.as_ref().map(|c| c.shift);
    let bell =
        kd_calendar::bells(db, shift).await?.into_iter().find(|b| Some(b.shift) == shift && b.number == new.number);
    faults.require(bell.is_some(), "number", "no-bell");
    faults.check()?;
    let (Some(class), Some(bell)) = (class, bell) else { return Err(Problem::not_found()) };
    let year =
        kd_calendar::years(db).await?.into_iter().find(|y| y.id == class.year_id).ok_or_else(Problem::not_found)?;
    let free = kd_calendar::holidays(db, year.id).await?;
    Ok(Ground { class, year, free, bell })
}

impl Ground {
    fn day(&self, day: NaiveDate) -> std::result::Result<(), DayOff> {
        school_day(&self.free, (self.year.begins, self.year.ends), day, self.class.grade)
    }

    fn row(&self, turn: &Turn, new: &LessonNew, day: NaiveDate) -> LessonRow {
        LessonRow {
            id: turn.id(),
            class_id: self.class.id,
            subject_id: new.subject_id.into(),
            teacher_id: new.teacher_id.into(),
            held_on: day,
            number: new.number,
            begins: self.bell.begins,
            ends: self.bell.ends,
            state: "planned".to_owned(),
            topic: None,
            homework: None,
            version: 1,
        }
    }
}

fn reason(turn: &Turn, off: &DayOff) -> String {
    match turn.who().tongue {
        Tongue::Kk => off.name_kk.clone(),
        Tongue::Ru | Tongue::En => off.name_ru.clone(),
    }
}

pub(crate) async fn add(turn: &Turn, new: LessonNew) -> Result<Lesson> {
    let permit = turn.allow(Act::LessonAdd)?;
    let ground = ground(turn, &new).await?;
    if let Err(off) = ground.day(new.date) {
        return Err(Problem::refused("timetable.no-school-day").with_detail(reason(turn, &off)));
    }
    let row = ground.row(turn, &new, new.date);
    store::add(turn, &permit, &row).await?;
    turn.about(row.class_id.0, json!({ "date": row.held_on }));
    turn.say(Topic::Lessons, Some(row.class_id.0));
    Ok(lesson(row))
}

pub(crate) async fn series(turn: &Turn, series: LessonSeries) -> Result<SeriesMade> {
    let permit = turn.allow(Act::LessonAdd)?;
    span(series.from, series.to)?;
    if !(1..=7).contains(&series.weekday) {
        return Err(Problem::field("weekday", "out-of-range"));
    }
    let new = LessonNew {
        class_id: series.class_id,
        subject_id: series.subject_id,
        teacher_id: series.teacher_id,
        date: series.from,
        number: series.number,
    };
    let ground = ground(turn, &new).await?;
    let (mut added, mut skipped) = (0, Vec::new());
    let mut day = series.from;
    while day <= series.to {
        if day.weekday().number_from_monday() == series.weekday {
            match make(turn, &permit, &ground, (&new, day)).await? {
                None => added += 1,
                Some(reason) => skipped.push(Skipped { date: day, reason }),
            }
        }
        day += TimeDelta::days(1);
    }
    turn.about(ground.class.id.0, json!({ "date": series.from, "until": series.to }));
    turn.say(Topic::Lessons, Some(ground.class.id.0));
    Ok(SeriesMade { added, skipped })
}

async fn make(
    turn: &Turn,
    permit: &Permit<Plain>,
    ground: &Ground,
    (new, day): (&LessonNew, NaiveDate),
) -> Result<Option<String>> {
    if let Err(off) = ground.day(day) {
        return Ok(Some(reason(turn, &off)));
    }
    match store::add(turn, permit, &ground.row(turn, new, day)).await {
        Ok(()) => Ok(None),
        Err(clash) if clash.code() == "timetable.clash" => {
            Ok(Some(kd_http::words().of("timetable.clash", turn.who().tongue)))
        }
        Err(other) => Err(other),
    }
}

pub(crate) async fn edit(turn: &Turn, id: LessonId, edit: LessonEdit) -> Result<Lesson> {
    let row = store::lesson(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let me = turn.who().profile;
    let taught = row.teacher_id == me || kd_classes::teaches(turn.db(), me, row.class_id, row.subject_id).await?;
    let held = turn.permit(Act::LessonEdit, Held { lesson: row, taught })?;
    let mut faults = Faults::default();
    let topic = faults.maybe("topic", edit.topic.as_deref(), 500);
    let homework = faults.maybe("homework", edit.homework.as_deref(), 4000);
    faults.check()?;
    if !store::write(turn, &held, edit.version, (topic, homework)).await? {
        let now =
            Conflict { version: Some(held.lesson.version), value: held.lesson.topic.clone(), ..Conflict::default() };
        return Err(Problem::conflict("timetable.lesson-changed").with_conflict(now));
    }
    turn.about(held.lesson.class_id.0, json!({ "date": held.lesson.held_on }));
    turn.say(Topic::Lessons, Some(held.lesson.class_id.0));
    store::lesson(turn.db(), id).await?.map(lesson).ok_or_else(Problem::not_found)
}

fn lesson(row: LessonRow) -> Lesson {
    Lesson {
        id: row.id.0,
        class_id: row.class_id.0,
        subject_id: row.subject_id.0,
        teacher_id: row.teacher_id.0,
        date: row.held_on,
        number: row.number,
        begins: row.begins.format("%H:%M").to_string(),
        ends: row.ends.format("%H:%M").to_string(),
        state: row.state,
        topic: row.topic,
        homework: row.homework,
        version: row.version,
    }
}
