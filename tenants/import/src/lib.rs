//! Import: the reading of a file with which a school moves in. Bytes become tables of text, columns get
//! their meaning by their headings, cells become values; and the empty workbooks that schools fill in.
//!
//! Its words: a *table* is one sheet of a workbook, or one CSV; a *place* is where a cell stands, as the
//! school's own program shows it (`B7`); a *heading* is the first row that has anything.
//! What always holds: what a file is, its bytes say and not its name; it is measured before it is unpacked;
//! what stands in a cell is data and is never reckoned.
//!
//! This room refuses to know who is in the school already (`people`), how a class's letters are kept
//! (`classes`), and where files lie (`blobs`). Pure: no database, no clock.

mod rules;

pub use rules::{
    Column, Field, Heading, MAX_BYTES, Refusal, Row, Subject, Table, class_name, columns, date, read, relation, sex,
    template,
};
