//! Writes the three specs: sorted and indented, so that two runs write the same and a change reads as one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::apis;

/// Writes `signup.json`, `portal.json` and `console.json`; needs no service.
pub(crate) fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let specs =
        [("signup", apis::signup().spec()), ("portal", apis::portal().spec()), ("console", apis::console().spec())];
    for (name, spec) in specs {
        let file = folder.join(format!("{name}.json"));
        fs::write(&file, pretty(&spec)?).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

fn pretty(spec: &str) -> Result<String> {
    let value: Value = serde_json::from_str(spec).context("a spec is not JSON")?;
    Ok(format!("{}\n", serde_json::to_string_pretty(&Sorted(&value))?))
}

/// A value whose objects are written in the order of their keys, however serde_json keeps them.
struct Sorted<'a>(&'a Value);

impl serde::Serialize for Sorted<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => to.collect_map(map.iter().map(|(k, v)| (k, Sorted(v))).collect::<BTreeMap<_, _>>()),
            Value::Array(list) => to.collect_seq(list.iter().map(Sorted)),
            other => other.serialize(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_is_written_in_the_order_of_its_keys() {
        let written = pretty(r#"{"b":[{"z":1,"a":null}],"a":"x"}"#).unwrap();
        assert_eq!(
            written,
            "{\n  \"a\": \"x\",\n  \"b\": [\n    {\n      \"a\": null,\n      \"z\": 1\n    }\n  ]\n}\n"
        );
    }

    #[test]
    fn every_spec_says_where_it_stands() {
        for (spec, at) in [
            (apis::signup().spec(), "/api/signup"),
            (apis::portal().spec(), "/api/portal/{slug}"),
            (apis::console().spec(), "/api/console"),
        ] {
            let spec: Value = serde_json::from_str(&spec).unwrap();
            assert_eq!(spec["servers"][0]["url"], at);
        }
    }
}
