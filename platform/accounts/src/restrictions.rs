//! Restrictions: the provider keeps a user out, for a time or until it is lifted (M23; agreement, rights of the
//! provider). Sessions and streams end at once. The administrators of the user's schools are told that it is so,
//! and why; who it is, they see in their own school alone. Data about the person are entered as before (ACC-5).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use kd_ctx::{House, SchoolCard};
use kd_kernel::{AccountId, Problem, Result, Tongue};
use kd_store::Mode;
use sea_orm::TransactionTrait;

use crate::letters::{Tells, letter};
use crate::rules;
use crate::store::{self, Imposed, UserRow};
use crate::wire::restrictions::{Nature, Restriction, RestrictionNew, User};

/// The longest restriction with an end, in days.
const DAYS: i32 = 365;

/// A user by the login, whole.
///
/// # Errors
/// 404 where no user has it.
pub async fn find(house: &House, login: &str) -> Result<User> {
    let row = store::user_of_login(house.store.platform(), &rules::folded(login)).await?;
    row.map(shown).ok_or_else(Problem::not_found)
}

/// Those who are kept out, the latest first; at most two hundred.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn list(house: &House) -> Result<Vec<User>> {
    Ok(store::restricted(house.store.platform()).await?.into_iter().map(shown).collect())
}

/// The restrictions of those of these accounts that are kept out.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn among(house: &House, accounts: &[AccountId]) -> Result<HashMap<AccountId, Restriction>> {
    let rows = store::restricted_among(house.store.platform(), accounts).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.restriction()?))).collect())
}

/// Keeps a user out, at once, and tells the administrators of the user's schools.
///
/// # Errors
/// 404 where there is no such user; 409 `accounts.restricted` where the user is kept out already; 422 at `days`.
pub async fn impose(house: &House, operator: AccountId, account: AccountId, new: &RestrictionNew) -> Result<User> {
    if new.days.is_some_and(|days| !(1..=DAYS).contains(&days)) {
        return Err(Problem::field("days", "out-of-range"));
    }
    let db = house.store.platform();
    store::user(db, account).await?.ok_or_else(Problem::not_found)?;
    let now = house.clock.now();
    let until = new.days.map(|days| now + TimeDelta::days(i64::from(days)));
    let imposed = Imposed { id: house.id(), account, nature: new.nature, until, by: operator, now };
    let told = administrators(house, account).await?;
    let tx = db.begin().await?;
    store::impose(&tx, &imposed).await?;
    for one in &told {
        let tongue = Tongue::of_code(&one.language).unwrap_or_default();
        let (nature, until) = (nature_words(new.nature, tongue), until_words(until, tongue));
        let tells = Tells::Restricted { nature, until: &until };
        let name = format!("restricted:{}:{}", imposed.id, one.email);
        house.letter(&tx, letter(house, tongue, tells, (one.email.clone(), name))?).await?;
    }
    tx.commit().await?;
    house.sessions_end_of(account).await?;
    tracing::info!(%account, restriction = %imposed.id, letters = told.len(), "a user is kept out");
    store::user(db, account).await?.map(shown).ok_or_else(Problem::not_found)
}

/// Lets a user in again, and tells the administrators of the user's schools.
///
/// # Errors
/// 404 where there is no such user; 409 `accounts.not-restricted` where the user is not kept out.
pub async fn release(house: &House, operator: AccountId, account: AccountId) -> Result<User> {
    let db = house.store.platform();
    let user = store::user(db, account).await?.ok_or_else(Problem::not_found)?;
    if !let_in(house, &user, Some(operator)).await? {
        return Err(Problem::conflict("accounts.not-restricted"));
    }
    store::user(db, account).await?.map(shown).ok_or_else(Problem::not_found)
}

/// Lets those in again whose time is over. Never more to do at once.
///
/// # Errors
/// 503 when the platform's database does not answer.
pub async fn release_due(house: &House) -> Result<()> {
    for user in store::over(house.store.platform(), house.clock.now()).await? {
        let_in(house, &user, None).await?;
    }
    Ok(())
}

/// Ends the restriction that was read with the user, and no other: one that was imposed since stays.
pub(crate) async fn let_in(house: &House, user: &UserRow, by: Option<AccountId>) -> Result<bool> {
    let Some(restriction) = user.restriction() else { return Ok(false) };
    let told = administrators(house, user.id).await?;
    let tx = house.store.platform().begin().await?;
    let lifted = store::lift(&tx, (restriction.id, user.id), (by, house.clock.now())).await?;
    if lifted {
        for one in &told {
            let tongue = Tongue::of_code(&one.language).unwrap_or_default();
            let name = format!("released:{}:{}", restriction.id, one.email);
            house.letter(&tx, letter(house, tongue, Tells::Released, (one.email.clone(), name))?).await?;
        }
    }
    tx.commit().await?;
    tracing::info!(account = %user.id, restriction = %restriction.id, lifted, "a user is let in again");
    Ok(lifted)
}

/// Where the administrators of a user's schools are told. A school whose cell does not answer keeps the provider
/// from nothing; it is told by the portal.
async fn administrators(house: &House, account: AccountId) -> Result<Vec<store::Address>> {
    let mut accounts = Vec::new();
    for member in store::members(house.store.platform(), account).await? {
        let Some(card) = house.school_by_id(member.school_id).await?.filter(SchoolCard::is_open) else { continue };
        let found = async {
            let tx = house.store.begin(card.place(), Mode::Read).await?;
            let found = store::administrators(&tx).await?;
            tx.rollback().await?;
            Ok::<_, Problem>(found)
        };
        match found.await {
            Ok(found) => accounts.extend(found),
            Err(problem) => tracing::warn!(school = %card.id, %problem, "a school's administrators are not told"),
        }
    }
    accounts.retain(|one| *one != account);
    store::addresses(house.store.platform(), &accounts).await
}

fn shown(row: UserRow) -> User {
    User {
        id: row.id,
        schools: u32::try_from(row.schools).unwrap_or(0),
        restriction: row.restriction(),
        login: row.login,
    }
}

fn nature_words(nature: Nature, tongue: Tongue) -> &'static str {
    let [kk, ru, en] = match nature {
        Nature::Rules => ["пайдалану ережелері бұзылды", "нарушены правила пользования", "the rules of use are broken"],
        Nature::Law => ["заң бұзылды", "нарушен закон", "the law is broken"],
        Nature::Rights => ["басқа адамдардың құқығы бұзылды", "нарушены права других лиц", "others' rights are broken"],
        Nature::Automation => [
            "адамның орнына бағдарлама жұмыс істеді",
            "вместо человека работала программа",
            "a program did what only people may",
        ],
        Nature::Security => [
            "тіркелгі бөтеннің қолында болуы мүмкін",
            "учётной записью мог завладеть посторонний",
            "a stranger may have the account",
        ],
    };
    match tongue {
        Tongue::Kk => kk,
        Tongue::Ru => ru,
        Tongue::En => en,
    }
}

fn until_words(until: Option<DateTime<Utc>>, tongue: Tongue) -> String {
    match (until, tongue) {
        (Some(until), _) => kd_kernel::clock::local_date(until).format("%d.%m.%Y").to_string(),
        (None, Tongue::Kk) => "шектеу алынғанша".to_owned(),
        (None, Tongue::Ru) => "до снятия ограничения".to_owned(),
        (None, Tongue::En) => "until the restriction is lifted".to_owned(),
    }
}
