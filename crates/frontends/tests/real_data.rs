//! Counts on real texts, against counts made without these readers. Reads the folder that `THROUGHLINE_DATA` names.

#![allow(clippy::print_stderr, reason = "a skip must be seen")]

use std::fs;
use std::path::PathBuf;
use throughline_frontends::{Fact, Options, Report, Sink, read};
use throughline_model::{Diagnostic, RawRecord, Severity, SourceKind};

#[derive(Default)]
struct Gathered {
    records: Vec<RawRecord>,
    diagnostics: Vec<Diagnostic>,
}

impl Sink for Gathered {
    fn fact(&mut self, fact: Fact) {
        match fact {
            Fact::Record(record) => self.records.push(record),
            other => panic!("unexpected {other:?}"),
        }
    }
    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("THROUGHLINE_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: THROUGHLINE_DATA is not set, real data was not read");
    }
    folder
}

fn gather(name: &str, bytes: &[u8]) -> (Gathered, Report) {
    let mut gathered = Gathered::default();
    let mut input = bytes;
    let report = read(name, &mut input, &Options::default(), &mut gathered);
    let n_items: u64 = gathered.records.iter().map(|record| record.n_items).sum();
    assert_eq!(report.n_seen, n_items + report.n_rejected, "{name}: every item is counted once");
    (gathered, report)
}

/// Rows of a CSV file as the csv crate counts them, an implementation that these readers do not use.
fn csv_rows(bytes: &[u8]) -> u64 {
    csv::Reader::from_reader(bytes).records().map(Result::unwrap).count() as u64
}

/// A text without blanks and control characters: what must survive.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

#[test]
fn every_row_of_the_tables_is_read() {
    let Some(folder) = data() else { return };
    for (file, n_rows) in [
        ("banking77.csv", 13_083),
        ("gitbugs_seamonkey.csv", 1_076),
        ("hwu64.csv", 9_960),
        ("dstc11_insurance.csv", 913),
    ] {
        let bytes = fs::read(folder.join(file)).unwrap();
        assert_eq!(csv_rows(&bytes), n_rows, "{file}");
        let (gathered, report) = gather(file, &bytes);
        assert_eq!(report.n_seen, n_rows, "{file}");
        assert_eq!(report.n_rejected, 0, "{file}: {:?}", gathered.diagnostics);
        assert!(
            gathered.diagnostics.iter().all(|d| d.severity == Severity::Note),
            "{file}: {:?}",
            gathered.diagnostics
        );
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        for (row, record) in reader.records().map(Result::unwrap).zip(&gathered.records) {
            assert!(record.is_keyed);
            assert_eq!(record.external_id, row[0], "{file}");
            let last = record.parts.last().unwrap();
            let is_kept = row.iter().any(|cell| visible(cell) == visible(&last.text));
            assert!(is_kept, "{file} {}: {:?}", &row[0], last.text);
        }
    }
}

#[test]
fn bug_reports_keep_title_body_and_date() {
    let Some(folder) = data() else { return };
    let bytes = fs::read(folder.join("gitbugs_seamonkey.csv")).unwrap();
    let (gathered, report) = gather("gitbugs_seamonkey.csv", &bytes);
    assert_eq!(report.source_kind, SourceKind::Tracker);
    assert!(gathered.records.iter().all(|record| record.created_at.is_some()));
    let n_titled = gathered.records.iter().filter(|record| record.parts.len() == 2).count();
    assert!(n_titled > 1000, "{n_titled}");
}

#[test]
fn every_cue_of_the_calls_is_read() {
    let Some(folder) = data() else { return };
    let (mut n_files, mut n_cues, mut n_arrows) = (0, 0, 0);
    for entry in fs::read_dir(folder.join("calls")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        n_arrows += String::from_utf8_lossy(&bytes).lines().filter(|line| line.contains("-->")).count() as u64;
        let name = format!("calls/{}", path.file_name().unwrap().to_string_lossy());
        let (gathered, report) = gather(&name, &bytes);
        n_files += 1;
        n_cues += report.n_seen;
        assert_eq!((report.source_kind, report.source.as_str()), (SourceKind::Call, "calls"));
        assert_eq!(gathered.records.len(), 1);
        let record = &gathered.records[0];
        assert!(record.parts.iter().all(|part| part.clock_ms.is_some() && !part.text.contains(['<', '>'])));
        let n_spoken = record.parts.iter().filter(|part| part.author.is_some()).count();
        assert_eq!(n_spoken, record.parts.len(), "{name}: each cue has a speaker");
    }
    assert_eq!((n_files, n_arrows, n_cues), (11, 3_749, 3_749));
}
