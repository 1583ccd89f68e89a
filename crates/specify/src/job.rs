//! The job behind a need: its story, how one tells that it went well, and what pushes and holds.
//!
//! In: a need with its playbook entry, the voices. Out: a [`Job`]. Outcome statements come from `data/outcomes.toml`;
//! forces only from words, so that an empty one stays open.
//! Invariant: no job names the product or a feature of it (rule JB-2, tested for every capability).

use crate::facts::{Facts, cite};
use crate::narrative::quoted;
use crate::persona::wish_in;
use crate::playbook::{Entry, split};
use crate::statement::{default, evidence, open};
use crate::wording::{Wording, is_stated};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use throughline_model::job::{Direction, Force, ForceKind, Job, Metric, Opportunity, Outcome};
use throughline_model::spec::Statement;
use throughline_model::{Basis, Corpus, Kind, Need, Polarity, Signal, SignalId, SlotName, Span};

static OUTCOMES: LazyLock<BTreeMap<String, Vec<String>>> =
    LazyLock::new(|| toml::from_str(include_str!("../data/outcomes.toml")).unwrap_or_default());

/// Phrase classes that show a force, the most telling first.
const SHOWN_BY: [(ForceKind, &[&str]); 4] = [
    (ForceKind::Push, &["blocked", "harm_money", "harm_data", "churn", "deal_block", "urgency", "negative"]),
    (ForceKind::Pull, &["request", "attractive", "expansion"]),
    (ForceKind::Habit, &["workaround"]),
    (ForceKind::Anxiety, &["trust", "privacy", "security", "learnability", "confusion"]),
];

/// The job of a need.
pub(crate) fn job(
    key: &str,
    need: &Need,
    entry: &Entry,
    wording: &Wording,
    benefit: &Statement,
    facts: &Facts<'_>,
    corpus: &Corpus,
) -> Job {
    Job {
        key: key.to_owned(),
        circumstance: circumstance(need, entry, wording),
        motivation: default(wording.fill(&entry.want), format!("playbook.{}.want", need.frame)),
        progress: benefit.clone(),
        outcomes: outcomes(need, wording),
        forces: forces(facts, corpus),
        opportunities: opportunities(facts, corpus),
    }
}

/// The job story as one sentence.
pub(crate) fn story(job: &Job) -> Statement {
    let text =
        format!("When {}, I want to {}, so that {}.", job.circumstance.text, job.motivation.text, job.progress.text);
    // As soon as a person worded a part, the whole is theirs.
    let parts = [&job.circumstance, &job.motivation, &job.progress];
    let ground = parts.into_iter().find(|part| part.basis == Basis::Decided).unwrap_or(&job.circumstance);
    Statement { text, ..ground.clone() }
}

/// The situation in which the job comes up: as somebody put it, else the playbook's.
fn circumstance(need: &Need, entry: &Entry, wording: &Wording) -> Statement {
    told(need).unwrap_or_else(|| default(wording.fill(&entry.when), format!("playbook.{}.when", need.frame)))
}

/// The situation as a clause after "when", where somebody put it so.
pub(crate) fn told(need: &Need) -> Option<Statement> {
    let slot = need.slots.get(&SlotName::Situation).filter(|slot| is_stated(slot))?;
    let lower = slot.value.trim().to_lowercase();
    let rest = ["when ", "whenever ", "every time ", "each time "].iter().find_map(|mark| lower.strip_prefix(mark))?;
    if rest.split_whitespace().count() < 3 || rest.len() > 90 {
        return None;
    }
    let when = rest.trim_end_matches(['.', ',', '!']).replace(" i ", " I ");
    let when = if when.starts_with("i ") { format!("I{}", &when[1..]) } else { when };
    Some(evidence(when, slot.quotes.iter().map(cite).collect()))
}

fn outcomes(need: &Need, wording: &Wording) -> Vec<Outcome> {
    let frame = match need.polarity {
        Polarity::Remove => "_remove",
        Polarity::Keep => "_keep",
        Polarity::Want | Polarity::Fix => &need.frame,
    };
    let lines = OUTCOMES.get(frame).map(Vec::as_slice).unwrap_or_default();
    lines.iter().filter_map(|line| outcome(line, frame, wording)).collect()
}

/// Reads `metric: object | context`.
fn outcome(line: &str, frame: &str, wording: &Wording) -> Option<Outcome> {
    let (head, rest) = line.split_once(": ")?;
    let (direction, metric) = match head.strip_prefix("increase ") {
        Some(metric) => (Direction::Increase, metric),
        None => (Direction::Minimize, head),
    };
    let metric = match metric {
        "time" => Metric::Time,
        "likelihood" => Metric::Likelihood,
        "number" => Metric::Number,
        "effort" => Metric::Effort,
        "cost" => Metric::Cost,
        _ => return None,
    };
    let (object, context) = split(rest, " | ");
    // What a slot joins is one thing to its speaker; an outcome names one thing.
    let fill = |text: &str| wording.fill(text).replace(" and ", " plus ");
    let (object, context) = (fill(object), fill(context));
    let text = format!("{} {} {object} when {context}.", direction.word(), metric.word());
    let statement = default(text, format!("outcomes.{frame}"));
    Some(Outcome { direction, metric, object, context, statement })
}

/// All four forces, each from words of another voice where there are any.
fn forces(facts: &Facts<'_>, corpus: &Corpus) -> Vec<Force> {
    let mut used: BTreeSet<SignalId> = facts.insight.dissent.iter().map(|quote| quote.signal_id).collect();
    SHOWN_BY
        .iter()
        .map(|(kind, classes)| {
            if *kind == ForceKind::Anxiety
                && let Some(quote) = facts.insight.dissent.first()
            {
                return Force { kind: *kind, statement: quoted(facts, quote, None) };
            }
            let found = classes.iter().find_map(|class| {
                facts
                    .with_phrase(class)
                    .filter(|(signal, _)| !used.contains(&signal.id))
                    .find(|hit| is_telling(facts, hit))
            });
            let wish = || {
                let of = |signal: &&Signal| !used.contains(&signal.id) && *kind == ForceKind::Pull;
                facts.words().filter(of).find_map(|signal| Some((signal, wish_in(corpus, signal)?)))
            };
            let of_kind = || {
                let wanted = match kind {
                    ForceKind::Push => Kind::Problem,
                    ForceKind::Pull => Kind::Request,
                    ForceKind::Habit | ForceKind::Anxiety => return None,
                };
                facts
                    .words()
                    .filter(|signal| signal.kind == wanted && !used.contains(&signal.id))
                    .map(|signal| (signal, signal.span))
                    .find(|hit| is_telling(facts, hit))
            };
            let statement = match wish().or(found).or_else(of_kind) {
                Some((signal, span)) => {
                    used.insert(signal.id);
                    quoted(facts, &facts.excerpt(signal, Some(span)), None)
                }
                None => open("Not known: no voice speaks of it."),
            };
            Force { kind: *kind, statement }
        })
        .collect()
}

/// Whether words are worth quoting by themselves.
fn is_telling(facts: &Facts<'_>, (signal, span): &(&Signal, Span)) -> bool {
    let quote = facts.excerpt(signal, Some(*span));
    let shows_it = *span == signal.span || quote.start <= span.start && span.end <= quote.end;
    shows_it && (5..=32).contains(&quote.text.split_whitespace().count())
}

/// Importance and satisfaction by segment, from survey answers tagged `importance:N` and `satisfaction:N` (0 to 10).
fn opportunities(facts: &Facts<'_>, corpus: &Corpus) -> Vec<Opportunity> {
    let mut by_segment: BTreeMap<String, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for signal in &facts.signals {
        let segment =
            signal.account.and_then(|id| corpus.accounts.get(&id)).and_then(|account| account.facts.segment.clone());
        let (Some(segment), Some(record)) = (segment, corpus.record(signal.record_id)) else { continue };
        if !seen.insert(record.id) {
            continue;
        }
        let answers = by_segment.entry(segment).or_default();
        let mark = |name: &str| {
            let marks = record.tags.iter().filter_map(|tag| tag.strip_prefix(name)?.parse::<f64>().ok());
            marks.filter(|mark| (0.0..=10.0).contains(mark)).collect::<Vec<f64>>()
        };
        answers.0.extend(mark("importance:"));
        answers.1.extend(mark("satisfaction:"));
    }
    let mean = |marks: &[f64]| (!marks.is_empty()).then(|| marks.iter().sum::<f64>() / marks.len() as f64);
    by_segment
        .into_iter()
        .filter(|(_, (importance, satisfaction))| !importance.is_empty() || !satisfaction.is_empty())
        .map(|(segment, (importance, satisfaction))| Opportunity {
            segment,
            importance: mean(&importance),
            n_importance: importance.len() as u32,
            satisfaction: mean(&satisfaction),
            n_satisfaction: satisfaction.len() as u32,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_capability_says_how_one_tells_that_it_went_well() {
        for frame in crate::playbook::frames().chain(["_remove", "_keep"]) {
            let lines = OUTCOMES.get(frame).map(Vec::as_slice).unwrap_or_default();
            assert!(lines.len() >= 2, "{frame}");
            for line in lines {
                let (head, rest) = line.split_once(": ").unwrap();
                let head = head.strip_prefix("increase ").unwrap_or(head);
                assert!(["time", "likelihood", "number", "effort", "cost"].contains(&head), "{frame}: {line}");
                assert_eq!(rest.matches(" | ").count(), 1, "{frame}: {line}");
                assert!(!rest.contains(" and "), "{frame}: {line}");
            }
        }
    }
}
