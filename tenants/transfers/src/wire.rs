//! Shapes on the wire of transfers. The states are also what the tables hold, as text.

use chrono::{DateTime, NaiveDate, Utc};
use kd_kernel::{ClassId, ProfileId, TransferId};
use kd_people::transfers::{Facts, Relation, Stay, Twin};
use poem_openapi::types::Base64;
use poem_openapi::{Enum, Object};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// How far a transfer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum TransferState {
    /// The file can be accepted.
    Issued,
    /// The other school is accepting it right now.
    Accepting,
    /// The other school has the student.
    Accepted,
    /// The sending school took it back.
    Withdrawn,
    /// Nobody accepted it in time.
    Expired,
}

/// A school that a student may go to, to be confirmed by its name.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct ReceivingSchool {
    /// Its address.
    pub slug: String,
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// Where it is, as its application says.
    pub city: String,
}

/// A student is exported for another school.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct TransferNew {
    /// The address of the receiving school, as `transfer_school` answered it.
    #[oai(validator(max_length = 40))]
    pub to: String,
    /// The guardians whose data go along; each represents the student.
    #[oai(validator(max_items = 30))]
    pub guardian_ids: Vec<ProfileId>,
}

/// A student's going, as the sending school sees it.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Transfer {
    /// The transfer.
    pub id: TransferId,
    /// What people say of it to each other, and what the file is called by.
    pub number: String,
    /// How far it is.
    pub state: TransferState,
    /// The receiving school in Kazakh.
    pub to_kk: String,
    /// The receiving school in Russian.
    pub to_ru: String,
    /// How many guardians go along.
    pub guardians: i32,
    /// Who exported it.
    pub issued_by: String,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Until when it may be accepted.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted, withdrawn, or was over.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Nothing more is said than what the path says.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct TransferWithdraw {}

/// A file to be looked at. Nothing of it is written.
#[derive(Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct TransferUpload {
    /// The file, up to 256 KiB.
    pub content: Base64<Vec<u8>>,
}

/// What a file holds, and who of it may be here already.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TransferPreview {
    /// The transfer.
    pub id: TransferId,
    /// What people say of it to each other.
    pub number: String,
    /// The sending school in Kazakh.
    pub from_kk: String,
    /// The sending school in Russian.
    pub from_ru: String,
    /// When it was exported.
    pub issued_at: DateTime<Utc>,
    /// Until when it may be accepted.
    pub expires_at: DateTime<Utc>,
    /// The student.
    pub student: Facts,
    /// Students here who may be the same person, the surest first.
    pub alike: Vec<Twin>,
    /// The first day in a class of the sending school.
    pub since: Option<NaiveDate>,
    /// The last class there.
    pub last_class: Option<Stay>,
    /// The first day without, for who had left when the file was made.
    pub left_on: Option<NaiveDate>,
    /// The guardians who come along.
    pub guardians: Vec<TransferGuardian>,
}

/// A guardian who comes along.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct TransferGuardian {
    /// What the guardian is to the child.
    pub relation: Relation,
    /// The data.
    pub facts: Facts,
    /// Guardians and staff here who may be the same person, the surest first.
    pub alike: Vec<Twin>,
}

/// A student is accepted.
#[derive(Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct TransferAccept {
    /// The file, up to 256 KiB.
    pub content: Base64<Vec<u8>>,
    /// The student who is here already; missing for a new one.
    pub same_as: Option<ProfileId>,
    /// The class; missing where it is not known yet.
    pub class_id: Option<ClassId>,
    /// The first day in it; missing means today.
    pub enrolled_on: Option<NaiveDate>,
    /// The guardians who are taken in; who is not named stays out.
    #[oai(validator(max_items = 30))]
    pub guardians: Vec<TransferComer>,
}

/// A guardian of the file who is taken in.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct TransferComer {
    /// The place in the file's list, from 0.
    pub place: u32,
    /// Who is here already; missing for a new person.
    pub same_as: Option<ProfileId>,
}

/// Who came.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct TransferAccepted {
    /// The transfer.
    pub transfer_id: TransferId,
    /// The student's card here.
    pub student_id: ProfileId,
    /// How many guardians came along.
    pub guardians: u32,
}
