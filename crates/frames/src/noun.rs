//! Noun phrases as people mean them: what the chunker found, mended, and names that it cannot know.
//!
//! In: one sentence. Out: ranges in it, in text order, not overlapping, with what stands before each.

use crate::clause;
use crate::mend;
use crate::pack::Pack;
use std::ops::Range;
use throughline_model::Language;
use throughline_text::chunk::{Chunks, NounPhrase};
use throughline_text::token;

/// An object is a name, not a sentence.
pub(crate) const MAX_WORDS: usize = 6;

/// A phrase that names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noun {
    /// Without article or possessive.
    pub(crate) range: Range<usize>,
    /// Where its article or possessive begins, or `range.start`.
    pub(crate) start: usize,
    /// Written like a name in code.
    pub(crate) is_code: bool,
}

/// Words that a chunker may take for nouns and that never are what is meant.
const NEVER: &[&str] = &[
    "own",
    "help",
    "what's",
    "trouble",
    "pls",
    "possible",
    "longer",
    "looks",
    "came",
    "hello",
    "hi",
    "hey",
    "wanna",
    "gonna",
    "else",
    "following",
    "young",
    "old",
    "back",
    "click",
    "please",
    "thanks",
    "thank",
    "https",
    "http",
    "www",
    "i'm",
    "able",
    "sure",
    "none",
    "others",
    "wondering",
    "yeah",
    "ok",
    "okay",
    "etc",
    "lot",
    "lots",
    "bit",
    "available",
    "necessary",
    "required",
    "supposed",
    "allowed",
    "instead",
    "anymore",
    "asap",
    "good",
    "great",
    "nice",
    "fine",
    "right",
    "correct",
    "morning",
    "afternoon",
    "evening",
    "way",
    "ability",
    "possibility",
    "like",
    "want",
    "need",
    "let",
    "hope",
    "wish",
    "love",
    "try",
    "trying",
    "going",
    "used",
    "don't",
    "same",
    "new",
    "many",
    "much",
    "more",
    "plz",
    "via",
    "per",
    "among",
    "above",
    "past",
    "there's",
    "whats",
    "whos",
    "changed",
];

/// Verbs that open an order even when a bare noun follows: "check alarms", but not "search field".
const OPENING: &[&str] = &[
    "check",
    "find",
    "add",
    "make",
    "get",
    "create",
    "remove",
    "delete",
    "show",
    "give",
    "buy",
    "enroll",
    "cancel",
    "change",
    "read",
    "send",
    "allow",
    "support",
    "enable",
    "disable",
    "fix",
    "include",
    "implement",
    "provide",
    "pay",
    "use",
    "turn",
    "play",
    "set",
    "tell",
    "bring",
    "put",
    "improve",
    "need",
    "start",
    "open",
    "call",
    "access",
    "respond",
    "list",
    "adding",
    "removing",
    "making",
];

/// Nouns written in two parts, the first of which is also a verb.
const PHRASAL: &[&str] =
    &["top", "pop", "back", "set", "sign", "log", "check", "start", "add", "roll", "drop", "plug", "follow"];

/// The nouns of `sentence`, whose chunks are given.
pub(crate) fn nouns(sentence: &str, chunks: &Chunks, pack: &Pack, language: Language) -> Vec<Noun> {
    let codes = code_names(sentence);
    let taken = addresses(sentence);
    let overlaps = |others: &[Range<usize>], range: &Range<usize>| {
        others.iter().any(|other| other.start < range.end && range.start < other.end)
    };
    let mut found: Vec<Noun> = chunks
        .phrases
        .iter()
        .filter(|phrase| !overlaps(&codes, &phrase.range) && !overlaps(&taken, &phrase.range))
        .flat_map(|phrase| split_at_verb(sentence, phrase, pack))
        .filter_map(|phrase| {
            let range = trimmed(sentence, &phrase.range, pack)?;
            let start =
                if range.start == phrase.range.start { phrase.whole.start.min(range.start) } else { range.start };
            Some(Noun { range, start, is_code: false })
        })
        .collect();
    found.extend(codes.into_iter().map(|range| Noun { start: range.start, range, is_code: true }));
    if let Some(range) = bare_subject(sentence)
        && !found.iter().any(|noun| overlaps(std::slice::from_ref(&range), &noun.range))
    {
        found.push(Noun { start: range.start, range, is_code: false });
    }
    for noun in &mut found {
        noun.range = cut_to_words(sentence, noun.range.clone());
        noun.start = noun.start.min(noun.range.start);
    }
    found.retain(|noun| !noun.range.is_empty());
    found.sort_by_key(|noun| noun.range.start);
    if matches!(language, Language::En | Language::Unknown) {
        found = mend::mend(sentence, found, pack);
    }
    mend::join_hyphens(sentence, &mut found);
    found.dedup_by(|later, earlier| later.range.start < earlier.range.end);
    found
}

/// Words after which a form in -s is the verb of what stands before it: "Undo jumps back twenty steps".
const AFTER_FINITE: &[&str] = &[
    "a", "an", "the", "my", "our", "your", "its", "their", "this", "that", "no", "not", "only", "all", "every", "each",
    "any", "back", "up", "out", "off", "down", "away", "itself", "again", "instead", "when", "after", "before", "as",
    "if", "into", "me", "us", "you", "it", "them", "nothing", "twice", "too", "very", "like", "because", "until",
    "while", "once", "without", "wrong", "blank", "empty", "last",
];
/// Verbs of failing things that open no order.
pub(crate) const FINITE: &[&str] = &[
    "die",
    "jump",
    "skip",
    "lose",
    "arrive",
    "vanish",
    "disappear",
    "stay",
    "reset",
    "hang",
    "freeze",
    "crash",
    "drop",
    "lag",
    "flicker",
    "overlap",
    "ignore",
    "reject",
    "refuse",
    "leak",
    "spin",
    "stutter",
    "fail",
    "break",
    "quit",
    "happen",
    "come",
    "appear",
    "keep",
    "turn",
    "shrink",
    "double",
    "ring",
    "sit",
    "stick",
    "cover",
    "overwrite",
    "duplicate",
    "return",
    "give",
    "throw",
    "raise",
    "accept",
    "expire",
    "bring",
    "tell",
    "ask",
    "use",
    "take",
    "cut",
    "fire",
    "swallow",
    "truncate",
    "corrupt",
    "scramble",
    "forget",
    "revert",
    "produce",
];

/// A phrase that holds its own verb, cut into what stands before and after it: "moon widget shows last week", and after
/// "let" the people and what they do: "people fix typos".
fn split_at_verb(sentence: &str, phrase: &NounPhrase, pack: &Pack) -> Vec<NounPhrase> {
    let slice = &sentence[phrase.range.clone()];
    let words: Vec<Range<usize>> =
        token::words(slice).map(|word| phrase.range.start + word.start..phrase.range.start + word.end).collect();
    let lower = |range: &Range<usize>| sentence[range.clone()].to_lowercase();
    let is_let =
        matches!(last_word(&sentence[..phrase.whole.start]).as_str(), "let" | "lets" | "allow" | "make" | "have");
    let cut = (1..words.len()).find(|&at| {
        let word = lower(&words[at]);
        if is_let {
            return pack.imperatives.contains(&word);
        }
        let next = words.get(at + 1).map_or_else(
            || {
                let rest = &sentence[words[at].end..];
                token::words(rest)
                    .next()
                    .filter(|next| rest[..next.start].trim().is_empty())
                    .map(|next| rest[next].to_lowercase())
            },
            |next| Some(lower(next)),
        );
        let lemma = throughline_text::stem::lemma(&word, throughline_text::Language::English);
        let can_be_verb = pack.imperatives.contains(&lemma) || FINITE.contains(&lemma.as_str());
        let is_led = next.is_some_and(|next| {
            AFTER_FINITE.contains(&next.as_str()) || next.starts_with(|c: char| c.is_ascii_digit())
        });
        word.ends_with('s') && word != lemma && can_be_verb && is_led && phrase.range.start <= 4
    });
    let Some(cut) = cut else {
        return vec![phrase.clone()];
    };
    let mut parts = Vec::new();
    let before = phrase.range.start..words[cut - 1].end;
    parts.push(NounPhrase { head: words[cut - 1].clone(), whole: phrase.whole.start..before.end, range: before });
    if let (Some(first), Some(last)) = (words.get(cut + 1), words.last()) {
        let after = first.start..last.end;
        parts.push(NounPhrase { head: last.clone(), whole: after.clone(), range: after });
    }
    parts
}

/// A phrase as people mean it: without a verb the chunker took in at either end, with the second half of "top up".
fn trimmed(sentence: &str, range: &Range<usize>, pack: &Pack) -> Option<Range<usize>> {
    let mut range = range.clone();
    let mut previous = last_word(&sentence[..range.start]);
    loop {
        let slice = &sentence[range.clone()];
        let first_len = slice.find(is_gap).unwrap_or(slice.len());
        let first = slice[..first_len].to_lowercase();
        let is_alone = first_len == slice.len();
        let is_led =
            matches!(previous.as_str(), "please" | "help" | "to" | "wanna" | "you" | "and" | "i" | "just" | "kindly");
        let is_verb = is_led && pack.imperatives.contains(&first)
            || previous.is_empty() && !is_alone && OPENING.contains(&first.as_str());
        if !is_verb && !NEVER.contains(&first.as_str()) {
            break;
        }
        if is_alone {
            return None;
        }
        let skip = slice[first_len..].find(char::is_alphanumeric)?;
        range.start += first_len + skip;
        previous = first;
    }
    loop {
        let slice = &sentence[range.clone()];
        let last_at = slice.rfind(is_gap).map_or(0, |at| at + slice[at..].chars().next().map_or(1, char::len_utf8));
        let last = slice.get(last_at..).unwrap_or_default().to_lowercase();
        if last_at > 0
            && matches!(
                last.as_str(),
                "work"
                    | "works"
                    | "working"
                    | "anymore"
                    | "own"
                    | "pls"
                    | "please"
                    | "asap"
                    | "back"
                    | "away"
                    | "again"
                    | "ago"
                    | "themselves"
                    | "itself"
                    | "myself"
                    | "ourselves"
                    | "yourself"
            )
        {
            range.end = range.start + slice[..last_at].trim_end_matches(|c: char| !c.is_alphanumeric()).len();
            continue;
        }
        let rest = &sentence[range.end..];
        let particle = rest.strip_prefix([' ', '-']).unwrap_or_default();
        let len = particle.find(|c: char| !c.is_alphanumeric()).unwrap_or(particle.len());
        if PHRASAL.contains(&last.as_str())
            && matches!(&particle[..len], "up" | "ups" | "in" | "ins" | "out" | "on" | "ons" | "down" | "off")
        {
            range.end += 1 + len;
        }
        break;
    }
    (!sentence[range.clone()].trim().is_empty()).then_some(range)
}

fn is_gap(c: char) -> bool {
    !c.is_alphanumeric() && c != '\'' && c != '’'
}

/// The last word of a text in lower case; empty at its start and after a mark.
fn last_word(text: &str) -> String {
    let text = text.trim_end();
    text.rsplit(is_gap).next().unwrap_or_default().to_lowercase()
}

/// Web and mail addresses.
fn addresses(sentence: &str) -> Vec<Range<usize>> {
    tokens(sentence)
        .filter(|token| {
            let token = &sentence[token.clone()];
            token.contains("://") || token.contains("www.") || token.contains('@')
        })
        .collect()
}

/// Runs without white space.
fn tokens(sentence: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &sentence[at..];
        let start = at + rest.len() - rest.trim_start().len();
        if start == sentence.len() {
            return None;
        }
        let len = sentence[start..].find(char::is_whitespace).unwrap_or(sentence.len() - start);
        at = start + len;
        Some(start..at)
    })
}

/// The word before a leading "is", "doesn't" ...: a subject even when it is not known as a noun.
fn bare_subject(sentence: &str) -> Option<Range<usize>> {
    let mut words = token::words(sentence);
    let first = words.next()?;
    let second = words.next()?;
    let lower = sentence[first.clone()].to_lowercase();
    let is_pronoun = matches!(
        lower.as_str(),
        "i" | "it"
            | "this"
            | "that"
            | "there"
            | "what"
            | "who"
            | "where"
            | "why"
            | "how"
            | "when"
            | "which"
            | "they"
            | "we"
            | "you"
            | "he"
            | "she"
            | "these"
            | "those"
            | "here"
            | "all"
            | "everything"
            | "nothing"
            | "something"
            | "if"
            | "and"
            | "but"
            | "is"
            | "do"
            | "does"
            | "can"
            | "so"
            | "also"
            | "still"
    );
    (!is_pronoun && !NEVER.contains(&lower.as_str()) && before_subject_verb(&sentence[second].to_lowercase()))
        .then_some(first)
}

/// Forms that a subject stands before.
pub(crate) fn before_subject_verb(word: &str) -> bool {
    matches!(
        word,
        "is" | "are"
            | "was"
            | "were"
            | "isn't"
            | "aren't"
            | "wasn't"
            | "weren't"
            | "has"
            | "have"
            | "hasn't"
            | "haven't"
            | "does"
            | "do"
            | "doesn't"
            | "don't"
            | "did"
            | "didn't"
            | "will"
            | "won't"
            | "can"
            | "can't"
            | "cannot"
            | "should"
            | "not"
            | "never"
            | "still"
            | "no"
            | "keeps"
            | "fails"
            | "failed"
            | "stopped"
            | "crashes"
            | "would"
            | "been"
            | "got"
            | "needs"
            | "must"
    )
}

/// Tokens written like names in code: `Element.scrollIntoView`, `nsMsgCompose::Tag`, `browser.search.openintab`, `/join`.
fn code_names(sentence: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for token in tokens(sentence) {
        let slice = &sentence[token.clone()];
        let is_opening = |c: char| matches!(c, '(' | '"' | '\'' | '`' | '[' | '“' | '*' | '|');
        let left = slice.len() - slice.trim_start_matches(is_opening).len();
        let is_edge = |c: char| is_opening(c) || matches!(c, ')' | ',' | ';' | ':' | '!' | '?' | '.' | ']' | '”');
        let name = slice.trim_matches(is_edge);
        if name.len() < 3 || name.len() > 60 || name.contains("://") || name.starts_with("www.") || name.contains('@') {
            continue;
        }
        let has_inner_dot = name.match_indices('.').any(|(dot, _)| {
            dot > 0 && name[dot + 1..].starts_with(char::is_alphabetic) && name[..dot].ends_with(char::is_alphanumeric)
        });
        let has_inner_capital =
            name.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
        let is_code = (slice.starts_with('`') && slice[1..].contains('`'))
            || name.contains("::")
            || name.contains("()")
            || has_inner_dot
            || (name.contains('_') && name.is_ascii())
            || (name.starts_with('/') && name[1..].starts_with(char::is_alphabetic) && !name[1..].contains('/'))
            || (name.starts_with('<') && name.ends_with('>'))
            || has_inner_capital;
        // "SeaMonkey", "GitHub", "iPhone": a capital inside alone is a brand as often as a name in code.
        let is_brand = has_inner_capital && !name.contains(['.', ':', '_', '(']) && name.len() < 12;
        if is_code && !is_brand {
            let start = token.start + left;
            found.push(start..start + name.len());
        }
    }
    found
}

/// The last [`MAX_WORDS`] words of a range, without marks at its ends.
fn cut_to_words(sentence: &str, range: Range<usize>) -> Range<usize> {
    let slice = &sentence[range.clone()];
    let starts: Vec<usize> = tokens(slice).map(|token| token.start + range.start).collect();
    let start = starts.len().checked_sub(MAX_WORDS).map_or(range.start, |at| starts[at]);
    let is_name = slice.starts_with(['/', '<']);
    if is_name { range } else { clause::trim(sentence, start..range.end) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack;
    use throughline_text::{Language as TextLanguage, chunk::chunk};

    fn found(sentence: &str) -> Vec<&str> {
        let pack = pack::of(Language::En).unwrap();
        nouns(sentence, &chunk(sentence, TextLanguage::English), pack, Language::En)
            .into_iter()
            .map(|noun| &sentence[noun.range])
            .collect()
    }

    #[test]
    fn verbs_and_fillers_stay_out() {
        assert_eq!(found("please help file a health claim"), ["health claim"]);
        assert_eq!(found("How do I make my virtual card work?"), ["virtual card"]);
        assert_eq!(found("Contactless isn't working"), ["Contactless"]);
        assert_eq!(found("Why was my top-up reverted?"), ["top-up"]);
    }

    #[test]
    fn names_of_code_are_one_noun() {
        assert_eq!(found("nsMsgCompose::TagConvertible is wrong"), ["nsMsgCompose::TagConvertible"]);
        assert!(found("see https://example.org/page for more").iter().all(|noun| !noun.contains("example")));
    }
}
