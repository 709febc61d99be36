//! The letters about an account, in its owner's language. Their texts stand in `letters/`, the subject in the
//! first line. None of them names a person or a school.

use kd_ctx::House;
use kd_ctx::letters::{Letter, fill};
use kd_kernel::{Problem, Result, Tongue};

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

macro_rules! texts {
    ($name:literal) => {
        [
            include_str!(concat!("../letters/", $name, ".kk.txt")),
            include_str!(concat!("../letters/", $name, ".ru.txt")),
            include_str!(concat!("../letters/", $name, ".en.txt")),
        ]
    };
}

impl Tells<'_> {
    fn text(self, tongue: Tongue) -> &'static str {
        let [kk, ru, en] = match self {
            Self::Confirm { .. } => texts!("confirm"),
            Self::EmailChanged => texts!("email-changed"),
            Self::Recovery { .. } => texts!("recovery"),
            Self::Recovered => texts!("recovered"),
            Self::Restricted { .. } => texts!("restricted"),
            Self::Released => texts!("released"),
        };
        match tongue {
            Tongue::Kk => kk,
            Tongue::Ru => ru,
            Tongue::En => en,
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
    let (subject, body) =
        tells.text(tongue).split_once("\n\n").ok_or_else(|| Problem::internal("a letter without a subject"))?;
    Ok(Letter {
        dedupe,
        recipient,
        subject: fill(subject, &values)?,
        body: fill(body, &values)?,
        application: None,
        school: None,
    })
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
                let text = tells.text(tongue);
                assert!(!fill(text, &values).unwrap().contains(['{', '}']));
                let (subject, body) = text.split_once("\n\n").unwrap();
                assert!(!subject.contains('\n') && named.iter().all(|name| body.contains(name)), "{text}");
                tried += 1;
            }
        }
        assert_eq!(tried, 18);
    }
}
