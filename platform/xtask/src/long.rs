//! The run that takes long and is not part of every test: faults at full length.

use anyhow::{Result, bail};

use crate::{process::Program, product, services::Kind, test::Bench, web};

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
