//! What an application must be, without asking anybody. All faults are told at once.

use kd_ctx::letters::check_address;
use kd_kernel::identifiers::check_bin;
use kd_kernel::problem::Faults;
use kd_kernel::{Result, Tongue};
use kd_schools::rules::{ADDRESS, CITY, NAME, PERSON, line, maybe_line};
use phonenumber::country::Id::KZ;

use crate::wire::{ApplicationNew, Teaching};

/// The regions by the first two digits of KATO (domain.md 5.5).
const REGIONS: [&str; 20] = [
    "10", "11", "15", "19", "23", "27", "31", "33", "35", "39", "43", "47", "55", "59", "61", "62", "63", "71", "75",
    "79",
];
/// More pupils than the largest school of the country has.
const MOST_PUPILS: i32 = 10_000;
/// The longest reason of a rejection, in characters.
const REASON: usize = 2_000;
/// What a person may type as a phone number.
const PHONE: usize = 40;

/// An application that can be what it says.
#[derive(Debug, Clone)]
pub(crate) struct NewApplication {
    pub(crate) name_kk: String,
    pub(crate) name_ru: String,
    pub(crate) bin: String,
    pub(crate) region: String,
    pub(crate) city: String,
    pub(crate) legal_address: String,
    pub(crate) postal_address: String,
    pub(crate) director: String,
    pub(crate) contact_name: String,
    pub(crate) contact_position: Option<String>,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) language: Teaching,
    pub(crate) pupils: i32,
    pub(crate) locale: Tongue,
}

impl TryFrom<ApplicationNew> for NewApplication {
    type Error = kd_kernel::Problem;

    fn try_from(new: ApplicationNew) -> Result<Self> {
        let mut faults = Faults::default();
        let parsed = Self {
            name_kk: line(&mut faults, "name_kk", &new.name_kk, NAME),
            name_ru: line(&mut faults, "name_ru", &new.name_ru, NAME),
            bin: bin(&mut faults, &new.bin),
            region: new.region.trim().to_owned(),
            city: line(&mut faults, "city", &new.city, CITY),
            legal_address: line(&mut faults, "legal_address", &new.legal_address, ADDRESS),
            postal_address: line(&mut faults, "postal_address", &new.postal_address, ADDRESS),
            director: line(&mut faults, "director", &new.director, PERSON),
            contact_name: line(&mut faults, "contact_name", &new.contact_name, PERSON),
            contact_position: maybe_line(&mut faults, "contact_position", new.contact_position.as_deref(), PERSON),
            email: email(&mut faults, &new.email),
            phone: contact_phone(&mut faults, &new.phone),
            language: new.language,
            pupils: new.pupils,
            locale: new.locale,
        };
        faults.require(REGIONS.contains(&parsed.region.as_str()), "region", "region-unknown");
        faults.require((1..=MOST_PUPILS).contains(&parsed.pupils), "pupils", "out-of-range");
        faults.check()?;
        Ok(parsed)
    }
}

fn bin(faults: &mut Faults, typed: &str) -> String {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        faults.add("bin", "required");
    } else if let Err(fault) = check_bin(&digits) {
        faults.add("bin", fault.bin_code());
    }
    digits
}

fn email(faults: &mut Faults, typed: &str) -> String {
    if typed.trim().is_empty() {
        faults.add("email", "required");
        return String::new();
    }
    check_address("email", typed).unwrap_or_else(|_| {
        faults.add("email", "email-invalid");
        String::new()
    })
}

fn contact_phone(faults: &mut Faults, typed: &str) -> String {
    if typed.trim().is_empty() {
        faults.add("phone", "required");
        return String::new();
    }
    phone(typed).unwrap_or_else(|| {
        faults.add("phone", "phone-invalid");
        String::new()
    })
}

/// A phone number as E.164 (IDN-7): of Kazakhstan where no country is given, of any country where one is.
fn phone(typed: &str) -> Option<String> {
    let plain = typed.trim();
    if plain.chars().count() > PHONE || !plain.chars().all(|c| c.is_ascii_digit() || " +()-.".contains(c)) {
        return None;
    }
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    // Ten digits without a plus are a number without its country: the first 7 is not the country's.
    let whole = if !plain.starts_with('+') && digits.len() == 10 { format!("+7{digits}") } else { plain.to_owned() };
    let number = phonenumber::parse(Some(KZ), whole).ok()?;
    phonenumber::is_valid(&number).then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

/// Why an application is rejected: several lines are welcome, other control signs are not.
///
/// # Errors
/// 422 at the field `reason`.
pub(crate) fn reason(typed: &str) -> Result<String> {
    let mut faults = Faults::default();
    let text = faults.text("reason", &typed.replace("\r\n", "\n"), REASON);
    faults.require(!text.chars().any(|c| c.is_control() && c != '\n'), "reason", "control-sign");
    faults.check()?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idn_7_phones_become_e164() {
        for typed in ["8 (701) 123-45-67", "+7 701 1234567", "7011234567", "8 701 123 45 67", "+77011234567"] {
            assert_eq!(phone(typed).as_deref(), Some("+77011234567"), "{typed}");
        }
        assert_eq!(phone("+79161234567").as_deref(), Some("+79161234567"));
        assert_eq!(phone("8 (7172) 55-66-77").as_deref(), Some("+77172556677"));
        assert_eq!(phone("+998 90 123 45 67").as_deref(), Some("+998901234567"));
        for bad in [
            "+7 709 123 45 67",
            "8 709 123 45 67",
            "12345",
            "phone",
            "+7701123456",
            "+770112345678",
            "+7 701 123 45 67 доп. 5",
        ] {
            assert_eq!(phone(bad), None, "{bad}");
        }
    }

    #[test]
    fn there_are_twenty_regions() {
        assert!(REGIONS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_reason_may_have_lines_but_no_control_signs() {
        assert_eq!(reason(" a\r\nb ").unwrap(), "a\nb");
        assert!(reason("").is_err() && reason("a\u{7}").is_err() && reason(&"a".repeat(2_001)).is_err());
    }
}
