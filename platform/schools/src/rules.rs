//! What is true of applications, agreements and slugs, without asking anybody.

use kd_kernel::problem::Faults;
use kd_kernel::{Result, Slug, names};
use poem_openapi::Enum;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::wire::AgreementDraft;

/// The longest official name of a school, in characters: what the paper holds.
pub const NAME: usize = 300;
/// The longest name of a person.
pub const PERSON: usize = 120;
/// The longest address.
pub const ADDRESS: usize = 300;
/// The longest name of a place.
pub const CITY: usize = 80;
/// The longest ground on which a director acts.
const GROUND: usize = 200;

/// Where an application stands on its way to a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum ApplicationState {
    /// It was sent.
    Received,
    /// Somebody is looking into it.
    UnderReview,
    /// It was approved; the invitation follows in the same transaction.
    Approved,
    /// It was rejected, with a reason.
    Rejected,
    /// The letter with the activation login was written.
    Invited,
    /// The administrator has an account.
    Registered,
    /// The agreement is signed.
    ContractSigned,
    /// The school is being made.
    Provisioning,
    /// The school is open.
    Active,
    /// The school could not be made; an operator sees to it.
    ProvisioningFailed,
}

impl ApplicationState {
    /// Every state, in the order of the way.
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::UnderReview,
        Self::Approved,
        Self::Rejected,
        Self::Invited,
        Self::Registered,
        Self::ContractSigned,
        Self::Provisioning,
        Self::Active,
        Self::ProvisioningFailed,
    ];

    /// The name in tables and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::UnderReview => "under_review",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Invited => "invited",
            Self::Registered => "registered",
            Self::ContractSigned => "contract_signed",
            Self::Provisioning => "provisioning",
            Self::Active => "active",
            Self::ProvisioningFailed => "provisioning_failed",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether the way leads from here to there in one step (S51).
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Received => matches!(next, Self::UnderReview | Self::Approved | Self::Rejected),
            Self::UnderReview => matches!(next, Self::Approved | Self::Rejected),
            Self::Approved => next == Self::Invited,
            Self::Invited => next == Self::Registered,
            Self::Registered => next == Self::ContractSigned,
            Self::ContractSigned => next == Self::Provisioning,
            Self::Provisioning => matches!(next, Self::Active | Self::ProvisioningFailed),
            Self::ProvisioningFailed => matches!(next, Self::Provisioning | Self::Active),
            Self::Rejected | Self::Active => false,
        }
    }

    /// Whether an operator still has to decide.
    #[must_use]
    pub fn waits_for_decision(self) -> bool {
        matches!(self, Self::Received | Self::UnderReview)
    }
}

/// The number of an application: `2026-000012`.
#[must_use]
pub fn application_number(year: i32, serial: i64) -> String {
    format!("{year}-{serial:06}")
}

/// The number of an agreement: `КД-2026/000012`.
#[must_use]
pub fn agreement_number(year: i32, serial: i64) -> String {
    format!("КД-{year}/{serial:06}")
}

/// A text of one line, trimmed and composed (NFC), of 1 to `max` characters: what can stand in a paper
/// and in the subject of a letter. Faults `required`, `too-long`, `one-line`.
pub fn line(faults: &mut Faults, field: &'static str, value: &str, max: usize) -> String {
    let composed: String = value.nfc().collect();
    let text = faults.text(field, &composed, max);
    let breaks = text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'));
    faults.require(!breaks, field, "one-line");
    text
}

/// As [`line`], where the text may be missing; empty counts as missing.
pub fn maybe_line(faults: &mut Faults, field: &'static str, value: Option<&str>, max: usize) -> Option<String> {
    let text = value.map(str::trim).filter(|text| !text.is_empty())?;
    Some(line(faults, field, text, max))
}

/// What the agreement says of the school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requisites {
    /// Full name in Kazakh.
    pub name_kk: String,
    /// Full name in Russian.
    pub name_ru: String,
    /// Who heads it.
    pub director: String,
    /// On which ground the director acts.
    pub director_ground: String,
    /// The agreement's city.
    pub city: String,
    /// Legal address.
    pub legal_address: String,
    /// Postal address.
    pub postal_address: String,
    /// РНН, where one was given (domain.md 5.3).
    pub rnn: Option<String>,
}

impl Requisites {
    /// Reads what the school's administrator confirmed.
    ///
    /// # Errors
    /// 422 with every fault at its field.
    pub fn parse(draft: &AgreementDraft) -> Result<Self> {
        let mut faults = Faults::default();
        let requisites = Self {
            name_kk: line(&mut faults, "name_kk", &draft.name_kk, NAME),
            name_ru: line(&mut faults, "name_ru", &draft.name_ru, NAME),
            director: line(&mut faults, "director", &draft.director, PERSON),
            director_ground: line(&mut faults, "director_ground", &draft.director_ground, GROUND),
            city: line(&mut faults, "city", &draft.city, CITY),
            legal_address: line(&mut faults, "legal_address", &draft.legal_address, ADDRESS),
            postal_address: line(&mut faults, "postal_address", &draft.postal_address, ADDRESS),
            rnn: maybe_line(&mut faults, "rnn", draft.rnn.as_deref(), 12),
        };
        let digits = |rnn: &String| rnn.len() == 12 && rnn.bytes().all(|b| b.is_ascii_digit());
        faults.require(requisites.rnn.as_ref().is_none_or(digits), "rnn", "rnn-digits");
        faults.check()?;
        Ok(requisites)
    }
}

/// Addresses to propose to a school, best first: by its number and place where it has a number, by its
/// name otherwise, then with a counter. All are well-formed; which of them is free is not known here.
#[must_use]
pub fn slug_proposals(name: &str, city: &str) -> Vec<String> {
    let number: String =
        name.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).take(5).collect();
    let place = city
        .split(|c: char| !c.is_alphanumeric())
        .map(names::latin)
        .find(|word| word.chars().count() > 2 && !matches!(word.as_str(), "gorod" | "selo" | "aul" | "kala"));
    let first = match (number.is_empty(), place) {
        (false, Some(place)) => format!("mektep-{number}-{}", place.chars().take(20).collect::<String>()),
        (false, None) => format!("mektep-{number}"),
        (true, _) => Slug::propose(name).trim_end_matches('-').to_owned(),
    };
    let counted = (2..=20).map(|n| format!("{first}-{n}"));
    std::iter::once(first.clone()).chain(counted).filter(|text| Slug::parse(text).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_shape() {
        assert_eq!(application_number(2026, 12), "2026-000012");
        assert_eq!(agreement_number(2026, 12), "КД-2026/000012");
    }

    #[test]
    fn s51_no_state_is_skipped_and_none_is_entered_twice() {
        let mut tried = 0;
        for from in ApplicationState::ALL {
            assert_eq!(ApplicationState::of_name(from.name()), Some(from));
            assert!(!from.may_become(from), "{from:?}");
            for to in [ApplicationState::Received, ApplicationState::UnderReview] {
                assert!(!from.may_become(to) || from == ApplicationState::Received, "{from:?} to {to:?}");
            }
            for to in [ApplicationState::Registered, ApplicationState::ContractSigned] {
                let ways = ApplicationState::ALL.into_iter().filter(|f| f.may_become(to)).count();
                assert_eq!(ways, 1, "one way to {to:?}");
                tried += 1;
            }
        }
        assert_eq!(tried, 20);
    }

    #[test]
    fn a_school_is_proposed_an_address_by_its_number_and_place() {
        let proposals = slug_proposals("КММ «№ 205 жалпы білім беретін мектебі»", "Көктау қаласы");
        assert_eq!(proposals.first().map(String::as_str), Some("mektep-205-koktau"));
        assert_eq!(proposals.get(1).map(String::as_str), Some("mektep-205-koktau-2"));
        let named = slug_proposals("Дарын гимназиясы", "г. Астана");
        assert_eq!(named.first().map(String::as_str), Some("daryn-gimnaziyasy"));
        assert_eq!(slug_proposals("Школа № 7", "г. Астана").first().map(String::as_str), Some("mektep-7-astana"));
        assert!(!slug_proposals("…", "…").is_empty());
    }

    #[test]
    fn s46_a_line_holds_no_second_line() {
        for bad in ["a\nb", "a\r\nBcc: x", "a\u{2028}b", "a\tb"] {
            let mut faults = Faults::default();
            line(&mut faults, "name", bad, 100);
            assert!(faults.check().is_err(), "{bad:?}");
        }
        let mut faults = Faults::default();
        assert_eq!(line(&mut faults, "name", " й ", 5), "й");
        assert!(faults.check().is_ok());
    }
}
