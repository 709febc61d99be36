//! `cargo xtask bench`: builds the server and the load harness as they are shipped, brings up fresh and
//! durable services with a seeded school, lets `kd-bench` measure, and takes everything down again.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    demo, paths,
    process::Program,
    product::{Doors, Place, Product},
    say::{self, Step},
    services::Kind,
    test::Bench,
    web,
};

/// Measures, prints the table and writes `target/bench/report.json`. The harness is handed `more`, such as
/// `--only A.login`.
pub fn run(more: Vec<OsString>) -> Result<()> {
    let mut bench = Bench::open()?;
    let out = bench.repo.join("target/bench");
    fs::create_dir_all(&out)?;
    web::build(&bench.repo, &out.join("web-build.log"))?;
    let built = build(&bench.repo, &out)?;
    bench.start_services(Kind::Measure)?;
    let addresses = bench.services.as_ref().context("no services")?.addresses.clone();
    let place = Place { prefix: "bench", logs: &out, doors: Doors::take(&mut bench.state, 8280, 8281)? };
    let product = Product::new(built.join("kundelik"), &addresses, &mut bench.state, place)?;
    product.prepare()?;
    let seed = demo::plant(&product, &out)?;
    let work = product.work()?;
    let serve = product.serve()?;
    let report = out.join("report.json");
    // One that was written before must not be taken for this run's.
    if report.exists() {
        fs::remove_file(&report)?;
    }
    say::line("  … measure: some two minutes");
    let harness = Program::new("kd-bench", built.join("kd-bench"))
        .settings(&product.settings)
        .args(["--admin-url".to_owned(), product.admin_url.clone(), "--school".to_owned(), seed.school])
        .args(["--port".to_owned(), product.doors.portal.to_string()])
        .args(["--serve".to_owned(), serve.id().to_string(), "--work".to_owned(), work.id().to_string()])
        .args(["--postgres-log".into(), bench.log("services").join("postgres.log").into_os_string()])
        .args(["--pages".into(), pages(&bench.repo, &out)?.into_os_string()])
        .args(["--out".into(), report.clone().into_os_string()])
        .args(more);
    harness.run().with_context(|| format!("logs are in {}", out.display()))?;
    say::line(format!("  the same in {}", report.display()));
    Ok(())
}

/// Builds both with cargo's release profile, and returns the folder in which they lie.
fn build(repo: &Path, out: &Path) -> Result<PathBuf> {
    let step = Step::begin("build the server and the harness, optimised");
    Program::new("cargo build", "cargo")
        .args(["build", "--release", "--workspace", "--bin", "kundelik", "--bin", "kd-bench"])
        .within(repo)
        .log(out.join("build.log"))
        .run_telling()?;
    step.done("");
    Ok(paths::built(repo).join("release"))
}

/// Writes down which files each first page needs.
fn pages(repo: &Path, out: &Path) -> Result<PathBuf> {
    let output = Command::new("node").args(["scripts/size.mjs", "--json"]).current_dir(web::folder(repo)).output()?;
    if !output.status.success() {
        bail!("size.mjs failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let file = out.join("pages.json");
    fs::write(&file, output.stdout)?;
    Ok(file)
}
