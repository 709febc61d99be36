//! Numbers of Kazakhstan: ИИН and БСН/BIN with their checksum. Phones are parsed by the rooms that
//! take them in.

use chrono::NaiveDate;

/// Why a twelve-digit number is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Not exactly twelve digits.
    NotTwelveDigits,
    /// The last digit does not fit the others.
    Checksum,
    /// A number that the algorithm never issues (IDN-2).
    Unassignable,
}

impl NumberFault {
    /// The code of the field problem for an ИИН.
    #[must_use]
    pub fn iin_code(self) -> &'static str {
        match self {
            Self::NotTwelveDigits => "iin-digits",
            Self::Checksum => "iin-checksum",
            Self::Unassignable => "iin-unassignable",
        }
    }

    /// The code of the field problem for a BIN.
    #[must_use]
    pub fn bin_code(self) -> &'static str {
        match self {
            Self::NotTwelveDigits => "bin-digits",
            Self::Checksum | Self::Unassignable => "bin-checksum",
        }
    }
}

/// Checks the control digit of an ИИН or BIN (IDN-1 to IDN-5).
///
/// # Errors
/// The first reason for which the number cannot be right.
pub fn check_number(text: &str) -> Result<(), NumberFault> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 12 || text.len() != 12 {
        return Err(NumberFault::NotTwelveDigits);
    }
    if digits.iter().all(|d| *d == 0) {
        return Err(NumberFault::Checksum);
    }
    let weighted = |weights: [u32; 11]| digits.iter().zip(weights).map(|(d, w)| d * w).sum::<u32>() % 11;
    let mut check = weighted([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    if check == 10 {
        check = weighted([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]);
    }
    match (check, digits.last()) {
        (10, _) => Err(NumberFault::Unassignable),
        (check, Some(last)) if check == *last => Ok(()),
        _ => Err(NumberFault::Checksum),
    }
}

/// The birth date that an ИИН once spoke of. Since 2013 its digits say nothing of it officially, so a date that
/// differs is a reason to look again and none to refuse (IDN-4).
#[must_use]
pub fn iin_birth_date(text: &str) -> Option<NaiveDate> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let century = match number(6, 7)? {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(century + i32::try_from(number(0, 2)?).ok()?, number(2, 4)?, number(4, 6)?)
}

/// Checks a BIN: the checksum, and a fifth digit that only organisations have.
///
/// # Errors
/// As [`check_number`].
pub fn check_bin(text: &str) -> Result<(), NumberFault> {
    check_number(text)?;
    match text.as_bytes().get(4) {
        Some(b'4'..=b'6') => Ok(()),
        _ => Err(NumberFault::Checksum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idn_1_valid_numbers_pass() {
        for good in ["131130600005", "080229600009", "100415500009", "010101000001"] {
            assert_eq!(check_number(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn idn_2_never_issued_numbers_are_refused() {
        for last in 0..10 {
            assert_eq!(check_number(&format!("14051250130{last}")), Err(NumberFault::Unassignable));
        }
    }

    #[test]
    fn idn_3_wrong_numbers_are_refused() {
        assert_eq!(check_number("131130600006"), Err(NumberFault::Checksum));
        assert_eq!(check_number("13113060000"), Err(NumberFault::NotTwelveDigits));
        assert_eq!(check_number("13113060000a"), Err(NumberFault::NotTwelveDigits));
        assert_eq!(check_number("000000000000"), Err(NumberFault::Checksum));
    }

    #[test]
    fn idn_4_a_number_speaks_of_a_birth_date_or_of_none() {
        let date = |text| iin_birth_date(text).map(|d| d.to_string());
        assert_eq!(date("131130600005").as_deref(), Some("2013-11-30"));
        assert_eq!(date("080229600009").as_deref(), Some("2008-02-29"));
        assert_eq!(date("010101000001"), None, "of a foreigner");
        assert_eq!(date("131330600000"), None, "no such month");
        assert_eq!(date("13"), None);
    }

    #[test]
    fn idn_5_bins_are_checked() {
        for good in ["160340016781", "990140000007", "220350000001", "160340016791"] {
            assert_eq!(check_bin(good), Ok(()), "{good}");
        }
        assert_eq!(check_bin("160340016782"), Err(NumberFault::Checksum));
        assert_eq!(check_bin("131130600005"), Err(NumberFault::Checksum));
    }
}
