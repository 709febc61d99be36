//! The mail catcher: takes every letter and shows it on a page; sends nothing on.

use std::{path::PathBuf, time::Duration};

use anyhow::Result;

use super::{Profile, Ready};
use crate::{
    fetch::{self, Client, Package},
    http, paths,
    process::{Program, Running},
    say::Step,
};

const PACKAGE: Package = Package {
    title: "MailDev",
    client: Client::Npm,
    name: "maildev",
    version: "3.0.0",
    proof: "node_modules/maildev/dist/bin/maildev.js",
    instead: "SMTP_URL",
};

/// The program, for node; fetched when it is not in the cache.
pub fn program() -> Result<PathBuf> {
    let place = fetch::package(&paths::cache()?, PACKAGE, |_| Ok(()))?;
    Ok(place.join(PACKAGE.proof))
}

/// Starts the catcher: SMTP on one port, the page and `/api/email` on the other.
pub fn start(profile: &Profile, smtp: u16, page: u16) -> Result<(Running, Ready)> {
    let program = program()?;
    let step = Step::begin("start MailDev (letters)");
    let running = Program::new("MailDev", "node")
        .args([program.into_os_string()])
        .args(["--ip", "127.0.0.1", "--web-ip", "127.0.0.1"])
        .args(["--smtp", &smtp.to_string(), "--web", &page.to_string()])
        .args(["--mail-directory".into(), profile.data.join("letters").into_os_string()])
        .within(&profile.data)
        .log(profile.logs.join("mail.log"))
        .start()?;
    let ready: Ready = Box::new(move |running| {
        let both = || http::answers(smtp) && http::status(page, "/api/email") == Some(200);
        running.until(Duration::from_secs(60), both)?;
        step.done(format!("http://127.0.0.1:{page}"));
        Ok(())
    });
    Ok((running, ready))
}
