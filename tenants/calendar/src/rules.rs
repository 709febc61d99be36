//! What a calendar must be: periods inside the year and apart from each other (CAL-1), bells that the
//! sanitary rules would warn of (CAL-4), and why a day is not a school day (CAL-2, CAL-3).

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

/// Why there are no lessons on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOff {
    /// `sunday`, `holiday`, `break` or `outside`.
    pub kind: String,
    /// Its name in Kazakh.
    pub name_kk: String,
    /// Its name in Russian.
    pub name_ru: String,
}

/// A holiday or a break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Free {
    /// `holiday` or `break`.
    pub kind: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
    /// The grades that it is for; all when missing.
    pub grades: Option<Vec<i32>>,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
}

/// Whether a grade has lessons on a day (CAL-2).
///
/// # Errors
/// Why it has none.
pub fn school_day(free: &[Free], year: (NaiveDate, NaiveDate), day: NaiveDate, grade: i32) -> Result<(), DayOff> {
    if day < year.0 || day > year.1 {
        return Err(DayOff {
            kind: "outside".to_owned(),
            name_kk: "Оқу жылынан тыс".to_owned(),
            name_ru: "Вне учебного года".to_owned(),
        });
    }
    let hit = free
        .iter()
        .filter(|f| f.begins <= day && day <= f.ends)
        .find(|f| f.grades.as_ref().is_none_or(|grades| grades.contains(&grade)));
    if let Some(hit) = hit {
        return Err(DayOff { kind: hit.kind.clone(), name_kk: hit.name_kk.clone(), name_ru: hit.name_ru.clone() });
    }
    if day.weekday() == Weekday::Sun {
        return Err(DayOff {
            kind: "sunday".to_owned(),
            name_kk: "Жексенбі".to_owned(),
            name_ru: "Воскресенье".to_owned(),
        });
    }
    Ok(())
}

/// A stretch of days.
pub type Span = (NaiveDate, NaiveDate);

/// Whether periods lie inside the year and do not overlap (CAL-1); the code of the first fault.
#[must_use]
pub fn fault_of_periods(year: Span, periods: &[Span]) -> Option<&'static str> {
    if periods.iter().any(|p| p.0 > p.1) {
        return Some("date-invalid");
    }
    if periods.iter().any(|p| p.0 < year.0 || p.1 > year.1) {
        return Some("period-outside");
    }
    let mut sorted = periods.to_vec();
    sorted.sort();
    sorted.windows(2).any(|w| matches!(w, [a, b] if a.1 >= b.0)).then_some("periods-overlap")
}

/// A bell: shift, number, begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ring {
    /// Shift, 1 to 3.
    pub shift: i32,
    /// Number of the lesson.
    pub number: i32,
    /// Begin.
    pub begins: NaiveTime,
    /// End.
    pub ends: NaiveTime,
}

/// What the sanitary rules would warn of (order ҚР ДСМ-76, p. 71-75): codes, each once.
#[must_use]
pub fn warnings(rings: &[Ring]) -> Vec<&'static str> {
    let mut sorted = rings.to_vec();
    sorted.sort_by_key(|r| (r.shift, r.begins));
    let mut found = Vec::new();
    let mut note = |code| {
        if !found.contains(&code) {
            found.push(code);
        }
    };
    for ring in &sorted {
        if (ring.ends - ring.begins).num_minutes() > 45 {
            note("calendar.lesson-long");
        }
    }
    for pair in sorted.windows(2) {
        let [a, b] = pair else { continue };
        let gap = (b.begins - a.ends).num_minutes();
        if a.shift == b.shift && gap < 5 {
            note("calendar.break-short");
        } else if a.shift == b.shift && gap > 30 {
            note("calendar.break-long");
        } else if a.shift != b.shift && gap < 40 {
            note("calendar.shift-gap-short");
        }
    }
    found
}

/// Whether bells can be at all: each ends after it begins, and no two of a shift overlap.
#[must_use]
pub fn bells_possible(rings: &[Ring]) -> bool {
    let mut sorted = rings.to_vec();
    sorted.sort_by_key(|r| (r.shift, r.begins));
    rings.iter().all(|r| r.begins < r.ends && (1..=3).contains(&r.shift) && (0..=12).contains(&r.number))
        && !sorted.windows(2).any(|w| matches!(w, [a, b] if a.shift == b.shift && a.ends > b.begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn ring(shift: i32, number: i32, begins: &str, ends: &str) -> Ring {
        Ring { shift, number, begins: begins.parse().unwrap(), ends: ends.parse().unwrap() }
    }

    #[test]
    fn cal_1_periods_lie_inside_the_year_and_apart() {
        let year = (day("2026-09-01"), day("2027-05-25"));
        let (q1, q2) = ((day("2026-09-01"), day("2026-10-25")), (day("2026-11-02"), day("2026-12-27")));
        assert_eq!(fault_of_periods(year, &[q2, q1]), None);
        assert_eq!(fault_of_periods(year, &[q1, (day("2026-10-25"), day("2026-12-01"))]), Some("periods-overlap"));
        assert_eq!(fault_of_periods(year, &[(day("2026-08-31"), day("2026-10-01"))]), Some("period-outside"));
        assert_eq!(fault_of_periods(year, &[(day("2026-10-02"), day("2026-10-01"))]), Some("date-invalid"));
    }

    #[test]
    fn cal_4_bells_are_warned_of() {
        assert!(warnings(&[ring(1, 1, "08:00:00", "08:45:00"), ring(1, 2, "08:50:00", "09:35:00")]).is_empty());
        let all = warnings(&[
            ring(1, 1, "08:00:00", "08:50:00"),
            ring(1, 2, "08:52:00", "09:30:00"),
            ring(1, 3, "10:10:00", "10:50:00"),
            ring(2, 1, "11:20:00", "12:00:00"),
        ]);
        assert_eq!(
            all,
            ["calendar.lesson-long", "calendar.break-short", "calendar.break-long", "calendar.shift-gap-short"]
        );
        assert!(!bells_possible(&[ring(1, 1, "08:00:00", "08:45:00"), ring(1, 2, "08:40:00", "09:35:00")]));
    }
}
