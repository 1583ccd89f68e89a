//! Import: files become stored facts, batch by durable batch.
//!
//! In: paths and the workspace's settings. Out: one [`FileReport`] per file, with every diagnostic.
//! Invariant: for every file, seen = stored + unchanged + updated + rejected. What was acknowledged is on disk.
//! Cost: reading is bound by the front-ends, writing by one flush per batch; a file is never held whole in memory.

use crate::Error;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::path::Path;
use throughline_frontends::{Fact, Options, Report, Sink};
use throughline_model::host::FoundFile;
use throughline_model::{
    AccountId, Diagnostic, Host, InsightId, RawRecord, RecordId, Settings, Severity, SourceKind, id,
};
use throughline_passes::place::Decision;
use throughline_store::{Batch, Changes, Inputs};

/// A batch is written when it holds this many source items...
const BATCH_ITEMS: u64 = 2_000;
/// ...or about this many bytes of text, whichever comes first.
const BATCH_BYTES: usize = 8 << 20;

/// What a person may say about the files they import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// `field=column` pairs that override the mapping of CSV columns.
    pub column_map: Vec<(String, String)>,
    /// Source name, where the file's own is not wanted.
    pub source: Option<String>,
    /// Kind of source, where it cannot be told from the content.
    pub source_kind: Option<SourceKind>,
}

/// How a file was read.
#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    /// The file as named.
    pub file: String,
    /// What the front-end says: format, source, mapping, encoding.
    pub format: String,
    /// Source name.
    pub source: String,
    /// Kind of source.
    pub source_kind: SourceKind,
    /// Which column was taken for what, and why.
    pub mapping: Vec<Mapping>,
    /// Source items in the file: rows, cues, tickets, messages, events.
    pub seen: u64,
    /// New ones.
    pub stored: u64,
    /// Known ones with the same content.
    pub unchanged: u64,
    /// Known ones with other content.
    pub updated: u64,
    /// Ones that could not be used; each has a diagnostic.
    pub rejected: u64,
    /// Problems, in file order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Which column was taken for a field, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Mapping {
    /// Our field.
    pub field: String,
    /// Their column.
    pub column: String,
    /// What decided.
    pub why: String,
    /// Up to three values.
    pub samples: Vec<String>,
}

/// How an import went.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportReport {
    /// Per file, in the order read.
    pub files: Vec<FileReport>,
    /// Sum over files.
    pub seen: u64,
    /// Sum over files.
    pub stored: u64,
    /// Sum over files.
    pub unchanged: u64,
    /// Sum over files.
    pub updated: u64,
    /// Sum over files.
    pub rejected: u64,
    /// Of an import of a few records, where each belongs until the next run; empty before the first.
    pub provisional: Vec<Provisional>,
    /// Id and words of the records, while they are few.
    #[serde(skip)]
    pub(crate) few: Vec<(String, String)>,
}

/// Where a new record belongs until the next run.
#[derive(Debug, Clone, Serialize)]
pub struct Provisional {
    /// The id that the source gave.
    pub external_id: String,
    /// The nearest insight.
    pub insight_id: InsightId,
    /// Its name.
    pub label: String,
    /// Whether it joins, may join, or says something new.
    pub decision: Decision,
}

/// Records in an import of a few.
const FEW: usize = 20;

impl ImportReport {
    fn add(&mut self, file: FileReport) {
        self.seen += file.seen;
        self.stored += file.stored;
        self.unchanged += file.unchanged;
        self.updated += file.updated;
        self.rejected += file.rejected;
        self.files.push(file);
    }
}

/// Hears of an import's progress.
pub trait ImportProgress {
    /// A file is about to be read.
    fn file(&mut self, _file: &FoundFile) {}
    /// So many source items of this import are now safe on disk.
    fn acknowledged(&mut self, _n_items: u64) {}
}

/// Imports every file at or below `paths`.
///
/// # Errors
/// When a path does not exist, or the store refuses. Files read until then stay imported.
pub fn import(
    inputs: &mut dyn Inputs,
    settings: &Settings,
    workspace: &Path,
    host: &dyn Host,
    paths: &[&Path],
    options: &ImportOptions,
    progress: &mut dyn ImportProgress,
) -> Result<ImportReport, Error> {
    let mut report = ImportReport::default();
    let mut intake = Intake::new(inputs, host, progress);
    for path in paths {
        let found = host.list(path).map_err(|source| Error::Path { path: path.to_path_buf(), source })?;
        for file in found {
            if host.is_cancelled() {
                return Ok(report);
            }
            intake.progress.file(&file);
            let told = told_of(settings, workspace, &file, options);
            report.add(intake.read(&file, &told)?);
        }
    }
    report.few = intake.few;
    Ok(report)
}

/// What the settings and the command line say of a file; the command line wins.
pub(crate) fn told_of(settings: &Settings, workspace: &Path, file: &FoundFile, options: &ImportOptions) -> Options {
    let shown = file.path.strip_prefix(workspace).unwrap_or(&file.path).to_string_lossy().replace('\\', "/");
    let declared = settings.sources.iter().find(|source| matches_glob(&source.path, &shown));
    let mut column_map = options.column_map.clone();
    if let Some(source) = declared {
        column_map.extend(
            source.date_format.as_deref().and_then(date_order).map(|order| ("date_order".into(), order.into())),
        );
        column_map.extend(source.columns.iter().map(|(field, column)| (field.clone(), column.clone())));
    }
    let declared_kind = || declared.and_then(|source| SourceKind::from_word(source.kind.as_deref()?));
    Options {
        source: options.source.clone().or_else(|| declared.map(|source| source.name.clone())),
        source_kind: options.source_kind.or_else(declared_kind),
        column_map,
        team_domains: settings.product.team_domains.clone(),
        team_names: settings.product.team_names.clone(),
        ..Options::default()
    }
}

/// The order of day and month that a strftime pattern writes; readers find the rest by themselves.
fn date_order(format: &str) -> Option<&'static str> {
    match (format.find("%d"), format.find("%m")) {
        (Some(day), Some(month)) if day < month => Some("dmy"),
        (Some(_), Some(_)) if !format.starts_with("%Y") => Some("mdy"),
        _ => None,
    }
}

/// Whether a path fits a pattern in which `*` stands for any characters but `/`. The pattern may also name a folder or
/// match the path's end, so that a workspace can be moved.
fn matches_glob(pattern: &str, path: &str) -> bool {
    fn fits(pattern: &[u8], path: &[u8]) -> bool {
        match pattern.split_first() {
            None => path.is_empty(),
            Some((b'*', rest)) => {
                let reach = path.iter().position(|&b| b == b'/').unwrap_or(path.len());
                (0..=reach).any(|n| fits(rest, &path[n..]))
            }
            Some((&b, rest)) => path.split_first().is_some_and(|(&p, path)| p == b && fits(rest, path)),
        }
    }
    let pattern = pattern.trim_start_matches("./").as_bytes();
    let is_start = |at: usize| at == 0 || path.as_bytes()[at - 1] == b'/';
    (0..path.len()).filter(|&at| is_start(at)).any(|at| fits(pattern, &path.as_bytes()[at..]))
}

struct Intake<'a> {
    inputs: &'a mut dyn Inputs,
    host: &'a dyn Host,
    progress: &'a mut dyn ImportProgress,
    n_acknowledged: u64,
    /// How often a content was met in a source without ids, so that two equal rows stay two.
    occurrences: FxHashMap<u64, u32>,
    /// Id and words of each record, as long as they are [`FEW`]; of more, none.
    few: Vec<(String, String)>,
    n_records: usize,
}

impl<'a> Intake<'a> {
    fn new(inputs: &'a mut dyn Inputs, host: &'a dyn Host, progress: &'a mut dyn ImportProgress) -> Self {
        Self {
            inputs,
            host,
            progress,
            n_acknowledged: 0,
            occurrences: FxHashMap::default(),
            few: Vec::new(),
            n_records: 0,
        }
    }

    fn read(&mut self, file: &FoundFile, told: &Options) -> Result<FileReport, Error> {
        let mut input = self.host.open(&file.path).map_err(|source| Error::Path { path: file.path.clone(), source })?;
        self.occurrences.clear();
        let mut writer = Writer {
            intake: self,
            batch: Batch::default(),
            n_bytes: 0,
            changes: Changes::default(),
            diagnostics: Vec::new(),
            failure: None,
        };
        let report = throughline_frontends::read(&file.shown, &mut *input, told, &mut writer);
        writer.flush();
        let Writer { changes, diagnostics, failure, .. } = writer;
        match failure {
            Some(error) => Err(error),
            None => Ok(file_report(&file.shown, report, changes, diagnostics)),
        }
    }
}

fn file_report(file: &str, report: Report, changes: Changes, mut diagnostics: Vec<Diagnostic>) -> FileReport {
    let told = changes.n_stored + changes.n_unchanged + changes.n_updated + report.n_rejected;
    if told != report.n_seen {
        diagnostics.push(
            Diagnostic::new(
                "import-count",
                Severity::Error,
                format!("{} items were seen but {told} are accounted for", report.n_seen),
                "this is a fault of the reader: please report it with the file's format",
            )
            .at(file, None, None),
        );
    }
    FileReport {
        file: file.to_owned(),
        format: report.format.to_owned(),
        source: report.source,
        source_kind: report.source_kind,
        mapping: report
            .mapping
            .into_iter()
            .map(|choice| Mapping {
                field: choice.field.to_owned(),
                column: choice.column,
                why: choice.why,
                samples: choice.samples,
            })
            .collect(),
        seen: report.n_seen,
        stored: changes.n_stored,
        unchanged: changes.n_unchanged,
        updated: changes.n_updated,
        rejected: report.n_rejected,
        diagnostics,
    }
}

struct Writer<'w, 'a> {
    intake: &'w mut Intake<'a>,
    batch: Batch,
    n_bytes: usize,
    changes: Changes,
    diagnostics: Vec<Diagnostic>,
    failure: Option<Error>,
}

impl Writer<'_, '_> {
    fn record_id(&mut self, record: &RawRecord) -> RecordId {
        if record.is_keyed {
            return RecordId::of(&[b"key", record.source.as_bytes(), record.external_id.as_bytes()]);
        }
        let mut words: Vec<&[u8]> = vec![record.source.as_bytes()];
        words.extend(record.parts.iter().map(|part| part.text.as_bytes()));
        let content = id::hash_parts("throughline 2026 row content", &words);
        let nth = self.intake.occurrences.entry(content).or_default();
        *nth += 1;
        RecordId::of(&[b"content", record.source.as_bytes(), &content.to_le_bytes(), &nth.to_le_bytes()])
    }

    fn flush(&mut self) {
        if self.failure.is_some() || self.batch.n_items() == 0 {
            return;
        }
        let batch = std::mem::take(&mut self.batch);
        self.n_bytes = 0;
        match self.intake.inputs.commit(&batch) {
            Ok(changes) => {
                self.changes += changes;
                self.intake.n_acknowledged += batch.n_items();
                self.intake.progress.acknowledged(self.intake.n_acknowledged);
            }
            Err(error) => self.failure = Some(error.into()),
        }
    }
}

impl Sink for Writer<'_, '_> {
    fn fact(&mut self, fact: Fact) {
        match fact {
            Fact::Record(record) => {
                self.n_bytes += record.parts.iter().map(|part| part.text.len()).sum::<usize>();
                let id = self.record_id(&record);
                self.intake.n_records += 1;
                if self.intake.n_records > FEW {
                    self.intake.few.clear();
                } else {
                    let words: Vec<&str> = record.parts.iter().map(|part| part.text.as_str()).collect();
                    self.intake.few.push((record.external_id.clone(), words.join("\n")));
                }
                self.batch.records.push((id, record));
            }
            Fact::Account(account) => {
                // Rows of contacts share the account's id; each is a row of its own.
                let contact = account.contacts.first();
                let contact = contact.and_then(|c| c.handle.as_ref().or(c.email.as_ref()).or(c.name.as_ref()));
                let contact = contact.map(String::as_str).unwrap_or_default();
                let id =
                    AccountId::of(&[account.source.as_bytes(), account.external_id.as_bytes(), contact.as_bytes()]);
                self.batch.accounts.push((id, account));
            }
            Fact::Event(event) => self.batch.events.push(event),
        }
        let n_facts = self.batch.records.len() + self.batch.accounts.len() + self.batch.events.len();
        if n_facts as u64 >= BATCH_ITEMS || self.n_bytes >= BATCH_BYTES {
            self.flush();
        }
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn should_stop(&self) -> bool {
        self.failure.is_some() || self.intake.host.is_cancelled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_within_a_segment_and_anywhere_in_the_tree() {
        assert!(matches_glob("feedback/calls/*.vtt", "feedback/calls/a.vtt"));
        assert!(matches_glob("calls/*", "old/calls/a.vtt"));
        assert!(!matches_glob("calls/*.vtt", "calls/deep/a.vtt"));
        assert!(!matches_glob("alls/*", "calls/a"));
    }
}
