//! The walk in the browser: a fresh product with one operator, the real server and the real worker,
//! and Chromium. It hands addresses to `npm run e2e`; the walk itself is written in `platform/web/e2e`.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    process::Program,
    product::{Doors, Place, Product},
    say::Step,
    secrets,
    services::chromium,
    test::{self, Bench},
    web,
};

/// Sets up the product, runs the walk, and takes everything down again.
pub fn walk(bench: &mut Bench) -> Result<()> {
    let chromium = chromium::program(bench.log("chromium-install.log"))?;
    let addresses = bench.services.as_ref().context("no services")?.addresses.clone();
    let mail = addresses.mail.clone().context("SMTP_URL is given, so TEST_MAIL_URL must name the catcher's page")?;
    let logs = bench.log("e2e");
    let place = Place {
        // Its own databases, also on a server that is given and used before.
        prefix: &format!("e2e_{}", secrets::hex(3)?),
        logs: &logs,
        doors: Doors::take(&mut bench.state, 8180, 8181)?,
    };
    let product = Product::new(test::binary(bench), &addresses, &mut bench.state, place)?;
    product.prepare()?;
    let operator = operator(&product)?;
    let workbook = workbook(bench)?;
    let _work = product.work()?;
    let _serve = product.serve()?;
    let program = web::npm(&bench.repo, "e2e")
        .set("E2E_PORTAL_URL", product.doors.portal_url())
        .set("E2E_CONSOLE_URL", product.doors.console_url())
        .set("E2E_MAIL_URL", mail)
        .set("E2E_CHROMIUM", chromium)
        .set("E2E_OPERATOR", operator)
        .set("E2E_WORKBOOK", workbook)
        .set("E2E_OUT", test::pictures(&bench.repo)?);
    bench.hear(program).with_context(|| format!("logs are in {}", logs.display()))
}

/// The file with which an invented school moves in.
fn workbook(bench: &Bench) -> Result<PathBuf> {
    let step = Step::begin("make a workbook");
    let path = bench.log("moving-in.xlsx");
    Program::new("cargo run", "cargo")
        .args(["run", "--quiet", "-p", "kd-import", "--example", "workbook", "--"])
        .args([&path])
        .within(&bench.repo)
        .log(bench.log("workbook.log"))
        .run()?;
    step.done("");
    Ok(path)
}

/// The console's operator, as JSON with login, password and second factor.
fn operator(product: &Product) -> Result<String> {
    let step = Step::begin("add an operator");
    let output = Command::new(&product.binary)
        .args(["operator", "add", "--login", "e2e-operator"])
        .envs(product.settings.iter().map(|(name, value)| (name, value)))
        .env("KUNDELIK_OPS_LISTEN", "127.0.0.1:0")
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`kundelik operator add` failed: {said}");
    }
    let operator: Value =
        serde_json::from_slice(&output.stdout).context("`kundelik operator add` wrote something else than JSON")?;
    step.done("");
    Ok(operator.to_string())
}
