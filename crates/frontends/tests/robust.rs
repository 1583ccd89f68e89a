//! No bytes make a reader panic, lose count, or speak after it was told to stop.
#![allow(clippy::unwrap_used, reason = "a failed unwrap in a test is the test's message")]

mod reading;

use proptest::prelude::*;
use reading::{gather, zip_of};
use std::io::Read;
use std::path::{Path, PathBuf};
use throughline_frontends::{Fact, Limits, Options, Sink, read};
use throughline_model::Diagnostic;

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut all: Vec<(String, Vec<u8>)> = paths
        .into_iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    all.push((
        "export.zip".to_owned(),
        zip_of(&[("users.json", "[]"), ("a/2026-01-01.json", r#"[{"ts":"1.0","text":"x","user":"U"}]"#)]),
    ));
    all
}

/// Small limits, so that they are met.
fn options() -> Options {
    let limits = Limits { max_text_bytes: 200, max_item_bytes: 2000, max_diagnostics_per_code: 3, ..Limits::default() };
    Options { team_domains: vec!["us.example".to_owned()], limits, ..Options::default() }
}

#[derive(Debug, Clone)]
enum Change {
    Cut(prop::sample::Index),
    Flip(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let tokens = prop::sample::select(vec![
        &b"\""[..],
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"\n",
        b"\r\n",
        b"\\",
        b"\xff",
        b"\xc3",
        b"\0",
        b"-->",
        b"<",
        b"&",
        b";",
        b"\t",
        b"From ",
        b"\xef\xbb\xbf",
        b"9999999999999999999999",
    ]);
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Change::Cut),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        (any::<prop::sample::Index>(), 1..40usize).prop_map(|(at, n)| Change::Remove(at, n)),
        (any::<prop::sample::Index>(), tokens).prop_map(|(at, token)| Change::Insert(at, token.to_vec())),
        (any::<prop::sample::Index>(), 1..200usize).prop_map(|(at, n)| Change::Repeat(at, n)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    let len = bytes.len();
    match change {
        Change::Cut(at) => bytes.truncate(at.index(len)),
        Change::Flip(at, byte) => bytes[at.index(len)] ^= byte,
        Change::Remove(at, n) => {
            let start = at.index(len);
            bytes.drain(start..(start + n).min(len));
        }
        Change::Insert(at, token) => {
            let start = at.index(len);
            bytes.splice(start..start, token.iter().copied());
        }
        Change::Repeat(at, n) => {
            let start = at.index(len);
            let piece = bytes[start..(start + n).min(len)].to_vec();
            bytes.splice(start..start, piece);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 1500 } else { 20_000 }))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
        gather("any", &bytes, &options());
    }

    #[test]
    fn any_text_of_the_formats_marks(text in "[\\[\\]{}\",:;\\\\ \n\r\ta-c0-3<>&/*#|!@.-]{0,300}") {
        gather("any.csv", text.as_bytes(), &options());
        gather("any", text.as_bytes(), &options());
        gather("any", format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{text}").as_bytes(), &options());
        gather("any", format!("{{\"tickets\":[{text}").as_bytes(), &options());
    }

    #[test]
    fn changed_fixtures(which in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..6)) {
        let all = fixtures();
        let (name, mut bytes) = all[which.index(all.len())].clone();
        changes.iter().for_each(|change| apply(&mut bytes, change));
        gather(&name, &bytes, &options());
    }
}

/// Stops after some facts, and notices whoever goes on.
struct Stopping {
    n_left: usize,
}

impl Sink for Stopping {
    fn fact(&mut self, _: Fact) {
        assert!(self.n_left > 0, "a fact after the stop");
        self.n_left -= 1;
    }
    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        assert!(self.n_left > 0, "a diagnostic after the stop: {diagnostic:?}");
    }
    fn should_stop(&self) -> bool {
        self.n_left == 0
    }
}

#[test]
fn a_stop_is_final() {
    for (name, bytes) in fixtures() {
        for n_left in 1..4 {
            read(&name, &mut bytes.as_slice(), &Options::default(), &mut Stopping { n_left });
        }
    }
}

/// Fails after its bytes are used up.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return Err(std::io::Error::other("the share is gone"));
        }
        self.0.read(out)
    }
}

#[test]
fn what_came_before_a_failed_read_is_kept() {
    for (name, bytes) in [
        ("a.csv", &b"id,text\n1,one here\n2,two here\n"[..]),
        ("a.ndjson", b"{\"id\":1,\"text\":\"one here\"}\n{\"id\":2,\"text\":\"two here\"}\n"),
    ] {
        let mut gathered = reading::Gathered::default();
        let report = read(name, &mut Failing(bytes), &Options::default(), &mut gathered);
        assert_eq!(report.n_seen, 2, "{name}");
        let codes: Vec<&str> = gathered.diagnostics.iter().map(|d| d.code.as_str()).collect();
        assert!(codes.contains(&"input-unreadable"), "{name}: {codes:?}");
    }
}

#[test]
fn a_cut_file_keeps_a_prefix() {
    let whole = (0..50)
        .map(|i| {
            format!("{{\"id\":{i},\"requester_id\":7,\"subject\":\"s {i}\",\"description\":\"d, \\\"{i}\\\"\"}}\n")
        })
        .collect::<String>();
    let (all, _) = gather("t.ndjson", whole.as_bytes(), &Options::default());
    assert_eq!(all.facts.len(), 50);
    for end in (200..whole.len()).step_by(37) {
        let (part, _) = gather("t.ndjson", &whole.as_bytes()[..end], &Options::default());
        let n_lines = whole[..end].matches('\n').count();
        assert!(part.facts.len() >= n_lines, "cut at {end}");
        assert_eq!(part.facts[..], all.facts[..part.facts.len()], "cut at {end}");
    }
}

#[test]
fn one_broken_element_costs_one_element() {
    let element = |i: usize| {
        format!(
            "{{\"id\":{i},\"requester_id\":7,\"subject\":\"s\",\"description\":\"text {i}\",\"via\":{{\"channel\":\"web\"}}}}"
        )
    };
    for broken in [
        "{\"id\":5,\"requester_id\":7,\"subject\":\"s\",\"description\":\"never closed,\"via\":{\"channel\":\"web\"}}",
        "{\"id\":5,\"requester_id\":7,\"subject\":\"s\",\"description\":\"no end\",\"via\":{\"channel\":\"web\"}",
        "{\"id\":5,\"requester_id\":7,,\"subject\":}",
        "{\"id\":5 \"requester_id\":7}",
        "nonsense",
    ] {
        for (open, between, close) in [("{\"tickets\":[", ",\n", "]}"), ("[", ",", "]"), ("", "\n", "")] {
            let mut elements: Vec<String> = (0..10).map(element).collect();
            elements[5] = broken.to_owned();
            let text = format!("{open}{}{close}", elements.join(between));
            let (gathered, report) = gather("t.json", text.as_bytes(), &Options::default());
            assert_eq!((gathered.facts.len(), report.n_rejected), (9, 1), "{text}\n{:?}", gathered.diagnostics);
        }
    }
}

#[test]
fn depth_is_no_danger() {
    let options = Options::default();
    for text in [
        "[".repeat(1 << 20),
        "{\"a\":".repeat(1 << 20),
        format!("[{{\"id\":1,\"text\":{}1{}}}]", "[".repeat(100_000), "]".repeat(100_000)),
        format!("id,text\n1,\"<div>{}x\"\n", "<div><blockquote>".repeat(100_000)),
    ] {
        gather("deep", text.as_bytes(), &options);
    }
}

/// Each of these is gone through in well under a second; a reader that starts anew at every place that might be an
/// element takes minutes.
#[test]
fn repeated_breaks_are_gone_over_once() {
    let options = Options::default();
    let whole = "{\"id\":1,\"text\":\"a whole one here\"}\n";
    for broken in ["{\"id\":1,\"text\":\"hello there\n", "{\"type\":\"track\",\n[{", "[{", "{\"a\":[\n"] {
        let (gathered, report) = gather(
            "t.ndjson",
            format!("{whole}{}\n{whole}", broken.repeat((1 << 20) / broken.len())).as_bytes(),
            &options,
        );
        assert_eq!(gathered.facts.len(), 2, "{broken}: {:?}", gathered.diagnostics);
        assert!(report.n_rejected >= 1, "{broken}");
    }
}
