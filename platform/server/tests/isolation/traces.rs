//! What a school leaves in everything that comes out, and how it would look there.

use std::fmt::Write;

use kd_kernel::names::{folded, latin};
use kd_testkit::Reply;

/// Words that stand in what people of one school write, and nowhere else. They are invented, and each of
/// them is one word of letters, so that a typesetter's spaces can be taken out.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// In everything inside the school: no operator sees it.
    pub inside: &'static str,
    /// In the application, the agreement and the school's name: operators see it.
    pub registry: &'static str,
}

/// For whom something came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// The first school's people, and its applicant.
    One,
    /// The other's.
    Other,
    /// The provider's operators.
    Operator,
    /// Nobody in particular: the log, Redis.
    Nobody,
}

/// Something that came out of the house.
pub struct Said {
    pub to: To,
    pub what: String,
    pub text: String,
}

impl Said {
    /// An answer: its headers and its body, of a PDF the text too.
    pub fn reply(to: To, what: String, reply: &Reply) -> Self {
        let mut text = String::new();
        for (name, value) in &reply.headers {
            writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes())).unwrap();
        }
        Self { to, what, text: text + read(&reply.body).as_str() }
    }

    /// A file, a letter or the like.
    pub fn bytes(to: To, what: String, bytes: &[u8]) -> Self {
        Self { to, what, text: read(bytes) }
    }

    /// Which of the signs it holds.
    pub fn holds<'a>(&self, signs: &'a [String]) -> Option<&'a str> {
        signs.iter().find(|sign| self.text.contains(sign.as_str())).map(String::as_str)
    }
}

/// Bytes as text; of a PDF what a reader reads, letter upon letter.
fn read(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if bytes.starts_with(b"%PDF") {
        let document = lopdf::Document::load_mem(bytes).unwrap();
        for page in document.get_pages().keys() {
            text.extend(document.extract_text(&[*page]).unwrap().chars().filter(|c| c.is_alphanumeric()));
        }
    }
    text
}

/// Every way in which a word may be written: as it is, in capitals, folded for search, in Latin letters,
/// and each of them as an address or JSON escapes it.
pub fn signs(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned(), word.to_lowercase(), word.to_uppercase(), folded(word), latin(word)];
    for plain in all.clone() {
        let (mut address, mut json) = (String::new(), String::new());
        plain.bytes().for_each(|b| write!(address, "%{b:02x}").unwrap());
        plain.encode_utf16().for_each(|unit| write!(json, "\\u{unit:04x}").unwrap());
        for escaped in [address, json] {
            all.push(upper_digits(&escaped));
            all.push(escaped);
        }
    }
    all.sort();
    all.dedup();
    all
}

/// `%d0` as `%D0`, and `\u04ab` as `\u04AB`.
fn upper_digits(escaped: &str) -> String {
    escaped.chars().map(|c| if c == 'u' { c } else { c.to_ascii_uppercase() }).collect()
}

#[test]
fn a_word_is_found_however_it_is_written() {
    let signs = signs("Қоңыр");
    let said = |text: &str| Said { to: To::Nobody, what: String::new(), text: text.to_owned() };
    for text in [
        "<Қоңыр>",
        "ҚОҢЫР",
        "коныр",
        "konyr.a",
        "?q=%d2%9a%d0%be%d2%a3%d1%8b%d1%80",
        "%D2%9A%D0%BE%D2%A3%D1%8B%D1%80",
        "\\u049a\\u043e\\u04a3\\u044b\\u0440",
        "\\u049A\\u043E\\u04A3\\u044B\\u0440",
    ] {
        assert!(said(text).holds(&signs).is_some(), "{text}");
    }
    assert!(said("Қоңы р").holds(&signs).is_none());
}
