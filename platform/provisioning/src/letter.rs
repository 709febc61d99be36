//! The letter that says that the school is open.

use kd_ctx::letters::{Letter, written};
use kd_ctx::{House, letter_texts};
use kd_kernel::{Result, SchoolId, Tongue};
use kd_schools::applications::Application;

/// Of whom it tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opened<'a> {
    pub(crate) school: SchoolId,
    pub(crate) slug: &'a str,
    pub(crate) name_kk: &'a str,
    pub(crate) name_ru: &'a str,
}

/// The letter, in the language in which the application was written. One is sent in a school's life.
///
/// # Errors
/// 500 where its text names a placeholder that is not filled.
pub(crate) fn opened(house: &House, application: &Application, of: Opened<'_>) -> Result<Letter> {
    let tongue = Tongue::of_code(&application.locale).unwrap_or_default();
    let name = if tongue == Tongue::Kk { of.name_kk } else { of.name_ru };
    let link = format!("{}/{}", house.settings.portal_url, of.slug);
    let values = [("link", link.as_str()), ("support", &house.settings.provider.email), ("school", name)];
    let (subject, body) = written(letter_texts!("opened").of(tongue), &values)?;
    Ok(Letter {
        dedupe: format!("opened:{}", of.school),
        recipient: application.email.clone(),
        subject,
        body,
        application: Some(application.id),
        school: Some(of.school),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_filled() {
        let values = ["link", "support", "school"].map(|name| (name, "<filled>"));
        for tongue in [Tongue::Kk, Tongue::Ru, Tongue::En] {
            let text = letter_texts!("opened").of(tongue);
            let (subject, body) = written(text, &values).unwrap();
            assert!(!subject.contains(['\n', '{']) && !body.contains(['{', '}']), "{text}");
            for (name, _) in values {
                assert!(text.contains(&format!("{{{name}}}")), "{name} in {text}");
            }
        }
    }
}
