//! Audit: what was done in a school, by whom, when and from where; who was shown whose data; and the proof
//! that nothing of it was changed afterwards.
//!
//! Its words: a *line* is written by every write, in its own transaction (`ctx::once`); a *seal* ties a line
//! to all lines that were sealed before it; a *look* is a line of the access log (`ctx::looks`). What always
//! holds: lines, seals and looks are only added; seals are made behind the writes, so that no write waits
//! for another; a line that comes late is sealed late and never left out.
//!
//! This room refuses to know what an operation does: it has its name, whom it was about and the room's own
//! short words. Nobody changes anything here.

mod api;
mod jobs;
mod ops;
pub mod rules;
mod store;
mod verify;
mod wire;

#[cfg(test)]
mod tests;

pub use api::AuditApi;
pub use jobs::seal;
pub use verify::{FirstBad, Verdict, verify};
