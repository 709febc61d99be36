//! Invented people and schools to print: for looking at the papers, and for the tests. Nobody in it exists.

use chrono::{DateTime, NaiveDate};
use kd_press::{AgreementPaper, AnnexService, Card, PaperLang, Party, SheetBatch, SheetLang, SheetPart, Signatures};

/// The agreement of an invented school, in the language of the paper.
pub fn paper(lang: PaperLang) -> AgreementPaper {
    let (city, provider, school) = match lang {
        PaperLang::Ru => (
            "г. Астана",
            party(
                "Товарищество с ограниченной ответственностью «Күнделік Сервис»",
                ["Сәрсенова Әлия Қуанышқызы", "Устав", "010000, г. Астана, ул. Ұлытау, 18, офис 402"],
            ),
            party(
                "Коммунальное государственное учреждение «Общеобразовательная школа № 205» отдела образования города Көктау",
                [
                    "Жұмағұлов Ерлан Тоқтарұлы",
                    "приказ от 14.08.2025 № 118-ж",
                    "Көктауская область, г. Көктау, ул. Үш қоңыр, 7",
                ],
            ),
        ),
        PaperLang::Kk => (
            "Астана қаласы",
            party(
                "«Күнделік Сервис» жауапкершілігі шектеулі серіктестігі",
                ["Сәрсенова Әлия Қуанышқызы", "Жарғы", "010000, Астана қаласы, Ұлытау көшесі, 18, 402-кеңсе"],
            ),
            party(
                "Көктау қаласы білім бөлімінің «№ 205 жалпы білім беретін мектебі» коммуналдық мемлекеттік мекемесі",
                [
                    "Жұмағұлов Ерлан Тоқтарұлы",
                    "14.08.2025 № 118-ж бұйрық",
                    "Көктау облысы, Көктау қаласы, Үш қоңыр көшесі, 7",
                ],
            ),
        ),
    };
    AgreementPaper {
        number: "2026-000012".to_owned(),
        date: day(2026, 11, 23),
        city: city.to_owned(),
        provider: Party { rnn: None, ..provider },
        school: Party { rnn: Some("620200012345".to_owned()), ..school },
        services: AnnexService::ALL.to_vec(),
        signed: None,
    }
}

/// The marks of both signatures.
pub fn signatures() -> Signatures {
    Signatures {
        school_signed_name: "Жұмағұлов Ерлан Тоқтарұлы".to_owned(),
        school_signed_at: DateTime::from_timestamp(1_795_422_300, 0).unwrap_or_default(),
        provider_facsimile_name: "Сәрсенова Әлия Қуанышқызы".to_owned(),
        content_sha256: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned()),
    }
}

/// A batch of `count` cards with distinct logins and passwords; every seventh name is long.
pub fn batch(language: SheetLang, count: usize) -> SheetBatch {
    let given = ["Аружан", "Нұрсұлтан", "Әйгерім", "Іңкәр", "Ғалымжан", "Қарлығаш", "Өмірбек", "Һәмит"];
    let surnames = ["Оспанова", "Әбдірахманов", "Үсенова", "Тұяқбай", "Ңұрлан", "Қуанышбеков"];
    let cards = (1..=count).map(|at| {
        let pick = |list: &[&str], step: usize| list.get((at * step) % list.len()).copied().unwrap_or("").to_owned();
        let (surname, name) = (pick(&surnames, 5), pick(&given, 3));
        let full_name = if at % 7 == 3 {
            "Қонысбайқызы-Мұхаметжанова Шұғыла-Гүлсім Әбдіманапқызы".to_owned()
        } else {
            format!("{surname} {name} Серікқызы")
        };
        Card {
            full_name,
            role_kk: "оқушы".to_owned(),
            role_ru: "ученик".to_owned(),
            login: format!("k{:06}.oqu", 410_000 + at),
            temporary_password: format!("7K0M9QX1{at:04}"),
        }
    });
    SheetBatch {
        school_kk: "Көктау қаласының № 205 жалпы білім беретін мектебі".to_owned(),
        school_ru: "Общеобразовательная школа № 205 города Көктау".to_owned(),
        heading_kk: None,
        heading_ru: None,
        language,
        sign_in_url: "http://portal.localhost:8080".to_owned(),
        expires_on: day(2026, 12, 7),
        parts: vec![SheetPart { class_name: Some("7Ә".to_owned()), cards: cards.collect() }],
        issued_on: day(2026, 11, 23),
    }
}

fn party(name: &str, [head, ground, address]: [&str; 3]) -> Party {
    Party {
        name: name.to_owned(),
        head: head.to_owned(),
        ground: ground.to_owned(),
        legal_address: address.to_owned(),
        postal_address: address.to_owned(),
        bin: "250840001239".to_owned(),
        rnn: None,
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}
