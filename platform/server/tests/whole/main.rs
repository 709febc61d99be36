//! The whole product as processes: what no room can show alone.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../../../provisioning/tests/applicant/mod.rs"]
mod applicant;
mod auditing;
mod credentials;
mod moving_in;
mod processes;
mod provisioning;
mod serving;
mod transferring;
