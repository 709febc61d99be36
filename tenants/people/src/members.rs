//! Which student is in which class, and since when: what the rooms above read and write of it. A
//! membership is half-open: it begins on `joined` and is over on `left_on`, which is the first day without.
//!
//! The table `class` belongs to the room `classes`; its names are read here alone (decision 0010).

use std::collections::HashMap;

use chrono::NaiveDate;
use kd_ctx::Permit;
use kd_kernel::names::{full_name, sort_by_name};
use kd_kernel::{ClassId, Problem, ProfileId, Result};
use kd_store::fault::constraint;
use kd_store::sql;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// What a class is called, and who leads it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ClassName {
    /// The class.
    pub id: ClassId,
    /// 0 to 12.
    pub grade: i32,
    /// One to three letters.
    pub letter: String,
    /// The class teacher.
    pub homeroom_id: Option<ProfileId>,
}

impl ClassName {
    /// Grade and letter: `7Ә`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}{}", self.grade, self.letter)
    }
}

/// The names of all classes of the school.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn class_names(db: &impl ConnectionTrait) -> Result<HashMap<ClassId, ClassName>> {
    let rows: Vec<ClassName> = sql::all(db, "SELECT id, grade, letter, homeroom_id FROM class", []).await?;
    Ok(rows.into_iter().map(|c| (c.id, c)).collect())
}

/// A student's time in a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The student.
    pub student_id: ProfileId,
    /// Surname first.
    pub full_name: String,
    /// The first day.
    pub joined: NaiveDate,
    /// The first day on which the student is no longer in the class.
    pub left_on: Option<NaiveDate>,
}

#[derive(FromQueryResult)]
struct Row {
    student_id: ProfileId,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    joined: NaiveDate,
    left_on: Option<NaiveDate>,
}

fn in_order(rows: Vec<Row>) -> Vec<Member> {
    let mut members: Vec<Member> = rows
        .into_iter()
        .map(|row| Member {
            student_id: row.student_id,
            full_name: full_name(&row.surname, &row.given_name, row.patronymic.as_deref()),
            joined: row.joined,
            left_on: row.left_on,
        })
        .collect();
    sort_by_name(&mut members, |m| &m.full_name);
    members
}

/// Who is in a class on a day, by name.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn members_of(db: &impl ConnectionTrait, class: ClassId, on: NaiveDate) -> Result<Vec<Member>> {
    members_between(db, class, on, on).await
}

/// Who is in a class on at least one of the days `from` to `to`, by name (JRN-4). A student who came back
/// is there once for each time.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn members_between(
    db: &impl ConnectionTrait,
    class: ClassId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Member>> {
    let rows = sql::all(
        db,
        "SELECT m.student_id, p.surname, p.given_name, p.patronymic, m.joined, m.left_on \
         FROM class_member m JOIN profile p ON p.id = m.student_id \
         WHERE m.class_id = $1 AND m.joined <= $3 AND (m.left_on IS NULL OR m.left_on > $2)",
        [class.into(), from.into(), to.into()],
    )
    .await?;
    Ok(in_order(rows))
}

/// Who is in a class as it stands, those included who join on a day to come, by name.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn members_now(db: &impl ConnectionTrait, class: ClassId) -> Result<Vec<Member>> {
    let rows = sql::all(
        db,
        "SELECT m.student_id, p.surname, p.given_name, p.patronymic, m.joined, m.left_on \
         FROM class_member m JOIN profile p ON p.id = m.student_id WHERE m.class_id = $1 AND m.left_on IS NULL",
        [class.into()],
    )
    .await?;
    Ok(in_order(rows))
}

/// How many students each class has as it stands; a class without students is not in it.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn class_sizes(db: &impl ConnectionTrait) -> Result<HashMap<ClassId, i64>> {
    #[derive(FromQueryResult)]
    struct Size {
        class_id: ClassId,
        students: i64,
    }
    let rows: Vec<Size> = sql::all(
        db,
        "SELECT class_id, count(*) AS students FROM class_member WHERE left_on IS NULL GROUP BY class_id",
        [],
    )
    .await?;
    Ok(rows.into_iter().map(|r| (r.class_id, r.students)).collect())
}

/// The class of each student on a day; who is in none is not in it.
///
/// # Errors
/// 500 or 503 with the cause in the log.
pub async fn class_of(
    db: &impl ConnectionTrait,
    students: &[ProfileId],
    on: NaiveDate,
) -> Result<HashMap<ProfileId, ClassId>> {
    #[derive(FromQueryResult)]
    struct Seat {
        student_id: ProfileId,
        class_id: ClassId,
    }
    let rows: Vec<Seat> = sql::all(
        db,
        "SELECT student_id, class_id FROM class_member \
         WHERE student_id = ANY($1) AND joined <= $2 AND (left_on IS NULL OR left_on > $2) ORDER BY joined",
        [sql::array(students.iter().copied()), on.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|r| (r.student_id, r.class_id)).collect())
}

/// A student enters a class.
#[derive(Debug, Clone, Copy)]
pub struct Enrolment {
    /// The identity of the membership, should a new one be needed.
    pub id: Uuid,
    /// The student.
    pub student: ProfileId,
    /// The class.
    pub class: ClassId,
    /// The first day in it; missing means `today`, and leaves the first day as it is where the student is
    /// in this class already.
    pub joined: Option<NaiveDate>,
    /// Today.
    pub today: NaiveDate,
}

/// Ends a student's time in the class on a day, the first without; a student in no class is left alone.
///
/// # Errors
/// 422 at `left_on` for a day before the membership began.
pub async fn leave_class<T>(
    db: &impl ConnectionTrait,
    _permit: &Permit<T>,
    student: ProfileId,
    left_on: NaiveDate,
) -> Result<()> {
    let done = sql::run(
        db,
        "UPDATE class_member SET left_on = $2 WHERE student_id = $1 AND left_on IS NULL",
        [student.into(), left_on.into()],
    )
    .await;
    done.map(|_| ()).map_err(|error| match constraint(&error) {
        Some("class_member_check") => Problem::field("left_on", "date-invalid"),
        _ => Problem::from(error),
    })
}

/// Puts a student into a class. From another class the student leaves on the same day, and what was there
/// before stays there; in the same class only the first day is corrected.
///
/// # Errors
/// 422 at `class_id` for a class that is not there, at `enrolled_on` for a day before the membership that
/// would end.
pub async fn enrol<T>(db: &impl ConnectionTrait, _permit: &Permit<T>, enrolment: Enrolment) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Now {
        id: Uuid,
        class_id: ClassId,
        joined: NaiveDate,
    }
    let Enrolment { id, student, class, joined, today } = enrolment;
    let now: Option<Now> = sql::one(
        db,
        "SELECT id, class_id, joined FROM class_member WHERE student_id = $1 AND left_on IS NULL FOR UPDATE",
        [student.into()],
    )
    .await?;
    match now {
        Some(now) if now.class_id == class => {
            let joined = joined.unwrap_or(now.joined);
            sql::run(db, "UPDATE class_member SET joined = $2 WHERE id = $1", [now.id.into(), joined.into()]).await?;
            return Ok(());
        }
        Some(now) if joined.unwrap_or(today) < now.joined => return Err(Problem::field("enrolled_on", "date-invalid")),
        Some(now) => {
            let left_on = joined.unwrap_or(today);
            sql::run(db, "UPDATE class_member SET left_on = $2 WHERE id = $1", [now.id.into(), left_on.into()]).await?;
        }
        None => {}
    }
    sql::run(
        db,
        "INSERT INTO class_member (id, class_id, student_id, joined) VALUES ($1, $2, $3, $4)",
        [id.into(), class.into(), student.into(), joined.unwrap_or(today).into()],
    )
    .await
    .map_err(|error| match constraint(&error) {
        Some("class_member_class_id_fkey") => Problem::field("class_id", "unknown"),
        Some("class_member_student_id_fkey") => Problem::not_found(),
        Some("class_member_one_now") => Problem::conflict("people.changed"),
        _ => Problem::from(error),
    })?;
    Ok(())
}
