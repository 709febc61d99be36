//! Invented names, by turns: whoever bears one by chance is not meant.

/// Surnames; the second form is a woman's.
pub(crate) const SURNAMES: [(&str, &str); 24] = [
    ("Ахметов", "Ахметова"),
    ("Сәрсенов", "Сәрсенова"),
    ("Оспанов", "Оспанова"),
    ("Жұмабаев", "Жұмабаева"),
    ("Қалиев", "Қалиева"),
    ("Ермеков", "Ермекова"),
    ("Төлегенов", "Төлегенова"),
    ("Бекмұратов", "Бекмұратова"),
    ("Нұрланов", "Нұрланова"),
    ("Әбдіров", "Әбдірова"),
    ("Иманғалиев", "Иманғалиева"),
    ("Шаяхметов", "Шаяхметова"),
    ("Кузнецов", "Кузнецова"),
    ("Петренко", "Петренко"),
    ("Юсупов", "Юсупова"),
    ("Мұсабеков", "Мұсабекова"),
    ("Үсенов", "Үсенова"),
    ("Дәулетов", "Дәулетова"),
    ("Ғабдуллин", "Ғабдуллина"),
    ("Рахимов", "Рахимова"),
    ("Лебедев", "Лебедева"),
    ("Өтегенов", "Өтегенова"),
    ("Хасенов", "Хасенова"),
    ("Ысқақов", "Ысқақова"),
];

/// Names of boys and men.
pub(crate) const MEN: [&str; 16] = [
    "Тимур",
    "Әлихан",
    "Нұрсұлтан",
    "Ержан",
    "Дәурен",
    "Арман",
    "Санжар",
    "Иван",
    "Мирас",
    "Олжас",
    "Қайрат",
    "Бекзат",
    "Рустам",
    "Ерасыл",
    "Данияр",
    "Ислам",
];

/// Names of girls and women.
pub(crate) const WOMEN: [&str; 16] = [
    "Айгүл",
    "Әсел",
    "Нұргүл",
    "Іңкәр",
    "Дана",
    "Аружан",
    "Мәдина",
    "Ольга",
    "Камила",
    "Жанар",
    "Сәуле",
    "Томирис",
    "Гүлнар",
    "Аяулым",
    "Динара",
    "Зере",
];

/// A person by number: surname, given name, sex.
pub(crate) fn person(number: usize) -> (&'static str, &'static str, &'static str) {
    let pair = SURNAMES.get((number * 7 + number / 24) % SURNAMES.len()).copied().unwrap_or(("Ахметов", "Ахметова"));
    let given =
        |list: &[&'static str; 16]| list.get((number * 5 + number / 16) % list.len()).copied().unwrap_or("Арман");
    if number.is_multiple_of(2) { (pair.1, given(&WOMEN), "f") } else { (pair.0, given(&MEN), "m") }
}

/// A guardian of the student with that number: the same family.
pub(crate) fn guardian(number: usize) -> (&'static str, &'static str, &'static str) {
    let pair = SURNAMES.get((number * 7 + number / 24) % SURNAMES.len()).copied().unwrap_or(("Ахметов", "Ахметова"));
    let given = WOMEN.get((number * 3 + 1) % WOMEN.len()).copied().unwrap_or("Айгүл");
    (pair.1, given, "f")
}
