//! The rules that a specification is held to, as a program that reads it.
//!
//! In: a specification and the corpus it cites. Out: findings by rule, then item. A rule whose input is missing says
//! so ([`Severity::NotKnown`]) rather than passing.
//! Cost: linear in the text, plus all pairs of stories.
//! Source: the rules X, US, AC and PR of the design's quality list: QUS (Lucassen and others, 2016) for stories,
//! EARS (Mavin and others, 2009) for requirements, the usual Gherkin guides for scenarios.

mod criterion;
mod evidence;
mod prd;
mod prose;
mod story;

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use throughline_model::Corpus;
use throughline_model::spec::{Spec, Statement};

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
}

/// Checks a specification against every rule; findings by rule, then item.
#[must_use]
pub fn lint(spec: &Spec, corpus: &Corpus) -> Vec<Finding> {
    let mut report = Report::default();
    evidence::check(spec, corpus, &mut report);
    story::check(spec, &mut report);
    criterion::check(spec, &mut report);
    prd::check(spec, corpus, &mut report);
    report.0.sort();
    report.0.dedup();
    report.0
}

/// Words that customers use for their own things, and that no rule may forbid.
fn customers_words(spec: &Spec) -> BTreeSet<String> {
    let slots = spec.needs.iter().flat_map(|need| need.slots.values()).map(|slot| slot.value.as_str());
    let subject = spec.entities.iter().filter(|entity| entity.name == spec.subject);
    slots
        .chain(subject.flat_map(|entity| [entity.one.as_str(), entity.many.as_str()]))
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect()
}

/// Every statement with the name of the section or the key of the story it stands in.
fn statements(spec: &Spec) -> Vec<(String, &Statement)> {
    let mut out: Vec<(String, &Statement)> = Vec::new();
    let sections = [
        ("problem", &spec.problem),
        ("who", &spec.who),
        ("job", &spec.job),
        ("why now", &spec.why_now),
        ("change", &spec.change),
        ("non-goals", &spec.non_goals),
        ("qualities", &spec.qualities),
        ("roll-out", &spec.rollout),
        ("risks", &spec.risks),
        ("assumptions", &spec.assumptions),
        ("dependencies", &spec.dependencies),
        ("decision", &spec.decision),
    ];
    for (name, part) in sections {
        out.extend(part.iter().map(|statement| (name.to_owned(), statement)));
    }
    if let Some(fix) = &spec.fix {
        let parts = [
            ("expected", &fix.expected),
            ("actual", &fix.actual),
            ("place", &fix.place),
            ("workaround", &fix.workaround),
            ("tell", &fix.tell),
        ];
        for (name, part) in parts {
            out.extend(part.iter().map(|statement| (name.to_owned(), statement)));
        }
    }
    for measure in &spec.measures {
        out.push(("measures".to_owned(), &measure.baseline));
        out.push(("measures".to_owned(), &measure.target));
    }
    for story in &spec.stories {
        for statement in [&story.actor, &story.means, &story.benefit] {
            out.push((story.key.clone(), statement));
        }
    }
    out
}
