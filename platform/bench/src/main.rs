//! The load harness behind `make bench`: measures a running `serve` and `work` from outside, each thing
//! beside the same work done bare in the same run, and writes a table and a report. `cargo xtask bench`
//! starts and ends everything; this program starts nothing and judges nothing but errors.

mod door;
mod load;
mod peer;
mod process;
mod report;
mod scenarios;
mod stage;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::report::Report;
use crate::stage::Stage;

/// Where the things are that are measured. Settings come from the environment, as for `kundelik`.
#[derive(Debug, Parser)]
#[command(name = "kd-bench")]
pub struct Line {
    /// The report to write.
    #[arg(long)]
    out: PathBuf,
    /// The superuser's address, to have PostgreSQL tell what it is asked.
    #[arg(long)]
    admin_url: String,
    /// PostgreSQL's log.
    #[arg(long)]
    postgres_log: PathBuf,
    /// The port of the portal on 127.0.0.1.
    #[arg(long)]
    port: u16,
    /// The seeded school's address.
    #[arg(long)]
    school: String,
    /// The process of `serve`.
    #[arg(long)]
    serve: u32,
    /// The process of `work`.
    #[arg(long)]
    work: u32,
    /// What each first page needs, as `size.mjs --json` wrote it.
    #[arg(long)]
    pages: PathBuf,
    /// Only scenarios whose name holds this.
    #[arg(long)]
    only: Option<String>,
    /// How many clients ask at the same time.
    #[arg(long, default_value_t = 16)]
    clients: u8,
    /// How many seconds each thing is measured.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Send the peer's SQL from a loop of this program even where pgbench is there.
    #[arg(long)]
    without_pgbench: bool,
}

fn main() -> ExitCode {
    let line = Line::parse();
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(line)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kd-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(line: Line) -> Result<()> {
    let stage = Stage::open(&line).await?;
    let mut report = Report { machine: stage.recorder.machine().await?, results: Vec::new() };
    scenarios::all(&stage, line.only.as_deref(), &mut report).await?;
    print!("{}", report.table());
    report.write(&line.out)
}
