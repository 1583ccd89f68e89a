//! Fits the weights of the ranker and the object model to the example sentences and writes `data/ranker.bin`.
//!
//! `cargo run -p throughline-frames --release --example fit -- crates/frames/data/ranker.bin`. With `--check` five models
//! are fitted to four fifths each and read the rest; with `--answer` the fitted model reads lines of JSON as the
//! `understand` example does, and with `--kinds` examples whose kind is read otherwise than written are listed.
use std::io::{BufRead, Write};
use throughline_frames::{example, fit};

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "ranker.bin".to_owned());
    let (examples, _) = example::all();
    let weighted: Vec<_> = examples.into_iter().map(|example| (example, 1.0)).collect();
    let settings = fit::Settings::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match path.as_str() {
        "--check" => writeln!(out, "{:.3?}", fit::cross_validate(&weighted, &settings, 5)),
        "--kinds" => {
            for (example, _) in &weighted {
                let (kind, confidence) = throughline_frames::kind(&example.text, throughline_model::Language::En);
                if kind != example.kind {
                    writeln!(out, "{} <- {} {confidence:.2} {:?}", example.kind.word(), kind.word(), example.text)?;
                }
            }
            Ok(())
        }
        "--answer" => {
            let lines = std::io::stdin().lock().lines().collect::<Result<Vec<_>, _>>()?;
            let records: Vec<serde_json::Value> =
                lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
            let texts: Vec<&str> = records.iter().map(|record| record["text"].as_str().unwrap_or_default()).collect();
            for (record, understood) in records.iter().zip(fit::fit_and_read(&weighted, &settings, &texts)) {
                writeln!(
                    out,
                    "{}",
                    serde_json::json!({"id": record["id"], "kind": understood.kind, "needs": understood.needs})
                )?;
            }
            Ok(())
        }
        _ => std::fs::write(path, fit::fit(&weighted, &settings)),
    }
}
