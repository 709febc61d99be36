//! One letter, and how it is written. Nothing that goes into a header may hold a control sign, so no
//! header can be smuggled in by a name, an address or a subject (S46).

use lettre::Message;
use lettre::message::{Mailbox, MultiPart, SinglePart, header};

use crate::MailFault;

/// A letter to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// `address` or `Name <address>`.
    pub to: String,
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// `<unique@host>`: the same for every try of the same letter.
    pub message_id: String,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outgoing({})", self.message_id)
    }
}

impl Outgoing {
    /// The letter as it is sent.
    pub(crate) fn message(&self, from: &Mailbox) -> Result<Message, MailFault> {
        one_line("subject", &self.subject)?;
        let builder = Message::builder()
            .from(from.clone())
            .to(mailbox("to", &self.to)?)
            .subject(&self.subject)
            .message_id(Some(checked_id(&self.message_id)?));
        let text = SinglePart::builder().header(header::ContentType::TEXT_PLAIN).body(lines(&self.text));
        match &self.html {
            None => builder.singlepart(text),
            Some(html) => builder.multipart(
                MultiPart::alternative()
                    .singlepart(text)
                    .singlepart(SinglePart::builder().header(header::ContentType::TEXT_HTML).body(lines(html))),
            ),
        }
        .map_err(|error| MailFault::Permanent(format!("the letter cannot be written: {error}")))
    }
}

/// Reads `address` or `Name <address>`.
pub(crate) fn mailbox(what: &str, text: &str) -> Result<Mailbox, MailFault> {
    one_line(what, text)?;
    text.parse().map_err(|error| MailFault::Permanent(format!("{what} is not an address: {error}")))
}

/// The text with one kind of line end: a lone CR would be one for some servers and none for others.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// No control sign, and no sign that some readers take for the end of a line.
fn one_line(what: &str, text: &str) -> Result<(), MailFault> {
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(MailFault::Permanent(format!("{what} holds a control sign")));
    }
    Ok(())
}

/// `<left@right>` of visible ASCII, without further brackets.
fn checked_id(id: &str) -> Result<String, MailFault> {
    let inside = id.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or("");
    let visible = inside.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'));
    match inside.split_once('@') {
        Some((left, right)) if visible && !left.is_empty() && !right.is_empty() && id.len() <= 250 => Ok(id.to_owned()),
        _ => Err(MailFault::Permanent("the Message-ID is not <unique@host>".into())),
    }
}
