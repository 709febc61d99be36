//! What was measured, as a table for people and as JSON for machines.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Serialize, Serializer};

use crate::load::Measured;
use crate::peer::Figure;

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What it was measured on.
    pub machine: Machine,
    /// A row for each thing measured.
    pub results: Vec<Row>,
}

/// What stands beneath the figures.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// Cores; server, database and clients share them.
    pub cores: usize,
    /// PostgreSQL's version.
    pub postgres: String,
    /// Whether PostgreSQL writes to the disk at all; measured only when it does.
    pub fsync: String,
    /// Whether a commit waits for the disk; measured only when it does.
    pub synchronous_commit: String,
}

/// One thing measured.
#[derive(Debug, Serialize)]
pub struct Row {
    /// `A.journal_page`.
    pub name: String,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// What a reader must know of the figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The figures of a row.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Figures {
    /// Work done again and again, beside the same done bare.
    Speed {
        /// Clients at the same time, each with a connection that it keeps.
        clients: usize,
        /// How often it was done while it was measured.
        requests: usize,
        #[serde(serialize_with = "short")]
        p50_ms: f64,
        #[serde(serialize_with = "short")]
        p95_ms: f64,
        /// How often a second.
        #[serde(serialize_with = "short")]
        rps: f64,
        /// Time of the product's process on the cores, for one.
        #[serde(serialize_with = "short")]
        cpu_ms: f64,
        /// How often a second the peer does it.
        #[serde(serialize_with = "short")]
        pgbench_rps: f64,
        /// Ours by the peer's.
        #[serde(serialize_with = "short")]
        ratio: f64,
        /// Who the peer was.
        peer: &'static str,
    },
    /// Whether kinds of a thing can be told apart by the time that they take.
    Alike {
        /// How often each kind was tried.
        samples: usize,
        /// Half of a kind took at most this long.
        #[serde(serialize_with = "shorts")]
        medians_ms: [f64; 3],
        /// The longest median by the shortest.
        #[serde(serialize_with = "short")]
        spread: f64,
        /// How far two kinds differ by their ranks, in standard deviations.
        #[serde(serialize_with = "short")]
        z: f64,
    },
    /// Memory of a process.
    Memory {
        /// What is resident, in MiB.
        #[serde(serialize_with = "short")]
        rss_mb: f64,
    },
    /// A large piece of work that was done once.
    Whole {
        /// What was done, for people: `2690 cards, 1234 bytes`.
        what: String,
        /// How long it took.
        #[serde(serialize_with = "short")]
        seconds: f64,
        /// Seconds of the cores that it cost.
        #[serde(serialize_with = "short")]
        cpu_seconds: f64,
        /// How many it may cost.
        limit: f64,
    },
    /// What a page needs before it can be used, as transferred.
    Page {
        /// JavaScript and CSS in bytes.
        bytes: usize,
        /// How many they may be.
        limit: usize,
    },
}

impl Row {
    /// A row of speed.
    pub fn speed(name: &str, measured: &Measured, peer: Figure) -> Self {
        let figures = Figures::Speed {
            clients: measured.clients,
            requests: measured.requests,
            p50_ms: measured.p50_ms,
            p95_ms: measured.p95_ms,
            rps: measured.rps,
            cpu_ms: measured.cpu_ms,
            pgbench_rps: peer.rps,
            ratio: measured.rps / peer.rps,
            peer: peer.name,
        };
        Self { name: name.to_owned(), figures, note: None }
    }

    /// The same row with a note.
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    fn cells(&self) -> [String; 9] {
        let none = String::new;
        match &self.figures {
            Figures::Speed { clients, p50_ms, p95_ms, rps, cpu_ms, pgbench_rps, ratio, peer, .. } => [
                self.name.clone(),
                clients.to_string(),
                format!("{p50_ms:.1}"),
                format!("{p95_ms:.1}"),
                format!("{rps:.1}"),
                format!("{cpu_ms:.2}"),
                format!("{pgbench_rps:.1}"),
                format!("{ratio:.2}"),
                (*peer).to_owned(),
            ],
            Figures::Alike { samples, medians_ms: [first, second, third], spread, z } => {
                let what =
                    format!("{samples} each: {first:.2}, {second:.2}, {third:.2} ms, spread {spread:.3}, z {z:.2}");
                [self.name.clone(), none(), none(), none(), none(), none(), none(), none(), what]
            }
            Figures::Memory { rss_mb } => {
                let what = format!("{rss_mb:.1} MiB resident");
                [self.name.clone(), none(), none(), none(), none(), none(), none(), none(), what]
            }
            Figures::Whole { what, seconds, cpu_seconds, limit } => {
                let over = if cpu_seconds > limit { ": OVER" } else { "" };
                let what =
                    format!("{what} in {seconds:.1} s, {cpu_seconds:.1} s of the cores of at most {limit}{over}");
                [self.name.clone(), none(), none(), none(), none(), none(), none(), none(), what]
            }
            Figures::Page { bytes, limit } => {
                let over = if bytes > limit { ": OVER" } else { "" };
                let what = format!("{bytes} bytes of at most {limit}{over}");
                [self.name.clone(), none(), none(), none(), none(), none(), none(), none(), what]
            }
        }
    }
}

/// Three digits after the point are more than any of these figures is good for.
fn short<S: Serializer>(figure: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((figure * 1_000.0).round() / 1_000.0)
}

fn shorts<S: Serializer>(figures: &[f64; 3], serializer: S) -> Result<S::Ok, S::Error> {
    figures.map(|figure| (figure * 1_000.0).round() / 1_000.0).serialize(serializer)
}

impl Report {
    /// The report as people read it.
    pub fn table(&self) -> String {
        let head = ["", "clients", "p50 ms", "p95 ms", "per s", "cpu ms", "peer per s", "ratio", "peer"];
        let rows: Vec<_> =
            std::iter::once(head.map(str::to_owned)).chain(self.results.iter().map(Row::cells)).collect();
        let machine = &self.machine;
        let mut text = format!("\n  {} cores, PostgreSQL {}, fsync on\n\n", machine.cores, machine.postgres);
        for row in rows {
            let mut line = String::new();
            for (index, cell) in row.iter().enumerate() {
                // Writing into a String cannot fail.
                let _ = match index {
                    0 => write!(line, "  {cell:<22}"),
                    8 => write!(line, "  {cell}"),
                    _ => write!(line, "{cell:>11}"),
                };
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        for row in &self.results {
            if let Some(note) = &row.note {
                let _ = write!(text, "\n  {}: {note}", row.name);
            }
        }
        text.push('\n');
        text
    }

    /// Writes it as JSON.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_has_the_shape_that_was_agreed() {
        let measured =
            Measured { clients: 16, requests: 4_000, p50_ms: 30.0, p95_ms: 55.5, rps: 500.0, cpu_ms: 1.23456 };
        let row = Row::speed("A.journal_page", &measured, Figure { rps: 1_000.0, name: "pgbench" });
        let json = serde_json::to_value(&row).unwrap();
        let right = serde_json::json!({ "name": "A.journal_page", "clients": 16, "requests": 4_000, "p50_ms": 30.0,
            "p95_ms": 55.5, "rps": 500.0, "cpu_ms": 1.235, "pgbench_rps": 1_000.0, "ratio": 0.5, "peer": "pgbench" });
        assert_eq!(json, right);
        let page = Row { name: "web.sign_in".into(), figures: Figures::Page { bytes: 2, limit: 1 }, note: None };
        let right = serde_json::json!({ "name": "web.sign_in", "bytes": 2, "limit": 1 });
        assert_eq!(serde_json::to_value(&page).unwrap(), right);
        assert!(page.cells().concat().contains("OVER"));
    }
}
