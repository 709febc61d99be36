//! A.mark_write: teachers who set marks, each in cells of her own class, from the version that stands
//! there, under a key of its own. Nobody is in anybody's way, so every write must go well.

use std::collections::HashMap;

use anyhow::{Context, Result};
use kd_kernel::Chance;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::load::{self, Client};
use crate::report::Row;
use crate::scenarios::journal::{self, Journal};
use crate::stage::Stage;

/// The mark that the recordings set: the same each time, so that they differ in nothing but the version.
const RECORDED: u32 = 9;

struct Marker {
    journal: Journal,
    cells: Vec<Cell>,
    chance: Chance,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    lesson: Uuid,
    student: Uuid,
    version: i32,
}

#[derive(Deserialize)]
struct Answer {
    version: i32,
}

impl Marker {
    fn of(journal: Journal, chance: Chance) -> Self {
        let page = &journal.page;
        let versions: HashMap<(Uuid, Uuid), i32> =
            page.marks.iter().map(|mark| ((mark.lesson_id, mark.student_id), mark.version)).collect();
        let open = page.lessons.iter().filter(|lesson| lesson.lock.is_none() && lesson.date <= page.today);
        let cells = open.flat_map(|lesson| {
            page.students.iter().map(|student| {
                let version = versions.get(&(lesson.id, student.id)).copied().unwrap_or_default();
                Cell { lesson: lesson.id, student: student.id, version }
            })
        });
        Self { cells: cells.collect(), journal, chance }
    }

    async fn set(&mut self, at: usize, value: u32) -> Result<()> {
        let cell = self.cells.get_mut(at).context("a journal without cells")?;
        let body =
            json!({ "lesson_id": cell.lesson, "student_id": cell.student, "value": value, "version": cell.version });
        let key = uuid::Builder::from_random_bytes(self.chance.bytes()).into_uuid();
        let answer: Answer = self.journal.browser.put("/journal/marks", key, &body).await?;
        cell.version = answer.version;
        Ok(())
    }
}

impl Client for Marker {
    async fn once(&mut self) -> Result<()> {
        let cells = u32::try_from(self.cells.len())?;
        let (at, value) = (self.chance.below(cells), 1 + self.chance.below(10));
        self.set(usize::try_from(at)?, value).await
    }
}

/// Measures it.
pub async fn run(stage: &Stage) -> Result<Vec<Row>> {
    let (mut markers, mut scripts) = (Vec::new(), Vec::new());
    for (number, journal) in journal::open_all(stage).await?.into_iter().enumerate() {
        let marker = Mutex::new(Marker::of(journal, Chance::seeded(u64::try_from(number)?)));
        // The first write makes the cell what both recordings find.
        marker.lock().await.set(0, RECORDED).await?;
        scripts.push(stage.script(async || marker.lock().await.set(0, RECORDED).await).await?);
        markers.push(marker.into_inner());
    }
    let measured = load::closed(markers, stage.time, stage.serve).await?;
    let peer = stage.cell.run(&scripts, stage.time).await?;
    Ok(vec![Row::speed("A.mark_write", &measured, peer)])
}
