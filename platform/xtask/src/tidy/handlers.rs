//! Handlers and shapes: every operation has its guard as the first argument, and a shape on the wire that
//! may lack something leaves it out instead of sending null.

use regex_lite::Regex;

use super::{
    Report, Source,
    code::{Keep, blank},
};

const GUARDS: &[&str] = &["Visitor", "Newcomer", "Portal", "Operator"];
const SKIP: &str = "skip_serializing_if_is_none";

/// Every handler's first argument after `&self` is a guard.
pub fn guard_first(sources: &[Source]) -> Report {
    let mut report = Report::default();
    for source in sources.iter().filter(|s| s.is_rust() && is_api(&s.path)) {
        let code = blank(&source.text, Keep::Nothing);
        for (at, _) in code.match_indices("#[oai(") {
            let Some(arguments) = handler(&code, at) else {
                continue;
            };
            let first = first_type(arguments);
            let guarded = first.as_deref().is_some_and(|found| GUARDS.contains(&found));
            let fault = format!("the first argument is {}, not a guard", first.as_deref().unwrap_or("missing"));
            report.note((!guarded).then(|| source.fault(at, &fault)));
        }
    }
    report
}

/// Every shape with an optional part leaves it out when it is not there.
pub fn wire_shapes(sources: &[Source]) -> Report {
    let mut report = Report::default();
    let Ok(derive) = Regex::new(r"#\[derive\([^)]*\bObject\b[^)]*\)\]") else {
        return report;
    };
    for source in sources.iter().filter(|s| s.is_rust() && !s.is_rule()) {
        let code = blank(&source.text, Keep::Nothing);
        for found in derive.find_iter(&code) {
            let rest = code.get(found.start()..).unwrap_or_default();
            let Some((head, body)) = rest.split_once('{') else {
                continue;
            };
            let body = body.split_once("\n}").map_or(body, |(body, _)| body);
            let bad = body.contains("Option<") && !head.contains(SKIP);
            let fault = format!("may lack something and has no #[oai({SKIP})]");
            report.note(bad.then(|| source.fault(found.start(), &fault)));
        }
    }
    report
}

fn is_api(path: &str) -> bool {
    path.ends_with("/api.rs") || path.contains("/api/")
}

/// The arguments of the handler that this attribute stands on; nothing for an attribute on something else.
fn handler(code: &str, at: usize) -> Option<&str> {
    let rest = code.get(at..)?;
    let declared = rest.find("fn ")?;
    // Between an operation's attribute and its function there are only more attributes and `pub async`.
    let between = rest.get(..declared)?;
    if between.contains(['{', ';']) || !between.contains("path") {
        return None;
    }
    let open = declared + rest.get(declared..)?.find('(')?;
    let mut depth = 0_i32;
    for (offset, c) in rest.get(open..)?.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return rest.get(open + 1..open + offset);
        }
    }
    None
}

/// The type of the first argument after `&self`, without its path and its parameters.
fn first_type(arguments: &str) -> Option<String> {
    let after_self = arguments.split_once(',')?.1;
    let (_, kind) = after_self.split_once(':')?;
    let end = kind.find([',', '<', '(']).unwrap_or(kind.len());
    let path = kind.get(..end)?.trim();
    Some(path.rsplit("::").next()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn handlers(arguments: &str) -> Report {
        let text = format!(
            "#[OpenApi]\nimpl Api {{\n    /// Marks.\n    #[oai(path = \"/marks\", method = \"put\")]\n    async fn mark_put({arguments}) -> Result<()> {{ Ok(()) }}\n}}"
        );
        guard_first(&[source("tenants/journal/src/api.rs", &text)])
    }

    #[test]
    fn the_guard_is_the_first_argument() {
        for good in [
            "&self, door: Portal, body: Json<New>",
            "&self, door: kd_http::guard::Newcomer",
            "&self,\n door: Portal,\n",
        ] {
            let report = handlers(good);
            assert_eq!((report.looked, report.faults.len()), (1, 0), "{good}");
        }
        for bad in ["&self", "&self, id: Path<Uuid>, door: Portal", "&self, door: Option<Portal>"] {
            assert_eq!(handlers(bad).faults.len(), 1, "{bad}");
        }
    }

    #[test]
    fn a_parameters_attribute_is_no_handler() {
        let text = "#[oai(skip_serializing_if_is_none)]\nstruct A { b: u8 }\nfn c() {}";
        assert_eq!(guard_first(&[source("a/src/api.rs", text)]).looked, 0);
    }

    #[test]
    fn a_shape_leaves_out_what_is_not_there() {
        let shape = |attribute: &str, kind: &str| {
            let text = format!("#[derive(Debug, Object)]\n{attribute}\npub struct A {{\n    b: {kind},\n}}\n");
            let report = wire_shapes(&[source("a/src/wire.rs", &text)]);
            assert_eq!(report.looked, 1);
            report.faults.len()
        };
        assert_eq!(shape("#[oai(skip_serializing_if_is_none)]", "Option<u8>"), 0);
        assert_eq!(shape("", "u8"), 0);
        assert_eq!(shape("", "Option<u8>"), 1);
    }
}
