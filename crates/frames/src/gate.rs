//! The gate: what kind of statement a text is, decided by a log-linear model over what its sentences show.
//!
//! In: the sentences of a text with the points and classes of their cues ([`mod@crate::kind`]), and the vector of its first
//! sentences. Out: a probability for each of [`KINDS`]. English is decided with words and vector; the other languages
//! with cues, marks and shape alone, by weights fitted without words, because those mean the same in every language.

use crate::clause::Opened;
use crate::kind::{self, KINDS, Points};
use crate::linear::{Linear, Present, softmax};
use crate::pack::Pack;
use std::collections::BTreeSet;
use std::ops::Range;

/// Bytes of the first sentences that the vector is taken of.
const MOST_BYTES: usize = 500;
/// Sentences whose words are looked at: what a long text wants stands near its top.
const N_SENTENCES: usize = 4;

/// What the model counts, besides words and vector. The order is that of the rows.
const N_COUNTS: usize = 38;

/// Rows before the named ones: the vector's dimensions, then the counts.
pub(crate) fn n_numbered(dim: usize) -> usize {
    dim + N_COUNTS
}

/// Where the text lies that the vector is taken of: its first sentences, from the first word to the last.
pub(crate) fn gist(opened: &Opened) -> Range<usize> {
    let mut gist: Option<Range<usize>> = None;
    for sentence in opened.sentences.iter().take(N_SENTENCES) {
        let words = &sentence.words.words;
        let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
        match &mut gist {
            None => gist = Some(first.start..last.end),
            Some(gist) if last.end - gist.start <= MOST_BYTES => gist.end = last.end,
            Some(_) => break,
        }
    }
    gist.unwrap_or(0..0)
}

/// The names of what the text shows: words, pairs of words, how sentences begin, and classes of cues.
pub(crate) fn keys(opened: &Opened, pack: &Pack, with_words: bool) -> Vec<String> {
    let mut keys = BTreeSet::new();
    let n = opened.sentences.len();
    for (at, sentence) in opened.sentences.iter().enumerate() {
        for &class in &sentence.classes {
            let class = &pack.kind_classes[class as usize];
            let name = format!("#{} {}", class.kind.word(), class.name);
            if at == 0 {
                keys.insert(format!("first {name}"));
            }
            if at + 1 == n && n > 1 {
                keys.insert(format!("last {name}"));
            }
            keys.insert(name);
        }
        if !with_words || at >= N_SENTENCES {
            continue;
        }
        let words = &sentence.words.words;
        for word in words {
            if word.lemma.len() > 1 && !word.is_number() {
                keys.insert(word.lemma.clone());
            }
        }
        for pair in words.windows(2) {
            keys.insert(format!("{} {}", pair[0].lower, pair[1].lower));
        }
        let start = sentence.words.start.min(words.len());
        if let Some(first) = words.get(start) {
            keys.insert(format!("^{}", first.lower));
            if let Some(second) = words.get(start + 1) {
                keys.insert(format!("^{} {}", first.lower, second.lower));
            }
        }
    }
    keys.into_iter().collect()
}

/// What is counted.
fn counts(text: &str, opened: &Opened, pack: &Pack) -> [f32; N_COUNTS] {
    let mut found = [0.0_f32; N_COUNTS];
    let mut at = 0;
    let mut push = |value: f32| {
        if let Some(place) = found.get_mut(at) {
            *place = value;
        }
        at += 1;
    };
    let scaled = |points: f64| (points / 4.0).clamp(-1.5, 2.5) as f32;
    push(1.0);
    let empty: Points = [0.0; 5];
    let first = opened.sentences.first();
    let last = opened.sentences.last().filter(|_| opened.sentences.len() > 1);
    for points in
        [&opened.totals, first.map_or(&empty, |first| &first.points), last.map_or(&empty, |last| &last.points)]
    {
        for &own in points {
            push(scaled(own));
        }
    }
    for kind in KINDS {
        push(if kind == opened.rule { opened.rule_sure as f32 } else { 0.0 });
    }
    // The kind that most sentences speak for most clearly, whatever the order.
    let mut most = [0.0_f64; 5];
    for sentence in &opened.sentences {
        for (best, &own) in most.iter_mut().zip(&sentence.points) {
            *best = best.max(own);
        }
    }
    for own in most {
        push(scaled(own));
    }
    let n_words: usize = opened.sentences.iter().map(|sentence| sentence.words.words.len()).sum();
    push(libm::logf(n_words as f32 + 1.0) / 4.0);
    push(if n_words <= 2 { 1.0 } else { 0.0 });
    push(if n_words <= 5 { 1.0 } else { 0.0 });
    push(libm::logf(opened.sentences.len() as f32 + 1.0) / 2.0);
    push(if opened.has_title { 1.0 } else { 0.0 });
    push(if opened.is_form { 1.0 } else { 0.0 });
    let of = |range: &Range<usize>| &text[range.clone()];
    let asks = |range: &Range<usize>| of(range).trim_end().ends_with('?');
    push(if opened.sentences.iter().any(|sentence| of(&sentence.range).contains('?')) { 1.0 } else { 0.0 });
    push(if first.is_some_and(|first| asks(&first.range)) { 1.0 } else { 0.0 });
    push(if last.is_some_and(|last| asks(&last.range)) { 1.0 } else { 0.0 });
    push(if first.is_some_and(|first| kind::is_imperative(&first.words, pack)) { 1.0 } else { 0.0 });
    push(if opened.sentences.iter().any(|sentence| kind::is_imperative(&sentence.words, pack)) { 1.0 } else { 0.0 });
    push(opened.sentiment);
    found
}

/// The rows of a text; `vector` is that of its [`gist`], or nothing for what is decided without words.
pub(crate) fn present(
    text: &str,
    opened: &Opened,
    vector: Option<&[f32]>,
    pack: &Pack,
    model: &Linear,
) -> Vec<Present> {
    let counts = counts(text, opened, pack);
    let dim = model.n_numbered.saturating_sub(N_COUNTS);
    let mut present: Vec<Present> = Vec::new();
    if let Some(vector) = vector {
        present.extend(vector.iter().take(dim).enumerate().map(|(at, &value)| (at as u32, value)));
    }
    present.extend(
        counts.iter().enumerate().filter(|(_, value)| **value != 0.0).map(|(at, &value)| ((dim + at) as u32, value)),
    );
    let keys = keys(opened, pack, vector.is_some());
    let n_words = keys.iter().filter(|key| !key.contains('#')).count();
    let of_word = 1.0 / (n_words.max(4) as f32).sqrt();
    for key in &keys {
        let value = if key.contains('#') { 0.5 } else { of_word };
        present.extend(model.named([key.as_str()], value));
    }
    present
}

/// Probabilities of [`KINDS`].
pub(crate) fn shares(model: &Linear, present: &[Present]) -> Vec<f64> {
    let mut scores = vec![0.0_f32; KINDS.len()];
    model.add_scores(present, &mut scores);
    softmax(&scores)
}
