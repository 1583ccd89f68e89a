//! The counter through which every front-end hands out facts: it cleans texts, decides sides, counts, and keeps
//! floods of equal diagnostics readable.
//!
//! Invariant: `n_seen` grows by `n_items` of each record, by one per account and event, and by what is rejected, and
//! by nothing else. After the sink says stop nothing is handed out or counted.

use crate::codes::remedy;
use crate::decode::At;
use crate::{ColumnChoice, Fact, Options, Report, Sink, source_name};
use std::collections::BTreeMap;
use throughline_model::{Author, Diagnostic, Event, RawAccount, RawRecord, Severity, Side, SourceKind};

/// Remarks of one kind that are given in full: a remark is no call to act, so a few examples do.
const MAX_NOTES_PER_CODE: u64 = 3;

/// Everything a front-end needs besides its bytes.
pub(crate) struct Intake<'a> {
    /// File as the person named it; entries of archives follow after `!/`.
    pub(crate) file: String,
    pub(crate) options: &'a Options,
    sink: &'a mut dyn Sink,
    format: &'static str,
    source: String,
    source_kind: SourceKind,
    n_seen: u64,
    n_rejected: u64,
    /// Worst severity, how many there were, and how many of them were handed out.
    n_by_code: BTreeMap<&'static str, (Severity, u64, u64)>,
    mapping: Vec<ColumnChoice>,
    columns: Vec<String>,
    encoding: String,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(file: &str, options: &'a Options, sink: &'a mut dyn Sink) -> Self {
        Self {
            file: file.to_owned(),
            options,
            sink,
            format: "unknown",
            source: options.source.clone().unwrap_or_else(|| source_name::of_file(file, "unknown")),
            source_kind: options.source_kind.unwrap_or(SourceKind::Other),
            n_seen: 0,
            n_rejected: 0,
            n_by_code: BTreeMap::new(),
            mapping: Vec::new(),
            columns: Vec::new(),
            encoding: "binary".to_owned(),
        }
    }

    /// Says what the file is; source name and kind follow from it unless the caller gave them.
    pub(crate) fn set_format(&mut self, format: &'static str, kind: SourceKind) {
        self.format = format;
        self.source_kind = self.options.source_kind.unwrap_or(kind);
        self.source = match &self.options.source {
            Some(source) => source.clone(),
            None => source_name::of_file(&self.file, format),
        };
    }

    /// Replaces the derived source name, unless the caller gave one.
    pub(crate) fn set_source(&mut self, source: String) {
        if self.options.source.is_none() {
            self.source = source;
        }
    }

    pub(crate) fn set_encoding(&mut self, encoding: String) {
        self.encoding = encoding;
    }

    pub(crate) fn set_columns(&mut self, columns: &[String]) {
        self.columns = columns.to_vec();
    }

    pub(crate) fn set_mapping(&mut self, mapping: Vec<ColumnChoice>) {
        self.mapping = mapping;
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn source_kind(&self) -> SourceKind {
        self.source_kind
    }

    /// Whether reading should end.
    pub(crate) fn is_stopped(&self) -> bool {
        self.sink.should_stop()
    }

    /// An empty record of this source, to be given parts.
    pub(crate) fn new_record(&self, external_id: impl Into<String>) -> RawRecord {
        RawRecord {
            source: self.source.clone(),
            source_kind: self.source_kind,
            external_id: external_id.into(),
            is_keyed: true,
            n_items: 1,
            created_at: None,
            rating_unit: None,
            votes: None,
            tags: Vec::new(),
            url: None,
            thread: None,
            duplicate_of: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Hands out a record, or rejects it when none of its parts holds text and it holds no rating.
    pub(crate) fn record(&mut self, mut record: RawRecord, at: At) {
        if self.is_stopped() {
            return;
        }
        let max = self.options.limits.max_text_bytes;
        let mut n_cut = 0;
        for part in &mut record.parts {
            clean_text(&mut part.text);
            if part.text.len() > max {
                n_cut = n_cut.max(part.text.len());
                let keep = crate::decode::valid_prefix(&part.text.as_bytes()[..max]).len();
                part.text.truncate(keep);
            }
            if let Some(author) = &mut part.author {
                self.settle_author(author);
            }
        }
        if n_cut > 0 {
            let message =
                format!("a text of {} is {n_cut} bytes long; the first {max} were kept", shown_id(&record.external_id));
            self.warn("text-cut", message, at);
        }
        // A rating without a word is an answer too: a record without parts, from which no statement is made.
        record.parts.retain(|part| !part.text.is_empty());
        record.tags.retain(|tag| !tag.trim().is_empty());
        record.n_items = record.n_items.max(1);
        if record.parts.is_empty() && record.rating_unit.is_none() {
            let message = format!("{} holds neither text nor a rating", shown_id(&record.external_id));
            self.leave_out(record.n_items, "item-without-text", message, at);
            return;
        }
        self.n_seen += record.n_items;
        self.sink.fact(Fact::Record(record));
    }

    /// Hands out a row of a customer list.
    pub(crate) fn account(&mut self, account: RawAccount) {
        if !self.is_stopped() {
            self.n_seen += 1;
            self.sink.fact(Fact::Account(account));
        }
    }

    /// Hands out an event.
    pub(crate) fn event(&mut self, event: Event) {
        if !self.is_stopped() {
            self.n_seen += 1;
            self.sink.fact(Fact::Event(event));
        }
    }

    /// Counts `n` source items as left out, with an error.
    pub(crate) fn reject(&mut self, n: u64, code: &'static str, message: String, at: At) {
        self.count_rejected(n, Severity::Error, code, message, at);
    }

    /// Counts `n` source items as left out although nothing is wrong with them.
    pub(crate) fn leave_out(&mut self, n: u64, code: &'static str, message: String, at: At) {
        self.count_rejected(n, Severity::Note, code, message, at);
    }

    fn count_rejected(&mut self, n: u64, severity: Severity, code: &'static str, message: String, at: At) {
        if self.is_stopped() {
            return;
        }
        self.n_seen += n;
        self.n_rejected += n;
        self.diagnose(severity, code, message, at);
    }

    /// A problem that leaves out something larger than single items, or an unknown number of them.
    pub(crate) fn error(&mut self, code: &'static str, message: impl Into<String>, at: At) {
        self.diagnose(Severity::Error, code, message.into(), at);
    }

    /// Taken, but maybe not as meant.
    pub(crate) fn warn(&mut self, code: &'static str, message: impl Into<String>, at: At) {
        self.diagnose(Severity::Warning, code, message.into(), at);
    }

    /// Worth knowing.
    pub(crate) fn note(&mut self, code: &'static str, message: impl Into<String>, at: At) {
        self.diagnose(Severity::Note, code, message.into(), at);
    }

    fn diagnose(&mut self, severity: Severity, code: &'static str, message: String, at: At) {
        if self.is_stopped() {
            return;
        }
        let (worst, n, n_given) = self.n_by_code.entry(code).or_insert((severity, 0, 0));
        *worst = severity.min(*worst);
        *n += 1;
        let max = match severity {
            Severity::Note => MAX_NOTES_PER_CODE.min(self.options.limits.max_diagnostics_per_code),
            _ => self.options.limits.max_diagnostics_per_code,
        };
        if *n <= max {
            *n_given += 1;
            let diagnostic = Diagnostic::new(code, severity, message, remedy(code)).at(&self.file, at.line, at.byte);
            self.sink.diagnostic(diagnostic);
        }
    }

    /// The side of an author whom the settings know, and the e-mail address in its one form.
    pub(crate) fn settle_author(&self, author: &mut Author) {
        for field in [&mut author.name, &mut author.email, &mut author.handle, &mut author.role, &mut author.company] {
            if let Some(text) = field {
                let trimmed = text.trim();
                if trimmed.is_empty() {
                    *field = None;
                } else if trimmed.len() != text.len() {
                    *field = Some(trimmed.to_owned());
                }
            }
        }
        if let Some(email) = &mut author.email {
            *email = email.to_lowercase();
        }
        if author.side != Side::Machine && self.is_team(author) {
            author.side = Side::Team;
        }
    }

    fn is_team(&self, author: &Author) -> bool {
        let domain = author.email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
        let of_domain = domain.is_some_and(|domain| {
            self.options.team_domains.iter().any(|team| {
                let team = team.trim().trim_start_matches('@');
                domain.eq_ignore_ascii_case(team)
                    || (domain.len() > team.len()
                        && domain.as_bytes()[domain.len() - team.len() - 1] == b'.'
                        && domain.to_ascii_lowercase().ends_with(&team.to_ascii_lowercase()))
            })
        });
        of_domain
            || [&author.name, &author.company, &author.handle].into_iter().flatten().any(|word| {
                let word = word.to_lowercase();
                self.options.team_names.iter().any(|team| team.trim().to_lowercase() == word)
            })
    }

    /// Reads an entry of an archive as a file of its own; its counts are added here.
    pub(crate) fn within(&mut self, entry: &str, read: impl FnOnce(&mut Intake<'_>)) {
        let file = format!("{}!/{entry}", self.file);
        let mut inner = Intake::new(&file, self.options, &mut *self.sink);
        read(&mut inner);
        let report = inner.finish();
        self.n_seen += report.n_seen;
        self.n_rejected += report.n_rejected;
        self.mapping.extend(report.mapping);
        self.encoding = report.encoding;
    }

    /// Ends the report: closing counts of diagnostics that were not given in full.
    pub(crate) fn finish(mut self) -> Report {
        for (code, (severity, n, n_given)) in std::mem::take(&mut self.n_by_code) {
            if n > n_given && !self.sink.should_stop() {
                let message = format!("{} more of the same kind in this file", n - n_given);
                let diagnostic = Diagnostic::new(code, severity, message, remedy(code)).at(&self.file, None, None);
                self.sink.diagnostic(diagnostic);
            }
        }
        Report {
            format: self.format,
            source: self.source,
            source_kind: self.source_kind,
            n_seen: self.n_seen,
            n_rejected: self.n_rejected,
            mapping: self.mapping,
            columns: self.columns,
            encoding: self.encoding,
        }
    }
}

fn shown_id(id: &str) -> String {
    format!("item {}", shorten(id, 60))
}

/// At most `max` characters of `text`, on one line.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    let mut out = String::new();
    for (n, c) in text.trim().chars().enumerate() {
        if n == max {
            out.push('…');
            break;
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

/// Line ends become `\n`, control characters other than tab and newline go, blanks around the text go.
pub(crate) fn clean_text(text: &mut String) {
    let is_odd = |b: u8| (b < b' ' && b != b'\n' && b != b'\t') || b == 0x7f;
    if text.bytes().any(is_odd) {
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\r' => {
                    if chars.peek() == Some(&'\n') {
                        chars.next();
                    }
                    out.push('\n');
                }
                '\n' | '\t' => out.push(c),
                '\u{b}' | '\u{c}' => out.push('\n'),
                c if c.is_ascii_control() => {}
                c => out.push(c),
            }
        }
        *text = out;
    }
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        *text = trimmed.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned_of_line_ends_and_controls() {
        let clean = |text: &str| {
            let mut text = text.to_owned();
            clean_text(&mut text);
            text
        };
        assert_eq!(clean(" a\r\nb\rc\0\u{7}\td \n"), "a\nb\nc\td");
        assert_eq!(clean("  é "), "é");
    }

    #[test]
    fn domains_match_whole_labels() {
        struct Nowhere;
        impl Sink for Nowhere {
            fn fact(&mut self, _: Fact) {}
            fn diagnostic(&mut self, _: Diagnostic) {}
        }
        let options = Options { team_domains: vec!["rota.example".to_owned()], ..Options::default() };
        let mut sink = Nowhere;
        let intake = Intake::new("x", &options, &mut sink);
        let side = |email: &str| {
            let mut author = Author { email: Some(email.to_owned()), ..Author::default() };
            intake.settle_author(&mut author);
            author.side
        };
        assert_eq!(side(" Ann@Rota.Example "), Side::Team);
        assert_eq!(side("ann@mail.rota.example"), Side::Team);
        assert_eq!(side("ann@grotta-rota.example"), Side::Unknown);
    }
}
