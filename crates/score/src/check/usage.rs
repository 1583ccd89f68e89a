//! Usage: what behaviour says of the surfaces that an insight is about.
//!
//! An insight is tied to a surface when the surface's name or events share telling words with it, or when an analytics
//! statement about that surface is among its members. No tie, no answer: a guess here would be read as a measurement.

use super::{Answer, percent};
use crate::facts::{Case, Facts};
use throughline_model::settings::Surface;
use throughline_model::{Citation, SourceKind};

const NO_EVENTS: &str = "usage: import product events and declare surfaces";
const NO_SURFACE: &str = "a surface that this is about: declare surfaces with names people use";

fn cited(case: &Case<'_>, surface: &Surface) -> Vec<Citation> {
    let analytics = case.members.iter().filter(|signal| signal.source_kind == SourceKind::Analytics);
    let mut evidence: Vec<Citation> = analytics.map(|signal| Citation::Record { id: signal.record_id }).collect();
    evidence.push(Citation::Strategy { path: format!("surfaces.{}", surface.id) });
    evidence
}

pub(super) fn silent_reach(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if facts.usage.n_active == 0 {
        return Answer::unknown(NO_EVENTS);
    }
    let Some(surface) = facts.surface_of(case) else {
        return Answer::unknown(NO_SURFACE);
    };
    let n = facts.usage.n_people_by_surface.get(&surface.id).copied().unwrap_or(0);
    let share = n as f64 / facts.usage.n_active as f64;
    let sentence = format!(
        "{} of active people touch {} ({n} of {} in 28 days)",
        percent(share),
        surface.name,
        facts.usage.n_active
    );
    Answer::number(share, sentence, cited(case, surface))
}

pub(super) fn drop_off(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(surface) = facts.surface_of(case) else {
        return Answer::unknown("a funnel for what this is about: declare its steps in throughline.toml");
    };
    let funnel = facts.settings.funnels.iter().find(|funnel| funnel.surface.as_deref() == Some(&surface.id));
    let counts = funnel.and_then(|funnel| facts.usage.funnel_counts.get(&funnel.id));
    let (Some(funnel), Some(counts)) = (funnel, counts.filter(|counts| counts.first().is_some_and(|n| *n >= 100)))
    else {
        return Answer::unknown(format!("a funnel on {} with at least 100 entries", surface.name));
    };
    let drops = |counts: &[u64]| -> Vec<(usize, f64, f64)> {
        counts
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| pair[0] > 0)
            .map(|(i, pair)| (i, 1.0 - pair[1] as f64 / pair[0] as f64, pair[0] as f64))
            .collect()
    };
    let own = drops(counts);
    let Some(&(step, drop, n)) = own.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
        return Answer::unknown("a funnel with at least two steps");
    };
    let mut others: Vec<f64> = facts
        .usage
        .funnel_counts
        .iter()
        .flat_map(|(id, counts)| drops(counts).into_iter().filter(move |(i, _, _)| *id != funnel.id || *i != step))
        .map(|(_, drop, _)| drop)
        .collect();
    if others.is_empty() {
        return Answer::unknown("another funnel step to compare with");
    }
    others.sort_by(f64::total_cmp);
    let median = others[others.len() / 2];
    let lower = drop - (drop * (1.0 - drop) / n).sqrt();
    let sentence = format!(
        "{} of {n:.0} people are lost between '{}' and '{}'; the median step loses {}",
        percent(drop),
        funnel.steps[step],
        funnel.steps[step + 1],
        percent(median)
    );
    Answer::number(lower - median, sentence, cited(case, surface))
}

pub(super) fn friction(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if facts.usage.friction_by_surface.is_empty() {
        return Answer::unknown(NO_EVENTS);
    }
    let Some(surface) = facts.surface_of(case) else {
        return Answer::unknown(NO_SURFACE);
    };
    let own = facts.usage.friction_by_surface.get(&surface.id).copied().unwrap_or_default();
    if own.n_sessions < 500 {
        return Answer::unknown(format!("at least 500 sessions on {}; there are {}", surface.name, own.n_sessions));
    }
    let rate =
        |friction: &crate::facts::Friction| (friction.n_troubled as f64 + 0.5) / (friction.n_sessions as f64 + 1.0);
    let mut rates: Vec<f64> = facts.usage.friction_by_surface.values().filter(|f| f.n_sessions > 0).map(rate).collect();
    rates.sort_by(f64::total_cmp);
    let median = rates[rates.len() / 2];
    let x = libm::log2(rate(&own) / median);
    let per_thousand = 1000.0 * rate(&own);
    let sentence = format!(
        "{per_thousand:.0} of 1,000 sessions on {} meet an error or angry clicks: {:.1} times the usual",
        surface.name,
        libm::exp2(x)
    );
    Answer::number(x, sentence, cited(case, surface))
}
