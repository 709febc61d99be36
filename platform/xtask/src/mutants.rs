//! `cargo xtask mutants`: shows that the tests guard what they say. Each patch in a folder `mutants`
//! takes one guard out of the code; the test that the patch names must then fail. A copy of the clone
//! is changed, never the clone itself.
//!
//! A patch begins with lines for people and for this tool, and goes on as `git diff` wrote it:
//!
//! ```text
//! Guard: S03, an object of another school reads as missing
//! Test: cargo test -p kd-journal s03_
//! ```

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::{copies::Twin, counts::Counts, product, say, services::Kind, settings::Settings, signals, test::Bench};

/// Where the rooms keep their patches: beside the code they change.
const FOLDERS: [&str; 2] = ["platform", "tenants"];

/// By these the tests' databases are made, before the first test.
const MAKERS: [&str; 2] = ["migrations/", "platform/store/src/bootstrap.rs"];

/// A patch and the test that must notice it.
#[derive(Debug, PartialEq, Eq)]
struct Mutant {
    file: PathBuf,
    guard: String,
    test: String,
    /// It changes what the tests' databases are made by.
    migrates: bool,
}

/// What became of a mutant.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// The test failed, as it should.
    Noticed,
    /// The test passed without the guard.
    Survived,
    /// The code did not compile, or no test ran: nothing is shown.
    Nothing,
}

/// Tries all patches whose path holds `only`.
pub fn run(only: Option<&str>) -> Result<()> {
    let mut bench = Bench::open()?;
    let mutants = find(&bench.repo, only.unwrap_or_default())?;
    if mutants.is_empty() {
        bail!("there is no patch to try");
    }
    product::build(&bench.repo)?;
    let twin = Twin::kept(&bench.repo)?;
    let greens = greens(&mut bench, &twin, &mutants)?;
    let mut bad = Vec::new();
    for mutant in &mutants {
        let began = Instant::now();
        // The tests make their databases from a template of the migrations: other migrations, other services.
        if mutant.migrates || bench.services.is_none() {
            bench.start_services(Kind::Test)?;
        }
        let settings = bench.settings().clone();
        let fate = if greens.contains(&mutant.test) { tried(&twin, mutant, &settings)? } else { Fate::Nothing };
        if mutant.migrates {
            bench.services = None;
        }
        let name = mutant.file.strip_prefix(&bench.repo).unwrap_or(&mutant.file).display();
        let took = say::length(began.elapsed());
        say::line(format!("  {fate:?}: {} ({name}, {took})", mutant.guard));
        if fate != Fate::Noticed {
            bad.push(mutant.guard.clone());
        }
    }
    say::line(format!("{} passed, {} failed", mutants.len() - bad.len(), bad.len()));
    if !bad.is_empty() {
        bail!("no test turned red for: {}", bad.join("; "));
    }
    Ok(())
}

/// The tests that pass without a patch. All of them are tried before the first patch, while nothing is changed
/// and so nothing is built twice.
fn greens(bench: &mut Bench, twin: &Twin, mutants: &[Mutant]) -> Result<BTreeSet<String>> {
    bench.start_services(Kind::Test)?;
    let settings = bench.settings().clone();
    let mut greens = BTreeSet::new();
    for name in mutants.iter().map(|mutant| &mutant.test).collect::<BTreeSet<_>>() {
        if test(twin, name, &settings)? == Fate::Survived {
            greens.insert(name.clone());
        } else {
            say::line(format!("  without a patch it does not pass: {name}"));
        }
    }
    Ok(greens)
}

/// All patches in folders named `mutants` of the crates.
fn find(repo: &Path, only: &str) -> Result<Vec<Mutant>> {
    let mut mutants = Vec::new();
    for part in FOLDERS {
        for crate_folder in fs::read_dir(repo.join(part))? {
            let folder = crate_folder?.path().join("mutants");
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let file = entry?.path();
                if file.extension().is_some_and(|e| e == "patch") && file.to_string_lossy().contains(only) {
                    mutants.push(parse(&file, &fs::read_to_string(&file)?)?);
                }
            }
        }
    }
    mutants.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(mutants)
}

fn parse(file: &Path, text: &str) -> Result<Mutant> {
    let line = |key: &str| {
        let found = text.lines().take_while(|l| !l.starts_with("diff ")).find_map(|l| l.strip_prefix(key));
        found.map(|rest| rest.trim().to_owned()).with_context(|| format!("{} has no line `{key}`", file.display()))
    };
    let test = line("Test:")?;
    if !test.starts_with("cargo test ") {
        bail!("{}: the test must begin with `cargo test`", file.display());
    }
    let migrates = MAKERS.iter().any(|maker| text.contains(&format!("+++ b/{maker}")));
    Ok(Mutant { file: file.to_path_buf(), guard: line("Guard:")?, test, migrates })
}

/// Patches, tests, and takes the patch back.
fn tried(twin: &Twin, mutant: &Mutant, settings: &Settings) -> Result<Fate> {
    apply(&twin.folder(), &mutant.file, &[])?;
    let fate = test(twin, &mutant.test, settings);
    apply(&twin.folder(), &mutant.file, &["--reverse"])?;
    fate
}

fn apply(folder: &Path, patch: &Path, more: &[&str]) -> Result<()> {
    let output = Command::new("git")
        // A guard is no package: what else changed when the patch was made is left out.
        .args(["apply", "--whitespace=nowarn", "--exclude=Cargo.lock"])
        .args(more)
        .arg(patch)
        .current_dir(folder)
        // The copy is no repository; without this git would look for one further up.
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder))
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} does not fit the code any more: {said}", patch.display());
    }
    Ok(())
}

/// `Survived` when the test passes on the copy as it is now.
fn test(twin: &Twin, test: &str, settings: &Settings) -> Result<Fate> {
    let counts: Arc<Mutex<Counts>> = Arc::default();
    let heard = Arc::clone(&counts);
    let args: Vec<&str> = test.split_whitespace().skip(1).collect();
    let result = twin.cargo(&args).settings(settings).set("CARGO_TERM_QUIET", "true").run_heard(move |line| {
        if let Ok(mut counts) = heard.lock() {
            *counts += Counts::of(line);
        }
    });
    signals::check()?;
    let counts = counts.lock().map(|counts| *counts).unwrap_or_default();
    Ok(match (result, counts) {
        (Ok(()), Counts { passed: 1.., .. }) => Fate::Survived,
        (Err(_), Counts { failed: 1.., .. }) => Fate::Noticed,
        _ => Fate::Nothing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::Scratch;

    #[test]
    fn a_patch_names_its_guard_and_its_test() {
        let text =
            "Guard: S03, an object of another school\nTest: cargo test -p kd-journal s03_\n\ndiff --git a/x b/x\n";
        let mutant = parse(Path::new("s03.patch"), text).unwrap();
        assert_eq!(mutant.guard, "S03, an object of another school");
        assert_eq!(mutant.test, "cargo test -p kd-journal s03_");
        for bad in [
            "Guard: x\ndiff ",
            "Test: cargo test x\ndiff ",
            "Guard: x\nTest: rm x\n",
            "diff \nGuard: x\nTest: cargo test",
        ] {
            assert!(parse(Path::new("bad.patch"), bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_patch_changes_the_code_and_goes_again() {
        let (repo, patches) = (Scratch::make("mutants-repo").unwrap(), Scratch::make("patches").unwrap());
        fs::write(repo.path().join("guard.txt"), "may\n").unwrap();
        let patch = patches.path().join("a.patch");
        let diff = "Guard: a\nTest: cargo test\n\ndiff --git a/guard.txt b/guard.txt\n--- a/guard.txt\n+++ b/guard.txt\n@@ -1 +1 @@\n-may\n+must\n";
        fs::write(&patch, diff).unwrap();
        let read = || fs::read_to_string(repo.path().join("guard.txt")).unwrap();
        apply(repo.path(), &patch, &[]).unwrap();
        assert_eq!(read(), "must\n");
        assert!(apply(repo.path(), &patch, &[]).is_err());
        apply(repo.path(), &patch, &["--reverse"]).unwrap();
        assert_eq!(read(), "may\n");
    }
}
