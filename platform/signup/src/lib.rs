//! Signup: how a school comes in. The application on the site, its review, the letters about it, and the
//! way of the administrator from the agreement to the open school.
//!
//! Its words: an application is sent by a visitor, decided by an operator, and carried on by the
//! administrator whom the invitation let in (a newcomer). Its invariants: a decision is taken once, with
//! its letter, in one transaction; a newcomer sees the one application of his or her credential or
//! account and can name no other; steps come in their order (S51).
//!
//! It refuses to know passwords and sessions (accounts), papers and slugs (schools), and how a school is
//! made (provisioning).

pub mod decisions;
pub mod letters;
mod ops;
pub mod queue;
mod rules;
mod store;
pub mod wire;

mod api;

pub use api::SignupApi;

#[cfg(test)]
mod tests;
