//! ИИН in a file: behind the school's switch, sealed and masked on the way, compared and written like those of a
//! form.

use kd_people::IinApi;
use kd_store::{Mode, sql};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

use super::{Stage, counts, faults, path, work};

const AISHA: &str = "131130600005";
const MADINA: &str = "080229600009";
const TIMUR: &str = "100415500009";
const NUMBERED: &[&str] = &["Фамилия", "Имя", "Дата рождения", "Пол", "Класс", "ИИН"];

/// A school that keeps ИИН.
async fn keeping() -> Stage {
    let stage = Stage::open().await;
    let statement = json!({ "on": true, "version": 0, "statement": "Келісім нысаны, 3-тармақ: ЖСН тізімде бар" });
    stage.school.client(IinApi).of(&stage.anar).put("/iin", &statement).await.expect(200);
    stage
}

impl Stage {
    /// Everything that is kept of files, as text.
    async fn kept(&self) -> String {
        #[derive(FromQueryResult)]
        struct Kept {
            all: String,
        }
        let tx = self.school.house().store.begin(self.school.card.place(), Mode::Read).await.unwrap();
        let rows: Vec<Kept> = sql::all(
            &tx,
            "SELECT concat(i::text, r::text, encode(b.sealed, 'escape'), g::text) AS all FROM import i \
             LEFT JOIN import_row r ON r.import_id = i.id LEFT JOIN iin_brought b ON b.row_id = r.id \
             LEFT JOIN idempotency g ON true",
            [],
        )
        .await
        .unwrap();
        tx.rollback().await.unwrap();
        rows.into_iter().map(|row| row.all).collect()
    }

    async fn brought(&self) -> i64 {
        let tx = self.school.house().store.begin(self.school.card.place(), Mode::Read).await.unwrap();
        sql::scalar(&tx, "SELECT count(*) FROM iin_brought", []).await.unwrap()
    }

    async fn shown(&self, card: &Value) -> Value {
        let path = format!("/people/{}/iin", card["id"].as_str().unwrap());
        self.school.client(IinApi).of(&self.anar).get(&path).await.expect(200)["iin"].clone()
    }
}

#[tokio::test]
async fn pdp_1_a_school_that_keeps_no_number_keeps_none_of_a_file_either() {
    let stage = Stage::open().await;
    let students: &[&[&str]] = &[
        &["№", "Фамилия", "Имя", "Пол", "Класс", "ЖСН", "Прочее"],
        &[AISHA, "Ахметова", "Айша", "ж", "7А", AISHA, "131130 600006"],
        &[MADINA, "Бекова", "Мадина", "ж", "7А", "80229600009", MADINA],
    ];
    let guardians: &[&[&str]] = &[
        &["Ученик", "Кем приходится", "Фамилия", "Имя"],
        &["131130 600005", "мать", "Ахметова", "Гүлнар"],
        &[MADINA, "мать", "Бекова", "Сәуле"],
    ];
    let import = stage.brings(&[("Ученики", students), ("Законные представители", guardians)]).await;
    assert_eq!(counts(&import), [4, 0, 0, 0, 0, 0], "rows still find one another: {import}");
    assert_eq!(import["tables"][0]["columns"][5].get("field"), None, "the column is left out");
    assert_eq!(stage.brought().await, 0, "sealed neither");
    let kept = stage.kept().await;
    for number in [AISHA, MADINA, "80229600009", "131130 600005"] {
        assert!(!kept.contains(number), "{number} is kept");
    }
    assert!(kept.contains("131130 600006"), "what is no number stands as it was written");
    let fields = json!(["number", "surname", "given_name", "sex", "class", "iin", null]);
    let columns = json!({ "version": import["version"], "table": 0, "subject": "students", "fields": fields });
    let refused = stage.door().put(&path(&import, "/columns"), &columns).await;
    assert_eq!(refused.json()["fields"][0]["code"], "iin-off", "{:?}", refused.json());
    stage.commit(&import).await;
    assert_eq!(stage.card("student", "Айша").await.get("iin_end"), None);
}

#[tokio::test]
async fn imp_1_numbers_come_in_sealed_and_masked_and_go_with_the_undo() {
    let stage = keeping().await;
    let rows: &[&[&str]] = &[
        NUMBERED,
        &["Ахметова", "Айша", "12.11.2013", "ж", "7А", "131130 600005"],
        // A cell of figures has lost the zero in front.
        &["Бекова", "Мадина", "", "ж", "7А", "80229600009"],
    ];
    let import = stage.brings(&[("Ученики", rows)]).await;
    assert_eq!(counts(&import), [2, 0, 0, 0, 0, 0], "{import}");
    let new = stage.rows(&import, "new").await;
    assert_eq!((&new[0]["cells"][5], &new[1]["cells"][5]), (&json!("••••••••0005"), &json!("••••••••0009")));
    assert_eq!(new[0]["notes"], json!([{ "field": "iin", "code": "import-iin-date" }]), "IDN-4");
    let kept = stage.kept().await;
    assert!(!kept.contains("600005") && !kept.contains("600009"), "nothing lies open");
    assert_eq!(stage.brought().await, 2);
    stage.commit(&import).await;
    let aisha = stage.card("student", "Айша").await;
    assert_eq!((&aisha["iin_end"], stage.shown(&aisha).await), (&json!("0005"), json!(AISHA)));
    assert_eq!(stage.shown(&stage.card("student", "Мадина").await).await, MADINA);
    assert_eq!(counts(&stage.brings(&[("Ученики", rows)]).await), [0, 0, 2, 0, 0, 0], "the same again");

    let erlan: &[&[&str]] = &[NUMBERED, &["Сатаев", "Ерлан", "", "м", "7А", ""]];
    stage.commit(&stage.brings(&[("Ученики", erlan)]).await).await;
    let erlan: &[&[&str]] = &[NUMBERED, &["Сатаев", "Ерлан", "", "м", "7А", TIMUR]];
    let more = stage.brings(&[("Ученики", erlan)]).await;
    assert_eq!(stage.rows(&more, "changed").await[0]["changes"], json!([{ "field": "iin", "after": "••••••••0009" }]));
    stage.commit(&more).await;
    assert_eq!(stage.shown(&stage.card("student", "Ерлан").await).await, TIMUR);
    stage.asked(&more, "/undo").await.expect(200);
    work(&stage.school).await;
    assert_eq!(stage.card("student", "Ерлан").await.get("iin_end"), None);
    stage.asked(&import, "/undo").await.expect(200);
    work(&stage.school).await;
    assert_eq!(stage.import(&import).await["state"], "undone");
    assert_eq!(counts(&stage.brings(&[("Ученики", rows)]).await), [2, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn idn_6_a_number_tells_who_is_who_and_is_nobody_else_s() {
    let stage = keeping().await;
    let rows: &[&[&str]] = &[
        NUMBERED,
        &["Ахметова", "Айша", "30.11.2013", "ж", "7А", AISHA],
        &["Бекова", "Мадина", "", "ж", "7А", MADINA],
    ];
    stage.commit(&stage.brings(&[("Ученики", rows)]).await).await;
    let rows: &[&[&str]] = &[
        NUMBERED,
        // Another surname, another form of the name: she is known by the number.
        &["Серікқызы", "Айша", "", "ж", "7А", AISHA],
        // A mistyped number must not turn Мадина into somebody else.
        &["Оспанов", "Тимур", "15.04.2010", "м", "7А", MADINA],
        // Her namesake with a number of her own is another person.
        &["Бекова", "Мадина", "", "ж", "7А", TIMUR],
        &["Сатаев", "Ерлан", "", "м", "7А", TIMUR],
        &["Сатаев", "Нұрлан", "", "м", "7А", "131130600006"],
    ];
    let import = stage.brings(&[("Ученики", rows)]).await;
    assert_eq!(counts(&import), [1, 1, 0, 0, 3, 0], "{import}");
    let changed = &stage.rows(&import, "changed").await[0];
    assert_eq!(changed["changes"], json!([{ "field": "surname", "before": "Ахметова", "after": "Серікқызы" }]));
    let errors = stage.rows(&import, "error").await;
    let told: Vec<Vec<String>> = errors.iter().map(faults).collect();
    assert_eq!(told, [["iin iin-taken"], ["iin import-iin-twice"], ["iin iin-checksum"]]);
    assert_eq!(errors[1]["other"], 4);
    assert_eq!(errors[2]["cells"][5], "••••••••0006");

    let mended = stage.mend(&import, &errors[0], &["Оспанов", "Тимур", "15.04.2010", "м", "7А", ""]).await;
    assert_eq!(mended["row"]["outcome"], "new");
    stage.mend(&import, &errors[1], &["Сатаев", "Ерлан", "", "м", "7А", ""]).await;
    stage.mend(&import, &errors[2], &["Сатаев", "Нұрлан", "", "м", "7А", "010101000001"]).await;
    // A cell that comes back as it was shown is what it was.
    let mended = stage.mend(&import, changed, &["Серікқызы", "Айша", "", "ж", "7А", "••••••••0005"]).await;
    assert_eq!(mended["row"]["outcome"], "changed");
    let kept = stage.kept().await;
    assert!(!kept.contains("010101000001") && !kept.contains(AISHA));
    stage.commit(&import).await;
    let aisha = stage.card("student", "Айша").await;
    assert_eq!((&aisha["surname"], stage.shown(&aisha).await), (&json!("Серікқызы"), json!(AISHA)));
    assert_eq!(stage.shown(&stage.card("student", "Нұрлан").await).await, "010101000001");

    let leave = json!({ "version": aisha["version"], "left_on": aisha["memberships"][0]["joined"], "reason": "moved" });
    let left = stage.people().post(&format!("/people/{}/departure", aisha["id"].as_str().unwrap()), &leave).await;
    left.expect(200);
    let back: &[&[&str]] = &[NUMBERED, &["Серікқызы", "Айша", "", "ж", "7А", AISHA]];
    let import = stage.brings(&[("Ученики", back)]).await;
    assert_eq!(faults(&stage.rows(&import, "error").await[0]), ["iin import-iin-archived"]);
}

#[tokio::test]
async fn idn_6_a_guardian_who_works_here_has_the_number_once() {
    let stage = keeping().await;
    let students: &[&[&str]] = &[NUMBERED, &["Ахметова", "Айша", "", "ж", "7А", AISHA]];
    let guardians = |name| {
        vec![
            vec!["Ученик", "Кем приходится", "Фамилия", "Имя", "ИИН"],
            vec!["Ахметова Айша", "мать", name, "Дана", MADINA],
        ]
    };
    let staff: &[&[&str]] = &[&["Фамилия", "Имя", "Пол", "ИИН"], &["Бекова", "Дана", "ж", MADINA]];
    let brings = async |name| {
        let rows = guardians(name);
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        stage.brings(&[("Ученики", students), ("Законные представители", &rows), ("Сотрудники", staff)]).await
    };
    let import = brings("Сатаева").await;
    let error = &stage.rows(&import, "error").await[0];
    assert_eq!((faults(error), &error["other_table"]), (vec!["iin import-iin-twice".to_owned()], &json!(2)));
    let import = brings("Бекова").await;
    assert_eq!(counts(&import), [2, 0, 0, 1, 0, 0], "{import}");
    stage.commit(&import).await;
    let dana = stage.card("staff", "Дана").await;
    assert_eq!((&dana["roles"], stage.shown(&dana).await), (&json!(["teacher", "guardian"]), json!(MADINA)));
    assert_eq!(counts(&brings("Бекова").await), [0, 0, 2, 1, 0, 0], "the same again");
}

#[tokio::test]
async fn pdp_1_a_column_by_hand_is_sealed_too_and_the_switch_deletes_what_files_brought() {
    let stage = keeping().await;
    let rows: &[&[&str]] = &[
        &["Фамилия", "Имя", "Пол", "Класс", "Код"],
        &["Ахметова", "Айша", "ж", "7А", AISHA],
        &["Бекова", "Мадина", "ж", "7А", "080229 60000"],
    ];
    let import = stage.brings(&[("Ученики", rows)]).await;
    assert!(stage.kept().await.contains("080229 60000"), "eleven digits are no number, unless the column says so");
    let fields = json!(["surname", "given_name", "sex", "class", "iin"]);
    let columns = json!({ "version": import["version"], "table": 0, "subject": "students", "fields": fields });
    let import = stage.door().put(&path(&import, "/columns"), &columns).await.expect(200);
    assert_eq!(counts(&import), [1, 0, 0, 0, 1, 0]);
    let wrong = &stage.rows(&import, "error").await[0];
    assert_eq!((faults(wrong), &wrong["cells"][4]), (vec!["iin iin-digits".to_owned()], &json!("••••••••••••")));
    assert!(!stage.kept().await.contains("080229"));
    stage.mend(&import, wrong, &["Бекова", "Мадина", "ж", "7А", MADINA]).await;
    assert_eq!(stage.brought().await, 2);

    let switch = stage.school.client(IinApi).of(&stage.anar);
    switch.put("/iin", &json!({ "on": false, "version": 1 })).await.expect(200);
    assert_eq!(stage.brought().await, 0);
    // It was shown with numbers, so nothing is written; weighed anew, it is shown and goes without.
    let import = stage.commit(&import).await;
    assert_eq!((&import["state"], &import["error"]), (&json!("checked"), &json!("import.changed")));
    let note = json!([{ "field": "iin", "code": "import-iin-off" }]);
    assert_eq!(stage.rows(&import, "new").await[0]["notes"], note);
    assert_eq!(stage.commit(&import).await["state"], "done");
    assert_eq!(stage.card("student", "Айша").await.get("iin_end"), None);
}

#[tokio::test]
async fn imp_1_the_template_has_the_column_only_where_it_is_kept() {
    let columns = async |stage: &Stage| {
        let book = stage.door().get("/imports/template?language=kk").await;
        assert_eq!(book.status, 200);
        let tables = crate::read(&book.body).unwrap();
        tables[0].rows[0].cells.iter().any(|heading| heading == "ЖСН")
    };
    assert!(!columns(&Stage::open().await).await);
    assert!(columns(&keeping().await).await);
}
