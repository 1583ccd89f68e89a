//! How long specifications and their files take, by the number of insights.
//!
//! `cargo run --release -p throughline-compiler --example specs [N]`: the insights of the example product are copied
//! under other ids, statements and records with them, until there are N (1,000 without a number). Prints seconds for an
//! eighth, a quarter, half and all of them: nothing known, then everything known, then one specification edited.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and stops where it cannot measure")]

#[path = "../tests/disk/mod.rs"]
mod disk;

use disk::{Disk, Quiet};
use serde_json::Value;
use std::path::Path;
use std::str::FromStr;
use std::time::Instant;
use throughline_compiler::artifacts::compile_given;
use throughline_compiler::import::ImportOptions;
use throughline_compiler::session::Ranked;
use throughline_compiler::{RunOptions, Session};
use throughline_engine::InMemory;
use throughline_model::{Corpus, InsightId, NeedId, RecordId, SignalId};

fn main() {
    let n: usize = std::env::args().nth(1).map_or(1000, |n| n.parse().unwrap());
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rotaboard");
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(example.join("throughline.toml"), folder.path().join("throughline.toml")).unwrap();
    let mut session = Session::open(folder.path(), &Disk).unwrap();
    session.import(&Disk, &[&example.join("feedback")], &ImportOptions::default(), &mut Quiet).unwrap();
    session.run(&Disk, RunOptions::default(), &mut ()).unwrap();
    let (corpus, _) = session.corpus().unwrap();
    let ranked = session.ranked(0).unwrap();
    println!(
        "{:>8} {:>11} {:>6} {:>8} {:>9} {:>9} {:>9} {:>12}",
        "insights", "statements", "specs", "MB", "seconds", "known", "one edit", "ms/insight"
    );
    for n in [n / 8, n / 4, n / 2, n] {
        let (corpus, ranked) = copies(&corpus, &ranked, n.max(1));
        let memo = InMemory::default();
        let time = |ranked: Vec<Ranked>| {
            let started = Instant::now();
            let compiled = compile_given(&memo, session.settings(), &corpus, ranked).unwrap();
            (started.elapsed().as_secs_f64(), compiled)
        };
        let (cold, compiled) = time(ranked.clone());
        let (known, _) = time(ranked.clone());
        // An insight that is called otherwise: its specification is made and printed again.
        let mut edited = ranked.clone();
        edited[0].insight.label.push_str(" again");
        let (one, _) = time(edited);
        let megabytes = compiled.files.iter().map(|file| file.bytes.len()).sum::<usize>() as f64 / 1e6;
        println!(
            "{:>8} {:>11} {:>6} {megabytes:>8.1} {cold:>9.2} {known:>9.2} {one:>9.2} {:>12.2}",
            ranked.len(),
            corpus.signals.len(),
            ranked.len() - compiled.abstained.len(),
            cold * 1000.0 / ranked.len() as f64
        );
    }
}

/// The same insights under other ids, again and again.
fn copies(corpus: &Corpus, ranked: &[Ranked], n: usize) -> (Corpus, Vec<Ranked>) {
    let mut out = Corpus { records: Vec::new(), signals: Vec::new(), ..corpus.clone() };
    let mut all: Vec<Ranked> = Vec::new();
    for copy in 0..n.div_ceil(ranked.len()) as u64 {
        for record in &corpus.records {
            out.records.push(copied(record, copy));
        }
        for signal in &corpus.signals {
            out.signals.push(copied(signal, copy));
        }
        for Ranked { insight, score, place, needs } in ranked {
            let (insight, score) = (copied(insight, copy), copied(score, copy));
            all.push(Ranked { insight, score, place: copied(place, copy), needs: copied(needs, copy) });
        }
    }
    out.records.sort_by_key(|record| record.id);
    out.signals.sort_by_key(|signal| (signal.record_id, signal.span.start));
    all.truncate(n);
    (out, all)
}

fn copied<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T, copy: u64) -> T {
    let mut json = serde_json::to_value(value).unwrap();
    rename(&mut json, copy);
    serde_json::from_value(json).unwrap()
}

/// Ids of records, statements, insights and needs, wherever they stand.
fn rename(value: &mut Value, copy: u64) {
    match value {
        Value::String(text) => {
            let other = copy << 20;
            if let Ok(id) = RecordId::from_str(text) {
                *text = RecordId(id.0 ^ other).to_string();
            } else if let Ok(id) = SignalId::from_str(text) {
                *text = SignalId(id.0 ^ other).to_string();
            } else if let Ok(id) = InsightId::from_str(text) {
                *text = InsightId(id.0 ^ other).to_string();
            } else if let Ok(id) = NeedId::from_str(text) {
                *text = NeedId(id.0 ^ other).to_string();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, copy)),
        Value::Object(map) => map.values_mut().for_each(|value| rename(value, copy)),
        _ => {}
    }
}
