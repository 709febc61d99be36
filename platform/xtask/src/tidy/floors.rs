//! Directions: a crate depends only on lower floors. A room of a school tells its floor in its Cargo.toml:
//!
//! ```toml
//! [package.metadata.house]
//! floor = 3
//! ```
//!
//! The platform's crates have their floors here; a crate without one is a fault.

use std::collections::BTreeMap;

use super::{Report, Source};

/// Where a crate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    /// Vocabulary, no input or output.
    Kernel,
    /// The tables' history, which the store runs.
    History,
    /// One outside thing each: PostgreSQL, S3, SMTP, Redis, policies, paper.
    Means,
    /// The context of an operation.
    Context,
    /// The glue to HTTP.
    Http,
    /// Rooms of the platform; they may use each other, Cargo forbids circles.
    Platform,
    /// A room of a school, by its number.
    School(u8),
    /// The binary, the test kit's users.
    Top,
    /// The load harness, which measures the binary.
    Harness,
}

const PLATFORM: &[(&str, Floor)] = &[
    ("kernel", Floor::Kernel),
    ("store", Floor::Means),
    ("access", Floor::Means),
    ("blobs", Floor::Means),
    ("mail", Floor::Means),
    ("cache", Floor::Means),
    ("press", Floor::Means),
    ("migrations", Floor::History),
    ("ctx", Floor::Context),
    ("http", Floor::Http),
    ("accounts", Floor::Platform),
    ("schools", Floor::Platform),
    ("signup", Floor::Platform),
    ("provisioning", Floor::Platform),
    ("console", Floor::Platform),
    ("testkit", Floor::Top),
    ("bench", Floor::Harness),
    ("server", Floor::Top),
];

/// Who may know the migrations.
const KNOW_MIGRATIONS: &[&str] = &["store", "provisioning", "testkit", "server", "bench"];
/// What the tool itself may know: nothing of the product.
const TOOL: &str = "xtask";

/// A crate as its Cargo.toml describes it.
#[derive(Debug, Default)]
struct Crate {
    name: String,
    floor: Option<u8>,
    needs: Vec<String>,
    needs_in_tests: Vec<String>,
}

/// Every dependency between crates points down.
pub fn directions(sources: &[Source]) -> Report {
    let mut report = Report::default();
    let crates: BTreeMap<String, (&Source, Crate)> = sources
        .iter()
        .filter(|s| s.path.ends_with("/Cargo.toml"))
        .map(|source| (source, parse(&source.text)))
        .filter(|(_, found)| !found.name.is_empty())
        .map(|(source, found)| (found.name.clone(), (source, found)))
        .collect();
    let floors: BTreeMap<&str, Floor> =
        crates.iter().filter_map(|(name, (source, found))| Some((name.as_str(), floor(source, found)?))).collect();
    for (name, (source, found)) in &crates {
        if name == TOOL {
            let fault = found.needs.first().map(|need| format!("the tool must not know `{need}`"));
            report.note(fault.map(|fault| source.fault(0, &fault)));
            continue;
        }
        let Some(own) = floors.get(name.as_str()) else {
            report.note(Some(source.fault(0, "has no floor (platform/xtask/src/tidy/floors.rs)")));
            continue;
        };
        report.looked += 1;
        for need in &found.needs {
            let fault = fault(name, *own, need, floors.get(need.as_str()).copied());
            report.note(fault.map(|fault| source.fault(0, &fault)));
        }
        // Tests stand on the test kit and on what it stands on, but on no room above.
        let rooms = Floor::Platform..=Floor::School(u8::MAX);
        let above = |need: &&String| floors.get(need.as_str()).is_some_and(|f| f > own && rooms.contains(f));
        for need in found.needs_in_tests.iter().filter(above) {
            let fault = format!("`{name}` is tested with the room `{need}` of a higher floor");
            report.note(Some(source.fault(0, &fault)));
        }
    }
    report
}

/// What is wrong with this dependency, if anything is.
fn fault(name: &str, own: Floor, need: &str, other: Option<Floor>) -> Option<String> {
    let Some(other) = other else {
        return Some(format!("`{name}` needs `{need}`, which has no floor"));
    };
    if need == "migrations" {
        let known = KNOW_MIGRATIONS.contains(&name);
        return (!known).then(|| format!("`{name}` must not know the migrations"));
    }
    if name == "testkit" && other > Floor::Http {
        return Some(format!("the test kit must not know the room `{need}`"));
    }
    let among_equals = own == Floor::Platform || (own == Floor::Top && need == "testkit");
    let down = other < own || (other == own && among_equals);
    (!down).then(|| format!("`{name}` needs `{need}`, which is not on a lower floor"))
}

fn floor(source: &Source, found: &Crate) -> Option<Floor> {
    if source.path.starts_with("tenants/") {
        return found.floor.map(Floor::School);
    }
    PLATFORM.iter().find(|(name, _)| *name == found.name).map(|(_, floor)| *floor)
}

/// Reads the name, the floor and the dependencies on other crates of the house.
fn parse(text: &str) -> Crate {
    let mut found = Crate::default();
    let mut section = "";
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim().trim_matches('"'));
        match section {
            "[package]" if key == "name" => found.name = own_name(value).unwrap_or(value).to_owned(),
            "[package.metadata.house]" if key == "floor" => found.floor = value.parse().ok(),
            "[dependencies]" => found.needs.extend(needed(key)),
            "[dev-dependencies]" => found.needs_in_tests.extend(needed(key)),
            _ => {}
        }
    }
    found
}

/// `kd-people.workspace` is the crate `people` of the house.
fn needed(key: &str) -> Option<String> {
    own_name(key.split('.').next()?).map(str::to_owned)
}

fn own_name(name: &str) -> Option<&str> {
    name.strip_prefix("kd-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn room(name: &str, floor: Option<u8>, needs: &[&str]) -> Source {
        let metadata = floor.map(|n| format!("[package.metadata.house]\nfloor = {n}\n"));
        let needs: String = needs.iter().map(|n| format!("kd-{n}.workspace = true\n")).collect();
        let text = format!(
            "[package]\nname = \"kd-{name}\"\n{}[dependencies]\nserde = \"1\"\n{needs}",
            metadata.unwrap_or_default()
        );
        let platform = PLATFORM.iter().any(|(known, _)| *known == name) || name == TOOL;
        let place = if platform { "platform" } else { "tenants" };
        source(&format!("{place}/{name}/Cargo.toml"), &text)
    }

    fn faults(crates: &[Source]) -> Vec<String> {
        directions(crates).faults
    }

    #[test]
    fn a_room_may_need_lower_floors_only() {
        let (people, journal) = (room("people", Some(0), &[]), room("journal", Some(3), &["people"]));
        assert!(faults(&[people, journal]).is_empty());
        let (people, journal) = (room("people", Some(0), &["journal"]), room("journal", Some(3), &[]));
        assert_eq!(faults(&[people, journal]).len(), 1);
        let (people, calendar) = (room("people", Some(0), &["calendar"]), room("calendar", Some(0), &[]));
        assert_eq!(faults(&[people, calendar]).len(), 1);
    }

    #[test]
    fn a_room_without_a_floor_is_a_fault() {
        assert_eq!(faults(&[room("people", None, &[])]).len(), 1);
    }

    #[test]
    fn the_platforms_floors_are_kept() {
        let kernel = || room("kernel", None, &[]);
        assert!(faults(&[kernel(), room("store", None, &["kernel"])]).is_empty());
        assert_eq!(faults(&[room("kernel", None, &["store"]), room("store", None, &[])]).len(), 1);
        assert_eq!(faults(&[room("cache", None, &["store"]), room("store", None, &[])]).len(), 1);
        assert!(faults(&[room("signup", None, &["accounts"]), room("accounts", None, &[])]).is_empty());
    }

    #[test]
    fn few_know_the_migrations_and_the_test_kit_knows_no_room() {
        let migrations = || room("migrations", None, &[]);
        assert!(faults(&[migrations(), room("provisioning", None, &["migrations"])]).is_empty());
        assert_eq!(faults(&[migrations(), room("http", None, &["migrations"])]).len(), 1);
        assert_eq!(faults(&[room("people", Some(0), &[]), room("testkit", None, &["people"])]).len(), 1);
    }

    #[test]
    fn the_tool_knows_nothing_of_the_product() {
        assert_eq!(faults(&[room("xtask", None, &["store"]), room("store", None, &[])]).len(), 1);
    }
}
