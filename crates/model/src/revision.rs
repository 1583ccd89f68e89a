//! Revisions: what was accepted, as it stood, and what changed since.
//!
//! Accepting keeps a numbered revision: the plan, each accepted specification line by line, what it was made from, and
//! the files that were printed, by content. A later compile is held against it: each line that reads otherwise is told
//! with its cause.
//! Invariant: a revision keeps its own shapes and not those of [`Spec`], so that it can be read whatever a specification
//! becomes.

use crate::edit::Status;
use crate::id::{EditId, InsightId, RecordId, SpecItemId};
use crate::sentence::{Sentences, State, is_derived, part_of, shared};
use crate::spec::Spec;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Least share of words by which two lines of one place, of which neither has the other's id, are one that was reworded.
/// Chosen, as for edits.
const REWORDED_UNIT: f64 = 0.5;

/// One line of an accepted specification: a sentence, an entity, an operation, the status of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id.
    pub id: SpecItemId,
    /// Where it stands.
    pub place: String,
    /// How it reads.
    pub text: String,
    /// The edit that made it read so.
    pub edit: Option<EditId>,
}

/// What a specification was made from, each as a mark: another mark, another cause.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grounds {
    /// Statements with who said them, and the needs read from them.
    pub evidence: String,
    /// Score and place.
    pub score: String,
    /// The declared strategy and the product's name.
    pub strategy: String,
    /// The program's edition.
    pub program: String,
    /// Edits that held.
    pub edits: Vec<EditId>,
}

/// A file as it was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// Below the output folder.
    pub path: String,
    /// Of its bytes; they are kept under it.
    pub mark: String,
}

/// One accepted specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// The insight.
    pub insight_id: InsightId,
    /// Its name.
    pub label: String,
    /// Title of the specification.
    pub title: String,
    /// The revision in which it was accepted last.
    pub number: u32,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
    /// All its lines, in reading order.
    pub lines: Vec<Line>,
    /// What it was made from.
    pub grounds: Grounds,
    /// Records that it was made from, so that forgetting finds it.
    pub records: Vec<RecordId>,
    /// Its files.
    pub files: Vec<Printed>,
}

/// One line of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// The insight.
    pub insight_id: InsightId,
    /// Its name.
    pub label: String,
    /// Its rank.
    pub rank: u32,
    /// Its band.
    pub band: String,
    /// Its total.
    pub total: f64,
    /// When it is to start.
    pub horizon: String,
}

/// A revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// From 1.
    pub number: u32,
    /// Who accepted.
    pub by: String,
    /// Why.
    pub why: String,
    /// The scoring instant of the run it looked at.
    pub as_of: Option<Timestamp>,
    /// Insights that were accepted with it; the others stand as they were accepted before.
    pub accepted: Vec<InsightId>,
    /// Everything that stands accepted.
    pub specs: Vec<Accepted>,
    /// The plan, in rank order.
    pub plan: Vec<Planned>,
    /// Files that belong to no one specification.
    pub shared: Vec<Printed>,
    /// Insights whose specifications were taken out because what they rest on was forgotten.
    pub forgotten: Vec<InsightId>,
}

/// How a line differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It reads otherwise.
    Changed,
}

/// Why a line differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A person's edit, or one that was taken back.
    Edit,
    /// Other statements, or others who made them.
    Evidence,
    /// Another score or place.
    Score,
    /// Another strategy.
    Strategy,
    /// Another edition of the program.
    Program,
}

impl Cause {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Edit => "an edit",
            Self::Evidence => "new evidence",
            Self::Score => "score",
            Self::Strategy => "strategy",
            Self::Program => "another edition of the program",
        }
    }
}

/// One line that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Its id, where it is now if it is.
    pub id: SpecItemId,
    /// Where it stands.
    pub place: String,
    /// How it differs.
    pub kind: Kind,
    /// How it read; empty when added.
    pub before: String,
    /// How it reads; empty when removed.
    pub after: String,
    /// Why.
    pub causes: Vec<Cause>,
}

/// Where a specification stands beside what was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The revision.
    pub number: u32,
    /// Who accepted it.
    pub by: String,
    /// Why.
    pub why: String,
    /// What reads otherwise now.
    pub differences: Vec<Difference>,
}

/// The lines of a specification, in reading order.
#[must_use]
pub fn lines(spec: &Spec, sentences: &Sentences) -> Vec<Line> {
    let line = |id, place: &str, text: String| Line { id, place: place.to_owned(), text, edit: None };
    let mut out: Vec<Line> = sentences
        .all
        .iter()
        .map(|sentence| {
            let edit = match &sentence.state {
                State::Compiled => None,
                State::Decided { edit, .. } | State::Conflict { edit, .. } => Some(*edit),
            };
            Line { edit, ..line(sentence.id, &sentence.place, sentence.text.clone()) }
        })
        .collect();
    // What is told by structure and not in sentences: one line each.
    for entity in &spec.entities {
        let fields = entity
            .fields
            .iter()
            .map(|field| format!("{}{} {}", field.name, if field.is_optional { "?" } else { "" }, field.type_name));
        out.push(line(entity.id, "entity", format!("{}: {}", entity.name, fields.collect::<Vec<_>>().join(", "))));
    }
    for endpoint in &spec.endpoints {
        let codes: Vec<String> = endpoint.codes.iter().map(ToString::to_string).collect();
        let text = format!("{} {}: {}", endpoint.method, endpoint.path, codes.join(" "));
        out.push(line(endpoint.id, "operation", text));
    }
    for screen in &spec.screens {
        let regions: Vec<String> = screen.regions.iter().map(|r| format!("{} “{}”", r.kind, r.label)).collect();
        out.push(line(screen.id, "screen", format!("{}: {}", screen.title, regions.join(", "))));
    }
    for item in sentences.items.iter().filter(|item| item.status != Status::Draft) {
        let id = SpecItemId::of(&[&item.id.0.to_le_bytes(), b"status"]);
        out.push(line(id, &format!("{} status", item.key), item.status.word().to_owned()));
    }
    out
}

/// What differs between two editions of a specification, in the order of the later one, what is gone last.
#[must_use]
pub fn differences(before: (&[Line], &Grounds), after: (&[Line], &Grounds)) -> Vec<Difference> {
    let ((before, was), (after, is)) = (before, after);
    let old: BTreeMap<SpecItemId, &Line> = before.iter().map(|line| (line.id, line)).collect();
    let new: BTreeSet<SpecItemId> = after.iter().map(|line| line.id).collect();
    let mut gone: Vec<&Line> = before.iter().filter(|line| !new.contains(&line.id)).collect();
    let mut out = Vec::new();
    for line in after {
        let known = old.get(&line.id).copied().or_else(|| {
            // The same thing in other words has another id.
            let scored = gone.iter().enumerate().filter(|(_, old)| part_of(&old.place) == part_of(&line.place));
            let best = scored.map(|(i, old)| (shared(&old.text, &line.text), i)).max_by(|a, b| a.0.total_cmp(&b.0))?;
            (best.0 >= REWORDED_UNIT).then(|| gone.remove(best.1))
        });
        match known {
            Some(old) if old.text == line.text => {}
            Some(old) => out.push(Difference {
                id: line.id,
                place: line.place.clone(),
                kind: Kind::Changed,
                before: old.text.clone(),
                after: line.text.clone(),
                causes: causes(Some(old), Some(line), was, is),
            }),
            None => out.push(Difference {
                id: line.id,
                place: line.place.clone(),
                kind: Kind::Added,
                before: String::new(),
                after: line.text.clone(),
                causes: causes(None, Some(line), was, is),
            }),
        }
    }
    out.extend(gone.into_iter().map(|line| Difference {
        id: line.id,
        place: line.place.clone(),
        kind: Kind::Removed,
        before: line.text.clone(),
        after: String::new(),
        causes: causes(Some(line), None, was, is),
    }));
    out
}

/// An edit that came or went is the cause; else everything that the specification was made from and that changed. What is
/// made from other sentences follows their edits.
fn causes(before: Option<&Line>, after: Option<&Line>, was: &Grounds, is: &Grounds) -> Vec<Cause> {
    let edit = |line: Option<&Line>| line.and_then(|line| line.edit);
    let is_status = before.or(after).is_some_and(|line| line.place.ends_with(" status"));
    if edit(before) != edit(after) || is_status {
        return vec![Cause::Edit];
    }
    let follows = before.or(after).is_some_and(|line| is_derived(&line.place));
    let all = [
        (Cause::Edit, follows && was.edits != is.edits),
        (Cause::Evidence, was.evidence != is.evidence),
        (Cause::Strategy, was.strategy != is.strategy),
        (Cause::Score, was.score != is.score),
        (Cause::Program, was.program != is.program),
    ];
    all.into_iter().filter(|(_, is_changed)| *is_changed).map(|(cause, _)| cause).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: u64, place: &str, text: &str, edit: Option<u64>) -> Line {
        Line { id: SpecItemId(id), place: place.into(), text: text.into(), edit: edit.map(EditId) }
    }

    #[test]
    fn lines_are_told_apart_by_id_and_reworded_ones_by_their_words() {
        let was = Grounds { evidence: "1".into(), ..Grounds::default() };
        let is = Grounds { evidence: "2".into(), score: "9".into(), ..Grounds::default() };
        let before = [
            line(1, "problem", "Nine voices say so.", None),
            line(2, "risks", "The file may be read by others.", None),
            line(3, "US-1 means", "send the file", None),
            line(4, "who", "Payroll clerks.", None),
        ];
        let after = [
            line(1, "problem", "Ten voices say so.", None),
            line(3, "US-1 means", "mail the file", Some(7)),
            line(5, "risks", "The file may be read by anybody.", None),
            line(6, "why_now", "A deal waits.", None),
        ];
        let found = differences((&before, &was), (&after, &is));
        let told: Vec<(u64, Kind, Vec<Cause>)> = found.iter().map(|d| (d.id.0, d.kind, d.causes.clone())).collect();
        let grown = vec![Cause::Evidence, Cause::Score];
        assert_eq!(
            told,
            [
                (1, Kind::Changed, grown.clone()),
                (3, Kind::Changed, vec![Cause::Edit]),
                (5, Kind::Changed, grown.clone()),
                (6, Kind::Added, grown.clone()),
                (4, Kind::Removed, grown),
            ]
        );
        assert_eq!(found[2].before, "The file may be read by others.");
        assert!(differences((&before, &was), (&before, &is)).is_empty(), "other grounds alone are no difference");
    }
}
