//! The part of the corpus that one insight's specification and its artefacts read.
//!
//! Work that is kept per insight is handed this part and nothing else: so its key can be the part's fingerprint, and its
//! cost does not grow with what others said.
//! In: the corpus and one insight with needs and score. Out: a corpus of the statements that the insight consists of or
//! that something about it cites, with their records, people and accounts.
//! Cost: the index is built once; a slice takes time by its own size.

use std::collections::{BTreeMap, BTreeSet};
use throughline_engine::{Fingerprint, Fold};
use throughline_model::{AccountId, Citation, Corpus, Insight, Need, PersonId, Quote, RecordId, Score, SignalId};

/// A corpus that slices are cut from.
pub(crate) struct Slices<'a> {
    corpus: &'a Corpus,
    position: BTreeMap<SignalId, usize>,
}

impl<'a> Slices<'a> {
    pub(crate) fn new(corpus: &'a Corpus) -> Self {
        Self { corpus, position: corpus.index_from_signal() }
    }

    /// What is read of one insight.
    pub(crate) fn of(&self, insight: &Insight, needs: &[Need], score: &Score) -> Corpus {
        let mut signals: BTreeSet<SignalId> = insight.members.iter().copied().collect();
        let mut records: BTreeSet<RecordId> = BTreeSet::new();
        let mut accounts: BTreeSet<AccountId> = BTreeSet::new();
        let slots = needs.iter().flat_map(|need| need.slots.values()).flat_map(|slot| &slot.quotes);
        for Quote { signal_id, record_id, .. } in insight.quotes.iter().chain(&insight.dissent).chain(slots) {
            signals.insert(*signal_id);
            records.insert(*record_id);
        }
        signals.extend(needs.iter().flat_map(|need| need.signals.iter().copied()));
        for citation in score.checks.iter().flat_map(|check| &check.evidence) {
            match citation {
                Citation::Signal { id, .. } => drop(signals.insert(*id)),
                Citation::Record { id } => drop(records.insert(*id)),
                Citation::Account { id, .. } => drop(accounts.insert(*id)),
                _ => {}
            }
        }
        // By position, which is the order of a corpus.
        let positions: BTreeSet<usize> = signals.iter().filter_map(|id| self.position.get(id).copied()).collect();
        let signals: Vec<_> = positions.into_iter().map(|at| self.corpus.signals[at].clone()).collect();
        records.extend(signals.iter().map(|signal| signal.record_id));
        accounts.extend(signals.iter().filter_map(|signal| signal.account));
        let people: BTreeSet<PersonId> = signals.iter().filter_map(|signal| signal.person).collect();
        Corpus {
            records: records.iter().filter_map(|id| self.corpus.record(*id).cloned()).collect(),
            people: people.iter().filter_map(|id| Some((*id, self.corpus.people.get(id)?.clone()))).collect(),
            accounts: accounts.iter().filter_map(|id| Some((*id, self.corpus.accounts.get(id)?.clone()))).collect(),
            as_of: self.corpus.as_of,
            signals,
        }
    }
}

/// Of everything in a slice.
pub(crate) fn fingerprint(slice: &Corpus) -> Fingerprint {
    let mut fold = Fold::default();
    fold.value(&slice.records).value(&slice.signals).value(&slice.people).value(&slice.accounts).value(&slice.as_of);
    fold.finish()
}
