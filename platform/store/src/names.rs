//! Names of schemas and roles come from here, and only from validated types.

use std::fmt;

use kd_kernel::SchoolId;

/// The name of a school's schema and of its role, which are the same: `s_` and 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolName(String);

impl SchoolName {
    /// The name that belongs to a school.
    #[must_use]
    pub fn of(school: SchoolId) -> Self {
        Self(format!("s_{}", school.0.simple()))
    }

    /// The school of a role's name, as the queue of jobs stamps it.
    #[must_use]
    pub fn school(role: &str) -> Option<SchoolId> {
        let hex = role.strip_prefix("s_").filter(|h| h.len() == 32)?;
        hex.parse::<uuid::Uuid>().ok().map(SchoolId)
    }
}

impl fmt::Display for SchoolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a cell: a-z and digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CellName(String);

impl CellName {
    /// Checks a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let good = (1..=31).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        good.then(|| Self(text.to_owned()))
    }

    /// The role that owns the tables of the cell's schools.
    #[must_use]
    pub fn owner(&self) -> String {
        format!("kd_owner_{}", self.0)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schools_name_is_made_of_its_id_alone() {
        let id = SchoolId(uuid::Uuid::from_u128(0x1234));
        let name = SchoolName::of(id).to_string();
        assert_eq!(name, "s_00000000000000000000000000001234");
        assert_eq!(SchoolName::school(&name), Some(id));
        assert_eq!(SchoolName::school("s_x; drop"), None);
        assert!(CellName::parse("cell1").is_some() && CellName::parse("Cell;").is_none());
    }
}
