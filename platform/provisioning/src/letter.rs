//! The letter that says that the school is open.

use kd_ctx::House;
use kd_ctx::letters::Letter;
use kd_kernel::{SchoolId, Tongue};
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
pub(crate) fn opened(house: &House, application: &Application, of: Opened<'_>) -> Letter {
    let (text, name) = match Tongue::of_code(&application.locale).unwrap_or_default() {
        Tongue::Kk => (include_str!("../letters/opened.kk.txt"), of.name_kk),
        Tongue::Ru => (include_str!("../letters/opened.ru.txt"), of.name_ru),
        Tongue::En => (include_str!("../letters/opened.en.txt"), of.name_ru),
    };
    let link = format!("{}/{}", house.settings.portal_url, of.slug);
    // The name comes last: braces in it are only signs.
    let text =
        text.replace("{link}", &link).replace("{support}", &house.settings.provider.email).replace("{school}", name);
    let (subject, body) = text.split_once("\n\n").unwrap_or(("", &text));
    Letter {
        dedupe: format!("opened:{}", of.school),
        recipient: application.email.clone(),
        subject: subject.trim().to_owned(),
        body: body.to_owned(),
        application: Some(application.id),
        school: Some(of.school),
    }
}
