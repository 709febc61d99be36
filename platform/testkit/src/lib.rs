//! Testkit: what the tests of every room stand on. A world (fresh databases cloned from a migrated
//! template, real Redis, S3 and SMTP), schools in it, named people with sessions, and a client at the
//! front door. It knows no room; only tests depend on it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot be set up must fail loudly"
)]

mod client;
mod school;
mod world;

pub use client::{Client, Reply};
pub use school::{Person, School};
pub use world::{CELL, World, blob_settings, env, logins, settings};
