//! Judgements: what people said about the model. They are inputs, and every run respects them.
//!
//! A list that only grows, in order: what is said later goes before what was said earlier, and taking something back is
//! said, too. [`Standing`] is what holds of it.
//! A judgement that names an insight also names the statements it consisted of, so that it is found again when ids are
//! given anew, and a statement is named with its record, so that forgetting finds it.

use crate::edit::Edit;
use crate::id::{InsightId, JudgementId, LinkId, RecordId, SignalId};
use crate::link::Ends;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A statement and the record it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Statement {
    /// The record.
    pub record_id: RecordId,
    /// The statement.
    pub signal_id: SignalId,
}

/// An insight as it was when somebody spoke of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meant {
    /// Its id.
    pub id: InsightId,
    /// Its name.
    pub label: String,
    /// Its statements, by id.
    pub members: Vec<Statement>,
}

/// What is said of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// The two are one.
    Accept,
    /// The two are two.
    Reject,
}

impl Ruling {
    /// The word that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Reject => "rejected",
        }
    }
}

/// What is kept together or apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pinned {
    /// Two statements.
    Statements(Statement, Statement),
    /// Two insights.
    Insights(Meant, Meant),
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// An insight has this name.
    Rename {
        /// The insight.
        insight: Meant,
        /// Its name.
        label: String,
    },
    /// Statements belong to an insight, or to none.
    Move {
        /// The statements.
        statements: Vec<Statement>,
        /// The insight; none for no insight at all.
        to: Option<Meant>,
    },
    /// Two statements are of one insight, or two insights are one: the second goes where the first is.
    Together(Pinned),
    /// Two statements are not of one insight: the second leaves. Two insights are two: what was the second's is its own.
    Apart(Pinned),
    /// A link is right or wrong.
    Link {
        /// Its ends.
        ends: Ends,
        /// Which.
        ruling: Ruling,
    },
    /// An earlier judgement is taken back.
    Undo {
        /// Which.
        judgement: JudgementId,
    },
}

/// Something a person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Of what was said, and of the judgement before it.
    pub id: JudgementId,
    /// Who said it.
    pub by: Option<String>,
    /// What.
    pub act: Act,
}

/// What holds of all that was said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Names of insights.
    pub names: BTreeMap<InsightId, String>,
    /// Where statements were moved; none for out of all insights.
    pub places: BTreeMap<SignalId, Option<InsightId>>,
    /// Statements of which the second goes where the first is.
    pub together: Vec<(SignalId, SignalId)>,
    /// Statements of which the second leaves the insight of the first.
    pub apart: Vec<(SignalId, SignalId)>,
    /// Insights of which the second goes into the first.
    pub joined: Vec<(InsightId, InsightId)>,
    /// Insights that stay two.
    pub divided: Vec<(InsightId, InsightId)>,
    /// What was said of links.
    pub links: BTreeMap<LinkId, (Ends, Ruling)>,
    /// Statements of the insights that judgements name, so that they are found again.
    pub meant: BTreeMap<InsightId, Vec<SignalId>>,
}

/// The judgements that were not taken back, in order.
#[must_use]
pub fn not_undone(judgements: &[Judgement]) -> Vec<&Judgement> {
    let mut undone: BTreeSet<JudgementId> = BTreeSet::new();
    let mut kept: Vec<&Judgement> = Vec::new();
    // From the last to the first: what takes something back may itself be taken back.
    for judgement in judgements.iter().rev() {
        if undone.contains(&judgement.id) {
            continue;
        }
        if let Act::Undo { judgement } = &judgement.act {
            undone.insert(*judgement);
        } else {
            kept.push(judgement);
        }
    }
    kept.reverse();
    kept
}

impl Standing {
    /// What holds of a list of judgements.
    #[must_use]
    pub fn of(judgements: &[Judgement]) -> Self {
        let mut standing = Self::default();
        for judgement in not_undone(judgements) {
            standing.take(&judgement.act);
        }
        standing
    }

    fn take(&mut self, act: &Act) {
        match act {
            Act::Rename { insight, label } => {
                let id = self.mean(insight);
                self.names.insert(id, label.clone());
            }
            Act::Move { statements, to } => {
                let to = to.as_ref().map(|insight| self.mean(insight));
                self.places.extend(statements.iter().map(|statement| (statement.signal_id, to)));
            }
            Act::Together(Pinned::Statements(a, b)) => self.together.push((a.signal_id, b.signal_id)),
            Act::Apart(Pinned::Statements(a, b)) => self.apart.push((a.signal_id, b.signal_id)),
            Act::Together(Pinned::Insights(a, b)) => {
                let pair = (self.mean(a), self.mean(b));
                self.joined.push(pair);
            }
            Act::Apart(Pinned::Insights(a, b)) => {
                let pair = (self.mean(a), self.mean(b));
                self.divided.push(pair);
            }
            Act::Link { ends, ruling } => {
                self.links.insert(ends.id(), (*ends, *ruling));
            }
            Act::Undo { .. } => {}
        }
    }

    fn mean(&mut self, insight: &Meant) -> InsightId {
        self.meant.insert(insight.id, insight.members.iter().map(|statement| statement.signal_id).collect());
        insight.id
    }

    /// Insights whose specifications were edited are found again, too. What a judgement means goes first.
    pub fn mean_also(&mut self, edits: &[Edit]) {
        for edit in crate::edit::not_undone(edits) {
            let members = edit.insight.members.iter().map(|statement| statement.signal_id).collect();
            self.meant.entry(edit.insight.id).or_insert(members);
        }
    }

    /// The ends of links of which this was said.
    pub fn ruled(&self, ruling: Ruling) -> impl Iterator<Item = Ends> + '_ {
        self.links.values().filter(move |(_, said)| *said == ruling).map(|(ends, _)| *ends)
    }
}

impl Judgement {
    /// A judgement that follows on `before`. `spoken` is a binary form of the act, for the id.
    #[must_use]
    pub fn after(before: &[Self], by: Option<String>, act: Act, spoken: &[u8]) -> Self {
        let last = before.last().map_or(0, |judgement| judgement.id.0);
        Self { id: JudgementId::of(&[&last.to_le_bytes(), spoken]), by, act }
    }

    /// The same without what belongs to these records; none when nothing is left to judge.
    #[must_use]
    pub fn without(mut self, gone: &BTreeSet<RecordId>) -> Option<Self> {
        let is_left = |statement: &Statement| !gone.contains(&statement.record_id);
        let clean = |meant: &mut Meant| {
            meant.members.retain(is_left);
            !meant.members.is_empty()
        };
        let stands = match &mut self.act {
            Act::Rename { insight, .. } => clean(insight),
            Act::Move { statements, to } => {
                statements.retain(is_left);
                to.as_mut().is_none_or(clean) && !statements.is_empty()
            }
            Act::Together(Pinned::Statements(a, b)) | Act::Apart(Pinned::Statements(a, b)) => is_left(a) && is_left(b),
            Act::Together(Pinned::Insights(a, b)) | Act::Apart(Pinned::Insights(a, b)) => clean(a) && clean(b),
            Act::Link { ends: Ends::Records(a, b), .. } => !gone.contains(a) && !gone.contains(b),
            Act::Link { .. } | Act::Undo { .. } => true,
        };
        stands.then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(list: &mut Vec<Judgement>, act: Act) -> JudgementId {
        let spoken = format!("{act:?}");
        let judgement = Judgement::after(list, None, act, spoken.as_bytes());
        let id = judgement.id;
        list.push(judgement);
        id
    }

    fn meant(id: u64) -> Meant {
        let statement = Statement { record_id: RecordId(id), signal_id: SignalId(id) };
        Meant { id: InsightId(id), label: String::new(), members: vec![statement] }
    }

    #[test]
    fn what_is_said_last_holds_and_taking_back_brings_the_earlier_again() {
        let mut list = Vec::new();
        let name = |list: &[Judgement]| Standing::of(list).names.get(&InsightId(1)).cloned();
        said(&mut list, Act::Rename { insight: meant(1), label: "one".into() });
        let second = said(&mut list, Act::Rename { insight: meant(1), label: "two".into() });
        assert_eq!(name(&list).as_deref(), Some("two"));
        let back = said(&mut list, Act::Undo { judgement: second });
        assert_eq!(name(&list).as_deref(), Some("one"));
        said(&mut list, Act::Undo { judgement: back });
        assert_eq!(name(&list).as_deref(), Some("two"));
        let ids: BTreeSet<JudgementId> = list.iter().map(|judgement| judgement.id).collect();
        assert_eq!(ids.len(), list.len());
    }

    #[test]
    fn what_is_forgotten_is_named_by_no_judgement() {
        let mut list = Vec::new();
        said(&mut list, Act::Rename { insight: meant(1), label: "one".into() });
        let statements = [1, 2].map(|id| Statement { record_id: RecordId(id), signal_id: SignalId(id) }).to_vec();
        said(&mut list, Act::Move { statements, to: Some(meant(3)) });
        let gone = BTreeSet::from([RecordId(1)]);
        let left: Vec<Judgement> = list.into_iter().filter_map(|judgement| judgement.without(&gone)).collect();
        let moved = Standing::of(&left).places;
        assert_eq!(left.len(), 1);
        assert_eq!(moved, BTreeMap::from([(SignalId(2), Some(InsightId(3)))]));
    }
}
