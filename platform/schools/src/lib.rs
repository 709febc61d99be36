//! Schools: the registry. The numbers and states of applications from the invitation on, agreements and
//! their papers, names and slugs of schools, the events of a school's life.
//!
//! This room has no operations of its own: the site (signup) and the console show what it keeps. It
//! refuses to know accounts and how a school is made: provisioning does that, and tells it here.
//!
//! Invariants: a state changes only along [`ApplicationState::may_become`], with its event, in the same
//! transaction; a signed agreement never changes; a paper that was recorded is the one that is served;
//! a slug, once claimed, stays.

pub mod agreements;
pub mod applications;
mod paper;
pub mod registry;
pub mod rules;
mod store;
mod wire;

pub use rules::ApplicationState;
pub use wire::{
    Agreement, AgreementBrief, AgreementDraft, AgreementSignature, AgreementState, PaperLanguage, SchoolEvent,
    SchoolRow,
};
