//! What marks add up to (Order 125, p. 28, and Kundelik's published rounding): exact fractions all the
//! way, one rounding at the end, then the band.

use num_rational::Ratio;
use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

/// An exact fraction.
pub type Exact = Ratio<i128>;

/// The largest formative mark.
pub const FORMATIVE_MAX: i32 = 10;

/// What a work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Formative (ФО, ҚБ).
    Fo,
    /// Summative of a section (СОР, БЖБ).
    Sor,
    /// Summative of a term (СОЧ, ТЖБ).
    Soch,
}

impl Kind {
    /// The kind of a name in the table.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "fo" => Some(Self::Fo),
            "sor" => Some(Self::Sor),
            "soch" => Some(Self::Soch),
            _ => None,
        }
    }

    /// Whether points are possible in a work of this kind (GRD-6).
    #[must_use]
    pub fn allows(self, points: i32, max: i32) -> bool {
        match self {
            Self::Fo => (1..=FORMATIVE_MAX).contains(&points),
            Self::Sor | Self::Soch => max >= 1 && (0..=max).contains(&points),
        }
    }
}

/// Points of one work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points {
    /// What the work is.
    pub kind: Kind,
    /// Points reached.
    pub value: i32,
    /// Points that could be reached.
    pub max: i32,
}

/// Weights, and how the percent is rounded before it is banded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Weight of formative works.
    pub fo: i128,
    /// Weight of section works.
    pub sor: i128,
    /// Weight of the term work.
    pub soch: i128,
    /// Formative and section works are one pool with the weight of the section works.
    pub pooled: bool,
    /// Round the percent half-up before it is banded; otherwise band it as it is.
    pub round: bool,
}

/// The policy in force: 25, 25, 50.
pub const CURRENT: Policy = Policy { fo: 25, sor: 25, soch: 50, pooled: false, round: true };

/// The percent of a period; nothing without data. Weights of what is missing are shared out (half-year
/// subjects have no term work).
#[must_use]
pub fn percent(policy: Policy, points: &[Points]) -> Option<Exact> {
    let share = |wanted: &[Kind]| -> Option<Exact> {
        let of: Vec<_> = points.iter().filter(|p| wanted.contains(&p.kind)).collect();
        let max: i128 = of.iter().map(|p| i128::from(p.max)).sum();
        let value: i128 = of.iter().map(|p| i128::from(p.value)).sum();
        (max > 0).then(|| Exact::new(value, max))
    };
    let parts = if policy.pooled {
        vec![(policy.sor, share(&[Kind::Fo, Kind::Sor])), (policy.soch, share(&[Kind::Soch]))]
    } else {
        vec![(policy.fo, share(&[Kind::Fo])), (policy.sor, share(&[Kind::Sor])), (policy.soch, share(&[Kind::Soch]))]
    };
    let there: Vec<_> = parts.into_iter().filter_map(|(weight, part)| part.map(|p| (weight, p))).collect();
    let weights: i128 = there.iter().map(|(weight, _)| weight).sum();
    if weights == 0 {
        return None;
    }
    let sum = there.into_iter().fold(Exact::from_integer(0), |sum, (weight, part)| sum + part * weight);
    Some(sum * 100 / weights)
}

/// The nearest integer, halves up.
#[must_use]
pub fn half_up(value: Exact) -> i128 {
    (value + Exact::new(1, 2)).floor().to_integer()
}

/// The grade of a percent: 85, 65 and 40 are the first percents of 5, 4 and 3.
#[must_use]
pub fn grade(policy: Policy, percent: Exact) -> i32 {
    let banded = if policy.round { Exact::from_integer(half_up(percent)) } else { percent };
    [(85, 5), (65, 4), (40, 3)]
        .into_iter()
        .find(|(least, _)| banded >= Exact::from_integer(*least))
        .map_or(2, |(_, grade)| grade)
}

/// The percent as it is shown: one decimal, halves up, with a point.
#[must_use]
pub fn shown(percent: Exact) -> String {
    let tenths = half_up(percent * 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Why somebody was not there, or not in time. Who is present has no row (ATT-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Absence {
    /// ж, н
    AbsentUnexcused,
    /// д, п
    AbsentExcused,
    /// а, б
    Ill,
    /// к, о: came late; never counts as absent.
    Late,
}

impl Absence {
    /// Every code.
    pub const ALL: [Self; 4] = [Self::AbsentUnexcused, Self::AbsentExcused, Self::Ill, Self::Late];

    /// The name in the table and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AbsentUnexcused => "absent_unexcused",
            Self::AbsentExcused => "absent_excused",
            Self::Ill => "ill",
            Self::Late => "late",
        }
    }

    /// The code of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(fo: &[i32], sor: &[(i32, i32)], soch: &[(i32, i32)]) -> Vec<Points> {
        let of = |kind: Kind, list: &[(i32, i32)]| -> Vec<Points> {
            list.iter().map(|(value, max)| Points { kind, value: *value, max: *max }).collect()
        };
        let fo: Vec<_> = fo.iter().map(|v| (*v, 10)).collect();
        [of(Kind::Fo, &fo), of(Kind::Sor, sor), of(Kind::Soch, soch)].concat()
    }

    fn outcome(policy: Policy, points: &[Points]) -> (String, i128, i32) {
        let percent = percent(policy, points).unwrap();
        (shown(percent), half_up(percent), grade(policy, percent))
    }

    fn result(shown: &str, whole: i128, grade: i32) -> (String, i128, i32) {
        (shown.to_owned(), whole, grade)
    }

    #[test]
    fn grd_2_the_policy_in_force() {
        let a = all(&[8, 9, 10, 7], &[(9, 12), (13, 15)], &[(18, 25)]);
        assert_eq!(outcome(CURRENT, &a), result("77.6", 78, 4));
        let b = all(&[6, 7, 8], &[(12, 12), (15, 15)], &[(11, 25)]);
        assert_eq!(outcome(CURRENT, &b), result("64.5", 65, 4));
        let c = all(&[6, 7, 8], &[(5, 12), (9, 15)], &[(17, 25)]);
        assert_eq!(outcome(CURRENT, &c), result("64.5", 64, 3));
        let e = all(&[8, 9, 10], &[(12, 15)], &[]);
        assert_eq!(outcome(CURRENT, &e), result("85.0", 85, 5));
        assert_eq!(outcome(CURRENT, &all(&[10], &[(10, 10)], &[(20, 20)])), result("100.0", 100, 5));
        assert_eq!(outcome(CURRENT, &all(&[1], &[(0, 10)], &[(0, 20)])), result("2.5", 3, 2));
        assert_eq!(percent(CURRENT, &[]), None);
    }

    #[test]
    fn grd_3_the_same_marks_under_earlier_policies() {
        let a = all(&[8, 9, 10, 7], &[(9, 12), (13, 15)], &[(18, 25)]);
        let pooled = Policy { fo: 0, sor: 50, soch: 50, pooled: true, round: true };
        assert_eq!(outcome(pooled, &a), result("77.8", 78, 4));
        let without_fo = Policy { fo: 0, sor: 50, soch: 50, pooled: false, round: true };
        assert_eq!(outcome(without_fo, &a), result("76.7", 77, 4));
    }

    #[test]
    fn grd_4_the_percent_is_rounded_half_up_once() {
        for (hundredths, whole) in
            [(431_100, 43), (433_100, 43), (435_200, 44), (438_100, 44), (645_000, 65), (644_999, 64), (395_000, 40)]
        {
            assert_eq!(half_up(Exact::new(hundredths, 10_000)), whole, "{hundredths}");
        }
    }

    #[test]
    fn grd_5_without_rounding_the_band_is_taken_as_it_is() {
        let exact = Policy { round: false, ..CURRENT };
        let b = all(&[6, 7, 8], &[(12, 12), (15, 15)], &[(11, 25)]);
        assert_eq!(grade(exact, percent(exact, &b).unwrap()), 3);
        assert_eq!(grade(exact, Exact::new(8_499, 100)), 4);
    }

    #[test]
    fn grd_5b_components_are_never_rounded_first() {
        let c = all(&[6, 7, 8], &[(5, 12), (9, 15)], &[(17, 25)]);
        assert_eq!(grade(CURRENT, percent(CURRENT, &c).unwrap()), 3);
    }

    #[test]
    fn grd_6_points_stay_within_their_work() {
        assert!(Kind::Fo.allows(1, 10) && Kind::Fo.allows(10, 10));
        assert!(!Kind::Fo.allows(0, 10) && !Kind::Fo.allows(11, 10));
        assert!(Kind::Sor.allows(0, 15) && Kind::Soch.allows(15, 15) && !Kind::Sor.allows(16, 15));
        assert!(!Kind::Sor.allows(0, 0));
    }

    #[test]
    fn att_1_absence_has_four_codes_and_presence_has_none() {
        assert_eq!(Absence::ALL.len(), 4);
        for code in Absence::ALL {
            assert_eq!(Absence::of_name(code.name()), Some(code));
        }
        assert_eq!(Absence::of_name("present"), None);
    }
}
