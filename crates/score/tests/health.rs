//! Whether the rubric measures 77 things or one thing 77 times: rank correlation of checks with each other, and of the
//! total with how much is said, over 300 generated workspaces.
//!
//! Source: Spearman's rank correlation; the limits are the rubric's `[health]`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints what it measured")]

mod generated;
mod workspace;

use generated::{Parts, generated};
use rayon::prelude::*;
use throughline_model::CheckState;
use throughline_score::Rubric;

const N_WORKSPACES: u64 = 300;
const OVERLAP_MAX: f64 = 0.95;
const SIZE_BIAS_MAX: f64 = 0.8;
/// A pair of checks is compared over insights where both are known, if so many of them have points in either.
const NON_ZERO_MIN: usize = 8;

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
fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
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

#[test]
fn checks_do_not_repeat_each_other_and_the_total_is_no_counter() {
    let rubric = Rubric::builtin();
    // One row per insight: points of known checks, mentions, total.
    let rows: Vec<(Vec<Option<f64>>, f64, f64)> = (0..N_WORKSPACES)
        .into_par_iter()
        .flat_map_iter(|seed| {
            let workspace = generated(seed, Parts::ALL);
            let scores = workspace.scores(&rubric);
            let row = |(insight, score): (&throughline_model::Insight, throughline_model::Score)| {
                let points = |c: &throughline_model::CheckResult| (c.state == CheckState::Scored).then_some(c.points);
                (score.checks.iter().map(points).collect(), f64::from(insight.n_signals), score.total)
            };
            workspace.insights.iter().zip(scores).map(row).collect::<Vec<_>>()
        })
        .collect();
    let n = rubric.checks.len();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect();
    let mut found: Vec<(f64, usize, usize, usize)> = pairs
        .into_par_iter()
        .filter_map(|(a, b)| {
            let both = rows.iter().filter_map(|(points, _, _)| Some((points[a]?, points[b]?)));
            let both: Vec<(f64, f64)> = both.collect();
            let n_non_zero = both.iter().filter(|(x, y)| *x > 0.0 || *y > 0.0).count();
            let (x, y): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
            Some((spearman(&x, &y).filter(|_| n_non_zero >= NON_ZERO_MIN)?, a, b, x.len()))
        })
        .collect();
    found.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then((a.1, a.2).cmp(&(b.1, b.2))));
    println!("{} insights, {} pairs of checks; the closest:", rows.len(), found.len());
    for (rho, a, b, n) in found.iter().take(8) {
        let (a, b) = (&rubric.checks[*a], &rubric.checks[*b]);
        println!("  {rho:+.3}  {} {} and {} {} (over {n})", a.id, a.name, b.id, b.name);
    }
    let (mentions, totals): (Vec<f64>, Vec<f64>) = rows.iter().map(|(_, mentions, total)| (*mentions, *total)).unzip();
    let size_bias = spearman(&mentions, &totals).unwrap();
    println!("total against mentions: {size_bias:+.3}");
    let repeated: Vec<_> = found.iter().filter(|(rho, ..)| rho.abs() > OVERLAP_MAX).collect();
    assert!(repeated.is_empty(), "{} pairs of checks repeat each other", repeated.len());
    assert!(size_bias <= SIZE_BIAS_MAX, "{size_bias}");
    // A check that gives every insight the same tells nothing.
    for (at, check) in rubric.checks.iter().enumerate() {
        let known: Vec<f64> = rows.iter().filter_map(|(points, _, _)| points[at]).collect();
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let spread = (known.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / known.len().max(1) as f64).sqrt();
        assert!(
            known.len() < 30 || spread >= 0.05,
            "{}: standard deviation {spread:.3} over {}",
            check.id,
            known.len()
        );
    }
}
