//! Shapes on the wire.

use chrono::NaiveDate;
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The school's calendar.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Calendar {
    /// Academic years, newest first.
    pub years: Vec<Year>,
    /// Bells by shift and number.
    pub bells: Vec<Bell>,
}

/// An academic year.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Year {
    /// Identity.
    pub id: Uuid,
    /// Such as `2026-2027`.
    pub name: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
    /// Whether today lies in it.
    pub current: bool,
    /// Period sets; a grade belongs to one.
    pub period_sets: Vec<PeriodSet>,
    /// Holidays and breaks.
    pub holidays: Vec<Holiday>,
}

/// Periods that some grades share.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct PeriodSet {
    /// Identity.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Grades.
    pub grades: Vec<i32>,
    /// Periods in order.
    pub periods: Vec<Period>,
}

/// A quarter, half-year or the like.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Period {
    /// Identity.
    pub id: Uuid,
    /// Number within the set, from 1.
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

/// A holiday or a break.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Holiday {
    /// Identity.
    pub id: Uuid,
    /// `holiday` or `break`.
    pub kind: String,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
    /// The grades that it is for; all when missing.
    pub grades: Option<Vec<i32>>,
}

/// A bell.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Bell {
    /// Identity.
    pub id: Uuid,
    /// Shift, 1 to 3.
    pub shift: i32,
    /// Number of the lesson.
    pub number: i32,
    /// `08:00`.
    pub begins: String,
    /// `08:45`.
    pub ends: String,
}

/// A year to be entered; also what the country proposes.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct YearNew {
    /// Such as `2026-2027`.
    pub name: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
    /// Period sets.
    pub period_sets: Vec<PeriodSetNew>,
    /// Holidays and breaks.
    pub holidays: Vec<HolidayNew>,
}

/// A period set to be entered.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct PeriodSetNew {
    /// Name.
    pub name: String,
    /// Grades.
    pub grades: Vec<i32>,
    /// Periods.
    pub periods: Vec<PeriodNew>,
}

/// A period to be entered.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct PeriodNew {
    /// Number within the set, from 1.
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

/// A holiday or break to be entered.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct HolidayNew {
    /// `holiday` or `break`.
    pub kind: String,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
    /// The grades that it is for; all when missing.
    pub grades: Option<Vec<i32>>,
}

/// A bell to be entered.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct BellNew {
    /// Shift, 1 to 3.
    pub shift: i32,
    /// Number of the lesson, 0 to 12.
    pub number: i32,
    /// `08:00`.
    pub begins: String,
    /// `08:45`.
    pub ends: String,
}

/// All bells of the school.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct BellsPut {
    /// Every bell of every shift; what is missing here is removed.
    pub bells: Vec<BellNew>,
}

/// The bells as kept, and what the sanitary rules would warn of.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Bells {
    /// Bells.
    pub bells: Vec<Bell>,
    /// Warnings; nothing is refused for them.
    pub warnings: Vec<Warning>,
}

/// A warning.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Warning {
    /// Stable code.
    pub code: String,
    /// One sentence in the reader's language.
    pub title: String,
}
