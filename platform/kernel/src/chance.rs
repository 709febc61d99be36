//! Chance that is handed in: tokens, temporary passwords, salts and new identities.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

use crate::Clock;

/// Crockford's base32: no I, L, O, U, so nothing is confused on paper.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A source of randomness. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Chance(Option<Arc<Mutex<StdRng>>>);

impl Chance {
    /// The operating system's generator.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A generator that gives the same row for the same seed; for tests.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// `N` random bytes.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's chance is drawn")]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0_u8; N];
        match &self.0 {
            None => rand::rng().fill_bytes(&mut out),
            Some(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut out),
        }
        out
    }

    /// A number below `limit`; 0 for a limit of 0.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's chance is drawn")]
    pub fn below(&self, limit: u32) -> u32 {
        if limit == 0 {
            return 0;
        }
        match &self.0 {
            None => rand::rng().random_range(0..limit),
            Some(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).random_range(0..limit),
        }
    }

    /// A temporary password: twelve characters of Crockford base32 (60 bits), written XXXX-XXXX-XXXX.
    #[must_use]
    pub fn temporary_password(&self) -> String {
        let raw = self.bytes::<12>();
        let mut out = String::with_capacity(14);
        for (n, byte) in raw.iter().enumerate() {
            if n > 0 && n % 4 == 0 {
                out.push('-');
            }
            let sign = CROCKFORD.get(usize::from(byte & 31)).copied().unwrap_or(b'0');
            out.push(char::from(sign));
        }
        out
    }

    /// A new identity: uuid v7 of the clock's now.
    #[must_use]
    pub fn id<T: From<uuid::Uuid>>(&self, clock: &Clock) -> T {
        let millis = u64::try_from(clock.now().timestamp_millis()).unwrap_or(0);
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid())
    }
}

/// What a person typed as a temporary password, in its stored spelling: upper case, without hyphens and
/// spaces, O read as 0, I and L as 1.
#[must_use]
pub fn plain_temporary(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_password_has_sixty_bits_and_reads_back() {
        let password = Chance::seeded(7).temporary_password();
        assert_eq!(password.len(), 14);
        assert_eq!(plain_temporary(&password.to_lowercase()).len(), 12);
        assert_eq!(plain_temporary("ol1i-0 0"), "011100");
        assert_eq!(Chance::seeded(7).temporary_password(), password);
        assert_ne!(Chance::seeded(8).temporary_password(), password);
    }
}
