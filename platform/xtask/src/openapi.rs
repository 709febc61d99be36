//! `cargo xtask openapi`: the three specs as the server writes them, into `docs/openapi` or compared with it.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    paths::{self, Scratch},
    process::Program,
    product, say,
};

/// Writes the specs anew.
pub fn write() -> Result<()> {
    let repo = paths::repo()?;
    let binary = product::build(&repo)?;
    produce(&binary, &repo.join("docs/openapi"))?;
    say::line("docs/openapi is written anew");
    Ok(())
}

/// An error when what is checked in differs from what the server would write.
pub fn compare(repo: &Path, binary: &Path) -> Result<()> {
    let scratch = Scratch::make("openapi")?;
    produce(binary, scratch.path())?;
    let (fresh, kept) = (read(scratch.path())?, read(&repo.join("docs/openapi"))?);
    if fresh.is_empty() {
        bail!("`kundelik openapi` wrote no spec");
    }
    let names = fresh.keys().chain(kept.keys()).collect::<std::collections::BTreeSet<_>>();
    let stale: Vec<String> = names
        .into_iter()
        .filter(|name| fresh.get(*name) != kept.get(*name))
        .map(|name| format!("docs/openapi/{name}"))
        .collect();
    if !stale.is_empty() {
        bail!("{} not up to date: run `cargo xtask openapi`", stale.join(", "));
    }
    say::line(format!("  {} specs are up to date", fresh.len()));
    Ok(())
}

fn produce(binary: &Path, folder: &Path) -> Result<()> {
    Program::new("kundelik openapi", binary).args(["openapi".as_ref(), "--out".as_ref(), folder.as_os_str()]).run()
}

/// The specs of a folder by the names of their files.
fn read(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut specs = BTreeMap::new();
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            specs.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(specs)
}
