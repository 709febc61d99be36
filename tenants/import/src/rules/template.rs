//! The workbook that a school fills in. Its cells are written as text, never as formulas.

use kd_kernel::{Problem, Result, Tongue};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use super::{Field, Subject};

/// An empty workbook with the three sheets and their headings, in Kazakh or in Russian; with a column of ИИН where
/// the school keeps it.
///
/// # Errors
/// 500 when the workbook cannot be written.
pub fn template(tongue: Tongue, iin: bool) -> Result<Vec<u8>> {
    let language = usize::from(tongue != Tongue::Kk);
    let mut book = Workbook::new();
    // The writer would ask the clock; a template is of no day.
    let made = ExcelDateTime::from_ymd(2026, 1, 1).map_err(Problem::internal)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for subject in Subject::ALL {
        let sheet = book.add_worksheet();
        sheet.set_name(said(&subject.names(), language)).map_err(Problem::internal)?;
        sheet.set_freeze_panes(1, 0).map_err(Problem::internal)?;
        for (column, field) in (0_u16..).zip(subject.fields().iter().filter(|field| iin || **field != Field::Iin)) {
            let heading = said(field.headings(), language);
            sheet.set_column_width(column, 22).map_err(Problem::internal)?;
            if !matches!(field, Field::BirthDate | Field::EnrolledOn) {
                sheet.set_column_format(column, &text).map_err(Problem::internal)?;
            }
            sheet.write_string_with_format(0, column, heading, &bold).map_err(Problem::internal)?;
        }
    }
    book.save_to_buffer().map_err(Problem::internal)
}

fn said<'a>(words: &[&'a str], language: usize) -> &'a str {
    words.get(language).copied().unwrap_or_default()
}
