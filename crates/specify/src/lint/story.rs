//! Rules US: stories are well-formed, atomic, minimal, unique, measured and complete.

use super::{Beside, Report, prose};
use crate::outlook::content_words;
use crate::words;
use std::collections::BTreeSet;
use throughline_model::spec::{Case, Size, Spec, Story};
use throughline_model::{Need, Polarity, SlotName};

/// Most words of a story: the 90th percentile of 662 human ones.
const MOST_WORDS: usize = 34;

/// Overlap of benefit and means from which the benefit only says the means again (rule US-5).
const RESTATED: f64 = 0.6;

/// Widest range of an estimate that can be planned with: what nine in ten take at most against what they take at least.
const WIDEST: f64 = 4.0;

/// Cosine of content words from which two stories say the same (rule US-4).
const SAME: f64 = 0.9;

pub(super) fn check(spec: &Spec, beside: &Beside<'_>, report: &mut Report) {
    for story in &spec.stories {
        one(spec, story, report);
    }
    for (i, story) in spec.stories.iter().enumerate() {
        for other in &spec.stories[..i] {
            if cosine(&sentence(story), &sentence(other)) >= SAME {
                report.error("US-4", &story.key, format!("It says the same as {}.", other.key));
            }
        }
    }
    for need in &spec.needs {
        if spec.size != Size::Fix && !spec.stories.iter().any(|story| story.need_id == need.id) {
            report.warn("US-10", "stories", format!("The need {} ({}) has no story.", need.id, need.frame));
        }
    }
    estimate(beside, report);
    set(spec, report);
}

/// Rule US-9: an estimate narrow enough to plan with.
fn estimate(beside: &Beside<'_>, report: &mut Report) {
    match beside.effort {
        None => report.not_known("US-9", "stories", "Nothing estimates what it takes."),
        Some(effort) if effort.low_days <= 0.0 => {
            report.not_known("US-9", "stories", "The estimate has no lower end, so its range cannot be told.");
        }
        Some(effort) if effort.high_days / effort.low_days > WIDEST => report.warn(
            "US-9",
            "stories",
            format!(
                "It may take {:.0} to {:.0} people-days; split it by path, interface, data or rule.",
                effort.low_days, effort.high_days
            ),
        ),
        Some(_) => {}
    }
}

/// Rule US-10 on the set: no story waits for a later one, and pairs that contradict each other are told.
fn set(spec: &Spec, report: &mut Report) {
    for (i, story) in spec.stories.iter().enumerate() {
        let later = spec.stories[i + 1..].iter().find(|later| story.independent_test.contains(&later.key));
        if let Some(later) = later {
            report.warn("US-10", &story.key, format!("It cannot be shown to work without {}.", later.key));
        }
    }
    let is_wanted = |polarity| matches!(polarity, Polarity::Want | Polarity::Fix);
    for (i, need) in spec.needs.iter().enumerate() {
        let object = |need: &Need| need.filled(SlotName::Object).map(str::to_lowercase);
        let against = spec.needs[..i].iter().find(|other| {
            object(other).is_some()
                && object(other) == object(need)
                && is_wanted(other.polarity) != is_wanted(need.polarity)
        });
        if let Some(other) = against {
            report.warn(
                "US-10",
                "stories",
                format!("{} wants it and {} does not: decide before either is built.", other.id, need.id),
            );
        }
    }
}

fn one(spec: &Spec, story: &Story, report: &mut Report) {
    let key = &story.key;
    let means = &story.means.text;
    let first = means.split_whitespace().next().unwrap_or_default();
    if story.actor.text.trim().is_empty() || means.trim().is_empty() {
        report.error("US-1", key, "It lacks a role or a means.");
    } else if !words::is_verb(first) && !["be", "work", "complete", "see", "act"].contains(&first) {
        report.error("US-1", key, format!("“{means}” does not begin with a verb."));
    }
    if super::persona::NOBODY.contains(&story.actor.text.to_lowercase().as_str()) {
        report.error("US-1", key, format!("“{}” is no role.", story.actor.text));
    }
    if let Some(joined) = prose::joined_verbs(means) {
        report.error("US-2", key, format!("Its means joins two acts: “{joined}”."));
    }
    let own = prose::without_quotes(&sentence(story));
    if own.contains(['(', ')', '[', ']', ';', '*']) || own.trim_end_matches('.').contains(". ") {
        report.error("US-3", key, "It holds brackets, notes or a second sentence.");
    }
    if !sentence(story).starts_with("As a") {
        report.error("US-4", key, "It does not have the form of the others.");
    }
    let n_words = sentence(story).split_whitespace().count();
    if n_words > MOST_WORDS {
        report.warn(
            "US-4",
            key,
            format!("It has {n_words} words; nine of ten human stories have at most {MOST_WORDS}."),
        );
    }
    let benefit = content_words(&story.benefit.text);
    if benefit.is_empty() {
        report.error("US-5", key, "It says no benefit.");
    } else {
        let shared = benefit.intersection(&content_words(means)).count();
        if shared as f64 / benefit.len() as f64 >= RESTATED {
            report.error("US-5", key, "Its benefit says its means again.");
        }
    }
    for word in prose::solutions(means) {
        report.warn("US-6", key, format!("Its means names a solution: “{word}”."));
    }
    for word in prose::vague(&sentence(story)).into_iter().filter(|word| !names(&story.actor.text, word)) {
        report.warn("US-7", key, format!("“{word}” has no measure."));
    }
    if spec.size != Size::Fix {
        let has = |cases: &[Case]| story.criteria.iter().any(|criterion| cases.contains(&criterion.case));
        if story.criteria.len() < 3 {
            report.error("US-8", key, format!("It has {} criteria; three are the least.", story.criteria.len()));
        }
        if !has(&[Case::Happy]) || !has(&[Case::Failure, Case::Limit]) {
            report.error("US-8", key, "Its criteria lack success, or a failure or limit.");
        }
        if story.priority == 1 && !has(&[Case::Permission]) {
            report.error("US-8", key, "Its criteria lack the case without the right.");
        }
    }
    if story.priority == 0 || story.priority_reason.trim().is_empty() || story.independent_test.trim().is_empty() {
        report.error("US-11", key, "It lacks a priority, its reason or a test of its own.");
    }
}

/// Whether a role's name holds a word.
fn names(role: &str, word: &str) -> bool {
    role.split(' ').any(|part| part.eq_ignore_ascii_case(word))
}

/// The story as one sentence.
fn sentence(story: &Story) -> String {
    format!(
        "As {} {}, I want to {}, so that {}.",
        words::article(&story.actor.text),
        story.actor.text,
        story.means.text,
        story.benefit.text
    )
}

/// Cosine of two texts as sets of content words.
fn cosine(a: &str, b: &str) -> f64 {
    let (a, b): (BTreeSet<String>, BTreeSet<String>) = (content_words(a), content_words(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let shared = a.intersection(&b).count() as f64;
    shared / ((a.len() * b.len()) as f64).sqrt()
}
