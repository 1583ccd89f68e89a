//! The space in which texts are compared: a static embedding fitted to the corpus, joined with latent-semantic axes of
//! the corpus itself.
//!
//! In: the distinct texts of a corpus with their languages. Out: a [`Space`], and in it a unit vector for any text.
//! The static part knows words the corpus uses once; the latent part knows what this corpus uses together. Each word of
//! a text counts once; the corpus mean is taken away and the leading axes are flattened, because what all texts share
//! tells none of them apart.
//! Cost: the space is made from at most [`SAMPLE_TEXTS`] texts, whatever the corpus holds; a vector takes a few
//! microseconds, because each thread remembers what it has read a word as.
//! Invariant: a space depends on its texts and their order alone, a vector on the text and the space; neither threads
//! nor the memory of words change them.
//! Source: all-but-the-top (Mu and Viswanath 2018) for mean and leading axes; latent semantic indexing (Deerwester et
//! al. 1990).

use super::glossary::english;
use super::linear::{self, Rows};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use throughline_text::Language;
use throughline_text::embed::{Table, normalise};
use throughline_text::matrix::Int8Matrix;
use throughline_text::stem::stem;
use throughline_text::token::{fold, lower, words};
use throughline_text::wordpiece::Splitter;

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
    /// Chosen on the labelled sets that `tests/real-data.sh` and `tests/encoder.sh` measure: of latent weights from 0.3 to
    /// 0.9 the middle one fits all of them best, with the static table and with an encoder. More or fewer axes, or
    /// another flattening, change little.
    fn default() -> Self {
        Self {
            n_static_axes: 96,
            static_flattening: 0.25,
            n_latent_axes: 64,
            latent_flattening: 0.35,
            latent_weight: 0.5,
        }
    }
}

/// Corpus-wide statistics: what it takes to place a text.
#[derive(Clone, Debug, Default)]
pub struct Space {
    settings: Settings,
    mean: Vec<f64>,
    /// What the texts of a language have in common beyond the mean of all, after the static and the latent axes. It says
    /// that they are in this language, which is not what they are about.
    of_language: FxHashMap<Language, Vec<f32>>,
    /// Axes of the static part, each scaled by its flattening.
    axes: Vec<Vec<f64>>,
    /// Number of each stem that some term holds, by the alphabet.
    number_of: FxHashMap<String, u32>,
    /// Terms: a stem alone (after [`NONE`]) or after another one.
    term_of: FxHashMap<(u32, u32), u32>,
    idf: Vec<f32>,
    /// For each term its place on the flattened latent axes.
    latent: Vec<Vec<f32>>,
}

/// So many texts of a language weigh as much as the supposition that they have nothing in common.
const FEW_OF_A_LANGUAGE: f32 = 8.0;
/// No stem, or one that no term holds.
const NONE: u32 = u32::MAX;
/// Words a [`Reader`] remembers before it starts afresh: bounds its memory at a few megabytes.
const REMEMBERED: usize = 1 << 15;
/// Rows of a covariance matrix computed at once.
const COVARIANCE_ROWS: usize = 8;
/// Texts a task takes at once: enough for the memory of words to pay.
const CHUNK_TEXTS: usize = 512;

/// What a text means by itself, before the corpus has its say.
#[derive(Clone, Copy, Debug)]
pub enum Meaning<'a> {
    /// The sum of its distinct words' rows in a static table.
    Words(&'a Table),
    /// A vector of the whole text, made by an encoder: text `i` has row `row_of[i]`.
    Encoded {
        /// Unit vectors.
        vectors: &'a Int8Matrix,
        /// Which of them a text has.
        row_of: &'a [u32],
    },
}

impl<'a> Meaning<'a> {
    /// The table whose vocabulary words are cut by.
    fn table(self) -> &'a Table {
        match self {
            Self::Words(table) => table,
            Self::Encoded { .. } => Table::builtin(),
        }
    }

    fn dim(self) -> usize {
        match self {
            Self::Words(table) => table.dim(),
            Self::Encoded { vectors, .. } => vectors.dim(),
        }
    }

    /// Writes the unit vector of the text at `index`, whose distinct words are `words`, to `out`, which is zero before;
    /// it stays so for a text without a known word.
    fn write(self, index: usize, words: &[u32], reader: &Reader<'_>, out: &mut [f32]) {
        match self {
            Self::Words(table) => {
                for word in words {
                    table.add_pieces(&reader.read[*word as usize].pieces, out);
                }
            }
            Self::Encoded { vectors, row_of } => {
                let row = row_of[index] as usize;
                for (out, &x) in out.iter_mut().zip(vectors.row(row)) {
                    *out = f32::from(x) * vectors.scale(row);
                }
            }
        }
        normalise(out);
    }
}

/// Reads texts word by word, in English where the glossary knows them, and remembers what it read. One per thread.
struct Reader<'t> {
    splitter: Splitter<'t>,
    /// What a written word is read as, by language.
    known: FxHashMap<Language, FxHashMap<String, Vec<u32>>>,
    number_of: FxHashMap<String, u32>,
    read: Vec<Read>,
}

/// A word as it is compared.
struct Read {
    /// Its pieces in the embedding's vocabulary.
    pieces: Vec<u32>,
    stem: String,
    /// The stem's number in a space.
    number: u32,
}

impl<'t> Reader<'t> {
    fn new(table: &'t Table) -> Self {
        let (known, number_of) = (FxHashMap::default(), FxHashMap::default());
        Self { splitter: Splitter::new(table.vocabulary()), known, number_of, read: Vec::new() }
    }

    /// Places in `self.read` of the words of `text`, in order. Equal words, accents and case aside, have one place.
    fn read(&mut self, text: &str, language: Language, space: &Space, places: &mut Vec<u32>) {
        places.clear();
        if self.read.len() >= REMEMBERED {
            self.known.clear();
            self.number_of.clear();
            self.read.clear();
        }
        for range in words(text) {
            let word = lower(&text[range]);
            if let Some(known) = self.known.get(&language).and_then(|known| known.get(word.as_ref())) {
                places.extend_from_slice(known);
                continue;
            }
            let found: Vec<u32> = match english(&word, language) {
                Some(english) => english.split(' ').map(|word| self.place(word, language, space)).collect(),
                None => vec![self.place(&word, language, space)],
            };
            places.extend_from_slice(&found);
            self.known.entry(language).or_default().insert(word.into_owned(), found);
        }
    }

    fn place(&mut self, word: &str, language: Language, space: &Space) -> u32 {
        let folded = fold(word);
        // What the glossary left alone keeps the stem of its own language.
        let stem = if word.is_ascii() { stem(word, Language::English) } else { stem(word, language) };
        let key = format!("{folded} {stem}");
        if let Some(&place) = self.number_of.get(&key) {
            return place;
        }
        let mut pieces = Vec::new();
        self.splitter.for_each_word(&folded, |word| pieces.extend_from_slice(word));
        let number = space.number_of.get(&stem).copied().unwrap_or(NONE);
        self.read.push(Read { pieces, stem, number });
        let place = self.read.len() as u32 - 1;
        self.number_of.insert(key, place);
        place
    }
}

/// Each of `places` once, in order of first appearance.
fn distinct(places: &[u32], seen: &mut Vec<u32>) {
    seen.clear();
    for place in places {
        if !seen.contains(place) {
            seen.push(*place);
        }
    }
}

impl Space {
    /// The space of a corpus, from the first [`SAMPLE_TEXTS`] of its distinct texts: they should stand in an order that
    /// is a fair shuffle.
    pub fn build(meaning: Meaning<'_>, texts: &[(&str, Language)], settings: Settings) -> Self {
        let sample = &texts[..texts.len().min(SAMPLE_TEXTS)];
        let mut space = Self { settings, ..Self::default() };
        let read: Vec<(Vec<f32>, Vec<Vec<String>>)> = sample
            .par_chunks(CHUNK_TEXTS)
            .enumerate()
            .map(|(chunk, texts)| {
                let mut reader = Reader::new(meaning.table());
                let (mut places, mut once) = (Vec::new(), Vec::new());
                let mut vectors = vec![0.0_f32; texts.len() * meaning.dim()];
                let stems = texts
                    .iter()
                    .zip(vectors.chunks_exact_mut(meaning.dim().max(1)))
                    .enumerate()
                    .map(|(i, ((text, language), vector))| {
                        reader.read(text, *language, &space, &mut places);
                        distinct(&places, &mut once);
                        meaning.write(chunk * CHUNK_TEXTS + i, &once, &reader, vector);
                        places.iter().map(|place| reader.read[*place as usize].stem.clone()).collect()
                    })
                    .collect();
                (vectors, stems)
            })
            .collect();
        let (vectors, stems): (Vec<Vec<f32>>, Vec<Vec<Vec<String>>>) = read.into_iter().unzip();
        space.fit_static(meaning.dim(), &vectors.concat());
        space.fit_latent(&stems.concat());
        space.fit_languages(meaning, sample);
        space
    }

    /// The mean vector of each language but the most spoken, shrunk towards nothing where few texts are in it.
    fn fit_languages(&mut self, meaning: Meaning<'_>, sample: &[(&str, Language)]) {
        let mut texts_of: BTreeMap<&str, (Language, Vec<usize>)> = BTreeMap::new();
        for (i, (_, language)) in sample.iter().enumerate() {
            texts_of.entry(language.code()).or_insert((*language, Vec::new())).1.push(i);
        }
        let most = texts_of.values().map(|(_, texts)| texts.len()).max().unwrap_or_default();
        let vectors = self.vectors(meaning, sample);
        let mut row = vec![0.0_f32; self.dim()];
        let means = texts_of.into_values().filter(|(_, texts)| texts.len() < most).map(|(language, texts)| {
            let mut sum = vec![0.0_f32; row.len()];
            for &i in &texts {
                vectors.write_row(i, &mut row);
                sum.iter_mut().zip(&row).for_each(|(sum, x)| *sum += x);
            }
            sum.iter_mut().for_each(|x| *x /= texts.len() as f32 + FEW_OF_A_LANGUAGE);
            (language, sum)
        });
        self.of_language = means.collect();
    }

    /// Mean and axes from the rows of `vectors`, of `dim` values each.
    fn fit_static(&mut self, dim: usize, vectors: &[f32]) {
        let n_rows = vectors.len().checked_div(dim).unwrap_or_default();
        self.mean = vec![0.0; dim];
        for row in vectors.chunks_exact(dim.max(1)) {
            for (sum, &x) in self.mean.iter_mut().zip(row) {
                *sum += f64::from(x) / n_rows as f64;
            }
        }
        let rows: Vec<Vec<f64>> = vectors
            .chunks_exact(dim.max(1))
            .map(|row| row.iter().zip(&self.mean).map(|(&x, mean)| f64::from(x) - mean).collect())
            .collect();
        // A few rows of the matrix at once, so that the texts are read once for all of them.
        let mut covariance = vec![0.0; dim * dim];
        covariance.par_chunks_mut(COVARIANCE_ROWS * dim.max(1)).enumerate().for_each(|(block, sums)| {
            let first = block * COVARIANCE_ROWS;
            for row in &rows {
                for (sums, x) in sums.chunks_exact_mut(dim).zip(&row[first..]) {
                    for (sum, y) in sums[first..].iter_mut().zip(&row[first..]) {
                        *sum += x * y;
                    }
                }
            }
        });
        for i in 0..dim {
            for j in 0..i {
                covariance[i * dim + j] = covariance[j * dim + i];
            }
        }
        let (values, vectors) = linear::eigen(&covariance, dim);
        let largest = values.first().copied().unwrap_or_default();
        let n_axes = self.settings.n_static_axes.min(n_rows / 2).max(8);
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

    /// Terms and their axes from the stems of each text.
    fn fit_latent(&mut self, texts: &[Vec<String>]) {
        let mut stems: Vec<&str> = texts.iter().flatten().map(String::as_str).collect();
        stems.sort_unstable();
        stems.dedup();
        self.number_of = stems.iter().enumerate().map(|(i, &stem)| (stem.to_owned(), i as u32)).collect();
        let found: Vec<Vec<(u32, u32)>> = texts
            .par_iter()
            .map(|stems| terms(&stems.iter().map(|stem| self.number_of[stem]).collect::<Vec<u32>>()))
            .collect();
        let mut count_of: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for term in found.iter().flatten() {
            *count_of.entry(*term).or_default() += 1;
        }
        // A term in one text joins nothing; one in half of them separates nothing.
        let least = if texts.len() >= 2_000 { 3 } else { 2 };
        let most = (texts.len() as f64 * 0.5) as u32;
        let mut kept: Vec<((u32, u32), u32)> =
            count_of.into_iter().filter(|&(_, count)| count >= least && count <= most.max(least)).collect();
        kept.sort_unstable();
        self.term_of = kept.iter().enumerate().map(|(i, &(term, _))| (term, i as u32)).collect();
        let n = texts.len() as f64;
        self.idf =
            kept.iter().map(|&(_, count)| (libm::log((1.0 + n) / (1.0 + f64::from(count))) + 1.0) as f32).collect();
        let rows: Rows = found.par_iter().map(|terms| self.weigh(terms)).collect();
        let n_axes = self.settings.n_latent_axes.min(texts.len() / 4);
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
    fn weigh(&self, terms: &[(u32, u32)]) -> Vec<(u32, f32)> {
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
    pub fn vectors(&self, meaning: Meaning<'_>, texts: &[(&str, Language)]) -> Int8Matrix {
        let n_static = self.axes.len();
        let axes: Vec<f32> = self.axes.iter().flatten().map(|&x| x as f32).collect();
        let mean: Vec<f32> = self.mean.iter().map(|&x| x as f32).collect();
        let state = || (Reader::new(meaning.table()), Vec::new(), Vec::new(), vec![0.0_f32; meaning.dim()]);
        Int8Matrix::fill(texts.len(), self.dim(), CHUNK_TEXTS, state, |(reader, places, once, raw), i, out| {
            let (text, language) = texts[i];
            reader.read(text, language, self, places);
            distinct(places, once);
            raw.fill(0.0);
            meaning.write(i, once, reader, raw);
            let (front, back) = out.split_at_mut(n_static);
            if raw.iter().any(|&x| x != 0.0) {
                raw.iter_mut().zip(&mean).for_each(|(x, mean)| *x -= mean);
                for (out, axis) in front.iter_mut().zip(axes.chunks_exact(meaning.dim().max(1))) {
                    *out = dot(raw, axis);
                }
                normalise(front);
            }
            let numbers: Vec<u32> = places.iter().map(|place| reader.read[*place as usize].number).collect();
            for (term, weight) in self.weigh(&terms(&numbers)) {
                for (sum, x) in back.iter_mut().zip(&self.latent[term as usize]) {
                    *sum += weight * x;
                }
            }
            normalise(back);
            for x in back {
                *x *= self.settings.latent_weight as f32;
            }
            normalise(out);
            if let Some(shared) = self.of_language.get(&language) {
                out.iter_mut().zip(shared).for_each(|(x, shared)| *x -= shared);
                normalise(out);
            }
        })
    }
}

/// Terms of the latent part: the stems of the words and of neighbouring pairs, each once.
fn terms(stems: &[u32]) -> Vec<(u32, u32)> {
    let alone = stems.iter().map(|&stem| (NONE, stem));
    let pairs = stems.windows(2).map(|pair| (pair[0], pair[1]));
    let mut found: Vec<(u32, u32)> = alone.chain(pairs.filter(|pair| pair.0 != NONE)).collect();
    found.retain(|term| term.1 != NONE);
    found.sort_unstable();
    found.dedup();
    found
}

/// Dot product in eight running sums: as fast as the machine's vectors, and the same on all machines.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        for (sum, (x, y)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += x * y;
        }
    }
    sums.iter().sum()
}
