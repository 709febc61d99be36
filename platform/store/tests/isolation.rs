//! The isolation of schools in the database, tried with the logins of production: what one school may
//! not reach of another (S08), by which ways a role could be hopped (S09), and what a connection keeps
//! of a school after it was used (S10).

#![expect(clippy::unwrap_used, reason = "tests")]

use kd_kernel::{Role, SchoolId};
use kd_store::{Mode, SchoolName, Store, fault, sql};
use kd_testkit::{School, World, logins};
use sea_orm::{ConnectionTrait, FromQueryResult};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};

fn name(id: SchoolId) -> String {
    SchoolName::of(id).to_string()
}

async fn two() -> (World, School, School) {
    let world = World::open().await;
    let (one, other) = (School::in_world(&world).await, School::in_world(&world).await);
    one.person("Бірінші", "Айгүл", &[Role::Student]).await;
    other.person("Екінші", "Болат", &[Role::Student]).await;
    (world, one, other)
}

/// The tables of a school, as a superuser sees them.
async fn tables(world: &World, school: &School) -> Vec<String> {
    let mut db = world.look_cell().await;
    let rows: Vec<(String,)> = sqlx::query_as("SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = $1")
        .bind(name(school.card.id))
        .fetch_all(&mut db)
        .await
        .unwrap();
    assert!(rows.len() > 20, "{}", rows.len());
    rows.into_iter().map(|r| r.0).collect()
}

#[tokio::test]
async fn s08_the_apps_login_reads_no_school_without_its_role() {
    let (world, one, other) = two().await;
    let mut app = world.cell.options("kd_app", &logins().app).connect().await.unwrap();
    let mut tried = 0;
    for school in [&one, &other] {
        for table in tables(&world, school).await {
            let read = format!("SELECT 1 FROM {}.{table} LIMIT 1", name(school.card.id));
            let error = app.execute(AssertSqlSafe(read)).await.expect_err(&table);
            assert_eq!(error.as_database_error().and_then(|e| e.code()).as_deref(), Some("42501"), "{table}");
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
}

#[tokio::test]
async fn s08_a_schools_role_reads_no_other_school() {
    let (world, one, other) = two().await;
    let mut tried = 0;
    for (from, to) in [(&one, &other), (&other, &one)] {
        for table in tables(&world, to).await {
            for statement in [
                format!("SELECT 1 FROM {}.{table} LIMIT 1", name(to.card.id)),
                format!("DELETE FROM {}.{table}", name(to.card.id)),
                format!("DROP TABLE {}.{table}", name(to.card.id)),
            ] {
                let tx = world.house.store.begin(from.card.place(), Mode::Write).await.unwrap();
                let error = tx.execute_unprepared(&statement).await.expect_err(&statement);
                assert!(fault::denied(&error), "{statement}: {error}");
                tried += 1;
            }
        }
    }
    assert!(tried > 120, "{tried}");
}

#[tokio::test]
async fn s08_a_school_owns_nothing_and_changes_no_past() {
    let (world, one, _) = two().await;
    for statement in [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE profile ADD COLUMN more text",
        "DROP TABLE mark",
        "TRUNCATE mark",
        "UPDATE audit SET operation = ''",
        "DELETE FROM audit",
        "UPDATE cell_history SET after = ''",
        "DELETE FROM cell_history",
        "UPDATE audit_seal SET hash = previous",
        "DELETE FROM audit_seal",
        "UPDATE access_log SET what = 'card'",
        "DELETE FROM access_log",
        "INSERT INTO ledger (name) VALUES ('x')",
        "CREATE TEMP TABLE mine (id int)",
        "SELECT * FROM cell.job",
        "DELETE FROM cell.job",
    ] {
        let tx = world.house.store.begin(one.card.place(), Mode::Write).await.unwrap();
        let error = tx.execute_unprepared(statement).await.expect_err(statement);
        assert!(fault::denied(&error), "{statement}: {error}");
    }
}

#[tokio::test]
async fn s09_no_statement_hops_to_another_school() {
    let (world, one, other) = two().await;
    let target = name(other.card.id);
    let hops = [
        format!("SELECT set_config('role', '{target}', false)"),
        format!("SELECT pg_catalog.set_config('role', '{target}', true), (SELECT count(*) FROM {target}.profile)"),
        format!(
            "WITH hop AS MATERIALIZED (SELECT set_config('role', '{target}', false)) SELECT * FROM hop, {target}.profile"
        ),
        "SELECT set_config('session_authorization', 'postgres', false)".to_owned(),
        format!("UPDATE pg_catalog.pg_settings SET setting = '{target}' WHERE name = 'role'"),
        format!("SELECT query_to_xml('SELECT surname FROM {target}.profile', true, false, '')"),
        format!("SELECT table_to_xml('{target}.profile', true, false, '')"),
        format!("DO $$ BEGIN EXECUTE 'SET ROLE {target}'; END $$"),
        format!("CREATE FUNCTION hop() RETURNS int LANGUAGE sql SET role = '{target}' AS 'SELECT 1'"),
        "SELECT pg_read_file('PG_VERSION')".to_owned(),
        "COPY profile TO PROGRAM 'id'".to_owned(),
        "COPY profile FROM '/etc/passwd'".to_owned(),
        "SELECT lo_import('/etc/passwd')".to_owned(),
        "ALTER ROLE kd_app SUPERUSER".to_owned(),
        format!("GRANT {target} TO {}", name(one.card.id)),
        "SET SESSION AUTHORIZATION postgres".to_owned(),
        "SELECT rolpassword FROM pg_catalog.pg_authid".to_owned(),
    ];
    for hop in &hops {
        let tx = world.house.store.begin(one.card.place(), Mode::Write).await.unwrap();
        let outcome = tx.execute_unprepared(hop).await;
        let after = tx.execute_unprepared(&format!("SELECT 1 FROM {target}.profile")).await;
        assert!(outcome.is_err() && after.is_err(), "{hop} was let through");
    }
}

#[tokio::test]
async fn s09_the_logins_are_nobody_special() {
    let world = World::open().await;
    let school = School::in_world(&world).await;
    let mut db = world.look_cell().await;
    for role in ["kd_app", "kd_provisioner", "kd_migrator", "kd_school", name(school.card.id).as_str()] {
        let row: (bool, bool, bool, bool) = sqlx::query_as(
            "SELECT rolsuper, rolbypassrls, rolreplication, rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = $1",
        )
        .bind(role)
        .fetch_one(&mut db)
        .await
        .unwrap();
        assert_eq!(row, (false, false, false, false), "{role}");
    }
    let owned: (i64,) = sqlx::query_as(
        "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles r ON r.oid = c.relowner \
         WHERE r.rolname = 'kd_app' OR r.rolname LIKE 's\\_%'",
    )
    .fetch_one(&mut db)
    .await
    .unwrap();
    assert_eq!(owned.0, 0, "the app's login or a school owns something");
    let inherits: (bool,) = sqlx::query_as("SELECT rolinherit FROM pg_catalog.pg_roles WHERE rolname = 'kd_app'")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert!(!inherits.0);
}

#[derive(FromQueryResult)]
struct Context {
    who: String,
    path: String,
}

async fn context(store: &Store) -> (String, String) {
    let queue = store.cell_queue(kd_testkit::CELL).await.unwrap();
    let row: Context = sql::one(&queue, "SELECT current_user::text AS who, current_setting('search_path') AS path", [])
        .await
        .unwrap()
        .unwrap();
    (row.who, row.path)
}

#[tokio::test]
async fn s10_a_connection_keeps_nothing_of_a_school() {
    let (world, one, other) = two().await;
    // A pool of one connection, so that every use meets the traces of the one before.
    let store = Store::open(&world.platform, logins(), 1, 1);
    let clean = ("kd_app".to_owned(), String::new());
    assert_eq!(context(&store).await, clean);
    for school in [&one, &other, &one] {
        let tx = store.begin(school.card.place(), Mode::Write).await.unwrap();
        let count: i64 = sql::scalar(&tx, "SELECT count(*) FROM profile", []).await.unwrap();
        assert_eq!(count, 1);
        tx.commit().await.unwrap();
        assert_eq!(context(&store).await, clean, "after a commit");

        let tx = store.begin(school.card.place(), Mode::Write).await.unwrap();
        assert!(tx.execute_unprepared("SELECT 1/0").await.is_err());
        drop(tx);
        assert_eq!(context(&store).await, clean, "after an error");

        let panicking = {
            let (store, place) = (store.clone(), school.card.place());
            tokio::spawn(async move {
                let _tx = store.begin(place, Mode::Write).await.unwrap();
                panic!("on purpose");
            })
        };
        assert!(panicking.await.is_err());
        assert_eq!(context(&store).await, clean, "after a panic");

        let tx = store.begin(school.card.place(), Mode::Write).await.unwrap();
        let slow =
            tokio::time::timeout(std::time::Duration::from_millis(50), tx.execute_unprepared("SELECT pg_sleep(1)"));
        assert!(slow.await.is_err(), "the query was to be cancelled");
        drop(tx);
        assert_eq!(context(&store).await, clean, "after a cancelled query");
    }
}

#[tokio::test]
async fn a_reading_turn_cannot_write() {
    let (world, one, _) = two().await;
    let tx = world.house.store.begin(one.card.place(), Mode::Read).await.unwrap();
    let error = tx.execute_unprepared("DELETE FROM role_held").await.expect_err("read only");
    assert!(error.to_string().contains("read-only"), "{error}");
}

#[tokio::test]
async fn a_school_that_is_not_there_reads_as_missing() {
    let world = World::open().await;
    let school = School::in_world(&world).await;
    kd_store::schools::drop(&world.house.store, kd_testkit::CELL, school.card.id, 2, &[]).await.unwrap();
    kd_store::schools::drop(&world.house.store, kd_testkit::CELL, school.card.id, 2, &[]).await.unwrap();
    let stands = kd_store::schools::stands(&world.house.store, kd_testkit::CELL, school.card.id).await.unwrap();
    assert!(!stands.schema && !stands.role);
    let error = world.house.store.begin(school.card.place(), Mode::Read).await.expect_err("gone");
    assert_eq!(error.status().as_u16(), 404);
}

#[tokio::test]
async fn a_job_is_stamped_with_the_school_that_asked() {
    let (world, one, other) = two().await;
    let tx = world.house.store.begin(one.card.place(), Mode::Write).await.unwrap();
    let id: uuid::Uuid = world.house.id();
    sql::run(
        &tx,
        "SELECT cell.enqueue($1, 'x', $2, now())",
        [id.into(), serde_json::json!({ "school_role": name(other.card.id) }).into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let queue = world.house.store.cell_queue(kd_testkit::CELL).await.unwrap();
    let job = world.house.job_take(&queue).await.unwrap().expect("a job");
    assert_eq!(job.school, one.card.id);
    let refused =
        sql::run(&queue, "SELECT cell.enqueue($1, 'x', '{}', now())", [world.house.id::<uuid::Uuid>().into()]).await;
    assert!(refused.is_err(), "only a school may enqueue");
}
