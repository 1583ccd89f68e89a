//! How much a statement matters, and whether it says anything that was not said already.
//!
//! In: a piece of a text and its language. Out: points; at 1 and above a piece stands by itself.
//! Cost: one reading for the kind and one pass of the phrase lists, some ten microseconds.

use std::collections::BTreeSet;
use throughline_model::Kind;
use throughline_text::phrase::Lexicon;
use throughline_text::{Language, token};

/// Classes of phrases that make a statement worth keeping.
const TELLING: [&str; 18] = [
    "urgency",
    "churn",
    "deal_block",
    "expansion",
    "blocked",
    "workaround",
    "frequency",
    "must_be",
    "competitor",
    "harm_data",
    "wrong_data",
    "harm_money",
    "security",
    "privacy",
    "regulation",
    "performance",
    "regression",
    "request",
];
/// Words below which a piece says too little to stand by itself.
const FEW_WORDS: usize = 5;
/// Share of content words that must be new for a piece to say something new.
const NEW_SHARE: f64 = 0.4;

/// What a piece is worth, by what it does and by what it tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Worth {
    pub(super) kind: Kind,
    /// 2 for what surely asks or complains, 1.2 for what surely wants to know.
    pub(super) need: f64,
    /// 1 for each class of telling phrase.
    pub(super) phrases: f64,
    /// What is taken off for a few words.
    shortness: f64,
}

impl Worth {
    pub(super) fn points(self) -> f64 {
        self.need + self.phrases - self.shortness
    }
}

/// Weighs a piece.
pub(super) fn worth(text: &str, language: Language) -> Worth {
    let (kind, sure) = throughline_frames::kind(text, crate::enrich::model_language(language));
    let need = match kind {
        Kind::Request | Kind::Problem => 2.0 * sure,
        Kind::Question => 1.2 * sure,
        Kind::Praise | Kind::Other => 0.0,
    };
    let hits = Lexicon::builtin().find(text, language);
    let mut classes: Vec<&str> = hits.iter().map(|hit| hit.class).filter(|class| TELLING.contains(class)).collect();
    classes.sort_unstable();
    classes.dedup();
    let is_short = token::words(text).nth(FEW_WORDS - 1).is_none();
    Worth { kind, need, phrases: classes.len() as f64, shortness: if is_short { 1.0 } else { 0.0 } }
}

/// Content words said so far.
#[derive(Debug, Default)]
pub(super) struct Said {
    stems: BTreeSet<String>,
}

impl Said {
    /// The share of content words of `text` that were not said yet, 0..=1; 0 for a text without any.
    pub(super) fn new_share(&self, text: &str, language: Language) -> f64 {
        let words = stems(text, language);
        let n_new = words.iter().filter(|stem| !self.stems.contains(*stem)).count();
        if words.is_empty() { 0.0 } else { n_new as f64 / words.len() as f64 }
    }

    /// How many content words of `text` were not said yet.
    pub(super) fn new_words(&self, text: &str, language: Language) -> usize {
        stems(text, language).iter().filter(|stem| !self.stems.contains(*stem)).count()
    }

    /// Whether `text` says something that was not said yet.
    pub(super) fn is_new(&self, text: &str, language: Language) -> bool {
        self.new_share(text, language) >= NEW_SHARE
    }

    pub(super) fn add(&mut self, text: &str, language: Language) {
        self.stems.extend(stems(text, language));
    }
}

fn stems(text: &str, language: Language) -> BTreeSet<String> {
    token::content_words(text, language).into_iter().map(|word| word.stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_outweigh_remarks_and_repetitions_are_told() {
        let worth = |text| worth(text, Language::English).points();
        assert!(
            worth("We need the export to run by itself every Monday") > worth("I have used this for two years now")
        );
        assert!(worth("It crashes every time I save, we lost data") >= 2.0);
        let mut said = Said::default();
        said.add("Vertical scrollbar in the menu is missing", Language::English);
        assert!(!said.is_new("The scrollbar of menu is missing.", Language::English));
        assert!(said.is_new("Prices are shown in the wrong currency", Language::English));
    }
}
