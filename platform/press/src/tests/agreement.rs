//! The agreement: both texts whole and alike, drafts marked, signatures shown.

use super::{KAZAKH, pages, sample, squeezed};
use crate::agreement::{AgreementText, text};
use crate::{AgreementPaper, AnnexService, Flaw, PaperLang, PressError, agreement};

/// What the agreement must say, clause by clause.
const CONTENT: [(&str, &[&str]); 14] = [
    (
        "terms",
        &[
            "system",
            "connection",
            "user",
            "profile",
            "initial_credentials",
            "login",
            "password",
            "authentication",
            "access",
            "services",
            "school_service",
            "administrator",
            "information",
            "support",
        ],
    ),
    ("subject", &["connection", "free", "protection", "confidentiality", "concluded"]),
    ("provider_must", &["full", "availability", "use", "restriction_notice", "forms"]),
    ("provider_may", &["change", "requirements", "measures", "restriction", "restriction_entry"]),
    ("school_must", &["administrator", "inform", "requests", "withdrawal", "workplaces", "help", "handing_over"]),
    ("school_may", &["administrators", "measures", "stop"]),
    ("procedure", &["application", "activation", "people", "generation", "registration", "user_agreement"]),
    ("money", &["free", "additional"]),
    ("security", &["rights", "staff", "safekeeping", "damage", "forbidden"]),
    ("personal_data", &["operations", "purposes", "limits", "school_duties", "pupils_list", "staff_list"]),
    ("liability", &["law", "not_secret", "prevention", "outside"]),
    ("special", &["force_majeure", "earlier", "disputes", "facsimile"]),
    ("term", &["begins", "lasts", "early", "by_school", "by_provider", "ended"]),
    ("final", &["changes", "originals", "annex"]),
];

const BOTH: [PaperLang; 2] = [PaperLang::Ru, PaperLang::Kk];

fn outline(text: &AgreementText) -> Vec<(String, Vec<(String, usize)>)> {
    let clauses = |section: &crate::agreement::SectionText| {
        section.clauses.iter().map(|clause| (clause.key.clone(), clause.list.len())).collect()
    };
    text.section.iter().map(|section| (section.key.clone(), clauses(section))).collect()
}

#[test]
fn m3_every_clause_of_the_list_stands_in_both_texts_in_its_order() {
    for lang in BOTH {
        let found = outline(text(lang).unwrap());
        let found: Vec<_> = found
            .iter()
            .map(|(section, clauses)| {
                (section.as_str(), clauses.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>())
            })
            .collect();
        let wanted: Vec<_> = CONTENT.iter().map(|(section, clauses)| (*section, clauses.to_vec())).collect();
        assert_eq!(found, wanted, "{lang:?}");
    }
}

#[test]
fn m3_both_texts_have_the_same_numbers_points_words_and_services() {
    let (ru, kk) = (text(PaperLang::Ru).unwrap(), text(PaperLang::Kk).unwrap());
    assert_eq!(ru.numbers(), kk.numbers());
    assert_eq!(outline(ru), outline(kk));
    assert_eq!(ru.words.keys().collect::<Vec<_>>(), kk.words.keys().collect::<Vec<_>>());
    assert_eq!((ru.months.len(), kk.months.len()), (12, 12));
    let services = |text: &AgreementText| text.service.iter().map(|s| (s.key, s.items.len())).collect::<Vec<_>>();
    assert_eq!(services(ru), services(kk));
    assert_eq!(services(ru).iter().map(|(key, _)| *key).collect::<Vec<_>>(), AnnexService::ALL);
}

#[test]
fn m3_a_clause_refers_to_the_same_clauses_in_both_texts() {
    let references = |text: &str| {
        let mut found: Vec<String> =
            text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
        found.sort();
        found
    };
    let (ru, kk) = (text(PaperLang::Ru).unwrap(), text(PaperLang::Kk).unwrap());
    for (ru, kk) in ru.section.iter().zip(&kk.section) {
        for (ru, kk) in ru.clauses.iter().zip(&kk.clauses) {
            assert_eq!(references(&ru.text), references(&kk.text), "{}", ru.key);
            assert_ne!(ru.text, kk.text, "{} is not translated", ru.key);
            assert_eq!(ru.term.is_empty(), kk.term.is_empty(), "{}", ru.key);
        }
    }
}

#[test]
fn m3_every_clause_is_printed_under_its_number() {
    for lang in BOTH {
        let all = squeezed(&pages(&agreement(&sample::paper(lang), lang).unwrap()).concat());
        let text = text(lang).unwrap();
        let numbers = text.numbers();
        for section in &text.section {
            assert!(
                all.contains(&squeezed(&format!("{}{}", numbers[&section.key], section.heading))),
                "{}",
                section.key
            );
            for clause in &section.clauses {
                let number = &numbers[&format!("{}.{}", section.key, clause.key)];
                let begins: String = format!("{}{}", clause.term, clause.text.split('{').next().unwrap());
                let begins: String = squeezed(&begins).chars().take(30).collect();
                assert!(all.contains(&format!("{}{begins}", squeezed(number))), "{number} {begins}");
                for point in &clause.list {
                    assert!(all.contains(&squeezed(point)), "{number} {point}");
                }
            }
        }
        for service in &text.service {
            for item in &service.items {
                assert!(all.contains(&squeezed(item)), "{item}");
            }
        }
    }
}

#[test]
fn m3_the_figures_of_the_agreement_are_the_agreed_ones() {
    for (lang, maintenance, law, pointer) in [
        (PaperLang::Ru, "96 (девяноста шести) часов", "№ 94-V", "пункта 5.7"),
        (PaperLang::Kk, "96 (тоқсан алты) сағаттан", "№ 94-V", "5.7-тармақтың"),
    ] {
        let all = squeezed(&pages(&agreement(&sample::paper(lang), lang).unwrap()).concat());
        for words in [maintenance, law, pointer, "«Күнделік»"] {
            assert!(all.contains(&squeezed(words)), "{words}");
        }
        assert!(!all.contains("school_must") && !all.contains("schoolmust"));
    }
}

#[test]
fn m3_only_the_kazakh_text_calls_itself_a_translation() {
    let ru = pages(&agreement(&sample::paper(PaperLang::Ru), PaperLang::Ru).unwrap());
    let kk = pages(&agreement(&sample::paper(PaperLang::Kk), PaperLang::Kk).unwrap());
    assert!(squeezed(&kk[0]).contains(&squeezed("шарттың қазақ тіліндегі аудармасы")));
    assert!(!ru[0].contains("перевод"));
    assert!(squeezed(&ru.concat()).contains(&squeezed("применяется текст на русском языке")));
}

#[test]
fn m3_the_parties_their_requisites_and_the_dates_are_printed() {
    for (lang, day) in [(PaperLang::Ru, "23 ноября 2026 года"), (PaperLang::Kk, "2026 жылғы 23 қараша")]
    {
        let paper = sample::paper(lang);
        let all = squeezed(&pages(&agreement(&paper, lang).unwrap()).concat());
        let school = &paper.school;
        let rnn = school.rnn.as_deref().unwrap();
        let parts = [&paper.number, &paper.city, &paper.provider.name, &paper.provider.bin, &school.name, &school.head];
        for part in parts.map(String::as_str).into_iter().chain([&school.ground, &school.legal_address, rnn, day]) {
            assert!(all.contains(&squeezed(part)), "{part}");
        }
    }
}

#[test]
fn m3_every_page_of_a_draft_says_so_and_no_page_of_a_signed_one() {
    for lang in BOTH {
        let draft = sample::paper(lang);
        let signed = AgreementPaper { signed: Some(sample::signatures()), ..draft.clone() };
        let (draft, signed) = (pages(&agreement(&draft, lang).unwrap()), pages(&agreement(&signed, lang).unwrap()));
        assert!(draft.len() >= 5);
        for page in &draft {
            // Across the page and in its foot.
            assert_eq!(squeezed(page).matches("ЖОБАПРОЕКТ").count(), 2);
        }
        assert!(!signed.concat().contains("ЖОБА"));
    }
}

#[test]
fn m3_signatures_are_shown_with_the_time_of_kazakhstan_and_the_digest() {
    let paper = AgreementPaper { signed: Some(sample::signatures()), ..sample::paper(PaperLang::Ru) };
    let all = pages(&agreement(&paper, PaperLang::Ru).unwrap()).concat();
    let signed = paper.signed.as_ref().unwrap();
    assert_eq!(signed.school_signed_at.to_rfc3339(), "2026-11-23T08:25:00+00:00");
    assert!(all.contains("23.11.2026 13:25 (UTC+5)"));
    assert!(all.contains(signed.content_sha256.as_deref().unwrap()));
    assert!(squeezed(&all).contains(&squeezed("Факсимильная подпись Сәрсенова Әлия Қуанышқызы")));
}

#[test]
fn every_kazakh_letter_survives_printing_and_copying() {
    let mut paper = sample::paper(PaperLang::Kk);
    paper.school.head = KAZAKH.to_owned();
    let all = pages(&agreement(&paper, PaperLang::Kk).unwrap()).concat();
    assert!(all.contains(KAZAKH));
}

#[test]
fn the_same_data_always_give_the_same_bytes() {
    let paper = sample::paper(PaperLang::Kk);
    assert_eq!(agreement(&paper, PaperLang::Kk).unwrap(), agreement(&paper, PaperLang::Kk).unwrap());
}

#[test]
fn what_cannot_be_printed_is_named_without_its_value() {
    let field = |change: fn(&mut AgreementPaper)| {
        let mut paper = sample::paper(PaperLang::Ru);
        paper.signed = Some(sample::signatures());
        change(&mut paper);
        agreement(&paper, PaperLang::Ru).unwrap_err()
    };
    let named = |field, flaw| PressError::Field { field, card: None, flaw };
    assert_eq!(field(|p| p.services.clear()), PressError::Empty { what: "services" });
    assert_eq!(field(|p| p.number = " ".to_owned()), named("number", Flaw::Blank));
    assert_eq!(field(|p| p.school.bin = "1".repeat(21)), named("school.bin", Flaw::TooLong { most: 20 }));
    assert_eq!(field(|p| p.provider.head = "а\nб".to_owned()), named("provider.head", Flaw::Control));
    assert_eq!(field(|p| p.school.rnn = Some(String::new())), named("school.rnn", Flaw::Blank));
    let digest = field(|p| p.signed.as_mut().unwrap().content_sha256 = Some("9f86".to_owned()));
    assert_eq!(digest, named("signed.content_sha256", Flaw::Shape));
    assert_eq!(digest.to_string(), "signed.content_sha256: it does not have the agreed shape");
}
