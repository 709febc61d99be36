//! Cells become values: dates, sexes, relations, names of classes. Nothing for what cannot be read.

use chrono::{Days, NaiveDate};
use kd_kernel::names::folded;

/// A date as schools write it: dd.MM.yyyy, yyyy-MM-dd, or the number of a day as spreadsheets count.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let text = text.strip_suffix(" 00:00:00").unwrap_or(text);
    if let Ok(serial) = text.parse::<u32>() {
        return of_serial(serial);
    }
    let dots = text.replace(['/', ','], ".");
    let (date, year) = match NaiveDate::parse_from_str(&dots, "%d.%m.%Y") {
        Ok(date) => (date, dots.rsplit('.').next().unwrap_or_default()),
        Err(_) => (NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?, text.split('-').next().unwrap_or_default()),
    };
    // A year of two figures would be read as one of antiquity.
    (year.len() == 4).then_some(date)
}

/// Day 1 is 1 January 1900; spreadsheets believe in 29 February 1900, which is day 60.
fn of_serial(serial: u32) -> Option<NaiveDate> {
    let before = NaiveDate::from_ymd_opt(1899, 12, if serial < 60 { 31 } else { 30 })?;
    let counted = (1..100_000).contains(&serial) && serial != 60;
    counted.then(|| before.checked_add_days(Days::new(u64::from(serial)))).flatten()
}

/// A date out of the parts that a workbook's reader gives.
pub fn serial_in(year: u16, month: u8, day: u8) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
}

/// dd.MM.yyyy.
pub fn written(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

/// `f` or `m`, as the wire has it.
#[must_use]
pub fn sex(text: &str) -> Option<&'static str> {
    match folded(text.trim()).trim_end_matches('.') {
        "ж" | "жен" | "женский" | "девочка" | "эйел" | "айел" | "к" | "кыз" | "f" | "female" | "girl" => {
            Some("f")
        }
        "м" | "муж" | "мужской" | "мальчик" | "ер" | "еркек" | "у" | "ул" | "m" | "male" | "boy" => {
            Some("m")
        }
        _ => None,
    }
}

/// `kk`, `ru` or `other`: a language of instruction, as classes have it.
#[must_use]
pub fn language(text: &str) -> &'static str {
    match folded(text.trim()).trim_end_matches('.') {
        "казахский" | "казахский язык" | "казакша" | "казак тили" | "казак" | "каз" | "kk" | "kz" | "kazakh" => {
            "kk"
        }
        "русский" | "русский язык" | "орысша" | "орыс тили" | "орыс" | "рус" | "ru" | "russian" => {
            "ru"
        }
        _ => "other",
    }
}

/// `mother`, `father`, `guardian` or `other`, as the wire has it.
#[must_use]
pub fn relation(text: &str) -> Option<&'static str> {
    match folded(text.trim()).as_str() {
        "мать" | "мат" | "мама" | "ана" | "анасы" | "шеше" | "шешеси" | "mother" => {
            Some("mother")
        }
        "отец" | "папа" | "аке" | "акеси" | "father" => Some("father"),
        "опекун" | "опекунша" | "попечител" | "коргоншы" | "коргоншысы" | "камкоршы" | "камкоршысы" | "guardian" => {
            Some("guardian")
        }
        "другой" | "другое" | "иной" | "баска" | "other" => Some("other"),
        _ => None,
    }
}

/// The grade and the letters of a class as they were typed: `7 "А"`, `7-ә`, `11 B класс`. What letters a
/// class may have and which look alike, `classes` knows.
#[must_use]
pub fn class_name(text: &str) -> Option<(i32, String)> {
    let text = text.trim();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let grade = digits.parse().ok().filter(|grade| (0..=12).contains(grade))?;
    let rest = text.get(digits.len()..)?.to_lowercase();
    let rest = ["класс", "сынып", "сыныбы", "class"].iter().find_map(|word| rest.strip_suffix(word)).unwrap_or(&rest);
    let letters = rest.trim_matches(|c: char| c.is_whitespace() || "\"'«»“”„-–—_.".contains(c));
    let good = !letters.is_empty() && letters.chars().count() <= 3 && letters.chars().all(char::is_alphabetic);
    good.then(|| (grade, letters.to_owned()))
}
