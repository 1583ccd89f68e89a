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

use crate::insight::text_language;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use throughline_model::{Corpus, PersonId, Side, Signal, VoiceId};
use throughline_text::embed::Table;
use throughline_text::signature::{self, MINHASH_LEN};
use throughline_text::{sentence, token};

/// Words from which the same text is the same say: two strangers do not choose the same twelve words.
const COPY_WORDS: usize = 12;
/// Words from which one sentence of a customer, found in our own people's words, is a quotation.
const QUOTED_WORDS: usize = 6;
/// Share of word triples in common from which two long texts are copies. Chosen: a changed name or number in a text of
/// twenty words leaves 0.7.
const NEAR_SAME: f32 = 0.7;
/// Cosine from which two statements of one person say the same. Chosen on the example, where the same complaint put in
/// other words lies above 0.6 and another complaint below 0.55.
const SAME_SAY: f32 = 0.62;
/// Content words up to which a later statement in a conversation is a remark on the first.
const REMARK_WORDS: usize = 7;
/// Statements of one person that are compared with one another; someone with more is a channel, not a person.
const MOST_PER_PERSON: usize = 400;
/// Values of a MinHash in a band: 16 bands of 4 find nearly all pairs above 0.7.
const BAND: usize = 4;

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
    let prints: Vec<u64> = texts.par_iter().map(|text| signature::fingerprint(text)).collect();
    let mut same: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (i, &print) in prints.iter().enumerate() {
        same.entry(print).or_default().push(i);
    }
    let mut groups: Vec<Vec<usize>> = same.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    for group in groups {
        join_claims(signals, &group, n_words[group[0]] >= COPY_WORDS, joined);
    }
    // Nearly the same: only long texts, where a shared triple of words means something.
    let long: Vec<usize> = (0..texts.len()).filter(|&i| n_words[i] >= COPY_WORDS).collect();
    let hashes: Vec<[u32; MINHASH_LEN]> = long.par_iter().map(|&i| signature::minhash(texts[i])).collect();
    for band in 0..MINHASH_LEN / BAND {
        let mut buckets: FxHashMap<&[u32], Vec<usize>> = FxHashMap::default();
        for (at, hash) in hashes.iter().enumerate() {
            buckets.entry(&hash[band * BAND..(band + 1) * BAND]).or_default().push(at);
        }
        let mut buckets: Vec<Vec<usize>> = buckets.into_values().filter(|bucket| bucket.len() > 1).collect();
        buckets.sort_unstable();
        for bucket in buckets {
            // Against the first of the bucket: a template that thousands share is one comparison each.
            for &at in &bucket[1..] {
                if signature::similarity(&hashes[bucket[0]], &hashes[at]) >= NEAR_SAME {
                    join_claims(signals, &[long[bucket[0]], long[at]], true, joined);
                }
            }
        }
    }
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
            let mut pairs = Vec::new();
            for (a, &i) in group.iter().enumerate() {
                for (b, &j) in group.iter().enumerate().skip(a + 1) {
                    let is_remark = signals[i].record_id == signals[j].record_id
                        && n_words[j] <= 4 * REMARK_WORDS
                        && token::content_words(texts[j], text_language(signals[j].language)).len() <= REMARK_WORDS;
                    let cosine: f32 = vectors[a].iter().zip(&vectors[b]).map(|(x, y)| x * y).sum();
                    if is_remark || cosine >= SAME_SAY {
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
    let mut owner: FxHashMap<u64, Option<usize>> = FxHashMap::default();
    for i in (0..signals.len()).filter(|i| !is_ours(i)) {
        for print in prints(i) {
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
