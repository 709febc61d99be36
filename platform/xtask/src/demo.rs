//! `cargo xtask demo`: the whole product with one realistic school, from nothing to a page in the browser,
//! until Ctrl-C. Data and addresses are kept in `target/demo`; a second start takes seconds.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};

use crate::{
    hand, paths,
    process::Running,
    product::{self, Doors, Place, Product},
    say,
    services::{Kind, Profile, Services},
    signals,
    state::{State, write_private},
    web,
};

/// A process that dies sooner than this after its start will not live longer the next time.
const SHORT_LIFE: Duration = Duration::from_secs(20);

/// What `kundelik seed` writes down.
#[derive(Debug, Serialize, Deserialize)]
pub struct Seed {
    /// The school's address.
    pub school: String,
    logins: Vec<Login>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Login {
    role: String,
    login: String,
    password: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    totp_secret: Option<String>,
}

/// `target/demo/demo.json`: there while the demo is ready, and no longer.
#[derive(Debug, Serialize)]
struct Ready {
    portal: String,
    console: String,
    mail: String,
    s3: String,
    school: String,
    logins: Vec<Login>,
}

/// The demo's folder, held by this one process.
struct Home {
    folder: PathBuf,
    database: PathBuf,
    _lock: Flock<File>,
}

impl Home {
    fn take(repo: &Path) -> Result<Self> {
        let folder = repo.join("target/demo");
        fs::create_dir_all(&folder)?;
        // PostgreSQL's user may have to pass through to its data.
        hand::open(&repo.join("target"))?;
        hand::open(&folder)?;
        let file = File::create(folder.join("lock"))?;
        let lock = Flock::lock(file, FlockArg::LockExclusiveNonblock)
            .ok()
            .with_context(|| format!("a demo of {} runs already", repo.display()))?;
        let home = Self { database: paths::demo_database(repo)?, folder, _lock: lock };
        home.forget_ready()?;
        Ok(home)
    }

    fn ready_file(&self) -> PathBuf {
        self.folder.join("demo.json")
    }

    fn logs(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn forget_ready(&self) -> Result<()> {
        match fs::remove_file(self.ready_file()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn empty(&self) -> Result<()> {
        for folder in [&self.database, &self.folder] {
            if folder.exists() {
                fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
            }
        }
        Ok(())
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = self.forget_ready();
    }
}

/// Empties the demo's data, addresses and logs.
pub fn reset() -> Result<()> {
    let repo = paths::repo()?;
    Home::take(&repo)?.empty()?;
    say::line("The demo is empty; `make demo` makes a new one.");
    Ok(())
}

/// Brings the demo up and keeps it up until the tool is asked to end.
pub fn run() -> Result<()> {
    let began = Instant::now();
    let repo = paths::repo()?;
    let home = Home::take(&repo)?;
    say::line("Kundelik: the demo");
    let mut state = State::open(home.folder.join("state.json"))?;
    let profile = Profile {
        kind: Kind::Demo,
        database: home.database.clone(),
        data: home.folder.clone(),
        logs: home.logs(),
        mail_port: Some(8025),
    };
    let mut services = Services::start(&profile, &mut state)?;
    web::build(&repo, &home.logs().join("web.log"))?;
    let binary = product::build(&repo)?;
    let place = Place { prefix: "kundelik", logs: &home.logs(), doors: Doors::take(&mut state, 8080, 8081)? };
    let product = Product::new(binary, &services.addresses, &mut state, place)?;
    state.keep()?;
    product.prepare()?;
    let seed = plant(&product, &home.folder)?;
    // The worker first: what waits for it waits no longer than needed.
    let mut processes = [product.work()?, product.serve()?];
    let ready = Ready {
        portal: product.doors.portal_url(),
        console: product.doors.console_url(),
        mail: services.addresses.mail.clone().unwrap_or_default(),
        s3: services.addresses.s3.endpoint.clone(),
        school: seed.school,
        logins: seed.logins,
    };
    write_private(&home.ready_file(), &serde_json::to_vec_pretty(&ready)?)?;
    show(&ready, &home, began.elapsed());
    let ended = watch(&product, &mut processes, &mut services);
    home.forget_ready()?;
    say::line("ending the demo");
    // Both at the same time; the services after those who use them.
    processes.iter().for_each(Running::ask_to_end);
    drop(processes);
    drop(services);
    ended
}

/// The demo's school: made at the first start, found again at the next.
pub fn plant(product: &Product, folder: &Path) -> Result<Seed> {
    let step = say::Step::begin("seed the demo's school");
    let out = folder.join("seed.json");
    product.command("seed", "seed.log").args(["seed".as_ref(), "--out".as_ref(), out.as_os_str()]).run()?;
    let seed: Seed = serde_json::from_slice(&fs::read(&out)?)
        .context("`kundelik seed` wrote something else than a school and its logins")?;
    step.done(&seed.school);
    Ok(seed)
}

/// Looks after the processes until the tool is asked to end; one that dies is started again.
fn watch(product: &Product, processes: &mut [Running; 2], services: &mut Services) -> Result<()> {
    let mut started = [Instant::now(); 2];
    while !signals::ending() {
        thread::sleep(Duration::from_millis(200));
        let fallen = services.fallen()?;
        if !fallen.is_empty() {
            bail!("ended by itself: {}", fallen.join("; "));
        }
        for (process, start) in processes.iter_mut().zip(&mut started) {
            let Some(status) = process.ended()? else {
                continue;
            };
            let name = process.name().to_owned();
            let account = format!("{name} ended by itself ({status}){}", process.tail());
            if start.elapsed() < SHORT_LIFE {
                bail!("{account}");
            }
            say::line(account);
            say::line(format!("{name} is started again"));
            *process = if name == "serve" { product.serve()? } else { product.work()? };
            *start = Instant::now();
        }
    }
    Ok(())
}

fn show(ready: &Ready, home: &Home, took: Duration) {
    say::line("");
    say::line(format!("The demo is ready ({}).", say::length(took)));
    say::line("");
    for (what, address) in [
        ("site", &ready.portal),
        ("school", &format!("{}/{}", ready.portal, ready.school)),
        ("console", &ready.console),
        ("letters", &ready.mail),
    ] {
        say::line(format!("  {what:<10}{address}"));
    }
    say::line("");
    for row in table(&ready.logins) {
        say::line(format!("  {row}"));
    }
    say::line("");
    say::line(format!("  the same in {}", home.ready_file().display()));
    say::line(format!("  logs in     {}", home.logs().display()));
    say::line("  Ctrl-C ends it; the data are kept.");
}

/// The logins as a table whose columns are as wide as they need to be.
fn table(logins: &[Login]) -> Vec<String> {
    let head = ["role", "login", "password", "TOTP secret"].map(str::to_owned);
    let rows = logins.iter().map(|login| {
        let secret = login.totp_secret.clone().unwrap_or_default();
        [login.role.clone(), login.login.clone(), login.password.clone(), secret]
    });
    let rows: Vec<[String; 4]> = std::iter::once(head).chain(rows).collect();
    let mut widths = [0; 4];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}  "));
            cells.collect::<String>().trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_columns() {
        let login = |role: &str, secret: Option<&str>| Login {
            role: role.into(),
            login: "aigul".into(),
            password: "pw".into(),
            totp_secret: secret.map(str::to_owned),
        };
        let rows = table(&[login("administrator", Some("ABC")), login("teacher", None)]);
        assert_eq!(
            rows,
            [
                "role           login  password  TOTP secret",
                "administrator  aigul  pw        ABC",
                "teacher        aigul  pw",
            ]
        );
    }

    #[test]
    fn the_seed_reads_as_the_contract_says() {
        let text = r#"{"school":"abai-7","logins":[{"role":"operator","login":"o","password":"p","totp_secret":"S"},
            {"role":"teacher","login":"t","password":"p","totp_secret":null},{"role":"student","login":"s","password":"p"}]}"#;
        let seed: Seed = serde_json::from_str(text).unwrap();
        assert_eq!(seed.logins.len(), 3);
    }
}
