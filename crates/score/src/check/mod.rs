//! The 77 checks: each a small function from facts to a quantity with its evidence.
//!
//! A check answers with a quantity, a sentence and citations, or says which input is missing. Points are the rubric's
//! business. What comes from code is read through the typed [`CodeMap`](throughline_model::CodeMap); until one is connected those
//! checks are unknown and say so.
//!
//! Invariant: a known answer worth points cites at least one thing; an unknown one names the input to connect. What is
//! kept of an answer does not grow with what is said: citations are bounded ([`EVIDENCE_MAX`]).

mod badge;
mod bound;
mod code;
mod effort;
mod reach;
mod revenue;
mod strategy;
mod time;
mod usage;
mod words;

pub use badge::badges;
pub use bound::EVIDENCE_MAX;

use crate::facts::{Case, Facts};
use crate::rubric::{Check, Rubric};
use crate::scale::{Quantity, Scale};
use rayon::prelude::*;
use throughline_model::{CheckResult, CheckState, Citation, Signal, Span};

/// What a check found out.
pub(crate) enum Answer {
    /// Its inputs exist.
    Known {
        /// What was measured.
        quantity: Quantity,
        /// One sentence with the numbers filled in.
        sentence: String,
        /// What supports it.
        evidence: Vec<Citation>,
        /// How much more supports it that is not cited.
        n_unlisted: usize,
        /// A scale that stands in for the rubric's, where the rubric states a fallback.
        fallback: Option<Scale>,
    },
    /// An input is missing.
    Unknown {
        /// Which, and how to connect it, in words.
        missing: String,
    },
}

impl Answer {
    fn known(quantity: Quantity, sentence: impl Into<String>, evidence: Vec<Citation>) -> Self {
        Self::Known { quantity, sentence: sentence.into(), evidence, n_unlisted: 0, fallback: None }
    }

    fn number(x: f64, sentence: impl Into<String>, evidence: Vec<Citation>) -> Self {
        Self::known(Quantity::Number(x), sentence, evidence)
    }

    fn share(k: usize, n: usize, sentence: impl Into<String>, evidence: Vec<Citation>) -> Self {
        Self::known(Quantity::Share { k: k as f64, n: n as f64 }, sentence, evidence)
    }

    fn class(class: &str, sentence: impl Into<String>, evidence: Vec<Citation>) -> Self {
        Self::known(Quantity::Class(class.to_owned()), sentence, evidence)
    }

    /// With more that supports it than is cited.
    fn and_unlisted(mut self, n: usize) -> Self {
        if let Self::Known { n_unlisted, .. } = &mut self {
            *n_unlisted = n;
        }
        self
    }

    fn unknown(missing: impl Into<String>) -> Self {
        Self::Unknown { missing: missing.into() }
    }
}

type Function = fn(&Facts<'_>, &Case<'_>) -> Answer;

/// Which function answers which check.
fn function(id: &str) -> Option<Function> {
    Some(match id {
        "BI-01" => reach::accounts,
        "BI-02" => reach::people,
        "BI-03" => reach::volume,
        "BI-04" => reach::segments,
        "BI-05" => reach::sources,
        "BI-06" => reach::roles,
        "BI-07" => reach::loudest,
        "BI-08" => usage::silent_reach,
        "BI-09" => revenue::voiced,
        "BI-10" => revenue::churn,
        "BI-11" => revenue::renewal,
        "BI-12" => revenue::deals,
        "BI-13" => revenue::expansion,
        "BI-14" => revenue::seats,
        "BI-15" => revenue::paying,
        "BI-16" => words::negativity,
        "BI-17" => time::support_load,
        "BI-18" => words::urgency,
        "BI-19" => words::blocked,
        "BI-20" => words::workaround,
        "BI-21" => words::recurrence,
        "BI-22" => words::harm,
        "BI-23" => words::opportunity,
        "BI-24" => words::expected_basic,
        "BI-25" => words::delight,
        "BI-26" => time::growth,
        "BI-27" => time::recency,
        "BI-28" => time::persistence,
        "BI-29" => time::joining,
        "BI-30" => words::competitors,
        "BI-31" => revenue::losses,
        "BI-32" => usage::drop_off,
        "BI-33" => usage::friction,
        "TE-01" => code::few_files,
        "TE-02" => code::small_region,
        "TE-03" => effort::functional_size,
        "TE-04" => code::data_change,
        "TE-05" => code::interface_change,
        "TE-06" => effort::screens,
        "TE-07" => code::simple_code,
        "TE-08" => code::off_hotspots,
        "TE-09" => code::low_debt,
        "TE-10" => code::calm_record,
        "TE-11" => code::reuse,
        "TE-12" => code::blast_radius,
        "TE-13" => code::co_changes,
        "TE-14" => code::boundaries,
        "TE-15" => effort::outside_parts,
        "TE-16" => code::test_net,
        "TE-17" => effort::reversible,
        "TE-18" => code::sensitive_zones,
        "TE-19" => code::safe_release,
        "TE-20" => code::someone_knows,
        "TE-21" => code::quick_in_past,
        "TE-22" => effort::clear_request,
        "SA-01" => strategy::best_objective,
        "SA-02" => strategy::weighted_pull,
        "SA-03" => strategy::moves_key_result,
        "SA-04" => strategy::behind_plan,
        "SA-05" => strategy::in_time,
        "SA-06" => strategy::north_star_path,
        "SA-07" => strategy::several_objectives,
        "SA-08" => strategy::target_segments,
        "SA-09" => strategy::target_revenue,
        "SA-10" => strategy::target_personas,
        "SA-11" => strategy::right_stage,
        "SA-12" => strategy::principles,
        "SA-13" => strategy::non_goals,
        "SA-14" => strategy::promises,
        "SA-15" => strategy::obligations,
        "SA-16" => strategy::difference,
        "SA-17" => strategy::fits_capacity,
        "SA-18" => strategy::portfolio,
        "SA-19" => strategy::unlocks,
        "SA-20" => strategy::risks,
        "SA-21" => strategy::teaches,
        "SA-22" => strategy::in_hand,
        _ => return None,
    })
}

/// All answers of all cases, in the rubric's order.
#[must_use]
pub fn answer_all(rubric: &Rubric, facts: &Facts<'_>, cases: &[Case<'_>]) -> Vec<Vec<CheckResult>> {
    let functions: Vec<Option<Function>> = rubric.checks.iter().map(|check| function(&check.id)).collect();
    cases
        .par_iter()
        .map(|case| {
            let asked = rubric.checks.iter().zip(&functions);
            asked.map(|(check, function)| answer(rubric, facts, case, check, *function)).collect()
        })
        .collect()
}

fn answer(
    rubric: &Rubric,
    facts: &Facts<'_>,
    case: &Case<'_>,
    check: &Check,
    function: Option<Function>,
) -> CheckResult {
    let unknown = |missing: String| CheckResult {
        id: check.id.clone(),
        state: CheckState::Unknown,
        points: 0.0,
        x: None,
        of: None,
        sentence: format!("{} is not known", check.name),
        evidence: Vec::new(),
        n_unlisted: 0,
        missing: Some(missing),
    };
    // A user's rubric may ask what the program cannot measure.
    let Some(function) = function else {
        return unknown(format!("a program that measures {}: {}", check.id, check.known_when));
    };
    match function(facts, case) {
        Answer::Unknown { missing } => unknown(missing),
        Answer::Known { quantity, sentence, evidence, n_unlisted, fallback } => {
            let points = match &fallback {
                Some(scale) => scale.apply(&quantity, &facts.references),
                None => rubric.points(check, &quantity, &facts.references),
            };
            match points {
                Some(points) if points <= 0.0 || !evidence.is_empty() => {
                    let (evidence, n_dropped) = bound::kept(case, evidence);
                    CheckResult {
                        id: check.id.clone(),
                        state: CheckState::Scored,
                        points: rounded(points),
                        x: quantity.number().map(unsigned_zero),
                        of: quantity.of(),
                        sentence,
                        evidence,
                        n_unlisted: (n_unlisted + n_dropped) as u32,
                        missing: None,
                    }
                }
                Some(_) => unknown("something to cite: the quantity is known but nothing shows it".to_owned()),
                None => unknown(format!("a scale in the rubric that takes what {} measures", check.id)),
            }
        }
    }
}

/// A citation of a whole signal.
fn cite(signal: &Signal) -> Citation {
    Citation::Signal { id: signal.id, span: None, quote: None }
}

/// A citation of some words of a signal.
fn cite_span(facts: &Facts<'_>, signal: &Signal, span: Span) -> Citation {
    let quote = facts.corpus.record(signal.record_id).map(|record| record.slice(span).to_owned());
    Citation::Signal { id: signal.id, span: Some(span), quote }
}

/// The first signal for each key, in order of time, newest first.
fn one_per<K: Ord>(signals: &[&Signal], key: impl Fn(&Signal) -> Option<K>) -> Vec<Citation> {
    let mut newest: Vec<&&Signal> = signals.iter().collect();
    newest.sort_by_key(|signal| (std::cmp::Reverse(signal.at), signal.id));
    let mut seen = std::collections::BTreeSet::new();
    newest.into_iter().filter(|signal| key(signal).is_some_and(|key| seen.insert(key))).map(|s| cite(s)).collect()
}

/// `3 accounts`, `1 account`.
fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// Points as they are kept: to nine places.
pub(crate) fn rounded(points: f64) -> f64 {
    unsigned_zero((points * 1e9).round() / 1e9)
}

/// The sum of nothing is minus zero in Rust, and a minus before a zero would be printed.
fn unsigned_zero(x: f64) -> f64 {
    x + 0.0
}

/// `12 %`, with one decimal below ten.
fn percent(share: f64) -> String {
    let value = unsigned_zero(share * 100.0);
    if value > 0.0 && value < 9.95 { format!("{value:.1} %") } else { format!("{value:.0} %") }
}

/// `a, b and c`.
fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}
