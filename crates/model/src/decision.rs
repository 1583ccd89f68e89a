//! Decisions that people took on insights, with what they rested on.
//!
//! Decisions are inputs: they are kept as they were taken and never changed. Whether one still stands is computed anew
//! from its premises and the results of a run.

use crate::id::{InsightId, SignalId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It will be done, and is planned before what nobody decided on.
    Accept,
    /// It will not be done.
    Reject,
    /// Not before later.
    Defer,
}

impl Verdict {
    /// `accepted`, `rejected`, `deferred`.
    #[must_use]
    pub const fn past(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Reject => "rejected",
            Self::Defer => "deferred",
        }
    }
}

/// Another insight that could have been chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The insight.
    pub insight_id: InsightId,
    /// Its name.
    pub label: String,
    /// Its rank.
    pub rank: u32,
    /// Its total.
    pub total: f64,
}

/// What a decision rests on, as it stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Premises {
    /// Rank.
    pub rank: u32,
    /// Name of the band.
    pub band: String,
    /// Total, 0..=77.
    pub total: f64,
    /// Lowest and highest total within the band.
    pub band_totals: (f64, f64),
    /// Statements of the insight, by id.
    pub members: Vec<SignalId>,
    /// Accounts among them.
    pub n_accounts: u32,
    /// Parts of the strategy that speak for or against it: path, and what was declared there.
    pub strategy: BTreeMap<String, BTreeMap<String, String>>,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The insight it was taken on.
    pub insight_id: InsightId,
    /// Its name then.
    pub label: String,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub why: String,
    /// By whom.
    pub by: String,
    /// The scoring instant of the run it looked at.
    pub as_of: Option<Timestamp>,
    /// Neighbours in rank.
    pub alternatives: Vec<Alternative>,
    /// What it rests on.
    pub premises: Premises,
}

/// A premise that no longer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// `score`, `evidence` or the path of a part of the strategy.
    pub premise: String,
    /// How it changed, in one sentence.
    pub how: String,
}

/// How a decision stands beside the results of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Where the insight is now: itself, or the one that took most of its statements; none when nothing of it is left.
    pub insight_id: Option<InsightId>,
    /// Whether a later decision on the same insight took its place.
    pub is_superseded: bool,
    /// Premises that no longer hold; the decision is open again when there is one.
    pub changed: Vec<Changed>,
}

impl Standing {
    /// Whether the decision counts.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.is_superseded && self.changed.is_empty() && self.insight_id.is_some()
    }
}
