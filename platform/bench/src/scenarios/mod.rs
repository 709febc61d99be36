//! What is measured, one file for each thing. A further one is a file here and a line in `all`.

mod family_day;
mod import_commit;
mod journal;
mod journal_page;
mod login;
mod login_timing;
mod mark_write;
mod memory;
mod pages;
mod provisioning;
mod sheets_pdf;

use anyhow::{Context, Result};

use crate::report::{Report, Row};
use crate::stage::Stage;

/// Measures everything whose name holds `only`, one after the other: memory first and last.
pub async fn all(stage: &Stage, only: Option<&str>, report: &mut Report) -> Result<()> {
    let wanted = |name: &str| only.is_none_or(|only| name.contains(only));
    let mut add = |rows: Result<Vec<Row>>| rows.map(|rows| report.results.extend(rows));
    if wanted("memory") {
        add(memory::of("memory.serve_idle", stage.serve))?;
    }
    if wanted("A.journal_page") {
        add(journal_page::run(stage).await.context("A.journal_page"))?;
    }
    if wanted("A.mark_write") {
        add(mark_write::run(stage).await.context("A.mark_write"))?;
    }
    if wanted("A.family_day") {
        add(family_day::run(stage).await.context("A.family_day"))?;
    }
    if wanted("A.login") {
        add(login::run(stage).await.context("A.login"))?;
    }
    if wanted("A.login_timing") {
        add(login_timing::run(stage).await.context("A.login_timing"))?;
    }
    if wanted("A.provisioning") {
        add(provisioning::run(stage).await.context("A.provisioning"))?;
    }
    if wanted("B.sheets_pdf") {
        add(sheets_pdf::run().await.context("B.sheets_pdf"))?;
    }
    if wanted("B.import_commit") {
        add(import_commit::run(stage).await.context("B.import_commit"))?;
    }
    if wanted("memory") {
        add(memory::of("memory.serve_after", stage.serve))?;
        add(memory::of("memory.work_after", stage.work))?;
    }
    if wanted("web") {
        add(pages::run(stage).await.context("web"))?;
    }
    Ok(())
}
