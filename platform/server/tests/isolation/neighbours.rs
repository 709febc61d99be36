//! Two people of the same role in one school (S04): what is the one's, the other neither sees nor changes,
//! though the role may do it and the other has things of his own that are like it.

use kd_kernel::Role;
use kd_store::sql;
use kd_testkit::{Person, World};
use serde_json::json;
use uuid::Uuid;

use crate::stage::cases::case;
use crate::stage::{Hosts, Operation, Stage, cookie, operations, rows, told};
use crate::{ACTS, tried, world};

/// Relations, and who has one by the written matrix: operation, role.
fn by_relation() -> Vec<(Operation, Role)> {
    let matrix = include_str!("../../../../policies/matrix.txt");
    let mut all = Vec::new();
    for operation in operations() {
        let Some((_, act)) = ACTS.iter().find(|(id, _)| *id == operation.id) else { continue };
        for line in matrix.lines().filter(|line| line.split_whitespace().next() == Some(act)) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if !["any", "-"].contains(&words[2]) {
                all.push((operation.clone(), Role::of_name(words[1]).unwrap()));
            }
        }
    }
    all
}

/// The second of a role, with the like of what the first has: a teacher of the same class in another
/// subject, the leader of another class, a student of the same class, her mother.
struct Seconds([(Role, Person); 4]);

impl Seconds {
    async fn come(world: &World, stage: &Stage) -> Self {
        let school = &stage.school;
        let person = async |role| (role, school.person("Екіншінова", "Сая", &[role]).await);
        let all = [
            person(Role::Teacher).await,
            person(Role::ClassTeacher).await,
            person(Role::Student).await,
            person(Role::Guardian).await,
        ];
        let [(_, teacher), (_, leader), (_, student), (_, guardian)] = &all;
        let admin = stage.client(world, Role::Administrator);
        let load =
            json!({ "class_id": stage.id("class"), "subject_id": stage.id("subject2"), "teacher_id": teacher.profile });
        admin.post("/loads", &load).await.expect(200);
        let class = json!({ "grade": 7, "letter": "Б", "language": "kk", "shift": 1, "homeroom_id": leader.profile });
        admin.post("/classes", &class).await.expect(200);
        let turn = school.turn(stage.person(Role::Administrator)).await;
        for (statement, values) in [
            (
                "INSERT INTO class_member (id, class_id, student_id, joined) VALUES ($1, $2, $3, '2026-09-01')",
                vec![turn.id::<Uuid>().into(), stage.id("class").into(), student.profile.into()],
            ),
            (
                "INSERT INTO guardianship (guardian_id, student_id, relation, since) VALUES ($1, $2, 'mother', $3)",
                vec![guardian.profile.into(), student.profile.into(), turn.now().into()],
            ),
        ] {
            sql::run(turn.db(), statement, values).await.unwrap();
        }
        turn.commit().await.unwrap();
        Self(all)
    }

    fn of(&self, role: Role) -> &Person {
        self.0.iter().find(|(held, _)| *held == role).map(|(_, person)| person).expect("a second of each role")
    }
}

#[tokio::test]
async fn s04_what_is_the_ones_the_other_of_the_same_role_neither_sees_nor_changes() {
    let world = world().await;
    let (hosts, stage) = (Hosts::of(&world), Stage::open(&world, "Омарова").await);
    let seconds = Seconds::come(&world, &stage).await;
    let cases = by_relation();
    let ask = async |operation: &Operation, person: &Person| {
        let (path, body) = case(&operation.id, &|name| stage.id(name), 0).unwrap();
        let cookie = cookie(kd_ctx::Scope::User, &person.token);
        hosts.ask(operation, &stage.address(operation, &path), Some(&cookie), &body).await
    };

    let before = rows(&world).await;
    for (operation, role) in &cases {
        let reply = ask(operation, seconds.of(*role)).await;
        let what = format!("{} {}: {}", operation.id, role.name(), told(&reply));
        assert!([403, 404].contains(&reply.status.as_u16()), "{what}");
    }
    assert!(before == rows(&world).await, "what was refused changed a row");

    // The first of the role may do each of them: it was the person that was refused.
    for (operation, role) in &cases {
        let reply = ask(operation, stage.person(*role)).await;
        // What this person is not ready for was permitted all the same: permission is asked first.
        let ready = reply.status.is_success() || reply.code() == "people.not-registered";
        assert!(ready, "{} {}: {}", operation.id, role.name(), told(&reply));
    }
    assert!(before != rows(&world).await, "the first has changed something");
    tried(cases.len(), 12, "s04");
}
