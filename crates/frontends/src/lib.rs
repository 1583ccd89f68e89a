//! Front-ends: bytes of an export in, facts and diagnostics out.
//!
//! [`read`] looks at the first 64 KiB to learn what the bytes are (content decides; the file's name only breaks ties),
//! decodes them, and hands records, accounts and events to a [`Sink`] in file order, one at a time.
//!
//! In: any `Read`. The caller opens files; nothing here knows where bytes come from.
//! Out: [`Fact`]s and [`Diagnostic`]s to the sink, and a [`Report`] of what was understood and why.
//! Cost: one pass; memory is bounded by [`Limits`] (archives and channels of a chat export are held, files are not).
//! Errors: none are returned. A problem becomes a diagnostic with a code of [`CODES`], and the rest is read.
//! Invariant: [`Report::n_seen`] is the sum of `n_items` of the records, of accounts, of events, and of what was rejected.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking"))]

mod archive;
mod code_map;
mod codes;
mod csv_aliases;
mod csv_columns;
mod csv_rows;
mod dates;
mod decode;
pub mod deployments;
mod detect;
mod feedback;
mod fields;
mod html;
mod intake;
mod json_stream;
mod money;
mod source_name;

pub use code_map::{NoMap, ReadMap, code_map};
pub use codes::CODES;

use intake::Intake;
use std::io::Read;
use throughline_model::{Diagnostic, Event, RawAccount, RawRecord, SourceKind};

/// What a front-end hands out, one at a time, in file order.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// A ticket, call, review, row: something somebody said.
    Record(RawRecord),
    /// A row of a customer list.
    Account(RawAccount),
    /// Something somebody did.
    Event(Event),
}

/// Receives facts and diagnostics; never called again once [`Sink::should_stop`] is true.
pub trait Sink {
    /// Takes the next fact.
    fn fact(&mut self, fact: Fact);
    /// Takes a problem or a remark.
    fn diagnostic(&mut self, diagnostic: Diagnostic);
    /// Whether reading should end now.
    fn should_stop(&self) -> bool {
        false
    }
}

/// Bounds that keep hostile or broken input from exhausting memory; all in bytes unless named otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest text of one part; the tail beyond it is cut with a diagnostic.
    pub max_text_bytes: usize,
    /// Longest single row, JSON element, cue or message; a longer one is rejected with a diagnostic.
    pub max_item_bytes: usize,
    /// Largest archive, packed.
    pub max_archive_bytes: u64,
    /// Most that all entries of an archive may unpack to.
    pub max_unpacked_bytes: u64,
    /// Most entries of an archive.
    pub max_entries: usize,
    /// Largest ratio of unpacked to packed size of one entry.
    pub max_expansion: u64,
    /// Diagnostics of one code given in full; the others are counted in one closing diagnostic.
    pub max_diagnostics_per_code: u64,
}

impl Default for Limits {
    /// Chosen so that any honest export passes and one import stays under about a gigabyte; untested as optima.
    fn default() -> Self {
        Self {
            max_text_bytes: 1 << 20,
            max_item_bytes: 64 << 20,
            max_archive_bytes: 512 << 20,
            max_unpacked_bytes: 4 << 30,
            max_entries: 100_000,
            max_expansion: 1000,
            max_diagnostics_per_code: 20,
        }
    }
}

/// What the caller knows better than the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Source name; otherwise derived from the format and the file's name without dates and numbers.
    pub source: Option<String>,
    /// Kind of channel; otherwise told by the format, the columns or the words of the file's name.
    pub source_kind: Option<SourceKind>,
    /// Columns named by hand: (field, column), for instance `("text", "Body")`. Fields are those of [`ColumnChoice`];
    /// `("date_order", "dmy" | "mdy")` settles dates such as 03/04/2026.
    pub column_map: Vec<(String, String)>,
    /// E-mail domains of our own staff, for instance `rotaboard.example`.
    pub team_domains: Vec<String>,
    /// Names of our own staff, or of our company where transcripts write it behind a name.
    pub team_names: Vec<String>,
    /// Bounds.
    pub limits: Limits,
}

/// Which column was taken for a field, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChoice {
    /// Field, in snake_case, for instance `text` or `created_at`; `--map FIELD=COLUMN` overrides it.
    pub field: &'static str,
    /// The column's header (`column 3` where the file has no header).
    pub column: String,
    /// The reason, as part of a sentence.
    pub why: String,
    /// The first three different non-empty values, each shortened to 60 characters.
    pub samples: Vec<String>,
}

/// What reading a file came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What the file was taken for, for instance `zendesk`.
    pub format: &'static str,
    /// Source name that its facts carry.
    pub source: String,
    /// Kind of channel that its records carry.
    pub source_kind: SourceKind,
    /// Source items seen: rows, cues, tickets, events, messages.
    pub n_seen: u64,
    /// Source items left out, each with a diagnostic.
    pub n_rejected: u64,
    /// Column choices of tabular files.
    pub mapping: Vec<ColumnChoice>,
    /// All headers of tabular files whose columns were chosen from, in their order.
    pub columns: Vec<String>,
    /// Character encoding as found, for instance `UTF-8` or `windows-1252`.
    pub encoding: String,
}

/// Reads one export. `name` is the file as the person named it: it appears in diagnostics and in the source name.
///
/// ```
/// use throughline_frontends::{read, Fact, Options, Sink};
/// use throughline_model::Diagnostic;
///
/// #[derive(Default)]
/// struct Texts(Vec<String>);
/// impl Sink for Texts {
///     fn fact(&mut self, fact: Fact) {
///         if let Fact::Record(record) = fact {
///             self.0.push(record.parts[0].text.clone());
///         }
///     }
///     fn diagnostic(&mut self, diagnostic: Diagnostic) {
///         panic!("{diagnostic:?}");
///     }
/// }
///
/// let mut texts = Texts::default();
/// let mut bytes: &[u8] = b"id,text\n7,Please add an export to PDF.\n";
/// let report = read("tickets-2026-09.csv", &mut bytes, &Options::default(), &mut texts);
/// assert_eq!((report.source.as_str(), report.n_seen), ("tickets", 1));
/// assert_eq!(texts.0, ["Please add an export to PDF."]);
/// ```
pub fn read(name: &str, input: &mut dyn Read, options: &Options, sink: &mut dyn Sink) -> Report {
    let mut intake = Intake::new(name, options, sink);
    feedback::read(input, &mut intake);
    intake.finish()
}
