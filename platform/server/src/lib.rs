//! Server: the one crate that knows all rooms. It builds the house from the environment, composes the
//! rooms' APIs, listens, works, and ends without dropping a request. It decides nothing of its own.

pub mod apis;
mod command;
mod health;
mod house;
mod jobs;
pub mod log;
mod openapi;
mod operator;
mod prepare;
mod school;
mod seed;
mod serve;
mod settings;
mod stop;
mod sweeps;
mod work;

pub use command::Command;
pub use house::open;
pub use settings::{BadSetting, Env};
