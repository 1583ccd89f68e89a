//! One way to read a file in a test: what it came to as text that a person can check, after asserting what must hold of
//! any file.
#![allow(clippy::unwrap_used, reason = "a failed unwrap in a test is the test's message")]
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};
use std::path::Path;
use throughline_frontends::{CODES, Fact, Options, Report, Sink, read};
use throughline_model::{Author, Diagnostic, Severity, Side};

/// Everything a sink was given, in order.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) facts: Vec<Fact>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Sink for Gathered {
    fn fact(&mut self, fact: Fact) {
        self.facts.push(fact);
    }
    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// Hands out few bytes at a time, so that every token is split somewhere.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.len().min(7).min(out.len());
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

/// Reads bytes and asserts what must hold of any file.
pub(crate) fn gather(name: &str, bytes: &[u8], options: &Options) -> (Gathered, Report) {
    let mut gathered = Gathered::default();
    let report = read(name, &mut Cursor::new(bytes), options, &mut gathered);
    let n_items: u64 = gathered
        .facts
        .iter()
        .map(|fact| match fact {
            Fact::Record(record) => record.n_items,
            Fact::Account(_) | Fact::Event(_) => 1,
        })
        .sum();
    assert_eq!(report.n_seen, n_items + report.n_rejected, "{name}: each item is counted once");
    for diagnostic in &gathered.diagnostics {
        assert!(CODES.iter().any(|(code, ..)| *code == diagnostic.code), "{} is not listed", diagnostic.code);
        assert!(!diagnostic.remedy.is_empty() && !diagnostic.message.is_empty(), "{diagnostic:?}");
        assert!(diagnostic.place.file.starts_with(name), "{diagnostic:?}");
    }
    for fact in &gathered.facts {
        if let Fact::Record(record) = fact {
            let holds_something = !record.parts.is_empty() || record.rating_unit.is_some();
            assert!(holds_something && record.n_items > 0, "{record:?}");
            assert!(record.rating_unit.is_none_or(|rating| (0.0..=1.0).contains(&rating)), "{record:?}");
            for part in &record.parts {
                assert!(!part.text.trim().is_empty() && !part.text.contains(['\r', '\0']), "{part:?}");
                assert!(part.text.len() <= options.limits.max_text_bytes);
            }
        }
    }
    (gathered, report)
}

/// Reads a fixture twice, whole and in small pieces, and shows it.
pub(crate) fn check(file: &str, options: &Options) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(file);
    let bytes = std::fs::read(path).unwrap();
    let shown = read_bytes(file, &bytes, options);
    let mut gathered = Gathered::default();
    let report = read(file, &mut Dripping(&bytes), options, &mut gathered);
    assert_eq!(shown, show(&gathered, &report), "{file}: the size of the pieces must not matter");
    shown
}

/// Reads bytes and shows what came of it.
pub(crate) fn read_bytes(name: &str, bytes: &[u8], options: &Options) -> String {
    let (gathered, report) = gather(name, bytes, options);
    show(&gathered, &report)
}

/// An archive of these entries.
pub(crate) fn zip_of(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn show(gathered: &Gathered, report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} | source {} | {} | seen {} | rejected {} | {}",
        report.format,
        report.source,
        report.source_kind.word(),
        report.n_seen,
        report.n_rejected,
        report.encoding
    );
    for choice in &report.mapping {
        let _ = writeln!(out, "{} <- '{}': {} {:?}", choice.field, choice.column, choice.why, choice.samples);
    }
    for fact in &gathered.facts {
        match fact {
            Fact::Record(record) => {
                let _ = write!(out, "{}{}", record.external_id, if record.is_keyed { "" } else { " (label)" });
                if record.source != report.source || record.source_kind != report.source_kind {
                    let _ = write!(out, " of {} ({})", record.source, record.source_kind.word());
                }
                let mut note = |label: &str, value: String| {
                    let _ = write!(out, " {label}={value}");
                };
                if record.n_items != 1 {
                    note("items", record.n_items.to_string());
                }
                record.created_at.iter().for_each(|at| note("at", at.rfc3339()));
                record.rating_unit.iter().for_each(|rating| note("rating", format!("{rating:.2}")));
                record.votes.iter().for_each(|votes| note("votes", votes.to_string()));
                record.thread.iter().for_each(|thread| note("thread", thread.clone()));
                record.url.iter().for_each(|url| note("url", url.clone()));
                if !record.tags.is_empty() {
                    note("tags", format!("{:?}", record.tags));
                }
                if !record.duplicate_of.is_empty() {
                    note("duplicate_of", format!("{:?}", record.duplicate_of));
                }
                out.push('\n');
                for part in &record.parts {
                    let _ = write!(out, "  {:?}", part.role);
                    if let Some((start, end)) = part.clock_ms {
                        let _ = write!(out, " {start}-{end} ms");
                    }
                    part.at.iter().for_each(|at| {
                        let _ = write!(out, " {}", at.rfc3339());
                    });
                    part.author.iter().for_each(|author| {
                        let _ = write!(out, " [{}]", show_author(author));
                    });
                    let _ = writeln!(out, ": {}", show_text(&part.text));
                }
            }
            Fact::Account(account) => {
                let _ = writeln!(out, "{account:?}");
            }
            Fact::Event(event) => {
                let at = event.at.map_or_else(|| "-".to_owned(), throughline_model::Timestamp::rfc3339);
                let _ = writeln!(
                    out,
                    "{at} {:?} '{}' who={} account={} surface={} object={}",
                    event.kind, event.name, event.who, event.account, event.surface, event.object
                );
            }
        }
    }
    for diagnostic in &gathered.diagnostics {
        let word = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let place = &diagnostic.place;
        let line = place.line.map_or_else(String::new, |line| format!(":{line}"));
        let byte = place.byte.map_or_else(String::new, |byte| format!(" byte {byte}"));
        let _ = writeln!(out, "! {word} {} {}{line}{byte}: {}", diagnostic.code, place.file, diagnostic.message);
    }
    out
}

/// Long texts by their beginning and length.
fn show_text(text: &str) -> String {
    match text.char_indices().nth(400) {
        Some((cut, _)) => format!("{:?}… ({} bytes)", &text[..cut.min(40)], text.len()),
        None => format!("{text:?}"),
    }
}

fn show_author(author: &Author) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(author.name.clone());
    words.extend(author.email.as_ref().map(|email| format!("<{email}>")));
    words.extend(author.handle.as_ref().map(|handle| format!("#{handle}")));
    words.extend(author.role.as_ref().map(|role| format!("role {role}")));
    words.extend(author.company.as_ref().map(|company| format!("of {company}")));
    if author.side != Side::Unknown {
        words.push(format!("{:?}", author.side).to_lowercase());
    }
    words.join(" ")
}
