//! The house's own tool, `cargo xtask …`: starts the services, runs the demo and the tests, keeps the rules.
//! It is no part of the product and knows nothing of schools.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

mod fetch;
mod hand;
mod http;
mod paths;
mod ports;
mod process;
mod say;
mod secrets;
mod services;
mod settings;
mod signals;
mod state;

#[derive(Parser)]
#[command(name = "xtask", about = "The house's own tool", max_term_width = 100)]
struct Line {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Start the services of the tests and keep them up, for tests run by hand.
    Services {
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
        ending: String,
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
        Err(error) => {
            say::line(format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    if let Task::Child {
        parent,
        ending,
        owner,
        program,
    } = task
    {
        return process::become_program(parent, &ending, owner.as_deref(), &program);
    }
    signals::listen()?;
    paths::sweep();
    match task {
        Task::Services { out } => hand::run(out.as_deref()),
        Task::Child { .. } => Ok(()),
    }
}
