//! Where one more statement belongs before the next run: the insight whose statements it is nearest to.
//!
//! A run compares everything with everything; this compares one text with one vector per insight, so that somebody who
//! files a ticket sees at once who else said it. What comes of it is provisional: the next run decides, and may found
//! an insight that no centre stands for. In: the statements of each insight. Out: [`Centres`], and from them
//! [`Placed`]. Cost: a few microseconds per insight. Source: nearest centroid (Rocchio 1971), less the mean of all
//! centres, because what all insights of one product share tells none of them apart.

use crate::observe;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use throughline_model::{Corpus, InsightId};
use throughline_text::embed::{Table, normalise};

/// Statements read for a centre at most, spread evenly over the insight's.
const MAX_READ: usize = 64;
/// A text this near to a centre, and this much nearer than to the next, joins it. `tests/stability.sh` measures
/// how many of those are in that insight after the next run.
const JOINS: (f64, f64) = (0.45, 0.10);
/// A text less near than this to every centre says something new.
const ASKS: f64 = 0.25;

/// One vector for each insight.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Centres {
    /// The table that the vectors were made with.
    model: String,
    mean: Vec<f32>,
    insights: Vec<Centre>,
}

/// An insight's vector, less the mean of all, in steps of a 127th of its largest value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Centre {
    insight_id: InsightId,
    steps: Vec<i8>,
}

/// What to do with a statement until the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It says what the insight says.
    Joins,
    /// It may; a person can tell.
    Ask,
    /// Nothing known is near.
    New,
}

/// Where a statement belongs for now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Placed {
    /// The nearest insight.
    pub insight_id: InsightId,
    /// How near, -1..=1.
    pub likeness: f64,
    /// How much nearer than to the next one, 0..=2.
    pub margin: f64,
    /// What follows.
    pub decision: Decision,
}

impl Centres {
    /// The centres of a partition: `insight_of` gives the insight of each signal, by position.
    #[must_use]
    pub fn new(corpus: &Corpus, insight_of: impl Fn(usize) -> Option<InsightId>) -> Self {
        let mut members: BTreeMap<InsightId, Vec<usize>> = BTreeMap::new();
        for at in 0..corpus.signals.len() {
            if let Some(id) = insight_of(at) {
                members.entry(id).or_default().push(at);
            }
        }
        let table = Table::builtin();
        let members: Vec<(InsightId, Vec<usize>)> = members.into_iter().collect();
        let mut centres: Vec<Vec<f32>> = members
            .par_iter()
            .map(|(_, members)| {
                let mut sum = vec![0.0; table.dim()];
                for &at in members.iter().step_by(members.len().div_ceil(MAX_READ)) {
                    let vector = table.embed(observe::about(corpus, &corpus.signals[at]));
                    sum.iter_mut().zip(&vector).for_each(|(sum, x)| *sum += x);
                }
                normalise(&mut sum);
                sum
            })
            .collect();
        let mut mean = vec![0.0; table.dim()];
        for centre in &centres {
            mean.iter_mut().zip(centre).for_each(|(sum, x)| *sum += x / centres.len() as f32);
        }
        if centres.len() < 2 {
            mean.fill(0.0);
        }
        for centre in &mut centres {
            centre.iter_mut().zip(&mean).for_each(|(x, mean)| *x -= mean);
        }
        let insights = members
            .iter()
            .zip(&centres)
            .map(|((insight_id, _), centre)| Centre { insight_id: *insight_id, steps: steps(centre) })
            .collect();
        Self { model: table.model_id().to_owned(), mean, insights }
    }

    /// The insight that `text` is nearest to; none for a text without a known word, where there is no insight, or when
    /// the centres were made with another table than the program's.
    #[must_use]
    pub fn place(&self, text: &str) -> Option<Placed> {
        let table = Table::builtin();
        if self.model != table.model_id() {
            return None;
        }
        let mut vector = table.embed(text);
        if vector.iter().all(|x| *x == 0.0) {
            return None;
        }
        vector.iter_mut().zip(&self.mean).for_each(|(x, mean)| *x -= mean);
        let mut best: Option<(f64, InsightId)> = None;
        let mut next = -1.0;
        for centre in &self.insights {
            let likeness = cosine(&vector, &centre.steps);
            match best {
                Some((known, _)) if likeness <= known => next = f64::max(next, likeness),
                _ => {
                    next = best.map_or(next, |(known, _)| known);
                    best = Some((likeness, centre.insight_id));
                }
            }
        }
        let (likeness, insight_id) = best?;
        let margin = likeness - next;
        let decision = match (likeness, margin) {
            (likeness, margin) if likeness >= JOINS.0 && margin >= JOINS.1 => Decision::Joins,
            (likeness, _) if likeness >= ASKS => Decision::Ask,
            _ => Decision::New,
        };
        Some(Placed { insight_id, likeness, margin, decision })
    }

    /// The insights that `text` is nearest to, nearest first, at most `n`, each with its likeness, -1..=1; none where
    /// [`Centres::place`] gives none.
    #[must_use]
    pub fn nearest(&self, text: &str, n: usize) -> Vec<(InsightId, f64)> {
        let table = Table::builtin();
        let mut vector = table.embed(text);
        if self.model != table.model_id() || vector.iter().all(|x| *x == 0.0) {
            return Vec::new();
        }
        vector.iter_mut().zip(&self.mean).for_each(|(x, mean)| *x -= mean);
        let mut near: Vec<(InsightId, f64)> =
            self.insights.iter().map(|centre| (centre.insight_id, cosine(&vector, &centre.steps))).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(n);
        near
    }
}

fn steps(vector: &[f32]) -> Vec<i8> {
    let largest = vector.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    vector.iter().map(|x| if largest > 0.0 { (x / largest * 127.0).round() as i8 } else { 0 }).collect()
}

/// Cosine of a vector and one in steps, in four places.
fn cosine(vector: &[f32], steps: &[i8]) -> f64 {
    let (mut dot, mut left, mut right) = (0.0, 0.0, 0.0);
    for (x, step) in vector.iter().zip(steps) {
        let (x, y) = (f64::from(*x), f64::from(*step));
        dot += x * y;
        left += x * x;
        right += y * y;
    }
    let length = libm::sqrt(left * right);
    if length > 0.0 { (dot / length * 1e4).round() / 1e4 } else { -1.0 }
}
