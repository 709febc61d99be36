//! Classes, staff, students and guardians, and who of them may sign in.

use std::sync::Arc;

use anyhow::{Context, Result};
use kd_accounts::making::{Making, account_make};
use kd_ctx::House;
use kd_kernel::ProfileId;
use kd_store::{Mode, sql};
use sea_orm::TransactionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::seed::door::Door;
use crate::seed::names;
use crate::seed::{LOGINS, SLUG, Secrets};

/// How many students a class has.
const STUDENTS: usize = 25;
/// How many members of staff there are besides the administrator.
const STAFF: usize = 29;
/// How many subjects a class has in the demonstration.
const SUBJECTS: usize = 8;

/// A class with who teaches what in it.
pub(crate) struct Class {
    pub(crate) id: Value,
    /// Subject and teacher.
    pub(crate) loads: Vec<(Value, Value)>,
}

/// What was entered, as far as it is needed further on.
pub(crate) struct Plan {
    pub(crate) classes: Vec<Class>,
    /// Who signs in, by role.
    seats: Vec<(&'static str, Value)>,
}

/// Enters staff, classes, loads, students and guardians.
pub(crate) async fn enter(door: &Door, _house: &Arc<House>) -> Result<Plan> {
    let mut staff = Vec::with_capacity(STAFF);
    for number in 0..STAFF {
        staff.push(member(door, number).await?);
    }
    let subjects = door.get("/subjects").await?;
    let marked: Vec<Value> = subjects
        .as_array()
        .into_iter()
        .flatten()
        .filter(|s| s.get("pass_fail") == Some(&Value::Bool(false)))
        .filter_map(|s| s.get("id").cloned())
        .collect();
    let mut plan = Plan { classes: Vec::new(), seats: Vec::new() };
    for grade in 1..=11_usize {
        let leader = staff.get(grade).cloned().context("staff")?;
        let class = class(door, grade, &leader).await?;
        let loads = loads(door, (grade, &class), (&marked, &staff)).await?;
        let first = families(door, grade, &class).await?;
        if grade == 7 {
            let teacher = loads.first().map(|(_, teacher)| teacher.clone()).context("a load")?;
            let editor = staff.first().cloned().context("staff")?;
            plan.seats = vec![
                ("editor", editor),
                ("class_teacher", leader),
                ("teacher", teacher),
                ("student", first.0),
                ("guardian", first.1),
            ];
        }
        plan.classes.push(Class { id: class, loads });
    }
    Ok(plan)
}

async fn member(door: &Door, number: usize) -> Result<Value> {
    let (surname, given_name, sex) = names::person(number + 500);
    let roles = if number == 0 { json!(["editor"]) } else { json!(["teacher"]) };
    let new = json!({ "kind": "staff", "surname": surname, "given_name": given_name, "sex": sex, "roles": roles,
        "position": if number == 0 { "Хатшы" } else { "Мұғалім" }, "confirm_duplicate": true });
    id_of(&door.post("/people", &new).await?)
}

async fn class(door: &Door, grade: usize, leader: &Value) -> Result<Value> {
    let letter = if grade == 7 { "Ә" } else { "А" };
    let language = if grade.is_multiple_of(4) { "ru" } else { "kk" };
    let new = json!({ "grade": grade, "letter": letter, "language": language, "shift": 1, "homeroom_id": leader });
    id_of(&door.post("/classes", &new).await?)
}

/// Eight subjects, each with a teacher who is free whenever this class needs one: a teacher keeps one
/// subject and at most a few classes.
async fn loads(
    door: &Door,
    (grade, class): (usize, &Value),
    (subjects, staff): (&[Value], &[Value]),
) -> Result<Vec<(Value, Value)>> {
    let mut loads = Vec::new();
    for number in 0..SUBJECTS {
        let subject = subjects.get((grade + number) % subjects.len().max(1)).context("subjects")?;
        // Twenty-eight teachers, eight subjects: three teachers and a half for each.
        let teacher = staff.get(1 + (number * 7 + grade * 3) % (STAFF - 1)).context("staff")?;
        let new = json!({ "class_id": class, "subject_id": subject, "teacher_id": teacher, "weekly_tenths": 30 });
        door.post("/loads", &new).await?;
        loads.push((subject.clone(), teacher.clone()));
    }
    Ok(loads)
}

/// The students of a class, each with a guardian; the first pair is returned.
async fn families(door: &Door, grade: usize, class: &Value) -> Result<(Value, Value)> {
    let mut first = None;
    for seat in 0..STUDENTS {
        let number = grade * STUDENTS + seat;
        let (surname, given_name, sex) = names::person(number);
        let birth = format!("{}-{:02}-{:02}", 2019 - grade, 1 + number % 12, 1 + number % 28);
        let student = json!({ "kind": "student", "surname": surname, "given_name": given_name, "sex": sex,
            "birth_date": birth, "class_id": class, "enrolled_on": "2026-09-01", "confirm_duplicate": true });
        let student = id_of(&door.post("/people", &student).await?)?;
        let (surname, given_name, sex) = names::guardian(number);
        let guardian = json!({ "kind": "guardian", "surname": surname, "given_name": given_name, "sex": sex,
            "children": [{ "student_id": student, "relation": "mother" }], "confirm_duplicate": true });
        let guardian = id_of(&door.post("/people", &guardian).await?)?;
        first.get_or_insert((student, guardian));
    }
    first.context("a class without students")
}

fn id_of(answer: &Value) -> Result<Value> {
    answer.get("id").cloned().context("an answer without an id")
}

/// Gives one person of each role an account.
pub(crate) async fn register(house: &Arc<House>, secrets: &Secrets, plan: &Plan) -> Result<()> {
    let school = house.school(SLUG).await?.context("the school")?;
    for (role, profile) in &plan.seats {
        let Some((_, login)) = LOGINS.iter().find(|(of, _)| of == role) else { continue };
        let profile: Uuid = profile.as_str().unwrap_or_default().parse()?;
        let password = secrets.password(login);
        let tx = house.store.platform().begin().await?;
        let account =
            account_make(house, &tx, Making { login, password: &password, state: "active", seed: None }).await?;
        let turn = house.store.begin(school.place(), Mode::Write).await?;
        sql::run(
            &turn,
            "UPDATE profile SET account_id = $2 WHERE id = $1 AND account_id IS NULL",
            [profile.into(), account.into()],
        )
        .await?;
        turn.commit().await?;
        sql::run(
            &tx,
            "INSERT INTO platform.membership (profile_id, account_id, school_id, created_at) VALUES ($1, $2, $3, $4)",
            [ProfileId(profile).into(), account.into(), school.id.into(), house.clock.now().into()],
        )
        .await?;
        tx.commit().await?;
    }
    Ok(())
}
