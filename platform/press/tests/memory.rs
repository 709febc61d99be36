//! Nothing of what was printed stays in the typesetter's memory. A process of its own, because it measures itself.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../examples/specimens/sample.rs"]
mod sample;

use kd_press::{AgreementPaper, PaperLang, SheetLang, agreement, sheets};

/// Private memory of this process in kilobytes.
fn kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn pdp10_twenty_batches_take_no_more_memory_than_a_few() {
    let print = |at: usize| {
        let mut batch = sample::batch(SheetLang::Kk, 20);
        for card in &mut batch.parts[0].cards {
            card.temporary_password = format!("{}{at:04}", &card.temporary_password[..8]);
        }
        sheets(&batch).unwrap();
    };
    (0..3).for_each(print);
    let before = kilobytes();
    (3..20).for_each(print);
    let paper = AgreementPaper { signed: Some(sample::signatures()), ..sample::paper(PaperLang::Kk) };
    agreement(&paper, PaperLang::Kk).unwrap();
    let grown = kilobytes().saturating_sub(before);
    assert!(grown < 24 * 1024, "memory has grown by {grown} KB");
}
