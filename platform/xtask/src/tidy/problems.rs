//! Problems: every code that the source uses has words in all three languages. The words stand in
//! `platform/http/problems/<room>.json`; codes of fields begin there with `field.`.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::Value;

use super::{
    Report, Source,
    code::{Keep, blank},
};

const FOLDER: &str = "platform/http/problems/";
const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

/// Every code that is used has words.
pub fn codes(sources: &[Source]) -> Report {
    let mut report = Report::default();
    let words: BTreeMap<String, Value> = sources
        .iter()
        .filter(|s| s.path.starts_with(FOLDER) && s.path.ends_with(".json"))
        .filter_map(|source| serde_json::from_str::<BTreeMap<String, Value>>(&source.text).ok())
        .flatten()
        .collect();
    for source in sources.iter().filter(|s| s.is_rust() && !s.is_test() && !s.is_rule()) {
        let code = blank(before_tests(&source.text), Keep::Strings);
        for (at, used) in used(&code) {
            let said = |language: &&str| {
                let text = words.get(&used).and_then(|by| by.get(*language)).and_then(Value::as_str);
                text.is_none_or(|text| text.trim().is_empty())
            };
            let missing: Vec<&str> = LANGUAGES.into_iter().filter(said).collect();
            let fault = format!("`{used}` has no words in {}", missing.join(", "));
            report.note((!missing.is_empty()).then(|| source.fault(at, &fault)));
        }
    }
    report
}

/// Where a problem or the fault of a field is born, and its code.
fn used(code: &str) -> Vec<(usize, String)> {
    let literal = r#"\s*"([a-z0-9.-]+)""#;
    let patterns = [
        // Problem::conflict("room.code"), Problem::new(STATUS, "room.code")
        (format!(r"Problem::(?:conflict|refused)\({literal}"), ""),
        (format!(r"Problem::new\([^,()]+,{literal}"), ""),
        // Problem::field("name", "code"), faults.add("name", "code"), faults.require(holds, "name", "code")
        (format!(r#"Problem::field\(\s*"[^"]*",{literal}"#), "field."),
        (format!(r#"\.add\(\s*"[^"]*",{literal}"#), "field."),
        (format!(r#"\.require\([^;]*?,{literal}\s*,?\s*\)"#), "field."),
        // FieldProblem { field: …, code: "code" }
        (format!(r"FieldProblem \{{[^}}]*\bcode:{literal}"), "field."),
    ];
    let mut found = Vec::new();
    for (pattern, before) in patterns {
        let Ok(regex) = Regex::new(&pattern) else {
            continue;
        };
        for used in regex.captures_iter(code).filter_map(|captured| captured.get(1)) {
            found.push((used.start(), format!("{before}{}", used.as_str())));
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

    fn faults(code: &str, words: &str) -> Report {
        codes(&[source("platform/http/problems/journal.json", words), source("tenants/journal/src/ops.rs", code)])
    }

    const CODE: &str = r#"Problem::conflict("journal.locked"); Problem::new(StatusCode::GONE, "journal.locked");
        Problem::field("bin", "required"); faults.add("bin", "required");
        faults.require(name.len() > 3, "name", "required"); FieldProblem { field: f, code: "required" }"#;

    #[test]
    fn a_code_without_words_is_a_fault() {
        let all = r#"{"journal.locked": {"kk": "a", "ru": "b", "en": "c"}, "field.required": {"kk": "a", "ru": "b", "en": "c"}}"#;
        let report = faults(CODE, all);
        assert_eq!((report.looked, report.faults.len()), (6, 0), "{:?}", report.faults);
        let part = r#"{"journal.locked": {"kk": "a", "ru": " ", "en": "c"}}"#;
        let report = faults(CODE, part);
        assert_eq!(report.faults.len(), 6);
        assert!(report.faults.iter().any(|fault| fault.ends_with("`journal.locked` has no words in ru")));
    }

    #[test]
    fn what_tests_say_is_not_counted() {
        let code = "//! A.\n#[cfg(test)]\nmod tests { fn a() { Problem::conflict(\"b.c\"); } }";
        assert_eq!(faults(code, "{}").looked, 0);
    }
}
