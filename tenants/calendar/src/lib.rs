//! Calendar: academic years, their periods, holidays and breaks, and the bells. Dates are data: the
//! country's orders of the year stand in `country.json`, a school may enter its own.
//!
//! This room does not know classes or lessons; they ask it whether a day is a school day.

mod api;
mod country;
mod ops;
pub mod rules;
mod store;
pub mod wire;

pub use api::CalendarApi;
pub use store::{
    Bell, Period, SetRow, YearRow, bells, current_year, holidays, period_at, periods_for_grade, school_day, years,
};

#[cfg(test)]
mod tests;
