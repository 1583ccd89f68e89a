//! Pairs of records that may be the same thing, for people to look at and for export.
//!
//! In: the corpus. Out: for each record at least its ten best candidates where there are ten, each pair once, with a
//! score and what is decided: a copy is taken for one thing, what is alike from both sides is worth asking about. The
//! thresholds are data (`data/duplicates.toml`), calibrated on labelled pairs for one embedding table.
//! A score joins four likenesses: of the words of title and text, of the words of the titles, and of their meaning.
//! Cost: an inverted index and one neighbour search; asked for on export, never in a run.

use super::copy::{is_copy, is_same_headline};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use throughline_model::link::{Decision, Ends, LinkKind};
use throughline_model::{Corpus, Link, PartRole, Record, RecordId, SourceKind};
use throughline_text::Language;
use throughline_text::embed::Table;
use throughline_text::lexical::{Document, Field, Index};
use throughline_text::neighbour::knn;
use throughline_text::{language, token};

/// Candidates given for each record.
const N_CANDIDATES: usize = 12;
/// Candidates looked at by each kind of likeness.
const N_LOOKED_AT: usize = 40;
/// Words of a title count this much more than words of the text. Chosen on the pairs that `tests/real-data.sh` measures.
const TITLE_WEIGHT: f32 = 3.0;
/// No more of a text than this is compared: what a report is about stands near its top.
const READ_BYTES: usize = 2_000;
/// Share of each likeness in the score: words of all, words of the titles, meaning of all, meaning of the titles.
/// Chosen on the seamonkey pairs: for any weight of titles from 2 to 4 and any 1,000 to 8,000 bytes read they find 0.83 to
/// 0.84 of the pairs within ten candidates at a mean average precision of 0.62 to 0.63; words of all alone, 0.81 to 0.84 at
/// 0.59 to 0.61.
const SHARES: [f64; 4] = [0.5, 0.2, 0.15, 0.15];
/// From this score two records are looked at for being copies; one that scores less was never one in calibration.
const LOOKED_AT_SCORE: f64 = 0.5;

/// From which score what is decided, as calibrated.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// The embedding table they were calibrated for.
    pub model_id: String,
    /// From this score a copy is taken for one thing without asking.
    pub auto: f64,
    /// From this score it is worth asking about two that are each among the other's nearest.
    pub ask: f64,
    /// How many nearest those are.
    pub mutual_rank: usize,
}

static THRESHOLDS: LazyLock<Thresholds> = LazyLock::new(|| {
    // The file is part of the crate and read by a test; without it nothing is taken for one.
    let nothing = Thresholds { model_id: String::new(), auto: f64::INFINITY, ask: f64::INFINITY, mutual_rank: 0 };
    toml::from_str(include_str!("../../data/duplicates.toml")).unwrap_or(nothing)
});

impl Thresholds {
    /// Those that come with the program.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &THRESHOLDS
    }

    /// What is done about a candidate.
    #[must_use]
    pub fn decide(&self, candidate: &Candidate) -> Decision {
        if candidate.is_copy && candidate.is_one_voice && candidate.score >= self.auto {
            Decision::Auto
        } else if candidate.is_copy || (candidate.score >= self.ask && candidate.mutual_rank <= self.mutual_rank) {
            Decision::Ask
        } else {
            Decision::New
        }
    }
}

/// Two records with what is decided on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The record with the smaller id.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// How alike they are, 0..=1.
    pub score: f64,
    /// The place that each has among the other's candidates at least, from 1.
    pub mutual_rank: usize,
    /// Whether they are one text, written once and kept twice.
    pub is_copy: bool,
    /// Whether they can be of one person: no two people of different names wrote them.
    pub is_one_voice: bool,
}

/// Two records that may be the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The record with the smaller id.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// How alike they are, 0..=1.
    pub score: f64,
    /// What would be done.
    pub decision: Decision,
}

/// What is compared of a record.
struct Compared<'a> {
    title: &'a str,
    /// Whether the record has a title of its own.
    is_titled: bool,
    body: &'a str,
    language: Language,
}

fn compared(record: &Record) -> Compared<'_> {
    let title = record.parts.iter().find(|part| part.role == PartRole::Title).map(|part| record.slice(part.span));
    let body = record.parts.iter().find(|part| part.role != PartRole::Title).map_or("", |part| record.slice(part.span));
    let body = &body[..body.floor_char_boundary(READ_BYTES)];
    let is_titled = title.is_some_and(|title| !title.trim().is_empty());
    // A record without a title is known by its first line.
    let title = title.unwrap_or_else(|| body.lines().next().unwrap_or_default());
    let title = &title[..title.floor_char_boundary(200)];
    Compared { title, is_titled, body, language: language::detect_or(&record.text, Language::English) }
}

/// Pairs of all records that may be the same thing, by the first record's id, best first.
#[must_use]
pub fn pairs(corpus: &Corpus) -> Vec<Pair> {
    let decided = |candidate: Candidate| {
        let Candidate { a, b, score, .. } = candidate;
        Pair { a, b, score, decision: Thresholds::builtin().decide(&candidate) }
    };
    candidates(corpus).into_iter().map(decided).collect()
}

/// Candidates among all records, by the first record's id, best first.
#[must_use]
pub fn candidates(corpus: &Corpus) -> Vec<Candidate> {
    // Ratings without a word are like nothing.
    let records: Vec<&Record> = corpus.records.iter().filter(|record| !record.text.is_empty()).collect();
    let compared: Vec<Compared<'_>> = records.par_iter().map(|record| compared(record)).collect();
    let documents: Vec<Document<'_>> = compared
        .iter()
        .map(|record| Document {
            fields: vec![Field { text: record.title, weight: TITLE_WEIGHT }, Field { text: record.body, weight: 1.0 }],
            language: record.language,
        })
        .collect();
    let titles: Vec<Document<'_>> =
        compared.iter().map(|record| Document::plain(record.title, record.language)).collect();
    let (all_words, title_words) = (Index::build(&documents), Index::build(&titles));
    let table = Table::builtin();
    let leads: Vec<String> = compared
        .iter()
        .map(|record| {
            format!("{} {} {}", record.title, record.title, &record.body[..record.body.floor_char_boundary(400)])
        })
        .collect();
    let title_texts: Vec<&str> = compared.iter().map(|record| record.title).collect();
    let meaning = table.embed_all(&leads).quantise();
    let title_meaning = table.embed_all(&title_texts).quantise();
    let (near, near_titles) = (knn(&meaning, N_LOOKED_AT / 2), knn(&title_meaning, N_LOOKED_AT / 2));
    let scored: Vec<Vec<(usize, f64)>> = (0..records.len())
        .into_par_iter()
        .with_min_len(16)
        .map(|i| {
            let words = all_words.nearest(i, N_LOOKED_AT).into_iter().chain(title_words.nearest(i, N_LOOKED_AT / 2));
            let meant = near.row(i).iter().chain(near_titles.row(i)).copied();
            let mut candidates: Vec<usize> = words.chain(meant).map(|(other, _)| other as usize).collect();
            candidates.sort_unstable();
            candidates.dedup();
            let mut scored: Vec<(usize, f64)> = candidates
                .into_iter()
                .map(|j| {
                    let likeness = [
                        f64::from(all_words.cosine(i, j)),
                        f64::from(title_words.cosine(i, j)),
                        f64::from(meaning.cosine(i, j)).max(0.0),
                        f64::from(title_meaning.cosine(i, j)).max(0.0),
                    ];
                    let score: f64 = likeness.iter().zip(SHARES).map(|(x, share)| x * share).sum();
                    (j, (score.clamp(0.0, 1.0) * 1e4).round() / 1e4)
                })
                .collect();
            scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(records[a.0].id.cmp(&records[b.0].id)));
            scored.truncate(N_CANDIDATES);
            scored
        })
        .collect();
    let mut once: FxHashMap<(usize, usize), (f64, [usize; 2])> = FxHashMap::default();
    for (i, candidates) in scored.iter().enumerate() {
        for (place, &(j, score)) in candidates.iter().enumerate() {
            let (_, ranks) = once.entry((i.min(j), i.max(j))).or_insert((score, [N_CANDIDATES + 1; 2]));
            ranks[usize::from(i > j)] = place + 1;
        }
    }
    let mut once: Vec<_> = once.into_iter().collect();
    once.sort_unstable_by_key(|(pair, _)| *pair);
    let mut candidates: Vec<Candidate> = once
        .into_par_iter()
        .map(|((i, j), (score, ranks))| Candidate {
            a: records[i].id.min(records[j].id),
            b: records[i].id.max(records[j].id),
            score,
            mutual_rank: ranks[0].max(ranks[1]),
            is_copy: score >= LOOKED_AT_SCORE && compared[i].is_copy_of(&compared[j]),
            is_one_voice: super::may_be_one(corpus, records[i].person, records[j].person),
        })
        .collect();
    candidates.sort_by(|x, y| x.a.cmp(&y.a).then(y.score.total_cmp(&x.score)).then(x.b.cmp(&y.b)));
    candidates
}

/// The pairs that are worth asking about, as links, the most alike first.
#[must_use]
pub fn ask_links(corpus: &Corpus) -> Vec<Link> {
    // What was counted from events is one sentence for each count, and nobody's say.
    let is_said = |id| corpus.record(id).is_some_and(|record| record.source_kind != SourceKind::Analytics);
    let mut links: Vec<Link> = pairs(corpus)
        .into_iter()
        .filter(|pair| pair.decision == Decision::Ask && is_said(pair.a) && is_said(pair.b))
        .map(|pair| {
            let ends = Ends::records(pair.a, pair.b);
            Link {
                id: ends.id(),
                kind: LinkKind::AlikeRecords,
                ends,
                decision: pair.decision,
                score: pair.score,
                detail: String::new(),
                shown: (String::new(), String::new()),
            }
        })
        .collect();
    links.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    links
}

impl Compared<'_> {
    /// Whether the two are one text; of too few words nobody can tell.
    fn is_copy_of(&self, other: &Self) -> bool {
        let words = |record: &Self| {
            // A title that is the first line of the text is read once.
            let title = if record.body.starts_with(record.title) { "" } else { record.title };
            format!("{title}\n{}", record.body)
        };
        let (here, there) = (words(self), words(other));
        let is_long = |text: &str| token::words(text).take(super::COPY_WORDS).count() == super::COPY_WORDS;
        // What somebody put above a report says what it is about.
        let is_same_headline =
            !self.is_titled || !other.is_titled || is_same_headline(self.title, other.title, self.language);
        is_same_headline && is_long(&here) && is_long(&there) && is_copy(&here, &there, self.language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_those_of_the_table_in_the_program() {
        let known = Thresholds::builtin();
        assert_eq!(
            known.model_id,
            Table::builtin().model_id(),
            "the embedding table is another: calibrate again (crates/compiler/examples/calibrate.rs)"
        );
        assert!(0.0 < known.ask && known.ask < known.auto && known.auto < 1.0, "{known:?}");
    }

    #[test]
    fn only_a_copy_is_taken_for_one_without_asking() {
        let limits = Thresholds { model_id: String::new(), auto: 0.8, ask: 0.4, mutual_rank: 5 };
        let decide = |score, mutual_rank, is_copy, is_one_voice| {
            let (a, b) = (RecordId(1), RecordId(2));
            limits.decide(&Candidate { a, b, score, mutual_rank, is_copy, is_one_voice })
        };
        assert_eq!(decide(0.9, 1, true, true), Decision::Auto);
        assert_eq!(decide(0.9, 1, true, false), Decision::Ask);
        assert_eq!(decide(0.9, 1, false, true), Decision::Ask);
        assert_eq!(decide(0.7, 6, true, true), Decision::Ask);
        assert_eq!(decide(0.7, 6, false, true), Decision::New);
        assert_eq!(decide(0.3, 1, false, true), Decision::New);
    }
}
