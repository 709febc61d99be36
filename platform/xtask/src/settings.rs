//! The environment that the product's processes and the tests read, made from the services' addresses.

use std::{env, fmt::Write};

use anyhow::Result;

use crate::{services::Addresses, state::State};

/// Settings by name, in the order in which they are shown.
pub type Settings = Vec<(String, String)>;

/// Passwords and keys: those that the environment gives, else remembered or fresh ones.
pub fn secrets(state: &mut State) -> Result<Settings> {
    let names = [
        ("KUNDELIK_APP_PASSWORD", 12),
        ("KUNDELIK_PROVISIONER_PASSWORD", 12),
        ("KUNDELIK_MIGRATOR_PASSWORD", 12),
        ("KUNDELIK_SECRET_KEY", 32),
    ];
    let mut settings = Settings::new();
    for (name, bytes) in names {
        let value = match env::var(name) {
            Ok(given) => given,
            Err(_) => state.secret(name, bytes)?,
        };
        settings.push((name.to_owned(), value));
    }
    state.keep()?;
    Ok(settings)
}

/// Where Redis, S3 and SMTP are.
pub fn addresses(addresses: &Addresses) -> Settings {
    let s3 = &addresses.s3;
    [
        ("REDIS_URL", &addresses.redis),
        ("S3_ENDPOINT", &s3.endpoint),
        ("S3_BUCKET", &s3.name),
        ("S3_ACCESS_KEY", &s3.access_key),
        ("S3_SECRET_KEY", &s3.secret_key),
        ("S3_REGION", &s3.region),
        ("SMTP_URL", &addresses.smtp),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect()
}

/// The settings as lines that a shell reads. The values are made of letters, digits and `:/@.-`, or quoted.
pub fn as_shell(settings: &Settings, before: &str) -> String {
    settings.iter().fold(String::new(), |mut text, (name, value)| {
        let quoted = value.replace('\'', r"'\''");
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{before}{name}='{quoted}'");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_written() {
        let settings = vec![("A".to_owned(), "it's".to_owned())];
        assert_eq!(as_shell(&settings, "export "), "export A='it'\\''s'\n");
    }
}
