//! Evidence: what a statement rests on, as ids and byte spans that code can check.
//!
//! Invariant: a [`Quote`]'s text is, byte for byte, what its span covers in its record's canonical text
//! ([`Corpus::check_quote`](crate::Corpus::check_quote)); a build with a quote for which that fails is an error.

use crate::id::{AccountId, EditId, InsightId, RecordId, SignalId};
use serde::{Deserialize, Serialize};

/// A half-open byte range of a record's canonical text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `range`; texts are at most 4 GiB (checked where records are made).
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// As a range for slicing.
    #[must_use]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Verbatim words of one record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quote {
    /// The statement they belong to.
    pub signal_id: SignalId,
    /// The record they stand in.
    pub record_id: RecordId,
    /// First byte in the record's canonical text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The words themselves.
    pub text: String,
}

/// A reference to a thing that supports a statement. Written as one flat object, `{"kind", "id", "span", "quote", "detail"}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "CitationRow", try_from = "CitationRow")]
pub enum Citation {
    /// Words somebody said; `span` in the record's canonical text where a part of the signal is meant.
    Signal {
        /// The statement.
        id: SignalId,
        /// The words meant, when fewer than the whole.
        span: Option<Span>,
        /// Those words, verbatim.
        quote: Option<String>,
    },
    /// A whole record, such as an analytics statement.
    Record {
        /// The record.
        id: RecordId,
    },
    /// A customer account and the field that counts.
    Account {
        /// The account.
        id: AccountId,
        /// The field, for instance `arr`.
        field: String,
    },
    /// Another insight.
    Insight {
        /// The insight.
        id: InsightId,
    },
    /// A line of the strategy file, by its path, for instance `objectives.O2`.
    Strategy {
        /// Path of the entry in the strategy.
        path: String,
    },
    /// A line of a data file shipped with the product, such as a frame's default.
    Default {
        /// Where the default is written, for instance `frames.schedule.defaults.condition`.
        path: String,
    },
    /// A place in source code.
    Code {
        /// File, relative to the repository.
        file: String,
        /// One-based line.
        line: u32,
        /// The symbol there, where known.
        symbol: Option<String>,
    },
    /// A person's own words, laid over what was compiled.
    Edit {
        /// The edit.
        id: EditId,
        /// Who.
        by: String,
    },
}

/// How a [`Citation`] is written: one shape for every kind, so that readers and binary forms need no cases.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CitationRow {
    kind: String,
    id: String,
    span: Option<Span>,
    quote: Option<String>,
    detail: Option<String>,
}

impl From<Citation> for CitationRow {
    fn from(citation: Citation) -> Self {
        let row = |kind: &str, id: String, detail| Self { kind: kind.to_owned(), id, span: None, quote: None, detail };
        match citation {
            Citation::Signal { id, span, quote } => Self { span, quote, ..row("signal", id.to_string(), None) },
            Citation::Record { id } => row("record", id.to_string(), None),
            Citation::Account { id, field } => row("account", id.to_string(), Some(field)),
            Citation::Insight { id } => row("insight", id.to_string(), None),
            Citation::Strategy { path } => row("strategy", path, None),
            Citation::Default { path } => row("default", path, None),
            Citation::Code { file, line, symbol } => row("code", format!("{file}:{line}"), symbol),
            Citation::Edit { id, by } => row("edit", id.to_string(), Some(by)),
        }
    }
}

impl TryFrom<CitationRow> for Citation {
    type Error = String;

    fn try_from(row: CitationRow) -> Result<Self, String> {
        let CitationRow { kind, id, span, quote, detail } = row;
        let wrong = |e: crate::id::NotAnId| e.to_string();
        Ok(match kind.as_str() {
            "signal" => Self::Signal { id: id.parse().map_err(wrong)?, span, quote },
            "record" => Self::Record { id: id.parse().map_err(wrong)? },
            "account" => Self::Account { id: id.parse().map_err(wrong)?, field: detail.unwrap_or_default() },
            "insight" => Self::Insight { id: id.parse().map_err(wrong)? },
            "strategy" => Self::Strategy { path: id },
            "default" => Self::Default { path: id },
            "code" => {
                let (file, line) = id.rsplit_once(':').ok_or_else(|| format!("'{id}' is not FILE:LINE"))?;
                let line = line.parse().map_err(|_| format!("'{line}' is not a line number"))?;
                Self::Code { file: file.to_owned(), line, symbol: detail }
            }
            "edit" => Self::Edit { id: id.parse().map_err(wrong)?, by: detail.unwrap_or_default() },
            _ => return Err(format!("'{kind}' is not a kind of citation")),
        })
    }
}

/// On what a statement or a slot value rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Somebody's words or observed behaviour.
    Evidence,
    /// The source code.
    Code,
    /// The declared strategy.
    Strategy,
    /// A default of the frame; shown as one.
    Default,
    /// Nothing yet; shown with the cheapest test that would settle it.
    Assumption,
    /// A question that somebody must answer.
    Open,
    /// A person decided that it reads so.
    Decided,
}

impl Basis {
    /// The word that artefacts print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Code => "code",
            Self::Strategy => "strategy",
            Self::Default => "default",
            Self::Assumption => "assumption",
            Self::Open => "open",
            Self::Decided => "decided",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_written_flat_and_read_back() {
        let code = Citation::Code { file: "src/a.rs".into(), line: 7, symbol: Some("run".into()) };
        let json = serde_json::to_value(&code).unwrap();
        assert_eq!(json["kind"], "code");
        assert_eq!(json["id"], "src/a.rs:7");
        assert_eq!(serde_json::from_value::<Citation>(json).unwrap(), code);
        let words = Citation::Signal { id: SignalId(5), span: Some(Span::new(1, 4)), quote: Some("abc".into()) };
        assert_eq!(serde_json::from_str::<Citation>(&serde_json::to_string(&words).unwrap()).unwrap(), words);
    }
}
