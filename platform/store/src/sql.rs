//! Questions in SQL. The text is a literal of the program: a value cannot get into it, because it must
//! be `&'static str`; values travel beside it.

use kd_kernel::{Problem, Result};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};

fn statement(sql: &'static str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// Every row.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn all<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>> {
    let rows = db.query_all_raw(statement(sql, values)).await?;
    rows.iter().map(|row| T::from_query_result(row, "").map_err(Problem::from)).collect()
}

/// The first row, if any.
///
/// # Errors
/// As [`all`].
pub async fn one<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>> {
    let row = db.query_one_raw(statement(sql, values)).await?;
    row.map(|row| T::from_query_result(&row, "").map_err(Problem::from)).transpose()
}

/// Runs a statement; says how many rows it touched. Constraint names are still in the error, see
/// [`crate::fault`].
///
/// # Errors
/// PostgreSQL's own, to be mapped where the constraint is known.
pub async fn run(
    db: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    Ok(db.execute_raw(statement(sql, values)).await?.rows_affected())
}

/// A single value of the first row: `count(*)`, `EXISTS`, an id.
///
/// # Errors
/// As [`all`]; 500 when there is no row.
pub async fn scalar<T: sea_orm::TryGetable>(
    db: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<T> {
    let row = db.query_one_raw(statement(sql, values)).await?.ok_or_else(|| Problem::internal("no row"))?;
    row.try_get_by_index(0).map_err(Problem::from)
}

/// A list of ids as one array parameter: `= ANY($1)`.
pub fn array<T: Into<uuid::Uuid>>(ids: impl IntoIterator<Item = T>) -> Value {
    Value::from(ids.into_iter().map(Into::into).collect::<Vec<uuid::Uuid>>())
}
