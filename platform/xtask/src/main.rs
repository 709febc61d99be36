//! The house's own tool, `cargo xtask …`: starts the services, runs the demo and the tests, keeps the rules.
//! It is no part of the product and knows nothing of schools.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

mod bench;
mod copies;
mod counts;
mod demo;
mod e2e;
mod fetch;
mod hand;
mod http;
mod long;
mod mutants;
mod new_room;
mod openapi;
mod paths;
mod ports;
mod process;
mod product;
mod say;
mod secrets;
mod services;
mod settings;
mod signals;
mod state;
mod test;
mod tidy;
mod web;

#[derive(Parser)]
#[command(name = "xtask", about = "The house's own tool", max_term_width = 100)]
struct Line {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Bring up the whole product with one realistic school, until Ctrl-C.
    Demo {
        /// Empty the demo's data instead.
        #[arg(long)]
        reset: bool,
    },
    /// Check everything that must hold.
    Test {
        /// Only this part.
        #[arg(long, value_enum)]
        only: Option<test::Part>,
    },
    /// Take guards out one by one and see a test turn red each time.
    Mutants {
        /// Only patches whose path holds this.
        only: Option<String>,
    },
    /// Run the tests of faults (f01_ … f24_) at full length.
    Chaos,
    /// Measure, and write target/bench/report.json.
    Bench {
        /// What the harness is told, such as `--only A.login`, `--seconds 3` or `--without-pgbench`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        more: Vec<OsString>,
    },
    /// Keep the rules that a machine can keep: lengths, heads, words, directions.
    Tidy,
    /// Make a room of a school that compiles and passes its own tests.
    NewRoom(new_room::Room),
    /// Write docs/openapi anew from the server.
    Openapi,
    /// Start the services of the tests and keep them up, for tests run by hand.
    Services {
        /// The folder of logs and of what is remembered; target/services unless given.
        #[arg(long)]
        home: Option<PathBuf>,
        /// Where the settings are written; target/services.env unless given.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Become a program that ends with the tool. The tool calls this itself.
    #[command(hide = true)]
    Child {
        #[arg(long)]
        parent: i32,
        #[arg(long)]
        death: String,
        #[arg(long)]
        owner: Option<String>,
        #[arg(last = true)]
        program: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match run(Line::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<signals::Interrupted>() => {
            say::line("ended as asked");
            ExitCode::from(130)
        }
        Err(error) if error.is::<signals::Said>() => ExitCode::FAILURE,
        Err(error) => {
            say::line(format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    if let Task::Child { parent, death, owner, program } = task {
        return process::become_program(parent, &death, owner.as_deref(), &program);
    }
    signals::listen()?;
    paths::sweep();
    match task {
        Task::Demo { reset: true } => demo::reset(),
        Task::Demo { reset: false } => demo::run(),
        Task::Test { only } => test::run(only),
        Task::Mutants { only } => mutants::run(only.as_deref()),
        Task::Chaos => long::chaos(),
        Task::Bench { more } => bench::run(more),
        Task::Tidy => tidy::check(&paths::repo()?),
        Task::NewRoom(room) => new_room::make(&room),
        Task::Openapi => openapi::write(),
        Task::Services { home, out } => hand::run(home, out),
        Task::Child { .. } => Ok(()),
    }
}
