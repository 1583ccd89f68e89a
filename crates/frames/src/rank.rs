//! Which frame a reading asks for: a linear model over the sentence vector, words, the kind and the frames' cues.
//!
//! In: a text and its [`Reading`]. Out: frames with probabilities, best first, and "none of them" as an outcome of its
//! own. Rows of the weight matrix belong to a vector dimension, a kind or a word; on top of them a few weights are shared
//! by all frames: how much a cue of the frame, its verb as the head verb, its nouns, and a contrary cue are worth.
//! Weights come from `data/ranker.bin`, written by `examples/fit.rs`; see [`crate::fit`].
//! Cost: rows present times 55 multiplications, about ten microseconds for a short text.

use crate::clause::{self, Reading};
use crate::frame::Frames;
use crate::linear::{Linear, Present};
use crate::pack;
use crate::pattern::Word;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use throughline_model::{Kind, Language};

const MAGIC: &[u8; 8] = b"TLRNK003";
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

/// How much of the second class's share speaks for the first: chosen, see [`odds`].
const SECOND_COUNTS: f64 = 0.3;

/// What the model knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) header: Header,
    /// Frames and, in the last column, "none of them".
    pub(crate) frame: Linear,
    /// Kinds of English texts, see [`crate::gate`].
    pub(crate) kind: Linear,
    /// Kinds of texts in other languages.
    pub(crate) plain_kind: Linear,
    /// Which noun is meant, see [`crate::object`].
    pub(crate) object: Linear,
}

/// Everything but the matrices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// Frames in column order; the last column is "none".
    pub(crate) frames: Vec<String>,
    /// The embedding table that the first rows belong to.
    pub(crate) embedding: String,
    /// Dimensions of that table.
    pub(crate) dim: usize,
    /// Names of the rows of the matrices.
    pub(crate) frame_keys: Vec<String>,
    pub(crate) kind_keys: Vec<String>,
    pub(crate) plain_kind_keys: Vec<String>,
    pub(crate) object_keys: Vec<String>,
    /// Shared weights.
    pub(crate) shared: [f32; N_SHARED],
    /// What turns the log odds of the frame, those of there being a need, and one into a probability of being right.
    pub(crate) calibration: [f64; 3],
    /// Certainty below which nothing is answered.
    pub(crate) threshold: f64,
}

/// Rows of the frame matrix before the named ones: the vector's dimensions, the kinds, and one that is always there.
fn n_numbered(dim: usize) -> usize {
    dim + crate::kind::KINDS.len() + 1
}

impl Model {
    pub(crate) fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// A model without weights.
    pub(crate) fn new(header: Header) -> Self {
        let n_kinds = crate::kind::KINDS.len();
        Self {
            frame: Linear::new(header.frames.len() + 1, n_numbered(header.dim), header.frame_keys.clone()),
            kind: Linear::new(n_kinds, crate::gate::n_numbered(header.dim), header.kind_keys.clone()),
            plain_kind: Linear::new(n_kinds, crate::gate::n_numbered(header.dim), header.plain_kind_keys.clone()),
            object: Linear::new(1, crate::object::N_FEATURES, header.object_keys.clone()),
            header,
        }
    }

    /// Reads what [`Model::to_bytes`] wrote: magic, length and JSON of the header, then the matrices.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<4>()?;
        let (head, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let mut model = Self::new(serde_json::from_slice(head).ok()?);
        let rest = model.frame.read(rest)?;
        let rest = model.kind.read(rest)?;
        let rest = model.plain_kind.read(rest)?;
        model.object.read(rest)?.is_empty().then_some(model)
    }

    /// The file; weights are rounded to 8 bits a row.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let head = serde_json::to_vec(&self.header).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend((head.len() as u32).to_le_bytes());
        bytes.extend(&head);
        for matrix in [&self.frame, &self.kind, &self.plain_kind, &self.object] {
            matrix.write(&mut bytes);
        }
        bytes
    }

    /// Log scores of all classes.
    pub(crate) fn scores(&self, features: &Features) -> Vec<f32> {
        let mut scores = vec![0.0_f32; self.frame.n_classes];
        self.frame.add_scores(&features.rows, &mut scores);
        for &(class, shared, value) in &features.shared {
            if let Some(score) = scores.get_mut(class as usize) {
                *score += self.header.shared[shared as usize] * value;
            }
        }
        scores
    }
}

/// How likely the best class is acceptable and asked for at all, from their log odds.
pub(crate) fn certainty([of_frame, of_need, offset]: [f64; 3], [frame, need]: [f64; 2]) -> f64 {
    1.0 / (1.0 + libm::exp(-(of_frame * frame + of_need * need + offset)))
}

/// Log odds of the best class and of there being a need, both within -7..=7. Classes that readers
/// accept side by side share the probability, so the two best count, the second in part. `need` is the probability that
/// there is a need.
pub(crate) fn odds(shares: &[f64], order: &[usize], need: f64) -> [f64; 2] {
    let share = |at: usize| order.get(at).map_or(0.0, |&class| shares[class]);
    [share(0) + SECOND_COUNTS * share(1), need].map(|mass| {
        let mass = mass.clamp(1e-3, 1.0 - 1e-3);
        libm::log(mass / (1.0 - mass))
    })
}

/// What the model looks at in one text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Features {
    /// Row and value.
    pub(crate) rows: Vec<Present>,
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
    model: &Linear,
) -> Features {
    let mut features = Features::default();
    features.rows.extend(vector.iter().enumerate().map(|(at, &value)| (at as u32, value)));
    let kinds = vector.len() as u32;
    features.rows.push((kinds + crate::kind::slot(reading.kind) as u32, 1.0));
    features.rows.push((kinds + crate::kind::KINDS.len() as u32, 1.0));
    let keys = keys(reading, language);
    let value = 1.0 / (keys.len().max(4) as f32).sqrt();
    features.rows.extend(model.named(keys.iter().map(String::as_str), value));
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
    let mut verbs = vec![false; frames.len()];
    let mut nouns = vec![0_u8; frames.len()];
    for word in words {
        for &frame in frames.with_verb.get(&word.lemma).into_iter().flatten() {
            verbs[frame as usize] = true;
        }
        for &frame in frames.with_noun.get(&word.lemma).into_iter().flatten() {
            nouns[frame as usize] = nouns[frame as usize].saturating_add(1);
        }
    }
    let mut heads = vec![false; frames.len()];
    for &frame in frames.with_verb.get(head).into_iter().flatten() {
        heads[frame as usize] = true;
    }
    for at in 0..frames.len() {
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
        if heads[at] {
            push(HEAD_VERB, 1.0);
        } else if verbs[at] {
            push(VERB, 1.0);
        }
        if nouns[at] > 0 {
            push(NOUN, f32::from(nouns[at].min(2)).sqrt());
        }
    }
}

/// What a cue of these frames is worth against that of others: their words stand in many texts that mean another.
const WEAK_CUES: [(&str, f64); 3] = [("view", 0.5), ("domain_act", 0.7), ("edit", 0.9)];
/// Points that stand for "none of them".
const NONE_POINTS: f64 = 0.35;
/// What a point is worth in log odds.
const POINT_ODDS: f64 = 2.2;
/// Classes of cues which say that something fails.
const FAILING: [&str; 3] = ["broken", "refused", "wrong"];

/// Frames by the cues of a language's pack alone, best first, with their shares; empty when no cue is there. The weights
/// are chosen; `tests/languages.rs` holds what they reach.
pub(crate) fn by_cues(reading: &Reading, pack: &pack::Pack) -> Vec<(String, f64)> {
    let mut points = vec![0.0_f64; pack.frames.len()];
    for (at, sentence) in reading.sentences.iter().enumerate() {
        let place = if at == reading.asking { 1.0 } else { 0.4 };
        let mut last = vec![0_usize; pack.frames.len()];
        for hit in pack.frame_cues.find(&sentence.words.words, sentence.words.start) {
            let frame = hit.payload as usize;
            if hit.first >= last[frame] {
                points[frame] += place * if points[frame] > 0.0 { 0.3 } else { 1.0 };
                last[frame] = hit.last;
            }
        }
    }
    if points.iter().all(|&own| own == 0.0) {
        return Vec::new();
    }
    let fails = reading.kind == Kind::Problem
        && reading.sentences.get(reading.asking).is_some_and(|sentence| {
            sentence.classes.iter().any(|&class| FAILING.contains(&pack.kind_classes[class as usize].name.as_str()))
        });
    for (frame, own) in pack.frames.iter().zip(&mut points) {
        if let Some((_, worth)) = WEAK_CUES.iter().find(|(weak, _)| weak == frame) {
            *own *= worth;
        }
        if frame == "reliability" && fails {
            *own += 1.0;
        }
    }
    let mut shares: Vec<(String, f64)> = pack
        .frames
        .iter()
        .zip(&points)
        .filter(|(_, own)| **own > 0.0)
        .map(|(frame, own)| (frame.clone(), libm::exp(POINT_ODDS * own)))
        .collect();
    let all: f64 = shares.iter().map(|(_, power)| power).sum::<f64>() + libm::exp(POINT_ODDS * NONE_POINTS);
    for (_, power) in &mut shares {
        *power /= all;
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    shares
}

/// Whether a kind asks for something that frames answer.
pub(crate) fn is_asking(kind: Kind) -> bool {
    clause::is_need(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_text::embed::Table;

    #[test]
    fn the_weights_belong_to_the_table_and_the_frames_in_use() {
        let model = Model::builtin();
        let table = Table::builtin();
        let again =
            "fit again: cargo run --release -p throughline-frames --example fit -- crates/frames/data/ranker.bin";
        assert_eq!(model.header.embedding, table.model_id(), "{again}");
        assert_eq!(model.header.dim, table.dim(), "{again}");
        let frames: Vec<&String> = Frames::builtin().iter().map(|frame| &frame.id).collect();
        assert_eq!(model.header.frames.iter().collect::<Vec<_>>(), frames, "{again}");
        assert_eq!(model.object.n_numbered, crate::object::N_FEATURES, "{again}");
        assert!(model.object.n_rows() > crate::object::N_FEATURES, "{again}");
        assert!(model.header.threshold > 0.2 && model.header.threshold < 0.8);
    }
}
