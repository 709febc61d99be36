//! What people do with imports: one function per operation, in the order of the wire.

use std::collections::HashMap;

use chrono::TimeDelta;
use kd_cache::Topic;
use kd_classes::SubjectNames;
use kd_ctx::{Look, Permit, Turn};
use kd_kernel::problem::Faults;
use kd_kernel::{Act, ClassId, ImportId, Problem, ProfileId, Result, Tongue};
use kd_people::intake::{Book, Cells, Numbers, depended_on, is_number, keeps_iin};
use kd_store::SchoolTx;
use serde_json::json;
use uuid::Uuid;

use crate::jobs;
use crate::rules::{self, Field, Subject};
use crate::sheet::{self, Classes, Judged, Line, Weighed};
use crate::store::{self, Brought, ImportRecord, Part, RowRecord};
use crate::wire::{
    Import, ImportAt, ImportColumns, ImportMended, ImportNew, ImportRow, ImportRowPut, ImportRows, ImportSource,
    ImportState, ImportTable, RowOutcome,
};

/// The longest name of a file.
const FILE_NAME: usize = 200;
/// The longest legal basis.
const LEGAL_BASIS: usize = 1_000;
/// The longest cell.
const CELL: usize = 500;
/// The most rows that are answered at once.
const PAGE: u32 = 200;

/// How long the rows of a file are kept that was not written.
fn waiting() -> TimeDelta {
    TimeDelta::days(7)
}

/// The newest imports.
pub async fn list(turn: &Turn) -> Result<Vec<Import>> {
    turn.allow(Act::ImportRun)?;
    let records = store::newest(turn.db()).await?;
    let names = kd_people::names_of(turn.db(), records.iter().map(|r| r.requested_by)).await?;
    Ok(records.into_iter().map(|record| shown(record, &names)).collect())
}

/// The empty workbook.
pub async fn template(turn: &Turn, tongue: Tongue) -> Result<Vec<u8>> {
    turn.allow(Act::ImportRun)?;
    rules::template(tongue, keeps_iin(turn.db()).await?)
}

/// Reads a file and weighs its rows. Nothing of it is written.
pub async fn begin(turn: &Turn, new: ImportNew) -> Result<Import> {
    let permit = turn.allow(Act::ImportRun)?;
    let mut faults = Faults::default();
    let file_name = faults.text("file_name", &new.file_name, FILE_NAME);
    let legal_basis = faults.maybe("legal_basis", new.legal_basis.as_deref(), LEGAL_BASIS);
    let needed = new.source == ImportSource::OtherDiary;
    faults.require(!needed || legal_basis.is_some(), "legal_basis", "required");
    faults.check()?;
    let bytes = new.content.0;
    let read = tokio::task::spawn_blocking(move || rules::read(&bytes)).await.map_err(Problem::internal)?;
    let numbers = numbers(turn).await?;
    let (tables, lines) = lines(turn, &numbers, read.map_err(Problem::from)?);
    if lines.0.is_empty() {
        return Err(Problem::refused("import.empty"));
    }
    let brought = Brought {
        id: turn.id(),
        file_name,
        source: new.source,
        legal_basis: legal_basis.filter(|_| needed),
        tables,
        by: turn.who().profile,
        now: turn.now(),
        rows_until: turn.now() + waiting(),
    };
    store::add(turn.db(), &permit, &brought).await?;
    let (lines, taken) = lines;
    store::add_rows(turn.db(), brought.id, &lines).await?;
    numbers.keep(turn.db(), &taken).await?;
    weigh_anew((turn.db(), &numbers), brought.id, &brought.tables, turn.today()).await?;
    let due = brought.rows_until;
    store::forget_at(turn.db(), (turn.id(), jobs::FORGET_IMPORT), jobs::payload(brought.id), due).await?;
    turn.about(brought.id.0, json!({ "source": brought.source, "rows": lines.len() }));
    read_again(turn, brought.id).await
}

/// Lines with their identities, and the numbers that were taken out of them.
type Lines = (Vec<(Uuid, Line)>, Vec<(Uuid, Cells)>);

/// The sheets and lines of a file, headings apart.
fn lines(turn: &Turn, numbers: &Numbers, tables: Vec<rules::Table>) -> (Vec<ImportTable>, Lines) {
    let (mut sheets, mut lines, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for (sheet, mut table) in tables.into_iter().filter(|t| t.rows.len() > 1).enumerate() {
        // A file without headings begins with somebody's data.
        if let Some(first) = table.rows.first_mut() {
            sheet::take_numbers(numbers, &mut first.cells, None);
        }
        let heading = rules::columns(&table);
        let iin = heading.columns.iter().position(|column| column.field == Some(Field::Iin));
        sheets.push(sheet::table(&table.name, heading, (table.rows.len() - 1, numbers.kept())));
        for row in table.rows.into_iter().skip(1) {
            let (id, mut cells) = (turn.id(), row.cells);
            taken.push((id, sheet::take_numbers(numbers, &mut cells, iin)));
            lines.push((id, Line { sheet, number: row.number, cells, skipped: false }));
        }
    }
    (sheets, (lines, taken))
}

async fn numbers(turn: &Turn) -> Result<Numbers> {
    Numbers::of(turn.house(), turn.db(), turn.school().id).await
}

/// How far an import is.
pub async fn read(turn: &Turn, id: ImportId) -> Result<Import> {
    let record = store::find(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let record = turn.permit(Act::ImportRun, record)?.into_thing();
    with_name(turn, record).await
}

/// A part of the rows. What is shown of students who are here stands in the access log.
pub async fn rows(turn: &Turn, id: ImportId, part: Part) -> Result<ImportRows> {
    let record = store::find(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    let record = turn.permit(Act::ImportRun, record)?;
    let part = Part { limit: part.limit.min(PAGE), ..part };
    let count = store::count(turn.db(), id, part).await?;
    let rows = store::part(turn.db(), id, part).await?;
    note_looks(turn, &record.tables(), &rows);
    Ok(ImportRows { count: u32::try_from(count).unwrap_or(u32::MAX), rows: rows.into_iter().map(row).collect() })
}

fn note_looks(turn: &Turn, tables: &[ImportTable], rows: &[RowRecord]) {
    for one in rows.iter().filter(|row| row.outcome == RowOutcome::Changed) {
        let subject = usize::try_from(one.sheet).ok().and_then(|at| tables.get(at)).and_then(|t| t.subject);
        if let (Some(Subject::Students), Some(student)) = (subject, one.profile_id) {
            turn.looked(student, Look::Card);
        }
    }
}

/// Says what the columns of a sheet mean, and weighs everything anew.
pub async fn map(turn: &Turn, id: ImportId, columns: ImportColumns) -> Result<Import> {
    let record = to_mend(turn, id).await?;
    at_version(&record, columns.version)?;
    let mut tables = record.tables();
    let at = usize::try_from(columns.table).unwrap_or(usize::MAX);
    let table = tables.get_mut(at).ok_or_else(|| Problem::field("table", "unknown"))?;
    let mut faults = Faults::default();
    faults.require(columns.fields.len() == table.columns.len(), "fields", "unknown");
    let said: Vec<Field> = columns.fields.iter().flatten().copied().collect();
    let twice = said.iter().enumerate().any(|(n, field)| said.iter().skip(n + 1).any(|other| other == field));
    faults.require(!twice, "fields", "import-field-twice");
    let fitting = columns.subject.is_none_or(|subject| said.iter().all(|field| subject.takes(*field)));
    faults.require(fitting, "fields", "not-for-kind");
    let numbers = numbers(turn).await?;
    faults.require(numbers.kept() || !said.contains(&Field::Iin), "fields", "iin-off");
    faults.check()?;
    table.subject = columns.subject;
    for (column, field) in table.columns.iter_mut().zip(columns.fields) {
        column.field = field;
    }
    if let Some(column) = table.column(Field::Iin) {
        take_column(turn, &numbers, id, (at, column)).await?;
    }
    weigh_anew((turn.db(), &numbers), id, &tables, turn.today()).await?;
    turn.about(id.0, json!({ "table": columns.table }));
    read_again(turn, id).await
}

/// What stands in a column that turned out to be that of ИИН is taken out of the rows.
async fn take_column(turn: &Turn, numbers: &Numbers, id: ImportId, (sheet, at): (usize, usize)) -> Result<()> {
    let rows = store::rows(turn.db(), id).await?;
    let rows: Vec<&RowRecord> = rows.iter().filter(|row| usize::try_from(row.sheet) == Ok(sheet)).collect();
    let mut known = numbers.brought(turn.db(), rows.iter().map(|row| row.id)).await?;
    let (mut left, mut taken) = (Vec::new(), Vec::new());
    for row in rows {
        let (mut cells, mut kept) = (row.cells(), known.remove(&row.id).unwrap_or_default());
        let Some(cell) = cells.get_mut(at).filter(|cell| !cell.is_empty() && !kept.contains_key(&at)) else { continue };
        kept.insert(at, std::mem::replace(cell, numbers.veiled(cell)));
        left.push((row.id, cells));
        taken.push((row.id, kept));
    }
    store::put_cells(turn.db(), id, &left).await?;
    numbers.keep(turn.db(), &taken).await
}

/// Mends a row, or leaves it out, and weighs everything anew: other rows may be about the same person.
pub async fn mend(turn: &Turn, id: ImportId, row_id: Uuid, put: ImportRowPut) -> Result<ImportMended> {
    let record = to_mend(turn, id).await?;
    let mut faults = Faults::default();
    let widest = record.tables().iter().map(|table| table.columns.len()).max().unwrap_or_default();
    faults.require(put.cells.len() <= widest, "cells", "too-long");
    faults.require(put.cells.iter().all(|cell| cell.chars().count() <= CELL), "cells", "too-long");
    faults.check()?;
    let old = store::row(turn.db(), id, row_id).await?.ok_or_else(Problem::not_found)?;
    let numbers = numbers(turn).await?;
    let (cells, taken) = mended(turn, &numbers, (&record, &old), &put.cells).await?;
    store::put_row(turn.db(), &record, row_id, (&cells, put.skipped)).await?;
    numbers.keep(turn.db(), &[(row_id, taken)]).await?;
    weigh_anew((turn.db(), &numbers), id, &record.tables(), turn.today()).await?;
    turn.about(id.0, json!({ "skipped": put.skipped }));
    let mended = store::row(turn.db(), id, row_id).await?.ok_or_else(Problem::not_found)?;
    note_looks(turn, &record.tables(), std::slice::from_ref(&mended));
    Ok(ImportMended { row: row(mended), import: read_again(turn, id).await? })
}

/// Leaves out every row that cannot be done as it stands; guardians of a student who is left out may become such
/// rows by it.
pub async fn leave_out(turn: &Turn, id: ImportId, at: ImportAt) -> Result<Import> {
    let record = to_mend(turn, id).await?;
    at_version(&record, at.version)?;
    let rows = store::skip_errors(turn.db(), &record).await?;
    let numbers = numbers(turn).await?;
    weigh_anew((turn.db(), &numbers), id, &record.tables(), turn.today()).await?;
    turn.about(id.0, json!({ "skipped": rows }));
    read_again(turn, id).await
}

/// The cells of a row as they were sent, and the numbers among them: what stands as it was shown is what it was.
async fn mended(
    turn: &Turn,
    numbers: &Numbers,
    (import, old): (&ImportRecord, &RowRecord),
    sent: &[String],
) -> Result<(Vec<String>, Cells)> {
    let known = numbers.brought(turn.db(), [old.id]).await?.remove(&old.id).unwrap_or_default();
    let tables = import.tables();
    let iin = usize::try_from(old.sheet).ok().and_then(|at| tables.get(at)).and_then(|t| t.column(Field::Iin));
    let (shown, mut taken) = (old.cells(), Cells::new());
    let mut cells: Vec<String> = sent.iter().map(|cell| cell.trim().to_owned()).collect();
    for (at, cell) in cells.iter_mut().enumerate() {
        match known.get(&at).filter(|_| shown.get(at) == Some(&*cell)) {
            Some(number) => _ = taken.insert(at, number.clone()),
            None if !cell.is_empty() && (iin == Some(at) || is_number(cell)) => {
                taken.insert(at, std::mem::replace(cell, numbers.veiled(cell)));
            }
            None => {}
        }
    }
    Ok((cells, taken))
}

/// Hands everything to a worker, who writes all of it or nothing.
pub async fn commit(turn: &Turn, id: ImportId, at: ImportAt) -> Result<Import> {
    let record = to_mend(turn, id).await?;
    at_version(&record, at.version)?;
    let counts = record.counts();
    if counts.error > 0 {
        return Err(Problem::conflict("import.has-errors").with_detail(counts.error.to_string()));
    }
    if counts.new + counts.changed == 0 {
        return Err(Problem::conflict("import.nothing-to-do"));
    }
    let total: u32 = record.tables().iter().map(|table| table.rows).sum();
    store::queue(turn.db(), &record, (ImportState::Queued, total)).await?;
    turn.enqueue(jobs::COMMIT_IMPORT, jobs::payload(id)).await?;
    turn.about(id.0, json!({ "counts": counts, "source": record.source }));
    read_again(turn, id).await
}

/// Has everything taken back that an import did, while nothing depends on it.
pub async fn undo(turn: &Turn, id: ImportId, at: ImportAt) -> Result<Import> {
    let record = to_change(turn, id).await?;
    at_version(&record, at.version)?;
    if record.state != ImportState::Done {
        return Err(Problem::conflict("import.not-done"));
    }
    let written = store::written(turn.db(), id).await?;
    let taught = store::taught(turn.db(), id).await?;
    if (written.is_empty() && taught.is_empty()) || record.rows_until <= turn.now() {
        return Err(Problem::conflict("import.rows-gone"));
    }
    let depended = depended_on(turn.db(), &written).await?;
    if !depended.is_empty() {
        return Err(Problem::conflict("import.depended-on").with_detail(depended.len().to_string()));
    }
    let total = u32::try_from(written.len().max(1)).unwrap_or(u32::MAX);
    store::queue(turn.db(), &record, (ImportState::Undoing, total)).await?;
    turn.enqueue(jobs::UNDO_IMPORT, jobs::payload(id)).await?;
    turn.about(id.0, json!({ "people": total }));
    read_again(turn, id).await
}

/// Gives up a file that was not written.
pub async fn give_up(turn: &Turn, id: ImportId) -> Result<Import> {
    let record = to_mend(turn, id).await?;
    store::drop_rows(turn.db(), &record).await?;
    turn.about(id.0, json!({}));
    read_again(turn, id).await
}

async fn to_change(turn: &Turn, id: ImportId) -> Result<Permit<ImportRecord>> {
    let record = store::find_to_change(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    turn.permit(Act::ImportRun, record)
}

/// The import, if its rows can still be mended.
async fn to_mend(turn: &Turn, id: ImportId) -> Result<Permit<ImportRecord>> {
    let record = to_change(turn, id).await?;
    if record.state == ImportState::Checked { Ok(record) } else { Err(Problem::conflict("import.not-open")) }
}

fn at_version(record: &ImportRecord, version: i32) -> Result<()> {
    if record.version == version { Ok(()) } else { Err(Problem::conflict("import.changed")) }
}

/// Weighs the rows against who is here now, and keeps what was found out.
pub async fn weigh_anew(
    (db, numbers): (&SchoolTx, &Numbers),
    id: ImportId,
    tables: &[ImportTable],
    today: chrono::NaiveDate,
) -> Result<()> {
    let rows = store::rows(db, id).await?;
    let (_, weighed) = weighed((db, numbers), tables, &rows, today).await?;
    let judged: Vec<(i32, &Judged)> = rows
        .iter()
        .zip(&weighed.judged)
        .filter(|(row, judged)| !stands(row, judged))
        .map(|(row, judged)| (row.place, judged))
        .collect();
    store::judge(db, id, &judged).await?;
    store::put_counts(db, id, (tables, weighed.counts())).await
}

/// Whether a row is kept as it was just judged.
pub fn stands(row: &RowRecord, judged: &Judged) -> bool {
    row.outcome == judged.outcome && row.profile_id == judged.person && row.verdict == judged.verdict()
}

/// Weighs rows against who is here now.
pub async fn weighed(
    (db, numbers): (&SchoolTx, &Numbers),
    tables: &[ImportTable],
    rows: &[RowRecord],
    today: chrono::NaiveDate,
) -> Result<(Book, Weighed)> {
    let (classes, languages) = classes(db, today).await?;
    let school = sheet::School {
        book: Book::read(db).await?,
        classes,
        languages,
        subjects: SubjectNames::of(&kd_classes::subjects(db).await?),
        taught: kd_classes::taught(db).await?,
        numbers: numbers.clone(),
    };
    let mut taken = numbers.brought(db, rows.iter().map(|row| row.id)).await?;
    let lines: Vec<Line> = rows.iter().map(|row| row.line(taken.remove(&row.id).unwrap_or_default())).collect();
    let tables = tables.to_vec();
    let weigh = move || {
        let weighed = sheet::weighed(&school, &tables, &lines, today);
        (school.book, weighed)
    };
    tokio::task::spawn_blocking(weigh).await.map_err(Problem::internal)
}

/// The classes of the year, and the language of instruction of each.
async fn classes(db: &SchoolTx, today: chrono::NaiveDate) -> Result<(Classes, HashMap<ClassId, String>)> {
    let Some(year) = kd_calendar::current_year(db, today).await? else { return Ok(Default::default()) };
    let rows = kd_classes::classes(db, year.id).await?;
    Ok(rows.into_iter().map(|class| (((class.grade, class.letter), class.id), (class.id, class.language))).unzip())
}

async fn read_again(turn: &Turn, id: ImportId) -> Result<Import> {
    turn.say(Topic::Imports, Some(id.0));
    let record = store::find(turn.db(), id).await?.ok_or_else(Problem::not_found)?;
    with_name(turn, record).await
}

async fn with_name(turn: &Turn, record: ImportRecord) -> Result<Import> {
    let names = kd_people::names_of(turn.db(), [record.requested_by]).await?;
    Ok(shown(record, &names))
}

fn shown(record: ImportRecord, names: &HashMap<ProfileId, String>) -> Import {
    Import {
        id: record.id,
        state: record.state,
        tables: record.tables(),
        counts: record.counts(),
        source: record.source,
        done: record.done,
        total: record.total,
        version: record.version,
        requested_by: names.get(&record.requested_by).cloned().unwrap_or_default(),
        created_at: record.created_at,
        committed_at: record.committed_at,
        undone_at: record.undone_at,
        rows_until: record.rows_until,
        file_name: record.file_name,
        legal_basis: record.legal_basis,
        error: record.error,
    }
}

fn row(record: RowRecord) -> ImportRow {
    let cells = record.cells();
    let said: sheet::Findings = serde_json::from_value(record.verdict).unwrap_or_default();
    ImportRow {
        id: record.id,
        table: u32::try_from(record.sheet).unwrap_or_default(),
        number: u32::try_from(record.number).unwrap_or_default(),
        cells,
        outcome: record.outcome,
        faults: said.faults,
        notes: said.notes,
        changes: said.changes,
        other: said.other,
        other_table: said.other_table,
        profile_id: record.profile_id,
    }
}
