//! Which passwords may be chosen (decision 13). Length and unguessability, no composition rules: staff
//! 15 characters, or 8 with a second factor; families 8. Deviation on purpose: families need a lower
//! score, because pupils of seven type it; the list of common passwords holds for them as well.

use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

/// The longest password that is taken, in characters.
const LONGEST: usize = 256;
/// The shortest part of a name that counts as a word of the context.
const SHORTEST_WORD: usize = 3;

/// Common passwords of this country and of the world, one a line, in lower case.
const COMMON: &str = include_str!("common-passwords.txt");

/// The same keys under Latin and Cyrillic letters: who types `gfhjkm` means `пароль`.
const KEYS: [(&str, &str); 3] = [
    ("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё"),
    ("QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~", "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"),
    ("234580-=9", "әіңғүқөһұ"),
];

/// How much is asked of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Students and guardians.
    Family,
    /// Staff without a second factor.
    Staff,
    /// Anybody of the staff, and operators, with a second factor.
    WithCode,
}

impl Policy {
    /// What is asked of a person of this kind (`staff`, `student`, `guardian`) without a second factor.
    #[must_use]
    pub fn of_kind(kind: &str) -> Self {
        if matches!(kind, "student" | "guardian") { Self::Family } else { Self::Staff }
    }

    /// What is asked of the same person with a second factor.
    #[must_use]
    pub fn with_code(self) -> Self {
        if self == Self::Family { self } else { Self::WithCode }
    }

    /// The least number of characters.
    #[must_use]
    pub fn least(self) -> usize {
        match self {
            Self::Staff => 15,
            Self::Family | Self::WithCode => 8,
        }
    }

    fn score(self) -> Score {
        match self {
            Self::Family => Score::Two,
            Self::Staff | Self::WithCode => Score::Three,
        }
    }
}

/// Checks a password that somebody chooses. The context names what a guesser tries first: the login, the
/// school, the person; the product's own name is always among it.
///
/// # Errors
/// The field's code: `password-short`, `too-long` or `password-weak`.
pub fn check_password(text: &str, policy: Policy, context: &[&str]) -> Result<(), &'static str> {
    let text: String = text.nfc().collect();
    let count = text.chars().count();
    if count < policy.least() {
        return Err("password-short");
    }
    if count > LONGEST {
        return Err("too-long");
    }
    let words = words(context);
    let known: Vec<&str> = words.iter().map(String::as_str).chain(common()).collect();
    let spellings = [text.clone(), typed(&text, Keyboard::Latin), typed(&text, Keyboard::Cyrillic)];
    let mut tried: Vec<&String> = spellings.iter().collect();
    tried.dedup();
    let weak = |spelling: &&String| {
        is_listed(spelling, &known)
            || own_signs(spelling, &words) * 2 < policy.least()
            || zxcvbn(spelling, &known).score() < policy.score()
    };
    if tried.iter().any(weak) { Err("password-weak") } else { Ok(()) }
}

fn common<'a>() -> impl Iterator<Item = &'a str> {
    COMMON.lines().map(str::trim).filter(|word| !word.is_empty())
}

/// The words of the context: each text whole, and its parts.
fn words(context: &[&str]) -> Vec<String> {
    let mut words = vec!["kundelik".to_owned(), "күнделік".to_owned()];
    for text in context {
        let text: String = text.nfc().flat_map(char::to_lowercase).collect();
        let parts = text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
        words.extend(parts.filter(|part| part.chars().count() >= SHORTEST_WORD));
        words.push(text);
    }
    words.retain(|word| word.chars().count() >= SHORTEST_WORD);
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// How many letters and digits are left when the words of the context are taken out: a name three times
/// is long, and no harder to guess than once.
fn own_signs(text: &str, words: &[String]) -> usize {
    let lower = text.to_lowercase();
    let rest = words.iter().fold(lower, |rest, word| rest.replace(word.as_str(), " "));
    rest.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Whether it is a known word, digits and signs around it not counted: `Aizhan2015!` is `aizhan`.
fn is_listed(text: &str, known: &[&str]) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    known.iter().any(|word| *word == lower || *word == bare)
}

enum Keyboard {
    Latin,
    Cyrillic,
}

fn typed(text: &str, keyboard: Keyboard) -> String {
    text.chars().map(|c| key(c, &keyboard).unwrap_or(c)).collect()
}

fn key(c: char, keyboard: &Keyboard) -> Option<char> {
    KEYS.iter().find_map(|(latin, cyrillic)| {
        let (from, to) = match keyboard {
            Keyboard::Latin => (cyrillic, latin),
            Keyboard::Cyrillic => (latin, cyrillic),
        };
        // Digits stay digits: on the Kazakh keyboard they are letters, but in a password they are a year.
        let place = from.chars().position(|f| f == c && !c.is_ascii_digit())?;
        to.chars().nth(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: [&str; 2] = ["serikova.aigul", "№ 17 мектеп-гимназия"];

    #[test]
    fn s20_passwords_are_measured_by_length_and_unguessability() {
        let long = "ұзын сөйлем, қатал емес ".repeat(5);
        let table: [(&str, Policy, Result<(), &str>); 23] = [
            ("", Policy::Family, Err("password-short")),
            ("қоңыр7!", Policy::Family, Err("password-short")),
            ("tulpar-kok", Policy::Family, Ok(())),
            ("күрең бота 4", Policy::Family, Ok(())),
            ("tulpar-kok7", Policy::WithCode, Ok(())),
            ("tulpar-kok7", Policy::Staff, Err("password-short")),
            ("tulpar-kok7-ush", Policy::Staff, Ok(())),
            ("сабыр түбі сары алтын", Policy::Staff, Ok(())),
            (&long, Policy::Staff, Ok(())),
            ("password", Policy::Family, Err("password-weak")),
            ("Password2026!", Policy::WithCode, Err("password-weak")),
            ("12345678", Policy::Family, Err("password-weak")),
            ("qwertyuiop", Policy::Family, Err("password-weak")),
            ("йцукенгшщз", Policy::Family, Err("password-weak")),
            ("құпиясөз", Policy::Family, Err("password-weak")),
            ("gfhjkmgfhjkm", Policy::Family, Err("password-weak")),
            ("Казахстан2026", Policy::Family, Err("password-weak")),
            ("kundelik2026", Policy::WithCode, Err("password-weak")),
            ("serikova.aigul", Policy::Family, Err("password-weak")),
            ("serikova-aigul-serikova", Policy::Staff, Err("password-weak")),
            ("aigul tulpar kok7 ush", Policy::Staff, Ok(())),
            ("Aigul2010", Policy::Family, Err("password-weak")),
            ("aaaaaaaaaaaaaaaaaaaa", Policy::Staff, Err("password-weak")),
        ];
        for (text, policy, expected) in table {
            assert_eq!(check_password(text, policy, &CONTEXT), expected, "{text:?} {policy:?}");
        }
        let letters = "сегіз қырлы бір сырлы ";
        let (just, over) = (letters.repeat(11), "я".repeat(257));
        assert!((240..=256).contains(&just.chars().count()));
        assert_eq!(check_password(&just, Policy::Staff, &CONTEXT), Ok(()));
        assert_eq!(check_password(&over, Policy::Staff, &CONTEXT), Err("too-long"));
    }

    #[test]
    fn s20_common_passwords_are_refused_to_everybody() {
        let mut tried = 0;
        for word in common().filter(|w| w.chars().count() >= 8) {
            assert_eq!(check_password(word, Policy::Family, &[]), Err("password-weak"), "{word}");
            tried += 1;
        }
        assert!(tried > 80, "{tried}");
        assert!(common().count() >= 200, "{}", common().count());
    }
}
