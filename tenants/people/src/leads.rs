//! Leading a class makes a class teacher: the room `classes` says who, this room keeps the role.

use chrono::{DateTime, Utc};
use kd_ctx::Permit;
use kd_kernel::{ProfileId, Result};
use kd_store::sql;
use sea_orm::ConnectionTrait;

/// Gives a member of staff the role of class teacher; nothing happens where it is held.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn make_class_teacher<T>(
    db: &impl ConnectionTrait,
    _permit: &Permit<T>,
    person: ProfileId,
    now: DateTime<Utc>,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO role_held (profile_id, role, since) VALUES ($1, 'class_teacher', $2) ON CONFLICT DO NOTHING",
        [person.into(), now.into()],
    )
    .await?;
    Ok(())
}
