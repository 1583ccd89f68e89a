//! Traces: from any id to what rests on it and to what it rests on.

use super::{Said, Snapshot, Specified, shortened};
use crate::Error;
use serde::Serialize;
use std::collections::BTreeSet;
use throughline_model::{Citation, InsightId, RecordId};

/// A thing in a trace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Node {
    /// What it is: record, statement, insight, need, sentence, account, setting...
    pub what: &'static str,
    /// Its id or path.
    pub id: String,
    /// What it says.
    pub words: String,
}

/// Everything that something rests on, and everything that rests on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// The thing itself.
    pub here: Node,
    /// What rests on it, nearest first.
    pub above: Vec<Node>,
    /// What it rests on, nearest first.
    pub below: Vec<Node>,
}

/// Most nodes of a trace in one direction.
const NODES_MAX: usize = 200;

impl Snapshot {
    /// Everything above and below a thing named by its id; none when nothing has that id.
    ///
    /// # Errors
    /// When a specification cannot be made, which is a bug.
    pub fn trace(&self, id: &str) -> Result<Option<Trace>, Error> {
        Ok(match id.chars().next() {
            Some('r') => id.parse().ok().and_then(|id| self.trace_record(id)),
            Some('s') => match id.parse().ok().and_then(|id| self.statement(id)) {
                Some(said) => Some(self.trace_statement(&said)?),
                None => None,
            },
            Some('i') => match id.parse().ok().and_then(|id| self.position(id)) {
                Some(at) => Some(self.trace_insight(at)?),
                None => None,
            },
            Some('a') => id.parse().ok().and_then(|id| self.trace_account(id)),
            Some('x') => self.trace_sentence(id)?,
            _ => None,
        })
    }

    fn trace_record(&self, id: RecordId) -> Option<Trace> {
        let record = self.corpus.record(id)?;
        let said: Vec<Said<'_>> = self.statements_of(id).collect();
        let mut above: Vec<Node> = said.iter().map(statement_node).collect();
        let insights: BTreeSet<InsightId> = said.iter().filter_map(|said| said.membership).map(|(id, _)| id).collect();
        above.extend(insights.into_iter().filter_map(|id| self.position(id)).map(|at| self.insight_node(at)));
        let here = Node { what: "record", id: id.to_string(), words: shortened(&record.text) };
        let source = Node { what: "source", id: record.external_id.clone(), words: record.source.clone() };
        Some(Trace { here, above, below: vec![source] })
    }

    fn trace_statement(&self, said: &Said<'_>) -> Result<Trace, Error> {
        let id = said.signal.id;
        let mut above = Vec::new();
        if let Some(at) = said.membership.and_then(|(id, _)| self.position(id)) {
            above.push(self.insight_node(at));
            let cites = |citation: &Citation| matches!(citation, Citation::Signal { id: cited, .. } if *cited == id);
            let checks = self.ranked[at].score.checks.iter().zip(&self.rubric.checks);
            above.extend(checks.filter(|(result, _)| result.evidence.iter().any(cites)).map(|(result, check)| Node {
                what: "check",
                id: format!("{}/{}", self.ranked[at].insight.id, check.id),
                words: result.sentence.clone(),
            }));
            if let Ok(specified) = self.specified(at)?.as_ref() {
                above.extend(sentences(specified).filter(|(_, citations)| citations.iter().any(cites)).map(|(n, _)| n));
            }
        }
        above.truncate(NODES_MAX);
        let mut below =
            vec![Node { what: "record", id: said.record.id.to_string(), words: shortened(&said.record.text) }];
        if let Some(account) = said.signal.account.and_then(|id| self.corpus.accounts.get(&id)) {
            below.push(Node { what: "account", id: account.id.to_string(), words: account.facts.name.clone() });
        }
        Ok(Trace { here: statement_node(said), above, below })
    }

    fn trace_insight(&self, at: usize) -> Result<Trace, Error> {
        let mut above = Vec::new();
        if let Ok(specified) = self.specified(at)?.as_ref() {
            above.extend(sentences(specified).map(|(node, _)| node));
        }
        above.truncate(NODES_MAX);
        let needs = self.ranked[at].needs.iter().map(|need| Node {
            what: "need",
            id: need.id.to_string(),
            words: need.frame.clone(),
        });
        let below = needs.chain(self.said(at).map(|said| statement_node(&said))).take(NODES_MAX).collect();
        Ok(Trace { here: self.insight_node(at), above, below })
    }

    fn trace_account(&self, id: throughline_model::AccountId) -> Option<Trace> {
        let account = self.corpus.accounts.get(&id)?;
        let positions = (0..self.corpus.signals.len()).filter(|&at| self.corpus.signals[at].account == Some(id));
        let said: Vec<Said<'_>> = positions.take(NODES_MAX).map(|at| self.said_at(at)).collect();
        let insights: BTreeSet<usize> =
            said.iter().filter_map(|said| said.membership).filter_map(|(id, _)| self.position(id)).collect();
        let above = said.iter().map(statement_node).chain(insights.into_iter().map(|at| self.insight_node(at)));
        Some(Trace {
            here: Node { what: "account", id: id.to_string(), words: account.facts.name.clone() },
            above: above.collect(),
            below: vec![Node {
                what: "source",
                id: account.facts.external_id.clone(),
                words: account.facts.source.clone(),
            }],
        })
    }

    /// A sentence is looked for among the specifications that somebody has looked at, the first in rank before others.
    fn trace_sentence(&self, id: &str) -> Result<Option<Trace>, Error> {
        let known: Vec<InsightId> = super::found::lock(&self.specified).keys().copied().collect();
        let first = self.ranked.iter().take(crate::pipeline::SPECIFIED).map(|ranked| ranked.insight.id);
        for at in known.into_iter().chain(first).filter_map(|id| self.position(id)) {
            let specified = self.specified(at)?;
            let Ok(specified) = specified.as_ref() else { continue };
            let found = sentences(specified).find(|(node, _)| node.id == id);
            if let Some((here, citations)) = found {
                let below = citations.iter().map(|citation| self.cited(citation)).take(NODES_MAX).collect();
                let title = Node {
                    what: "specification",
                    id: specified.spec.insight_id.to_string(),
                    words: specified.spec.title.clone(),
                };
                return Ok(Some(Trace { here, above: vec![title, self.insight_node(at)], below }));
            }
        }
        Ok(None)
    }

    fn insight_node(&self, at: usize) -> Node {
        let insight = &self.ranked[at].insight;
        Node { what: "insight", id: insight.id.to_string(), words: insight.label.clone() }
    }
}

fn statement_node(said: &Said<'_>) -> Node {
    Node { what: "statement", id: said.signal.id.to_string(), words: said.text().to_owned() }
}

/// Sentences with what they cite.
fn sentences(specified: &Specified) -> impl Iterator<Item = (Node, Vec<Citation>)> {
    let mut spec = specified.spec.clone();
    let mut citations: Vec<(String, Vec<Citation>)> = Vec::new();
    throughline_model::sentence::each(&mut spec, &mut |said| {
        citations.push((said.text.clone(), said.grounds.map(|(_, citations)| citations.clone()).unwrap_or_default()));
    });
    specified.sentences.all.clone().into_iter().map(move |sentence| {
        let cites = citations.iter().find(|(text, _)| *text == sentence.text).map(|(_, cites)| cites.clone());
        let node = Node {
            what: "sentence",
            id: sentence.id.to_string(),
            words: format!("{}: {}", sentence.place, sentence.text),
        };
        (node, cites.unwrap_or_default())
    })
}
