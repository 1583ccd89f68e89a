//! Openings of clauses, written as patterns and matched against lower-case words.
//!
//! A pattern is words with blanks between: `a|b` is either, a trailing `?` makes a word optional, `@` stands for any
//! number of adverbs that change nothing ("really", "just"). Patterns are found by their first word.

use super::token::Token;
use rustc_hash::FxHashMap;

/// Adverbs that may stand anywhere and change nothing.
pub(super) const LIGHT: &[&str] = &[
    "really",
    "just",
    "also",
    "still",
    "please",
    "only",
    "even",
    "ever",
    "now",
    "actually",
    "currently",
    "always",
    "already",
    "simply",
    "kindly",
    "basically",
    "literally",
    "definitely",
    "recently",
    "then",
    "so",
    "very",
    "pls",
    "absolutely",
    "finally",
    "suddenly",
    "again",
    "today",
    "maybe",
    "perhaps",
    "probably",
    "possibly",
    "apparently",
    "obviously",
    "often",
    "usually",
];

#[derive(Debug)]
enum Step {
    Words(Vec<&'static str>, bool),
    Light,
}

/// Patterns with what they lead to, in order; the first that matches counts.
#[derive(Debug)]
pub(super) struct Patterns<T> {
    patterns: Vec<(Vec<Step>, T)>,
    by_first: FxHashMap<&'static str, Vec<usize>>,
}

impl<T: Copy> Patterns<T> {
    pub(super) fn new(rules: &[(&'static str, T)]) -> Self {
        let mut patterns = Vec::new();
        let mut by_first: FxHashMap<&'static str, Vec<usize>> = FxHashMap::default();
        for &(pattern, then) in rules {
            let steps: Vec<Step> = pattern
                .split_whitespace()
                .map(|step| match step {
                    "@" => Step::Light,
                    step => {
                        let bare = step.strip_suffix('?').unwrap_or(step);
                        Step::Words(bare.split('|').collect(), bare.len() < step.len())
                    }
                })
                .collect();
            // An optional first word makes the second one a first word too.
            for step in &steps {
                let Step::Words(words, is_optional) = step else { break };
                for word in words {
                    let known = by_first.entry(word).or_default();
                    if known.last() != Some(&patterns.len()) {
                        known.push(patterns.len());
                    }
                }
                if !is_optional {
                    break;
                }
            }
            patterns.push((steps, then));
        }
        Self { patterns, by_first }
    }

    /// The first pattern that `tokens` open with: how many words it takes and what it leads to.
    pub(super) fn find(&self, tokens: &[Token]) -> Option<(usize, T)> {
        let candidates = self.by_first.get(tokens.first()?.low.as_str())?;
        candidates.iter().find_map(|&at| {
            let (steps, then) = &self.patterns[at];
            taken(steps, tokens).map(|n| (n, *then))
        })
    }
}

/// How many tokens the steps take; none when they do not fit.
fn taken(steps: &[Step], tokens: &[Token]) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else { return Some(0) };
    match step {
        Step::Light => {
            let most = tokens.iter().take_while(|token| LIGHT.contains(&token.low.as_str())).count();
            (0..=most).rev().find_map(|n| taken(rest, &tokens[n..]).map(|more| n + more))
        }
        Step::Words(words, is_optional) => {
            let fits = tokens.first().is_some_and(|token| words.contains(&token.low.as_str()));
            if fits && let Some(more) = taken(rest, &tokens[1..]) {
                return Some(1 + more);
            }
            if *is_optional { taken(rest, tokens) } else { None }
        }
    }
}
