//! Rules SC: every view has its six states, every control a purpose, every text a way on.
//!
//! In: the specification, and what a browser saw of its prototype where one has looked ([`Seen`]; `tests/browser/run.sh`
//! looks). Out: findings. Without a look, the rules that need one are not known.
//! Source: the UI stack of Scott Hurff for states, WCAG 2.2 level AA for what is measured, Nielsen's heuristics for
//! ways on.

use super::{Finding, Report};
use std::collections::BTreeSet;
use throughline_model::spec::{Case, Screen, Spec, Story};

/// The states that every screen has words for.
const STATES: [&str; 6] = ["ideal", "empty", "loading", "partial", "error", "permission"];

/// Least size of a target in CSS pixels (WCAG 2.5.8).
const LEAST_TARGET_PX: f64 = 24.0;

/// Least contrast of text (WCAG 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// Kinds of region that a person acts on.
const CONTROLS: [&str; 8] = ["button", "field", "form", "link", "dialog", "picker", "toggle", "menu"];

/// Words with which a message says what to do next.
const WAYS_ON: [&str; 10] =
    ["try again", "can grant", "ask", "create", "connect", "choose", "clear", "add", "appears", "go back"];

/// What a browser saw of the prototype of a specification, over all its states.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Violations of WCAG 2.0 to 2.2, A and AA.
    pub n_violations: u32,
    /// Smaller side of the smallest target, in CSS pixels.
    pub smallest_target_px: f64,
    /// Contrast of the weakest text.
    pub lowest_contrast: f64,
    /// Controls without a focus that is seen, or out of reach of the keyboard.
    pub n_unreached: u32,
    /// How much wider than a window of 320 CSS pixels the widest state is.
    pub sideways_px: u32,
    /// Errors of the markup: ids twice, fields without a label, no language, not one `h1`.
    pub n_markup_errors: u32,
    /// Requests that left the page, and errors on its console.
    pub n_leaks: u32,
}

/// Checks the screens of a specification; `seen` is what a browser saw of its prototype.
#[must_use]
pub fn screens(spec: &Spec, seen: Option<&Seen>) -> Vec<Finding> {
    let mut report = Report::default();
    check(spec, seen, &mut report);
    report.0.sort();
    report.0.dedup();
    report.0
}

pub(super) fn check(spec: &Spec, seen: Option<&Seen>, report: &mut Report) {
    for screen in &spec.screens {
        states(screen, report);
        copy(screen, report);
    }
    measured(seen, report);
    ways(spec, report);
    purposes(spec, report);
}

fn text<'a>(screen: &'a Screen, state: &str) -> Option<&'a str> {
    let found = screen.copy_by_state.iter().find(|(name, _)| name == state);
    found.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
}

/// SC-1: six states, each with its words.
fn states(screen: &Screen, report: &mut Report) {
    for state in STATES.into_iter().filter(|state| text(screen, state).is_none()) {
        report.error("SC-1", &screen.title, format!("It has no words for the state “{state}”."));
    }
}

/// SC-7: the empty state names the thing, an error says how to go on, nothing is filler.
fn copy(screen: &Screen, report: &mut Report) {
    let title = screen.title.to_lowercase();
    if let Some(empty) = text(screen, "empty").filter(|empty| !empty.to_lowercase().contains(&title)) {
        report.warn("SC-7", &screen.title, format!("“{empty}” does not name what is missing."));
    }
    for (state, text) in &screen.copy_by_state {
        let lower = text.to_lowercase();
        if ["lorem ipsum", "foo", "todo", "tbd", "placeholder"].iter().any(|filler| {
            lower
                .split(|c: char| !c.is_alphanumeric() && c != ' ')
                .any(|part| format!(" {part} ").contains(&format!(" {filler} ")))
        }) {
            report.warn("SC-7", &screen.title, format!("The words for “{state}” are filler: “{text}”."));
        }
        let is_trouble = matches!(state.as_str(), "error" | "partial" | "permission");
        if is_trouble && !lower.trim().is_empty() && !WAYS_ON.iter().any(|way| lower.contains(way)) {
            report.warn("SC-7", &screen.title, format!("“{text}” does not say how to go on."));
        }
    }
}

/// SC-2 to SC-4, and what SC-6 needs of a browser: what only a look can tell.
fn measured(seen: Option<&Seen>, report: &mut Report) {
    let Some(seen) = seen else {
        let unknown = [
            ("SC-2", "Violations of WCAG are counted in a browser; none has looked."),
            ("SC-3", "Targets, contrast, focus and width are measured in a browser; none has looked."),
            ("SC-4", "The markup is checked on the printed page; nobody has."),
        ];
        for (rule, why) in unknown {
            report.not_known(rule, "screens", why);
        }
        return;
    };
    if seen.n_violations > 0 {
        report.error("SC-2", "screens", format!("{} violations of WCAG 2.2 AA.", seen.n_violations));
    }
    if seen.smallest_target_px < LEAST_TARGET_PX {
        report.error("SC-3", "screens", format!("A target is {} px small.", seen.smallest_target_px));
    }
    if seen.lowest_contrast < LEAST_CONTRAST {
        report.error("SC-3", "screens", format!("A text has a contrast of {}:1.", seen.lowest_contrast));
    }
    if seen.n_unreached > 0 {
        report.error("SC-3", "screens", format!("{} controls are out of the keyboard's reach.", seen.n_unreached));
    }
    if seen.sideways_px > 0 {
        report.error("SC-3", "screens", format!("{} px are cut off at 320 px.", seen.sideways_px));
    }
    if seen.n_markup_errors > 0 {
        report.error("SC-4", "screens", format!("{} errors of markup.", seen.n_markup_errors));
    }
    if seen.n_leaks > 0 {
        report.error("SC-6", "screens", format!("{} requests or console errors.", seen.n_leaks));
    }
}

/// SC-5: what destroys can be taken back or is asked first, and every state has a next step.
fn ways(spec: &Spec, report: &mut Report) {
    let says = |story: &Story, words: &[&str]| {
        let clauses = story.criteria.iter().flat_map(|criterion| criterion.then.iter().chain(&criterion.given));
        clauses.map(|clause| clause.to_lowercase()).any(|clause| words.iter().any(|word| clause.contains(word)))
    };
    for story in &spec.stories {
        let means = story.means.text.to_lowercase();
        let destroys = ["delete ", "erase ", "purge "].iter().any(|verb| means.starts_with(verb));
        if destroys && !says(story, &["back", "undo", "restor", "before it", "confirm", "30 days", "recover"]) {
            report.warn("SC-5", &story.key, "What it destroys can neither be taken back nor is asked about first.");
        }
    }
    for screen in &spec.screens {
        let empty = text(screen, "empty").unwrap_or_default().to_lowercase();
        if !empty.is_empty() && !WAYS_ON.iter().any(|way| empty.contains(way)) {
            report.warn("SC-5", &screen.title, "Its empty state is a dead end: no next step is named.");
        }
    }
}

/// SC-6: every control serves a story, and every story of the first priority can be played from end to end.
fn purposes(spec: &Spec, report: &mut Report) {
    let keys: BTreeSet<&str> = spec.stories.iter().map(|story| story.key.as_str()).collect();
    for screen in &spec.screens {
        for region in screen.regions.iter().filter(|region| CONTROLS.contains(&region.kind.as_str())) {
            if !region.serves.iter().any(|key| keys.contains(key.as_str())) {
                report.error("SC-6", &screen.title, format!("“{}” answers no story.", region.label));
            }
        }
    }
    for story in spec.stories.iter().filter(|story| story.priority == 1) {
        let happy = story.criteria.iter().filter(|criterion| criterion.case == Case::Happy);
        for criterion in happy.filter(|c| c.steps.is_empty() || c.steps.iter().any(Vec::is_empty)) {
            report.error("SC-6", &criterion.key, "It cannot be played from end to end.");
        }
    }
}
