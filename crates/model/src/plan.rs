//! The plan: insights in order, in bands that cannot be told apart, and in now, next, later.

use crate::id::InsightId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// When to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Horizon {
    /// In the current period.
    Now,
    /// In the one after.
    Next,
    /// After that.
    Later,
    /// Effort or capacity is not known, so nothing can be promised.
    Unplanned,
    /// Not at all: somebody said no, or it is against a non-goal.
    Never,
}

impl Horizon {
    /// The word that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Next => "next",
            Self::Later => "later",
            Self::Unplanned => "not planned",
            Self::Never => "never",
        }
    }
}

/// On what an estimate of effort rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffortBasis {
    /// Somebody declared it.
    Declared,
    /// The functional size of what is asked for.
    Size,
}

/// What one insight takes, in people-days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// Nine in ten such works take at least this.
    pub low_days: f64,
    /// As likely passed as not; what the plan counts with.
    pub likely_days: f64,
    /// Nine in ten such works take at most this.
    pub high_days: f64,
    /// On what it rests.
    pub basis: EffortBasis,
    /// How it comes about, in one sentence with its numbers.
    pub sentence: String,
}

/// One insight's place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The insight.
    pub insight_id: InsightId,
    /// One-based.
    pub rank: u32,
    /// `A` for the first band; neighbours whose order is not stable share one.
    pub band: String,
    /// Share of weightings in which it beats the next one below, 0..=1.
    pub beats_next: f64,
    /// When to start.
    pub horizon: Horizon,
    /// Why there, in one sentence.
    pub reason: String,
    /// What it takes, where that is known.
    pub effort: Option<Effort>,
    /// Insights that must come first, by id.
    pub waits_for: Vec<InsightId>,
}

/// A period of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Now or next.
    pub horizon: Horizon,
    /// What the team calls it.
    pub name: String,
    /// Its last day, where declared.
    pub ends_on: Option<Timestamp>,
    /// People-days free for the plan.
    pub capacity_days: f64,
    /// People-days of what was placed in it.
    pub taken_days: f64,
}

/// How the choice between what fits was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Branch and bound over an integer program.
    BranchAndBound,
    /// By worth a day, with the bound of a Lagrangian relaxation.
    Relaxation,
}

/// What is proven of the choice: no plan within capacity is worth more than `bound`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// Insights among which was chosen.
    pub n_choices: u32,
    /// Worth of what was chosen.
    pub worth: f64,
    /// Worth that no choice can exceed.
    pub bound: f64,
    /// `(bound - worth) / bound`, 0..=1.
    pub gap: f64,
    /// How.
    pub method: Method,
}

/// All insights in rank order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Plan {
    /// In rank order.
    pub places: Vec<Place>,
    /// The periods planned for; none without declared capacity.
    pub windows: Vec<Window>,
    /// What is proven of the choice; none where nothing was chosen.
    pub proof: Option<Proof>,
}
