//! Ctrl-C, SIGTERM and SIGHUP as one flag that every waiting loop of the tool looks at.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static ENDING: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on the three signals set the flag instead of ending the process.
pub fn listen() -> Result<()> {
    let flag = ENDING.get_or_init(|| Arc::new(AtomicBool::new(false)));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(flag)).context("cannot listen for signals")?;
    }
    Ok(())
}

/// Has somebody asked the tool to end?
pub fn ending() -> bool {
    ENDING.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// The error of a piece of work that was cut short because the tool was asked to end.
#[derive(Debug)]
pub struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("asked to end")
    }
}

impl std::error::Error for Interrupted {}

/// An error when the tool was asked to end; to be called between two pieces of work.
pub fn check() -> Result<()> {
    if ending() {
        return Err(Interrupted.into());
    }
    Ok(())
}

/// The error of a run that has told already what went wrong.
#[derive(Debug)]
pub struct Said;

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it was told above")
    }
}

impl std::error::Error for Said {}
