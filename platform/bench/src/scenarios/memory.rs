//! Resident memory of a process at a moment.

use anyhow::Result;

use crate::process::Process;
use crate::report::{Figures, Row};

/// What is resident now.
pub fn of(name: &str, process: Process) -> Result<Vec<Row>> {
    let figures = Figures::Memory { rss_mb: process.resident()? };
    Ok(vec![Row { name: name.to_owned(), figures, note: None }])
}
