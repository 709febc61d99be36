//! What a file may be, how large, and why it is refused. Pure: no database, no clock.

mod book;
mod cells;
mod heading;
mod sniff;
mod template;
mod text;

#[cfg(test)]
mod tests;

use kd_kernel::Problem;

pub use cells::{class_name, date, language, relation, sex};
pub use heading::{Column, Field, Heading, Subject, columns};
pub use template::template;

/// The largest file: 10 MiB.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most that a workbook may unpack to, all its parts together.
const MAX_UNPACKED: u64 = 100_000_000;
/// The most times its size that a workbook may unpack to.
const MAX_RATIO: u64 = 200;
/// The most parts of a workbook.
const MAX_PARTS: usize = 500;
/// The most rows of a file, all its tables together, those without anything too.
const MAX_ROWS: usize = 20_000;
/// The most columns of a table.
const MAX_COLUMNS: usize = 60;
/// The most characters of a cell.
const MAX_CELL: usize = 500;

/// One sheet, or one CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The sheet's name; empty for a CSV.
    pub name: String,
    /// The rows that have anything, the headings first.
    pub rows: Vec<Row>,
}

/// One row of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as the school's own program shows it, from 1.
    pub number: usize,
    /// Its cells from the first column on, trimmed; dates as dd.MM.yyyy.
    pub cells: Vec<String>,
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Larger than `MAX_BYTES`.
    TooLarge,
    /// It unpacks to too much.
    Bomb,
    /// Neither a workbook nor text.
    NotTable,
    /// A workbook with macros.
    Macros,
    /// A workbook behind a password.
    Encrypted,
    /// A workbook of another form: XLS, XLSB, ODS.
    OtherWorkbook,
    /// A workbook that cannot be read to its end.
    Damaged,
    /// Too many rows or columns.
    TooMany,
    /// A cell is too long; its place.
    LongCell(String),
    /// A cell is a formula; its place.
    Formula(String),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooLarge => Problem::refused("import.too-large"),
            Refusal::Bomb => Problem::refused("import.unpacks-too-large"),
            Refusal::NotTable => Problem::refused("import.not-a-table"),
            Refusal::Macros => Problem::refused("import.macros"),
            Refusal::Encrypted => Problem::refused("import.encrypted"),
            Refusal::OtherWorkbook => Problem::refused("import.other-workbook"),
            Refusal::Damaged => Problem::refused("import.damaged"),
            Refusal::TooMany => Problem::refused("import.too-many-rows"),
            Refusal::LongCell(place) => Problem::refused("import.long-cell").with_detail(place),
            Refusal::Formula(place) => Problem::refused("import.formula").with_detail(place),
        }
    }
}

/// Reads a file, whatever its name says.
///
/// # Errors
/// Why it is not read.
pub fn read(bytes: &[u8]) -> Result<Vec<Table>, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    match sniff::form(bytes)? {
        sniff::Form::Workbook => book::tables(bytes),
        sniff::Form::Text => Ok(vec![text::table(bytes)?]),
    }
}

/// Where a cell stands, both counted from 0: `B7`.
fn place(sheet: &str, row: usize, column: usize) -> String {
    let (mut letters, mut left) = (String::new(), column + 1);
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    let before = if sheet.is_empty() { String::new() } else { format!("{sheet}!") };
    format!("{before}{letters}{}", row + 1)
}
