//! Calibrates the thresholds of the three-way decision about duplicates on labelled pairs.
//!
//!   cargo run --release -p throughline-compiler --example calibrate -- [PATH]
//!
//! Reads `gitbugs_seamonkey.csv` and its pairs from the folder that `THROUGHLINE_DATA` names. Prints what it measures, and
//! writes the thresholds to PATH (`crates/passes/data/duplicates.toml`) where one is given.
//!
//! - `auto` is the least score at which, of the copies that are taken for one without asking, at least [`PRECISION`] are
//!   one. It is measured among the reports, with a copy of some of them planted: the same words again, with a greeting
//!   and a closing, with typing errors, with a sentence more; and with near misses: a report that names another thing
//!   throughout, and one with other numbers. A pair counts as wrong unless the tracker's people say that it is one, it
//!   was planted as a copy, or it is named in [`READ`].
//! - `ask` is the greatest score at which at least [`RECALL`] of the duplicates that the tracker's people found are asked
//!   about, without any planted report.

#![expect(clippy::print_stdout, reason = "this is a program that prints what it measures")]

#[path = "../tests/disk/mod.rs"]
mod disk;

use disk::{Disk, Quiet};
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use throughline_compiler::import::ImportOptions;
use throughline_compiler::{RunOptions, Session};
use throughline_model::link::Decision;
use throughline_model::{Corpus, PartRole, Record};
use throughline_passes::deduplicate::{Candidate, Thresholds, candidates};
use throughline_text::Language;
use throughline_text::embed::Table;
use throughline_text::token::content_words;

/// Share of what is taken for one without asking that must be one.
const PRECISION: f64 = 0.98;
/// Share of known duplicates that must be taken for one or asked about.
const RECALL: f64 = 0.75;
/// Each among so many nearest of the other. Among the known duplicates 35 of the 36 with a score of 0.3 or more are, and
/// of all pairs with that score a quarter.
const MUTUAL_RANK: usize = 5;
/// Every report whose place leaves one of the first six rests when divided by this has a copy or a near miss planted.
const PLANTED_EVERY: usize = 10;
/// Pairs that the tracker's people did not link and that are one report filed twice, by reading them.
const READ: &[(&str, &str)] = &[("1911692", "1911693")];

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let data = PathBuf::from(std::env::var("THROUGHLINE_DATA").map_err(|_| "set THROUGHLINE_DATA")?);
    let reports = data.join("gitbugs_seamonkey.csv");
    let linked = read_pairs(&data.join("gitbugs_seamonkey_pairs.csv"))?;
    let natural = corpus(&[&reports])?;
    let known = Known { linked: &linked, corpus: &natural };
    let ask = calibrate_ask(&known);

    let folder = tempfile::tempdir()?;
    let planted = folder.path().join("planted.csv");
    fs::write(&planted, plant(&natural))?;
    let mixed = corpus(&[&reports, &planted])?;
    let known = Known { linked: &linked, corpus: &mixed };
    let auto = calibrate_auto(&known);

    let text = format!(
        "# Thresholds of the three-way decision about two records, calibrated on labelled pairs. Written by\n\
         #   cargo run --release -p throughline-compiler --example calibrate -- crates/passes/data/duplicates.toml\n\
         # They hold for the embedding table named here and no other; a test compares it with the one in the program.\n\
         model_id = \"{}\"\n\n# {}\nauto = {:.2}\n\n# {}\nask = {:.2}\nmutual_rank = {MUTUAL_RANK}\n",
        Table::builtin().model_id(),
        auto.1,
        auto.0,
        ask.1,
        ask.0
    );
    print!("{text}");
    if let Some(path) = std::env::args().nth(1) {
        fs::write(path, text)?;
    }
    Ok(())
}

/// Two ids, the smaller first.
type Ids = (String, String);

fn ordered(a: &str, b: &str) -> Ids {
    (a.min(b).to_owned(), a.max(b).to_owned())
}

fn read_pairs(path: &Path) -> Result<BTreeSet<Ids>, Failure> {
    let text = fs::read_to_string(path)?;
    let pair = |line: &str| line.split_once(',').map(|(a, b)| ordered(a.trim(), b.trim()));
    Ok(text.lines().skip(1).filter_map(pair).collect())
}

/// What is known to be one.
struct Known<'a> {
    linked: &'a BTreeSet<Ids>,
    corpus: &'a Corpus,
}

impl Known<'_> {
    fn ids(&self, candidate: &Candidate) -> Ids {
        let id = |record| self.corpus.record(record).map_or("", |record: &Record| record.external_id.as_str());
        ordered(id(candidate.a), id(candidate.b))
    }

    fn is_one(&self, candidate: &Candidate) -> bool {
        let (a, b) = self.ids(candidate);
        // A planted report is named after its origin; a near miss is nobody's copy.
        let origin = |id: &str| id.split('+').next().unwrap_or_default().to_owned();
        if [&a, &b].into_iter().any(|id| id.contains("+miss")) {
            return false;
        }
        let (a, b) = (origin(&a), origin(&b));
        let pair = ordered(&a, &b);
        a == b || self.linked.contains(&pair) || READ.iter().any(|(a, b)| ordered(a, b) == pair)
    }
}

fn limits(auto: f64, ask: f64) -> Thresholds {
    Thresholds { model_id: String::new(), auto, ask, mutual_rank: MUTUAL_RANK }
}

/// Scores to choose from, in hundredths.
fn scores(from: u32) -> impl DoubleEndedIterator<Item = f64> {
    (from..100).map(|hundredths| f64::from(hundredths) / 100.0)
}

fn calibrate_ask(known: &Known<'_>) -> (f64, String) {
    let found = candidates(known.corpus);
    let asked = |score: f64| -> (usize, usize) {
        let limits = limits(f64::INFINITY, score);
        let asked: Vec<_> = found.iter().filter(|candidate| limits.decide(candidate) == Decision::Ask).collect();
        let n_linked = asked.iter().filter(|candidate| known.linked.contains(&known.ids(candidate))).count();
        (asked.len(), n_linked)
    };
    let n_linked = known.linked.len();
    for score in [0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6] {
        let (n_asked, n_found) = asked(score);
        println!("ask from {score:.2}: {n_asked} questions, {n_found} of {n_linked} known duplicates");
    }
    let enough = |score: &f64| asked(*score).1 as f64 >= RECALL * n_linked as f64;
    let score = scores(20).rev().find(enough).unwrap_or(0.2);
    let (n_asked, n_found) = asked(score);
    let n_records = known.corpus.records.len();
    (
        score,
        format!(
            "{n_found} of {n_linked} known duplicates are asked about, with {n_asked} questions on {n_records} reports"
        ),
    )
}

fn calibrate_auto(known: &Known<'_>) -> (f64, String) {
    let found = candidates(known.corpus);
    let taken = |score: f64| -> Vec<&Candidate> {
        let limits = limits(score, 0.0);
        found.iter().filter(|candidate| limits.decide(candidate) == Decision::Auto).collect()
    };
    let count = |taken: &[&Candidate]| taken.iter().filter(|candidate| known.is_one(candidate)).count();
    for score in [0.5, 0.6, 0.7, 0.8, 0.9] {
        let taken = taken(score);
        println!("auto from {score:.2}: {} taken for one, {} of them are", taken.len(), count(&taken));
    }
    let is_precise = |score: &f64| {
        let taken = taken(*score);
        count(&taken) as f64 >= PRECISION * taken.len() as f64
    };
    // The least score from which every greater one is precise, too.
    let score = scores(50).rev().take_while(is_precise).last().unwrap_or(0.99);
    let chosen = taken(score);
    for candidate in taken(0.5).iter().filter(|candidate| !known.is_one(candidate)) {
        println!("wrong, or not known to be one: {:?} at {:.3}", known.ids(candidate), candidate.score);
    }
    let ids: Vec<&str> = known.corpus.records.iter().map(|record| record.external_id.as_str()).collect();
    let mut by_kind = String::new();
    for (kind, _) in PLANTED {
        let n_planted = ids.iter().filter(|id| id.contains(kind)).count();
        let is_of_kind = |candidate: &&&Candidate| {
            let (a, b) = known.ids(candidate);
            a.contains(kind) || b.contains(kind)
        };
        let n_taken = chosen.iter().filter(is_of_kind).count();
        let _ =
            write!(by_kind, "{}{} {n_taken} of {n_planted}", if by_kind.is_empty() { "" } else { ", " }, &kind[1..]);
    }
    let n_one = count(&chosen);
    let precision = n_one as f64 / chosen.len().max(1) as f64;
    let is_natural = |candidate: &&&Candidate| {
        let (a, b) = known.ids(candidate);
        !a.contains('+') && !b.contains('+')
    };
    let n_natural = chosen.iter().filter(is_natural).count();
    let text = format!(
        "{n_one} of {} taken for one are one ({precision:.3}), {n_natural} of them not planted; planted and taken: {by_kind}",
        chosen.len()
    );
    (score, text)
}

/// How title and text of a report are changed.
type Change = fn(&str, &str) -> (String, String);

/// What is planted: a mark in the id, and the change.
const PLANTED: [(&str, Change); 6] = [
    ("+same", |title, body| (title.to_uppercase(), body.replace(' ', "  "))),
    ("+greeting", |title, body| (title.to_owned(), format!("Hi all,\n\n{body}\n\nThanks, Kim"))),
    ("+typing", |title, body| (mistyped(title), mistyped(body))),
    ("+more", |title, body| (title.to_owned(), format!("{body}\nStill so after today's update."))),
    ("+miss-name", |title, body| {
        let word = longest(title).unwrap_or_default();
        let other: String = word.chars().rev().collect();
        let swap = |text: &str| if word.is_empty() { text.to_owned() } else { text.replace(&word, &other) };
        (swap(title), swap(body))
    }),
    ("+miss-number", |title, body| (renumbered(title), renumbered(body))),
];

/// Copies and near misses of some reports, as a table.
fn plant(corpus: &Corpus) -> String {
    let mut rows = String::from("id,title,body\n");
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    for (at, record) in corpus.records.iter().enumerate() {
        let Some((mark, change)) = PLANTED.get(at % PLANTED_EVERY) else { continue };
        let of = |is_title: bool| -> String {
            let parts = record.parts.iter().filter(|part| (part.role == PartRole::Title) == is_title);
            parts.map(|part| record.slice(part.span)).collect::<Vec<_>>().join("\n")
        };
        let (title, body) = (of(true), of(false));
        let (new_title, new_body) = change(&title, &body);
        // What could not be changed is no near miss.
        if mark.starts_with("+miss") && new_title == title {
            continue;
        }
        let _ = writeln!(rows, "{}{mark},{},{}", record.external_id, cell(&new_title), cell(&new_body));
    }
    rows
}

/// The longest word that names something.
fn longest(text: &str) -> Option<String> {
    let words = content_words(text, Language::English).into_iter().map(|word| text[word.range].to_owned());
    let plain = words.filter(|word| word.len() >= 5 && word.chars().all(char::is_alphabetic));
    plain.max_by_key(|word| (word.len(), std::cmp::Reverse(word.clone())))
}

/// The text with two letters of its longest word in the wrong order, once.
fn mistyped(text: &str) -> String {
    let Some(word) = longest(text).filter(|word| word.is_ascii()) else { return text.to_owned() };
    let mut letters: Vec<u8> = word.bytes().collect();
    letters.swap(2, 3);
    text.replacen(&word, &String::from_utf8_lossy(&letters), 1)
}

/// The text with every digit one higher.
fn renumbered(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| char::from(b'0' + ((digit + 1) % 10) as u8))).collect()
}

fn corpus(files: &[&Path]) -> Result<Corpus, Failure> {
    let folder = tempfile::tempdir()?;
    Session::init(folder.path(), &Disk)?;
    let mut session = Session::open(folder.path(), &Disk)?;
    session.import(&Disk, files, &ImportOptions::default(), &mut Quiet)?;
    session.run(&Disk, RunOptions::default(), &mut ())?;
    Ok(session.corpus()?.0)
}
