//! What fits into two periods and is worth most, with a proof of how much better any other choice could be.
//!
//! In: choices with their worth and people-days, which must come before which, and the people-days of each period. Out:
//! a period or none for each, their worth, and a bound that no choice exceeds.
//!
//! Up to [`EXACT_MAX`] choices the answer is optimal; up to [`PROGRAM_MAX`] branch and bound (`microlp`) proves it
//! within [`GAP_MAX`]; above that choices are taken by worth a day, and the bound comes from a Lagrangian relaxation.
//! There is no limit of time anywhere, only of nodes, so the same choices get the same answer on any machine.
//!
//! Cost: 2,000 choices take about 3 s of one core, 400 about 0.1 s
//! (`cargo run --release -p throughline-plan --example solver`).
//! Source: relaxation and rounding as in Martello and Toth, Knapsack Problems (1990).

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions};
use throughline_model::plan::{Method, Proof};

/// Number of periods.
pub const N_PERIODS: usize = 2;
/// What the same work is worth a period later. Chosen, untested: half says that later is worse and still worth having.
pub const LATER_UNIT: f64 = 0.5;
/// So many choices are solved to the optimum. Measured: 40 choices take 20 ms at most (the example `solver`).
pub const EXACT_MAX: usize = 40;
/// So many choices are solved by branch and bound. Measured: 2,000 take about 3 s.
pub const PROGRAM_MAX: usize = 2000;
/// Relative gap within which branch and bound may stop.
pub const GAP_MAX: f64 = 0.005;
/// Nodes after which branch and bound gives up and the relaxation answers; a count, so that the answer is the same
/// everywhere.
const NODES_MAX: u64 = 200_000;
/// Steps of the search for the multipliers. More give a bound that is better by less than a thousandth (measured).
const STEPS: usize = 400;
/// People-days below which a difference is rounding.
const ROUNDING: f64 = 1e-6;

/// One piece of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Worth when done in the first period; above 0.
    pub worth: f64,
    /// People-days; above 0.
    pub days: f64,
    /// First period it may be in.
    pub earliest: usize,
    /// Choices that must not come later, by position.
    pub needs: Vec<usize>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// Period of each choice.
    pub period: Vec<Option<usize>>,
    /// What is proven of it.
    pub proof: Proof,
}

/// Chooses. The answer depends on the order of `choices`; give them in an order of their own.
///
/// ```
/// use throughline_plan::solver::{Choice, solve};
/// let choice = |worth, days| Choice { worth, days, earliest: 0, needs: Vec::new() };
/// let solved = solve(&[choice(6.0, 5.0), choice(4.0, 4.0), choice(3.0, 4.0)], [8.0, 5.0]);
/// assert_eq!(solved.period, [Some(1), Some(0), Some(0)]);
/// assert_eq!((solved.proof.worth, solved.proof.gap), (10.0, 0.0));
/// ```
#[must_use]
pub fn solve(choices: &[Choice], capacity: [f64; N_PERIODS]) -> Solved {
    let n = choices.len();
    let relaxed = relaxed(choices, capacity);
    if n == 0 || n > PROGRAM_MAX {
        return relaxed;
    }
    let gap = if n <= EXACT_MAX { 0.0 } else { GAP_MAX };
    match program(choices, capacity, gap) {
        // Either bound is proven, so the lower of the two is.
        Some((period, bound)) => {
            let bound = bound.min(relaxed.proof.bound);
            let (period, method) = if worth(choices, &period) < relaxed.proof.worth {
                (relaxed.period, Method::Relaxation)
            } else {
                (period, Method::BranchAndBound)
            };
            proven(choices, period, bound, method)
        }
        None => relaxed,
    }
}

fn proven(choices: &[Choice], period: Vec<Option<usize>>, bound: f64, method: Method) -> Solved {
    let worth = worth(choices, &period);
    // A bound below what was reached can only be rounding.
    let bound = bound.max(worth);
    let gap = if bound > 0.0 { (bound - worth) / bound } else { 0.0 };
    let gap = if gap < 1e-9 { 0.0 } else { gap };
    let proof = Proof { n_choices: choices.len() as u32, worth, bound, gap, method };
    Solved { period, proof }
}

/// Worth in a period.
fn worth_in(choice: &Choice, period: usize) -> f64 {
    if period == 0 { choice.worth } else { choice.worth * LATER_UNIT }
}

fn worth(choices: &[Choice], period: &[Option<usize>]) -> f64 {
    choices
        .iter()
        .zip(period)
        .filter_map(|(choice, period)| Some(worth_in(choice, (*period)?)))
        .fold(0.0, |sum, x| sum + x)
}

/// Whether a choice keeps to capacity, first periods and order.
#[must_use]
pub fn is_feasible(choices: &[Choice], period: &[Option<usize>], capacity: [f64; N_PERIODS]) -> bool {
    let taken = |at: usize| -> f64 {
        choices.iter().zip(period).filter(|(_, period)| **period == Some(at)).map(|(choice, _)| choice.days).sum()
    };
    let fits = (0..N_PERIODS).all(|at| taken(at) <= capacity[at] + ROUNDING);
    let in_order = choices.iter().zip(period).all(|(choice, own)| {
        own.is_none_or(|own| {
            own >= choice.earliest && choice.needs.iter().all(|need| period[*need].is_some_and(|first| first <= own))
        })
    });
    fits && in_order
}

/// The integer program: one variable for each choice and period.
fn program(choices: &[Choice], capacity: [f64; N_PERIODS], gap: f64) -> Option<(Vec<Option<usize>>, f64)> {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let vars: Vec<[Option<microlp::Variable>; N_PERIODS]> = choices
        .iter()
        .map(|choice| {
            [0, 1].map(|at| {
                let may = at >= choice.earliest && choice.days <= capacity[at] + ROUNDING;
                may.then(|| problem.add_binary_var(worth_in(choice, at)))
            })
        })
        .collect();
    for of_choice in &vars {
        if let [Some(first), Some(second)] = of_choice {
            problem.add_constraint([(*first, 1.0), (*second, 1.0)], ComparisonOp::Le, 1.0);
        }
    }
    for at in 0..N_PERIODS {
        let terms: Vec<_> =
            vars.iter().zip(choices).filter_map(|(vars, choice)| Some((vars[at]?, choice.days))).collect();
        if !terms.is_empty() {
            problem.add_constraint(terms, ComparisonOp::Le, capacity[at]);
        }
    }
    for (of_choice, choice) in vars.iter().zip(choices) {
        for need in &choice.needs {
            // By the end of each period, no more of the one than of what it needs.
            for until in 0..N_PERIODS {
                let own = of_choice[..=until].iter().flatten().map(|var| (*var, 1.0));
                let first = vars[*need][..=until].iter().flatten().map(|var| (*var, -1.0));
                let terms: Vec<_> = own.chain(first).collect();
                if !terms.is_empty() {
                    problem.add_constraint(terms, ComparisonOp::Le, 0.0);
                }
            }
        }
    }
    if vars.iter().all(|vars| vars.iter().all(Option::is_none)) {
        return Some((vec![None; choices.len()], 0.0));
    }
    let mut options = SolveOptions::default();
    options.mip_gap = gap;
    options.node_limit = Some(NODES_MAX);
    let outcome = problem.solve_with(options).ok()?;
    let bound = outcome.stats().best_bound?;
    let solution = outcome.solution()?;
    let is_set = |var: Option<microlp::Variable>| var.is_some_and(|var| solution.var_value(var) > 0.5);
    let period: Vec<Option<usize>> = vars.iter().map(|vars| (0..N_PERIODS).find(|at| is_set(vars[*at]))).collect();
    is_feasible(choices, &period, capacity).then_some((period, bound))
}

/// Prices of a people-day in each period that make the bound low, and the choice by what remains of worth above them.
fn relaxed(choices: &[Choice], capacity: [f64; N_PERIODS]) -> Solved {
    // Order and repeats are left out of the relaxation: that can only raise the bound.
    let best = |choice: &Choice, price: &[f64; N_PERIODS]| -> Option<(usize, f64)> {
        let open = (choice.earliest..N_PERIODS).filter(|at| choice.days <= capacity[*at] + ROUNDING);
        open.map(|at| (at, worth_in(choice, at) - price[at] * choice.days))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
            .filter(|(_, left)| *left > 0.0)
    };
    let density = choices.iter().map(|choice| choice.worth / choice.days).fold(0.0, f64::max);
    let mut price = [0.0; N_PERIODS];
    let (mut bound, mut at_bound) = (f64::INFINITY, price);
    for step in 0..STEPS {
        let mut value: f64 = (0..N_PERIODS).map(|at| price[at] * capacity[at]).sum();
        let mut spare = capacity;
        for choice in choices {
            if let Some((at, left)) = best(choice, &price) {
                value += left;
                spare[at] -= choice.days;
            }
        }
        if value < bound {
            (bound, at_bound) = (value, price);
        }
        // A step along the subgradient, ever smaller: the length is a share of the dearest day.
        let length = spare.iter().map(|days| days * days).sum::<f64>().sqrt();
        if length < ROUNDING {
            break;
        }
        let stride = density / (2.0 + step as f64 * 0.5) / length;
        for at in 0..N_PERIODS {
            price[at] = (price[at] - stride * spare[at]).max(0.0);
        }
    }
    let period = by_worth_a_day(choices, capacity, &at_bound);
    proven(choices, period, bound, Method::Relaxation)
}

/// Takes choices by worth above the price of their days, then whatever still fits by worth a day; what a choice needs
/// is taken with it or before it.
fn by_worth_a_day(choices: &[Choice], capacity: [f64; N_PERIODS], price: &[f64; N_PERIODS]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..choices.len()).collect();
    let excess = |i: usize| choices[i].worth / choices[i].days - price[0];
    order.sort_by(|&a, &b| excess(b).total_cmp(&excess(a)).then(a.cmp(&b)));
    let mut period = vec![None; choices.len()];
    let mut left = capacity;
    // A second time over, for what waited on something that came after it in the order.
    for _ in 0..2 {
        for &i in &order {
            if period[i].is_some() {
                continue;
            }
            let choice = &choices[i];
            let first = choice
                .needs
                .iter()
                .map(|need| period[*need])
                .try_fold(choice.earliest, |first, need| need.map(|need: usize| first.max(need)));
            let Some(first) = first else { continue };
            let open = (first..N_PERIODS).filter(|at| choice.days <= left[*at] + ROUNDING);
            let gain = |at: usize| worth_in(choice, at) - price[at] * choice.days;
            if let Some(at) = open.max_by(|a, b| gain(*a).total_cmp(&gain(*b)).then(b.cmp(a))) {
                period[i] = Some(at);
                left[at] -= choice.days;
            }
        }
    }
    period
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn choices(max: usize) -> impl Strategy<Value = (Vec<Choice>, [f64; 2])> {
        let one = (1u32..60, 1u32..24, 0usize..3, prop::collection::vec(any::<prop::sample::Index>(), 0..2));
        (prop::collection::vec(one, 1..max), 0u32..60, 0u32..60).prop_map(|(all, first, second)| {
            let choices = all
                .iter()
                .enumerate()
                .map(|(i, (worth, days, earliest, needs))| Choice {
                    worth: f64::from(*worth),
                    days: f64::from(*days) / 2.0,
                    earliest: usize::from(*earliest == 2),
                    // Only earlier ones, so that nothing waits on itself.
                    needs: needs.iter().filter(|_| i > 0).map(|index| index.index(i.max(1))).collect(),
                })
                .collect();
            (choices, [f64::from(first) / 2.0, f64::from(second) / 2.0])
        })
    }

    /// The best of all 3^n.
    fn brute(choices: &[Choice], capacity: [f64; 2]) -> f64 {
        let n = choices.len();
        (0..3usize.pow(n as u32))
            .filter_map(|code| {
                let period: Vec<Option<usize>> =
                    (0..n).map(|i| [None, Some(0), Some(1)][code / 3usize.pow(i as u32) % 3]).collect();
                is_feasible(choices, &period, capacity).then(|| worth(choices, &period))
            })
            .fold(0.0, f64::max)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn small_choices_are_solved_to_the_optimum((choices, capacity) in choices(8)) {
            let best = brute(&choices, capacity);
            let solved = solve(&choices, capacity);
            prop_assert!(is_feasible(&choices, &solved.period, capacity));
            prop_assert!((solved.proof.worth - best).abs() < 1e-6, "{} of {best}", solved.proof.worth);
            prop_assert!(solved.proof.bound >= best - 1e-6);
        }

        #[test]
        fn the_bound_of_the_relaxation_holds((choices, capacity) in choices(8)) {
            let best = brute(&choices, capacity);
            let relaxed = relaxed(&choices, capacity);
            prop_assert!(is_feasible(&choices, &relaxed.period, capacity));
            prop_assert!(relaxed.proof.worth <= best + 1e-6);
            prop_assert!(relaxed.proof.bound >= best - 1e-6, "{} below {best}", relaxed.proof.bound);
        }

        #[test]
        fn larger_choices_keep_the_gap((choices, capacity) in choices(120)) {
            let solved = solve(&choices, capacity);
            prop_assert!(is_feasible(&choices, &solved.period, capacity));
            prop_assert!(solved.proof.gap <= GAP_MAX, "{:?}", solved.proof);
            prop_assert_eq!(&solve(&choices, capacity), &solved);
        }
    }

    #[test]
    fn nothing_to_choose_is_an_answer() {
        let solved = solve(&[], [10.0, 10.0]);
        assert_eq!((solved.proof.bound, solved.proof.gap), (0.0, 0.0));
        let too_large = Choice { worth: 5.0, days: 50.0, earliest: 0, needs: Vec::new() };
        let solved = solve(&[too_large], [10.0, 10.0]);
        assert_eq!((solved.period, solved.proof.bound), (vec![None], 0.0));
    }
}
