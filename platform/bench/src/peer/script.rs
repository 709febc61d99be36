//! A recorded transaction made into one that can be sent again: its values stand in the text, except
//! those that must be fresh each time. Which these are is told by two recordings of the same operation:
//! what differs between them is an identity, a version, or does not matter.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use regex_lite::{Captures, Regex};
use uuid::Uuid;

use super::recorder::{Entry, Transaction};

/// A transaction to be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What begins it, in one round trip.
    pub begin: Vec<String>,
    /// What follows, one round trip each; `:fresh1` stands for a number that is fresh each time.
    pub then: Vec<String>,
    /// How many fresh numbers it needs.
    pub fresh: usize,
}

impl Script {
    /// A script of an operation that was recorded twice.
    pub fn of(first: &Transaction, second: &Transaction) -> Result<Self> {
        let alike = first.len() == second.len() && first.iter().zip(second).all(|(a, b)| a.text == b.text);
        if !alike {
            bail!("an operation asked one thing the first time and another the second");
        }
        let (begin, _) = second.split_first().context("a transaction of nothing")?;
        let begin = begin.text.split(';').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
        let mut fresh = Fresh::of(second);
        let pairs = first.iter().zip(second).skip(1);
        let then = pairs.map(|(old, new)| fresh.filled(old, new)).collect::<Result<Vec<_>>>()?;
        Ok(Self { begin, then, fresh: fresh.count })
    }
}

/// The values that are fresh each time.
struct Fresh {
    /// How often each value stands in the transaction.
    times: BTreeMap<String, usize>,
    /// What stands for a value that was fresh when it was recorded.
    expressions: BTreeMap<String, String>,
    count: usize,
}

impl Fresh {
    fn of(transaction: &Transaction) -> Self {
        let mut times = BTreeMap::new();
        for value in transaction.iter().flat_map(|entry| entry.values.iter().flatten()) {
            *times.entry(value.clone()).or_default() += 1;
        }
        Self { times, expressions: BTreeMap::new(), count: 0 }
    }

    /// The second recording's statement with its values: those that stayed, and those that are fresh.
    fn filled(&mut self, old: &Entry, new: &Entry) -> Result<String> {
        let mut values = Vec::new();
        for (old, new) in old.values.iter().zip(&new.values) {
            let fresh = match (old, new) {
                (Some(old), Some(new)) if old != new => self.expression(old, new),
                _ => None,
            };
            values.push(fresh.unwrap_or_else(|| literal(new.as_deref())));
        }
        let text = with_values(&new.text, |number| values.get(number).cloned())?;
        let bare = regex(r":fresh\d+")?.replace_all(&text, "").into_owned();
        if regex(r"(^|[^:]):[A-Za-z_]")?.is_match(&bare) {
            bail!("a statement holds what pgbench would take for a variable of its own");
        }
        Ok(text)
    }

    /// What stands for a value that differs; nothing where it may stay as it was, as a time may.
    fn expression(&mut self, old: &str, new: &str) -> Option<String> {
        if let Some(known) = self.expressions.get(new) {
            return Some(known.clone());
        }
        let made = if is_identity(new) {
            if self.times.get(new) == Some(&1) {
                "uuidv7()".to_owned()
            } else {
                // One that is written and then sought again.
                format!("md5(({}::bigint)::text)::uuid", self.number())
            }
        } else {
            // A version goes up by one; one that is higher than all before does as well.
            let (old, new): (i32, i32) = (old.parse().ok()?, new.parse().ok()?);
            if new != old.checked_add(1)? {
                return None;
            }
            format!("(1000000 + {}::bigint % 2000000000)::int", self.number())
        };
        self.expressions.insert(new.to_owned(), made.clone());
        Some(made)
    }

    fn number(&mut self) -> String {
        self.count += 1;
        format!(":fresh{}", self.count)
    }
}

/// A recorded statement with all its values in the text.
pub fn inlined(entry: &Entry) -> Result<String> {
    with_values(&entry.text, |number| Some(literal(entry.values.get(number)?.as_deref())))
}

/// Puts something in the place of each `$1`; `value` is asked by the number from nought on.
fn with_values(text: &str, value: impl Fn(usize) -> Option<String>) -> Result<String> {
    let mut missing = false;
    let filled = regex(r"\$(\d+)")?.replace_all(text, |found: &Captures| {
        let number = found.get(1).and_then(|number| number.as_str().parse::<usize>().ok());
        let filled = number.and_then(|number| value(number.checked_sub(1)?));
        missing |= filled.is_none();
        filled.unwrap_or_default()
    });
    let filled = filled.into_owned();
    if missing {
        bail!("PostgreSQL's log tells a statement without all its values");
    }
    Ok(filled)
}

fn regex(pattern: &str) -> Result<Regex> {
    Ok(Regex::new(pattern)?)
}

/// A value as SQL writes it. A colon is written otherwise, or pgbench would look for a variable.
fn literal(value: Option<&str>) -> String {
    let Some(value) = value else { return "NULL".to_owned() };
    let quoted = value.replace('\'', "''");
    let text = if quoted.contains([':', '\\']) {
        format!("E'{}'", quoted.replace('\\', r"\\").replace(':', r"\x3a"))
    } else {
        format!("'{quoted}'")
    };
    // Where nothing tells the kind of a value, PostgreSQL takes it for text.
    if is_identity(value) { format!("{text}::uuid") } else { text }
}

/// Whether a value is an identity as PostgreSQL writes it; an array of one is none.
fn is_identity(value: &str) -> bool {
    value.len() == 36 && Uuid::parse_str(value).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str, values: &[Option<&str>]) -> Entry {
        Entry::of(text, values.iter().map(|value| value.map(str::to_owned)).collect())
    }

    fn once(key: &str, id: &str, version: &str, at: &str) -> Transaction {
        let cell = Some("00000000-0000-0000-0000-00000000000c");
        vec![
            entry("BEGIN READ WRITE; SET LOCAL ROLE s_1; SET LOCAL search_path TO s_1, ext", &[]),
            entry("INSERT INTO idempotency VALUES ($1, $2)", &[Some(key), Some(at)]),
            entry("INSERT INTO mark VALUES ($1, $2, $3, $4)", &[Some(id), cell, Some(version), None]),
            entry("UPDATE idempotency SET answer = $2 WHERE key = $1", &[Some(key), Some(r#"{"a":true}"#)]),
            entry("COMMIT", &[]),
        ]
    }

    #[test]
    fn what_must_be_fresh_is_found_by_comparing() {
        let uuid = |n: u128| Uuid::from_u128(n).to_string();
        let first = once(&uuid(1), &uuid(2), "7", "2026-09-10 08:00:00+00");
        let second = once(&uuid(3), &uuid(4), "8", "2026-09-10 08:00:01+00");
        let script = Script::of(&first, &second).unwrap();
        assert_eq!(script.begin, ["BEGIN READ WRITE", "SET LOCAL ROLE s_1", "SET LOCAL search_path TO s_1, ext"]);
        let right = [
            r"INSERT INTO idempotency VALUES (md5((:fresh1::bigint)::text)::uuid, E'2026-09-10 08\x3a00\x3a01+00')",
            "INSERT INTO mark VALUES (uuidv7(), '00000000-0000-0000-0000-00000000000c'::uuid, \
             (1000000 + :fresh2::bigint % 2000000000)::int, NULL)",
            r#"UPDATE idempotency SET answer = E'{"a"\x3atrue}' WHERE key = md5((:fresh1::bigint)::text)::uuid"#,
            "COMMIT",
        ];
        assert_eq!(script.then, right);
        assert_eq!(script.fresh, 2);
    }

    #[test]
    fn an_array_of_one_identity_is_no_identity() {
        let one = format!("{{{}}}", Uuid::from_u128(7));
        let right = "SELECT FROM a WHERE b = ANY('{00000000-0000-0000-0000-000000000007}')";
        assert_eq!(inlined(&entry("SELECT FROM a WHERE b = ANY($1)", &[Some(&one)])).unwrap(), right);
    }

    #[test]
    fn a_number_that_leaps_is_no_version_and_stays() {
        let of = |number: &str| vec![entry("BEGIN", &[]), entry("SELECT $1", &[Some(number)]), entry("COMMIT", &[])];
        let right = ["SELECT '9'", "COMMIT"];
        assert_eq!(Script::of(&of("5"), &of("9")).unwrap().then, right);
    }

    #[test]
    fn an_operation_that_asks_otherwise_each_time_has_no_peer() {
        let first = once("a", "b", "1", "c");
        let mut second = first.clone();
        second.pop();
        assert!(Script::of(&first, &second).is_err());
    }

    #[test]
    fn a_value_that_the_log_did_not_tell_is_an_error() {
        assert!(inlined(&entry("SELECT $2", &[Some("1")])).is_err());
        assert_eq!(
            inlined(&entry("SELECT $1, $10 FROM a", &[Some("o'c"); 10])).unwrap(),
            "SELECT 'o''c', 'o''c' FROM a"
        );
    }
}
