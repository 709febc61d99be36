//! Undo, and runs that are cut.

use chrono::TimeDelta;
use kd_store::sql;
use serde_json::{Value, json};

use super::{GUARDIANS, STUDENTS, Stage, class, counts, job, path, work};
use crate::commit_import;
use crate::jobs::{End, Run};
use crate::wire::ImportState;

const MADINA: &[&str] = &["1", "Бекова", "Мадина", "", "01.02.2013", "ж", "7А", "01.09.2025"];

async fn with_mother(stage: &Stage) -> Value {
    let mother: &[&str] = &["1", "", "мать", "Бекова Гүлнар", "87011112233"];
    stage.brings(&[("Ученики", &[STUDENTS, MADINA]), ("Законные представители", &[GUARDIANS, mother])]).await
}

async fn refusal(stage: &Stage, import: &Value) -> String {
    let refused = stage.asked(import, "/undo").await;
    assert_eq!(refused.status, 409);
    refused.code()
}

#[tokio::test]
async fn imp_1_an_import_is_taken_back_whole() {
    let stage = Stage::open().await;
    let import = with_mother(&stage).await;
    assert_eq!(refusal(&stage, &import).await, "import.not-done");
    stage.commit(&import).await;
    stage.asked(&import, "/undo").await.expect(200);
    work(&stage.school).await;
    let undone = stage.import(&import).await;
    assert_eq!((&undone["state"], undone["undone_at"].is_string()), (&json!("undone"), true), "{undone}");
    assert_eq!((stage.names("student").await.len(), stage.names("guardian").await.len()), (0, 0));
    // It can be brought again.
    let again = with_mother(&stage).await;
    assert_eq!(counts(&again), [2, 0, 0, 0, 0, 0]);
    assert_eq!(stage.commit(&again).await["state"], "done");
}

#[tokio::test]
async fn imp_1_changes_are_taken_back_to_what_was_there() {
    let stage = Stage::open().await;
    class(&stage.school, 8, "Ә").await;
    stage.commit(&with_mother(&stage).await).await;
    let before = (stage.card("student", "Мадина").await, stage.card("guardian", "Гүлнар").await);
    let moved: &[&str] = &["1", "Бекова", "Мәдина", "Серікқызы", "01.02.2013", "ж", "8Ә", "02.09.2025"];
    let brother: &[&str] = &["2", "Беков", "Ержан", "", "", "м", "8Ә", ""];
    let relations: [&[&str]; 2] =
        [&["1", "", "опекун", "Бекова Гүлнар", "87011112233"], &["2", "", "мать", "Бекова Гүлнар", "87011112233"]];
    let import = stage
        .brings(&[
            ("Ученики", &[STUDENTS, moved, brother]),
            ("Законные представители", &[GUARDIANS, relations[0], relations[1]]),
        ])
        .await;
    assert_eq!(counts(&import), [1, 2, 0, 1, 0, 0], "{:?}", stage.rows(&import, "error").await);
    stage.commit(&import).await;
    let mother = stage.card("guardian", "Гүлнар").await;
    assert_eq!(
        (mother["children"].as_array().unwrap().len(), &mother["children"][1]["relation"]),
        (2, &json!("guardian"))
    );
    stage.asked(&import, "/undo").await.expect(200);
    work(&stage.school).await;
    assert_eq!(stage.import(&import).await["state"], "undone");
    let after = (stage.card("student", "Мадина").await, stage.card("guardian", "Гүлнар").await);
    let same = |a: &Value, b: &Value| {
        let (mut a, mut b) = (a.clone(), b.clone());
        assert_eq!(b["version"].as_i64().unwrap(), a["version"].as_i64().unwrap() + 2);
        a["version"] = json!(0);
        b["version"] = json!(0);
        assert_eq!(a, b);
    };
    same(&before.0, &after.0);
    same(&before.1, &after.1);
    assert_eq!(stage.names("student").await, ["Бекова Мадина"]);
}

#[tokio::test]
async fn imp_1_nothing_is_taken_back_once_something_depends_on_it() {
    let stage = Stage::open().await;
    let import = with_mother(&stage).await;
    stage.commit(&import).await;
    let madina = stage.card("student", "Мадина").await;
    let edit = json!({ "version": 1, "surname": "Бекова", "given_name": "Мадина", "sex": "f" });
    stage.people().put(&format!("/people/{}", madina["id"].as_str().unwrap()), &edit).await.expect(200);
    assert_eq!(refusal(&stage, &import).await, "import.depended-on");

    // What happens between the order and the work counts too: here a credential.
    let stage = Stage::open().await;
    let import = with_mother(&stage).await;
    stage.commit(&import).await;
    stage.asked(&import, "/undo").await.expect(200);
    let tx = stage.school.house().store.begin(stage.school.card.place(), kd_store::Mode::Write).await.unwrap();
    let credential = "INSERT INTO handout (profile_id, credential_id, login, state, issued_at, expires_at) \
                      SELECT id, id, 'a', 'printed', now(), now() FROM profile WHERE kind = 'guardian'";
    assert_eq!(sql::run(&tx, credential, []).await.unwrap(), 1);
    tx.commit().await.unwrap();
    work(&stage.school).await;
    let kept = stage.import(&import).await;
    assert_eq!((&kept["state"], &kept["error"]), (&json!("done"), &json!("import.depended-on")));
    assert_eq!((stage.names("student").await.len(), stage.names("guardian").await.len()), (1, 1));

    // And so does what another room keeps: here that somebody else leads a class.
    let stage = Stage::open().await;
    let import = with_mother(&stage).await;
    stage.commit(&import).await;
    let tx = stage.school.house().store.begin(stage.school.card.place(), kd_store::Mode::Write).await.unwrap();
    let leads = "UPDATE class SET homeroom_id = (SELECT id FROM profile WHERE kind = 'guardian')";
    assert_eq!(sql::run(&tx, leads, []).await.unwrap(), 1);
    tx.commit().await.unwrap();
    stage.asked(&import, "/undo").await.expect(200);
    work(&stage.school).await;
    assert_eq!(stage.import(&import).await["error"], "import.depended-on");
    assert_eq!((stage.names("student").await.len(), stage.names("guardian").await.len()), (1, 1));
}

#[tokio::test]
async fn a_run_that_was_overtaken_writes_nothing_and_done_twice_is_done_once() {
    let stage = Stage::open().await;
    let import = with_mother(&stage).await;
    stage.asked(&import, "/commit").await.expect(200);
    let house = stage.school.house();
    let overtaken = job(&stage.school).await.unwrap();
    stage.school.world.clock.advance(TimeDelta::seconds(3));
    let current = job(&stage.school).await.unwrap();
    assert_eq!(current.attempts, 2);
    commit_import(house, &current).await.unwrap();
    assert_eq!(stage.import(&import).await["state"], "done");
    commit_import(house, &overtaken).await.unwrap();
    commit_import(house, &current).await.unwrap();
    assert_eq!((stage.names("student").await.len(), stage.names("guardian").await.len()), (1, 1));
}

#[tokio::test]
async fn a_run_that_is_overtaken_at_its_end_leaves_what_the_other_has_written() {
    let stage = Stage::open().await;
    let import = with_mother(&stage).await;
    stage.asked(&import, "/commit").await.expect(200);
    let (house, school) = (stage.school.house(), &stage.school.card);
    let overtaken = job(&stage.school).await.unwrap();
    stage.school.world.clock.advance(TimeDelta::seconds(3));
    let current = job(&stage.school).await.unwrap();
    commit_import(house, &current).await.unwrap();
    let (done, rows) = (stage.import(&import).await, stage.rows(&import, "new").await);
    // It was paused while it weighed; now everybody is here, so nothing stands as it was shown.
    let run = Run { house, job: &overtaken, school };
    let id = import["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
    run.ended(kd_kernel::ImportId(id), ImportState::Checked, Err(End::Never("import.changed"))).await.unwrap();
    assert_eq!((stage.import(&import).await, stage.rows(&import, "new").await), (done, rows));
}

#[tokio::test]
async fn rows_go_when_their_time_is_over() {
    let stage = Stage::open().await;
    let (kept, waits) = (with_mother(&stage).await, with_mother(&stage).await);
    stage.commit(&kept).await;
    let count = async |import: &Value| {
        let tx = stage.school.house().store.begin(stage.school.card.place(), kd_store::Mode::Read).await.unwrap();
        let id: uuid::Uuid = import["id"].as_str().unwrap().parse().unwrap();
        let rows: i64 =
            sql::scalar(&tx, "SELECT count(*) FROM import_row WHERE import_id = $1", [id.into()]).await.unwrap();
        rows
    };
    stage.school.world.clock.advance(TimeDelta::days(8));
    work(&stage.school).await;
    assert_eq!((count(&waits).await, count(&kept).await), (0, 2), "what was written can be taken back for longer");
    stage.school.world.clock.advance(TimeDelta::days(23));
    work(&stage.school).await;
    assert_eq!(count(&kept).await, 0);
}

#[tokio::test]
async fn a_file_can_be_given_up() {
    let stage = Stage::open().await;
    let import = with_mother(&stage).await;
    let dropped = stage.door().post(&path(&import, "/drop"), &json!({})).await.expect(200);
    assert_eq!(dropped["state"], "dropped");
    assert_eq!(stage.door().get(&path(&import, "/rows")).await.expect(200), json!({ "count": 0, "rows": [] }));
    let late = stage.asked(&import, "/commit").await;
    assert_eq!((late.status.as_u16(), late.code()), (409, "import.not-open".to_owned()));
}
