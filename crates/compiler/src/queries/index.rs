//! Full text: which insights hold which words.
//!
//! Cost: one pass over all statements when it is made; a search takes time by the words it meets.

use crate::session::Ranked;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::Corpus;
use throughline_text::token::{fold, words};

/// Letters from which the start of a word finds it.
const PREFIX_CHARS: usize = 3;

/// Positions of insights that hold a word, each with in how many statements.
type Held = Vec<(u32, u32)>;

/// Which insights hold which words.
pub(super) struct Index {
    /// Words in order, each with the insights that hold it and in how many statements; a name counts as several.
    words: Vec<(Box<str>, Held)>,
    n_insights: usize,
}

/// How many statements a word in the name of an insight is worth.
const NAME_WEIGHT: u32 = 8;

impl Index {
    pub(super) fn new(ranked: &[Ranked], corpus: &Corpus, said: &[Vec<u32>]) -> Self {
        let of = |at: usize| {
            let mut counts: BTreeMap<String, u32> = BTreeMap::new();
            let mut add = |text: &str, weight: u32| {
                let found: BTreeSet<String> = words(text).map(|range| fold(&text[range]).into_owned()).collect();
                found.into_iter().for_each(|word| *counts.entry(word).or_default() += weight);
            };
            add(&ranked[at].insight.label, NAME_WEIGHT);
            add(&ranked[at].insight.area, 1);
            said[at].iter().for_each(|&at| add(corpus.text(&corpus.signals[at as usize]), 1));
            counts
        };
        let counts: Vec<BTreeMap<String, u32>> = (0..ranked.len()).into_par_iter().map(of).collect();
        let mut map: FxHashMap<String, Held> = FxHashMap::default();
        for (at, counts) in counts.into_iter().enumerate() {
            for (word, n) in counts {
                map.entry(word).or_default().push((at as u32, n));
            }
        }
        let mut words: Vec<(Box<str>, Held)> =
            map.into_iter().map(|(word, places)| (word.into_boxed_str(), places)).collect();
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Self { words, n_insights: ranked.len() }
    }

    /// Positions of insights that hold every word of a text, the best first.
    pub(super) fn find(&self, text: &str) -> Vec<(usize, f64)> {
        let mut found: Option<BTreeMap<u32, f64>> = None;
        for word in words(text).map(|range| fold(&text[range]).into_owned()) {
            let from = self.words.partition_point(|(known, _)| **known < *word);
            let is_fit =
                |known: &str| known == word || (word.chars().count() >= PREFIX_CHARS && known.starts_with(&word));
            let mut worth: BTreeMap<u32, f64> = BTreeMap::new();
            for (known, places) in self.words[from..].iter().take_while(|(known, _)| is_fit(known)) {
                let rare = (self.n_insights as f64 / places.len() as f64).sqrt();
                let whole = if **known == *word { 2.0 } else { 1.0 };
                for &(at, n) in places {
                    *worth.entry(at).or_default() += whole * rare * f64::from(n).sqrt();
                }
            }
            found = Some(match found {
                None => worth,
                Some(found) => found.into_iter().filter_map(|(at, sum)| Some((at, sum + worth.get(&at)?))).collect(),
            });
        }
        let mut found: Vec<(usize, f64)> =
            found.unwrap_or_default().into_iter().map(|(at, sum)| (at as usize, sum)).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }
}
