//! The press: everything of Kundelik that is printed, as PDF, and the texts of the two agreements.
//!
//! It knows paper and nothing else: no database, no network, no clock, no languages of the interface. Every function is
//! synchronous and takes from milliseconds to about a second of one core, so callers run it in a blocking pool. The
//! wording stands in `text/`, the looks in `templates/`; Rust code holds neither. Letters are the post's affair.

#[cfg(test)]
extern crate self as kd_press;

mod agreement;
mod error;
mod qr;
mod sheets;
mod terms;
mod world;

#[cfg(test)]
mod tests;

pub use agreement::{AgreementPaper, AnnexService, PaperLang, Party, Signatures, agreement};
pub use error::{Flaw, PressError};
pub use qr::qr_svg;
pub use sheets::{Card, MOST_CARDS, MOST_HEADING, SheetBatch, SheetLang, SheetPart, sheets};
pub use terms::{Terms, TermsClause, terms};
