//! The school itself, its calendar, and the lessons of the quarter.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::{Datelike, NaiveDate};
use kd_accounts::making::{Making, account_make};
use kd_ctx::House;
use kd_kernel::{AccountId, ApplicationId};
use kd_schools::registry::{Claim, claim, parse_slug};
use kd_store::sql;
use sea_orm::TransactionTrait;
use serde_json::{Value, json};

use crate::seed::door::Door;
use crate::seed::people::Plan;
use crate::seed::{LOGINS, SLUG, Secrets};

/// How many lessons a class has on a day.
const LESSONS_A_DAY: usize = 5;

/// Makes the school by provisioning, with its administrator.
pub(crate) async fn open(house: &Arc<House>, secrets: &Secrets) -> Result<AccountId> {
    let login = LOGINS.iter().find(|(role, _)| *role == "administrator").map_or("demo.akimshi", |(_, login)| login);
    let (password, seed) = (secrets.password(login), secrets.factor(login));
    let tx = house.store.platform().begin().await?;
    let account =
        account_make(house, &tx, Making { login, password: &password, state: "activating", seed: Some(&seed) }).await?;
    let application: ApplicationId = house.id();
    let number = kd_schools::applications::next_number(house, &tx).await?;
    sql::run(
        &tx,
        "INSERT INTO platform.application (id, number, state, name_kk, name_ru, bin, region, city, legal_address, \
         postal_address, director, contact_name, email, phone, language, pupils, locale, account_id, received_at) VALUES \
         ($1, $2, 'contract_signed', '№ 17 үлгі мектебі', 'Школа-образец № 17', '220350000001', '71', 'Астана', \
         '010000, Астана, Үлгі көшесі, 17', '010000, Астана, Үлгі көшесі, 17', 'Жұмабаева Сәуле Арманқызы', \
         'Оспанова Гүлнар Ержанқызы', 'mektep17@example.org', '+77011234567', 'kk', 275, 'kk', $3, $4)",
        [application.into(), number.into(), account.into(), house.clock.now().into()],
    )
    .await?;
    let slug = parse_slug(SLUG)?;
    let wanted = Claim {
        application,
        slug: &slug,
        name_kk: "№ 17 үлгі мектебі",
        name_ru: "Школа-образец № 17",
        bin: "220350000001",
        language: "kk",
    };
    let school = claim(house, &tx, wanted).await?;
    sql::run(&tx, "UPDATE platform.application SET state = 'provisioning' WHERE id = $1", [application.into()]).await?;
    kd_provisioning::start(house, &tx, school).await?;
    tx.commit().await?;
    for _ in 0..50 {
        kd_provisioning::work_once(house).await?;
        let service = kd_provisioning::service_of(house, school).await?;
        match serde_json::to_value(service.state)?.as_str() {
            Some("active") => return Ok(account),
            Some("provisioning") => tokio::time::sleep(house.settings.poll).await,
            state => bail!("the school was not made: {state:?}"),
        }
    }
    bail!("the school was not made in time")
}

/// The country's year, bells and subjects.
pub(crate) async fn calendar(door: &Door) -> Result<()> {
    let year = door.get("/calendar/defaults").await?;
    door.post("/calendar/years", &year).await?;
    let bells = door.get("/calendar/bells/defaults").await?;
    door.put("/calendar/bells", &bells).await?;
    door.post("/subjects/defaults", &json!({})).await?;
    Ok(())
}

/// Lessons of every class for the quarter that runs: the same week again and again.
pub(crate) async fn lessons(door: &Door, plan: &Plan) -> Result<i64> {
    let calendar = door.get("/calendar").await?;
    let (from, to) = quarter(&calendar).context("the calendar has no quarter")?;
    let mut made = 0;
    for (number, class) in plan.classes.iter().enumerate() {
        for weekday in 1..=5_usize {
            for lesson in 0..LESSONS_A_DAY {
                // Latin squares: at any hour every class has another teacher.
                let at = (number + lesson + weekday) % class.loads.len().max(1);
                let Some((subject, teacher)) = class.loads.get(at) else { continue };
                let series = json!({ "class_id": class.id, "subject_id": subject, "teacher_id": teacher,
                    "weekday": weekday, "number": lesson + 1, "from": from, "to": to });
                let answer = door.post("/lessons/series", &series).await?;
                made += answer.get("added").and_then(Value::as_i64).unwrap_or(0);
            }
        }
    }
    Ok(made)
}

/// The quarter of today, or the last that began.
fn quarter(calendar: &Value) -> Option<(NaiveDate, NaiveDate)> {
    let year = calendar.get("years")?.as_array()?.first()?;
    let sets = year.get("period_sets")?.as_array()?;
    let periods = sets.last()?.get("periods")?.as_array()?;
    let today = kd_kernel::Clock::system().today();
    let span = |p: &Value| -> Option<(NaiveDate, NaiveDate)> {
        Some((p.get("begins")?.as_str()?.parse().ok()?, p.get("ends")?.as_str()?.parse().ok()?))
    };
    let spans: Vec<_> = periods.iter().filter_map(span).collect();
    let begun = spans.iter().rev().find(|(begins, _)| *begins <= today).or_else(|| spans.first())?;
    // Too young a quarter has nothing to look at yet: then the one before.
    let young = (today - begun.0).num_days() < 7 && today.year() > 0;
    let before = spans.iter().rev().find(|(_, ends)| *ends < begun.0);
    Some(if young { *before.unwrap_or(begun) } else { *begun })
}
