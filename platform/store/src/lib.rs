//! Store: PostgreSQL. The pools, the school transaction, the making and dropping of schools' schemas,
//! the runner of migrations. The only place that names a schema or a role.
//!
//! The rest of the house reaches a school's data through [`SchoolTx`] and through nothing else: no pool
//! of a cell leaves this crate.

pub mod bootstrap;
pub mod fault;
mod lanes;
pub mod migrate;
mod names;
mod school_tx;
pub mod schools;
pub mod sql;

pub use lanes::{Address, Logins, SchoolRef, Store};
pub use names::{CellName, SchoolName};
pub use school_tx::{Mode, SchoolTx};

/// The platform's database: a pool, usable as a sea-orm connection.
pub type Platform = sea_orm::DatabaseConnection;
/// A transaction on the platform's database.
pub type PlatformTx = sea_orm::DatabaseTransaction;
