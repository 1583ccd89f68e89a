//! Judgements and links: what people say about the model, and the joins they can say it of.
//!
//! A judgement is written to the inputs at once and takes effect with the next run. Nothing is ever changed in the list:
//! taking something back is one more judgement. Only forgetting removes.

use crate::Error;
use crate::session::{JUDGEMENTS, LINKS, SIGNALS, Session, SignalRow, decode, encode};
use serde::Serialize;
use std::collections::BTreeSet;
use throughline_model::judgement::{Act, Meant, Pinned, Ruling, Statement, not_undone};
use throughline_model::link::{Decision, Ends, LinkKind};
use throughline_model::{Judgement, JudgementId, Link, LinkId, RecordId, SignalId, Standing};

/// Characters of a statement or record shown of a link's end.
const SHOWN_CHARS: usize = 100;

/// One end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct End {
    /// Id of the statement, record, appearance or company.
    pub id: String,
    /// Where it is from: source and the source's id of a record; empty for people and companies.
    pub from: String,
    /// Its words, shortened, or its name.
    pub text: String,
}

/// A link as it is listed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkRow {
    /// Its id.
    pub id: LinkId,
    /// What it joins: statements, records, people or companies.
    pub joins: &'static str,
    /// On what it rests.
    pub kind: &'static str,
    /// What is done about it.
    pub decision: Decision,
    /// How alike the two are, or how much the rule is worth, 0..=1.
    pub score: f64,
    /// Why, in words.
    pub reason: String,
    /// What somebody said of it, if anything.
    pub ruling: Option<&'static str>,
    /// One end.
    pub a: End,
    /// The other.
    pub b: End,
}

/// A judgement as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JudgementRow {
    /// Its id.
    pub id: JudgementId,
    /// Who said it.
    pub by: Option<String>,
    /// What was said: rename, move, together, apart, accept, reject or undo.
    pub act: &'static str,
    /// The same in words.
    pub sentence: String,
    /// `stands`; `undone`; `idle` when nothing of what it names is there now.
    pub state: &'static str,
}

/// All judgements, in the order in which they were said.
pub(crate) fn judgements(session: &Session) -> Result<Vec<Judgement>, Error> {
    let bytes = session.inputs().value(JUDGEMENTS)?;
    Ok(bytes.map(|bytes| decode("the judgements", &bytes)).transpose()?.unwrap_or_default())
}

fn add(session: &mut Session, by: Option<&str>, act: Act) -> Result<Judgement, Error> {
    let mut all = judgements(session)?;
    let spoken = encode(&act)?;
    let judgement = Judgement::after(&all, by.map(str::to_owned), act, &spoken);
    all.push(judgement.clone());
    write(session, &all)?;
    Ok(judgement)
}

/// Writes the list of judgements.
pub(crate) fn write(session: &mut Session, all: &Vec<Judgement>) -> Result<(), Error> {
    let bytes = if all.is_empty() { None } else { Some(encode(all)?) };
    Ok(session.stores().0.set_value(JUDGEMENTS, bytes.as_deref())?)
}

/// Gives an insight a name.
///
/// # Errors
/// When there is no such insight, nothing has been run yet, or the store fails.
pub fn rename(session: &mut Session, insight: &str, label: &str, by: Option<&str>) -> Result<Judgement, Error> {
    let insight = meant(session, insight)?;
    add(session, by, Act::Rename { insight, label: label.split_whitespace().collect::<Vec<_>>().join(" ") })
}

/// Moves statements to an insight, or out of all.
///
/// # Errors
/// When there is no such statement or insight, nothing has been run yet, or the store fails.
pub fn place(
    session: &mut Session,
    signals: &[String],
    to: Option<&str>,
    by: Option<&str>,
) -> Result<Judgement, Error> {
    let to = to.map(|name| meant(session, name)).transpose()?;
    let statements = signals.iter().map(|id| statement(session, id)).collect::<Result<_, _>>()?;
    add(session, by, Act::Move { statements, to })
}

/// Keeps two statements or two insights together, or apart.
///
/// # Errors
/// When there are no such two of one kind, nothing has been run yet, or the store fails.
pub fn pin(session: &mut Session, pair: [&str; 2], is_together: bool, by: Option<&str>) -> Result<Judgement, Error> {
    let pinned = if pair[0].trim().parse::<SignalId>().is_ok() {
        Pinned::Statements(statement(session, pair[0])?, statement(session, pair[1])?)
    } else {
        Pinned::Insights(meant(session, pair[0])?, meant(session, pair[1])?)
    };
    add(session, by, if is_together { Act::Together(pinned) } else { Act::Apart(pinned) })
}

/// Says that a link is right or wrong.
///
/// # Errors
/// When there is no such link, nothing has been run yet, or the store fails.
pub fn rule(session: &mut Session, link: &str, ruling: Ruling, by: Option<&str>) -> Result<Judgement, Error> {
    let ends = ends(session, link)?;
    add(session, by, Act::Link { ends, ruling })
}

/// Takes back what was said last of a link.
///
/// # Errors
/// When nothing that stands was said of it, or the store fails.
pub fn undo_link(session: &mut Session, link: &str, by: Option<&str>) -> Result<Judgement, Error> {
    let all = judgements(session)?;
    let id: Option<LinkId> = link.parse().ok();
    let said = not_undone(&all).into_iter().rev().find_map(|judgement| match &judgement.act {
        Act::Link { ends, .. } if Some(ends.id()) == id => Some(judgement.id),
        _ => None,
    });
    let judgement = said.ok_or_else(|| Error::NotFound {
        what: "judgement of the link",
        id: link.to_owned(),
        hint: "`throughline judgements` lists what was said",
    })?;
    add(session, by, Act::Undo { judgement })
}

/// Takes a judgement back.
///
/// # Errors
/// When there is no such judgement, or the store fails.
pub fn undo(session: &mut Session, judgement: &str, by: Option<&str>) -> Result<Judgement, Error> {
    let id = judgement.parse::<JudgementId>().ok();
    let all = judgements(session)?;
    let found = all.iter().find(|known| Some(known.id) == id).ok_or_else(|| Error::NotFound {
        what: "judgement",
        id: judgement.to_owned(),
        hint: "`throughline judgements` lists them with their ids",
    })?;
    add(session, by, Act::Undo { judgement: found.id })
}

/// The insight of this id or rank, with its statements as clustering found them, so that it is found again.
pub(crate) fn meant(session: &Session, name: &str) -> Result<Meant, Error> {
    let insight = session.find(name)?.insight;
    let known = session.lineage()?.insights.into_iter().find(|known| known.id == insight.id);
    let members = known.map_or(insight.members, |known| known.members);
    let members = members.into_iter().filter_map(|id| stands(session, id).transpose()).collect::<Result<_, _>>()?;
    Ok(Meant { id: insight.id, label: insight.label, members })
}

fn stands(session: &Session, id: SignalId) -> Result<Option<Statement>, Error> {
    let row: Option<SignalRow> = session.one(SIGNALS, id.0)?;
    Ok(row.map(|row| Statement { record_id: row.signal.record_id, signal_id: id }))
}

fn statement(session: &Session, id: &str) -> Result<Statement, Error> {
    session.ranked(1)?;
    let found = id.parse::<SignalId>().ok().map(|id| stands(session, id)).transpose()?.flatten();
    found.ok_or_else(|| Error::NotFound {
        what: "statement",
        id: id.to_owned(),
        hint: "`throughline show INSIGHT` and `throughline export signals` print the ids of statements",
    })
}

fn ends(session: &Session, link: &str) -> Result<Ends, Error> {
    let not_found = || Error::NotFound {
        what: "link",
        id: link.to_owned(),
        hint: "`throughline links list` prints them with their ids, `--ask` those that are open",
    };
    let id: LinkId = link.parse().map_err(|_| not_found())?;
    if let Some(known) = session.one::<Link>(LINKS, id.0)? {
        return Ok(known.ends);
    }
    if let Some((ends, _)) = Standing::of(&judgements(session)?).links.get(&id) {
        return Ok(*ends);
    }
    let (corpus, _) = session.corpus()?;
    let asked = throughline_passes::deduplicate::ask_links(&corpus);
    asked.into_iter().find(|known| known.id == id).map(|known| known.ends).ok_or_else(not_found)
}

/// Links by what they join, the surest first: what is taken for one and what was said of it, or with `is_ask` what is
/// worth asking.
///
/// # Errors
/// When nothing has been run yet, or the store fails.
pub fn links(session: &Session, is_ask: bool) -> Result<Vec<LinkRow>, Error> {
    session.ranked(1)?;
    let standing = Standing::of(&judgements(session)?);
    let mut links: Vec<Link> = session.all(LINKS)?;
    links.retain(|link| (link.decision == Decision::Ask) == is_ask || standing.links.contains_key(&link.id));
    if is_ask {
        links.extend(throughline_passes::deduplicate::ask_links(&session.corpus()?.0));
        links.retain(|link| !standing.links.contains_key(&link.id));
    } else {
        let known: BTreeSet<LinkId> = links.iter().map(|link| link.id).collect();
        let ruled = standing.links.iter().filter(|(id, _)| !known.contains(id));
        links.extend(ruled.map(|(id, (ends, ruling))| ruled_link(*id, *ends, *ruling)));
    }
    let order = |link: &Link| match link.ends {
        Ends::Companies(..) => 0,
        Ends::People(..) => 1,
        Ends::Records(..) => 2,
        Ends::Statements(..) => 3,
    };
    links.sort_by(|a, b| {
        order(a).cmp(&order(b)).then(a.kind.cmp(&b.kind)).then(b.score.total_cmp(&a.score)).then(a.id.cmp(&b.id))
    });
    links.iter().map(|link| row(session, link, standing.links.get(&link.id).map(|(_, ruling)| *ruling))).collect()
}

/// A link that no rule makes (any more), but of which somebody said something.
fn ruled_link(id: LinkId, ends: Ends, ruling: Ruling) -> Link {
    let decision = if ruling == Ruling::Accept { Decision::Auto } else { Decision::New };
    Link { id, kind: LinkKind::Stated, ends, decision, score: 1.0, detail: String::new(), shown: Default::default() }
}

fn row(session: &Session, link: &Link, ruling: Option<Ruling>) -> Result<LinkRow, Error> {
    let (joins, a, b) = match link.ends {
        Ends::Statements(a, b) => ("statements", spoken(session, a)?, spoken(session, b)?),
        Ends::Records(a, b) => ("records", written(session, a)?, written(session, b)?),
        Ends::People(a, b) => ("people", named(a.to_string(), &link.shown.0), named(b.to_string(), &link.shown.1)),
        Ends::Companies(a, b) => {
            ("companies", named(a.to_string(), &link.shown.0), named(b.to_string(), &link.shown.1))
        }
    };
    let is_rejected = ruling == Some(Ruling::Reject);
    let reason = if is_rejected { "somebody said that they are two".to_owned() } else { link.reason() };
    let decision = if is_rejected { Decision::New } else { link.decision };
    let ruling = ruling.map(Ruling::word);
    Ok(LinkRow { id: link.id, joins, kind: link.kind.word(), decision, score: link.score, reason, ruling, a, b })
}

fn named(id: String, name: &str) -> End {
    End { id, from: String::new(), text: name.to_owned() }
}

fn spoken(session: &Session, id: SignalId) -> Result<End, Error> {
    let row: Option<SignalRow> = session.one(SIGNALS, id.0)?;
    let Some(row) = row else { return Ok(named(id.to_string(), "")) };
    let record = session.record(row.signal.record_id)?;
    let (from, text) = record.map_or_else(Default::default, |record| {
        (format!("{} {}", record.source, record.external_id), shortened(record.slice(row.signal.span)))
    });
    Ok(End { id: id.to_string(), from, text })
}

fn written(session: &Session, id: RecordId) -> Result<End, Error> {
    let (from, text) = session.record(id)?.map_or_else(Default::default, |record| {
        (format!("{} {}", record.source, record.external_id), shortened(&record.text))
    });
    Ok(End { id: id.to_string(), from, text })
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// All judgements, with what became of them.
///
/// # Errors
/// When the store fails.
pub fn list(session: &Session) -> Result<Vec<JudgementRow>, Error> {
    let all = judgements(session)?;
    let standing: BTreeSet<JudgementId> = not_undone(&all).into_iter().map(|judgement| judgement.id).collect();
    let is_there = |statement: &Statement| Ok::<bool, Error>(stands(session, statement.signal_id)?.is_some());
    all.iter()
        .map(|judgement| {
            let (act, sentence) = told(&judgement.act);
            let is_idle = match &judgement.act {
                Act::Rename { insight, .. } => !session.has_insight(insight.id)?,
                Act::Move { statements, .. } => {
                    !statements.iter().map(is_there).collect::<Result<Vec<_>, _>>()?.contains(&true)
                }
                Act::Together(Pinned::Statements(a, b)) | Act::Apart(Pinned::Statements(a, b)) => {
                    !is_there(a)? || !is_there(b)?
                }
                _ => false,
            };
            let is_undo = matches!(judgement.act, Act::Undo { .. });
            let state = match () {
                () if !is_undo && !standing.contains(&judgement.id) => "undone",
                () if is_idle => "idle",
                () => "stands",
            };
            Ok(JudgementRow { id: judgement.id, by: judgement.by.clone(), act, sentence, state })
        })
        .collect()
}

/// What was said, in a word and in a sentence.
#[must_use]
pub fn told(act: &Act) -> (&'static str, String) {
    let named = |meant: &Meant| format!("“{}” ({})", meant.label, meant.id);
    let pair = |pinned: &Pinned| match pinned {
        Pinned::Statements(a, b) => format!("statements {} and {}", a.signal_id, b.signal_id),
        Pinned::Insights(a, b) => format!("{} and {}", named(a), named(b)),
    };
    match act {
        Act::Rename { insight, label } => ("rename", format!("{} is called “{label}”", named(insight))),
        Act::Move { statements, to } => {
            let ids: Vec<String> = statements.iter().map(|statement| statement.signal_id.to_string()).collect();
            let to = to.as_ref().map_or_else(|| "to no insight".to_owned(), |meant| format!("to {}", named(meant)));
            let (noun, verb) = if ids.len() == 1 { ("statement", "belongs") } else { ("statements", "belong") };
            ("move", format!("{noun} {} {verb} {to}", ids.join(", ")))
        }
        Act::Together(pinned) => ("together", format!("{} belong together", pair(pinned))),
        Act::Apart(pinned) => ("apart", format!("{} are kept apart", pair(pinned))),
        Act::Link { ends, ruling } => {
            let act = if *ruling == Ruling::Accept { "accept" } else { "reject" };
            let verb = if *ruling == Ruling::Accept { "are one" } else { "are two" };
            let (noun, a, b) = match ends {
                Ends::Statements(a, b) => ("statements", a.to_string(), b.to_string()),
                Ends::Records(a, b) => ("records", a.to_string(), b.to_string()),
                Ends::People(a, b) => ("people", a.to_string(), b.to_string()),
                Ends::Companies(a, b) => ("companies", a.to_string(), b.to_string()),
            };
            (act, format!("link {}: {noun} {a} and {b} {verb}", ends.id()))
        }
        Act::Undo { judgement } => ("undo", format!("{judgement} is taken back")),
    }
}

/// What is forgotten, as far as judgements name it.
#[derive(Debug, Default)]
pub(crate) struct Gone<'a> {
    /// Records.
    pub(crate) records: BTreeSet<RecordId>,
    /// Names, addresses and handles of a person.
    pub(crate) names: Vec<&'a str>,
    /// Ends of links that are of that person.
    pub(crate) people: BTreeSet<throughline_model::PersonId>,
}

impl Gone<'_> {
    /// Whether a text names the person.
    pub(crate) fn names_them(&self, text: &str) -> bool {
        self.names.iter().any(|name| holds_word(text, name))
    }
}

/// The judgements that name nothing of what is forgotten, and how many do.
pub(crate) fn without(session: &Session, gone: &Gone<'_>) -> Result<(Vec<Judgement>, u64), Error> {
    let all = judgements(session)?;
    let n_before = all.len();
    let is_gone = |id: SignalId| -> Result<bool, Error> {
        Ok(stands(session, id)?.is_some_and(|statement| gone.records.contains(&statement.record_id)))
    };
    let names_them = |text: &str| gone.names_them(text);
    let mut left: Vec<Judgement> = Vec::with_capacity(n_before);
    for mut judgement in all {
        let is_of_gone = match &judgement.act {
            Act::Link { ends: Ends::Statements(a, b), .. } => is_gone(*a)? || is_gone(*b)?,
            Act::Link { ends: Ends::People(a, b), .. } => gone.people.contains(a) || gone.people.contains(b),
            Act::Rename { label, .. } => names_them(label),
            _ => false,
        };
        if judgement.by.as_deref().is_some_and(names_them) {
            judgement.by = None;
        }
        scrub(&mut judgement.act, &names_them);
        if !is_of_gone {
            left.extend(judgement.without(&gone.records));
        }
    }
    // What is taken back may be gone: nothing is left to take back.
    let ids: BTreeSet<JudgementId> = left.iter().map(|judgement| judgement.id).collect();
    left.retain(|judgement| !matches!(&judgement.act, Act::Undo { judgement } if !ids.contains(judgement)));
    let n_gone = (n_before - left.len()) as u64;
    Ok((left, n_gone))
}

/// Whether a name stands in a text, not as a part of another word.
fn holds_word(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.trim().to_lowercase());
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !name.is_empty()
        && text
            .match_indices(&name)
            .any(|(at, _)| is_edge(text[..at].chars().next_back()) && is_edge(text[at + name.len()..].chars().next()))
}

/// Empties remembered names of insights that name somebody.
fn scrub(act: &mut Act, names_them: &impl Fn(&str) -> bool) {
    let clean = |meant: &mut Meant| {
        if names_them(&meant.label) {
            meant.label.clear();
        }
    };
    match act {
        Act::Rename { insight, .. } => clean(insight),
        Act::Move { to, .. } => to.iter_mut().for_each(clean),
        Act::Together(Pinned::Insights(a, b)) | Act::Apart(Pinned::Insights(a, b)) => {
            [a, b].into_iter().for_each(clean);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_of_a_text() {
        assert!(holds_word("What Ann wants", "ann"));
        assert!(!holds_word("Planning view", "ann"));
        assert!(!holds_word("Planning view", " "));
    }
}
