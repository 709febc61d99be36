//! The typesetter's whole world: three embedded fonts, one embedded template, one data file in memory.
//! It reads no disk, no network and no clock, and it keeps nothing of what was printed.

use std::sync::LazyLock;

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::error::PressError;

/// Noto Sans has every letter of the three languages and ₸; JetBrains Mono tells 0 from O and 1 from l.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 3] = [
        include_bytes!("../fonts/NotoSans-Regular.ttf"),
        include_bytes!("../fonts/NotoSans-Bold.ttf"),
        include_bytes!("../fonts/JetBrainsMono-Bold.ttf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// What can be printed.
#[derive(Clone, Copy)]
pub(crate) enum Template {
    /// The agreement between provider and school.
    Agreement,
    /// The sheets with initial credentials and their register.
    Sheets,
}

impl Template {
    fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Agreement => ("agreement.typ", include_str!("../templates/agreement.typ")),
            Self::Sheets => ("sheets.typ", include_str!("../templates/sheets.typ")),
        }
    }

    /// The agreement is kept for years (PDF/A-2a, tagged); a sheet lives an hour and is only printed.
    fn options(self) -> Result<PdfOptions, PressError> {
        let (standard, tagged) = match self {
            Self::Agreement => (PdfStandard::A_2a, true),
            Self::Sheets => (PdfStandard::V_1_7, false),
        };
        let standards =
            PdfStandards::new(&[standard]).map_err(|error| PressError::Export(error.message().to_string()))?;
        Ok(PdfOptions {
            creator: Smart::Custom(Some("Kundelik".to_owned())),
            standards,
            tagged,
            ..PdfOptions::default()
        })
    }
}

/// One render: the template, and the data that it reads as `data.json`. Every other file is denied.
struct Desk {
    main: Source,
    data: (FileId, Bytes),
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Empties the typesetter's memory when a render ends, however it ends: it would otherwise keep what was printed,
/// temporary passwords among it, and grow by some three megabytes a sheet.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        comemo::evict(0);
    }
}

/// Sets `data` by `template` and writes it as PDF. The same data always give the same bytes.
pub(crate) fn render(template: Template, data: &impl Serialize) -> Result<Vec<u8>, PressError> {
    let json = serde_json::to_vec(data).map_err(|error| PressError::Text(error.to_string()))?;
    let (name, text) = template.source();
    let desk =
        Desk { main: Source::new(file_id(name)?, text.to_owned()), data: (file_id("data.json")?, Bytes::new(json)) };
    let _forget = Forget;
    let document =
        typst::compile::<PagedDocument>(&desk).output.map_err(|errors| PressError::Layout(first_message(&errors)))?;
    typst_pdf::pdf(&document, &template.options()?).map_err(|errors| PressError::Export(first_message(&errors)))
}

fn file_id(name: &str) -> Result<FileId, PressError> {
    let path = VirtualPath::new(name).map_err(|error| PressError::Layout(format!("{error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn first_message(errors: &[SourceDiagnostic]) -> String {
    errors.first().map_or_else(|| "no reason was given".to_owned(), |error| error.message.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_font_is_read_and_has_the_letters_it_must_have() {
        let families: Vec<_> = FONTS.iter().map(|font| font.info().family.as_str()).collect();
        assert_eq!(families, ["Noto Sans", "Noto Sans", "JetBrains Mono"]);
        for font in FONTS.iter().take(2) {
            for letter in "АәӘғҒқҚңҢөӨұҰүҮһҺіІ₸№«»—–…".chars() {
                assert!(font.info().coverage.contains(u32::from(letter)), "{letter} is missing");
            }
        }
    }
}
