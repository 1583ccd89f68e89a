//! Labels: a short phrase from the members' own words, and the members by closeness to what the group is about.
//!
//! Nothing is made up. Each clause of the members is turned into phrases that can stand alone ([`english`], [`foreign`]):
//! "How do I get a refund?" says "get a refund", "why was I charged a fee for cash" says "charged a fee for cash". A phrase
//! is cut only where a phrase may end, and kept only when it can be read without the rest ([`form`]). Of all phrases of
//! a group the best is near its centre, made of words that many of its voices use and other groups do not, said by
//! several of them in these very words, and free of pointers to something else. Groups choose together, so that no two
//! labels are alike.
//!
//! In: groups of statements. Out: one [`Label`] per group. Cost: linear in the members looked at, at most [`MAX_READ`]
//! per group. Source: class-based tf-idf (Grootendorst 2022) for what tells groups apart; closeness to the centroid for
//! what represents one; the grammar is this project's own.

mod english;
mod foreign;
mod form;
mod pattern;
mod token;
mod topic;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use throughline_text::Language;
use throughline_text::embed::{Table, normalise};
use throughline_text::stem::stem;
use throughline_text::token::content_words;
use token::{Tag, Token};

/// Members of a group that are read for its label, the most central ones.
pub const MAX_READ: usize = 80;
/// Candidates of a group whose meaning is compared with its centre.
const MAX_COMPARED: usize = 48;
/// Other groups that a phrase must tell its own from.
const RIVALS: usize = 6;
/// Part of a phrase's weight that a voice must speak of for the phrase to be true of it.
const MOST: f64 = 0.6;

/// A statement as labels see it.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Its text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    /// A number that stands for its voice.
    pub voice: u64,
    /// The headline of its record, where there is one.
    pub title: Option<&'a str>,
    /// Whether a person said it: what the program counted names a group only where nobody spoke.
    pub is_spoken: bool,
}

/// What a group is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The phrase, in sentence case.
    pub text: String,
    /// Members by closeness to the centre, closest first, as positions in the group.
    pub by_closeness: Vec<usize>,
}

/// A phrase that may be the label.
#[derive(Debug, Clone)]
struct Candidate {
    tokens: Vec<Token>,
    stems: Vec<String>,
    score: f64,
}

/// From what a phrase was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Title,
    Clause,
    /// An act within a clause.
    Inner,
    Noun,
    /// Two nouns that the group speaks of, joined by "and".
    Pair,
}

/// A phrase with what speaks for it.
struct Found {
    tokens: Vec<Token>,
    stems: Vec<String>,
    origin: Origin,
    /// Words left out at the end, the fewest of all who said it.
    n_cut: usize,
    voices: BTreeSet<u64>,
}

/// A group read.
struct Read {
    centre: Vec<f32>,
    by_closeness: Vec<usize>,
    /// Share of the voices read that use each stem.
    shares: FxHashMap<String, f64>,
    /// The voices read that use each stem, as numbers below `n_voices`.
    speakers: FxHashMap<String, BTreeSet<u32>>,
    /// Voices read.
    n_voices: usize,
    language: Language,
    found: Vec<Found>,
    /// How often each word stands in each spelling where the spelling is free.
    spellings: BTreeMap<String, BTreeMap<String, u32>>,
    /// How often each word heads a noun phrase that an article or the like opens: what tells "the tabs" from "open".
    heads: BTreeMap<String, u32>,
}

/// Groups of statements, read for names.
pub struct Groups {
    read: Vec<Read>,
    rarity: FxHashMap<String, f64>,
    spellings: BTreeMap<String, String>,
}

impl Groups {
    /// Reads the most central statements of each group.
    #[must_use]
    pub fn new(groups: &[Vec<Said<'_>>]) -> Self {
        let language = most_spoken(groups.iter().flatten());
        let read: Vec<Read> = groups.par_iter().map(|group| read(group, language)).collect();
        let (rarity, spellings) = (rarity(&read), spellings(&read));
        Self { read, rarity, spellings }
    }

    /// Means of the groups' vectors, normalised.
    pub fn centres(&self) -> Vec<&[f32]> {
        self.read.iter().map(|read| &read.centre[..]).collect()
    }

    /// Names for sets of groups: what the groups of a set speak of and those of the others do not. A set without a
    /// word of its own has none.
    #[must_use]
    pub fn topics(&self, sets: &[Vec<usize>]) -> Vec<Option<String>> {
        let names = topic::of_sets(&self.read, sets, &self.spellings);
        names.into_iter().map(|name| Some(sentence_case(&name?, &self.spellings))).collect()
    }

    /// Labels for all groups, which must be those that were read. A group that has a name in `kept` keeps it, and no
    /// other group gets that name.
    #[must_use]
    pub fn labels(self, groups: &[Vec<Said<'_>>], kept: &[Option<&str>]) -> Vec<Label> {
        let Self { read, rarity, spellings } = self;
        let candidates: Vec<Vec<Candidate>> =
            (0..read.len()).into_par_iter().map(|at| candidates(&read, at, &rarity)).collect();
        // Larger groups choose first, so that a small one never takes the plain name of a big one.
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(groups[i].len()), i));
        let key = |text: &str| {
            let mut stems: Vec<String> =
                text.to_lowercase().split_whitespace().map(|word| stem(word, Language::English)).collect();
            stems.sort_unstable();
            stems
        };
        let mut names: BTreeSet<Vec<String>> = kept.iter().flatten().map(|name| key(name)).collect();
        let mut meanings: BTreeSet<Vec<String>> = BTreeSet::new();
        let mut chosen: Vec<String> = vec![String::new(); groups.len()];
        for i in order {
            if let Some(Some(name)) = kept.get(i) {
                (*name).clone_into(&mut chosen[i]);
                continue;
            }
            let sorted = |candidate: &Candidate| {
                let mut stems = candidate.stems.clone();
                stems.sort_unstable();
                stems.dedup();
                stems
            };
            let written = |candidate: &Candidate| sentence_case(&candidate.tokens, &spellings);
            let best = candidates[i]
                .iter()
                .find(|candidate| !meanings.contains(&sorted(candidate)) && !names.contains(&key(&written(candidate))))
                .or_else(|| candidates[i].iter().find(|candidate| !names.contains(&key(&written(candidate)))));
            chosen[i] = if let Some(candidate) = best {
                meanings.insert(sorted(candidate));
                written(candidate)
            } else {
                // A title was written to name the thing; a text begins with its greeting.
                let nearest = || read[i].by_closeness.iter().map(|&at| &groups[i][at]);
                let named = nearest().find_map(|said| said.title).or_else(|| nearest().next().map(|said| said.text));
                named.map_or_else(String::new, shortened)
            };
            names.insert(key(&chosen[i]));
        }
        chosen.into_iter().zip(read).map(|(text, read)| Label { text, by_closeness: read.by_closeness }).collect()
    }
}

/// The language that most statements are in.
fn most_spoken<'a>(statements: impl Iterator<Item = &'a Said<'a>>) -> Language {
    let mut n = BTreeMap::new();
    for said in statements {
        *n.entry(said.language.code()).or_insert((0usize, said.language)) = {
            let (count, language) = n.get(said.language.code()).copied().unwrap_or((0, said.language));
            (count + 1, language)
        };
    }
    n.into_values()
        .max_by_key(|(count, language)| (*count, std::cmp::Reverse(language.code())))
        .map_or(Language::English, |(_, language)| language)
}

fn read(group: &[Said<'_>], preferred: Language) -> Read {
    let table = Table::builtin();
    let vectors: Vec<Vec<f32>> = group.iter().map(|said| table.embed(said.text)).collect();
    let mut centre = vec![0.0f32; table.dim()];
    for vector in &vectors {
        centre.iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
    }
    normalise(&mut centre);
    let closeness: Vec<f64> = vectors.iter().map(|vector| dot(vector, &centre)).collect();
    let mut by_closeness: Vec<usize> = (0..group.len()).collect();
    by_closeness
        .sort_by(|&a, &b| closeness[b].total_cmp(&closeness[a]).then(group[a].text.cmp(group[b].text)).then(a.cmp(&b)));

    let central: Vec<&Said<'_>> = by_closeness.iter().take(MAX_READ).map(|&at| &group[at]).collect();
    let mut number_from_voice: FxHashMap<u64, u32> = FxHashMap::default();
    let mut speakers: FxHashMap<String, BTreeSet<u32>> = FxHashMap::default();
    for said in &central {
        let next = number_from_voice.len() as u32;
        let voice = *number_from_voice.entry(said.voice).or_insert(next);
        for word in said.title.iter().copied().chain([said.text]).flat_map(|text| content_words(text, said.language)) {
            speakers.entry(word.stem).or_default().insert(voice);
        }
    }
    let n_voices = number_from_voice.len().max(1);
    let shares = speakers.iter().map(|(stem, voices)| (stem.clone(), voices.len() as f64 / n_voices as f64)).collect();

    // One language per label: the product's own where at least a fifth of the group speaks it.
    let n_preferred = group.iter().filter(|said| said.language == preferred).count();
    let language = if n_preferred * 5 >= group.len() { preferred } else { most_spoken(group.iter()) };
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut noted = Noted::default();
    let is_spoken_of = central.iter().any(|said| said.language == language && said.is_spoken);
    for said in central.iter().filter(|said| said.language == language && said.is_spoken == is_spoken_of) {
        if let Some(title) = said.title {
            gather(title, said, true, &mut found, &mut noted);
        }
        if said.title.is_none_or(|title| title.trim() != said.text.trim()) {
            gather(said.text, said, false, &mut found, &mut noted);
        }
    }
    let Noted { spellings, heads } = noted;
    Read {
        centre,
        by_closeness,
        shares,
        speakers,
        n_voices,
        language,
        found: found.into_values().collect(),
        spellings,
        heads,
    }
}

impl Read {
    /// Share of the voices read that speak of most of `stems`, counted by `weights`: the part of the group that a
    /// phrase of these words is true of, 0..=1.
    fn support(&self, stems: &[String], weights: &[f64]) -> f64 {
        let mut told = vec![0.0; self.n_voices];
        for (stem, weight) in stems.iter().zip(weights) {
            for &voice in self.speakers.get(stem).into_iter().flatten() {
                told[voice as usize] += weight;
            }
        }
        let enough = MOST * weights.iter().sum::<f64>();
        told.iter().filter(|told| **told >= enough).count() as f64 / self.n_voices as f64
    }

    /// Share of the voices read that speak of at least one of `stems`, 0..=1.
    fn support_of_any(&self, stems: &[String]) -> f64 {
        let voices: BTreeSet<u32> =
            stems.iter().filter_map(|stem| self.speakers.get(stem)).flatten().copied().collect();
        voices.len() as f64 / self.n_voices as f64
    }
}

/// Whether a clause is a greeting or a closing and nothing more, in any of the languages read: a short text is often
/// taken for another language than it is in.
fn is_greeting(clause: &[Token]) -> bool {
    const OPENINGS: [&str; 24] = [
        "hi", "hello", "hey", "dear", "good", "thanks", "regards", "hallo", "guten", "moin", "servus", "danke",
        "liebe", "bonjour", "bonsoir", "salut", "merci", "hola", "buenos", "buenas", "gracias", "olá", "bom",
        "obrigado",
    ];
    const TIMES: [&str; 14] = [
        "morning",
        "afternoon",
        "evening",
        "day",
        "tag",
        "morgen",
        "abend",
        "días",
        "dias",
        "tardes",
        "noches",
        "dia",
        "tarde",
        "noite",
    ];
    let Some(first) = clause.first().filter(|first| OPENINGS.contains(&first.low.as_str())) else { return false };
    match clause {
        [_] => true,
        [_, second] => TIMES.contains(&second.low.as_str()) || !matches!(first.low.as_str(), "good" | "bom" | "dear"),
        // "Hello Rotaboard team": names, and nobody asks for anything.
        [_, rest @ ..] if rest.len() <= 3 && !matches!(first.low.as_str(), "good" | "bom" | "thanks") => {
            rest.iter().all(|word| {
                word.written.starts_with(char::is_uppercase)
                    || word.is(&["team", "there", "all", "everyone", "support"])
            })
        }
        _ => false,
    }
}

/// Adds the phrases of a text.
fn gather(text: &str, said: &Said<'_>, is_title: bool, found: &mut BTreeMap<String, Found>, noted: &mut Noted) {
    let language = said.language;
    let is_english = matches!(language, Language::English | Language::Other);
    for clause in token::clauses(text, language).into_iter().filter(|clause| !is_greeting(clause)) {
        noted.spellings(&clause);
        noted.heads(&clause);
        let mut phrases: Vec<(Vec<Token>, Origin)> = Vec::new();
        let whole = if is_title { Origin::Title } else { Origin::Clause };
        let mut read = Vec::new();
        if is_english {
            for part in form::parts(&clause) {
                english::read(part, 0, &mut read);
            }
            phrases.extend(read.into_iter().map(|phrase| (phrase, whole)));
            let mut inner = Vec::new();
            english::inner_acts(&clause, &mut inner);
            phrases.extend(inner.into_iter().map(|phrase| (phrase, Origin::Inner)));
        } else {
            foreign::read(&clause, language, &mut read);
            phrases.extend(read.into_iter().map(|phrase| (phrase, whole)));
        }
        phrases.extend(nouns(&clause).into_iter().map(|phrase| (phrase, Origin::Noun)));
        for (phrase, origin) in phrases {
            let endings =
                if is_english { form::endings(&form::tidy(&phrase)) } else { foreign::endings(&phrase, language) };
            for (tokens, n_cut) in endings {
                let words: Vec<&str> = tokens.iter().map(|token| token.low.as_str()).collect();
                let key = words.join(" ");
                let entry = found.entry(key).or_insert_with_key(|key| Found {
                    stems: content_words(key, language).into_iter().map(|word| word.stem).collect(),
                    tokens,
                    origin,
                    n_cut,
                    voices: BTreeSet::new(),
                });
                entry.origin = entry.origin.min(origin);
                entry.n_cut = entry.n_cut.min(n_cut);
                entry.voices.insert(said.voice);
            }
        }
    }
}

/// Noun phrases of a clause: runs of nouns, with what follows by "of", "for" or "in".
fn nouns(clause: &[Token]) -> Vec<Vec<Token>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < clause.len() {
        let start = at;
        while at < clause.len() && (clause[at].tag == Tag::Noun || clause[at].tag == Tag::Ing && at == start) {
            at += 1;
        }
        if at > start {
            found.push(clause[start..at].to_vec());
        } else {
            at += 1;
        }
    }
    found
}

/// What is noted of single words while clauses are read.
#[derive(Default)]
struct Noted {
    spellings: BTreeMap<String, BTreeMap<String, u32>>,
    heads: BTreeMap<String, u32>,
}

impl Noted {
    fn spellings(&mut self, clause: &[Token]) {
        let n_upper = clause.iter().filter(|token| token.written.starts_with(char::is_uppercase)).count();
        // Headlines in capitals tell nothing of how a word is spelt.
        if n_upper * 2 > clause.len() && clause.len() > 2 {
            return;
        }
        for token in clause.iter().skip(1) {
            *self.spellings.entry(token.low.clone()).or_default().entry(token.written.clone()).or_default() += 1;
        }
    }

    fn heads(&mut self, clause: &[Token]) {
        let mut is_open = false;
        for (at, token) in clause.iter().enumerate() {
            let is_noun = token.tag == Tag::Noun;
            if is_open && is_noun && clause.get(at + 1).is_none_or(|next| next.tag != Tag::Noun) {
                *self.heads.entry(token.low.clone()).or_default() += 1;
            }
            is_open = matches!(token.tag, Tag::Article | Tag::Possessive | Tag::Determiner) || is_open && is_noun;
        }
    }
}

/// The spelling of each word that most people use.
fn spellings(read: &[Read]) -> BTreeMap<String, String> {
    let mut all: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
    for (low, written) in read.iter().flat_map(|read| &read.spellings) {
        let entry = all.entry(low).or_default();
        for (written, n) in written {
            *entry.entry(written).or_default() += n;
        }
    }
    all.into_iter()
        .filter_map(|(low, written)| {
            let all: u32 = written.values().sum();
            // "Bug 752376" is written large for the number behind it; where some write "bug", it is a word.
            let n_low = written.get(low).copied().unwrap_or(0);
            let (best, _) = written.into_iter().max_by_key(|(written, n)| (*n, std::cmp::Reverse(*written)))?;
            if n_low * 3 > all && !best.chars().skip(1).any(char::is_uppercase) {
                return Some((low.to_owned(), low.to_owned()));
            }
            Some((low.to_owned(), best.to_owned()))
        })
        .collect()
}

/// How rare each stem is among the groups, 0..=1: 1 when a single group uses it.
fn rarity(read: &[Read]) -> FxHashMap<String, f64> {
    let mut sum: FxHashMap<&str, f64> = FxHashMap::default();
    let mut most: FxHashMap<&str, f64> = FxHashMap::default();
    for group in read {
        let mut shares: Vec<(&String, f64)> = group.shares.iter().map(|(stem, share)| (stem, *share)).collect();
        shares.sort_unstable_by_key(|(stem, _)| *stem);
        for (stem, share) in shares {
            *sum.entry(stem).or_default() += share;
            let known = most.entry(stem).or_default();
            *known = known.max(share);
        }
    }
    let n = read.len().max(2) as f64;
    let mut rarity: Vec<(String, f64)> = sum
        .into_iter()
        .map(|(stem, sum)| (stem.to_owned(), (libm::log(n / sum.max(0.5)) / libm::log(2.0 * n)).clamp(0.05, 1.0)))
        .collect();
    rarity.sort_by(|a, b| a.0.cmp(&b.0));
    rarity.into_iter().collect()
}

/// Candidates of the group at `at`, best first.
fn candidates(read: &[Read], at: usize, rarity: &FxHashMap<String, f64>) -> Vec<Candidate> {
    let group = &read[at];
    let mut rivals: Vec<(f64, usize)> = (0..read.len())
        .filter(|&other| other != at)
        .map(|other| (dot(&read[other].centre, &group.centre), other))
        .collect();
    rivals.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    rivals.truncate(RIVALS);
    let n_read = group.by_closeness.len().min(MAX_READ) as f64;
    let pair = topic::pair(group, rarity);
    let mut scored: Vec<(f64, &Found)> = group
        .found
        .iter()
        .chain(&pair)
        .filter(|found| !found.stems.is_empty())
        .map(|found| {
            let weights: Vec<f64> = found.stems.iter().map(|stem| rarity.get(stem).copied().unwrap_or(1.0)).collect();
            let all: f64 = weights.iter().sum();
            let cover = |read: &Read| {
                let share = |stem: &String| read.shares.get(stem).copied().unwrap_or(0.0);
                found.stems.iter().zip(&weights).map(|(stem, weight)| weight * share(stem)).sum::<f64>() / all
            };
            let here = cover(group);
            let there = rivals.iter().map(|(_, other)| cover(&read[*other])).fold(0.0, f64::max);
            // A word that nearly nobody else uses makes a phrase one person's.
            let least =
                found.stems.iter().map(|stem| group.shares.get(stem).copied().unwrap_or(0.0)).fold(1.0, f64::min);
            let said_by = libm::log(1.0 + found.voices.len() as f64) / libm::log(1.0 + n_read.max(2.0));
            // What it tells: many common words of the group say more than one.
            let told = found
                .stems
                .iter()
                .zip(&weights)
                .map(|(stem, weight)| weight * group.shares.get(stem).copied().unwrap_or(0.0))
                .sum::<f64>();
            // A word that everybody uses everywhere names nothing.
            let telling = weights.iter().copied().fold(0.0, f64::max);
            let support = match found.origin {
                Origin::Pair => group.support_of_any(&found.stems),
                // One word is true of more voices than two, and says less of each.
                _ if found.stems.len() == 1 => 0.6 * group.support(&found.stems, &weights),
                _ => group.support(&found.stems, &weights),
            };
            let score = 0.35 * here + 0.60 * support
                - if found.tokens.len() == 1 { 2.0 } else { 0.4 } * (0.6 - telling).max(0.0)
                + 0.35 * (here - there)
                + 0.20 * least
                + 0.20 * told.min(1.2)
                + 0.30 * said_by
                + fluency(found);
            (score, found)
        })
        .collect();
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| a.1.tokens.len().cmp(&b.1.tokens.len()))
            .then_with(|| joined(a.1).cmp(&joined(b.1)))
    });
    scored.truncate(MAX_COMPARED);
    let table = Table::builtin();
    let mut candidates: Vec<Candidate> = scored
        .into_iter()
        .map(|(score, found)| {
            let vector = table.embed(&joined(found));
            let near = dot(&vector, &group.centre);
            let rival = rivals.iter().map(|(_, other)| dot(&vector, &read[*other].centre)).fold(-1.0, f64::max);
            let score = score + 1.0 * near + 0.6 * (near - rival).clamp(-0.3, 0.3);
            Candidate { tokens: found.tokens.clone(), stems: found.stems.clone(), score }
        })
        .collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.stems.cmp(&b.stems)));
    candidates
}

fn joined(found: &Found) -> String {
    found.tokens.iter().map(|token| token.low.as_str()).collect::<Vec<_>>().join(" ")
}

/// How well a phrase reads as a name: of two to six words, whole rather than cut, free of pointers, and a clause or an
/// act rather than a bare noun.
fn fluency(found: &Found) -> f64 {
    let n = found.tokens.len();
    // "Other songs" says no more than "songs", and "the song is over" is one person's.
    let has_act = found.tokens.iter().any(|token| matches!(token.tag, Tag::Verb | Tag::Past | Tag::Ing | Tag::Not));
    let is_bare = found.stems.len() == 1 && (!has_act || found.voices.len() == 1);
    let length = match n {
        1 => -0.65,
        _ if is_bare => -0.45,
        2 => -0.04,
        3..=5 => 0.08,
        6 => 0.04,
        7 => -0.02,
        _ => -0.12,
    };
    let origin = match found.origin {
        Origin::Title => 0.06,
        Origin::Clause => 0.04,
        Origin::Inner => 0.0,
        Origin::Noun => -0.10,
        Origin::Pair => -0.20,
    };
    // A headline was written to name the thing, above all one that several people came to.
    let named = match (found.origin, found.voices.len()) {
        (Origin::Title, 2..) => 0.10,
        // One person's words within a message are the last to name what many say.
        (Origin::Clause | Origin::Inner, 1) => -0.10,
        _ => 0.0,
    };
    // "have a refund" says less well what "get a refund" says.
    let is_weak = found.tokens[0].is(&["have", "having", "do", "go", "use", "see", "get", "make"]);
    let asks = found.tokens[0].tag == Tag::Question;
    let is_repeated = (1..found.stems.len()).any(|at| found.stems[..at].contains(&found.stems[at]));
    let filler = 1.0 - found.stems.len() as f64 / n.max(1) as f64;
    length + origin + named
        - 0.10 * form::blemishes(&found.tokens) as f64
        - 0.10 * filler
        - if is_weak { 0.05 } else { 0.0 }
        - if asks { 0.08 } else { 0.0 }
        - if is_repeated { 0.30 } else { 0.0 }
        - if found.n_cut > 0 { 0.02 } else { 0.0 }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    // Four places, so that the last bits of a sum decide nothing.
    (a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum::<f64>() * 1e4).round() / 1e4
}

/// The first seven words of a text.
fn shortened(text: &str) -> String {
    let text: Vec<&str> = text.split_whitespace().take(7).collect();
    let text = text.join(" ");
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Words as people spell them, the first letter upper-case.
fn sentence_case(tokens: &[Token], spellings: &BTreeMap<String, String>) -> String {
    let spelt = tokens
        .iter()
        .map(|token| if token.low == "i" { "I" } else { spellings.get(&token.low).unwrap_or(&token.low).as_str() });
    let text = spelt.collect::<Vec<_>>().join(" ");
    let mut chars = text.chars();
    let first = tokens.first().and_then(|token| spellings.get(&token.low));
    // "iPhone" stays what it is.
    if first.is_some_and(|word| word.chars().skip(1).any(char::is_uppercase)) {
        return text;
    }
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests;
