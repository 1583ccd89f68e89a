//! Totals under other weights: what would rank where if a group or a check counted more or less.
//!
//! With all weights at 1 the totals are the score's own. The rates shrink to the mean of all insights as the score's do
//! (`[aggregation]` of the rubric), with weighted sums in place of sums.

use std::collections::BTreeMap;
use throughline_model::{CheckState, Score};

/// How many checks' worth of prior a group's rate carries; as in the score.
const PRIOR_CHECKS: f64 = 4.0;
/// Below this share of known checks a group's score is unknown; as in the score.
const GROUP_KNOWN_MIN: f64 = 0.25;
/// With fewer insights than this there is no mean to shrink to; as in the score.
const MEAN_FROM_INSIGHTS: usize = 5;

/// Weights by group id or check id; 1 where none is given.
pub type Weights = BTreeMap<String, f64>;

/// Ids of the three groups with the first letters of their checks.
const GROUPS: [(&str, &str); 3] =
    [("business_impact", "BI"), ("technical_effort", "TE"), ("strategic_alignment", "SA")];

/// Group of a check by its id.
#[must_use]
pub fn group_of(check: &str) -> Option<&'static str> {
    GROUPS.iter().find(|(_, letters)| check.starts_with(letters)).map(|(group, _)| *group)
}

/// The total of each score, 0..=77, in their order.
#[must_use]
pub fn totals(scores: &[&Score], weights: &Weights) -> Vec<f64> {
    Points::new(scores).totals(weights)
}

/// The points of many scores side by side, to be weighed again and again: 10,000 scores take some milliseconds.
///
/// Scores of one run hold the same checks in the same order.
#[derive(Debug, Clone, Default)]
pub struct Points {
    /// Checks with their group, in the rubric's order.
    checks: Vec<(String, Option<usize>)>,
    /// By score, then check; NaN where unknown.
    points: Vec<f64>,
}

impl Points {
    /// Of these scores, in their order.
    #[must_use]
    pub fn new(scores: &[&Score]) -> Self {
        let group = |id: &str| GROUPS.iter().position(|(_, letters)| id.starts_with(letters));
        let first = scores.first().map_or(&[][..], |score| &score.checks);
        let points = scores.iter().flat_map(|score| &score.checks);
        Self {
            checks: first.iter().map(|check| (check.id.clone(), group(&check.id))).collect(),
            points: points.map(|c| if c.state == CheckState::Scored { c.points } else { f64::NAN }).collect(),
        }
    }

    /// The total of each, 0..=77, in their order.
    #[must_use]
    pub fn totals(&self, weights: &Weights) -> Vec<f64> {
        let weight = |id: &str| weights.get(id).copied().unwrap_or(1.0);
        let checks: Vec<(Option<usize>, f64)> = self.checks.iter().map(|(id, group)| (*group, weight(id))).collect();
        // By score and group: earned, weight known, checks known, weight of all, checks of all.
        let sums: Vec<[[f64; 5]; 3]> = self
            .points
            .chunks(checks.len().max(1))
            .map(|points| {
                let mut sums = [[0.0; 5]; 3];
                for (&points, &(group, weight)) in points.iter().zip(&checks) {
                    let Some(at) = group else { continue };
                    sums[at][3] += weight;
                    sums[at][4] += 1.0;
                    if !points.is_nan() {
                        sums[at][0] += weight * points;
                        sums[at][1] += weight;
                        sums[at][2] += 1.0;
                    }
                }
                sums
            })
            .collect();
        weighed(&sums, weight)
    }
}

/// Totals from the sums of each score by group.
fn weighed(sums: &[[[f64; 5]; 3]], weight: impl Fn(&str) -> f64) -> Vec<f64> {
    let prior: Vec<f64> = (0..GROUPS.len())
        .map(|at| {
            let known = sums.iter().map(|sums| sums[at]).filter(|sum| sum[1] > 0.0);
            let rates: Vec<f64> = known.map(|sum| sum[0] / sum[1]).collect();
            let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
            if rates.len() < MEAN_FROM_INSIGHTS { 0.5 } else { mean }
        })
        .collect();
    sums.iter()
        .map(|sums| {
            let (mut sum, mut max, mut n_checks) = (0.0, 0.0, 0.0);
            for (at, (group, _)) in GROUPS.iter().enumerate() {
                let [earned, known, n_known, _, n_all] = sums[at];
                n_checks += n_all;
                if n_known >= GROUP_KNOWN_MIN * n_all && n_all > 0.0 {
                    let rate = (earned + PRIOR_CHECKS * prior[at]) / (known + PRIOR_CHECKS);
                    sum += weight(group) * n_all * rate;
                    max += weight(group) * n_all;
                }
            }
            let total = if max > 0.0 { n_checks * sum / max } else { 0.0 };
            (total * 1e9).round() / 1e9
        })
        .collect()
}
