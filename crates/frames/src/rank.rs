//! Which frame a reading asks for: a linear model over the sentence vector, words, the kind and the frames' cues.
//!
//! In: a text and its [`Reading`]. Out: frames with probabilities, best first, and "none of them" as an outcome of its
//! own. Rows of the weight matrix belong to a vector dimension, a kind or a word; on top of them a few weights are shared
//! by all frames: how much a cue of the frame, its verb as the head verb, its nouns, and a contrary cue are worth.
//! Weights come from `data/ranker.bin`, written by `examples/fit.rs`; see [`crate::fit`].
//! Cost: rows present times 55 multiplications, about ten microseconds for a short text.

use crate::clause::{self, Reading};
use crate::frame::Frames;
use crate::pack;
use crate::pattern::Word;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use throughline_model::{Kind, Language};

const MAGIC: &[u8; 8] = b"TLRNK001";
static BUILTIN: LazyLock<Model> =
    LazyLock::new(|| Model::from_bytes(include_bytes!("../data/ranker.bin")).unwrap_or_default());

/// Features that all frames share; the order is that of [`Header::shared`].
pub(crate) const N_SHARED: usize = 7;
/// What each is called in explanations.
pub(crate) const SHARED_NAMES: [&str; N_SHARED] =
    ["cue", "more cues", "contrary cue", "head verb", "verb", "noun", "cue in clause"];
/// A frame's cue fires in the asking sentence; a second one; more.
const CUE: usize = 0;
const SECOND_CUE: usize = 1;
/// A contrary cue fires.
const NOT_IF: usize = 2;
/// The head verb is one of the frame's.
const HEAD_VERB: usize = 3;
/// Another verb of the frame is there.
const VERB: usize = 4;
/// A noun of the frame is there.
const NOUN: usize = 5;
/// A cue fires in the asking clause itself.
const CUE_IN_CLAUSE: usize = 6;

/// How much of the second class's share speaks for the first: chosen, see [`Model::certainty`].
const SECOND_COUNTS: f64 = 0.3;

/// What the model knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) header: Header,
    /// Position of a word row in `rows`.
    pub(crate) row_from_key: FxHashMap<String, u32>,
    /// Row-major, [`Header::n_classes`] wide.
    pub(crate) rows: Vec<f32>,
}

/// Everything but the matrix.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// Frames in column order; the last column is "none".
    pub(crate) frames: Vec<String>,
    /// The embedding table that the first rows belong to.
    pub(crate) embedding: String,
    /// Dimensions of that table.
    pub(crate) dim: usize,
    /// Keys of word rows, in row order after dimensions and kinds.
    pub(crate) keys: Vec<String>,
    /// Shared weights.
    pub(crate) shared: [f32; N_SHARED],
    /// Weights of the object model.
    pub(crate) object: Vec<f32>,
    /// Slope and offset that turn a log odds into a probability of being acceptable.
    pub(crate) calibration: [f64; 2],
    /// Certainty below which nothing is answered.
    pub(crate) threshold: f64,
}

impl Header {
    pub(crate) fn n_classes(&self) -> usize {
        self.frames.len() + 1
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.dim + crate::kind::KINDS.len() + 1 + self.keys.len()
    }
}

impl Model {
    pub(crate) fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Reads what [`Model::to_bytes`] wrote: magic, length and JSON of the header, then for each row a scale and bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<4>()?;
        let (head, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let header: Header = serde_json::from_slice(head).ok()?;
        let width = header.n_classes();
        if rest.len() != header.n_rows() * (width + 4) {
            return None;
        }
        let mut rows = Vec::with_capacity(header.n_rows() * width);
        for row in rest.chunks_exact(width + 4) {
            let (scale, values) = row.split_first_chunk::<4>()?;
            let scale = f32::from_le_bytes(*scale);
            rows.extend(values.iter().map(|&value| f32::from(value.cast_signed()) * scale));
        }
        let first = header.n_rows() - header.keys.len();
        let row_from_key = header.keys.iter().enumerate().map(|(at, key)| (key.clone(), (first + at) as u32)).collect();
        Some(Self { header, row_from_key, rows })
    }

    /// The file; weights are rounded to 8 bits a row.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let head = serde_json::to_vec(&self.header).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend((head.len() as u32).to_le_bytes());
        bytes.extend(&head);
        for row in self.rows.chunks_exact(self.header.n_classes()) {
            let most = row.iter().fold(0.0_f32, |most, &value| most.max(value.abs()));
            let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
            bytes.extend(scale.to_le_bytes());
            bytes.extend(row.iter().map(|&value| ((value / scale).round() as i8).cast_unsigned()));
        }
        bytes
    }

    /// How likely the best class is acceptable, from the shares and their order. Classes that readers accept side by
    /// side share the probability, so the two best count, the second in part.
    pub(crate) fn certainty(&self, shares: &[f64], order: &[usize]) -> f64 {
        let share = |at: usize| order.get(at).map_or(0.0, |&class| shares[class]);
        let mass = (share(0) + SECOND_COUNTS * share(1)).clamp(1e-6, 1.0 - 1e-6);
        let odds = libm::log(mass / (1.0 - mass));
        let [slope, offset] = self.header.calibration;
        1.0 / (1.0 + libm::exp(-(slope * odds + offset)))
    }

    /// Log scores of all classes.
    pub(crate) fn scores(&self, features: &Features) -> Vec<f32> {
        let width = self.header.n_classes();
        let mut scores = vec![0.0_f32; width];
        for &(row, value) in &features.rows {
            let start = row as usize * width;
            let Some(weights) = self.rows.get(start..start + width) else { continue };
            for (score, &weight) in scores.iter_mut().zip(weights) {
                *score += weight * value;
            }
        }
        for &(class, shared, value) in &features.shared {
            if let Some(score) = scores.get_mut(class as usize) {
                *score += self.header.shared[shared as usize] * value;
            }
        }
        scores
    }
}

/// What the model looks at in one text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Features {
    /// Row and value.
    pub(crate) rows: Vec<(u32, f32)>,
    /// Class, shared feature and value.
    pub(crate) shared: Vec<(u16, u8, f32)>,
}

/// The words that rows may stand for: lemmas, pairs of words, the head verb, and classes of kind cues.
pub(crate) fn keys(reading: &Reading, language: Language) -> Vec<String> {
    let mut keys = Vec::new();
    let Some(sentence) = reading.sentences.get(reading.asking) else {
        return keys;
    };
    let words = asking_words(reading);
    for word in words {
        if word.lemma.len() > 1 && !word.is_number() {
            keys.push(word.lemma.clone());
        }
    }
    for pair in words.windows(2) {
        keys.push(format!("{} {}", pair[0].lower, pair[1].lower));
    }
    if let Some(first) = words.first() {
        keys.push(format!("^{}", first.lower));
    }
    if let Some(head) = &reading.head {
        keys.push(format!("!{}", head.lemma));
    }
    if let Some(pack) = pack::of(language) {
        keys.extend(sentence.classes.iter().map(|&class| format!("#{}", pack.kind_classes[class as usize].name)));
    }
    keys.sort();
    keys.dedup();
    keys
}

/// Words of the asking sentence without its reason.
fn asking_words(reading: &Reading) -> &[Word] {
    let Some(sentence) = reading.sentences.get(reading.asking) else {
        return &[];
    };
    let all = &sentence.words.words;
    match &reading.reason {
        Some(reason) if reason.start > sentence.range.start && reason.end <= sentence.range.end => {
            clause::words_within(all, &(sentence.range.start..reason.start))
        }
        _ => all,
    }
}

/// The text that the sentence vector is taken of: the asking sentence without its reason, and the one that leads to it.
pub(crate) fn gist<'t>(text: &'t str, reading: &Reading) -> &'t str {
    let words = asking_words(reading);
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return "";
    };
    &text[first.start..last.end]
}

/// Features of a text; `vector` is the sentence vector of its [`gist`].
pub(crate) fn features(
    reading: &Reading,
    language: Language,
    vector: &[f32],
    frames: &Frames,
    row_from_key: &FxHashMap<String, u32>,
) -> Features {
    let mut features = Features::default();
    features.rows.extend(vector.iter().enumerate().map(|(at, &value)| (at as u32, value)));
    let kinds = vector.len() as u32;
    features.rows.push((kinds + crate::kind::slot(reading.kind) as u32, 1.0));
    features.rows.push((kinds + crate::kind::KINDS.len() as u32, 1.0));
    let keys = keys(reading, language);
    let value = 1.0 / (keys.len().max(4) as f32).sqrt();
    features.rows.extend(keys.iter().filter_map(|key| row_from_key.get(key.as_str())).map(|&row| (row, value)));
    shared(reading, frames, &mut features);
    features
}

/// Cues, verbs and nouns of the frames.
fn shared(reading: &Reading, frames: &Frames, features: &mut Features) {
    let Some(sentence) = reading.sentences.get(reading.asking) else {
        return;
    };
    let words = asking_words(reading);
    let mut cues = vec![0_u8; frames.len()];
    let mut against = vec![false; frames.len()];
    let mut in_clause = vec![false; frames.len()];
    let mut last_end = vec![0_usize; frames.len()];
    for hit in frames.cues.find(words, sentence.words.start.min(words.len())) {
        let frame = hit.payload as usize / 2;
        if hit.payload % 2 == 1 {
            against[frame] = true;
        } else if cues[frame] == 0 || hit.first >= last_end[frame] {
            cues[frame] = cues[frame].saturating_add(1);
            last_end[frame] = hit.last;
            let start = words[hit.first].start;
            in_clause[frame] |= reading.clause.contains(&start);
        }
    }
    let head = reading.head.as_ref().map_or("", |head| head.lemma.as_str());
    for (at, frame) in frames.iter().enumerate() {
        let mut push = |shared: usize, value: f32| features.shared.push((at as u16, shared as u8, value));
        match cues[at] {
            0 => {}
            1 => push(CUE, 1.0),
            n => {
                push(CUE, 1.0);
                push(SECOND_CUE, f32::from(n.min(3) - 1));
            }
        }
        if in_clause[at] {
            push(CUE_IN_CLAUSE, 1.0);
        }
        if against[at] {
            push(NOT_IF, 1.0);
        }
        if !head.is_empty() && frame.verbs.iter().any(|verb| verb == head) {
            push(HEAD_VERB, 1.0);
        } else if words.iter().any(|word| frame.verbs.contains(&word.lemma)) {
            push(VERB, 1.0);
        }
        let nouns = words.iter().filter(|word| frame.nouns.contains(&word.lemma)).count();
        if nouns > 0 {
            push(NOUN, (nouns.min(2) as f32).sqrt());
        }
    }
}

/// Probabilities from log scores.
pub(crate) fn softmax(scores: &[f32]) -> Vec<f64> {
    let most = scores.iter().fold(f32::MIN, |most, &score| most.max(score));
    let powers: Vec<f64> = scores.iter().map(|&score| libm::exp(f64::from(score - most))).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// Whether a kind asks for something that frames answer.
pub(crate) fn is_asking(kind: Kind) -> bool {
    clause::is_need(kind)
}
