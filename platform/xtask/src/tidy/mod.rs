//! `cargo xtask tidy`: the rules of the house that a machine can keep. Each rule is a sweep over the
//! clone's files that tells how much it looked at; a sweep that looked at nothing fails, because then
//! it guards nothing. What a rule means stands in docs/STYLE.md.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::say;

mod code;
mod floors;
mod handlers;
mod lengths;
mod patches;
mod problems;
mod texts;
mod words;

/// Folders in which nothing was written by people.
const NOT_OURS: &[&str] = &["target", "node_modules", "dist", "tmp", "generated", ".git"];
/// A larger file is no text that a rule reads.
const LARGEST: u64 = 2_000_000;

/// A text file of the clone.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path from the clone's folder, with `/`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// What a sweep found.
#[derive(Debug, Default)]
pub struct Report {
    /// How many things it looked at.
    pub looked: usize,
    /// What is wrong, as `path:line: sentence`.
    pub faults: Vec<String>,
}

impl Report {
    /// Notes one thing that was looked at, and what is wrong with it, if anything is.
    fn note(&mut self, fault: Option<String>) {
        self.looked += 1;
        self.faults.extend(fault);
    }
}

type Rule = (&'static str, fn(&[Source]) -> Report);

const RULES: &[Rule] = &[
    ("file lengths", lengths::files),
    ("function lengths", lengths::functions),
    ("heads", words::heads),
    ("names of modules", words::modules),
    ("words that code may not hold", words::code),
    ("words that no file may hold", words::all),
    ("words of the store", words::store),
    ("floors", floors::directions),
    ("guard first", handlers::guard_first),
    ("wire shapes", handlers::wire_shapes),
    ("patches that fit", patches::fit),
    ("problem codes", problems::codes),
    ("keys of the texts", texts::keys),
    ("Kazakh is not Russian", texts::kazakh),
];

/// Sweeps the clone by every rule; an error when any has a fault or looked at nothing.
pub fn check(repo: &Path) -> Result<()> {
    let sources = read(repo)?;
    let mut bad = 0;
    for (name, rule) in RULES {
        let report = rule(&sources);
        say::line(format!("  {name:<30}{:>6} looked at", report.looked));
        if report.looked == 0 {
            say::line(format!("    `{name}` looked at nothing: it guards nothing"));
            bad += 1;
        }
        for fault in &report.faults {
            say::line(format!("    {fault}"));
        }
        bad += report.faults.len();
    }
    if bad > 0 {
        bail!("{bad} faults against the rules of the house (docs/STYLE.md)");
    }
    Ok(())
}

/// An error when any rule has a fault in this folder of the clone.
pub fn check_folder(repo: &Path, folder: &str) -> Result<()> {
    let sources = read(repo)?;
    let faults = RULES.iter().flat_map(|(_, rule)| rule(&sources).faults);
    let faults: Vec<String> = faults.filter(|fault| fault.starts_with(folder)).collect();
    if !faults.is_empty() {
        bail!("against the rules of the house: {}", faults.join("; "));
    }
    Ok(())
}

/// All text files of the clone that people write.
fn read(repo: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    gather(repo, repo, &mut sources)?;
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn gather(repo: &Path, folder: &Path, sources: &mut Vec<Source>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let (path, kind): (PathBuf, _) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            if !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
                gather(repo, &path, sources)?;
            }
        } else if kind.is_file() && entry.metadata()?.len() <= LARGEST {
            // What is no UTF-8 is a picture or a font.
            if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(repo)?.to_string_lossy().into_owned();
                sources.push(Source { path, text });
            }
        }
    }
    Ok(())
}

impl Source {
    /// Is it a file of Rust?
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Is it a file of TypeScript?
    fn is_typescript(&self) -> bool {
        (self.path.ends_with(".ts") || self.path.ends_with(".tsx")) && !self.path.ends_with(".d.ts")
    }

    /// Does it only exist for tests?
    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.contains("/tests/") || name == "tests.rs" || name.ends_with("_tests.rs")
    }

    /// Is it one of this very tool's rules, which must name what they forbid?
    fn is_rule(&self) -> bool {
        self.path.starts_with("platform/xtask/src/tidy/")
    }

    /// A fault at this byte of the text.
    fn fault(&self, at: usize, sentence: &str) -> String {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        format!("{}:{line}: {sentence}", self.path)
    }
}

#[cfg(test)]
fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::Scratch;

    #[test]
    fn a_sweep_that_looks_at_nothing_fails() {
        let scratch = Scratch::make("tidy").unwrap();
        let error = check(scratch.path()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{} faults", RULES.len())), "{error}");
    }

    #[test]
    fn what_people_did_not_write_is_not_read() {
        let scratch = Scratch::make("tidy-read").unwrap();
        for folder in ["target/debug", "platform/web/node_modules/x", "platform/a/src"] {
            fs::create_dir_all(scratch.path().join(folder)).unwrap();
            fs::write(scratch.path().join(folder).join("a.rs"), "//! A.\n").unwrap();
        }
        let read = read(scratch.path()).unwrap();
        let paths: Vec<_> = read.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(paths, ["platform/a/src/a.rs"]);
    }
}
