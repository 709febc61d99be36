//! `cargo xtask services`: the services of the tests, kept up until Ctrl-C, for tests run by hand.

use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::{Result, bail};

use crate::{
    paths::{self, Scratch},
    say,
    services::{self, Addresses, Kind, Profile, Services},
    settings::{self, Settings},
    signals,
    state::{State, write_private},
};

/// Starts the services, writes their settings to `target/services.env` and prints them, and stays.
///
/// `home` holds the logs and what is remembered, `target/services` unless given; `out` the settings.
pub fn run(home: Option<PathBuf>, out: Option<PathBuf>) -> Result<()> {
    let repo = paths::repo()?;
    let home = home.unwrap_or_else(|| repo.join("target/services"));
    let file = out.unwrap_or_else(|| repo.join("target/services.env"));
    let scratch = Scratch::make("services")?;
    open(scratch.path())?;
    let mut state = State::open(home.join("state.json"))?;
    let profile = Profile {
        kind: Kind::Test,
        database: scratch.path().join("postgres"),
        data: scratch.path().to_path_buf(),
        logs: home.join("log"),
        mail_port: None,
    };
    let mut services = Services::start(&profile, &mut state)?;
    let settings = for_tests(&repo, &services.addresses, &mut state)?;
    write_private(&file, settings::as_shell(&settings, "").as_bytes())?;
    say::line(settings::as_shell(&settings, "export "));
    say::line(format!("In a shell: set -a; . {}; set +a", file.display()));
    say::line("The services stay until Ctrl-C.");
    while !signals::ending() {
        thread::sleep(Duration::from_millis(200));
        let fallen = services.fallen()?;
        if !fallen.is_empty() {
            std::fs::remove_file(&file)?;
            bail!("ended by itself: {}", fallen.join("; "));
        }
    }
    std::fs::remove_file(&file)?;
    say::line("ending the services");
    Ok(())
}

/// What the Rust tests read.
pub fn for_tests(repo: &Path, addresses: &Addresses, state: &mut State) -> Result<Settings> {
    let mut settings = settings::secrets(state)?;
    settings.extend(settings::addresses(addresses));
    let server = paths::built(repo).join("debug/kundelik");
    let redis = services::redis_program()?;
    let more = [
        ("TEST_PG_ADMIN_URL", addresses.postgres.clone()),
        ("TEST_MAIL_URL", addresses.mail.clone().unwrap_or_default()),
        ("TEST_SERVER_BIN", server.display().to_string()),
        ("TEST_REDIS_SERVER", redis.display().to_string()),
    ];
    settings.extend(more.map(|(name, value)| (name.to_owned(), value)));
    Ok(settings)
}

/// Lets `nobody` pass through a temporary folder to the data that is his.
pub fn open(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?)
}
