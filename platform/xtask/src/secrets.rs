//! Chance for passwords and keys, read from the kernel. Nothing here is printed.

use std::{fmt::Write, fs::File, io::Read};

use anyhow::{Context, Result};

/// `bytes` random bytes as lower-case hex digits.
pub fn hex(bytes: usize) -> Result<String> {
    let mut raw = vec![0_u8; bytes];
    fill(&mut raw)?;
    Ok(raw.iter().fold(String::new(), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// A random number of sixteen bits.
pub fn number() -> Result<u16> {
    let mut raw = [0_u8; 2];
    fill(&mut raw)?;
    Ok(u16::from_le_bytes(raw))
}

fn fill(raw: &mut [u8]) -> Result<()> {
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(raw)).context("cannot read /dev/urandom")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_32_bytes_has_64_hex_digits_and_is_never_the_same() {
        let (one, other) = (hex(32).unwrap(), hex(32).unwrap());
        assert_eq!(one.len(), 64);
        assert!(one.chars().all(|c| c.is_ascii_hexdigit()));
        assert_ne!(one, other);
    }
}
