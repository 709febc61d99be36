//! Chromium for the walk in the browser: an installed one, else Debian's package, which only root can install.

use std::{env, path::PathBuf};

use anyhow::{Context, Result};
use nix::unistd::geteuid;

use crate::{process::Program, say::Step};

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The path of a Chromium; installs Debian's package when there is none and the tool is root.
pub fn program(log: PathBuf) -> Result<PathBuf> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    if !geteuid().is_root() || on_path("apt-get").is_none() {
        anyhow::bail!(
            "the walk in the browser needs Chromium, and only root can install it: ask for the package `chromium`"
        );
    }
    let step = Step::begin("install Chromium from Debian's packages");
    let apt = |args: &[&str]| {
        Program::new("apt-get", "apt-get")
            .args(["-q", "-y", "-o", "DPkg::Lock::Timeout=300"])
            .args(args.iter().copied())
            .set("DEBIAN_FRONTEND", "noninteractive")
            .log(&log)
            .run()
    };
    let wanted = ["install", "--no-install-recommends", "chromium", "fonts-dejavu-core"];
    // A list of packages that is not too old will do.
    if apt(&wanted).is_err() {
        apt(&["update"])?;
        apt(&wanted)?;
    }
    step.done("");
    installed().context("the package chromium brought no program of that name")
}

fn installed() -> Option<PathBuf> {
    NAMES.into_iter().find_map(on_path)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
