//! Letters: written into the platform's outbox in the transaction that wants them, sent by the worker at
//! least once, always with the same Message-ID. The body is sealed at rest and wiped when it is sent,
//! because it may carry a temporary password.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kd_kernel::{ApplicationId, Problem, Result, SchoolId, Tongue};
use kd_mail::{MailFault, Outgoing};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::House;

/// A letter to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The same letter is never written twice: a stable name of what it tells.
    pub dedupe: String,
    /// The address.
    pub recipient: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// The application that it is about.
    pub application: Option<ApplicationId>,
    /// The school that it is about.
    pub school: Option<SchoolId>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    recipient: String,
    subject: String,
    body_sealed: Option<Vec<u8>>,
    attempts: i32,
    fence: i64,
}

impl House {
    /// Puts a letter into the outbox, in the caller's transaction; a second one of the same name is not
    /// written.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn letter(&self, db: &impl ConnectionTrait, letter: Letter) -> Result<()> {
        let id: Uuid = self.id();
        let sealed = self.seal.seal(&self.chance, &context(id), letter.body.as_bytes());
        sql::run(
            db,
            "INSERT INTO platform.letter (id, dedupe, application_id, school_id, recipient, subject, body_sealed, state, \
             next_try_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $8) ON CONFLICT (dedupe) DO NOTHING",
            [
                id.into(),
                letter.dedupe.into(),
                letter.application.into(),
                letter.school.into(),
                letter.recipient.into(),
                letter.subject.into(),
                sealed.into(),
                self.clock.now().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// As [`House::letter`], for a letter to a person of a school: the address, which the platform does not
    /// keep in clear, lies sealed with the text and is wiped with it.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn letter_sealed(&self, db: &impl ConnectionTrait, letter: Letter) -> Result<()> {
        let body = format!("{}\n{}", letter.recipient, letter.body);
        self.letter(db, Letter { recipient: String::new(), body, ..letter }).await
    }

    /// How the letters of these names fare: queued, sent or dead. Who has none is not in it.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn letters_named(
        &self,
        db: &impl ConnectionTrait,
        names: Vec<String>,
    ) -> Result<HashMap<String, String>> {
        #[derive(FromQueryResult)]
        struct Named {
            dedupe: String,
            state: String,
        }
        let rows: Vec<Named> =
            sql::all(db, "SELECT dedupe, state FROM platform.letter WHERE dedupe = ANY($1)", [names.into()]).await?;
        Ok(rows.into_iter().map(|row| (row.dedupe, row.state)).collect())
    }

    /// Withdraws those of these letters that still wait, in the caller's transaction: what they carry is void.
    /// Their text is wiped and they are never sent; what the mail server has, it has.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn letters_withdraw(&self, db: &impl ConnectionTrait, names: Vec<String>) -> Result<()> {
        let rows = sql::run(
            db,
            "UPDATE platform.letter SET state = 'dead', body_sealed = NULL, reply = 'withdrawn' \
             WHERE dedupe = ANY($1) AND state = 'queued'",
            [names.into()],
        )
        .await?;
        if rows > 0 {
            tracing::info!(letters = rows, "letters were withdrawn");
        }
        Ok(())
    }

    /// Sends the next letter that is due. False when none was.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer; a refusal of the mail server is noted at the
    /// letter and is no error here.
    pub async fn letter_send_next(&self) -> Result<bool> {
        let now = self.clock.now();
        let row: Option<Row> = sql::one(
            self.store.platform(),
            "UPDATE platform.letter SET lease_until = $2, fence = fence + 1, attempts = attempts + 1 WHERE id = ( \
             SELECT id FROM platform.letter WHERE state = 'queued' AND next_try_at <= $1 \
             AND (lease_until IS NULL OR lease_until < $1) ORDER BY next_try_at FOR UPDATE SKIP LOCKED LIMIT 1) \
             RETURNING id, recipient, subject, body_sealed, attempts, fence",
            [now.into(), self.lease_end(now).into()],
        )
        .await?;
        let Some(row) = row else { return Ok(false) };
        let text = row
            .body_sealed
            .as_deref()
            .and_then(|sealed| self.seal.open(&context(row.id), sealed).into_iter().next())
            .and_then(|plain| String::from_utf8(plain).ok());
        let Some(text) = text else {
            self.letter_dead(&row, "the body cannot be opened").await?;
            return Ok(true);
        };
        // An address that is not there in clear is the first line of what was sealed.
        let (to, text) = match text.split_once('\n') {
            Some((address, rest)) if row.recipient.is_empty() => (address.to_owned(), rest.to_owned()),
            _ => (row.recipient.clone(), text),
        };
        let outgoing = Outgoing {
            to,
            subject: row.subject.clone(),
            text,
            html: None,
            message_id: format!("<{}@letters.kundelik>", row.id),
        };
        match self.mailer.send(&outgoing).await {
            Ok(reply) => self.letter_sent(&row, &reply).await?,
            Err(MailFault::Permanent(reply)) => self.letter_dead(&row, &reply).await?,
            Err(MailFault::Transient(reply)) => self.letter_later(&row, &reply, now).await?,
        }
        Ok(true)
    }

    async fn letter_sent(&self, row: &Row, reply: &str) -> Result<()> {
        sql::run(
            self.store.platform(),
            "UPDATE platform.letter SET state = 'sent', body_sealed = NULL, reply = $3, sent_at = $4, lease_until = NULL \
             WHERE id = $1 AND fence = $2",
            [row.id.into(), row.fence.into(), kept(row, reply).into(), self.clock.now().into()],
        )
        .await?;
        tracing::info!(letter = %row.id, attempts = row.attempts, "a letter was sent");
        Ok(())
    }

    async fn letter_dead(&self, row: &Row, reply: &str) -> Result<()> {
        sql::run(
            self.store.platform(),
            "UPDATE platform.letter SET state = 'dead', body_sealed = NULL, reply = $3, lease_until = NULL \
             WHERE id = $1 AND fence = $2",
            [row.id.into(), row.fence.into(), kept(row, reply).into()],
        )
        .await?;
        tracing::warn!(letter = %row.id, "a letter was refused for good");
        Ok(())
    }

    async fn letter_later(&self, row: &Row, reply: &str, now: DateTime<Utc>) -> Result<()> {
        sql::run(
            self.store.platform(),
            "UPDATE platform.letter SET reply = $3, next_try_at = $4, lease_until = NULL WHERE id = $1 AND fence = $2",
            [row.id.into(), row.fence.into(), kept(row, reply).into(), (now + self.pause(row.attempts)).into()],
        )
        .await?;
        tracing::info!(letter = %row.id, attempts = row.attempts, "a letter will be tried again");
        Ok(())
    }

    /// The subject and state of the letters of an application, newest first.
    ///
    /// # Errors
    /// 503 when the platform's database does not answer.
    pub async fn letters_of(&self, application: ApplicationId) -> Result<Vec<LetterState>> {
        sql::all(
            self.store.platform(),
            "SELECT id, subject, state, attempts, created_at, sent_at FROM platform.letter WHERE application_id = $1 \
             ORDER BY id DESC",
            [application.into()],
        )
        .await
    }
}

/// How a letter fares.
#[derive(Debug, Clone, FromQueryResult)]
pub struct LetterState {
    /// The letter.
    pub id: Uuid,
    /// Subject line.
    pub subject: String,
    /// queued, sent or dead.
    pub state: String,
    /// Tries so far.
    pub attempts: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
}

fn context(id: Uuid) -> String {
    format!("letter:{id}")
}

/// What is kept of a mail server's reply: it may repeat an address, so of a letter whose address is sealed
/// only the reply's number.
fn kept(row: &Row, reply: &str) -> String {
    if row.recipient.is_empty() {
        reply.chars().take_while(char::is_ascii_digit).take(3).collect()
    } else {
        reply.chars().take(200).collect()
    }
}

/// A mail address that can be written to at all; where it leads is known when the letter arrives.
///
/// # Errors
/// The code `email-invalid` at the named field.
pub fn check_address(field: &'static str, address: &str) -> Result<String> {
    let address = address.trim();
    let good = address.len() <= 254
        && address.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        })
        && !address.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
        && address.matches('@').count() == 1;
    if good { Ok(address.to_owned()) } else { Err(Problem::field(field, "email-invalid")) }
}

/// The text of a letter in each language, from the folder `letters/` of the room that names it: `<name>.kk.txt` and so
/// on.
#[macro_export]
macro_rules! letter_texts {
    ($name:literal) => {
        $crate::letters::Texts {
            kk: include_str!(concat!("../letters/", $name, ".kk.txt")),
            ru: include_str!(concat!("../letters/", $name, ".ru.txt")),
            en: include_str!(concat!("../letters/", $name, ".en.txt")),
        }
    };
}

/// The text of a letter in each language; the subject stands in the first line, an empty one after it.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// Kazakh.
    pub kk: &'static str,
    /// Russian.
    pub ru: &'static str,
    /// English.
    pub en: &'static str,
}

impl Texts {
    /// The text of a language.
    #[must_use]
    pub fn of(self, tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::Kk => self.kk,
            Tongue::Ru => self.ru,
            Tongue::En => self.en,
        }
    }
}

/// Subject and body of a text, filled by the values as [`fill`] does it.
///
/// # Errors
/// 500 where it has no subject or names a placeholder that is not filled; tests of the letters try every text.
pub fn written(text: &str, values: &[(&str, &str)]) -> Result<(String, String)> {
    let (subject, body) = text.split_once("\n\n").ok_or_else(|| Problem::internal("a letter without a subject"))?;
    Ok((fill(subject, values)?, fill(body, values)?))
}

/// Fills `{name}` in the text of a letter by the values, from left to right, each place once: what is filled in
/// is never read as a placeholder itself.
///
/// # Errors
/// 500 where a placeholder has no value; tests of the letters try every text.
pub fn fill(text: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').ok_or_else(|| Problem::internal("a brace that is not closed"))?;
        let value = values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        out.push_str(before);
        out.push_str(value.ok_or_else(|| Problem::internal(format!("a placeholder without a value: {name}")))?);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(fill("a {x} b", &[("x", "{y}")]).unwrap(), "a {y} b");
        assert!(fill("{z}", &[]).is_err() && fill("{", &[]).is_err());
    }
}
