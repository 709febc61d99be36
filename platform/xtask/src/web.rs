//! The web's part of a build: packages when the lock file changed, pages when a source did.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use crate::{process::Program, say::Step};

/// Folders in which nothing is a source.
const NOT_SOURCES: [&str; 3] = ["node_modules", "dist", "e2e"];

/// The web's folder in the clone.
pub fn folder(repo: &Path) -> PathBuf {
    repo.join("platform/web")
}

/// Npm in the web's folder, to run one of the scripts there.
pub fn npm(repo: &Path, script: &str) -> Program {
    Program::new(&format!("npm run {script}"), "npm")
        .args(["run", "--silent", script])
        .within(folder(repo))
        // It passes this one on to the script.
        .death(Signal::SIGTERM)
}

/// Installs the packages of the lock file, unless the ones of just this file are there.
pub fn install(repo: &Path, log: &Path) -> Result<()> {
    let web = folder(repo);
    let lock = fs::read(web.join("package-lock.json")).context("the web has no lock file")?;
    let stamp = web.join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let step = Step::begin("install the web's packages");
    Program::new("npm ci", "npm")
        .args(["ci", "--no-audit", "--no-fund", "--prefer-offline"])
        .within(&web)
        .log(log)
        .run()?;
    fs::write(stamp, lock)?;
    step.done("");
    Ok(())
}

/// Builds the pages into `dist`, unless nothing changed since they were built.
pub fn build(repo: &Path, log: &Path) -> Result<()> {
    let web = folder(repo);
    let stamp = repo.join("target/web-built");
    let built = fs::metadata(&stamp).and_then(|facts| facts.modified());
    if let (Ok(built), true) = (built, web.join("dist/portal.html").is_file())
        && newest(&web)? < built
    {
        return Ok(());
    }
    install(repo, log)?;
    let step = Step::begin("build the web");
    let began = SystemTime::now();
    npm(repo, "build").log(log).run()?;
    fs::create_dir_all(repo.join("target"))?;
    let file = fs::File::create(stamp)?;
    // A source that was changed meanwhile is newer than this.
    file.set_modified(began)?;
    step.done("");
    Ok(())
}

/// The time of the youngest source.
fn newest(folder: &Path) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let entry = entry?;
        if NOT_SOURCES.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let facts = entry.metadata()?;
        let time = if facts.is_dir() { newest_in(&entry.path())? } else { facts.modified()? };
        newest = newest.max(time);
    }
    Ok(newest)
}

/// The same below the first level, with the folder's own time: removing a file is a change too.
fn newest_in(folder: &Path) -> Result<SystemTime> {
    Ok(newest(folder)?.max(fs::metadata(folder)?.modified()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::Scratch;

    #[test]
    fn packages_and_pages_are_no_sources() {
        let scratch = Scratch::make("web").unwrap();
        let old = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
        fs::write(scratch.path().join("index.html"), "").unwrap();
        let file = fs::File::options().append(true).open(scratch.path().join("index.html"));
        file.unwrap().set_modified(old).unwrap();
        fs::create_dir_all(scratch.path().join("node_modules/package")).unwrap();
        fs::create_dir_all(scratch.path().join("dist/assets")).unwrap();
        assert_eq!(newest(scratch.path()).unwrap(), old);
        fs::create_dir_all(scratch.path().join("src/rooms")).unwrap();
        assert!(newest(scratch.path()).unwrap() > old);
    }
}
