//! An XLSX as tables of text. Cells are taken one by one as they stand in the file: a lone cell in the last
//! corner of a sheet costs nothing.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetVisible, Xlsx};

use super::cells::{serial_in, written};
use super::{MAX_CELL, MAX_COLUMNS, MAX_ROWS, Refusal, Row, Table, place};

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The sheets that are shown.
pub fn tables(bytes: &[u8]) -> Result<Vec<Table>, Refusal> {
    let mut book: Book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
    let shown = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let (mut tables, mut left) = (Vec::new(), MAX_ROWS);
    for name in names {
        without_formulas(&mut book, &name)?;
        let table = table(&mut book, name, left)?;
        left = left.saturating_sub(table.rows.last().map_or(0, |row| row.number));
        tables.push(table);
    }
    Ok(tables)
}

/// Refuses at the first formula: what a formula shows was reckoned elsewhere and may be out of date.
fn without_formulas(book: &mut Book, name: &str) -> Result<(), Refusal> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Refusal::Damaged)?;
    while let Some(cell) = cells.next_formula().map_err(|_| Refusal::Damaged)? {
        if !cell.get_value().is_empty() {
            let (row, column) = position(cell.get_position());
            return Err(Refusal::Formula(place(name, row, column)));
        }
    }
    Ok(())
}

fn table(book: &mut Book, name: String, most: usize) -> Result<Table, Refusal> {
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| Refusal::Damaged)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Refusal::Damaged)? {
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (row, column) = position(cell.get_position());
        if row >= most || column >= MAX_COLUMNS {
            return Err(Refusal::TooMany);
        }
        if text.chars().count() > MAX_CELL {
            return Err(Refusal::LongCell(place(&name, row, column)));
        }
        match rows.last_mut() {
            Some(last) if last.number == row + 1 => put(last, column, text),
            Some(last) if last.number > row + 1 => return Err(Refusal::Damaged),
            _ => {
                let mut new = Row { number: row + 1, cells: Vec::new() };
                put(&mut new, column, text);
                rows.push(new);
            }
        }
    }
    Ok(Table { name, rows })
}

fn put(row: &mut Row, column: usize, text: String) {
    if row.cells.len() <= column {
        row.cells.resize(column + 1, String::new());
    }
    if let Some(cell) = row.cells.get_mut(column) {
        *cell = text;
    }
}

fn position((row, column): (u32, u32)) -> (usize, usize) {
    (usize::try_from(row).unwrap_or(usize::MAX), usize::try_from(column).unwrap_or(usize::MAX))
}

fn text(value: &DataRef) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Without a fraction it is written without a point: a phone is no measure.
        DataRef::Float(number) => number.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            serial_in(year, month, day).map_or_else(|| moment.as_f64().to_string(), written)
        }
        // Kept as they show, so that whoever checks the row sees them.
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
