//! The sheets: a card for each, the register without passwords, nothing left of what was printed.

use super::{KAZAKH, pages, sample};
use crate::sheets::{TEXT, grouped, in_fragment};
use crate::{Flaw, MOST_CARDS, PressError, SheetBatch, SheetLang, SheetPart, qr_svg, sheets};

/// The pages of the cards, then those of the register.
fn parts(batch: &SheetBatch) -> (Vec<String>, Vec<String>) {
    let all = pages(&sheets(batch).unwrap());
    let register = all.iter().position(|page| page.contains("тізілімі") || page.contains("Ведомость")).unwrap();
    (all[..register].to_vec(), all[register..].to_vec())
}

fn lines(pages: &[String]) -> Vec<&str> {
    pages.iter().flat_map(|page| page.lines()).map(str::trim).collect()
}

fn is_password(line: &str) -> bool {
    let groups: Vec<_> = line.split('-').collect();
    groups.len() == 3 && groups.iter().all(|group| group.len() == 4 && group.chars().all(|c| c.is_ascii_alphanumeric()))
}

#[test]
fn pdp10_thirty_cards_give_thirty_cards_and_thirty_lines_of_the_register() {
    for (language, cards_on_page) in [(SheetLang::Kk, 10), (SheetLang::Ru, 10), (SheetLang::Both, 8)] {
        let batch = sample::batch(language, 30);
        let (cards, register) = parts(&batch);
        assert_eq!(cards.len(), 30_usize.div_ceil(cards_on_page));
        let (cards, register) = (lines(&cards), lines(&register));
        assert_eq!(cards.iter().filter(|line| is_password(line)).count(), 30);
        for card in &batch.parts[0].cards {
            // Whole on a line each, the password right below the login and its label.
            let login = cards.iter().position(|line| *line == card.login).unwrap();
            assert_eq!(cards[login + 2].replace('-', ""), card.temporary_password);
            assert_eq!(register.iter().filter(|line| **line == card.login).count(), 1);
        }
    }
}

#[test]
fn pdp10_the_register_holds_no_password() {
    let (_, register) = parts(&sample::batch(SheetLang::Both, 30));
    assert!(!lines(&register).iter().any(|line| is_password(line)));
    assert!(register.concat().contains("Қолы / Подпись"));
}

#[test]
fn pdp10_the_class_stands_above_the_cut_line_only() {
    let batch = sample::batch(SheetLang::Kk, 30);
    let (cards, _) = parts(&batch);
    for page in &cards {
        assert_eq!(page.matches("7Ә").count(), 1);
        // It is read before the first card of the page.
        assert!(page.find("7Ә").unwrap() < page.find("Уақытша құпиясөз").unwrap());
        assert_eq!(page.matches(batch.school_kk.as_str()).count(), 1 + page.matches("Уақытша құпиясөз").count());
    }
}

#[test]
fn pdp10_staff_without_a_class_are_printed_too() {
    let mut batch = sample::batch(SheetLang::Ru, 3);
    batch.parts[0].class_name = None;
    let (cards, _) = parts(&batch);
    assert!(!cards.concat().contains("Класс"));
    assert_eq!(lines(&cards).iter().filter(|line| is_password(line)).count(), 3);
}

#[test]
fn pdp10_nine_hundred_cards_are_printed_in_one_batch() {
    let batch = sample::batch(SheetLang::Kk, 900);
    let (cards, register) = parts(&batch);
    assert_eq!(cards.len(), 90);
    assert_eq!(lines(&cards).iter().filter(|line| is_password(line)).count(), 900);
    let register = lines(&register);
    assert!(batch.parts[0].cards.iter().all(|card| register.contains(&card.login.as_str())));
}

#[test]
fn pdp10_a_sheet_speaks_the_language_that_was_asked_for() {
    let printed = |language| parts(&sample::batch(language, 2)).0.concat();
    let (kk, ru, both) = (printed(SheetLang::Kk), printed(SheetLang::Ru), printed(SheetLang::Both));
    assert!(kk.contains("Уақытша құпиясөз") && !kk.contains("Временный пароль") && !kk.contains("ученик"));
    assert!(ru.contains("Временный пароль") && !ru.contains("Уақытша құпиясөз") && !ru.contains("оқушы"));
    assert!(both.contains("Уақытша құпиясөз / Временный пароль") && both.contains("оқушы / ученик"));
    for page in [kk, ru, both] {
        assert!(page.contains("07.12.2026") && page.contains("portal.localhost:8080"));
    }
}

#[test]
fn pdp10_the_words_of_both_languages_are_the_same_and_translated() {
    let text = TEXT.as_ref().unwrap();
    assert_eq!(text.kk.words.keys().collect::<Vec<_>>(), text.ru.words.keys().collect::<Vec<_>>());
    assert_eq!((text.kk.steps.len(), text.ru.steps.len()), (3, 3));
    for (key, kk) in &text.kk.words {
        assert!(*kk != text.ru.words[key] || ["number", "login"].contains(&key.as_str()), "{key} is not translated");
    }
}

#[test]
fn pdp10_a_long_name_and_every_kazakh_letter_survive() {
    let mut batch = sample::batch(SheetLang::Both, 2);
    batch.parts[0].cards[0].full_name = KAZAKH.to_owned();
    batch.parts[0].cards[1].full_name = "Қонысбайқызы-Мұхаметжанова-Ысқақова Шұғыла-Гүлсім Әбдіманапқызы".to_owned();
    let (cards, register) = parts(&batch);
    for page in [&cards[0], &register[0]] {
        assert!(page.contains(KAZAKH));
        assert!(super::squeezed(page).contains(&super::squeezed(&batch.parts[0].cards[1].full_name)));
    }
}

#[test]
fn pdp10_what_was_printed_is_not_met_in_the_next_batch() {
    let first = sheets(&sample::batch(SheetLang::Kk, 30)).unwrap();
    let mut other = sample::batch(SheetLang::Kk, 30);
    for card in &mut other.parts[0].cards {
        card.temporary_password = card.temporary_password.replace("7K0M", "AAAA");
    }
    assert!(!pages(&sheets(&other).unwrap()).concat().contains("7K0M"));
    assert_eq!(sheets(&sample::batch(SheetLang::Kk, 30)).unwrap(), first);
}

#[test]
fn pdp10_what_cannot_be_printed_is_named_without_its_value() {
    let failed = |change: fn(&mut SheetBatch)| {
        let mut batch = sample::batch(SheetLang::Kk, 2);
        change(&mut batch);
        sheets(&batch).unwrap_err()
    };
    let second = |field, flaw| PressError::Field { field, card: Some(2), flaw };
    assert_eq!(failed(|b| b.parts[0].cards.clear()), PressError::Empty { what: "cards" });
    let crowd = failed(|b| b.parts[0].cards = sample::batch(SheetLang::Kk, MOST_CARDS + 1).parts.remove(0).cards);
    assert_eq!(crowd, PressError::TooManyCards { given: MOST_CARDS + 1, most: MOST_CARDS });
    assert_eq!(failed(|b| b.parts[0].cards[1].full_name.clear()), second("cards.full_name", Flaw::Blank));
    assert_eq!(
        failed(|b| b.parts[0].cards[1].login = "l".repeat(41)),
        second("cards.login", Flaw::TooLong { most: 40 })
    );
    let short = failed(|b| b.parts[0].cards[1].temporary_password = "SECRET".to_owned());
    assert_eq!(short, second("cards.temporary_password", Flaw::Shape));
    assert!(!short.to_string().contains("SECRET"));
}

#[test]
fn s58_a_card_does_not_show_its_password_in_logs() {
    let batch = sample::batch(SheetLang::Kk, 1);
    assert!(!format!("{batch:?}").contains(&batch.parts[0].cards[0].temporary_password));
}

#[test]
fn pdp10_a_password_is_grouped_by_four_and_keeps_its_case() {
    assert_eq!(grouped("7k2M9qx4p0aB").as_deref(), Some("7k2M-9qx4-p0aB"));
    assert_eq!(grouped("7K2M-9QX4-P0AB").as_deref(), Some("7K2M-9QX4-P0AB"));
    for wrong in ["", "7K2M9QX4P0A", "7K2M9QX4P0ABC", "7K2M 9QX4P0A", "Ж2М9QX4P0ABC"] {
        assert_eq!(grouped(wrong), None);
    }
}

#[test]
fn pdp10_the_login_travels_in_the_fragment_safely() {
    assert_eq!(in_fragment("k410001.oqu_7-a~"), "k410001.oqu_7-a~");
    assert_eq!(in_fragment("a&b=ә#"), "a%26b%3D%D3%99%23");
}

#[test]
fn a_qr_code_is_a_drawing_of_its_own_and_never_panics() {
    let svg = qr_svg("otpauth://totp/Kundelik:aigul?secret=JBSWY3DPEHPK3PXP&issuer=Kundelik");
    assert!(svg.starts_with("<?xml") && svg.ends_with("</svg>") && svg.contains("viewBox"));
    assert_ne!(svg, qr_svg("otpauth://totp/Kundelik:timur"));
    assert!(qr_svg(&"x".repeat(5_000)).len() < 120);
}

#[test]
fn pdp10_the_schools_own_words_of_full_length_stand_on_every_card_and_push_nothing_off() {
    let words = |letter: &str| format!("{} соңы", vec![letter.repeat(9); 29].join(" "));
    for (language, cards_on_page) in [(SheetLang::Kk, 8), (SheetLang::Both, 6)] {
        let mut batch = sample::batch(language, 24);
        batch.heading_kk = Some(words("ә"));
        batch.heading_ru = Some(words("ж"));
        let (cards, register) = parts(&batch);
        assert_eq!(cards.len(), 24_usize.div_ceil(cards_on_page), "{language:?}");
        for page in &cards {
            let on_page = lines(std::slice::from_ref(page)).iter().filter(|line| is_password(line)).count();
            let squeezed = super::squeezed(page);
            assert_eq!(squeezed.matches("әәәәәәәәәсоңы").count(), on_page, "{language:?}");
            assert_eq!(squeezed.matches("жсоңы").count(), if language == SheetLang::Both { on_page } else { 0 });
        }
        assert!(!super::squeezed(&register.concat()).contains("соңы"));
    }
}

#[test]
fn acc_3_each_class_begins_a_page_and_has_its_own_register() {
    let mut batch = sample::batch(SheetLang::Kk, 5);
    let other = SheetPart { class_name: Some("8А".to_owned()), cards: batch.parts[0].cards.split_off(2) };
    batch.parts.push(other);
    let all = pages(&sheets(&batch).unwrap());
    let of = |name: &str| all.iter().map(|page| page.contains(name)).collect::<Vec<_>>();
    assert_eq!(of("7Ә"), [true, true, false, false]);
    assert_eq!(of("8А"), [false, false, true, true]);
    let signed = |page: &str| page.lines().filter(|line| line.trim().ends_with(".oqu")).count();
    assert_eq!(all.iter().map(|page| signed(page)).collect::<Vec<_>>(), [2, 2, 3, 3]);
}
