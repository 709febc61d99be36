//! Desk: the first page of each role. A teacher's lessons of today, a family's today and tomorrow, the
//! checklist of setting a school up, and the stream that tells a page to ask anew. It owns no table.

mod api;
mod family;
mod live;
mod setup;
mod teacher;
pub mod wire;

pub use api::DeskApi;

#[cfg(test)]
mod tests;
