//! The user agreement: one version, the same clauses in three languages.

use kd_kernel::Tongue;

use crate::terms;

#[test]
fn m31_the_three_languages_have_the_same_version_and_the_same_numbers() {
    let all = [Tongue::Kk, Tongue::Ru, Tongue::En].map(terms);
    for one in &all {
        assert_eq!((one.version, one.published_on.to_string().as_str()), ("2026-1", "2026-08-03"));
        let numbers: Vec<_> = one.clauses.iter().map(|clause| clause.number.clone()).collect();
        assert_eq!(numbers, (1..=20).map(|at: u32| at.to_string()).collect::<Vec<_>>());
        assert!(one.clauses.iter().all(|clause| clause.text.chars().count() > 80));
    }
    let [kk, ru, en] = &all;
    for ((kk, ru), en) in kk.clauses.iter().zip(&ru.clauses).zip(&en.clauses) {
        assert!(kk.text != ru.text && ru.text != en.text && kk.text != en.text, "{} is not translated", kk.number);
    }
}

#[test]
fn m31_the_figures_are_the_same_in_every_language() {
    let figures = |text: &str| {
        let mut found: Vec<String> =
            text.split(|sign: char| !sign.is_ascii_digit()).filter(|f| !f.is_empty()).map(str::to_owned).collect();
        found.sort();
        found
    };
    let [kk, ru, en] = [Tongue::Kk, Tongue::Ru, Tongue::En].map(terms);
    for ((kk, ru), en) in kk.clauses.iter().zip(&ru.clauses).zip(&en.clauses) {
        assert_eq!(figures(kk.text), figures(ru.text), "{}", kk.number);
        assert_eq!(figures(ru.text), figures(en.text), "{}", kk.number);
    }
    assert!(ru.clauses[16].text.contains("96 часов") && en.clauses[10].text.contains("94-V"));
}
