//! One case for each operation: a path and a body that pass when the caller may do it. An operation
//! without a case fails the sweeps (S05).

use serde_json::{Value, json};
use uuid::Uuid;

/// The path and the body (null for none) of an operation. `id` answers what is called so; `n` tells
/// repeated calls apart.
pub fn case(operation: &str, id: &dyn Fn(&'static str) -> Uuid, n: usize) -> Option<(String, Value)> {
    portal_read(operation, id)
        .map(|path| (path, Value::Null))
        .or_else(|| portal_write(operation, id, n))
        .or_else(|| subjects(operation, id, n))
        .or_else(|| import(operation, id))
        .or_else(|| transfer(operation, id))
        .or_else(|| own(operation, n))
        .or_else(|| signup(operation, id))
        .or_else(|| console(operation, id))
}

fn portal_read(operation: &str, id: &dyn Fn(&'static str) -> Uuid) -> Option<String> {
    Some(match operation {
        "account_read" => "/account".to_owned(),
        "calendar_read" => "/calendar".to_owned(),
        "bells_defaults" => "/calendar/bells/defaults".to_owned(),
        "calendar_defaults" => "/calendar/defaults".to_owned(),
        "class_list" => "/classes".to_owned(),
        "class_students" => format!("/classes/{}/students", id("class")),
        "credential_board" => "/credentials/board".to_owned(),
        "credential_history" => format!("/people/{}/credential", id("student2")),
        "credential_waiting" => format!("/credentials/waiting?class_id={}", id("class")),
        "card_heading" => "/credentials/heading".to_owned(),
        "duplicate_list" => "/duplicates?kind=student".to_owned(),
        "family_day" => format!("/desk/family?student_id={}", id("student")),
        "setup_read" => "/desk/setup".to_owned(),
        "iin_setting" => "/iin".to_owned(),
        "iin_show" => format!("/people/{}/iin", id("student2")),
        "teacher_day" => "/desk/teacher".to_owned(),
        "live_events" => "/events".to_owned(),
        "import_list" => "/imports".to_owned(),
        "import_template" => "/imports/template?language=kk".to_owned(),
        "import_read" => format!("/imports/{}", id("import")),
        "import_rows" => format!("/imports/{}/rows", id("import")),
        "journal_page" => format!("/journal?class_id={}&subject_id={}", id("class"), id("subject")),
        "cell_history" => format!("/journal/cells/{}/{}", id("lesson"), id("student")),
        "journal_choices" => "/journal/choices".to_owned(),
        "lesson_list" => format!("/lessons?class_id={}&from=2026-09-07&to=2026-09-12", id("class")),
        "load_list" => "/loads".to_owned(),
        "teacher_subjects" => "/teachers/subjects".to_owned(),
        "me_read" => "/me".to_owned(),
        "person_read" => format!("/people/{}", id("student")),
        "role_list" => "/roles".to_owned(),
        "role_rights" => "/roles/rights".to_owned(),
        "sheet_list" => "/sheets".to_owned(),
        "sheet_read" => format!("/sheets/{}", id("sheet")),
        "subject_list" => "/subjects".to_owned(),
        "transfer_file" => format!("/transfers/{}/file", id("transfer")),
        "transfer_list" => format!("/people/{}/transfers", id("student2")),
        "transfer_school" => "/transfers/school?named=160340016781".to_owned(),
        _ => return None,
    })
}

fn portal_write(operation: &str, id: &dyn Fn(&'static str) -> Uuid, n: usize) -> Option<(String, Value)> {
    let cell = |student| json!({ "lesson_id": id("lesson"), "student_id": id(student) });
    let taught = || json!({ "class_id": id("class"), "subject_id": id("subject"), "teacher_id": id("teacher") });
    let letter = ["Б", "В", "Г", "Д", "Е", "Ж"].get(n % 6);
    let (path, body) = match operation {
        "audit_search" => ("/audit/search", json!({ "limit": 5 })),
        "look_search" => ("/audit/looks", json!({ "limit": 5 })),
        "roles_put" => {
            let put = json!({ "roles": ["teacher"], "version": n + 1 });
            return Some((format!("/people/{}/roles", id("teacher")), put));
        }
        "bells_put" => ("/calendar/bells", bells()),
        "year_add" => ("/calendar/years", year(2027 + n)),
        "class_add" => ("/classes", json!({ "grade": 8, "letter": letter, "language": "kk", "shift": 1 })),
        "hand_over" => ("/credentials/hand-over", json!({ "profile_ids": [id("student2")] })),
        "setup_postpone" => ("/desk/setup/postponement", json!({ "key": "guardians", "postponed": true })),
        "attendance_put" => ("/journal/attendance", with(cell("student2"), json!({ "code": "late", "version": 0 }))),
        "mark_put" => ("/journal/marks", with(cell("student"), json!({ "value": 8, "version": 1 }))),
        "roll_take" => ("/journal/roll", json!({ "lesson_id": id("lesson") })),
        "lesson_add" => ("/lessons", with(taught(), json!({ "date": "2026-09-11", "number": n + 1 }))),
        "lesson_series" => {
            let days = json!({ "weekday": 2, "number": n + 1, "from": "2026-09-14", "to": "2026-09-30" });
            ("/lessons/series", with(taught(), days))
        }
        "lesson_edit" => {
            return Some((format!("/lessons/{}", id("lesson")), json!({ "homework": "§ 5", "version": n + 2 })));
        }
        "load_add" => {
            ("/loads", json!({ "class_id": id("class"), "subject_id": id("subject2"), "teacher_id": id("teacher") }))
        }
        "person_add" => ("/people", student("Жаңаева", n)),
        "password_reset" => {
            return Some((format!("/people/{}/password-reset", id("student2")), json!({ "language": "kk" })));
        }
        "password_void" => return Some((format!("/people/{}/password-void", id("student2")), json!({}))),
        "session_end" => ("/account/sessions/end", json!({ "id": id("session") })),
        "people_search" => ("/people/search", json!({ "kind": "student" })),
        "person_edit" => {
            let stays = json!({ "class_id": id("class"), "enrolled_on": "2026-09-01", "version": n + 1 });
            let mut edit = with(student("Жаңаева", n), stays);
            edit.as_object_mut()?.remove("kind");
            return Some((format!("/people/{}", id("student2")), edit));
        }
        "person_leave" => {
            let leave = json!({ "version": 0, "left_on": "2026-09-10", "reason": "moved" });
            return Some((format!("/people/{}/departure", id("student2")), leave));
        }
        "person_merge" => {
            let merge = json!({ "version": 0, "dropped_id": id("student"), "dropped_version": 0, "take": [] });
            return Some((format!("/people/{}/merge", id("student2")), merge));
        }
        "merge_undo" => return Some((format!("/merges/{}/undo", id("merge")), json!({ "version": 0 }))),
        "duplicate_not_same" => {
            ("/duplicates/not-same", json!({ "one_id": id("student"), "other_id": id("student2") }))
        }
        "iin_setting_put" => ("/iin", json!({ "on": true, "version": n + 1, "statement": "Келісім нысаны, 3-тармақ" })),
        "person_return" => {
            let back = json!({ "version": 0, "returned_on": "2026-09-10" });
            return Some((format!("/people/{}/return", id("student2")), back));
        }
        "class_move" => {
            let to = json!({ "version": 1, "class_id": id("class"), "enrolled_on": "2026-09-10" });
            return Some((format!("/people/{}/class", id("student2")), to));
        }
        "sheet_issue" => ("/sheets", json!({ "class_id": id("class"), "who": "students", "language": "kk" })),
        "sheet_hand_over" => return Some((format!("/sheets/{}/hand-over", id("sheet")), json!({}))),
        "credential_void" => return Some((format!("/people/{}/credential/void", id("student")), json!({}))),
        "credential_letters" => ("/credentials/letters", json!({ "grade": 7, "who": "students", "language": "kk" })),
        "card_heading_put" => ("/credentials/heading", json!({ "kk": "Сұрақтар: 12-кабинет", "version": n })),
        "sheet_fetch" => return Some((format!("/sheets/{}/file", id("sheet")), json!({}))),
        _ => return None,
    };
    Some((path.to_owned(), body))
}

/// The subjects, and who teaches them.
fn subjects(operation: &str, id: &dyn Fn(&'static str) -> Uuid, n: usize) -> Option<(String, Value)> {
    let (path, body) = match operation {
        "subject_add" => {
            let names = json!({ "name_kk": format!("Пән {n}"), "name_ru": format!("Предмет {n}"), "pass_fail": false });
            ("/subjects", names)
        }
        "subjects_default" => ("/subjects/defaults", json!({})),
        "teacher_subjects_put" => {
            let subjects = json!([id("subject")]);
            let put = json!({ "before": if n == 0 { json!([]) } else { subjects.clone() }, "subject_ids": subjects });
            return Some((format!("/teachers/{}/subjects", id("teacher")), put));
        }
        _ => return None,
    };
    Some((path.to_owned(), body))
}

/// The own account, and those of others where they are lost.
fn own(operation: &str, n: usize) -> Option<(String, Value)> {
    let (path, body) = match operation {
        "account_email" => ("/account/email", json!({ "email": format!("own{n}@example.org") })),
        "account_email_confirm" => ("/account/email/confirmation", json!({ "code": "00000000" })),
        "account_language" => ("/account/language", json!({ "language": "ru" })),
        "account_login" => ("/account/login", json!({ "login": format!("own.login.{n}") })),
        "account_lost" => ("/account/lost", json!({ "login": "another" })),
        "account_password" => ("/account/password", json!({ "old": "wrong", "new": "kuren bota jol uzak" })),
        "account_prove" => ("/account/proof", json!({ "password": "wrong" })),
        "attachment_add" => {
            ("/account/attachment", json!({ "login": format!("add.{n}"), "temporary_password": "wrong" }))
        }
        "attachment_look" => {
            ("/account/attachment/look", json!({ "login": format!("look.{n}"), "temporary_password": "wrong" }))
        }
        "factor_begin" => ("/account/factor", json!({})),
        "factor_confirm" => ("/account/factor/confirmation", json!({ "code": "000000" })),
        "factor_remove" => ("/account/factor/removal", json!({ "password": "wrong" })),
        "passkey_add" => ("/account/passkeys", json!({ "kind": "phone", "answer": {} })),
        "passkey_begin" => ("/account/passkeys/challenge", json!({})),
        "passkey_proof" => ("/account/proof/challenge", json!({})),
        "passkey_remove" => ("/account/passkeys/removal", json!({ "id": Uuid::nil(), "password": "wrong" })),
        "recovery_codes_renew" => ("/account/recovery-codes", json!({})),
        "sessions_end_others" => ("/account/sessions/end-others", json!({})),
        _ => return None,
    };
    Some((path.to_owned(), body))
}

fn signup(operation: &str, id: &dyn Fn(&'static str) -> Uuid) -> Option<(String, Value)> {
    let (path, body) = match operation {
        "activation_read" => ("/activation", Value::Null),
        "agreement_draft" => ("/agreement", requisites()),
        "agreement_document" => ("/agreement/document?lang=kk", Value::Null),
        "agreement_sign" => (
            "/agreement/signature",
            json!({ "agreement_id": id("application"), "version": 1, "signed_name": "Ж. Е.", "accepted": true }),
        ),
        "application_send" => ("/applications", application()),
        "registration_read" => ("/registration", Value::Null),
        "register" => (
            "/registration",
            json!({ "login": "aigul.s", "password": "short", "terms_version": "0", "language": "kk" }),
        ),
        "registration_attach" => ("/registration/attachment", json!({ "login": "nobody.here", "password": "wrong" })),
        "second_factor_begin" => ("/registration/second-factor", json!({})),
        "passkey_ask" => ("/session/challenge", json!({ "login": "nobody.here", "password": "wrong" })),
        "recovery_ask" => ("/recovery", json!({ "login": "nobody.here" })),
        "recovery_finish" => ("/recovery/password", json!({ "token": "00", "password": "kuren bota jol uzak" })),
        "service_read" => ("/service", Value::Null),
        "service_activate" => ("/service", json!({ "slug": "mektep-sweep" })),
        "service_enter" => ("/service/entrance", json!({})),
        "service_events" => ("/service/events", Value::Null),
        "sign_out" | "session_read" => ("/session", Value::Null),
        "sign_in" => ("/session", json!({ "login": "nobody.here", "password": "wrong" })),
        "terms_read" => ("/terms?lang=kk", Value::Null),
        _ => return None,
    };
    Some((path.to_owned(), body))
}

fn console(operation: &str, id: &dyn Fn(&'static str) -> Uuid) -> Option<(String, Value)> {
    let application = || format!("/applications/{}", id("application"));
    let school = || format!("/schools/{}", id("school"));
    Some(match operation {
        "application_list" => ("/applications".to_owned(), Value::Null),
        "application_read" => (application(), Value::Null),
        "application_approve" => (application() + "/approval", json!({})),
        "invitation_resend" => (application() + "/invitation", json!({})),
        "letter_preview" => (application() + "/letter", json!({ "kind": "approval" })),
        "application_reject" => (application() + "/rejection", json!({ "reason": "Екінші рет жіберілді" })),
        "operator_desk" => ("/desk".to_owned(), Value::Null),
        "restriction_list" => ("/users/restricted".to_owned(), Value::Null),
        "user_find" => ("/users/search".to_owned(), json!({ "login": "nobody.here" })),
        "user_restrict" => (format!("/users/{}/restriction", id("session")), json!({ "nature": "rules", "days": 3 })),
        "user_release" => (format!("/users/{}/release", id("session")), json!({})),
        "school_list" => ("/schools".to_owned(), Value::Null),
        "school_read" => (school(), Value::Null),
        "provisioning_retry" => (school() + "/provisioning/retry", json!({})),
        "provisioning_rollback" => (school() + "/provisioning/rollback", json!({})),
        "operator_sign_out" | "operator_read" => ("/session".to_owned(), Value::Null),
        "operator_sign_in" => {
            ("/session".to_owned(), json!({ "login": "nobody.here", "password": "wrong", "code": "000000" }))
        }
        _ => return None,
    })
}

fn with(mut body: Value, more: Value) -> Value {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

fn student(surname: &str, n: usize) -> Value {
    let given = ["Айша", "Дана", "Мадина", "Сая", "Жібек", "Нұрай"].get(n % 6);
    json!({ "kind": "student", "surname": surname, "given_name": given, "sex": "f" })
}

fn bells() -> Value {
    let bell = |number: usize| {
        let clock = |minutes: usize| format!("{:02}:{:02}", 8 + minutes / 60, minutes % 60);
        let begins = (number - 1) * 55;
        json!({ "shift": 1, "number": number, "begins": clock(begins), "ends": clock(begins + 45) })
    };
    json!({ "bells": (1..=8).map(bell).collect::<Vec<_>>() })
}

fn year(first: usize) -> Value {
    let next = first + 1;
    let period = |number: usize, begins: String, ends: String| json!({ "number": number, "name_kk": format!("{number}-тоқсан"), "name_ru": format!("{number} четверть"), "begins": begins, "ends": ends });
    let periods = [
        period(1, format!("{first}-09-01"), format!("{first}-10-31")),
        period(2, format!("{first}-11-08"), format!("{first}-12-30")),
        period(3, format!("{next}-01-10"), format!("{next}-03-20")),
        period(4, format!("{next}-04-01"), format!("{next}-05-25")),
    ];
    let grades: Vec<usize> = (1..=11).collect();
    json!({ "name": format!("{first}-{next}"), "begins": format!("{first}-09-01"), "ends": format!("{next}-05-25"),
            "holidays": [], "period_sets": [{ "name": "Тоқсан", "grades": grades, "periods": periods }] })
}

fn requisites() -> Value {
    json!({ "name_kk": "Үлгі мектебі", "name_ru": "Школа-образец", "director": "Жұмағұлов Ерлан", "director_ground": "Устав",
            "city": "Көктау", "legal_address": "Үш қоңыр, 7", "postal_address": "Үш қоңыр, 7" })
}

fn application() -> Value {
    json!({ "name_kk": "Үлгі мектебі", "name_ru": "Школа-образец", "bin": "990140000007", "region": "71", "city": "Көктау",
            "legal_address": "Үш қоңыр, 7", "postal_address": "Үш қоңыр, 7", "director": "Жұмағұлов Ерлан",
            "contact_name": "Сәрсенова Айгүл", "email": "mektep205@example.org", "phone": "+77011234567",
            "language": "kk", "pupils": 640, "locale": "kk" })
}

/// A file with one member of the staff, who is called so.
pub fn brought(surname: &str) -> Value {
    let table = format!("Фамилия;Имя;Пол;Должность\n{surname};Айша;ж;учитель\n");
    let content = data_encoding::BASE64.encode(table.as_bytes());
    json!({ "file_name": "staff.csv", "content": content, "source": "own" })
}

fn import(operation: &str, id: &dyn Fn(&'static str) -> Uuid) -> Option<(String, Value)> {
    let of = |rest: &str| format!("/imports/{}{rest}", id("import"));
    Some(match operation {
        "import_begin" => ("/imports".to_owned(), brought("Жаңаева")),
        "import_map" => {
            let fields = json!(["surname", "given_name", "sex", "position"]);
            (of("/columns"), json!({ "version": 2, "table": 0, "subject": "staff", "fields": fields }))
        }
        "import_mend" => {
            let cells = json!(["Жаңаева", "Айша", "ж", "учитель"]);
            (of(&format!("/rows/{}", id("import_row"))), json!({ "cells": cells, "skipped": false }))
        }
        "import_commit" => (of("/commit"), json!({ "version": 2 })),
        "import_undo" => (of("/undo"), json!({ "version": 2 })),
        "import_leave_out" => (of("/leave-out"), json!({ "version": 2 })),
        "import_drop" => (of("/drop"), json!({})),
        _ => return None,
    })
}

/// A file that is none: what a real one does is told where two schools stand (`kd-transfers`).
fn transfer(operation: &str, id: &dyn Fn(&'static str) -> Uuid) -> Option<(String, Value)> {
    let content = data_encoding::BASE64.encode(b"KUNDELIKTRANSFER");
    Some(match operation {
        "transfer_export" => {
            let to = json!({ "to": "nobody-here", "guardian_ids": [] });
            (format!("/people/{}/transfers", id("student2")), to)
        }
        "transfer_withdraw" => (format!("/transfers/{}/withdraw", id("transfer")), json!({})),
        "transfer_preview" => ("/transfers/preview".to_owned(), json!({ "content": content })),
        "transfer_accept" => ("/transfers/accept".to_owned(), json!({ "content": content, "guardians": [] })),
        _ => return None,
    })
}
