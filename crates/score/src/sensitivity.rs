//! How sure a rank is: under other weights, without its loudest voices, and with what is not known yet.
//!
//! In: all scores of a run, and the facts of one insight. Out: [`Sensitivity`] of that insight. It is made when somebody
//! asks, not in a run: it looks at one insight closely. Cost: draws times insights times checks, and two more answers to
//! the 77 questions for the insight; `cargo run --release -p throughline-score --example scale` shows the growth.
//! Source: `[sensitivity]` of the rubric; rank acceptability after Lahdelma et al. (1998).

use crate::check;
use crate::facts::{Case, Facts};
use crate::rank::draws;
use crate::rubric::Rubric;
use crate::scale::{Full, Quantity, Scale};
use crate::total::{self, Totals, Weights};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use throughline_model::{AccountId, CheckResult, CheckState, Insight, Need, Score, SourceKind};

/// How sure one insight's rank is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sensitivity {
    /// Its rank, one-based.
    pub rank: usize,
    /// Of how many.
    pub n_insights: usize,
    /// Share of weightings in which it is first.
    pub p_first: f64,
    /// Share of weightings in which it is among the first five.
    pub p_top5: f64,
    /// Its rank at 5, 50 and 95 % of weightings.
    pub ranks: [usize; 3],
    /// Share of weightings in which it beats the next one below; none for the last.
    pub beats_next: Option<f64>,
    /// Rank if every unknown gave it 0, and 1, while the others keep their total.
    pub unknowns: [usize; 2],
    /// Rank with every end of a scale halved, and doubled, for all insights.
    pub scales: [usize; 2],
    /// Rank without its loudest account, without its largest kind of source, without each check: those that move it,
    /// the largest move first.
    pub without: Vec<Move>,
    /// What is not known, the input that could move its rank most first.
    pub missing: Vec<MissingFact>,
}

/// What a rank would be without something.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    /// What is left out, in words.
    pub without: String,
    /// The rank then.
    pub rank: usize,
    /// The total then.
    pub total: f64,
}

/// An input that is missing, with the checks that wait for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MissingFact {
    /// What to connect or declare.
    pub input: String,
    /// Checks it would make known.
    pub checks: Vec<String>,
    /// Rank if all of them gave 0, and 1.
    pub ranks: [usize; 2],
}

impl MissingFact {
    /// How many places it could move the insight.
    #[must_use]
    pub fn places(&self) -> usize {
        self.ranks[0].abs_diff(self.ranks[1])
    }
}

/// How sure the rank of `insights[at]` is. `order` are positions in rank order; `scores` and `needs` are in the order of
/// `insights`.
#[must_use]
pub fn sensitivity(
    rubric: &Rubric,
    facts: &Facts<'_>,
    insights: &[Insight],
    needs: &[Vec<Need>],
    scores: &[Score],
    order: &[usize],
    at: usize,
) -> Sensitivity {
    let totals = Totals::new(rubric, scores.iter());
    let points: Vec<Vec<f64>> = order.iter().map(|&i| total::points(&scores[i].checks).collect()).collect();
    let own = order.iter().position(|&i| i == at).unwrap_or(0);
    let even = totals.even();
    let even_totals = points.par_iter().map(|points| totals.total(points, &even)).collect();
    let board = Board { totals: &totals, points: &points, own, even, even_totals };
    let case = facts.case(&insights[at], &needs[at]);
    let under_draws = board.under_draws(&draws(rubric));
    let mut without = board.without_checks(rubric);
    without.extend(leave_out(rubric, facts, &case, &board));
    let rank = own + 1;
    without.retain(|left| left.rank != rank);
    without.sort_by(|a, b| b.rank.abs_diff(rank).cmp(&a.rank.abs_diff(rank)).then(a.without.cmp(&b.without)));
    let fill = |with: f64| board.rank_with(|_, x| if x.is_nan() { with } else { x });
    let ordered: Vec<&Score> = order.iter().map(|&i| &scores[i]).collect();
    Sensitivity {
        rank,
        n_insights: order.len(),
        p_first: under_draws.share(|rank| rank == 1),
        p_top5: under_draws.share(|rank| rank <= 5),
        ranks: [0.05, 0.5, 0.95].map(|share| under_draws.at(share)),
        beats_next: (rank < order.len()).then_some(under_draws.beats_next),
        unknowns: [fill(0.0), fill(1.0)],
        scales: [0.5, 2.0].map(|factor| rank_with_scales(rubric, facts, &ordered, &totals, own, factor)),
        without,
        missing: board.missing(&scores[at]),
    }
}

/// All insights in rank order, and the one that is looked at.
struct Board<'a> {
    totals: &'a Totals,
    points: &'a [Vec<f64>],
    own: usize,
    even: Weights,
    even_totals: Vec<f64>,
}

/// Ranks of one insight over all draws.
struct UnderDraws {
    ranks: Vec<usize>,
    beats_next: f64,
}

impl UnderDraws {
    fn share(&self, is: impl Fn(usize) -> bool) -> f64 {
        self.ranks.iter().filter(|rank| is(**rank)).count() as f64 / self.ranks.len().max(1) as f64
    }

    fn at(&self, share: f64) -> usize {
        let last = self.ranks.len().saturating_sub(1);
        self.ranks.get((share * last as f64).round() as usize).copied().unwrap_or(1)
    }
}

impl Board<'_> {
    fn under_draws(&self, draws: &[Weights]) -> UnderDraws {
        let mut found: Vec<(usize, bool)> = draws
            .par_iter()
            .map(|draw| {
                let of_draw: Vec<f64> = self.points.iter().map(|points| self.totals.total(points, draw)).collect();
                let beats = of_draw.get(self.own + 1).is_some_and(|next| of_draw[self.own] > *next);
                (rank(&of_draw, self.own, of_draw[self.own]), beats)
            })
            .collect();
        let n_wins = found.iter().filter(|(_, beats)| *beats).count();
        found.sort_unstable();
        UnderDraws {
            beats_next: n_wins as f64 / found.len().max(1) as f64,
            ranks: found.into_iter().map(|(rank, _)| rank).collect(),
        }
    }

    /// Rank of the insight with its points changed, by check, while the others keep their total.
    fn rank_with(&self, change: impl Fn(usize, f64) -> f64) -> usize {
        self.rank_and_total(&self.points[self.own].iter().enumerate().map(|(i, x)| change(i, *x)).collect::<Vec<_>>()).0
    }

    fn rank_and_total(&self, points: &[f64]) -> (usize, f64) {
        let total = self.totals.total(points, &self.even);
        (rank(&self.even_totals, self.own, total), total)
    }

    fn without_checks(&self, rubric: &Rubric) -> Vec<Move> {
        let known = (0..rubric.checks.len()).filter(|i| !self.points[self.own][*i].is_nan());
        let known: Vec<usize> = known.collect();
        known
            .into_par_iter()
            .map(|left_out| {
                let mut weights = self.even.clone();
                weights.checks[left_out] = 0.0;
                let all: Vec<f64> = self.points.iter().map(|points| self.totals.total(points, &weights)).collect();
                let check = &rubric.checks[left_out];
                Move {
                    without: format!("{} {}", check.id, check.name),
                    rank: rank(&all, self.own, all[self.own]),
                    total: round(all[self.own]),
                }
            })
            .collect()
    }

    fn missing(&self, score: &Score) -> Vec<MissingFact> {
        let mut checks_from_input: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, check) in score.checks.iter().enumerate().filter(|(_, check)| check.state == CheckState::Unknown) {
            checks_from_input.entry(check.missing.as_deref().unwrap_or("")).or_default().push(i);
        }
        let mut missing: Vec<(MissingFact, f64)> = checks_from_input
            .into_iter()
            .map(|(input, checks)| {
                let with = |x: f64| {
                    let own = self.points[self.own].iter().enumerate();
                    self.rank_and_total(
                        &own.map(|(i, was)| if checks.contains(&i) { x } else { *was }).collect::<Vec<_>>(),
                    )
                };
                let ((low, least), (high, most)) = (with(0.0), with(1.0));
                let checks = checks.iter().map(|i| score.checks[*i].id.clone()).collect();
                (MissingFact { input: input.to_owned(), checks, ranks: [low, high] }, most - least)
            })
            .collect();
        missing.sort_by(|(a, x), (b, y)| b.places().cmp(&a.places()).then(y.total_cmp(x)).then(a.input.cmp(&b.input)));
        missing.into_iter().map(|(fact, _)| fact).collect()
    }
}

/// One-based rank of a total among others; equal totals keep their order.
fn rank(all: &[f64], own: usize, total: f64) -> usize {
    let total = round(total);
    let is_above = |(i, other): &(usize, &f64)| {
        let other = round(**other);
        *i != own && (other > total || (*i < own && other >= total))
    };
    1 + all.iter().enumerate().filter(is_above).count()
}

/// Without its loudest account, and without its largest kind of source.
fn leave_out(rubric: &Rubric, facts: &Facts<'_>, case: &Case<'_>, board: &Board<'_>) -> Vec<Move> {
    let mut n_by_account: BTreeMap<AccountId, usize> = BTreeMap::new();
    let mut n_by_kind: BTreeMap<SourceKind, usize> = BTreeMap::new();
    for signal in &case.members {
        if let Some(account) = signal.account {
            *n_by_account.entry(account).or_default() += 1;
        }
        *n_by_kind.entry(signal.source_kind).or_default() += 1;
    }
    let mut moves = Vec::new();
    let mut push = |without: String, is_kept: &dyn Fn(&throughline_model::Signal) -> bool| {
        let members: Vec<_> = case.members.iter().copied().filter(|signal| is_kept(signal)).collect();
        let less = Case {
            insight: case.insight,
            needs: case.needs,
            accounts: members.iter().filter_map(|signal| signal.account).collect(),
            people: members.iter().filter_map(|signal| signal.person).collect(),
            members,
            fits: OnceLock::new(),
        };
        let answers = check::answer_all(rubric, facts, std::slice::from_ref(&less)).swap_remove(0);
        let (rank, total) = board.rank_and_total(&total::points(&answers).collect::<Vec<_>>());
        moves.push(Move { without, rank, total: round(total) });
    };
    if let Some((top, n)) = n_by_account.iter().max_by_key(|(id, n)| (**n, std::cmp::Reverse(**id))) {
        let name = facts.corpus.accounts.get(top).map_or_else(|| top.to_string(), |account| account.facts.name.clone());
        push(format!("its loudest account, {name} ({n} of {})", case.members.len()), &|signal| {
            signal.account != Some(*top)
        });
    }
    if let Some((top, n)) = n_by_kind.iter().max_by_key(|(kind, n)| (**n, std::cmp::Reverse(**kind))) {
        push(format!("what {} says ({n} of {})", top.word(), case.members.len()), &|signal| signal.source_kind != *top);
    }
    moves
}

/// Rank when every point where a scale is full lies at `factor` times its place; `ordered` are scores in rank order. Made
/// from the quantities that were measured: nothing is asked again.
fn rank_with_scales(
    rubric: &Rubric,
    facts: &Facts<'_>,
    ordered: &[&Score],
    totals: &Totals,
    own: usize,
    factor: f64,
) -> usize {
    let mut stretched = rubric.clone();
    let widen = |full: &mut Full| {
        if let Full::Reference(name) = full
            && let Some(size) = facts.references.get(name.trim_start_matches('$'))
        {
            *full = Full::Number(*size);
        }
        if let Full::Number(x) = full {
            *x *= factor;
        }
    };
    for check in &mut stretched.checks {
        match &mut check.scale {
            Scale::Lin { lo, hi } => *hi = *lo + (*hi - *lo) * factor,
            Scale::Logs { full } | Scale::Sqrts { full } | Scale::Wilson { full } => widen(full),
            Scale::Step { .. } | Scale::Cat { .. } => {}
        }
    }
    let points = |i: usize, result: &CheckResult| {
        if result.state == CheckState::Unknown {
            return f64::NAN;
        }
        let Some(quantity) = measured(result) else { return result.points };
        let by = |rubric: &Rubric| rubric.points(&rubric.checks[i], &quantity, &facts.references).map(check::rounded);
        // Where the rubric's scale does not give the points that were given, another stood in for it; that one stays.
        let is_by_rubric = by(rubric).is_some_and(|points| (points - result.points).abs() <= 1e-9);
        by(&stretched).filter(|_| is_by_rubric).unwrap_or(result.points)
    };
    let even = totals.even();
    let all: Vec<f64> = ordered
        .par_iter()
        .map(|score| {
            let points: Vec<f64> = score.checks.iter().enumerate().map(|(i, result)| points(i, result)).collect();
            totals.total(&points, &even)
        })
        .collect();
    rank(&all, own, all[own])
}

/// The quantity behind an answer; none for a class, which no stretching moves.
fn measured(result: &CheckResult) -> Option<Quantity> {
    let x = result.x?;
    Some(result.of.map_or(Quantity::Number(x), |n| Quantity::Share { k: x * n, n }))
}

/// To nine places, as scores are.
fn round(x: f64) -> f64 {
    (x * 1e9).round() / 1e9
}
