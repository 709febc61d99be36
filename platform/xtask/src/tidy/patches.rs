//! Patches that take one guard out (`mutants/*.patch`) must still fit the code: what does not fit shows
//! nothing, and is noticed here in a second instead of in the long run of `make mutants`.

use std::collections::HashMap;

use super::{Report, Source};

/// Each hunk of each patch finds its lines in the file that it changes.
pub fn fit(sources: &[Source]) -> Report {
    let texts: HashMap<&str, &str> = sources.iter().map(|s| (s.path.as_str(), s.text.as_str())).collect();
    let mut report = Report::default();
    for patch in sources.iter().filter(|s| s.path.contains("/mutants/") && s.path.ends_with(".patch")) {
        for hunk in hunks(&patch.text) {
            let there = texts.get(hunk.file).is_some_and(|text| text.contains(&hunk.before));
            let sentence = format!("does not fit {} any more: make it anew", hunk.file);
            report.note((!there).then(|| patch.fault(hunk.at, &sentence)));
        }
    }
    report
}

/// Lines that stand together in a file before the patch.
struct Hunk<'a> {
    file: &'a str,
    /// Where in the patch.
    at: usize,
    before: String,
}

fn hunks(patch: &str) -> Vec<Hunk<'_>> {
    let (mut hunks, mut file, mut at) = (Vec::<Hunk<'_>>::new(), "", 0);
    for line in patch.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("--- a/") {
            file = path.trim_end();
        } else if line.starts_with("diff ") {
            file = "";
        } else if line.starts_with("@@ ") {
            // What else changed when the patch was made is left out by whoever applies it.
            if file != "Cargo.lock" {
                hunks.push(Hunk { file, at, before: String::new() });
            }
        } else if let (false, Some(hunk)) = (file.is_empty(), hunks.last_mut())
            && hunk.file == file
            && let Some(kept) = line.strip_prefix([' ', '-'])
        {
            hunk.before.push_str(kept);
        }
        at += line.len();
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    const PATCH: &str = "Guard: a\nTest: cargo test\n\ndiff --git a/x.rs b/x.rs\n--- a/x.rs\n+++ b/x.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n four\n@@ -9 +9 @@\n-nine\n+ten\n";

    #[test]
    fn a_patch_fits_as_long_as_its_lines_are_there() {
        let patch = source("a/mutants/p.patch", PATCH);
        let fits = fit(&[patch.clone(), source("x.rs", "zero\none\ntwo\nfour\nnine\n")]);
        assert_eq!((fits.looked, fits.faults), (2, vec![]));
        let moved = fit(&[patch.clone(), source("x.rs", "one\nand\ntwo\nfour\nnine\n")]);
        assert_eq!(moved.faults, ["a/mutants/p.patch:7: does not fit x.rs any more: make it anew"]);
        assert_eq!(fit(&[patch]).faults.len(), 2, "a file that is gone");
    }
}
