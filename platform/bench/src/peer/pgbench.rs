//! The peer as pgbench: one script of all clients, in which each finds its own part by its number.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use kd_store::Address;
use tokio::process::Command;

use super::Script;
/// Where Debian puts it, which is on nobody's PATH.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The oldest that knows pipelines.
const OLDEST: u32 = 14;

/// The newest pgbench of this machine, if it has one that is new enough.
pub fn program() -> Option<PathBuf> {
    let folders = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let debian = folders.map(|folder| folder.path().join("bin/pgbench"));
    let found = debian.chain([PathBuf::from("pgbench")]).filter_map(|program| Some((version(&program)?, program)));
    found.filter(|(version, _)| *version >= OLDEST).max().map(|(_, program)| program)
}

fn version(program: &Path) -> Option<u32> {
    let output = std::process::Command::new(program).arg("--version").stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(2)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Transactions a second.
pub async fn run(
    program: &Path,
    (address, password): (&Address, String),
    scripts: &[Script],
    time: Duration,
) -> Result<f64> {
    let file = std::env::temp_dir().join(format!("kd-bench-{}.sql", std::process::id()));
    std::fs::write(&file, text(scripts)).context("cannot write pgbench's script")?;
    let output = Command::new(program)
        .args(["--no-vacuum", "--protocol=prepared", "--username=kd_app"])
        .arg(format!("--client={}", scripts.len()))
        .arg(format!("--jobs={}", scripts.len().min(2)))
        .arg(format!("--time={}", time.as_secs()))
        .arg(format!("--file={}", file.display()))
        .arg(format!("--host={}", address.host))
        .arg(format!("--port={}", address.port))
        .arg(&address.database)
        .env("PGPASSWORD", password)
        .env("LC_ALL", "C")
        .kill_on_drop(true)
        .output()
        .await;
    std::fs::remove_file(&file)?;
    let output = output.context("pgbench cannot be started")?;
    let (said, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let failed = said.lines().any(|line| line.starts_with("number of failed transactions") && !line.contains(": 0 "));
    if !output.status.success() || failed {
        bail!("pgbench failed: {complaints}");
    }
    rate(&said).with_context(|| format!("pgbench told no rate: {said}"))
}

fn rate(said: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split_whitespace().next()?.parse().ok()
}

fn text(scripts: &[Script]) -> String {
    let mut text = String::new();
    for (number, script) in scripts.iter().enumerate() {
        let word = if number == 0 { "if" } else { "elif" };
        // Writing into a String cannot fail.
        let _ = writeln!(text, "\\{word} :client_id = {number}");
        for fresh in 1..=script.fresh {
            let _ = writeln!(text, "\\set fresh{fresh} random(1, 1000000000000000)");
        }
        text.push_str("\\startpipeline\n");
        for statement in &script.begin {
            let _ = writeln!(text, "{statement};");
        }
        text.push_str("\\endpipeline\n");
        for statement in &script.then {
            let _ = writeln!(text, "{statement};");
        }
    }
    text.push_str("\\endif\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_has_its_own_part() {
        let script = |n: &str, fresh| Script { begin: vec!["BEGIN".into()], then: vec![format!("SELECT {n}")], fresh };
        let right = "\\if :client_id = 0\n\\startpipeline\nBEGIN;\n\\endpipeline\nSELECT 1;\n\
            \\elif :client_id = 1\n\\set fresh1 random(1, 1000000000000000)\n\\startpipeline\nBEGIN;\n\\endpipeline\nSELECT 2;\n\\endif\n";
        assert_eq!(text(&[script("1", 0), script("2", 1)]), right);
    }

    #[test]
    fn the_rate_is_read() {
        let said = "latency average = 3.1 ms\ntps = 5120.25 (without initial connection time)\n";
        assert_eq!(rate(said), Some(5120.25));
        assert_eq!(rate("nothing"), None);
    }
}
