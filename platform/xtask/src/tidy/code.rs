//! Code with its comments and the insides of its strings blanked out, byte for byte, so that braces and
//! words can be counted by simple means and places stay where they were. No parser: for Rust and
//! TypeScript as people write them here.

/// What is blanked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Comments go, strings stay.
    Strings,
    /// Both go.
    Nothing,
}

/// The text with comments, and strings unless kept, made blank; lines stay lines.
pub fn blank(text: &str, keep: Keep) -> String {
    let mut scanner = Scanner { bytes: text.as_bytes(), out: text.as_bytes().to_vec(), at: 0, keep };
    while scanner.at < scanner.bytes.len() {
        scanner.step();
    }
    String::from_utf8_lossy(&scanner.out).into_owned()
}

struct Scanner<'a> {
    bytes: &'a [u8],
    out: Vec<u8>,
    at: usize,
    keep: Keep,
}

impl Scanner<'_> {
    fn step(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match rest {
            [b'/', b'/', ..] => {
                let length = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                self.wipe(length);
            }
            [b'/', b'*', ..] => self.wipe(block(rest)),
            [b'r', b'"' | b'#', ..] if !self.within_word() => match raw(rest) {
                Some(length) => self.string(length),
                None => self.at += 1,
            },
            [b'\'', ..] => match quoted(rest) {
                Some(length) => self.string(length),
                None => self.at += 1,
            },
            [b'"', ..] => self.string(until(rest, b'"')),
            [b'`', ..] => self.string(until(rest, b'`')),
            _ => self.at += 1,
        }
    }

    fn within_word(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.bytes.get(at));
        before.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
    }

    fn string(&mut self, length: usize) {
        match self.keep {
            Keep::Strings => self.at += length,
            Keep::Nothing => self.wipe(length),
        }
    }

    fn wipe(&mut self, length: usize) {
        let end = (self.at + length).min(self.bytes.len());
        for byte in self.out.iter_mut().take(end).skip(self.at) {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        self.at = end;
    }
}

/// The length of a block comment, inner ones included.
fn block(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match rest.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth.saturating_sub(1), at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a raw string; nothing when it is none.
fn raw(rest: &[u8]) -> Option<usize> {
    let hashes = rest.iter().skip(1).take_while(|b| **b == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return None;
    }
    let mut end = vec![b'"'];
    end.extend(std::iter::repeat_n(b'#', hashes));
    let inner = rest.get(hashes + 2..)?;
    let length = inner.windows(end.len()).position(|w| w == end.as_slice())?;
    Some(hashes + 2 + length + end.len())
}

/// The length of a character or of a string in single quotes; nothing for a lifetime or an apostrophe.
fn quoted(rest: &[u8]) -> Option<usize> {
    let line = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    let line = rest.get(..line)?;
    let lifetime = line.get(1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_') && line.get(2) != Some(&b'\'');
    let length = until(line, b'\'');
    let closed = length >= 2 && line.get(length - 1) == Some(&b'\'');
    // In TypeScript a string: it closes, and what it holds is no Rust after a lifetime.
    let inner = line.get(1..length.saturating_sub(1)).unwrap_or_default();
    let like_rust = inner.iter().any(|b| matches!(b, b'>' | b'<' | b'&' | b';' | b'{'));
    (closed && !(lifetime && like_rust)).then_some(length)
}

/// The length up to and with the next such quote that is not escaped; the rest when there is none.
fn until(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b if *b == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_go_and_places_stay() {
        let text = "let a = \"{\"; // {\nlet b = '{'; /* { /* { */ */ let c = r#\"{\"{\"#;";
        let blanked = blank(text, Keep::Nothing);
        assert_eq!(blanked.len(), text.len());
        assert!(!blanked.contains('{'));
        assert_eq!(blanked.matches("let").count(), 3);
    }

    #[test]
    fn lifetimes_are_no_strings() {
        let text = "impl<'a> Foo<'a> for Bar<'a> { fn x(&'a self) {} }";
        assert_eq!(blank(text, Keep::Nothing), text);
    }

    #[test]
    fn strings_may_stay() {
        let text = "db.query(\"SET search_path\") // search_path";
        let kept = blank(text, Keep::Strings);
        assert_eq!(kept.matches("search_path").count(), 1);
    }

    #[test]
    fn an_escaped_quote_closes_nothing() {
        assert!(!blank(r#"f("\"{"); g('\'');"#, Keep::Nothing).contains('{'));
    }
}
