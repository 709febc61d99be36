//! Texts: the three languages say the same things, and no Kazakh text is a Russian one left over,
//! unless the glossary has the word in both, or the web's list of equal texts gives a reason for the key.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Report, Source};

const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];
const WEB: &str = "platform/web/src/locales/";
const PROBLEMS: &str = "platform/http/problems/";
/// Keys whose text is the same in Kazakh and Russian, each with the reason.
const SAME: &str = "platform/web/src/locales/same.json";
const GLOSSARY: &str = "docs/GLOSSARY.md";

/// Texts by key, of one file in one language.
type Texts = BTreeMap<String, String>;

/// A file has the same keys in every language.
pub fn keys(sources: &[Source]) -> Report {
    let mut report = Report::default();
    for (name, files) in groups(sources) {
        let all: BTreeSet<&String> = files.values().flat_map(|(_, texts)| texts.keys()).collect();
        for language in LANGUAGES {
            let Some((source, texts)) = files.get(language) else {
                report.note(Some(format!("{name}: there is no {language}")));
                continue;
            };
            report.looked += texts.len();
            for key in all.iter().filter(|key| !texts.contains_key(**key)) {
                report.faults.push(source.fault(0, &format!("`{key}` is missing")));
            }
        }
    }
    report
}

/// No Kazakh text equals the Russian one, unless the glossary says so or it has no Cyrillic letter.
pub fn kazakh(sources: &[Source]) -> Report {
    let mut report = Report::default();
    let same = sources.iter().find(|s| s.path == GLOSSARY).map(|glossary| alike(&glossary.text)).unwrap_or_default();
    let reasons = sources.iter().find(|s| s.path == SAME).map(|list| reasoned(&list.text)).unwrap_or_default();
    for files in groups(sources).values() {
        let (Some((source, kk)), Some((_, ru))) = (files.get("kk"), files.get("ru")) else {
            continue;
        };
        for (key, text) in kk {
            let left_over = ru.get(key) == Some(text)
                && text.chars().any(|c| ('а'..='я').contains(&c) || ('А'..='Я').contains(&c))
                && !reasons.contains(key)
                && !same.contains(&text.trim().to_lowercase());
            let fault = format!("`{key}`: \"{text}\" is the Russian text");
            report.note(left_over.then(|| source.fault(0, &fault)));
        }
    }
    report
}

/// The files of texts by name, and in each its languages.
fn groups(sources: &[Source]) -> BTreeMap<String, BTreeMap<&str, (&Source, Texts)>> {
    let mut groups: BTreeMap<String, BTreeMap<&str, (&Source, Texts)>> = BTreeMap::new();
    for source in sources.iter().filter(|s| s.path.ends_with(".json")) {
        if source.path.starts_with(PROBLEMS) {
            // Here the languages of a text stand side by side.
            let languages = LANGUAGES.map(|language| (language, (source, of_language(&source.text, language))));
            groups.insert(source.path.clone(), languages.into_iter().collect());
        } else if let Some((language, name)) = source.path.strip_prefix(WEB).and_then(|rest| rest.split_once('/')) {
            groups.entry(format!("{WEB}*/{name}")).or_default().insert(language, (source, flat(&source.text)));
        }
    }
    groups
}

/// The texts of one language where all stand side by side under their key.
fn of_language(text: &str, language: &str) -> Texts {
    let ending = format!(".{language}");
    let texts = flat(text).into_iter();
    texts.filter_map(|(key, text)| Some((key.strip_suffix(&ending)?.to_owned(), text))).collect()
}

/// All texts of a file; a key within a part is written `part.key`.
fn flat(text: &str) -> Texts {
    fn add(texts: &mut Texts, before: &str, value: Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let key = if before.is_empty() { key } else { format!("{before}.{key}") };
                    add(texts, &key, value);
                }
            }
            Value::String(text) => {
                texts.insert(before.to_owned(), text);
            }
            _ => {}
        }
    }
    let mut texts = Texts::new();
    if let Ok(value) = serde_json::from_str(text) {
        add(&mut texts, "", value);
    }
    texts
}

/// The keys of a file that are given some text.
fn reasoned(text: &str) -> BTreeSet<String> {
    let map: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
    map.into_iter().filter(|(_, reason)| !reason.trim().is_empty()).map(|(key, _)| key).collect()
}

/// The words for which the glossary's row holds the same text twice: Kazakh and Russian agree.
fn alike(glossary: &str) -> BTreeSet<String> {
    let mut same = BTreeSet::new();
    for row in glossary.lines().filter(|line| line.trim_start().starts_with('|')) {
        let mut seen = BTreeSet::new();
        for cell in row.split('|').map(|cell| cell.trim().trim_matches('`').to_lowercase()) {
            if !cell.is_empty() && !seen.insert(cell.clone()) {
                same.insert(cell);
            }
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn three(kk: &str, ru: &str, en: &str) -> Vec<Source> {
        let files = LANGUAGES.iter().zip([kk, ru, en]);
        files.map(|(language, text)| source(&format!("{WEB}{language}/portal.json"), text)).collect()
    }

    #[test]
    fn a_missing_key_is_a_fault() {
        let both = r#"{"a": "1", "b": {"c": "2"}}"#;
        let report = keys(&three(both, both, both));
        assert_eq!((report.looked, report.faults.len()), (6, 0));
        assert_eq!(keys(&three(both, r#"{"a": "1"}"#, both)).faults.len(), 1);
        let two: Vec<Source> = three(both, both, both).into_iter().take(2).collect();
        assert_eq!(keys(&two).faults.len(), 1);
    }

    #[test]
    fn the_texts_of_problems_stand_side_by_side() {
        let of = |text: &str| vec![source("platform/http/problems/journal.json", text)];
        let good = r#"{"a": {"kk": "Журнал жабық", "ru": "Журнал закрыт", "en": "Closed"}}"#;
        assert!(keys(&of(good)).faults.is_empty() && kazakh(&of(good)).faults.is_empty());
        assert_eq!(keys(&of(r#"{"a": {"kk": "x", "ru": "y"}}"#)).faults.len(), 1);
        assert_eq!(kazakh(&of(r#"{"a": {"kk": "Журнал закрыт", "ru": "Журнал закрыт", "en": "z"}}"#)).faults.len(), 1);
    }

    #[test]
    fn a_russian_text_left_over_is_a_fault_unless_the_glossary_has_it() {
        let left = |text: &str, glossary: &str| {
            let file = format!(r#"{{"a": "{text}"}}"#);
            let mut sources = three(&file, &file, &file);
            sources.push(source(GLOSSARY, glossary));
            let report = kazakh(&sources);
            assert_eq!(report.looked, 1);
            report.faults.len()
        };
        assert_eq!(left("Журнал", ""), 1);
        assert_eq!(left("Журнал", "| журнал | журнал | gradebook | `journal` |"), 0);
        assert_eq!(left("Журнал", "| сынып | класс | class | `class` |"), 1);
        assert_eq!(left("{count} / 10", ""), 0);
        assert_eq!(left("TOTP", ""), 0);
        let file = r#"{"a": "Журнал"}"#;
        let mut sources = three(file, file, file);
        sources.push(source(SAME, r#"{"a": "the term is one in both languages"}"#));
        assert!(kazakh(&sources).faults.is_empty());
    }
}
