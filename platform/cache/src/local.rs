//! The limiter of this process: the same rules as in Redis, in bounded memory. It counts along always,
//! and decides while Redis is away.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::limits::Ladder;

/// What is counted under: a SHA-256.
pub(crate) type Mark = [u8; 32];

/// Entries of one half; the whole holds at most twice as many.
const HALF: usize = 50_000;
/// A window that begins this far ahead of now was made by a clock that went wrong, in milliseconds.
pub(crate) const SKEW: i64 = 60_000;

/// Counters in two halves. New and used ones stand in the young half; when it is full it becomes the
/// old one and what stood there is forgotten: the longest unused go first.
#[derive(Default)]
pub(crate) struct Local(Mutex<Halves>);

#[derive(Default)]
struct Halves {
    young: HashMap<Mark, Entry>,
    old: HashMap<Mark, Entry>,
}

#[derive(Debug, Clone)]
enum Entry {
    Delay(Delay),
    Window(Window),
}

#[derive(Debug, Clone, Default)]
struct Delay {
    /// Failures of the day.
    failures: u32,
    /// Until when nothing is tried, in milliseconds since 1970.
    until: i64,
    /// The end of the day that the failures belong to.
    day_end: i64,
}

#[derive(Debug, Clone, Default)]
struct Window {
    begins: i64,
    hits: u32,
    /// What was counted, where each thing counts once.
    seen: Vec<u64>,
}

/// What is asked of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Only look.
    See,
    /// Count a failure.
    Fail,
    /// Look, and count a failure where nothing stands against trying.
    Try,
}

impl Ask {
    /// The name in the script.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Fail => "fail",
            Self::Try => "try",
        }
    }
}

/// A question about a delay; times in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DelayAsk {
    pub(crate) ask: Ask,
    pub(crate) now: i64,
    pub(crate) day_end: i64,
}

/// A question about a window; times in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WindowAsk {
    /// Whether it counts, or only looks.
    pub(crate) count: bool,
    /// What counts once, where each thing counts once.
    pub(crate) once: Option<u64>,
    pub(crate) limit: u32,
    pub(crate) per: i64,
    pub(crate) now: i64,
}

impl Local {
    /// Milliseconds to wait; 0 where nothing stands against trying.
    pub(crate) fn delay(&self, mark: Mark, ask: DelayAsk, ladder: &Ladder) -> i64 {
        self.with(mark, ask.ask == Ask::See, |entry| {
            let mut delay = match entry.take() {
                Some(Entry::Delay(delay)) if delay.day_end == ask.day_end => delay,
                _ => Delay { day_end: ask.day_end, ..Delay::default() },
            };
            let before = (delay.until - ask.now).max(0);
            let fails = match ask.ask {
                Ask::See => false,
                Ask::Fail => true,
                Ask::Try => before == 0,
            };
            if fails {
                delay.failures = delay.failures.saturating_add(1);
                let until = ladder.wait(delay.failures).map_or(ask.day_end, |wait| ask.now + wait);
                delay.until = delay.until.max(until);
            }
            let after = (delay.until - ask.now).max(0);
            *entry = (delay.failures > 0).then_some(Entry::Delay(delay));
            if ask.ask == Ask::Fail { after } else { before }
        })
    }

    /// Milliseconds to wait; 0 while the limit is not reached.
    pub(crate) fn window(&self, mark: Mark, ask: WindowAsk) -> i64 {
        self.with(mark, !ask.count, |entry| {
            let mut window = match entry.take() {
                Some(Entry::Window(window)) if ask.now - window.begins < ask.per && window.begins - ask.now <= SKEW => {
                    window
                }
                _ => Window { begins: ask.now, ..Window::default() },
            };
            let known = ask.once.is_some_and(|thing| window.seen.contains(&thing));
            let over = if ask.count && !known {
                window.hits = window.hits.saturating_add(1);
                if let Some(thing) = ask.once.filter(|_| window.hits <= ask.limit) {
                    window.seen.push(thing);
                }
                window.hits > ask.limit
            } else {
                !known && window.hits >= ask.limit
            };
            let wait = if over { (window.begins + ask.per - ask.now).clamp(1, ask.per) } else { 0 };
            *entry = (window.hits > 0).then_some(Entry::Window(window));
            wait
        })
    }

    /// Forgets a counter.
    pub(crate) fn forget(&self, mark: &Mark) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.young.remove(mark);
        halves.old.remove(mark);
    }

    /// Hands out an entry; one that is only looked at does not become young.
    fn with<T>(&self, mark: Mark, look: bool, work: impl FnOnce(&mut Option<Entry>) -> T) -> T {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = halves.young.get(&mark).or_else(|| halves.old.get(&mark)).cloned();
        let mut entry = found;
        let answer = work(&mut entry);
        if look {
            return answer;
        }
        halves.old.remove(&mark);
        match entry {
            Some(entry) => {
                if halves.young.len() >= HALF && !halves.young.contains_key(&mark) {
                    halves.old = std::mem::take(&mut halves.young);
                }
                halves.young.insert(mark, entry);
            }
            None => {
                halves.young.remove(&mark);
            }
        }
        answer
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        let halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.young.len() + halves.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s17_the_limiter_of_the_process_is_bounded_and_forgets_the_longest_unused() {
        let local = Local::default();
        let mark = |n: u64| {
            let mut mark = [0_u8; 32];
            for (to, from) in mark.iter_mut().zip(n.to_be_bytes()) {
                *to = from;
            }
            mark
        };
        let ask = WindowAsk { count: true, once: None, limit: 1, per: 1_000_000, now: 0 };
        let look = WindowAsk { count: false, ..ask };
        local.window(mark(0), ask);
        for n in 1..=120_000 {
            local.window(mark(n), ask);
            if n % 10_000 == 0 {
                assert!(local.window(mark(0), ask) > 0, "one that is used stays");
            }
        }
        assert!(local.len() <= 2 * HALF);
        assert_eq!(local.window(mark(1), look), 0, "the longest unused is forgotten");
        assert!(local.window(mark(120_000), look) > 0);
    }
}
