//! Rules X: every statement rests on something, quotes are verbatim, ids resolve, nothing is left blank.

use super::{Beside, Report, prose};
use crate::glossary;
use std::collections::BTreeSet;
use throughline_model::share::statements;
use throughline_model::spec::Spec;
use throughline_model::{Basis, Citation, Corpus, Quote, SignalId};

/// Marks of unfinished text (rule X-5).
const BLANKS: [&str; 8] = ["TODO", "TBD", "FIXME", "???", "XXX", "lorem ipsum", "{", "}"];

pub(super) fn check(spec: &Spec, corpus: &Corpus, beside: &Beside<'_>, report: &mut Report) {
    let signals: BTreeSet<SignalId> = corpus.signals.iter().map(|signal| signal.id).collect();
    for (item, statement) in statements(spec) {
        let needs_citation = matches!(statement.basis, Basis::Evidence | Basis::Code | Basis::Strategy);
        if needs_citation && statement.citations.is_empty() {
            report.error(
                "X-1",
                &item,
                format!("“{}” claims {} and cites nothing.", statement.text, statement.basis.word()),
            );
        }
        citations(&item, &statement.citations, corpus, &signals, report);
        let cited: Vec<&str> = statement
            .citations
            .iter()
            .filter_map(|citation| match citation {
                Citation::Signal { quote: Some(quote), .. } => Some(quote.as_str()),
                _ => None,
            })
            .collect();
        if statement.basis == Basis::Evidence {
            for quote in
                prose::quotes_in(&statement.text).into_iter().filter(|quote| quote.split_whitespace().count() >= 4)
            {
                if !cited.iter().any(|words| words.contains(quote)) {
                    report.error(
                        "X-2",
                        &item,
                        format!("“{quote}” stands in quotation marks and is not among the words cited."),
                    );
                }
            }
        }
        blanks(&item, &statement.text, report);
    }
    for question in &spec.questions {
        citations("questions", &question.citations, corpus, &signals, report);
        blanks("questions", &question.text, report);
    }
    let slots = spec.needs.iter().flat_map(|need| need.slots.values()).flat_map(|slot| &slot.quotes);
    for quote in spec.quotes.iter().chain(&spec.dissent).chain(slots) {
        verbatim("quotes", quote, corpus, report);
    }
    for story in &spec.stories {
        for criterion in &story.criteria {
            let needs_citation = matches!(criterion.basis, Basis::Evidence | Basis::Code | Basis::Strategy);
            if needs_citation && criterion.citations.is_empty() {
                report.error("X-1", &criterion.key, "The criterion claims a ground and cites nothing.");
            }
            citations(&criterion.key, &criterion.citations, corpus, &signals, report);
            let texts = criterion
                .given
                .iter()
                .chain([&criterion.title, &criterion.when, &criterion.ears])
                .chain(&criterion.then);
            texts.for_each(|text| blanks(&criterion.key, text, report));
        }
    }
    ids(spec, report);
    terms(spec, beside, report);
}

/// Rule X-4: what a declared term means is called by that term, and one thing has one name.
fn terms(spec: &Spec, beside: &Beside<'_>, report: &mut Report) {
    if beside.terms.is_empty() {
        report.not_known("X-4", "all", "No term is declared, so whether one thing has one name cannot be checked.");
    }
    // Names that come with a capability are not customers' words for the team's terms.
    for entity in spec.entities.iter().filter(|entity| entity.name == spec.subject) {
        for name in [&entity.one, &entity.many] {
            if let Some(term) = glossary::term_for(name, beside.terms) {
                report.warn("X-4", "schema", format!("“{name}” is called “{}” here.", term.term));
            }
        }
    }
    for (i, entity) in spec.entities.iter().enumerate() {
        let same = |other: &&throughline_model::spec::Entity| {
            other.name != entity.name && other.one.eq_ignore_ascii_case(&entity.one)
        };
        if let Some(other) = spec.entities[..i].iter().find(same) {
            report.warn("X-4", "schema", format!("“{}” is both {} and {}.", entity.one, other.name, entity.name));
        }
    }
}

fn citations(item: &str, citations: &[Citation], corpus: &Corpus, signals: &BTreeSet<SignalId>, report: &mut Report) {
    for citation in citations {
        match citation {
            Citation::Signal { id, .. } if !signals.contains(id) => {
                report.error("X-3", item, format!("The signal {id} does not exist."));
            }
            Citation::Signal { id, span: Some(span), quote: Some(quote) } => {
                let Some(signal) = corpus.signals.iter().find(|signal| signal.id == *id) else { continue };
                let quote = Quote {
                    signal_id: *id,
                    record_id: signal.record_id,
                    start: span.start,
                    end: span.end,
                    text: quote.clone(),
                };
                verbatim(item, &quote, corpus, report);
            }
            Citation::Record { id } if corpus.record(*id).is_none() => {
                report.error("X-3", item, format!("The record {id} does not exist."));
            }
            Citation::Account { id, .. } if !corpus.accounts.contains_key(id) => {
                report.error("X-3", item, format!("The account {id} does not exist."));
            }
            _ => {}
        }
    }
}

fn verbatim(item: &str, quote: &Quote, corpus: &Corpus, report: &mut Report) {
    if !corpus.check_quote(quote) {
        report.error("X-2", item, format!("“{}” is not what record {} says there.", quote.text, quote.record_id));
    }
}

fn blanks(item: &str, text: &str, report: &mut Report) {
    if text.trim().is_empty() {
        report.error("X-5", item, "A text is empty.");
    }
    let own = prose::without_quotes(text);
    for blank in BLANKS.iter().filter(|blank| own.contains(**blank)) {
        report.error("X-5", item, format!("“{text}” holds {blank}."));
    }
    if own.contains("  ") || own.contains(" .") || own.contains(" ,") {
        report.error("X-5", item, format!("“{text}” has a gap in it."));
    }
}

fn ids(spec: &Spec, report: &mut Report) {
    let mut seen = BTreeSet::new();
    let criteria = spec.stories.iter().flat_map(|story| &story.criteria);
    let all = spec
        .stories
        .iter()
        .map(|story| story.id)
        .chain(criteria.clone().map(|criterion| criterion.id))
        .chain(spec.entities.iter().map(|entity| entity.id))
        .chain(spec.endpoints.iter().map(|endpoint| endpoint.id))
        .chain(spec.screens.iter().map(|screen| screen.id));
    for id in all {
        if !seen.insert(id) {
            report.error("X-3", "ids", format!("The id {id} is used twice."));
        }
    }
    let mut keys = BTreeSet::new();
    let jobs = spec.jobs.iter().map(|job| &job.key);
    let more = jobs.chain(spec.use_cases.iter().map(|case| &case.key));
    for key in spec.stories.iter().map(|story| &story.key).chain(criteria.map(|criterion| &criterion.key)).chain(more) {
        if !keys.insert(key.as_str()) {
            report.error("X-3", key, "The key is used twice.");
        }
    }
    let named = spec
        .entities
        .iter()
        .flat_map(|entity| &entity.story_keys)
        .chain(spec.endpoints.iter().flat_map(|endpoint| &endpoint.story_keys))
        .chain(spec.screens.iter().flat_map(|screen| screen.regions.iter().flat_map(|region| &region.serves)));
    for key in named {
        if !keys.contains(key.as_str()) {
            report.error("X-3", key, "Something serves a story or criterion that does not exist.");
        }
    }
    for story in &spec.stories {
        if !spec.needs.iter().any(|need| need.id == story.need_id) {
            report.error("X-3", &story.key, format!("Its need {} is not part of this specification.", story.need_id));
        }
    }
    if !spec.entities.iter().any(|entity| entity.name == spec.subject) {
        report.error("X-3", "schema", format!("The subject {} is no entity of it.", spec.subject));
    }
}
