//! The clock that is handed in: the system's, or a test's that moves only when told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};

/// Where the time comes from. Cheap to clone; clones of a fixed clock move together.
#[derive(Debug, Clone)]
pub struct Clock(Face);

#[derive(Debug, Clone)]
enum Face {
    System,
    /// Milliseconds that a test adds to the system's time.
    Shifted(Arc<AtomicI64>),
    /// Milliseconds since 1970, standing still.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Face::System)
    }

    /// A clock that stands still until [`Clock::advance`].
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Face::Fixed(Arc::new(AtomicI64::new(at.timestamp_millis()))))
    }

    /// A clock that runs, and can be moved by [`Clock::advance`].
    #[must_use]
    pub fn shifted() -> Self {
        Self(Face::Shifted(Arc::new(AtomicI64::new(0))))
    }

    /// Now, in UTC, to the microsecond that PostgreSQL keeps.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Face::System => Utc::now(),
            Face::Shifted(by) => Utc::now() + TimeDelta::milliseconds(by.load(Ordering::Relaxed)),
            Face::Fixed(at) => DateTime::from_timestamp_millis(at.load(Ordering::Relaxed)).unwrap_or_default(),
        };
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Today in the schools' zone (CAL-7: one zone, UTC+5, since 01.03.2024).
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        local_date(self.now())
    }

    /// The wall clock of the schools' zone.
    #[must_use]
    pub fn local_now(&self) -> NaiveDateTime {
        self.now().with_timezone(&chrono_tz::Asia::Almaty).naive_local()
    }

    /// Moves a test's clock; the system's clock takes no notice.
    pub fn advance(&self, by: TimeDelta) {
        match &self.0 {
            Face::System => {}
            Face::Shifted(at) | Face::Fixed(at) => {
                at.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
            }
        }
    }
}

/// The local date of an instant in Asia/Almaty.
#[must_use]
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Asia::Almaty).date_naive()
}

/// The instant at which a day begins in Asia/Almaty.
#[must_use]
pub fn day_begins(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let there = chrono_tz::Asia::Almaty.from_local_datetime(&midnight).earliest();
    there.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cal_7_today_is_the_day_of_almaty() {
        let clock = Clock::fixed("2026-09-01T19:30:00Z".parse().unwrap());
        assert_eq!(clock.today(), "2026-09-02".parse().unwrap());
        clock.advance(TimeDelta::minutes(-31));
        assert_eq!(clock.today(), "2026-09-01".parse().unwrap());
        assert_eq!(day_begins("2026-09-02".parse().unwrap()).to_rfc3339(), "2026-09-01T19:00:00+00:00");
    }
}
