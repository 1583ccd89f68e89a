//! The space in which texts are compared: a static embedding fitted to the corpus, joined with latent-semantic axes of
//! the corpus itself.
//!
//! In: the distinct texts of a corpus with their languages. Out: a [`Space`], and in it a unit vector for any text.
//! The static part knows words the corpus uses once; the latent part knows what this corpus uses together. Each word of
//! a text counts once; the corpus mean is taken away and the leading axes are flattened, because what all texts share
//! tells none of them apart.
//! Cost: the space is made from at most [`SAMPLE_TEXTS`] texts, whatever the corpus holds; a vector takes a few
//! microseconds.
//! Invariant: the sample is the texts with the smallest hashes, a pure function of the set of texts: order does not
//! matter, and one more text rarely changes the sample.
//! Source: all-but-the-top (Mu and Viswanath 2018) for mean and leading axes; latent semantic indexing (Deerwester et
//! al. 1990).

use super::glossary::in_english;
use super::linear::{self, Rows};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use throughline_text::Language;
use throughline_text::embed::{Table, normalise};
use throughline_text::matrix::Matrix;
use throughline_text::signature;
use throughline_text::stem::stem;
use throughline_text::token::fold;

/// Texts from which corpus-wide statistics are computed.
pub const SAMPLE_TEXTS: usize = 6_000;

/// How vectors are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Axes kept of the static part.
    pub n_static_axes: usize,
    /// How far static axes are flattened: 0 leaves them, 1 makes all equally wide.
    pub static_flattening: f64,
    /// Axes of the latent part.
    pub n_latent_axes: usize,
    /// How far latent axes are flattened.
    pub latent_flattening: f64,
    /// Weight of the latent part beside the static one, which has 1.
    pub latent_weight: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            n_static_axes: 96,
            static_flattening: 0.25,
            n_latent_axes: 64,
            latent_flattening: 0.35,
            latent_weight: 0.7,
        }
    }
}

/// Corpus-wide statistics: what it takes to place a text.
#[derive(Clone, Debug, Default)]
pub struct Space {
    settings: Settings,
    mean: Vec<f64>,
    /// Axes of the static part, each scaled by its flattening.
    axes: Vec<Vec<f64>>,
    term_of: FxHashMap<String, u32>,
    idf: Vec<f32>,
    /// For each term its place on the flattened latent axes.
    latent: Vec<Vec<f32>>,
}

/// The words of a text in English where the glossary knows them, each once, joined by spaces: what is embedded.
fn distinct_words(text: &str, language: Language) -> String {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut joined = String::with_capacity(text.len());
    for word in in_english(text, language) {
        let word = fold(&word).into_owned();
        if !seen.contains(&word) {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(&word);
            seen.insert(word);
        }
    }
    joined
}

/// Terms of the latent part: stems of the words and of neighbouring pairs.
fn terms(text: &str, language: Language) -> Vec<String> {
    let mut found = Vec::new();
    let mut last: Option<String> = None;
    for word in in_english(text, language) {
        // What the glossary left alone keeps the stem of its own language.
        let stem = if word.is_ascii() { stem(&word, Language::English) } else { stem(&word, language) };
        if let Some(last) = &last {
            found.push(format!("{last} {stem}"));
        }
        found.push(stem.clone());
        last = Some(stem);
    }
    found.sort_unstable();
    found.dedup();
    found
}

impl Space {
    /// The space of a corpus; `texts` are its distinct texts in any order.
    pub fn build(table: &Table, texts: &[(&str, Language)], settings: Settings) -> Self {
        let mut order: Vec<(u64, usize)> =
            texts.par_iter().enumerate().map(|(i, (text, _))| (signature::fingerprint(text), i)).collect();
        order.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| texts[a.1].0.cmp(texts[b.1].0)));
        order.dedup_by(|a, b| a.0 == b.0);
        order.truncate(SAMPLE_TEXTS);
        let sample: Vec<(&str, Language)> = order.iter().map(|&(_, i)| texts[i]).collect();
        let mut space = Self { settings, ..Self::default() };
        space.fit_static(table, &sample);
        space.fit_latent(&sample);
        space
    }

    fn fit_static(&mut self, table: &Table, sample: &[(&str, Language)]) {
        let dim = table.dim();
        let distinct: Vec<String> = sample.par_iter().map(|(text, language)| distinct_words(text, *language)).collect();
        let vectors = table.embed_all(&distinct);
        let n = vectors.n_rows().max(1) as f64;
        self.mean = vec![0.0; dim];
        for row in vectors.rows() {
            for (sum, &x) in self.mean.iter_mut().zip(row) {
                *sum += f64::from(x) / n;
            }
        }
        let rows: Vec<Vec<f64>> = vectors
            .rows()
            .map(|row| row.iter().zip(&self.mean).map(|(&x, mean)| f64::from(x) - mean).collect())
            .collect();
        let covariance: Vec<f64> = (0..dim)
            .into_par_iter()
            .flat_map_iter(|i| {
                let mut sums = vec![0.0; dim];
                for row in &rows {
                    let x = row[i];
                    for (sum, y) in sums.iter_mut().zip(row) {
                        *sum += x * y;
                    }
                }
                sums
            })
            .collect();
        let (values, vectors) = linear::eigen(&covariance, dim);
        let largest = values.first().copied().unwrap_or_default();
        let n_axes = self.settings.n_static_axes.min(sample.len() / 2).max(8);
        self.axes = values
            .iter()
            .zip(vectors)
            .take(n_axes)
            .filter(|(value, _)| **value > 1e-9 * largest)
            .map(|(value, axis)| {
                // Variance to the power -a/2 is the singular value to the power -a.
                let scale = libm::pow(value / largest, -self.settings.static_flattening / 2.0);
                axis.into_iter().map(|x| x * scale).collect()
            })
            .collect();
    }

    fn fit_latent(&mut self, sample: &[(&str, Language)]) {
        let found: Vec<Vec<String>> = sample.par_iter().map(|(text, language)| terms(text, *language)).collect();
        let mut count_of: FxHashMap<&str, u32> = FxHashMap::default();
        for term in found.iter().flatten() {
            *count_of.entry(term).or_default() += 1;
        }
        // A term in one text joins nothing; one in half of them separates nothing.
        let least = if sample.len() >= 2_000 { 3 } else { 2 };
        let most = (sample.len() as f64 * 0.5) as u32;
        let mut kept: Vec<(&str, u32)> =
            count_of.into_iter().filter(|&(_, count)| count >= least && count <= most.max(least)).collect();
        kept.sort_unstable();
        self.term_of = kept.iter().enumerate().map(|(i, &(term, _))| (term.to_owned(), i as u32)).collect();
        let n = sample.len() as f64;
        self.idf =
            kept.iter().map(|&(_, count)| (libm::log((1.0 + n) / (1.0 + f64::from(count))) + 1.0) as f32).collect();
        let rows: Rows = found.par_iter().map(|terms| self.weigh(terms)).collect();
        let n_axes = self.settings.n_latent_axes.min(sample.len() / 4);
        let axes = linear::leading_axes(&rows, kept.len(), n_axes);
        let largest = axes.first().map_or(1.0, |axis| axis.0);
        self.latent = vec![vec![0.0; axes.len()]; kept.len()];
        for (j, (value, axis)) in axes.iter().enumerate() {
            let scale = libm::pow(value / largest, -self.settings.latent_flattening);
            for (term, x) in axis.iter().enumerate() {
                self.latent[term][j] = (x * scale) as f32;
            }
        }
    }

    /// The known terms with their weights, as a unit vector by ascending term.
    fn weigh(&self, terms: &[String]) -> Vec<(u32, f32)> {
        let mut row: Vec<(u32, f32)> = terms
            .iter()
            .filter_map(|term| self.term_of.get(term))
            .map(|&term| (term, self.idf[term as usize]))
            .collect();
        row.sort_unstable_by_key(|&(term, _)| term);
        let square: f32 = row.iter().map(|&(_, weight)| weight * weight).sum();
        if square > 0.0 {
            for (_, weight) in &mut row {
                *weight /= square.sqrt();
            }
        }
        row
    }

    /// Values in a vector.
    pub fn dim(&self) -> usize {
        self.axes.len() + self.latent.first().map_or(0, Vec::len)
    }

    /// Unit vectors of `texts`, in order; all zero for a text without a known word.
    pub fn vectors(&self, table: &Table, texts: &[(&str, Language)]) -> Matrix {
        let dim = self.dim();
        let n_static = self.axes.len();
        let distinct: Vec<String> = texts.par_iter().map(|(text, language)| distinct_words(text, *language)).collect();
        let embedded = table.embed_all(&distinct);
        let axes: Vec<f32> = self.axes.iter().flatten().map(|&x| x as f32).collect();
        let mean: Vec<f32> = self.mean.iter().map(|&x| x as f32).collect();
        let mut data = vec![0.0_f32; texts.len() * dim];
        data.par_chunks_mut(dim.max(1)).zip(texts).enumerate().with_min_len(64).for_each(
            |(i, (out, (text, language)))| {
                let raw = embedded.row(i);
                let (front, back) = out.split_at_mut(n_static);
                if raw.iter().any(|&x| x != 0.0) {
                    let centred: Vec<f32> = raw.iter().zip(&mean).map(|(x, mean)| x - mean).collect();
                    for (out, axis) in front.iter_mut().zip(axes.chunks_exact(table.dim().max(1))) {
                        *out = dot(&centred, axis);
                    }
                    normalise(front);
                }
                for (term, weight) in self.weigh(&terms(text, *language)) {
                    for (sum, x) in back.iter_mut().zip(&self.latent[term as usize]) {
                        *sum += weight * x;
                    }
                }
                normalise(back);
                for x in back {
                    *x *= self.settings.latent_weight as f32;
                }
                normalise(out);
            },
        );
        Matrix::new(dim, data)
    }
}

/// Dot product in eight running sums: as fast as the machine's vectors, and the same on all machines.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        for (sum, (x, y)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += x * y;
        }
    }
    sums.iter().sum()
}
