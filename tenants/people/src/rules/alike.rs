//! Who may be one person twice, and what two profiles come to when they are made one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kd_kernel::ClassId;
use kd_kernel::names::{folded, full_name};
use uuid::Uuid;

use crate::wire::Likeness;

/// What is compared of a profile: its name as search sees it, and the birth date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likely {
    whole: String,
    words: BTreeSet<String>,
    born: Option<NaiveDate>,
}

impl Likely {
    /// Folds the name; its words count whatever their order, a hyphen parts them too.
    #[must_use]
    pub fn of(surname: &str, given_name: &str, patronymic: Option<&str>, born: Option<NaiveDate>) -> Self {
        let whole = folded(&full_name(surname, given_name, patronymic));
        let words = whole.split([' ', '-']).filter(|w| !w.is_empty()).map(str::to_owned).collect();
        Self { whole, words, born }
    }

    /// What two must share to be compared at all: two words of the name, or its only one.
    fn keys(&self) -> BTreeSet<(&str, &str)> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let pairs = words.iter().enumerate().flat_map(|(n, a)| words.iter().skip(n + 1).map(move |b| (*a, *b)));
        if words.len() == 1 { words.iter().map(|only| (*only, "")).collect() } else { pairs.collect() }
    }

    /// How surely two are one person: one name has all words of the other, and no birth date speaks against it.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if !self.words.is_subset(&other.words) && !other.words.is_subset(&self.words) {
            return None;
        }
        match (self.born, other.born) {
            (Some(one), Some(another)) if one != another => None,
            (Some(_), Some(_)) if self.whole == other.whole => Some(Likeness::Same),
            (Some(_), Some(_)) => Some(Likeness::Near),
            _ => Some(Likeness::Undated),
        }
    }
}

/// The pairs among these people, by their places, the surest first.
#[must_use]
pub fn pairs(people: &[Likely]) -> Vec<(Likeness, usize, usize)> {
    let mut shelves: BTreeMap<(&str, &str), Vec<(usize, &Likely)>> = BTreeMap::new();
    for (n, person) in people.iter().enumerate() {
        for key in person.keys() {
            shelves.entry(key).or_default().push((n, person));
        }
    }
    let mut found = BTreeSet::new();
    for shelf in shelves.values() {
        for (at, (n, one)) in shelf.iter().enumerate() {
            let alike = |(m, other): &(usize, &Likely)| one.likeness(other).map(|likeness| (likeness, *n, *m));
            found.extend(shelf.iter().skip(at + 1).filter_map(alike));
        }
    }
    found.into_iter().collect()
}

/// A student's time in a class, as a merge sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The membership.
    pub id: Uuid,
    /// The class.
    pub class: ClassId,
    /// The first day.
    pub joined: NaiveDate,
    /// The first day without; missing while it lasts.
    pub left_on: Option<NaiveDate>,
}

impl Stay {
    fn lasts_at(&self, day: NaiveDate) -> bool {
        self.left_on.is_none_or(|left| day <= left)
    }
}

/// What the memberships of two profiles come to as those of one student.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OneLife {
    /// Those that stay, the one that lasts at the end of the list.
    pub stays: Vec<Stay>,
    /// Those that another one covers: they never were.
    pub covered: Vec<Stay>,
}

/// Makes one row of two profiles' memberships. Of two that last in different classes, the one that `ends` tells
/// is over today; what overlaps in one class becomes one membership.
#[must_use]
pub fn as_one(stays: Vec<Stay>, ends: impl Fn(&Stay) -> bool, today: NaiveDate) -> OneLife {
    let mut lasting: Vec<ClassId> = stays.iter().filter(|s| s.left_on.is_none()).map(|s| s.class).collect();
    lasting.dedup();
    let mut all = stays;
    if lasting.len() > 1 {
        for stay in all.iter_mut().filter(|s| s.left_on.is_none() && ends(s)) {
            stay.left_on = Some(today.max(stay.joined));
        }
    }
    all.retain(|s| s.left_on != Some(s.joined));
    all.sort_by_key(|s| (s.class, s.joined));
    let mut life = OneLife::default();
    for stay in all {
        match life.stays.last_mut().filter(|before| before.class == stay.class && before.lasts_at(stay.joined)) {
            Some(before) => {
                before.left_on = before.left_on.zip(stay.left_on).map(|(a, b)| a.max(b));
                life.covered.push(Stay { left_on: Some(stay.joined), ..stay });
            }
            None => life.stays.push(stay),
        }
    }
    life.stays.sort_by_key(|s| (s.left_on.is_none(), s.joined));
    life
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn one(name: &str, born: Option<&str>) -> Likely {
        let mut words = name.splitn(3, ' ');
        let (surname, given) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        Likely::of(surname, given, words.next(), born.map(day))
    }

    #[test]
    fn names_are_alike_folded_transposed_and_without_the_patronymic() {
        let born = Some("2013-11-30");
        let nurgul = one("Өмірбек Нұргүл Серікқызы", born);
        for (name, date, likeness) in [
            ("Омирбек Нургуль Серикқызы", born, Some(Likeness::Same)),
            ("Нұргүл Өмірбек", born, Some(Likeness::Near)),
            ("Өмірбек Нұргүл", None, Some(Likeness::Undated)),
            ("Өмірбек Нұргүл Серікқызы", Some("2013-11-29"), None),
            ("Өмірбек Нұргүл Болатқызы", born, None),
            ("Өмірбек Айгүл Серікқызы", born, None),
        ] {
            assert_eq!(nurgul.likeness(&one(name, date)), likeness, "{name}");
        }
    }

    #[test]
    fn pairs_are_found_once_and_the_surest_first() {
        let people = [
            one("Ахметов Тимур", None),
            one("Ахметов Асан", Some("2012-01-01")),
            one("Асан Ахметов", Some("2012-01-01")),
            one("Ахметов Тимур Серікұлы", Some("2012-01-02")),
            one("Ахметов Тимур Серікұлы", Some("2012-01-02")),
            one("Мадонна", None),
            one("Мадонна", None),
        ];
        use Likeness::{Near, Same, Undated};
        assert_eq!(pairs(&people), [(Same, 3, 4), (Near, 1, 2), (Undated, 0, 3), (Undated, 0, 4), (Undated, 5, 6)]);
    }

    fn stay(n: u128, class: u128, joined: &str, left_on: Option<&str>) -> Stay {
        let class = ClassId(Uuid::from_u128(class));
        Stay { id: Uuid::from_u128(n), class, joined: day(joined), left_on: left_on.map(day) }
    }

    #[test]
    fn two_memberships_become_one_life() {
        let today = day("2026-10-10");
        let (kept, dropped) = (stay(1, 7, "2026-09-05", None), stay(2, 7, "2026-09-01", None));
        let life = as_one(vec![kept, dropped], |_| false, today);
        assert_eq!(life.stays, [stay(2, 7, "2026-09-01", None)], "in one class the earlier first day counts");
        assert_eq!(life.covered, [stay(1, 7, "2026-09-05", Some("2026-09-05"))]);

        let (kept, dropped) = (stay(1, 7, "2026-09-01", None), stay(2, 8, "2026-09-20", None));
        let life = as_one(vec![kept, dropped], |s| s.id == kept.id, today);
        assert_eq!(life.stays, [stay(1, 7, "2026-09-01", Some("2026-10-10")), dropped], "only one lasts");
        assert!(life.covered.is_empty());

        let (before, after) = (stay(1, 7, "2025-09-01", Some("2026-05-25")), stay(2, 7, "2026-09-01", None));
        let life = as_one(vec![after, before], |_| true, today);
        assert_eq!(life.stays, [before, after], "what does not touch stays apart");
        let never = stay(3, 9, "2026-09-01", Some("2026-09-01"));
        assert_eq!(as_one(vec![never], |_| true, today), OneLife::default());
    }
}
