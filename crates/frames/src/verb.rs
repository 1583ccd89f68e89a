//! The verb that says what is asked for.
//!
//! In: the words of the asking clause. Out: the verb after "to", "can't", "please", "how do I", or the one that opens an
//! order, carriers such as "want" and "help" skipped; else what the chunker takes for the head.

use crate::pack::Pack;
use crate::pattern::Word;
use std::ops::Range;
use throughline_model::Language;
use throughline_text::chunk;

/// A verb and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) range: Range<usize>,
    pub(crate) lemma: String,
}

/// Verbs that carry another one or tell little: what matters is often further on.
pub(crate) const PLAIN: &[&str] = &[
    "have", "get", "be", "want", "need", "use", "do", "make", "try", "like", "love", "see", "know", "give", "take",
    "let", "help", "think", "go", "say", "wonder", "look", "find", "tell", "keep", "would", "hope", "allow", "ensure",
    "set",
];

/// Carriers that are never the head while another verb follows.
const CARRIERS: &[&str] =
    &["want", "need", "let", "help", "try", "like", "love", "be", "allow", "would", "hope", "go", "ensure", "want"];

/// Words that may stand between a lead and its verb.
const BETWEEN: &[&str] = &[
    "please",
    "just",
    "also",
    "even",
    "really",
    "actually",
    "simply",
    "always",
    "only",
    "still",
    "now",
    "quickly",
    "easily",
    "kindly",
    "directly",
    "automatically",
    "manually",
    "finally",
    "fully",
    "properly",
    "ever",
    "all",
    "then",
    "currently",
    "somehow",
];

/// Words after which a known verb is what is asked for.
const LEADS: &[&str] = &[
    "to",
    "can",
    "can't",
    "cannot",
    "could",
    "couldn't",
    "should",
    "shouldn't",
    "must",
    "will",
    "won't",
    "would",
    "may",
    "might",
    "please",
    "kindly",
    "i",
    "we",
    "you",
    "users",
    "people",
    "customers",
    "admins",
    "me",
    "us",
    "not",
    "don't",
    "doesn't",
    "didn't",
    "did",
    "do",
    "does",
    "let",
    "lets",
    "let's",
    "help",
    "wanna",
    "gonna",
    "and",
    "or",
    "them",
    "someone",
    "anyone",
    "it",
    "he",
    "she",
    "they",
    "staff",
    "members",
    "managers",
    "everyone",
];

/// Words after which a verb in -ing is what is asked for.
const GERUND_LEADS: &[&str] = &[
    "in",
    "of",
    "for",
    "by",
    "with",
    "help",
    "assistance",
    "about",
    "start",
    "without",
    "me",
    "no",
    "when",
    "trouble",
    "problem",
    "problems",
    "issues",
    "support",
    "like",
    "mind",
    "allow",
    "from",
    "after",
    "while",
    "keep",
    "keeps",
    "stop",
    "stopped",
    "am",
    "i'm",
    "tried",
    "trying",
];

/// The head verb of `clause`; `words` are those of the clause, `is_order` whether the clause opens with an order.
pub(crate) fn head(
    text: &str,
    clause: &Range<usize>,
    words: &[Word],
    is_order: bool,
    pack: &Pack,
    language: Language,
) -> Option<Head> {
    let known = |word: &Word| pack.imperatives.contains(word.lemma.as_str());
    let of = |word: &Word| Head { range: word.start..word.end, lemma: word.lemma.clone() };
    let mut carrier = None;
    for (at, word) in words.iter().enumerate() {
        if !known(word) || word.lower.ends_with("ed") {
            continue;
        }
        let before = words[..at].iter().rev().find(|word| !BETWEEN.contains(&word.lower.as_str()));
        let leads = match before {
            None => is_order || at > 0,
            Some(before) if word.lower.ends_with("ing") => GERUND_LEADS.contains(&before.lower.as_str()),
            Some(before) => LEADS.contains(&before.lower.as_str()),
        };
        let is_base = word.lower == word.lemma || word.lower.ends_with("ing");
        if !leads || !is_base {
            continue;
        }
        if CARRIERS.contains(&word.lemma.as_str()) {
            carrier.get_or_insert(at);
        } else {
            return Some(of(word));
        }
    }
    let chunks = chunk::chunk(&text[clause.clone()], crate::words::text_language(language));
    let found = chunks.head_verb().map(|verb| Head {
        range: clause.start + verb.range.start..clause.start + verb.range.end,
        lemma: verb.lemma.clone(),
    });
    match (found, carrier) {
        (Some(found), _) => Some(found),
        (None, at) => at.map(|at| of(&words[at])),
    }
}
