//! What is true of runs and of the first person of a school, without asking anybody.

/// How often a run is taken up before it is given up.
pub(crate) const TRIES: i32 = 10;

/// A step of provisioning, in the order in which they are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The address and the identity are this school's: the registry's row stands.
    ClaimSlug,
    /// Everything in the cell: role, schema, tables, rights, the first rows. One transaction.
    CreateSchema,
    /// The school's folder in S3, by its marker.
    ClaimPrefix,
    /// As the school itself: a row is read, a file is written, read and deleted.
    SmokeCheck,
    /// The one transaction that lets people in.
    OpenSchool,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 5] =
        [Self::ClaimSlug, Self::CreateSchema, Self::ClaimPrefix, Self::SmokeCheck, Self::OpenSchool];

    /// The name in tables, on the wire and in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaimSlug => "claim_slug",
            Self::CreateSchema => "create_schema",
            Self::ClaimPrefix => "claim_prefix",
            Self::SmokeCheck => "smoke_check",
            Self::OpenSchool => "open_school",
        }
    }

    /// The name of its undo, in the log.
    #[must_use]
    pub fn undo_name(self) -> &'static str {
        match self {
            Self::ClaimSlug => "undo_claim_slug",
            Self::CreateSchema => "undo_create_schema",
            Self::ClaimPrefix => "undo_claim_prefix",
            Self::SmokeCheck => "undo_smoke_check",
            Self::OpenSchool => "undo_open_school",
        }
    }
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunState {
    /// Steps are being done.
    Running,
    /// The school is open.
    Active,
    /// It could not be made; nothing is left, or an operator has to look.
    Failed,
    /// Steps are being undone.
    Undoing,
    /// An operator took it back; nothing is left.
    RolledBack,
}

impl RunState {
    /// The state of a name in the table.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "running" => Self::Running,
            "active" => Self::Active,
            "failed" => Self::Failed,
            "undoing" => Self::Undoing,
            "rolled_back" => Self::RolledBack,
            _ => return None,
        })
    }

    /// Whether it may begin anew.
    pub(crate) fn may_begin_anew(self) -> bool {
        matches!(self, Self::Failed | Self::RolledBack)
    }

    /// Whether it may be taken back: everything but an open school, which is ended in other ways.
    pub(crate) fn may_be_rolled_back(self) -> bool {
        matches!(self, Self::Running | Self::Failed | Self::Undoing)
    }
}

/// A name in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) surname: String,
    pub(crate) given_name: String,
    pub(crate) patronymic: Option<String>,
}

/// Splits a full name, surname first, as it was typed into one field. What is left after two words is the
/// patronymic, which in Kazakh may be two words.
pub(crate) fn name_of(full: &str) -> Name {
    let cut = |text: &str| text.chars().take(100).collect::<String>();
    let mut words = full.split_whitespace();
    let surname = words.next().map(cut).unwrap_or_else(|| "—".to_owned());
    let given_name = words.next().map(cut).unwrap_or_default();
    let rest = cut(&words.collect::<Vec<_>>().join(" "));
    Name { surname, given_name, patronymic: (!rest.is_empty()).then_some(rest) }
}

/// The sex that a name tells of by its endings: the patronymic, else the surname. An application does not
/// ask for it; the person corrects it in the own card.
pub(crate) fn sex_of(name: &Name) -> &'static str {
    let ends = |text: &str, endings: &[&str]| {
        let text = text.to_lowercase();
        endings.iter().any(|ending| text.ends_with(ending))
    };
    const HER: [&str; 5] = ["қызы", "кызы", "вна", "чна", "шна"];
    const HIS: [&str; 4] = ["ұлы", "улы", "вич", "ьич"];
    let patronymic = name.patronymic.as_deref().unwrap_or("");
    if ends(patronymic, &HER) {
        "f"
    } else if ends(patronymic, &HIS) {
        "m"
    } else if ends(&name.surname, &["ова", "ева", "ёва", "ина", "ына", "ская", "цкая"]) {
        "f"
    } else {
        "m"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_is_split_surname_first() {
        let name = name_of("  Сәрсенова Айгүл  Мәлік қызы ");
        assert_eq!((name.surname.as_str(), name.given_name.as_str()), ("Сәрсенова", "Айгүл"));
        assert_eq!(name.patronymic.as_deref(), Some("Мәлік қызы"));
        assert_eq!(name_of("Ли").given_name, "");
        assert_eq!(name_of("Ли Анна").patronymic, None);
        assert!(!name_of("").surname.is_empty());
    }

    #[test]
    fn endings_tell_the_sex() {
        for (full, sex) in [
            ("Ахметов Тимур Ерланұлы", "m"),
            ("Ким Анна Сергеевна", "f"),
            ("Әли Айгүл Мәлік қызы", "f"),
            ("Сәрсенова Айгүл", "f"),
            ("Ли Пётр Ильич", "m"),
            ("Ким Виктор", "m"),
        ] {
            assert_eq!(sex_of(&name_of(full)), sex, "{full}");
        }
    }

    #[test]
    fn an_open_school_is_neither_begun_anew_nor_taken_back() {
        for state in [RunState::Running, RunState::Active, RunState::Failed, RunState::Undoing, RunState::RolledBack] {
            assert_eq!(state.may_begin_anew(), matches!(state, RunState::Failed | RunState::RolledBack));
        }
        assert!(!RunState::Active.may_be_rolled_back() && !RunState::RolledBack.may_be_rolled_back());
        assert_eq!(RunState::of_name("done"), None);
    }

    #[test]
    fn names_of_steps_are_told_apart() {
        let mut names: Vec<_> = Step::ALL.iter().flat_map(|step| [step.name(), step.undo_name()]).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2 * Step::ALL.len());
    }
}
