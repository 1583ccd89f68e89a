//! Scores: 77 checks, each worth 0 to 1 point, each with its evidence; unknown is not zero.

use crate::evidence::Citation;
use crate::id::InsightId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether a check could be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Its inputs exist; points may still be 0.
    Scored,
    /// An input is missing: it counts neither as earned nor as knowable.
    Unknown,
}

/// One check's answer for one insight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Id in the rubric, for instance `BI-01`.
    pub id: String,
    /// Whether it could be answered.
    pub state: CheckState,
    /// 0..=1; 0 when unknown.
    pub points: f64,
    /// The quantity before scaling, in the unit that the rubric states; of a share its value, 0..=1.
    pub x: Option<f64>,
    /// Of how many, where the quantity is a share.
    pub of: Option<f64>,
    /// One sentence with the numbers filled in.
    pub sentence: String,
    /// What supports it, the most telling where there is much; never empty when points are above 0.
    pub evidence: Vec<Citation>,
    /// How many more support it and are not listed; the sentence counts them all.
    pub n_unlisted: u32,
    /// For unknown: the input to connect or declare, in words.
    pub missing: Option<String>,
}

/// One of the three groups of an insight's score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupScore {
    /// Sum of points over scored checks.
    pub earned: f64,
    /// Number of scored checks.
    pub knowable: u32,
    /// Number of checks.
    pub max: u32,
    /// Shrunken rate times `max`; none when fewer than a quarter of the checks are known.
    pub score: Option<f64>,
}

/// An insight's score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The insight.
    pub insight_id: InsightId,
    /// Version of the rubric.
    pub rubric_version: String,
    /// All checks, in the rubric's order.
    pub checks: Vec<CheckResult>,
    /// By group id.
    pub groups: BTreeMap<String, GroupScore>,
    /// Sum of points over scored checks.
    pub earned: f64,
    /// Number of scored checks.
    pub knowable: u32,
    /// `knowable / 77`.
    pub coverage: f64,
    /// Earned with every unknown at 0.
    pub floor: f64,
    /// Earned with every unknown at 1.
    pub ceiling: f64,
    /// The rank key: group scores rescaled to 77.
    pub total: f64,
    /// 0..=1; how far the evidence carries. Never multiplied into the total.
    pub confidence: f64,
    /// The total under the team's own weights; none where they declare none.
    pub weighted_total: Option<f64>,
    /// Badges such as `one voice` or `fix now`, each with its reason.
    pub badges: Vec<(String, String)>,
}
