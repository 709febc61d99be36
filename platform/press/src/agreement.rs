//! The agreement between provider and school as paper, in Russian (binding) and in Kazakh (its translation).
//! The wording stands in `text/agreement.{ru,kk}.toml`; who signs, when and with what number is decided elsewhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Flaw, PressError, printable};
use crate::world::{Template, render};

/// The language of the agreement's text. The Russian text binds, the Kazakh one is printed as its translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaperLang {
    /// The binding text.
    Ru,
    /// The translation.
    Kk,
}

/// One party. All texts are single lines in the nominative case and in the language of the paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Full name, up to 300 characters.
    pub name: String,
    /// Full name of the head or director, up to 120 characters.
    pub head: String,
    /// The ground on which the head acts: the charter, or an order with its number; up to 200 characters.
    pub ground: String,
    /// Legal address, up to 300 characters.
    pub legal_address: String,
    /// Postal address, up to 300 characters.
    pub postal_address: String,
    /// БСН/BIN, up to 20 characters.
    pub bin: String,
    /// РНН/RNN, where one was given.
    pub rnn: Option<String>,
}

/// A service of annex 1; its description stands in the text files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnexService {
    /// The School service: users' data, timetable, marks and attendance, homework, reports.
    School,
    /// The social tools: groups, events, announcements, forums, news, files.
    Social,
}

impl AnnexService {
    /// What every school gets, in the order of the annex.
    pub const ALL: [Self; 2] = [Self::School, Self::Social];
}

/// The marks of both sides' signatures. While there are none, the paper is a draft and says so on every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatures {
    /// Who signed for the school, as the person wrote it.
    pub school_signed_name: String,
    /// When; printed in the time of Kazakhstan (UTC+5).
    pub school_signed_at: DateTime<Utc>,
    /// Whose facsimile stands for the provider.
    pub provider_facsimile_name: String,
    /// SHA-256 of the text that was signed, 64 hexadecimal digits, where it is kept.
    pub content_sha256: Option<String>,
}

/// Everything that the paper needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementPaper {
    /// The number, up to 40 characters.
    pub number: String,
    /// The agreement's date.
    pub date: NaiveDate,
    /// The city of the head, up to 80 characters, e.g. `г. Астана`.
    pub city: String,
    /// The provider of the system.
    pub provider: Party,
    /// The school.
    pub school: Party,
    /// The services of annex 1, at least one.
    pub services: Vec<AnnexService>,
    /// The signatures; without them a draft is printed.
    pub signed: Option<Signatures>,
}

/// Prints the complete agreement: head, all clauses, requisites, signatures, annex 1.
///
/// # Errors
/// [`PressError::Empty`] without services, [`PressError::Field`] for a text that cannot be printed; the others mean a
/// broken build.
pub fn agreement(data: &AgreementPaper, lang: PaperLang) -> Result<Vec<u8>, PressError> {
    check(data)?;
    render(Template::Agreement, &Sheet::of(data, text(lang)?)?)
}

/// The text of one language, as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreementText {
    /// Words of the head, the requisites and the signatures, by name.
    pub(crate) words: BTreeMap<String, String>,
    /// The twelve months, as a date has them.
    pub(crate) months: Vec<String>,
    /// The sections in their order.
    pub(crate) section: Vec<SectionText>,
    /// The annex.
    pub(crate) service: Vec<ServiceText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionText {
    pub(crate) key: String,
    pub(crate) heading: String,
    pub(crate) clauses: Vec<ClauseText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClauseText {
    pub(crate) key: String,
    /// For a definition: the word that is defined.
    #[serde(default)]
    pub(crate) term: String,
    /// May refer to another clause by `{section.clause}` and to a section by `{section}`.
    pub(crate) text: String,
    /// Points 1), 2), ... under the clause.
    #[serde(default)]
    pub(crate) list: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceText {
    pub(crate) key: AnnexService,
    pub(crate) title: String,
    pub(crate) items: Vec<String>,
}

type Read = Result<AgreementText, String>;
static RU: LazyLock<Read> = LazyLock::new(|| read(include_str!("../text/agreement.ru.toml")));
static KK: LazyLock<Read> = LazyLock::new(|| read(include_str!("../text/agreement.kk.toml")));

fn read(file: &str) -> Read {
    toml::from_str(file).map_err(|error| error.to_string())
}

pub(crate) fn text(lang: PaperLang) -> Result<&'static AgreementText, PressError> {
    let read = match lang {
        PaperLang::Ru => &*RU,
        PaperLang::Kk => &*KK,
    };
    read.as_ref().map_err(|error| PressError::Text(error.clone()))
}

impl AgreementText {
    /// The numbers that references may name: `section` gives `5`, `section.clause` gives `5.2`.
    pub(crate) fn numbers(&self) -> BTreeMap<String, String> {
        let mut numbers = BTreeMap::new();
        for (section, at) in self.section.iter().zip(1_u32..) {
            numbers.insert(section.key.clone(), at.to_string());
            for (clause, below) in section.clauses.iter().zip(1_u32..) {
                numbers.insert(format!("{}.{}", section.key, clause.key), format!("{at}.{below}"));
            }
        }
        numbers
    }

    fn day(&self, date: NaiveDate) -> Result<String, PressError> {
        let month = usize::try_from(date.month0()).ok().and_then(|month| self.months.get(month));
        let (Some(month), Some(pattern)) = (month, self.words.get("date")) else {
            return Err(PressError::Text("the date has no words".to_owned()));
        };
        Ok(pattern
            .replace("{day}", &date.day().to_string())
            .replace("{month}", month)
            .replace("{year}", &date.year().to_string()))
    }
}

/// Puts numbers in the place of `{section.clause}`.
fn refer(text: &str, numbers: &BTreeMap<String, String>) -> Result<String, PressError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) =
            after.split_once('}').ok_or_else(|| PressError::Text("a reference is not closed".to_owned()))?;
        let number = numbers.get(name).ok_or_else(|| PressError::Text(format!("no clause is called {name}")))?;
        out.push_str(before);
        out.push_str(number);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

/// What the template reads.
#[derive(Serialize)]
struct Sheet<'a> {
    draft: bool,
    words: &'a BTreeMap<String, String>,
    number: &'a str,
    date: [u32; 3],
    day: String,
    city: &'a str,
    provider: PartyOnPaper<'a>,
    school: PartyOnPaper<'a>,
    sections: Vec<SectionOnPaper<'a>>,
    services: Vec<ServiceOnPaper<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed: Option<SignedOnPaper<'a>>,
}

#[derive(Serialize)]
struct PartyOnPaper<'a> {
    name: &'a str,
    head: &'a str,
    ground: &'a str,
    legal_address: &'a str,
    postal_address: &'a str,
    bin: &'a str,
    rnn: Option<&'a str>,
}

#[derive(Serialize)]
struct SectionOnPaper<'a> {
    number: String,
    heading: &'a str,
    clauses: Vec<ClauseOnPaper<'a>>,
}

#[derive(Serialize)]
struct ClauseOnPaper<'a> {
    number: String,
    term: &'a str,
    text: String,
    list: &'a [String],
}

#[derive(Serialize)]
struct ServiceOnPaper<'a> {
    title: &'a str,
    items: &'a [String],
}

#[derive(Serialize)]
struct SignedOnPaper<'a> {
    school_name: &'a str,
    school_at: String,
    provider_name: &'a str,
    sha256: Option<&'a str>,
}

impl<'a> Sheet<'a> {
    fn of(data: &'a AgreementPaper, text: &'a AgreementText) -> Result<Self, PressError> {
        let year = u32::try_from(data.date.year()).map_err(|_| PressError::Field {
            field: "date",
            card: None,
            flaw: Flaw::Shape,
        })?;
        Ok(Self {
            draft: data.signed.is_none(),
            words: &text.words,
            number: &data.number,
            date: [year, data.date.month(), data.date.day()],
            day: text.day(data.date)?,
            city: &data.city,
            provider: PartyOnPaper::of(&data.provider),
            school: PartyOnPaper::of(&data.school),
            sections: sections(text)?,
            services: services(&data.services, text)?,
            signed: data.signed.as_ref().map(SignedOnPaper::of),
        })
    }
}

fn sections(text: &AgreementText) -> Result<Vec<SectionOnPaper<'_>>, PressError> {
    let numbers = text.numbers();
    text.section
        .iter()
        .map(|section| {
            let clauses = section.clauses.iter().map(|clause| {
                Ok(ClauseOnPaper {
                    number: refer(&format!("{{{}.{}}}", section.key, clause.key), &numbers)?,
                    term: &clause.term,
                    text: refer(&clause.text, &numbers)?,
                    list: &clause.list,
                })
            });
            Ok(SectionOnPaper {
                number: refer(&format!("{{{}}}", section.key), &numbers)?,
                heading: &section.heading,
                clauses: clauses.collect::<Result<_, PressError>>()?,
            })
        })
        .collect()
}

fn services<'a>(wanted: &[AnnexService], text: &'a AgreementText) -> Result<Vec<ServiceOnPaper<'a>>, PressError> {
    let described = |key: &AnnexService| {
        let service = text.service.iter().find(|service| service.key == *key);
        service.ok_or_else(|| PressError::Text(format!("no description of the service {key:?}")))
    };
    wanted
        .iter()
        .map(|key| described(key).map(|found| ServiceOnPaper { title: &found.title, items: &found.items }))
        .collect()
}

impl<'a> PartyOnPaper<'a> {
    fn of(party: &'a Party) -> Self {
        Self {
            name: &party.name,
            head: &party.head,
            ground: &party.ground,
            legal_address: &party.legal_address,
            postal_address: &party.postal_address,
            bin: &party.bin,
            rnn: party.rnn.as_deref(),
        }
    }
}

impl<'a> SignedOnPaper<'a> {
    /// Kazakhstan keeps one time, UTC+5, since 1 March 2024.
    fn of(signed: &'a Signatures) -> Self {
        let pattern = "%d.%m.%Y %H:%M";
        let at = FixedOffset::east_opt(5 * 3600).map_or_else(
            || format!("{} (UTC)", signed.school_signed_at.format(pattern)),
            |zone| format!("{} (UTC+5)", signed.school_signed_at.with_timezone(&zone).format(pattern)),
        );
        Self {
            school_name: &signed.school_signed_name,
            school_at: at,
            provider_name: &signed.provider_facsimile_name,
            sha256: signed.content_sha256.as_deref(),
        }
    }
}

fn check(data: &AgreementPaper) -> Result<(), PressError> {
    if data.services.is_empty() {
        return Err(PressError::Empty { what: "services" });
    }
    let mut fields: Vec<(&'static str, &str, usize)> = vec![("number", &data.number, 40), ("city", &data.city, 80)];
    fields.extend(party_fields(
        [
            "provider.name",
            "provider.head",
            "provider.ground",
            "provider.legal_address",
            "provider.postal_address",
            "provider.bin",
            "provider.rnn",
        ],
        &data.provider,
    ));
    fields.extend(party_fields(
        [
            "school.name",
            "school.head",
            "school.ground",
            "school.legal_address",
            "school.postal_address",
            "school.bin",
            "school.rnn",
        ],
        &data.school,
    ));
    if let Some(signed) = &data.signed {
        fields.push(("signed.school_signed_name", &signed.school_signed_name, 120));
        fields.push(("signed.provider_facsimile_name", &signed.provider_facsimile_name, 120));
        let digest = signed.content_sha256.as_deref();
        if digest.is_some_and(|hex| hex.len() != 64 || !hex.chars().all(|c| c.is_ascii_hexdigit())) {
            return Err(PressError::Field { field: "signed.content_sha256", card: None, flaw: Flaw::Shape });
        }
    }
    fields.into_iter().try_for_each(|(field, value, most)| {
        printable(value, most).map_err(|flaw| PressError::Field { field, card: None, flaw })
    })
}

fn party_fields<'a>(
    names: [&'static str; 7],
    party: &'a Party,
) -> impl Iterator<Item = (&'static str, &'a str, usize)> {
    let values = [
        Some((party.name.as_str(), 300)),
        Some((party.head.as_str(), 120)),
        Some((party.ground.as_str(), 200)),
        Some((party.legal_address.as_str(), 300)),
        Some((party.postal_address.as_str(), 300)),
        Some((party.bin.as_str(), 20)),
        party.rnn.as_deref().map(|rnn| (rnn, 20)),
    ];
    names.into_iter().zip(values).filter_map(|(name, value)| value.map(|(text, most)| (name, text, most)))
}
