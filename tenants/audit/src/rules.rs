//! The chain over the lines of the audit, and days as stretches of time. Pure: no database, no clock.
//!
//! The seal of a line is SHA-256 over the seal before it, the seal's own row and every field of the line,
//! each with its length before it. Who changes a line, takes one away or slips one in must make all later
//! seals anew; a head that was kept elsewhere tells even that.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kd_kernel::clock::day_begins;
use kd_kernel::{AccountId, Problem, ProfileId, Result, SchoolId};
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long a line rests before it is sealed: writes that began earlier may still end.
pub const SETTLE: TimeDelta = TimeDelta::seconds(5);
/// By how much a line may come late. PostgreSQL ends a transaction that idles after a minute; a line that is
/// older than this beside what is sealed was not written by the program.
pub const LATEST: TimeDelta = TimeDelta::hours(1);

/// A line of the audit, as it is sealed.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Line {
    /// Identity.
    pub id: Uuid,
    /// Who acted.
    pub account_id: Option<AccountId>,
    /// As whom in this school.
    pub profile_id: Option<ProfileId>,
    /// The operation.
    pub operation: String,
    /// Whom or what it was about.
    pub subject_id: Option<Uuid>,
    /// The room's words, as PostgreSQL writes a jsonb.
    pub detail: Option<String>,
    /// From which network.
    pub came_from: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A seal: the row that ties a line to those before it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Seal {
    /// The line.
    pub audit_id: Uuid,
    /// Its place in the chain, from 1.
    pub number: i64,
    /// The hash before, in hexadecimal digits.
    pub previous: String,
    /// The hash.
    pub hash: String,
    /// The latest time of the lines until here.
    pub up_to: DateTime<Utc>,
    /// When it was sealed.
    pub sealed_at: DateTime<Utc>,
}

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Head {
    /// The number of the last seal; 0 before the first.
    pub number: i64,
    /// Its hash.
    pub hash: String,
    /// Until when lines are sealed.
    pub up_to: DateTime<Utc>,
}

/// What is wrong at a place of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The line or its seal is not what was sealed.
    Changed,
    /// The line is gone.
    LineGone,
    /// A seal before this one is gone.
    SealGone,
    /// The seal does not follow from the one before: one of both was changed, or one was slipped in.
    Unlinked,
    /// The line says a time long before those that were sealed already: it was slipped in.
    SlippedIn,
}

impl Flaw {
    /// The name that the verifier prints.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::LineGone => "line-gone",
            Self::SealGone => "seal-gone",
            Self::Unlinked => "unlinked",
            Self::SlippedIn => "slipped-in",
        }
    }
}

impl Head {
    /// The beginning of a school's chain: two schools do not have the same.
    #[must_use]
    pub fn beginning(school: SchoolId) -> Self {
        let hash = hex(Sha256::new().chain_update("kundelik audit 1").chain_update(school.0).finalize().as_ref());
        Self { number: 0, hash, up_to: DateTime::UNIX_EPOCH }
    }

    /// Seals the next line.
    #[must_use]
    pub fn seal(&self, line: &Line, sealed_at: DateTime<Utc>) -> Seal {
        let mut seal = Seal {
            audit_id: line.id,
            number: self.number + 1,
            previous: self.hash.clone(),
            hash: String::new(),
            up_to: self.up_to.max(line.at),
            // PostgreSQL keeps microseconds.
            sealed_at: DateTime::from_timestamp_micros(sealed_at.timestamp_micros()).unwrap_or(sealed_at),
        };
        seal.hash = hash(&seal, line);
        seal
    }

    /// The head after a seal.
    #[must_use]
    pub fn after(seal: &Seal) -> Self {
        Self { number: seal.number, hash: seal.hash.clone(), up_to: seal.up_to }
    }

    /// Looks at the next seal and its line; answers the head after it, or what is wrong there.
    pub fn examine(&self, seal: &Seal, line: Option<&Line>) -> std::result::Result<Self, Flaw> {
        if seal.number != self.number + 1 {
            return Err(Flaw::SealGone);
        }
        if seal.previous != self.hash {
            return Err(Flaw::Unlinked);
        }
        let line = line.ok_or(Flaw::LineGone)?;
        if seal.up_to != self.up_to.max(line.at) || seal.hash != hash(seal, line) {
            return Err(Flaw::Changed);
        }
        if self.number > 0 && line.at < self.up_to - LATEST {
            return Err(Flaw::SlippedIn);
        }
        Ok(Self::after(seal))
    }
}

fn hash(seal: &Seal, line: &Line) -> String {
    let mut sum = Sha256::new();
    let mut field = |bytes: Option<&[u8]>| {
        let length = bytes.map_or(u64::MAX, |b| u64::try_from(b.len()).unwrap_or(u64::MAX - 1));
        sum.update(length.to_be_bytes());
        sum.update(bytes.unwrap_or_default());
    };
    field(Some(seal.previous.as_bytes()));
    field(Some(&seal.number.to_be_bytes()));
    field(Some(&seal.up_to.timestamp_micros().to_be_bytes()));
    field(Some(&seal.sealed_at.timestamp_micros().to_be_bytes()));
    field(Some(line.id.as_bytes()));
    field(line.account_id.as_ref().map(|id| id.0.as_bytes().as_slice()));
    field(line.profile_id.as_ref().map(|id| id.0.as_bytes().as_slice()));
    field(Some(line.operation.as_bytes()));
    field(line.subject_id.as_ref().map(|id| id.as_bytes().as_slice()));
    field(line.detail.as_ref().map(String::as_bytes));
    field(line.came_from.as_ref().map(String::as_bytes));
    field(Some(&line.at.timestamp_micros().to_be_bytes()));
    hex(sum.finalize().as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The days `from` to `to` in the schools' zone as a stretch of time, its end not in it.
///
/// # Errors
/// 422 at `to` where it is before `from`.
pub fn stretch(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err(Problem::field("to", "date-invalid"));
    }
    let from = from.map_or(DateTime::UNIX_EPOCH, day_begins);
    let to = to.and_then(|day| day.succ_opt()).map_or(DateTime::<Utc>::MAX_UTC, day_begins);
    Ok((from, to))
}

#[cfg(test)]
mod unit {
    use super::*;

    fn line(number: u128, at: &str) -> Line {
        Line {
            id: Uuid::from_u128(number),
            account_id: None,
            profile_id: Some(ProfileId(Uuid::from_u128(7))),
            operation: "mark_put".to_owned(),
            subject_id: None,
            detail: Some("{\"to\": \"9\"}".to_owned()),
            came_from: None,
            at: at.parse().unwrap(),
        }
    }

    fn chain() -> (Head, Vec<(Seal, Line)>) {
        let begin = Head::beginning(SchoolId(Uuid::from_u128(1)));
        let mut head = begin.clone();
        let mut all = Vec::new();
        for number in 1..=4 {
            let line = line(number, &format!("2026-09-10T03:1{number}:00Z"));
            let seal = head.seal(&line, "2026-09-10T03:20:00.123456789Z".parse().unwrap());
            head = Head::after(&seal);
            all.push((seal, line));
        }
        (begin, all)
    }

    fn walk(begin: &Head, all: &[(Seal, Option<Line>)]) -> std::result::Result<Head, (i64, Flaw)> {
        all.iter().try_fold(begin.clone(), |head, (seal, line)| {
            head.examine(seal, line.as_ref()).map_err(|flaw| (seal.number, flaw))
        })
    }

    fn with(change: impl FnOnce(&mut Vec<(Seal, Option<Line>)>)) -> std::result::Result<Head, (i64, Flaw)> {
        let (begin, all) = chain();
        let mut all = all.into_iter().map(|(seal, line)| (seal, Some(line))).collect();
        change(&mut all);
        walk(&begin, &all)
    }

    #[test]
    fn s59_a_whole_chain_has_a_head_and_another_school_has_another() {
        assert_eq!(with(|_| {}).unwrap().number, 4);
        assert_ne!(Head::beginning(SchoolId(Uuid::from_u128(1))).hash, Head::beginning(SchoolId(Uuid::nil())).hash);
    }

    #[test]
    fn s59_every_field_of_a_line_and_of_a_seal_is_under_the_hash() {
        let changes: [fn(&mut Seal, &mut Line); 10] = [
            |_, line| line.id = Uuid::nil(),
            |_, line| line.account_id = Some(AccountId(Uuid::nil())),
            |_, line| line.profile_id = None,
            |_, line| line.operation.push('x'),
            |_, line| line.subject_id = Some(Uuid::nil()),
            |_, line| line.detail = None,
            |_, line| line.came_from = Some(String::new()),
            |_, line| line.at += TimeDelta::microseconds(-1),
            |seal, _| seal.sealed_at += TimeDelta::microseconds(1),
            |seal, _| seal.up_to += TimeDelta::microseconds(1),
        ];
        for (n, change) in changes.into_iter().enumerate() {
            let found = with(|all| {
                let (seal, line) = &mut all[1];
                change(seal, line.as_mut().unwrap());
            });
            assert_eq!(found, Err((2, Flaw::Changed)), "change {n}");
        }
    }

    #[test]
    fn s59_what_is_gone_or_slipped_in_is_named() {
        assert_eq!(with(|all| all[2].1 = None), Err((3, Flaw::LineGone)));
        assert_eq!(with(|all| drop(all.remove(1))), Err((3, Flaw::SealGone)));
        assert_eq!(with(|all| all[2].0.previous = "0".repeat(64)), Err((3, Flaw::Unlinked)));
        let slipped = with(|all| {
            // A line of the forger's with a seal that follows well; those behind it get other numbers.
            let (begin, _) = chain();
            let forged = line(9, "2026-09-10T03:11:30Z");
            let head = walk(&begin, &all[..1]).unwrap();
            all.insert(1, (head.seal(&forged, forged.at), Some(forged)));
            for (seal, _) in all.iter_mut().skip(2) {
                seal.number += 1;
            }
        });
        assert_eq!(slipped, Err((3, Flaw::Unlinked)));
        let late = with(|all| {
            let (begin, _) = chain();
            let forged = line(9, "2026-09-10T02:11:00Z");
            let head = walk(&begin, all).unwrap();
            all.push((head.seal(&forged, forged.at), Some(forged)));
        });
        assert_eq!(late, Err((5, Flaw::SlippedIn)));
    }

    #[test]
    fn days_are_those_of_the_school() {
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        let (from, to) = stretch(day("2026-09-10"), day("2026-09-10")).unwrap();
        assert_eq!(
            (from.to_rfc3339(), to.to_rfc3339()),
            ("2026-09-09T19:00:00+00:00".into(), "2026-09-10T19:00:00+00:00".into())
        );
        assert!(stretch(day("2026-09-11"), day("2026-09-10")).is_err());
        assert!(stretch(None, None).is_ok());
    }
}
