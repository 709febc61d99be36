//! Sealing: what must lie unreadable in the database or in S3, such as seeds of second factors, letters
//! with temporary passwords and sheets. XChaCha20-Poly1305 under the service's secret key; the context
//! is bound to the text, so that nothing sealed for one place opens in another. What must be found again without
//! being read, such as a number that is single in a school, has a keyed hash beside it.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER_PERMISSIVE;
use ed25519_dalek::SigningKey;
use hmac::{Hmac, Mac};
use kd_kernel::{Chance, Problem, Result};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The first byte of everything sealed in this way.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// The secret key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret key is 64 hexadecimal digits")]
pub struct BadSecretKey;

/// What was sealed does not open: another key, another context, or it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is sealed does not open")]
struct Shut;

/// Seals and opens. Cheap to clone; the key is overwritten when it is dropped.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
    /// The key of hashes, derived from the secret key: neither is the other.
    pepper: Zeroizing<[u8; 32]>,
    /// The key of signatures (`sign`), derived from the secret key too.
    pub(crate) signer: SigningKey,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// A seal of a key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        let pepper = Zeroizing::new(keyed(&key, b"kundelik keyed hashes", b""));
        let seed = Zeroizing::new(keyed(&key, b"kundelik signatures", b""));
        Self { cipher: XChaCha20Poly1305::new(&key.into()), pepper, signer: SigningKey::from_bytes(&seed) }
    }

    /// A seal of a key written as 64 hexadecimal digits.
    ///
    /// # Errors
    /// The text is not that.
    pub fn of_hex(text: &str) -> Result<Self, BadSecretKey> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| BadSecretKey)?;
        Ok(Self::new(bytes.try_into().map_err(|_| BadSecretKey)?))
    }

    /// Seals bytes for a context, such as `totp:<account>`: a version byte, the nonce of 24 bytes, then
    /// the text with its tag of 16 bytes.
    #[must_use]
    pub fn seal(&self, chance: &Chance, context: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = chance.bytes::<NONCE>();
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let mut out = Vec::with_capacity(1 + NONCE + plain.len() + 16);
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        // The cipher refuses only texts of more than 256 GB; then nothing is sealed and nothing opens.
        out.extend(self.cipher.encrypt(XNonce::from_slice(&nonce), payload).unwrap_or_default());
        out
    }

    /// Opens what was sealed for the same context.
    ///
    /// # Errors
    /// 500 where it was sealed with another key, for another context, or was changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let inside = || {
            let (version, rest) = sealed.split_first()?;
            let (nonce, text) = rest.split_at_checked(NONCE)?;
            let payload = Payload { msg: text, aad: context.as_bytes() };
            (*version == VERSION).then(|| self.cipher.decrypt(XNonce::from_slice(nonce), payload).ok())?
        };
        inside().ok_or_else(|| Problem::internal(Shut))
    }
}

impl Seal {
    /// A hash of a text for a context, such as `iin:<school>`: the same text has another one in another context,
    /// and without the service's key none can be computed.
    #[must_use]
    pub fn hash(&self, context: &str, text: &str) -> [u8; 32] {
        keyed(&self.pepper, context.as_bytes(), text.as_bytes())
    }
}

/// HMAC-SHA-256 over the length of the context, the context and the text.
fn keyed(key: &[u8; 32], context: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = <Hmac<Sha256> as Mac>::new((&*block).into());
    mac.update(&u64::try_from(context.len()).unwrap_or(u64::MAX).to_be_bytes());
    mac.update(context);
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

    #[test]
    fn what_is_sealed_opens_for_the_same_key_and_context_alone() {
        let chance = Chance::seeded(7);
        let seal = Seal::of_hex(KEY).unwrap();
        let sealed = seal.seal(&chance, "totp:1", b"seed");
        assert_eq!(seal.open("totp:1", &sealed).unwrap(), b"seed");
        assert!(seal.open("totp:2", &sealed).is_err());
        assert!(Seal::new([9; 32]).open("totp:1", &sealed).is_err());
        assert_ne!(seal.seal(&chance, "totp:1", b"seed"), sealed, "the nonce is new each time");
        assert_eq!(seal.open("", &seal.seal(&chance, "", b"")).unwrap(), b"");
    }

    #[test]
    fn a_change_of_any_byte_or_of_the_length_is_noticed() {
        let seal = Seal::of_hex(KEY).unwrap();
        let sealed = seal.seal(&Chance::seeded(7), "letter", b"text");
        for n in 0..sealed.len() {
            let mut changed = sealed.clone();
            *changed.get_mut(n).unwrap() ^= 1;
            assert!(seal.open("letter", &changed).is_err(), "byte {n}");
            assert!(seal.open("letter", sealed.get(..n).unwrap()).is_err(), "{n} bytes");
        }
    }

    #[test]
    fn a_hash_is_of_the_key_the_context_and_the_text() {
        let (seal, other) = (Seal::of_hex(KEY).unwrap(), Seal::new([9; 32]));
        assert_eq!(seal.hash("iin:1", "2"), seal.hash("iin:1", "2"));
        for different in
            [seal.hash("iin:1", "3"), seal.hash("iin:2", "2"), seal.hash("iin:", "12"), other.hash("iin:1", "2")]
        {
            assert_ne!(different, seal.hash("iin:1", "2"));
        }
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits_and_is_not_shown() {
        for bad in ["", "00", &KEY[1..], "zz", &format!("{KEY}00")] {
            assert_eq!(Seal::of_hex(bad).err(), Some(BadSecretKey), "{bad}");
        }
        assert_eq!(format!("{:?}", Seal::new([1; 32])), "Seal(…)");
    }
}
