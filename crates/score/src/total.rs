//! The total under any weights: what ranks compare when weights, points or what is known are varied.
//!
//! In: points by insight and check, NaN where unknown, with the priors of the groups. Out: a total on the scale of 77.
//! Invariant: with the rubric's own weights this is the total that [`crate::aggregate`] gives, to its rounding.
//! Cost: one pass over the checks of an insight.

use crate::aggregate::{EFFORT, GROUP_KNOWN_MIN, PRIOR_CHECKS, priors};
use crate::rubric::Rubric;
use std::collections::BTreeMap;
use throughline_model::{CheckResult, CheckState, Score};

/// Most groups that a rubric has.
const GROUPS: usize = 3;

/// Weights of groups and checks.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// By group, in the rubric's order.
    pub groups: [f64; GROUPS],
    /// By check, in the rubric's order.
    pub checks: Vec<f64>,
}

/// What totals are made from, beside points.
#[derive(Debug, Clone)]
pub struct Totals {
    group_from_check: Vec<usize>,
    /// Whether a check of effort reads code: when none of them is known, effort is not ranked by.
    reads_code: Vec<bool>,
    n_from_group: [u32; GROUPS],
    effort: usize,
    priors: [f64; GROUPS],
}

impl Totals {
    /// For scores of one run.
    #[must_use]
    pub fn new<'s>(rubric: &Rubric, scores: impl Iterator<Item = &'s Score>) -> Self {
        let group_of = |name: &str| rubric.groups.iter().position(|(group, _)| group == name).unwrap_or(0);
        let group_from_check: Vec<usize> = rubric.checks.iter().map(|check| group_of(&check.group)).collect();
        let mut n_from_group = [0; GROUPS];
        group_from_check.iter().for_each(|group| n_from_group[*group] += 1);
        let found = priors(rubric, scores.map(|score| score.checks.as_slice()));
        let mut by_group = [0.5; GROUPS];
        rubric.groups.iter().zip(&mut by_group).for_each(|((group, _), prior)| *prior = found[group]);
        Self {
            group_from_check,
            reads_code: rubric
                .checks
                .iter()
                .map(|check| check.needs.iter().any(|need| need.starts_with("map.")))
                .collect(),
            n_from_group,
            effort: group_of(EFFORT),
            priors: by_group,
        }
    }

    /// The rubric's own weights: a point is a point.
    #[must_use]
    pub fn even(&self) -> Weights {
        Weights { groups: self.n_from_group.map(f64::from), checks: vec![1.0; self.group_from_check.len()] }
    }

    /// The rubric's weights times those that are declared, by check or group.
    #[must_use]
    pub fn weighted(&self, rubric: &Rubric, declared: &BTreeMap<String, f64>) -> Weights {
        let mut weights = self.even();
        let of = |name: &str| declared.get(name).copied().unwrap_or(1.0);
        rubric.groups.iter().zip(&mut weights.groups).for_each(|((group, _), weight)| *weight *= of(group));
        rubric.checks.iter().zip(&mut weights.checks).for_each(|(check, weight)| *weight *= of(&check.id));
        weights
    }

    /// The total of one insight's points, 0..=77; 0 when no group is known.
    #[must_use]
    pub fn total(&self, points: &[f64], weights: &Weights) -> f64 {
        let mut earned = [0.0; GROUPS];
        let mut known = [0.0; GROUPS];
        let mut n_known = [0u32; GROUPS];
        let mut sees_code = false;
        for (check, &points) in points.iter().enumerate() {
            if !points.is_nan() {
                let group = self.group_from_check[check];
                earned[group] += weights.checks[check] * points;
                known[group] += weights.checks[check];
                n_known[group] += 1;
                sees_code |= group == self.effort && self.reads_code[check];
            }
        }
        let (mut sum, mut all) = (0.0, 0.0);
        for group in 0..GROUPS {
            let is_known = f64::from(n_known[group]) >= GROUP_KNOWN_MIN * f64::from(self.n_from_group[group]);
            if is_known && (group != self.effort || sees_code) {
                let rate = (earned[group] + PRIOR_CHECKS * self.priors[group]) / (known[group] + PRIOR_CHECKS);
                sum += weights.groups[group] * rate;
                all += weights.groups[group];
            }
        }
        if all > 0.0 { points.len() as f64 * sum / all } else { 0.0 }
    }
}

/// Points in the rubric's order, NaN where unknown.
pub(crate) fn points(checks: &[CheckResult]) -> impl Iterator<Item = f64> {
    checks.iter().map(|check| if check.state == CheckState::Scored { check.points } else { f64::NAN })
}
