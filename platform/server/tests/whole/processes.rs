//! The real binary, as processes with their own pid, that can be asked to end, killed and paused.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kd_testkit::{World, env};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// Whatever is awaited comes within this time, or the test fails: the limit of F01.
pub const LIMIT: Duration = Duration::from_secs(60);

/// A process of the binary. It is killed when it is dropped.
pub struct Process {
    child: Child,
    pid: Pid,
    said: Arc<Mutex<String>>,
    lines: watch::Receiver<usize>,
}

/// A command of the binary with the settings of a world, and short times.
pub fn kundelik(world: &World, arguments: &[&str]) -> Command {
    let database = format!(
        "postgres://kd_app:{}@{}:{}/{}",
        env("KUNDELIK_APP_PASSWORD"),
        world.platform.host,
        world.platform.port,
        world.platform.database
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_kundelik"));
    command
        .args(arguments)
        .env("DATABASE_URL", database)
        .env("KUNDELIK_PORTAL_URL", &world.house.settings.portal_url)
        .env("KUNDELIK_CONSOLE_URL", &world.house.settings.console_url)
        .env("KUNDELIK_PORTAL_LISTEN", "127.0.0.1:0")
        .env("KUNDELIK_CONSOLE_LISTEN", "127.0.0.1:0")
        .env("KUNDELIK_OPS_LISTEN", "127.0.0.1:0")
        .env("KUNDELIK_DRAIN_SECONDS", "0")
        .env("KUNDELIK_LEASE_SECONDS", "1")
        .env("KUNDELIK_RETRY_SECONDS", "0.05")
        .env("KUNDELIK_POLL_MILLIS", "50")
        .env("KUNDELIK_LOG", "info")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

impl Process {
    /// Starts `kundelik work` on a world's databases, with a fault or without.
    pub fn work(world: &World, fault: Option<&str>) -> Self {
        let mut command = kundelik(world, &["work"]);
        command.env("KUNDELIK_ALLOW_FAULTS", "1").env("KUNDELIK_FAULT", fault.unwrap_or(""));
        Self::start(command)
    }

    /// Starts a command.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let pid = Pid::from_raw(i32::try_from(child.id().expect("pid")).expect("pid"));
        let said = Arc::new(Mutex::new(String::new()));
        let (count, lines) = watch::channel(0);
        let (out, err) = (child.stdout.take().expect("stdout"), child.stderr.take().expect("stderr"));
        tokio::spawn(hear(out, Arc::clone(&said), count.clone()));
        tokio::spawn(hear(err, Arc::clone(&said), count));
        Self { child, pid, said, lines }
    }

    /// Waits until it has said this, on stdout or in its log.
    pub async fn says(&mut self, words: &str) {
        let heard = async {
            while !self.said().contains(words) {
                assert!(self.lines.changed().await.is_ok(), "it ended before it said `{words}`:\n{}", self.said());
            }
        };
        let in_time = tokio::time::timeout(LIMIT, heard).await.is_ok();
        assert!(in_time, "it never said `{words}`:\n{}", self.said());
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        self.said.lock().expect("lock").clone()
    }

    /// Sends it a signal, by its pid.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid, signal).expect("it is alive");
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        match tokio::time::timeout(LIMIT, self.child.wait()).await {
            Ok(status) => status.expect("status"),
            Err(_) => panic!("it goes on:\n{}", self.said()),
        }
    }

    /// Asks it to end, and sees that it does so well.
    pub async fn end(mut self) {
        self.signal(Signal::SIGTERM);
        let status = self.ended().await;
        assert!(status.success(), "{status}:\n{}", self.said());
    }
}

async fn hear(from: impl AsyncRead + Unpin, said: Arc<Mutex<String>>, count: watch::Sender<usize>) {
    let mut lines = BufReader::new(from).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        {
            let mut said = said.lock().expect("lock");
            said.push_str(&line);
            said.push('\n');
        }
        count.send_modify(|n| *n += 1);
    }
}

/// Waits until a question is answered with yes, asking again and again.
pub async fn until<F: AsyncFnMut() -> bool>(what: &str, mut is_so: F) {
    let began = Instant::now();
    let mut again = tokio::time::interval(Duration::from_millis(40));
    while !is_so().await {
        assert!(began.elapsed() < LIMIT, "{what}: not within {LIMIT:?}");
        again.tick().await;
    }
}
