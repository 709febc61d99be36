//! What the tests of the cache need: a Redis of their own, and a way to it that can be cut.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A Redis of the test's own; it ends with the test.
pub struct Redis {
    pub port: u16,
    password: Option<&'static str>,
    child: Option<Child>,
}

impl Redis {
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    pub async fn start_with(password: Option<&'static str>) -> Self {
        let mut redis = Self { port: free_port(), password, child: None };
        redis.rise().await;
        redis
    }

    /// Starts again at the same port, empty.
    pub async fn rise(&mut self) {
        let mut command = Command::new(program());
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]);
        command.args(["--port", &self.port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(password) = self.password {
            command.args(["--requirepass", password]);
        }
        self.child = Some(command.spawn().expect("the Redis server starts"));
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "Redis does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("the Redis server can be ended");
            child.wait().expect("the Redis server ends");
        }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The server's program: `TEST_REDIS_SERVER`, or the first of the usual names in `PATH`.
fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("TEST_REDIS_SERVER") {
        return path.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .flat_map(|folder| [folder.join("redis-server"), folder.join("valkey-server")])
        .find(|file| file.is_file())
        .expect("these tests need a Redis server: set TEST_REDIS_SERVER, or put redis-server into PATH")
}

pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// A way to Redis that can be made silent: bytes go neither way, and no connection is closed.
pub struct Way {
    address: SocketAddr,
    silences: Arc<Silences>,
}

#[derive(Default)]
struct Silences {
    now: AtomicBool,
    /// How often it fell silent.
    count: AtomicUsize,
}

impl Way {
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let silences = Arc::new(Silences::default());
        let shared = Arc::clone(&silences);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let silences = Arc::clone(&shared);
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    let (near_in, near_out) = near.into_split();
                    let (far_in, far_out) = far.into_split();
                    tokio::spawn(carry(near_in, far_out, Arc::clone(&silences)));
                    carry(far_in, near_out, silences).await;
                });
            }
        });
        Self { address, silences }
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// From now on nothing passes, and what comes is lost.
    pub fn silence(&self) {
        self.silences.count.fetch_add(1, Ordering::SeqCst);
        self.silences.now.store(true, Ordering::SeqCst);
    }

    /// New connections pass again; those that were silenced stay as they are.
    pub fn speak(&self) {
        self.silences.now.store(false, Ordering::SeqCst);
    }
}

async fn carry<R: AsyncReadExt + Unpin, W: AsyncWriteExt + Unpin>(mut from: R, mut to: W, silences: Arc<Silences>) {
    let mut bytes = [0_u8; 4096];
    let mut cut = false;
    let born = silences.count.load(Ordering::SeqCst);
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        cut |= silences.now.load(Ordering::SeqCst) || silences.count.load(Ordering::SeqCst) != born;
        if !cut && to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
    if cut {
        std::future::pending::<()>().await;
    }
}

/// Tries until it holds; panics when it does not within the time. Answers how long it took.
pub async fn within(limit: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < limit, "{what}: not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}
