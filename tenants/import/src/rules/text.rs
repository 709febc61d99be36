//! A CSV as a table of text: UTF-8, UTF-16 with its mark, or else the Windows encoding of Cyrillic; cells
//! parted by semicolons, commas or tabs.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};

use super::{MAX_CELL, MAX_COLUMNS, MAX_ROWS, Refusal, Row, Table, place};

/// The whole file.
pub fn table(bytes: &[u8]) -> Result<Table, Refusal> {
    let text = decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|_| Refusal::Damaged)?;
        if index >= MAX_ROWS || record.len() > MAX_COLUMNS {
            return Err(Refusal::TooMany);
        }
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if let Some(long) = cells.iter().position(|cell| cell.chars().count() > MAX_CELL) {
            return Err(Refusal::LongCell(place("", index, long)));
        }
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { number: index + 1, cells });
        }
    }
    Ok(Table { name: String::new(), rows })
}

fn decoded(bytes: &[u8]) -> String {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let plain = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1251 };
    marked.unwrap_or(plain).decode(bytes).0.into_owned()
}

/// What parts the cells of the first line most often, quoted text left aside.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let bare: String = line.split('"').step_by(2).collect();
    let count = |mark: char| bare.matches(mark).count();
    let found = [';', '\t', ','].into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(';');
    u8::try_from(found).unwrap_or(b';')
}
