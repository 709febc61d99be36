//! Once: a write with an Idempotency-Key. The key's row, the write and its answer are one transaction,
//! so the same key gets the same answer whatever was cut in between, and two at once do not both write.

use std::net::IpAddr;
use std::sync::Arc;

use kd_kernel::{AccountId, Problem, ProfileId, Result, Tongue};
use kd_store::{Mode, sql};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{BoxFuture, House, SchoolCard, Turn};

/// What identifies a write: key, operation, and a hash of the body.
#[derive(Debug, Clone)]
pub struct Attempt {
    key: Uuid,
    operation: &'static str,
    body: Vec<u8>,
}

impl Attempt {
    /// The attempt of a request; `body` is the parsed body again as JSON.
    ///
    /// # Errors
    /// 500 when the body cannot be written as JSON.
    pub fn new(key: Uuid, operation: &'static str, body: &impl Serialize) -> Result<Self> {
        let text = serde_json::to_vec(body).map_err(Problem::internal)?;
        Ok(Self { key, operation, body: Sha256::digest(text).to_vec() })
    }
}

#[derive(FromQueryResult)]
struct Earlier {
    operation: String,
    body_hash: Vec<u8>,
    answer: Option<serde_json::Value>,
}

/// Runs a write once. The audit line of the operation is written with it.
///
/// # Errors
/// The operation's own; 422 `idempotency.key-reused` when the key came with another body before.
pub async fn once<T, F>(house: &Arc<House>, place: Place<'_>, attempt: Attempt, write: F) -> Result<T>
where
    T: Serialize + DeserializeOwned + Send,
    F: for<'t> FnOnce(&'t Turn) -> BoxFuture<'t, Result<T>> + Send,
{
    let turn = Turn::begin(house, place.school, place.seat, Mode::Write).await?.for_place(&place);
    let fresh = sql::run(
        turn.db(),
        "INSERT INTO idempotency (account_id, key, operation, body_hash, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (account_id, key) DO NOTHING",
        [
            turn.who().account.into(),
            attempt.key.into(),
            attempt.operation.into(),
            attempt.body.clone().into(),
            turn.now().into(),
        ],
    )
    .await?;
    if fresh == 0 {
        return earlier(&turn, &attempt).await;
    }
    let answer = write(&turn).await?;
    turn.audit(attempt.operation).await?;
    let stored = serde_json::to_value(&answer).map_err(Problem::internal)?;
    sql::run(
        turn.db(),
        "UPDATE idempotency SET answer = $3 WHERE account_id = $1 AND key = $2",
        [turn.who().account.into(), attempt.key.into(), stored.into()],
    )
    .await?;
    turn.commit().await?;
    Ok(answer)
}

/// Where a write happens, and who does it in which language.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The school.
    pub school: &'a SchoolCard,
    /// The person.
    pub seat: (AccountId, ProfileId),
    /// The language of the answer.
    pub tongue: Tongue,
    /// The address that the request came from; only its network is kept.
    pub from: IpAddr,
}

async fn earlier<T: DeserializeOwned>(turn: &Turn, attempt: &Attempt) -> Result<T> {
    let row: Option<Earlier> = sql::one(
        turn.db(),
        "SELECT operation, body_hash, answer FROM idempotency WHERE account_id = $1 AND key = $2",
        [turn.who().account.into(), attempt.key.into()],
    )
    .await?;
    match row {
        Some(row) if row.operation == attempt.operation && row.body_hash == attempt.body => {
            let answer = row.answer.ok_or_else(|| Problem::conflict("idempotency.under-way"))?;
            serde_json::from_value(answer).map_err(Problem::internal)
        }
        Some(_) => Err(Problem::refused("idempotency.key-reused")),
        None => Err(Problem::conflict("idempotency.under-way")),
    }
}
