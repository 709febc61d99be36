//! Programs that the tool starts: each in a group of its own, ended with everything it started,
//! and ended by the kernel when the tool is killed outright.
//!
//! The last comes from `PR_SET_PDEATHSIG`, which a process can only set for itself. So each program is
//! started through this same binary (`kd-xtask child …`), which changes the user, sets the death signal
//! and then becomes the program: no unsafe code between fork and exec. The signal follows the *thread*
//! that started the child: programs are started from the main thread only.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufRead, BufReader, PipeWriter},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::{
        prctl,
        signal::{Signal, killpg},
    },
    unistd::{Gid, Pid, Uid, getppid, setgid, setgroups, setuid},
};

use crate::signals;

const TICK: Duration = Duration::from_millis(40);
/// How often long work is heard of.
const TELLING: Duration = Duration::from_secs(15);
/// After this long a program that was asked to end is killed.
const GRACE: Duration = Duration::from_secs(8);

/// A program to be started: what, with which arguments and settings, as whom, and where it writes.
#[derive(Debug)]
pub struct Program {
    name: String,
    path: PathBuf,
    args: Vec<OsString>,
    settings: Vec<(String, OsString)>,
    folder: Option<PathBuf>,
    log: Option<PathBuf>,
    pipe: Option<PipeWriter>,
    owner: Option<Owner>,
    ending: Signal,
    death: Signal,
}

/// The user and group that a program runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The user.
    pub user: Uid,
    /// The group.
    pub group: Gid,
}

impl Program {
    /// A program by its path or by its name on PATH; asked to end by SIGTERM.
    pub fn new(name: &str, path: impl Into<PathBuf>) -> Self {
        Self {
            name: name.to_owned(),
            path: path.into(),
            args: Vec::new(),
            settings: Vec::new(),
            folder: None,
            log: None,
            pipe: None,
            owner: None,
            ending: Signal::SIGTERM,
            death: Signal::SIGKILL,
        }
    }

    /// Adds arguments.
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Adds one setting of the environment.
    pub fn set(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.settings.push((name.to_owned(), value.into()));
        self
    }

    /// Adds settings of the environment.
    pub fn settings(mut self, settings: &[(String, String)]) -> Self {
        let pairs = settings.iter().map(|(k, v)| (k.clone(), v.into()));
        self.settings.extend(pairs);
        self
    }

    /// Starts it in this folder.
    pub fn within(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Lets it write to this file instead of the tool's own output. The file begins anew.
    pub fn log(mut self, file: impl Into<PathBuf>) -> Self {
        self.log = Some(file.into());
        self
    }

    /// Runs it as another user, which only root can.
    pub fn owner(mut self, owner: Option<Owner>) -> Self {
        self.owner = owner;
        self
    }

    /// The signal that asks it to end, instead of SIGTERM.
    pub fn ending(mut self, signal: Signal) -> Self {
        self.ending = signal;
        self
    }

    /// The signal that the kernel sends it when the tool is killed, instead of SIGKILL.
    pub fn death(mut self, signal: Signal) -> Self {
        self.death = signal;
        self
    }

    /// Starts it and lets it run.
    pub fn start(self) -> Result<Running> {
        // The link leads to this binary even after it was built anew.
        let mut command = Command::new("/proc/self/exe");
        command.arg("child");
        command.args(["--parent", &std::process::id().to_string()]);
        command.args(["--death", self.death.as_str()]);
        if let Some(owner) = self.owner {
            command.arg(format!("--owner={}:{}", owner.user, owner.group));
        }
        command.arg("--").arg(&self.path).args(&self.args);
        command.envs(self.settings.iter().map(|(k, v)| (k, v)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        if let Some(log) = &self.log {
            fs::create_dir_all(log.parent().unwrap_or(Path::new(".")))?;
            let out = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
            command.stderr(out.try_clone()?).stdout(out);
        }
        if let Some(pipe) = self.pipe {
            command.stderr(pipe.try_clone()?).stdout(pipe);
        }
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", self.name))?;
        Ok(Running {
            group: Pid::from_raw(child.id().try_into()?),
            child,
            name: self.name,
            ending: self.ending,
            log: self.log,
        })
    }

    /// Runs it to its end; an error when it fails or the tool is asked to end meanwhile.
    pub fn run(self) -> Result<()> {
        let mut running = self.start()?;
        let status = running.wait()?;
        if !status.success() {
            bail!("{} failed ({status}){}", running.name, running.tail());
        }
        Ok(())
    }

    /// Runs it to its end; every now and then shows the last line of its log, so that long work is seen to go on.
    pub fn run_telling(self) -> Result<()> {
        let mut running = self.start()?;
        let (mut told, mut last) = (Instant::now(), String::new());
        let status = loop {
            if let Some(status) = running.ended()? {
                break status;
            }
            signals::check()?;
            thread::sleep(TICK);
            if told.elapsed() > TELLING {
                told = Instant::now();
                let line = running.log.as_deref().map(last_line).unwrap_or_default();
                if line != last {
                    println!("      {line}");
                    last = line;
                }
            }
        };
        if !status.success() {
            bail!("{} failed ({status}){}", running.name, running.tail());
        }
        Ok(())
    }

    /// Runs it to its end, shows what it writes, and lets `ear` hear every line; an error when it fails.
    pub fn run_heard(mut self, mut ear: impl FnMut(&str) + Send + 'static) -> Result<()> {
        let (reader, writer) = io::pipe()?;
        self.pipe = Some(writer);
        let mut running = self.start()?;
        let listener = thread::spawn(move || {
            for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                println!("{line}");
                ear(&line);
            }
        });
        let status = running.wait();
        // Whatever it left behind would keep the pipe open.
        running.end();
        let _ = listener.join();
        let status = status?;
        if !status.success() {
            bail!("{} failed ({status})", running.name);
        }
        Ok(())
    }
}

/// A program that runs. It ends, with all it started, when this value is dropped.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
    group: Pid,
    ending: Signal,
    log: Option<PathBuf>,
}

impl Running {
    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The process itself: what it became keeps the number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            signals::check()?;
            thread::sleep(TICK);
        }
    }

    /// Waits until `ready` says yes; an error when the program ends before, or time runs out.
    pub fn until(&mut self, limit: Duration, ready: impl Fn() -> bool) -> Result<()> {
        let began = Instant::now();
        while !ready() {
            if let Some(status) = self.ended()? {
                bail!("{} ended at its start ({status}){}", self.name, self.tail());
            }
            if began.elapsed() > limit {
                let seconds = limit.as_secs();
                bail!("{} was not ready in {seconds} s{}", self.name, self.tail());
            }
            signals::check()?;
            thread::sleep(TICK);
        }
        Ok(())
    }

    /// The end of its log, for an error message; empty when it has none.
    pub fn tail(&self) -> String {
        self.log.as_deref().map(tail).unwrap_or_default()
    }

    /// Asks it to end without waiting, so that several can end at the same time.
    pub fn ask_to_end(&self) {
        let _ = killpg(self.group, self.ending);
    }

    /// Asks it to end, waits, and kills what is left of it.
    pub fn end(&mut self) {
        self.ask_to_end();
        let began = Instant::now();
        while began.elapsed() < GRACE && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(TICK);
        }
        // Also what the program itself left behind.
        let _ = killpg(self.group, Signal::SIGKILL);
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// The last line of a log, without what surrounds it.
fn last_line(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().last().unwrap_or_default().trim().to_owned()
}

/// The last lines of a log, set off for an error message.
pub fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().skip(lines.len().saturating_sub(25));
    let shown: String = last.map(|line| format!("\n    {line}")).collect();
    format!("; the end of {}:{shown}", log.display())
}

/// The other side of `Program::start`: becomes the program, as its owner and bound to the tool's life.
pub fn become_program(parent: i32, death: &str, owner: Option<&str>, program: &[OsString]) -> Result<()> {
    if let Some(owner) = owner {
        let (user, group) = owner.split_once(':').context("an owner is user:group")?;
        setgroups(&[])?;
        setgid(Gid::from_raw(group.parse()?))?;
        setuid(Uid::from_raw(user.parse()?))?;
    }
    // After the change of user, which would clear it.
    prctl::set_pdeathsig(death.parse::<Signal>()?)?;
    if getppid() != Pid::from_raw(parent) {
        bail!("the tool ended before its child began");
    }
    let (path, args) = program.split_first().context("no program to become")?;
    let mut command = Command::new(path);
    // What cargo tells this tool of itself, such as its folder, is news to a build script of a package: cargo would
    // compile the package, and all that stands on it, anew in every clone.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_MANIFEST_") || name.to_string_lossy().starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
    let error = command.args(args).exec();
    Err(error).with_context(|| format!("cannot start {}", path.display()))
}
