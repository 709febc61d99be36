//! Rules: what a login is, how a proposed one is made unique, which limits the sign-in has. Pure.

use std::time::Duration;

use kd_kernel::Chance;
use unicode_normalization::UnicodeNormalization;

/// Tries that a temporary credential allows.
pub(crate) const TRIES: i32 = 5;
/// Sessions that an account may have; the oldest ends.
pub(crate) const SESSIONS: i64 = 20;
/// Different unknown logins from one address in [`WINDOW`].
pub(crate) const UNKNOWN_LOGINS: u32 = 20;
/// Failed sign-ins from one address in [`WINDOW`].
pub(crate) const FAILURES: u32 = 300;
/// The window of both.
pub(crate) const WINDOW: Duration = Duration::from_secs(600);

/// Letters to an address, and questions for a recovery of one login, in [`LETTERS_WINDOW`].
pub(crate) const LETTERS: u32 = 5;
/// Recoveries that are asked for from one address in [`LETTERS_WINDOW`]: a class may sit behind it.
pub(crate) const RECOVERIES: u32 = 30;
/// The window of both.
pub(crate) const LETTERS_WINDOW: Duration = Duration::from_secs(3_600);

const LONGEST_LOGIN: usize = 64;
const SHORTEST_LOGIN: usize = 3;
const SUFFIX: usize = 4;
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A login as it was typed, in its stored spelling; whether it can be one is not said.
pub(crate) fn folded(typed: &str) -> String {
    typed.trim().nfkc().flat_map(char::to_lowercase).take(LONGEST_LOGIN + 1).collect()
}

/// A login that may be chosen: `^[a-z0-9][a-z0-9._-]{2,63}$` after folding.
pub(crate) fn login(typed: &str) -> Option<String> {
    let login = folded(typed);
    let good = (SHORTEST_LOGIN..=LONGEST_LOGIN).contains(&login.len())
        && login.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && login.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c));
    good.then_some(login)
}

/// A login for a temporary credential: the readable stem and four signs of chance.
pub(crate) fn credential_login(stem: &str, chance: &Chance) -> String {
    let stem: String = folded(stem)
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(*c))
        .skip_while(|c| !c.is_ascii_alphanumeric())
        .take(LONGEST_LOGIN - SUFFIX - 1)
        .collect();
    let stem = stem.trim_end_matches(['.', '_', '-']);
    let stem = if stem.is_empty() { "user" } else { stem };
    let signs = chance.bytes::<SUFFIX>();
    let suffix: String =
        signs.iter().map(|b| char::from(CROCKFORD.get(usize::from(b & 31)).copied().unwrap_or(b'0'))).collect();
    format!("{stem}.{suffix}")
}

/// A code of eight digits for a letter; five tries make a guess one in twenty million.
pub(crate) fn digits(chance: &Chance) -> String {
    format!("{:08}", chance.below(100_000_000))
}

/// The readable stem of a credential's login, where it can be a login by itself.
pub(crate) fn stem_of(credential_login: &str) -> Option<&str> {
    credential_login.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| login(stem).as_deref() == Some(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_folded_and_checked() {
        assert_eq!(login("  Aigul.Serikova ").as_deref(), Some("aigul.serikova"));
        assert_eq!(login("Ａｉｇｕｌ").as_deref(), Some("aigul"), "full-width letters are the same letters");
        for bad in ["", "ab", ".abc", "-abc", "айгүл", "a b c", "a@b.kz", &"a".repeat(65)] {
            assert_eq!(login(bad), None, "{bad}");
        }
        assert_eq!(login(&"a".repeat(64)).map(|l| l.len()), Some(64));
    }

    #[test]
    fn a_credentials_login_is_a_stem_and_four_signs() {
        let chance = Chance::seeded(5);
        for (stem, expected) in
            [("Serikova.Aigul", "serikova.aigul"), ("", "user"), ("..", "user"), ("_a_", "a"), (&"x".repeat(90), "")]
        {
            let made = credential_login(stem, &chance);
            assert_eq!(login(&made).as_deref(), Some(made.as_str()), "{made}");
            let (left, right) = made.rsplit_once('.').unwrap();
            assert!(expected.is_empty() || left == expected, "{made}");
            assert_eq!(right.len(), 4);
            assert!(!right.contains(['i', 'l', 'o', 'u']));
        }
        assert_ne!(credential_login("a", &chance), credential_login("a", &chance));
        assert_eq!(stem_of("serikova.aigul.0a9z"), Some("serikova.aigul"));
        assert_eq!(stem_of("li.0a9z"), None);
    }
}
