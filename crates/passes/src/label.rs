//! Labels: a short phrase from the members' own words, and the quotes that stand for an insight.
//!
//! Every word of a label was said by a member, in that order; nothing is generated. Candidates are verb phrases ("export
//! the payroll hours"), noun phrases and short whole clauses; the best is the one whose meaning is nearest to the
//! centre of the group, that many voices share, that tells this group from the others, and that reads well.
//!
//! In: groups of statements. Out: one [`Label`] per group, no two alike. Cost: linear in the members looked at, at most
//! [`MAX_READ`] per group. Source: class-based tf-idf (Grootendorst 2022) for what tells groups apart; maximal closeness
//! to the centroid for what represents one.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use throughline_text::Language;
use throughline_text::chunk::chunk;
use throughline_text::embed::{Table, normalise};
use throughline_text::token::{content_words, words};

/// Members of a group that are read for its label, the most central ones.
pub const MAX_READ: usize = 80;
/// Words in a label, at least and at most.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=8;
/// A label shares at most this share of its content words with one already given.
const MOST_SHARED: f64 = 0.99;

/// A statement as labels see it.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Its text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    /// A number that stands for its voice.
    pub voice: u64,
}

/// What a group is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The phrase, in sentence case.
    pub text: String,
    /// Members by closeness to the centre, closest first, as positions in the group.
    pub by_closeness: Vec<usize>,
}

struct Candidate {
    text: String,
    stems: Vec<String>,
    score: f64,
}

/// How often each stem occurs, in how many statements of the whole corpus.
struct Background {
    n: f64,
    df: FxHashMap<String, u32>,
}

/// Labels for all groups, in their order.
#[must_use]
pub fn labels(groups: &[Vec<Said<'_>>]) -> Vec<Label> {
    let background = background(groups);
    let found: Vec<(Vec<Candidate>, Vec<usize>)> =
        groups.par_iter().map(|group| candidates(group, &background)).collect();
    // Larger groups choose first, so that a small one never takes the plain name of a big one.
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(groups[i].len()), i));
    let mut taken: Vec<BTreeSet<String>> = Vec::new();
    let mut chosen: Vec<String> = vec![String::new(); groups.len()];
    for i in order {
        let (candidates, by_closeness) = &found[i];
        let is_free = |candidate: &&Candidate| {
            let stems: BTreeSet<String> = candidate.stems.iter().cloned().collect();
            taken.iter().all(|other| {
                let shared = stems.intersection(other).count() as f64;
                shared / (stems.len().max(other.len()).max(1) as f64) < MOST_SHARED
            })
        };
        let best = candidates.iter().find(is_free).or_else(|| candidates.first());
        chosen[i] = match best {
            Some(candidate) => {
                taken.push(candidate.stems.iter().cloned().collect());
                sentence_case(&candidate.text)
            }
            None => by_closeness.first().map_or_else(String::new, |&at| sentence_case(&shortened(groups[i][at].text))),
        };
    }
    chosen.into_iter().zip(found).map(|(text, (_, by_closeness))| Label { text, by_closeness }).collect()
}

fn background(groups: &[Vec<Said<'_>>]) -> Background {
    let count = |group: &Vec<Said<'_>>| {
        let mut df: FxHashMap<String, u32> = FxHashMap::default();
        for said in group {
            let found = content_words(said.text, said.language);
            let stems: BTreeSet<String> = found.into_iter().map(|word| word.stem).collect();
            stems.into_iter().for_each(|stem| *df.entry(stem).or_default() += 1);
        }
        df
    };
    // Counts are whole numbers, so the order of adding does not show.
    let df = groups.par_iter().map(count).reduce(FxHashMap::default, |a, b| {
        let (mut large, small) = if a.len() < b.len() { (b, a) } else { (a, b) };
        #[expect(clippy::iter_over_hash_type, reason = "sums of whole numbers do not depend on the order")]
        for (stem, n) in small {
            *large.entry(stem).or_default() += n;
        }
        large
    });
    Background { n: groups.iter().map(Vec::len).sum::<usize>() as f64, df }
}

/// Candidates of one group, best first, and its members by closeness.
fn candidates(group: &[Said<'_>], background: &Background) -> (Vec<Candidate>, Vec<usize>) {
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

    // In how many voices of the group each stem occurs.
    let mut voices_from_stem: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for &at in by_closeness.iter().take(MAX_READ) {
        for word in content_words(group[at].text, group[at].language) {
            voices_from_stem.entry(word.stem).or_default().insert(group[at].voice);
        }
    }
    let n_voices = by_closeness.iter().take(MAX_READ).map(|&at| group[at].voice).collect::<BTreeSet<_>>().len();

    let mut best: BTreeMap<Vec<String>, Candidate> = BTreeMap::new();
    for &at in by_closeness.iter().take(MAX_READ) {
        let said = &group[at];
        for text in phrases(said) {
            let stems: Vec<String> = content_words(&text, said.language).into_iter().map(|word| word.stem).collect();
            if stems.is_empty() {
                continue;
            }
            let share = |stem: &String| voices_from_stem.get(stem).map_or(0.0, |v| v.len() as f64 / n_voices as f64);
            let common = stems.iter().map(share).sum::<f64>() / stems.len() as f64;
            let telling =
                stems.iter().map(|stem| background.telling(stem, share(stem))).sum::<f64>() / stems.len() as f64;
            let near = dot(&table.embed(&text), &centre);
            let score = 1.0 * near + 0.55 * common + 0.30 * telling + fluency(&text, &stems, said.language);
            let candidate = Candidate { text, stems: stems.clone(), score };
            let is_better = best.get(&stems).is_none_or(|known| {
                candidate.score > known.score || (candidate.score >= known.score && candidate.text < known.text)
            });
            if is_better {
                best.insert(stems, candidate);
            }
        }
    }
    let mut found: Vec<Candidate> = best.into_values().collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.text.cmp(&b.text)));
    (found, by_closeness)
}

impl Background {
    /// How much more often a stem stands in a group than elsewhere, 0..=1.
    fn telling(&self, stem: &str, share: f64) -> f64 {
        let all = f64::from(self.df.get(stem).copied().unwrap_or(1)) / self.n.max(1.0);
        (libm::log((share + 1e-3) / (all + 1e-3)) / libm::log(100.0)).clamp(0.0, 1.0)
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    // Four places, so that the last bits of a sum decide nothing.
    (a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum::<f64>() * 1e4).round() / 1e4
}

/// Phrases of a statement that could be a label, as they stand in it.
fn phrases(said: &Said<'_>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for sentence in throughline_text::sentence::sentences(said.text).into_iter().take(3) {
        let sentence = &said.text[sentence];
        let chunks = chunk(sentence, said.language);
        let mut starts: Vec<usize> = chunks.phrases.iter().map(|phrase| phrase.range.start).collect();
        starts.extend(chunks.verbs.iter().map(|verb| verb.range.start));
        let ends: Vec<usize> = chunks.phrases.iter().flat_map(|phrase| [phrase.range.end, phrase.whole.end]).collect();
        let verb_ends: Vec<usize> = chunks.verbs.iter().map(|verb| verb.range.end).collect();
        for &start in &starts {
            for &end in ends.iter().chain(&verb_ends).filter(|end| **end > start) {
                let Some(text) = sentence.get(start..end) else { continue };
                let n = words(text).count();
                let has_break =
                    text.contains(['.', '?', '!', ';', ':', '\n', '(', ')', '"', '“', '|', '/', '[', ']', '<', '>']);
                if LENGTH.contains(&n) && !has_break && text.len() <= 70 {
                    found.insert(text.trim().to_owned());
                }
            }
        }
        // A short sentence or headline may say it best whole.
        let whole = sentence.trim().trim_end_matches(['.', '!', '?']);
        let n = words(whole).count();
        if (3..=9).contains(&n) && whole.len() <= 80 && !whole.contains('\n') {
            found.insert(whole.to_owned());
        }
        // Single telling nouns serve where nothing longer is common.
        for phrase in &chunks.phrases {
            found.insert(sentence[phrase.range.clone()].to_owned());
        }
    }
    found.into_iter().collect()
}

/// Whether an article stands inside a phrase with neither a verb nor a preposition before it: "night the clocks" is the
/// end of one phrase and the start of another.
fn is_broken(text: &str, sentence: &str, start: usize, chunks: &throughline_text::chunk::Chunks) -> bool {
    const ARTICLES: &[&str] = &[
        "the", "a", "an", "my", "our", "your", "their", "his", "her", "its", "this", "that", "these", "those", "der",
        "die", "das", "den", "dem", "ein", "eine", "einen", "einer", "le", "la", "les", "un", "une", "des", "el",
        "los", "las", "una", "o", "os", "um", "uma",
    ];
    const LINKS: &[&str] = &[
        "of", "for", "from", "to", "in", "on", "at", "by", "with", "without", "before", "after", "during", "into",
        "over", "than", "as", "when", "while", "is", "are", "and", "or", "von", "mit", "für", "auf", "bei", "nach",
        "vor", "zu", "in", "de", "du", "à", "dans", "pour", "avec", "sur", "en", "con", "para", "por", "do", "da",
        "no", "na",
    ];
    let ranges: Vec<_> = words(text).collect();
    ranges.windows(2).any(|pair| {
        let (before, word) = (text[pair[0].clone()].to_lowercase(), text[pair[1].clone()].to_lowercase());
        let at = start + pair[0].start;
        let is_verb = chunks.verbs.iter().any(|verb| verb.range.start == at);
        ARTICLES.contains(&word.as_str())
            && !LINKS.contains(&before.as_str())
            && !is_verb
            && sentence.is_char_boundary(at)
    })
}

/// How well a phrase reads as a name, about -0.6..=0.2: of three to six words, begun by a verb or a noun, not by a
/// greeting or a pronoun, without the writer in it, most of its words carrying meaning.
fn fluency(text: &str, stems: &[String], language: Language) -> f64 {
    const WRITER: &[&str] = &[
        "i", "i'm", "i've", "i'd", "i'll", "my", "me", "we", "our", "us", "you", "your", "please", "hi", "hello",
        "hey", "thanks", "ich", "wir", "mein", "meine", "bitte", "je", "mon", "ma", "nous", "yo", "mi", "por", "the",
        "a", "an",
    ];
    let lower = text.to_lowercase();
    let tokens: Vec<&str> = lower.split_whitespace().collect();
    let n = tokens.len();
    let length = match n {
        1 => -0.25,
        2 => 0.0,
        3..=6 => 0.12,
        7 => 0.02,
        _ => -0.08,
    };
    let starts_badly = tokens.first().is_some_and(|word| WRITER.contains(word));
    let holds_writer = tokens.iter().any(|word| WRITER[..15].contains(word));
    let filler = 1.0 - stems.len() as f64 / n.max(1) as f64;
    let asks = ["how", "what", "why", "can", "is", "do", "does", "where", "when", "who"];
    let is_question = tokens.first().is_some_and(|word| asks.contains(word));
    let foreign = if language == Language::English { 0.0 } else { -0.10 };
    length
        - 0.25 * f64::from(u8::from(starts_badly))
        - 0.12 * f64::from(u8::from(holds_writer))
        - 0.10 * f64::from(u8::from(is_question))
        - 0.15 * filler
        + foreign
        - if lower.contains('[') { 0.5 } else { 0.0 }
        - if lower.bytes().any(|b| b.is_ascii_digit()) { 0.10 } else { 0.0 }
}

/// The first eight words of a text.
fn shortened(text: &str) -> String {
    let ranges: Vec<_> = words(text).take(8).collect();
    match (ranges.first(), ranges.last()) {
        (Some(first), Some(last)) => text[first.start..last.end].replace('\n', " "),
        _ => text.trim().chars().take(60).collect(),
    }
}

/// First letter upper-case; the rest as people wrote it, unless they shouted.
fn sentence_case(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let n_upper = text.chars().filter(|c| c.is_uppercase()).count();
    let n_lower = text.chars().filter(|c| c.is_lowercase()).count();
    let text = if n_upper > n_lower && text.contains(' ') { text.to_lowercase() } else { text };
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(texts: &[&'static str]) -> Vec<Said<'static>> {
        texts.iter().enumerate().map(|(i, text)| Said { text, language: Language::English, voice: i as u64 }).collect()
    }

    #[test]
    fn labels_are_words_of_members_and_tell_groups_apart() {
        let groups = [
            group(&[
                "Please let us schedule the payroll export every month",
                "I have to run the payroll export by hand every Friday",
                "Can the payroll export be scheduled?",
            ]),
            group(&[
                "The payroll export misses the night allowance column",
                "night allowance is not in the payroll file",
                "Our night allowance does not show up in the export",
            ]),
        ];
        let labels = labels(&groups);
        for (label, group) in labels.iter().zip(&groups) {
            let said: Vec<String> = group.iter().map(|said| said.text.to_lowercase()).collect();
            assert!(said.iter().any(|text| text.contains(&label.text.to_lowercase())), "{}", label.text);
            assert!(!label.text.to_lowercase().starts_with("i "), "{}", label.text);
        }
        assert!(labels[1].text.to_lowercase().contains("night allowance"), "{}", labels[1].text);
        assert_ne!(labels[0].text, labels[1].text);
    }

    #[test]
    fn a_group_without_phrases_still_has_a_name() {
        let labels = labels(&[group(&["???", "!!"])]);
        assert!(!labels[0].text.is_empty());
    }
}
