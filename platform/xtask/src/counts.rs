//! How many tests passed and failed, read from the closing lines of cargo, vitest and plain runners.

use std::ops::AddAssign;

/// Tests that passed and tests that failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Counts {
    /// What one line of output closes; nothing for every other line.
    pub fn of(line: &str) -> Self {
        let line = plain(line);
        let line = line.trim();
        let closes = match line.strip_prefix("test result: ") {
            Some(rest) => rest.split_once(". ").map(|(_, counts)| counts.split(';').collect()),
            None => line
                .strip_prefix("Tests ")
                .map(|rest| rest.split(['|', '(']).collect::<Vec<_>>())
                .or_else(|| is_plain(line).then(|| line.split(',').collect())),
        };
        let mut counts = Self::default();
        for part in closes.unwrap_or_default() {
            let mut words = part.split_whitespace();
            match (words.next().and_then(|n| n.parse::<u64>().ok()), words.next()) {
                (Some(n), Some("passed")) => counts.passed += n,
                (Some(n), Some("failed")) => counts.failed += n,
                _ => {}
            }
        }
        counts
    }
}

/// `N passed, N failed`, perhaps followed by `, N skipped`.
fn is_plain(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    matches!(words.as_slice(), [_, "passed,", _, "failed"] | [_, "passed,", _, "failed,", ..])
}

/// The line without colours.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            for inner in rest.by_ref() {
                if inner.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runner_is_understood() {
        let both = |passed, failed| Counts { passed, failed };
        let cargo =
            "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.03s";
        assert_eq!(Counts::of(cargo), both(12, 2));
        assert_eq!(Counts::of("      Tests  34 passed (34)"), both(34, 0));
        assert_eq!(Counts::of("\u{1b}[2m      Tests \u{1b}[22m 1 failed | 33 passed (34)"), both(33, 1));
        assert_eq!(Counts::of(" Test Files  9 passed (9)"), both(0, 0));
        assert_eq!(Counts::of("2 passed, 0 failed"), both(2, 0));
        assert_eq!(Counts::of("7 passed, 1 failed, 2 skipped"), both(7, 1));
        assert_eq!(Counts::of("we passed, they failed"), both(0, 0));
        assert_eq!(Counts::of("test a_teacher_marks ... ok"), both(0, 0));
    }
}
