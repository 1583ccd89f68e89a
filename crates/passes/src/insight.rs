//! Stage 6, categorise: groups of statements become insights with name, area, category, trend, dissent and neighbour.
//!
//! In: the corpus, the voice of each signal, and groups with their ids. Out: [`Insight`]s in the order of the groups.
//! Cost: linear in members, plus groups squared times the embedding's width for neighbours and areas.
//! Invariant: quotes are whole signals, byte for byte; counts come from the members.

use crate::area;
use crate::label::{self, Said};
use crate::observe;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::insight::Neighbour;
use throughline_model::time::DAY_SECS;
use throughline_model::{
    Category, Corpus, Insight, InsightId, Kind, Language, PartRole, Quote, Signal, SourceKind, Timestamp, Trend,
    VoiceId,
};
use throughline_text::token::content_words;

/// Quotes that stand for an insight.
const N_QUOTES: usize = 3;
/// A quote reads best between these numbers of bytes.
const QUOTE_BYTES: std::ops::RangeInclusive<usize> = 30..=320;

/// A group of signals that is an insight.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id.
    pub id: InsightId,
    /// The name it had, which it keeps.
    pub label: Option<String>,
    /// Positions of its signals in the corpus, ascending.
    pub members: Vec<usize>,
}

/// Insights of groups, in their order.
#[must_use]
pub fn insights(corpus: &Corpus, voices: &[VoiceId], groups: &[Group]) -> Vec<Insight> {
    let said: Vec<Vec<Said<'_>>> = groups.iter().map(|group| said(corpus, voices, group)).collect();
    let kept: Vec<Option<&str>> = groups.iter().map(|group| group.label.as_deref()).collect();
    let read = label::Groups::new(&said);
    let nearest = nearest(&read.centres());
    let areas = areas(&read, groups);
    let labels = read.labels(&said, &kept);
    let telling = telling_words(&said);
    let name = |i: usize| labels[i].text.clone();
    (0..groups.len())
        .map(|i| {
            let group = &groups[i];
            let members: Vec<&Signal> = group.members.iter().map(|&at| &corpus.signals[at]).collect();
            let kind = kind(&members);
            let (category, category_reason) = category(&members, kind);
            let dated = dated_voices(&members, voices, group);
            let neighbour = nearest[i].map(|(other, similarity)| Neighbour {
                id: groups[other].id,
                label: name(other),
                similarity,
                words_here: difference(&telling[i], &telling[other]),
                words_there: difference(&telling[other], &telling[i]),
            });
            Insight {
                id: group.id,
                label: name(i),
                kind,
                area: areas[i].clone().unwrap_or_else(name),
                category,
                category_reason,
                trend: trend(&dated, corpus.as_of),
                voices_by_month: by_month(&dated),
                members: {
                    let mut ids: Vec<_> = members.iter().map(|signal| signal.id).collect();
                    ids.sort_unstable();
                    ids
                },
                quotes: quotes(corpus, voices, group, &labels[i].by_closeness),
                dissent: members
                    .iter()
                    .filter(|s| is_dissent(corpus.text(s)))
                    .take(3)
                    .map(|s| corpus.quote(s))
                    .collect(),
                n_voices: group.members.iter().map(|&at| voices[at]).collect::<BTreeSet<_>>().len() as u32,
                n_accounts: members.iter().filter_map(|signal| signal.account).collect::<BTreeSet<_>>().len() as u32,
                n_signals: members.len() as u32,
                heard: heard(&members),
                nearest: neighbour,
            }
        })
        .collect()
}

fn said<'a>(corpus: &'a Corpus, voices: &[VoiceId], group: &Group) -> Vec<Said<'a>> {
    let of = |&at: &usize| {
        let signal = &corpus.signals[at];
        let title = corpus.record(signal.record_id).and_then(|record| {
            let part = record.parts.iter().find(|part| part.role == PartRole::Title)?;
            Some(record.slice(part.span)).filter(|title| !title.trim().is_empty())
        });
        Said {
            text: observe::about(corpus, signal),
            language: text_language(signal.language),
            voice: voices[at].0,
            title,
            is_spoken: signal.source_kind != SourceKind::Analytics,
        }
    };
    group.members.iter().map(of).collect()
}

/// The text crate's name for a language of the model.
#[must_use]
pub fn text_language(language: Language) -> throughline_text::Language {
    match language {
        Language::En | Language::Unknown => throughline_text::Language::English,
        Language::De => throughline_text::Language::German,
        Language::Fr => throughline_text::Language::French,
        Language::Es => throughline_text::Language::Spanish,
        Language::Pt => throughline_text::Language::Portuguese,
        Language::Other => throughline_text::Language::Other,
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    (a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum::<f64>() * 1e4).round() / 1e4
}

/// For each centre the nearest other, with the cosine.
fn nearest(centres: &[&[f32]]) -> Vec<Option<(usize, f64)>> {
    use rayon::prelude::*;
    (0..centres.len())
        .into_par_iter()
        .map(|i| {
            let others = (0..centres.len()).filter(|&j| j != i).map(|j| (j, cosine(centres[i], centres[j])));
            others.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        })
        .collect()
}

/// For each group the name of its area, or the group whose name the area takes for want of a word of its own.
fn areas(read: &label::Groups, groups: &[Group]) -> Vec<Result<String, usize>> {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(groups[i].members.len()), groups[i].id));
    let weights: Vec<f32> = groups.iter().map(|group| (group.members.len() as f32).sqrt()).collect();
    let area_from_group = area::areas(&read.centres(), &order, &weights);
    let mut sets: Vec<Vec<usize>> = vec![Vec::new(); area_from_group.iter().max().map_or(0, |last| last + 1)];
    for &i in &order {
        sets[area_from_group[i]].push(i);
    }
    let names = read.topics(&sets);
    area_from_group.into_iter().map(|area| names[area].clone().ok_or(sets[area][0])).collect()
}

/// The words that tell each group from the rest, most telling first.
fn telling_words(groups: &[Vec<Said<'_>>]) -> Vec<Vec<String>> {
    let mut df: FxHashMap<String, u32> = FxHashMap::default();
    let counts: Vec<BTreeMap<String, (u32, String)>> = groups
        .iter()
        .map(|group| {
            let mut counts: BTreeMap<String, (u32, String)> = BTreeMap::new();
            for said in group.iter().take(400) {
                let mut seen = BTreeSet::new();
                for word in content_words(said.text, said.language) {
                    let written = said.text[word.range.clone()].to_lowercase();
                    if seen.insert(word.stem.clone()) {
                        let entry = counts.entry(word.stem).or_insert((0, written.clone()));
                        entry.0 += 1;
                        entry.1 = entry.1.clone().min(written);
                    }
                }
            }
            counts
        })
        .collect();
    for stem in counts.iter().flat_map(BTreeMap::keys) {
        *df.entry(stem.clone()).or_default() += 1;
    }
    let n = groups.len() as f64;
    counts
        .into_iter()
        .zip(groups)
        .map(|(counts, group)| {
            let weight = |stem: &str, n_in: u32| {
                let rarity = libm::log(1.0 + n / f64::from(df.get(stem).copied().unwrap_or(1)));
                f64::from(n_in) / group.len().max(1) as f64 * rarity
            };
            let mut words: Vec<(f64, String)> = counts
                .into_iter()
                .filter(|(_, (n, _))| *n > 1 || group.len() < 4)
                .map(|(stem, (n, word))| (weight(&stem, n), word))
                .collect();
            words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            words.into_iter().take(12).map(|(_, word)| word).collect()
        })
        .collect()
}

fn difference(here: &[String], there: &[String]) -> Vec<String> {
    here.iter().filter(|word| !there.contains(word)).take(3).cloned().collect()
}

/// What most of the members do; praise and other only when nothing else is there.
fn kind(members: &[&Signal]) -> Kind {
    let mut weight: BTreeMap<Kind, f64> = BTreeMap::new();
    for signal in members {
        *weight.entry(signal.kind).or_default() += signal.kind_confidence.max(0.1);
    }
    let best = |needs_only: bool| {
        let all = weight
            .iter()
            .filter(|(kind, _)| !needs_only || matches!(kind, Kind::Request | Kind::Problem | Kind::Question));
        all.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(kind, _)| *kind)
    };
    let needs: f64 =
        weight.iter().filter(|(kind, _)| !matches!(kind, Kind::Praise | Kind::Other)).map(|(_, w)| w).sum();
    let all: f64 = weight.values().sum();
    if needs >= 0.3 * all { best(true) } else { best(false) }.unwrap_or(Kind::Other)
}

/// The part of the business that an insight touches most, and why.
fn category(members: &[&Signal], kind: Kind) -> (Category, String) {
    let n = members.len().max(1) as f64;
    let with =
        |classes: &[&str]| members.iter().filter(|signal| classes.iter().any(|class| signal.has_phrase(class))).count();
    let says = |k: usize, words: &str| format!("{k} of {} statements {words}", members.len());
    let risk = with(&["harm_data", "harm_money", "security", "privacy", "regulation", "trust", "wrong_data"]);
    let deals = with(&["deal_block"]);
    let churn = with(&["churn"]);
    let growth = with(&["expansion"]);
    let start = with(&["onboarding", "learnability"]);
    let support = members.iter().filter(|signal| signal.source_kind == SourceKind::Support).count();
    if risk as f64 >= 0.15 * n && risk >= 2 {
        (Category::TrustAndRisk, says(risk, "speak of data, money, security or rules at risk"))
    } else if deals > 0 && deals >= churn {
        (Category::Acquisition, says(deals, "make a deal depend on it"))
    } else if churn > 0 {
        (Category::Retention, says(churn, "speak of leaving"))
    } else if growth as f64 >= 0.1 * n && growth > 0 {
        (Category::Expansion, says(growth, "speak of growing with it"))
    } else if start as f64 >= 0.2 * n && start > 0 {
        (Category::Activation, says(start, "speak of getting started"))
    } else if kind == Kind::Question && support as f64 >= 0.5 * n {
        (Category::CostToServe, says(support, "are questions to support"))
    } else {
        (Category::Retention, "no phrase points elsewhere, so it counts towards keeping customers".to_owned())
    }
}

/// First time each voice was heard, oldest first.
fn dated_voices(members: &[&Signal], voices: &[VoiceId], group: &Group) -> Vec<Timestamp> {
    let mut first: BTreeMap<VoiceId, Timestamp> = BTreeMap::new();
    for (signal, &at) in members.iter().zip(&group.members) {
        if let Some(time) = signal.at {
            let entry = first.entry(voices[at]).or_insert(time);
            *entry = (*entry).min(time);
        }
    }
    let mut times: Vec<Timestamp> = first.into_values().collect();
    times.sort_unstable();
    times
}

fn by_month(dated: &[Timestamp]) -> Vec<(String, u32)> {
    let (Some(first), Some(last)) = (dated.first(), dated.last()) else { return Vec::new() };
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    // Months without a voice are months too.
    let mut at = *first;
    while at <= *last {
        counts.entry(at.month()).or_default();
        at = Timestamp(at.0 + 27 * DAY_SECS);
    }
    for at in dated {
        *counts.entry(at.month()).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// Voices of the last 8 weeks against the 16 before them, per week.
fn trend(dated: &[Timestamp], as_of: Option<Timestamp>) -> Trend {
    let (Some(now), Some(first)) = (as_of, dated.first()) else { return Trend::Unknown };
    if dated.len() < 4 {
        return Trend::Unknown;
    }
    let age_days = |at: &Timestamp| (now.0 - at.0) / DAY_SECS;
    if age_days(first) <= 30 {
        return Trend::New;
    }
    let recent = dated.iter().filter(|at| age_days(at) < 56).count() as f64 / 8.0;
    let before = dated.iter().filter(|at| (56..168).contains(&age_days(at))).count() as f64 / 16.0;
    // Half as much again is more than chance for a handful; chosen, untested.
    if recent > 1.5 * before {
        Trend::Rising
    } else if recent < before / 1.5 {
        Trend::Falling
    } else {
        Trend::Steady
    }
}

fn heard(members: &[&Signal]) -> Option<(Timestamp, Timestamp)> {
    let times = members.iter().filter_map(|signal| signal.at);
    times.clone().min().zip(times.max())
}

/// Central statements of different voices, of a length that reads well.
fn quotes(corpus: &Corpus, voices: &[VoiceId], group: &Group, by_closeness: &[usize]) -> Vec<Quote> {
    let mut seen = BTreeSet::new();
    let mut picked: Vec<usize> = Vec::new();
    let passes: [&dyn Fn(&Signal) -> bool; 2] =
        [&|signal| signal.is_need() && QUOTE_BYTES.contains(&signal.span.len()), &|_| true];
    for is_fit in passes {
        for &at in by_closeness {
            let position = group.members[at];
            if picked.len() < N_QUOTES && is_fit(&corpus.signals[position]) && seen.insert(voices[position]) {
                picked.push(position);
            }
        }
    }
    picked.into_iter().map(|position| corpus.quote(&corpus.signals[position])).collect()
}

/// Whether a statement declines what others ask for.
fn is_dissent(text: &str) -> bool {
    const DECLINES: &[&str] = &[
        "rather not",
        "don't want",
        "do not want",
        "please don't",
        "please do not",
        "no need for",
        "don't need",
        "leave it as",
        "not a fan of",
        "stop sending",
        "brauche ich nicht",
        "bitte nicht",
        "lieber nicht",
        "je ne veux pas",
        "pas besoin",
        "no quiero",
        "no hace falta",
        "não quero",
    ];
    let lower = text.to_lowercase();
    DECLINES.iter().any(|phrase| lower.contains(phrase))
}
