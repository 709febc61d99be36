//! What a browser must fetch before a page can be used: scripts and styles of the entry, one language's
//! words and the page's own pieces, fetched from the running server in brotli.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::report::{Figures, Row};
use crate::stage::Stage;

/// How many pieces a note names.
const NAMED: usize = 4;

/// A page as `size.mjs --json` tells it.
#[derive(Deserialize)]
struct Page {
    page: String,
    /// In kB.
    budget: usize,
    /// Below the site's root.
    files: Vec<String>,
}

/// Fetches what each page needs.
pub async fn run(stage: &Stage) -> Result<Vec<Row>> {
    let text = std::fs::read(&stage.pages).context("what the pages need is not told")?;
    let pages: Vec<Page> = serde_json::from_slice(&text)?;
    let browser = stage.door.browser()?;
    let mut rows = Vec::new();
    for page in pages {
        let mut pieces = Vec::new();
        for file in &page.files {
            pieces.push((browser.packed(file).await?, file.rsplit('/').next().unwrap_or(file)));
        }
        let (bytes, limit): (usize, usize) = (pieces.iter().map(|(bytes, _)| bytes).sum(), page.budget * 1_024);
        pieces.sort_unstable_by(|left, right| right.cmp(left));
        let heavy: Vec<String> = pieces.iter().take(NAMED).map(|(bytes, name)| format!("{name} {bytes}")).collect();
        rows.push(Row {
            name: format!("web.{}", page.page.replace('-', "_")),
            figures: Figures::Page { bytes, limit },
            note: (bytes > limit).then(|| format!("the heaviest: {}", heavy.join(", "))),
        });
    }
    Ok(rows)
}
