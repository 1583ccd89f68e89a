//! From 77 answers to one score: sums that leave unknowns out, rates that shrink towards the mean, and confidence.
//!
//! In: the answers of all insights, in the order of the insights. Out: their [`Score`]s.
//! Cost: linear in insights. Source: `[aggregation]` and `[confidence]` of the rubric; shrinkage keeps a thinly known
//! insight near the average instead of letting a few lucky checks lift it.

use crate::facts::{Case, Facts};
use crate::rubric::Rubric;
use crate::total::{self, Totals};
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::score::GroupScore;
use throughline_model::time::DAY_SECS;
use throughline_model::{CheckResult, CheckState, Insight, Score, SourceKind};

/// How many checks' worth of prior a group's rate carries.
pub(crate) const PRIOR_CHECKS: f64 = 4.0;
/// Below this share of known checks a group's score is unknown.
pub(crate) const GROUP_KNOWN_MIN: f64 = 0.25;
/// The group that a code map makes known.
pub(crate) const EFFORT: &str = "technical_effort";
/// With fewer insights than this there is no mean to shrink to.
const MEAN_FROM_INSIGHTS: usize = 5;
/// After how many days evidence counts half.
const FRESH_HALF_LIFE_DAYS: f64 = 180.0;

/// Scores of `insights` from their answers, in order.
#[must_use]
pub fn scores(rubric: &Rubric, facts: &Facts<'_>, cases: &[Case<'_>], results: Vec<Vec<CheckResult>>) -> Vec<Score> {
    let priors = priors(rubric, results.iter().map(Vec::as_slice));
    let scores: Vec<Score> = cases
        .iter()
        .zip(results)
        .map(|(case, checks)| {
            let badges = crate::check::badges(facts, case, &checks);
            score(rubric, facts, case.insight, &priors, checks, badges)
        })
        .collect();
    weighted(rubric, facts, scores)
}

/// Puts the total under the team's own weights beside the 77.
fn weighted(rubric: &Rubric, facts: &Facts<'_>, mut scores: Vec<Score>) -> Vec<Score> {
    let declared = &facts.settings.score.weights;
    if !declared.is_empty() {
        let totals = Totals::new(rubric, scores.iter());
        let weights = totals.weighted(rubric, declared);
        for score in &mut scores {
            let points: Vec<f64> = total::points(&score.checks).collect();
            score.weighted_total = Some(round(totals.total(&points, &weights)));
        }
    }
    scores
}

/// Mean rate of each group over all insights.
#[must_use]
pub fn priors<'r>(rubric: &Rubric, results: impl Iterator<Item = &'r [CheckResult]>) -> BTreeMap<String, f64> {
    let mut rates: BTreeMap<&str, Vec<f64>> =
        rubric.groups.iter().map(|(group, _)| (group.as_str(), Vec::new())).collect();
    for checks in results {
        for (group, rates) in &mut rates {
            let (earned, knowable) = sums(rubric, group, checks);
            if knowable > 0 {
                rates.push(earned / f64::from(knowable));
            }
        }
    }
    let prior = |rates: &[f64]| {
        let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
        if rates.len() < MEAN_FROM_INSIGHTS { 0.5 } else { mean }
    };
    rates.iter().map(|(group, rates)| ((*group).to_owned(), prior(rates))).collect()
}

/// Points earned and checks known in a group.
fn sums(rubric: &Rubric, group: &str, checks: &[CheckResult]) -> (f64, u32) {
    let of_group = rubric.checks.iter().zip(checks).filter(|(check, _)| check.group == group);
    of_group
        .filter(|(_, result)| result.state == CheckState::Scored)
        .fold((0.0, 0), |(earned, knowable), (_, result)| (earned + result.points, knowable + 1))
}

fn score(
    rubric: &Rubric,
    facts: &Facts<'_>,
    insight: &Insight,
    priors: &BTreeMap<String, f64>,
    checks: Vec<CheckResult>,
    badges: Vec<(String, String)>,
) -> Score {
    let mut groups = BTreeMap::new();
    for (group, max) in &rubric.groups {
        let (earned, knowable) = sums(rubric, group, &checks);
        let max_points = f64::from(*max);
        let rate = (earned + PRIOR_CHECKS * priors[group]) / (f64::from(knowable) + PRIOR_CHECKS);
        // Gate G-NO-MAP: what the words alone tell of effort is too little to rank by.
        let is_blind = group == EFFORT && facts.code.as_ref().is_none_or(|code| code.site(insight.id).is_err());
        let is_known = !is_blind && f64::from(knowable) >= GROUP_KNOWN_MIN * max_points;
        let score = is_known.then(|| round(max_points * rate));
        groups.insert(group.clone(), GroupScore { earned: round(earned), knowable, max: *max, score });
    }
    let n_checks = checks.len() as f64;
    let earned: f64 = groups.values().map(|group| group.earned).sum();
    let knowable: u32 = groups.values().map(|group| group.knowable).sum();
    let coverage = f64::from(knowable) / n_checks;
    let known = groups.values().filter_map(|group| group.score.map(|score| (score, f64::from(group.max))));
    let (sum, max) = known.fold((0.0, 0.0), |(sum, all), (score, max)| (sum + score, all + max));
    Score {
        insight_id: insight.id,
        rubric_version: rubric.version.clone(),
        groups,
        earned: round(earned),
        knowable,
        coverage: round(coverage),
        floor: round(earned),
        ceiling: round(earned + n_checks - f64::from(knowable)),
        total: if max > 0.0 { round(n_checks * sum / max) } else { 0.0 },
        confidence: round(confidence(facts, insight, coverage)),
        checks,
        weighted_total: None,
        badges,
    }
}

/// How far the evidence carries, 0..=1: the geometric mean of what is known, how many independent accounts speak, how
/// strong the strongest kind of evidence is, and how fresh it is.
fn confidence(facts: &Facts<'_>, insight: &Insight, coverage: f64) -> f64 {
    let members = facts.members(insight);
    let mut weight_from_voice: BTreeMap<u64, f64> = BTreeMap::new();
    for (i, signal) in members.iter().enumerate() {
        // Signals without account or person each stand for themselves.
        let voice = signal.account.map(|id| id.0).or(signal.person.map(|id| id.0)).unwrap_or(i as u64);
        let weight = weight_from_voice.entry(voice).or_default();
        *weight = (*weight + 1.0).min(3.0);
    }
    let sum: f64 = weight_from_voice.values().sum();
    let squares: f64 = weight_from_voice.values().map(|w| w * w).sum();
    let n_effective = if squares > 0.0 { sum * sum / squares } else { 0.0 };
    let n_factor = 1.0 - libm::exp2(-n_effective / 4.0);
    let kinds: BTreeSet<SourceKind> = members.iter().map(|signal| signal.source_kind).collect();
    let source_factor = source_factor(&kinds, weight_from_voice.len());
    let ages =
        members.iter().filter_map(|signal| Some((facts.as_of?.0 - signal.at?.0).max(0) as f64 / DAY_SECS as f64));
    let fresh: Vec<f64> = ages.map(|days| libm::exp2(-days / FRESH_HALF_LIFE_DAYS)).collect();
    let fresh_factor = if fresh.is_empty() { 0.5 } else { fresh.iter().sum::<f64>() / fresh.len() as f64 };
    (coverage * n_factor * source_factor * fresh_factor).sqrt().sqrt()
}

/// The rubric's ladder of evidence: the strongest kind present, one step up when three kinds agree.
fn source_factor(kinds: &BTreeSet<SourceKind>, n_voices: usize) -> f64 {
    const LADDER: [f64; 7] = [0.1, 0.3, 0.5, 0.6, 0.8, 0.9, 1.0];
    let step = if kinds.contains(&SourceKind::Analytics) {
        4
    } else if kinds.contains(&SourceKind::Survey) {
        3
    } else if n_voices > 1 {
        2
    } else {
        1
    };
    LADDER[(step + usize::from(kinds.len() >= 3)).min(LADDER.len() - 1)]
}

/// Scores are rounded where they leave the stage, so that the last bits of a sum never decide an order.
fn round(x: f64) -> f64 {
    (x * 1e9).round() / 1e9
}
