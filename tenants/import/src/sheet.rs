//! From the lines of a file to what is said of people, and from the verdicts back to the lines. Pure.

mod reading;

use std::collections::HashMap;

use chrono::NaiveDate;
use kd_classes::{SubjectNames, Taught};
use kd_kernel::{ClassId, ProfileId, SubjectId};
use kd_people::intake::{Book, Cells, Numbers, Outcome, Remark, Verdict, is_number, weigh};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::rules::{Field, Subject};
use crate::wire::{ImportCounts, ImportTable, RowChange, RowOutcome, RowRemark};
use reading::{Reader, Spoken};

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

/// The school as lines are read and weighed against it.
pub struct School {
    pub book: Book,
    pub classes: Classes,
    /// The language of instruction of each class.
    pub languages: HashMap<ClassId, String>,
    pub subjects: SubjectNames,
    pub taught: Taught,
    pub numbers: Numbers,
}

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
    /// Its sheet, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_table: Option<u32>,
}

impl Judged {
    /// As it is kept.
    pub fn verdict(&self) -> Value {
        json!(self.said)
    }

    /// What the person is going to teach besides what is taught already; nobody is the same then.
    fn teaches(&mut self, read: &Spoken, taught: &Taught) -> Vec<SubjectId> {
        let known = self.person.and_then(|person| taught.get(&person));
        let more = || read.teaches.iter().filter(|(id, _)| known.is_none_or(|known| !known.contains(id)));
        match self.outcome {
            RowOutcome::Same | RowOutcome::Changed if more().next().is_some() => {
                self.outcome = RowOutcome::Changed;
                let after = more().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
                self.said.changes.push(RowChange { field: Field::Subjects, before: None, after: Some(after) });
            }
            RowOutcome::New => {}
            _ => return Vec::new(),
        }
        more().map(|(id, _)| *id).collect()
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
    /// What the person of each line is going to teach and does not yet.
    pub taught: Vec<Vec<SubjectId>>,
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
pub fn weighed(school: &School, tables: &[ImportTable], lines: &[Line], today: NaiveDate) -> Weighed {
    let reader = Reader::new(school, tables, lines);
    let read: Vec<_> = (0..lines.len()).map(|place| reader.said(place)).collect();
    let said: Vec<_> =
        read.iter().map(|one| one.as_ref().and_then(|one| one.as_ref().ok()).map(|one| one.said.clone())).collect();
    let verdicts = weigh(&school.book, &said, today);
    let mut taught = vec![Vec::new(); lines.len()];
    let judged =
        read.iter().zip(&verdicts).zip(lines.iter().zip(&mut taught)).map(|((read, verdict), (line, taught))| {
            let shown = Shown { table: tables.get(line.sheet), sheet: line.sheet, lines };
            let mut judged = match (read, verdict) {
                (None, _) => return Judged::skipped(),
                (Some(Err(faults)), _) => shown.error(faults),
                (Some(Ok(_)), None) => return Judged::skipped(),
                (Some(Ok(read)), Some(verdict)) => {
                    let mut judged = shown.judged(verdict);
                    *taught = judged.teaches(read, &school.taught);
                    judged.said.notes.extend(shown.remarks(&read.notes));
                    judged
                }
            };
            if !school.numbers.kept() && shown.has(line, Field::Iin) {
                // The switch was turned off behind the file: its numbers are gone.
                judged.said.notes.push(RowRemark { field: Some(Field::Iin), code: "import-iin-off".to_owned() });
            }
            judged
        });
    let judged = judged.collect();
    Weighed { judged, verdicts, taught }
}

/// How findings are shown at a line.
struct Shown<'a> {
    table: Option<&'a ImportTable>,
    sheet: usize,
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
                self.refer(&mut joined.said, *first);
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
        let mut said = Findings { faults: self.remarks(faults), ..Findings::default() };
        if let Some(place) = faults.iter().find_map(|fault| fault.other) {
            self.refer(&mut said, place);
        }
        Judged { outcome: RowOutcome::Error, person: None, said }
    }

    /// Names another line.
    fn refer(&self, said: &mut Findings, place: usize) {
        let Some(line) = self.lines.get(place) else { return };
        said.other = u32::try_from(line.number).ok();
        said.other_table = u32::try_from(line.sheet).ok().filter(|_| line.sheet != self.sheet);
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

    fn has(&self, line: &Line, field: Field) -> bool {
        let at = self.table.and_then(|table| table.column(field));
        at.and_then(|at| line.cells.get(at)).is_some_and(|cell| !cell.is_empty())
    }

    fn column(&self, field: Field) -> Field {
        let has = |wanted| self.table.is_some_and(|table| table.column(wanted).is_some());
        match field {
            Field::Surname | Field::GivenName | Field::Patronymic if !has(field) && has(Field::FullName) => {
                Field::FullName
            }
            other => other,
        }
    }
}

/// The columns that a sheet has after its heading was read: those alone that its people have, ИИН only where the
/// school keeps it.
pub fn table(name: &str, heading: crate::rules::Heading, (rows, iin): (usize, bool)) -> ImportTable {
    let subject: Option<Subject> = heading.subject;
    let columns = heading
        .columns
        .into_iter()
        .map(|column| crate::wire::ImportColumn {
            field: column
                .field
                .filter(|field| subject.is_none_or(|s| s.takes(*field)) && (iin || *field != Field::Iin)),
            heading: column.heading,
        })
        .collect();
    ImportTable { name: name.to_owned(), subject, columns, rows: u32::try_from(rows).unwrap_or(u32::MAX) }
}

/// Takes the numbers out of a line's cells: those of the column of ИИН, and what is one wherever it stands. What is
/// left in their places tells them apart and no more.
pub fn take_numbers(numbers: &Numbers, cells: &mut [String], iin: Option<usize>) -> Cells {
    let mut taken = Cells::new();
    for (at, cell) in cells.iter_mut().enumerate() {
        if !cell.is_empty() && (iin == Some(at) || is_number(cell)) {
            taken.insert(at, std::mem::replace(cell, numbers.veiled(cell)));
        }
    }
    taken
}
