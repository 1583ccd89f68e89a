//! Nouns that a chunker of word classes misses or takes too much of, mended by what stands beside them.
//!
//! In: an English sentence and the nouns found. Out: the nouns, with verbs cut off ("no way to *tie* a complaint", "the
//! *salary arrives*"), with words that only their place makes a noun ("replies to *comments*", "*Printing* a letter gives
//! blank pages"), and with words joined by a hyphen kept together ("*sign-off* by the client").
//! Invariant: nouns stay in order and do not overlap.

use crate::noun::{FINITE, Noun};
use crate::object;
use crate::pack::Pack;
use std::ops::Range;
use throughline_text::closed_class::is_function_word;
use throughline_text::{Language, stem, token};

/// What a word must be followed by to be a verb: its object begins.
const BEFORE_OBJECT: &[&str] = &[
    "a", "an", "the", "my", "our", "your", "his", "her", "their", "its", "this", "that", "these", "those", "me", "us",
    "it", "them", "him", "you", "all", "some", "any", "every", "each", "another", "more", "several", "both", "up",
    "out", "off", "down", "back", "together", "away",
];
/// Words after which a word that begins an object is a verb.
const BEFORE_VERB: &[&str] = &[
    "to", "can", "can't", "cannot", "could", "couldn't", "should", "would", "will", "won't", "must", "might", "i",
    "we", "they", "he", "she", "who", "not", "don't", "doesn't", "didn't", "please", "never", "always", "and",
];
/// Words that let somebody do something.
const LETTING: &[&str] = &["let", "lets", "allow", "allows", "make", "help", "helps"];
/// Verbs in -s that are hardly ever nouns.
const NO_NOUN: &[&str] = &[
    "arrives",
    "appears",
    "disappears",
    "vanishes",
    "comes",
    "goes",
    "takes",
    "gets",
    "gives",
    "keeps",
    "makes",
    "says",
    "seems",
    "stays",
    "sits",
    "happens",
    "becomes",
    "spams",
    "skips",
    "returns",
    "ignores",
    "refuses",
    "loses",
    "jumps",
    "hangs",
    "freezes",
    "lags",
    "stops",
    "fails",
    "works",
    "loads",
    "opens",
    "closes",
    "puts",
    "mixes",
    "buzzes",
    "deletes",
    "owns",
    "needs",
    "wants",
    "lets",
    "shows",
];
/// Prepositions after which a word is a noun whatever else it could be; a verb would stand in -ing or after "to".
const BEFORE_NOUN: &[&str] =
    &["about", "of", "on", "for", "into", "from", "with", "in", "between", "among", "per", "without", "over"];

/// Past forms that are no nouns.
const PAST: &[&str] = &[
    "ran", "went", "came", "saw", "did", "got", "took", "made", "gave", "said", "told", "lost", "kept", "sent",
    "wrote", "knew", "thought", "began", "became", "broke", "froze", "quit",
];

struct Word {
    range: Range<usize>,
    lower: String,
    /// Nothing but white space stands between it and the one before.
    follows: bool,
    /// A hyphen joins it with the one after.
    is_joined: bool,
}

fn words(sentence: &str) -> Vec<Word> {
    let mut end = 0;
    token::words(sentence)
        .map(|range| {
            let follows = end > 0 && sentence[end..range.start].trim().is_empty();
            end = range.end;
            let is_joined = sentence[end..].starts_with('-') && sentence[end + 1..].starts_with(char::is_alphanumeric);
            Word { is_joined, lower: sentence[range.clone()].to_lowercase().replace('’', "'"), range, follows }
        })
        .collect()
}

fn lemma(word: &str) -> String {
    stem::lemma(word, Language::English)
}

/// A form in -s of something that is done.
fn is_finite(word: &str, pack: &Pack) -> bool {
    let base = lemma(word);
    NO_NOUN.contains(&word)
        || word.ends_with('s') && base != word && (pack.imperatives.contains(&base) || FINITE.contains(&base.as_str()))
}

/// A form that can be the plural of something.
fn is_plural(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && lemma(word) != word
        || matches!(word, "people" | "staff" | "children" | "men" | "women")
}

/// The nouns of an English sentence, mended.
pub(crate) fn mend(sentence: &str, nouns: Vec<Noun>, pack: &Pack) -> Vec<Noun> {
    let words = words(sentence);
    let mut mended: Vec<Noun> = Vec::with_capacity(nouns.len() + 1);
    for noun in nouns {
        if noun.is_code {
            mended.push(noun);
        } else {
            mended.extend(without_verbs(&words, &noun, pack));
        }
    }
    let is_free = |mended: &[Noun], range: &Range<usize>| {
        !mended.iter().any(|noun| noun.range.start < range.end && range.start < noun.range.end)
    };
    let missed: Vec<Range<usize>> = (0..words.len())
        .filter(|&at| is_missed(&words, at, pack))
        .map(|at| words[at].range.clone())
        .filter(|range| is_free(&mended, range))
        .collect();
    mended.extend(missed.into_iter().map(|range| Noun { start: range.start, range, is_code: false }));
    mended.sort_by_key(|noun| noun.range.start);
    mended
}

/// A noun without the verbs in it: what stands before and after them.
fn without_verbs(words: &[Word], noun: &Noun, pack: &Pack) -> Vec<Noun> {
    let from = words.partition_point(|word| word.range.start < noun.range.start);
    let to = words.partition_point(|word| word.range.end <= noun.range.end);
    let is_verb = |at: usize| is_verb(words, from, to, at, pack);
    if !(from..to).any(is_verb) {
        return vec![noun.clone()];
    }
    let mut parts: Vec<Noun> = Vec::new();
    let mut at = from;
    while at < to {
        if is_verb(at) {
            at += 1;
            continue;
        }
        let start = at;
        while at < to && !is_verb(at) {
            at += 1;
        }
        let range = words[start].range.start..words[at - 1].range.end;
        parts.push(Noun { start: if start == from { noun.start } else { range.start }, range, is_code: false });
    }
    parts
}

/// Whether the word at `at` of the noun `from..to` is a verb.
fn is_verb(words: &[Word], from: usize, to: usize, at: usize, pack: &Pack) -> bool {
    let word = &words[at];
    let before = |back: usize| {
        at.checked_sub(back)
            .filter(|_| (at + 1 - back..=at).all(|at| words[at].follows))
            .map_or("", |at| &words[at].lower)
    };
    let next = words.get(at + 1).filter(|next| next.follows).map_or("", |next| next.lower.as_str());
    let opens_object = BEFORE_OBJECT.contains(&next) && at + 1 >= to;
    let is_base = !word.lower.ends_with('s') && !word.lower.ends_with("ing");
    let base = lemma(&word.lower);
    let is_failing = FINITE.contains(&base.as_str());
    let is_known = pack.imperatives.contains(&base) || is_failing;
    if at == from {
        let is_led = BEFORE_VERB.contains(&before(1))
            || LETTING.contains(&before(2)) && matches!(before(1), "me" | "us" | "you" | "them" | "people" | "users");
        return is_led && opens_object && (is_base || matches!(before(1), "who" | "he" | "she"))
            || before(1) == "who" && is_finite(&word.lower, pack)
            || to == from + 1 && is_failing && word.lower != base && opens_object && is_number(before(1))
            || at == 1 && NO_NOUN.contains(&word.lower.as_str()) && !is_function_word(before(1), Language::English);
    }
    let previous = words[at - 1].lower.as_str();
    // "Let players vote for a map": whoever is let does something.
    let first_before = from.checked_sub(1).map_or("", |at| words[at].lower.as_str());
    if LETTING.contains(&first_before) && at == from + 1 && is_base && object::is_person(previous) {
        return true;
    }
    let is_led = opens_object || next.starts_with(|c: char| c.is_ascii_digit()) || at + 1 < to;
    // "Notifications arrive three hours late": a plural and a verb in base form.
    let ends = next.is_empty() || is_function_word(next, Language::English);
    let after_plural = is_plural(previous) && is_base && from == 0 && (is_known && opens_object || is_failing && ends);
    // "My salary arrives", "the app spams me": nothing else such a form could be.
    let after_singular = NO_NOUN.contains(&word.lower.as_str()) && !is_plural(previous) && (is_led || at + 1 == to);
    after_plural || after_singular || PAST.contains(&word.lower.as_str())
}

/// Whether a word that is part of no noun is one here.
fn is_missed(words: &[Word], at: usize, pack: &Pack) -> bool {
    let word = &words[at];
    let lower = word.lower.as_str();
    if lower.len() < 3 || is_function_word(lower, Language::English) || lower.contains('\'') || is_number(lower) {
        return false;
    }
    let next = words.get(at + 1).filter(|next| next.follows).map_or("", |next| next.lower.as_str());
    let before = at.checked_sub(1).filter(|_| word.follows).map_or("", |at| words[at].lower.as_str());
    let is_ing = lower.ends_with("ing");
    if at == 0 {
        // "Printing a letter gives blank pages", "Import skips every second line", "Sync with the calendar stops".
        let verb = words.iter().enumerate().skip(1).take(6).find(|(_, word)| is_finite(&word.lower, pack));
        let is_before_verb = verb.is_some_and(|(verb, word)| {
            if verb == 1 { NO_NOUN.contains(&word.lower.as_str()) } else { is_ing || PLACED.contains(&next) }
        });
        return (is_before_verb || word.is_joined) && !is_finite(lower, pack) && !lower.ends_with("ed");
    }
    let ends = next.is_empty() || is_function_word(next, Language::English);
    match before {
        // "I can't reply to comments": no infinitive ends so.
        "to" => is_plural(lower) && ends,
        before if BEFORE_NOUN.contains(&before) => ends && !(is_ing && BEFORE_OBJECT.contains(&next)),
        _ => false,
    }
}

/// Prepositions that may stand between the subject of a sentence and its verb.
const PLACED: &[&str] = &["with", "of", "by", "from", "in", "on", "for", "during", "to"];

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Words joined by a hyphen belong together, and with the noun right after them: "read-only dashboard", "sign-off".
pub(crate) fn join_hyphens(sentence: &str, nouns: &mut Vec<Noun>) {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    for noun in nouns.iter_mut().filter(|noun| !noun.is_code) {
        loop {
            let rest = &sentence[noun.range.end..];
            let Some(joined) = rest.strip_prefix('-').filter(|joined| is_word(joined.chars().next())) else { break };
            let len = joined.find(|c: char| !c.is_alphanumeric()).unwrap_or(joined.len());
            noun.range.end += 1 + len;
        }
        loop {
            let left = &sentence[..noun.range.start];
            let Some(joined) = left.strip_suffix('-').filter(|joined| is_word(joined.chars().next_back())) else {
                break;
            };
            let len: usize = joined.chars().rev().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum();
            noun.range.start -= 1 + len;
            noun.start = noun.start.min(noun.range.start);
        }
    }
    let mut joined: Vec<Noun> = Vec::with_capacity(nouns.len());
    for noun in nouns.drain(..) {
        match joined.last_mut() {
            Some(last) if noun.range.start < last.range.end => last.range.end = last.range.end.max(noun.range.end),
            Some(last)
                if !last.is_code
                    && !noun.is_code
                    && noun.start == noun.range.start
                    && sentence[last.range.clone()].contains('-')
                    && &sentence[last.range.end..noun.range.start] == " " =>
            {
                last.range.end = noun.range.end;
            }
            _ => joined.push(noun),
        }
    }
    *nouns = joined;
}

#[cfg(test)]
mod tests {
    use crate::{noun, pack};
    use throughline_model::Language;
    use throughline_text::{Language as TextLanguage, chunk::chunk};

    fn found(sentence: &str) -> Vec<&str> {
        let pack = pack::of(Language::En).unwrap();
        let nouns = noun::nouns(sentence, &chunk(sentence, TextLanguage::English), pack, Language::En);
        nouns.into_iter().map(|noun| &sentence[noun.range]).collect()
    }

    #[test]
    fn verbs_are_no_nouns() {
        assert_eq!(found("No way to tie a complaint to the order."), ["complaint", "order"]);
        assert_eq!(found("Let players vote for a map"), ["players", "map"]);
        assert_eq!(found("The app spams me with notifications"), ["app", "notifications"]);
        assert_eq!(found("Desktop notifications show the raw HTML"), ["Desktop notifications", "raw HTML"]);
        assert_eq!(found("Nobody knows who owns a request."), ["request"]);
    }

    #[test]
    fn place_makes_a_noun() {
        assert_eq!(found("I can't reply to comments from the phone."), ["comments", "phone"]);
        assert_eq!(found("Statistics about sleep would be great."), ["Statistics", "sleep"]);
        assert_eq!(found("Printing a letter gives blank pages"), ["Printing", "letter", "blank pages"]);
        assert_eq!(found("Import skips every second line"), ["Import", "line"]);
    }

    #[test]
    fn hyphens_join() {
        assert_eq!(found("Sign-off by the client inside the tool"), ["Sign-off", "client", "tool"]);
        assert_eq!(found("I want to send a read-only dashboard to a client"), ["read-only dashboard", "client"]);
        assert_eq!(found("please change my pick-up time"), ["pick-up time"]);
    }
}
