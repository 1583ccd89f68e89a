//! Fits the weights of gate, ranker and object model to the example sentences and writes `data/ranker.bin`.
//!
//! `cargo run -p throughline-frames --release --example fit -- crates/frames/data/ranker.bin`, about a minute. With
//! `--check` every example is read by a model fitted to four fifths of the others, and how well is printed, with the
//! precision at each certainty; with `--answer` a freshly fitted model reads lines of JSON as the `understand` example
//! does. A last argument names a folder of example files to use instead of the built-in ones.
use std::io::{BufRead, Error, Write};
use throughline_frames::example::{self, Example};
use throughline_frames::fit;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next().unwrap_or_else(|| "ranker.bin".to_owned());
    let examples = match arguments.next() {
        Some(folder) => from_folder(&folder)?,
        None => example::all().0,
    };
    let settings = fit::Settings::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match task.as_str() {
        "--check" => {
            let held = fit::cross_validate(&examples, &settings);
            writeln!(
                out,
                "examples {}, kind {:.3}, frame {:.3}, abstained {:.3}, object {:.3}, answered where none {:.3}",
                held.n, held.kind, held.frame, held.abstained, held.object, held.answered_where_none
            )?;
            writeln!(out, "calibration {:?}, threshold {}", held.calibration, held.threshold)?;
            for (from, n, right) in held.by_certainty {
                writeln!(out, "certainty {from:.1} to {:.1}: {n:5} answers, {right:.3} right", from + 0.1)?;
            }
            Ok(())
        }
        "--answer" => {
            let lines = std::io::stdin().lock().lines().collect::<Result<Vec<_>, _>>()?;
            let records: Vec<serde_json::Value> =
                lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
            let texts: Vec<&str> = records.iter().map(|record| record["text"].as_str().unwrap_or_default()).collect();
            for (record, understood) in records.iter().zip(fit::fit_and_read(&examples, &settings, &texts)) {
                writeln!(
                    out,
                    "{}",
                    serde_json::json!({"id": record["id"], "kind": understood.kind, "needs": understood.needs})
                )?;
            }
            Ok(())
        }
        _ => std::fs::write(task, fit::fit(&examples, &settings)),
    }
}

fn from_folder(folder: &str) -> std::io::Result<Vec<Example>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Error>>()?;
    paths.sort();
    let sources: Vec<String> = paths.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let (examples, bad) = example::parse(&sources.iter().map(String::as_str).collect::<Vec<_>>());
    for line in bad {
        writeln!(std::io::stderr(), "cannot be read: {line}")?;
    }
    Ok(examples)
}
