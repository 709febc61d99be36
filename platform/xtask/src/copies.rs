//! A copy of the clone that may be changed and built: for mutants, and for a room that is only tried.
//!
//! It has a target folder of its own. Cargo names the crates of a workspace by their place *within* it, so
//! two clones that share a target folder take each other's crates for their own. Packages from outside
//! have no such trouble: what the clone has built of them is linked into the copy's folder.

use std::{
    fs::{self, FileTimes},
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::{
    paths::{self, Scratch},
    process::Program,
};

/// Folders of the clone that no build needs.
const LEFT_OUT: [&str; 4] = [".git", "target", "node_modules", "tmp"];

/// The copy of the clone: its files, with changes that are not committed yet. It goes when this value does.
pub struct Twin {
    scratch: Scratch,
}

impl Twin {
    /// Copies the clone, and links what was built of packages from outside.
    pub fn of(repo: &Path) -> Result<Self> {
        let built = paths::built(repo);
        let place = built.join("copies");
        fs::create_dir_all(&place)?;
        paths::sweep_in(&place);
        let twin = Self { scratch: Scratch::make_in(&place, "copy")? };
        copy_files(repo, &twin.folder())?;
        let debug = twin.target().join("debug");
        for (part, takes) in
            [(".fingerprint", is_foreign as fn(&str) -> bool), ("build", is_foreign), ("deps", is_foreign_part)]
        {
            borrow(&built.join("debug").join(part), &debug.join(part), takes)?;
        }
        Ok(twin)
    }

    /// The copy of the clone's folder.
    pub fn folder(&self) -> PathBuf {
        self.scratch.path().join("clone")
    }

    /// Cargo in the copy, with the copy's target folder.
    pub fn cargo(&self, args: &[&str]) -> Program {
        Program::new("cargo in the copy", "cargo")
            .args(args.iter().copied())
            .set("CARGO_TARGET_DIR", self.target())
            .within(self.folder())
    }

    fn target(&self) -> PathBuf {
        self.scratch.path().join("target")
    }
}

/// Is this folder one of a package from outside?
fn is_foreign(name: &str) -> bool {
    !name.starts_with("kd-")
}

/// Is this a library of a package from outside, or belongs it to one?
fn is_foreign_part(name: &str) -> bool {
    let own = name.starts_with("kd_") || name.starts_with("libkd_");
    !own && [".rlib", ".rmeta", ".so", ".d"].iter().any(|ending| name.ends_with(ending))
}

/// Links large files and copies small ones, which cargo may write to, with their times.
fn borrow(from: &Path, to: &Path, takes: fn(&str) -> bool) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).into_iter().flatten() {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if takes(&name) {
            let (path, place) = (entry.path(), to.join(&name));
            if entry.file_type()?.is_dir() {
                borrow(&path, &place, |_| true)?;
            } else if entry.metadata()?.len() < 100_000 || fs::hard_link(&path, &place).is_err() {
                copy_file(&path, &place)?;
            }
        }
    }
    // Cargo goes by the time of a folder too.
    keep_times(from, to)
}

/// Copies what people wrote, and the web's built pages, which the server embeds.
fn copy_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|skip| name == *skip) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_files(&entry.path(), &to.join(&name))?;
        } else if entry.file_type()?.is_file() {
            copy_file(&entry.path(), &to.join(&name))?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)?;
    keep_times(from, to)
}

fn keep_times(from: &Path, to: &Path) -> Result<()> {
    let Ok(time) = fs::metadata(from).and_then(|facts| facts.modified()) else {
        return Ok(());
    };
    Ok(fs::File::open(to)?.set_times(FileTimes::new().set_modified(time))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_the_house_are_not_borrowed() {
        assert!(is_foreign("serde-1a2b") && !is_foreign("kd-store-1a2b"));
        assert!(is_foreign_part("libserde-1a2b.rlib") && is_foreign_part("serde-1a2b.d"));
        for own in ["libkd_store-1a2b.rlib", "kd_store-1a2b.d", "endings-1a2b"] {
            assert!(!is_foreign_part(own), "{own}");
        }
    }

    #[test]
    fn a_copy_keeps_the_times_and_leaves_out_what_was_built() {
        let (from, to) = (Scratch::make("copy-from").unwrap(), Scratch::make("copy-to").unwrap());
        fs::create_dir_all(from.path().join("node_modules")).unwrap();
        fs::write(from.path().join("a.rs"), "//! A.").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
        let file = fs::File::options().append(true).open(from.path().join("a.rs")).unwrap();
        file.set_modified(old).unwrap();
        copy_files(from.path(), to.path()).unwrap();
        assert_eq!(fs::metadata(to.path().join("a.rs")).unwrap().modified().unwrap(), old);
        assert!(!to.path().join("node_modules").exists());
    }
}
