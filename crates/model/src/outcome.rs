//! What became of insights: recorded by people as inputs, beside what deployments tell.
//!
//! An outcome is kept as it was told and never changed; a later one on the same insight takes its place. What followed is
//! computed anew from the statements of a run.

use crate::id::{InsightId, SignalId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It reached customers.
    Shipped,
    /// It did not, or was taken back; what was recorded or derived before no longer counts.
    Withdrawn,
}

/// An outcome as somebody told it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The insight.
    pub insight_id: InsightId,
    /// Its name then.
    pub label: String,
    /// Its statements then, by which it is found again when its id is gone.
    pub members: Vec<SignalId>,
    /// What became of it.
    pub fate: Fate,
    /// The day.
    pub on: Timestamp,
    /// Why, or what it was.
    pub why: Option<String>,
    /// Who says so.
    pub by: Option<String>,
}

/// A delivery to production, as the delivery tools tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The tool's id.
    pub id: String,
    /// When it was finished.
    pub at: Timestamp,
    /// Its title and the messages of its commits, one a line.
    pub text: String,
    /// Whether it reached production.
    pub is_live: bool,
}
