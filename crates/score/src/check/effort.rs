//! Effort as far as the frames tell it: size of the function, screens, outside parts, reversibility, clarity.
//! What depends on the code that exists is read in [`super::code`].

use super::{Answer, count, list};
use crate::facts::{Case, Facts};
use throughline_frames::{Frame, Template};
use throughline_model::{Basis, Citation, Need};

const NO_FRAME: &str = "a capability frame: no statement says clearly enough what is asked for";

fn frames<'f>(facts: &'f Facts<'_>, case: &Case<'_>) -> Vec<(&'f Frame, Citation)> {
    let of = |need: &Need| facts.frames.get(&need.frame).map(|frame| (frame, cite(&need.frame)));
    case.needs.iter().filter_map(of).collect()
}

fn cite(frame: &str) -> Citation {
    Citation::Default { path: format!("frames.{frame}") }
}

fn cited(frames: &[(&Frame, Citation)]) -> Vec<Citation> {
    frames.iter().map(|(_, citation)| citation.clone()).collect()
}

pub(super) fn functional_size(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let frames = frames(facts, case);
    if frames.is_empty() {
        return Answer::unknown(NO_FRAME);
    }
    // COSMIC (ISO/IEC 19761): each endpoint has an Entry and an Exit; a GET reads once, others read and write once.
    let moves = |endpoint: &Template| if endpoint.as_str().starts_with("GET") { 3 } else { 4 };
    let n: usize =
        frames.iter().map(|(frame, _)| frame.endpoints.iter().map(moves).sum::<usize>() + frame.entities.len()).sum();
    Answer::number(n as f64, count(n, "data movement", "data movements"), cited(&frames))
}

pub(super) fn screens(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let frames = frames(facts, case);
    if frames.is_empty() {
        return Answer::unknown(NO_FRAME);
    }
    let is_screen = |part: &&Template| part.as_str().starts_with("page:") || part.as_str().starts_with("dialog:");
    let new: usize = frames.iter().map(|(frame, _)| frame.screen.iter().filter(is_screen).count()).sum();
    let changed: usize = frames.iter().map(|(frame, _)| frame.screen.len()).sum::<usize>() - new;
    let weight = 3.0 * new as f64 + changed as f64;
    let sentence = format!(
        "{} and {}: weight {weight:.0}",
        count(new, "new screen", "new screens"),
        count(changed, "changed part", "changed parts")
    );
    Answer::number(weight, sentence, cited(&frames))
}

pub(super) fn outside_parts(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let frames = frames(facts, case);
    if frames.is_empty() {
        return Answer::unknown(NO_FRAME);
    }
    // Frames that cannot be built from the product's own parts, with what they need.
    const OUTSIDE: [(&str, &str); 7] = [
        ("integrate", "the other product's interface"),
        ("sso_login", "an identity provider"),
        ("notify", "a message service"),
        ("billing", "a payment service"),
        ("assist", "a language model"),
        ("localise", "translations"),
        ("mobile", "an app store"),
    ];
    let named: Vec<String> = OUTSIDE
        .iter()
        .filter(|(id, _)| frames.iter().any(|(frame, _)| frame.id == *id))
        .map(|(_, part)| (*part).to_owned())
        .collect();
    let shown = if named.is_empty() { "no new outside part".to_owned() } else { format!("needs {}", list(&named)) };
    Answer::number(named.len() as f64, shown, cited(&frames))
}

pub(super) fn reversible(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let frames = frames(facts, case);
    if frames.is_empty() {
        return Answer::unknown(NO_FRAME);
    }
    // Riskiest first.
    const RISKS: [(&str, &str, &[&str]); 4] = [
        ("irreversible", "data is deleted or merged for good", &["delete", "merge"]),
        ("rewrite_in_place", "existing data is rewritten", &["migrate", "bulk_edit"]),
        ("backfill", "existing data gets new fields", &["permission", "audit", "version_history", "archive", "tag"]),
        ("additive", "only new data is added", &[]),
    ];
    let touches = |ids: &[&str]| ids.is_empty() || frames.iter().any(|(frame, _)| ids.contains(&frame.id.as_str()));
    let adds_nothing = frames.iter().all(|(frame, _)| frame.entities.is_empty());
    if adds_nothing {
        return Answer::class("additive_behind_flag", "no stored data changes", cited(&frames));
    }
    let (class, words, _) = RISKS.iter().find(|(_, _, ids)| touches(ids)).unwrap_or(&RISKS[3]);
    Answer::class(class, format!("riskiest data step: {words}"), cited(&frames))
}

pub(super) fn clear_request(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let frames = frames(facts, case);
    if frames.is_empty() {
        return Answer::unknown(NO_FRAME);
    }
    let (mut filled, mut required) = (0usize, 0usize);
    let mut open = Vec::new();
    let mut evidence = Vec::new();
    for need in case.needs {
        let Some(frame) = facts.frames.get(&need.frame) else { continue };
        for name in &frame.required {
            required += 1;
            match need.slots.get(name) {
                Some(slot) if slot.basis == Basis::Evidence => {
                    filled += 1;
                    evidence.extend(slot.quotes.iter().take(1).map(|quote| Citation::Signal {
                        id: quote.signal_id,
                        span: Some(throughline_model::Span { start: quote.start, end: quote.end }),
                        quote: Some(quote.text.clone()),
                    }));
                }
                _ => open.push(name.word().to_owned()),
            }
        }
    }
    if required == 0 {
        return Answer::unknown("a frame with required slots");
    }
    let share = filled as f64 / required as f64;
    let shown = if open.is_empty() { "nothing is open".to_owned() } else { format!("open: {}", list(&open)) };
    let site = facts.code.as_ref().and_then(|code| code.site(case.insight.id).ok());
    let range = site.and_then(|site| site.touch.estimate.as_ref()).filter(|estimate| estimate.p50_days > 0.0);
    // Without an estimate the clarity of the words stands alone, and half of it counts.
    let (narrow, spread) = range.map_or((0.5, "the effort range is not known".to_owned()), |estimate| {
        let spread = (estimate.p90_days - estimate.p10_days).max(0.0) / estimate.p50_days;
        let said = format!(
            "effort {:.0} to {:.0} days, most likely {:.0}",
            estimate.p10_days, estimate.p90_days, estimate.p50_days
        );
        (1.0 - spread.min(2.0) / 2.0, said)
    });
    Answer::number(
        share * narrow,
        format!("{filled} of {required} required facts are in customers' words; {shown}; {spread}"),
        evidence,
    )
}
