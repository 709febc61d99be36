//! PostgreSQL's errors, as far as a room makes problems of them.

use kd_kernel::Problem;
use sea_orm::{DbErr, RuntimeErr};

fn database(error: &DbErr) -> Option<&dyn sqlx::error::DatabaseError> {
    match error {
        DbErr::Query(RuntimeErr::SqlxError(e)) | DbErr::Exec(RuntimeErr::SqlxError(e)) => e.as_database_error(),
        _ => None,
    }
}

/// The name of the constraint that refused a row.
#[must_use]
pub fn constraint(error: &DbErr) -> Option<&str> {
    database(error).and_then(sqlx::error::DatabaseError::constraint)
}

/// Makes the room's problem of a named constraint; everything else is passed on.
pub fn on_constraint(error: DbErr, name: &str, problem: impl FnOnce() -> Problem) -> Problem {
    if constraint(&error) == Some(name) { problem() } else { Problem::from(error) }
}

/// Whether PostgreSQL refused for want of rights (42501).
#[must_use]
pub fn denied(error: &DbErr) -> bool {
    database(error).and_then(sqlx::error::DatabaseError::code).as_deref() == Some("42501")
}
