//! Journal: works, marks, attendance, and the history of every cell. What a mark is worth is decided in
//! `rules` alone, with exact fractions. This room does not know who reads the marks: it says that
//! something changed, and the reader's page asks anew.

mod api;
mod heir;
mod ops;
mod page;
pub mod rules;
mod store;
pub mod wire;

pub use api::JournalApi;
pub use heir::HEIR;
pub use page::{SubjectStanding, by_subject};
pub use store::{MarkRow, absences_on, marks_of_student, rolls_taken};

#[cfg(test)]
mod tests;
