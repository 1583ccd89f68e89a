//! Stage 4, deduplicate: statements become voices, so that nobody counts twice; records that may be the same are paired.
//!
//! A voice is one person's say on one thing. Statements share one when
//! - they are, word for word or nearly, the same long text, and no two known people claim it (a re-ingested export, a
//!   cross-post, a quoted copy);
//! - one person says nearly the same again, or adds a remark to what they said in the same conversation;
//! - one of our own people quotes a customer's sentence.
//!
//! Two people who say the same in few words are two voices.
//! In: the corpus. Out: a [`VoiceId`] per signal. Cost: near linear; signatures are hashed into bands, so that only
//! likely pairs are compared. Invariant: joining is symmetric and transitive, so order does not matter; doing it twice
//! changes nothing.
//! Source: Broder 1997 (MinHash); Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4 (banding).

mod pairs;

pub use pairs::{Decision, Pair, pairs};

use crate::cluster::n_common;
use crate::insight::text_language;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{Corpus, PersonId, Side, Signal, VoiceId};
use throughline_text::embed::Table;
use throughline_text::signature::{self, MINHASH_LEN};
use throughline_text::{Language, sentence, token};

/// Words from which the same text is the same say: two strangers do not choose the same twelve words.
const COPY_WORDS: usize = 12;
/// Words from which one sentence of a customer, found in our own people's words, is a quotation.
const QUOTED_WORDS: usize = 6;
/// Share of word triples in common from which two long texts may be copies: one word changed in eighteen leaves 0.68.
const NEAR_SAME: f64 = 0.6;
/// Share of content words that copies have in common: one changed in nine passes, two do not. Two reports from one
/// template that name different things share their triples and are no copies.
const SAME_CONTENT: f64 = 0.88;
/// Cosine from which two statements of one person say the same. Chosen on the example, where the same complaint put in
/// other words lies above 0.6 and another complaint below 0.55.
const SAME_SAY: f32 = 0.62;
/// Content words up to which a later statement in a conversation is a remark on the first.
const REMARK_WORDS: usize = 7;
/// Statements of one person that are compared with one another; someone with more is a channel, not a person.
const MOST_PER_PERSON: usize = 400;
/// Values of a MinHash in a band: 16 bands of 4 find nine in ten pairs that share 0.6 of their triples.
const BAND: usize = 4;
/// Bands of a text.
const N_BANDS: usize = MINHASH_LEN / BAND;

/// The voice of each signal, in the corpus's order.
#[must_use]
pub fn voices(corpus: &Corpus) -> Vec<VoiceId> {
    let signals = &corpus.signals;
    let texts: Vec<&str> = signals.par_iter().map(|signal| corpus.text(signal)).collect();
    let mut joined = Joined::new(signals.len());
    let n_words: Vec<usize> = texts.par_iter().map(|text| token::words(text).count()).collect();
    join_copies(signals, &texts, &n_words, &mut joined);
    join_people(signals, &texts, &n_words, &mut joined);
    join_quotations(signals, &texts, &mut joined);
    // A voice is named after its smallest signal.
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    let roots: Vec<usize> = (0..signals.len()).map(|i| joined.root(i)).collect();
    for (i, &root) in roots.iter().enumerate() {
        let entry = first.entry(root).or_insert(i);
        if signals[i].id < signals[*entry].id {
            *entry = i;
        }
    }
    roots.iter().map(|root| VoiceId::of(&[&signals[first[root]].id.0.to_le_bytes()])).collect()
}

/// Sets that grow together (union by smaller index, path halving).
struct Joined {
    parent: Vec<usize>,
}

impl Joined {
    fn new(n: usize) -> Self {
        Self { parent: (0..n).collect() }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

/// Joins texts that are the same or nearly, where no two known people claim them.
fn join_copies(signals: &[Signal], texts: &[&str], n_words: &[usize], joined: &mut Joined) {
    let mut prints: Vec<(u64, usize)> =
        texts.par_iter().enumerate().map(|(i, text)| (signature::fingerprint(text), i)).collect();
    prints.par_sort_unstable();
    // Distinct texts by the hash of their words, which is the same order for every order of import.
    let distinct: Vec<&[(u64, usize)]> = prints.chunk_by(|a, b| a.0 == b.0).collect();
    let long: Vec<usize> = (0..distinct.len()).filter(|&at| n_words[distinct[at][0].1] >= COPY_WORDS).collect();
    let first = |at: usize| distinct[long[at]][0].1;
    let mut near = Joined::new(distinct.len());
    for (a, b) in near_copies(long.len(), |at| texts[first(at)], |at| signals[first(at)].language) {
        near.join(long[a], long[b]);
    }
    let mut groups: Vec<(usize, usize)> = (0..distinct.len()).map(|at| (near.root(at), at)).collect();
    groups.sort_unstable();
    for group in groups.chunk_by(|a, b| a.0 == b.0) {
        let members: Vec<usize> = group.iter().flat_map(|&(_, at)| distinct[at]).map(|&(_, i)| i).collect();
        if members.len() > 1 {
            join_claims(signals, &members, n_words[members[0]] >= COPY_WORDS, joined);
        }
    }
}

/// Pairs of long texts that are nearly the same, as positions below `n`.
fn near_copies<'a>(
    n: usize,
    text: impl Fn(usize) -> &'a str + Sync,
    language: impl Fn(usize) -> throughline_model::Language + Sync,
) -> Vec<(usize, usize)> {
    let bands: Vec<[u32; N_BANDS]> = (0..n)
        .into_par_iter()
        .map(|at| {
            let hash = signature::minhash(text(at));
            std::array::from_fn(|band| hash[band * BAND..(band + 1) * BAND].iter().fold(0, |key, x| mixed(key, *x)))
        })
        .collect();
    let found: Vec<Vec<(usize, usize)>> = (0..N_BANDS)
        .into_par_iter()
        .map(|band| {
            let mut keys: Vec<(u32, u32)> = (0..n).map(|at| (bands[at][band], at as u32)).collect();
            keys.sort_unstable();
            let mut pairs = Vec::new();
            for bucket in keys.chunk_by(|a, b| a.0 == b.0) {
                // Against the first of the bucket: a template that thousands share is one comparison each.
                let one = bucket[0].1 as usize;
                for &(_, at) in &bucket[1..] {
                    let other = at as usize;
                    // What an earlier band has brought together is compared there.
                    let is_seen = (0..band).any(|before| bands[one][before] == bands[other][before]);
                    if !is_seen && is_copy(text(one), text(other), text_language(language(one))) {
                        pairs.push((one, other));
                    }
                }
            }
            pairs
        })
        .collect();
    found.into_iter().flatten().collect()
}

fn mixed(key: u32, value: u32) -> u32 {
    (key.rotate_left(7) ^ value).wrapping_mul(0x9e37_79b1)
}

/// Whether two long texts are one text but for a name or a number: nearly all word triples and content words are common.
fn is_copy(a: &str, b: &str, language: Language) -> bool {
    let (in_a, in_b) = (signature::triples(a), signature::triples(b));
    let n_both = n_common(&in_a, &in_b) as f64;
    if n_both < NEAR_SAME * ((in_a.len() + in_b.len()) as f64 - n_both) {
        return false;
    }
    let stems = |text: &str| -> BTreeSet<String> {
        token::content_words(text, language).into_iter().map(|word| word.stem).collect()
    };
    let (in_a, in_b) = (stems(a), stems(b));
    in_a.intersection(&in_b).count() as f64 >= SAME_CONTENT * in_a.len().max(in_b.len()) as f64
}

/// Joins the signals of one text: each known person's own; all unclaimed ones too where the text is long, with the one
/// person who claims it if there is just one.
fn join_claims(signals: &[Signal], group: &[usize], is_long: bool, joined: &mut Joined) {
    let mut first_of: BTreeMap<Option<PersonId>, usize> = BTreeMap::new();
    for &i in group {
        let person = signals[i].person;
        if let Some(&first) = first_of.get(&person) {
            if person.is_some() || is_long {
                joined.join(first, i);
            }
        } else {
            first_of.insert(person, i);
        }
    }
    if is_long
        && first_of.len() == 2
        && let Some(&unclaimed) = first_of.get(&None)
        && let Some(&claimed) = first_of.values().find(|&&i| i != unclaimed)
    {
        joined.join(unclaimed, claimed);
    }
}

/// Joins what one person says again.
fn join_people(signals: &[Signal], texts: &[&str], n_words: &[usize], joined: &mut Joined) {
    let mut by_person: BTreeMap<PersonId, Vec<usize>> = BTreeMap::new();
    for (i, signal) in signals.iter().enumerate() {
        if let Some(person) = signal.person {
            by_person.entry(person).or_default().push(i);
        }
    }
    let groups: Vec<Vec<usize>> =
        by_person.into_values().filter(|group| (2..=MOST_PER_PERSON).contains(&group.len())).collect();
    let found: Vec<Vec<(usize, usize)>> = groups
        .par_iter()
        .map(|group| {
            let table = Table::builtin();
            let vectors: Vec<Vec<f32>> = group.iter().map(|&i| table.embed(texts[i])).collect();
            let is_short: Vec<bool> = group
                .iter()
                .map(|&i| {
                    n_words[i] <= 4 * REMARK_WORDS
                        && token::content_words(texts[i], text_language(signals[i].language)).len() <= REMARK_WORDS
                })
                .collect();
            let mut pairs = Vec::new();
            for (a, &i) in group.iter().enumerate() {
                for (b, &j) in group.iter().enumerate().skip(a + 1) {
                    let is_remark = is_short[b] && signals[i].record_id == signals[j].record_id;
                    let cosine = || vectors[a].iter().zip(&vectors[b]).map(|(x, y)| x * y).sum::<f32>();
                    if is_remark || cosine() >= SAME_SAY {
                        pairs.push((i, j));
                    }
                }
            }
            pairs
        })
        .collect();
    for (a, b) in found.into_iter().flatten() {
        joined.join(a, b);
    }
}

/// Joins our own people's words with the customer's sentence they quote.
fn join_quotations(signals: &[Signal], texts: &[&str], joined: &mut Joined) {
    let prints = |i: usize| -> Vec<u64> {
        sentence::sentences(texts[i])
            .into_iter()
            .map(|range| &texts[i][range])
            .flat_map(|sentence| std::iter::once(sentence).chain(sentence.split(['"', '“', '”', '„', '«', '»'])))
            .filter(|part| token::words(part).count() >= QUOTED_WORDS)
            .map(signature::fingerprint)
            .collect()
    };
    let is_ours = |i: &usize| signals[*i].side == Side::Team;
    let ours: Vec<usize> = (0..signals.len()).filter(is_ours).collect();
    if ours.is_empty() {
        return;
    }
    let theirs: Vec<usize> = (0..signals.len()).filter(|i| !is_ours(i)).collect();
    let printed: Vec<Vec<u64>> = theirs.par_iter().map(|&i| prints(i)).collect();
    let mut owner: FxHashMap<u64, Option<usize>> = FxHashMap::default();
    for (i, prints) in theirs.into_iter().zip(printed) {
        for print in prints {
            // A sentence that two customers' voices hold is nobody's.
            let root = joined.root(i);
            let entry = owner.entry(print).or_insert(Some(root));
            if *entry != Some(root) {
                *entry = None;
            }
        }
    }
    for i in ours {
        if let Some(whose) = prints(i).into_iter().find_map(|print| owner.get(&print).copied().flatten()) {
            joined.join(whose, i);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::{Part, PartRole, RawPart, RawRecord, Record, RecordId, SourceKind, Span};

    fn corpus(said: &[(&str, Option<&str>, Side)]) -> Corpus {
        let mut corpus = Corpus::default();
        for (i, (text, name, side)) in said.iter().enumerate() {
            let mut raw = RawRecord::new("s", SourceKind::Support, &i.to_string(), "");
            raw.parts = vec![RawPart {
                role: PartRole::Body,
                author: None,
                at: None,
                clock_ms: None,
                text: (*text).to_owned(),
            }];
            let mut record = crate::collect::canonical(&raw, RecordId(i as u64)).record;
            let person = name.map(|name| PersonId::of(&[name.as_bytes()]));
            record.parts = vec![Part { person, side: *side, ..record.parts[0].clone() }];
            let mut signals = crate::segment::signals(&Record { source_kind: SourceKind::Other, ..record.clone() });
            for signal in &mut signals {
                signal.span = Span::new(0, record.text.len());
            }
            corpus.signals.extend(signals);
            corpus.records.push(record);
        }
        corpus
    }

    const LONG: &str =
        "The export of the monthly hours fails with an error since the last update and nobody answers my mails";

    #[test]
    fn copies_are_one_voice_and_people_are_their_own() {
        let near = LONG.replace("error", "exception");
        let corpus = corpus(&[
            (LONG, Some("ann"), Side::Customer),
            (LONG, None, Side::Unknown),
            (&near, None, Side::Unknown),
            (LONG, Some("bob"), Side::Customer),
            ("please add dark mode", None, Side::Unknown),
            ("please add dark mode", None, Side::Unknown),
            ("please add dark mode", Some("cat"), Side::Customer),
            ("Please add dark mode!", Some("cat"), Side::Customer),
        ]);
        let voices = voices(&corpus);
        assert_ne!(voices[0], voices[3], "two known people are two voices");
        assert_eq!(voices[1], voices[2]);
        assert_ne!(voices[4], voices[5], "few words are not a copy");
        assert_eq!(voices[6], voices[7]);
    }

    #[test]
    fn a_quotation_is_the_customers_voice() {
        let corpus = corpus(&[
            ("Under eleven hours I want to know while I plan. Otherwise it is fine.", Some("ingrid"), Side::Customer),
            (
                "Ingrid: \"Under eleven hours I want to know while I plan\" and it is in the contract",
                Some("sofia"),
                Side::Team,
            ),
        ]);
        let voices = voices(&corpus);
        assert_eq!(voices[0], voices[1]);
    }

    #[test]
    fn the_order_of_signals_does_not_matter() {
        let corpus = corpus(&[
            (LONG, Some("ann"), Side::Customer),
            ("The export of monthly hours still fails with that error", Some("ann"), Side::Customer),
            (LONG, None, Side::Unknown),
        ]);
        let mut turned = corpus.clone();
        turned.signals.reverse();
        let mut again = voices(&turned);
        again.reverse();
        assert_eq!(voices(&corpus), again);
    }
}
