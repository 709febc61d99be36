//! From the file to the people.

use kd_classes::ClassesApi;
use kd_kernel::Role;
use serde_json::json;

use super::{GUARDIANS, STAFF, STUDENTS, Stage, class, counts, faults, file, path, work, workbook};

#[tokio::test]
async fn imp_1_a_school_moves_in_with_one_workbook_and_the_same_again_changes_nothing() {
    let stage = Stage::open().await;
    class(&stage.school, 7, "В").await;
    let sheets: &[super::Sheet<'_>] = &[
        (
            "Ученики",
            &[
                STUDENTS,
                &["1", "Сәрсенов", "Арман", "Серікұлы", "05.03.2013", "м", "7 \"A\"", "01.09.2026"],
                &["2", "Сарсенова", "Айгүл", "", "41000", "ж", "7-В", ""],
            ],
        ),
        (
            "Законные представители",
            &[
                GUARDIANS,
                &["1", "", "мать", "Сәрсенова Гүлнәр Қайратқызы", "8 701 123 45 67"],
                &["Сарсенова Айгуль", "7В", "мать", "Сәрсенова Гүлнар", "+77011234567"],
                &["2", "", "отец", "Сәрсенов Серік", ""],
            ],
        ),
        ("Сотрудники", &[STAFF, &["Нұрланова", "Дана", "", "", "ж", "учитель", "ул. Абая, 5", ""]]),
        ("Пояснения", &[&["Как заполнять"], &["Заполните три листа"]]),
    ];
    let import = stage.brings(sheets).await;
    assert_eq!(counts(&import), [5, 0, 0, 1, 0, 1], "{:?}", stage.rows(&import, "error").await);
    assert_eq!(import["tables"][3].get("subject"), None, "a sheet that is about nobody is left out");
    let joined = &stage.rows(&import, "joined").await[0];
    assert_eq!((&joined["number"], &joined["other"]), (&json!(3), &json!(2)), "one mother, two children");
    assert_eq!(stage.names("student").await.len(), 0, "nothing is written yet");

    let done = stage.commit(&import).await;
    assert_eq!((&done["state"], &done["done"], done["committed_at"].is_string()), (&json!("done"), &json!(7), true));
    assert_eq!(stage.names("student").await, ["Сарсенова Айгүл", "Сәрсенов Арман Серікұлы"]);
    assert_eq!(stage.names("guardian").await, ["Сәрсенов Серік", "Сәрсенова Гүлнәр Қайратқызы"]);
    let arman = stage.card("student", "Арман").await;
    assert_eq!((&arman["class_name"], &arman["birth_date"]), (&json!("7А"), &json!("2013-03-05")));
    assert_eq!(arman["memberships"][0]["joined"], "2026-09-01");
    assert_eq!(arman["roles"], json!(["student"]));
    let aigul = stage.card("student", "Айгуль").await;
    assert_eq!((&aigul["class_name"], &aigul["birth_date"]), (&json!("7В"), &json!("2012-04-01")), "day 41000");
    let mother = stage.card("guardian", "Гулнар").await;
    assert_eq!((mother["children"].as_array().unwrap().len(), &mother["phone"]), (2, &json!("+77011234567")));
    assert_eq!((&mother["sex"], &mother["children"][0]["relation"]), (&json!("f"), &json!("mother")));
    assert_eq!(stage.card("guardian", "Серік").await["sex"], "m");
    let dana = stage.card("staff", "Дана").await;
    assert_eq!((&dana["position"], &dana["address"]), (&json!("учитель"), &json!("ул. Абая, 5")));
    assert_eq!(dana["roles"], json!(["teacher"]));

    let again = stage.brings(sheets).await;
    assert_eq!(counts(&again), [0, 0, 5, 1, 0, 1], "{:?}", stage.rows(&again, "changed").await);
    let nothing = stage.asked(&again, "/commit").await;
    assert_eq!((nothing.status.as_u16(), nothing.code()), (409, "import.nothing-to-do".to_owned()));
}

#[tokio::test]
async fn imp_1_a_teacher_whose_child_goes_to_the_school_is_one_person_with_one_account() {
    let stage = Stage::open().await;
    let students: &[&[&str]] = &[
        STUDENTS,
        &["1", "Нұрлан", "Арман", "", "", "м", "7А", ""],
        &["2", "Нұрлан", "Айша", "", "", "ж", "7А", ""],
        &["3", "Сатаев", "Ерлан", "", "", "м", "7А", ""],
    ];
    let guardians: &[&[&str]] = &[
        GUARDIANS,
        &["1", "", "мать", "Нұрланова Дана Серікқызы", "8 701 123 45 67"],
        &["2", "", "мать", "Нұрланова Дана", "8 701 123 45 67"],
        // A namesake of a colleague, with a phone of her own.
        &["3", "", "мать", "Сатаева Айгүл", "8 701 765 43 21"],
    ];
    let staff: &[&[&str]] = &[
        STAFF,
        &["Нұрланова", "Дана", "", "", "ж", "учитель", "", "+7 701 123 45 67"],
        &["Сатаева", "Айгүл", "", "", "ж", "учитель", "", ""],
    ];
    let sheets = [("Ученики", students), ("Законные представители", guardians), ("Сотрудники", staff)];
    let import = stage.brings(&sheets).await;
    assert_eq!(counts(&import), [6, 0, 0, 2, 0, 0], "{:?}", stage.rows(&import, "error").await);
    let joined = stage.rows(&import, "joined").await;
    assert_eq!((&joined[0]["other"], &joined[0]["other_table"]), (&json!(2), &json!(2)), "the row of the staff");
    assert_eq!((&joined[1]["other"], joined[1].get("other_table")), (&json!(2), None), "the mother's first row");
    stage.commit(&import).await;
    stage.asked(&import, "/undo").await.expect(200);
    work(&stage.school).await;
    assert_eq!(stage.import(&import).await["state"], "undone");
    assert_eq!(stage.names("staff").await, ["Әлиева Анар"]);
    let import = stage.brings(&[sheets[2], sheets[0], sheets[1]]).await;
    assert_eq!(counts(&import), [6, 0, 0, 2, 0, 0], "{:?}", stage.rows(&import, "error").await);
    stage.commit(&import).await;
    assert_eq!(stage.names("guardian").await, ["Сатаева Айгүл"], "who is staff is listed as such");
    let dana = stage.card("staff", "Дана").await;
    assert_eq!(dana["roles"], json!(["teacher", "guardian"]));
    let joined = stage.rows(&import, "joined").await;
    assert_eq!(
        [&joined[0]["profile_id"], &joined[1]["profile_id"]],
        [&dana["id"], &dana["id"]],
        "her card is one step away"
    );
    assert_eq!((&dana["patronymic"], dana["children"].as_array().unwrap().len()), (&json!("Серікқызы"), 2));
    assert_eq!(stage.card("staff", "Айгүл").await["roles"], json!(["teacher"]), "nobody is taken on the name alone");

    let again = stage.brings(&sheets).await;
    assert_eq!(counts(&again), [0, 0, 6, 2, 0, 0], "{:?}", stage.rows(&again, "error").await);
    let guardians: &[&[&str]] = &[GUARDIANS, &["3", "", "мать", "Нұрланова Дана", "8 701 123 45 67"]];
    let more = stage.brings(&[sheets[0], ("Законные представители", guardians), sheets[2]]).await;
    assert_eq!(counts(&more), [0, 1, 4, 1, 0, 0], "{:?}", stage.rows(&more, "error").await);
    stage.commit(&more).await;
    assert_eq!(stage.card("staff", "Дана").await["children"].as_array().unwrap().len(), 3);
    stage.asked(&more, "/undo").await.expect(200);
    work(&stage.school).await;
    assert_eq!(stage.card("staff", "Дана").await["children"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn imp_1_the_language_of_a_student_is_compared_with_that_of_the_class() {
    let stage = Stage::open().await;
    let rows: &[&[&str]] = &[
        &["Фамилия", "Имя", "Пол", "Класс", "Язык обучения"],
        &["Бекова", "Мадина", "ж", "7А", "Қазақша"],
        &["Сатаев", "Ерлан", "м", "7А", "русский"],
        &["Оспанов", "Тимур", "м", "7А", "өзбек"],
        &["Әлиев", "Олжас", "м", "7А", ""],
    ];
    let import = stage.brings(&[("Ученики", rows)]).await;
    assert_eq!(import["tables"][0]["columns"][4]["field"], "language");
    assert_eq!(counts(&import), [4, 0, 0, 0, 0, 0], "nothing is kept from being done: {import}");
    let differs = json!([{ "field": "language", "code": "import-language-differs" }]);
    let notes: Vec<_> = stage.rows(&import, "new").await.iter().map(|row| row["notes"].clone()).collect();
    assert_eq!(notes, [json!([]), differs.clone(), differs, json!([])]);
    assert_eq!(stage.commit(&import).await["state"], "done");
    assert_eq!(counts(&stage.brings(&[("Ученики", rows)]).await), [0, 0, 4, 0, 0, 0], "the same again");
}

#[tokio::test]
async fn imp_1_the_order_of_enrolment_comes_in_is_corrected_and_goes_back() {
    let stage = Stage::open().await;
    class(&stage.school, 8, "Ә").await;
    let rows = |class: &'static str, order: &'static str| {
        vec![
            vec!["Фамилия", "Имя", "Пол", "Класс", "Дата зачисления", "№ приказа"],
            vec!["Бекова", "Мадина", "ж", class, "01.09.2026", order],
        ]
    };
    let brings = async |class, order| {
        let rows = rows(class, order);
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        stage.brings(&[("Ученики", &rows)]).await
    };
    let orders = async || -> Vec<serde_json::Value> {
        let card = stage.card("student", "Мадина").await;
        card["memberships"].as_array().unwrap().iter().map(|m| m.get("order_no").cloned().unwrap_or_default()).collect()
    };
    let undo = async |import: &serde_json::Value, left: &str| {
        stage.asked(import, "/undo").await.expect(200);
        work(&stage.school).await;
        assert_eq!(stage.import(import).await["state"], "undone");
        assert_eq!(orders().await, [json!(left)]);
    };
    stage.commit(&brings("7А", "112-к").await).await;
    assert_eq!(orders().await, [json!("112-к")]);
    assert_eq!(counts(&brings("7А", "112-к").await), [0, 0, 1, 0, 0, 0], "the same again");
    assert_eq!(counts(&brings("7А", "").await), [0, 0, 1, 0, 0, 0], "what is not said stays");
    let corrected = brings("7А", "113-к").await;
    let changes = json!([{ "field": "order_no", "before": "112-к", "after": "113-к" }]);
    assert_eq!(stage.rows(&corrected, "changed").await[0]["changes"], changes);
    stage.commit(&corrected).await;
    assert_eq!(orders().await, [json!("113-к")]);
    undo(&corrected, "112-к").await;
    stage.commit(&brings("7А", "113-к").await).await;
    let moved = brings("8Ә", "207-к").await;
    stage.commit(&moved).await;
    assert_eq!(orders().await, [json!("207-к")], "what ended on its first day never was");
    let long = "9".repeat(51).leak();
    assert_eq!(faults(&stage.rows(&brings("7А", long).await, "error").await[0]), ["order_no too-long"]);
    undo(&moved, "113-к").await;
}

#[tokio::test]
async fn imp_1_staff_come_in_with_the_subjects_that_they_teach() {
    let stage = Stage::open().await;
    let classes = stage.school.client(ClassesApi).of(&stage.anar);
    classes.post("/subjects/defaults", &json!({})).await.expect(200);
    let teachers: &[&[&str]] = &[
        &["Фамилия", "Имя", "Пол", "Должность", "Предметы"],
        &["Нұрланова", "Дана", "ж", "учитель", "математика; Қазақ тілі"],
        &["Сатаева", "Айгүл", "ж", "учитель", "Физика, алхимия"],
    ];
    let import = stage.brings(&[("Сотрудники", teachers)]).await;
    assert_eq!(counts(&import), [1, 0, 0, 0, 1, 0], "{import}");
    let wrong = &stage.rows(&import, "error").await[0];
    assert_eq!(faults(wrong), ["subjects import-subject-unknown"]);
    stage.mend(&import, wrong, &["Сатаева", "Айгүл", "ж", "учитель", "Физика"]).await;
    stage.commit(&import).await;
    let taught = async || classes.get("/teachers/subjects").await.expect(200);
    let sizes = |taught: &serde_json::Value| -> Vec<usize> {
        let size = |row: &serde_json::Value| row["subject_ids"].as_array().unwrap().len();
        let mut sizes: Vec<usize> = taught.as_array().unwrap().iter().map(size).collect();
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(sizes(&taught().await), [1, 2]);

    let more: &[&[&str]] = &[&["Фамилия", "Имя", "Должность", "Предметы"], &["Сатаева", "Айгүл", "", "Физика; химия"]];
    let second = stage.brings(&[("Сотрудники", more)]).await;
    let changes = json!([{ "field": "subjects", "after": "химия" }]);
    assert_eq!(stage.rows(&second, "changed").await[0]["changes"], changes);
    assert_eq!(stage.commit(&second).await["state"], "done");
    assert_eq!(sizes(&taught().await), [2, 2]);
    assert_eq!(counts(&stage.brings(&[("Сотрудники", more)]).await), [0, 0, 1, 0, 0, 0], "the same again");
    for (import, left) in [(&second, vec![1, 2]), (&import, vec![])] {
        stage.asked(import, "/undo").await.expect(200);
        work(&stage.school).await;
        assert_eq!(stage.import(import).await["state"], "undone");
        assert_eq!(sizes(&taught().await), left, "what one taught before stays");
    }
}

#[tokio::test]
async fn imp_1_what_is_not_said_stays_and_what_is_said_anew_is_shown_before_it_is_written() {
    let stage = Stage::open().await;
    let eight = class(&stage.school, 8, "Ә").await;
    let first = stage.brings(&[(
        "Ученики",
        &[STUDENTS, &["1", "Бекова", "Мадина", "Сериковна", "01.02.2013", "ж", "7А", "01.09.2025"]],
    )]);
    stage.commit(&first.await).await;
    let second = stage.brings(&[(
        "Ученики",
        &[
            &["Фамилия", "Имя", "Дата рождения", "Класс", "Дата зачисления", "Телефон"],
            &["Бекова", "Мәдина", "01.02.2013", "8 Ә", "02.09.2025", "87017654321"],
        ],
    )]);
    let second = second.await;
    assert_eq!(counts(&second), [0, 1, 0, 0, 0, 0]);
    let row = &stage.rows(&second, "changed").await[0];
    assert_eq!(
        row["changes"],
        json!([
            { "field": "given_name", "before": "Мадина", "after": "Мәдина" },
            { "field": "phone", "after": "+77017654321" },
            { "field": "class", "before": "7А", "after": "8Ә" },
            { "field": "enrolled_on", "before": "2025-09-01", "after": "2025-09-02" },
        ])
    );
    stage.commit(&second).await;
    let card = stage.card("student", "Бекова").await;
    assert_eq!((&card["patronymic"], &card["sex"], &card["version"]), (&json!("Сериковна"), &json!("f"), &json!(2)));
    assert_eq!(card["class_id"], eight.0.to_string());
    let times = card["memberships"].as_array().unwrap();
    assert_eq!((times.len(), &times[1]["left_on"]), (2, &json!("2025-09-02")), "the class of before stays");
}

#[tokio::test]
async fn imp_1_who_has_a_name_alone_in_common_is_not_taken_for_another() {
    let stage = Stage::open().await;
    let teacher = stage.school.person("Ахметова", "Сәуле", &[Role::Teacher]).await;
    let card = stage.card("staff", "Ахметова").await;
    let edit = json!({ "version": card["version"], "surname": "Ахметова", "given_name": "Сәуле", "sex": "f",
        "phone": "+77015550000" });
    stage.people().put(&format!("/people/{}", teacher.profile), &edit).await.expect(200);
    let import = stage
        .brings(&[
            (
                "Ученики",
                &[
                    STUDENTS,
                    &["1", "Ахметов", "Тимур", "", "01.01.2013", "м", "7А", ""],
                    &["2", "Ахметов", "Тимур", "", "02.02.2013", "м", "7А", ""],
                ],
            ),
            (
                "Законные представители",
                &[
                    GUARDIANS,
                    &["1", "", "мать", "Ахметова Гүлнар", ""],
                    &["2", "", "мать", "Ахметова Гүлнар", ""],
                    &["1", "", "другой", "Ахметова Сауле", "8 701 555 00 00"],
                ],
            ),
        ])
        .await;
    // Two boys of different birth dates, two mothers of whom nothing says that they are one, and a teacher who is
    // known by her phone.
    assert_eq!(counts(&import), [4, 1, 0, 0, 0, 0], "{import}");
    stage.commit(&import).await;
    assert_eq!(stage.names("guardian").await, ["Ахметова Гүлнар", "Ахметова Гүлнар"]);
    let saule = stage.card("staff", "Сәуле").await;
    assert_eq!(saule["roles"], json!(["teacher", "guardian"]));
    assert_eq!(saule["children"].as_array().unwrap().len(), 1);
    // Another mother of that name, of a child who is not hers: somebody should look.
    let more = stage
        .brings(&[("Законные представители", &[GUARDIANS, &["Ахметов Тимур", "", "мать", "Ахметова Гүлнар", ""]])]);
    let row = &stage.rows(&more.await, "error").await[0];
    assert_eq!(faults(row), ["student import-student-several"], "two boys of that name");
    let third = stage
        .brings(&[
            ("Ученики", &[STUDENTS, &["3", "Оспанов", "Ерлан", "", "03.03.2013", "м", "7А", ""]]),
            ("Законные представители", &[GUARDIANS, &["3", "", "мать", "Ахметова Гүлнар", ""]]),
        ])
        .await;
    assert_eq!(counts(&third), [2, 0, 0, 0, 0, 0], "{:?}", stage.rows(&third, "error").await);
    let notes = stage.rows(&third, "new").await[1]["notes"].clone();
    assert_eq!(notes, json!([{ "code": "import-namesake" }]), "a third mother of that name");
}

#[tokio::test]
async fn what_was_changed_meanwhile_is_shown_anew_and_nothing_is_written() {
    let stage = Stage::open().await;
    let row = |phone| ["1", "Бекова", "Мадина", "", "01.02.2013", "ж", "7А", "01.09.2025", phone].map(str::to_owned);
    let heading: Vec<&str> = STUDENTS.iter().copied().chain(["Телефон"]).collect();
    let brings = async |phone| {
        let row = row(phone);
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        stage.brings(&[("Ученики", &[&heading, &cells])]).await
    };
    let import = brings("").await;
    stage.asked(&import, "/commit").await.expect(200);
    let waits = brings("").await;
    let busy = stage.asked(&waits, "/commit").await;
    assert_eq!((busy.status.as_u16(), busy.code()), (409, "import.another-at-work".to_owned()));
    super::work(&stage.school).await;
    // The other file still says that the girl is new.
    assert_eq!(counts(&waits), [1, 0, 0, 0, 0, 0]);
    stage.asked(&waits, "/commit").await.expect(200);
    super::work(&stage.school).await;
    let shown = stage.import(&waits).await;
    assert_eq!((&shown["state"], &shown["error"]), (&json!("checked"), &json!("import.changed")));
    assert_eq!(counts(&shown), [0, 0, 1, 0, 0, 0]);
    assert_eq!(stage.names("student").await.len(), 1);
    // Of the same version twice, the second is told that something changed.
    let phone = brings("87011112233").await;
    let at = json!({ "version": phone["version"] });
    stage.door().post(&path(&phone, "/commit"), &at).await.expect(200);
    let again = stage.door().post(&path(&phone, "/commit"), &at).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "import.not-open".to_owned()));
}

#[tokio::test]
async fn data_of_another_diary_need_a_basis_that_is_kept() {
    let stage = Stage::open().await;
    let book = workbook(&[("Сотрудники", &[STAFF, &["Нұрланова", "Дана", "", "", "ж", "учитель", "", ""]])]);
    let mut body = file(&book);
    body["source"] = json!("other_diary");
    let bare = stage.door().post("/imports", &body).await.expect(422);
    assert_eq!((&bare["fields"][0]["field"], &bare["fields"][0]["code"]), (&json!("legal_basis"), &json!("required")));
    body["legal_basis"] = json!(" Приказ директора № 15 от 20.08.2026, согласия законных представителей ");
    let import = stage.door().post("/imports", &body).await.expect(200);
    assert_eq!(import["legal_basis"], "Приказ директора № 15 от 20.08.2026, согласия законных представителей");
    let listed = stage.door().get("/imports").await.expect(200);
    assert_eq!((&listed[0]["id"], &listed[0]["requested_by"]), (&import["id"], &json!("Әлиева Анар")));
}

#[tokio::test]
async fn the_template_is_read_as_it_says() {
    let stage = Stage::open().await;
    for language in ["kk", "ru"] {
        let reply = stage.door().get(&format!("/imports/template?language={language}")).await;
        assert_eq!(reply.status, 200);
        let disposition = reply.headers["content-disposition"].to_str().unwrap();
        assert_eq!(disposition, format!("attachment; filename=\"kundelik-people-{language}.xlsx\""));
        let empty = stage.door().post("/imports", &file(&reply.body)).await;
        assert_eq!((empty.status.as_u16(), empty.code()), (422, "import.empty".to_owned()));
    }
}
