//! The runs that take long and are not part of every test: faults at full length, and measurements.

use anyhow::{Result, bail};

use crate::{process::Program, product, say::Step, services::Kind, test::Bench, web};

/// The scenarios of faults are numbered F01 to F24; their tests bear the number.
const FAULTS: std::ops::RangeInclusive<u8> = 1..=24;

/// Runs every test of a fault with `KUNDELIK_CHAOS=long`, which lets it take its full length.
pub fn chaos() -> Result<()> {
    let mut bench = Bench::open()?;
    bench.start_services(Kind::Test)?;
    web::build(&bench.repo, &bench.log("web-build.log"))?;
    product::build(&bench.repo)?;
    let program = Program::new("cargo test", "cargo")
        .args(["test", "--workspace", "--no-fail-fast", "--", "--test-threads=2"])
        .args(FAULTS.map(|number| format!("f{number:02}_")))
        .set("KUNDELIK_CHAOS", "long")
        .within(&bench.repo);
    bench.hear(program)?;
    let counts = bench.counted();
    if counts.passed == 0 {
        bail!("no test of a fault was found");
    }
    println!("{} passed, {} failed", counts.passed, counts.failed);
    Ok(())
}

/// Builds the server and the harness as they are shipped, and measures on services with durable settings.
pub fn bench() -> Result<()> {
    let mut bench = Bench::open()?;
    bench.start_services(Kind::Demo)?;
    web::build(&bench.repo, &bench.log("web-build.log"))?;
    let step = Step::begin("build the server and the harness, optimised");
    Program::new("cargo build", "cargo")
        .args(["build", "--release", "--workspace", "--bin", "kundelik", "--bin", "kd-bench"])
        .within(&bench.repo)
        .log(bench.log("build-release.log"))
        .run_telling()?;
    step.done("");
    let built = crate::paths::built(&bench.repo).join("release");
    let out = bench.repo.join("target/bench");
    std::fs::create_dir_all(&out)?;
    let program = Program::new("kd-bench", built.join("kd-bench"))
        .args(["--out".as_ref(), out.join("report.json").as_os_str()])
        .within(&bench.repo)
        // Named last, so that it wins over the debug one.
        .settings(bench.settings())
        .set("TEST_SERVER_BIN", built.join("kundelik"));
    program.run()
}
