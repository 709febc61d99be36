//! Words: heads of files, names of modules, and words that stand nowhere or only where they belong.

use regex_lite::Regex;

use super::{
    Report, Source,
    code::{Keep, blank},
};

/// A module's name says what it is about; these say nothing.
const EMPTY_NAMES: &[&str] = &["common", "utils", "util", "helpers", "helper", "core", "shared", "manager", "misc"];

/// The crates that may name a schema.
const OF_THE_STORE: &[&str] =
    &["platform/store/", "platform/provisioning/", "platform/testkit/", "platform/bench/", "migrations/"];

/// Names of PostgreSQL's own that only those crates use.
const STORE_WORDS: &str = r"(?i)search_path|AssertSqlSafe|\bset\s+(local\s+)?role\b|\b(create|drop|alter)\s+schema\b|information_schema|pg_namespace";

/// Words that no code of the one or the other language holds, with what to do instead.
const RUST_WORDS: &[(&str, &str)] = &[
    (r"#!?\[allow\(", "use #[expect(lint, reason = \"…\")]"),
    (r"#\[ignore\b", "a test runs or goes"),
    (r"\b(todo|unimplemented)!", "finish it"),
];
const TYPESCRIPT_WORDS: &[(&str, &str)] = &[
    (r"\b(it|test|describe)\.(skip|only|todo|fails)\b", "a test runs or goes"),
    (r"@ts-(ignore|nocheck)", "say what the type is"),
];

/// Words that no file holds. The names of hosts end early, so that this file does not hold them either.
const ALL_WORDS: &[(&str, &str)] = &[
    (r"\b(TODO|FIXME|XXX|HACK)\b", "finish it, or file an issue"),
    (
        r"(registry\.npmjs|files\.pythonhosted|//pypi|static\.crates|index\.crates|deb\.debian|security\.debian|proxy\.golang)\.\w",
        "no registry is named",
    ),
    (r#"(^|[\s"'`=(])/(root|work|home/\w+)/"#, "a path of one machine"),
];

/// Every file of Rust tells at its head what it is.
pub fn heads(sources: &[Source]) -> Report {
    let mut report = Report::default();
    for source in sources.iter().filter(|s| s.is_rust()) {
        let head = source.text.lines().find(|line| !line.trim().is_empty());
        let says = head.is_some_and(|line| line.starts_with("//! ") && line.len() > 12 && line != "//! (head follows)");
        report.note((!says).then(|| source.fault(0, "begins with no `//!` head")));
    }
    report
}

/// No module has a name that says nothing.
pub fn modules(sources: &[Source]) -> Report {
    let mut report = Report::default();
    for source in sources.iter().filter(|s| s.is_rust() || s.is_typescript()) {
        let stem = source.path.split(['.']).next().unwrap_or_default();
        let bad = stem.split('/').find(|part| EMPTY_NAMES.contains(part));
        report.note(bad.map(|part| source.fault(0, &format!("`{part}` says nothing: name what it is about"))));
    }
    report
}

/// No code holds a forbidden word outside its comments and strings.
pub fn code(sources: &[Source]) -> Report {
    let mut report = Report::default();
    for (words, of_kind) in
        [(RUST_WORDS, Source::is_rust as fn(&Source) -> bool), (TYPESCRIPT_WORDS, Source::is_typescript)]
    {
        for source in sources.iter().filter(|s| of_kind(s) && !s.is_rule()) {
            // The words of TypeScript stand in comments.
            let text = if source.is_rust() { blank(&source.text, Keep::Nothing) } else { source.text.clone() };
            let faults = find(source, &text, words);
            report.looked += 1;
            report.faults.extend(faults);
        }
    }
    report
}

/// No file holds a forbidden word.
pub fn all(sources: &[Source]) -> Report {
    let mut report = Report::default();
    for source in sources.iter().filter(|s| !s.is_rule()) {
        // The standard lines of Cargo's lock file name where packages come from.
        if source.path == "Cargo.lock" {
            continue;
        }
        report.looked += 1;
        report.faults.extend(find(source, &source.text, ALL_WORDS));
    }
    report
}

/// Outside the crates of the store nobody names a schema.
pub fn store(sources: &[Source]) -> Report {
    let mut report = Report::default();
    let words = [(STORE_WORDS, "only the store names a schema")];
    for source in sources.iter().filter(|s| s.is_rust() && !s.is_rule()) {
        if OF_THE_STORE.iter().any(|place| source.path.starts_with(place)) || source.is_test() {
            continue;
        }
        report.looked += 1;
        let text = blank(&source.text, Keep::Strings);
        report.faults.extend(find(source, &text, &words));
    }
    report
}

/// A fault for each place where one of the words stands.
fn find(source: &Source, text: &str, words: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (pattern, advice) in words {
        match Regex::new(&format!("(?m){pattern}")) {
            Ok(regex) => faults.extend(regex.find_iter(text).map(|found| {
                let word = found.as_str().trim();
                source.fault(found.start(), &format!("`{word}`: {advice}"))
            })),
            Err(error) => faults.push(format!("the rule {pattern} is none: {error}")),
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn faults(rule: fn(&[Source]) -> Report, path: &str, text: &str) -> usize {
        let report = rule(&[source(path, text)]);
        assert_eq!(report.looked, 1);
        report.faults.len()
    }

    #[test]
    fn a_file_without_a_head_is_a_fault() {
        assert_eq!(faults(heads, "a.rs", "//! What it is.\n"), 0);
        assert_eq!(faults(heads, "a.rs", "use std::fs;\n"), 1);
        assert_eq!(faults(heads, "a.rs", "//! (head follows)\n"), 1);
    }

    #[test]
    fn a_module_that_says_nothing_is_a_fault() {
        assert_eq!(faults(modules, "platform/http/src/limits.rs", ""), 0);
        assert_eq!(faults(modules, "platform/http/src/utils.rs", ""), 1);
        assert_eq!(faults(modules, "platform/web/src/shared/Page.tsx", ""), 1);
    }

    #[test]
    fn silenced_lints_and_tests_are_faults() {
        assert_eq!(faults(code, "a.rs", "#[expect(dead_code, reason = \"x\")] // not #[allow(x)]"), 0);
        assert_eq!(faults(code, "a.rs", "#[allow(dead_code)]"), 1);
        assert_eq!(faults(code, "a.rs", "#[ignore]\nfn a() { todo!() }"), 2);
        assert_eq!(faults(code, "a.rs", "rows.iter().skip(1)"), 0);
        assert_eq!(faults(code, "a.ts", "it('marks', () => {})"), 0);
        assert_eq!(faults(code, "a.ts", "it.only('marks', () => {})\n// @ts-ignore"), 2);
    }

    #[test]
    fn what_is_put_off_is_a_fault_and_so_is_a_machines_path() {
        assert_eq!(faults(all, "README.md", "The state is `todo`."), 0);
        assert_eq!(faults(all, "README.md", "TODO: finish"), 1);
        assert_eq!(faults(all, "docs/a.md", "see /root/notes.txt"), 1);
        assert_eq!(faults(all, "docs/a.md", "see platform/work/a.rs"), 0);
        let host = ["https://registry.npmjs", "org/react"].join(".");
        assert_eq!(faults(all, ".npmrc", &host), 1);
    }

    #[test]
    fn only_the_store_names_a_schema() {
        let text = "db.run(\"SET LOCAL search_path TO x\")";
        assert_eq!(faults(store, "tenants/people/src/store.rs", text), 1);
        assert_eq!(faults(store, "tenants/people/src/ops.rs", "// search_path is not ours"), 0);
        assert_eq!(store(&[source("platform/store/src/tx.rs", text)]).looked, 0);
    }
}
