//! Shapes on the wire of people, sheets and credentials. Enumerations are also what the tables hold, as
//! text.

mod credentials;
mod iin;
mod merges;
mod moves;
mod roles;

use chrono::{DateTime, NaiveDate, Utc};
use kd_accounts::SchoolSeat;
use kd_accounts::restrictions_wire::Restriction;
use kd_kernel::{ClassId, ProfileId, Role, SheetId};
use poem_openapi::{Enum, Object};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

pub use credentials::{
    CredentialEvent, CredentialHistory, CredentialVoid, Heading, HeadingEdit, Letters, SheetHandOver, Voided,
    WaitingRow,
};
pub use iin::{IinSetting, IinShown, IinSwitch};
pub use merges::{
    DuplicatePair, DuplicateSide, DuplicatesFound, Likeness, MergeField, MergeUndo, MergedIn, NotSame, NotSameSaid,
    PersonMerge,
};
pub use moves::{ClassMove, ClassTime, Departure, PersonLeave, PersonLeft, PersonReturn};
pub use roles::{ResetDone, ResetNew, Right, RoleHolder, RoleRights, RolesPut};

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? })+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Enum, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name { $($(#[$doc])* #[oai(rename = $word)] #[serde(rename = $word)] #[sea_orm(string_value = $word)] $variant),+ }
    )+ };
}

words! {
    /// What somebody is to the school.
    Kind {
        /// Works here.
        Staff = "staff",
        /// Learns here.
        Student = "student",
        /// Represents a student.
        Guardian = "guardian",
    }
    /// As documents have it.
    Sex {
        /// Female.
        F = "f",
        /// Male.
        M = "m",
    }
    /// Whether somebody belongs to the school now.
    PersonState {
        /// Belongs to it.
        Active = "active",
        /// Has left; the data are kept.
        Archived = "archived",
    }
    /// Why somebody left.
    LeaveReason {
        /// To another school, or away.
        Moved = "moved",
        /// Has finished school.
        Graduated = "graduated",
        /// Something else.
        Other = "other",
    }
    /// What a guardian is to the child.
    Relation {
        /// Mother.
        Mother = "mother",
        /// Father.
        Father = "father",
        /// Legal guardian.
        Guardian = "guardian",
        /// Another legal representative.
        Other = "other",
    }
    /// Where somebody's way into the system stands.
    Credential {
        /// Nothing was issued.
        None = "none",
        /// A login is made, its sheet not yet.
        Issued = "issued",
        /// It stands on a sheet.
        Printed = "printed",
        /// A letter with it was written to the person's address.
        Mailed = "mailed",
        /// The person has it.
        HandedOver = "handed_over",
        /// The person has registered.
        Activated = "activated",
        /// Its time is over.
        Expired = "expired",
        /// It was taken back.
        Revoked = "revoked",
    }
    /// For whom sheets are printed.
    Who {
        /// Students.
        Students = "students",
        /// Guardians.
        Guardians = "guardians",
        /// Staff.
        Staff = "staff",
        /// Everybody; of a class: its students and their guardians.
        All = "all",
    }
    /// The language of a sheet.
    SheetLanguage {
        /// Kazakh.
        Kk = "kk",
        /// Russian.
        Ru = "ru",
        /// Kazakh, then Russian.
        Both = "both",
    }
    /// How far a sheet is.
    SheetState {
        /// Waits for a worker.
        Queued = "queued",
        /// Is being made.
        Running = "running",
        /// Can be fetched, once.
        Ready = "ready",
        /// Was fetched.
        Fetched = "fetched",
        /// Could not be made.
        Failed = "failed",
        /// Was not fetched in time.
        Expired = "expired",
        /// Its letters are written.
        Mailed = "mailed",
    }
    /// How a sheet reaches people.
    Medium {
        /// Printed cards.
        Paper = "paper",
        /// Letters to people's addresses.
        Letter = "letter",
    }
    /// How a person's letter fares.
    Delivery {
        /// Waits to be sent, or to be tried again.
        Queued = "queued",
        /// The mail server of the address took it.
        Sent = "sent",
        /// It was refused for good: the address is wrong.
        Dead = "dead",
    }
}

/// The person who asks: roles, rights, school, children.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Me {
    /// The person here.
    pub profile_id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// The roles held at this moment.
    pub roles: Vec<Role>,
    /// What may be done in at least one relation, as `thing.verb`.
    pub may: Vec<String>,
    /// The school of the path.
    pub school: MeSchool,
    /// The students whom the person represents, by name.
    pub children: Vec<MyChild>,
    /// Every school of the account that is open, this one included.
    pub schools: Vec<MySchool>,
    /// Today in the schools' zone.
    pub today: NaiveDate,
}

/// The school of the path.
#[derive(Debug, Clone, Object)]
pub struct MeSchool {
    /// Its address.
    pub slug: String,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// Language of instruction: kk, ru or mixed.
    pub language: String,
}

/// A child of the person who asks.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct MyChild {
    /// The student.
    pub student_id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// `7Ә`.
    pub class_name: Option<String>,
}

/// A school of the account.
#[derive(Debug, Clone, Object)]
pub struct MySchool {
    /// Its address.
    pub slug: String,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// The roles held there.
    pub roles: Vec<Role>,
}

impl From<SchoolSeat> for MySchool {
    fn from(seat: SchoolSeat) -> Self {
        Self { slug: seat.slug, name_kk: seat.name_kk, name_ru: seat.name_ru, roles: seat.roles }
    }
}

/// What is searched for. It travels in the body, since names stand in it.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PeopleSearch {
    /// Staff, students or guardians.
    pub kind: Kind,
    /// Students of this class, or their guardians.
    pub class_id: Option<ClassId>,
    /// Those who belong to the school, or the archive; active when missing. The archive is for those who
    /// keep it.
    pub state: Option<PersonState>,
    /// Words of the name, in any order; Kazakh letters may be written with their Russian neighbours.
    pub text: Option<String>,
    /// How many to skip.
    #[oai(validator(maximum(value = "100000")))]
    pub offset: Option<u32>,
    /// How many at most, up to 200; 200 when missing.
    #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
    pub limit: Option<u32>,
}

/// A part of the list, by name in the order of the Kazakh alphabet.
#[derive(Debug, Clone, Object)]
pub struct PeopleFound {
    /// How many there are in all.
    pub count: u32,
    /// Those of this part.
    pub people: Vec<PersonRow>,
}

/// A line of the list.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PersonRow {
    /// The person.
    pub id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// Surname.
    pub surname: String,
    /// Given name; may be empty.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Position, of staff.
    pub position: Option<String>,
    /// Class, of a student.
    pub class_id: Option<ClassId>,
    /// `7Ә`.
    pub class_name: Option<String>,
    /// Where the way into the system stands.
    pub credential: Credential,
    /// True where the provider keeps the person out; for those who enter people's data.
    pub restricted: Option<bool>,
    /// To be sent back with an edit.
    pub version: i32,
}

/// A person's card.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Person {
    /// The person.
    pub id: ProfileId,
    /// Staff, student or guardian.
    pub kind: Kind,
    /// Surname first.
    pub full_name: String,
    /// Surname.
    pub surname: String,
    /// Given name; may be empty.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Position, of staff.
    pub position: Option<String>,
    /// Class, of a student.
    pub class_id: Option<ClassId>,
    /// `7Ә`.
    pub class_name: Option<String>,
    /// Where the way into the system stands.
    pub credential: Credential,
    /// To be sent back with an edit.
    pub version: i32,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// f or m.
    pub sex: Sex,
    /// E.164.
    pub phone: Option<String>,
    /// True where the phone is not one of Kazakhstan (IDN-7); missing otherwise.
    pub phone_abroad: Option<bool>,
    /// E-mail.
    pub email: Option<String>,
    /// The last four digits of the ИИН, where the school keeps it; for those who enter people's data, and the
    /// person.
    pub iin_end: Option<String>,
    /// True where the ИИН speaks of another birth date (IDN-4): to be looked at, no fault; missing otherwise.
    pub iin_differs: Option<bool>,
    /// Actual address, of staff; for those alone who enter people's data, and the person.
    pub address: Option<String>,
    /// Whom the person represents.
    pub children: Option<Vec<PersonLink>>,
    /// Who represents the person; a guardian sees the own line alone.
    pub guardians: Option<Vec<PersonLink>>,
    /// Whether the person has an account.
    pub registered: bool,
    /// The classes of a student, the latest first; for those who may search people.
    pub memberships: Option<Vec<ClassTime>>,
    /// When and why the person left; of the archive alone.
    pub departure: Option<Departure>,
    /// The profiles that were made one with this, the latest first; for those who may merge.
    pub merged: Option<Vec<MergedIn>>,
    /// The profile that this one was given up for; of the archive alone.
    pub merged_into: Option<ProfileId>,
    /// That the provider keeps the person out, and why; for those who enter people's data.
    pub restriction: Option<Restriction>,
}

/// The other end of a guardianship.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct PersonLink {
    /// The other person.
    pub id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// What the guardian is to the child.
    pub relation: Relation,
    /// The child's class.
    pub class_name: Option<String>,
}

/// A guardian's child.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Child {
    /// A student of this school.
    pub student_id: ProfileId,
    /// What the guardian is to the child.
    pub relation: Relation,
}

/// A person to be entered. Exactly these data may be kept (agreement, 7.8); anything else is refused.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct PersonNew {
    /// Staff, student or guardian.
    pub kind: Kind,
    /// Surname, up to 100 characters.
    pub surname: String,
    /// Given name; some people have one name alone.
    pub given_name: Option<String>,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// From 1900 until today.
    pub birth_date: Option<NaiveDate>,
    /// f or m.
    pub sex: Sex,
    /// As people write it; kept as E.164, without a country it is one of Kazakhstan.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// ИИН, where the school's switch is on.
    #[oai(validator(max_length = 40))]
    pub iin: Option<String>,
    /// Actual address, of staff alone.
    pub address: Option<String>,
    /// Position, of staff alone.
    pub position: Option<String>,
    /// Of staff alone: administrator, editor, teacher, class_teacher. Missing means teacher; administrator
    /// and editor need the right to give roles.
    pub roles: Option<Vec<Role>>,
    /// Class, of a student alone.
    pub class_id: Option<ClassId>,
    /// First day in the class; missing means today.
    pub enrolled_on: Option<NaiveDate>,
    /// Of a guardian at least one; a member of staff may have some too.
    pub children: Option<Vec<Child>>,
    /// Enter the person although somebody of the same name and birth date is there.
    pub confirm_duplicate: Option<bool>,
}

/// The data of a person as they shall be. A text or date that is missing is cleared; `roles`, `children`,
/// `class_id` and `iin` that are missing stay as they are.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct PersonEdit {
    /// The version that the edit started from.
    pub version: i32,
    /// Surname, up to 100 characters.
    pub surname: String,
    /// Given name; some people have one name alone.
    pub given_name: Option<String>,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// From 1900 until today.
    pub birth_date: Option<NaiveDate>,
    /// f or m.
    pub sex: Sex,
    /// As people write it; kept as E.164.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// ИИН, where the school's switch is on; missing means that it stays as it is, empty that it is deleted.
    #[oai(validator(max_length = 40))]
    pub iin: Option<String>,
    /// Actual address, of staff alone.
    pub address: Option<String>,
    /// Position, of staff alone.
    pub position: Option<String>,
    /// Of staff alone.
    pub roles: Option<Vec<Role>>,
    /// Class, of a student alone.
    pub class_id: Option<ClassId>,
    /// First day in the class.
    pub enrolled_on: Option<NaiveDate>,
    /// Of a guardian at least one; a member of staff may have some too.
    pub children: Option<Vec<Child>>,
}

/// Sheets to be printed: of a class, of a parallel, of single people, or of the whole school.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct SheetNew {
    /// The class whose students, or their guardians, get sheets.
    pub class_id: Option<ClassId>,
    /// The grade of whose classes the students, or their guardians, get sheets.
    #[oai(validator(minimum(value = "0"), maximum(value = "12")))]
    pub grade: Option<i32>,
    /// Single people, up to 6,000.
    pub profile_ids: Option<Vec<ProfileId>>,
    /// Students, guardians, staff or all. Who has registered already is passed over.
    pub who: Who,
    /// The language of the words on it.
    pub language: SheetLanguage,
}

/// A batch of printed credentials.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Sheet {
    /// The sheet.
    pub id: SheetId,
    /// How far it is.
    pub state: SheetState,
    /// Credentials made.
    pub done: i32,
    /// Credentials to be made.
    pub total: i32,
    /// On paper or by letter.
    pub medium: Medium,
    /// `7Ә`, for the sheet of a class.
    pub class_name: Option<String>,
    /// The grade, for the sheet of a parallel.
    pub grade: Option<i32>,
    /// When it was ordered.
    pub created_at: DateTime<Utc>,
    /// Until when it can be fetched.
    pub expires_at: Option<DateTime<Utc>>,
    /// Why it failed: a stable code.
    pub error: Option<String>,
}

/// Nothing more is said than what the path says.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct SheetFetch {}

/// How far the people of a class, or the staff, are.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BoardRow {
    /// The class; missing for staff, and for those who are in none.
    pub class_id: Option<ClassId>,
    /// `7Ә`.
    pub class_name: Option<String>,
    /// Staff, students or guardians.
    pub kind: Kind,
    /// All of them.
    pub total: u32,
    /// Nothing valid in hand: never issued, expired, or revoked.
    pub none: u32,
    /// Made, not yet on a sheet.
    pub issued: u32,
    /// On a sheet.
    pub printed: u32,
    /// In a letter.
    pub mailed: u32,
    /// Handed over.
    pub handed_over: u32,
    /// Registered.
    pub activated: u32,
    /// Of those with nothing valid: whose time is over.
    pub expired: u32,
    /// Of those with nothing valid: whose credential was taken back, or spent by wrong tries.
    pub revoked: u32,
    /// Of those in a letter: whose address refused it.
    pub dead: u32,
}

/// Whose credentials were handed over.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct HandOver {
    /// The people, up to 6,000.
    pub profile_ids: Vec<ProfileId>,
}

/// How many handings-over were recorded.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct HandedOver {
    /// Those whose credential stood on a sheet and is valid.
    pub handed_over: u32,
}
