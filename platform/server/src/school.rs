//! `school audit-verify`: walks the chain over a school's audit, from outside of any request.

use anyhow::{Context, Result, bail};
use kd_audit::verify;
use serde_json::json;

use crate::house::{check_version, open};
use crate::settings::Env;

/// Prints what the chain holds, and fails where it is not whole.
pub(crate) async fn audit_verify(env: &Env, slug: &str, head: Option<&str>) -> Result<()> {
    let house = open(env).await?;
    if !check_version(&house).await? {
        bail!("the platform's database does not answer");
    }
    let school = house.school(slug).await?.with_context(|| format!("there is no school `{slug}`"))?;
    let kept = head.map(kept).transpose()?;
    let found = verify(&house, school.place(), kept).await?;
    let first_bad =
        found.first_bad.as_ref().map(|bad| json!({ "flaw": bad.flaw, "number": bad.number, "line": bad.line }));
    let shown = json!({ "school": slug, "sealed": found.sealed, "unsealed": found.unsealed,
                        "head": format!("{}:{}", found.head.number, found.head.hash), "first_bad": first_bad });
    println!("{shown}");
    match found.first_bad {
        None => Ok(()),
        Some(bad) => bail!("the audit of `{slug}` is not whole: {} at {}", bad.flaw, bad.place()),
    }
}

/// A head as it was printed.
fn kept(text: &str) -> Result<(i64, String)> {
    let (number, hash) = text.split_once(':').context("--head is number:hash, as it was printed")?;
    Ok((number.parse().context("--head is number:hash, as it was printed")?, hash.to_owned()))
}
