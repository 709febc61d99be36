//! Context: what every operation is handed. The house (stores, clock, chance, settings), sessions, the
//! registry of schools, and the turn: one school transaction with the person who acts in it.
//!
//! This crate knows no room. It decides nothing by itself: `access` does, from what a room's loader
//! says of the relation.

mod house;
pub mod jobs;
pub mod letters;
pub mod looks;
mod network;
pub mod once;
mod registry;
pub mod sessions;
mod turn;

pub use house::{House, Settings};
pub use looks::Look;
pub use network::network;
pub use registry::SchoolCard;
pub use sessions::{Member, Scope, Session, Token};
pub use turn::{Permit, Plain, Thing, Turn, Who};

pub use futures_util::FutureExt;
pub use futures_util::future::BoxFuture;
