//! The name of what speaks of many things, a broad group or an area: the two nouns that most of its voices use, "mail
//! and folders".
//!
//! A few hundred reports of one part of a product say no one thing; a clause of one of them would name them wrongly.
//! In: groups read. Out: at most one phrase for each. Cost: the nouns of the groups, times the voices read.

use super::token::{Tag, Token};
use super::{Found, Origin, Read, form};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use throughline_text::Language;

/// A phrase of two words or more that at least this share of the voices speak of names the group without help.
const NAMED: f64 = 0.30;
/// A noun is a topic of a group when at least this share of its voices use it.
const SPOKEN_OF: f64 = 0.12;
/// A noun that most groups use tells none of them apart.
const TELLING: f64 = 0.55;

/// A noun that this share of a set's voices use names the set alone.
const ALONE: f64 = 0.45;

/// The plural names a set when at least one in so many says it.
const PLURAL_USED: usize = 12;
/// A name that is written large and that this share of all voices use is the product's own.
const OWN_NAME: f64 = 0.2;
/// "The tabs" twice is a noun; "the missing" once is not.
const USED_AS_NOUN: u32 = 2;

/// Two nouns joined, for a group that no phrase of its own is true of.
pub(super) fn pair(group: &Read, rarity: &FxHashMap<String, f64>) -> Option<Found> {
    let weight = |stem: &String| rarity.get(stem).copied().unwrap_or(1.0);
    let names = |found: &&Found| {
        let weights: Vec<f64> = found.stems.iter().map(weight).collect();
        let n_telling = weights.iter().filter(|weight| **weight >= TELLING).count();
        n_telling > 1 && group.support(&found.stems, &weights) >= NAMED
    };
    if group.found.iter().any(|found| names(&found)) {
        return None;
    }
    let share = |stem: &String| group.shares.get(stem).copied().unwrap_or(0.0);
    let mut nouns: Vec<(f64, &Found)> = group
        .found
        .iter()
        .filter(|found| is_noun(found, group.heads.get(&found.tokens[0].low).copied().unwrap_or(0)))
        .filter(|found| share(&found.stems[0]) >= SPOKEN_OF && weight(&found.stems[0]) >= TELLING)
        .map(|found| (share(&found.stems[0]) * weight(&found.stems[0]), found))
        .collect();
    nouns.sort_by(|a, b| {
        let voices = |found: &Found| std::cmp::Reverse(found.voices.len());
        b.0.total_cmp(&a.0).then(voices(a.1).cmp(&voices(b.1))).then(a.1.tokens[0].low.cmp(&b.1.tokens[0].low))
    });
    let (_, first) = nouns.first()?;
    let second = nouns.iter().skip(1).map(|(_, noun)| noun).filter(|noun| are_two(&noun.tokens[0], &first.tokens[0]));
    let both = |noun: &Found| group.support_of_any(&[first.stems[0].clone(), noun.stems[0].clone()]);
    let told = |noun: &Found| both(noun) * weight(&noun.stems[0]);
    let second =
        second.max_by(|a, b| told(a).total_cmp(&told(b)).then_with(|| b.tokens[0].low.cmp(&a.tokens[0].low)))?;
    let and = Token::new(and(group.language), Tag::Conjunction);
    let voices: BTreeSet<u64> = first.voices.union(&second.voices).copied().collect();
    let tokens = vec![first.tokens[0].clone(), and, second.tokens[0].clone()];
    let stems = vec![first.stems[0].clone(), second.stems[0].clone()];
    form::is_well_formed(&tokens).then_some(Found { tokens, stems, origin: Origin::Pair, n_cut: 0, voices })
}

/// For each set of groups the one or two nouns that its groups use and those of other sets do not; larger sets choose
/// first, and no two get the same.
pub(super) fn of_sets(
    read: &[Read],
    sets: &[Vec<usize>],
    spellings: &BTreeMap<String, String>,
) -> Vec<Option<Vec<Token>>> {
    // An area is named in the language that most groups are in, where one of its own is.
    let mut n_in: BTreeMap<&str, usize> = BTreeMap::new();
    for group in read {
        *n_in.entry(group.language.code()).or_default() += 1;
    }
    let most = n_in.iter().max_by_key(|(code, n)| (**n, std::cmp::Reverse(**code))).map(|(code, _)| *code);
    let spoken_in_it = |set: &Vec<usize>| -> Vec<usize> {
        let own: Vec<usize> = set.iter().copied().filter(|&at| Some(read[at].language.code()) == most).collect();
        if own.is_empty() { set.clone() } else { own }
    };
    let sets: &[Vec<usize>] = &sets.iter().map(spoken_in_it).collect::<Vec<_>>();
    let all: Vec<usize> = (0..read.len()).collect();
    let everywhere = mean_shares(read, &all);
    let is_own_name = |stem: &str, noun: &Token| {
        let is_large = spellings.get(&noun.low).is_some_and(|spelt| spelt.starts_with(char::is_uppercase));
        is_large && everywhere.get(stem).is_some_and(|share| *share >= OWN_NAME)
    };
    let spoken: Vec<BTreeMap<&str, f64>> = sets.iter().map(|set| mean_shares(read, set)).collect();
    let mut most: FxHashMap<&str, (f64, f64)> = FxHashMap::default();
    for (stem, share) in spoken.iter().flatten() {
        let (first, second) = most.entry(stem).or_default();
        if *share > *first {
            (*first, *second) = (*share, *first);
        } else if *share > *second {
            *second = *share;
        }
    }
    let n_voices = |set: &Vec<usize>| set.iter().map(|&at| read[at].by_closeness.len()).sum::<usize>();
    let mut order: Vec<usize> = (0..sets.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(n_voices(&sets[i])), i));
    let mut taken: BTreeSet<Vec<&str>> = BTreeSet::new();
    let mut names = vec![None; sets.len()];
    for i in order {
        // How much of the set speaks of it beyond the set that speaks of it most among the others.
        let own = |stem: &str, share: f64| {
            let (first, second) = most.get(stem).copied().unwrap_or_default();
            share - 0.6 * if share >= first { second } else { first }
        };
        let nouns = surface_nouns(read, &sets[i]);
        let mut topics: Vec<(f64, f64, &str, &Token)> = spoken[i]
            .iter()
            .filter(|(_, share)| **share >= SPOKEN_OF)
            .filter_map(|(stem, share)| Some((own(stem, *share), *share, *stem, *nouns.get(stem)?)))
            .filter(|(.., stem, noun)| !is_own_name(stem, noun))
            .collect();
        topics.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.cmp(b.2)));
        let Some(&(best, share, first, noun)) = topics.first() else { continue };
        let alone = vec![first];
        let second = topics[1..].iter().find(|(.., other)| are_two(noun, other)).filter(|(own, ..)| *own >= 0.4 * best);
        let (key, name) = match second {
            Some((_, _, stem, other)) if share < ALONE || taken.contains(&alone) => {
                let mut key = vec![first, *stem];
                key.sort_unstable();
                (
                    key,
                    vec![noun.clone(), Token::new(and(read[sets[i][0]].language), Tag::Conjunction), (*other).clone()],
                )
            }
            _ => (alone, vec![noun.clone()]),
        };
        if taken.insert(key) {
            names[i] = Some(name);
        }
    }
    names
}

/// Share of the voices of a set that use each stem; of each group the voices read stand for all of it.
fn mean_shares<'a>(read: &'a [Read], set: &[usize]) -> BTreeMap<&'a str, f64> {
    let mut sum: BTreeMap<&str, f64> = BTreeMap::new();
    let size = |at: usize| read[at].by_closeness.len() as f64;
    let all: f64 = set.iter().map(|&at| size(at)).sum();
    for &at in set {
        let mut shares: Vec<(&String, f64)> = read[at].shares.iter().map(|(stem, share)| (stem, *share)).collect();
        shares.sort_unstable_by_key(|(stem, _)| *stem);
        for (stem, share) in shares {
            *sum.entry(stem).or_default() += share * size(at) / all.max(1.0);
        }
    }
    sum
}

/// Nouns that stand alone somewhere in the groups of a set, by stem, in the form that most voices use.
fn surface_nouns<'a>(read: &'a [Read], set: &[usize]) -> BTreeMap<&'a str, &'a Token> {
    let mut forms: BTreeMap<&str, BTreeMap<&str, (usize, &Token)>> = BTreeMap::new();
    let mut heads: FxHashMap<&str, u32> = FxHashMap::default();
    for (low, n) in set.iter().flat_map(|&at| &read[at].heads) {
        *heads.entry(low).or_default() += n;
    }
    let is_noun = |found: &&Found| is_noun(found, heads.get(&*found.tokens[0].low).copied().unwrap_or(0));
    for found in set.iter().flat_map(|&at| &read[at].found).filter(is_noun) {
        let form =
            forms.entry(&found.stems[0]).or_default().entry(&found.tokens[0].low).or_insert((0, &found.tokens[0]));
        form.0 += found.voices.len();
    }
    let best = |forms: BTreeMap<&'a str, (usize, &'a Token)>| {
        let most = forms.values().max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.low.cmp(&a.1.low)));
        let (n_voices, most) = most?;
        // Many cards are the topic, even where each speaks of one: "cards", but never "cashes".
        let plural = forms.get(format!("{}s", most.low).as_str());
        Some(plural.filter(|(n, _)| n * PLURAL_USED >= *n_voices).map_or(*most, |(_, plural)| *plural))
    };
    forms.into_iter().filter_map(|(stem, forms)| Some((stem, best(forms)?))).collect()
}

/// Whether a phrase is a noun alone that people use as one: it heads phrases at least [`USED_AS_NOUN`] times.
fn is_noun(found: &Found, n_heads: u32) -> bool {
    let [token] = &found.tokens[..] else { return false };
    found.stems.len() == 1
        && token.tag == Tag::Noun
        && n_heads >= USED_AS_NOUN
        && !token.is(form::WAITING)
        && !form::is_date(token)
}

/// Whether two words are two topics: "mail" and "email" are one.
fn are_two(a: &Token, b: &Token) -> bool {
    !a.low.contains(&*b.low) && !b.low.contains(&*a.low)
}

/// "And" in a language.
fn and(language: Language) -> &'static str {
    match language {
        Language::German => "und",
        Language::French => "et",
        Language::Spanish => "y",
        Language::Portuguese => "e",
        _ => "and",
    }
}
