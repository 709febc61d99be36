//! `cargo xtask test`: everything that must hold, phase by phase, with services of its own; the first
//! phase that fails ends it. The walk in the browser is in `e2e.rs`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::{
    counts::Counts,
    e2e, hand, new_room, openapi,
    paths::{self, Scratch},
    process::Program,
    product, say,
    services::{Kind, Profile, Services},
    settings::Settings,
    signals::{self, Interrupted},
    state::State,
    tidy, web,
};

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Format, lints, tests and specs of the server.
    Rust,
    /// Types, lints, tests and build of the web.
    Web,
    /// The main job in the browser.
    E2e,
    /// What `new-room` makes.
    Room,
}

/// What the phases share.
pub struct Bench {
    /// The clone.
    pub repo: PathBuf,
    /// Logs, and what else is left for a look.
    pub out: PathBuf,
    /// The tests' services; there from the phase that starts them on.
    pub services: Option<Services>,
    /// Ports and secrets of this run.
    pub state: State,
    settings: Settings,
    scratch: Scratch,
    counts: Arc<Mutex<Counts>>,
}

type Phase = (&'static str, fn(&mut Bench) -> Result<()>);

const TIDY: &[Phase] = &[("tidy", |bench| tidy::check(&bench.repo))];
const RUST: &[Phase] = &[
    ("format", |bench| cargo(bench, &["fmt", "--all", "--check"])),
    ("lints", |bench| cargo(bench, &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    ("pages", pages),
    ("services", |bench| bench.start_services(Kind::Test)),
    ("server", |bench| product::build(&bench.repo).map(drop)),
    ("tests", |bench| cargo(bench, &["test", "--workspace", "--no-fail-fast"])),
    ("specs", |bench| openapi::compare(&bench.repo, &binary(bench))),
];
const ROOM: &[Phase] = &[("new room", |bench| {
    let counts = new_room::proof(&bench.repo)?;
    bench.add(counts);
    Ok(())
})];
const WEB: &[Phase] = &[
    ("web packages", |bench| web::install(&bench.repo, &bench.log("web-install.log"))),
    ("web checks", |bench| {
        let check = web::npm(&bench.repo, "check");
        bench.hear(check)
    }),
    ("pages", pages),
];
const E2E: &[Phase] = &[
    ("pages", pages),
    ("services", |bench| bench.start_services(Kind::Test)),
    ("server", |bench| product::build(&bench.repo).map(drop)),
    ("browser", e2e::walk),
];

/// Runs all phases, or those of one part, and sums up.
pub fn run(only: Option<Part>) -> Result<()> {
    let began = Instant::now();
    let mut bench = Bench::open()?;
    let parts: &[&[Phase]] = match only {
        None => &[TIDY, RUST, ROOM, WEB, E2E],
        Some(Part::Rust) => &[TIDY, RUST],
        Some(Part::Web) => &[WEB],
        Some(Part::E2e) => &[E2E],
        Some(Part::Room) => &[ROOM],
    };
    let mut done: Vec<(&str, Duration)> = Vec::new();
    let mut failure = None;
    for (name, phase) in parts.iter().copied().flatten() {
        if done.iter().any(|(earlier, _)| earlier == name) {
            continue;
        }
        say::line(format!("── {name}"));
        let start = Instant::now();
        let result = signals::check().and_then(|()| phase(&mut bench));
        done.push((name, start.elapsed()));
        if let Err(error) = result {
            if error.is::<Interrupted>() {
                return Err(error);
            }
            failure = Some(error.context(format!("the phase `{name}` failed")));
            break;
        }
    }
    drop(bench.services.take());
    sum_up(&done, failure.as_ref(), began.elapsed(), bench.counted());
    if failure.is_some() { Err(signals::Said.into()) } else { Ok(()) }
}

fn sum_up(done: &[(&str, Duration)], failure: Option<&anyhow::Error>, took: Duration, counts: Counts) {
    say::line("");
    for (index, (name, time)) in done.iter().enumerate() {
        let failed = failure.is_some() && index + 1 == done.len();
        let word = if failed { "FAILED" } else { "ok" };
        say::line(format!("  {name:<14}{word:<8}{}", say::length(*time)));
    }
    say::line(format!("  {:<14}{:<8}{}", "all", "", say::length(took)));
    say::line("");
    if let Some(error) = failure {
        say::line(format!("{error:#}"));
    }
    // A phase without tests of its own, such as the lints, counts as one failure.
    let failed = counts.failed.max(u64::from(failure.is_some()));
    say::line(format!("{} passed, {failed} failed", counts.passed));
}

impl Bench {
    /// A bench without services yet.
    pub fn open() -> Result<Self> {
        let repo = paths::repo()?;
        Ok(Self {
            out: repo.join("target/test"),
            repo,
            services: None,
            state: State::default(),
            settings: Settings::new(),
            scratch: Scratch::make("test")?,
            counts: Arc::default(),
        })
    }

    /// Starts the services with fresh data: quick ones for tests, durable ones to measure.
    pub fn start_services(&mut self, kind: Kind) -> Result<()> {
        // Earlier ones end first, and their data go.
        self.services = None;
        self.scratch = Scratch::make("test")?;
        hand::open(self.scratch.path())?;
        let folder = self.scratch.path();
        let profile = Profile {
            kind,
            database: folder.join("postgres"),
            data: folder.to_path_buf(),
            logs: self.log("services"),
            mail_port: None,
        };
        let services = Services::start(&profile, &mut self.state)?;
        self.settings = hand::for_tests(&self.repo, &services.addresses, &mut self.state)?;
        self.services = Some(services);
        Ok(())
    }

    /// What the tests read.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A file for the log of a phase.
    pub fn log(&self, name: &str) -> PathBuf {
        self.out.join(name)
    }

    /// Runs a program that runs tests, shows its output and counts them.
    pub fn hear(&self, program: Program) -> Result<()> {
        let counts = Arc::clone(&self.counts);
        program.settings(&self.settings).set("NO_COLOR", "1").run_heard(move |line| {
            if let Ok(mut counts) = counts.lock() {
                *counts += Counts::of(line);
            }
        })
    }

    /// Counts tests that another bench ran.
    fn add(&self, others: Counts) {
        if let Ok(mut counts) = self.counts.lock() {
            *counts += others;
        }
    }

    /// How many tests passed and failed so far.
    pub fn counted(&self) -> Counts {
        self.counts.lock().map(|counts| *counts).unwrap_or_default()
    }
}

/// The binary that the phase `server` built.
pub fn binary(bench: &Bench) -> PathBuf {
    paths::built(&bench.repo).join("debug/kundelik")
}

fn cargo(bench: &mut Bench, args: &[&str]) -> Result<()> {
    let program = Program::new(&format!("cargo {}", args.first().unwrap_or(&"")), "cargo");
    bench.hear(program.args(args.iter().copied()).within(&bench.repo))
}

fn pages(bench: &mut Bench) -> Result<()> {
    web::build(&bench.repo, &bench.log("web-build.log"))
}

/// The folder into which the walk in the browser puts its pictures.
pub fn pictures(repo: &Path) -> Result<PathBuf> {
    let folder = env::var_os("E2E_OUT").map_or_else(|| repo.join("target/e2e"), PathBuf::from);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
