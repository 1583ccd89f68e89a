//! Insights: themes that signals share, with a stable identity.

use crate::evidence::Quote;
use crate::id::{InsightId, SignalId};
use crate::signal::Kind;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Which part of the business an insight touches most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Winning customers.
    Acquisition,
    /// Getting them to first value.
    Activation,
    /// Keeping them.
    Retention,
    /// Growing with them.
    Expansion,
    /// What serving them costs.
    CostToServe,
    /// Trust, law, money and data at risk.
    TrustAndRisk,
}

impl Category {
    /// The words that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Acquisition => "acquisition",
            Self::Activation => "activation",
            Self::Retention => "retention",
            Self::Expansion => "expansion",
            Self::CostToServe => "cost to serve",
            Self::TrustAndRisk => "trust and risk",
        }
    }
}

/// Where the number of voices is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// More than before.
    Rising,
    /// About as before.
    Steady,
    /// Fewer than before.
    Falling,
    /// First heard within the last 30 days.
    New,
    /// Too few dated voices to tell.
    Unknown,
}

impl Trend {
    /// The word that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rising => "rising",
            Self::Steady => "steady",
            Self::Falling => "falling",
            Self::New => "new",
            Self::Unknown => "unknown",
        }
    }
}

/// The nearest other insight and what separates the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Neighbour {
    /// The other insight.
    pub id: InsightId,
    /// Its label.
    pub label: String,
    /// Cosine of the two centres, -1..=1.
    pub similarity: f64,
    /// Words frequent here and rare there, most telling first.
    pub words_here: Vec<String>,
    /// Words frequent there and rare here, most telling first.
    pub words_there: Vec<String>,
}

/// A theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Insight {
    /// Its id.
    pub id: InsightId,
    /// A short phrase from the members' own words.
    pub label: String,
    /// What most of its voices do.
    pub kind: Kind,
    /// Area of the product it belongs to: the label of its parent group.
    pub area: String,
    /// Part of the business it touches most.
    pub category: Category,
    /// Why that category: the phrase classes and facts that decided.
    pub category_reason: String,
    /// Where it is going.
    pub trend: Trend,
    /// Voices per calendar month, oldest first, for months between the first and the last dated voice.
    pub voices_by_month: Vec<(String, u32)>,
    /// Its signals, by id.
    pub members: Vec<SignalId>,
    /// Its most representative words, at most three, from different voices where possible.
    pub quotes: Vec<Quote>,
    /// Signals that ask for the opposite or decline.
    pub dissent: Vec<Quote>,
    /// Distinct voices.
    pub n_voices: u32,
    /// Distinct accounts named.
    pub n_accounts: u32,
    /// Signals.
    pub n_signals: u32,
    /// First and last time heard.
    pub heard: Option<(Timestamp, Timestamp)>,
    /// The closest other insight.
    pub nearest: Option<Neighbour>,
}
