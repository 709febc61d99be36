//! What is remembered from one start to the next: ports, passwords and keys, in a file only its owner reads.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::secrets;

/// Ports by the name of who listens there; secrets by the name of the setting.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// Ports on 127.0.0.1.
    pub ports: BTreeMap<String, u16>,
    secrets: BTreeMap<String, String>,
    #[serde(skip)]
    file: Option<PathBuf>,
}

impl State {
    /// The state of `file`, or an empty one when there is no such file yet.
    pub fn open(file: PathBuf) -> Result<Self> {
        let mut state: Self = match fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text)
                .with_context(|| format!("{} is no state of ours: remove it", file.display()))?,
            Err(_) => Self::default(),
        };
        state.file = Some(file);
        Ok(state)
    }

    /// The secret of this name: last time's, or `bytes` fresh random bytes in hex.
    pub fn secret(&mut self, name: &str, bytes: usize) -> Result<String> {
        if let Some(known) = self.secrets.get(name) {
            return Ok(known.clone());
        }
        let fresh = secrets::hex(bytes)?;
        self.secrets.insert(name.to_owned(), fresh.clone());
        Ok(fresh)
    }

    /// Writes the state down, mode 600. A state without a file keeps nothing.
    pub fn keep(&self) -> Result<()> {
        match &self.file {
            Some(file) => write_private(file, &serde_json::to_vec_pretty(self)?),
            None => Ok(()),
        }
    }
}

/// Writes a file that only its owner may read, whole or not at all.
pub fn write_private(file: &Path, text: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let fresh = file.with_extension("new");
    // A left-over of a cut write could have other rights.
    let _ = fs::remove_file(&fresh);
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)
        .and_then(|mut out| out.write_all(text))
        .and_then(|()| fs::rename(&fresh, file))
        .with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::paths::Scratch;

    #[test]
    fn a_state_comes_back_and_only_its_owner_reads_it() {
        let scratch = Scratch::make("state").unwrap();
        let file = scratch.path().join("state.json");
        let mut state = State::open(file.clone()).unwrap();
        let secret = state.secret("KEY", 32).unwrap();
        state.ports.insert("portal".into(), 8080);
        state.keep().unwrap();
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let mut again = State::open(file).unwrap();
        assert_eq!(again.secret("KEY", 32).unwrap(), secret);
        assert_eq!(again.ports.get("portal"), Some(&8080));
    }
}
