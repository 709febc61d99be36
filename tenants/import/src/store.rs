//! The room's SQL: imports and their rows.

use chrono::{DateTime, Utc};
use kd_ctx::{Permit, Plain, Thing};
use kd_kernel::{ImportId, ProfileId, Relations, Result, SubjectId};
use kd_people::intake::{Cells, Traces, Written};
use kd_store::{SchoolTx, fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sheet::{Judged, Line};
use crate::wire::{ImportCounts, ImportSource, ImportState, ImportTable, RowOutcome};

/// An import.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ImportRecord {
    pub id: ImportId,
    pub state: ImportState,
    pub file_name: String,
    pub source: ImportSource,
    pub legal_basis: Option<String>,
    tables: Value,
    counts: Value,
    pub done: i32,
    pub total: i32,
    pub run: i32,
    pub error: Option<String>,
    pub version: i32,
    pub requested_by: ProfileId,
    pub created_at: DateTime<Utc>,
    pub committed_at: Option<DateTime<Utc>>,
    pub undone_at: Option<DateTime<Utc>>,
    pub rows_until: DateTime<Utc>,
}

impl ImportRecord {
    pub fn tables(&self) -> Vec<ImportTable> {
        serde_json::from_value(self.tables.clone()).unwrap_or_default()
    }

    pub fn counts(&self) -> ImportCounts {
        serde_json::from_value(self.counts.clone()).unwrap_or_default()
    }
}

impl Thing for ImportRecord {
    fn relations(&self) -> Relations {
        Relations::none()
    }
}

macro_rules! imports {
    ($rest:literal) => {
        concat!(
            "SELECT id, state, file_name, source, legal_basis, tables, counts, done, total, run, error, version, requested_by, \
             created_at, committed_at, undone_at, rows_until FROM import ",
            $rest
        )
    };
}

/// One import.
pub async fn find(db: &impl ConnectionTrait, id: ImportId) -> Result<Option<ImportRecord>> {
    sql::one(db, imports!("WHERE id = $1"), [id.into()]).await
}

/// One import, which nobody else can change until the end of the transaction.
pub async fn find_to_change(db: &impl ConnectionTrait, id: ImportId) -> Result<Option<ImportRecord>> {
    sql::one(db, imports!("WHERE id = $1 FOR UPDATE"), [id.into()]).await
}

/// The newest imports, at most fifty.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Vec<ImportRecord>> {
    sql::all(db, imports!("ORDER BY id DESC LIMIT 50"), []).await
}

/// A file that was read.
pub struct Brought {
    pub id: ImportId,
    pub file_name: String,
    pub source: ImportSource,
    pub legal_basis: Option<String>,
    pub tables: Vec<ImportTable>,
    pub by: ProfileId,
    pub now: DateTime<Utc>,
    pub rows_until: DateTime<Utc>,
}

/// Keeps a file that was read.
pub async fn add(db: &impl ConnectionTrait, _permit: &Permit<Plain>, brought: &Brought) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO import (id, state, file_name, source, legal_basis, tables, counts, requested_by, created_at, rows_until) \
         VALUES ($1, 'checked', $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            brought.id.into(),
            brought.file_name.clone().into(),
            brought.source.into(),
            brought.legal_basis.clone().into(),
            json!(brought.tables).into(),
            json!(ImportCounts::default()).into(),
            brought.by.into(),
            brought.now.into(),
            brought.rows_until.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A row as it is kept.
#[derive(Debug, Clone, FromQueryResult)]
pub struct RowRecord {
    pub id: Uuid,
    pub place: i32,
    pub sheet: i32,
    pub number: i32,
    cells: Value,
    pub skipped: bool,
    pub outcome: RowOutcome,
    pub verdict: Value,
    pub profile_id: Option<ProfileId>,
}

impl RowRecord {
    pub fn cells(&self) -> Vec<String> {
        serde_json::from_value(self.cells.clone()).unwrap_or_default()
    }

    /// As it is weighed, with the numbers that were taken out of it.
    pub fn line(&self, numbers: Cells) -> Line {
        let mut cells = self.cells();
        for (at, number) in numbers {
            if let Some(cell) = cells.get_mut(at) {
                *cell = number;
            }
        }
        Line {
            sheet: usize::try_from(self.sheet).unwrap_or_default(),
            number: usize::try_from(self.number).unwrap_or_default(),
            cells,
            skipped: self.skipped,
        }
    }
}

/// Every row of an import, in the order of the file.
pub async fn rows(db: &impl ConnectionTrait, import: ImportId) -> Result<Vec<RowRecord>> {
    sql::all(
        db,
        "SELECT id, place, sheet, number, cells, skipped, outcome, verdict, profile_id FROM import_row \
         WHERE import_id = $1 ORDER BY place",
        [import.into()],
    )
    .await
}

/// One row of an import.
pub async fn row(db: &impl ConnectionTrait, import: ImportId, row: Uuid) -> Result<Option<RowRecord>> {
    sql::one(
        db,
        "SELECT id, place, sheet, number, cells, skipped, outcome, verdict, profile_id FROM import_row \
         WHERE import_id = $1 AND id = $2",
        [import.into(), row.into()],
    )
    .await
}

/// Which part of the rows.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub outcome: Option<RowOutcome>,
    pub table: Option<u32>,
    pub offset: u32,
    pub limit: u32,
}

/// A part of the rows of an import, in the order of the file.
pub async fn part(db: &impl ConnectionTrait, import: ImportId, part: Part) -> Result<Vec<RowRecord>> {
    sql::all(
        db,
        "SELECT id, place, sheet, number, cells, skipped, outcome, verdict, profile_id FROM import_row \
         WHERE import_id = $1 AND ($2::text IS NULL OR outcome = $2) AND ($3::bigint IS NULL OR sheet = $3) \
         ORDER BY place OFFSET $4 LIMIT $5",
        [
            import.into(),
            part.outcome.into(),
            part.table.map(i64::from).into(),
            i64::from(part.offset).into(),
            i64::from(part.limit).into(),
        ],
    )
    .await
}

/// How many rows such a part has in all.
pub async fn count(db: &impl ConnectionTrait, import: ImportId, part: Part) -> Result<i64> {
    sql::scalar(
        db,
        "SELECT count(*) FROM import_row WHERE import_id = $1 AND ($2::text IS NULL OR outcome = $2) \
         AND ($3::bigint IS NULL OR sheet = $3)",
        [import.into(), part.outcome.into(), part.table.map(i64::from).into()],
    )
    .await
}

/// Keeps rows; their verdicts come with [`judge`].
pub async fn add_rows(db: &impl ConnectionTrait, import: ImportId, lines: &[(Uuid, Line)]) -> Result<()> {
    let rows: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(place, (id, line))| {
            json!({ "id": id, "place": place, "sheet": line.sheet, "number": line.number, "cells": line.cells })
        })
        .collect();
    sql::run(
        db,
        "INSERT INTO import_row (id, import_id, place, sheet, number, cells, outcome, verdict) \
         SELECT r.id, $1, r.place, r.sheet, r.number, r.cells, 'skipped', '{}' FROM jsonb_to_recordset($2) \
         AS r (id uuid, place integer, sheet integer, number integer, cells jsonb)",
        [import.into(), Value::Array(rows).into()],
    )
    .await?;
    Ok(())
}

/// Writes a mended row.
pub async fn put_row(
    db: &impl ConnectionTrait,
    import: &Permit<ImportRecord>,
    row: Uuid,
    (cells, skipped): (&[String], bool),
) -> Result<u64> {
    Ok(sql::run(
        db,
        "UPDATE import_row SET cells = $3, skipped = $4 WHERE import_id = $1 AND id = $2",
        [import.id.into(), row.into(), json!(cells).into(), skipped.into()],
    )
    .await?)
}

/// Leaves out the rows that cannot be done; answers how many.
pub async fn skip_errors(db: &impl ConnectionTrait, import: &Permit<ImportRecord>) -> Result<u64> {
    let rows = "UPDATE import_row SET skipped = true WHERE import_id = $1 AND outcome = 'error'";
    Ok(sql::run(db, rows, [import.id.into()]).await?)
}

/// Writes the cells of rows anew.
pub async fn put_cells(db: &impl ConnectionTrait, import: ImportId, rows: &[(Uuid, Vec<String>)]) -> Result<()> {
    let rows: Vec<Value> = rows.iter().map(|(id, cells)| json!({ "id": id, "cells": cells })).collect();
    sql::run(
        db,
        "UPDATE import_row i SET cells = r.cells FROM jsonb_to_recordset($2) AS r (id uuid, cells jsonb) \
         WHERE i.import_id = $1 AND i.id = r.id",
        [import.into(), Value::Array(rows).into()],
    )
    .await?;
    Ok(())
}

/// Writes verdicts where they differ from what is kept, by place.
pub async fn judge(db: &impl ConnectionTrait, import: ImportId, judged: &[(i32, &Judged)]) -> Result<()> {
    let rows: Vec<Value> = judged
        .iter()
        .map(|(place, one)| {
            json!({ "place": place, "outcome": one.outcome, "verdict": one.verdict(), "profile_id": one.person })
        })
        .collect();
    sql::run(
        db,
        "UPDATE import_row i SET outcome = r.outcome, verdict = r.verdict, profile_id = r.profile_id \
         FROM jsonb_to_recordset($2) AS r (place integer, outcome text, verdict jsonb, profile_id uuid) \
         WHERE i.import_id = $1 AND i.place = r.place",
        [import.into(), Value::Array(rows).into()],
    )
    .await?;
    Ok(())
}

/// Writes what was found out in all, with the next version; what was tried before is forgotten.
pub async fn put_counts(
    db: &impl ConnectionTrait,
    import: ImportId,
    (tables, counts): (&[ImportTable], ImportCounts),
) -> Result<()> {
    sql::run(
        db,
        "UPDATE import SET tables = $2, counts = $3, error = NULL, version = version + 1 WHERE id = $1",
        [import.into(), json!(tables).into(), json!(counts).into()],
    )
    .await?;
    Ok(())
}

/// Hands an import to a worker; 409 where another one is at work in this school.
pub async fn queue(
    db: &impl ConnectionTrait,
    import: &Permit<ImportRecord>,
    (state, total): (ImportState, u32),
) -> Result<()> {
    sql::run(
        db,
        "UPDATE import SET state = $2, done = 0, total = $3, run = 0, error = NULL, version = version + 1 WHERE id = $1",
        [import.id.into(), state.into(), i32::try_from(total).unwrap_or(i32::MAX).into()],
    )
    .await
    .map_err(|error| {
        fault::on_constraint(error, "import_one_at_work", || kd_kernel::Problem::conflict("import.another-at-work"))
    })?;
    Ok(())
}

/// Gives an import up; its rows go at once.
pub async fn drop_rows(db: &impl ConnectionTrait, import: &Permit<ImportRecord>) -> Result<()> {
    sql::run(db, "DELETE FROM import_row WHERE import_id = $1", [import.id.into()]).await?;
    sql::run(db, "UPDATE import SET state = 'dropped', version = version + 1 WHERE id = $1", [import.id.into()])
        .await?;
    forget_headings(db, import.id).await
}

/// Begins a run; nothing where a later run has begun, or nothing is left to do.
pub async fn begin_run(db: &SchoolTx, id: ImportId, (run, undo): (i32, bool)) -> Result<Option<ImportRecord>> {
    let states: Vec<String> = if undo { vec!["undoing".into()] } else { vec!["queued".into(), "running".into()] };
    let next = if undo { "undoing" } else { "running" };
    let rows = sql::run(
        db,
        "UPDATE import SET state = $3, run = $2, done = 0 WHERE id = $1 AND run < $2 AND state = ANY($4)",
        [id.into(), run.into(), next.into(), states.into()],
    )
    .await?;
    if rows == 0 { Ok(None) } else { find(db, id).await }
}

/// Writes how far a run is; false where it was overtaken.
pub async fn progress(db: &SchoolTx, import: &ImportRecord, done: usize) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE import SET done = least($3, total) WHERE id = $1 AND run = $2 AND state = $4",
        [import.id.into(), import.run.into(), i32::try_from(done).unwrap_or(i32::MAX).into(), import.state.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// Ends a run well, in the transaction of its work; false where it was overtaken.
pub async fn complete(
    db: &SchoolTx,
    import: &ImportRecord,
    (state, now, rows_until): (ImportState, DateTime<Utc>, DateTime<Utc>),
) -> Result<bool> {
    let rows = sql::run(
        db,
        "UPDATE import SET state = $3, done = total, version = version + 1, rows_until = $5, \
         committed_at = CASE WHEN $3 = 'done' THEN $4 ELSE committed_at END, \
         undone_at = CASE WHEN $3 = 'undone' THEN $4 END WHERE id = $1 AND run = $2 AND state = $6",
        [import.id.into(), import.run.into(), state.into(), now.into(), rows_until.into(), import.state.into()],
    )
    .await?;
    Ok(rows == 1)
}

/// Ends a run without its work, in the state from which it was begun; the code says why.
pub async fn fail(db: &SchoolTx, (id, run): (ImportId, i32), (state, code): (ImportState, &str)) -> Result<()> {
    sql::run(
        db,
        "UPDATE import SET state = $3, error = $4, done = 0, version = version + 1 \
         WHERE id = $1 AND run <= $2 AND state IN ('queued', 'running', 'undoing')",
        [id.into(), run.into(), state.into(), code.into()],
    )
    .await?;
    Ok(())
}

/// Writes what the rows did, by place, and what people are said to teach since.
pub async fn trace(
    db: &SchoolTx,
    import: ImportId,
    written: &[Option<Written>],
    taught: &[Vec<SubjectId>],
) -> Result<()> {
    let rows: Vec<Value> = written
        .iter()
        .zip(taught)
        .enumerate()
        .filter_map(|(place, (one, taught))| {
            let one = one.as_ref()?;
            Some(json!({ "place": place, "profile_id": one.person, "traces": one.traces, "taught": taught }))
        })
        .collect();
    sql::run(
        db,
        "UPDATE import_row i SET profile_id = r.profile_id, traces = r.traces, taught = r.taught FROM jsonb_to_recordset($2) \
         AS r (place integer, profile_id uuid, traces jsonb, taught jsonb) WHERE i.import_id = $1 AND i.place = r.place",
        [import.into(), Value::Array(rows).into()],
    )
    .await?;
    Ok(())
}

/// What the rows of an import did.
pub async fn written(db: &impl ConnectionTrait, import: ImportId) -> Result<Vec<Written>> {
    #[derive(FromQueryResult)]
    struct Row {
        profile_id: ProfileId,
        traces: Value,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT profile_id, traces FROM import_row WHERE import_id = $1 AND jsonb_typeof(traces) = 'object' \
         AND profile_id IS NOT NULL ORDER BY place",
        [import.into()],
    )
    .await?;
    let written = |row: Row| {
        let traces: Traces = serde_json::from_value(row.traces).map_err(kd_kernel::Problem::internal)?;
        Ok(Written { person: row.profile_id, traces: Some(traces) })
    };
    rows.into_iter().map(written).collect()
}

/// What people are said to teach since an import.
pub async fn taught(db: &impl ConnectionTrait, import: ImportId) -> Result<Vec<(ProfileId, SubjectId)>> {
    #[derive(FromQueryResult)]
    struct Row {
        profile_id: ProfileId,
        subject_id: SubjectId,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT i.profile_id, t.subject::uuid AS subject_id FROM import_row i, jsonb_array_elements_text(i.taught) AS t (subject) \
         WHERE i.import_id = $1 AND i.profile_id IS NOT NULL",
        [import.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| (row.profile_id, row.subject_id)).collect())
}

/// Forgets the rows of an import whose time is over; one that was never written is given up.
pub async fn forget(db: &SchoolTx, import: ImportId, now: DateTime<Utc>) -> Result<()> {
    sql::run(
        db,
        "DELETE FROM import_row r USING import i WHERE r.import_id = i.id AND i.id = $1 AND i.rows_until <= $2 \
         AND i.state NOT IN ('queued', 'running', 'undoing')",
        [import.into(), now.into()],
    )
    .await?;
    sql::run(
        db,
        "UPDATE import SET state = 'dropped', version = version + 1 WHERE id = $1 AND rows_until <= $2 AND state = 'checked'",
        [import.into(), now.into()],
    )
    .await?;
    forget_headings(db, import).await
}

/// Where the rows of an import have gone, its headings go too: of a file without headings they are somebody's data.
async fn forget_headings(db: &impl ConnectionTrait, import: ImportId) -> Result<()> {
    sql::run(
        db,
        "UPDATE import SET tables = coalesce((SELECT jsonb_agg(jsonb_set(t.one, '{columns}', coalesce((SELECT \
         jsonb_agg(c.one || '{\"heading\": \"\"}' ORDER BY c.n) FROM jsonb_array_elements(t.one -> 'columns') WITH ORDINALITY \
         AS c (one, n)), '[]')) ORDER BY t.n) FROM jsonb_array_elements(tables) WITH ORDINALITY AS t (one, n)), '[]') \
         WHERE id = $1 AND NOT EXISTS (SELECT FROM import_row r WHERE r.import_id = $1)",
        [import.into()],
    )
    .await?;
    Ok(())
}

/// Enqueues the forgetting for the moment when the rows' time is over.
pub async fn forget_at(
    db: &SchoolTx,
    (job, kind): (Uuid, &'static str),
    payload: Value,
    due: DateTime<Utc>,
) -> Result<()> {
    sql::run(db, "SELECT cell.enqueue($1, $2, $3, $4)", [job.into(), kind.into(), payload.into(), due.into()]).await?;
    Ok(())
}
