//! Files against the S3 service of the tests, and against services that fail.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use kd_blobs::{BlobSettings, Blobs, ObjectKey};
use kd_kernel::{Chance, Clock, SchoolId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn setting(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set; these tests need the services of `cargo xtask services`"))
}

fn settings() -> BlobSettings {
    BlobSettings {
        endpoint: setting("S3_ENDPOINT"),
        bucket: setting("S3_BUCKET"),
        access_key: setting("S3_ACCESS_KEY"),
        secret_key: setting("S3_SECRET_KEY"),
        region: setting("S3_REGION"),
    }
}

async fn blobs() -> Blobs {
    let blobs = Blobs::open(&settings());
    blobs.ensure_bucket().await.expect("the S3 service of the tests answers");
    blobs
}

fn school() -> SchoolId {
    Chance::system().id(&Clock::system())
}

#[tokio::test]
async fn a_file_is_put_read_replaced_and_deleted() {
    let blobs = blobs().await;
    assert!(blobs.healthy().await);
    let key = ObjectKey::school(school(), "sheets", "7a.pdf").unwrap();
    assert_eq!(blobs.get(&key).await.unwrap(), None);
    blobs.put(&key, Bytes::from_static(b"one"), "application/pdf").await.unwrap();
    assert_eq!(blobs.get(&key).await.unwrap().as_deref(), Some(&b"one"[..]));
    let large = Bytes::from(vec![7_u8; 6 * 1024 * 1024]);
    blobs.put(&key, large.clone(), "application/pdf").await.unwrap();
    assert_eq!(blobs.get(&key).await.unwrap(), Some(large));
    blobs.delete(&key).await.unwrap();
    blobs.delete(&key).await.unwrap();
    assert_eq!(blobs.get(&key).await.unwrap(), None);
}

#[tokio::test]
async fn a_file_of_the_platform_belongs_to_no_school() {
    let blobs = blobs().await;
    let name = format!("{}.pdf", school());
    let key = ObjectKey::platform("agreements", &name).unwrap();
    blobs.put(&key, Bytes::from_static(b"agreement"), "application/pdf").await.unwrap();
    assert!(blobs.get(&key).await.unwrap().is_some());
    blobs.delete(&key).await.unwrap();
}

#[tokio::test]
async fn s12_deleting_a_school_takes_its_files_alone() {
    let blobs = blobs().await;
    let (one, other) = (school(), school());
    let platform = ObjectKey::platform("agreements", &format!("{one}.pdf")).unwrap();
    let kept = ObjectKey::school(other, "sheets", "kept").unwrap();
    for key in [&platform, &kept] {
        blobs.put(key, Bytes::from_static(b"kept"), "text/plain").await.unwrap();
    }
    for n in 0..30 {
        for area in ["sheets", "exports"] {
            let key = ObjectKey::school(one, area, &format!("file{n}")).unwrap();
            blobs.put(&key, Bytes::from_static(b"x"), "text/plain").await.unwrap();
        }
    }
    let names = blobs.list_prefix(one).await.unwrap();
    assert_eq!(names.len(), 60);
    assert!(names.iter().all(|name| name.starts_with(&format!("tenants/{one}/"))), "{names:?}");
    assert_eq!(blobs.delete_prefix(one).await.unwrap(), 60);
    assert_eq!(blobs.delete_prefix(one).await.unwrap(), 0, "again does no harm");
    assert_eq!(blobs.list_prefix(one).await.unwrap(), Vec::<String>::new());
    assert_eq!(blobs.list_prefix(other).await.unwrap(), [kept.as_str()]);
    assert!(blobs.get(&platform).await.unwrap().is_some());
    blobs.delete_prefix(other).await.unwrap();
    blobs.delete(&platform).await.unwrap();
}

#[tokio::test]
async fn more_files_than_one_page_are_listed_and_deleted() {
    let blobs = blobs().await;
    let one = school();
    let keys: Vec<_> = (0..1_050).map(|n| ObjectKey::school(one, "many", &format!("f{n}")).unwrap()).collect();
    for few in keys.chunks(50) {
        let puts: Vec<_> = few
            .iter()
            .map(|key| {
                let (blobs, key) = (blobs.clone(), key.clone());
                tokio::spawn(async move { blobs.put(&key, Bytes::from_static(b"x"), "text/plain").await })
            })
            .collect();
        for put in puts {
            put.await.unwrap().unwrap();
        }
    }
    assert_eq!(blobs.list_prefix(one).await.unwrap().len(), 1_050);
    assert_eq!(blobs.delete_prefix(one).await.unwrap(), 1_050);
    assert!(blobs.list_prefix(one).await.unwrap().is_empty());
}

/// Every answer of the service is this one.
async fn service(answer: &'static str) -> BlobSettings {
    recorded(answer).await.0
}

/// As [`service`], with the first line of every request.
async fn recorded(answer: &'static str) -> (BlobSettings, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&asked);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let keep = Arc::clone(&keep);
            tokio::spawn(async move {
                let mut bytes = [0_u8; 4096];
                let count = stream.read(&mut bytes).await.unwrap_or(0);
                let text = String::from_utf8_lossy(bytes.get(..count).unwrap_or_default()).into_owned();
                keep.lock().unwrap().push(text.lines().next().unwrap_or_default().to_owned());
                if answer.is_empty() {
                    std::future::pending::<()>().await;
                }
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (BlobSettings { endpoint, ..settings() }, asked)
}

#[tokio::test]
async fn f15_a_service_that_is_away_or_fails_is_a_503() {
    let away = BlobSettings { endpoint: "http://127.0.0.1:1".into(), ..settings() };
    let failing = service("HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    let key = ObjectKey::school(school(), "sheets", "x").unwrap();
    for settings in [away, failing] {
        let blobs = Blobs::open(&settings);
        let begun = Instant::now();
        assert_eq!(blobs.get(&key).await.unwrap_err().status().as_u16(), 503);
        assert_eq!(blobs.put(&key, Bytes::new(), "text/plain").await.unwrap_err().status().as_u16(), 503);
        assert_eq!(blobs.delete_prefix(school()).await.unwrap_err().status().as_u16(), 503);
        assert!(!blobs.healthy().await);
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn f15_a_service_that_never_answers_is_given_up_within_ten_seconds() {
    let blobs = Blobs::open(&service("").await);
    let key = ObjectKey::school(school(), "sheets", "x").unwrap();
    let begun = Instant::now();
    assert!(!blobs.healthy().await);
    assert!(begun.elapsed() < Duration::from_millis(2_500));
    let begun = Instant::now();
    assert_eq!(blobs.get(&key).await.unwrap_err().status().as_u16(), 503);
    assert!(begun.elapsed() < Duration::from_millis(10_500), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn f15_a_file_that_breaks_off_is_a_503_and_no_shorter_file() {
    let blobs = Blobs::open(&service("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await);
    let key = ObjectKey::school(school(), "sheets", "x").unwrap();
    assert_eq!(blobs.get(&key).await.unwrap_err().status().as_u16(), 503);
}

#[tokio::test]
async fn s12_a_name_outside_of_the_folder_is_never_deleted() {
    const LIST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>\
        <IsTruncated>false</IsTruncated><Contents><Key>platform/agreements/1.pdf</Key></Contents></ListBucketResult>";
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{LIST}", LIST.len());
    let (settings, asked) = recorded(answer.leak()).await;
    assert_eq!(Blobs::open(&settings).delete_prefix(school()).await.unwrap_err().status().as_u16(), 503);
    let asked = asked.lock().unwrap().clone();
    assert!(asked.len() == 1 && asked.iter().all(|line| line.starts_with("GET ")), "{asked:?}");
}

#[test]
fn settings_do_not_show_their_secrets() {
    let settings = BlobSettings {
        endpoint: "http://s3".into(),
        bucket: "files".into(),
        access_key: "access".into(),
        secret_key: "secret".into(),
        region: "r".into(),
    };
    let shown = format!("{settings:?} {:?}", Blobs::open(&settings));
    assert!(!shown.contains("access") && !shown.contains("secret"), "{shown}");
}
