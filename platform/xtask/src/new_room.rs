//! `cargo xtask new-room`: a room of a school with the anatomy of the house, which compiles and passes its
//! own tests: crate, table, acts, policy lines. What the room is about is then written by people.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{copies::Twin, counts::Counts, paths, say, services::Kind, test::Bench, tidy};

/// The files of a room by their templates.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("../room/Cargo.toml.template")),
    ("src/lib.rs", include_str!("../room/lib.rs.template")),
    ("src/rules.rs", include_str!("../room/rules.rs.template")),
    ("src/ops.rs", include_str!("../room/ops.rs.template")),
    ("src/store.rs", include_str!("../room/store.rs.template")),
    ("src/tables.rs", include_str!("../room/tables.rs.template")),
    ("src/wire.rs", include_str!("../room/wire.rs.template")),
    ("src/api.rs", include_str!("../room/api.rs.template")),
    ("src/tests.rs", include_str!("../room/tests.rs.template")),
];
const TABLE: &str = include_str!("../room/migration.sql.template");

/// Who may do what in a fresh room: see and add, see.
const POLICIES: &[(&str, &[&str])] = &[("administrator", &["see", "add"]), ("teacher", &["see"])];

/// A room to be made.
#[derive(Debug, Args)]
pub struct Room {
    /// Its name, in small letters, as in `tenants/notices`.
    name: String,
    /// Its floor: it may use rooms of lower floors only.
    #[arg(long)]
    floor: u8,
    /// What one of its things is called; the name without its last `s` unless given.
    #[arg(long)]
    thing: Option<String>,
    /// The clone; the one that the tool was started in unless given.
    #[arg(long, hide = true)]
    repo: Option<PathBuf>,
}

/// Makes a room in a copy of the clone, and runs its tests there with services of their own, because the
/// room brings a table: shows that what this command makes is whole.
pub fn proof(repo: &Path) -> Result<Counts> {
    let twin = Twin::of(repo)?;
    let room = Room { name: "specimens".to_owned(), floor: 5, thing: None, repo: Some(twin.folder()) };
    make(&room)?;
    tidy::check_folder(&twin.folder(), "tenants/specimens/")?;
    let mut bench = Bench::open()?;
    bench.start_services(Kind::Test)?;
    bench.hear(twin.cargo(&["test", "--quiet", "-p", "kd-specimens"]))?;
    let counts = bench.counted();
    if counts.passed == 0 {
        bail!("the new room has no test");
    }
    Ok(counts)
}

/// Makes the room and says what is left to do by hand.
pub fn make(room: &Room) -> Result<()> {
    let repo = match &room.repo {
        Some(repo) => repo.clone(),
        None => paths::repo()?,
    };
    let names = Names::of(room)?;
    let folder = repo.join("tenants").join(&names.room);
    if folder.exists() {
        bail!("there is a room `{}` already", names.room);
    }
    // All insertions are found before anything is written.
    let edits = edits(&repo, &names)?;
    for (path, text) in FILES {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().context("a file has a folder")?)?;
        fs::write(&file, names.fill(text, room.floor))?;
    }
    for (file, text) in edits {
        fs::write(repo.join(&file), text).with_context(|| format!("cannot write {file}"))?;
    }
    say::line(format!("tenants/{} is made, on floor {}. What is left to do by hand:", names.room, room.floor));
    say::line(format!(
        "  1. the head of tenants/{}/src/lib.rs: what the room is, and what it refuses to know",
        names.room
    ));
    say::line("  2. the table, before it lands: the newest file in migrations/src/school");
    say::line("  3. who may do what: policies/*.csv, then KUNDELIK_WRITE_SNAPSHOTS=1 cargo test -p kd-access");
    say::line(format!("  4. the door: {}Api among the portal's rooms in platform/server", names.room_type));
    say::line("  5. the specs: cargo xtask openapi");
    Ok(())
}

/// The names of a room and its things.
struct Names {
    room: String,
    thing: String,
    room_type: String,
    thing_type: String,
}

impl Names {
    fn of(room: &Room) -> Result<Self> {
        let thing = match &room.thing {
            Some(thing) => thing.clone(),
            None => room.name.strip_suffix('s').unwrap_or(&room.name).to_owned(),
        };
        for name in [&room.name, &thing] {
            if name.len() < 3 || name.len() > 24 || !name.chars().all(|c| c.is_ascii_lowercase()) {
                bail!("`{name}`: a name has 3 to 24 small letters");
            }
        }
        Ok(Self { room_type: capital(&room.name), thing_type: capital(&thing), room: room.name.clone(), thing })
    }

    fn fill(&self, template: &str, floor: u8) -> String {
        template
            .replace("{{room}}", &self.room)
            .replace("{{Room}}", &self.room_type)
            .replace("{{thing}}", &self.thing)
            // In a list of imports the braces of Rust stand around the name.
            .replace("{{{Thing}}", &format!("{{{}", self.thing_type))
            .replace("{{Thing}}", &self.thing_type)
            .replace("{{floor}}", &floor.to_string())
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// What changes in files that exist, and the new migration: paths from the clone's folder, whole texts.
fn edits(repo: &Path, names: &Names) -> Result<Vec<(String, String)>> {
    let read = |path: &str| fs::read_to_string(repo.join(path)).with_context(|| format!("no {path}"));
    let mut edits = Vec::new();

    let line = format!("kd-{0} = {{ path = \"tenants/{0}\" }}\n", names.room);
    edits.push(("Cargo.toml".to_owned(), sorted_in(&read("Cargo.toml")?, &line)?));

    let acts = "platform/kernel/src/act.rs";
    let (see, add) = (format!("{}See", names.thing_type), format!("{}Add", names.thing_type));
    let fresh = format!(
        "    /// See {0}.\n    {see} = \"{1}.see\", sees {see};\n    /// Add one to {0}.\n    {add} = \"{1}.add\", sees {see};\n",
        names.room, names.thing
    );
    edits.push((acts.to_owned(), before_end(&read(acts)?, "\nacts! {", "\n}\n", &fresh)?));

    for (role, verbs) in POLICIES {
        let path = format!("policies/{role}.csv");
        let lines: String = verbs.iter().map(|verb| format!("p, {role}, {}.{verb}, any\n", names.thing)).collect();
        edits.push((path.clone(), read(&path)?.trim_end().to_owned() + "\n" + &lines));
    }

    let lineage = "migrations/src/lib.rs";
    let text = read(lineage)?;
    let number = text.matches("include_str!(\"school/").count() + 1;
    let migration = format!("m{number:04}_{}", names.room);
    let entry = format!("Migration {{ name: \"{migration}\", sql: include_str!(\"school/{migration}.sql\") }}");
    edits.push((lineage.to_owned(), into_list(&text, "pub const SCHOOL: &[Migration] =", &entry)?));
    edits.push((format!("migrations/src/school/{migration}.sql"), names.fill(TABLE, 0)));
    Ok(edits)
}

/// Puts the line among the workspace's own crates, in their order.
fn sorted_in(text: &str, line: &str) -> Result<String> {
    let own = |l: &&str| l.starts_with("kd-") && l.contains("path =");
    let after = text.lines().filter(own).take_while(|l| *l < line).last();
    let after = after.context("Cargo.toml lists no crates of the house")?;
    Ok(text.replacen(&format!("{after}\n"), &format!("{after}\n{line}"), 1))
}

/// Puts the text before the end of the part that begins so.
fn before_end(text: &str, begin: &str, end: &str, fresh: &str) -> Result<String> {
    let start = text.find(begin).with_context(|| format!("found no `{}`", begin.trim()))?;
    let length = text.get(start..).and_then(|part| part.find(end)).context("found no end of it")?;
    let (head, tail) = text.split_at(start + length + 1);
    Ok(format!("{head}{fresh}{tail}"))
}

/// Puts an element at the end of a list `&[…];`.
fn into_list(text: &str, begin: &str, entry: &str) -> Result<String> {
    let start = text.find(begin).with_context(|| format!("found no `{begin}`"))?;
    let length = text.get(start..).and_then(|part| part.find("];")).context("found no end of it")?;
    let (head, tail) = text.split_at(start + length);
    let head = head.trim_end();
    let comma = if head.ends_with(',') || head.ends_with('[') { "" } else { "," };
    Ok(format!("{head}{comma}\n    {entry}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_grow_at_their_end() {
        let one = "pub const SCHOOL: &[Migration] =\n    &[Migration { name: \"a\" }];\nrest";
        let two = into_list(one, "pub const SCHOOL: &[Migration] =", "B").unwrap();
        assert_eq!(two, "pub const SCHOOL: &[Migration] =\n    &[Migration { name: \"a\" },\n    B];\nrest");
    }

    #[test]
    fn crates_stand_in_their_order() {
        let text = "kd-access = { path = \"a\" }\nkd-people = { path = \"b\" }\n";
        let made = sorted_in(text, "kd-notices = { path = \"c\" }\n").unwrap();
        assert_eq!(made, "kd-access = { path = \"a\" }\nkd-notices = { path = \"c\" }\nkd-people = { path = \"b\" }\n");
    }

    #[test]
    fn a_name_is_made_of_small_letters() {
        let of = |name: &str| Names::of(&Room { name: name.into(), floor: 5, thing: None, repo: None });
        assert_eq!(of("notices").unwrap().thing_type, "Notice");
        assert_eq!(of("homework").unwrap().thing, "homework");
        for bad in ["ab", "Notices", "no-tices", "../people"] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
