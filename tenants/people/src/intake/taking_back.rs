//! Takes back what an intake did, all of it: newcomers go as if they had never been, changes are undone. It is
//! done while nothing depends on it: where somebody was changed since, has registered or holds a credential,
//! or where another room keeps something of a newcomer, nothing is taken back at all.

use chrono::NaiveDate;
use kd_kernel::{Problem, ProfileId, Result, Role};
use kd_store::fault::constraint;
use serde_json::{Value, json};
use uuid::Uuid;

use super::writing::{Clerk, Traces, Written};
use crate::store::iin as numbers;
use crate::store::intake as store;

/// How many people are removed at a time: PostgreSQL looks for each through all that could refer to people.
const PIECE: usize = 50;

/// Those of these people on whom something depends by now.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn depended_on(db: &impl sea_orm::ConnectionTrait, written: &[Written]) -> Result<Vec<ProfileId>> {
    let rows = traced(written)
        .map(|(id, traces)| json!({ "id": id, "version": traces.version, "made": traces.before.is_none() }));
    store::touched(db, rows.collect()).await
}

/// Takes everything back; tells after each piece how many people are done.
///
/// # Errors
/// 409 `import.depended-on` where something depends on it by now; what `told` says.
pub async fn take_back<F, Fut>(clerk: &Clerk<'_>, written: &[Written], told: F) -> Result<()>
where
    F: Fn(usize) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    let all: Vec<ProfileId> = traced(written).map(|(id, _)| id).collect();
    store::hold(clerk.db, &all).await?;
    if !depended_on(clerk.db, written).await?.is_empty() {
        return Err(Problem::conflict("import.depended-on"));
    }
    undo_ties(clerk, written).await?;
    let changed: Vec<Value> = traced(written).filter_map(|(_, traces)| traces.before.clone()).collect();
    let expected = u64::try_from(changed.len()).unwrap_or(u64::MAX);
    if store::change(clerk.db, Value::Array(changed), clerk.by, clerk.now).await? != expected {
        return Err(Problem::conflict("import.depended-on"));
    }
    let made: Vec<ProfileId> = traced(written).filter(|(_, t)| t.before.is_none()).map(|(id, _)| id).collect();
    let mut done = all.len() - made.len();
    for piece in made.chunks(PIECE) {
        store::remove(clerk.db, piece).await.map_err(|error| match constraint(&error) {
            Some(name) if name.ends_with("_fkey") => Problem::conflict("import.depended-on"),
            _ => Problem::from(error),
        })?;
        done += piece.len();
        told(done).await?;
    }
    Ok(())
}

fn traced(written: &[Written]) -> impl Iterator<Item = (ProfileId, &Traces)> {
    written.iter().filter_map(|w| Some((w.person, w.traces.as_ref()?)))
}

/// Guardianships, seats and the role of a guardian, as they were before.
async fn undo_ties(clerk: &Clerk<'_>, written: &[Written]) -> Result<()> {
    let (mut cut, mut put) = (Vec::new(), Vec::new());
    let (mut unseated, mut seats, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    for (id, traces) in traced(written) {
        for (student, before) in &traces.links {
            match before {
                None => cut.push(json!({ "guardian": id, "student": student })),
                Some(relation) => put.push(json!({ "guardian": id, "student": student, "relation": relation })),
            }
        }
        unseated.extend(traces.seat.map(|seat| json!({ "id": seat })));
        seats.extend(traces.seat_before.map(|seat| seat_again(seat, traces.order_before.as_deref())));
        if traces.made_guardian {
            roles.push(json!({ "id": id, "role": Role::Guardian.name() }));
        }
    }
    let numbered = traced(written).filter(|(_, traces)| traces.numbered).map(|(id, _)| id);
    numbers::delete_many(clerk.db, numbered).await?;
    store::cut_links(clerk.db, Value::Array(cut)).await?;
    store::put_links(clerk.db, Value::Array(put), clerk.now).await?;
    store::unseat(clerk.db, Value::Array(unseated)).await?;
    store::put_seats(clerk.db, Value::Array(seats)).await?;
    store::take_roles(clerk.db, Value::Array(roles)).await
}

fn seat_again((id, joined): (Uuid, NaiveDate), order_no: Option<&str>) -> Value {
    json!({ "id": id, "joined": joined, "left_on": null, "order_no": order_no })
}
