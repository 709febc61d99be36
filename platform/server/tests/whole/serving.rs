//! `serve` and the commands as processes: ready when it may be asked, gone without dropping a request.

use std::time::Duration;

use kd_ctx::Scope;
use kd_ctx::sessions::Opening;
use kd_testkit::{World, env};
use nix::sys::signal::Signal;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::applicant::Applicant;
use crate::processes::{Process, kundelik, until};

/// The address that a listener has told in the log.
pub async fn address(serve: &mut Process, name: &str) -> String {
    let told = format!("\"message\":\"listening\",\"name\":\"{name}\",\"addr\":\"socket://");
    serve.says(&told).await;
    let said = serve.said();
    let (_, rest) = said.split_once(&told).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn status(url: &str) -> Option<u16> {
    reqwest::get(url).await.ok().map(|answer| answer.status().as_u16())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_apis_and_health_are_served() {
    let world = World::open().await;
    let mut serve = Process::start(kundelik(&world, &["serve"]));
    let (ops, portal) = (address(&mut serve, "ops").await, address(&mut serve, "portal").await);
    let console = address(&mut serve, "console").await;
    assert_eq!(status(&format!("http://{ops}/livez")).await, Some(200));
    assert_eq!(status(&format!("http://{ops}/readyz")).await, Some(200));
    for (url, status, kind) in [
        (format!("http://{portal}/api/signup/session"), 200, "application/json"),
        (format!("http://{portal}/api/signup/nothing"), 404, "application/problem+json"),
        (format!("http://{portal}/api/nothing"), 404, "application/problem+json"),
        (format!("http://{portal}/api/portal/mektep/me"), 401, "application/problem+json"),
        (format!("http://{portal}/api/console/desk"), 404, "application/problem+json"),
        (format!("http://{console}/api/console/desk"), 401, "application/problem+json"),
        (format!("http://{console}/api/signup/session"), 404, "application/problem+json"),
    ] {
        let answer = reqwest::get(&url).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{url}");
        let told = answer.headers().get("content-type").unwrap().to_str().unwrap();
        assert!(told.starts_with(kind), "{url}: {told}");
    }
    serve.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f05_what_is_under_way_is_finished_before_the_process_ends() {
    let world = World::open().await;
    let mut command = kundelik(&world, &["serve"]);
    command.env("KUNDELIK_DRAIN_SECONDS", "1");
    let mut serve = Process::start(command);
    let (ops, portal) = (address(&mut serve, "ops").await, address(&mut serve, "portal").await);
    until("ready", async || status(&format!("http://{ops}/readyz")).await == Some(200)).await;

    // A sign-in of which the body is still to come.
    let body = r#"{"login":"nobody-at-all","password":"wrong-and-long-enough"}"#;
    let head = format!(
        "POST /api/signup/session HTTP/1.1\r\nhost: portal\r\norigin: {}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        world.house.settings.portal_url,
        body.len()
    );
    let mut request = TcpStream::connect(&portal).await.unwrap();
    request.write_all(head.as_bytes()).await.unwrap();
    request.write_all(&body.as_bytes()[..10]).await.unwrap();

    serve.signal(Signal::SIGTERM);
    serve.says("asked to end").await;
    assert_eq!(status(&format!("http://{ops}/readyz")).await, Some(503), "balancers must turn away at once");
    assert_eq!(status(&format!("http://{portal}/api/signup/session")).await, Some(200), "those who come are served");

    serve.says("initiate graceful shutdown\",\"name\":\"portal\"").await;
    until("closed to new ones", async || TcpStream::connect(&portal).await.is_err()).await;
    request.write_all(&body.as_bytes()[10..]).await.unwrap();
    let mut answer = String::new();
    request.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("accounts.wrong-credentials"), "{answer}");
    let ended = serve.ended().await;
    assert!(ended.success(), "{ended}: {}", serve.said());
}

#[tokio::test(flavor = "multi_thread")]
async fn f05_a_stream_of_events_ends_with_the_host() {
    let world = World::open().await;
    let applicant = Applicant::activates(&world).await;
    let opening = Opening { scope: Scope::Newcomer, account: Some((applicant.account, 1)), credential: None };
    let token = world.house.session_open(world.house.store.platform(), opening).await.unwrap();
    let mut serve = Process::start(kundelik(&world, &["serve"]));
    let portal = address(&mut serve, "portal").await;
    let mut stream = TcpStream::connect(&portal).await.unwrap();
    let ask = format!(
        "GET /api/signup/service/events HTTP/1.1\r\nhost: portal\r\ncookie: __Host-kundelik={}\r\n\r\n",
        token.reveal()
    );
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut heard = String::new();
    until("the first event", async || {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).await.unwrap();
        heard.push_str(&String::from_utf8_lossy(some.get(..read).unwrap()));
        heard.contains("claim_slug")
    })
    .await;
    assert!(heard.contains("text/event-stream"), "{heard}");

    serve.signal(Signal::SIGTERM);
    let mut rest = Vec::new();
    // Far less than the time that other requests get.
    let ended = tokio::time::timeout(Duration::from_secs(12), stream.read_to_end(&mut rest)).await;
    ended.expect("the stream goes on").unwrap();
    assert!(serve.ended().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_is_missing_is_named_and_no_value_is_told() {
    let world = World::open().await;
    for name in ["DATABASE_URL", "KUNDELIK_SECRET_KEY", "S3_ENDPOINT", "KUNDELIK_PORTAL_LISTEN", "KUNDELIK_OPS_LISTEN"]
    {
        let mut command = kundelik(&world, &["serve"]);
        let output = command.env_remove(name).output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("{name} is not set")), "{said}");
    }
    let mut command = kundelik(&world, &["serve"]);
    let output = command.env("DATABASE_URL", "postgres://kd_app:geheim@").output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("DATABASE_URL is wrong") && !said.contains("geheim"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_is_added_once_and_shown_once() {
    let world = World::open().await;
    let add = async || kundelik(&world, &["operator", "add", "--login", "op-first"]).output().await.unwrap();
    let first = add().await;
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let shown: Value = serde_json::from_slice(&first.stdout).unwrap();
    let text = |key: &str| shown.get(key).and_then(Value::as_str).unwrap().to_owned();
    assert_eq!(text("login"), "op-first");
    let log = String::from_utf8(first.stderr).unwrap();
    for secret in [text("password"), text("totp_secret")] {
        assert!(secret.len() >= 16 && !log.contains(&secret));
    }
    let second = add().await;
    let log = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && second.stdout.is_empty() && log.contains("login-taken"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_are_prepared_and_migrated_as_often_as_one_likes() {
    let world = World::open().await;
    let admin = env("TEST_PG_ADMIN_URL");
    let prefix = format!("{}_x", world.platform.database.strip_suffix("_platform").unwrap());
    for _ in 0..2 {
        let mut command = kundelik(&world, &["prepare", "--admin-url", &admin]);
        let output = command.env("KUNDELIK_DB_PREFIX", &prefix).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty(), "nothing secret, nothing at all");
    }
    let address = kd_store::Address { database: format!("{prefix}_platform"), ..world.platform.clone() };
    let url = format!(
        "postgres://kd_app:{}@{}:{}/{}",
        env("KUNDELIK_APP_PASSWORD"),
        address.host,
        address.port,
        address.database
    );
    let output = kundelik(&world, &["migrate"]).env("DATABASE_URL", &url).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let store = kd_store::Store::open(&address, kd_testkit::logins(), 1, 1);
    let cells: i64 = kd_store::sql::scalar(store.platform(), "SELECT count(*) FROM platform.cell", []).await.unwrap();
    assert_eq!(cells, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_specs_are_written_the_same_each_time_and_need_no_service() {
    let folder = std::env::temp_dir().join(format!("kundelik-{}-specs", std::process::id()));
    let mut before = Vec::new();
    for _ in 0..2 {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_kundelik"));
        let status = command.env_clear().arg("openapi").arg("--out").arg(&folder).status().await.unwrap();
        assert!(status.success());
        let specs: Vec<_> = ["signup", "portal", "console"]
            .map(|name| std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap())
            .into();
        assert!(before.is_empty() || specs == before);
        before = specs;
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let operations: usize = before.iter().map(|spec| spec.matches("\"operationId\"").count()).sum();
    println!("{operations} operations in the specs");
    assert!(operations > 60);
}
