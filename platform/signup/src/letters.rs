//! The letters about an application, in its language. Their texts stand in `letters/`, the subject in
//! the first line; placeholders in braces are filled once, so that what is filled in is never read as a
//! placeholder itself.

use chrono::TimeDelta;
use kd_accounts::credentials::Issued;
use kd_ctx::letters::{Letter, Texts, written};
use kd_ctx::{House, letter_texts};
use kd_kernel::{Result, Tongue};
use kd_schools::applications::Application;

use crate::wire::Preview;

/// Within how many days an application is answered.
pub const ANSWER_DAYS: i32 = 3;
/// How long an invitation is valid.
pub const VALID: TimeDelta = TimeDelta::hours(72);
/// What stands for a login or password that is not shown.
const DOTS: &str = "••••••••";

/// What a letter tells.
#[derive(Debug, Clone, Copy)]
pub enum Tells<'a> {
    /// That the application came in.
    Received,
    /// That it was approved, with the credential; a preview has none.
    Approval(Option<&'a Issued>),
    /// That it was rejected, and why.
    Rejection(&'a str),
    /// That there is a new credential.
    Invitation(&'a Issued),
}

impl Tells<'_> {
    fn texts(self) -> Texts {
        match self {
            Self::Received => letter_texts!("received"),
            Self::Approval(_) => letter_texts!("approval"),
            Self::Rejection(_) => letter_texts!("rejection"),
            Self::Invitation(_) => letter_texts!("invitation"),
        }
    }
}

/// The letter as it reads.
///
/// # Errors
/// 500 where its text names a placeholder that is not filled; the tests try every text.
pub fn render(house: &House, application: &Application, tells: Tells<'_>) -> Result<Preview> {
    let tongue = Tongue::of_code(&application.locale).unwrap_or_default();
    let (issued, reason) = match tells {
        Tells::Approval(issued) => (issued, ""),
        Tells::Invitation(issued) => (Some(issued), ""),
        Tells::Rejection(reason) => (None, reason),
        Tells::Received => (None, ""),
    };
    let school = if tongue == Tongue::Kk { &application.name_kk } else { &application.name_ru };
    let values = [
        ("number", application.number.as_str()),
        ("school", school),
        ("bin", &application.bin),
        ("login", issued.map_or(DOTS, |i| &i.login)),
        ("password", issued.map_or(DOTS, |i| i.temporary_password.reveal())),
        ("hours", &VALID.num_hours().to_string()),
        ("days", &ANSWER_DAYS.to_string()),
        ("reason", reason),
        ("support", &house.settings.provider.email),
        ("link", &format!("{}/", house.settings.portal_url)),
    ];
    let (subject, body) = written(tells.texts().of(tongue), &values)?;
    Ok(Preview { subject, body })
}

/// The letter as it goes into the outbox; `dedupe` names it for good.
///
/// # Errors
/// As [`render`].
pub fn letter(house: &House, application: &Application, tells: Tells<'_>, dedupe: String) -> Result<Letter> {
    let Preview { subject, body } = render(house, application, tells)?;
    Ok(Letter {
        dedupe,
        recipient: application.email.clone(),
        subject,
        body,
        application: Some(application.id),
        school: None,
    })
}

#[cfg(test)]
mod tests {
    use kd_ctx::letters::fill;

    use super::*;

    #[test]
    fn every_placeholder_of_every_letter_is_filled() {
        let values = ["number", "school", "bin", "login", "password", "hours", "days", "reason", "support", "link"];
        let values: Vec<_> = values.map(|name| (name, "<filled>")).to_vec();
        let mut tried = 0;
        for tells in [Tells::Received, Tells::Approval(None), Tells::Rejection("")] {
            for tongue in [Tongue::Kk, Tongue::Ru, Tongue::En] {
                let text = tells.texts().of(tongue);
                let filled = fill(text, &values).unwrap();
                assert!(!filled.contains(['{', '}']), "{filled}");
                let (subject, body) = text.split_once("\n\n").unwrap();
                assert!(!subject.contains('\n') && subject.contains("{number}"), "{subject}");
                for named in ["{number}", "{school}", "{support}", "{link}"] {
                    assert!(body.contains(named), "{named} in {body}");
                }
                tried += 1;
            }
        }
        for name in ["approval", "invitation"] {
            let texts = if name == "approval" { letter_texts!("approval") } else { letter_texts!("invitation") };
            for text in [Tongue::Kk, Tongue::Ru, Tongue::En].map(|tongue| texts.of(tongue)) {
                fill(text, &values).unwrap();
                for named in ["{login}", "{password}", "{hours}", "{link}"] {
                    assert!(text.contains(named), "{named} in {name}");
                }
                tried += 1;
            }
        }
        assert_eq!(tried, 15);
    }
}
