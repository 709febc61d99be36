//! A copy of the clone that may be changed and built: for mutants, and for a room that is only tried.
//!
//! It has a target folder of its own. Cargo names the crates of a workspace by their place *within* it, so
//! two clones that share a target folder take each other's crates for their own. Packages from outside
//! have no such trouble: what the clone has built of them is linked into the copy's folder.

use std::{
    fs::{self, File, FileTimes},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    paths::{self, Scratch},
    process::Program,
};

/// Folders of the clone that no build needs.
const LEFT_OUT: [&str; 4] = [".git", "target", "node_modules", "tmp"];

/// The copy of the clone: its files, with changes that are not committed yet.
pub struct Twin {
    place: Place,
}

/// Where a copy lies.
enum Place {
    /// It goes when the copy does.
    Passing(Scratch),
    /// It stays, with what was built in it; the lock keeps another run out of it.
    Kept(PathBuf, #[expect(dead_code, reason = "held, and let go by the end of the copy")] File),
}

impl Twin {
    /// Copies the clone, and links what was built of packages from outside. The copy goes when this value does.
    pub fn of(repo: &Path) -> Result<Self> {
        let place = place(repo)?;
        let twin = Self { place: Place::Passing(Scratch::make_in(&place, "copy")?) };
        copy_files(repo, &twin.folder())?;
        twin.borrow_built(repo)?;
        Ok(twin)
    }

    /// The copy that stays from run to run, brought to what the clone is now: only what has changed is built.
    ///
    /// # Errors
    /// When another run has it.
    pub fn kept(repo: &Path) -> Result<Self> {
        let folder = place(repo)?.join("kept");
        fs::create_dir_all(&folder)?;
        let lock = File::create(folder.join("lock"))?;
        lock.try_lock().context("another run changes the copy of the clone")?;
        let twin = Self { place: Place::Kept(folder, lock) };
        bring_up(repo, &twin.folder())?;
        twin.borrow_built(repo)?;
        Ok(twin)
    }

    fn borrow_built(&self, repo: &Path) -> Result<()> {
        let (from, to) = (paths::built(repo).join("debug"), self.target().join("debug"));
        for (part, takes) in
            [(".fingerprint", is_foreign as fn(&str) -> bool), ("build", is_foreign), ("deps", is_foreign_part)]
        {
            borrow(&from.join(part), &to.join(part), takes)?;
        }
        Ok(())
    }

    fn root(&self) -> &Path {
        match &self.place {
            Place::Passing(scratch) => scratch.path(),
            Place::Kept(folder, _) => folder,
        }
    }

    /// The copy of the clone's folder.
    pub fn folder(&self) -> PathBuf {
        self.root().join("clone")
    }

    /// Cargo in the copy, with the copy's target folder.
    pub fn cargo(&self, args: &[&str]) -> Program {
        Program::new("cargo in the copy", "cargo")
            .args(args.iter().copied())
            .set("CARGO_TARGET_DIR", self.target())
            .within(self.folder())
    }

    fn target(&self) -> PathBuf {
        self.root().join("target")
    }
}

/// The folder of all copies, without those that dead tools left.
fn place(repo: &Path) -> Result<PathBuf> {
    let place = paths::built(repo).join("copies");
    fs::create_dir_all(&place)?;
    paths::sweep_in(&place);
    Ok(place)
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
            } else if place.exists() {
                // Borrowed by an earlier run.
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

/// Makes a folder hold what another holds. A file is written only where it differs, and then with the time
/// of now: cargo builds what is newer than what it has built, and a patch that was taken back is just that.
fn bring_up(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        let (mine, theirs) = (entry.path(), from.join(entry.file_name()));
        if entry.file_type()?.is_dir() && !theirs.is_dir() {
            fs::remove_dir_all(mine)?;
        } else if entry.file_type()?.is_file() && !theirs.is_file() {
            fs::remove_file(mine)?;
        }
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, theirs) = (entry.file_name(), entry.path());
        let mine = to.join(&name);
        if LEFT_OUT.iter().any(|skip| name == *skip) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            bring_up(&theirs, &mine)?;
        } else if entry.file_type()?.is_file() {
            let text = fs::read(&theirs)?;
            if fs::read(&mine).ok().as_ref() != Some(&text) {
                fs::write(&mine, text)?;
            }
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

    #[test]
    fn a_kept_copy_is_brought_up_and_what_is_the_same_keeps_its_time() {
        let (from, to) = (Scratch::make("kept-from").unwrap(), Scratch::make("kept-to").unwrap());
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
        for (folder, name, text) in
            [(&from, "a.rs", "same"), (&to, "a.rs", "same"), (&from, "b.rs", "new"), (&to, "b.rs", "patched")]
        {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            fs::File::options().append(true).open(path).unwrap().set_modified(old).unwrap();
        }
        fs::create_dir_all(to.path().join("gone")).unwrap();
        fs::write(to.path().join("gone/c.rs"), "").unwrap();
        bring_up(from.path(), to.path()).unwrap();
        let time = |name: &str| fs::metadata(to.path().join(name)).unwrap().modified().unwrap();
        assert_eq!(time("a.rs"), old);
        assert!(time("b.rs") > old, "cargo builds it again");
        assert_eq!(fs::read(to.path().join("b.rs")).unwrap(), b"new");
        assert!(!to.path().join("gone").exists());
    }
}
