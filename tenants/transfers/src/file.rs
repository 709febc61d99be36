//! The file: what it holds, and how it is written and opened. Sixteen letters that say what it is, a byte for the
//! version, the transfer's id, then the seal: a signature of the service and the content as JSON, the very bytes that
//! were signed. The seal is bound to version, receiving school and transfer, so the head cannot be changed either.
//!
//! A further version may have further sections, such as marks; a reader refuses a version that it does not know.

use chrono::{DateTime, NaiveDate, Utc};
use kd_blobs::{SIGNATURE, Seal};
use kd_kernel::{Chance, Problem, Result, SchoolId, TransferId};
use kd_people::transfers::{Facts, Relation, Stay};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What every such file begins with.
const MAGIC: &[u8; 16] = b"KUNDELIKTRANSFER";
/// The version that is written, and the only one that is read.
const VERSION: u8 = 1;
/// What signatures are made for.
const SIGNED: &str = "transfer:1";
/// The largest file: a student with thirty guardians takes a tenth of it.
pub const MAX_BYTES: usize = 256 * 1024;

/// What goes to the other school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The transfer.
    pub transfer: TransferId,
    /// From this school.
    pub from: SchoolId,
    /// Its name in Kazakh.
    pub from_kk: String,
    /// Its name in Russian.
    pub from_ru: String,
    /// To this school.
    pub to: SchoolId,
    /// When it was exported.
    pub issued_at: DateTime<Utc>,
    /// Until when it may be accepted.
    pub expires_at: DateTime<Utc>,
    /// The student.
    pub student: Facts,
    /// The first day in a class of the sending school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// The last class there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_class: Option<Stay>,
    /// The first day without, for who had left when the file was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_on: Option<NaiveDate>,
    /// The guardians who go along.
    pub guardians: Vec<Guardian>,
}

/// A guardian of the student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guardian {
    /// What the guardian is to the child.
    pub relation: Relation,
    /// The data.
    pub facts: Facts,
}

impl Content {
    /// Signs and seals it for the receiving school.
    ///
    /// # Errors
    /// 500 where it cannot be written as JSON.
    pub fn written(&self, seal: &Seal, chance: &Chance) -> Result<Vec<u8>> {
        let text = serde_json::to_vec(self).map_err(Problem::internal)?;
        let signed = [&seal.sign(SIGNED, &text)[..], &text].concat();
        let sealed = seal.seal(chance, &context(self.to, self.transfer), &signed);
        Ok([&MAGIC[..], &[VERSION], self.transfer.0.as_bytes(), &sealed].concat())
    }
}

/// A file whose head was read.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The transfer that it says it is of.
    pub transfer: TransferId,
    sealed: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Reads the head.
    ///
    /// # Errors
    /// 422 `transfers.too-large`, `transfers.not-a-transfer`, `transfers.newer-format`, `transfers.damaged`.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() > MAX_BYTES {
            return Err(Problem::refused("transfers.too-large"));
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| Problem::refused("transfers.not-a-transfer"))?;
        let (version, rest) = rest.split_first().ok_or_else(damaged)?;
        if *version != VERSION {
            return Err(Problem::refused("transfers.newer-format"));
        }
        let (id, sealed) = rest.split_at_checked(16).ok_or_else(damaged)?;
        Ok(Self { transfer: TransferId(Uuid::from_slice(id).map_err(|_| damaged())?), sealed })
    }

    /// Opens it as the school that it is for.
    ///
    /// # Errors
    /// 422 `transfers.damaged` where it was changed, is for another school, or was not signed by this service.
    pub fn open(&self, seal: &Seal, to: SchoolId) -> Result<Content> {
        let signed = seal.open(&context(to, self.transfer), self.sealed).map_err(|_| damaged())?;
        let (signature, text) = signed.split_at_checked(SIGNATURE).ok_or_else(damaged)?;
        if !seal.has_signed(SIGNED, text, signature) {
            return Err(damaged());
        }
        let content: Content = serde_json::from_slice(text).map_err(|_| damaged())?;
        if content.transfer == self.transfer && content.to == to { Ok(content) } else { Err(damaged()) }
    }
}

/// The file is not as it was when it was exported.
pub fn damaged() -> Problem {
    Problem::refused("transfers.damaged")
}

fn context(to: SchoolId, transfer: TransferId) -> String {
    format!("transfer:{VERSION}:{to}:{transfer}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kd_people::transfers::Sex;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn content() -> Content {
        Content {
            transfer: TransferId(id(1)),
            from: SchoolId(id(2)),
            from_kk: "Үлгі мектебі".to_owned(),
            from_ru: "Школа-образец".to_owned(),
            to: SchoolId(id(3)),
            issued_at: "2026-09-10T05:00:00Z".parse().unwrap(),
            expires_at: "2026-10-10T05:00:00Z".parse().unwrap(),
            student: Facts {
                surname: "Ахметов".to_owned(),
                given_name: "Тимур".to_owned(),
                patronymic: None,
                birth_date: Some("2013-11-30".parse().unwrap()),
                sex: Sex::M,
                phone: None,
                email: None,
            },
            since: None,
            last_class: None,
            left_on: None,
            guardians: Vec::new(),
        }
    }

    fn seal() -> Seal {
        Seal::new([7; 32])
    }

    fn refused(bytes: &[u8], to: u128) -> &'static str {
        let opened = Envelope::read(bytes).and_then(|envelope| envelope.open(&seal(), SchoolId(id(to))));
        opened.map_or_else(|problem| problem.code(), |_| "opened")
    }

    #[test]
    fn what_was_written_opens_in_the_named_school_alone() {
        let file = content().written(&seal(), &Chance::seeded(7)).unwrap();
        let envelope = Envelope::read(&file).unwrap();
        assert_eq!(
            (envelope.transfer, envelope.open(&seal(), SchoolId(id(3))).unwrap()),
            (content().transfer, content())
        );
        assert_eq!(refused(&file, 4), "transfers.damaged");
        assert!(envelope.open(&Seal::new([8; 32]), SchoolId(id(3))).is_err(), "another house's key");
    }

    #[test]
    fn a_changed_or_shortened_file_is_refused_whatever_byte_it_is() {
        let file = content().written(&seal(), &Chance::seeded(7)).unwrap();
        for n in 0..file.len() {
            let mut changed = file.clone();
            changed[n] ^= 1;
            let code = match n {
                0..16 => "transfers.not-a-transfer",
                16 => "transfers.newer-format",
                _ => "transfers.damaged",
            };
            assert_eq!(refused(&changed, 3), code, "byte {n}");
            let code = if n < 16 { "transfers.not-a-transfer" } else { "transfers.damaged" };
            assert_eq!(refused(&file[..n], 3), code, "{n} bytes");
        }
        assert_eq!(refused(&[&file[..], b"0"].concat(), 3), "transfers.damaged");
        assert_eq!(refused(&vec![0; MAX_BYTES + 1], 3), "transfers.too-large");
        assert_eq!(refused(b"", 3), "transfers.not-a-transfer");
    }

    /// Seals what is no content of ours, as only the service's key can.
    fn forged(signature: &[u8], text: &[u8]) -> Vec<u8> {
        let sealed =
            seal().seal(&Chance::seeded(7), &context(SchoolId(id(3)), content().transfer), &[signature, text].concat());
        [&MAGIC[..], &[VERSION], content().transfer.0.as_bytes(), &sealed].concat()
    }

    #[test]
    fn what_is_sealed_well_but_not_signed_is_refused() {
        let text = serde_json::to_vec(&content()).unwrap();
        let good = seal().sign(SIGNED, &text);
        assert_eq!(refused(&forged(&good, &text), 3), "opened");
        assert_eq!(refused(&forged(&[0; SIGNATURE], &text), 3), "transfers.damaged");
        assert_eq!(refused(&forged(&seal().sign("letter", &text), &text), 3), "transfers.damaged", "another purpose");
        assert_eq!(
            refused(&forged(&Seal::new([8; 32]).sign(SIGNED, &text), &text), 3),
            "transfers.damaged",
            "another key"
        );
        assert_eq!(refused(&forged(b"", b""), 3), "transfers.damaged");
    }

    #[test]
    fn what_is_signed_for_another_school_or_transfer_or_has_more_is_refused() {
        let signed = |text: &[u8]| forged(&seal().sign(SIGNED, text), text);
        for other in
            [Content { to: SchoolId(id(4)), ..content() }, Content { transfer: TransferId(id(9)), ..content() }]
        {
            let file = signed(&serde_json::to_vec(&other).unwrap());
            assert_eq!(refused(&file, 3), "transfers.damaged");
            assert_eq!(refused(&file, 4), "transfers.damaged", "sealed for one school, signed for another");
        }
        let mut more = serde_json::to_value(content()).unwrap();
        more["student"]["address"] = "Үлгі, 1".into();
        assert_eq!(refused(&signed(more.to_string().as_bytes()), 3), "transfers.damaged", "data beyond the list");
    }
}
