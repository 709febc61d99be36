//! The verifier: walks the chain from its beginning and names the first bad row.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::DateTime;
use kd_ctx::House;
use kd_kernel::Result;
use kd_store::{Mode, SchoolRef, SchoolTx};
use uuid::Uuid;

use crate::rules::{Flaw, Head, LATEST, Line};
use crate::store;

/// How many seals are looked at in one round.
const BATCH: i64 = 1000;

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Seals that are well, from the first one on.
    pub sealed: i64,
    /// Lines without a seal: those of the last moments.
    pub unsealed: i64,
    /// The last head that is well. Who keeps it elsewhere can ask for it later.
    pub head: Head,
    /// The first row that is not well.
    pub first_bad: Option<FirstBad>,
}

/// The first row that is not well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstBad {
    /// changed, line-gone, seal-gone, unlinked, slipped-in, or head-changed where a kept head is no longer there.
    pub flaw: &'static str,
    /// Its place in the chain; missing for a line that has none.
    pub number: Option<i64>,
    /// The line.
    pub line: Option<Uuid>,
}

impl FirstBad {
    fn of(flaw: Flaw, number: Option<i64>, line: Uuid) -> Self {
        Self { flaw: flaw.name(), number, line: Some(line) }
    }

    /// Where it is, in words.
    #[must_use]
    pub fn place(&self) -> String {
        let number = self.number.map(|n| format!("seal {n}"));
        let line = self.line.map(|id| format!("line {id}"));
        [number, line].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Walks a school's chain. `kept` is the number and the hash of a head that was seen earlier: a chain that
/// was made anew, or cut at its end, does not have it any more.
///
/// # Errors
/// 503 when the cell does not answer.
pub async fn verify(house: &Arc<House>, school: SchoolRef, kept: Option<(i64, String)>) -> Result<Verdict> {
    let tx = house.store.begin(school, Mode::Read).await?;
    let mut head = Head::beginning(school.id);
    let mut first_bad = None;
    let mut kept_seen = kept.is_none();
    while first_bad.is_none() {
        let seals = store::seals_after(&tx, head.number, BATCH).await?;
        if seals.is_empty() {
            break;
        }
        let lines = store::lines(&tx, seals.iter().map(|seal| seal.audit_id)).await?;
        let lines: HashMap<Uuid, Line> = lines.into_iter().map(|line| (line.id, line)).collect();
        for seal in &seals {
            match head.examine(seal, lines.get(&seal.audit_id)) {
                Ok(next) => head = next,
                Err(flaw) => {
                    first_bad = Some(FirstBad::of(flaw, Some(seal.number), seal.audit_id));
                    break;
                }
            }
            kept_seen |= kept.as_ref().is_some_and(|(number, hash)| (*number, hash) == (head.number, &head.hash));
        }
    }
    let number = kept.map(|(number, _)| number);
    let first_bad = match first_bad {
        Some(bad) => Some(bad),
        None if !kept_seen => Some(FirstBad { flaw: "head-changed", number, line: None }),
        None => slipped_in(&tx, &head).await?,
    };
    let unsealed = store::count_unsealed(&tx).await?;
    Ok(Verdict { sealed: head.number, unsealed, head, first_bad })
}

/// A line without a seal that says a time long before those that are sealed.
async fn slipped_in(tx: &SchoolTx, head: &Head) -> Result<Option<FirstBad>> {
    if head.number == 0 {
        return Ok(None);
    }
    // What lies exactly at the edge may still be sealed.
    let before = head.up_to - LATEST - chrono::TimeDelta::microseconds(1);
    let lines = store::unsealed(tx, (DateTime::UNIX_EPOCH, before), 1).await?;
    Ok(lines.first().map(|line| FirstBad::of(Flaw::SlippedIn, None, line.id)))
}
