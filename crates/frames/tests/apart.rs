//! What is fitted and what is measured stay apart: no example is a text of the sets that quality is measured on. Reads
//! the folder that `THROUGHLINE_DATA` names.

#![expect(
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a skipped test says so; a failed one says what was missing"
)]

use std::collections::BTreeSet;
use std::path::Path;
use throughline_frames::example;

/// Texts shorter than this are anybody's: "excellent", "thank you".
const LEAST_WORDS: usize = 3;

fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let is_mark = |c: char| !c.is_alphanumeric() && c != '\'';
    lower.split(is_mark).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The second column of a row, where it is on one line.
fn second_column(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(',')?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split(',').next(),
    }
}

fn measured(folder: &Path) -> BTreeSet<String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect(name);
    let mut texts = BTreeSet::new();
    for name in ["banking77.csv", "hwu64.csv", "dstc11_insurance.csv", "gitbugs_seamonkey.csv"] {
        texts.extend(read(name).lines().filter_map(second_column).map(words));
    }
    for name in ["needs_dev.jsonl", "no_need_dev.jsonl"] {
        for line in read(name).lines() {
            let record: serde_json::Value = serde_json::from_str(line).expect(name);
            texts.insert(words(record["text"].as_str().expect(name)));
        }
    }
    texts
}

#[test]
fn no_example_is_a_measured_text() {
    let Some(folder) = std::env::var_os("THROUGHLINE_DATA") else {
        eprintln!("SKIPPED: set THROUGHLINE_DATA to compare the examples with the sets that are measured");
        return;
    };
    let measured = measured(Path::new(&folder));
    assert!(measured.len() > 20_000, "{}", measured.len());
    let same: Vec<String> = example::all()
        .0
        .into_iter()
        .map(|example| example.text)
        .filter(|text| words(text).split(' ').count() >= LEAST_WORDS && measured.contains(&words(text)))
        .collect();
    assert!(same.is_empty(), "{same:#?}");
}
