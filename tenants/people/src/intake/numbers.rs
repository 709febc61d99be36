//! ИИН that a file brings in: weighed and written like those of a form (decision 0014), and never kept open on the
//! way. In the rows of an import stands what tells a cell from another, and no more; the numbers themselves lie
//! sealed beside the rows, only while the school keeps ИИН, and go at once where it stops to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use kd_ctx::House;
use kd_kernel::identifiers::check_number;
use kd_kernel::{Problem, ProfileId, Result, SchoolId};
use kd_store::SchoolTx;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ops::iin::{context, hash};
use crate::store::iin::{self as store, Writes};

/// A number as it is compared and written.
#[derive(Clone)]
pub struct Number {
    pub(crate) digits: String,
    pub(crate) hash: Vec<u8>,
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Number {}

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Number(…)")
    }
}

/// The cells of a row that hold a number, by column.
pub type Cells = BTreeMap<usize, String>;

/// How a school deals with ИИН while a file is brought in. Nobody turns its switch until the end of the
/// transaction in which this was asked.
#[derive(Clone)]
pub struct Numbers {
    house: Arc<House>,
    school: SchoolId,
    kept: bool,
}

impl Numbers {
    /// Asks for the school of a transaction that writes.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn of(house: &Arc<House>, db: &SchoolTx, school: SchoolId) -> Result<Self> {
        let kept = store::switch(db, Writes::Numbers).await?.0.on;
        Ok(Self { house: Arc::clone(house), school, kept })
    }

    /// Whether the school keeps ИИН.
    #[must_use]
    pub fn kept(&self) -> bool {
        self.kept
    }

    /// A number as somebody wrote it.
    #[must_use]
    pub fn number(&self, text: &str) -> Number {
        let digits = written(text);
        Number { hash: hash(&self.house, self.school, &digits), digits }
    }

    /// What stands in the place of a number in a row: its end where the school keeps it, or else a mark that is the
    /// same for the same number, so that rows which name one another by it still do.
    #[must_use]
    pub fn veiled(&self, text: &str) -> String {
        let number = self.number(text);
        match number.digits.get(8..).filter(|_| number.digits.len() == 12) {
            Some(end) if self.kept => format!("••••••••{end}"),
            None if self.kept => "••••••••••••".to_owned(),
            _ => format!("№{}", number.hash.get(..4).map(|start| HEXLOWER.encode(start)).unwrap_or_default()),
        }
    }

    /// Keeps the numbers of rows, sealed; a row without any has none any more. Where the school keeps no ИИН
    /// nothing is kept.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn keep(&self, db: &SchoolTx, rows: &[(Uuid, Cells)]) -> Result<()> {
        let seal = |row: &Uuid, cells: &Cells| -> Result<Value> {
            let plain = serde_json::to_vec(cells).map_err(Problem::internal)?;
            let sealed = self.house.seal.seal(&self.house.chance, &self.place(*row), &plain);
            Ok(json!({ "row": row, "sealed": HEXLOWER.encode(&sealed) }))
        };
        store::drop_brought(db, rows.iter().map(|(row, _)| *row)).await?;
        if !self.kept {
            return Ok(());
        }
        let some = rows.iter().filter(|(_, cells)| !cells.is_empty());
        let sealed: Result<Vec<Value>> = some.map(|(row, cells)| seal(row, cells)).collect();
        store::keep_brought(db, Value::Array(sealed?)).await
    }

    /// The numbers of rows, as they were written.
    ///
    /// # Errors
    /// 500 or 503 with the cause in the log.
    pub async fn brought(&self, db: &SchoolTx, rows: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, Cells>> {
        if !self.kept {
            return Ok(HashMap::new());
        }
        let open = |row: store::Brought| -> Result<(Uuid, Cells)> {
            let plain = self.house.seal.open(&self.place(row.row_id), &row.sealed)?;
            Ok((row.row_id, serde_json::from_slice(&plain).map_err(Problem::internal)?))
        };
        store::brought(db, rows).await?.into_iter().map(open).collect()
    }

    /// A hash of what somebody sent, for telling whether a request is the same: from a plain one a number of twelve
    /// digits could be found.
    #[must_use]
    pub fn print(house: &House, school: SchoolId, sent: &str) -> String {
        HEXLOWER.encode(&hash(house, school, sent))
    }

    /// A person's number as it is written.
    pub(crate) fn row(&self, person: ProfileId, digits: &str) -> Value {
        let sealed = self.house.seal.seal(&self.house.chance, &context(self.school, person), digits.as_bytes());
        let hash = hash(&self.house, self.school, digits);
        json!({ "person": person, "sealed": HEXLOWER.encode(&sealed), "hash": HEXLOWER.encode(&hash) })
    }

    fn place(&self, row: Uuid) -> String {
        format!("iin-brought:{}:{row}", self.school)
    }
}

/// Whether the school of a transaction keeps ИИН.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn keeps_iin(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(store::switch(db, Writes::Nothing).await?.0.on)
}

/// Whether a cell is an ИИН, whatever its column is called: twelve digits that fit one another. With fewer it may be
/// a phone; there the column must say so.
#[must_use]
pub fn is_number(text: &str) -> bool {
    check_number(&text.split_whitespace().collect::<String>()).is_ok()
}

/// A number without the spaces that people part its digits by, and with the zeros in front that a cell of figures
/// loses: those born from 2000 to 2009 have them.
fn written(text: &str) -> String {
    let number: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let short = (9..12).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let padded = format!("{number:0>12}");
    if short && check_number(&padded).is_ok() { padded } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_that_a_cell_of_figures_lost_come_back() {
        for (cell, number) in [
            ("80229600009", "080229600009"),
            ("080229 600009", "080229600009"),
            ("10101000001", "010101000001"),
            ("80229600008", "80229600008"),
            ("87771234567", "87771234567"),
            ("", ""),
        ] {
            assert_eq!(written(cell), number, "{cell}");
        }
        assert!(is_number("131130 600005") && is_number("080229600009"));
        for other in ["131130600006", "000000000000", "8 701 123 45 67", "80229600009"] {
            assert!(!is_number(other), "{other}");
        }
    }
}
