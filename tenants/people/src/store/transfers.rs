//! SQL of who goes to another school, and of who comes from one.

use chrono::NaiveDate;
use kd_ctx::Permit;
use kd_kernel::{ClassId, ProfileId, Result};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::Asking;
use crate::rules::Data;
use crate::transfers::Stay;
use crate::wire::{Kind, PersonState, Relation, Sex};

/// A guardian, as far as another school may know of one.
#[derive(Debug, FromQueryResult)]
pub struct GuardianRow {
    pub id: ProfileId,
    pub relation: Relation,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub sex: Sex,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// Who represents a student, the first one entered first.
pub async fn guardians(db: &impl ConnectionTrait, student: ProfileId) -> Result<Vec<GuardianRow>> {
    sql::all(
        db,
        "SELECT p.id, g.relation, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, p.phone, p.email \
         FROM guardianship g JOIN profile p ON p.id = g.guardian_id AND p.state = 'active' \
         WHERE g.student_id = $1 ORDER BY g.since, p.id",
        [student.into()],
    )
    .await
}

/// The classes of a student, the first one first; what ended on its first day never was.
pub async fn stays(db: &impl ConnectionTrait, student: ProfileId) -> Result<Vec<Stay>> {
    sql::all(
        db,
        "SELECT c.grade, c.letter, m.joined, m.left_on FROM class_member m JOIN class c ON c.id = m.class_id \
         WHERE m.student_id = $1 AND m.left_on IS DISTINCT FROM m.joined ORDER BY m.joined, m.id",
        [student.into()],
    )
    .await
}

/// Somebody who may be the one who comes.
#[derive(Debug, FromQueryResult)]
pub struct LikelyRow {
    pub id: ProfileId,
    pub kind: Kind,
    pub state: PersonState,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub phone: Option<String>,
    pub class_id: Option<ClassId>,
}

/// Everybody of these kinds, the archive's too, without those who were given up for another profile.
pub async fn likely(db: &impl ConnectionTrait, kinds: &[Kind]) -> Result<Vec<LikelyRow>> {
    let kinds: Vec<String> = kinds.iter().map(sea_orm::ActiveEnum::to_value).collect();
    sql::all(
        db,
        "SELECT p.id, p.kind, p.state, p.surname, p.given_name, p.patronymic, p.birth_date, p.phone, m.class_id \
         FROM profile p LEFT JOIN class_member m ON m.student_id = p.id AND m.left_on IS NULL WHERE p.kind = ANY($1) \
         AND NOT EXISTS (SELECT FROM merge o WHERE o.dropped_id = p.id AND o.undone_at IS NULL) \
         ORDER BY p.created_at, p.id",
        [kinds.into()],
    )
    .await
}

/// Writes what is not known yet of somebody who is here; what is known stays as it is.
pub async fn complete<T>(
    db: &impl ConnectionTrait,
    _permit: &Permit<T>,
    (person, data): (ProfileId, &Data),
    asking: Asking,
) -> Result<()> {
    sql::run(
        db,
        "UPDATE profile SET birth_date = coalesce(birth_date, $2), phone = coalesce(phone, $3), \
         email = coalesce(email, $4), version = version + 1, changed_by = $5, changed_at = $6 WHERE id = $1",
        [
            person.into(),
            data.birth_date.into(),
            data.phone.clone().into(),
            data.email.clone().into(),
            asking.me.into(),
            asking.now.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Makes somebody a student's guardian; who is one already stays what he or she is to the child.
pub async fn link<T>(
    db: &impl ConnectionTrait,
    _permit: &Permit<T>,
    (guardian, student, relation): (ProfileId, ProfileId, Relation),
    asking: Asking,
) -> Result<()> {
    sql::run(
        db,
        "INSERT INTO guardianship (guardian_id, student_id, relation, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (guardian_id, student_id) DO NOTHING",
        [guardian.into(), student.into(), relation.into(), asking.now.into()],
    )
    .await?;
    Ok(())
}
