//! Intake: many people at once, as the rooms above bring them in. What is said of each is weighed against
//! everybody who is here: who is new, who is changed, who is the same, and what cannot be done. Then all of it
//! is written, or taken back, within the caller's own transaction.
//!
//! What is not said of a person is left as it is: an empty cell clears nothing, and the same file twice
//! changes nothing (IMP-1). Nobody is taken for another on the name alone where something speaks against it.

mod book;
mod matching;
mod numbers;
mod taking_back;
mod weighing;
mod writing;

use chrono::NaiveDate;
use kd_kernel::{ClassId, ProfileId};
use serde::{Deserialize, Serialize};

pub use crate::wire::{Kind, Relation, Sex};
pub use book::Book;
pub(crate) use book::Entry;
pub use numbers::{Cells, Number, Numbers, is_number, keeps_iin};
pub use taking_back::{depended_on, take_back};
pub use weighing::weigh;
pub use writing::{Clerk, Traces, Written, write};

/// What is said of a person; what is missing is not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Staff, student or guardian.
    pub kind: Kind,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: Option<String>,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Sex; needed of who is new.
    pub sex: Option<Sex>,
    /// As people write it.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// ИИН.
    pub iin: Option<Number>,
    /// Actual address, of staff.
    pub address: Option<String>,
    /// Position, of staff.
    pub position: Option<String>,
    /// Class, of a student.
    pub class: Option<ClassId>,
    /// First day in the class.
    pub enrolled_on: Option<NaiveDate>,
    /// The number of the order of enrolment.
    pub order_no: Option<String>,
    /// Whom a guardian represents.
    pub children: Vec<(Child, Relation)>,
}

/// A guardian's student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Child {
    /// Comes in with the same intake, by place.
    Row(usize),
    /// Is here.
    Known(ProfileId),
}

/// Something about one field, for people: a stable code, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The field; empty for the person as a whole.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// The place of another row that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<usize>,
}

impl Remark {
    /// About a field.
    #[must_use]
    pub fn new(field: &str, code: &str) -> Self {
        Self { field: field.to_owned(), code: code.to_owned(), other: None }
    }

    /// About a field, or with none about the whole, because of another row.
    #[must_use]
    pub fn with(field: &str, code: &str, other: usize) -> Self {
        Self { other: Some(other), ..Self::new(field, code) }
    }
}

/// What becomes different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field.
    pub field: String,
    /// What stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What shall stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What is going to be done about a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The person is entered.
    New,
    /// The person is here, and something becomes different.
    Changed(ProfileId, Vec<Change>),
    /// The person is here, and nothing becomes different.
    Same(ProfileId),
    /// The person is the one of another row, which takes up what this one says: an earlier one about the same
    /// guardian, or that of a member of the staff.
    Joined(usize),
    /// It cannot be done.
    Error(Vec<Remark>),
}

/// What was found out about a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What is going to be done.
    pub outcome: Outcome,
    /// What somebody should look at, though it keeps nothing from being done.
    pub notes: Vec<Remark>,
    /// How it is done.
    pub(crate) deed: Option<weighing::Deed>,
}

impl Verdict {
    pub(crate) fn joined(place: usize) -> Self {
        Self { outcome: Outcome::Joined(place), notes: Vec::new(), deed: None }
    }

    pub(crate) fn error(remarks: Vec<Remark>) -> Self {
        Self { outcome: Outcome::Error(remarks), notes: Vec::new(), deed: None }
    }
}
