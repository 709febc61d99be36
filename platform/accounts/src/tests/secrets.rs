//! Where secrets must not be: tables, logs, bodies; and how cookies carry the one that they must.

use std::io::Write;
use std::sync::{Arc, Mutex};

use kd_ctx::Scope;
use kd_testkit::Reply;
use serde_json::json;
use sqlx::{AssertSqlSafe, Executor, PgConnection, Row};

use super::{PASSWORD, Town, registration};
use crate::operator_add;

/// A log that a test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Every row of every table of a database, as text.
async fn everything(db: &mut PgConnection) -> (String, usize) {
    let tables = db
        .fetch_all(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables \
             WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'",
        )
        .await
        .unwrap();
    let mut all = String::new();
    for table in &tables {
        let name: String = table.get(0);
        let rows = db.fetch_all(AssertSqlSafe(format!("SELECT row_to_json(t)::text FROM {name} t"))).await.unwrap();
        for row in rows {
            all.push_str(&row.get::<String, _>(0));
            all.push('\n');
        }
    }
    (all, tables.len())
}

#[tokio::test]
async fn s29_a_secret_stands_in_no_table_no_log_and_no_body() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let town = Town::open().await;
    // A place in the code that speaks for the first time in another test, just when this one begins to listen, passes for
    // one that nobody hears. All that is heard below speaks once before, and who listens is asked anew.
    town.account("before.it").await;
    town.sign_in("before.it", PASSWORD).await.expect(200);
    tracing::callsite::rebuild_interest_cache();
    let card = town.card().await;
    let mut bodies = Vec::new();
    let first = town.sign_in(&card.login, card.temporary_password.reveal()).await;
    let newcomer_token = first.token(Scope::Newcomer).unwrap();
    let newcomer = town.site.with_token(Scope::Newcomer, &newcomer_token);
    let seed = newcomer.post("/registration/second-factor", &json!({})).await;
    let secret = seed.json()["secret"].as_str().unwrap().to_owned();
    let mut new = registration("aigul.s");
    new["code"] = town.code(&secret).into();
    let registered = newcomer.post("/registration", &new).await;
    registered.expect(200);
    let user_token = registered.token(Scope::User).unwrap();
    town.later(31);
    let again = town.sign_in_with("aigul.s", &town.code(&secret)).await;
    again.expect(200);
    let token = again.token(Scope::User).unwrap();
    let operator = operator_add(town.house(), "root.one").await.unwrap();
    town.later(31);
    let sent = json!({"login": "root.one", "password": *operator.password, "code": town.code(&operator.totp_secret)});
    let entered = town.console.post("/session", &sent).await;
    let operator_token = entered.token(Scope::Operator).unwrap();
    let read = town.site.with_token(Scope::User, &token).get("/session").await;
    for reply in [first, registered, again, entered, read] {
        bodies.extend(reply.body);
    }

    let (mut rows, tables) = everything(&mut town.world.look_platform().await).await;
    let (cell, more) = everything(&mut town.world.look_cell().await).await;
    assert!(tables + more > 30, "{tables} and {more} tables");
    rows.push_str(&cell);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("signed in"), "the log is seen: {} bytes", log.len());
    assert!(rows.contains("aigul.s"), "the tables are seen");
    let bodies = String::from_utf8(bodies).unwrap();
    let tokens = [&newcomer_token, &user_token, &token, &operator_token];
    let mut secrets: Vec<&str> = tokens.iter().map(|t| t.reveal()).collect();
    for token in &secrets {
        assert_eq!(token.len(), 64, "256 bits");
    }
    let plain = card.temporary_password.reveal().replace('-', "");
    secrets.extend([card.temporary_password.reveal(), &plain, PASSWORD, &secret]);
    secrets.extend([operator.password.as_str(), operator.totp_secret.as_str()]);
    for (n, secret) in secrets.iter().enumerate() {
        // Bytes in a table read as digits.
        let bytes: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        for (place, text) in [("tables", &rows), ("log", &log), ("bodies", &bodies)] {
            let text = text.to_lowercase();
            assert!(!text.contains(&secret.to_lowercase()) && !text.contains(&bytes), "secret {n} in the {place}");
        }
    }
    assert_eq!(format!("{token:?}{:?}", card.temporary_password), "Token(…)TemporaryPassword(…)");
}

fn cookies(reply: &Reply) -> Vec<String> {
    reply.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn s35_every_cookie_is_bound_to_its_host() {
    let town = Town::open().await;
    let card = town.card().await;
    let first = town.sign_in(&card.login, card.temporary_password.reveal()).await;
    let newcomer = town.site.with_token(Scope::Newcomer, &first.token(Scope::Newcomer).unwrap());
    let registered = newcomer.post("/registration", &registration("aigul.s")).await;
    let signed_in = town.sign_in("aigul.s", PASSWORD).await;
    let operator = operator_add(town.house(), "root.one").await.unwrap();
    let sent = json!({"login": "root.one", "password": *operator.password, "code": town.code(&operator.totp_secret)});
    let entered = town.console.post("/session", &sent).await;
    let replies = [
        (first, "__Host-kundelik="),
        (registered, "__Host-kundelik="),
        (signed_in, "__Host-kundelik="),
        (town.site.delete("/session").await, "__Host-kundelik="),
        (entered, "__Host-kundelik-console="),
        (town.console.delete("/session").await, "__Host-kundelik-console="),
    ];
    for (reply, name) in replies {
        assert!(reply.status.is_success());
        let set = cookies(&reply);
        assert_eq!(set.len(), 1);
        assert!(set[0].starts_with(name), "{set:?}");
        for attribute in ["; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite=Lax"] {
            assert!(set[0].contains(attribute), "{set:?}");
        }
        assert!(!set[0].to_lowercase().contains("domain"));
        assert_eq!(reply.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn s28_there_are_no_secret_questions_no_hints_and_no_accounts_that_nobody_made() {
    let town = Town::open().await;
    let mut tried = 0;
    let platform = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'platform' AND $1 <> ''";
    let all: i64 = town.ask(platform, "all".into()).await;
    assert!(all > 100, "{all} columns");
    for word in ["question", "hint", "security_answer", "maiden", "pet", "remind"] {
        let like = format!("%{word}%");
        let found: i64 = town
            .ask(
                "SELECT count(*) FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema') \
                 AND column_name LIKE $1",
                like.clone().into(),
            )
            .await;
        assert_eq!(found, 0, "{word}");
        let tx = town.house().store.begin(town.school.card.place(), kd_store::Mode::Read).await.unwrap();
        let found: i64 = kd_store::sql::scalar(
            &tx,
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND column_name LIKE $1",
            [like.into()],
        )
        .await
        .unwrap();
        assert_eq!(found, 0, "{word} in a school");
        tried += 1;
    }
    assert_eq!(tried, 6);
    let accounts: i64 = town.ask("SELECT count(*) FROM platform.account WHERE login <> $1", "".into()).await;
    assert_eq!(accounts, 0, "a fresh house has no account");
}
