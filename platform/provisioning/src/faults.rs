//! Faults that tests ask for, by the setting that only a test may set: `kill:<step>:before|after`,
//! `pause:<step>:before|after`, `fail:<step>`, `flaky:<step>`. A step is named as in the log, an undo with
//! `undo_` before it. In production the setting is empty and none of this does anything.

use kd_ctx::House;
use kd_kernel::Problem;
use tokio::signal::unix::{SignalKind, signal};

use crate::steps::Halt;

/// On which side of a step's effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

fn asked<'a>(house: &'a House, kind: &str, step: &str) -> Option<&'a str> {
    let fault = house.settings.fault.as_deref()?;
    fault.strip_prefix(kind)?.strip_prefix(':')?.strip_prefix(step)
}

/// A place where the process may die or be paused: `kill` ends it as a crash does, `pause` says so on
/// stdout and waits for SIGCONT.
pub(crate) async fn place(house: &House, step: &'static str, side: Side) -> Result<(), Halt> {
    let here = |rest: &str| rest.strip_prefix(':').unwrap_or("before") == side.name();
    if asked(house, "kill", step).is_some_and(here) {
        std::process::abort();
    }
    if asked(house, "pause", step).is_some_and(here) {
        let again = SignalKind::from_raw(nix::sys::signal::Signal::SIGCONT as i32);
        let mut again = signal(again).map_err(Problem::internal)?;
        println!("paused {step} {}", side.name());
        again.recv().await;
    }
    Ok(())
}

/// An error for good, once the step has had its effect.
pub(crate) fn fails(house: &House, step: &'static str) -> Result<(), Halt> {
    if asked(house, "fail", step) == Some("") { Err(Halt::Broken("injected")) } else { Ok(()) }
}

/// An error that passes, at the first try.
pub(crate) fn flaky(house: &House, step: &'static str, attempt: i32) -> Result<(), Halt> {
    if attempt == 1 && asked(house, "flaky", step) == Some("") {
        return Err(Halt::Failed(Problem::unavailable("a fault that a test asked for")));
    }
    Ok(())
}
