//! Signals: single statements, each a byte range of a record with what stages 2 and 3 found in it.

use crate::evidence::Span;
use crate::id::{AccountId, PersonId, RecordId, SignalId};
use crate::record::{Side, SourceKind};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Asks for a new or changed thing, or for an act.
    Request,
    /// Says that something went wrong, is missing or annoys.
    Problem,
    /// Wants a fact or a how-to and reports nothing wrong.
    Question,
    /// Praise without a need.
    Praise,
    /// None of these.
    Other,
}

impl Kind {
    /// The word that tables and exports print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Problem => "problem",
            Self::Question => "question",
            Self::Praise => "praise",
            Self::Other => "other",
        }
    }
}

/// Language of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// A language without a pack: read, shown and searched, but not understood.
    Other,
    /// Too short to tell.
    #[default]
    Unknown,
}

/// A phrase of a class (urgency, churn, workaround...) present in a statement, not negated, not hypothetical.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PhraseHit {
    /// Class, for instance `deal_block`.
    pub class: String,
    /// Where in the record's canonical text.
    pub span: Span,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Of the record, the words and their occurrence in it: text added above or below moves no id.
    pub id: SignalId,
    /// The record it stands in.
    pub record_id: RecordId,
    /// Where in the record's canonical text.
    pub span: Span,
    /// What it does.
    pub kind: Kind,
    /// Certainty of `kind`, 0..=1.
    pub kind_confidence: f64,
    /// Its language.
    pub language: Language,
    /// Sentiment, -1 (bad) to 1 (good); none when nothing in it tells.
    pub sentiment: Option<f64>,
    /// Phrases found.
    pub phrases: Vec<PhraseHit>,
    /// Who said it.
    pub person: Option<PersonId>,
    /// For which account.
    pub account: Option<AccountId>,
    /// On which side they stand.
    pub side: Side,
    /// Kind of channel.
    pub source_kind: SourceKind,
    /// When.
    pub at: Option<Timestamp>,
    /// Milliseconds into a recording: start and end.
    pub clock_ms: Option<(u64, u64)>,
}

impl Signal {
    /// Whether it carries something that a product could answer: requests, problems and questions do.
    #[must_use]
    pub const fn is_need(&self) -> bool {
        matches!(self.kind, Kind::Request | Kind::Problem | Kind::Question)
    }

    /// Whether a phrase of `class` was found.
    #[must_use]
    pub fn has_phrase(&self, class: &str) -> bool {
        self.phrases.iter().any(|hit| hit.class == class)
    }
}
