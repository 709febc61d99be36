//! The calendar's SQL, and the questions that other rooms ask of it.

use chrono::{NaiveDate, NaiveTime};
use kd_ctx::{Permit, Plain, Turn};
use kd_kernel::{Problem, Result, YearId};
use kd_store::{fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

use crate::rules::{self, DayOff, Free, Ring};
use crate::wire::{HolidayNew, PeriodSetNew, YearNew};

/// An academic year.
#[derive(Debug, Clone, FromQueryResult)]
pub struct YearRow {
    /// Identity.
    pub id: YearId,
    /// Such as `2026-2027`.
    pub name: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
}

/// A period set.
#[derive(Debug, Clone, FromQueryResult)]
pub struct SetRow {
    /// Identity.
    pub id: Uuid,
    /// Its year.
    pub year_id: YearId,
    /// Name.
    pub name: String,
    grades: Value,
}

impl SetRow {
    /// The grades of the set.
    #[must_use]
    pub fn grades(&self) -> Vec<i32> {
        grades_of(&self.grades)
    }
}

/// A period.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Period {
    /// Identity.
    pub id: Uuid,
    /// Its set.
    pub set_id: Uuid,
    /// Number within the set.
    pub number: i32,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
}

/// A holiday or break, as kept.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct HolidayRow {
    pub id: Uuid,
    pub year_id: YearId,
    pub kind: String,
    pub name_kk: String,
    pub name_ru: String,
    pub begins: NaiveDate,
    pub ends: NaiveDate,
    grades: Option<Value>,
}

impl HolidayRow {
    pub(crate) fn grades(&self) -> Option<Vec<i32>> {
        self.grades.as_ref().filter(|v| v.is_array()).map(grades_of)
    }
}

/// A bell.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Bell {
    /// Identity.
    pub id: Uuid,
    /// Shift.
    pub shift: i32,
    /// Number of the lesson.
    pub number: i32,
    /// Begin.
    pub begins: NaiveTime,
    /// End.
    pub ends: NaiveTime,
}

fn grades_of(value: &Value) -> Vec<i32> {
    value.as_array().into_iter().flatten().filter_map(|g| g.as_i64().and_then(|g| i32::try_from(g).ok())).collect()
}

/// All years, newest first.
///
/// # Errors
/// As the database's.
pub async fn years(db: &impl ConnectionTrait) -> Result<Vec<YearRow>> {
    sql::all(db, "SELECT id, name, begins, ends FROM academic_year ORDER BY begins DESC", []).await
}

/// The year of a day; between two years the one that comes, after the last the last.
///
/// # Errors
/// As the database's.
pub async fn current_year(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Option<YearRow>> {
    sql::one(
        db,
        "SELECT id, name, begins, ends FROM academic_year ORDER BY (ends >= $1) DESC, abs(begins - $1) LIMIT 1",
        [today.into()],
    )
    .await
}

pub(crate) async fn sets(db: &impl ConnectionTrait) -> Result<Vec<SetRow>> {
    sql::all(db, "SELECT id, year_id, name, grades FROM period_set ORDER BY id", []).await
}

pub(crate) async fn periods(db: &impl ConnectionTrait) -> Result<Vec<Period>> {
    sql::all(db, "SELECT id, set_id, number, name_kk, name_ru, begins, ends FROM period ORDER BY set_id, number", [])
        .await
}

/// The periods of a grade in a year, in order.
///
/// # Errors
/// As the database's.
pub async fn periods_for_grade(db: &impl ConnectionTrait, year: YearId, grade: i32) -> Result<Vec<Period>> {
    sql::all(
        db,
        "SELECT p.id, p.set_id, p.number, p.name_kk, p.name_ru, p.begins, p.ends FROM period p \
         JOIN period_set s ON s.id = p.set_id WHERE s.year_id = $1 AND s.grades @> to_jsonb($2::int) ORDER BY p.number",
        [year.into(), grade.into()],
    )
    .await
}

/// The period of a grade on a day, or the nearest before it, or the first.
///
/// # Errors
/// As the database's.
pub async fn period_at(db: &impl ConnectionTrait, year: YearId, grade: i32, day: NaiveDate) -> Result<Option<Period>> {
    let periods = periods_for_grade(db, year, grade).await?;
    let at = periods.iter().rposition(|p| p.begins <= day).unwrap_or(0);
    Ok(periods.into_iter().nth(at))
}

pub(crate) async fn holiday_rows(db: &impl ConnectionTrait) -> Result<Vec<HolidayRow>> {
    sql::all(
        db,
        "SELECT id, year_id, kind, name_kk, name_ru, begins, ends, grades FROM holiday ORDER BY begins, ends",
        [],
    )
    .await
}

/// The holidays and breaks of a year.
///
/// # Errors
/// As the database's.
pub async fn holidays(db: &impl ConnectionTrait, year: YearId) -> Result<Vec<Free>> {
    let rows = holiday_rows(db).await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.year_id == year)
        .map(|row| Free {
            grades: row.grades(),
            kind: row.kind,
            begins: row.begins,
            ends: row.ends,
            name_kk: row.name_kk,
            name_ru: row.name_ru,
        })
        .collect())
}

/// Whether a grade has lessons on a day of a year (CAL-2).
///
/// # Errors
/// As the database's; the inner result says why the day is off.
pub async fn school_day(
    db: &impl ConnectionTrait,
    year: &YearRow,
    day: NaiveDate,
    grade: i32,
) -> Result<std::result::Result<(), DayOff>> {
    let free = holidays(db, year.id).await?;
    Ok(rules::school_day(&free, (year.begins, year.ends), day, grade))
}

/// The bells of a shift, or of all.
///
/// # Errors
/// As the database's.
pub async fn bells(db: &impl ConnectionTrait, shift: Option<i32>) -> Result<Vec<Bell>> {
    sql::all(
        db,
        "SELECT id, shift, number, begins, ends FROM bell WHERE $1::int IS NULL OR shift = $1 ORDER BY shift, number",
        [shift.into()],
    )
    .await
}

pub(crate) async fn add_year(turn: &Turn, _permit: &Permit<Plain>, new: &YearNew) -> Result<YearId> {
    let id: YearId = turn.id();
    sql::run(
        turn.db(),
        "INSERT INTO academic_year (id, name, begins, ends) VALUES ($1, $2, $3, $4)",
        [id.into(), new.name.clone().into(), new.begins.into(), new.ends.into()],
    )
    .await
    .map_err(|e| fault::on_constraint(e, "academic_year_name_key", || Problem::conflict("calendar.year-exists")))?;
    for set in &new.period_sets {
        add_set(turn, id, set).await?;
    }
    for holiday in &new.holidays {
        add_holiday(turn, id, holiday).await?;
    }
    Ok(id)
}

async fn add_set(turn: &Turn, year: YearId, set: &PeriodSetNew) -> Result<()> {
    let id: Uuid = turn.id();
    sql::run(
        turn.db(),
        "INSERT INTO period_set (id, year_id, name, grades) VALUES ($1, $2, $3, $4)",
        [id.into(), year.into(), set.name.clone().into(), serde_json::json!(set.grades).into()],
    )
    .await
    .map_err(|e| fault::on_constraint(e, "period_set_name_key", || Problem::field("period_sets", "name-twice")))?;
    for period in &set.periods {
        sql::run(
            turn.db(),
            "INSERT INTO period (id, set_id, number, name_kk, name_ru, begins, ends) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                turn.id::<Uuid>().into(),
                id.into(),
                period.number.into(),
                period.name_kk.clone().into(),
                period.name_ru.clone().into(),
                period.begins.into(),
                period.ends.into(),
            ],
        )
        .await
        .map_err(|e| fault::on_constraint(e, "period_number_key", || Problem::field("period_sets", "number-twice")))?;
    }
    Ok(())
}

async fn add_holiday(turn: &Turn, year: YearId, holiday: &HolidayNew) -> Result<()> {
    sql::run(
        turn.db(),
        "INSERT INTO holiday (id, year_id, kind, name_kk, name_ru, begins, ends, grades) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            turn.id::<Uuid>().into(),
            year.into(),
            holiday.kind.clone().into(),
            holiday.name_kk.clone().into(),
            holiday.name_ru.clone().into(),
            holiday.begins.into(),
            holiday.ends.into(),
            holiday.grades.as_ref().map(|g| serde_json::json!(g)).into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn put_bells(turn: &Turn, _permit: &Permit<Plain>, rings: &[Ring]) -> Result<()> {
    sql::run(turn.db(), "DELETE FROM bell", []).await?;
    for ring in rings {
        sql::run(
            turn.db(),
            "INSERT INTO bell (id, shift, number, begins, ends) VALUES ($1, $2, $3, $4, $5)",
            [turn.id::<Uuid>().into(), ring.shift.into(), ring.number.into(), ring.begins.into(), ring.ends.into()],
        )
        .await
        .map_err(|e| fault::on_constraint(e, "bell_number_key", || Problem::field("bells", "number-twice")))?;
    }
    Ok(())
}
