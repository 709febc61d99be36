//! `operator add`: an operator's account, shown once on stdout and nowhere else.

use anyhow::{Result, bail};
use serde_json::json;

use crate::house::{check_version, open};
use crate::settings::Env;

/// Adds an operator and prints `{"login", "password", "totp_secret"}`.
pub(crate) async fn add(env: &Env, login: &str) -> Result<()> {
    let house = open(env).await?;
    if !check_version(&house).await? {
        bail!("the platform's database does not answer");
    }
    match kd_accounts::operator_add(&house, login).await {
        Ok(added) => {
            let shown = json!({ "login": added.login, "password": *added.password, "totp_secret": *added.totp_secret });
            println!("{shown}");
            Ok(())
        }
        Err(problem) => match problem.fields().first() {
            Some(fault) => bail!("--{} was refused: {}", fault.field, fault.code),
            None => Err(problem.into()),
        },
    }
}
