//! Looks: who was shown a student's data, and when. An operation says it (`Turn::looked`); the line is in
//! the school's access log before the answer leaves. A read stays a read: the line has a transaction of
//! its own behind it, and where that fails nothing is answered.

use std::sync::Arc;

use kd_kernel::{ProfileId, Result};
use kd_store::{Mode, SchoolTx, sql};
use uuid::Uuid;

use crate::House;
use crate::once::Place;

/// What was shown of a student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// The card.
    Card,
    /// A printed sheet with the initial credential.
    Sheet,
    /// The full ИИН.
    Iin,
    /// A file with the person's data, for another school.
    Export,
}

impl Look {
    /// The name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Sheet => "sheet",
            Self::Iin => "iin",
            Self::Export => "export",
        }
    }
}

/// Writes what a read has shown, in a transaction of its own. Nothing happens where nothing was shown.
///
/// # Errors
/// 503 when it is in doubt whether the lines are there: then nothing may be answered.
pub async fn note(house: &Arc<House>, place: &Place<'_>, shown: &[(ProfileId, Look)]) -> Result<()> {
    if shown.is_empty() {
        return Ok(());
    }
    let tx = house.store.begin(place.school.place(), Mode::Write).await?;
    write(house, &tx, (place.seat.1, &crate::network(place.from)), shown).await?;
    tx.commit().await
}

/// Writes the lines into a transaction that is open already.
pub(crate) async fn write(
    house: &House,
    tx: &SchoolTx,
    (who, network): (ProfileId, &str),
    shown: &[(ProfileId, Look)],
) -> Result<()> {
    let ids: Vec<Uuid> = shown.iter().map(|_| house.id()).collect();
    let kinds: Vec<String> = shown.iter().map(|(_, look)| look.name().to_owned()).collect();
    sql::run(
        tx,
        "INSERT INTO access_log (id, profile_id, subject_id, what, came_from, at) \
         SELECT id, $4, subject, what, $5, $6 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS l (id, subject, what)",
        [
            ids.into(),
            sql::array(shown.iter().map(|(subject, _)| *subject)),
            kinds.into(),
            who.into(),
            network.into(),
            house.clock.now().into(),
        ],
    )
    .await?;
    Ok(())
}
