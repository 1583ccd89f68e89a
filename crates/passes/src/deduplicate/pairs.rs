//! Pairs of records that may be the same thing, for people to look at and for export.
//!
//! In: the corpus. Out: for each record at least its ten best candidates where there are ten, each pair once, with a
//! score and what would be decided.
//! A score joins four likenesses: of the words of title and text, of the words of the titles, and of their meaning.
//! Cost: an inverted index and one neighbour search; asked for on export, never in a run.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use throughline_model::link::{Decision, Ends, LinkKind};
use throughline_model::{Corpus, Link, PartRole, Record, RecordId};
use throughline_text::Language;
use throughline_text::embed::Table;
use throughline_text::language;
use throughline_text::lexical::{Document, Field, Index};
use throughline_text::neighbour::knn;

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
/// From this score, with nearly the same words, two records are taken for one thing without asking.
const AUTO: f64 = 0.86;
/// From this score it is worth asking.
const ASK: f64 = 0.52;

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
    body: &'a str,
    language: Language,
}

fn compared(record: &Record) -> Compared<'_> {
    let title = record.parts.iter().find(|part| part.role == PartRole::Title).map(|part| record.slice(part.span));
    let body = record.parts.iter().find(|part| part.role != PartRole::Title).map_or("", |part| record.slice(part.span));
    let body = &body[..body.floor_char_boundary(READ_BYTES)];
    // A record without a title is known by its first line.
    let title = title.unwrap_or_else(|| body.lines().next().unwrap_or_default());
    let title = &title[..title.floor_char_boundary(200)];
    Compared { title, body, language: language::detect_or(&record.text, Language::English) }
}

/// Candidate pairs of all records, by the first record's id, best first.
#[must_use]
pub fn pairs(corpus: &Corpus) -> Vec<Pair> {
    let records = &corpus.records;
    let compared: Vec<Compared<'_>> = records.par_iter().map(compared).collect();
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
    let mut once: FxHashMap<(usize, usize), f64> = FxHashMap::default();
    for (i, candidates) in scored.iter().enumerate() {
        for &(j, score) in candidates {
            once.insert((i.min(j), i.max(j)), score);
        }
    }
    let mut pairs: Vec<Pair> = once
        .into_iter()
        .map(|((i, j), score)| Pair {
            a: records[i].id.min(records[j].id),
            b: records[i].id.max(records[j].id),
            score,
            decision: decide(score, &compared[i], &compared[j]),
        })
        .collect();
    pairs.sort_by(|x, y| x.a.cmp(&y.a).then(y.score.total_cmp(&x.score)).then(x.b.cmp(&y.b)));
    pairs
}

/// The pairs that are worth asking about, as links, the most alike first.
#[must_use]
pub fn ask_links(corpus: &Corpus) -> Vec<Link> {
    let mut links: Vec<Link> = pairs(corpus)
        .into_iter()
        .filter(|pair| pair.decision == Decision::Ask)
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

fn decide(score: f64, a: &Compared<'_>, b: &Compared<'_>) -> Decision {
    let is_copy = || {
        let words = |record: &Compared<'_>| format!("{}\n{}", record.title, record.body);
        super::is_copy(&words(a), &words(b), a.language)
    };
    if score >= AUTO && is_copy() {
        Decision::Auto
    } else if score >= ASK {
        Decision::Ask
    } else {
        Decision::New
    }
}
