//! A.journal_page: teachers who open the journal of a class, each her own, again and again.

use anyhow::Result;

use crate::load::{self, Client};
use crate::report::Row;
use crate::scenarios::journal::{self, Journal};
use crate::stage::Stage;

impl Client for Journal {
    async fn once(&mut self) -> Result<()> {
        self.browser.get(&self.path).await.map(drop)
    }
}

/// Measures it.
pub async fn run(stage: &Stage) -> Result<Vec<Row>> {
    let journals = journal::open_all(stage).await?;
    let mut scripts = Vec::new();
    for journal in &journals {
        scripts.push(stage.script(async || journal.browser.get(&journal.path).await).await?);
    }
    let size = journals.iter().map(|journal| journal.page.lessons.len()).max().unwrap_or_default();
    let measured = load::closed(journals, stage.time, stage.serve).await?;
    let peer = stage.cell.run(&scripts, stage.time).await?;
    let note = format!("25 students and at most {size} lessons a page");
    Ok(vec![Row::speed("A.journal_page", &measured, peer).noted(note)])
}
