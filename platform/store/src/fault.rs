//! PostgreSQL's errors, as far as a room makes problems of them.

use kd_kernel::Problem;
use sea_orm::{DbErr, RuntimeErr};

/// What PostgreSQL calls the cause of a problem (`55P03`), where it is the cause and has a name for it.
#[must_use]
pub fn sqlstate(problem: &Problem) -> Option<String> {
    let error = cause(problem)?;
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(std::borrow::Cow::into_owned)
}

/// Whether the same may go well at the next try: what is needed does not answer, is in others' hands, or
/// ended in between. Everything else will fail again.
#[must_use]
pub fn is_transient(problem: &Problem) -> bool {
    match (cause(problem), sqlstate(problem)) {
        // Connection, rollback of others' making, resources, not now, operator, system; concurrent DDL.
        (_, Some(state)) => {
            ["08", "40", "53", "55", "57", "58"].iter().any(|class| state.starts_with(class)) || state == "XX000"
        }
        (Some(error), None) => matches!(
            error,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
        ),
        (None, None) => problem.status().as_u16() == 503,
    }
}

/// The error of PostgreSQL, or of the way to it, below a problem.
fn cause(problem: &Problem) -> Option<&sqlx::Error> {
    let source = std::error::Error::source(problem)?;
    match source.downcast_ref::<DbErr>() {
        Some(
            DbErr::Query(RuntimeErr::SqlxError(e))
            | DbErr::Exec(RuntimeErr::SqlxError(e))
            | DbErr::Conn(RuntimeErr::SqlxError(e)),
        ) => Some(e.as_ref()),
        _ => source.downcast_ref::<sqlx::Error>(),
    }
}

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
