//! Rank, bands and the plan: in which order, and which neighbours cannot be told apart.
//!
//! The order is by total, then coverage, points earned, accounts, id. How sure it is comes from drawing weights: in each
//! of [`N_DRAWS`] draws groups and checks are weighted a little differently, and we count how often an insight still
//! beats the next one. Neighbours whose order holds in fewer than 80 % of draws share a band.
//!
//! Cost: draws times insights times checks; 10,000 insights take a few seconds on two cores.
//! Source: stochastic multicriteria acceptability analysis (Lahdelma et al. 1998); gamma variates by Marsaglia and
//! Tsang (2000); SplitMix64 (Steele et al. 2014) seeded by the rubric's version.

use crate::rubric::Rubric;
use crate::total::{self, Totals, Weights};
use rayon::prelude::*;
use throughline_model::plan::{Horizon, Place, Plan};
use throughline_model::{Insight, Score};

/// Weight vectors drawn.
pub const N_DRAWS: usize = 2000;
/// Share of draws in which an order must hold to be called stable.
const STABLE: f64 = 0.8;
/// Concentration of the draws of group weights.
const GROUP_CONCENTRATION: f64 = 30.0;

/// Positions of insights in rank order; `scores` are in the order of `insights`.
#[must_use]
pub fn order(insights: &[Insight], scores: &[Score]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..insights.len()).collect();
    order.sort_by(|&a, &b| {
        let (x, y) = (&scores[a], &scores[b]);
        y.total
            .total_cmp(&x.total)
            .then(y.coverage.total_cmp(&x.coverage))
            .then(y.earned.total_cmp(&x.earned))
            .then(insights[b].n_accounts.cmp(&insights[a].n_accounts))
            .then(insights[a].id.cmp(&insights[b].id))
    });
    order
}

/// Share of weightings in which one score beats another, among all scores of a run.
#[must_use]
pub fn beats(rubric: &Rubric, all: &[Score], one: &Score, other: &Score) -> f64 {
    let totals = Totals::new(rubric, all.iter());
    let [one, other] = [one, other].map(|score| total::points(&score.checks).collect::<Vec<f64>>());
    let draws = draws(rubric);
    let n = draws.iter().filter(|draw| totals.total(&one, draw) > totals.total(&other, draw)).count();
    n as f64 / draws.len() as f64
}

/// Ranks insights and puts them into bands; `scores` are in the order of `insights`.
#[must_use]
pub fn plan(rubric: &Rubric, insights: &[Insight], scores: &[Score]) -> Plan {
    let order = order(insights, scores);
    let ordered: Vec<&Score> = order.iter().map(|&i| &scores[i]).collect();
    let beats = beats_next(rubric, &ordered);
    let mut band = 0;
    let mut places = Vec::with_capacity(order.len());
    for (at, &i) in order.iter().enumerate() {
        places.push(Place {
            insight_id: insights[i].id,
            rank: at as u32 + 1,
            band: band_name(band),
            beats_next: beats[at],
            horizon: Horizon::Unplanned,
            reason: "not scheduled yet".to_owned(),
            effort: None,
            waits_for: Vec::new(),
        });
        if beats[at] >= STABLE {
            band += 1;
        }
    }
    Plan { places, ..Plan::default() }
}

/// A, B, ... Z, AA, AB, ...
fn band_name(index: usize) -> String {
    let mut name = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        name.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    name.reverse();
    name.into_iter().map(char::from).collect()
}

/// For each score, in how many draws it beats the next one, as a share; 1 for the last.
fn beats_next(rubric: &Rubric, ordered: &[&Score]) -> Vec<f64> {
    if ordered.is_empty() {
        return Vec::new();
    }
    let totals = Totals::new(rubric, ordered.iter().copied());
    let points: Vec<f64> = ordered.iter().flat_map(|score| total::points(&score.checks)).collect();
    let n = rubric.checks.len();
    let draws = draws(rubric);
    let wins: Vec<u32> = draws
        .par_iter()
        .map(|draw| {
            let of_draw: Vec<f64> = points.chunks(n).map(|points| totals.total(points, draw)).collect();
            of_draw.windows(2).map(|pair| u32::from(pair[0] > pair[1])).chain([1]).collect::<Vec<u32>>()
        })
        .reduce(
            || vec![0; ordered.len()],
            |mut sum, wins| {
                sum.iter_mut().zip(wins).for_each(|(sum, win)| *sum += win);
                sum
            },
        );
    wins.into_iter().map(|n| f64::from(n) / draws.len() as f64).collect()
}

/// The weightings drawn: the same for the same version of the rubric.
pub(crate) fn draws(rubric: &Rubric) -> Vec<Weights> {
    let mut chance = Chance::seeded(&rubric.version);
    let n_all = rubric.checks.len() as f64;
    (0..N_DRAWS)
        .map(|_| {
            let mut groups = [0.0; 3];
            for (slot, (_, n)) in groups.iter_mut().zip(&rubric.groups) {
                *slot = chance.gamma(GROUP_CONCENTRATION * f64::from(*n) / n_all);
            }
            let mut checks: Vec<f64> = rubric.checks.iter().map(|_| chance.gamma(4.0) / 4.0).collect();
            // Within a group the weights sum to the group's points.
            for (group, n) in &rubric.groups {
                let of_group = |i: &usize| rubric.checks[*i].group == *group;
                let sum: f64 = (0..checks.len()).filter(of_group).map(|i| checks[i]).sum();
                for i in (0..checks.len()).filter(of_group) {
                    checks[i] *= f64::from(*n) / sum;
                }
            }
            Weights { groups, checks }
        })
        .collect()
}

/// A stream of numbers that depends on its seed alone.
struct Chance(u64);

impl Chance {
    fn seeded(text: &str) -> Self {
        Self(throughline_model::id::hash_parts("throughline 2026 weight draws", &[text.as_bytes()]))
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In (0, 1).
    fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (u, v) = (self.unit(), self.unit());
        (-2.0 * libm::log(u)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * v)
    }

    /// Gamma with the given shape (at least 1) and scale 1.
    fn gamma(&mut self, shape: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
            if v > 0.0 && libm::log(self.unit()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_named_as_columns_are() {
        assert_eq!([0, 25, 26, 51, 52].map(band_name), ["A", "Z", "AA", "AZ", "BA"]);
    }

    #[test]
    fn gamma_variates_have_the_right_mean_and_variance() {
        let mut chance = Chance::seeded("test");
        let n = 20_000;
        let xs: Vec<f64> = (0..n).map(|_| chance.gamma(4.0)).collect();
        let mean = xs.iter().sum::<f64>() / f64::from(n);
        let variance = xs.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        assert!((mean - 4.0).abs() < 0.06, "{mean}");
        assert!((variance - 4.0).abs() < 0.25, "{variance}");
    }
}
