//! Accounts: who somebody is for the whole system. Signing in, sessions, temporary credentials,
//! registration, the second factor, the own account kept in order, recovery, and operators' accounts.
//!
//! One account per person who uses the system; a profile in a school belongs to `people`. This room reads
//! of a school no more than a profile's name and roles, and writes no more than that it is registered.
//! It refuses to know why a credential is issued, and what an account may do: `access` decides that.
//!
//! What holds: a wrong, an unknown, a voided and an expired login get the same answer in the same time;
//! of secrets only hashes are kept (seeds of second factors are sealed); a temporary credential is used
//! once, and in the same transaction the account is there.

pub mod credentials;
pub mod factor;
pub mod making;
pub mod operators;
pub mod passwords;
pub mod registration;
pub mod restrictions;
pub mod sign_in;

mod api;
mod attach;
mod codes;
mod jobs;
mod letters;
mod own;
mod own_api;
mod passkeys;
mod passkeys_api;
mod policy;
mod recovery;
mod reset;
mod rules;
mod sessions;
mod standing;
mod store;
mod wire;

#[cfg(test)]
mod tests;

pub use api::{AccountsApi, OperatorsApi};
pub use jobs::mend_memberships;
pub use operators::{OperatorAdded, operator_add};
pub use own::lost::void as password_void;
pub use own_api::{OwnApi, RecoveryApi};
pub use passkeys_api::{OwnPasskeysApi, PasskeysApi};
pub use reset::opens_elsewhere as reset_opens_elsewhere;
pub use sessions::{Entrance, account_activate, account_close, seats, session_upgrade};
pub use store::has_second_factor;
pub use wire::restrictions as restrictions_wire;
pub use wire::{SchoolSeat, SignedIn};

/// The version of the user agreement that a new account accepts.
pub const CURRENT_TERMS: &str = "2026-1";
