//! Import: a school moves in with a file. Bytes become tables of text, columns get their meaning, every row is
//! weighed against who is here and says what it is going to do; errors are mended in place; then all of it is
//! written in one piece by a worker, and can be taken back while nothing depends on it.
//!
//! Its words: a *table* is one sheet of a workbook, or one CSV; a *place* is where a cell stands, as the
//! school's own program shows it (`B7`); a *heading* is the first row that has anything; a *line* is a row
//! below it; *weighing* finds out what a line is going to do.
//! What always holds: what a file is, its bytes say and not its name; it is measured before it is unpacked;
//! what stands in a cell is data and is never reckoned; the file itself is not kept; what is written is what
//! was shown, all of it or nothing; the same file twice changes nothing (IMP-1).
//!
//! This room refuses to know how people are kept and who is who (`people::intake`), and how a class's letters
//! are kept (`classes`).

mod api;
mod jobs;
mod ops;
mod rules;
mod sheet;
mod store;
mod wire;

#[cfg(test)]
mod tests;

pub use api::ImportApi;
pub use jobs::{COMMIT_IMPORT, FORGET_IMPORT, UNDO_IMPORT, commit_import, forget_import, undo_import};
pub use rules::{
    Column, Field, Heading, MAX_BYTES, Refusal, Row, Subject, Table, class_name, columns, date, read, relation, sex,
    template,
};
