//! The user agreement between provider and user, shown on the site before registering. Its versions and who accepted
//! which are kept elsewhere; the wording stands in `text/terms.{kk,ru,en}.txt`.

use chrono::NaiveDate;
use kd_kernel::Tongue;

/// The version in force: the year, and its number in the year. A change of wording is a new version.
const VERSION: &str = "2026-1";

/// The user agreement in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The version, equal in all languages, e.g. `2026-1`.
    pub version: &'static str,
    /// The day on which this version was published.
    pub published_on: NaiveDate,
    /// The title.
    pub title: &'static str,
    /// The clauses in order.
    pub clauses: Vec<TermsClause>,
}

/// One clause of the user agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsClause {
    /// Its number, `1`, `2`, ...; equal in all languages.
    pub number: String,
    /// Plain text, one paragraph.
    pub text: &'static str,
}

/// The user agreement in `lang`.
#[must_use]
pub fn terms(lang: Tongue) -> Terms {
    let file = match lang {
        Tongue::Kk => include_str!("../text/terms.kk.txt"),
        Tongue::Ru => include_str!("../text/terms.ru.txt"),
        Tongue::En => include_str!("../text/terms.en.txt"),
    };
    let mut lines = file.lines().map(str::trim).filter(|line| !line.is_empty());
    Terms {
        version: VERSION,
        published_on: NaiveDate::from_ymd_opt(2026, 8, 3).unwrap_or_default(),
        title: lines.next().unwrap_or_default(),
        clauses: lines.zip(1_u32..).map(|(text, at)| TermsClause { number: at.to_string(), text }).collect(),
    }
}
