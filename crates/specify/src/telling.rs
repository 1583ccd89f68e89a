//! Which sentence of a statement tells best what the insight is about.
//!
//! In: the statements of an insight. Out: a [`Topic`], and for each statement the sentence worth quoting. A ticket opens
//! with a greeting and closes with thanks; what is to be quoted stands between.
//! Cost: one pass over the statements' words.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use throughline_model::{Language, PhraseHit, Signal};
use throughline_text::{sentence, token};

/// Fewest words of a sentence worth quoting.
const FEWEST_WORDS: usize = 4;
/// What a word of the insight's name is worth beside a word that all its statements share.
const IN_LABEL: f64 = 1.0;
/// What a phrase that asks, complains or tells of a way round is worth.
const PHRASE: f64 = 0.6;
/// Phrase classes that tell what is wanted or what hurts.
const TELLING: [&str; 9] = [
    "blocked",
    "deal_block",
    "malfunction",
    "must_be",
    "regression",
    "request",
    "workaround",
    "wrong_data",
    "attractive",
];

/// The words an insight is about, each with what it is worth.
#[derive(Debug, Default)]
pub(crate) struct Topic {
    by_stem: BTreeMap<String, f64>,
}

impl Topic {
    /// Words that at least two statements share, by the share of statements that have them, and the words of the label.
    pub(crate) fn new<'a>(label: &str, statements: impl Iterator<Item = (&'a str, Language)>) -> Self {
        let mut n_by_stem: BTreeMap<String, f64> = BTreeMap::new();
        let mut n_all = 0.0_f64;
        for (text, language) in statements {
            n_all += 1.0;
            for stem in stems(text, language) {
                *n_by_stem.entry(stem).or_default() += 1.0;
            }
        }
        n_by_stem.retain(|_, n| *n >= 2.0);
        let mut by_stem: BTreeMap<String, f64> = n_by_stem.into_iter().map(|(stem, n)| (stem, n / n_all)).collect();
        for stem in stems(label, Language::En) {
            *by_stem.entry(stem).or_default() += IN_LABEL;
        }
        Self { by_stem }
    }

    /// The sentence of `signal` that tells most of the topic, as a range of `text`; none when none is long enough.
    pub(crate) fn sentence(&self, signal: &Signal, text: &str) -> Option<Range<usize>> {
        let hits: Vec<(&str, usize)> =
            signal.phrases.iter().map(|hit| (hit.class.as_str(), within(signal, hit))).collect();
        self.telling(text, signal.language, &hits)
    }

    /// As above; `hits` are phrase classes with where in `text` each begins.
    fn telling(&self, text: &str, language: Language, hits: &[(&str, usize)]) -> Option<Range<usize>> {
        let mut best: Option<(f64, Range<usize>)> = None;
        for range in sentence::sentences(text) {
            if text[range.clone()].split_whitespace().count() < FEWEST_WORDS {
                continue;
            }
            let shared = stems(&text[range.clone()], language);
            let shared: f64 = shared.iter().filter_map(|stem| self.by_stem.get(stem)).sum();
            let tells = hits.iter().any(|(class, at)| TELLING.contains(class) && range.contains(at));
            let worth = shared + if tells { PHRASE } else { 0.0 };
            if best.as_ref().is_none_or(|(most, _)| worth > *most) {
                best = Some((worth, range));
            }
        }
        let (_, range) = best?;
        let is_greeted = hits.contains(&("greeting", range.start));
        Some(if is_greeted { without_greeting(text, range) } else { range })
    }
}

/// Where a phrase begins in the signal's own text.
fn within(signal: &Signal, hit: &PhraseHit) -> usize {
    hit.span.start.saturating_sub(signal.span.start) as usize
}

/// Without what stands before the first comma, where enough is left.
fn without_greeting(text: &str, range: Range<usize>) -> Range<usize> {
    let rest = text[range.clone()].split_once(',').map_or("", |(_, rest)| rest.trim_start());
    if rest.split_whitespace().count() >= FEWEST_WORDS { range.end - rest.len()..range.end } else { range }
}

/// Stems of the words that carry a topic.
fn stems(text: &str, language: Language) -> BTreeSet<String> {
    let language = match language {
        Language::De => throughline_text::Language::German,
        Language::Fr => throughline_text::Language::French,
        Language::Es => throughline_text::Language::Spanish,
        Language::Pt => throughline_text::Language::Portuguese,
        Language::En | Language::Other | Language::Unknown => throughline_text::Language::English,
    };
    token::content_words(text, language).into_iter().map(|word| word.stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_quoted_and_not_the_greeting() {
        let texts = [
            "Hello, I do the wages for five hotels. Please let us schedule the payroll export.",
            "the payroll export must be scheduled, it is an hour every Monday",
        ];
        let topic = Topic::new("Payroll export", texts.iter().map(|text| (*text, Language::En)));
        let quoted =
            |text: &'static str, hits: &[(&str, usize)]| topic.telling(text, Language::En, hits).map(|at| &text[at]);
        assert_eq!(quoted(texts[0], &[]), Some("Please let us schedule the payroll export."));
        let greeted = "Hello, the payroll export is what I wait for";
        assert_eq!(quoted(greeted, &[("greeting", 0)]), Some("the payroll export is what I wait for"));
        assert_eq!(quoted("Thanks a lot", &[]), None);
    }
}
