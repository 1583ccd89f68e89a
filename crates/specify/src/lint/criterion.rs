//! Rules AC: criteria parse as Gherkin and as EARS, stay off the surface, and trace to both ends.

use super::{Report, customers_words, prose};
use crate::words;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use throughline_model::spec::{Case, Criterion, Size, Spec};

/// One EARS sentence: While, then When or If-then, then one system that shall do one thing.
#[expect(clippy::expect_used, reason = "the pattern is a constant and its compilation is tested")]
static EARS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(While [^.]+?, )?((?i:when) .+?, |(?i:if) .+?, then )?\S.*? shall \S.*\.$").expect("constant pattern")
});

/// Words that a title of a scenario does without (rule AC-1).
const TITLE_WORDS: [&str; 5] = ["and", "or", "but", "verify", "should"];

/// Words of the first and second person.
const PERSONS: [&str; 9] = ["i", "we", "my", "our", "me", "us", "you", "your", "i'm"];

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let mut titles = BTreeSet::new();
    let own = customers_words(spec);
    for story in &spec.stories {
        for criterion in &story.criteria {
            gherkin(criterion, &own, report);
            ears(criterion, report);
            if !titles.insert(criterion.title.to_lowercase()) {
                report.error("AC-1", &criterion.key, format!("The title “{}” is used twice.", criterion.title));
            }
            if criterion.steps.len() != criterion.given.len() + 1 + criterion.then.len() {
                report.error("AC-5", &criterion.key, "Its clauses and the calls that play them are not of one number.");
            }
        }
        let is_unwanted =
            |criterion: &Criterion| matches!(criterion.case, Case::Permission | Case::Limit | Case::Failure);
        if spec.size != Size::Fix && !story.criteria.iter().any(is_unwanted) {
            report.error("AC-4", &story.key, "No criterion says what happens when something unwanted does.");
        }
    }
    traces(spec, report);
    qualities(spec, report);
}

/// Rule AC-4 on qualities: what is to happen within a time says within which.
fn qualities(spec: &Spec, report: &mut Report) {
    for quality in &spec.qualities {
        let own = prose::without_quotes(&quality.text).to_lowercase();
        let is_timed = own.contains(" within ") || own.contains(" at most ") || own.contains(" at least ");
        let has_figure = own.chars().any(|c| c.is_ascii_digit())
            || ["one ", "two ", "three ", "half ", "quote"].iter().any(|word| own.contains(word));
        if is_timed && !has_figure {
            report.error("AC-4", "qualities", format!("“{}” sets a bound and no figure.", quality.text));
        }
    }
}

fn gherkin(criterion: &Criterion, customers: &BTreeSet<String>, report: &mut Report) {
    let key = &criterion.key;
    let n_steps = criterion.given.len() + 1 + criterion.then.len();
    if criterion.when.trim().is_empty() || criterion.then.is_empty() {
        report.error("AC-1", key, "It lacks an event or a result.");
    }
    if !(3..=7).contains(&n_steps) {
        report.error("AC-1", key, format!("It has {n_steps} steps; three to seven read well."));
    }
    let title = criterion.title.to_lowercase();
    for word in TITLE_WORDS.iter().filter(|word| title.split_whitespace().any(|w| w == **word)) {
        report.warn("AC-1", key, format!("Its title holds “{word}”."));
    }
    let clauses = criterion.given.iter().chain([&criterion.when]).chain(&criterion.then);
    for clause in clauses {
        let own = prose::without_quotes(clause);
        let lower = own.to_lowercase();
        if lower.split(|c: char| !c.is_alphanumeric() && c != '\'').any(|word| PERSONS.contains(&word)) {
            report.error("AC-1", key, format!("“{clause}” is not in the third person."));
        }
        for word in prose::widgets(clause).into_iter().filter(|word| !customers.contains(*word)) {
            report.error("AC-2", key, format!("“{clause}” speaks of the surface: “{word}”."));
        }
        for word in prose::vague(clause).into_iter().filter(|word| !customers.contains(*word)) {
            report.warn("AC-2", key, format!("“{clause}” is vague: “{word}”."));
        }
        if own.contains('\n') {
            report.error("AC-1", key, "A clause runs over a line.");
        }
    }
}

fn ears(criterion: &Criterion, report: &mut Report) {
    let key = &criterion.key;
    let n_sentences = criterion.ears.lines().count();
    if n_sentences != criterion.then.len() {
        report.error("AC-3", key, format!("{} results and {n_sentences} EARS sentences.", criterion.then.len()));
    }
    for sentence in criterion.ears.lines() {
        let own = prose::without_quotes(sentence);
        let lower = format!(" {} ", own.to_lowercase());
        if lower.matches(" shall ").count() != 1 {
            report.error("AC-3", key, format!("“{sentence}” does not say “shall” once."));
            continue;
        }
        if !EARS.is_match(&own) {
            report.error("AC-3", key, format!("“{sentence}” is not in EARS order."));
        }
        let head = lower.split(" shall ").next().unwrap_or_default();
        let is_event = head.contains(" when ");
        let is_condition = head.trim_start().starts_with("if ") || head.contains(", if ");
        if is_event && is_condition && !head.contains(" while ") {
            report.error("AC-3", key, format!("“{sentence}” has both When and If."));
        }
        let response = lower.split(" shall ").nth(1).unwrap_or_default();
        let second = response.split(" and ").nth(1).and_then(|rest| rest.split_whitespace().next());
        if let Some(verb) = second.filter(|word| words::is_verb(word) && !is_noun_too(word)) {
            report.error("AC-3", key, format!("“{sentence}” asks for two responses; “{verb}” is the second."));
        }
    }
}

/// Verbs that stand more often as nouns after "and".
fn is_noun_too(word: &str) -> bool {
    [
        "time", "type", "name", "form", "state", "link", "history", "links", "number", "date", "place", "owner",
        "list", "reason", "update", "label", "plan", "work", "order", "report", "record", "group", "format", "text",
        "answer", "share", "limit",
    ]
    .contains(&word)
}

/// Rule AC-5: signal to insight to need to story to criterion to endpoint or screen.
fn traces(spec: &Spec, report: &mut Report) {
    for need in &spec.needs {
        if need.signals.is_empty() {
            report.error("AC-5", "needs", format!("The need {} rests on no signal.", need.id));
        }
    }
    let served: BTreeSet<&str> = spec
        .screens
        .iter()
        .flat_map(|screen| screen.regions.iter().flat_map(|region| &region.serves))
        .chain(spec.endpoints.iter().flat_map(|endpoint| &endpoint.story_keys))
        .map(String::as_str)
        .collect();
    for story in &spec.stories {
        let is_asked_for = spec.needs.iter().any(|need| need.id == story.need_id) && story.priority == 1;
        if is_asked_for && spec.size != Size::Fix && !served.is_empty() && !served.contains(story.key.as_str()) {
            report.error("AC-5", &story.key, "No endpoint and no screen serves it.");
        }
    }
    let orphans = spec.screens.iter().flat_map(|screen| &screen.regions).filter(|region| region.serves.is_empty());
    for region in orphans {
        report.error("AC-5", "screens", format!("“{}” serves no story.", region.label));
    }
}
