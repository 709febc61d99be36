//! What the rooms above may know of people: names, who is staff, whose guardian is whose, how many there
//! are. Reads alone, inside the caller's own school transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kd_kernel::names::{full_name, sort_by_name};
use kd_kernel::{ClassId, ProfileId, Result};
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};

/// The full names of people, surname first; who is not in the school is not in it.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn names_of(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = ProfileId>,
) -> Result<HashMap<ProfileId, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ProfileId,
        surname: String,
        given_name: String,
        patronymic: Option<String>,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT id, surname, given_name, patronymic FROM profile WHERE id = ANY($1)",
        [sql::array(people)],
    )
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, full_name(&r.surname, &r.given_name, r.patronymic.as_deref()))).collect())
}

/// Whether somebody is on the staff of this school.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn is_staff(db: &impl ConnectionTrait, person: ProfileId) -> Result<bool> {
    sql::scalar(
        db,
        "SELECT EXISTS (SELECT FROM profile WHERE id = $1 AND kind = 'staff' AND state = 'active')",
        [person.into()],
    )
    .await
}

/// A student as a guardian sees the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ward {
    /// The student.
    pub student_id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// The class, if there is one.
    pub class_id: Option<ClassId>,
}

/// The students whom somebody represents, by name.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn children_of(db: &impl ConnectionTrait, guardian: ProfileId) -> Result<Vec<Ward>> {
    #[derive(FromQueryResult)]
    struct Row {
        student_id: ProfileId,
        surname: String,
        given_name: String,
        patronymic: Option<String>,
        class_id: Option<ClassId>,
    }
    let rows: Vec<Row> = sql::all(
        db,
        "SELECT g.student_id, p.surname, p.given_name, p.patronymic, m.class_id FROM guardianship g \
         JOIN profile p ON p.id = g.student_id AND p.state = 'active' \
         LEFT JOIN class_member m ON m.student_id = g.student_id AND m.left_on IS NULL WHERE g.guardian_id = $1",
        [guardian.into()],
    )
    .await?;
    let mut wards: Vec<Ward> = rows
        .into_iter()
        .map(|r| Ward {
            student_id: r.student_id,
            full_name: full_name(&r.surname, &r.given_name, r.patronymic.as_deref()),
            class_id: r.class_id,
        })
        .collect();
    sort_by_name(&mut wards, |w| &w.full_name);
    Ok(wards)
}

/// How many people there are, for the checklist of setting up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    /// Members of staff.
    pub staff: i64,
    /// Students.
    pub students: i64,
    /// Guardians.
    pub guardians: i64,
    /// People who have registered, or hold an initial credential that is valid still.
    pub credentials: i64,
}

/// Counts the people of the school.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn counts(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Counts> {
    let counts = sql::one(
        db,
        "SELECT count(*) FILTER (WHERE p.kind = 'staff') AS staff, count(*) FILTER (WHERE p.kind = 'student') AS students, \
         count(*) FILTER (WHERE p.kind = 'guardian') AS guardians, count(*) FILTER (WHERE p.account_id IS NOT NULL \
         OR (h.state IN ('issued', 'printed', 'mailed', 'handed_over') AND h.expires_at > $1)) AS credentials \
         FROM profile p LEFT JOIN handout h ON h.profile_id = p.id WHERE p.state = 'active'",
        [now.into()],
    )
    .await?;
    Ok(counts.unwrap_or(Counts { staff: 0, students: 0, guardians: 0, credentials: 0 }))
}
