//! Stage 4, deduplicate: statements become voices, so that nobody counts twice; records that may be the same are paired.
//!
//! A voice is one person's say on one thing. Statements share one when
//! - they are, word for word or nearly, the same long text, and no two people of different names claim it (a re-ingested
//!   export, a cross-post, a quoted copy); within one conversation that was read twice, also a short one;
//! - one person says nearly the same again, or adds a remark to what they said in the same conversation;
//! - one of our own people quotes a customer's sentence;
//! - somebody said so. What somebody said are two stays two, whatever else would join them.
//!
//! Two people who say the same in few words are two voices.
//! In: the corpus, and what people said of links. Out: a [`VoiceId`] per signal, and a [`Link`] for every join: as many as
//! there are signals less voices. Cost: near linear; signatures are hashed into bands, so that only likely pairs are
//! compared. Invariant: joining is symmetric and transitive, so order does not matter but to which of several joins of one
//! voice is told; doing it twice changes nothing.
//! Source: Broder 1997 (MinHash); Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4 (banding).

mod copy;
mod pairs;

pub use pairs::{Candidate, Pair, Thresholds, ask_links, candidates, pairs};

use crate::insight::text_language;
use crate::joined::{Join, Joined};
use copy::is_copy;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use throughline_model::judgement::Ruling;
use throughline_model::link::{Decision, Ends, LinkKind};
use throughline_model::{Corpus, Link, PersonId, RecordId, Side, Signal, SignalId, Standing, VoiceId};
use throughline_text::embed::Table;
use throughline_text::signature::{self, MINHASH_LEN};
use throughline_text::{sentence, token};

/// Words from which the same text is the same say: two strangers do not choose the same twelve words.
const COPY_WORDS: usize = 12;
/// Words from which one sentence of a customer, found in our own people's words, is a quotation.
const QUOTED_WORDS: usize = 6;
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

/// How much a remark in one conversation is worth as a link. Chosen: it is the weakest of the joins.
const REMARK_SCORE: f64 = 0.6;

/// What was found of who says the same.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Said {
    /// The voice of each signal, in the corpus's order.
    pub voices: Vec<VoiceId>,
    /// Why signals share a voice.
    pub links: Vec<Link>,
}

/// The voice of each signal, and why signals share one.
#[must_use]
pub fn voices(corpus: &Corpus, standing: &Standing) -> Said {
    let signals = &corpus.signals;
    let texts: Vec<&str> = signals.par_iter().map(|signal| corpus.text(signal)).collect();
    let n_words: Vec<usize> = texts.par_iter().map(|text| token::words(text).count()).collect();
    let mut joined = Joined::new(signals.len());
    let rulings = Rulings::new(corpus, &texts, standing);
    rulings.apart.iter().for_each(|&(a, b)| joined.keep_apart(a, b));
    rulings.one.iter().for_each(|&join| joined.join(join));
    join_copies(corpus, &texts, &n_words, &mut joined);
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
    let voices = roots.iter().map(|root| VoiceId::of(&[&signals[first[root]].id.0.to_le_bytes()])).collect();
    Said { voices, links: links(corpus, joined.made_by()) }
}

/// Joins as links between signals, by id.
fn links(corpus: &Corpus, joins: &[Join]) -> Vec<Link> {
    let link = |join: &Join| {
        let ends = Ends::statements(corpus.signals[join.a].id, corpus.signals[join.b].id);
        Link {
            id: ends.id(),
            kind: join.kind,
            ends,
            decision: Decision::Auto,
            score: (join.score.clamp(0.0, 1.0) * 1e4).round() / 1e4,
            detail: String::new(),
            shown: (String::new(), String::new()),
        }
    };
    let mut links: Vec<Link> = joins.iter().map(link).collect();
    links.sort_by_key(|link| link.id);
    links
}

/// What people said of voices, as positions of signals.
struct Rulings {
    one: Vec<Join>,
    apart: Vec<(usize, usize)>,
}

impl Rulings {
    fn new(corpus: &Corpus, texts: &[&str], standing: &Standing) -> Self {
        let mut rulings = Self { one: Vec::new(), apart: Vec::new() };
        if standing.links.is_empty() {
            return rulings;
        }
        let at: FxHashMap<SignalId, usize> = corpus.signals.iter().enumerate().map(|(i, s)| (s.id, i)).collect();
        let of_record = |id: RecordId| {
            let start = corpus.signals.partition_point(|signal| signal.record_id < id);
            let end = corpus.signals.partition_point(|signal| signal.record_id <= id);
            start..end
        };
        for (ends, ruling) in standing.links.values() {
            let pairs: Vec<(usize, usize)> = match (*ends, ruling) {
                (Ends::Statements(a, b), _) => at.get(&a).copied().zip(at.get(&b).copied()).into_iter().collect(),
                (Ends::Records(a, b), Ruling::Accept) => alike(texts, of_record(a), of_record(b)),
                (Ends::Records(a, b), Ruling::Reject) => {
                    of_record(a).flat_map(|i| of_record(b).map(move |j| (i, j))).collect()
                }
                _ => continue,
            };
            match ruling {
                Ruling::Accept => {
                    let stated = |(a, b)| Join { a, b, kind: LinkKind::Stated, score: 1.0 };
                    rulings.one.extend(pairs.into_iter().map(stated));
                }
                Ruling::Reject => rulings.apart.extend(pairs),
            }
        }
        rulings
    }
}

/// Statements of two records that are the same: each of the second with the most alike of the first, where they say the
/// same; of records that share no such statements the two most alike.
fn alike(texts: &[&str], of_a: std::ops::Range<usize>, of_b: std::ops::Range<usize>) -> Vec<(usize, usize)> {
    let table = Table::builtin();
    let vectors = |of: std::ops::Range<usize>| of.map(|i| (i, table.embed(texts[i]))).collect::<Vec<_>>();
    let (in_a, in_b) = (vectors(of_a), vectors(of_b));
    let best: Vec<(f32, usize, usize)> = in_b
        .iter()
        .filter_map(|(j, there)| {
            let near = in_a.iter().map(|(i, here)| (cosine(here, there), *i, *j));
            near.max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1)))
        })
        .collect();
    let same: Vec<(usize, usize)> =
        best.iter().filter(|(near, ..)| *near >= SAME_SAY).map(|&(_, i, j)| (i, j)).collect();
    if same.is_empty() {
        let closest = best.iter().max_by(|x, y| x.0.total_cmp(&y.0).then(y.2.cmp(&x.2)));
        return closest.map(|&(_, i, j)| (i, j)).into_iter().collect();
    }
    same
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Joins texts that are the same or nearly, where no two people of different names claim them.
fn join_copies(corpus: &Corpus, texts: &[&str], n_words: &[usize], joined: &mut Joined) {
    let signals = &corpus.signals;
    let mut prints: Vec<(u64, usize)> =
        texts.par_iter().enumerate().map(|(i, text)| (signature::fingerprint(text), i)).collect();
    prints.par_sort_unstable();
    // Distinct texts by the hash of their words, which is the same order for every order of import.
    let distinct: Vec<&[(u64, usize)]> = prints.chunk_by(|a, b| a.0 == b.0).collect();
    let long: Vec<usize> = (0..distinct.len()).filter(|&at| n_words[distinct[at][0].1] >= COPY_WORDS).collect();
    let first = |at: usize| distinct[long[at]][0].1;
    let mut near = Joined::new(distinct.len());
    for (a, b) in near_copies(long.len(), |at| texts[first(at)], |at| signals[first(at)].language) {
        near.join(Join { a: long[a], b: long[b], kind: LinkKind::NearCopy, score: 1.0 });
    }
    let mut groups: Vec<(usize, usize)> = (0..distinct.len()).map(|at| (near.root(at), at)).collect();
    groups.sort_unstable();
    let claims = Claims { corpus, texts };
    for group in groups.chunk_by(|a, b| a.0 == b.0) {
        let members: Vec<usize> = group.iter().flat_map(|&(_, at)| distinct[at]).map(|&(_, i)| i).collect();
        if members.len() < 2 {
            continue;
        }
        if n_words[members[0]] >= COPY_WORDS {
            // The same words first, so that what is told of a join is the most that can be said.
            for &(_, at) in group {
                claims.join_copy(&distinct[at].iter().map(|&(_, i)| i).collect::<Vec<_>>(), joined);
            }
            claims.join_copy(&members, joined);
        } else {
            claims.join_short(&members, joined);
        }
    }
}

/// Who claims a text that stands in several places.
struct Claims<'a> {
    corpus: &'a Corpus,
    texts: &'a [&'a str],
}

/// Somebody as far as copies are concerned: by name where there is one, so that one person whom two sources know by
/// different ids claims a copy once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Claimant {
    Named(String),
    Known(PersonId),
}

/// A conversation, by its key or by all its words.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Talk<'a> {
    Thread(&'a str),
    Words(u64),
}

fn claimant(corpus: &Corpus, person: PersonId) -> Claimant {
    let name = corpus.people.get(&person).and_then(|known| known.name.as_deref());
    name.filter(|name| name.trim().contains(' ')).map_or(Claimant::Known(person), |name| {
        Claimant::Named(name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "))
    })
}

/// Whether two authors can be one person as far as copies are concerned: unless both are known, by different names.
fn may_be_one(corpus: &Corpus, a: Option<PersonId>, b: Option<PersonId>) -> bool {
    a.zip(b).is_none_or(|(a, b)| claimant(corpus, a) == claimant(corpus, b))
}

impl Claims<'_> {
    fn claimant(&self, i: usize) -> Option<Claimant> {
        Some(claimant(self.corpus, self.corpus.signals[i].person?))
    }

    /// Joins copies of a text that is nobody's by chance: those of each claimant; those that nobody claims, with the one
    /// who claims it if there is just one.
    fn join_copy(&self, group: &[usize], joined: &mut Joined) {
        let mut first_of: BTreeMap<Option<Claimant>, usize> = BTreeMap::new();
        for &i in group {
            match first_of.entry(self.claimant(i)) {
                std::collections::btree_map::Entry::Occupied(first) => joined.join(self.copy(*first.get(), i)),
                std::collections::btree_map::Entry::Vacant(place) => _ = place.insert(i),
            }
        }
        if first_of.len() == 2
            && let Some(&unclaimed) = first_of.get(&None)
            && let Some(&claimed) = first_of.values().find(|&&i| i != unclaimed)
        {
            joined.join(self.copy(claimed, unclaimed));
        }
    }

    /// Joins the same few words: of one person, and within one conversation or record that was read twice.
    fn join_short(&self, group: &[usize], joined: &mut Joined) {
        let mut first_of: BTreeMap<PersonId, usize> = BTreeMap::new();
        let mut by_talk: BTreeMap<Talk<'_>, Vec<usize>> = BTreeMap::new();
        for &i in group {
            if let Some(person) = self.corpus.signals[i].person {
                match first_of.entry(person) {
                    std::collections::btree_map::Entry::Occupied(first) => joined.join(self.copy(*first.get(), i)),
                    std::collections::btree_map::Entry::Vacant(place) => _ = place.insert(i),
                }
            }
            for talk in self.talks(i) {
                by_talk.entry(talk).or_default().push(i);
            }
        }
        for (talk, members) in by_talk.into_iter().filter(|(_, members)| members.len() > 1) {
            // Two who say "same here" under one post are two; a conversation read from two sources says all twice.
            let source = |i: usize| self.corpus.record(self.corpus.signals[i].record_id).map(|record| &record.source);
            let is_read_twice = members.iter().any(|&i| source(i) != source(members[0]));
            if is_read_twice || matches!(talk, Talk::Words(_)) {
                self.join_copy(&members, joined);
            }
        }
    }

    /// By what a record that was read twice is known: its conversation, and its words where they are many.
    fn talks(&self, i: usize) -> impl Iterator<Item = Talk<'_>> {
        let record = self.corpus.record(self.corpus.signals[i].record_id);
        let thread = record.and_then(|record| record.thread.as_deref()).map(Talk::Thread);
        let words = record
            .filter(|record| token::words(&record.text).take(COPY_WORDS).count() == COPY_WORDS)
            .map(|record| Talk::Words(signature::fingerprint(&record.text)));
        thread.into_iter().chain(words)
    }

    fn thread(&self, i: usize) -> Option<&str> {
        self.corpus.record(self.corpus.signals[i].record_id)?.thread.as_deref()
    }

    fn copy(&self, a: usize, b: usize) -> Join {
        let is_one_record = self.corpus.signals[a].record_id == self.corpus.signals[b].record_id;
        let is_one_thread = !is_one_record && self.thread(a).is_some() && self.thread(a) == self.thread(b);
        let (in_a, in_b) = (self.texts[a], self.texts[b]);
        if signature::fingerprint(in_a) == signature::fingerprint(in_b) {
            let kind = if is_one_thread { LinkKind::SameThread } else { LinkKind::SameCopy };
            return Join { a, b, kind, score: 1.0 };
        }
        Join { a, b, kind: LinkKind::NearCopy, score: copy::shared(in_a, in_b) }
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
    let found: Vec<Vec<Join>> = groups
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
                    let near = cosine(&vectors[a], &vectors[b]);
                    if near >= SAME_SAY {
                        pairs.push(Join { a: i, b: j, kind: LinkKind::SaidAgain, score: f64::from(near) });
                    } else if is_remark {
                        pairs.push(Join { a: i, b: j, kind: LinkKind::Remark, score: REMARK_SCORE });
                    }
                }
            }
            pairs
        })
        .collect();
    found.into_iter().flatten().for_each(|join| joined.join(join));
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
            joined.join(Join { a: whose, b: i, kind: LinkKind::Quotation, score: 1.0 });
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
        let near = LONG.replace("update", "udpate");
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
        let voices = voices(&corpus, &Standing::default()).voices;
        assert_ne!(voices[0], voices[3], "two known people are two voices");
        assert_eq!(voices[1], voices[2]);
        assert_ne!(voices[4], voices[5], "few words are not a copy");
        assert_eq!(voices[6], voices[7]);
    }

    /// The same conversation from two sources, which know its writers by different ids.
    fn read_twice(thread: Option<&str>, names: [&str; 2], other_source: &str) -> Corpus {
        let long = format!("{LONG}. Please call me.");
        let mut corpus = corpus(&[
            ("Please call me.", Some("a1"), Side::Customer),
            ("Please call me.", Some("b1"), Side::Customer),
            (&long, Some("a1"), Side::Customer),
            (&long, Some("b1"), Side::Customer),
        ]);
        for (at, record) in corpus.records.iter_mut().enumerate() {
            record.thread = thread.map(str::to_owned);
            record.source = if at % 2 == 0 { "desk".to_owned() } else { other_source.to_owned() };
        }
        for (id, name) in ["a1", "b1"].into_iter().zip(names) {
            let id = PersonId::of(&[id.as_bytes()]);
            let name = Some(name.to_owned());
            let person = throughline_model::Person { id, name, role: None, account: None, side: Side::Customer };
            corpus.people.insert(id, person);
        }
        corpus
    }

    #[test]
    fn a_conversation_that_is_read_twice_is_said_once() {
        let said = |corpus: &Corpus| {
            let said = voices(corpus, &Standing::default());
            let kinds: Vec<LinkKind> = said.links.iter().map(|link| link.kind).collect();
            (said.voices[0] == said.voices[1], said.voices[2] == said.voices[3], kinds)
        };
        let one = ["Maeve Doran", "maeve  doran"];
        let (short, long, kinds) = said(&read_twice(Some("<1@mail.example>"), one, "mail"));
        assert!(short && long, "by the conversation's key");
        assert!(kinds.contains(&LinkKind::SameThread), "{kinds:?}");
        let (short, long, _) = said(&read_twice(None, one, "mail"));
        assert!(long && !short, "without a key by the words, where they are many");
        let (short, long, _) = said(&read_twice(Some("post 7"), ["Maeve Doran", "Ida Lund"], "mail"));
        assert!(!long && !short, "two people of different names are two");
        let (short, ..) = said(&read_twice(Some("post 7"), one, "desk"));
        assert!(!short, "under one post of one source everybody speaks for themselves");
    }

    #[test]
    fn short_words_of_a_record_that_stands_twice_are_said_once() {
        let mut corpus = corpus(&[(LONG, None, Side::Unknown), (LONG, None, Side::Unknown)]);
        let words = LONG.len() - "nobody answers my mails".len();
        for at in 0..2 {
            let mut second = corpus.signals[at].clone();
            corpus.signals[at].span = Span::new(0, words - 5);
            second.span = Span::new(words, LONG.len());
            second.id = throughline_model::SignalId(second.id.0 ^ 1);
            corpus.signals.push(second);
        }
        corpus.signals.sort_by_key(|signal| (signal.record_id, signal.span));
        let voices = voices(&corpus, &Standing::default()).voices;
        assert_eq!((voices[0], voices[1]), (voices[2], voices[3]));
        assert_ne!(voices[0], voices[1]);
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
        let voices = voices(&corpus, &Standing::default()).voices;
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
        let of = |corpus: &Corpus| voices(corpus, &Standing::default()).voices;
        let mut again = of(&turned);
        again.reverse();
        assert_eq!(of(&corpus), again);
    }
}
