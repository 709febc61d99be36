//! Letters: to the catcher of the tests, to servers that fail in every way, and letters that would
//! smuggle in a header.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kd_mail::{MailFault, Mailer, Outgoing};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const FROM: &str = "Kundelik <no-reply@kundelik.example>";

fn setting(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set; these tests need the services of `cargo xtask services`"))
}

fn letter(id: &str) -> Outgoing {
    Outgoing {
        to: "Әлия Сейітқызы <aliya@school.example>".into(),
        subject: "Өтінім мақұлданды: № 17 мектеп-гимназия, оқушылар мен ата-аналарға арналған күнделік".into(),
        text: "Құрметті Әлия!\n.\n.. нүктеден басталатын жол\nСәлеметсіз бе?\n".into(),
        html: None,
        message_id: format!("<{id}@kundelik.example>"),
    }
}

/// What the catcher holds, as JSON.
async fn caught() -> serde_json::Value {
    let url = setting("TEST_MAIL_URL");
    let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut stream = TcpStream::connect(&address).await.expect("the catcher's page answers");
    stream
        .write_all(format!("GET /api/email HTTP/1.0\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let text = String::from_utf8(answer).unwrap();
    let begin = text.find("\r\n\r\n").unwrap();
    let body = &text[begin..];
    let (from, to) = (body.find('[').unwrap(), body.rfind(']').unwrap());
    serde_json::from_str(&body[from..=to]).unwrap_or_else(|error| panic!("{error}: {body}"))
}

/// The caught letter of a Message-ID.
async fn arrived(id: &str) -> serde_json::Value {
    let begun = Instant::now();
    loop {
        let all = caught().await;
        let found = all.as_array().unwrap().iter().find(|mail| mail.to_string().contains(id)).cloned();
        match found {
            Some(mail) => return mail,
            None => assert!(begun.elapsed() < Duration::from_secs(10), "no letter {id}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// An id of this run.
fn fresh(name: &str) -> String {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    format!("{name}.{nanos}")
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let mailer = Mailer::open(&setting("SMTP_URL"), FROM).unwrap();
    let id = fresh("plain");
    let letter = letter(&id);
    let reply = mailer.send(&letter).await.unwrap();
    assert!(reply.starts_with("250"), "{reply}");
    let mail = arrived(&id).await;
    assert_eq!(mail["headers"]["message-id"], letter.message_id.as_str());
    assert_eq!(mail["subject"], letter.subject.as_str());
    assert_eq!(mail["text"].as_str().unwrap().replace("\r\n", "\n").trim_end(), letter.text.trim_end());
    assert_eq!(mail["to"][0]["address"], "aliya@school.example");
    assert_eq!(mail["to"][0]["name"], "Әлия Сейітқызы");
    assert_eq!(mail["from"][0]["address"], "no-reply@kundelik.example");
}

#[tokio::test]
async fn a_letter_may_have_a_page_too() {
    let mailer = Mailer::open(&setting("SMTP_URL"), FROM).unwrap();
    let id = fresh("page");
    let letter = Outgoing { html: Some("<p lang=\"kk\">Сәлем, <b>Әлия</b></p>".into()), ..letter(&id) };
    mailer.send(&letter).await.unwrap();
    let mail = arrived(&id).await;
    assert!(mail["html"].as_str().unwrap().contains("<b>Әлия</b>"), "{mail}");
    assert!(mail["text"].as_str().unwrap().contains("Құрметті"), "{mail}");
}

/// What a server does that fails.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// Answers this to the command that begins so.
    Answer(&'static str, &'static str),
    /// Says nothing after the command that begins so.
    Hang(&'static str),
    /// Closes the connection after the command that begins so.
    Close(&'static str),
    /// Does what it should.
    None,
}

/// A server that fails; what it was told is kept.
async fn server(fault: Fault, ready: &'static str) -> (Mailer, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let told = Arc::new(Mutex::new(String::new()));
    let keep = Arc::clone(&told);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, fault, ready, Arc::clone(&keep)));
        }
    });
    (Mailer::open(&url, FROM).unwrap(), told)
}

async fn converse(stream: TcpStream, fault: Fault, ready: &str, told: Arc<Mutex<String>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(ready.as_bytes()).await?;
    let mut inside = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        told.lock().unwrap().push_str(&line);
        if inside && line != ".\r\n" {
            continue;
        }
        // The end of the text counts as a command of its own.
        let command = if inside { "END" } else { line.trim_end() };
        inside = command == "DATA" && !matches!(fault, Fault::Answer("DATA", _));
        match fault {
            Fault::Hang(at) if command.starts_with(at) => std::future::pending::<()>().await,
            Fault::Close(at) if command.starts_with(at) => return Ok(()),
            _ => {}
        }
        let answer = match fault {
            Fault::Answer(at, answer) if command.starts_with(at) => answer,
            _ if command.starts_with("EHLO") => "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n",
            _ if command == "DATA" => "354 go on\r\n",
            _ => "250 2.0.0 taken as 42\r\n",
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

#[tokio::test]
async fn f17_an_answer_of_5xx_is_for_ever_and_one_of_4xx_is_not() {
    for at in ["EHLO", "MAIL", "RCPT", "DATA", "END"] {
        let (mailer, _) = server(Fault::Answer(at, "550 5.1.1 nobody here\r\n"), "220 test\r\n").await;
        let fault = mailer.send(&letter("a")).await.unwrap_err();
        assert!(matches!(&fault, MailFault::Permanent(reply) if reply.contains("nobody here")), "{at}: {fault:?}");
        let (mailer, _) = server(Fault::Answer(at, "451 4.3.0 come again\r\n"), "220 test\r\n").await;
        let fault = mailer.send(&letter("a")).await.unwrap_err();
        assert!(matches!(&fault, MailFault::Transient(reply) if reply.contains("come again")), "{at}: {fault:?}");
    }
    let (mailer, _) = server(Fault::None, "554 no service\r\n").await;
    assert!(matches!(mailer.send(&letter("a")).await, Err(MailFault::Permanent(_))));
    let (mailer, _) = server(Fault::None, "421 closing\r\n").await;
    assert!(matches!(mailer.send(&letter("a")).await, Err(MailFault::Transient(_))));
}

#[tokio::test]
async fn f17_a_server_that_hangs_is_given_up_within_ten_seconds() {
    let tries: Vec<_> = ["EHLO", "RCPT", "END"]
        .map(|at| {
            tokio::spawn(async move {
                let (mailer, _) = server(Fault::Hang(at), "220 test\r\n").await;
                let begun = Instant::now();
                let fault = mailer.send(&letter("a")).await.unwrap_err();
                assert!(matches!(fault, MailFault::Transient(_)), "{at}: {fault:?}");
                assert!(begun.elapsed() < Duration::from_millis(10_500), "{at}: {:?}", begun.elapsed());
            })
        })
        .into();
    for one in tries {
        one.await.unwrap();
    }
}

#[tokio::test]
async fn f17_a_server_that_closes_or_is_not_there_is_transient() {
    for at in ["EHLO", "MAIL", "DATA", "END"] {
        let (mailer, _) = server(Fault::Close(at), "220 test\r\n").await;
        assert!(matches!(mailer.send(&letter("a")).await, Err(MailFault::Transient(_))), "{at}");
    }
    let mailer = Mailer::open("smtp://127.0.0.1:1", FROM).unwrap();
    assert!(matches!(mailer.send(&letter("a")).await, Err(MailFault::Transient(_))));
}

#[tokio::test]
async fn f17_a_goodbye_that_is_not_answered_takes_nothing_back() {
    for fault in [Fault::Hang("QUIT"), Fault::Close("QUIT"), Fault::Answer("QUIT", "550 no\r\n")] {
        let (mailer, _) = server(fault, "220 test\r\n").await;
        let begun = Instant::now();
        assert_eq!(mailer.send(&letter("a")).await.unwrap(), "250 2.0.0 taken as 42");
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_the_service_s_fault_and_not_the_letter_s() {
    let (listening, _) = server(Fault::Answer("AUTH", "535 5.7.8 wrong\r\n"), "220 test\r\n").await;
    let shown = format!("{listening:?}");
    let host = shown.split("Server(").nth(1).unwrap().split(',').next().unwrap();
    let mailer = Mailer::open(&format!("smtp://kundelik:p%40ss@{host}"), FROM).unwrap();
    assert!(matches!(mailer.send(&letter("a")).await, Err(MailFault::Transient(_))));
    assert!(!format!("{mailer:?}").contains("p@ss"));
}

#[tokio::test]
async fn s46_the_message_id_is_written_as_it_is_given() {
    let (mailer, told) = server(Fault::None, "220 test\r\n").await;
    mailer.send(&letter("0199-aa.b")).await.unwrap();
    mailer.send(&letter("0199-aa.b")).await.unwrap();
    let told = told.lock().unwrap().clone();
    assert_eq!(told.matches("\r\nMessage-ID: <0199-aa.b@kundelik.example>\r\n").count(), 2, "{told}");
    assert_eq!(told.matches("\r\nFrom: ").count(), 2);
}

/// What must never become a header of its own.
const SMUGGLED: &[&str] = &[
    "\r\nBcc: thief@example.org",
    "\nBcc: thief@example.org",
    "\rBcc: thief@example.org",
    "\r\n\r\n<html>",
    "\r\n.\r\nMAIL FROM:<x@example.org>",
    "\r\n Bcc: thief@example.org",
    "\0Bcc: thief@example.org",
    "\u{b}Bcc: thief@example.org",
    "\u{c}Bcc: thief@example.org",
    "\u{85}Bcc: thief@example.org",
    "\u{2028}Bcc: thief@example.org",
    "\u{2029}Bcc: thief@example.org",
    "\u{1b}[31mBcc: thief@example.org",
];

#[tokio::test]
async fn s46_no_header_is_smuggled_in() {
    let (mailer, told) = server(Fault::None, "220 test\r\n").await;
    for evil in SMUGGLED {
        let good = letter("a");
        let letters = [
            Outgoing { subject: format!("Hello{evil}"), ..good.clone() },
            Outgoing { to: format!("aliya@school.example{evil}"), ..good.clone() },
            Outgoing { to: format!("Aliya{evil} <aliya@school.example>"), ..good.clone() },
            Outgoing { to: format!("\"Aliya{evil}\" <aliya@school.example>"), ..good.clone() },
            Outgoing { message_id: format!("<a@kundelik.example>{evil}"), ..good.clone() },
            Outgoing { message_id: format!("<a{evil}@kundelik.example>"), ..good },
        ];
        for letter in letters {
            let fault = mailer.send(&letter).await.unwrap_err();
            assert!(matches!(fault, MailFault::Permanent(_)), "{evil:?}: {fault:?}");
        }
        assert!(Mailer::open("smtp://127.0.0.1:1", &format!("Kundelik{evil} <a@b.example>")).is_err(), "{evil:?}");
    }
    assert_eq!(*told.lock().unwrap(), "", "nothing of it reached the server");
}

#[tokio::test]
async fn s46_signs_that_are_no_control_signs_stay_in_their_header() {
    let (mailer, told) = server(Fault::None, "220 test\r\n").await;
    let subjects = ["=?utf-8?Q?a=0D=0ABcc:_thief@example.org?=", "a: b, c; <d> \"e\" %0d%0aBcc: x", "Bcc: x"];
    for subject in subjects {
        mailer.send(&Outgoing { subject: subject.into(), ..letter("a") }).await.unwrap();
    }
    for to in ["a@x.example, b@y.example", "a@x.example b@y.example", "<a@x.example> <b@y.example>", "", "nobody", "a@"]
    {
        let fault = mailer.send(&Outgoing { to: to.into(), ..letter("a") }).await.unwrap_err();
        assert!(matches!(fault, MailFault::Permanent(_)), "{to}: {fault:?}");
    }
    let told = told.lock().unwrap().clone();
    assert!(!told.to_lowercase().contains("\nbcc:"), "{told}");
    assert_eq!(told.matches("RCPT TO:").count(), subjects.len(), "{told}");
}

#[tokio::test]
async fn s46_a_text_cannot_end_the_letter() {
    let (mailer, told) = server(Fault::None, "220 test\r\n").await;
    for text in
        ["a\r\n.\r\nMAIL FROM:<x@example.org>\r\n", "a\n.\nMAIL FROM:<x@example.org>\n", "a\r.\rMAIL FROM:<x@e.org>"]
    {
        mailer.send(&Outgoing { text: text.into(), ..letter("a") }).await.unwrap();
    }
    let told = told.lock().unwrap().clone();
    assert_eq!(told.matches("\r\n.\r\n").count(), 3, "{told}");
    assert_eq!(told.matches("\r\n..\r\nMAIL FROM:<x@").count(), 3, "{told}");
    let bare = told.replace("\r\n", "");
    assert!(!bare.contains(['\r', '\n']), "{told:?}");
}

#[test]
fn an_address_of_a_server_that_cannot_be_read() {
    for bad in ["", "127.0.0.1:25", "http://127.0.0.1", "smtp://", "smtp://h?tls=perhaps"] {
        assert!(matches!(Mailer::open(bad, FROM), Err(MailFault::Permanent(_))), "{bad}");
    }
    for good in ["smtp://h", "smtps://h", "smtp://h?tls=required", "smtp://u:p@[::1]:2525?tls=opportunistic"] {
        assert!(Mailer::open(good, FROM).is_ok(), "{good}");
    }
}
