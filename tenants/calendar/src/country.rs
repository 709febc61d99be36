//! The country's calendar, from `country.json`. A year that no order is known for is derived from the
//! nearest known one by whole weeks, so that weekdays stay.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};
use kd_kernel::{Problem, Result};
use serde::Deserialize;

use crate::wire::{BellNew, HolidayNew, PeriodNew, PeriodSetNew, YearNew};

#[derive(Deserialize)]
struct Country {
    years: Vec<Year>,
    seasons: BTreeMap<String, Words>,
    holidays: Vec<Holiday>,
    bells: BTreeMap<i32, Vec<(String, String)>>,
}

#[derive(Deserialize, Clone)]
struct Year {
    begins: NaiveDate,
    ends: NaiveDate,
    quarters: Vec<(NaiveDate, NaiveDate)>,
    breaks: Vec<Break>,
}

#[derive(Deserialize, Clone)]
struct Break {
    season: String,
    begins: NaiveDate,
    ends: NaiveDate,
    grades: Option<Vec<i32>>,
}

#[derive(Deserialize)]
struct Words {
    kk: String,
    ru: String,
}

#[derive(Deserialize)]
struct Holiday {
    begins: String,
    ends: String,
    kk: String,
    ru: String,
    since: Option<i32>,
}

static COUNTRY: LazyLock<Option<Country>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../country.json")).ok());

const QUARTERS: [(&str, &str); 4] =
    [("1-тоқсан", "1 четверть"), ("2-тоқсан", "2 четверть"), ("3-тоқсан", "3 четверть"), ("4-тоқсан", "4 четверть")];

fn country() -> Result<&'static Country> {
    COUNTRY.as_ref().ok_or_else(|| Problem::internal("country.json cannot be read"))
}

/// The year that a school would enter today: the one that runs, or from June on the one that comes.
///
/// # Errors
/// 500 when the country's data cannot be read.
pub(crate) fn year(today: NaiveDate) -> Result<YearNew> {
    let country = country()?;
    let first = if today.month() >= 6 { today.year() } else { today.year() - 1 };
    let known = country.years.iter().find(|y| y.begins.year() == first);
    let known = match known {
        Some(known) => known.clone(),
        None => derived(country.years.last().ok_or_else(|| Problem::internal("no year is known"))?, first),
    };
    let periods: Vec<PeriodNew> = known
        .quarters
        .iter()
        .zip(QUARTERS)
        .zip(1..)
        .map(|((span, (kk, ru)), number)| PeriodNew {
            number,
            name_kk: kk.to_owned(),
            name_ru: ru.to_owned(),
            begins: span.0,
            ends: span.1,
        })
        .collect();
    let set = |name: &str, grades: Vec<i32>| PeriodSetNew { name: name.to_owned(), grades, periods: periods.clone() };
    Ok(YearNew {
        name: format!("{first}-{}", first + 1),
        begins: known.begins,
        ends: known.ends,
        period_sets: vec![set("1", vec![1]), set("2-11", (2..=11).collect())],
        holidays: holidays(country, &known),
    })
}

fn holidays(country: &Country, year: &Year) -> Vec<HolidayNew> {
    let breaks = year.breaks.iter().filter_map(|b| {
        let words = country.seasons.get(&b.season)?;
        Some(HolidayNew {
            kind: "break".to_owned(),
            name_kk: words.kk.clone(),
            name_ru: words.ru.clone(),
            begins: b.begins,
            ends: b.ends,
            grades: b.grades.clone(),
        })
    });
    let days = (year.begins.year()..=year.ends.year()).flat_map(|of| {
        country.holidays.iter().filter_map(move |h| {
            let at = |text: &str| format!("{of}-{text}").parse::<NaiveDate>().ok();
            Some(HolidayNew {
                kind: "holiday".to_owned(),
                name_kk: h.kk.clone(),
                name_ru: h.ru.clone(),
                begins: at(&h.begins).filter(|_| h.since.is_none_or(|since| of >= since))?,
                ends: at(&h.ends)?,
                grades: None,
            })
        })
    });
    let mut all: Vec<_> = breaks.chain(days.filter(|d| year.begins <= d.begins && d.ends <= year.ends)).collect();
    all.sort_by_key(|h| (h.begins, h.ends));
    all
}

/// Moves a known year by whole weeks; its ends stay 1 September and 25 May.
fn derived(from: &Year, first: i32) -> Year {
    let years = first - from.begins.year();
    let weeks = (f64::from(years) * 365.2425 / 7.0).round();
    let days = weeks.abs() * 7.0;
    let days = Days::new(if days.is_finite() { days as u64 } else { 0 });
    let shift = |d: NaiveDate| if years >= 0 { d + days } else { d - days };
    let begins = NaiveDate::from_ymd_opt(first, 9, 1).unwrap_or(from.begins);
    let ends = NaiveDate::from_ymd_opt(first + 1, 5, 25).unwrap_or(from.ends);
    let mut quarters: Vec<_> = from.quarters.iter().map(|(a, b)| (shift(*a), shift(*b))).collect();
    if let Some(q) = quarters.first_mut() {
        q.0 = begins;
    }
    if let Some(q) = quarters.last_mut() {
        q.1 = ends;
    }
    let breaks =
        from.breaks.iter().map(|b| Break { begins: shift(b.begins), ends: shift(b.ends), ..b.clone() }).collect();
    Year { begins, ends, quarters, breaks }
}

/// The usual bells of two shifts.
///
/// # Errors
/// 500 when the country's data cannot be read.
pub(crate) fn bells() -> Result<Vec<BellNew>> {
    Ok(country()?
        .bells
        .iter()
        .flat_map(|(shift, rings)| {
            rings.iter().zip(1..).map(|((begins, ends), number)| BellNew {
                shift: *shift,
                number,
                begins: begins.clone(),
                ends: ends.clone(),
            })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    #[test]
    fn a_year_without_an_order_is_derived_and_still_right() {
        for (today, name) in [("2030-10-01", "2030-2031"), ("2024-03-01", "2023-2024"), ("2026-06-01", "2026-2027")] {
            let year = year(today.parse().unwrap()).unwrap();
            assert_eq!(year.name, name);
            let spans: Vec<_> = year.period_sets.first().unwrap().periods.iter().map(|p| (p.begins, p.ends)).collect();
            assert_eq!(rules::fault_of_periods((year.begins, year.ends), &spans), None, "{name}");
        }
    }
}
