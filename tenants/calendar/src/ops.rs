//! What people do with the calendar.

use chrono::NaiveTime;
use kd_ctx::Turn;
use kd_kernel::problem::Faults;
use kd_kernel::{Act, Problem, Result};

use crate::rules::{self, Ring};
use crate::wire::{BellNew, Bells, BellsPut, Calendar, Holiday, Period, PeriodSet, Warning, Year, YearNew};
use crate::{country, store, wire};

pub(crate) async fn read(turn: &Turn) -> Result<Calendar> {
    turn.allow(Act::CalendarSee)?;
    let years = years(turn).await?;
    let bells = store::bells(turn.db(), None).await?.into_iter().map(bell).collect();
    Ok(Calendar { years, bells })
}

async fn years(turn: &Turn) -> Result<Vec<Year>> {
    let db = turn.db();
    let (years, sets) = (store::years(db).await?, store::sets(db).await?);
    let (periods, holidays) = (store::periods(db).await?, store::holiday_rows(db).await?);
    let today = turn.today();
    let set = |row: &store::SetRow| PeriodSet {
        id: row.id,
        name: row.name.clone(),
        grades: row.grades(),
        periods: periods
            .iter()
            .filter(|p| p.set_id == row.id)
            .map(|p| Period {
                id: p.id,
                number: p.number,
                name_kk: p.name_kk.clone(),
                name_ru: p.name_ru.clone(),
                begins: p.begins,
                ends: p.ends,
            })
            .collect(),
    };
    Ok(years
        .into_iter()
        .map(|year| Year {
            id: year.id.0,
            current: year.begins <= today && today <= year.ends,
            period_sets: sets.iter().filter(|s| s.year_id == year.id).map(set).collect(),
            holidays: holidays
                .iter()
                .filter(|h| h.year_id == year.id)
                .map(|h| Holiday {
                    id: h.id,
                    kind: h.kind.clone(),
                    name_kk: h.name_kk.clone(),
                    name_ru: h.name_ru.clone(),
                    begins: h.begins,
                    ends: h.ends,
                    grades: h.grades(),
                })
                .collect(),
            name: year.name,
            begins: year.begins,
            ends: year.ends,
        })
        .collect())
}

pub(crate) async fn defaults(turn: &Turn) -> Result<YearNew> {
    turn.allow(Act::CalendarEdit)?;
    country::year(turn.today())
}

pub(crate) async fn add_year(turn: &Turn, new: YearNew) -> Result<Year> {
    let permit = turn.allow(Act::CalendarEdit)?;
    check(&new)?;
    let id = store::add_year(turn, &permit, &new).await?;
    years(turn).await?.into_iter().find(|y| y.id == id.0).ok_or_else(Problem::not_found)
}

fn check(new: &YearNew) -> Result<()> {
    let mut faults = Faults::default();
    faults.text("name", &new.name, 20);
    let long = (new.ends - new.begins).num_days();
    faults.require((90..=366).contains(&long), "ends", "date-invalid");
    faults.require(!new.period_sets.is_empty(), "period_sets", "required");
    let mut grades: Vec<i32> = new.period_sets.iter().flat_map(|s| s.grades.clone()).collect();
    grades.sort_unstable();
    faults.require(!grades.windows(2).any(|w| matches!(w, [a, b] if a == b)), "period_sets", "grade-twice");
    for set in &new.period_sets {
        let spans: Vec<_> = set.periods.iter().map(|p| (p.begins, p.ends)).collect();
        if let Some(code) = rules::fault_of_periods((new.begins, new.ends), &spans) {
            faults.add("period_sets", code);
        }
        for period in &set.periods {
            faults.text("period_sets", &period.name_kk, 60);
            faults.text("period_sets", &period.name_ru, 60);
            faults.require((1..=12).contains(&period.number), "period_sets", "out-of-range");
        }
    }
    for holiday in &new.holidays {
        faults.require(holiday.begins <= holiday.ends, "holidays", "date-invalid");
        faults.require(matches!(holiday.kind.as_str(), "holiday" | "break"), "holidays", "unknown");
    }
    faults.check()
}

pub(crate) async fn bells_defaults(turn: &Turn) -> Result<BellsPut> {
    turn.allow(Act::CalendarEdit)?;
    Ok(BellsPut { bells: country::bells()? })
}

pub(crate) async fn put_bells(turn: &Turn, new: BellsPut) -> Result<Bells> {
    let permit = turn.allow(Act::CalendarEdit)?;
    if new.bells.len() > 36 {
        return Err(Problem::field("bells", "out-of-range"));
    }
    let rings = new.bells.iter().map(ring).collect::<Result<Vec<_>>>()?;
    if !rules::bells_possible(&rings) {
        return Err(Problem::field("bells", "bells-impossible"));
    }
    store::put_bells(turn, &permit, &rings).await?;
    let tongue = turn.who().tongue;
    let warnings = rules::warnings(&rings)
        .into_iter()
        .map(|code| Warning { code: code.to_owned(), title: kd_http::words().of(code, tongue) })
        .collect();
    Ok(Bells { bells: store::bells(turn.db(), None).await?.into_iter().map(bell).collect(), warnings })
}

fn ring(new: &BellNew) -> Result<Ring> {
    let at = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| Problem::field("bells", "time-invalid"));
    Ok(Ring { shift: new.shift, number: new.number, begins: at(&new.begins)?, ends: at(&new.ends)? })
}

fn bell(row: store::Bell) -> wire::Bell {
    wire::Bell {
        id: row.id,
        shift: row.shift,
        number: row.number,
        begins: row.begins.format("%H:%M").to_string(),
        ends: row.ends.format("%H:%M").to_string(),
    }
}
