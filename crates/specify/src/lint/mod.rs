//! The rules that a specification is held to, as a program that reads it.
//!
//! In: a specification, the corpus it cites, and what lies [`Beside`] it. Out: findings by rule, then item. A rule whose
//! input is missing says so ([`Severity::NotKnown`]) rather than passing. Rules of a whole workspace have [`lint_cast`].
//! Cost: linear in the text, plus all pairs of stories.
//! Source: the rules X, PE, JB, UC, US, AC, PR and BP of the design's quality list: QUS (Lucassen and others, 2016) for stories,
//! EARS (Mavin and others, 2009) for requirements, the usual Gherkin guides for scenarios.

mod blueprint;
mod criterion;
mod evidence;
mod job;
mod mutate;
mod persona;
mod prd;
mod prose;
mod screen;
mod story;
mod term;
mod use_case;

pub use screen::{Seen, screens};
pub use term::OBSERVATIONS;

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use throughline_model::persona::Cast;
use throughline_model::plan::Effort;
use throughline_model::settings::Term;
use throughline_model::spec::Spec;
use throughline_model::{CodeMap, Corpus};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Blocks: the specification must not go out like this.
    Error,
    /// To be looked at.
    Warning,
    /// The rule could not be checked.
    NotKnown,
}

impl Severity {
    /// The word that reports print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::NotKnown => "not known",
        }
    }
}

/// One broken, doubtful or unchecked rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the rule, for instance `US-2`.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where: the key of a story or criterion, or the name of a section.
    pub item: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}: {}", self.rule, self.severity.word(), self.item, self.message)
    }
}

/// What rules report into.
#[derive(Debug, Default)]
struct Report(Vec<Finding>);

impl Report {
    fn add(&mut self, rule: &str, severity: Severity, item: &str, message: impl Into<String>) {
        self.0.push(Finding { rule: rule.to_owned(), severity, message: message.into(), item: item.to_owned() });
    }

    fn error(&mut self, rule: &str, item: &str, message: impl Into<String>) {
        self.add(rule, Severity::Error, item, message);
    }

    fn warn(&mut self, rule: &str, item: &str, message: impl Into<String>) {
        self.add(rule, Severity::Warning, item, message);
    }

    fn not_known(&mut self, rule: &str, item: &str, message: impl Into<String>) {
        self.add(rule, Severity::NotKnown, item, message);
    }

    fn finished(mut self) -> Vec<Finding> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// What some rules need beside the specification. What is absent is not known, and no rule passes for want of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// What people call the product (rule JB-2).
    pub product_name: Option<&'a str>,
    /// Declared terms (rule X-4).
    pub terms: &'a [Term],
    /// What it takes (rule US-9).
    pub effort: Option<&'a Effort>,
    /// What is printed of it (rule PR-7).
    pub views: Option<Views<'a>>,
    /// The code as it was read (rules BP-8 and BP-9).
    pub code: Option<&'a CodeMap>,
}

/// What is printed of a specification.
#[derive(Debug, Clone, Copy)]
pub struct Views<'a> {
    /// The one-page view.
    pub one_page: &'a str,
    /// The full view.
    pub full: &'a str,
}

/// Checks a specification by itself: what lies beside it counts as not known.
#[must_use]
pub fn lint(spec: &Spec, corpus: &Corpus) -> Vec<Finding> {
    lint_beside(spec, corpus, &Beside::default())
}

/// Checks a specification against every rule; findings by rule, then item.
#[must_use]
pub fn lint_beside(spec: &Spec, corpus: &Corpus, beside: &Beside<'_>) -> Vec<Finding> {
    let mut report = Report::default();
    evidence::check(spec, corpus, beside, &mut report);
    persona::check(spec, &mut report);
    job::check(spec, beside, &mut report);
    use_case::check(spec, &mut report);
    story::check(spec, beside, &mut report);
    criterion::check(spec, &mut report);
    mutate::check(spec, &mut report);
    prd::check(spec, corpus, beside, &mut report);
    blueprint::check(spec, beside.code, &mut report);
    screen::check(spec, None, &mut report);
    term::check(spec, &mut report);
    report.finished()
}

/// Checks the personas of a workspace (rules PE); findings by rule, then item.
#[must_use]
pub fn lint_cast(cast: &Cast, corpus: &Corpus) -> Vec<Finding> {
    let mut report = Report::default();
    persona::check_cast(cast, corpus, &mut report);
    report.finished()
}

/// Words that customers use for their own things, and that no rule may forbid.
fn customers_words(spec: &Spec) -> BTreeSet<String> {
    let slots = spec.needs.iter().flat_map(|need| need.slots.values()).map(|slot| slot.value.as_str());
    let subject = spec.entities.iter().filter(|entity| entity.name == spec.subject);
    let roles = spec.primary.iter().chain(&spec.secondary).map(|concern| concern.name.as_str());
    slots
        .chain(roles.chain(spec.stories.iter().map(|story| story.actor.text.as_str())))
        .chain(subject.flat_map(|entity| [entity.one.as_str(), entity.many.as_str()]))
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect()
}
