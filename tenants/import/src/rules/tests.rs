//! Files as schools bring them, and files as attackers do.

use std::io::{Cursor, Write};

use chrono::NaiveDate;
use kd_kernel::Tongue;
use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let tables = read(bytes).unwrap();
    tables.into_iter().flat_map(|t| t.rows).map(|row| row.cells).collect()
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn code(bytes: &[u8]) -> &'static str {
    Problem::from(read(bytes).unwrap_err()).code()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn imp_1_a_workbook_is_read_as_its_cells_show() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "Тегі").unwrap();
    sheet.write_string(0, 2, "Туған күні").unwrap();
    sheet.write_string(3, 0, "  Әлімғазы ").unwrap();
    sheet.write_number(3, 1, 87_011_234_567_f64).unwrap();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    sheet.write_number_with_format(3, 2, 40973, &date).unwrap();
    sheet.write_boolean(3, 4, true).unwrap();
    let tables = read(&book.save_to_buffer().unwrap()).unwrap();
    let table = tables.first().unwrap();
    assert_eq!(table.rows.iter().map(|r| r.number).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(table.rows.last().unwrap().cells, ["Әлімғазы", "87011234567", "05.03.2012", "", "true"]);
}

#[test]
fn imp_1_csv_is_read_in_both_encodings_and_with_every_delimiter() {
    let text = "Фамилия;Имя\r\n\"Иванова; мл.\";Анна\r\n;\r\n";
    let windows = encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    for bytes in [text.as_bytes(), &windows, &marked, &wide] {
        assert_eq!(rows(bytes), [["Фамилия", "Имя"], ["Иванова; мл.", "Анна"]]);
    }
    for text in ["а,б\nв,г", "а\tб\nв\tг"] {
        assert_eq!(rows(text.as_bytes()), [["а", "б"], ["в", "г"]]);
    }
}

#[test]
fn imp_1_dates_are_days_with_dots_or_numbers_of_days() {
    for text in ["05.03.2012", "5.3.2012", "2012-03-05", "40973", " 05/03/2012 ", "05.03.2012 00:00:00"] {
        assert_eq!(date(text), Some(day("2012-03-05")), "{text}");
    }
    assert_eq!((date("1"), date("59"), date("61")), (date("01.01.1900"), date("28.02.1900"), date("01.03.1900")));
    for bad in ["", "0", "60", "31.02.2012", "05.03.12", "99999999", "весна", "-5", "4.5"] {
        assert_eq!(date(bad), None, "{bad}");
    }
}

#[test]
fn imp_1_names_of_classes_are_read_with_and_without_marks() {
    for text in ["7\"А\"", "7 А", "7-а", "7«А»", " 7А класс", "7 а сынып"] {
        let (grade, letters) = class_name(text).unwrap();
        assert_eq!((grade, letters.as_str()), (7, "а"), "{text}");
    }
    assert_eq!(class_name("11 B"), Some((11, "b".to_owned())));
    for bad in ["", "А7", "13А", "7", "7АБВГ", "7 1", "99999999999А"] {
        assert_eq!(class_name(bad), None, "{bad}");
    }
}

#[test]
fn sexes_and_relations_are_known_in_three_languages() {
    assert!(["ж", "Жен.", "қыз", "Қ", "әйел", "F"].iter().all(|t| sex(t) == Some("f")));
    assert!(["м", "Муж", "ұл", "Ер", "M"].iter().all(|t| sex(t) == Some("m")));
    assert_eq!((sex(""), sex("x")), (None, None));
    assert_eq!((relation("Мать"), relation("әкесі")), (Some("mother"), Some("father")));
    assert_eq!((relation("қамқоршы"), relation("өзге"), relation("басқа")), (Some("guardian"), None, Some("other")));
}

#[test]
fn imp_1_the_templates_are_recognised_whole() {
    for tongue in [Tongue::Kk, Tongue::Ru] {
        let tables = read(&template(tongue, true).unwrap()).unwrap();
        let headings: Vec<Heading> = tables.iter().map(columns).collect();
        for (heading, subject) in headings.iter().zip(Subject::ALL) {
            assert_eq!(heading.subject, Some(subject), "{tongue:?}");
            let fields: Vec<_> = heading.columns.iter().filter_map(|c| c.field).collect();
            assert_eq!(fields, subject.fields(), "{tongue:?}");
        }
        assert_eq!(headings.len(), 3);
    }
}

#[test]
fn a_table_is_told_by_its_columns_where_its_name_says_nothing() {
    let of = |text: &str| columns(read(text.as_bytes()).unwrap().first().unwrap());
    assert_eq!(of("ФИО;класс*;Дата рождения").subject, Some(Subject::Students));
    assert_eq!(of("Ученик;ФИО;Телефон").subject, Some(Subject::Guardians));
    assert_eq!(of("ТАӘ;Лауазымы").subject, Some(Subject::Staff));
    let twice = of("Фамилия;Класс;Фамилия;Рост");
    let fields: Vec<_> = twice.columns.iter().map(|c| c.field).collect();
    assert_eq!(fields, [Some(Field::Surname), Some(Field::Class), None, None]);
    assert_eq!(of("Рост;Вес").subject, None);
}

#[test]
fn s46_what_looks_like_a_formula_is_data_and_a_formula_is_refused_with_its_place() {
    let csv = "Имя\n=HYPERLINK(\"http://x\")\n+7\n-1\n@a";
    assert_eq!(rows(csv.as_bytes()).concat(), ["Имя", "=HYPERLINK(\"http://x\")", "+7", "-1", "@a"]);
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Ученики").unwrap().write_string(0, 0, "=1+1").unwrap();
    assert_eq!(rows(&book.save_to_buffer().unwrap()), [["=1+1"]]);
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Ученики").unwrap().write_formula(6, 27, "=1+1").unwrap();
    assert_eq!(read(&book.save_to_buffer().unwrap()), Err(Refusal::Formula("Ученики!AB7".to_owned())));
}

#[test]
fn s44_other_files_are_refused_each_with_its_reason() {
    let types = |text: &'static str| ("[Content_Types].xml", text.as_bytes());
    let book = ("xl/workbook.xml", b"<workbook/>".as_slice());
    assert_eq!(code(&zipped(&[book, ("xl/vbaProject.bin", b"x")])), "import.macros");
    assert_eq!(code(&zipped(&[book, types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")])), "import.macros");
    assert_eq!(code(&zipped(&[("mimetype", b"x"), ("content.xml", b"x")])), "import.other-workbook");
    assert_eq!(code(&zipped(&[("xl/workbook.bin", b"x")])), "import.other-workbook");
    assert_eq!(code(&zipped(&[("word/document.xml", b"x")])), "import.not-a-table");
    assert_eq!(code(&zipped(&[book])), "import.damaged");
    assert_eq!(code(b"PK\x03\x04 and nothing more"), "import.damaged");
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(code(&[b"\xD0\xCF\x11\xE0", locked.as_slice()].concat()), "import.encrypted");
    assert_eq!(code(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "import.other-workbook");
    for other in [b"%PDF-1.7".as_slice(), b"\x89PNG\r\n\x1a\n\0", b" <html><table>", b"{\\rtf1", b" \r\n", b""] {
        assert_eq!(code(other), "import.not-a-table", "{other:?}");
    }
}

#[test]
fn s44_bombs_and_giants_are_refused_before_they_are_unpacked() {
    let zeros = vec![b' '; 30_000_000];
    let bomb = zipped(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 100_000);
    assert_eq!(code(&bomb), "import.unpacks-too-large");
    let many: Vec<String> = (0..501).map(|n| format!("xl/{n}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    assert_eq!(code(&zipped(&parts)), "import.unpacks-too-large");
    assert_eq!(code(&vec![b'a'; MAX_BYTES + 1]), "import.too-large");
}

#[test]
fn s44_rows_columns_and_cells_are_bounded() {
    assert_eq!(code("а\n".repeat(MAX_ROWS + 1).as_bytes()), "import.too-many-rows");
    assert_eq!(rows("а\n".repeat(MAX_ROWS).as_bytes()).len(), MAX_ROWS);
    assert_eq!(code(";".repeat(MAX_COLUMNS).as_bytes()), "import.too-many-rows");
    let long = format!("а;{}", "б".repeat(MAX_CELL + 1));
    assert_eq!(read(long.as_bytes()), Err(Refusal::LongCell("B1".to_owned())));
    for (row, column) in [(1_048_575, 0), (0, 16_383)] {
        let mut book = Workbook::new();
        book.add_worksheet().write_string(row, column, "а").unwrap();
        assert_eq!(code(&book.save_to_buffer().unwrap()), "import.too-many-rows");
    }
    let mut book = Workbook::new();
    for _ in 0..2 {
        book.add_worksheet().write_string(12_000, 0, "а").unwrap();
    }
    assert_eq!(code(&book.save_to_buffer().unwrap()), "import.too-many-rows");
}
