//! Transfers: a student goes to another school. The sending school exports a signed file that is sealed for the
//! receiving one; there it is opened, looked at, and accepted in one transaction.
//!
//! Its words: a *transfer* is one going, with a number that both sides can say aloud; the *file* carries the data;
//! the *registry* is the platform's row of opaque ids that decides how far a transfer is; to *settle* is to mend what
//! was cut between the databases.
//! What always holds: in the file stand the data of the agreement and no others; it opens in the named school alone,
//! until its day, and comes in once; the sending school learns nothing but the state, the receiving one nothing but
//! what stands in the file (IDN-6); no account moves.
//!
//! This room refuses to know how people are kept and who is who (`people::transfers`), and how somebody leaves
//! (`people`): an export archives nobody.

mod api;
mod file;
mod heir;
mod ops;
mod registry;
mod rules;
mod settle;
mod store;
mod wire;

#[cfg(test)]
mod tests;

pub use api::TransfersApi;
pub use heir::HEIR;
pub use settle::settle;
