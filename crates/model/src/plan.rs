//! The plan: insights in order, in bands that cannot be told apart, and in now, next, later.

use crate::id::InsightId;
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
    /// Why there.
    pub reason: String,
}

/// All insights in rank order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Plan {
    /// In rank order.
    pub places: Vec<Place>,
}
