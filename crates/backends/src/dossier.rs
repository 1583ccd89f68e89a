//! What a back-end prints from: a specification with the insight, score, place and words behind it.
//!
//! [`Evidence`] gives every cited signal a number, in the order in which a reader meets it, so that `[3]` means the
//! same words in the Markdown, the page and the prototype.

use std::collections::BTreeMap;
use throughline_model::plan::Place;
use throughline_model::revision::Since;
use throughline_model::sentence::Sentences;
use throughline_model::spec::{Spec, Statement};
use throughline_model::{Citation, Corpus, Insight, Quote, Score, Signal, SignalId, SourceKind, Span};

/// Everything known of one insight that is printed.
#[derive(Debug, Clone, Copy)]
pub struct Dossier<'a> {
    /// What people call the product.
    pub product_name: &'a str,
    /// The insight.
    pub insight: &'a Insight,
    /// Its specification.
    pub spec: &'a Spec,
    /// Its score, where scored.
    pub score: Option<&'a Score>,
    /// Its place, where planned.
    pub place: Option<&'a Place>,
    /// Records, signals, people, accounts.
    pub corpus: &'a Corpus,
    /// Its sentences, with what people made of them; none where nobody could.
    pub sentences: Option<&'a Sentences>,
    /// Where it stands beside what was accepted; none when it never was.
    pub since: Option<&'a Since>,
    /// A mark of everything it is printed from; none where nobody keeps one.
    pub generated_from: Option<&'a str>,
}

/// One cited signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// Its number in this document, from 1.
    pub number: usize,
    /// The signal.
    pub signal_id: SignalId,
    /// Its words, whole.
    pub text: String,
    /// Bytes of `text` that are quoted somewhere, merged, in order.
    pub marked: Vec<(usize, usize)>,
    /// Who said it, as far as known: role and account.
    pub speaker: String,
    /// Kind of channel and the item's own label there.
    pub source: String,
    /// When, in words; empty when unknown.
    pub date: String,
    /// Whether it is an observation of behaviour rather than words.
    pub is_observed: bool,
}

/// Cited signals with their numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// In the order in which a reader meets them.
    pub voices: Vec<Voice>,
    number_from_signal: BTreeMap<SignalId, usize>,
}

impl Evidence {
    /// Numbers every signal that the specification cites or quotes.
    #[must_use]
    pub fn of(dossier: &Dossier<'_>) -> Self {
        let spec = dossier.spec;
        let index = dossier.corpus.index_from_signal();
        let signal = |id: SignalId| index.get(&id).map(|&i| &dossier.corpus.signals[i]);
        let mut out = Self::default();
        for statement in reading_order(spec) {
            for citation in &statement.citations {
                if let Citation::Signal { id, span, .. } = citation {
                    out.add(dossier, signal(*id), *span);
                }
            }
        }
        let criteria = spec.stories.iter().flat_map(|story| &story.criteria);
        for citation in criteria.flat_map(|c| &c.citations).chain(spec.questions.iter().flat_map(|q| &q.citations)) {
            if let Citation::Signal { id, span, .. } = citation {
                out.add(dossier, signal(*id), *span);
            }
        }
        let slots = spec.needs.iter().flat_map(|need| need.slots.values()).flat_map(|slot| &slot.quotes);
        for quote in spec.quotes.iter().chain(&spec.dissent).chain(slots) {
            out.add(dossier, signal(quote.signal_id), Some(Span { start: quote.start, end: quote.end }));
        }
        for voice in &mut out.voices {
            merge(&mut voice.marked);
        }
        out
    }

    /// The number of a signal.
    #[must_use]
    pub fn number(&self, id: SignalId) -> Option<usize> {
        self.number_from_signal.get(&id).copied()
    }

    /// Numbers of the signals among citations, ascending, each once.
    #[must_use]
    pub fn numbers(&self, citations: &[Citation]) -> Vec<usize> {
        let mut out: Vec<usize> = citations
            .iter()
            .filter_map(|citation| match citation {
                Citation::Signal { id, .. } => self.number(*id),
                _ => None,
            })
            .collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    fn add(&mut self, dossier: &Dossier<'_>, signal: Option<&Signal>, span: Option<Span>) {
        let Some(signal) = signal else { return };
        let number = self.number_from_signal.get(&signal.id).copied().unwrap_or_else(|| {
            let number = self.voices.len() + 1;
            self.voices.push(voice(dossier, signal, number));
            self.number_from_signal.insert(signal.id, number);
            number
        });
        if let Some(span) = span {
            let voice = &mut self.voices[number - 1];
            let start = (span.start.max(signal.span.start) - signal.span.start) as usize;
            let end = (span.end.min(signal.span.end).saturating_sub(signal.span.start)) as usize;
            if start < end && voice.text.get(start..end).is_some() {
                voice.marked.push((start, end));
            }
        }
    }
}

/// Statements in the order in which the documents print them.
pub(crate) fn reading_order(spec: &Spec) -> impl Iterator<Item = &Statement> {
    let fix = spec.fix.iter().flat_map(|fix| {
        fix.expected.iter().chain(&fix.actual).chain(&fix.place).chain(&fix.workaround).chain(&fix.tell)
    });
    let measures = spec.measures.iter().flat_map(|measure| [&measure.baseline, &measure.target]);
    let stories = spec.stories.iter().flat_map(|story| [&story.actor, &story.means, &story.benefit]);
    spec.problem
        .iter()
        .chain(fix)
        .chain(&spec.who)
        .chain(&spec.job)
        .chain(&spec.why_now)
        .chain(&spec.change)
        .chain(measures)
        .chain(&spec.non_goals)
        .chain(stories)
        .chain(&spec.qualities)
        .chain(&spec.rollout)
        .chain(&spec.risks)
        .chain(&spec.assumptions)
        .chain(&spec.dependencies)
        .chain(&spec.decision)
        .chain(steps(spec))
}

/// Statements of personas, jobs and use cases.
fn steps(spec: &Spec) -> impl Iterator<Item = &Statement> {
    let concerns = spec.primary.iter().chain(&spec.secondary).map(|concern| &concern.need);
    let jobs = spec.jobs.iter().flat_map(|job| {
        let outcomes = job.outcomes.iter().map(|outcome| &outcome.statement);
        let forces = job.forces.iter().map(|force| &force.statement);
        [&job.circumstance, &job.motivation, &job.progress].into_iter().chain(outcomes).chain(forces)
    });
    let cases = spec.use_cases.iter().flat_map(|case| {
        [&case.goal, &case.trigger]
            .into_iter()
            .chain(&case.stakeholders)
            .chain(&case.preconditions)
            .chain(&case.variations)
    });
    concerns.chain(jobs).chain(cases)
}

/// Who said a quote, with the date: `payroll clerk, Northbay, 3 Sep 2026`.
#[must_use]
pub fn attribution(dossier: &Dossier<'_>, quote: &Quote) -> String {
    let signal = dossier.corpus.signals.iter().find(|signal| signal.id == quote.signal_id);
    signal.map_or_else(String::new, |signal| {
        let voice = voice(dossier, signal, 0);
        [voice.speaker, voice.date].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    })
}

fn voice(dossier: &Dossier<'_>, signal: &Signal, number: usize) -> Voice {
    let corpus = dossier.corpus;
    let role = signal.person.and_then(|id| corpus.people.get(&id)).and_then(|person| person.role.clone());
    let account = signal.account.and_then(|id| corpus.accounts.get(&id)).map(|account| account.facts.name.clone());
    let is_observed = signal.source_kind == SourceKind::Analytics;
    let known: Vec<String> = [role, account].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let record = corpus.record(signal.record_id);
    Voice {
        number,
        signal_id: signal.id,
        text: corpus.text(signal).to_owned(),
        marked: Vec::new(),
        speaker: match (known.is_empty(), is_observed) {
            (false, _) => known.join(", "),
            (true, true) => "counted from events".to_owned(),
            (true, false) => "name and account not known".to_owned(),
        },
        source: record.map_or_else(
            || signal.source_kind.word().to_owned(),
            |record| format!("{} {}", record.source, record.external_id),
        ),
        date: signal.at.map(throughline_model::Timestamp::long_date).unwrap_or_default(),
        is_observed,
    }
}

/// Sorted, without overlaps.
fn merge(spans: &mut Vec<(usize, usize)>) {
    spans.sort_unstable();
    let mut out: Vec<(usize, usize)> = Vec::new();
    for &(start, end) in spans.iter() {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    *spans = out;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_merged() {
        let mut spans = vec![(5, 9), (0, 3), (8, 12), (3, 4)];
        merge(&mut spans);
        assert_eq!(spans, [(0, 4), (5, 12)]);
    }
}
