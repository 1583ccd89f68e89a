//! Stage 5, cluster: statements that are about the same thing; how many such things there are is found, not given.
//!
//! In: the corpus, the voice of each signal, and what an earlier run found. Out: [`Cluster`]s of signals, largest first; a
//! signal is in at most one.
//! 1. Texts are placed in a [`space`] made for this corpus; the same words said twice are one text.
//! 2. Each text is linked with its nearest, by how many of their nearest the two share; statements that belong together
//!    for another reason (one voice, a short remark within one conversation) are linked as well.
//! 3. [`leiden()`] finds the groups; where an earlier run found some, it starts from them, so that new evidence moves only
//!    what it must.
//! 4. A member that is much farther from the centre than the others leaves; praise and small talk, which found no
//!    insight, join the group they are clearly about.
//!
//! Cost: dominated by the nearest neighbours, see `throughline_text::neighbour`; measured by `tests/real-data.sh`.
//! Invariant: the result depends on the set of signals and the earlier groups alone, not on order or threads; the same
//! signals with the groups that came of them give the same result.

mod glossary;
pub mod leiden;
mod linear;
mod neighbourhood;
pub mod sentence;
pub mod space;

use crate::insight::text_language;
use crate::observe;
use leiden::{Graph, leiden, leiden_from};
pub(crate) use neighbourhood::n_common;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sentence::Encoded;
use serde::{Deserialize, Serialize};
use space::{Meaning, Space, dot};
use std::collections::BTreeSet;
use throughline_model::{Corpus, Kind, PersonId, RecordId, Signal, SignalId, SourceKind, VoiceId};
use throughline_text::Language;
use throughline_text::embed::{Table, normalise};
use throughline_text::matrix::Int8Matrix;
use throughline_text::neighbour::{knn, nearest};
use throughline_text::{signature, token};

/// How groups are found. One set of values serves corpora of twenty and of a hundred thousand texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How vectors are made.
    pub space: space::Settings,
    /// Nearest texts a text is linked with, by the number of texts. Of a few dozen a theme has a handful, and ten nearest
    /// reach far beyond it.
    pub n_nearest: [(usize, f64); 2],
    /// Resolution of the groups, higher gives more and smaller ones, by the number of texts.
    pub resolution: [(usize, f64); 4],
    /// Share of a text's links by which it is tied to the group of an earlier run, 0..=1: `tests/stability.sh` prints what
    /// is kept of the groups when one text in a hundred is new.
    pub tie_unit: f64,
    /// Share of the group's mean closeness below which a member leaves, 0..=1.
    pub leaves_below: f64,
    /// Share of the group's mean closeness from which praise and small talk join, 0..=1.
    pub joins_from: f64,
}

impl Default for Settings {
    /// Chosen on the labelled sets that `tests/real-data.sh` measures.
    fn default() -> Self {
        Self {
            space: space::Settings::default(),
            n_nearest: [(40, 4.0), (200, 10.0)],
            resolution: [(20, 1.5), (50, 2.0), (500, 3.5), (3_000, 2.0)],
            tie_unit: 0.2,
            leaves_below: 0.35,
            joins_from: 0.9,
        }
    }
}

/// The value at `n` of a line through points in order, straight in the logarithm of the number and level beyond its ends.
fn along(points: &[(usize, f64)], n: usize) -> f64 {
    let log = |n: usize| libm::log(n.max(1) as f64);
    let after = points.iter().position(|&(at, _)| at > n).unwrap_or(points.len());
    match (after.checked_sub(1).map(|before| points[before]), points.get(after)) {
        (Some((from, y)), Some(&(to, z))) => y + (z - y) * (log(n) - log(from)) / (log(to) - log(from)),
        (Some((_, y)), None) | (None, Some(&(_, y))) => y,
        (None, None) => 0.0,
    }
}

/// Signals that are about one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Positions in the corpus's signals, ascending.
    pub members: Vec<usize>,
    /// How surely each member belongs, 0..=1, in the order of `members`: 0.5 when another group is as near.
    pub confidence: Vec<f64>,
    /// Position of the most central member.
    pub centre: usize,
}

/// Weight of a link for a reason other than likeness; a link of two texts that share all their nearest has 1.
const ONE_VOICE: f64 = 3.0;
/// A remark of few words within a conversation belongs to what its writer said first.
const REMARK: f64 = 3.0;
/// Content words up to which a statement is such a remark.
const REMARK_WORDS: usize = 7;
/// Phrase classes on account of which a statement that nobody else makes is an insight of its own.
const HEARD_ALONE: [&str; 6] = ["security", "privacy", "harm_data", "harm_money", "deal_block", "regulation"];

/// What an earlier run found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before<'a> {
    /// Its [`Found::groups`].
    pub groups: &'a [Vec<SignalId>],
    /// Whether everything that is grouped is what it was then.
    pub is_same: bool,
}

/// What clustering found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Found {
    /// Insights, largest first.
    pub clusters: Vec<Cluster>,
    /// All groups, before single members left or joined, by their first signal: where a later run starts.
    pub groups: Vec<Vec<SignalId>>,
}

/// Share of texts that must have been grouped before for the earlier groups to be a start.
const KNOWN_BEFORE: f64 = 0.5;

/// A distinct text with the signals that say it.
struct Node<'a> {
    text: &'a str,
    language: Language,
    signals: Vec<usize>,
    /// Whether some signal asks, complains or says something that is neither praise nor empty.
    founds: bool,
}

/// Groups the signals of a corpus by the vectors of the static table, or of an encoder where it gave some.
#[must_use]
pub fn partition(corpus: &Corpus, voices: &[VoiceId], before: Before<'_>, encoded: Option<&Encoded>) -> Found {
    let settings = &Settings::default();
    let nodes = nodes(corpus);
    let texts: Vec<(&str, Language)> = nodes.iter().map(|node| (node.text, node.language)).collect();
    // Nodes that found groups come first; the others are placed in the same space and join later.
    let (founding, others) = texts.split_at(nodes.partition_point(|node| node.founds));
    let rows: Vec<u32> =
        encoded.iter().flat_map(|encoded| nodes.iter().map(|node| encoded.row_of_signal[node.signals[0]])).collect();
    let (rows_founding, rows_others) = rows.split_at(rows.len().min(founding.len()));
    let meaning = |row_of| match encoded {
        Some(encoded) => Meaning::Encoded { vectors: &encoded.vectors, row_of },
        None => Meaning::Words(Table::builtin()),
    };
    let (of_founding, of_others) = (meaning(rows_founding), meaning(rows_others));
    // Nodes stand in the order of a hash: the first are a fair sample, and one more text rarely changes it.
    let space = Space::build(of_founding, founding, settings.space);
    let (founding, others) = (space.vectors(of_founding, founding), space.vectors(of_others, others));
    let groups = groups(corpus, voices, &nodes[..founding.n_rows()], &founding, before, settings);
    let placed = Placed::new(&founding, &others, &groups, settings);
    Found { clusters: clusters(corpus, &nodes, &placed), groups: by_group(corpus, &nodes, &groups) }
}

/// Distinct texts: those that found groups first, each part in the order of their words.
fn nodes(corpus: &Corpus) -> Vec<Node<'_>> {
    let mut order: Vec<(u64, usize, bool)> = corpus
        .signals
        .par_iter()
        .enumerate()
        .map(|(i, signal)| {
            let text = observe::about(corpus, signal);
            (signature::fingerprint(text), i, founds(signal, text))
        })
        .collect();
    order.par_sort_unstable();
    let mut nodes: Vec<Node<'_>> = order
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| {
            let first = &corpus.signals[same[0].1];
            Node {
                text: observe::about(corpus, first),
                language: text_language(first.language),
                signals: same.iter().map(|&(_, i, _)| i).collect(),
                founds: same.iter().any(|&(_, _, founds)| founds),
            }
        })
        .collect();
    // A stable sort keeps the order by hash, which is a fair shuffle and the same for every order of import.
    nodes.sort_by_key(|node| !node.founds);
    nodes
}

/// Whether a statement may found a group: it asks, complains or states; praise and a few words of nothing do not.
fn founds(signal: &Signal, text: &str) -> bool {
    match signal.kind {
        Kind::Request | Kind::Problem | Kind::Question => true,
        Kind::Praise | Kind::Other => {
            signal.source_kind == SourceKind::Analytics
                || token::content_words(text, text_language(signal.language)).len() >= 2
        }
    }
}

/// The signals of each group of nodes, each list ascending, lists by their first signal.
fn by_group(corpus: &Corpus, nodes: &[Node<'_>], groups: &[u32]) -> Vec<Vec<SignalId>> {
    let n_groups = groups.iter().max().map_or(0, |&largest| largest as usize + 1);
    let mut members: Vec<Vec<SignalId>> = vec![Vec::new(); n_groups];
    for (node, &group) in nodes.iter().zip(groups) {
        members[group as usize].extend(node.signals.iter().map(|&i| corpus.signals[i].id));
    }
    for members in &mut members {
        members.sort_unstable();
    }
    members.sort_unstable();
    members
}

/// The group each founding node was in before; a number of its own for one that is new. None where too few are known
/// for the earlier groups to mean anything.
fn start(corpus: &Corpus, nodes: &[Node<'_>], before: Before<'_>) -> Option<Vec<u32>> {
    let known: FxHashMap<SignalId, u32> = before
        .groups
        .iter()
        .zip(0_u32..)
        .flat_map(|(members, group)| members.iter().map(move |&signal| (signal, group)))
        .collect();
    let mut n_new = 0;
    let start: Vec<u32> = nodes
        .iter()
        .map(|node| {
            // Equal texts share a group; of those that did not, the smallest signal decides, in whatever order they come.
            let of = |&i: &usize| Some((corpus.signals[i].id, *known.get(&corpus.signals[i].id)?));
            node.signals.iter().filter_map(of).min().map_or_else(
                || {
                    n_new += 1;
                    before.groups.len() as u32 + n_new
                },
                |(_, group)| group,
            )
        })
        .collect();
    let n_known = nodes.len() - n_new as usize;
    (before.is_same || n_known as f64 >= KNOWN_BEFORE * nodes.len().max(1) as f64).then_some(start)
}

/// The group of each founding node.
fn groups(
    corpus: &Corpus,
    voices: &[VoiceId],
    nodes: &[Node<'_>],
    vectors: &Int8Matrix,
    before: Before<'_>,
    settings: &Settings,
) -> Vec<u32> {
    let start = start(corpus, nodes, before);
    if let Some(mut groups) = start.clone()
        && before.is_same
    {
        leiden::renumber(&mut groups);
        return groups;
    }
    let n_nearest = along(&settings.n_nearest, nodes.len()).round() as usize;
    let near = knn(vectors, n_nearest);
    let mut edges = neighbourhood::shared(&near, n_nearest);
    drop(near);
    edges.extend(belonging(corpus, voices, nodes));
    edges.par_sort_by_key(|edge| (edge.0, edge.1));
    // A pair that is linked for several reasons is linked by their sum.
    edges.dedup_by(|next, kept| {
        let is_same = (next.0, next.1) == (kept.0, kept.1);
        if is_same {
            kept.2 += next.2;
        }
        is_same
    });
    let graph = Graph::new(nodes.len(), &edges);
    drop(edges);
    let resolution = along(&settings.resolution, nodes.len());
    match start {
        Some(mut start) => {
            let n_before = before.groups.len();
            let known: Vec<Option<u32>> =
                start.iter().map(|&group| ((group as usize) < n_before).then_some(group)).collect();
            let graph = graph.tied(&known, n_before, settings.tie_unit);
            start.extend(0..n_before as u32);
            let mut groups = leiden_from(&graph, resolution, start);
            groups.truncate(nodes.len());
            leiden::renumber(&mut groups);
            groups
        }
        None => leiden(&graph, resolution),
    }
}

/// Links for reasons other than likeness.
fn belonging(corpus: &Corpus, voices: &[VoiceId], nodes: &[Node<'_>]) -> Vec<(u32, u32, f64)> {
    let mut by_voice: Vec<(VoiceId, u32)> = Vec::new();
    let mut by_talk: Vec<((RecordId, PersonId), usize, u32)> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        for &i in &node.signals {
            let signal = &corpus.signals[i];
            by_voice.push((voices[i], at as u32));
            if let Some(person) = signal.person
                && !matches!(signal.source_kind, SourceKind::Call | SourceKind::Interview)
            {
                by_talk.push(((signal.record_id, person), i, at as u32));
            }
        }
    }
    by_voice.par_sort_unstable();
    by_talk.par_sort_unstable();
    let mut edges = Vec::new();
    let mut link = |a: u32, b: u32, weight: f64| {
        if a != b {
            edges.push((a.min(b), a.max(b), weight));
        }
    };
    for pair in by_voice.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        link(pair[0].1, pair[1].1, ONE_VOICE);
    }
    for said in by_talk.chunk_by(|a, b| a.0 == b.0) {
        for &(_, i, node) in &said[1..] {
            let signal = &corpus.signals[i];
            if token::content_words(corpus.text(signal), text_language(signal.language)).len() <= REMARK_WORDS {
                link(said[0].2, node, REMARK);
            }
        }
    }
    edges
}

/// Where each node ended up.
struct Placed {
    /// Group, closeness to its centre, and certainty of each node.
    by_node: Vec<Option<(u32, f64, f64)>>,
    n_groups: usize,
}

impl Placed {
    /// Places `founding` texts by their group, and `others` with the group they are clearly about.
    fn new(founding: &Int8Matrix, others: &Int8Matrix, groups: &[u32], settings: &Settings) -> Self {
        let n_groups = groups.iter().max().map_or(0, |&largest| largest as usize + 1);
        let dim = founding.dim();
        let mut sums = vec![vec![0.0_f64; dim]; n_groups];
        let mut sizes = vec![0_usize; n_groups];
        let mut row = vec![0.0_f32; dim];
        for (node, &group) in groups.iter().enumerate() {
            founding.write_row(node, &mut row);
            sizes[group as usize] += 1;
            sums[group as usize].iter_mut().zip(&row).for_each(|(sum, &x)| *sum += f64::from(x));
        }
        let centres: Vec<Vec<f32>> = sums
            .iter()
            .map(|sum| {
                let mut centre: Vec<f32> = sum.iter().map(|&x| x as f32).collect();
                normalise(&mut centre);
                centre
            })
            .collect();
        let centre_matrix = Int8Matrix::from_rows(dim, centres.iter().map(Vec::as_slice));
        let near_centres = knn(&centre_matrix, 8);
        // Closeness of founding nodes to the centre of the rest of their group, and to the nearest other centre.
        let close: Vec<(f64, f64)> = groups
            .par_iter()
            .enumerate()
            .with_min_len(256)
            .map_init(
                || vec![0.0_f32; dim],
                |row, (node, &group)| {
                    let group = group as usize;
                    founding.write_row(node, row);
                    let near = near_centres.row(group).iter();
                    let best = near.map(|&(other, _)| f64::from(dot(row, &centres[other as usize])));
                    let best = rounded(best.fold(0.0_f64, f64::max));
                    if sizes[group] < 2 {
                        return (1.0, best);
                    }
                    let (mut product, mut square) = (0.0, 0.0);
                    for (sum, &x) in sums[group].iter().zip(row.iter()) {
                        let rest = sum - f64::from(x);
                        product += rest * f64::from(x);
                        square += rest * rest;
                    }
                    (rounded(product / square.sqrt().max(1e-9)), best)
                },
            )
            .collect();
        let mut mean = vec![0.0; n_groups];
        for (&group, (close, _)) in groups.iter().zip(&close) {
            mean[group as usize] += close / sizes[group as usize] as f64;
        }
        let mut by_node: Vec<Option<(u32, f64, f64)>> = groups
            .iter()
            .zip(&close)
            .map(|(&group, &(close, best))| {
                let own = group as usize;
                if sizes[own] < 2 {
                    return Some((group, close, 0.5));
                }
                (close >= settings.leaves_below * mean[own]).then(|| (group, close, certainty(close - best)))
            })
            .collect();
        by_node.par_extend((0..others.n_rows()).into_par_iter().with_min_len(256).map_init(
            || vec![0.0_f32; dim],
            |row, node| {
                others.write_row(node, row);
                let &(group, close) = nearest(&centre_matrix, row, 1).first()?;
                let (own, close) = (group as usize, rounded(f64::from(close)));
                (sizes[own] >= 2 && close > 0.0 && close >= settings.joins_from * mean[own])
                    .then_some((group, close, 0.5))
            },
        ));
        Self { by_node, n_groups }
    }
}

/// Four places: certainty is shown and compared, and no more of it is meant.
fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// Certainty from how much nearer the own centre is than the next: 0.5 at no difference, 0.9 at a fifth.
fn certainty(margin: f64) -> f64 {
    rounded(1.0 / (1.0 + libm::exp(-11.0 * margin)))
}

fn clusters(corpus: &Corpus, nodes: &[Node<'_>], placed: &Placed) -> Vec<Cluster> {
    let mut members: Vec<Vec<(usize, f64, f64)>> = vec![Vec::new(); placed.n_groups];
    for (node, place) in nodes.iter().zip(&placed.by_node) {
        if let Some((group, close, sure)) = place {
            members[*group as usize].extend(node.signals.iter().map(|&i| (i, *close, *sure)));
        }
    }
    let mut found: Vec<Cluster> = members
        .into_iter()
        .filter_map(|mut members| {
            members.sort_by_key(|&(i, _, _)| i);
            let said: Vec<&Signal> = members.iter().map(|&(i, _, _)| &corpus.signals[i]).collect();
            if !is_insight(&said) {
                return None;
            }
            let best = members.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
            Some(Cluster {
                centre: best.0,
                confidence: members.iter().map(|&(_, _, sure)| sure).collect(),
                members: members.iter().map(|&(i, _, _)| i).collect(),
            })
        })
        .collect();
    found.sort_by(|a, b| {
        b.members.len().cmp(&a.members.len()).then(corpus.signals[a.centre].id.cmp(&corpus.signals[b.centre].id))
    });
    found
}

/// Whether a group is an insight: statements of several records with some need among them, praise of at least five, or
/// one statement that must not be lost.
fn is_insight(said: &[&Signal]) -> bool {
    let n_needs = said.iter().filter(|signal| signal.is_need()).count();
    let distinct: BTreeSet<_> = said.iter().map(|signal| signal.record_id).collect();
    let must_be_heard =
        said.iter().any(|signal| signal.is_need() && HEARD_ALONE.iter().any(|class| signal.has_phrase(class)));
    let n_praise = said.iter().filter(|signal| signal.kind == Kind::Praise).count();
    let is_praised = distinct.len() >= 5 && n_praise * 2 >= said.len();
    // A call or an interview of an hour comes back to what matters; a message that says a thing twice says it once.
    let is_returned_to =
        said.len() >= 2 && said.iter().all(|s| matches!(s.source_kind, SourceKind::Call | SourceKind::Interview));
    (distinct.len() >= 2 || is_returned_to || must_be_heard) && n_needs * 5 >= said.len() || is_praised
}
