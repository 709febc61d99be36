//! What PostgreSQL is asked, from its own log: the statements of a transaction with their values.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use crate::report::Machine;

/// The head of a line: database, login and process, so that it can be told whose it is.
const PREFIX: &str = "%d|%u|%p|";

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The database.
    pub database: String,
    /// The login.
    pub login: String,
    process: String,
    /// The text, with `$1` where a value belongs.
    pub text: String,
    /// The values; nothing for NULL.
    pub values: Vec<Option<String>>,
}

/// The statements from BEGIN to COMMIT.
pub type Transaction = Vec<Entry>;

/// Has PostgreSQL tell what it is asked.
#[derive(Debug)]
pub struct Recorder {
    admin: PgConnectOptions,
    log: PathBuf,
}

impl Recorder {
    /// A recorder of the server whose log this is.
    pub fn new(admin_url: &str, log: &Path) -> Result<Self> {
        let admin: PgConnectOptions = admin_url.parse().context("the superuser's address cannot be read")?;
        Ok(Self { admin: admin.disable_statement_logging(), log: log.to_path_buf() })
    }

    /// What is measured on; an error when it would flatter.
    pub async fn machine(&self) -> Result<Machine> {
        let mut db = self.admin.connect().await?;
        let machine = Machine {
            cores: std::thread::available_parallelism()?.get(),
            postgres: shown(&mut db, "SHOW server_version").await?,
            fsync: shown(&mut db, "SHOW fsync").await?,
            synchronous_commit: shown(&mut db, "SHOW synchronous_commit").await?,
        };
        db.close().await?;
        if machine.fsync != "on" || machine.synchronous_commit != "on" {
            bail!("PostgreSQL does not write down what it commits: its figures would mean nothing");
        }
        Ok(machine)
    }

    /// The transactions that were committed while `act` ran, and what it returned.
    pub async fn hear<T>(&self, act: impl Future<Output = Result<T>>) -> Result<(T, Vec<Transaction>)> {
        let mut db = self.admin.connect().await?;
        set(&mut db, &[("log_line_prefix", PREFIX), ("log_statement", "all")], "all").await?;
        let before = std::fs::metadata(&self.log).context("PostgreSQL has no log there")?.len();
        let done = act.await;
        set(&mut db, &[("log_statement", "none")], "none").await?;
        db.close().await?;
        let mut log = File::open(&self.log)?;
        log.seek(SeekFrom::Start(before))?;
        let mut text = Vec::new();
        log.read_to_end(&mut text)?;
        Ok((done?, transactions(parse(&String::from_utf8_lossy(&text)))))
    }
}

async fn shown(db: &mut PgConnection, question: &'static str) -> Result<String> {
    Ok(sqlx::query_scalar(question).fetch_one(db).await?)
}

/// Changes settings of the server; returns when it has taken them.
async fn set(db: &mut PgConnection, settings: &[(&str, &str)], statements: &str) -> Result<()> {
    for (name, value) in settings {
        db.execute(AssertSqlSafe(format!("ALTER SYSTEM SET {name} = '{value}'"))).await?;
    }
    db.execute("SELECT pg_reload_conf()").await?;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if shown(db, "SHOW log_statement").await? == statements {
            // The other processes are told at the same time, and look before their next statement.
            tokio::time::sleep(Duration::from_millis(50)).await;
            return Ok(());
        }
    }
    bail!("PostgreSQL did not take a setting")
}

/// The statements of a log. What is no statement is passed over.
fn parse(log: &str) -> Vec<Entry> {
    let mut messages: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), messages.last_mut()) {
            // A further line of the same message.
            (Some(rest), Some(message)) => {
                message.push('\n');
                message.push_str(rest);
            }
            _ => messages.push(line.to_owned()),
        }
    }
    let mut entries: Vec<Entry> = Vec::new();
    for message in &messages {
        let mut parts = message.splitn(4, '|').map(str::to_owned);
        let (Some(database), Some(login), Some(process), Some(said)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        if let Some(text) = statement(&said) {
            entries.push(Entry { database, login, process, text: text.to_owned(), values: Vec::new() });
        } else if let Some(list) = said.strip_prefix("DETAIL:  Parameters: ")
            && let Some(entry) = entries.iter_mut().rfind(|entry| entry.process == process)
        {
            entry.values = values(list);
        }
    }
    entries
}

/// The text of a statement, whichever way it was sent.
fn statement(said: &str) -> Option<&str> {
    let said = said.strip_prefix("LOG:  ")?;
    match said.strip_prefix("statement: ") {
        Some(text) => Some(text),
        None => said.strip_prefix("execute ")?.split_once(": ").map(|(_, text)| text),
    }
}

/// The values of `$1 = 'a', $2 = NULL`.
fn values(list: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = list;
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            values.push(None);
            rest = after.strip_prefix("NULL").unwrap_or(after);
            continue;
        };
        let mut value = String::new();
        let mut signs = quoted.char_indices().peekable();
        let mut end = quoted.len();
        while let Some((at, sign)) = signs.next() {
            if sign == '\'' && signs.next_if(|(_, next)| *next == '\'').is_none() {
                end = at + 1;
                break;
            }
            value.push(sign);
        }
        values.push(Some(value));
        rest = quoted.get(end..).unwrap_or_default();
    }
    values
}

/// The transactions that were committed, in the order in which they ended.
fn transactions(entries: Vec<Entry>) -> Vec<Transaction> {
    let mut open: Vec<Transaction> = Vec::new();
    let mut done = Vec::new();
    for entry in entries {
        let word = entry.text.split([' ', ';']).next().unwrap_or_default().to_ascii_uppercase();
        let own = open.iter().position(|t| t.first().is_some_and(|first| first.process == entry.process));
        match (word.as_str(), own) {
            ("BEGIN", _) => open.push(vec![entry]),
            ("COMMIT", Some(own)) => {
                let mut ended = open.swap_remove(own);
                ended.push(entry);
                done.push(ended);
            }
            ("ROLLBACK", Some(own)) => drop(open.swap_remove(own)),
            (_, Some(own)) => {
                if let Some(own) = open.get_mut(own) {
                    own.push(entry);
                }
            }
            _ => {}
        }
    }
    done
}

#[cfg(test)]
impl Entry {
    /// A statement of nobody's.
    pub fn of(text: &str, values: Vec<Option<String>>) -> Self {
        let none = String::new;
        Self { database: none(), login: none(), process: none(), text: text.to_owned(), values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
b_cell1|kd_app|7|LOG:  statement: BEGIN READ ONLY; SET LOCAL ROLE s_1
b_cell1|kd_app|8|LOG:  statement: BEGIN
b_cell1|kd_app|7|LOG:  execute sqlx_s_1: SELECT a
\tFROM b WHERE c = $1 AND d = $2
b_cell1|kd_app|7|DETAIL:  Parameters: $1 = 'it''s, $3 = ''x''', $2 = NULL
|||LOG:  checkpoint starting: time
b_cell1|kd_app|8|LOG:  statement: ROLLBACK
b_cell1|kd_app|7|LOG:  statement: COMMIT
";

    #[test]
    fn a_transaction_is_read_back_with_its_values() {
        let heard = transactions(parse(LOG));
        assert_eq!(heard.len(), 1, "what was rolled back is not there");
        let texts: Vec<&str> = heard[0].iter().map(|entry| entry.text.as_str()).collect();
        let right = ["BEGIN READ ONLY; SET LOCAL ROLE s_1", "SELECT a\nFROM b WHERE c = $1 AND d = $2", "COMMIT"];
        assert_eq!(texts, right);
        assert_eq!(heard[0][1].values, [Some("it's, $3 = 'x'".to_owned()), None]);
        assert_eq!((heard[0][1].database.as_str(), heard[0][1].login.as_str()), ("b_cell1", "kd_app"));
    }

    #[test]
    fn values_hold_anything() {
        let list = r#"$1 = '{a,b}', $2 = '', $3 = '''', $4 = '{"x": 1}', $5 = NULL, $6 = 'ә = ''ғ'''"#;
        let right = [Some("{a,b}"), Some(""), Some("'"), Some(r#"{"x": 1}"#), None, Some("ә = 'ғ'")];
        assert_eq!(values(list), right.map(|value| value.map(str::to_owned)));
    }
}
