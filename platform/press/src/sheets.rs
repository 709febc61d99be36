//! Sheets of initial credentials: cards to be cut out, then the register that is signed when they are handed over.
//! It makes no passwords and keeps none; words and looks stand in `text/sheets.toml` and `templates/sheets.typ`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::error::{Flaw, PressError, printable};
use crate::qr::qr_path;
use crate::world::{Template, render};

/// How many cards one batch may have: everybody of a large school.
pub const MOST_CARDS: usize = 6_000;
/// How long the school's own words on a card may be.
pub const MOST_HEADING: usize = 300;

/// The language of the sheet, the person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SheetLang {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// Kazakh, then Russian.
    Both,
}

/// One person's card. `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// Full name, up to 120 characters; wraps.
    pub full_name: String,
    /// The role in Kazakh, e.g. `оқушы`, up to 60 characters.
    pub role_kk: String,
    /// The role in Russian, e.g. `ученик`, up to 60 characters.
    pub role_ru: String,
    /// Initial login, up to 40 characters.
    pub login: String,
    /// Twelve ASCII letters and digits, with or without dashes; printed as XXXX-XXXX-XXXX.
    pub temporary_password: String,
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card").field("login", &self.login).finish_non_exhaustive()
    }
}

/// The people of one class, or those without one. It begins a page, and has a register of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetPart {
    /// E.g. `7Ә`, up to 20 characters. Stands above the cut line only, never on a card.
    pub class_name: Option<String>,
    /// The cards in the order of printing.
    pub cards: Vec<Card>,
}

/// A batch: the people of one class, or of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetBatch {
    /// The school's name in Kazakh, up to 300 characters.
    pub school_kk: String,
    /// The school's name in Russian, up to 300 characters.
    pub school_ru: String,
    /// The school's own words on every card in Kazakh, up to [`MOST_HEADING`] characters.
    pub heading_kk: Option<String>,
    /// The same in Russian.
    pub heading_ru: Option<String>,
    /// The language of the words on it.
    pub language: SheetLang,
    /// Where one signs in, e.g. `https://kundelik.example`, up to 60 characters. The QR code is `{url}/#login={login}`.
    pub sign_in_url: String,
    /// The last day on which the passwords work.
    pub expires_on: NaiveDate,
    /// Class by class, in all from 1 to [`MOST_CARDS`] cards; no part is empty.
    pub parts: Vec<SheetPart>,
    /// The day of printing.
    pub issued_on: NaiveDate,
}

/// Prints each part: its cards, two columns of A4 with cut lines, and then its register with the signature column
/// (number, full name, login, date, signature; no passwords).
///
/// # Errors
/// [`PressError::Empty`] without cards, [`PressError::TooManyCards`] above [`MOST_CARDS`], [`PressError::Field`] for a
/// value that cannot be printed; the others mean a broken build.
pub fn sheets(batch: &SheetBatch) -> Result<Vec<u8>, PressError> {
    check(batch)?;
    let text = TEXT.as_ref().map_err(|error| PressError::Text(error.clone()))?;
    render(Template::Sheets, &Batch::of(batch, text)?)
}

/// The words of both languages, as the file has them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetText {
    pub(crate) kk: Words,
    pub(crate) ru: Words,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// Single words by name.
    pub(crate) words: BTreeMap<String, String>,
    /// What to do, in short lines; `{site}` and `{until}` are filled in.
    pub(crate) steps: Vec<String>,
}

pub(crate) static TEXT: LazyLock<Result<SheetText, String>> =
    LazyLock::new(|| toml::from_str(include_str!("../text/sheets.toml")).map_err(|error| error.to_string()));

/// What the template reads.
#[derive(Serialize)]
struct Batch<'a> {
    lang: &'static str,
    schools: Vec<&'a str>,
    headings: Vec<&'a str>,
    site: &'a str,
    issued_on: String,
    until: String,
    languages: Vec<Words>,
    parts: Vec<PartOnPaper<'a>>,
}

#[derive(Serialize)]
struct PartOnPaper<'a> {
    class_name: Option<&'a str>,
    cards: Vec<CardOnPaper<'a>>,
}

#[derive(Serialize)]
struct CardOnPaper<'a> {
    name: &'a str,
    roles: Vec<&'a str>,
    login: &'a str,
    password: String,
    qr: String,
}

impl<'a> Batch<'a> {
    fn of(batch: &'a SheetBatch, text: &SheetText) -> Result<Self, PressError> {
        let language = batch.language;
        let day = |date: NaiveDate| date.format("%d.%m.%Y").to_string();
        let url = batch.sign_in_url.trim_end_matches('/');
        let site = url.split_once("://").map_or(url, |(_, site)| site);
        let until = day(batch.expires_on);
        let words = |words: &Words| Words {
            words: words.words.clone(),
            steps: words.steps.iter().map(|s| s.replace("{site}", site).replace("{until}", &until)).collect(),
        };
        let mut at = 0;
        let mut card = |card: &'a Card| {
            at += 1;
            let flawed = |flaw| PressError::Field { field: "cards.temporary_password", card: Some(at), flaw };
            Ok(CardOnPaper {
                name: &card.full_name,
                roles: language.pick(card.role_kk.as_str(), card.role_ru.as_str()),
                login: &card.login,
                password: grouped(&card.temporary_password).ok_or_else(|| flawed(Flaw::Shape))?,
                qr: qr_path(&format!("{url}/#login={}", in_fragment(&card.login))),
            })
        };
        let parts = batch.parts.iter().map(|part| {
            let cards = part.cards.iter().map(&mut card).collect::<Result<_, PressError>>()?;
            Ok(PartOnPaper { class_name: part.class_name.as_deref(), cards })
        });
        let parts = parts.collect::<Result<_, PressError>>()?;
        Ok(Self {
            lang: if language == SheetLang::Ru { "ru" } else { "kk" },
            schools: language.pick(batch.school_kk.as_str(), batch.school_ru.as_str()),
            headings: language
                .pick(&batch.heading_kk, &batch.heading_ru)
                .into_iter()
                .filter_map(Option::as_deref)
                .collect(),
            site,
            issued_on: day(batch.issued_on),
            languages: language.pick(words(&text.kk), words(&text.ru)),
            parts,
            until,
        })
    }
}

impl SheetLang {
    fn pick<T>(self, kk: T, ru: T) -> Vec<T> {
        match self {
            Self::Kk => vec![kk],
            Self::Ru => vec![ru],
            Self::Both => vec![kk, ru],
        }
    }
}

/// `7k2m9qx4p0ab` or `7k2m-9qx4-p0ab` as `7K2M-9QX4-P0AB` would be another password, so case stays; only dashes move.
pub(crate) fn grouped(password: &str) -> Option<String> {
    let signs: Vec<char> = password.chars().filter(|sign| *sign != '-').collect();
    let sound = signs.len() == 12 && signs.iter().all(char::is_ascii_alphanumeric);
    sound.then(|| signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// Percent-encodes what may not stand in a fragment as itself.
pub(crate) fn in_fragment(login: &str) -> String {
    let mut out = String::with_capacity(login.len());
    for byte in login.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn check(batch: &SheetBatch) -> Result<(), PressError> {
    if batch.parts.is_empty() || batch.parts.iter().any(|part| part.cards.is_empty()) {
        return Err(PressError::Empty { what: "cards" });
    }
    let given = batch.parts.iter().map(|part| part.cards.len()).sum();
    if given > MOST_CARDS {
        return Err(PressError::TooManyCards { given, most: MOST_CARDS });
    }
    let head = [
        ("school_kk", Some((batch.school_kk.as_str(), 300))),
        ("school_ru", Some((batch.school_ru.as_str(), 300))),
        ("heading_kk", batch.heading_kk.as_deref().map(|text| (text, MOST_HEADING))),
        ("heading_ru", batch.heading_ru.as_deref().map(|text| (text, MOST_HEADING))),
        ("sign_in_url", Some((batch.sign_in_url.as_str(), 60))),
    ];
    let classes = batch.parts.iter().map(|part| ("class_name", part.class_name.as_deref().map(|name| (name, 20))));
    for (field, value) in head.into_iter().chain(classes) {
        let Some((value, most)) = value else { continue };
        printable(value, most).map_err(|flaw| PressError::Field { field, card: None, flaw })?;
    }
    for (card, at) in batch.parts.iter().flat_map(|part| &part.cards).zip(1_usize..) {
        let fields = [
            ("cards.full_name", &card.full_name, 120),
            ("cards.role_kk", &card.role_kk, 60),
            ("cards.role_ru", &card.role_ru, 60),
            ("cards.login", &card.login, 40),
        ];
        for (field, value, most) in fields {
            printable(value, most).map_err(|flaw| PressError::Field { field, card: Some(at), flaw })?;
        }
    }
    Ok(())
}
