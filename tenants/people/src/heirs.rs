//! Heirs: the rooms above, each of which gives over its own rows when two profiles of a person become one.
//! This room does not know what they keep; the server hands it the list.

use kd_ctx::{BoxFuture, Permit, Thing, Turn};
use kd_kernel::{ProfileId, Relations, Result};
use serde_json::Value;

/// The two profiles of a merge, or of its undoing; both are locked until the end of the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The profile that is kept.
    pub kept: ProfileId,
    /// The profile that is given up.
    pub dropped: ProfileId,
}

impl Thing for Pair {
    fn relations(&self) -> Relations {
        Relations::none()
    }
}

/// What a room above does when two profiles become one. Its rows of what somebody once did (who set a mark)
/// stay as they are: they are the past, and the profile in the archive keeps its name.
#[derive(Clone, Copy)]
pub struct Heir {
    /// The room, by which its part of the record is found again.
    pub room: &'static str,
    /// Gives the rows of the dropped profile to the kept one and answers which they were, in the room's own
    /// words. Refuses where both have a row in the same place.
    pub hand_on: for<'t> fn(&'t Turn, &'t Permit<Pair>) -> BoxFuture<'t, Result<Value>>,
    /// Puts back what `hand_on` answered. Refuses with `people.merge-changed` where it is no longer there.
    pub take_back: for<'t> fn(&'t Turn, &'t Permit<Pair>, &'t Value) -> BoxFuture<'t, Result<()>>,
}
