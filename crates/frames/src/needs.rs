//! From an insight's statements to its typed needs: what most of its voices ask for, with slots that cite their words.
//!
//! In: an insight and the corpus. Out: one to three [`Need`]s, best first; none when the insight praises, or when its
//! statements do not agree well enough on what they ask for.
//! Invariant: a slot with evidence quotes bytes of a record; a required slot that nobody filled is a question.

use crate::frame::{Frame, Frames};
use crate::understand::understand_all;
use std::collections::BTreeMap;
use throughline_model::need::UnderstoodNeed;
use throughline_model::{
    Basis, Corpus, Insight, Kind, Need, NeedId, Polarity, Quote, Signal, Slot, SlotName, Span, Strength,
};

/// Statements that are read for needs, the most central first.
const MAX_READ: usize = 200;
/// Share of the votes that a second or third need must have.
const LEAST_SHARE: f64 = 0.22;
/// Most needs of one insight.
const MOST_NEEDS: usize = 3;
/// Quotes of a slot.
const MOST_QUOTES: usize = 4;

struct Read<'a> {
    signal: &'a Signal,
    text: &'a str,
    need: UnderstoodNeed,
}

/// The needs of an insight. `personas` are words for roles that the team uses.
#[must_use]
pub fn needs(insight: &Insight, corpus: &Corpus, personas: &[String]) -> Vec<Need> {
    if insight.kind == Kind::Praise {
        return Vec::new();
    }
    let quoted = insight.quotes.iter().map(|quote| quote.signal_id);
    let mut ids: Vec<_> = quoted.chain(insight.members.iter().copied()).take(MAX_READ + 3).collect();
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(*id));
    let wanted: std::collections::BTreeSet<_> = ids.iter().copied().collect();
    let by_id: BTreeMap<_, &Signal> =
        corpus.signals.iter().filter(|signal| wanted.contains(&signal.id)).map(|signal| (signal.id, signal)).collect();
    let signals: Vec<&Signal> = ids.iter().filter_map(|id| by_id.get(id).copied()).collect();
    let texts: Vec<&str> = signals.iter().map(|signal| corpus.text(signal)).collect();
    let read: Vec<Read<'_>> = understand_all(&texts)
        .into_iter()
        .zip(signals.iter().zip(&texts))
        .flat_map(|(understood, (signal, text))| {
            understood.needs.into_iter().take(1).map(move |need| Read { signal, text, need })
        })
        .collect();
    ranked_frames(&read)
        .into_iter()
        .filter_map(|(name, share)| need(insight, corpus, personas, &read, &name, share))
        .collect()
}

/// Frames by their share of the votes, best first; alternatives vote with a third.
fn ranked_frames(read: &[Read<'_>]) -> Vec<(String, f64)> {
    let mut votes: BTreeMap<&str, f64> = BTreeMap::new();
    for Read { need, .. } in read {
        *votes.entry(&need.frame).or_default() += need.confidence;
    }
    let sum: f64 = votes.values().sum();
    let mut ranked: Vec<(String, f64)> = votes.into_iter().map(|(name, vote)| (name.to_owned(), vote / sum)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut kept = 0;
    ranked.retain(|(_, share)| {
        kept += 1;
        kept == 1 || (*share >= LEAST_SHARE && kept <= MOST_NEEDS)
    });
    ranked
}

fn need(
    insight: &Insight,
    corpus: &Corpus,
    personas: &[String],
    read: &[Read<'_>],
    name: &str,
    share: f64,
) -> Option<Need> {
    let frame = Frames::builtin().get(name)?;
    let mut own: Vec<&Read<'_>> = read.iter().filter(|read| read.need.frame == name).collect();
    own.sort_by(|a, b| b.need.confidence.total_cmp(&a.need.confidence).then(a.signal.id.cmp(&b.signal.id)));
    let mut slots = BTreeMap::new();
    if let Some(slot) = object(corpus, &own) {
        slots.insert(SlotName::Object, slot);
    }
    if let Some(slot) = actor(corpus, insight, personas, &own) {
        slots.insert(SlotName::Actor, slot);
    }
    if let Some(slot) = verbatim(corpus, &own, |need| need.reason.as_deref()) {
        slots.insert(SlotName::Reason, slot);
    }
    if let Some(slot) = verbatim(corpus, &own, |need| need.situation.as_deref()) {
        slots.insert(SlotName::Situation, slot);
    }
    complete(frame, &mut slots);
    let object = slots.get(&SlotName::Object).map(|slot| slot.value.clone()).unwrap_or_default();
    let mut alternatives: BTreeMap<&str, usize> = BTreeMap::new();
    for other in own.iter().flat_map(|read| &read.need.alternatives).filter(|other| *other != name) {
        *alternatives.entry(other).or_default() += 1;
    }
    let mut alternatives: Vec<(&str, usize)> = alternatives.into_iter().collect();
    alternatives.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    let kind = majority(&own)?;
    let mean = own.iter().map(|read| read.need.confidence).sum::<f64>() / own.len() as f64;
    Some(Need {
        id: NeedId::of(&[&insight.id.0.to_le_bytes(), name.as_bytes(), object.as_bytes()]),
        insight_id: insight.id,
        frame: name.to_owned(),
        alternatives: alternatives.into_iter().take(3).map(|(name, _)| name.to_owned()).collect(),
        kind,
        polarity: if kind == Kind::Problem { Polarity::Fix } else { Polarity::Want },
        strength: strength(&own),
        slots,
        signals: own.iter().map(|read| read.signal.id).collect(),
        confidence: ((mean * share.sqrt()) * 1e4).round() / 1e4,
    })
}

fn majority(own: &[&Read<'_>]) -> Option<Kind> {
    let mut n_by_kind: BTreeMap<Kind, usize> = BTreeMap::new();
    for read in own {
        *n_by_kind.entry(read.signal.kind).or_default() += 1;
    }
    n_by_kind.into_iter().max_by_key(|(kind, n)| (*n, std::cmp::Reverse(*kind))).map(|(kind, _)| kind)
}

/// Something stops without it: must. It is called nice to have: could. Else: should.
fn strength(own: &[&Read<'_>]) -> Strength {
    let with = |class: &str| own.iter().filter(|read| read.signal.has_phrase(class)).count();
    if with("deal_block") > 0 || with("churn") > 0 || with("blocked") * 4 >= own.len() {
        Strength::Must
    } else if with("indifferent") * 3 >= own.len() {
        Strength::Could
    } else {
        Strength::Should
    }
}

/// The bytes of `words` in a statement, whatever their case.
fn find(read: &Read<'_>, words: &str) -> Option<Span> {
    let at = read.text.find(words).or_else(|| {
        // Lower-casing keeps the length of the letters compared here only where the text is ASCII.
        (read.text.is_ascii() && words.is_ascii())
            .then(|| read.text.to_ascii_lowercase().find(&words.to_ascii_lowercase()))
            .flatten()
    })?;
    let start = read.signal.span.start as usize + at;
    Some(Span::new(start, start + words.len()))
}

/// The object named most often, by its last word, in the form named most often; shorter first among equals.
fn object(corpus: &Corpus, own: &[&Read<'_>]) -> Option<Slot> {
    let mut groups: BTreeMap<String, (f64, BTreeMap<String, usize>, Vec<Quote>)> = BTreeMap::new();
    for read in own {
        let Some(object) = read.need.object.as_deref() else { continue };
        let Some(span) = find(read, object) else { continue };
        let head = object.split_whitespace().last().unwrap_or(object).trim_end_matches('s').to_owned();
        let entry = groups.entry(head).or_default();
        entry.0 += read.need.confidence;
        *entry.1.entry(object.to_owned()).or_default() += 1;
        if entry.2.len() < MOST_QUOTES {
            entry.2.push(corpus.quote_span(read.signal, span));
        }
    }
    let all: f64 = groups.values().map(|(weight, _, _)| weight).sum();
    let best = groups
        .into_values()
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.keys().next().cmp(&a.1.keys().next())))?;
    let (weight, forms, quotes) = best;
    let (value, _) = forms
        .into_iter()
        .max_by_key(|(form, n)| (*n, std::cmp::Reverse(form.len()), std::cmp::Reverse(form.clone())))?;
    Some(Slot { value, basis: Basis::Evidence, quotes, confidence: ((weight / all) * 1e4).round() / 1e4 })
}

/// A role stated by somebody, else the most common role of those who speak where the team knows such a role.
fn actor(corpus: &Corpus, insight: &Insight, personas: &[String], own: &[&Read<'_>]) -> Option<Slot> {
    let stated = own.iter().find_map(|read| {
        let actor = read.need.actor.as_deref()?;
        Some((actor.to_owned(), corpus.quote_span(read.signal, find(read, actor)?)))
    });
    if let Some((value, quote)) = stated {
        return Some(Slot { value, basis: Basis::Evidence, quotes: vec![quote], confidence: 0.9 });
    }
    let members: std::collections::BTreeSet<_> = insight.members.iter().collect();
    let mut n_by_role: BTreeMap<String, (usize, Vec<Quote>)> = BTreeMap::new();
    let speakers = corpus.signals.iter().filter(|signal| members.contains(&signal.id));
    for signal in speakers {
        let role = signal.person.and_then(|id| corpus.people.get(&id)?.role.clone());
        let Some(role) = role.map(|role| role.trim().to_lowercase()).filter(|role| !role.is_empty()) else { continue };
        let entry = n_by_role.entry(role).or_default();
        entry.0 += 1;
        if entry.1.len() < MOST_QUOTES {
            entry.1.push(corpus.quote(signal));
        }
    }
    let is_known = |role: &str| personas.is_empty() || personas.iter().any(|known| known.to_lowercase() == role);
    let best = n_by_role.into_iter().filter(|(role, _)| is_known(role));
    let (role, (n, quotes)) = best.max_by(|a, b| a.1.0.cmp(&b.1.0).then_with(|| b.0.cmp(&a.0)))?;
    let confidence = n as f64 / insight.members.len().max(1) as f64;
    Some(Slot { value: role, basis: Basis::Evidence, quotes, confidence: (confidence * 1e4).round() / 1e4 })
}

/// The surest verbatim value of a slot.
fn verbatim(corpus: &Corpus, own: &[&Read<'_>], of: impl Fn(&UnderstoodNeed) -> Option<&str>) -> Option<Slot> {
    own.iter().find_map(|read| {
        let words = of(&read.need)?.trim();
        let span = find(read, words)?;
        let quote = corpus.quote_span(read.signal, span);
        Some(Slot {
            value: quote.text.clone(),
            basis: Basis::Evidence,
            quotes: vec![quote],
            confidence: read.need.confidence,
        })
    })
}

/// Fills what nobody said: defaults of the frame, and questions for required slots.
fn complete(frame: &Frame, slots: &mut BTreeMap<SlotName, Slot>) {
    for name in frame.required.iter().chain(&frame.optional) {
        if slots.contains_key(name) {
            continue;
        }
        let default = frame.defaults.get(name).filter(|value| value.placeholders().next().is_none());
        let slot = match default {
            Some(value) => {
                Slot { value: value.as_str().to_owned(), basis: Basis::Default, quotes: Vec::new(), confidence: 0.5 }
            }
            None if frame.required.contains(name) => {
                Slot { value: frame.ask.as_str().to_owned(), basis: Basis::Open, quotes: Vec::new(), confidence: 0.0 }
            }
            None => continue,
        };
        slots.insert(*name, slot);
    }
}
