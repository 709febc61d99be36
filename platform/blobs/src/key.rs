//! Names in S3. A name is made here and nowhere else, so that what belongs to a school lies under that
//! school's folder and nowhere else (S12).

use kd_kernel::{Problem, Result, SchoolId};

/// The longest name.
const LONGEST: usize = 120;

/// A name in S3.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ObjectKey(String);

/// The name cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("a name in S3 is of a-z, 0-9, dot, underscore and hyphen, and begins with a letter or digit")]
struct BadName;

impl ObjectKey {
    /// A name of one school: `tenants/<uuid>/<area>/<name>`.
    ///
    /// # Errors
    /// 500 where area or name are not of `a-z 0-9 . _ -`, beginning with a letter or digit.
    pub fn school(school: SchoolId, area: &'static str, name: &str) -> Result<Self> {
        Self::under(school_prefix(school), area, name)
    }

    /// A name of the platform: `platform/<area>/<name>`, for what is there before a school is.
    ///
    /// # Errors
    /// As [`ObjectKey::school`].
    pub fn platform(area: &'static str, name: &str) -> Result<Self> {
        Self::under("platform/".to_owned(), area, name)
    }

    fn under(mut prefix: String, area: &str, name: &str) -> Result<Self> {
        if !well_formed(area) || !well_formed(name) {
            return Err(Problem::internal(BadName));
        }
        prefix.push_str(area);
        prefix.push('/');
        prefix.push_str(name);
        Ok(Self(prefix))
    }

    /// The name as S3 knows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everything of a school lies under this; it ends with a slash, so that no other school's begins so.
pub(crate) fn school_prefix(school: SchoolId) -> String {
    format!("tenants/{school}/")
}

fn well_formed(part: &str) -> bool {
    let sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    (1..=LONGEST).contains(&part.len())
        && part.bytes().all(sign)
        && part.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
        && !part.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s12_every_name_says_whose_it_is() {
        let school = SchoolId(uuid::Uuid::from_u128(7));
        let key = ObjectKey::school(school, "sheets", "7a.pdf").unwrap();
        assert_eq!(key.as_str(), "tenants/00000000-0000-0000-0000-000000000007/sheets/7a.pdf");
        assert_eq!(ObjectKey::platform("agreements", "1_ru.pdf").unwrap().as_str(), "platform/agreements/1_ru.pdf");
    }

    #[test]
    fn s12_no_name_leads_out_of_its_folder() {
        let school = SchoolId(uuid::Uuid::from_u128(7));
        let long = "a".repeat(LONGEST + 1);
        for bad in ["", ".", "..", "a/b", "../x", "a..b", "-a", "A", "ә", "a b", "a\n", "a%2f", "a\\b", "a\0", &long] {
            assert!(ObjectKey::school(school, "sheets", bad).is_err(), "{bad:?}");
            assert!(ObjectKey::platform("agreements", bad).is_err(), "{bad:?}");
        }
        assert!(ObjectKey::school(school, "a/b", "c").is_err());
    }
}
