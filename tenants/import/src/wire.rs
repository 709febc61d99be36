//! Shapes on the wire of imports. Enumerations are also what the tables hold, as text.

use chrono::{DateTime, Utc};
use kd_kernel::{ImportId, ProfileId};
use poem_openapi::types::Base64;
use poem_openapi::{Enum, Object};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::rules::{Field, Subject};

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? })+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Enum, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name { $($(#[$doc])* #[oai(rename = $word)] #[serde(rename = $word)] #[sea_orm(string_value = $word)] $variant),+ }
    )+ };
}

words! {
    /// How far an import is.
    ImportState {
        /// Its rows are checked, and can be mended.
        Checked = "checked",
        /// Waits for a worker.
        Queued = "queued",
        /// Is being written.
        Running = "running",
        /// Is written, whole.
        Done = "done",
        /// Is being taken back.
        Undoing = "undoing",
        /// Was taken back, whole.
        Undone = "undone",
        /// Was given up before it was written; its rows are gone.
        Dropped = "dropped",
    }
    /// Where the data come from.
    ImportSource {
        /// The school's own lists.
        Own = "own",
        /// Another electronic diary.
        OtherDiary = "other_diary",
    }
    /// What is going to be done about a row, or was.
    RowOutcome {
        /// The person is entered.
        New = "new",
        /// The person is here, and something becomes different.
        Changed = "changed",
        /// The person is here, and nothing becomes different.
        Same = "same",
        /// The same person as in an earlier row.
        Joined = "joined",
        /// It cannot be done; everything else waits for it.
        Error = "error",
        /// It is left out.
        Skipped = "skipped",
    }
}

impl ImportState {
    /// Whether a worker has it in hand, or will.
    pub(crate) fn is_at_work(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Undoing)
    }
}

/// A file to be read. Nothing of it is written yet.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ImportNew {
    /// The file's name, up to 200 characters; what the file is, its bytes say.
    pub file_name: String,
    /// The file, XLSX or CSV, up to 10 MiB.
    pub content: Base64<Vec<u8>>,
    /// Where the data come from.
    pub source: ImportSource,
    /// The document on which the school takes data over from another diary, up to 1,000 characters: an order, an
    /// agreement, consents. Needed for `other_diary`.
    pub legal_basis: Option<String>,
}

/// An import.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Import {
    /// The import.
    pub id: ImportId,
    /// How far it is.
    pub state: ImportState,
    /// The file's name.
    pub file_name: String,
    /// Where the data come from.
    pub source: ImportSource,
    /// On what basis data of another diary are taken over.
    pub legal_basis: Option<String>,
    /// The sheets of the file.
    pub tables: Vec<ImportTable>,
    /// How many rows have which outcome.
    pub counts: ImportCounts,
    /// Rows written or taken back so far.
    pub done: i32,
    /// Rows to be written or taken back.
    pub total: i32,
    /// Why the last commit or undo was not done: a stable code. Nothing of it was done.
    pub error: Option<String>,
    /// To be sent back with a change.
    pub version: i32,
    /// The name of who brought the file.
    pub requested_by: String,
    /// When the file was read.
    pub created_at: DateTime<Utc>,
    /// When it was written.
    pub committed_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// Until when its rows are kept; it can be taken back as long.
    pub rows_until: DateTime<Utc>,
}

/// One sheet of the file.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportTable {
    /// Its name; empty for a CSV.
    pub name: String,
    /// Whom it is about; missing means that it is left out.
    pub subject: Option<Subject>,
    /// Its columns from the first on.
    pub columns: Vec<ImportColumn>,
    /// Its rows without the heading.
    pub rows: u32,
}

impl ImportTable {
    /// The place of the column that says this.
    #[must_use]
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }
}

/// One column of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportColumn {
    /// Its heading as it stands in the file.
    pub heading: String,
    /// What it says; missing means that it is left out.
    pub field: Option<Field>,
}

/// How many rows have which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Entered.
    pub new: u32,
    /// Changed.
    pub changed: u32,
    /// The same as before.
    pub same: u32,
    /// The same person as in an earlier row.
    pub joined: u32,
    /// Cannot be done.
    pub error: u32,
    /// Left out.
    pub skipped: u32,
}

/// What the columns of one sheet say.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ImportColumns {
    /// The version that the change started from.
    pub version: i32,
    /// The sheet, from 0.
    pub table: u32,
    /// Whom it is about; missing leaves the sheet out.
    pub subject: Option<Subject>,
    /// What each column says, from the first on; `null` leaves a column out. No field twice.
    pub fields: Vec<Option<Field>>,
}

/// A part of the rows, in the order of the file.
#[derive(Debug, Clone, Object)]
pub struct ImportRows {
    /// How many there are in all.
    pub count: u32,
    /// Those of this part.
    pub rows: Vec<ImportRow>,
}

/// One row.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportRow {
    /// The row.
    pub id: Uuid,
    /// The sheet, from 0.
    pub table: u32,
    /// Its number as the school's own program shows it.
    pub number: u32,
    /// Its cells as they were read, or mended; of an ИИН the last digits alone. A cell that is sent back as it stands
    /// here stays what it is.
    pub cells: Vec<String>,
    /// What is going to be done, or was.
    pub outcome: RowOutcome,
    /// Why it cannot be done.
    pub faults: Vec<RowRemark>,
    /// What somebody should look at, though it keeps nothing from being done.
    pub notes: Vec<RowRemark>,
    /// What becomes different about a person who is here.
    pub changes: Vec<RowChange>,
    /// The number of the row whose person this is too, or with which it clashes.
    pub other: Option<u32>,
    /// The sheet of that row, from 0, where it is another sheet.
    pub other_table: Option<u32>,
    /// The person who is here, or was entered.
    pub profile_id: Option<ProfileId>,
}

/// A fault, or something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct RowRemark {
    /// The field that it is about; missing for the row as a whole.
    pub field: Option<Field>,
    /// Stable code.
    pub code: String,
}

/// What becomes different.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct RowChange {
    /// The field.
    pub field: Field,
    /// What stands there.
    pub before: Option<String>,
    /// What shall stand there.
    pub after: Option<String>,
}

/// A row as it shall be.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct ImportRowPut {
    /// Its cells, all of them.
    pub cells: Vec<String>,
    /// Whether the row is left out.
    pub skipped: bool,
}

/// A mended row, and where the import stands now.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ImportMended {
    /// The row, weighed anew.
    pub row: ImportRow,
    /// The import; rows besides this one may stand differently too.
    pub import: Import,
}

/// From which version something is begun.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct ImportAt {
    /// The version that was looked at.
    pub version: i32,
}

/// Nothing more is said than what the path says.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ImportDrop {}
