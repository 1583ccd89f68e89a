//! Vectors of whole statements, for corpora that are read by an encoder.
//!
//! In: a corpus. Out: the distinct texts to encode, and which of them each signal has; whoever has the encoder makes
//! [`Encoded`] of them, and clustering compares those instead of sums of words.
//! Texts in the languages of the glossary are encoded with their words in English where it knows them: encoders that
//! learned from English alone place them no worse than the static table does, and themes meet across languages.
//! Invariant: what is encoded depends on the statement and its language alone.

use super::glossary::english;
use crate::insight::text_language;
use crate::observe;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use throughline_model::Corpus;
use throughline_text::Language;
use throughline_text::matrix::Int8Matrix;
use throughline_text::token::{lower, words};

/// What is to be encoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentences {
    /// Distinct texts, in order of first appearance.
    pub texts: Vec<String>,
    /// The text of each signal, in the corpus's order.
    pub row_of_signal: Vec<u32>,
}

/// What an encoder made of [`Sentences`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Encoded {
    /// Unit vectors, one a text.
    pub vectors: Int8Matrix,
    /// The row of each signal, in the corpus's order.
    pub row_of_signal: Vec<u32>,
}

/// The distinct texts of a corpus as an encoder should read them.
#[must_use]
pub fn sentences(corpus: &Corpus) -> Sentences {
    let said: Vec<String> = corpus
        .signals
        .par_iter()
        .map(|signal| readable(observe::about(corpus, signal), text_language(signal.language)))
        .collect();
    let mut row_of: FxHashMap<String, u32> = FxHashMap::default();
    let mut found = Sentences::default();
    for text in said {
        let row = *row_of.entry(text).or_insert_with_key(|text| {
            found.texts.push(text.clone());
            found.texts.len() as u32 - 1
        });
        found.row_of_signal.push(row);
    }
    found
}

/// A text, or its words in English where the glossary knows some of them.
fn readable(text: &str, language: Language) -> String {
    let mut is_known = false;
    let read: Vec<String> = words(text)
        .map(|range| {
            let word = lower(&text[range]);
            let found = english(&word, language);
            is_known |= found.is_some();
            found.unwrap_or_else(|| word.into_owned())
        })
        .collect();
    if is_known { read.join(" ") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_read_as_written_and_other_languages_by_the_glossary() {
        assert_eq!(readable("Export, please!", Language::English), "Export, please!");
        assert_eq!(readable("Bitte Lohnexport!", Language::German), "bitte pay export");
    }
}
