//! QR codes as vector drawings. What the text means is the caller's affair.

use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

/// A QR code (error correction M, quiet zone of four modules) of `text` as a stand-alone SVG drawing, black on white.
///
/// Holds 2,331 bytes; of a longer text, which no address of this product is, the drawing is empty.
#[must_use]
pub fn qr_svg(text: &str) -> String {
    QrCode::with_error_correction_level(text, EcLevel::M).map_or_else(
        |_| r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1" viewBox="0 0 1 1"/>"#.to_owned(),
        |code| {
            code.render::<Color<'_>>()
                .module_dimensions(8, 8)
                .dark_color(Color("#000"))
                .light_color(Color("#fff"))
                .build()
        },
    )
}

/// The same code for paper: rows of dark modules as one path without ground and quiet zone, so that 900 stay small.
pub(crate) fn qr_path(text: &str) -> String {
    use std::fmt::Write;

    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width.max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|left, right| left == right) {
            if run.first() == Some(&qrcode::Color::Dark) {
                let _ = write!(path, "M{x} {y}h{}v1H{x}z", run.len());
            }
            x += run.len();
        }
    }
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}"><path d="{path}"/></svg>"#)
}
