//! Recovery codes: ten of sixty bits, in the place of a code of the second factor, each once. They are shown
//! when they are drawn and kept as hashes; with so many bits a fast hash is as good as a slow one.

use kd_kernel::Chance;
use kd_kernel::chance::plain_temporary;
use sha2::{Digest, Sha256};

/// How many there are.
pub(crate) const COUNT: usize = 10;

/// New codes, written `XXXX-XXXX-XXXX`.
pub(crate) fn draw(chance: &Chance) -> Vec<String> {
    (0..COUNT).map(|_| chance.temporary_password()).collect()
}

/// What is kept of codes.
pub(crate) fn hashes(codes: &[String]) -> Vec<Vec<u8>> {
    codes.iter().map(|code| hash(code)).collect()
}

/// What is kept of a code, however it was typed.
pub(crate) fn hash(code: &str) -> Vec<u8> {
    Sha256::digest(plain_temporary(code).as_bytes()).to_vec()
}

/// Whether it may be one at all: a code of the app has six digits.
pub(crate) fn may_be(code: &str) -> bool {
    plain_temporary(code).len() == 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let codes = draw(&Chance::seeded(8));
        assert_eq!(codes.len(), COUNT);
        let distinct: std::collections::BTreeSet<_> = hashes(&codes).into_iter().collect();
        assert_eq!(distinct.len(), COUNT);
        let code = &codes[0];
        assert_eq!(hash(code), hash(&code.to_lowercase().replace('-', " ")));
        assert!(may_be(code) && !may_be("123456") && !may_be(""));
    }
}
