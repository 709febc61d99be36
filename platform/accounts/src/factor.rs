//! The second factor: one-time codes of an app (TOTP, RFC 6238, SHA-1, six digits, thirty seconds, one
//! step to either side). A code is taken once: the step that it is of is kept with the account.

use chrono::{DateTime, Utc};
use kd_kernel::{Chance, Problem, Result};
use totp_rs::{Builder, Secret, Totp};

/// Bytes of a seed; RFC 4226 recommends 160 bits.
pub(crate) const SEED: usize = 20;
const STEP_SECONDS: i64 = 30;

/// A new seed.
pub(crate) fn seed(chance: &Chance) -> [u8; SEED] {
    chance.bytes()
}

/// A seed as people type it into their app.
pub(crate) fn base32(seed: &[u8]) -> String {
    Secret::new(seed.into()).to_base32()
}

/// The address that a QR code carries to the app. A login needs no escapes.
pub(crate) fn url(login: &str, seed: &[u8]) -> String {
    let secret = base32(seed);
    format!("otpauth://totp/Kundelik:{login}?secret={secret}&issuer=Kundelik&algorithm=SHA1&digits=6&period=30")
}

/// The step that a code is of, if it is a code of now; spaces in it do not count.
///
/// # Errors
/// 500 when the seed cannot be used.
pub(crate) fn step_of(seed: &[u8], code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    let step = totp(seed)?.check(&code, seconds);
    Ok(step.and_then(|s| i64::try_from(s).ok()))
}

/// The code that an app with this secret shows at a time: for the seeding of the demonstration, and for
/// tests. Nothing where the secret is none.
#[must_use]
pub fn code(secret: &str, at: DateTime<Utc>) -> Option<String> {
    let seed = Secret::try_from_base32(secret).ok()?;
    let totp = totp(seed.as_bytes()).ok()?;
    Some(totp.generate(u64::try_from(at.timestamp()).ok()?).to_string())
}

fn totp(seed: &[u8]) -> Result<Totp> {
    Builder::new()
        .with_secret(Secret::new(seed.into()))
        .with_skew(1)
        .with_step_duration(STEP_SECONDS.unsigned_abs())
        .build()
        .map_err(|error| Problem::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let seed = b"12345678901234567890";
        // RFC 6238, appendix B, the last six digits.
        for (seconds, expected) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(code(&base32(seed), at(seconds)).unwrap(), expected);
            assert_eq!(step_of(seed, expected, at(seconds)).unwrap(), Some(seconds / STEP_SECONDS));
        }
        assert_eq!(step_of(seed, " 287 082 ", at(59)).unwrap(), Some(1));
        assert_eq!(step_of(seed, "287082", at(59 + 30)).unwrap(), Some(1), "one step late");
        assert_eq!(step_of(seed, "287082", at(59 + 61)).unwrap(), None, "two steps late");
        for bad in ["", "28708", "2870820", "+87082", "287083"] {
            assert_eq!(step_of(seed, bad, at(59)).unwrap(), None, "{bad}");
        }
    }

    #[test]
    fn the_address_for_the_app_carries_the_seed() {
        let seed = seed(&Chance::seeded(3));
        let url = url("aigul.s", &seed);
        assert!(url.starts_with("otpauth://totp/Kundelik:aigul.s?secret="));
        assert!(url.contains(&base32(&seed)));
        assert_eq!(base32(&seed).len(), 32);
    }
}
