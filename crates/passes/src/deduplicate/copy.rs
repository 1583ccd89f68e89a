//! Whether two texts are one text, written once and kept twice.
//!
//! A copy may lack a greeting or a closing sentence of the other, and may have a typing error mended. Two texts that each
//! name something that the other does not (two reports from one template, the same failure in two versions) are no
//! copies, however much they share.
//! In: two texts of at least a dozen words. Cost: hashing their words.

use crate::cluster::n_common;
use std::collections::BTreeSet;
use throughline_text::{Language, signature, token};

/// Share of word triples in common from which two long texts may be copies: one word changed in eighteen leaves 0.68.
const NEAR_SAME: f64 = 0.6;
/// Share of content words that copies have in common: a greeting and a closing sentence may be one's own.
const SAME_CONTENT: f64 = 0.88;
/// A typing error is in a word of at least this many letters.
const TYPO_LETTERS: usize = 4;

/// Words that turn what a text says into its opposite.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "cannot", "can't", "cant", "don't", "dont", "doesn't", "doesnt", "didn't", "didnt", "won't",
    "isn't", "aren't", "wasn't", "nicht", "kein", "keine", "keinen", "nie", "pas", "jamais", "aucun", "aucune",
    "nunca", "ningún", "ninguna", "não", "nenhum", "nenhuma",
];

/// Whether two long texts are one text.
pub(super) fn is_copy(a: &str, b: &str, language: Language) -> bool {
    if shared(a, b) < NEAR_SAME {
        return false;
    }
    let (in_a, in_b) = (named(a, language), named(b, language));
    let n_both = in_a.intersection(&in_b).count() as f64;
    if n_both < SAME_CONTENT * in_a.len().max(in_b.len()) as f64 {
        return false;
    }
    let (only_a, only_b) = own(&in_a, &in_b);
    let is_turned = only_a.iter().chain(&only_b).any(|word| NEGATIONS.contains(word));
    !is_turned && (only_a.is_empty() || only_b.is_empty())
}

/// Whether two headlines name the same things, but for typing errors.
pub(super) fn is_same_headline(a: &str, b: &str, language: Language) -> bool {
    let (in_a, in_b) = (named(a, language), named(b, language));
    let (only_a, only_b) = own(&in_a, &in_b);
    only_a.is_empty() && only_b.is_empty()
}

/// Words that each of two texts names and the other does not; what is one word mistyped is named by both.
fn own<'a>(in_a: &'a BTreeSet<String>, in_b: &'a BTreeSet<String>) -> (Vec<&'a str>, Vec<&'a str>) {
    let mut only_a: Vec<&str> = in_a.difference(in_b).map(String::as_str).collect();
    let mut only_b: Vec<&str> = in_b.difference(in_a).map(String::as_str).collect();
    only_a.retain(|word| match only_b.iter().position(|other| is_typo(word, other)) {
        Some(at) => {
            only_b.remove(at);
            false
        }
        None => true,
    });
    (only_a, only_b)
}

/// Share of word triples that two texts have in common, 0..=1.
pub(super) fn shared(a: &str, b: &str) -> f64 {
    let (in_a, in_b) = (signature::triples(a), signature::triples(b));
    let n_both = n_common(&in_a, &in_b) as f64;
    n_both / ((in_a.len() + in_b.len()) as f64 - n_both).max(1.0)
}

/// Words that name something, as they are written: content words, numbers, negations.
fn named(text: &str, language: Language) -> BTreeSet<String> {
    let numbers = token::words(text)
        .map(|range| text[range].to_lowercase())
        .filter(|word| word.bytes().any(|b| b.is_ascii_digit()) || NEGATIONS.contains(&word.as_str()));
    let content = token::content_words(text, language).into_iter().map(|word| text[word.range].to_lowercase());
    numbers.chain(content).collect()
}

/// Whether two words are one with a letter too many, too few, wrong, or in the wrong place.
fn is_typo(a: &str, b: &str) -> bool {
    let is_word = |word: &str| word.chars().count() >= TYPO_LETTERS && word.chars().all(char::is_alphabetic);
    if !is_word(a) || !is_word(b) {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(x, y)| x == y).count();
    match (a.len() - head - tail, b.len() - head - tail) {
        (0 | 1, 0 | 1) => true,
        (2, 2) => a[head] == b[head + 1] && a[head + 1] == b[head],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "The export of the monthly hours fails with an error since version 2.53.12 and nobody answers my \
        mails, although the page of your company says that somebody will write back within two days at the latest";

    fn copy(other: &str) -> bool {
        let (one, two) = (is_copy(TEXT, other, Language::English), is_copy(other, TEXT, Language::English));
        assert_eq!(one, two, "a copy is one in both directions");
        one
    }

    #[test]
    fn a_greeting_a_closing_and_a_typing_error_are_no_other_text() {
        assert!(copy(&TEXT.to_uppercase()));
        assert!(copy(&format!("Hello, {TEXT}. Thanks!")));
        assert!(copy(&TEXT.replace("monthly", "montlhy").replace("company", "compny")));
    }

    #[test]
    fn two_texts_that_name_different_things_are_two() {
        assert!(!copy(&TEXT.replace("export", "import")));
        assert!(!copy(&TEXT.replace("2.53.12", "2.53.14")));
        assert!(!copy(&TEXT.replace("hours", "wages")));
        assert!(!copy(&TEXT.replace("nobody answers", "nobody never answers")));
        let same = |a, b| is_same_headline(a, b, Language::English);
        assert!(same("Export of the hours fails", "the export of hours fials"));
        assert!(!same("Export of the hours fails", "Export of the hours and wages fails"));
        assert!(!copy("The export of the monthly hours works again, thank you very much for the quick help"));
    }
}
