//! Passwords: how they are hashed (argon2id, OWASP's minimum: 19 MiB, two passes, one lane) and checked.
//! Hashing is heavy on purpose; it runs beside the requests, never more at once than there are cores.

use std::sync::{Arc, LazyLock};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use kd_kernel::{Chance, Problem, Result};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub use crate::policy::{Policy, check_password};

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash of nobody's password: looked at where a login is unknown, so that this takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$a3VuZGVsaWsubm9ib2R5Lg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static SHARED: LazyLock<Hasher> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Hasher { cores, permits: Arc::new(Semaphore::new(cores)) }
});

/// What comparing a password with a hash showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// It is the password.
    pub ok: bool,
    /// The hash has other parameters than those of today: hash it anew while the password is at hand.
    pub stale: bool,
}

/// Hashes and compares, as many at once as there are cores.
#[derive(Debug)]
pub struct Hasher {
    cores: usize,
    permits: Arc<Semaphore>,
}

impl Hasher {
    /// The one of this process.
    #[must_use]
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// How many hashes are made at once.
    #[must_use]
    pub fn cores(&self) -> usize {
        self.cores
    }

    /// The PHC string of a password; the salt is drawn from the chance that is handed in.
    ///
    /// # Errors
    /// 500 with the cause in the log.
    pub async fn hash(&self, chance: &Chance, password: &str) -> Result<String> {
        let (salt, password) = (chance.bytes::<16>(), spelled(password));
        self.beside(move || {
            let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let hash: PasswordHash = argon.hash_password_with_salt(password.as_bytes(), &salt).map_err(failed)?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Compares a password with a PHC string. What is no PHC string is nobody's password.
    ///
    /// # Errors
    /// 500 with the cause in the log.
    pub async fn verify(&self, password: &str, phc: &str) -> Result<Verdict> {
        let (password, phc) = (spelled(password), phc.to_owned());
        self.beside(move || match PasswordHash::new(&phc) {
            Ok(hash) => Verdict { ok: matches(&password, &hash), stale: is_stale(&hash) },
            Err(_) => {
                let _ = PasswordHash::new(NOBODY).map(|nobody| matches(&password, &nobody));
                Verdict { ok: false, stale: false }
            }
        })
        .await
    }

    /// Compares a password with nobody's, which takes as long as with somebody's.
    ///
    /// # Errors
    /// 500 with the cause in the log.
    pub async fn verify_nobody(&self, password: &str) -> Result<()> {
        self.verify(password, NOBODY).await.map(|_| ())
    }

    /// Runs beside the requests. The permit goes along: whoever stops waiting does not make room for
    /// more than the cores can do.
    async fn beside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(Problem::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let out = work();
            drop(permit);
            out
        });
        done.await.map_err(Problem::internal)
    }
}

/// One spelling of what looks the same (NFC), so that another keyboard types the same password.
fn spelled(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfc().collect())
}

fn matches(password: &str, hash: &PasswordHash) -> bool {
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

fn is_stale(hash: &PasswordHash) -> bool {
    let current = Params::try_from(hash).is_ok_and(|p| {
        (p.m_cost(), p.t_cost(), p.p_cost()) == (MEMORY_KIB, PASSES, LANES)
            && hash.algorithm == argon2::ARGON2ID_IDENT
            && hash.version == Some(Version::V0x13.into())
    });
    !current
}

fn failed(error: impl std::fmt::Display) -> Problem {
    Problem::internal(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn s19_hashes_have_the_parameters_of_today_and_old_ones_are_seen() {
        let (hasher, chance) = (Hasher::shared(), Chance::seeded(1));
        let phc = hasher.hash(&chance, "көктем-2026-жаз").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert_ne!(hasher.hash(&chance, "көктем-2026-жаз").await.unwrap(), phc, "each hash has its salt");
        assert_eq!(hasher.verify("көктем-2026-жаз", &phc).await.unwrap(), Verdict { ok: true, stale: false });
        assert!(!hasher.verify("көктем-2026-жас", &phc).await.unwrap().ok);
        for old in [Params::new(8_192, 2, 1, None), Params::new(19_456, 1, 1, None), Params::new(65_536, 2, 1, None)] {
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, old.unwrap());
            let hash: PasswordHash = argon.hash_password_with_salt(b"word", b"saltsaltsaltsalt").unwrap();
            assert_eq!(hasher.verify("word", &hash.to_string()).await.unwrap(), Verdict { ok: true, stale: true });
        }
    }

    #[tokio::test]
    async fn nobodys_password_is_never_right() {
        let hasher = Hasher::shared();
        for word in ["", "none", "password"] {
            assert!(!hasher.verify(word, NOBODY).await.unwrap().ok);
            assert!(!hasher.verify(word, "none").await.unwrap().ok);
        }
        assert!(!is_stale(&PasswordHash::new(NOBODY).unwrap()), "nobody's takes as long as somebody's");
    }

    #[tokio::test]
    async fn s20_passwords_are_not_truncated_and_one_spelling_is_as_good_as_another() {
        let (hasher, chance) = (Hasher::shared(), Chance::seeded(2));
        let long = "ұзақ құпия сөз ".repeat(9);
        let phc = hasher.hash(&chance, &format!("{long}a")).await.unwrap();
        assert!(long.chars().count() > 128);
        assert!(hasher.verify(&format!("{long}a"), &phc).await.unwrap().ok);
        assert!(!hasher.verify(&format!("{long}b"), &phc).await.unwrap().ok);
        let composed = hasher.hash(&chance, "ёй").await.unwrap();
        assert!(hasher.verify("е\u{308}и\u{306}", &composed).await.unwrap().ok);
    }
}
