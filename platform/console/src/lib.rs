//! Console: the API of the provider's operators. They see applications and decide about them, see the
//! registry of schools, and steer a provisioning that is stuck.
//!
//! What holds: every act is asked for; whatever is looked at or done is written into the operators' log
//! before, and where that cannot be written nothing is shown and nothing done (decision 12). An operator
//! never sees the inside of a school: this room has no way there.
//!
//! It refuses to know how decisions and schools are made: signup, schools and provisioning do that.

mod ops;
mod store;
mod wire;

mod api;

#[cfg(test)]
mod tests;

pub use api::ConsoleApi;
