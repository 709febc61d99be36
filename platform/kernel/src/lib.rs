//! Kernel: the words that every floor of the house speaks. Identities, the clock and chance that are
//! handed in, acts and roles, problems, names and numbers of Kazakhstan. No I/O of any kind.

pub mod act;
pub mod chance;
pub mod clock;
pub mod id;
pub mod identifiers;
pub mod names;
pub mod problem;
pub mod slug;
pub mod tongue;

pub use act::{Act, Relation, Relations, Role, Roles};
pub use chance::Chance;
pub use clock::Clock;
pub use id::{
    AccountId, AgreementId, ApplicationId, ClassId, CredentialId, ImportId, LessonId, MergeId, PasskeyId, ProfileId,
    SchoolId, SessionId, SheetId, SubjectId, TransferId, YearId,
};
pub use problem::{FieldProblem, Problem};
pub use slug::Slug;
pub use tongue::Tongue;

/// What an operation answers.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

#[doc(hidden)]
pub mod reexport {
    //! What the `id!` macro needs wherever it is used.
    pub use poem_openapi;
    pub use sea_orm;
    pub use serde;
    pub use serde_json;
    pub use uuid;
}
