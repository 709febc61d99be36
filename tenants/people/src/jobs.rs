//! Sheets are made in the background: credentials in small batches, the paper, the seal, the store. The
//! temporary passwords are in clear in this job's memory and nowhere else.
//!
//! A run may be cut anywhere and is then done anew, whole: every credential is issued again, which voids
//! the former one in the same transaction, so nobody ever holds two. What a person holds is declared
//! revoked before it is voided, so no list praises a card that does not work. Only the last transaction
//! makes the sheet ready; each run's file has a name of its own, and an overtaken run changes no row.

mod letters;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kd_accounts::credentials::{Issued, New, Purpose, issue_many};
use kd_blobs::ObjectKey;
use kd_cache::{Live, Topic};
use kd_ctx::jobs::Job;
use kd_ctx::{House, SchoolCard};
use kd_kernel::names::{full_name, login_stem};
use kd_kernel::{ClassId, Problem, ProfileId, Result, SchoolId, SheetId};
use kd_press::{Card, PressError, SheetBatch, SheetLang, SheetPart, sheets as print};
use kd_store::{Mode, SchoolTx};
use serde_json::json;

use crate::members::{ClassName, class_names};
use crate::ops::sheets::part_of;
use crate::rules::{card_words, heading_of, strict};
use crate::store::handouts::{self, MadeFor, Step};
use crate::store::sheets::{self as store, SheetRow, Unregistered};
use crate::wire::{SheetLanguage, Who};

/// The kind of job that makes a sheet; its handler is [`issue_sheet`].
pub const ISSUE_SHEET: &str = "sheet.issue";
/// The kind of job that writes letters; its handler is [`write_letters`].
pub const WRITE_LETTERS: &str = "sheet.letters";
/// The kind of job that sweeps a sheet whose time is over; its handler is [`expire_sheet`].
pub const EXPIRE_SHEET: &str = "sheet.expire";

/// How many credentials are made at a time: about a third of a second of two cores.
const BATCH: usize = 20;
/// The longest stem of a login: with what makes it unique it must fit on a card.
const STEM: usize = 32;
/// The try after which the queue gives a job up (see `ctx::jobs`).
const LAST_TRY: i32 = 10;

/// How long a printed credential is valid.
fn valid() -> TimeDelta {
    TimeDelta::days(14)
}

/// How long a sheet can be fetched (decision 14).
fn fetchable() -> TimeDelta {
    TimeDelta::hours(1)
}

/// The payload of each kind of job.
pub fn payload(sheet: SheetId) -> serde_json::Value {
    json!({ "sheet": sheet })
}

/// Where the sealed file of a run lies.
pub fn object(school: SchoolId, sheet: SheetId, run: i32) -> Result<ObjectKey> {
    ObjectKey::school(school, "sheets", &format!("{sheet}-{run}.pdf.sealed"))
}

/// What the file is sealed for.
pub fn seal_context(school: SchoolId, sheet: SheetId) -> String {
    format!("sheet:{school}:{sheet}")
}

/// Why a run ended without a sheet.
enum End {
    /// Another run has begun, or the sheet is done.
    Overtaken,
    /// It will never succeed; the code is for the sheet.
    Never(&'static str),
    /// It may succeed next time.
    Again(Problem),
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        Self::Again(problem)
    }
}

/// Makes the sheet of a job of the kind [`ISSUE_SHEET`]. May be called again after anything.
///
/// # Errors
/// What may go away by itself; after the last try the sheet is marked as failed.
pub async fn issue_sheet(house: &Arc<House>, job: &Job) -> Result<()> {
    let Some((school, sheet)) = house.job_subject::<SheetId>(job, "sheet").await? else { return Ok(()) };
    let run = Run { house, job, school: &school };
    run.ended(sheet, run.whole(sheet).await).await
}

/// Writes the letters of a job of the kind [`WRITE_LETTERS`]. May be called again after anything.
///
/// # Errors
/// As [`issue_sheet`].
pub async fn write_letters(house: &Arc<House>, job: &Job) -> Result<()> {
    let Some((school, sheet)) = house.job_subject::<SheetId>(job, "sheet").await? else { return Ok(()) };
    let run = Run { house, job, school: &school };
    run.ended(sheet, run.letters(sheet).await).await
}

/// Ends the sheet of a job of the kind [`EXPIRE_SHEET`] and deletes its file, fetched or not.
///
/// # Errors
/// 503 when PostgreSQL or S3 does not answer; it is then tried again.
pub async fn expire_sheet(house: &Arc<House>, job: &Job) -> Result<()> {
    let Some((school, sheet)) = house.job_subject::<SheetId>(job, "sheet").await? else { return Ok(()) };
    let tx = house.store.begin(school.place(), Mode::Write).await?;
    let row = store::find(&tx, sheet).await?;
    store::expire(&tx, sheet).await?;
    tx.commit().await?;
    if let Some(row) = row {
        house.blobs.delete(&object(school.id, sheet, row.run)?).await?;
    }
    house.cache.publish(school.id, Live::about(Topic::Sheets, sheet)).await;
    Ok(())
}

/// One run.
struct Run<'a> {
    house: &'a Arc<House>,
    job: &'a Job,
    school: &'a SchoolCard,
}

impl Run<'_> {
    async fn begin(&self) -> Result<SchoolTx> {
        self.house.store.begin(self.school.place(), Mode::Write).await
    }

    /// What is left to do after a run.
    async fn ended(&self, sheet: SheetId, end: Result<(), End>) -> Result<()> {
        match end {
            Ok(()) | Err(End::Overtaken) => Ok(()),
            Err(End::Never(code)) => self.fail(sheet, code).await,
            Err(End::Again(problem)) => {
                if self.job.attempts >= LAST_TRY {
                    self.fail(sheet, "people.sheet-failed").await?;
                }
                Err(problem)
            }
        }
    }

    async fn whole(&self, id: SheetId) -> Result<(), End> {
        let tx = self.begin().await?;
        let sheet = store::begin_run(&tx, id, self.job.attempts).await?.ok_or(End::Overtaken)?;
        let classes = class_names(&tx).await?;
        tx.commit().await?;
        self.say(id).await;
        for earlier in 1..sheet.run {
            self.house.blobs.delete(&object(self.school.id, id, earlier)?).await?;
        }
        let made = self.credentials(&sheet).await?;
        let people: Vec<ProfileId> = made.iter().map(|(person, _)| person.id).collect();
        let pdf = self.print(&sheet, &classes, made).await?;
        let sealed = self.house.seal.seal(&self.house.chance, &seal_context(self.school.id, id), &pdf);
        self.hold().await?;
        let file = object(self.school.id, id, sheet.run)?;
        self.house.blobs.put(&file, Bytes::from(sealed), "application/octet-stream").await?;
        let now = self.house.clock.now();
        let until = now + fetchable();
        let tx = self.begin().await?;
        if !store::complete(&tx, &sheet, until).await? {
            tx.rollback().await?;
            self.house.blobs.delete(&file).await?;
            return Err(End::Overtaken);
        }
        handouts::print(&tx, &self.step(&sheet, &people)).await?;
        store::sweep_at(&tx, self.house.id(), EXPIRE_SHEET, payload(id), until).await?;
        tx.commit().await?;
        self.say(id).await;
        Ok(())
    }

    /// Issues the credentials, batch by batch, in the order of printing.
    async fn credentials(&self, sheet: &SheetRow) -> Result<Vec<(Unregistered, Issued)>, End> {
        let people = sheet.people();
        let mut all: Vec<(Unregistered, Issued)> = Vec::with_capacity(people.len());
        let mut done = 0;
        for batch in people.chunks(BATCH) {
            self.hold().await?;
            let tx = self.begin().await?;
            let waiting = in_order(store::unregistered_among(&tx, Who::All, batch).await?, batch);
            let ids: Vec<ProfileId> = waiting.iter().map(|p| p.id).collect();
            handouts::revoke(&tx, &self.step(sheet, &ids)).await?;
            tx.commit().await?;
            let news = waiting.iter().map(|person| self.wanted(person)).collect();
            let issued = issue_many(self.house, self.house.store.platform(), news, |_| ()).await?;
            done += batch.len();
            let tx = self.begin().await?;
            if !store::progress(&tx, sheet, done).await? {
                return Err(End::Overtaken);
            }
            for (person, one) in waiting.iter().zip(&issued) {
                let made = MadeFor::issued(self.house.id(), person.id, one);
                handouts::put(&tx, (sheet.id, sheet.requested_by), made, self.house.clock.now()).await?;
            }
            tx.commit().await?;
            all.extend(waiting.into_iter().zip(issued));
            self.say(sheet.id).await;
        }
        if all.is_empty() { Err(End::Never("people.nobody-to-print")) } else { Ok(all) }
    }

    fn wanted(&self, person: &Unregistered) -> New {
        New {
            purpose: Purpose::Initial { school: self.school.id, profile: person.id },
            stem: login_stem(&person.surname, &person.given_name).chars().take(STEM).collect(),
            strict: strict(person.roles()),
            ttl: valid(),
        }
    }

    /// The step of these people, in the name of who ordered the sheet.
    fn step(&self, sheet: &SheetRow, people: &[ProfileId]) -> Step {
        let people = people.iter().map(|person| (self.house.id(), *person)).collect();
        Step { people, by: Some(sheet.requested_by), now: self.house.clock.now() }
    }

    async fn print(
        &self,
        sheet: &SheetRow,
        classes: &HashMap<ClassId, ClassName>,
        made: Vec<(Unregistered, Issued)>,
    ) -> Result<Vec<u8>, End> {
        let tx = self.begin().await?;
        let words = store::heading(&tx).await?.map(|row| heading_of(&row.value));
        tx.rollback().await?;
        let (heading_kk, heading_ru) = words.map_or((None, None), |words| (words.kk, words.ru));
        let batch = SheetBatch {
            school_kk: self.school.name_kk.clone(),
            school_ru: self.school.name_ru.clone(),
            heading_kk,
            heading_ru,
            language: match sheet.language {
                SheetLanguage::Kk => SheetLang::Kk,
                SheetLanguage::Ru => SheetLang::Ru,
                SheetLanguage::Both => SheetLang::Both,
            },
            sign_in_url: self.house.settings.portal_url.clone(),
            expires_on: last_day(made.iter().map(|(_, issued)| issued.expires_at)),
            parts: parts(&made, (classes, sheet.class_id)),
            issued_on: self.house.clock.today(),
        };
        let printed = tokio::task::spawn_blocking(move || print(&batch)).await.map_err(Problem::internal)?;
        printed.map_err(|error: PressError| {
            tracing::error!(sheet = %sheet.id, %error, "a sheet cannot be printed");
            End::Never("people.sheet-failed")
        })
    }

    /// Keeps the job for another while; ends the run where another worker has it by now.
    async fn hold(&self) -> Result<(), End> {
        let queue = self.house.store.cell_queue(self.school.cell_id).await?;
        let held = self.house.job_hold(&queue, self.job).await?;
        if held { Ok(()) } else { Err(End::Overtaken) }
    }

    async fn fail(&self, sheet: SheetId, code: &'static str) -> Result<()> {
        let tx = self.begin().await?;
        store::fail(&tx, sheet, self.job.attempts, code).await?;
        tx.commit().await?;
        tracing::warn!(sheet = %sheet, school = %self.school.id, code, "a sheet was given up");
        self.say(sheet).await;
        Ok(())
    }

    async fn say(&self, sheet: SheetId) {
        self.house.cache.publish(self.school.id, Live::about(Topic::Sheets, sheet)).await;
    }
}

fn in_order(people: Vec<Unregistered>, order: &[ProfileId]) -> Vec<Unregistered> {
    let mut by_id: HashMap<ProfileId, Unregistered> = people.into_iter().map(|p| (p.id, p)).collect();
    order.iter().filter_map(|id| by_id.remove(id)).collect()
}

/// A part for each class, in the order in which they were made.
fn parts(made: &[(Unregistered, Issued)], part: (&HashMap<ClassId, ClassName>, Option<ClassId>)) -> Vec<SheetPart> {
    let (classes, _) = part;
    let class = |person: &Unregistered| part_of(person, part);
    made.chunk_by(|(a, _), (b, _)| class(a) == class(b))
        .map(|people| SheetPart {
            class_name: people
                .first()
                .and_then(|(one, _)| class(one))
                .and_then(|id| classes.get(&id))
                .map(ClassName::name),
            cards: people.iter().map(|(person, issued)| card(person, issued)).collect(),
        })
        .collect()
}

fn card(person: &Unregistered, issued: &Issued) -> Card {
    let (role_kk, role_ru) = card_words(person.kind, person.sex, person.roles());
    Card {
        full_name: full_name(&person.surname, &person.given_name, person.patronymic.as_deref()),
        role_kk: role_kk.to_owned(),
        role_ru: role_ru.to_owned(),
        login: issued.login.clone(),
        temporary_password: issued.temporary_password.reveal().to_owned(),
    }
}

/// The last day on which all of them work the whole day long.
fn last_day(ends: impl Iterator<Item = DateTime<Utc>>) -> NaiveDate {
    ends.min().map(|end| kd_kernel::clock::local_date(end - TimeDelta::days(1))).unwrap_or_default()
}
