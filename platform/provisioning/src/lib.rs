//! Provisioning: makes a school of a claimed address. A run is a list of named steps, each safe to do
//! twice and each with an undo; it ends with an open school, or with nothing left of it.
//!
//! Its words: a *run* belongs to one school; a worker *holds* it for the time of a lease, under a
//! *fencing number* that grows with every hand that takes it. What holds: every write names the number
//! and touches nothing when another has taken over, on the platform and in the cell; until the last
//! step's one transaction nobody can reach the school.
//!
//! It refuses to know what an application or an agreement is (schools), and what a school is for.

mod faults;
mod jobs;
mod letter;
mod ops;
mod rules;
mod steps;
mod store;
pub mod wire;

pub use jobs::work_once;
pub use ops::{retry, roll_back, service_of, start};
pub use rules::Step;
