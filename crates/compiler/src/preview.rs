//! What a file would be read as, before anything of it is taken in.
//!
//! In: one file and what a person said of it. Out: the report that an import of it would give, with nothing stored.
//! Cost: one reading of the file; nothing of it is held.

use crate::Error;
use crate::import::{FileReport, ImportOptions, Mapping, told_of};
use crate::session::Session;
use std::path::Path;
use throughline_frontends::{Fact, Sink};
use throughline_model::{Diagnostic, Host, Settings};

/// Words shown of the first records.
const N_SAMPLES: usize = 3;
/// Letters shown of one.
const SAMPLE_CHARS: usize = 160;

/// A file as it would be read.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Preview {
    /// What would be taken; `stored` are the items that would be, whether known or not.
    pub report: FileReport,
    /// Fields that a column can be named for by hand; none where the file is no table.
    pub fields: Vec<&'static str>,
    /// The headers of the file, where it is a table.
    pub columns: Vec<String>,
    /// Words of the first records, as they are read before anything is masked.
    pub samples: Vec<String>,
    /// Customers in it, if it is a list of them.
    pub n_accounts: u64,
    /// Events in it.
    pub n_events: u64,
}

/// Fields that a column can be named for by hand.
const FIELDS: [&str; 11] = [
    "text",
    "title",
    "id",
    "created_at",
    "author_name",
    "author_email",
    "author_role",
    "company",
    "rating",
    "votes",
    "tags",
];

#[derive(Default)]
struct Counted {
    diagnostics: Vec<Diagnostic>,
    samples: Vec<String>,
    n_accounts: u64,
    n_events: u64,
}

impl Sink for Counted {
    fn fact(&mut self, fact: Fact) {
        match fact {
            Fact::Record(record) if self.samples.len() < N_SAMPLES => {
                let text = record.parts.iter().map(|part| part.text.trim()).collect::<Vec<_>>().join(" · ");
                self.samples.push(text.chars().take(SAMPLE_CHARS).collect());
            }
            Fact::Record(_) => {}
            Fact::Account(_) => self.n_accounts += 1,
            Fact::Event(_) => self.n_events += 1,
        }
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

impl Session {
    /// Reads a file as an import would and stores nothing.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn preview(&self, host: &dyn Host, file: &Path, options: &ImportOptions) -> Result<Preview, Error> {
        preview(self.settings(), self.folder(), host, file, options)
    }
}

/// Reads a file as an import into the workspace of `folder` would and stores nothing. It needs no session, so that it can
/// be asked while one works.
///
/// # Errors
/// When the file cannot be opened.
pub fn preview(
    settings: &Settings,
    folder: &Path,
    host: &dyn Host,
    file: &Path,
    options: &ImportOptions,
) -> Result<Preview, Error> {
    let failed = |source| Error::Path { path: file.to_owned(), source };
    let found = host.list(file).map_err(failed)?;
    let Some(found) = found.first() else { return Err(failed(std::io::ErrorKind::NotFound.into())) };
    let told = told_of(settings, folder, found, options);
    let name = Path::new(&found.shown).file_name().map_or(found.shown.clone(), |n| n.to_string_lossy().into_owned());
    let mut input = host.open(file).map_err(failed)?;
    let mut counted = Counted::default();
    let report = throughline_frontends::read(&name, &mut *input, &told, &mut counted);
    let columns = report.columns;
    let mapping = report.mapping.into_iter().map(|choice| Mapping {
        field: choice.field.to_owned(),
        column: choice.column,
        why: choice.why,
        samples: choice.samples,
    });
    let mapping: Vec<Mapping> = mapping.collect();
    Ok(Preview {
        fields: if mapping.is_empty() { Vec::new() } else { FIELDS.to_vec() },
        columns: if mapping.is_empty() { Vec::new() } else { columns },
        report: FileReport {
            file: name,
            format: report.format.to_owned(),
            source: report.source,
            source_kind: report.source_kind,
            mapping,
            seen: report.n_seen,
            stored: report.n_seen.saturating_sub(report.n_rejected),
            unchanged: 0,
            updated: 0,
            rejected: report.n_rejected,
            diagnostics: counted.diagnostics,
        },
        samples: counted.samples,
        n_accounts: counted.n_accounts,
        n_events: counted.n_events,
    })
}
