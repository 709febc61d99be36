//! The letters about an account, in its owner's language. Their texts stand in `letters/`, the subject in the
//! first line. None of them names a person or a school.

use kd_ctx::letters::{Letter, Texts, written};
use kd_ctx::{House, letter_texts};
use kd_kernel::{Result, Tongue};

/// What a letter tells.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tells<'a> {
    /// The code that confirms the address.
    Confirm { code: &'a str, minutes: i64 },
    /// That another address is the account's now.
    EmailChanged,
    /// The link to a new password.
    Recovery { token: &'a str, minutes: i64 },
    /// That a new password was chosen by such a link.
    Recovered,
    /// That the provider keeps a user of the school out: why, and until when.
    Restricted { nature: &'a str, until: &'a str },
    /// That a user of the school was let in again.
    Released,
}

impl Tells<'_> {
    fn texts(self) -> Texts {
        match self {
            Self::Confirm { .. } => letter_texts!("confirm"),
            Self::EmailChanged => letter_texts!("email-changed"),
            Self::Recovery { .. } => letter_texts!("recovery"),
            Self::Recovered => letter_texts!("recovered"),
            Self::Restricted { .. } => letter_texts!("restricted"),
            Self::Released => letter_texts!("released"),
        }
    }
}

/// The letter to an address, under a name that makes it unique.
///
/// # Errors
/// 500 where its text names a placeholder that is not filled; the tests try every text.
pub(crate) fn letter(
    house: &House,
    tongue: Tongue,
    tells: Tells<'_>,
    (recipient, dedupe): (String, String),
) -> Result<Letter> {
    let (code, token, minutes) = match tells {
        Tells::Confirm { code, minutes } => (code, "", minutes),
        Tells::Recovery { token, minutes } => ("", token, minutes),
        Tells::EmailChanged | Tells::Recovered | Tells::Restricted { .. } | Tells::Released => ("", "", 0),
    };
    let (nature, until) = match tells {
        Tells::Restricted { nature, until } => (nature, until),
        _ => ("", ""),
    };
    let values = [
        ("code", code),
        ("minutes", &minutes.to_string()),
        ("nature", nature),
        ("until", until),
        // Behind the sign # it reaches no server and no log.
        ("link", &format!("{}/recover#{token}", house.settings.portal_url)),
        ("site", &format!("{}/", house.settings.portal_url)),
        ("support", &house.settings.provider.email),
    ];
    let (subject, body) = written(tells.texts().of(tongue), &values)?;
    Ok(Letter { dedupe, recipient, subject, body, application: None, school: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_of_every_letter_is_filled() {
        let values = ["code", "minutes", "nature", "until", "link", "site", "support"].map(|name| (name, "<filled>"));
        let mut tried = 0;
        for (tells, named) in [
            (Tells::Confirm { code: "", minutes: 0 }, ["{code}", "{minutes}"]),
            (Tells::EmailChanged, ["{site}", "{support}"]),
            (Tells::Recovery { token: "", minutes: 0 }, ["{link}", "{minutes}"]),
            (Tells::Recovered, ["{site}", "{support}"]),
            (Tells::Restricted { nature: "", until: "" }, ["{nature}", "{until}"]),
            (Tells::Released, ["{site}", "{support}"]),
        ] {
            for tongue in [Tongue::Kk, Tongue::Ru, Tongue::En] {
                let text = tells.texts().of(tongue);
                let (subject, filled) = written(text, &values).unwrap();
                assert!(!subject.contains(['{', '}']) && !filled.contains(['{', '}']));
                let (subject, body) = text.split_once("\n\n").unwrap();
                assert!(!subject.contains('\n') && named.iter().all(|name| body.contains(name)), "{text}");
                tried += 1;
            }
        }
        assert_eq!(tried, 18);
    }
}
