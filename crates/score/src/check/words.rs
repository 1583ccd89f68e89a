//! Words: what the phrase classes and sentiment say of pain, workarounds, harm, expectation and delight.

use super::revenue::{counted, phrase_evidence, speakers};
use super::{Answer, cite, cite_span, count, list, percent};
use crate::facts::{Case, Facts};
use crate::scale::wilson_lower;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::time::DAY_SECS;
use throughline_model::{Citation, Kind, Signal, Span};

/// Weight of the workspace mean in an insight's own mean.
const MEAN_WEIGHT: f64 = 5.0;
/// Nobody spends more than a month of working days on a workaround.
const WORKING_HOURS: f64 = 160.0;
/// Days of a mean month.
const MONTH_DAYS: f64 = 30.4;

/// How many statements have a phrase of `class`, of all; unknown with fewer than three unless one has it.
fn share_with(facts: &Facts<'_>, case: &Case<'_>, class: &str, says: &str) -> Answer {
    let n = case.members.len();
    let k = case.members.iter().filter(|signal| signal.has_phrase(class)).count();
    if n < 3 && k == 0 {
        return Answer::unknown("at least three statements with text");
    }
    Answer::share(k, n, format!("{k} of {n} {says}"), phrase_evidence(facts, case, class))
}

pub(super) fn urgency(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    share_with(facts, case, "urgency", "sound urgent")
}

pub(super) fn blocked(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    share_with(facts, case, "blocked", "cannot finish the task")
}

pub(super) fn negativity(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let mut rated: Vec<(&Signal, f64)> =
        case.members.iter().filter_map(|s| Some((*s, (-s.sentiment?).max(0.0)))).collect();
    if rated.len() < 3 {
        return Answer::unknown("sentiment in at least three statements");
    }
    let own: f64 = rated.iter().map(|(_, x)| x).sum();
    let x = (own + MEAN_WEIGHT * facts.mean_negativity) / (rated.len() as f64 + MEAN_WEIGHT);
    rated.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.id.cmp(&b.0.id)));
    let evidence = rated.iter().take(3).map(|(signal, _)| cite(signal)).collect();
    Answer::number(x, format!("mean negativity {x:.2} (the workspace's is {:.2})", facts.mean_negativity), evidence)
}

pub(super) fn workaround(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let n = case.members.len();
    let k = case.members.iter().filter(|signal| signal.has_phrase("workaround")).count();
    if n < 3 && k == 0 {
        return Answer::unknown("at least three statements with text");
    }
    let stated: Vec<(Citation, f64)> = case.members.iter().filter_map(|signal| stated_hours(facts, signal)).collect();
    let hours = stated.iter().map(|(_, hours)| *hours).fold(0.0, f64::max);
    let share = (wilson_lower(k as f64, n as f64) / 0.4).min(1.0);
    let cost = (libm::log1p(hours) / libm::log1p(20.0)).min(1.0);
    let mut evidence = phrase_evidence(facts, case, "workaround");
    evidence.extend(stated.into_iter().map(|(citation, _)| citation));
    let spoken = if hours > 0.0 { format!("{hours:.1} hours a month stated") } else { "no time is stated".to_owned() };
    Answer::number(0.6 * share + 0.4 * cost, format!("workarounds in {k} of {n}; {spoken}"), evidence)
}

/// A stated expense of time in hours a month, as "an hour every Monday", where a number, a unit of time and a rhythm
/// stand in one statement.
fn stated_hours(facts: &Facts<'_>, signal: &Signal) -> Option<(Citation, f64)> {
    let times = signal.phrases.iter().filter(|hit| hit.class == "frequency");
    let rate = times.filter_map(|hit| Some(times_a_month(&text_of(facts, signal, hit.span)?))).fold(0.0, f64::max);
    if rate <= 0.0 {
        return None;
    }
    let text = text_of(facts, signal, signal.span)?.to_lowercase();
    // Hours of rest, opening hours and the like are no expense: somebody must say that it takes them.
    const COSTS: [&str; 12] =
        ["take", "took", "spend", "spent", "cost", "lose", "waste", "dauert", "kostet", "prend", "tarda", "leva"];
    if !signal.has_phrase("workaround") && !COSTS.iter().any(|word| text.contains(word)) {
        return None;
    }
    // A dot stays within a number and goes at the end of a sentence.
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.').map(|word| word.trim_matches('.'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let number = |word: &str| match word {
        "a" | "an" | "one" | "eine" | "une" | "una" | "uma" => Some(1.0),
        "two" | "zwei" | "deux" | "dos" => Some(2.0),
        "three" | "drei" | "trois" | "tres" => Some(3.0),
        "half" => Some(0.5),
        other => other.parse::<f64>().ok().filter(|x| *x > 0.0 && *x <= 200.0),
    };
    let hours = words.windows(2).filter_map(|pair| {
        let unit = match pair[1] {
            "hour" | "hours" | "hrs" | "stunde" | "stunden" | "heure" | "heures" | "hora" | "horas" => 1.0,
            "minutes" | "mins" | "min" | "minuten" | "minutos" => 1.0 / 60.0,
            _ => return None,
        };
        Some(number(pair[0])? * unit)
    });
    let hours = hours.fold(0.0, f64::max);
    (hours > 0.0).then(|| (cite_span(facts, signal, signal.span), (hours * rate).min(WORKING_HOURS)))
}

fn text_of(facts: &Facts<'_>, signal: &Signal, span: Span) -> Option<String> {
    Some(facts.corpus.record(signal.record_id)?.slice(span).to_owned())
}

/// Occurrences a month that a phrase of frequency means.
fn times_a_month(phrase: &str) -> f64 {
    let phrase = phrase.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| phrase.contains(word));
    if says(&["year", "jahr", "année", "año", "ano"]) {
        0.1
    } else if says(&["month", "monat", "mois", "mes", "mês", "quarter"]) {
        1.0
    } else if says(&[
        "week",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "sunday",
        "saturday",
        "woche",
        "montag",
        "semaine",
        "lundi",
        "semana",
        "lunes",
    ]) {
        4.0
    } else {
        20.0
    }
}

pub(super) fn recurrence(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let mut rates: Vec<f64> = Vec::new();
    let mut evidence = Vec::new();
    for signal in &case.members {
        for hit in signal.phrases.iter().filter(|hit| hit.class == "frequency") {
            if let Some(text) = text_of(facts, signal, hit.span) {
                rates.push(times_a_month(&text));
                evidence.push(cite_span(facts, signal, hit.span));
            }
        }
    }
    // Nobody says how often: authors who come back tell it by their dates.
    let says = if rates.is_empty() { "by the dates of those who came back" } else { "for those who say how often" };
    if rates.is_empty() {
        let mut by_person: BTreeMap<_, Vec<&Signal>> = BTreeMap::new();
        for signal in case.members.iter().filter(|signal| signal.at.is_some()) {
            if let Some(person) = signal.person {
                by_person.entry(person).or_default().push(signal);
            }
        }
        for signals in by_person.values() {
            let days: BTreeSet<i64> = signals.iter().filter_map(|s| Some(s.at?.0.div_euclid(DAY_SECS))).collect();
            if let (Some(first), Some(last), true) = (days.first(), days.last(), days.len() >= 2) {
                let months = ((last - first) as f64 / MONTH_DAYS).max(1.0);
                rates.push(days.len() as f64 / months);
                evidence.extend(signals.iter().map(|signal| cite(signal)));
            }
        }
    }
    if rates.is_empty() {
        return Answer::unknown("how often it happens: a statement that says so, or events");
    }
    rates.sort_by(f64::total_cmp);
    let median = rates[rates.len() / 2];
    Answer::number(median, format!("about {median:.1} times a month {says}").replace(".0 times", " times"), evidence)
}

pub(super) fn harm(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    // Worst first; each class with the phrase classes that show it.
    const CLASSES: [(&str, &str, &[&str]); 4] = [
        ("security_privacy_legal", "security, privacy or law", &["security", "privacy", "regulation"]),
        ("data_or_money_loss", "loss of data or money", &["harm_data", "harm_money", "data_loss", "money_loss"]),
        ("wrong_data", "wrong data", &["wrong_data", "harm_wrong"]),
        ("confusing_data", "confusing data", &["confusion", "confusing_data"]),
    ];
    for (at, (_, words, phrases)) in CLASSES.iter().enumerate() {
        // A rule is named in many a wish; it is harm where somebody reports a problem.
        let is_harm = |signal: &Signal, class: &str| class != "regulation" || signal.kind == Kind::Problem;
        let hits = case.members.iter().flat_map(|signal| signal.phrases.iter().map(move |hit| (*signal, hit)));
        let told: Vec<(&Signal, Span)> = hits
            .filter(|(signal, hit)| phrases.contains(&hit.class.as_str()) && is_harm(signal, &hit.class))
            .map(|(signal, hit)| (signal, hit.span))
            .collect();
        let evidence: Vec<Citation> = told.iter().map(|(signal, span)| cite_span(facts, signal, *span)).collect();
        let speakers: BTreeSet<_> = told.iter().map(|(signal, _)| signal.id).collect();
        if speakers.is_empty() {
            continue;
        }
        // One unconfirmed statement counts one class lower.
        let is_alone = speakers.len() == 1;
        let counted = if is_alone { CLASSES.get(at + 1) } else { CLASSES.get(at) };
        let (class, lower) = counted.map_or(("none", "no harm"), |(class, words, _)| (*class, *words));
        let said = count(speakers.len(), "statement", "statements");
        let alone = if is_alone { format!(", so it counts as {lower} until another says it") } else { String::new() };
        return Answer::class(class, format!("worst harm: {words}, said by {said}{alone}"), evidence);
    }
    Answer::class("none", "no statement speaks of harm", Vec::new())
}

pub(super) fn opportunity(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(area) = facts.areas.get(&case.insight.area).filter(|area| area.n_asks >= 5 && area.n_ratings >= 5) else {
        return Answer::unknown(
            "five asks and five satisfaction readings in this area: import ratings or NPS with comments",
        );
    };
    let importance = 10.0 * area.ask_rank_unit;
    let satisfaction = 10.0 * area.satisfaction_unit;
    let x = importance + (importance - satisfaction).max(0.0);
    let sentence = format!(
        "importance {importance:.1}, satisfaction {satisfaction:.1} (n = {} asks, {} ratings): opportunity {x:.1}",
        area.n_asks, area.n_ratings
    );
    Answer::number(x, sentence, case.members.iter().take(2).map(|signal| cite(signal)).collect())
}

/// Statements by Kano cue: must-be, one-dimensional, attractive, indifferent; none with fewer than four statements that
/// hold any.
fn kano(case: &Case<'_>) -> Option<[usize; 4]> {
    const CLASSES: [&str; 4] = ["must_be", "onedim", "attractive", "indifferent"];
    let n = |class: &str| case.members.iter().filter(|signal| signal.has_phrase(class)).count();
    let n_any = case.members.iter().filter(|signal| CLASSES.iter().any(|class| signal.has_phrase(class))).count();
    (n_any >= 4).then(|| CLASSES.map(n))
}

const KANO: &str = "at least four statements that say how much it is expected or would please";

pub(super) fn expected_basic(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some([must, onedim, attractive, indifferent]) = kano(case) else {
        return Answer::unknown(KANO);
    };
    let share = (must + onedim) as f64 / (must + onedim + attractive + indifferent) as f64;
    let mut evidence = phrase_evidence(facts, case, "must_be");
    evidence.extend(phrase_evidence(facts, case, "onedim"));
    Answer::number(share, format!("{} of cues say it should already be there", percent(share)), evidence)
}

pub(super) fn delight(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some([must, onedim, attractive, indifferent]) = kano(case) else {
        return Answer::unknown(KANO);
    };
    let share = (attractive + onedim) as f64 / (must + onedim + attractive + indifferent) as f64;
    let mut evidence = phrase_evidence(facts, case, "attractive");
    evidence.extend(phrase_evidence(facts, case, "onedim"));
    Answer::number(share, format!("{} of cues say it would please", percent(share)), evidence)
}

pub(super) fn competitors(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let naming: Vec<&&Signal> = case.members.iter().filter(|signal| signal.has_phrase("competitor")).collect();
    if case.members.len() < 3 && naming.is_empty() {
        return Answer::unknown("at least three statements with text");
    }
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for signal in &naming {
        for hit in signal.phrases.iter().filter(|hit| hit.class == "competitor") {
            *named.entry(text_of(facts, signal, hit.span).unwrap_or_default()).or_default() += 1;
        }
    }
    let who = speakers(case, "competitor");
    let n = who.len();
    let sentence = if named.is_empty() {
        "nobody points to another product".to_owned()
    } else {
        format!("{} pointing to another product ({})", counted(&who), list(&named.keys().cloned().collect::<Vec<_>>()))
    };
    Answer::number(n as f64, sentence, phrase_evidence(facts, case, "competitor"))
}
