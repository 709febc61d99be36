//! Classes: the classes of an academic year, the school's subjects, who teaches which of them, and who teaches
//! what to whom (the teaching load). Who is in a class is kept by `people`; lessons and marks are not known here.

mod api;
mod heir;
mod ops;
mod rules;
mod store;
mod taught;
pub mod wire;

pub use api::ClassesApi;
pub use heir::HEIR;
pub use rules::{letter, name_of};
pub use store::{
    ClassRow, LoadRow, SubjectRow, class, classes, homeroom_of, loads, loads_of, subject, subjects, teaches,
};
pub use taught::{SubjectNames, Taught, taught, teach, unteach};

#[cfg(test)]
mod tests;
