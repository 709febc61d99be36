//! Access: casbin behind [`Access::decide`]. The policies are embedded and equal for all schools; every
//! decision is computed from casbin once, at start, and then read from a table. This crate queries
//! nothing: who somebody is and how he stands to a thing is handed in.

use casbin::{CoreApi, DefaultModel, Enforcer, MgmtApi, StringAdapter};
use kd_kernel::{Act, Relation, Relations, Role, Roles};

/// The model, as embedded.
pub const MODEL: &str = include_str!("../../../policies/model.conf");

/// The policies by role, as embedded.
pub const POLICIES: [(Role, &str); 7] = [
    (Role::Administrator, include_str!("../../../policies/administrator.csv")),
    (Role::Editor, include_str!("../../../policies/editor.csv")),
    (Role::ClassTeacher, include_str!("../../../policies/class_teacher.csv")),
    (Role::Teacher, include_str!("../../../policies/teacher.csv")),
    (Role::Student, include_str!("../../../policies/student.csv")),
    (Role::Guardian, include_str!("../../../policies/guardian.csv")),
    (Role::Operator, include_str!("../../../policies/operator.csv")),
];

/// Why the policies cannot be used; the program does not start then.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFault {
    /// casbin refused the model or a policy.
    #[error("the policies cannot be read: {0}")]
    Casbin(#[from] casbin::Error),
    /// A line names a role, an act or a relation that does not exist, or a role other than its file's.
    #[error("a policy line names what does not exist: {0}")]
    Unknown(String),
}

/// The table of all decisions.
#[derive(Debug, Clone)]
pub struct Access {
    /// One bit per role, for each act and relation.
    table: Vec<u8>,
}

impl Access {
    /// Computes the table from the embedded policies.
    ///
    /// # Errors
    /// When a policy cannot be read or names what does not exist.
    pub async fn load() -> Result<Self, PolicyFault> {
        let text: String = POLICIES.iter().map(|(_, csv)| *csv).collect::<Vec<_>>().join("\n");
        Self::from_policies(&text).await
    }

    /// Computes the table from policies in a text; tests use it with changed ones.
    ///
    /// # Errors
    /// As [`Access::load`].
    pub async fn from_policies(text: &str) -> Result<Self, PolicyFault> {
        let model = DefaultModel::from_str(MODEL).await?;
        let enforcer = Enforcer::new(model, StringAdapter::new(text.to_owned())).await?;
        for line in enforcer.get_policy() {
            if !known(&line) {
                return Err(PolicyFault::Unknown(line.join(", ")));
            }
        }
        let mut table = Vec::with_capacity(Act::ALL.len() * Relation::ALL.len());
        for act in Act::ALL {
            for relation in Relation::ALL {
                let mut bits = 0_u8;
                for role in Role::ALL {
                    if enforcer.enforce((role.name(), act.name(), relation.name()))? {
                        bits |= 1 << (role as u8);
                    }
                }
                table.push(bits);
            }
        }
        Ok(Self { table })
    }

    /// Whether one of the roles may do the act, standing so to the thing.
    #[must_use]
    pub fn decide(&self, roles: Roles, act: Act, relations: Relations) -> bool {
        relations.iter().any(|relation| {
            let place = (act as usize) * Relation::ALL.len() + (relation as usize);
            let bits = self.table.get(place).copied().unwrap_or(0);
            roles.iter().any(|role| bits & (1 << (role as u8)) != 0)
        })
    }

    /// The acts that the roles may do in at least one relation; the web shows or hides by it.
    pub fn may(&self, roles: Roles) -> Vec<&'static str> {
        let every = Relation::ALL.into_iter().fold(Relations::none(), |all, r| all.and(r, true));
        Act::ALL.iter().filter(|act| self.decide(roles, **act, every)).map(|act| act.name()).collect()
    }

    /// What one role may do, in the order of the acts: each act with the relations in which it is allowed;
    /// `any` stands alone.
    #[must_use]
    pub fn rights(&self, role: Role) -> Vec<(Act, Vec<Relation>)> {
        let held = Roles::default().with(role);
        let allowed = |act: Act, relation: Relation| self.decide(held, act, Relations::none().and(relation, true));
        let relations = |act: Act| match allowed(act, Relation::Any) {
            true => vec![Relation::Any],
            false => Relation::ALL.into_iter().filter(|relation| allowed(act, *relation)).collect(),
        };
        Act::ALL.iter().map(|act| (*act, relations(*act))).filter(|(_, relations)| !relations.is_empty()).collect()
    }

    /// The matrix as text: a line per act and role that names the relations in which it is allowed.
    #[must_use]
    pub fn matrix(&self) -> String {
        let mut out = String::new();
        for act in Act::ALL {
            for role in Role::ALL {
                let held = Roles::default().with(role);
                let by_itself = self.decide(held, *act, Relations::none());
                let relations: Vec<_> = Relation::ALL
                    .into_iter()
                    .filter(|r| self.decide(held, *act, Relations::none().and(*r, true)))
                    .map(Relation::name)
                    .collect();
                let words = match (by_itself, relations.is_empty()) {
                    (true, _) => "any".to_owned(),
                    (false, true) => "-".to_owned(),
                    (false, false) => relations.join(" "),
                };
                out.push_str(&format!("{:<22} {:<14} {words}\n", act.name(), role.name()));
            }
        }
        out
    }
}

fn known(line: &[String]) -> bool {
    let [role, act, relation] = line else { return false };
    Role::of_name(role).is_some()
        && Act::of_name(act).is_some()
        && Relation::ALL.into_iter().any(|r| r.name() == relation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(role: Role) -> Roles {
        Roles::default().with(role)
    }

    #[tokio::test]
    async fn a_teacher_marks_what_she_teaches_and_nothing_else() {
        let access = Access::load().await.unwrap();
        let taught = Relations::none().and(Relation::Taught, true);
        assert!(access.decide(only(Role::Teacher), Act::JournalMark, taught));
        assert!(!access.decide(only(Role::Teacher), Act::JournalMark, Relations::none()));
        assert!(!access.decide(only(Role::Student), Act::JournalMark, taught));
        assert!(!access.decide(only(Role::Operator), Act::JournalSee, taught));
        assert!(!access.decide(Roles::default(), Act::MeRead, taught));
    }

    #[tokio::test]
    async fn every_file_speaks_of_its_own_role_alone() {
        for (role, csv) in POLICIES {
            let lines: Vec<_> = csv.lines().filter(|l| !l.trim().is_empty()).collect();
            assert!(!lines.is_empty());
            for line in lines {
                assert!(line.starts_with(&format!("p, {}, ", role.name())), "{line}");
            }
        }
    }

    #[tokio::test]
    async fn a_line_that_names_nothing_stops_the_start() {
        for bad in ["p, wizard, me.read, any", "p, teacher, me.fly, any", "p, teacher, me.read, friend"] {
            assert!(Access::from_policies(bad).await.is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn the_matrix_is_the_one_that_was_reviewed() {
        let matrix = Access::load().await.unwrap().matrix();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/matrix.txt");
        if std::env::var_os("KUNDELIK_WRITE_SNAPSHOTS").is_some() {
            std::fs::write(path, &matrix).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), matrix, "policies changed: review and rewrite matrix.txt");
    }

    /// The lines of a role in the matrix of its own file alone, with one line of it changed or taken out.
    async fn matrix_with(role: Role, csv: &str, (line, instead): (&str, Option<&str>)) -> Vec<String> {
        let changed: Vec<_> = csv.lines().filter_map(|l| if l == line { instead } else { Some(l) }).collect();
        let matrix = Access::from_policies(&changed.join("\n")).await.unwrap().matrix();
        of_role(role, &matrix)
    }

    fn of_role(role: Role, matrix: &str) -> Vec<String> {
        let mine = |line: &&str| line.split_whitespace().nth(1) == Some(role.name());
        matrix.lines().filter(mine).map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn s02_every_line_of_the_policies_is_noticed_and_none_is_idle() {
        let (mut taken, mut widened) = (0, 0);
        for (role, csv) in POLICIES {
            let reviewed = of_role(role, include_str!("../../../policies/matrix.txt"));
            assert_eq!(matrix_with(role, csv, ("", None)).await, reviewed);
            let lines: Vec<_> = csv.lines().filter(|l| !l.is_empty()).collect();
            let distinct: std::collections::BTreeSet<_> = lines.iter().collect();
            assert_eq!(distinct.len(), lines.len(), "a line stands twice");
            for line in lines {
                assert_ne!(matrix_with(role, csv, (line, None)).await, reviewed, "the same without {line}");
                taken += 1;
                let (act, relation) = line.rsplit_once(", ").unwrap();
                if relation != "any" {
                    let wide = format!("{act}, any");
                    assert_ne!(matrix_with(role, csv, (line, Some(&wide))).await, reviewed, "the same with {wide}");
                    widened += 1;
                }
            }
        }
        println!("s02: {taken} lines taken out, {widened} widened");
        assert!(taken > 50 && widened > 5, "{taken} taken out, {widened} widened");
    }
}
