//! Edits of specifications: how a person changes a sentence, says how far an item is, and takes that back.
//!
//! An edit is written to the inputs at once and holds from the next compile on: [`Session::specification`] and
//! [`Session::compile`] lay it over what they made. A run does not read edits, so that what is computed never depends on
//! them. Nothing is ever changed in the list: taking something back is one more edit. Only forgetting removes.
//! Invariant: where the words that an edit replaced changed, both are shown until somebody says which holds.

use crate::Error;
use crate::artifacts::cast_of;
use crate::judging::Gone;
use crate::revisions::since;
use crate::session::{Ranked, Session, decode, encode};
use crate::slices::Slices;
use crate::stages::{ToSpecify, specify_each};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use throughline_engine::Engine;
use throughline_model::edit::{Edit, EditAct, Replaced, Status, mark, not_undone, undone};
use throughline_model::id::EditId;
use throughline_model::persona::Cast;
use throughline_model::revision::Since;
use throughline_model::sentence::{self, Sentence, Sentences, State};
use throughline_model::spec::Spec;
use throughline_model::{CodeMap, Corpus, InsightId, Settings, SpecItemId};

/// Name of the edits among the values of the inputs.
pub(crate) const EDITS: &str = "edits";

/// A specification as people left it.
#[derive(Debug, Clone)]
pub struct Specification {
    /// The insight with its score and place.
    pub ranked: Ranked,
    /// The specification, with edits laid over.
    pub spec: Spec,
    /// Its sentences with their ids, what became of each, statuses, and edits whose sentence is gone.
    pub sentences: Sentences,
    /// What reads otherwise than it was accepted; none when it never was accepted.
    pub since: Option<Since>,
}

/// A specification as people left it, or why there is none, with what is read of the corpus for it.
pub(crate) struct Made {
    pub(crate) ranked: Ranked,
    pub(crate) spec: Result<(Spec, Sentences), String>,
    pub(crate) slice: Corpus,
    /// Where it stands beside what was accepted; none when it never was.
    pub(crate) since: Option<Since>,
    /// What is read of the code for it; none while nobody read it.
    pub(crate) code: Option<CodeMap>,
}

/// What an edit did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Edited {
    /// The edit as it is kept.
    pub edit: Edit,
    /// Where, for instance `US-1 means`.
    pub place: String,
    /// How it read.
    pub before: String,
    /// How it reads.
    pub after: String,
    /// What a person should know, if anything.
    pub note: Option<&'static str>,
}

/// An edit as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditRow {
    /// Its id.
    pub id: EditId,
    /// Who.
    pub by: String,
    /// Why.
    pub why: Option<String>,
    /// The insight.
    pub insight_id: InsightId,
    /// Its name then.
    pub label: String,
    /// What was done: text, status or undo.
    pub act: &'static str,
    /// The item; none for an undo.
    pub item: Option<SpecItemId>,
    /// Where it stands.
    pub place: String,
    /// What was replaced.
    pub replaced: String,
    /// The text, the status, or the edit that was taken back.
    pub said: String,
    /// How it would read now without the edit, where that changed.
    pub compiled: Option<String>,
    /// `holds`; `conflict`: what it replaced changed; `gone`: its sentence or its insight is not there; `superseded`;
    /// `undone`.
    pub state: &'static str,
}

/// Said of a clause of a criterion.
const REWORDED: &str = "its words may now differ from its typed terms, which are kept: the prototype plays the terms";

/// All edits, in the order in which they were made.
pub(crate) fn edits(session: &Session) -> Result<Vec<Edit>, Error> {
    let bytes = session.inputs().value(EDITS)?;
    Ok(bytes.map(|bytes| decode("the edits", &bytes)).transpose()?.unwrap_or_default())
}

/// Writes the list of edits.
pub(crate) fn write(session: &mut Session, all: &Vec<Edit>) -> Result<(), Error> {
    let bytes = if all.is_empty() { None } else { Some(encode(all)?) };
    Ok(session.stores().0.set_value(EDITS, bytes.as_deref())?)
}

/// The edits of one insight, in order, undos included.
pub(crate) fn of_insight(edits: &[Edit], insight: InsightId) -> Vec<Edit> {
    edits.iter().filter(|edit| edit.insight.id == insight).cloned().collect()
}

impl Session {
    /// The specification of an insight, named by id or rank, as people left it; or why there is none.
    ///
    /// # Errors
    /// When there is no such insight, nothing has been run yet, or the store fails.
    pub fn specification(&self, name: &str) -> Result<Result<Specification, String>, Error> {
        let ranked = self.find(name)?;
        Ok(self.specifications(vec![ranked])?.remove(0))
    }

    /// Specifications of some insights, in order. What did not change since it was specified last is not made again.
    pub(crate) fn made(&self, engine: &Engine<'_>, chosen: Vec<Ranked>) -> Result<Vec<Made>, Error> {
        let edits = edits(self)?;
        let mut made = if let Some(found) = self.found()? {
            found.made(engine, chosen, &edits)?
        } else {
            let (corpus, _) = self.corpus()?;
            let cast = cast_of(self.settings(), &corpus, &self.ranked(0)?);
            make(engine, self.settings(), &corpus, &cast, chosen, &edits, self.code_map())?
        };
        if let Some(base) = self.base()? {
            let settings = self.settings();
            made.par_iter_mut().for_each(|made| made.since = since(&base, settings, made, &edits));
        }
        Ok(made)
    }

    fn specifications(&self, chosen: Vec<Ranked>) -> Result<Vec<Result<Specification, String>>, Error> {
        let made = self.made(&Engine::new(self.memo(), &|| false), chosen)?;
        let of = |Made { ranked, spec, since, .. }: Made| {
            spec.map(|(spec, sentences)| Specification { ranked, spec, sentences, since })
        };
        Ok(made.into_iter().map(of).collect())
    }

    /// Replaces a sentence of a specification by a person's own words.
    ///
    /// The edit is kept with the words it replaced. It holds for every later compile and run, shown as decided by that
    /// person. A clause of a criterion keeps its typed terms, and the criterion is marked: its words may differ from them.
    ///
    /// # Errors
    /// When there is no such sentence, the text is empty or changes nothing, nothing has been run yet, or the store fails.
    pub fn edit(&mut self, item: &str, text: &str, by: &str, why: Option<&str>) -> Result<Edited, Error> {
        let id = item_id(item)?;
        let found = self.holding(id)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let refused = |problem: String, remedy: String| Error::Edit { item: item.to_owned(), problem, remedy };
        let Some(sentence) = found.sentences.all.iter().find(|sentence| sentence.id == id) else {
            let parts = parts(&found, id);
            return Err(refused("is no single sentence".to_owned(), format!("edit one of its sentences: {parts}")));
        };
        if text.is_empty() {
            let remedy = format!("give a text, or drop the item: `throughline status {item} dropped --by NAME`");
            return Err(refused("cannot read as nothing".to_owned(), remedy));
        }
        if mark(&text) == mark(&sentence.text) && !matches!(sentence.state, State::Conflict { .. }) {
            return Err(refused("reads so already".to_owned(), "nothing has to be done".to_owned()));
        }
        let words = compiled(sentence).to_owned();
        let replaced = Replaced { item: id, place: sentence.place.clone(), mark: mark(&words), words };
        let (place, before) = (sentence.place.clone(), sentence.text.clone());
        let note = is_clause(&place).then_some(REWORDED);
        let edit = self.add_edit(&found, by, why, &EditAct::Text { replaced, text: text.clone() })?;
        Ok(Edited { edit, place, before, after: text, note })
    }

    /// Says how far an item is: a sentence, a story, a criterion, or a specification named by its insight's id or rank.
    ///
    /// # Errors
    /// When there is no such item, nothing has been run yet, or the store fails.
    pub fn set_status(&mut self, item: &str, status: Status, by: &str, why: Option<&str>) -> Result<Edited, Error> {
        let (id, found) = match item_id(item) {
            Ok(id) => (id, self.holding(id)?),
            Err(error) => {
                // Not an item: the specification of an insight.
                let Ok(ranked) = self.find(item) else { return Err(error) };
                (sentence::whole(ranked.insight.id), self.must_be(ranked)?)
            }
        };
        let known = found.sentences.items.iter().find(|item| item.id == id);
        let (place, before) = if let Some(item) = known {
            (item.key.clone(), item.status)
        } else {
            let sentence = found.sentences.all.iter().find(|sentence| sentence.id == id);
            let sentence = sentence.ok_or_else(|| no_item(item))?;
            (sentence.place.clone(), sentence.status.unwrap_or(Status::Draft))
        };
        let edit = self.add_edit(&found, by, why, &EditAct::Status { item: id, place: place.clone(), status })?;
        Ok(Edited { edit, place, before: before.word().to_owned(), after: status.word().to_owned(), note: None })
    }

    /// Takes an edit back. An undo can be taken back, too.
    ///
    /// # Errors
    /// When there is no such edit, or the store fails.
    pub fn undo_edit(&mut self, edit: &str, by: &str) -> Result<Edit, Error> {
        let all = edits(self)?;
        let undone = edit_named(&all, edit)?;
        let (insight, id) = (undone.insight.clone(), undone.id);
        let act = EditAct::Undo { edit: id };
        let added = Edit::after(&all, by, None, insight, act.clone(), &encode(&act)?);
        self.append(all, added)
    }

    /// Settles a conflict: with `is_kept` the person's words hold over what is compiled now, else they are taken back.
    ///
    /// # Errors
    /// When there is no such edit, it is in no conflict, or the store fails.
    pub fn settle_edit(&mut self, edit: &str, is_kept: bool, by: &str, why: Option<&str>) -> Result<Edit, Error> {
        let all = edits(self)?;
        let id = edit_named(&all, edit)?.id;
        let row = self.edits()?.into_iter().find(|row| row.id == id).ok_or_else(|| no_edit(edit))?;
        if !is_kept {
            return self.undo_edit(edit, by);
        }
        if row.state != "conflict" {
            let problem = format!("is in no conflict: it {}", if row.state == "holds" { "holds" } else { row.state });
            let remedy = "`throughline edits` lists conflicts; a sentence that is gone can be said again elsewhere";
            return Err(Error::Edit { item: edit.to_owned(), problem, remedy: remedy.to_owned() });
        }
        let ranked = self.find(&row.insight_id.to_string())?;
        let found = self.must_be(ranked)?;
        let is_of = |sentence: &&Sentence| matches!(&sentence.state, State::Conflict { edit, .. } if *edit == id);
        let sentence = found.sentences.all.iter().find(is_of).ok_or_else(|| no_edit(edit))?;
        let words = compiled(sentence).to_owned();
        let replaced = Replaced { item: sentence.id, place: sentence.place.clone(), mark: mark(&words), words };
        let act = EditAct::Text { replaced, text: sentence.text.clone() };
        // The earlier edit may name another id, which would then hold beside this one.
        let added = self.add_edit(&found, by, why, &act)?;
        if row.item != Some(sentence.id) {
            self.undo_edit(edit, by)?;
        }
        Ok(added)
    }

    /// All edits in the order in which they were made, with what became of each.
    ///
    /// # Errors
    /// When the store fails.
    pub fn edits(&self) -> Result<Vec<EditRow>, Error> {
        let all = edits(self)?;
        let undone = undone(&all);
        let standing: BTreeSet<EditId> = not_undone(&all).into_iter().map(|edit| edit.id).collect();
        let mut states: BTreeMap<EditId, (&'static str, Option<String>)> = BTreeMap::new();
        let mut statuses: BTreeMap<SpecItemId, EditId> = BTreeMap::new();
        for edit in all.iter().filter(|edit| standing.contains(&edit.id)) {
            if let EditAct::Status { item, .. } = &edit.act {
                statuses.insert(*item, edit.id);
            }
        }
        for found in self.edited(&all)? {
            for sentence in found.sentences.decided() {
                match &sentence.state {
                    State::Decided { edit, .. } => drop(states.insert(*edit, ("holds", None))),
                    State::Conflict { edit, compiled, .. } => {
                        states.insert(*edit, ("conflict", Some(compiled.clone())));
                    }
                    State::Compiled => {}
                }
            }
            states.extend(found.sentences.left.iter().map(|left| (left.edit, ("gone", None))));
            let ids = found.sentences.items.iter().map(|item| item.id);
            let ids = ids.chain(found.sentences.all.iter().map(|sentence| sentence.id));
            states.extend(ids.filter_map(|id| Some((*statuses.get(&id)?, ("holds", None)))));
        }
        let last: BTreeMap<SpecItemId, EditId> = all
            .iter()
            .filter(|edit| standing.contains(&edit.id) && matches!(edit.act, EditAct::Text { .. }))
            .filter_map(|edit| Some((edit.item()?, edit.id)))
            .collect();
        let is_last = |edit: &Edit| match &edit.act {
            EditAct::Text { replaced, .. } => last.get(&replaced.item) == Some(&edit.id),
            EditAct::Status { item, .. } => statuses.get(item) == Some(&edit.id),
            EditAct::Undo { .. } => true,
        };
        Ok(all
            .iter()
            .map(|edit| {
                let is_undo = matches!(edit.act, EditAct::Undo { .. });
                let (state, compiled) = match () {
                    () if undone.contains(&edit.id) => ("undone", None),
                    () if is_undo => ("holds", None),
                    () if !is_last(edit) => ("superseded", None),
                    () => states.get(&edit.id).cloned().unwrap_or(("gone", None)),
                };
                row(edit, state, compiled)
            })
            .collect())
    }

    /// Specifications of the insights that somebody edited.
    fn edited(&self, all: &[Edit]) -> Result<Vec<Specification>, Error> {
        let mut chosen = Vec::new();
        for id in all.iter().map(|edit| edit.insight.id).collect::<BTreeSet<InsightId>>() {
            match self.find(&id.to_string()) {
                Ok(ranked) => chosen.push(ranked),
                Err(Error::NotFound { .. } | Error::NotRun) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.specifications(chosen)?.into_iter().flatten().collect())
    }

    /// The specification that holds an item.
    fn holding(&self, item: SpecItemId) -> Result<Specification, Error> {
        // Most likely one that somebody just read, one that is specified in every run or was edited before; else any.
        let is_in = |sentences: &Sentences| {
            sentences.all.iter().any(|sentence| sentence.id == item)
                || sentences.items.iter().any(|other| other.id == item)
        };
        if let Some(id) = self.found()?.and_then(|found| found.holding(|read| is_in(&read.sentences)))
            && let Ok(found) = self.specification(&id.to_string())?
            && is_in(&found.sentences)
        {
            return Ok(found);
        }
        let has = |found: &Specification| is_in(&found.sentences);
        let first = self.ranked(crate::pipeline::SPECIFIED)?;
        let found = self.specifications(first)?.into_iter().flatten().find(has);
        let found = found.or(self.edited(&edits(self)?)?.into_iter().find(has));
        if let Some(found) = found {
            return Ok(found);
        }
        let rest = self.ranked(0)?.into_iter().skip(crate::pipeline::SPECIFIED).collect();
        self.specifications(rest)?.into_iter().flatten().find(has).ok_or_else(|| no_item(&item.to_string()))
    }

    fn must_be(&self, ranked: Ranked) -> Result<Specification, Error> {
        let item = ranked.insight.id.to_string();
        self.specifications(vec![ranked])?.remove(0).map_err(|why| Error::Edit {
            item,
            problem: format!("has no specification: {why}"),
            remedy: "read its statements with `throughline show`".to_owned(),
        })
    }

    fn add_edit(&mut self, found: &Specification, by: &str, why: Option<&str>, act: &EditAct) -> Result<Edit, Error> {
        let all = edits(self)?;
        let insight = crate::judging::meant(self, &found.ranked.insight.id.to_string())?;
        let added = Edit::after(&all, by, why, insight, act.clone(), &encode(act)?);
        self.append(all, added)
    }

    fn append(&mut self, mut all: Vec<Edit>, added: Edit) -> Result<Edit, Error> {
        all.push(added.clone());
        write(self, &all)?;
        Ok(added)
    }
}

/// The edits that name nothing of what is forgotten, and how many do. What was replaced may hold a customer's words, so
/// all of it goes; marks stay, by which an edit still knows whether its sentence changed.
pub(crate) fn without(session: &Session, gone: &Gone<'_>) -> Result<(Vec<Edit>, u64), Error> {
    let all = edits(session)?;
    let n_before = all.len();
    let names_them = |text: &str| gone.names_them(text);
    let mut left: Vec<Edit> = Vec::with_capacity(n_before);
    for mut edit in all {
        if matches!(&edit.act, EditAct::Text { text, .. } if names_them(text)) {
            continue;
        }
        if let EditAct::Text { replaced, .. } = &mut edit.act {
            replaced.words.clear();
        }
        if names_them(&edit.by) {
            "somebody".clone_into(&mut edit.by);
        }
        edit.why = edit.why.filter(|why| !names_them(why));
        edit.insight.label.clear();
        edit.insight.members.retain(|statement| !gone.records.contains(&statement.record_id));
        left.push(edit);
    }
    // What is taken back may be gone: nothing is left to take back.
    let ids: BTreeSet<EditId> = left.iter().map(|edit| edit.id).collect();
    left.retain(|edit| !matches!(&edit.act, EditAct::Undo { edit } if !ids.contains(edit)));
    let n_gone = (n_before - left.len()) as u64;
    Ok((left, n_gone))
}

/// Specifies insights and lays edits over what came of it.
pub(crate) fn make(
    engine: &Engine<'_>,
    settings: &Settings,
    corpus: &Corpus,
    cast: &Cast,
    chosen: Vec<Ranked>,
    edits: &[Edit],
    code: Option<&CodeMap>,
) -> Result<Vec<Made>, Error> {
    let slices = Slices::new(corpus);
    let to_specify = |ranked| to_specify(ranked, &slices, cast, corpus).beside(code);
    let items: Vec<ToSpecify<'_>> = chosen.par_iter().map(to_specify).collect();
    let specs = specify_each(engine, settings, &items)?;
    let read: Vec<(Corpus, Option<CodeMap>)> = items.into_iter().map(|item| (item.slice, item.code)).collect();
    let made = chosen.into_iter().zip(specs).zip(read).map(|((ranked, spec), (slice, code))| {
        let spec = spec.map(|mut spec| {
            let edits = of_insight(edits, ranked.insight.id);
            let sentences = sentence::lay_over(&mut spec, &edits, &throughline_specify::redress);
            (spec, sentences)
        });
        Made { ranked, spec, slice, since: None, code }
    });
    Ok(made.collect())
}

/// What is specified of a ranked insight.
pub(crate) fn to_specify<'a>(ranked: &'a Ranked, slices: &Slices<'_>, cast: &Cast, corpus: &Corpus) -> ToSpecify<'a> {
    let Ranked { insight, score, place, needs } = ranked;
    ToSpecify::new(insight, needs, score, place, slices.of(insight, needs, score), cast, corpus)
}

/// How a sentence reads without the edit over it.
fn compiled(sentence: &Sentence) -> &str {
    match &sentence.state {
        State::Compiled => &sentence.text,
        State::Decided { compiled, .. } | State::Conflict { compiled, .. } => compiled,
    }
}

/// Whether a place is that of a clause of a criterion.
fn is_clause(place: &str) -> bool {
    matches!(place.rsplit(' ').next(), Some("given" | "when" | "then"))
}

/// The sentences of a story or criterion, or all sections of a specification, for a message.
fn parts(found: &Specification, id: SpecItemId) -> String {
    let key = found.sentences.items.iter().find(|item| item.id == id).map_or("", |item| item.key.as_str());
    let of_key = found.sentences.all.iter().filter(|sentence| sentence.place.split(' ').next() == Some(key));
    let told: Vec<String> = of_key.map(|sentence| format!("{} ({})", sentence.id, sentence.place)).collect();
    if told.is_empty() { "`throughline sentences INSIGHT` lists them".to_owned() } else { told.join(", ") }
}

fn item_id(item: &str) -> Result<SpecItemId, Error> {
    item.parse().map_err(|_| no_item(item))
}

fn no_item(item: &str) -> Error {
    let hint = "`throughline sentences INSIGHT` lists the sentences of a specification with their ids";
    Error::NotFound { what: "item of a specification", id: item.to_owned(), hint }
}

fn no_edit(edit: &str) -> Error {
    Error::NotFound { what: "edit", id: edit.to_owned(), hint: "`throughline edits` lists them" }
}

fn edit_named<'a>(all: &'a [Edit], name: &str) -> Result<&'a Edit, Error> {
    let id: EditId = name.parse().map_err(|_| no_edit(name))?;
    all.iter().find(|edit| edit.id == id).ok_or_else(|| no_edit(name))
}

fn row(edit: &Edit, state: &'static str, compiled: Option<String>) -> EditRow {
    let (act, place, replaced, said) = match &edit.act {
        EditAct::Text { replaced, text } => ("text", replaced.place.clone(), replaced.words.clone(), text.clone()),
        EditAct::Status { place, status, .. } => ("status", place.clone(), String::new(), status.word().to_owned()),
        EditAct::Undo { edit } => ("undo", String::new(), String::new(), edit.to_string()),
    };
    EditRow {
        id: edit.id,
        by: edit.by.clone(),
        why: edit.why.clone(),
        insight_id: edit.insight.id,
        label: edit.insight.label.clone(),
        act,
        item: edit.item(),
        place,
        replaced,
        said,
        compiled,
        state,
    }
}
