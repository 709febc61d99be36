//! A teacher's journal as the page shows it: what both scenarios of the journal start from.

use anyhow::{Result, bail};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::door::Browser;
use crate::stage::{Stage, Teacher};

/// As many students as a class of the seeded school has.
const STUDENTS: usize = 25;

/// A journal that is open.
pub struct Journal {
    /// Who opened it.
    pub browser: Browser,
    /// Its address.
    pub path: String,
    /// What it shows.
    pub page: Page,
}

#[derive(Deserialize)]
pub struct Page {
    pub periods: Vec<Known>,
    pub today: NaiveDate,
    pub students: Vec<Known>,
    pub lessons: Vec<Lesson>,
    pub marks: Vec<Mark>,
}

#[derive(Deserialize)]
pub struct Known {
    pub id: Uuid,
}

#[derive(Deserialize)]
pub struct Lesson {
    pub id: Uuid,
    pub date: NaiveDate,
    pub lock: Option<serde_json::Value>,
}

#[derive(Deserialize)]
pub struct Mark {
    pub lesson_id: Uuid,
    pub student_id: Uuid,
    pub version: i32,
}

/// Opens the journals of all teachers.
pub async fn open_all(stage: &Stage) -> Result<Vec<Journal>> {
    let mut journals = Vec::new();
    for teacher in &stage.teachers {
        journals.push(open(stage, teacher).await?);
    }
    Ok(journals)
}

/// Opens a journal at its newest period in which lessons were held.
async fn open(stage: &Stage, teacher: &Teacher) -> Result<Journal> {
    let browser = stage.door.enter(&teacher.login).await?;
    let path = format!("/journal?class_id={}&subject_id={}", teacher.class, teacher.subject);
    let first: Page = browser.read(&path).await?;
    for period in first.periods.iter().rev() {
        let path = format!("{path}&period_id={}", period.id);
        let page: Page = browser.read(&path).await?;
        if page.lessons.iter().any(|lesson| lesson.date <= page.today) {
            if page.students.len() < STUDENTS || page.marks.is_empty() {
                bail!("a journal of {} students and {} marks", page.students.len(), page.marks.len());
            }
            return Ok(Journal { browser, path, page });
        }
    }
    bail!("a journal without lessons that were held")
}
