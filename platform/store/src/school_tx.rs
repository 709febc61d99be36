//! The school transaction: the only way to a school's data. One round trip begins it and sets the
//! school's role and path for it alone; after commit, rollback, drop or panic nothing of it is left on
//! the connection.

use kd_kernel::{Problem, Result, SchoolId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sqlx::postgres::{PgPool, Postgres};
use sqlx::{AssertSqlSafe, Executor};
use tokio::sync::Mutex;

use crate::names::SchoolName;

/// Whether a transaction may write. A GET's may not: PostgreSQL itself refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Reads alone.
    Read,
    /// Reads and writes.
    Write,
}

/// A transaction in one school, with that school's role. Rolled back unless committed.
pub struct SchoolTx {
    school: SchoolId,
    inner: Mutex<sqlx::Transaction<'static, Postgres>>,
}

impl SchoolTx {
    pub(crate) async fn begin(pool: &PgPool, school: SchoolId, mode: Mode) -> Result<Self> {
        let name = SchoolName::of(school);
        let mode = match mode {
            Mode::Read => "READ ONLY",
            Mode::Write => "READ WRITE",
        };
        let begin = format!("BEGIN {mode}; SET LOCAL ROLE {name}; SET LOCAL search_path TO {name}, ext");
        let inner = pool.begin_with(AssertSqlSafe(begin)).await.map_err(|error| match &error {
            // The role is not there: the school is not, or no longer, in this cell.
            sqlx::Error::Database(db) if matches!(db.code().as_deref(), Some("22023" | "42704" | "42501")) => {
                Problem::not_found()
            }
            _ => Problem::unavailable(error),
        })?;
        Ok(Self { school, inner: Mutex::new(inner) })
    }

    /// The school whose transaction this is.
    #[must_use]
    pub fn school(&self) -> SchoolId {
        self.school
    }

    /// Commits.
    ///
    /// # Errors
    /// 503 when the outcome is in doubt; the caller's Idempotency-Key finds out.
    pub async fn commit(self) -> Result<()> {
        self.inner.into_inner().commit().await.map_err(Problem::unavailable)
    }

    /// Gives everything up.
    ///
    /// # Errors
    /// 503 when the connection is gone; nothing was kept either way.
    pub async fn rollback(self) -> Result<()> {
        self.inner.into_inner().rollback().await.map_err(Problem::unavailable)
    }
}

impl std::fmt::Debug for SchoolTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SchoolTx").field("school", &self.school).finish_non_exhaustive()
    }
}

fn values(statement: &Statement) -> sea_orm::sea_query::Values {
    statement.values.clone().unwrap_or(sea_orm::sea_query::Values(Vec::new()))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(std::sync::Arc::new(error)))
}

#[async_trait::async_trait]
impl ConnectionTrait for SchoolTx {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        let mut tx = self.inner.lock().await;
        let query = sqlx::query_with(AssertSqlSafe(stmt.sql.as_str()), sea_query_sqlx::SqlxValues(values(&stmt)));
        tx.execute(query).await.map(Into::into).map_err(failed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut tx = self.inner.lock().await;
        tx.execute(AssertSqlSafe(sql)).await.map(Into::into).map_err(failed)
    }

    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut tx = self.inner.lock().await;
        let query = sqlx::query_with(AssertSqlSafe(stmt.sql.as_str()), sea_query_sqlx::SqlxValues(values(&stmt)));
        tx.fetch_optional(query).await.map(|row| row.map(Into::into)).map_err(failed)
    }

    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut tx = self.inner.lock().await;
        let query = sqlx::query_with(AssertSqlSafe(stmt.sql.as_str()), sea_query_sqlx::SqlxValues(values(&stmt)));
        tx.fetch_all(query).await.map(|rows| rows.into_iter().map(Into::into).collect()).map_err(failed)
    }
}
