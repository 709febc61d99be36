//! The paper of a large school's sheet: 2,690 cards in classes of thirty, with their registers. It may cost
//! twenty seconds of the cores; what it does is the harness's own process, for the press knows no server.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use kd_press::{Card, SheetBatch, SheetLang, SheetPart, sheets};

use crate::process::Process;
use crate::report::{Figures, Row};

/// How many cards the measured sheet has.
const CARDS: usize = 2_690;
/// How many are in a class.
const CLASS: usize = 30;
/// How many seconds of the cores it may cost.
const LIMIT: f64 = 20.0;

/// Prints the sheet once.
pub async fn run() -> Result<Vec<Row>> {
    let own = Process(std::process::id());
    let batch = batch()?;
    let before = own.cpu_seconds()?;
    let began = Instant::now();
    let pdf = tokio::task::spawn_blocking(move || sheets(&batch)).await.context("the press")??;
    let figures = Figures::Whole {
        what: format!("{CARDS} cards, {} bytes", pdf.len()),
        seconds: began.elapsed().as_secs_f64(),
        cpu_seconds: own.cpu_seconds()? - before,
        limit: LIMIT,
    };
    Ok(vec![Row { name: "B.sheets_pdf".to_owned(), figures, note: None }])
}

fn batch() -> Result<SheetBatch> {
    let Some(day) = NaiveDate::from_ymd_opt(2026, 11, 23) else { bail!("no day") };
    let card = |at: usize| Card {
        full_name: format!("Оспанова Әйгерім Серікқызы {}", "ә".repeat(1 + at % 7)),
        role_kk: "оқушы".to_owned(),
        role_ru: "ученик".to_owned(),
        login: format!("ospanova.aigerim.{at:06}"),
        temporary_password: format!("7K0M9QX1{at:04}"),
    };
    let numbers: Vec<usize> = (1..=CARDS).collect();
    let part = |(class, numbers): (usize, &[usize])| SheetPart {
        class_name: Some(format!("{}-{}", 1 + class % 11, class)),
        cards: numbers.iter().map(|at| card(*at)).collect(),
    };
    Ok(SheetBatch {
        school_kk: "Көктау қаласының № 205 жалпы білім беретін мектебі".to_owned(),
        school_ru: "Общеобразовательная школа № 205 города Көктау".to_owned(),
        heading_kk: None,
        heading_ru: None,
        language: SheetLang::Both,
        sign_in_url: "https://kundelik.example".to_owned(),
        expires_on: day,
        parts: numbers.chunks(CLASS).enumerate().map(part).collect(),
        issued_on: day,
    })
}
