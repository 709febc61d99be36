//! Acts: what can be done, by which role, in which relation to the thing. Policy files name them; code
//! asks for an act and never names a role.

use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

/// A role in a school, and the provider's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Role {
    /// Administers the school's service.
    Administrator,
    /// Enters data for others.
    Editor,
    /// Leads a class.
    ClassTeacher,
    /// Teaches subjects.
    Teacher,
    /// Learns.
    Student,
    /// Represents a student.
    Guardian,
    /// Works for the provider; never inside a school.
    Operator,
}

impl Role {
    /// Every role, in the order of the policy matrix.
    pub const ALL: [Self; 7] = [
        Self::Administrator,
        Self::Editor,
        Self::ClassTeacher,
        Self::Teacher,
        Self::Student,
        Self::Guardian,
        Self::Operator,
    ];

    /// The name in policies, tables and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Editor => "editor",
            Self::ClassTeacher => "class_teacher",
            Self::Teacher => "teacher",
            Self::Student => "student",
            Self::Guardian => "guardian",
            Self::Operator => "operator",
        }
    }

    /// The role of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// The roles that a person holds in one school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u8);

impl Roles {
    /// Adds a role.
    #[must_use]
    pub fn with(self, role: Role) -> Self {
        Self(self.0 | role.bit())
    }

    /// Whether the role is held.
    #[must_use]
    pub fn holds(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// The roles held, in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |r| self.holds(*r))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::default(), Self::with)
    }
}

/// How the person who acts stands to the thing; computed by the room's loader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// Holds always.
    Any,
    /// Teaches this class in this subject.
    Taught,
    /// Leads this class.
    Homeroom,
    /// It is the person's own.
    Own,
    /// It is of a student whom the person represents.
    Ward,
}

impl Relation {
    /// Every relation, in the order of the policy matrix.
    pub const ALL: [Self; 5] = [Self::Any, Self::Taught, Self::Homeroom, Self::Own, Self::Ward];

    /// The name in policies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Taught => "taught",
            Self::Homeroom => "homeroom",
            Self::Own => "own",
            Self::Ward => "ward",
        }
    }
}

/// A set of relations; `any` is always in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relations(u8);

impl Default for Relations {
    fn default() -> Self {
        Self(1)
    }
}

impl Relations {
    /// Only `any`.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds the relation where it holds.
    #[must_use]
    pub fn and(self, relation: Relation, holds: bool) -> Self {
        if holds { Self(self.0 | 1 << (relation as u8)) } else { self }
    }

    /// The relations of the set.
    pub fn iter(self) -> impl Iterator<Item = Relation> {
        Relation::ALL.into_iter().filter(move |r| self.0 & (1 << (*r as u8)) != 0)
    }
}

macro_rules! acts {
    ($($(#[$meta:meta])* $variant:ident = $name:literal, sees $sees:ident);+ $(;)?) => {
        /// Everything that can be done, as `thing.verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act { $($(#[$meta])* $variant),+ }

        impl Act {
            /// Every act, in the order of the policy matrix.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// `thing.verb`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The act of seeing the same thing: who may not even see gets "not found".
            #[must_use]
            pub fn sees(self) -> Self {
                match self { $(Self::$variant => Self::$sees),+ }
            }
        }
    };
}

acts! {
    /// Read one's own page head.
    MeRead = "me.read", sees MeRead;
    /// Keep the own account in order.
    AccountOwn = "account.own", sees AccountOwn;
    /// Give somebody a new temporary password.
    PasswordReset = "password.reset", sees PersonSee;
    /// Hear that something changed.
    LiveHear = "live.hear", sees LiveHear;
    /// See the checklist of setting up.
    SetupSee = "setup.see", sees SetupSee;
    /// Postpone a point of the checklist.
    SetupEdit = "setup.edit", sees SetupSee;
    /// See a teacher's day.
    DeskTeach = "desk.teach", sees DeskTeach;
    /// See a student's day and marks.
    DeskFamily = "desk.family", sees DeskFamily;
    /// List and search people.
    PeopleSearch = "people.search", sees PeopleSearch;
    /// See a person's card.
    PersonSee = "person.see", sees PersonSee;
    /// Enter a person.
    PersonAdd = "person.add", sees PeopleSearch;
    /// Change a person's data.
    PersonEdit = "person.edit", sees PersonSee;
    /// Bring people in from a file, and take that back.
    ImportRun = "import.run", sees ImportRun;
    /// Be shown a person's full ИИН.
    PersonIin = "person.iin", sees PersonSee;
    /// Record that a person left or came back; see the archive.
    PersonLeave = "person.leave", sees PersonSee;
    /// Export a student for another school, and take that back.
    TransferSend = "transfer.send", sees PersonSee;
    /// Accept a student whom another school exported.
    TransferAccept = "transfer.accept", sees TransferAccept;
    /// Make one of two profiles of the same person, and undo it.
    PersonMerge = "person.merge", sees PersonSee;
    /// Give and take roles.
    RoleGrant = "role.grant", sees PersonSee;
    /// See who holds which role, and what each role may do.
    RoleSee = "role.see", sees RoleSee;
    /// Search the audit and the access log.
    AuditSee = "audit.see", sees AuditSee;
    /// Issue initial credentials on sheets, and fetch them.
    SheetIssue = "sheet.issue", sees SheetIssue;
    /// See who has registered.
    CredentialBoard = "credential.board", sees CredentialBoard;
    /// Record that credentials were handed over.
    HandOver = "credential.hand-over", sees CredentialBoard;
    /// See the way of a person's initial credential, and who has not registered yet.
    CredentialSee = "credential.see", sees CredentialBoard;
    /// Write initial credentials to people's addresses.
    CredentialMail = "credential.mail", sees CredentialBoard;
    /// Take an initial credential back.
    CredentialVoid = "credential.void", sees CredentialSee;
    /// See the calendar and the bells.
    CalendarSee = "calendar.see", sees CalendarSee;
    /// Change the calendar and the bells.
    CalendarEdit = "calendar.edit", sees CalendarSee;
    /// See classes, subjects, loads.
    ClassSee = "class.see", sees ClassSee;
    /// See who is in a class.
    ClassStudents = "class.students", sees ClassSee;
    /// Make and change classes, subjects and loads.
    ClassEdit = "class.edit", sees ClassSee;
    /// See lessons.
    LessonSee = "lesson.see", sees LessonSee;
    /// Make lessons.
    LessonAdd = "lesson.add", sees LessonSee;
    /// Write a lesson's topic and homework.
    LessonEdit = "lesson.edit", sees LessonSee;
    /// See a journal.
    JournalSee = "journal.see", sees JournalSee;
    /// Set marks.
    JournalMark = "journal.mark", sees JournalSee;
    /// Set attendance and take the roll.
    JournalAttend = "journal.attend", sees JournalSee;
    /// See the history of a cell.
    JournalHistory = "journal.history", sees JournalSee;
    /// See the operators' first page.
    DeskOperate = "desk.operate", sees DeskOperate;
    /// See applications.
    ApplicationSee = "application.see", sees ApplicationSee;
    /// Approve, reject, invite again.
    ApplicationDecide = "application.decide", sees ApplicationSee;
    /// See schools in the registry.
    SchoolSee = "school.see", sees SchoolSee;
    /// Find a user by the login, and see whom the provider keeps out.
    UserSee = "user.see", sees UserSee;
    /// Keep a user out, and let in again.
    UserRestrict = "user.restrict", sees UserSee;
    /// Retry or roll back a provisioning.
    ProvisioningSteer = "provisioning.steer", sees SchoolSee;
}

impl Act {
    /// The act of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|a| a.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_hold_any_always() {
        let set = Relations::none().and(Relation::Taught, true).and(Relation::Own, false);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Relation::Any, Relation::Taught]);
    }

    #[test]
    fn roles_are_a_set() {
        let roles: Roles = [Role::Teacher, Role::Guardian].into_iter().collect();
        assert!(roles.holds(Role::Teacher) && !roles.holds(Role::Student));
        assert_eq!(roles.iter().count(), 2);
    }
}
