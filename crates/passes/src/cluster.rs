//! Stage 5, cluster: statements that are about the same thing; how many such things there are is found, not given.
//!
//! In: the corpus and the voice of each signal. Out: [`Cluster`]s of signals, largest first; a signal is in at most one.
//! 1. Texts are placed in a [`space`] made for this corpus; the same words said twice are one text.
//! 2. Each text is linked with its nearest, by how many of their nearest the two share; statements that belong together
//!    for another reason (one voice, a short remark within one conversation) are linked as well.
//! 3. [`leiden`] finds the groups.
//! 4. A member that is much farther from the centre than the others leaves; praise and small talk, which found no
//!    insight, join the group they are clearly about.
//!
//! Cost: dominated by the nearest neighbours, see `throughline_text::neighbour`; measured by `tests/real-data.sh`.
//! Invariant: the result depends on the set of signals alone, not on their order or on threads.

mod glossary;
pub mod leiden;
mod linear;
mod neighbourhood;
pub mod space;

use crate::insight::text_language;
use leiden::{Graph, leiden};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use space::Space;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{Corpus, Kind, Signal, SourceKind, VoiceId};
use throughline_text::Language;
use throughline_text::embed::{Table, normalise};
use throughline_text::matrix::Matrix;
use throughline_text::neighbour::knn;
use throughline_text::{signature, token};

/// How groups are found. One set of values serves corpora of twenty and of a hundred thousand texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How vectors are made.
    pub space: space::Settings,
    /// Nearest texts a text is linked with.
    pub n_nearest: usize,
    /// Resolution of the groups: higher gives more, smaller ones.
    pub resolution: f64,
    /// Share of the group's mean closeness below which a member leaves, 0..=1.
    pub leaves_below: f64,
    /// Share of the group's mean closeness from which praise and small talk join, 0..=1.
    pub joins_from: f64,
}

impl Default for Settings {
    /// Chosen on the labelled sets that `tests/real-data.sh` measures.
    fn default() -> Self {
        Self { space: space::Settings::default(), n_nearest: 10, resolution: 2.0, leaves_below: 0.35, joins_from: 0.9 }
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

/// Groups the signals of a corpus with the default [`Settings`].
#[must_use]
pub fn partition(corpus: &Corpus, voices: &[VoiceId]) -> Vec<Cluster> {
    partition_with(corpus, voices, &Settings::default())
}

/// A distinct text with the signals that say it.
struct Node<'a> {
    text: &'a str,
    language: Language,
    signals: Vec<usize>,
    /// Whether some signal asks, complains or says something that is neither praise nor empty.
    founds: bool,
}

/// Groups the signals of a corpus.
#[must_use]
pub fn partition_with(corpus: &Corpus, voices: &[VoiceId], settings: &Settings) -> Vec<Cluster> {
    let nodes = nodes(corpus);
    let texts: Vec<(&str, Language)> = nodes.iter().map(|node| (node.text, node.language)).collect();
    // Nodes that found groups come first; the others are placed in the same space and join later.
    let n_founding = nodes.iter().take_while(|node| node.founds).count();
    let table = Table::builtin();
    let space = Space::build(table, &texts[..n_founding], settings.space);
    let vectors = space.vectors(table, &texts);
    let groups = groups(corpus, voices, &nodes[..n_founding], &vectors, settings);
    let placed = Placed::new(&vectors, groups, n_founding, nodes.len(), settings);
    clusters(corpus, &nodes, &placed)
}

/// Distinct texts: those that found groups first, each part in the order of their words.
fn nodes(corpus: &Corpus) -> Vec<Node<'_>> {
    let texts: Vec<&str> = corpus.signals.par_iter().map(|signal| corpus.text(signal)).collect();
    let keys: Vec<u64> = texts.par_iter().map(|text| signature::fingerprint(text)).collect();
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|&i| (keys[i], i));
    let mut nodes: Vec<Node<'_>> = Vec::new();
    let mut last = None;
    for i in order {
        let signal = &corpus.signals[i];
        let founds = founds(signal, texts[i]);
        match nodes.last_mut() {
            Some(node) if last == Some(keys[i]) => {
                node.signals.push(i);
                node.founds |= founds;
            }
            _ => {
                nodes.push(Node { text: texts[i], language: text_language(signal.language), signals: vec![i], founds })
            }
        }
        last = Some(keys[i]);
    }
    // A stable sort keeps the order by hash, which is a fair shuffle and the same for every order of import.
    nodes.sort_by_key(|node| !node.founds);
    nodes
}

/// Whether a statement may found a group: it asks, complains or states; praise and a few words of nothing do not.
fn founds(signal: &Signal, text: &str) -> bool {
    match signal.kind {
        Kind::Request | Kind::Problem | Kind::Question => true,
        Kind::Praise => false,
        Kind::Other => {
            signal.source_kind == SourceKind::Analytics
                || token::content_words(text, text_language(signal.language)).len() >= 2
        }
    }
}

/// The group of each founding node.
fn groups(corpus: &Corpus, voices: &[VoiceId], nodes: &[Node<'_>], vectors: &Matrix, settings: &Settings) -> Vec<u32> {
    let founding = Matrix::new(vectors.dim(), vectors.rows().take(nodes.len()).flatten().copied().collect());
    let near = knn(&founding.quantise(), settings.n_nearest);
    let mut edges = neighbourhood::shared(&near, settings.n_nearest);
    edges.extend(belonging(corpus, voices, nodes));
    edges.sort_by_key(|edge| (edge.0, edge.1));
    // A pair that is linked for several reasons is linked by their sum.
    edges.dedup_by(|next, kept| {
        let is_same = (next.0, next.1) == (kept.0, kept.1);
        if is_same {
            kept.2 += next.2;
        }
        is_same
    });
    leiden(&Graph::new(nodes.len(), &edges), settings.resolution)
}

/// Links for reasons other than likeness.
fn belonging(corpus: &Corpus, voices: &[VoiceId], nodes: &[Node<'_>]) -> Vec<(u32, u32, f64)> {
    let mut by_voice: BTreeMap<VoiceId, Vec<u32>> = BTreeMap::new();
    let mut by_talk: BTreeMap<_, Vec<(usize, u32)>> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        for &i in &node.signals {
            let signal = &corpus.signals[i];
            by_voice.entry(voices[i]).or_default().push(at as u32);
            if signal.person.is_some() && !matches!(signal.source_kind, SourceKind::Call | SourceKind::Interview) {
                by_talk.entry((signal.record_id, signal.person)).or_default().push((i, at as u32));
            }
        }
    }
    let mut edges = Vec::new();
    let mut link = |a: u32, b: u32, weight: f64| {
        if a != b {
            edges.push((a.min(b), a.max(b), weight));
        }
    };
    for nodes in by_voice.values() {
        nodes.windows(2).for_each(|pair| link(pair[0], pair[1], ONE_VOICE));
    }
    for said in by_talk.values_mut() {
        said.sort_unstable();
        let Some(&(_, first)) = said.first() else { continue };
        for &(i, node) in &said[1..] {
            let signal = &corpus.signals[i];
            if token::content_words(corpus.text(signal), text_language(signal.language)).len() <= REMARK_WORDS {
                link(first, node, REMARK);
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
    fn new(vectors: &Matrix, groups: Vec<u32>, n_founding: usize, n_nodes: usize, settings: &Settings) -> Self {
        let n_groups = groups.iter().max().map_or(0, |&largest| largest as usize + 1);
        let dim = vectors.dim();
        let mut sums = vec![vec![0.0_f64; dim]; n_groups];
        let mut sizes = vec![0_usize; n_groups];
        for (row, &group) in vectors.rows().zip(&groups) {
            sizes[group as usize] += 1;
            sums[group as usize].iter_mut().zip(row).for_each(|(sum, &x)| *sum += f64::from(x));
        }
        let centres: Vec<Vec<f32>> = sums
            .iter()
            .map(|sum| {
                let mut centre: Vec<f32> = sum.iter().map(|&x| x as f32).collect();
                normalise(&mut centre);
                centre
            })
            .collect();
        let centre_matrix = Matrix::new(dim, centres.concat()).quantise();
        let near_centres = knn(&centre_matrix, 8);
        // Closeness of founding nodes to the centre of the rest of their group.
        let close: Vec<f64> = (0..n_founding)
            .into_par_iter()
            .with_min_len(256)
            .map(|node| {
                let group = groups[node] as usize;
                if sizes[group] < 2 {
                    return 1.0;
                }
                let row = vectors.row(node);
                let rest: Vec<f64> = sums[group].iter().zip(row).map(|(sum, &x)| sum - f64::from(x)).collect();
                let length = rest.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-9);
                rounded(rest.iter().zip(row).map(|(x, &y)| x * f64::from(y)).sum::<f64>() / length)
            })
            .collect();
        let mut mean = vec![0.0; n_groups];
        for (&group, close) in groups.iter().zip(&close) {
            mean[group as usize] += close / sizes[group as usize] as f64;
        }
        let by_node = (0..n_nodes)
            .into_par_iter()
            .with_min_len(256)
            .map(|node| {
                let row = vectors.row(node);
                if let Some(&group) = groups.get(node) {
                    let own = group as usize;
                    if sizes[own] >= 2 && close[node] < settings.leaves_below * mean[own] {
                        return None;
                    }
                    let others = near_centres.row(own).iter().map(|&(other, _)| dot(row, &centres[other as usize]));
                    let best = others.fold(0.0_f64, f64::max);
                    let sure = if sizes[own] < 2 { 0.5 } else { certainty(close[node] - best) };
                    return Some((group, close[node], sure));
                }
                let best = (0..n_groups)
                    .map(|group| (group, rounded(dot(row, &centres[group]))))
                    .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
                (sizes[best.0] >= 2 && best.1 > 0.0 && best.1 >= settings.joins_from * mean[best.0])
                    .then(|| (best.0 as u32, best.1, 0.5))
            })
            .collect();
        Self { by_node, n_groups }
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()
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

/// Whether a group is an insight: several statements, or one that must not be lost, with some need among them.
fn is_insight(said: &[&Signal]) -> bool {
    let n_needs = said.iter().filter(|signal| signal.is_need()).count();
    let distinct: BTreeSet<_> = said.iter().map(|signal| signal.record_id).collect();
    let must_be_heard =
        said.iter().any(|signal| signal.is_need() && HEARD_ALONE.iter().any(|class| signal.has_phrase(class)));
    (distinct.len() >= 2 || said.len() >= 2 || must_be_heard) && n_needs * 5 >= said.len()
}
