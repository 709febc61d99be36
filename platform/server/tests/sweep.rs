//! Sweeps over every operation of the three specs (S01 to S03, S05, S07, S22, S35 to S38, S40). A sweep
//! says how many requests it tried, and fails when they are fewer than the operations.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod browser;
mod isolation;
#[expect(dead_code, reason = "shared by several test programs")]
#[path = "../../cache/tests/own_redis/mod.rs"]
mod own_redis;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use kd_accounts::credentials::{New, Purpose, issue};
use kd_cache::Cache;
use kd_ctx::sessions::Opening;
use kd_ctx::{Scope, Token};
use kd_kernel::{AccountId, Clock, Role, SchoolId};
use kd_store::sql;
use kd_testkit::World;
use serde_json::{Value, json};
use stage::cases::case;
use stage::{Hosts, NOW, Operation, ROLES, Stage, address, cookie, operations, rows, session, told};
use uuid::Uuid;

/// What anybody may ask without a session. Every line is a decision: a further one needs a reason.
const PUBLIC: [&str; 11] = [
    "application_send",
    "operator_read",
    "operator_sign_in",
    "operator_sign_out",
    "passkey_ask",
    "recovery_ask",
    "recovery_finish",
    "session_read",
    "sign_in",
    "sign_out",
    "terms_read",
];

/// Which act a portal operation needs.
const ACTS: [(&str, &str); 103] = [
    ("account_email", "account.own"),
    ("account_email_confirm", "account.own"),
    ("account_language", "account.own"),
    ("account_login", "account.own"),
    ("account_lost", "account.own"),
    ("account_password", "account.own"),
    ("account_prove", "account.own"),
    ("account_read", "account.own"),
    ("attachment_add", "account.own"),
    ("attachment_look", "account.own"),
    ("attendance_put", "journal.attend"),
    ("audit_search", "audit.see"),
    ("bells_defaults", "calendar.edit"),
    ("bells_put", "calendar.edit"),
    ("calendar_defaults", "calendar.edit"),
    ("calendar_read", "calendar.see"),
    ("card_heading", "sheet.issue"),
    ("card_heading_put", "sheet.issue"),
    ("cell_history", "journal.history"),
    ("class_add", "class.edit"),
    ("class_list", "class.see"),
    ("class_move", "person.edit"),
    ("class_students", "class.students"),
    ("credential_board", "credential.board"),
    ("credential_history", "credential.see"),
    ("credential_letters", "credential.mail"),
    ("credential_void", "credential.void"),
    ("credential_waiting", "credential.see"),
    ("duplicate_list", "person.merge"),
    ("duplicate_not_same", "person.merge"),
    ("factor_begin", "account.own"),
    ("factor_confirm", "account.own"),
    ("factor_remove", "account.own"),
    ("family_day", "desk.family"),
    ("hand_over", "credential.hand-over"),
    ("iin_setting", "person.edit"),
    ("iin_setting_put", "setup.edit"),
    ("iin_show", "person.iin"),
    ("import_begin", "import.run"),
    ("import_commit", "import.run"),
    ("import_drop", "import.run"),
    ("import_leave_out", "import.run"),
    ("import_list", "import.run"),
    ("import_map", "import.run"),
    ("import_mend", "import.run"),
    ("import_read", "import.run"),
    ("import_rows", "import.run"),
    ("import_template", "import.run"),
    ("import_undo", "import.run"),
    ("journal_choices", "journal.see"),
    ("journal_page", "journal.see"),
    ("lesson_add", "lesson.add"),
    ("lesson_edit", "lesson.edit"),
    ("lesson_list", "lesson.see"),
    ("lesson_series", "lesson.add"),
    ("live_events", "live.hear"),
    ("load_add", "class.edit"),
    ("load_list", "class.see"),
    ("look_search", "audit.see"),
    ("mark_put", "journal.mark"),
    ("me_read", "me.read"),
    ("merge_undo", "person.merge"),
    ("passkey_add", "account.own"),
    ("passkey_begin", "account.own"),
    ("passkey_proof", "account.own"),
    ("passkey_remove", "account.own"),
    ("password_reset", "password.reset"),
    ("password_void", "password.reset"),
    ("people_search", "people.search"),
    ("person_add", "person.add"),
    ("person_edit", "person.edit"),
    ("person_leave", "person.leave"),
    ("person_merge", "person.merge"),
    ("person_read", "person.see"),
    ("person_return", "person.leave"),
    ("recovery_codes_renew", "account.own"),
    ("role_list", "role.see"),
    ("role_rights", "role.see"),
    ("roles_put", "role.grant"),
    ("roll_take", "journal.attend"),
    ("session_end", "account.own"),
    ("sessions_end_others", "account.own"),
    ("setup_postpone", "setup.edit"),
    ("setup_read", "setup.see"),
    ("sheet_fetch", "sheet.issue"),
    ("sheet_hand_over", "sheet.issue"),
    ("sheet_issue", "sheet.issue"),
    ("sheet_list", "sheet.issue"),
    ("sheet_read", "sheet.issue"),
    ("subject_add", "class.edit"),
    ("subject_list", "class.see"),
    ("subjects_default", "class.edit"),
    ("teacher_subjects", "class.see"),
    ("teacher_subjects_put", "class.edit"),
    ("teacher_day", "desk.teach"),
    ("transfer_accept", "transfer.accept"),
    ("transfer_export", "transfer.send"),
    ("transfer_file", "transfer.send"),
    ("transfer_list", "transfer.send"),
    ("transfer_preview", "transfer.accept"),
    ("transfer_school", "transfer.send"),
    ("transfer_withdraw", "transfer.send"),
    ("year_add", "calendar.edit"),
];

/// Searches that travel in a body and change nothing.
const READ_BY_POST: [&str; 3] = ["audit_search", "look_search", "people_search"];

/// Where an id that is not of this school finds nothing in a list, and is not missing itself.
const EMPTY: [(&str, &str); 1] = [("cell_history", "student")];

/// A world whose Redis is away, so that one test's limits are not another's.
async fn world() -> World {
    let world = World::with_clock(Clock::fixed(NOW.parse().unwrap())).await;
    world.with_house(|house| house.cache = Cache::open("redis://127.0.0.1:1"))
}

fn of(spec: &str) -> Vec<Operation> {
    operations().into_iter().filter(|o| o.spec == spec).collect()
}

/// An id that nothing has.
fn never(_: &'static str) -> Uuid {
    Uuid::from_u128(0xdead_beef)
}

#[track_caller]
fn tried(count: usize, least: usize, what: &str) {
    println!("{what}: {count} tried, {least} operations");
    assert!(least > 0 && count >= least, "{what}: {count} tried, {least} operations");
}

/// An operator of the provider.
async fn operator(world: &World) -> Token {
    let id: AccountId = world.house.id();
    sql::run(
        world.house.store.platform(),
        "INSERT INTO platform.account (id, login, kind, state, password_hash, created_at, password_set_at) \
         VALUES ($1, 'root.one', 'operator', 'active', 'none', $2, $2)",
        [id.into(), world.clock.now().into()],
    )
    .await
    .unwrap();
    session(world, Scope::Operator, id).await
}

#[test]
fn s05_every_operation_has_a_case() {
    let all = operations();
    for operation in &all {
        assert!(case(&operation.id, &never, 0).is_some(), "{} has no case: write one", operation.id);
    }
    let acts: BTreeSet<&str> = ACTS.iter().map(|(operation, _)| *operation).collect();
    let portal = of("portal");
    let named: BTreeSet<&str> = portal.iter().map(|o| o.id.as_str()).collect();
    assert_eq!(acts, named, "every operation of the portal needs an act");
    let distinct: BTreeSet<&str> = all.iter().map(|o| o.id.as_str()).collect();
    assert_eq!(distinct.len(), all.len(), "an operation's id stands once");
    tried(all.len(), 92, "s05");
}

#[tokio::test]
async fn s01_every_operation_not_public_answers_401() {
    let world = world().await;
    let (hosts, all) = (Hosts::of(&world), operations());
    let open: Vec<&str> = all.iter().filter(|o| o.guard.is_none()).map(|o| o.id.as_str()).collect();
    assert_eq!(open.iter().copied().collect::<BTreeSet<_>>(), PUBLIC.into_iter().collect(), "the public operations");
    let forged = Token::parse(&"ab".repeat(32)).unwrap();
    let mut count = 0;
    for operation in all {
        let (path, body) = case(&operation.id, &never, 0).unwrap();
        let path = address(&operation, "mektep", &path);
        let scope = if operation.spec == "console" { Scope::Operator } else { Scope::User };
        for cookie in [None, Some(cookie(scope, &forged))] {
            count += 1;
            let reply = hosts.ask(&operation, &path, cookie.as_deref(), &body).await;
            if operation.guard.is_some() {
                assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, "unauthorized"), "{}", operation.id);
            } else if operation.writes() {
                assert!(!told(&reply).contains("\"unauthorized\""), "{}", operation.id);
            } else {
                assert_eq!(reply.status, 200, "{}", operation.id);
            }
        }
    }
    tried(count, operations().len(), "s01");
}

/// Whether the written matrix gives a role anything of an act.
fn granted() -> BTreeMap<(String, String), bool> {
    let lines = include_str!("../../../policies/matrix.txt").lines();
    lines
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            let (act, role, first) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
            ((act, role), first != "-")
        })
        .collect()
}

#[tokio::test]
async fn s02_each_role_reaches_only_what_the_matrix_grants() {
    let world = world().await;
    let (hosts, stage, matrix) = (Hosts::of(&world), Stage::open(&world, "Омарова").await, granted());
    let mut lines = Vec::new();
    for operation in of("portal") {
        let (_, act) = ACTS.iter().find(|(id, _)| *id == operation.id).expect("an act");
        for (n, role) in ROLES.into_iter().enumerate() {
            let (path, body) = case(&operation.id, &|name| stage.id(name), n).unwrap();
            let path = stage.address(&operation, &path);
            let reply = hosts.ask(&operation, &path, Some(&stage.cookie(role)), &body).await;
            let what = format!("{} {}: {}", operation.id, role.name(), told(&reply));
            if matrix[&((*act).to_owned(), role.name().to_owned())] {
                assert!(reply.status.is_success() || [409, 410, 422].contains(&reply.status.as_u16()), "{what}");
            } else {
                assert!([403, 404].contains(&reply.status.as_u16()), "{what}");
            }
            lines.push(format!("{:<20} {:<14} {}", operation.id, role.name(), reply.status.as_u16()));
        }
    }
    lines.sort();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/s02.txt");
    let text = lines.join("\n") + "\n";
    if std::env::var_os("KUNDELIK_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(golden, &text).unwrap();
    }
    assert_eq!(
        text,
        std::fs::read_to_string(golden).unwrap(),
        "read {golden} and write it with KUNDELIK_WRITE_SNAPSHOTS=1"
    );
    tried(lines.len(), of("portal").len() * ROLES.len(), "s02");
}

#[tokio::test]
async fn s03_an_object_of_another_school_reads_as_missing() {
    let world = world().await;
    let (hosts, mine) = (Hosts::of(&world), Stage::open(&world, "Омарова").await);
    let other = Stage::open(&world, "Сарыбел").await;
    let (mut count, mut with_ids) = (0, 0);
    let before = rows(&world).await;
    for operation in of("portal") {
        let names = std::sync::Mutex::new(BTreeSet::new());
        let note = |name| {
            names.lock().unwrap().insert(name);
            mine.id(name)
        };
        let (own_path, _) = case(&operation.id, &note, 0).unwrap();
        let names = names.into_inner().unwrap();
        with_ids += usize::from(!names.is_empty());
        for name in names {
            let swapped = |there: &dyn Fn(&'static str) -> Uuid| {
                let pick = |asked| if asked == name { there(asked) } else { mine.id(asked) };
                case(&operation.id, &pick, 0).unwrap()
            };
            let mut answers = Vec::new();
            for there in [&|name| other.id(name), &never as &dyn Fn(&'static str) -> Uuid] {
                let (path, body) = swapped(there);
                let path = mine.address(&operation, &path);
                let cookie = mine.cookie(Role::Administrator);
                let reply = hosts.ask(&operation, &path, Some(&cookie), &body).await;
                count += 1;
                let in_address = own_path.contains(&mine.id(name).to_string());
                let what = format!("{} {name}: {}", operation.id, told(&reply));
                if in_address && EMPTY.contains(&(operation.id.as_str(), name)) {
                    assert_eq!(told(&reply), "200 []", "{what}");
                } else if in_address {
                    assert_eq!(reply.status, 404, "{what}");
                } else {
                    assert!([404, 422].contains(&reply.status.as_u16()), "{what}");
                }
                // A 404 names no request, so the bytes can be compared as they are.
                answers.push(if in_address { format!("{:?}", reply.body) } else { told(&reply) });
            }
            assert_eq!(answers[0], answers[1], "{} {name}", operation.id);
        }
    }
    assert_eq!(before, rows(&world).await, "nothing of the other school has changed");
    assert!(with_ids >= 15, "{with_ids}");
    tried(count, with_ids * 2, "s03");
}

#[tokio::test]
async fn s07_no_forged_school_counts() {
    let world = world().await;
    let (hosts, mine) = (Hosts::of(&world), Stage::open(&world, "Омарова").await);
    let other = Stage::open(&world, "Сарыбел").await;
    let (slug, id) = (other.school.card.slug.clone(), other.school.card.id.to_string());
    let (admin, portal) = (mine.cookie(Role::Administrator), of("portal"));
    let mut count = 0;
    for operation in &portal {
        let (path, body) = case(&operation.id, &|name| mine.id(name), 0).unwrap();
        // Another school's slug with my session reads like a slug that nobody has.
        let foreign = hosts.ask(operation, &address(operation, &slug, &path), Some(&admin), &body).await;
        let nobody = hosts.ask(operation, &address(operation, "nobody-here", &path), Some(&admin), &body).await;
        assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nobody.body), "{}", operation.id);
        count += 1;
        if operation.writes() && !READ_BY_POST.contains(&operation.id.as_str()) {
            continue;
        }
        let path = mine.address(operation, &path);
        let plain = told(&hosts.ask(operation, &path, Some(&admin), &body).await);
        let origin = Hosts::origin("portal");
        let headers = [
            ("origin", origin),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/json"),
            ("x-tenant", &slug),
            ("x-tenant-id", &id),
            ("x-school", &slug),
            ("x-school-id", &id),
            ("x-original-url", &format!("/api/portal/{slug}/me")),
            ("x-forwarded-prefix", &format!("/api/portal/{slug}")),
        ];
        let joint = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{joint}slug={slug}&school={id}&school_id={id}&tenant={id}");
        let mut body = body;
        for name in ["slug", "school", "school_id", "tenant"] {
            if let Some(body) = body.as_object_mut() {
                body.insert(name.to_owned(), json!(if name == "slug" { &slug } else { &id }));
            }
        }
        let forged = told(&hosts.knock(operation, &path, Some(&admin), &body, &headers).await);
        assert_eq!(plain, forged, "{}", operation.id);
        assert!(plain.starts_with("200 "), "{} {plain}", operation.id);
    }
    tried(count, portal.len(), "s07");
}

/// The token of somebody who has signed in with a card.
async fn with_card(world: &World, school: SchoolId, profile: kd_kernel::ProfileId) -> Token {
    let (house, db) = (&world.house, world.house.store.platform());
    let purpose = Purpose::Initial { school, profile };
    let new = New { purpose, stem: "karta".to_owned(), strict: false, ttl: chrono::TimeDelta::days(14) };
    let issued = issue(house, db, new).await.unwrap();
    let opening = Opening { scope: Scope::Newcomer, account: None, credential: Some(issued.id) };
    house.session_open(db, opening).await.unwrap()
}

#[tokio::test]
async fn s22_a_newcomer_reaches_registration_and_activation_alone() {
    let world = world().await;
    let (hosts, stage) = (Hosts::of(&world), Stage::open(&world, "Омарова").await);
    let card = with_card(&world, stage.school.card.id, kd_kernel::ProfileId(stage.id("student2"))).await;
    let account = session(&world, Scope::Newcomer, stage.person(Role::Administrator).account).await;
    let user = stage.cookie(Role::Administrator);
    let (mut count, mut reached) = (0, BTreeSet::new());
    for operation in operations().into_iter().filter(|o| !PUBLIC.contains(&o.id.as_str())) {
        let (path, body) = case(&operation.id, &|name| stage.id(name), 0).unwrap();
        let path = stage.address(&operation, &path);
        for token in [&card, &account] {
            for scope in [Scope::Newcomer, Scope::Operator] {
                let reply = hosts.ask(&operation, &path, Some(&cookie(scope, token)), &body).await;
                count += 1;
                if reply.status != 401 {
                    reached.insert(operation.id.clone());
                }
            }
        }
        if operation.spec == "signup" {
            hosts.ask(&operation, &path, Some(&user), &body).await.expect(401);
        }
    }
    let may = of("signup").into_iter().filter(|o| o.guard.is_some()).map(|o| o.id).collect::<BTreeSet<_>>();
    assert_eq!(reached, may);
    tried(count, operations().len(), "s22");
}

#[tokio::test]
async fn s40_a_cookie_of_one_host_opens_nothing_on_the_other() {
    let world = world().await;
    let (hosts, stage) = (Hosts::of(&world), Stage::open(&world, "Омарова").await);
    let operator = operator(&world).await;
    let user = &stage.person(Role::Administrator).token;
    let guarded: Vec<_> = operations().into_iter().filter(|o| o.guard.is_some()).collect();
    let mut count = 0;
    for operation in &guarded {
        let token = if operation.spec == "console" { user } else { &operator };
        let (path, body) = case(&operation.id, &|name| stage.id(name), 0).unwrap();
        let path = stage.address(operation, &path);
        for scope in [Scope::User, Scope::Operator] {
            let reply = hosts.ask(operation, &path, Some(&cookie(scope, token)), &body).await;
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, "unauthorized"), "{}", operation.id);
            count += 1;
        }
        // The other host does not even know the address.
        let spec = if operation.spec == "console" { "portal" } else { "console" };
        let there = Operation { spec, ..operation.clone() };
        hosts.ask(&there, &path, Some(&cookie(Scope::User, token)), &body).await.expect(404);
    }
    let desk =
        Operation { id: "operator_desk".to_owned(), spec: "console", method: poem::http::Method::GET, guard: None };
    let own = hosts.ask(&desk, "/api/console/desk", Some(&cookie(Scope::Operator, &operator)), &Value::Null).await;
    own.expect(200);
    tried(count, guarded.len() * 2, "s40");
}
