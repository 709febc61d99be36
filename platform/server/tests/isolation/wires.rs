//! What stands between the house and its services: the names in S3 and the commands of Redis are heard
//! where they pass, and the log is kept.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kd_testkit::env;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tracing_subscriber::EnvFilter;

/// Bytes that several tasks write and a test reads.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn add(&self, bytes: &[u8]) {
        self.bytes().extend_from_slice(bytes);
    }

    pub fn all(&self) -> Vec<u8> {
        self.bytes().clone()
    }

    pub fn len(&self) -> usize {
        self.bytes().len()
    }
}

/// A way to S3 on which everything that is asked is heard.
pub struct Tap {
    pub endpoint: String,
    heard: Heard,
}

impl Tap {
    /// To the S3 service of the tests.
    pub async fn open() -> Self {
        let service = env("S3_ENDPOINT");
        let far = service
            .strip_prefix("http://")
            .expect("S3 of the tests speaks plain HTTP")
            .trim_end_matches('/')
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tap = Self { endpoint: format!("http://{}", listener.local_addr().unwrap()), heard: Heard::default() };
        let heard = tap.heard.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (far, heard) = (TcpStream::connect(&far).await.unwrap(), heard.clone());
                tokio::spawn(carry(near, far, heard));
            }
        });
        tap
    }

    /// A place in what was heard so far.
    pub fn mark(&self) -> usize {
        self.heard.len()
    }

    /// Method and address of every request since the mark.
    pub fn requests(&self, since: usize) -> Vec<(String, String)> {
        let all = self.heard.all();
        let text = String::from_utf8_lossy(all.get(since..).unwrap());
        let heads = text.split("\r\n").filter_map(|line| {
            let (rest, address) = line.strip_suffix(" HTTP/1.1")?.rsplit_once(' ')?;
            // A head may follow upon a body without a line's end between them.
            let method = ["DELETE", "GET", "HEAD", "POST", "PUT"].into_iter().find(|m| rest.ends_with(m))?;
            Some((method.to_owned(), address.to_owned()))
        });
        heads.collect()
    }
}

async fn carry(near: TcpStream, far: TcpStream, heard: Heard) {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let back = tokio::spawn(async move { tokio::io::copy(&mut far_in, &mut near_out).await });
    let mut bytes = vec![0_u8; 65_536];
    while let Ok(count @ 1..) = near_in.read(&mut bytes).await {
        let said = bytes.get(..count).unwrap();
        heard.add(said);
        if far_out.write_all(said).await.is_err() {
            break;
        }
    }
    back.abort();
}

/// Hears every command that this Redis gets, those of its own scripts too.
pub async fn monitor(port: u16) -> Heard {
    let heard = Heard::default();
    let mut wire = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    wire.write_all(b"MONITOR\r\n").await.unwrap();
    let copy = heard.clone();
    tokio::spawn(async move {
        let mut bytes = vec![0_u8; 65_536];
        while let Ok(count @ 1..) = wire.read(&mut bytes).await {
            copy.add(bytes.get(..count).unwrap());
        }
    });
    while heard.len() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    heard
}

/// The words of every command that MONITOR told, as they were sent.
pub fn commands(told: &[u8]) -> Vec<Vec<String>> {
    let text = String::from_utf8_lossy(told);
    text.lines().filter_map(|line| line.split_once("] ")).map(|(_, call)| words(call)).collect()
}

/// `"SET" "a\xd0\x90"`: what stands between quotes, its escapes undone.
fn words(call: &str) -> Vec<String> {
    let (mut all, mut word) = (Vec::new(), None::<Vec<u8>>);
    let mut bytes = call.bytes();
    while let Some(byte) = bytes.next() {
        match (byte, &mut word) {
            (b'"', None) => word = Some(Vec::new()),
            (b'"', Some(_)) => all.push(String::from_utf8_lossy(&word.take().unwrap_or_default()).into_owned()),
            (b'\\', Some(word)) => match bytes.next() {
                Some(b'x') => {
                    let hex: String = bytes.by_ref().take(2).map(char::from).collect();
                    word.push(u8::from_str_radix(&hex, 16).unwrap());
                }
                other => word.push(other.unwrap()),
            },
            (byte, Some(word)) => word.push(byte),
            (_, None) => {}
        }
    }
    all
}

/// Keeps the log of this program from now on, in more words than a process writes.
pub fn log() -> Heard {
    struct Page(Heard);
    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.add(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let heard = Heard::default();
    let writes = heard.clone();
    let filter = EnvFilter::new("debug,hyper=info,hyper_util=info,aws=info,h2=info");
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    log.with_writer(move || Page(writes.clone())).init();
    heard
}

#[test]
fn what_monitor_tells_is_read_as_it_was_sent() {
    let told = b"+OK\r\n+1.5 [0 127.0.0.1:1] \"SET\" \"p:session:x\" \"{\\\"a\\\":\\xd0\\x90}\"\r\n+1.6 [0 lua] \"DEL\" \"k\"\r\n";
    assert_eq!(commands(told), [vec!["SET", "p:session:x", "{\"a\":А}"], vec!["DEL", "k"]]);
}
