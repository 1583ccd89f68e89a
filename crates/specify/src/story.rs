//! Stories and their criteria, compiled from a need and its playbook entry.
//!
//! Gherkin clauses, EARS sentences and the calls of a prototype come from one line of one scene, so they cannot say
//! different things.
//! Source: the story form of Connextra, criteria after Gherkin, requirements after EARS (Mavin and others, 2009):
//! While, then When or If, then one system that shall do one thing.

use crate::facts::{Facts, cite, cite_signals};
use crate::playbook::{self, Entry, Line, Scene};
use crate::schema::item_id;
use crate::wording::{Wording, is_stated, sentence};
use crate::words;
use throughline_model::spec::{Call, Case, Criterion, Statement, Story};
use throughline_model::{Basis, Citation, Corpus, InsightId, Language, Need, Quote, SlotName, Strength};

/// Most signals cited by one statement; the rest is in the insight. Chosen.
pub const MOST_CITED: usize = 3;

/// What a story is made of.
pub(crate) struct Source<'a> {
    pub(crate) insight: InsightId,
    pub(crate) need: &'a Need,
    pub(crate) entry: &'a Entry,
    pub(crate) wording: &'a Wording,
    pub(crate) product: &'a str,
}

/// The story of a need.
pub(crate) fn of_need(
    source: &Source<'_>,
    key: &str,
    priority: u8,
    actor: &Statement,
    facts: &Facts<'_>,
    corpus: &Corpus,
) -> Story {
    let Source { need, entry, wording, .. } = source;
    let means = wording.fill(&entry.means);
    let cited = cite_signals(&need.signals, MOST_CITED);
    let scenes = playbook::scenes(&entry.scenes).unwrap_or_default();
    let voices = words::counted(facts.insight.n_voices, "voice");
    let priority_reason = match (priority, need.strength) {
        (1, Strength::Must) => format!("{voices} ask for it, and for some nothing goes on without it."),
        (1, _) => format!("{voices} ask for it."),
        (_, Strength::Must) => "Asked for beside the first; for some nothing goes on without it.".to_owned(),
        _ => "Asked for beside the first; useful once that one works.".to_owned(),
    };
    Story {
        id: item_id(source.insight, "story", &format!("{} {}", need.frame, wording.object.one)),
        key: key.to_owned(),
        need_id: need.id,
        title: words::capitalised(&means),
        actor: actor.clone(),
        means: Statement { text: means, basis: Basis::Evidence, citations: cited.clone() },
        benefit: benefit(source, corpus),
        priority,
        priority_reason,
        independent_test: wording.sentence(&entry.test),
        criteria: criteria(source, key, "", &scenes, &cited),
    }
}

/// The stories that come with a need's capability.
pub(crate) fn companions(source: &Source<'_>, first_number: usize, actor: &Statement) -> Vec<Story> {
    let Source { need, entry, wording, .. } = source;
    let default = |what: &str| vec![Citation::Default { path: format!("playbook.{}.companion.{what}", need.frame) }];
    entry
        .companion
        .iter()
        .enumerate()
        .map(|(i, companion)| {
            let key = format!("US-{}", first_number + i);
            let means = wording.fill(&companion.means);
            let scenes = playbook::scenes(&companion.scenes).unwrap_or_default();
            Story {
                id: item_id(
                    source.insight,
                    "story",
                    &format!("{} {} {}", need.frame, wording.object.one, companion.title),
                ),
                need_id: need.id,
                title: words::capitalised(&means),
                actor: actor.clone(),
                means: Statement { text: means, basis: Basis::Default, citations: default("means") },
                benefit: Statement {
                    text: wording.fill(&companion.benefit),
                    basis: Basis::Default,
                    citations: default("benefit"),
                },
                priority: 2,
                priority_reason: sentence(&wording.fill(&companion.why)),
                independent_test: wording.sentence(&companion.test),
                criteria: criteria(source, &key, &companion.title, &scenes, &[]),
                key,
            }
        })
        .collect()
}

/// Criteria of a story, in the order of [`Case::ALL`]. `of` is the companion's title, empty for the need's own story: with
/// it ids stay where they are when a story comes before.
fn criteria(source: &Source<'_>, story_key: &str, of: &str, scenes: &[Scene], cited: &[Citation]) -> Vec<Criterion> {
    let mut ordered: Vec<&Scene> = scenes.iter().collect();
    ordered.sort_by_key(|scene| Case::ALL.iter().position(|case| *case == scene.case));
    ordered
        .iter()
        .enumerate()
        .map(|(i, scene)| criterion(source, &format!("{story_key}.{}", i + 1), of, scene, cited))
        .collect()
}

fn criterion(source: &Source<'_>, key: &str, of: &str, scene: &Scene, cited: &[Citation]) -> Criterion {
    let Source { need, wording, .. } = source;
    let text = |line: &Line| wording.fill(&line.text);
    let given: Vec<String> = scene.given.iter().map(text).collect();
    let when = text(&scene.when);
    let responses: Vec<String> = scene.then.iter().map(|line| wording.fill(&line.shall)).collect();
    let is_asked_for = scene.case == Case::Happy && !cited.is_empty();
    let calls = |line: &Line| -> Vec<Call> {
        let fill = |call: &Call| Call {
            verb: call.verb.clone(),
            args: call.args.iter().map(|arg| wording.fill(arg)).collect(),
        };
        line.calls.iter().map(fill).collect()
    };
    let lines = scene.given.iter().chain([&scene.when]).chain(&scene.then);
    Criterion {
        id: item_id(source.insight, "criterion", &format!("{} {of} {}", need.id, scene.title)),
        key: key.to_owned(),
        title: words::capitalised(&wording.fill(&scene.title)),
        case: scene.case,
        ears: ears(scene.case, &given, &when, &responses, source.product),
        steps: lines.map(calls).collect(),
        given,
        when,
        then: scene.then.iter().map(text).collect(),
        basis: if is_asked_for { Basis::Evidence } else { Basis::Default },
        citations: if is_asked_for {
            cited.to_vec()
        } else {
            vec![Citation::Default { path: format!("playbook.{}.scenes", need.frame) }]
        },
    }
}

/// EARS sentences, one a line.
#[must_use]
pub fn ears(case: Case, given: &[String], when: &str, responses: &[String], product: &str) -> String {
    let state = words::listed(given);
    let event = match case {
        Case::Happy | Case::Empty => format!("when {when}, {product} shall"),
        Case::Permission | Case::Limit | Case::Failure => format!("if {when}, then {product} shall"),
    };
    let head = if state.is_empty() { words::capitalised(&event) } else { format!("While {state}, {event}") };
    let sentences: Vec<String> = responses.iter().map(|response| format!("{head} {response}.")).collect();
    sentences.join("\n")
}

/// Why: the stated purpose where one can stand after "so that", else the playbook's.
fn benefit(source: &Source<'_>, corpus: &Corpus) -> Statement {
    let Source { need, entry, wording, .. } = source;
    let stated = need.slots.get(&SlotName::Reason).filter(|slot| is_stated(slot));
    if let Some(slot) = stated
        && let Some(text) = slot.quotes.first().and_then(|quote| purpose(&slot.value, quote, corpus))
    {
        return Statement { text, basis: slot.basis, citations: slot.quotes.iter().map(cite).collect() };
    }
    Statement {
        text: wording.fill(&entry.benefit),
        basis: Basis::Default,
        citations: vec![Citation::Default { path: format!("playbook.{}.benefit", need.frame) }],
    }
}

/// A customer's reason as a clause after "so that", when it states a purpose: what comes before it in the record, or
/// its own first words, must say so. A cause ("because ...") is none.
fn purpose(reason: &str, quote: &Quote, corpus: &Corpus) -> Option<String> {
    const PURPOSE: [&str; 5] = ["so that ", "so ", "in order to ", "to ", "such that "];
    let record = corpus.record(quote.record_id)?;
    let signal_language = corpus
        .signals
        .iter()
        .find(|signal| signal.id == quote.signal_id)
        .map_or(Language::Unknown, |signal| signal.language);
    if !matches!(signal_language, Language::En | Language::Unknown) {
        return None;
    }
    let reason = reason.trim().trim_end_matches(['.', '!', ',', ';']).trim();
    let lower = reason.to_lowercase();
    let before = record.text.get(..quote.start as usize).unwrap_or_default().to_lowercase();
    let own = PURPOSE.iter().find(|mark| lower.starts_with(**mark));
    let mark = own.or_else(|| PURPOSE.iter().find(|mark| before.ends_with(**mark)))?;
    let clause = own.map_or(reason, |mark| reason[mark.len()..].trim());
    let words: Vec<String> = clause.split_whitespace().map(words::recase).collect();
    let is_short = (3..=14).contains(&words.len());
    if !is_short || clause.contains(['?', '\n', '(', '[', '"', '“']) {
        return None;
    }
    let first = words[0].to_lowercase();
    let mut text = words.iter().map(|word| if word == "i" { "I" } else { word.as_str() }).collect::<Vec<_>>().join(" ");
    if words::is_verb(&first) {
        text = format!("I can {text}");
    } else if mark.trim_end().ends_with("to") {
        return None;
    }
    let is_clause = text.split(' ').skip(1).any(|word| {
        words::is_verb(word)
            || words::base_phrase(word).is_some()
            || ["is", "are", "can", "don't", "doesn't", "won't", "has", "have", "knows", "misses", "gets"]
                .contains(&word)
    });
    is_clause.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ears_keeps_its_order_and_one_response_a_sentence() {
        let text = ears(
            Case::Limit,
            &["the plan is full".to_owned()],
            "the planner submits another shift",
            &["create no shift".to_owned(), "state the limit".to_owned()],
            "Rotaboard",
        );
        assert_eq!(
            text,
            "While the plan is full, if the planner submits another shift, then Rotaboard shall create no shift.\n\
             While the plan is full, if the planner submits another shift, then Rotaboard shall state the limit."
        );
    }
}
