//! Names of people: how they are folded for search, written in Latin for a login, and put in order.

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use unicode_normalization::UnicodeNormalization;

/// A name as search sees it: lower case, Kazakh letters folded to their Russian neighbours (IDN-9:
/// і→и, ү, ұ→у, ө→о, ә→а, ғ→г, қ→к, ң→н, һ→х, ё→е), soft and hard signs dropped.
#[must_use]
pub fn folded(name: &str) -> String {
    name.nfc()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            'ә' => Some('а'),
            'ғ' => Some('г'),
            'қ' => Some('к'),
            'ң' => Some('н'),
            'ө' => Some('о'),
            'ұ' | 'ү' => Some('у'),
            'һ' => Some('х'),
            'і' => Some('и'),
            'ё' => Some('е'),
            'ь' | 'ъ' => None,
            other => Some(other),
        })
        .collect()
}

/// Latin letters for a login (domain.md 5.6); what has no letter is kept if ASCII, else dropped.
#[must_use]
pub fn latin(name: &str) -> String {
    let mut out = String::new();
    for c in name.nfc().flat_map(char::to_lowercase) {
        let letters = match c {
            'а' | 'ә' => "a",
            'б' => "b",
            'в' => "v",
            'г' | 'ғ' => "g",
            'д' => "d",
            'е' | 'э' | 'ё' => "e",
            'ж' => "zh",
            'з' => "z",
            'и' | 'й' | 'і' => "i",
            'к' | 'қ' => "k",
            'л' => "l",
            'м' => "m",
            'н' | 'ң' => "n",
            'о' | 'ө' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' | 'ұ' | 'ү' => "u",
            'ф' => "f",
            'х' => "kh",
            'һ' => "h",
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "shch",
            'ы' => "y",
            'ю' => "yu",
            'я' => "ya",
            other if other.is_ascii() => {
                out.push(other);
                ""
            }
            _ => "",
        };
        out.push_str(letters);
    }
    out
}

/// The readable part of a proposed login: `alimgazy.nursultan` (IDN-10); a suffix makes it unique.
#[must_use]
pub fn login_stem(surname: &str, given_name: &str) -> String {
    let keep = |part: &str| -> String { latin(part).chars().filter(char::is_ascii_alphanumeric).take(20).collect() };
    let (first, second) = (keep(surname), keep(given_name));
    match (first.is_empty(), second.is_empty()) {
        (false, false) => format!("{first}.{second}"),
        (false, true) => first,
        (true, false) => second,
        (true, true) => "user".to_owned(),
    }
}

/// Order of names for every list: the Kazakh alphabet (IDN-8), right for Russian names too.
pub struct NameOrder(Option<CollatorBorrowed<'static>>);

impl Default for NameOrder {
    fn default() -> Self {
        let kk = icu_locale_core::locale!("kk");
        Self(Collator::try_new(kk.into(), CollatorOptions::default()).ok())
    }
}

impl NameOrder {
    /// Compares two names.
    #[must_use]
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        self.0.as_ref().map_or_else(|| a.cmp(b), |order| order.compare(a, b))
    }
}

/// Sorts a list by a name; equal names keep their order.
pub fn sort_by_name<T>(list: &mut [T], name: impl Fn(&T) -> &str) {
    let order = NameOrder::default();
    list.sort_by(|a, b| order.compare(name(a), name(b)));
}

/// Surname first, as in every list: `Ахметова Айгүл Серікқызы`.
#[must_use]
pub fn full_name(surname: &str, given_name: &str, patronymic: Option<&str>) -> String {
    [Some(surname), Some(given_name), patronymic]
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idn_8_names_sort_by_the_kazakh_alphabet() {
        let mut names = vec!["Іңкәр", "Ибрагим", "Ысқақ", "Қайрат", "Камила", "Ұлан", "Үміт", "Уәли", "Әлия", "Айгүл"];
        sort_by_name(&mut names, |n| n);
        assert_eq!(names, ["Айгүл", "Әлия", "Ибрагим", "Камила", "Қайрат", "Уәли", "Ұлан", "Үміт", "Ысқақ", "Іңкәр"]);
    }

    #[test]
    fn idn_9_search_folds_kazakh_letters() {
        let name = folded("Нұргүл Өмірбек");
        for word in folded("нургуль омирбек").split(' ') {
            assert!(name.contains(word), "{word} in {name}");
        }
    }

    #[test]
    fn idn_10_a_login_is_written_in_latin() {
        assert_eq!(login_stem("Әлімғазы", "Нұрсұлтан"), "alimgazy.nursultan");
        assert_eq!(login_stem("Щукина", "Юлия"), "shchukina.yuliya");
        assert_eq!(login_stem("", ""), "user");
    }
}
