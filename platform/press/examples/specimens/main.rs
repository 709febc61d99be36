//! Prints one of every paper into a folder, to be looked at: `cargo run -p kd-press --example specimens -- FOLDER`.

mod sample;

use std::path::PathBuf;
use std::time::Instant;

use kd_press::{AgreementPaper, PaperLang, SheetLang, agreement, sheets};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: specimens FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    let put = |name: &str, began: Instant, pdf: Vec<u8>| {
        println!("{name}: {} KB in {} ms", pdf.len() / 1024, began.elapsed().as_millis());
        std::fs::write(folder.join(name), pdf)
    };
    for (name, lang) in [("ru", PaperLang::Ru), ("kk", PaperLang::Kk)] {
        let draft = sample::paper(lang);
        let signed = AgreementPaper { signed: Some(sample::signatures()), ..draft.clone() };
        for (state, paper) in [("draft", draft), ("signed", signed)] {
            let began = Instant::now();
            put(&format!("agreement-{name}-{state}.pdf"), began, agreement(&paper, lang)?)?;
        }
    }
    for (name, language) in [("kk", SheetLang::Kk), ("ru", SheetLang::Ru), ("both", SheetLang::Both)] {
        for count in [30] {
            let began = Instant::now();
            put(&format!("sheets-{name}-{count}.pdf"), began, sheets(&sample::batch(language, count))?)?;
        }
    }
    Ok(())
}
