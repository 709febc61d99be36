//! From the lines of a file to what is said of people, and from the verdicts back to the lines. Pure.

mod reading;

use std::collections::HashMap;

use chrono::NaiveDate;
use kd_kernel::{ClassId, ProfileId};
use kd_people::intake::{Book, Outcome, Remark, Verdict, weigh};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::rules::{Field, Subject};
use crate::wire::{ImportCounts, ImportTable, RowChange, RowOutcome, RowRemark};
use reading::Reader;

/// One line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The sheet, from 0.
    pub sheet: usize,
    /// Its number as the school's own program shows it.
    pub number: usize,
    pub cells: Vec<String>,
    /// Whether it is left out.
    pub skipped: bool,
}

/// The classes of the year by grade and letters, in the form in which they are kept.
pub type Classes = HashMap<(i32, String), ClassId>;

/// What is going to be done about a line, as it is kept and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub outcome: RowOutcome,
    pub person: Option<ProfileId>,
    pub said: Findings,
}

/// What there is to say about a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Findings {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<RowRemark>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<RowRemark>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<RowChange>,
    /// The number of another line that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<u32>,
}

impl Judged {
    /// As it is kept.
    pub fn verdict(&self) -> Value {
        json!(self.said)
    }

    fn skipped() -> Self {
        Self { outcome: RowOutcome::Skipped, person: None, said: Findings::default() }
    }
}

/// A file, weighed.
pub struct Weighed {
    /// For each line.
    pub judged: Vec<Judged>,
    /// For the writing.
    pub verdicts: Vec<Option<Verdict>>,
}

impl Weighed {
    /// How many lines have which outcome.
    pub fn counts(&self) -> ImportCounts {
        let mut counts = ImportCounts::default();
        for one in &self.judged {
            *match one.outcome {
                RowOutcome::New => &mut counts.new,
                RowOutcome::Changed => &mut counts.changed,
                RowOutcome::Same => &mut counts.same,
                RowOutcome::Joined => &mut counts.joined,
                RowOutcome::Error => &mut counts.error,
                RowOutcome::Skipped => &mut counts.skipped,
            } += 1;
        }
        counts
    }
}

/// Weighs the lines of a file against who is here.
pub fn weighed(book: &Book, classes: &Classes, tables: &[ImportTable], lines: &[Line], today: NaiveDate) -> Weighed {
    let reader = Reader::new(book, classes, tables, lines);
    let read: Vec<_> = (0..lines.len()).map(|place| reader.said(place)).collect();
    let said: Vec<_> = read.iter().map(|one| one.as_ref().and_then(|one| one.as_ref().ok()).cloned()).collect();
    let verdicts = weigh(book, &said, today);
    let judged = read.iter().zip(&verdicts).zip(lines).map(|((read, verdict), line)| {
        let shown = Shown { table: tables.get(line.sheet), lines };
        match (read, verdict) {
            (None, _) => Judged::skipped(),
            (Some(Err(faults)), _) => shown.error(faults),
            (Some(Ok(_)), None) => Judged::skipped(),
            (Some(Ok(_)), Some(verdict)) => shown.judged(verdict),
        }
    });
    Weighed { judged: judged.collect(), verdicts }
}

/// How findings are shown at a line.
struct Shown<'a> {
    table: Option<&'a ImportTable>,
    lines: &'a [Line],
}

impl Shown<'_> {
    fn judged(&self, verdict: &Verdict) -> Judged {
        let notes = self.remarks(&verdict.notes);
        let plain = |outcome, person| Judged {
            outcome,
            person,
            said: Findings { notes: notes.clone(), ..Findings::default() },
        };
        match &verdict.outcome {
            Outcome::New => plain(RowOutcome::New, None),
            Outcome::Same(id) => plain(RowOutcome::Same, Some(*id)),
            Outcome::Joined(first) => {
                let mut joined = plain(RowOutcome::Joined, None);
                joined.said.other = self.number(*first);
                joined
            }
            Outcome::Changed(id, changes) => {
                let mut changed = plain(RowOutcome::Changed, Some(*id));
                changed.said.changes = changes
                    .iter()
                    .filter_map(|c| {
                        let (before, after) = (c.before.clone(), c.after.clone());
                        Some(RowChange { field: Field::of_name(&c.field)?, before, after })
                    })
                    .collect();
                changed
            }
            Outcome::Error(faults) => self.error(faults),
        }
    }

    fn error(&self, faults: &[Remark]) -> Judged {
        let other = faults.iter().find_map(|fault| fault.other).and_then(|place| self.number(place));
        let said = Findings { faults: self.remarks(faults), other, ..Findings::default() };
        Judged { outcome: RowOutcome::Error, person: None, said }
    }

    fn number(&self, place: usize) -> Option<u32> {
        self.lines.get(place).and_then(|line| u32::try_from(line.number).ok())
    }

    /// Each at the column that is there: parts of a name may stand in one cell.
    fn remarks(&self, remarks: &[Remark]) -> Vec<RowRemark> {
        let mut shown: Vec<RowRemark> = Vec::new();
        for remark in remarks {
            let one =
                RowRemark { field: Field::of_name(&remark.field).map(|f| self.column(f)), code: remark.code.clone() };
            if !shown.contains(&one) {
                shown.push(one);
            }
        }
        shown
    }

    fn column(&self, field: Field) -> Field {
        let has = |wanted| self.table.is_some_and(|table| table.columns.iter().any(|c| c.field == Some(wanted)));
        match field {
            Field::Surname | Field::GivenName | Field::Patronymic if !has(field) && has(Field::FullName) => {
                Field::FullName
            }
            other => other,
        }
    }
}

/// The columns that a sheet has after its heading was read: those alone that its people have.
pub fn table(name: &str, heading: crate::rules::Heading, rows: usize) -> ImportTable {
    let subject: Option<Subject> = heading.subject;
    let columns = heading
        .columns
        .into_iter()
        .map(|column| crate::wire::ImportColumn {
            field: column.field.filter(|field| subject.is_none_or(|s| s.takes(*field))),
            heading: column.heading,
        })
        .collect();
    ImportTable { name: name.to_owned(), subject, columns, rows: u32::try_from(rows).unwrap_or(u32::MAX) }
}
