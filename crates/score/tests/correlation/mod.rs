//! Whether checks repeat each other, and whether the total counts mentions: Spearman's rank correlation over insights.

#![allow(dead_code, clippy::print_stdout, reason = "each test uses its part, and prints what it measured")]

use crate::generated::{Parts, generated};
use rayon::prelude::*;
use throughline_model::{CheckResult, CheckState, Insight, Score};
use throughline_score::Rubric;

pub(crate) const N_WORKSPACES: u64 = 300;
/// Closer than this, two checks are one: the rubric's `[health]`.
pub(crate) const OVERLAP_MAX: f64 = 0.95;
/// Closer than this, the total counts mentions: the rubric's `[health]`.
pub(crate) const SIZE_BIAS_MAX: f64 = 0.8;
/// A pair of checks is compared over insights where both are known, if so many of them have points in either.
const NON_ZERO_MIN: usize = 8;
/// Pairs printed.
const SHOWN: usize = 8;

/// One insight: points of known checks, mentions, total.
pub(crate) type Row = (Vec<Option<f64>>, f64, f64);

pub(crate) fn row(insight: &Insight, score: &Score) -> Row {
    let points = |check: &CheckResult| (check.state == CheckState::Scored).then_some(check.points);
    (score.checks.iter().map(points).collect(), f64::from(insight.n_signals), score.total)
}

/// The insights of all generated workspaces, with every input connected.
pub(crate) fn generated_rows(rubric: &Rubric) -> Vec<Row> {
    let of_seed = |seed| {
        let workspace = generated(seed, Parts::ALL);
        let scores = workspace.scores(rubric);
        workspace.insights.iter().zip(&scores).map(|(insight, score)| row(insight, score)).collect::<Vec<_>>()
    };
    (0..N_WORKSPACES).into_par_iter().flat_map_iter(of_seed).collect()
}

/// What was found over some insights.
pub(crate) struct Found {
    /// Pairs of checks that can be compared, the closest first: rho, positions, and over how many insights.
    pub(crate) pairs: Vec<(f64, usize, usize, usize)>,
    /// The total against mentions.
    pub(crate) size_bias: f64,
}

impl Found {
    /// Pairs that are one.
    pub(crate) fn repeated(&self) -> usize {
        self.pairs.iter().filter(|(rho, ..)| rho.abs() > OVERLAP_MAX).count()
    }
}

/// Compares checks and totals over `rows`, and prints both figures under `name`.
pub(crate) fn measured(rubric: &Rubric, name: &str, rows: &[Row]) -> Found {
    let n = rubric.checks.len();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect();
    let mut pairs: Vec<(f64, usize, usize, usize)> = pairs
        .into_par_iter()
        .filter_map(|(a, b)| {
            let both = rows.iter().filter_map(|(points, _, _)| Some((points[a]?, points[b]?)));
            let both: Vec<(f64, f64)> = both.collect();
            let n_non_zero = both.iter().filter(|(x, y)| *x > 0.0 || *y > 0.0).count();
            let (x, y): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
            Some((spearman(&x, &y).filter(|_| n_non_zero >= NON_ZERO_MIN)?, a, b, x.len()))
        })
        .collect();
    pairs.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then((a.1, a.2).cmp(&(b.1, b.2))));
    println!("{name}: {} insights, {} pairs of checks; the closest:", rows.len(), pairs.len());
    for (rho, a, b, n) in pairs.iter().take(SHOWN) {
        let (a, b) = (&rubric.checks[*a], &rubric.checks[*b]);
        println!("  {rho:+.3}  {} {} and {} {} (over {n})", a.id, a.name, b.id, b.name);
    }
    let (mentions, totals): (Vec<f64>, Vec<f64>) = rows.iter().map(|(_, mentions, total)| (*mentions, *total)).unzip();
    let size_bias = spearman(&mentions, &totals).unwrap_or(0.0);
    println!("{name}: total against mentions: {size_bias:+.3}");
    Found { pairs, size_bias }
}

/// Ranks with ties shared.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut at = 0;
    while at < order.len() {
        let same = order[at..].iter().take_while(|&&i| values[i].total_cmp(&values[order[at]]).is_eq()).count();
        for &i in &order[at..at + same] {
            ranks[i] = at as f64 + (same - 1) as f64 / 2.0;
        }
        at += same;
    }
    ranks
}

/// Spearman's rho; none where either side is constant.
pub(crate) fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(a), ranks(b));
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (ma, mb) = (mean(&a), mean(&b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(&b) {
        ab += (x - ma) * (y - mb);
        aa += (x - ma) * (x - ma);
        bb += (y - mb) * (y - mb);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}
