//! Imports are written and taken back in the background, each in one transaction: cut anywhere, it is as if it
//! had not begun, and is done anew. How far it is stands in transactions of their own. What is written is what
//! was shown: where somebody changed the school meanwhile, nothing is written, and the rows are shown anew.

use std::sync::Arc;

use chrono::TimeDelta;
use kd_cache::{Live, Topic};
use kd_ctx::jobs::Job;
use kd_ctx::{House, SchoolCard};
use kd_kernel::{ImportId, Problem, Result};
use kd_people::intake::{Clerk, Numbers, take_back, write};
use kd_store::{Mode, SchoolTx};
use serde_json::json;
use uuid::Uuid;

use crate::ops;
use crate::store::{self, ImportRecord};
use crate::wire::ImportState;

/// The kind of job that writes an import; its handler is [`commit_import`].
pub const COMMIT_IMPORT: &str = "import.commit";
/// The kind of job that takes an import back; its handler is [`undo_import`].
pub const UNDO_IMPORT: &str = "import.undo";
/// The kind of job that forgets the rows of an import; its handler is [`forget_import`].
pub const FORGET_IMPORT: &str = "import.forget";

/// The try after which the queue gives a job up (see `ctx::jobs`).
const LAST_TRY: i32 = 10;

/// How long an import can be taken back.
fn regretted() -> TimeDelta {
    TimeDelta::days(30)
}

/// The payload of each kind of job.
pub fn payload(import: ImportId) -> serde_json::Value {
    json!({ "import": import })
}

/// Why a run ended without its work.
pub(crate) enum End {
    /// Another run has begun, or nothing is left to do.
    Overtaken,
    /// It will not succeed as things stand; the code is for the import.
    Never(&'static str),
    /// It may succeed next time.
    Again(Problem),
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        match problem.code() {
            "import.changed" => Self::Never("import.changed"),
            "import.depended-on" => Self::Never("import.depended-on"),
            "import.overtaken" => Self::Overtaken,
            _ => Self::Again(problem),
        }
    }
}

/// Writes the import of a job of the kind [`COMMIT_IMPORT`]. May be called again after anything.
///
/// # Errors
/// What may go away by itself; after the last try the import can be mended and tried again.
pub async fn commit_import(house: &Arc<House>, job: &Job) -> Result<()> {
    let Some((school, id)) = house.job_subject::<ImportId>(job, "import").await? else { return Ok(()) };
    let run = Run { house, job, school: &school };
    run.ended(id, ImportState::Checked, run.commit(id).await).await
}

/// Takes back the import of a job of the kind [`UNDO_IMPORT`]. May be called again after anything.
///
/// # Errors
/// As [`commit_import`].
pub async fn undo_import(house: &Arc<House>, job: &Job) -> Result<()> {
    let Some((school, id)) = house.job_subject::<ImportId>(job, "import").await? else { return Ok(()) };
    let run = Run { house, job, school: &school };
    run.ended(id, ImportState::Done, run.undo(id).await).await
}

/// Forgets the rows of the import of a job of the kind [`FORGET_IMPORT`], if their time is over.
///
/// # Errors
/// 503 when PostgreSQL does not answer; it is then tried again.
pub async fn forget_import(house: &Arc<House>, job: &Job) -> Result<()> {
    let Some((school, id)) = house.job_subject::<ImportId>(job, "import").await? else { return Ok(()) };
    let tx = house.store.begin(school.place(), Mode::Write).await?;
    store::forget(&tx, id, house.clock.now()).await?;
    tx.commit().await
}

/// One run.
pub(crate) struct Run<'a> {
    pub(crate) house: &'a Arc<House>,
    pub(crate) job: &'a Job,
    pub(crate) school: &'a SchoolCard,
}

impl Run<'_> {
    async fn begin(&self) -> Result<SchoolTx> {
        self.house.store.begin(self.school.place(), Mode::Write).await
    }

    /// Takes the import in hand, unless a later run has it.
    async fn taken(&self, id: ImportId, undo: bool) -> Result<ImportRecord, End> {
        let tx = self.begin().await?;
        let record = store::begin_run(&tx, id, (self.job.attempts, undo)).await?.ok_or(End::Overtaken)?;
        tx.commit().await?;
        self.say(id).await;
        Ok(record)
    }

    async fn commit(&self, id: ImportId) -> Result<(), End> {
        let record = self.taken(id, false).await?;
        let tx = self.begin().await?;
        let rows = store::rows(&tx, id).await?;
        let numbers = self.numbers(&tx).await?;
        let (book, weighed) = ops::weighed((&tx, &numbers), &record.tables(), &rows, self.house.clock.today()).await?;
        let as_shown = rows.iter().zip(&weighed.judged).all(|(row, judged)| ops::stands(row, judged));
        if !as_shown || weighed.counts().error > 0 {
            return Err(End::Never("import.changed"));
        }
        let new_id = || self.house.id::<Uuid>();
        let clerk = self.clerk(&tx, &record, (&new_id, &numbers));
        let written = write(&clerk, &book, &weighed.verdicts, |done| self.told(&record, done)).await?;
        let people =
            written.iter().zip(&weighed.taught).filter_map(|(one, subjects)| Some((one.as_ref()?.person, subjects)));
        let taught: Vec<_> =
            people.flat_map(|(person, all)| all.iter().map(move |subject| (person, *subject))).collect();
        kd_classes::teach(&tx, &taught).await?;
        store::trace(&tx, id, &written, &weighed.taught).await?;
        let until = self.house.clock.now() + regretted();
        store::forget_at(&tx, (self.house.id(), FORGET_IMPORT), payload(id), until).await?;
        self.complete(tx, &record, (ImportState::Done, until)).await
    }

    async fn undo(&self, id: ImportId) -> Result<(), End> {
        let record = self.taken(id, true).await?;
        let tx = self.begin().await?;
        let written = store::written(&tx, id).await?;
        let new_id = || self.house.id::<Uuid>();
        let numbers = self.numbers(&tx).await?;
        let clerk = self.clerk(&tx, &record, (&new_id, &numbers));
        kd_classes::unteach(&tx, &store::taught(&tx, id).await?).await?;
        take_back(&clerk, &written, |done| self.told(&record, done)).await?;
        self.complete(tx, &record, (ImportState::Undone, record.rows_until)).await
    }

    fn clerk<'c>(
        &self,
        db: &'c SchoolTx,
        record: &ImportRecord,
        (id, numbers): (&'c (dyn Fn() -> Uuid + Sync), &'c Numbers),
    ) -> Clerk<'c> {
        Clerk { db, by: record.requested_by, now: self.house.clock.now(), id, numbers }
    }

    async fn numbers(&self, db: &SchoolTx) -> Result<Numbers> {
        Numbers::of(self.house, db, self.school.id).await
    }

    async fn complete(
        &self,
        tx: SchoolTx,
        record: &ImportRecord,
        (state, until): (ImportState, chrono::DateTime<chrono::Utc>),
    ) -> Result<(), End> {
        if !store::complete(&tx, record, (state, self.house.clock.now(), until)).await? {
            return Err(End::Overtaken);
        }
        tx.commit().await?;
        self.house.cache.publish(self.school.id, Live::of(Topic::People)).await;
        self.say(record.id).await;
        Ok(())
    }

    /// Says how far the run is, and keeps the job for another while.
    async fn told(&self, record: &ImportRecord, done: usize) -> Result<()> {
        let queue = self.house.store.cell_queue(self.school.cell_id).await?;
        let held = self.house.job_hold(&queue, self.job).await?;
        let tx = self.begin().await?;
        let mine = store::progress(&tx, record, done).await?;
        tx.commit().await?;
        self.say(record.id).await;
        if held && mine { Ok(()) } else { Err(Problem::conflict("import.overtaken")) }
    }

    /// What is left to do after a run.
    pub(crate) async fn ended(&self, id: ImportId, before: ImportState, end: Result<(), End>) -> Result<()> {
        match end {
            Ok(()) | Err(End::Overtaken) => Ok(()),
            Err(End::Never(code)) => self.fail(id, before, code).await,
            Err(End::Again(problem)) => {
                if self.job.attempts >= LAST_TRY {
                    self.fail(id, before, "import.failed").await?;
                }
                Err(problem)
            }
        }
    }

    /// Gives the run up. The rows are weighed anew, so that what is shown is what would be written.
    async fn fail(&self, id: ImportId, before: ImportState, code: &'static str) -> Result<()> {
        let tx = self.begin().await?;
        // Overtaken, it changes nothing of what the other run has done.
        let at_work = |r: &ImportRecord| r.run <= self.job.attempts && r.state.is_at_work();
        let Some(record) = store::find_to_change(&tx, id).await?.filter(at_work) else { return Ok(()) };
        if before == ImportState::Checked {
            let numbers = self.numbers(&tx).await?;
            ops::weigh_anew((&tx, &numbers), id, &record.tables(), self.house.clock.today()).await?;
        }
        store::fail(&tx, (id, self.job.attempts), (before, code)).await?;
        tx.commit().await?;
        tracing::warn!(import = %id, school = %self.school.id, code, "an import was not done");
        self.say(id).await;
        Ok(())
    }

    async fn say(&self, id: ImportId) {
        self.house.cache.publish(self.school.id, Live::about(Topic::Imports, id)).await;
    }
}
