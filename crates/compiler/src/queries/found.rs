//! What a run found, read once and shared by every snapshot of it: nothing that people say afterwards alters it.
//!
//! A judgement, an edit, a decision or a revision makes another [`Snapshot`](super::Snapshot) over the same [`Found`], so
//! that a change costs what it changes and not the size of the corpus.
//! Invariant: what is kept of specifications is keyed by everything beside the run that it was made from.

use super::index::Index;
use super::{Facet, Options, Specified};
use crate::Error;
use crate::artifacts;
use crate::editing::{self, Made};
use crate::session::{Ranked, SignalRow};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use throughline_engine::{Engine, Fingerprint};
use throughline_model::edit::Edit;
use throughline_model::persona::Cast;
use throughline_model::plan::{Proof, Window};
use throughline_model::revision::Revision;
use throughline_model::{
    Citation, CodeMap, Corpus, Diagnostic, InsightId, RecordId, Settings, Signal, SignalId, SourceKind, VoiceId,
};
use throughline_passes::place::Centres;
use throughline_plan::weigh::Points;
use throughline_score::{Rubric, Sensitivity, Usage};

/// Specifications kept, each with its files: enough for everybody who reads at one time, a bound on memory.
const MAX_SPECIFIED: usize = 200;

/// Specifications that were made, by insight, each with a mark of what it was made from beside the run.
pub(super) type Known = BTreeMap<InsightId, (Fingerprint, Arc<Result<Specified, String>>)>;

/// The results of one run.
pub struct Found {
    /// What the team declared.
    pub settings: Settings,
    /// What insights are scored by.
    pub rubric: Rubric,
    /// Insights in rank order.
    pub ranked: Vec<Ranked>,
    /// Records, statements, people and accounts.
    pub corpus: Corpus,
    /// The periods planned for.
    pub windows: Vec<Window>,
    /// What is proven of the choice.
    pub proof: Option<Proof>,
    /// Problems of the settings, by themselves and beside the run.
    pub review: Vec<Diagnostic>,
    /// What was read of the code.
    pub(super) code: Option<CodeMap>,
    /// Of what is kept of the run; empty when nothing says that it is whole.
    pub(crate) mark: Vec<u8>,
    pub(super) at_of_insight: BTreeMap<InsightId, usize>,
    pub(super) at_of_signal: FxHashMap<SignalId, u32>,
    /// By insight: positions of its statements, oldest first.
    pub(super) said: Vec<Vec<u32>>,
    /// By statement: its voice, and the insight with its certainty.
    pub(super) places: Vec<(VoiceId, Option<(u32, f64)>)>,
    /// By record: positions of the records of its conversation, by time.
    pub(super) threads: BTreeMap<String, Vec<u32>>,
    pub(super) facets: Vec<Facet>,
    pub(super) index: Index,
    pub(super) points: Points,
    pub(super) centres: Centres,
    pub(super) usage: Usage,
    pub(super) specified: Mutex<Known>,
    pub(super) revisions: Mutex<BTreeMap<u32, Arc<Revision>>>,
    pub(super) sensitivities: Mutex<BTreeMap<InsightId, Arc<Sensitivity>>>,
    pub(super) counted: OnceLock<Options>,
    cast: OnceLock<Cast>,
}

/// Locks what a panic elsewhere cannot have left half-done: entries are put in whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn facet(corpus: &Corpus, said: &[u32]) -> Facet {
    let mut facet = Facet::default();
    for &at in said {
        let signal = &corpus.signals[at as usize];
        facet.source_kinds.insert(signal.source_kind);
        if let Some(record) = corpus.record(signal.record_id)
            && !facet.sources.contains(&record.source)
        {
            facet.sources.insert(record.source.clone());
        }
        if let Some(segment) = signal.account.and_then(|id| corpus.accounts.get(&id)?.facts.segment.as_ref())
            && !facet.segments.contains(segment)
        {
            facet.segments.insert(segment.clone());
        }
    }
    facet
}

impl Found {
    /// Results with their indexes: without periods and centres. `rows` are in the corpus's order.
    pub(super) fn new(
        settings: Settings,
        rubric: Rubric,
        ranked: Vec<Ranked>,
        corpus: Corpus,
        rows: &[SignalRow],
    ) -> Self {
        let at_of_insight: BTreeMap<InsightId, usize> =
            ranked.iter().enumerate().map(|(at, ranked)| (ranked.insight.id, at)).collect();
        let places: Vec<(VoiceId, Option<(u32, f64)>)> = rows
            .iter()
            .map(|row| {
                let place = row.membership.and_then(|(id, sure)| Some((*at_of_insight.get(&id)? as u32, sure)));
                (row.voice_id, place)
            })
            .collect();
        let mut said: Vec<Vec<u32>> = vec![Vec::new(); ranked.len()];
        for (at, (_, place)) in places.iter().enumerate() {
            if let Some((insight, _)) = place {
                said[*insight as usize].push(at as u32);
            }
        }
        said.par_iter_mut().for_each(|said| said.sort_by_key(|&at| (corpus.signals[at as usize].at, at)));
        let mut threads: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (at, record) in corpus.records.iter().enumerate() {
            if let Some(thread) = &record.thread {
                threads.entry(thread.clone()).or_default().push(at as u32);
            }
        }
        threads.retain(|_, records| records.len() > 1);
        threads.values_mut().for_each(|all| all.sort_by_key(|&at| (corpus.records[at as usize].created_at, at)));
        let facets = said.par_iter().map(|said| facet(&corpus, said)).collect();
        let index = Index::new(&ranked, &corpus, &said);
        let points = Points::new(&ranked.iter().map(|ranked| &ranked.score).collect::<Vec<_>>());
        Self {
            points,
            windows: Vec::new(),
            proof: None,
            review: Vec::new(),
            code: None,
            mark: Vec::new(),
            at_of_signal: corpus.signals.iter().enumerate().map(|(at, signal)| (signal.id, at as u32)).collect(),
            centres: Centres::default(),
            usage: Usage::default(),
            settings,
            rubric,
            at_of_insight,
            said,
            places,
            threads,
            facets,
            index,
            ranked,
            corpus,
            specified: Mutex::default(),
            revisions: Mutex::default(),
            cast: OnceLock::new(),
            sensitivities: Mutex::default(),
            counted: OnceLock::new(),
        }
    }

    /// The personas.
    pub(crate) fn cast(&self) -> &Cast {
        self.cast.get_or_init(|| artifacts::cast_of(&self.settings, &self.corpus, &self.ranked))
    }

    /// Specifications of some insights with edits laid over, from their own part of the corpus: no index over all of it
    /// is made for a few.
    pub(crate) fn made(&self, engine: &Engine<'_>, chosen: Vec<Ranked>, edits: &[Edit]) -> Result<Vec<Made>, Error> {
        let part = self.part(&chosen);
        editing::make(engine, &self.settings, &part, self.cast(), chosen, edits, self.code.as_ref())
    }

    /// The insight whose specification, as somebody read it, has an item.
    pub(crate) fn holding(&self, has: impl Fn(&Specified) -> bool) -> Option<InsightId> {
        let known = lock(&self.specified);
        known.iter().find(|(_, (_, specified))| specified.as_ref().as_ref().is_ok_and(&has)).map(|(id, _)| *id)
    }

    pub(super) fn known(&self, id: InsightId, mark: Fingerprint) -> Option<Arc<Result<Specified, String>>> {
        lock(&self.specified).get(&id).filter(|(of, _)| *of == mark).map(|(_, known)| Arc::clone(known))
    }

    pub(super) fn keep(&self, id: InsightId, mark: Fingerprint, specified: Arc<Result<Specified, String>>) {
        let mut known = lock(&self.specified);
        if known.len() >= MAX_SPECIFIED && !known.contains_key(&id) {
            known.pop_first();
        }
        known.insert(id, (mark, specified));
    }

    /// The records and statements that insights rest on, with all people and accounts.
    pub(super) fn part(&self, of: &[Ranked]) -> Corpus {
        let mut ids: BTreeSet<SignalId> = BTreeSet::new();
        let mut records: BTreeSet<RecordId> = BTreeSet::new();
        for ranked in of {
            ids.extend(&ranked.insight.members);
            let quoted = ranked.needs.iter().flat_map(|need| need.slots.values()).flat_map(|slot| &slot.quotes);
            let quoted = quoted.chain(&ranked.insight.quotes).chain(&ranked.insight.dissent);
            ids.extend(quoted.map(|quote| quote.signal_id));
            ids.extend(ranked.needs.iter().flat_map(|need| need.signals.iter().copied()));
            for citation in ranked.score.checks.iter().flat_map(|check| &check.evidence) {
                match citation {
                    Citation::Signal { id, .. } => drop(ids.insert(*id)),
                    Citation::Record { id } => drop(records.insert(*id)),
                    _ => {}
                }
            }
        }
        let positions: BTreeSet<u32> = ids.iter().filter_map(|id| self.at_of_signal.get(id).copied()).collect();
        let signals: Vec<Signal> = positions.iter().map(|&at| self.corpus.signals[at as usize].clone()).collect();
        records.extend(signals.iter().map(|signal| signal.record_id));
        let records = records.iter().filter_map(|id| self.corpus.record(*id).cloned()).collect();
        Corpus {
            records,
            signals,
            people: self.corpus.people.clone(),
            accounts: self.corpus.accounts.clone(),
            as_of: self.corpus.as_of,
        }
    }

    /// The kinds of source that an insight is heard through.
    pub fn channels(&self, at: usize) -> impl Iterator<Item = SourceKind> {
        self.facets[at].source_kinds.iter().copied()
    }
}
