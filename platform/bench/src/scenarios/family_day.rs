//! A.family_day: guardians who open the first page of a child.

use anyhow::Result;

use crate::door::Browser;
use crate::load::{self, Client};
use crate::report::Row;
use crate::stage::Stage;

struct Reader {
    browser: Browser,
    path: String,
}

impl Client for Reader {
    async fn once(&mut self) -> Result<()> {
        self.browser.get(&self.path).await.map(drop)
    }
}

/// Measures it.
pub async fn run(stage: &Stage) -> Result<Vec<Row>> {
    let (mut readers, mut scripts) = (Vec::new(), Vec::new());
    for guardian in &stage.guardians {
        let browser = stage.door.enter(&guardian.login).await?;
        let path = format!("/desk/family?student_id={}", guardian.student);
        scripts.push(stage.script(async || browser.get(&path).await).await?);
        readers.push(Reader { browser, path });
    }
    let measured = load::closed(readers, stage.time, stage.serve).await?;
    let peer = stage.cell.run(&scripts, stage.time).await?;
    Ok(vec![Row::speed("A.family_day", &measured, peer)])
}
