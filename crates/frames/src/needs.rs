//! From an insight's statements to its typed needs: what its voices ask for, with slots that cite their words.
//!
//! In: an insight, the corpus, and the role words the team declared. Out: one to three [`Need`]s, best first; none when
//! the insight praises, or when its statements do not agree well enough on what they ask for.
//! Every voice has one vote, however often it speaks; a vote is spread over frames as the ranker is sure of them. A slot
//! takes the value most of the votes name and quotes the words; what nobody said is a default of the frame, or a question.
//! Invariant: a slot with basis evidence has quotes, and each is a byte range of its record's canonical text; every
//! required slot of the frame is there.

use crate::frame::{Frame, Frames};
use crate::object;
use crate::understand::{Asked, statements};
use rustc_hash::FxHashSet;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{
    Basis, Corpus, Insight, Kind, Need, NeedId, Polarity, Quote, Signal, SignalId, Slot, SlotName, Span, Strength,
};

/// Statements that are read for needs: the quoted ones, then by id.
const MAX_READ: usize = 240;
/// Most needs of one insight.
const MOST_NEEDS: usize = 3;
/// Share of the votes that the first need must have: below it the voices speak of too many things.
const FIRST_SHARE: f64 = 0.16;
/// What a further need must have, against the first.
const FURTHER_SHARE: f64 = 0.45;
/// What a specific frame must have against a fallback (`view`, `domain_act`) to go before it.
const SPECIFIC_SHARE: f64 = 0.6;
/// Frames that stand in when nothing specific fits.
const FALLBACKS: [&str; 2] = ["view", "domain_act"];
/// The frame of what exists and fails, and what its votes are worth where nothing is said to be broken.
const FAULT: &str = "reliability";
const UNFOUNDED: f64 = 0.5;
/// Quotes of a slot.
const MOST_QUOTES: usize = 4;
/// Alternatives named beside a need's frame.
const N_ALTERNATIVES: usize = 3;

/// A statement that asks for something, and what its voice's vote is worth.
struct Vote<'a> {
    signal: &'a Signal,
    asked: Asked,
    weight: f64,
    /// Stems of its words.
    stems: BTreeSet<String>,
}

/// Stems of the words of a text, as [`key`] has them.
fn stems(text: &str) -> BTreeSet<String> {
    throughline_text::token::words(text).map(|word| key(&text[word].to_lowercase())).collect()
}

/// The needs of an insight. `personas` are names and roles that the team declared; a stated role that is one of them is
/// written as they write it.
///
/// Cost: one pass over the corpus' signals to find the members, then the reading of at most 240 statements.
#[must_use]
pub fn needs(insight: &Insight, corpus: &Corpus, personas: &[String]) -> Vec<Need> {
    if insight.kind == Kind::Praise {
        return Vec::new();
    }
    let signals = members(insight, corpus);
    let votes = votes(&signals, corpus);
    let is_fault = is_fault(&votes);
    let ranked = ranked(&votes, is_fault);
    let speakers = roles(&signals, corpus, personas);
    ranked
        .into_iter()
        .filter_map(|(name, share)| need(insight, corpus, &votes, &name, share, personas, speakers.as_ref()))
        .map(|need| if is_fault { need } else { wanted(need) })
        .collect()
}

/// The insight's signals: the quoted ones first, then by id.
fn members<'a>(insight: &Insight, corpus: &'a Corpus) -> Vec<&'a Signal> {
    let quoted: Vec<SignalId> = insight.quotes.iter().map(|quote| quote.signal_id).collect();
    let dissent: BTreeSet<SignalId> = insight.dissent.iter().map(|quote| quote.signal_id).collect();
    let mut ids: Vec<SignalId> = insight.members.iter().copied().filter(|id| !dissent.contains(id)).collect();
    ids.sort_by_key(|id| (!quoted.contains(id), *id));
    ids.dedup();
    ids.truncate(MAX_READ);
    let wanted: FxHashSet<u64> = ids.iter().map(|id| id.0).collect();
    let found: BTreeMap<SignalId, &Signal> = corpus
        .signals
        .iter()
        .filter(|signal| wanted.contains(&signal.id.0))
        .map(|signal| (signal.id, signal))
        .collect();
    ids.iter().filter_map(|id| found.get(id).copied()).collect()
}

/// Who speaks: the person where known, else the record.
fn voice(signal: &Signal) -> u64 {
    signal.person.map_or(signal.record_id.0, |person| person.0)
}

fn votes<'a>(signals: &[&'a Signal], corpus: &'a Corpus) -> Vec<Vote<'a>> {
    let texts: Vec<&str> = signals.iter().map(|signal| corpus.text(signal)).collect();
    let languages: Vec<_> = signals.iter().map(|signal| signal.language).collect();
    let mut votes: Vec<Vote<'a>> = Vec::new();
    for ((statement, signal), text) in statements(&texts, &languages).into_iter().zip(signals).zip(&texts) {
        let sure = statement.kind_confidence;
        votes.extend(statement.asked.into_iter().take(1).map(|asked| Vote {
            weight: sure * asked.confidence,
            signal,
            asked,
            stems: stems(text),
        }));
    }
    // A voice that says it three times has one vote: its surest counts whole, the others share what it has.
    let mut sums: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    for vote in &votes {
        let (sum, most) = sums.entry(voice(vote.signal)).or_default();
        *sum += vote.weight;
        *most = most.max(vote.weight);
    }
    for vote in &mut votes {
        let (sum, most) = sums.get(&voice(vote.signal)).copied().unwrap_or((1.0, 1.0));
        if sum > 0.0 {
            vote.weight *= most / sum;
        }
    }
    votes
}

/// Whether something that exists does wrong: at least as many statements say that it is broken as ask for something that
/// is not there. "There is no button for it" is put as a problem, and yet it is a wish.
fn is_fault(votes: &[Vote<'_>]) -> bool {
    let n_broken = votes.iter().filter(|vote| vote.signal.has_phrase("malfunction")).count();
    let n_missing =
        votes.iter().filter(|vote| vote.signal.kind != Kind::Problem || vote.signal.has_phrase("request")).count();
    n_broken > 0 && n_broken >= n_missing
}

/// A need that is read as a wish.
fn wanted(need: Need) -> Need {
    match need.polarity {
        Polarity::Fix => Need { polarity: Polarity::Want, ..need },
        _ => need,
    }
}

/// Frames by their share of the votes, best first, those that are needs of the insight.
fn ranked(votes: &[Vote<'_>], is_fault: bool) -> Vec<(String, f64)> {
    let all: f64 = votes.iter().map(|vote| vote.weight).sum();
    if all <= 0.0 {
        return Vec::new();
    }
    let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
    for vote in votes {
        let known: f64 = vote.asked.shares.iter().map(|(_, share)| share).sum();
        for (frame, share) in &vote.asked.shares {
            *shares.entry(frame).or_default() += vote.weight * share / known.max(1e-9);
        }
    }
    // Where nothing is broken, what is said to fail is what people cannot do yet.
    if !is_fault && let Some(share) = shares.get_mut(FAULT) {
        *share *= UNFOUNDED;
    }
    let mut ranked: Vec<(String, f64)> = shares.into_iter().map(|(frame, sum)| (frame.to_owned(), sum / all)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    // Where nothing is broken there is nothing to mend: another need goes first, or none is told.
    if !is_fault && ranked.first().is_some_and(|(frame, _)| frame == FAULT) {
        ranked.remove(0);
    }
    // A specific frame goes before a fallback that is only a little ahead.
    if let Some((first, share)) = ranked.first().cloned()
        && FALLBACKS.contains(&first.as_str())
        && let Some(at) = ranked
            .iter()
            .position(|(frame, own)| !FALLBACKS.contains(&frame.as_str()) && *own >= SPECIFIC_SHARE * share)
    {
        let specific = ranked.remove(at);
        ranked.insert(0, specific);
    }
    let first = ranked.first().map_or(0.0, |(_, share)| *share);
    if first < FIRST_SHARE {
        return Vec::new();
    }
    // A need of its own has a voice that puts it first; a fallback beside a specific frame adds nothing.
    let leads = |frame: &str| votes.iter().any(|vote| vote.asked.frame == frame);
    let mut kept: Vec<(String, f64)> = Vec::new();
    for (frame, share) in ranked {
        let is_first = kept.is_empty();
        let is_fallback = FALLBACKS.contains(&frame.as_str());
        if is_first || share >= FURTHER_SHARE * first && leads(&frame) && !is_fallback {
            kept.push((frame, share));
        }
        if kept.len() == MOST_NEEDS {
            break;
        }
    }
    kept
}

fn need(
    insight: &Insight,
    corpus: &Corpus,
    votes: &[Vote<'_>],
    name: &str,
    share: f64,
    personas: &[String],
    speakers: Option<&Slot>,
) -> Option<Need> {
    let frame = Frames::builtin().get(name)?;
    let mut own: Vec<(&Vote<'_>, f64)> = votes
        .iter()
        .filter_map(|vote| {
            let own = vote.asked.shares.iter().find(|(frame, _)| frame == name)?.1;
            let is_first = vote.asked.frame == name;
            (is_first || own >= 0.2).then_some((vote, vote.weight * own))
        })
        .collect();
    own.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.signal.id.cmp(&b.0.signal.id)));
    if own.is_empty() {
        return None;
    }
    let mut slots: BTreeMap<SlotName, Slot> = BTreeMap::new();
    if let Some(found) = common_object(insight, corpus, votes, &own, frame) {
        slots.insert(SlotName::Object, found);
    }
    for slot in SlotName::ALL.into_iter().filter(|slot| *slot != SlotName::Object) {
        let fits = frame.required.contains(&slot)
            || frame.optional.contains(&slot)
            || matches!(slot, SlotName::Actor | SlotName::Reason | SlotName::Situation);
        if fits && let Some(found) = stated(corpus, &own, slot) {
            slots.insert(slot, found);
        }
    }
    resolve_actor(&mut slots, personas, speakers);
    complete(frame, &mut slots);
    let thing = slots.get(&SlotName::Object).map(|slot| slot.value.clone()).unwrap_or_default();
    let mut alternatives: BTreeMap<&str, f64> = BTreeMap::new();
    for (vote, _) in &own {
        for (other, share) in vote.asked.shares.iter().filter(|(other, _)| other != name) {
            *alternatives.entry(other).or_default() += vote.weight * share;
        }
    }
    let mut alternatives: Vec<(&str, f64)> = alternatives.into_iter().collect();
    alternatives.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let n: f64 = own.iter().map(|(vote, _)| vote.weight).sum();
    let sure = own.iter().map(|(vote, _)| vote.weight * vote.asked.confidence).sum::<f64>() / n.max(1e-9);
    let kind = weighted(&own, |vote| vote.signal.kind)?;
    Some(Need {
        id: NeedId::of(&[&insight.id.0.to_le_bytes(), name.as_bytes(), thing.as_bytes()]),
        insight_id: insight.id,
        frame: name.to_owned(),
        alternatives: alternatives.into_iter().take(N_ALTERNATIVES).map(|(frame, _)| frame.to_owned()).collect(),
        kind,
        polarity: weighted(&own, |vote| vote.asked.polarity).unwrap_or(Polarity::Want),
        strength: strength(&own),
        slots,
        signals: own.iter().map(|(vote, _)| vote.signal.id).collect(),
        confidence: rounded(sure * share.sqrt()),
    })
}

/// The value with the greatest weight; the first in order among equals.
fn weighted<T: Ord>(own: &[(&Vote<'_>, f64)], of: impl Fn(&Vote<'_>) -> T) -> Option<T> {
    let mut sums: BTreeMap<T, f64> = BTreeMap::new();
    for (vote, weight) in own {
        *sums.entry(of(vote)).or_default() += weight;
    }
    sums.into_iter()
        .fold(None, |best: Option<(T, f64)>, (value, sum)| match best {
            Some((_, most)) if most >= sum => best,
            _ => Some((value, sum)),
        })
        .map(|(value, _)| value)
}

/// Something stops without it: must. It is called nice to have, or nobody minds: could. Else: should.
fn strength(own: &[(&Vote<'_>, f64)]) -> Strength {
    let with = |classes: &[&str]| {
        own.iter().filter(|(vote, _)| classes.iter().any(|class| vote.signal.has_phrase(class))).count()
    };
    let n = own.len();
    if with(&["deal_block", "churn", "harm_data", "harm_money"]) > 0
        || with(&["blocked", "must_be", "urgency"]) * 3 >= n
    {
        Strength::Must
    } else if with(&["attractive", "indifferent"]) * 2 >= n {
        Strength::Could
    } else {
        Strength::Should
    }
}

/// What the insight's label says a thing is worth more, when the label names it.
const IN_LABEL: f64 = 2.0;
/// Voices of which more than one should name a thing, and what one that only one names is worth.
const MANY_VOTES: usize = 4;
const ALONE: f64 = 0.1;
/// What a time or a person is worth.
const WEAK: f64 = 0.3;

/// The thing the voices have in common: every statement offers the nouns it may be about, and what counts is how sure
/// they are and in how many statements the word stands at all. A thing that one voice alone names among many is no
/// consensus, unless the label names it too.
fn common_object(
    insight: &Insight,
    corpus: &Corpus,
    votes: &[Vote<'_>],
    own: &[(&Vote<'_>, f64)],
    frame: &Frame,
) -> Option<Slot> {
    struct Group {
        weight: f64,
        forms: BTreeMap<String, f64>,
        quotes: Vec<Quote>,
        voices: BTreeSet<u64>,
    }
    let texts: Vec<(u64, &BTreeSet<String>)> = votes.iter().map(|vote| (voice(vote.signal), &vote.stems)).collect();
    let label = stems(&insight.label);
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (vote, weight) in own {
        for found in &vote.asked.objects {
            let start = vote.signal.span.start as usize;
            let quote = corpus.quote_span(vote.signal, Span::new(start + found.range.start, start + found.range.end));
            let form = quote.text.to_lowercase();
            let group = groups.entry(key(&form)).or_insert_with(|| Group {
                weight: 0.0,
                forms: BTreeMap::new(),
                quotes: Vec::new(),
                voices: BTreeSet::new(),
            });
            group.weight += weight * found.confidence;
            *group.forms.entry(form).or_default() += weight * found.confidence;
            // One quote a voice, the surest first: `own` is in that order.
            if group.quotes.len() < MOST_QUOTES && group.voices.insert(voice(vote.signal)) {
                group.quotes.push(quote);
            }
        }
    }
    let speakers: BTreeSet<u64> = texts.iter().map(|(voice, _)| *voice).collect();
    let mut worth: BTreeMap<String, f64> = BTreeMap::new();
    for (name, group) in &groups {
        let with: BTreeSet<u64> =
            texts.iter().filter(|(_, stems)| stems.contains(name)).map(|(voice, _)| *voice).collect();
        let is_in_label = label.contains(name);
        let is_alone = speakers.len() >= MANY_VOTES && with.len() < 2 && !is_in_label;
        let is_weak = group.forms.keys().all(|form| object::is_weak(form) || names_act(frame, form));
        let fit = if is_alone { ALONE } else { 1.0 } * if is_weak { WEAK } else { 1.0 };
        let support = with.len() as f64 / speakers.len().max(1) as f64;
        worth.insert(name.clone(), group.weight * (0.1 + support) * fit * if is_in_label { IN_LABEL } else { 1.0 });
    }
    let all: f64 = worth.values().sum();
    let (name, best) = worth.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let group = groups.remove(&name)?;
    // Of its forms the weightiest; where several weigh much the same, one that the label spells out, else the shorter.
    let most = group.forms.values().fold(0.0_f64, |most, &weight| most.max(weight));
    let value = group
        .forms
        .into_iter()
        .filter(|(_, weight)| *weight >= 0.5 * most)
        .max_by_key(|(form, _)| (stems(form).intersection(&label).count(), Reverse(form.len()), Reverse(form.clone())))
        .map(|(form, _)| form)?;
    (!group.quotes.is_empty()).then(|| Slot {
        value,
        basis: Basis::Evidence,
        quotes: group.quotes,
        confidence: rounded(best / all.max(1e-9)),
    })
}

/// Whether a thing is nothing but the act of the frame: "approvals" to approve, "notification" to notify.
fn names_act(frame: &Frame, form: &str) -> bool {
    let shared = |verb: &str| verb.bytes().zip(form.bytes()).take_while(|(a, b)| a == b).count();
    let is_word = !form.contains([' ', '-']);
    is_word && frame.verbs.iter().any(|verb| shared(verb) >= 5 && shared(verb) + 2 >= verb.len())
}

/// What most votes name for a slot, in the form named most often, with the words.
fn stated(corpus: &Corpus, own: &[(&Vote<'_>, f64)], slot: SlotName) -> Option<Slot> {
    struct Group {
        weight: f64,
        forms: BTreeMap<String, (usize, f64)>,
        quotes: Vec<Quote>,
        voices: BTreeSet<u64>,
    }
    let is_name = matches!(slot, SlotName::Actor | SlotName::Format | SlotName::Destination | SlotName::Attributes);
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (vote, weight) in own {
        let Some(found) = vote.asked.slots.get(&slot) else { continue };
        let start = vote.signal.span.start as usize;
        let quote = corpus.quote_span(vote.signal, Span::new(start + found.range.start, start + found.range.end));
        let form = if is_name { quote.text.to_lowercase() } else { quote.text.clone() };
        let weight = weight * found.confidence;
        let group = groups.entry(if is_name { key(&form) } else { form.to_lowercase() }).or_insert_with(|| Group {
            weight: 0.0,
            forms: BTreeMap::new(),
            quotes: Vec::new(),
            voices: BTreeSet::new(),
        });
        group.weight += weight;
        let (n, sum) = group.forms.entry(form).or_default();
        *n += 1;
        *sum += weight;
        // One quote a voice, the surest first: `own` is in that order.
        if group.quotes.len() < MOST_QUOTES && group.voices.insert(voice(vote.signal)) {
            group.quotes.push(quote);
        }
    }
    let all: f64 = groups.values().map(|group| group.weight).sum();
    let best = groups.into_values().reduce(|best, next| if next.weight > best.weight { next } else { best })?;
    let (value, _) = best.forms.into_iter().max_by(|(a, x), (b, y)| {
        (x.0, Reverse(a.len())).cmp(&(y.0, Reverse(b.len()))).then_with(|| x.1.total_cmp(&y.1)).then_with(|| b.cmp(a))
    })?;
    (!best.quotes.is_empty()).then(|| Slot {
        value,
        basis: Basis::Evidence,
        quotes: best.quotes,
        confidence: rounded(best.weight / all.max(1e-9)),
    })
}

/// Names that mean one thing meet here: by the lemma of their last word.
fn key(form: &str) -> String {
    let last = form.split_whitespace().last().unwrap_or(form);
    throughline_text::stem::stem(last, throughline_text::Language::English)
}

/// The most common role of those who speak, where the corpus knows roles; with their words as evidence.
fn roles(signals: &[&Signal], corpus: &Corpus, personas: &[String]) -> Option<Slot> {
    let mut n_by_role: BTreeMap<String, (BTreeSet<u64>, Vec<Quote>)> = BTreeMap::new();
    for signal in signals {
        let role = signal.person.and_then(|id| corpus.people.get(&id)?.role.clone());
        let Some(role) = role.map(|role| role.trim().to_lowercase()).filter(|role| !role.is_empty()) else { continue };
        let (voices, quotes) = n_by_role.entry(declared(&role, personas).unwrap_or(role)).or_default();
        if voices.insert(voice(signal)) && quotes.len() < MOST_QUOTES {
            quotes.push(corpus.quote(signal));
        }
    }
    let all: usize = n_by_role.values().map(|(voices, _)| voices.len()).sum();
    let best = n_by_role.into_iter().reduce(|best, next| if next.1.0.len() > best.1.0.len() { next } else { best })?;
    let (value, (voices, quotes)) = best;
    let confidence = rounded(voices.len() as f64 / all.max(1) as f64);
    Some(Slot { value, basis: Basis::Evidence, quotes, confidence })
}

/// The declared name that a role means: the same words, or one that holds the other's last word.
fn declared(role: &str, personas: &[String]) -> Option<String> {
    let role = role.to_lowercase();
    let exact = personas.iter().find(|persona| persona.to_lowercase() == role);
    let head = |name: &str| {
        throughline_text::stem::stem(
            name.split_whitespace().last().unwrap_or(name),
            throughline_text::Language::English,
        )
    };
    exact
        .or_else(|| personas.iter().find(|persona| head(&persona.to_lowercase()) == head(&role)))
        .map(|name| name.to_lowercase())
}

/// A stated role as the team writes it; else the role most speakers have; else nobody in particular.
fn resolve_actor(slots: &mut BTreeMap<SlotName, Slot>, personas: &[String], speakers: Option<&Slot>) {
    if let Some(stated) = slots.get_mut(&SlotName::Actor) {
        if let Some(name) = declared(&stated.value, personas) {
            stated.value = name;
        }
        return;
    }
    let actor = speakers.cloned().unwrap_or_else(|| Slot {
        value: "member".to_owned(),
        basis: Basis::Default,
        quotes: Vec::new(),
        confidence: 0.2,
    });
    slots.insert(SlotName::Actor, actor);
}

/// Fills what nobody said: defaults of the frame, and questions for required slots.
fn complete(frame: &Frame, slots: &mut BTreeMap<SlotName, Slot>) {
    let known: BTreeMap<SlotName, String> = slots.iter().map(|(name, slot)| (*name, slot.value.clone())).collect();
    let fill = |template: &crate::Template| {
        template.fill(|name| match name {
            "objects" => {
                Some(known.get(&SlotName::Object).map_or_else(|| "things".to_owned(), |object| plural(object)))
            }
            "a_object" => {
                Some(known.get(&SlotName::Object).map_or_else(|| "one".to_owned(), |object| with_article(object)))
            }
            _ => SlotName::from_word(name)
                .map(|slot| known.get(&slot).cloned().unwrap_or_else(|| slot.word().to_owned())),
        })
    };
    for name in frame.required.iter().chain(&frame.optional) {
        if slots.contains_key(name) {
            continue;
        }
        let slot = match frame.defaults.get(name) {
            Some(value) => Slot { value: fill(value), basis: Basis::Default, quotes: Vec::new(), confidence: 0.5 },
            None if frame.required.contains(name) => {
                Slot { value: fill(&frame.ask), basis: Basis::Open, quotes: Vec::new(), confidence: 0.0 }
            }
            None => continue,
        };
        slots.insert(*name, slot);
    }
}

/// A plain English plural; what already is one stays.
fn plural(object: &str) -> String {
    let last = object.split_whitespace().last().unwrap_or(object);
    if last.ends_with('s') && !last.ends_with("ss") && !last.ends_with("us") {
        return object.to_owned();
    }
    let before = last.chars().rev().nth(1).unwrap_or('a');
    if last.ends_with('y') && !"aeiou".contains(before) {
        return format!("{}ies", &object[..object.len() - 1]);
    }
    let is_hissing = last.ends_with('s') || last.ends_with('x') || last.ends_with("ch") || last.ends_with("sh");
    format!("{object}{}", if is_hissing { "es" } else { "s" })
}

/// With its article; plurals and names of money stay bare.
fn with_article(object: &str) -> String {
    let first = object.chars().next().unwrap_or('x').to_ascii_lowercase();
    if object.ends_with('s') && !object.ends_with("ss") {
        object.to_owned()
    } else if "aeiou".contains(first) {
        format!("an {object}")
    } else {
        format!("a {object}")
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
