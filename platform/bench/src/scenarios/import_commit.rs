//! B.import_commit: a school of 1,000 students with 1,600 guardians and 90 staff moves in with one workbook: how
//! long the file is read and weighed, and what the writing of it costs in all processes together. Then it is
//! taken back, and the school is as it was.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use data_encoding::BASE64;
use kd_ctx::Scope;
use kd_ctx::sessions::Opening;
use kd_http::cookies;
use kd_kernel::AccountId;
use kd_store::{Mode, sql};
use rust_xlsxwriter::Workbook;
use serde::Deserialize;
use serde_json::json;

use crate::door::Browser;
use crate::process::machine_seconds;
use crate::report::{Figures, Row};
use crate::stage::Stage;

/// How many students, guardians and members of staff come.
const COME: [usize; 3] = [1_000, 1_600, 90];
/// How many seconds of the cores the writing may cost.
const LIMIT: f64 = 10.0;
/// How often it is asked how far the work is.
const LOOK: Duration = Duration::from_millis(100);
/// Work that is not done by then is a failure.
const PATIENCE: Duration = Duration::from_secs(120);

/// A class of the school.
#[derive(Deserialize)]
struct Class {
    name: String,
}

/// How far an import is.
#[derive(Deserialize)]
struct Import {
    id: String,
    state: String,
    version: i32,
    counts: Counts,
    error: Option<String>,
}

/// How many rows do what.
#[derive(Deserialize)]
struct Counts {
    new: usize,
    error: usize,
}

/// Measures it.
pub async fn run(stage: &Stage) -> Result<Vec<Row>> {
    let browser = administrator(stage).await?;
    let classes: Vec<Class> = browser.read("/classes").await?;
    let book = workbook(&classes)?;
    let file = json!({ "file_name": "bench.xlsx", "content": BASE64.encode(&book), "source": "own" });
    let (import, read) = measured(browser.post::<Import>("/imports", stage.house.id(), &file)).await?;
    let people: usize = COME.iter().sum();
    if import.counts.new != people {
        bail!("{} rows are new and {} wrong", import.counts.new, import.counts.error);
    }
    let (_, commit) = measured(done(stage, &browser, (&import.id, "commit", "done"))).await?;
    let (_, undo) = measured(done(stage, &browser, (&import.id, "undo", "undone"))).await?;
    let row = |name: &str, did: &str, (seconds, cpu_seconds): (f64, f64)| {
        let what = format!("{people} people {did}");
        let note = Some("the cores of the whole machine, whoever kept them busy".to_owned());
        Row { name: name.to_owned(), figures: Figures::Whole { what, seconds, cpu_seconds, limit: LIMIT }, note }
    };
    Ok(vec![
        row("B.import_read", "read and weighed", read),
        row("B.import_commit", "written", commit),
        row("B.import_undo", "taken back", undo),
    ])
}

/// How long something takes, and what it costs the machine's cores.
async fn measured<T>(work: impl Future<Output = Result<T>>) -> Result<(T, (f64, f64))> {
    let (before, began) = (machine_seconds()?, Instant::now());
    let answer = work.await?;
    Ok((answer, (began.elapsed().as_secs_f64(), machine_seconds()? - before)))
}

/// Orders something of an import and waits until the worker has done it.
async fn done(stage: &Stage, browser: &Browser, (id, order, state): (&str, &str, &str)) -> Result<()> {
    let path = format!("/imports/{id}");
    let now: Import = browser.read(&path).await?;
    let _: Import =
        browser.post(&format!("{path}/{order}"), stage.house.id(), &json!({ "version": now.version })).await?;
    let began = Instant::now();
    loop {
        let now: Import = browser.read(&path).await?;
        if now.state == state {
            return Ok(());
        }
        if now.error.is_some() || began.elapsed() > PATIENCE {
            bail!("the import is {} with {:?}", now.state, now.error);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A browser with a session of the school's administrator.
async fn administrator(stage: &Stage) -> Result<Browser> {
    let tx = stage.house.store.begin(stage.school.place(), Mode::Read).await?;
    let account: AccountId = sql::scalar(
        &tx,
        "SELECT p.account_id FROM role_held r JOIN profile p ON p.id = r.profile_id \
         WHERE r.role = 'administrator' AND p.account_id IS NOT NULL ORDER BY p.id LIMIT 1",
        [],
    )
    .await?;
    tx.rollback().await?;
    let opening = Opening { scope: Scope::User, account: Some((account, 1)), credential: None };
    let token = stage.house.session_open(stage.house.store.platform(), opening).await?;
    stage.door.within(format!("{}={}", cookies::name(Scope::User), token.reveal()))
}

/// The file: every name is another one, and every guardian has a phone.
fn workbook(classes: &[Class]) -> Result<Vec<u8>> {
    let [students, guardians, staff] = COME;
    let name = |n: usize| format!("Өлшемов{}", ["а", "б", "в", "г"].map(|l| l.repeat(1 + n % 7)).concat());
    let given = |n: usize| format!("Арман{}", "а".repeat(n / 7 % 40));
    let born = |n: usize, year: usize| format!("{:02}.{:02}.{}", 1 + n % 28, 1 + n / 28 % 12, year + n / 336 % 8);
    let class = |n: usize| classes.get(n % classes.len().max(1)).map_or("", |class| &class.name).to_owned();
    let mut book = Workbook::new();
    let heading = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut rows = vec![heading(&["№", "Фамилия", "Имя", "Дата рождения", "Пол", "Класс"])];
    rows.extend((1..=students).map(|n| vec![n.to_string(), name(n), given(n), born(n, 2010), "м".into(), class(n)]));
    sheet(&mut book, "Ученики", &rows)?;
    let mut rows = vec![heading(&["Номер ученика", "Кем приходится", "Фамилия", "Имя", "Телефон"])];
    let phone = |n: usize| format!("8 701 {:07}", 2_000_000 + n);
    rows.extend(
        (1..=guardians).map(|n| vec![(1 + n % students).to_string(), "отец".into(), name(n), given(n), phone(n)]),
    );
    sheet(&mut book, "Законные представители", &rows)?;
    let mut rows = vec![heading(&["Фамилия", "Имя", "Дата рождения", "Пол", "Должность"])];
    rows.extend((1..=staff).map(|n| vec![name(n), given(n), born(n, 1970), "м".into(), "учитель".into()]));
    sheet(&mut book, "Сотрудники", &rows)?;
    Ok(book.save_to_buffer()?)
}

fn sheet(book: &mut Workbook, name: &str, rows: &[Vec<String>]) -> Result<()> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, cell)?;
        }
    }
    Ok(())
}
