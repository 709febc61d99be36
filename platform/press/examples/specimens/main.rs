//! Prints one of every paper into a folder, to be looked at: `cargo run -p kd-press --example specimens -- FOLDER`.

mod sample;

use std::path::PathBuf;
use std::time::Instant;

use kd_press::{AgreementPaper, PaperLang, SheetBatch, SheetLang, agreement, sheets};

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
        let began = Instant::now();
        put(&format!("sheets-{name}.pdf"), began, sheets(&sample::batch(language, 30))?)?;
    }
    // As much as the card may have to hold.
    let mut full = sample::batch(SheetLang::Both, 8);
    full.sign_in_url = format!("https://{}.example", "k".repeat(44));
    full.school_kk = "Көктау облысы Көктау қаласы білім бөлімінің «№ 205 жалпы білім беретін мектебі» коммуналдық мемлекеттік мекемесі".to_owned();
    full.school_ru =
        "Коммунальное государственное учреждение «Общеобразовательная школа № 205» отдела образования города Көктау"
            .to_owned();
    for card in full.parts.iter_mut().flat_map(|part| &mut part.cards) {
        card.full_name = "Қонысбайқызы-Мұхаметжанова ".repeat(5).chars().take(119).collect();
        card.login = "m".repeat(40);
    }
    for (name, language) in [("kk", SheetLang::Kk), ("both", SheetLang::Both)] {
        let began = Instant::now();
        put(&format!("sheets-{name}-full.pdf"), began, sheets(&SheetBatch { language, ..full.clone() })?)?;
    }
    Ok(())
}
