//! The room's SQL in a school: who goes, and who came. The platform's rows are in `registry`.

use chrono::{DateTime, Utc};
use kd_ctx::{Permit, Plain, Thing};
use kd_kernel::{Problem, ProfileId, Relations, Result, TransferId};
use kd_people::transfers::Leaver;
use kd_store::{fault, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::file::Content;
use crate::wire::TransferState;

/// A student's going.
#[derive(Debug, Clone, FromQueryResult)]
pub struct OutRow {
    pub id: TransferId,
    pub student_id: ProfileId,
    pub to_kk: String,
    pub to_ru: String,
    pub guardians: i32,
    pub state: TransferState,
    pub issued_by: ProfileId,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl Thing for OutRow {
    fn relations(&self) -> Relations {
        Relations::none()
    }
}

macro_rules! outs {
    ($rest:literal) => {
        concat!(
            "SELECT id, student_id, to_kk, to_ru, guardians, state, issued_by, issued_at, expires_at, ended_at \
             FROM transfer_out WHERE ",
            $rest
        )
    };
}

/// The transfers of a student, the latest first.
pub async fn outs(db: &impl ConnectionTrait, student: ProfileId) -> Result<Vec<OutRow>> {
    sql::all(db, outs!("student_id = $1 ORDER BY issued_at DESC, id DESC"), [student.into()]).await
}

/// One transfer.
pub async fn out(db: &impl ConnectionTrait, id: TransferId) -> Result<Option<OutRow>> {
    sql::one(db, outs!("id = $1"), [id.into()]).await
}

/// One transfer, which nobody else can change until the end of the transaction.
pub async fn out_to_change(db: &impl ConnectionTrait, id: TransferId) -> Result<Option<OutRow>> {
    sql::one(db, outs!("id = $1 FOR UPDATE"), [id.into()]).await
}

/// The sealed file of a transfer that is open.
pub async fn file(db: &impl ConnectionTrait, out: &Permit<OutRow>) -> Result<Option<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Row {
        file: Option<Vec<u8>>,
    }
    let row: Option<Row> = sql::one(db, "SELECT file FROM transfer_out WHERE id = $1", [out.id.into()]).await?;
    Ok(row.and_then(|row| row.file))
}

/// Writes down that a student goes.
///
/// # Errors
/// 409 `transfers.open-already`.
pub async fn add_out(
    db: &impl ConnectionTrait,
    leaver: &Permit<Leaver>,
    (content, file): (&Content, Vec<u8>),
    (to_kk, to_ru): (&str, &str),
    by: ProfileId,
) -> Result<()> {
    let done = sql::run(
        db,
        "INSERT INTO transfer_out (id, student_id, to_kk, to_ru, guardians, state, file, issued_by, issued_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, 'issued', $6, $7, $8, $9)",
        [
            content.transfer.into(),
            leaver.id.into(),
            to_kk.into(),
            to_ru.into(),
            i32::try_from(content.guardians.len()).unwrap_or(i32::MAX).into(),
            file.into(),
            by.into(),
            content.issued_at.into(),
            content.expires_at.into(),
        ],
    )
    .await;
    done.map(|_| ()).map_err(|error| match fault::constraint(&error) {
        Some("transfer_out_one_open") => Problem::conflict("transfers.open-already"),
        _ => Problem::from(error),
    })
}

/// Writes the end of a transfer, and wipes its file; what has ended stays as it ended.
pub async fn end_out(
    db: &impl ConnectionTrait,
    id: TransferId,
    (state, at): (TransferState, DateTime<Utc>),
    withdrawn_by: Option<ProfileId>,
) -> Result<()> {
    sql::run(
        db,
        "UPDATE transfer_out SET state = $2, ended_at = $3, withdrawn_by = $4, file = NULL WHERE id = $1 AND state = 'issued'",
        [id.into(), state.into(), at.into(), withdrawn_by.into()],
    )
    .await?;
    Ok(())
}

/// Holds a transfer for this transaction alone; false where another one has it in hand.
pub async fn hold(db: &impl ConnectionTrait, id: TransferId) -> Result<bool> {
    sql::scalar(db, "SELECT pg_try_advisory_xact_lock(hashtextextended($1::text, 9))", [id.0.to_string().into()]).await
}

/// Whether a transfer has come in here.
pub async fn came(db: &impl ConnectionTrait, id: TransferId) -> Result<bool> {
    sql::scalar(db, "SELECT EXISTS (SELECT FROM transfer_in WHERE id = $1)", [id.into()]).await
}

/// Writes down that a student came.
pub async fn add_in(
    db: &impl ConnectionTrait,
    _permit: &Permit<Plain>,
    (content, student): (&Content, ProfileId),
    (by, now): (ProfileId, DateTime<Utc>),
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO transfer_in (id, student_id, from_kk, from_ru, accepted_by, accepted_at) VALUES ($1, $2, $3, $4, $5, $6)",
        [
            content.transfer.into(),
            student.into(),
            content.from_kk.clone().into(),
            content.from_ru.clone().into(),
            by.into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}
