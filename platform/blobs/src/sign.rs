//! Signatures: what the service gave out, it knows again, and so does everybody who has its public key. Ed25519
//! under a key that is derived from the secret key; the context is part of what is signed, so that nothing signed
//! for one purpose passes for another.

use ed25519_dalek::{Signature, Signer as _};

use crate::Seal;

/// The bytes of a signature.
pub const SIGNATURE: usize = ed25519_dalek::SIGNATURE_LENGTH;

impl Seal {
    /// Signs a text for a context, such as `transfer`.
    #[must_use]
    pub fn sign(&self, context: &str, text: &[u8]) -> [u8; SIGNATURE] {
        self.signer.sign(&signed_bytes(context, text)).to_bytes()
    }

    /// Whether this service signed the text for the context.
    #[must_use]
    pub fn has_signed(&self, context: &str, text: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|s| self.signer.verifying_key().verify_strict(&signed_bytes(context, text), &s).is_ok())
    }

    /// The public half of the key, for those who check a signature elsewhere.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.signer.verifying_key().to_bytes()
    }
}

/// The length of the context as eight bytes, the context, the text: no two pairs have the same bytes.
fn signed_bytes(context: &str, text: &[u8]) -> Vec<u8> {
    let length = u64::try_from(context.len()).unwrap_or(u64::MAX).to_be_bytes();
    [&length, context.as_bytes(), text].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_the_key_the_context_and_the_text() {
        let (seal, other) = (Seal::new([7; 32]), Seal::new([9; 32]));
        let signature = seal.sign("transfer", b"text");
        assert!(seal.has_signed("transfer", b"text", &signature));
        assert!(!seal.has_signed("transfer", b"texx", &signature));
        assert!(!seal.has_signed("transfert", b"ext", &signature), "the context has its own end");
        assert!(!other.has_signed("transfer", b"text", &signature));
        assert!(!seal.has_signed("transfer", b"text", signature.get(1..).unwrap()));
        for n in 0..SIGNATURE {
            let mut changed = signature;
            changed[n] ^= 1;
            assert!(!seal.has_signed("transfer", b"text", &changed), "byte {n}");
        }
    }

    #[test]
    fn the_public_key_checks_what_was_signed_and_is_no_other_key() {
        let seal = Seal::new([7; 32]);
        let key = ed25519_dalek::VerifyingKey::from_bytes(&seal.public_key()).unwrap();
        let signature = Signature::from_bytes(&seal.sign("transfer", b"text"));
        assert!(key.verify_strict(b"\0\0\0\0\0\0\0\x08transfertext", &signature).is_ok());
        assert_ne!(seal.public_key(), ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes());
    }
}
