//! The plan through four methods that planners know: Kano, MoSCoW, RICE and WSJF.
//!
//! Each is computed from facts that are there, names where every number comes from, and says unknown where one is
//! missing. None of them moves a place of the plan.
//! Sources: Kano et al. 1984; DSDM's MoSCoW; Intercom's RICE; SAFe's weighted shortest job first.

use crate::effort::days;
use crate::schedule::{Candidate, promises};
use throughline_model::plan::{Horizon, Place};
use throughline_model::{CheckState, Kind, Settings};

/// Working days of a person in a month, as RICE counts effort.
const DAYS_PER_MONTH: f64 = 20.0;

/// Which method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Expected, performance, delight.
    Kano,
    /// Must, should, could, will not.
    Moscow,
    /// Reach, impact, confidence, effort.
    Rice,
    /// Weighted shortest job first.
    Wsjf,
}

/// A number with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it is in the method's words.
    pub name: &'static str,
    /// Its value; none when unknown.
    pub value: Option<f64>,
    /// Where it comes from, or what is missing.
    pub from: String,
}

/// How one insight looks through a method.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The class or the number, as it is printed; `unknown` where it cannot be told.
    pub verdict: String,
    /// The number to sort by, where the method gives one.
    pub value: Option<f64>,
    /// What it was made from.
    pub parts: Vec<Part>,
}

/// One insight through a method.
#[must_use]
pub fn view(method: Method, settings: &Settings, candidate: &Candidate<'_>, place: &Place) -> Seen {
    match method {
        Method::Kano => kano(candidate),
        Method::Moscow => moscow(settings, candidate, place),
        Method::Rice => rice(candidate, place),
        Method::Wsjf => wsjf(candidate, place),
    }
}

/// Points or quantity of a check, where known.
fn known<'c>(candidate: &Candidate<'c>, id: &str) -> Option<&'c throughline_model::CheckResult> {
    candidate.score.checks.iter().find(|check| check.id == id && check.state == CheckState::Scored)
}

fn part(candidate: &Candidate<'_>, name: &'static str, id: &str) -> Part {
    match known(candidate, id) {
        Some(check) => Part { name, value: Some(check.points), from: format!("{id}: {}", check.sentence) },
        None => Part { name, value: None, from: format!("{id} is unknown") },
    }
}

fn kano(candidate: &Candidate<'_>) -> Seen {
    let expected = part(candidate, "expected", "BI-24");
    let delight = part(candidate, "delight", "BI-25");
    let is_problem = candidate.insight.kind == Kind::Problem;
    let kind =
        Part { name: "kind", value: None, from: format!("most of its voices: {}", candidate.insight.kind.word()) };
    let verdict = match (expected.value, delight.value) {
        (Some(e), Some(d)) if d > e && !is_problem => "delight",
        (Some(e), Some(d)) if e > 0.0 && e >= d => "expected",
        _ if is_problem => "expected",
        (Some(_), Some(_)) if candidate.insight.kind == Kind::Request => "performance",
        _ => "unknown",
    };
    Seen { verdict: verdict.to_owned(), value: None, parts: vec![expected, delight, kind] }
}

fn moscow(settings: &Settings, candidate: &Candidate<'_>, place: &Place) -> Seen {
    let gate = candidate.score.badges.iter().find(|(badge, _)| badge == "must do" || badge == "fix now");
    let promise = promises(settings, candidate.score).into_iter().next();
    let (verdict, from) = if place.horizon == Horizon::Never {
        ("won't", place.reason.clone())
    } else if let Some((badge, reason)) = gate {
        ("must", format!("{badge}: {reason}"))
    } else if let Some(promise) = promise {
        ("must", format!("promised to {} ({})", promise.customer, promise.strength.as_deref().unwrap_or("stated")))
    } else {
        let verdict = match place.horizon {
            Horizon::Now => "should",
            Horizon::Next => "could",
            Horizon::Later => "won't this time",
            Horizon::Unplanned | Horizon::Never => "unknown",
        };
        (verdict, format!("plan: {}", place.reason))
    };
    Seen { verdict: verdict.to_owned(), value: None, parts: vec![Part { name: "because", value: None, from }] }
}

fn effort_part(place: &Place, name: &'static str, unit: f64) -> Part {
    match &place.effort {
        Some(effort) => Part { name, value: Some(effort.likely_days / unit), from: effort.sentence.clone() },
        None => Part { name, value: None, from: place.reason.clone() },
    }
}

/// Mean of the known checks among `ids`.
fn mean(candidate: &Candidate<'_>, name: &'static str, ids: &[&str], scale: f64) -> Part {
    let known: Vec<(&str, f64)> = ids.iter().filter_map(|id| Some((*id, known(candidate, id)?.points))).collect();
    if known.is_empty() {
        return Part { name, value: None, from: format!("none of {} is known", ids.join(", ")) };
    }
    let mean = known.iter().map(|(_, points)| points).sum::<f64>() / known.len() as f64;
    let shown: Vec<String> = known.iter().map(|(id, points)| format!("{id} {points:.2}")).collect();
    Part { name, value: Some(mean * scale), from: format!("mean of {} times {scale}", shown.join(", ")) }
}

fn rice(candidate: &Candidate<'_>, place: &Place) -> Seen {
    let people = known(candidate, "BI-02").and_then(|check| Some((check.x?, &check.sentence)));
    let reach = match people {
        Some((x, sentence)) => Part { name: "reach", value: Some(x), from: format!("BI-02: {sentence}") },
        None => Part {
            name: "reach",
            value: Some(f64::from(candidate.insight.n_voices)),
            from: format!("{} voices; how many people is unknown", candidate.insight.n_voices),
        },
    };
    // RICE's scale of impact ends at 3, massive.
    let impact = mean(candidate, "impact", &["BI-10", "BI-12", "BI-16", "BI-18", "BI-19", "BI-20", "BI-22"], 3.0);
    let confidence = Part {
        name: "confidence",
        value: Some(candidate.score.confidence),
        from: "of the score: coverage, independent accounts, kind and age of evidence".to_owned(),
    };
    let effort = effort_part(place, "person-months", DAYS_PER_MONTH);
    let value = match (reach.value, impact.value, confidence.value, effort.value) {
        (Some(r), Some(i), Some(c), Some(e)) if e > 0.0 => Some(r * i * c / e),
        _ => None,
    };
    Seen { verdict: shown(value), value, parts: vec![reach, impact, confidence, effort] }
}

fn wsjf(candidate: &Candidate<'_>, place: &Place) -> Seen {
    let group = candidate.score.groups.get("business_impact");
    let business = match group.and_then(|group| Some((group.score?, f64::from(group.max)))) {
        Some((score, max)) if max > 0.0 => Part {
            name: "business value",
            value: Some(10.0 * score / max),
            from: format!("business impact {score:.1} of {max:.0}, out of 10"),
        },
        _ => Part { name: "business value", value: None, from: "too few checks of business impact are known".into() },
    };
    let urgency = mean(candidate, "time criticality", &["BI-11", "BI-18", "BI-26", "SA-14", "SA-15"], 10.0);
    let risk = mean(candidate, "risk and opportunity", &["BI-22", "SA-19", "SA-20", "SA-21"], 10.0);
    let size = effort_part(place, "people-days", 1.0);
    let value = match (business.value, urgency.value, risk.value, size.value) {
        (Some(b), Some(u), Some(r), Some(s)) if s > 0.0 => Some((b + u + r) / s),
        _ => None,
    };
    Seen { verdict: shown(value), value, parts: vec![business, urgency, risk, size] }
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "unknown".to_owned(), days)
}
