//! Diagnostics: problems in what a person gave us, as plain data that names place and remedy.
//!
//! A diagnostic never stops the work; rendering it is for the edge (terminal, page, SARIF).

use serde::{Deserialize, Serialize};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something was left out: a row, a file, a setting.
    Error,
    /// Taken, but not as it may have been meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// Where in a person's input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Place {
    /// The file as the person named it; an archive's entry follows after `!/`.
    pub file: String,
    /// One-based line, where known.
    pub line: Option<u64>,
    /// Zero-based byte in the file, where known.
    pub byte: Option<u64>,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable code in kebab-case, for instance `csv-ragged-row`; its page is `docs/errors/CODE.md`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to do about it, in one sentence.
    pub remedy: String,
}

impl Diagnostic {
    /// A problem at a place that is filled in with [`Diagnostic::at`].
    #[must_use]
    pub fn new(code: &str, severity: Severity, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            message: message.into(),
            place: Place::default(),
            remedy: remedy.into(),
        }
    }

    /// The same problem at a file, line and byte.
    #[must_use]
    pub fn at(mut self, file: &str, line: Option<u64>, byte: Option<u64>) -> Self {
        self.place = Place { file: file.to_owned(), line, byte };
        self
    }
}
