//! What can go wrong at the press. No message holds a value that was to be printed: names and passwords stay out of logs.

/// Why a value cannot stand on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Nothing but white space.
    #[error("it is empty")]
    Blank,
    /// More characters than the place on the paper holds.
    #[error("it is longer than {most} characters")]
    TooLong {
        /// How many characters fit.
        most: usize,
    },
    /// A line break, a tab or another control character inside.
    #[error("it holds a control character")]
    Control,
    /// A temporary password that is not twelve letters and digits (dashes are not counted), or a digest that is not
    /// 64 hexadecimal digits.
    #[error("it does not have the agreed shape")]
    Shape,
}

/// An error of the press.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PressError {
    /// A batch without cards or an agreement without services.
    #[error("{what}: there is nothing to print")]
    Empty {
        /// Which list was empty, e.g. `cards`.
        what: &'static str,
    },
    /// More cards than one batch may have.
    #[error("{given} cards were given, one batch holds at most {most}")]
    TooManyCards {
        /// How many were given.
        given: usize,
        /// How many are allowed, [`crate::MOST_CARDS`].
        most: usize,
    },
    /// One value cannot be printed.
    #[error("{field}: {flaw}")]
    Field {
        /// The name of the field, e.g. `school.bin` or `cards.login`.
        field: &'static str,
        /// For a field of a card, its place in the batch, counted from 1.
        card: Option<usize>,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// A text file of the crate does not read; the tests read all of them, so this is a broken build.
    #[error("a text of the press does not read: {0}")]
    Text(String),
    /// The typesetter refused the template.
    #[error("the paper could not be set: {0}")]
    Layout(String),
    /// The set pages could not be written as PDF.
    #[error("the paper could not be written as PDF: {0}")]
    Export(String),
}

/// Checks one value before it goes to the typesetter: not blank, at most `most` characters, no control characters.
pub(crate) fn printable(value: &str, most: usize) -> Result<(), Flaw> {
    if value.trim().is_empty() {
        return Err(Flaw::Blank);
    }
    if value.chars().count() > most {
        return Err(Flaw::TooLong { most });
    }
    if value.chars().any(char::is_control) {
        return Err(Flaw::Control);
    }
    Ok(())
}
