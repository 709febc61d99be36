//! Where things lie: the clone, the cache outside it, and the folders that `nobody` can reach.
//!
//! PostgreSQL refuses to run as root, so root starts it as `nobody`, who cannot look into a home of mode 700.
//! For root the PostgreSQL programs, and the data when the clone cannot be reached either, therefore lie
//! under `/var/cache/kundelik`, unless the ordinary cache is open to everybody.

use std::{
    env, fs,
    io::ErrorKind,
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::secrets;

/// The folder of the clone that this tool was started in.
pub fn repo() -> Result<PathBuf> {
    let inside = env::var_os("CARGO_MANIFEST_DIR").map_or_else(env::current_dir, |dir| Ok(dir.into()))?;
    inside
        .ancestors()
        .find(|dir| dir.join("Cargo.lock").is_file() && dir.join("platform").is_dir())
        .map(Path::to_path_buf)
        .context("this is no clone of Kundelik")
}

/// What may be fetched or built again: `$KUNDELIK_CACHE`, else `kundelik` in the user's cache folder.
pub fn cache() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(own) = set("KUNDELIK_CACHE") {
        return Ok(own.into());
    }
    let base = match set("XDG_CACHE_HOME") {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(set("HOME").context("HOME is not set")?).join(".cache"),
    };
    Ok(base.join("kundelik"))
}

/// The cache for programs that `nobody` runs; for an ordinary user the ordinary cache.
pub fn cache_for_nobody() -> Result<PathBuf> {
    let ordinary = cache()?;
    if !nix::unistd::geteuid().is_root() || open_to_all(&ordinary) {
        Ok(ordinary)
    } else {
        Ok(PathBuf::from("/var/cache/kundelik"))
    }
}

/// The demo's data of PostgreSQL: in the clone where the user that runs it can get there, else in the cache.
pub fn demo_database(repo: &Path) -> Result<PathBuf> {
    let inside = repo.join("target/demo");
    if !nix::unistd::geteuid().is_root() || open_to_all(repo) {
        return Ok(inside.join("postgres"));
    }
    let name: String =
        repo.to_string_lossy().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Ok(cache_for_nobody()?.join("demo").join(name).join("postgres"))
}

/// The folder where cargo puts what it builds.
pub fn built(repo: &Path) -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => repo.join(dir),
        None => repo.join("target"),
    }
}

/// May everybody pass through all the folders down to this one, as far as they exist?
fn open_to_all(dir: &Path) -> bool {
    dir.ancestors().filter_map(|folder| fs::metadata(folder).ok()).all(|facts| facts.permissions().mode() & 0o001 != 0)
}

/// A folder in the system's temporary folder that goes when this value does.
/// A tool that was killed leaves its folders: the next one sweeps them.
#[derive(Debug)]
pub struct Scratch {
    dir: PathBuf,
}

impl Scratch {
    /// A fresh, empty folder with the process's id in its name.
    pub fn make(name: &str) -> Result<Self> {
        Self::make_in(&env::temp_dir(), name)
    }

    /// The same in a folder other than the system's temporary one.
    pub fn make_in(place: &Path, name: &str) -> Result<Self> {
        let dir = place.join(format!("kundelik-{}-{name}-{}", std::process::id(), secrets::hex(4)?));
        fs::create_dir(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        Ok(Self { dir })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.dir
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Removes what tools that live no more left in the temporary folder: their folders, once no process of
/// theirs is at work there, and sockets of SeaweedFS on which nobody listens.
pub fn sweep() {
    sweep_in(&env::temp_dir());
}

/// The same in a folder other than the system's temporary one.
pub fn sweep_in(place: &Path) {
    let in_use = working_folders();
    let Ok(entries) = fs::read_dir(place) else {
        return;
    };
    for entry in entries.flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let name = name.to_string_lossy();
        let owner = name.strip_prefix("kundelik-").and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        let dead = owner.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists());
        if dead && !in_use.iter().any(|folder| folder.starts_with(&path)) {
            let _ = fs::remove_dir_all(&path);
        }
        let socket = name.starts_with("seaweedfs-") && name.ends_with(".sock");
        if socket && UnixStream::connect(&path).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused) {
            let _ = fs::remove_file(&path);
        }
    }
}

/// The folders in which processes are at work, as far as we may know.
fn working_folders() -> Vec<PathBuf> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|process| fs::read_link(process.path().join("cwd")).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_of_mode_700_is_not_open_to_all() {
        let scratch = Scratch::make("paths").unwrap();
        let inner = scratch.path().join("home/cache");
        fs::create_dir_all(&inner).unwrap();
        assert!(open_to_all(&inner));
        let closed = fs::Permissions::from_mode(0o700);
        fs::set_permissions(scratch.path().join("home"), closed).unwrap();
        assert!(!open_to_all(&inner));
    }

    #[test]
    fn a_folder_of_a_dead_tool_is_swept_and_one_of_a_living_is_not() {
        let mine = Scratch::make("living").unwrap();
        // Above the highest process id that Linux gives.
        let dead = env::temp_dir().join("kundelik-4999999-dead");
        fs::create_dir_all(&dead).unwrap();
        sweep();
        assert!(!dead.exists());
        assert!(mine.path().exists());
    }
}
