//! Makes the workbook of an invented school: 1,000 students, 1,600 guardians, 90 staff; every 33rd row has a
//! fault, every 20th no patronymic, every second class is written with a Latin letter. The same each time.
//!
//! ```sh
//! cargo run -p kd-import --example workbook -- out.xlsx
//! ```

use std::error::Error;

use kd_import::{Field, Subject};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

const SURNAMES: [&str; 12] = [
    "Әбенов",
    "Бөкенов",
    "Ғалымов",
    "Дәуренов",
    "Есімов",
    "Жүнісов",
    "Қасымов",
    "Мұратов",
    "Нұрланов",
    "Өтегенов",
    "Сәрсенов",
    "Шәріпов",
];
const GIRLS: [&str; 9] = ["Айгүл", "Әсем", "Гүлнәр", "Дана", "Жанар", "Күлән", "Мәдина", "Салтанат", "Шолпан"];
const BOYS: [&str; 9] = ["Арман", "Бауыржан", "Ғани", "Дәулет", "Ерлан", "Қанат", "Мақсат", "Нұрсұлтан", "Тимур"];
const SUBJECTS: [&str; 5] = ["Математика", "Физика; химия", "Қазақ тілі, қазақ әдебиеті", "Музыка", ""];
const LETTERS: [&str; 4] = ["А", "A", "В", "B"];

/// One invented person.
struct Person {
    number: usize,
    woman: bool,
    subject: Subject,
}

impl Person {
    fn cell(&self, field: Field) -> String {
        let n = self.number;
        let faulty = n.is_multiple_of(33);
        match field {
            Field::Number => n.to_string(),
            Field::Surname => self.surname(),
            Field::GivenName => pick(if self.woman { &GIRLS } else { &BOYS }, n / 12).to_owned(),
            Field::Patronymic if n.is_multiple_of(20) => String::new(),
            Field::Patronymic => format!("{}{}", pick(&BOYS, n / 100), if self.woman { "қызы" } else { "ұлы" }),
            Field::BirthDate if faulty => "31.02.2012".to_owned(),
            Field::BirthDate => format!("{:02}.{:02}.{}", n % 28 + 1, n % 12 + 1, self.year()),
            Field::Sex if faulty && self.subject == Subject::Guardians => "?".to_owned(),
            Field::Sex => if self.woman { "ж" } else { "м" }.to_owned(),
            Field::Class => class(n),
            Field::Language => "қазақша".to_owned(),
            Field::Student => (n % 1000 + 1).to_string(),
            Field::StudentClass => class(n % 1000 + 1),
            Field::Relation => if self.woman { "мать" } else { "отец" }.to_owned(),
            Field::Position => "учитель".to_owned(),
            Field::Subjects => pick(&SUBJECTS, n).to_owned(),
            Field::Address => format!("ул. Абая, {n}"),
            Field::Phone if self.subject == Subject::Guardians => format!("8 701 {:07}", 1_000_000 + n),
            Field::EnrolledOn => "01.09.2026".to_owned(),
            Field::OrderNo => "112-к".to_owned(),
            Field::FullName | Field::Iin | Field::Phone | Field::Email => String::new(),
        }
    }

    fn surname(&self) -> String {
        format!("{}{}", pick(&SURNAMES, self.number), if self.woman { "а" } else { "" })
    }

    /// A student of grade 1 is six years old, the staff are grown up.
    fn year(&self) -> usize {
        if self.subject == Subject::Students { 2020 - self.number % 11 } else { 1965 + self.number % 35 }
    }
}

fn class(number: usize) -> String {
    format!("{} {}", number % 11 + 1, pick(&LETTERS, number / 11))
}

fn pick(words: &[&'static str], n: usize) -> &'static str {
    words.get(n % words.len()).copied().unwrap_or_default()
}

fn fill(sheet: &mut Worksheet, subject: Subject, people: usize) -> Result<(), XlsxError> {
    let [_, name, _] = subject.names();
    sheet.set_name(name)?;
    // The school of this workbook keeps no ИИН.
    let fields = subject.fields().iter().filter(|field| **field != Field::Iin);
    for (column, field) in (0_u16..).zip(fields) {
        sheet.write_string(0, column, field.headings().get(1).copied().unwrap_or_default())?;
        for (row, number) in (1_u32..).zip(1..=people) {
            let person = Person { number, woman: number.is_multiple_of(2), subject };
            sheet.write_string(row, column, person.cell(*field))?;
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("say where the workbook shall lie")?;
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 9, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for (subject, people) in Subject::ALL.into_iter().zip([1000, 1600, 90]) {
        fill(book.add_worksheet(), subject, people)?;
    }
    let bytes = book.save_to_buffer()?;
    let rows: usize = kd_import::read(&bytes).map_err(refused)?.iter().map(|t| t.rows.len() - 1).sum();
    std::fs::write(&path, bytes)?;
    println!("{rows} people in {path}");
    Ok(())
}

fn refused(refusal: kd_import::Refusal) -> String {
    format!("the workbook is refused: {refusal:?}")
}
