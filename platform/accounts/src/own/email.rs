//! The address for recovery: it counts once a code from a letter to it was typed. Until then it lies sealed,
//! and the one that is confirmed already goes on being it; when it changes, the former address hears of it.

use chrono::TimeDelta;
use kd_ctx::FutureExt as _;
use kd_ctx::letters::check_address;
use kd_http::{IdempotencyKey, Portal};
use kd_kernel::{Problem, Result};
use sea_orm::TransactionTrait;

use super::allow;
use crate::letters::{Tells, letter};
use crate::store::{self, NewToken, Token};
use crate::wire::own::{Done, EmailConfirm, EmailPut};
use crate::{codes, rules};

/// How long the code of a letter is good.
const VALID: TimeDelta = TimeDelta::minutes(30);

/// Sends a code to a new address.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 422 `email-invalid` at the field; 429 after five letters within an hour.
pub async fn put(door: &Portal, key: &IdempotencyKey, put: EmailPut) -> Result<Done> {
    door.fresh()?;
    let (house, account) = (door.house(), door.account());
    let address = check_address("email", &put.email)?;
    let limits = house.cache.limits();
    let (most, window, now) = (rules::LETTERS, rules::LETTERS_WINDOW, house.clock.now());
    limits.hit("own-email", &account.to_string(), most, window, now).await.map_err(crate::sign_in::slow_down)?;
    // An address is personal: the school's row of the write does not hold it.
    door.once(key, "account_email", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let code = rules::digits(&house.chance);
            let id: uuid::Uuid = house.id();
            let tx = house.store.platform().begin().await?;
            let new = NewToken {
                id,
                account,
                purpose: "email",
                hash: codes::hash(&code),
                address_sealed: Some(house.seal.seal(&house.chance, &sealed_for(id), address.as_bytes())),
                now,
                expires_at: now + VALID,
            };
            store::add_token(&tx, new).await?;
            let own = store::own(&tx, account).await?.ok_or_else(Problem::unauthorized)?;
            let tells = Tells::Confirm { code: &code, minutes: VALID.num_minutes() };
            let text = letter(house, own.language()?, tells, (address, format!("email:{id}")))?;
            house.letter(&tx, text).await?;
            tx.commit().await?;
            Ok(Done { done: true })
        }
        .boxed()
    })
    .await
}

/// Confirms the address by the code of the letter; five tries.
///
/// # Errors
/// 403 `accounts.step-up-needed`; 409 `accounts.code-over` where no code waits; 422 `code-wrong` at the field.
pub async fn confirm(door: &Portal, key: &IdempotencyKey, confirm: EmailConfirm) -> Result<Done> {
    door.fresh()?;
    let (house, account) = (door.house(), door.account());
    let now = house.clock.now();
    let typed = codes::hash(confirm.code.trim());
    // Counted before it is looked at: however many try beside each other, five are looked at.
    let waits = store::try_token(house.store.platform(), (account, "email"), now).await?;
    let waits: Token = waits.ok_or_else(|| Problem::conflict("accounts.code-over"))?;
    if waits.hash != typed {
        return Err(Problem::field("code", "code-wrong"));
    }
    let sealed = waits.address_sealed.as_deref().ok_or_else(|| Problem::conflict("accounts.code-over"))?;
    let address = house.seal.open(&sealed_for(waits.id), sealed)?;
    let address = String::from_utf8(address).map_err(Problem::internal)?;
    door.once(key, "account_email_confirm", &(), |turn| {
        async move {
            let (house, account) = allow(turn)?;
            let tx = house.store.platform().begin().await?;
            let own = store::own(&tx, account).await?.ok_or_else(Problem::unauthorized)?;
            if !store::end_token(&tx, waits.id, now).await? {
                return Err(Problem::conflict("accounts.code-over"));
            }
            store::put_email(&tx, account, &address, now).await?;
            if let Some(former) = own.email.clone().filter(|former| *former != address) {
                let told = (former, format!("email-changed:{}", waits.id));
                house.letter(&tx, letter(house, own.language()?, Tells::EmailChanged, told)?).await?;
            }
            tx.commit().await?;
            Ok(Done { done: true })
        }
        .boxed()
    })
    .await
}

fn sealed_for(token: uuid::Uuid) -> String {
    format!("email:{token}")
}
