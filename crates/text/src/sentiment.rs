//! How a text feels, -1 (very unhappy) ..= 1 (very happy), from weighted words with negation.
//!
//! In: a text and its language. Out: one number; 0 when no word of the lexicon stands in it.
//! Each word weighs 1 or 2; a booster before it adds half, a damper takes half, a negation within three words before it
//! in the same clause turns it round and weakens it ("not good" is milder than "bad"). The sum s becomes
//! s / sqrt(s^2 + 4), so that three words say more than one but never reach the ends.
//! The lists are `data/sentiment/*.toml`, written for this project.
//! Cost: one look-up a word. Source of the shape: VADER (Hutto and Gilbert 2014); the constants are chosen, untested
//! beyond the tests below.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::language::Language;
use crate::token::{fold, words};

/// Words back a negation reaches.
const NEGATION_WORDS: usize = 3;
/// What negation leaves of a weight.
const NEGATED: f32 = -0.75;
/// Flattening of the sum: at 4, one strong word gives 0.71.
const FLATTENING: f32 = 4.0;

/// A lexicon file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    very_good: Vec<String>,
    good: Vec<String>,
    bad: Vec<String>,
    very_bad: Vec<String>,
    boost: Vec<String>,
    damp: Vec<String>,
    negators: Vec<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Weight(f32),
    Boost,
    Damp,
    Negator,
}

#[derive(Default)]
struct Lexicon {
    whole: FxHashMap<String, Vec<Role>>,
    /// Words given by their beginning.
    stems: FxHashMap<String, f32>,
    shortest_stem: usize,
}

static LEXICONS: LazyLock<Vec<Lexicon>> = LazyLock::new(|| {
    [
        include_str!("../data/sentiment/en.toml"),
        include_str!("../data/sentiment/de.toml"),
        include_str!("../data/sentiment/fr.toml"),
        include_str!("../data/sentiment/es.toml"),
        include_str!("../data/sentiment/pt.toml"),
    ]
    .into_iter()
    // The files are part of the crate and a test reads them.
    .map(|source| toml::from_str(source).map(compile).unwrap_or_default())
    .collect()
});

fn compile(file: File) -> Lexicon {
    let mut lexicon = Lexicon { shortest_stem: usize::MAX, ..Lexicon::default() };
    let weighted = [(file.very_good, 2.0), (file.good, 1.0), (file.bad, -1.0), (file.very_bad, -2.0)];
    for (words, weight) in weighted {
        for word in words {
            match word.strip_suffix('*') {
                Some(stem) => {
                    let stem = fold(stem).into_owned();
                    lexicon.shortest_stem = lexicon.shortest_stem.min(stem.len());
                    lexicon.stems.insert(stem, weight);
                }
                None => lexicon.whole.entry(fold(&word).into_owned()).or_default().push(Role::Weight(weight)),
            }
        }
    }
    for (words, role) in [(file.boost, Role::Boost), (file.damp, Role::Damp), (file.negators, Role::Negator)] {
        for word in words {
            lexicon.whole.entry(fold(&word).into_owned()).or_default().push(role);
        }
    }
    lexicon
}

impl Lexicon {
    fn weight(&self, word: &str) -> Option<f32> {
        let whole = self.whole.get(word).and_then(|roles| {
            roles.iter().find_map(|role| if let Role::Weight(weight) = role { Some(*weight) } else { None })
        });
        whole.or_else(|| {
            (self.shortest_stem..=word.len())
                .rev()
                .filter(|&end| word.is_char_boundary(end))
                .find_map(|end| self.stems.get(&word[..end]).copied())
        })
    }

    fn is(&self, word: &str, role: Role) -> bool {
        self.whole.get(word).is_some_and(|roles| roles.contains(&role))
    }
}

/// Signs people put for a feeling.
const SIGNS: &[(&str, f32)] = &[
    ("😀", 1.0),
    ("😃", 1.0),
    ("😄", 1.0),
    ("😁", 1.0),
    ("😊", 1.0),
    ("🙂", 0.7),
    ("😍", 2.0),
    ("🥰", 2.0),
    ("❤", 2.0),
    ("👍", 1.0),
    ("👏", 1.0),
    ("🎉", 1.5),
    ("🙏", 0.7),
    ("🔥", 1.0),
    ("💯", 1.5),
    ("😢", -1.0),
    ("😭", -1.5),
    ("😞", -1.0),
    ("😡", -2.0),
    ("🤬", -2.0),
    ("😠", -1.5),
    ("👎", -1.0),
    ("🙁", -1.0),
    ("😤", -1.0),
    ("🤮", -2.0),
    ("💩", -1.5),
    (":)", 0.7),
    (":-)", 0.7),
    (":D", 1.0),
    ("<3", 1.5),
    (":(", -0.7),
    (":-(", -0.7),
    (":'(", -1.0),
];

/// The sentiment of `text`, -1..=1. For [`Language::Other`], only signs such as emoji are read.
///
/// ```
/// use throughline_text::{Language, sentiment::score};
/// assert!(score("This is great", Language::English) > 0.0);
/// assert!(score("This is not great", Language::English) < 0.0);
/// ```
pub fn score(text: &str, language: Language) -> f32 {
    let mut sum: f32 = 0.0;
    if !text.is_ascii() || text.contains([':', '<']) {
        for (sign, weight) in SIGNS {
            // Three of the same say no more than two.
            sum += weight * text.matches(sign).count().min(2) as f32;
        }
    }
    if let Some(lexicon) = language.index().and_then(|index| LEXICONS.get(index)) {
        sum += of_words(text, lexicon);
    }
    if sum == 0.0 { 0.0 } else { sum / (sum * sum + FLATTENING).sqrt() }
}

fn of_words(text: &str, lexicon: &Lexicon) -> f32 {
    let mut sum = 0.0;
    // Words since the last negation and since the last booster or damper; large when none is near.
    let mut since_negation = usize::MAX;
    let mut factor = 1.0;
    let mut last_end = 0;
    for range in words(text) {
        if text[last_end..range.start].contains(['.', ',', ';', ':', '!', '?', '\n', '(', ')']) {
            since_negation = usize::MAX;
            factor = 1.0;
        }
        last_end = range.end;
        let word = fold(&text[range]);
        if lexicon.is(&word, Role::Negator) {
            since_negation = 0;
            continue;
        }
        since_negation = since_negation.saturating_add(1);
        if let Some(weight) = lexicon.weight(&word) {
            let turned = if since_negation <= NEGATION_WORDS { NEGATED } else { 1.0 };
            sum += weight * factor * turned;
            factor = 1.0;
        } else if lexicon.is(&word, Role::Boost) {
            factor = 1.5;
        } else if lexicon.is(&word, Role::Damp) {
            factor = 0.5;
        } else {
            factor = 1.0;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_files_are_read() {
        assert_eq!(LEXICONS.len(), Language::KNOWN.len());
        assert!(LEXICONS.iter().all(|lexicon| lexicon.whole.len() > 60 && lexicon.stems.len() > 10));
    }

    #[test]
    fn signs_of_feeling() {
        use Language::{English, French, German, Portuguese, Spanish};
        for (language, good, bad) in [
            (English, "I love it, works great", "It crashes all the time, very frustrating"),
            (English, "not bad at all", "the export doesn't work"),
            (German, "Läuft super, vielen Dank", "Das ist leider sehr umständlich"),
            (German, "Gefällt mir gut", "Das ist nicht gut"),
            (French, "C'est génial, merci", "C'est très lent et pénible"),
            (Spanish, "Me encanta, funciona muy bien", "No funciona, es horrible"),
            (Portuguese, "Adoro, muito bom", "Não funciona, péssimo"),
        ] {
            assert!(score(good, language) > 0.2, "{good}: {}", score(good, language));
            assert!(score(bad, language) < -0.2, "{bad}: {}", score(bad, language));
        }
        assert!(score("very good", English) > score("good", English));
        assert!(score("not good", English) > score("terrible", English));
        assert!(score("👎", Language::Other) < 0.0);
        assert!(score("open the settings page", English).abs() < f32::EPSILON);
    }

    proptest! {
        #[test]
        fn stays_in_range(text in "(good |bad |not |very |terrible |, |é|😡|.){0,40}") {
            for language in Language::KNOWN {
                prop_assert!((-1.0..=1.0).contains(&score(&text, language)));
            }
        }
    }
}
