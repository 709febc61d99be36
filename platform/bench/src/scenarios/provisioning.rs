//! A.provisioning: from the moment in which a school's service is activated to the open school, one
//! school after the other, each at a moment of its own between two looks of the worker. The peer is the
//! cell's part alone: the script of a school sent over a bare connection.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use kd_accounts::making::{Making, account_make};
use kd_kernel::{ApplicationId, SchoolId};
use kd_provisioning::wire::ServiceState;
use kd_schools::registry::{Claim, claim, parse_slug};
use kd_store::{SchoolName, sql};
use sea_orm::TransactionTrait;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tokio::time::{Instant, sleep};

use crate::load::Measured;
use crate::peer::{Figure, Transaction, inlined};
use crate::report::Row;
use crate::stage::Stage;

/// How many schools are made.
const SCHOOLS: usize = 20;
/// How many of them the peer makes.
const PEERS: u32 = 20;
/// How often it is asked whether a school is open.
const LOOK: Duration = Duration::from_millis(5);
/// A school that is not open by then is a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures it.
pub async fn run(stage: &Stage) -> Result<Vec<Row>> {
    let ((first, _), heard) = stage.recorder.hear(make(stage)).await?;
    let peer = bare(stage, first, &script(stage, heard)?).await?;
    let (mut waited, mut worked, mut cpu) = (Vec::new(), Vec::new(), 0.0);
    let poll = u32::try_from(stage.house.settings.poll.as_millis())?;
    for _ in 0..SCHOOLS {
        sleep(Duration::from_millis(u64::from(stage.house.chance.below(poll)))).await;
        let before = stage.work.cpu_seconds()?;
        let (school, time) = make(stage).await?;
        cpu += stage.work.cpu_seconds()? - before;
        let steps = kd_provisioning::service_of(&stage.house, school).await?.steps;
        let millis = steps.iter().filter_map(|step| step.took_ms).sum::<i64>();
        worked.push(Duration::from_millis(u64::try_from(millis)?));
        waited.push(time);
    }
    let whole = |times: &[Duration]| times.iter().sum::<Duration>();
    let (of_all, of_work) = (whole(&waited), whole(&worked));
    let waited = Measured::of(1, waited, of_all, cpu)?;
    let worked = Measured::of(1, worked, of_work, cpu)?;
    let wait = format!("with the wait for the worker, which looks every {poll} ms");
    Ok(vec![
        Row::speed("A.provisioning", &waited, peer).noted(wait),
        Row::speed("A.provisioning_steps", &worked, peer).noted("the five steps without that wait"),
    ])
}

/// Activates the service of a school and waits until it is open.
async fn make(stage: &Stage) -> Result<(SchoolId, Duration)> {
    let house = &stage.house;
    let (application, password): (ApplicationId, _) = (house.id(), house.chance.temporary_password());
    let login = format!("bench.{}", application.0.simple());
    let tx = house.store.platform().begin().await?;
    let account =
        account_make(house, &tx, Making { login: &login, password: &password, state: "activating", seed: None })
            .await?;
    sql::run(
        &tx,
        "INSERT INTO platform.application (id, number, state, name_kk, name_ru, bin, region, city, legal_address, \
         postal_address, director, contact_name, email, phone, language, pupils, locale, account_id, received_at) VALUES \
         ($1, $2, 'provisioning', 'Өлшем мектебі', 'Школа замера', '220350000001', '71', 'Астана', 'Үлгі 1', 'Үлгі 1', \
         'Жұмабаева Сәуле', 'Оспанова Гүлнар', 'bench@example.org', '+77011234567', 'kk', 300, 'kk', $3, $4)",
        [application.into(), login.into(), account.into(), house.clock.now().into()],
    )
    .await?;
    tx.commit().await?;
    let began = Instant::now();
    let tx = house.store.platform().begin().await?;
    let slug = parse_slug(&format!("m{}", application.0.simple()))?;
    let wanted = Claim {
        application,
        slug: &slug,
        name_kk: "Өлшем мектебі",
        name_ru: "Школа замера",
        bin: "220350000001",
        language: "kk",
    };
    let school = claim(house, &tx, wanted).await?;
    kd_provisioning::start(house, &tx, school).await?;
    tx.commit().await?;
    while began.elapsed() < PATIENCE {
        match kd_provisioning::service_of(house, school).await?.state {
            ServiceState::Active => return Ok((school, began.elapsed())),
            ServiceState::Provisioning => sleep(LOOK).await,
            state => bail!("a school ended as {state:?}"),
        }
    }
    bail!("a school was not open in time")
}

/// The statements of the one transaction that makes a school in its cell.
fn script(stage: &Stage, heard: Vec<Transaction>) -> Result<Vec<String>> {
    let of_the_cell = |transaction: &Transaction| {
        let all =
            |entry: &crate::peer::Entry| entry.database == stage.cell.database() && entry.login == "kd_provisioner";
        transaction.iter().all(all) && transaction.iter().any(|entry| entry.text.starts_with("CREATE SCHEMA"))
    };
    let made = heard.iter().find(|transaction| of_the_cell(transaction)).context("no school was made in the cell")?;
    made.iter().map(inlined).collect()
}

/// Schools a second that the script makes over one connection, each under another name.
async fn bare(stage: &Stage, school: SchoolId, script: &[String]) -> Result<Figure> {
    let mut connection = stage.cell.provisioner()?.disable_statement_logging().connect().await?;
    let began = Instant::now();
    for _ in 0..PEERS {
        let other: SchoolId = stage.house.id();
        for statement in script {
            let statement = statement
                .replace(&SchoolName::of(school).to_string(), &SchoolName::of(other).to_string())
                .replace(&school.0.to_string(), &other.0.to_string());
            connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
        }
    }
    let time = began.elapsed();
    connection.close().await?;
    Ok(Figure { rps: f64::from(PEERS) / time.as_secs_f64(), name: "bare script" })
}
