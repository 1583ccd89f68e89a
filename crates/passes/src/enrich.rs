//! Stage 3, enrich: what language a statement is in, what it does, how it feels, and which telling phrases it holds.
//!
//! In: a record and its signals. Out: the signals, filled. Cost: a few microseconds a short text.
//! Invariant: a signal's fields depend on its own words, the record's words (for the language of a very short one) and
//! the declared competitor names; on nothing else.

use throughline_model::settings::Settings;
use throughline_model::{Language, PartRole, PhraseHit, Record, Signal, Span};
use throughline_text::phrase::Lexicon;
use throughline_text::{language, sentiment};

/// Fills signals; holds the phrase lists with the declared names.
#[derive(Debug)]
pub struct Enricher {
    /// None where no competitor is declared: the lists as they come.
    named: Option<Lexicon>,
}

/// The model's name for a language of the text crate.
#[must_use]
pub fn model_language(language: throughline_text::Language) -> Language {
    match language {
        throughline_text::Language::English => Language::En,
        throughline_text::Language::German => Language::De,
        throughline_text::Language::French => Language::Fr,
        throughline_text::Language::Spanish => Language::Es,
        throughline_text::Language::Portuguese => Language::Pt,
        throughline_text::Language::Other => Language::Other,
    }
}

impl Enricher {
    /// An enricher that knows the declared competitors.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let names: Vec<&str> = settings
            .strategy
            .competitors
            .iter()
            .flatten()
            .flat_map(|competitor| std::iter::once(&competitor.name).chain(&competitor.also))
            .map(String::as_str)
            .collect();
        // A name without letters names nobody: the lists are then used as they come.
        Self { named: if names.is_empty() { None } else { Lexicon::builtin().with_names(&names).ok() } }
    }

    fn lexicon(&self) -> &Lexicon {
        self.named.as_ref().unwrap_or(Lexicon::builtin())
    }

    /// The signals of a record, filled.
    #[must_use]
    pub fn enrich(&self, record: &Record, mut signals: Vec<Signal>) -> Vec<Signal> {
        if signals.is_empty() {
            return signals;
        }
        let whole = language::detect(&record.text);
        for signal in &mut signals {
            let text = record.slice(signal.span);
            let own = language::detect(text);
            let language = if own.confidence >= 0.5 {
                own.language
            } else if whole.confidence >= 0.5 {
                whole.language
            } else {
                own.language
            };
            signal.language =
                if language == throughline_text::Language::Other && own.confidence < 0.5 && whole.confidence < 0.5 {
                    Language::Unknown
                } else {
                    model_language(language)
                };
            // What is too short to tell is read as English: most software says its own words in it.
            let read_as =
                if signal.language == Language::Unknown { throughline_text::Language::English } else { language };
            let (kind, sure) = throughline_frames::kind(text, model_language(read_as));
            let is_observed = record.part_at(signal.span.start).is_some_and(|part| part.role == PartRole::Observation);
            (signal.kind, signal.kind_confidence) =
                if is_observed { (throughline_model::Kind::Problem, 0.6) } else { (kind, rounded(sure)) };
            let felt = f64::from(sentiment::score(text, read_as));
            signal.sentiment = (felt != 0.0).then(|| rounded(felt));
            let base = signal.span.start as usize;
            signal.phrases = self
                .lexicon()
                .find(text, read_as)
                .into_iter()
                .map(|hit| PhraseHit {
                    class: hit.class.to_owned(),
                    span: Span::new(base + hit.range.start, base + hit.range.end),
                })
                .collect();
        }
        signals
    }
}

fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::{Kind, RawRecord, RecordId, SourceKind};

    #[test]
    fn a_statement_is_read_in_its_own_language_and_phrases_lie_in_it() {
        let text = "Hello. The export is broken since the update and we will cancel if it stays so. ".repeat(2);
        let raw = RawRecord::new("desk", SourceKind::Support, "1", &text);
        let record = crate::collect::canonical(&raw, RecordId(1)).record;
        let signals = Enricher::new(&Settings::default()).enrich(&record, crate::segment::signals(&record));
        let signal = &signals[0];
        assert_eq!((signal.language, signal.kind), (Language::En, Kind::Problem));
        assert!(signal.has_phrase("regression"), "{:?}", signal.phrases);
        assert!(signal.phrases.iter().all(|hit| signal.span.contains(hit.span)));
    }
}
