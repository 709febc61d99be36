//! Lengths: a file has at most 600 lines, a function at most 80 from its first line to its closing brace.

use super::{
    Report, Source,
    code::{Keep, blank},
};

const FILE: usize = 600;
const FUNCTION: usize = 80;

/// No file is too long.
pub fn files(sources: &[Source]) -> Report {
    let mut report = Report::default();
    for source in sources.iter().filter(|s| s.is_rust() || s.is_typescript()) {
        let lines = source.text.lines().count();
        let fault = format!("has {lines} lines, at most {FILE}: make two of it");
        report.note((lines > FILE).then(|| source.fault(0, &fault)));
    }
    report
}

/// No function is too long.
pub fn functions(sources: &[Source]) -> Report {
    let mut report = Report::default();
    for source in sources.iter().filter(|s| s.is_rust() || s.is_typescript()) {
        let word = if source.is_rust() { "fn " } else { "function " };
        let code = blank(&source.text, Keep::Nothing);
        for at in starts(&code, word) {
            let Some(lines) = length(&code, at) else {
                continue;
            };
            let fault = format!("a function of {lines} lines, at most {FUNCTION}");
            report.note((lines > FUNCTION).then(|| source.fault(at, &fault)));
        }
    }
    report
}

/// Where functions with a name begin.
fn starts<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).filter_map(move |(at, _)| {
        let before = code.get(..at)?.chars().next_back();
        let after = code.get(at + word.len()..)?.chars().next();
        let alone = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        (alone && after.is_some_and(|c| c.is_alphabetic() || c == '_')).then_some(at)
    })
}

/// The lines of the function that begins here; nothing for one without a body.
fn length(code: &str, at: usize) -> Option<usize> {
    let (mut depth, mut round, mut lines) = (0_i32, 0_i32, 1);
    for c in code.get(at..)?.chars() {
        match c {
            '(' | '[' if depth == 0 => round += 1,
            ')' | ']' if depth == 0 => round -= 1,
            ';' if depth == 0 && round == 0 => return None,
            // A brace within the arguments belongs to a type or a pattern.
            '{' if round == 0 => depth += 1,
            '}' if round == 0 => {
                depth -= 1;
                if depth == 0 {
                    return Some(lines);
                }
            }
            '\n' => lines += 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn function(lines: usize) -> String {
        format!("//! A.\nfn long(a: [u8; 3]) {{\n{}}}\nfn short() {{}}\n", "    a();\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_of_81_lines_is_a_fault() {
        let good = functions(&[source("a.rs", &function(80))]);
        assert_eq!((good.looked, good.faults.len()), (2, 0));
        let bad = functions(&[source("a.rs", &function(81))]);
        assert_eq!(bad.faults, ["a.rs:2: a function of 81 lines, at most 80"]);
    }

    #[test]
    fn a_brace_in_a_string_does_not_close() {
        let text = format!("fn a() {{\n    say(\"}}\");\n{}}}", "    b();\n".repeat(80));
        assert_eq!(functions(&[source("a.rs", &text)]).faults.len(), 1);
    }

    #[test]
    fn a_component_with_a_pattern_for_its_arguments_is_measured_whole() {
        let text = format!("export function A({{ b }}: {{ b: string }}) {{\n{}}}", "  b()\n".repeat(80));
        assert_eq!(functions(&[source("a.tsx", &text)]).faults.len(), 1);
    }

    #[test]
    fn a_declaration_without_a_body_is_none() {
        assert_eq!(functions(&[source("a.rs", "trait A { fn b(); }")]).looked, 0);
    }

    #[test]
    fn a_file_of_601_lines_is_a_fault() {
        let of = |lines: usize| files(&[source("a.ts", &"a()\n".repeat(lines))]).faults.len();
        assert_eq!((of(600), of(601)), (0, 1));
    }
}
