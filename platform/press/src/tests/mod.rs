//! The papers are printed and read back with another library than the one that wrote them.

mod agreement;
#[path = "../../examples/specimens/sample.rs"]
mod sample;
mod sheets;
mod terms;

/// The text of every page, as a reader's programme would copy it.
fn pages(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    document.get_pages().keys().map(|page| document.extract_text(&[*page]).unwrap()).collect()
}

/// Letters and digits only: what is left when line ends, hyphens and spacing are not looked at.
fn squeezed(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// Every Kazakh letter that Russian lacks, both cases, and the sign of the tenge.
const KAZAKH: &str = "ӘәҒғҚқҢңӨөҰұҮүҺһІі₸";
