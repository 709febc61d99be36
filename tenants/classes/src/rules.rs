//! Names of classes: grade and one to three letters, Cyrillic ones with Latin look-alikes read as what
//! they look like.

/// The letters of a class as they are kept: upper case, look-alikes made Cyrillic; nothing for what no
/// class is called.
#[must_use]
pub fn letter(typed: &str) -> Option<String> {
    let letters: String = typed.trim().chars().flat_map(char::to_uppercase).map(cyrillic).collect();
    let good = (1..=3).contains(&letters.chars().count()) && letters.chars().all(char::is_alphabetic);
    good.then_some(letters)
}

fn cyrillic(c: char) -> char {
    match c {
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Е',
        'H' => 'Н',
        'I' => 'І',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        'Y' => 'У',
        other => other,
    }
}

/// `7Ә`.
#[must_use]
pub fn name_of(grade: i32, letter: &str) -> String {
    format!("{grade}{letter}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_look_alikes_are_read_as_cyrillic() {
        assert_eq!(letter(" a ").as_deref(), Some("А"));
        assert_eq!(letter("C"), letter("с"));
        assert_eq!(letter("ә").as_deref(), Some("Ә"));
        for bad in ["", "абвг", "1", "А-"] {
            assert_eq!(letter(bad), None, "{bad}");
        }
    }
}
