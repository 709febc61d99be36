//! Migrations: three lineages of plain SQL, embedded. The platform's schema, a cell's own schema, and
//! the schema of every school. This crate knows the texts and their order; `store` runs them.
//!
//! A migration is never edited once it has landed; a change is a new file at the end of its list.

/// One migration: a name that never changes, and its script.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Stable name, the key of the ledger.
    pub name: &'static str,
    /// Statements, run in one transaction with the lineage's schema first on the path.
    pub sql: &'static str,
}

/// The platform's database, schema `platform`.
pub const PLATFORM: &[Migration] = &[
    Migration { name: "m0001_foundation", sql: include_str!("platform/m0001_foundation.sql") },
    Migration { name: "m0002_registration", sql: include_str!("platform/m0002_registration.sql") },
    Migration { name: "m0003_accounts", sql: include_str!("platform/m0003_accounts.sql") },
    Migration { name: "m0004_passkeys", sql: include_str!("platform/m0004_passkeys.sql") },
    Migration { name: "m0005_restrictions", sql: include_str!("platform/m0005_restrictions.sql") },
    Migration { name: "m0006_attachments", sql: include_str!("platform/m0006_attachments.sql") },
    Migration { name: "m0007_transfers", sql: include_str!("platform/m0007_transfers.sql") },
];

/// A cell's database, schema `cell`.
pub const CELL: &[Migration] = &[
    Migration { name: "m0001_foundation", sql: include_str!("cell/m0001_foundation.sql") },
    Migration { name: "m0002_fence", sql: include_str!("cell/m0002_fence.sql") },
];

/// A school's schema.
pub const SCHOOL: &[Migration] = &[
    Migration { name: "m0001_foundation", sql: include_str!("school/m0001_foundation.sql") },
    Migration { name: "m0002_audit", sql: include_str!("school/m0002_audit.sql") },
    Migration { name: "m0003_audit_seal", sql: include_str!("school/m0003_audit_seal.sql") },
    Migration { name: "m0004_credentials", sql: include_str!("school/m0004_credentials.sql") },
    Migration { name: "m0005_registry", sql: include_str!("school/m0005_registry.sql") },
    Migration { name: "m0006_import", sql: include_str!("school/m0006_import.sql") },
    Migration { name: "m0007_merge", sql: include_str!("school/m0007_merge.sql") },
    Migration { name: "m0008_iin", sql: include_str!("school/m0008_iin.sql") },
    Migration { name: "m0009_transfers", sql: include_str!("school/m0009_transfers.sql") },
    Migration { name: "m0010_iin_brought", sql: include_str!("school/m0010_iin_brought.sql") },
    Migration { name: "m0011_teacher_subject", sql: include_str!("school/m0011_teacher_subject.sql") },
    Migration { name: "m0012_order_no", sql: include_str!("school/m0012_order_no.sql") },
];

/// The newest name of a lineage: what a school's `schema_version` must say.
#[must_use]
pub fn newest(lineage: &[Migration]) -> &'static str {
    lineage.last().map_or("", |m| m.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_in_order() {
        for lineage in [PLATFORM, CELL, SCHOOL] {
            assert!(!lineage.is_empty());
            assert!(lineage.windows(2).all(|w| w[0].name < w[1].name));
        }
    }

    #[test]
    fn a_schools_script_has_no_enums_sequences_triggers_or_functions() {
        for migration in SCHOOL {
            let sql = migration.sql.to_uppercase();
            for word in
                ["CREATE TYPE", "SEQUENCE", "SERIAL", "TRIGGER;", "CREATE TRIGGER", "CREATE FUNCTION", "IDENTITY"]
            {
                let body: String =
                    sql.lines().filter(|l| !l.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
                assert!(!body.contains(word), "{}: {word}", migration.name);
            }
        }
    }
}
