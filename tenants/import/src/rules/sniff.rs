//! What a file is, by its bytes alone, and whether it is safe to unpack.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{MAX_PARTS, MAX_RATIO, MAX_UNPACKED, Refusal};

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// XLSX.
    Workbook,
    /// CSV.
    Text,
}

/// The first bytes of a compound file: XLS, or a workbook behind a password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
/// The table of types within a workbook.
const TYPES: &str = "[Content_Types].xml";

/// What the file is.
pub fn form(bytes: &[u8]) -> Result<Form, Refusal> {
    if bytes.starts_with(b"PK") {
        return workbook(bytes);
    }
    if bytes.starts_with(COMPOUND) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(name.len()).any(|part| part == name.as_slice());
        return Err(if encrypted { Refusal::Encrypted } else { Refusal::OtherWorkbook });
    }
    // UTF-16 says so in its first bytes; nothing else that is text has control characters.
    let wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let control = |b: &u8| *b < 0x20 && !b"\t\r\n".contains(b);
    let start = bytes.trim_ascii_start();
    let marked = start.starts_with(b"<") || start.starts_with(b"%PDF") || start.starts_with(b"{\\rtf");
    if start.is_empty() || marked || (!wide && bytes.iter().any(control)) {
        return Err(Refusal::NotTable);
    }
    Ok(Form::Text)
}

fn workbook(bytes: &[u8]) -> Result<Form, Refusal> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
    if zip.len() > MAX_PARTS {
        return Err(Refusal::Bomb);
    }
    let names: Vec<String> = zip
        .file_names()
        .map(|name| name.map(|name| name.to_lowercase()).map_err(|_| Refusal::Damaged))
        .collect::<Result<_, _>>()?;
    let has = |name: &str| names.iter().any(|n| n == name);
    if names.iter().any(|n| n.ends_with("vbaproject.bin") || n.starts_with("xl/macrosheets/")) {
        return Err(Refusal::Macros);
    }
    if has("xl/workbook.bin") || (has("mimetype") && has("content.xml")) {
        return Err(Refusal::OtherWorkbook);
    }
    if !has("xl/workbook.xml") {
        return Err(Refusal::NotTable);
    }
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let most = MAX_UNPACKED.min(size.saturating_mul(MAX_RATIO));
    if types_with_macros(&unpacked_types(&mut zip, most)?) { Err(Refusal::Macros) } else { Ok(Form::Workbook) }
}

/// Unpacks every part into nothing and counts: what the parts say of their size is not believed. Answers
/// with the table of types.
fn unpacked_types(zip: &mut ZipArchive<Cursor<&[u8]>>, most: u64) -> Result<Vec<u8>, Refusal> {
    let (mut total, mut types) = (0_u64, Vec::new());
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|_| Refusal::Damaged)?;
        let is_types = part.name().map_err(|_| Refusal::Damaged)?.eq_ignore_ascii_case(TYPES);
        let mut part = part.take(most.saturating_sub(total) + 1);
        let read = if is_types {
            part.read_to_end(&mut types).map(|n| u64::try_from(n).unwrap_or(u64::MAX))
        } else {
            std::io::copy(&mut part, &mut std::io::sink())
        };
        total = total.saturating_add(read.map_err(|_| Refusal::Damaged)?);
        if total > most {
            return Err(Refusal::Bomb);
        }
    }
    Ok(types)
}

fn types_with_macros(types: &[u8]) -> bool {
    let types = String::from_utf8_lossy(types).to_lowercase();
    types.contains("macroenabled") || types.contains("vbaproject")
}
