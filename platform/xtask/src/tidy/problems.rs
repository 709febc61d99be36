//! Problems: every code that the source uses has words in all three languages.

use std::collections::BTreeSet;

use regex_lite::Regex;
use serde_json::Value;

use super::{
    Report, Source,
    code::{Keep, blank},
};

const FOLDER: &str = "platform/http/problems/";

/// Every code that is used has words.
pub fn codes(sources: &[Source]) -> Report {
    let mut report = Report::default();
    let words: Vec<(&Source, BTreeSet<String>)> = sources
        .iter()
        .filter(|s| s.path.starts_with(FOLDER) && s.path.ends_with(".json"))
        .map(|source| (source, keys(&source.text)))
        .collect();
    for source in sources.iter().filter(|s| s.is_rust() && !s.is_test() && !s.is_rule()) {
        let code = blank(before_tests(&source.text), Keep::Strings);
        for (at, used) in used(&code) {
            let missing: Vec<&str> = words
                .iter()
                .filter(|(_, known)| !known.contains(&used))
                .map(|(file, _)| file.path.trim_start_matches(FOLDER))
                .collect();
            let fault = if words.len() < 3 {
                Some(format!("`{used}`: {FOLDER} has not three languages"))
            } else {
                (!missing.is_empty()).then(|| format!("`{used}` has no words in {}", missing.join(", ")))
            };
            report.note(fault.map(|fault| source.fault(at, &fault)));
        }
    }
    report
}

/// The codes of a file of words: its keys, and the keys of its parts.
fn keys(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok(Value::Object(map)) = serde_json::from_str(text) {
        for (key, value) in map {
            if let Value::Object(part) = value {
                found.extend(part.into_iter().map(|(key, _)| key));
            }
            found.insert(key);
        }
    }
    found
}

/// Where a problem or the fault of a field is born, and its code.
fn used(code: &str) -> Vec<(usize, String)> {
    let literal = r#"\s*"([a-z0-9.-]+)""#;
    let patterns = [
        // Problem::conflict("room.code") and its like.
        format!(r"Problem::(?:conflict|refused|gone|teapot|too_early|denied)\({literal}"),
        // Problem::new(STATUS, "room.code") and Problem::field("name", "code").
        format!(r"Problem::(?:new|field)\([^,()]+,{literal}"),
        // FieldProblem { field: …, code: "code" }
        format!(r"FieldProblem \{{[^}}]*\bcode:{literal}"),
    ];
    let mut found = Vec::new();
    for regex in patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()) {
        for capture in regex.captures_iter(code) {
            if let Some(used) = capture.get(1) {
                found.push((used.start(), used.as_str().to_owned()));
            }
        }
    }
    found
}

/// The part of a file before its own tests.
fn before_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]").map_or(text, |(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn faults(code: &str, known: [&str; 3]) -> Report {
        let mut sources: Vec<Source> = ["kk", "ru", "en"]
            .iter()
            .zip(known)
            .map(|(language, text)| source(&format!("{FOLDER}{language}.json"), text))
            .collect();
        sources.push(source("tenants/journal/src/ops.rs", code));
        codes(&sources)
    }

    #[test]
    fn a_code_without_words_is_a_fault() {
        let all = r#"{"journal.locked": "x", "required": "y"}"#;
        let code = "Problem::conflict(\"journal.locked\"); Problem::field(\"bin\", \"required\"); Problem::new(StatusCode::GONE, \"journal.locked\")";
        let report = faults(code, [all; 3]);
        assert_eq!((report.looked, report.faults.len()), (3, 0), "{:?}", report.faults);
        assert_eq!(faults(code, [all, "{}", all]).faults.len(), 3);
    }

    #[test]
    fn words_may_stand_in_parts() {
        let parts = r#"{"problems": {"journal.locked": "x"}, "fields": {"required": "y"}}"#;
        assert!(faults("FieldProblem { field: f, code: \"required\" }", [parts; 3]).faults.is_empty());
    }

    #[test]
    fn what_tests_say_is_not_counted() {
        let code = "//! A.\n#[cfg(test)]\nmod tests { fn a() { Problem::conflict(\"b.c\"); } }";
        assert_eq!(faults(code, ["{}"; 3]).looked, 0);
    }
}
