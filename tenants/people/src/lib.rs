//! People: who belongs to a school (staff, students, guardians), what roles they hold, whose guardian is
//! whose, which class a student is in, and how everybody gets the first login on paper.
//!
//! Its words: a *profile* is a person in this school; a *handout* says where the person's initial
//! credential stands; a *sheet* is a batch of printed credentials, to be fetched once within an hour.
//! What always holds: only the data that the agreement lists are kept; the last registered administrator
//! cannot lose the role; a temporary password is in clear only inside the one job that makes and prints it.
//!
//! This room refuses to know how passwords are made and checked (`accounts`), what a class is beyond its
//! name and who leads it (`classes`; decision 0010), and what anybody is taught.

mod api;
mod heirs;
pub mod intake;
mod jobs;
mod known;
mod leads;
mod members;
mod ops;
mod rules;
mod store;
pub mod transfers;
mod wire;

#[cfg(test)]
mod tests;

pub use api::PeopleApi;
pub use api::iin::IinApi;
pub use api::merges::MergesApi;
pub use heirs::{Heir, Pair};
pub use jobs::{EXPIRE_SHEET, ISSUE_SHEET, WRITE_LETTERS, expire_sheet, issue_sheet, write_letters};
pub use known::{Counts, Ward, children_of, counts, is_staff, names_of};
pub use leads::make_class_teacher;
pub use members::{
    ClassName, Enrolment, Member, class_names, class_of, class_sizes, enrol, members_between, members_now, members_of,
};
