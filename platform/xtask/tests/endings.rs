//! Endings: however the tool ends, nothing that it started goes on. The real tool, real services, real kills.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

const GIVEN: [&str; 4] = ["DATABASE_URL", "REDIS_URL", "S3_ENDPOINT", "SMTP_URL"];

/// The tool with services of its own.
struct Tool {
    child: Child,
    home: PathBuf,
}

impl Tool {
    fn start(name: &str) -> Self {
        let home = env::temp_dir().join(format!("kundelik-{}-ending-{name}", std::process::id()));
        fs::create_dir_all(&home).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_kd-xtask"));
        for name in GIVEN {
            command.env_remove(name);
        }
        let log = fs::File::create(home.join("tool.log")).unwrap();
        let child = command
            .args(["services", "--home"])
            .arg(&home)
            .arg("--out")
            .arg(home.join("services.env"))
            .stdin(Stdio::null())
            .stdout(log)
            .spawn()
            .unwrap();
        let mut tool = Self { child, home };
        // A first start may have to fetch the services.
        let ready =
            within(Duration::from_secs(300), || tool.settings().exists() || tool.child.try_wait().unwrap().is_some());
        assert!(ready && tool.settings().exists(), "{}", tool.said());
        tool
    }

    fn settings(&self) -> PathBuf {
        self.home.join("services.env")
    }

    fn said(&self) -> String {
        fs::read_to_string(self.home.join("tool.log")).unwrap_or_default()
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// All that it started, and what those started.
    fn offspring(&self) -> Vec<u32> {
        let mut found = vec![self.child.id()];
        let mut at = 0;
        while let Some(parent) = found.get(at).copied() {
            found.extend(processes().into_iter().filter(|p| p.parent == parent).map(|p| p.id));
            at += 1;
        }
        found.split_off(1)
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.home);
    }
}

#[derive(PartialEq)]
struct Process {
    id: u32,
    parent: u32,
}

/// All processes that live. One that ended and waits for its parent to notice lives no more.
fn processes() -> Vec<Process> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries.filter_map(|entry| describe(&entry.path())).collect()
}

fn describe(folder: &Path) -> Option<Process> {
    let id = folder.file_name()?.to_str()?.parse().ok()?;
    let facts = fs::read_to_string(folder.join("stat")).ok()?;
    // The name in brackets may hold anything.
    let mut rest = facts.rsplit_once(')')?.1.split_whitespace();
    let (state, parent) = (rest.next()?, rest.next()?.parse().ok()?);
    (state != "Z").then_some(Process { id, parent })
}

fn within(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < limit {
        if done() {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

/// The command lines of those that still live after a while.
fn left_of(offspring: &[u32]) -> Vec<String> {
    let living = || processes().into_iter().filter(|process| offspring.contains(&process.id));
    within(Duration::from_secs(20), || living().next().is_none());
    living().map(|process| line_of(process.id)).collect()
}

fn line_of(id: u32) -> String {
    let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).replace('\0', " ")
}

#[test]
fn a_killed_tool_leaves_nothing_running() {
    let mut tool = Tool::start("killed");
    let offspring = tool.offspring();
    assert!(offspring.len() > 8, "four services and PostgreSQL's own: {offspring:?}");
    tool.signal(Signal::SIGKILL);
    tool.child.wait().unwrap();
    assert_eq!(left_of(&offspring), Vec::<String>::new());
}

#[test]
fn ctrl_c_ends_everything_and_takes_the_settings_away() {
    let mut tool = Tool::start("asked");
    let offspring = tool.offspring();
    assert!(!offspring.is_empty());
    tool.signal(Signal::SIGINT);
    let status = tool.child.wait().unwrap();
    assert!(status.success(), "{}", tool.said());
    assert!(!tool.settings().exists());
    assert_eq!(left_of(&offspring), Vec::<String>::new());
}

#[test]
fn a_service_that_dies_is_reported_and_the_rest_ends() {
    let mut tool = Tool::start("fallen");
    let offspring = tool.offspring();
    let redis = offspring.iter().copied().find(|id| line_of(*id).contains("-server 127.0.0.1:"));
    let redis = Pid::from_raw(redis.unwrap().try_into().unwrap());
    kill(redis, Signal::SIGKILL).unwrap();
    let status = tool.child.wait().unwrap();
    assert!(!status.success());
    assert!(tool.said().contains("ended by itself: Redis"), "{}", tool.said());
    assert_eq!(left_of(&offspring), Vec::<String>::new());
}
