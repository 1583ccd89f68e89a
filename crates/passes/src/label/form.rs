//! The form of a label: what is left out, where a phrase may end, and whether it can stand alone.
//!
//! In: a phrase as words. Out: shorter phrases that end where a phrase may end ([`endings`]), and a verdict
//! ([`is_well_formed`]). Invariant: what [`endings`] gives is well formed.

use super::pattern::LIGHT;
use super::token::{BASES, Tag, Token};
use throughline_text::calendar;

/// Words in a label at most.
pub(super) const MOST_WORDS: usize = 8;

/// Words of time and courtesy that may go from the end.
const TRAILING: &[&str] = &[
    "today",
    "yesterday",
    "tomorrow",
    "now",
    "anymore",
    "asap",
    "immediately",
    "again",
    "though",
    "too",
    "either",
    "please",
    "thanks",
    "thank",
    "here",
    "there",
    "soon",
    "right",
    "earlier",
    "later",
    "yet",
    "ago",
    "quickly",
    "urgently",
    "still",
    "so",
    "also",
    "anyway",
    "ever",
    "already",
    "currently",
    "instead",
    "pls",
    "morning",
    "tonight",
    "all",
    "well",
    "much",
    "etc",
    "me",
    "us",
    "recently",
    "myself",
    "then",
    "hello",
    "actually",
];

/// Prepositions that are part of their verb when nothing follows: "log in", "turn off".
const PARTICLES: &[&str] = &["up", "in", "out", "off", "on", "down", "through", "over", "back", "away", "around"];

/// Verbs that say nothing without their object.
const NEEDS_OBJECT: &[&str] = &[
    "get", "make", "take", "have", "want", "need", "use", "give", "send", "add", "set", "find", "do", "put", "see",
    "know", "let", "keep", "go", "receive", "got", "made", "took", "used", "gave", "needed", "wanted", "found",
    "having", "getting", "using", "making", "taking", "giving", "adding", "like", "seem", "seems", "become", "becomes",
    "becoming", "cause", "causes", "caused", "tell", "ask", "be", "is", "are", "was", "were", "has", "had", "being",
    "been", "keeps", "trying", "try", "tried", "get", "gets", "show", "said", "says", "contains", "allow", "allows",
    "require", "requires", "include", "includes", "provide", "want", "did", "does", "put", "left", "brought", "expect",
    "think", "sure", "able", "unable", "said", "start", "starts", "feel", "came", "comes", "coming", "went", "goes",
];

/// Adjectives that wait for their noun.
pub(super) const WAITING: &[&str] = &[
    "new",
    "old",
    "other",
    "same",
    "different",
    "next",
    "last",
    "first",
    "second",
    "own",
    "main",
    "several",
    "certain",
    "various",
    "specific",
    "single",
    "whole",
    "entire",
    "current",
    "previous",
    "recent",
    "additional",
    "extra",
    "such",
    "good",
    "bad",
    "big",
    "few",
    "many",
    "more",
    "most",
    "less",
    "much",
    "only",
    "good",
    "best",
    "better",
    "proper",
    "possible",
    "following",
    "important",
    "non",
    "multi",
    "pre",
    "sub",
    "re",
    "vs",
    "eg",
    "ie",
    "mr",
    "mrs",
    "dear",
    "kind",
    "sort",
    "type",
    "way",
    "thing",
    "things",
];

/// Nouns that say nothing alone.
const EMPTY: &[&str] = &[
    "way",
    "ways",
    "thing",
    "things",
    "problem",
    "problems",
    "issue",
    "issues",
    "reason",
    "reasons",
    "question",
    "questions",
    "help",
    "assistance",
    "information",
    "info",
    "something",
    "anything",
    "lot",
    "bit",
    "idea",
    "option",
    "options",
    "time",
    "times",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "case",
    "cases",
    "point",
    "fact",
    "kind",
    "sort",
    "type",
    "part",
    "people",
    "person",
    "guys",
    "user",
    "users",
    "customer",
    "customers",
    "app",
    "system",
    "today",
    "steps",
    "step",
    "result",
    "results",
    "bug",
    "feature",
    "one",
    "ones",
    "everyone",
    "moment",
    "minutes",
    "minute",
    "hour",
    "hours",
    "example",
    "request",
    "yes",
    "no",
    "ok",
    "able",
    "unable",
    "sure",
    "stuff",
    "place",
    "end",
    "start",
    "side",
    "number",
    "set",
    "make",
    "get",
    "go",
    "need",
    "want",
    "know",
    "explanation",
    "possible",
    "update",
    "version",
    "release",
    "error",
    "message",
    "morning",
    "thanks",
    "hello",
    "fix",
];

/// Words of counting, and of the forms that reports are filled in on: a label needs more than these.
const FORM: &[&str] = &[
    "quarter",
    "century",
    "decade",
    "ago",
    "two",
    "hundred",
    "thousand",
    "million",
    "reproduce",
    "reproducible",
    "reproduced",
    "actual",
    "expected",
    "screenshot",
    "screenshots",
    "attached",
    "attachment",
    "notes",
    "build",
    "installation",
    "working",
    "works",
    "last",
    "next",
    "same",
    "different",
    "fixed",
    "patch",
    "regression",
    "github",
    "description",
    "summary",
    "details",
    "test",
    "testcase",
    "behavior",
    "behaviour",
    "everything",
    "nothing",
];

/// Whether a word says when: a day, a month, a part of a day.
pub(super) fn is_date(token: &Token) -> bool {
    let word = token.low.as_str();
    calendar::weekday(word).is_some() || calendar::month(word).is_some() || calendar::is_part_of_day(word)
}

/// The clause in its parts: cut before words that open another clause with its own subject.
pub(super) fn parts(clause: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 1..clause.len().saturating_sub(1) {
        let (token, next) = (&clause[at], &clause[at + 1]);
        let has_subject =
            matches!(next.tag, Tag::Subject | Tag::Pronoun | Tag::Possessive | Tag::Article | Tag::Determiner)
                || next.is(&[
                    "there", "i'm", "i've", "it's", "please", "how", "what", "why", "when", "can", "could", "is",
                ])
                || clause
                    .get(at + 2)
                    .is_some_and(|word| matches!(word.tag, Tag::Be | Tag::Have | Tag::Do | Tag::Modal));
        let joins =
            matches!(token.tag, Tag::Conjunction) || token.is(&["since", "as", "until", "before", "after", "where"]);
        let asks = token.tag == Tag::Question && matches!(next.tag, Tag::Be | Tag::Have | Tag::Do | Tag::Modal);
        let turns = asks
            || token.is(&["please"]) && next.tag == Tag::Verb
            || token.is(&["i", "i'm", "i've"])
                && clause[at - 1].tag == Tag::Noun
                && at > 4
                && token.written.starts_with('I')
                && next.tag == Tag::Modal;
        if joins && has_subject && at > start + 1 {
            parts.push(&clause[start..at]);
            start = at + 1;
        } else if turns && at > start + 1 {
            parts.push(&clause[start..at]);
            start = at;
        }
    }
    parts.push(&clause[start..]);
    parts
}

/// Without courtesy, possessives, and the writer as receiver: "send me my card" is "send card".
pub(super) fn tidy(phrase: &[Token]) -> Vec<Token> {
    let mut tidy: Vec<Token> = Vec::with_capacity(phrase.len());
    for (at, token) in phrase.iter().enumerate() {
        let last = tidy.last().cloned();
        let drops = match token.tag {
            Tag::Possessive if token.is(&["my", "our", "your"]) => {
                // "one of my cards", "where my card is".
                if phrase[0].tag == Tag::Question
                    || last.as_ref().is_some_and(|last| last.is(&["of", "both", "between"]))
                {
                    tidy.push(Token::new("the", Tag::Article));
                }
                true
            }
            Tag::Adverb => token.is(&[
                "please",
                "just",
                "also",
                "already",
                "really",
                "actually",
                "currently",
                "basically",
                "simply",
                "literally",
                "kindly",
                "even",
                "very",
                "ever",
                "always",
                "only",
                "pls",
                "apparently",
                "probably",
                "maybe",
                "perhaps",
                "definitely",
            ]),
            Tag::Pronoun => {
                token.is(&["me", "us"])
                    && last.as_ref().is_some_and(|last| matches!(last.tag, Tag::Verb | Tag::Past | Tag::Ing))
                    && at + 1 < phrase.len()
            }
            _ => false,
        };
        let drops = drops || last.is_some_and(|last| last.is(&["your", "my", "our"])) || token.is(&["own"]);
        if !drops && tidy.last().is_none_or(|last| last.low != token.low) {
            tidy.push(token.clone());
        }
    }
    tidy
}

/// Phrases that `phrase` begins with and that can stand alone, longest first; the second is how many words were left
/// out at the end because a phrase had to be shorter.
pub(super) fn endings(phrase: &[Token]) -> Vec<(Vec<Token>, usize)> {
    let whole = stripped(phrase);
    let mut found: Vec<(Vec<Token>, usize)> = Vec::new();
    for end in (1..=whole.len().min(MOST_WORDS + 1)).rev() {
        let is_end = end == whole.len() || may_end_before(&whole[end], &whole[end - 1]);
        if !is_end {
            continue;
        }
        let short = stripped(&whole[..end]);
        // "where the card is" is whole; "where the card is sent" cut to it says something else.
        let asks_to_the_end = phrase[0].tag == Tag::Question && end < whole.len();
        if asks_to_the_end && short.last().is_some_and(|last| matches!(last.tag, Tag::Be | Tag::Have)) {
            continue;
        }
        let is_new = found.last().is_none_or(|(last, _)| last.len() != short.len());
        if is_new && !short.is_empty() && short.len() <= MOST_WORDS && is_well_formed(short) {
            found.push((short.to_vec(), whole.len() - short.len()));
        }
    }
    found
}

/// Whether a phrase may end before `next`.
fn may_end_before(next: &Token, last: &Token) -> bool {
    match next.tag {
        Tag::Preposition => {
            !next.is(&["of", "between", "than", "per", "like", "up", "out", "off"]) && last.tag != Tag::Preposition
        }
        Tag::Conjunction | Tag::To | Tag::Question => true,
        Tag::Subject => last.tag == Tag::Noun,
        Tag::Adverb => next.is(&[
            "today",
            "yesterday",
            "tomorrow",
            "now",
            "again",
            "anymore",
            "yet",
            "immediately",
            "please",
            "instead",
            "already",
            "automatically",
            "abroad",
            "online",
        ]),
        Tag::Determiner => next.is(&["that", "this", "each", "every"]) && last.tag == Tag::Noun,
        _ => false,
    }
}

/// Without what may not or need not stand at the end.
fn stripped(phrase: &[Token]) -> &[Token] {
    let mut end = phrase.len();
    while end > 0 {
        let last = &phrase[end - 1];
        let before = end.checked_sub(2).map(|at| &phrase[at]);
        let is_particle = last.is(PARTICLES)
            && before.is_some_and(|before| {
                matches!(before.tag, Tag::Verb | Tag::Past | Tag::Ing | Tag::Article | Tag::Determiner | Tag::To)
                    // "dialog in" has lost its end, "sign in" has not.
                    || before.tag == Tag::Noun && before.is(BASES)
            })
            && end > 1;
        let goes = match last.tag {
            Tag::Article
            | Tag::Possessive
            | Tag::Number
            | Tag::Conjunction
            | Tag::To
            | Tag::Modal
            | Tag::Do
            | Tag::Question
            | Tag::Subject
            | Tag::Determiner
            | Tag::Not => true,
            Tag::Be | Tag::Have => !(end > 2 && phrase[0].tag == Tag::Question),
            Tag::Preposition => !is_particle,
            Tag::Pronoun => !last.is(&["someone", "everyone", "something"]),
            _ => last.is(TRAILING) && end > 1,
        };
        if !goes {
            break;
        }
        end -= 1;
    }
    &phrase[..end]
}

/// Whether a phrase can stand alone as a label.
pub(super) fn is_well_formed(phrase: &[Token]) -> bool {
    let (Some(first), Some(last)) = (phrase.first(), phrase.last()) else { return false };
    if phrase.len() == 1 && (first.tag != Tag::Noun || first.is(EMPTY) || first.is(WAITING) || first.low.len() < 3) {
        return false;
    }
    if !phrase.iter().any(|token| {
        matches!(token.tag, Tag::Noun | Tag::Ing | Tag::Past | Tag::Verb)
            && !token.is(EMPTY)
            && !token.is(NEEDS_OBJECT)
            && !token.is(FORM)
            && !is_date(token)
    }) {
        return false;
    }
    starts_well(phrase)
        && ends_well(phrase, last)
        && phrase.windows(2).all(|pair| joins_well(&pair[0], &pair[1]))
        && holds_well(phrase)
}

fn starts_well(phrase: &[Token]) -> bool {
    let first = &phrase[0];
    let negated =
        |token: &Token| token.low.ends_with("n't") || token.is(&["cannot", "cant", "dont", "didnt", "havent", "wont"]);
    match first.tag {
        Tag::Noun | Tag::Verb | Tag::Past | Tag::Ing | Tag::Not => !first.is(&["s", "t", "re", "ve", "ll"]),
        Tag::Adverb => {
            !LIGHT.contains(&first.low.as_str())
                && phrase.len() > 2
                && !first.is(&["much", "well", "away", "back", "together"])
        }
        Tag::Have | Tag::Do | Tag::Modal => {
            negated(first) && phrase.len() > 2 || first.is(&["do", "having", "have"]) && phrase.len() > 1
        }
        Tag::Question => {
            first.is(&["how", "where", "when"]) && phrase.len() > 2 || first.is(&["what", "which"]) && phrase.len() > 2
        }
        Tag::Conjunction => first.is(&["when"]) && phrase.len() > 3,
        Tag::Determiner => first.is(&["multiple", "all", "several", "more", "no", "other"]) && phrase.len() > 1,
        Tag::Preposition => first.is(&["top", "without", "out"]) && phrase.len() > 2,
        _ => false,
    }
}

fn ends_well(phrase: &[Token], last: &Token) -> bool {
    if phrase.len() > 1 && (last.is(WAITING) || last.is(NEEDS_OBJECT)) {
        // "top-up still not possible" can end so, "the new" cannot.
        let before = &phrase[phrase.len() - 2];
        let is_told = matches!(before.tag, Tag::Be | Tag::Not) && !last.is(NEEDS_OBJECT);
        let is_asked = phrase[0].tag == Tag::Question;
        if !(is_told || is_asked && matches!(last.tag, Tag::Be | Tag::Verb)) {
            return false;
        }
    }
    if matches!(last.tag, Tag::Noun | Tag::Verb) && last.low.chars().count() < 2 {
        return false;
    }
    true
}

/// Whether two words may stand beside each other.
fn joins_well(a: &Token, b: &Token) -> bool {
    let opens = matches!(a.tag, Tag::Article | Tag::Possessive);
    if opens
        && matches!(
            b.tag,
            Tag::Preposition
                | Tag::Conjunction
                | Tag::Be
                | Tag::Have
                | Tag::Do
                | Tag::Modal
                | Tag::To
                | Tag::Article
                | Tag::Subject
                | Tag::Pronoun
                | Tag::Question
                | Tag::Not
        )
        && !b.is(&["top", "one", "up", "on", "off", "in"])
    {
        return false;
    }
    match (a.tag, b.tag) {
        // "transaction be done", "night the clocks".
        (Tag::Noun | Tag::Past, _) if b.is(&["be", "been", "being", "am"]) => false,
        (Tag::Noun, Tag::Article) => a.is(&["long", "much", "many", "often", "soon"]),
        (Tag::Noun, Tag::Subject) => b.is(&["i", "we"]),
        (Tag::Be | Tag::Have | Tag::Do | Tag::Modal, Tag::Subject | Tag::Pronoun)
        | (Tag::Noun, Tag::Possessive)
        | (Tag::Question, Tag::Be | Tag::Have | Tag::Do | Tag::Modal)
        | (Tag::Determiner, Tag::Preposition | Tag::Conjunction | Tag::Modal)
        | (Tag::Preposition, Tag::Conjunction | Tag::Be | Tag::Have | Tag::Modal) => false,
        (Tag::Be, Tag::Article | Tag::Possessive) => a.is(&["is", "are", "was"]),
        (Tag::Be | Tag::Do | Tag::Have, Tag::Be | Tag::Do | Tag::Have | Tag::Modal) => b.is(&["being", "been"]),
        (Tag::Determiner, Tag::Be | Tag::Have | Tag::Do) => a.is(&["that"]),
        (Tag::Preposition, Tag::To) => a.is(&["up", "in", "on", "back", "over"]),
        (Tag::Preposition, Tag::Verb) => !a.is(&["of", "for", "with", "from", "at", "by"]),
        (Tag::Modal, _) => {
            matches!(b.tag, Tag::Verb | Tag::Noun | Tag::Be | Tag::Have | Tag::Not | Tag::Adverb | Tag::Do)
                || b.is(&["top"])
        }
        (Tag::To, _) => !matches!(b.tag, Tag::To | Tag::Conjunction | Tag::Modal | Tag::Past | Tag::Subject),
        _ => true,
    }
}

/// Whether nothing within a phrase points outside it.
fn holds_well(phrase: &[Token]) -> bool {
    for (at, token) in phrase.iter().enumerate() {
        let points = token.is(&[
            "they", "he", "she", "him", "her", "them", "its", "his", "their", "this", "that", "these", "those", "you",
            "your", "u", "me", "mine", "yours", "us", "one", "ones",
        ]);
        let is_expletive = token.low == "it" && phrase[0].tag == Tag::Question;
        if token.low == "it" && !is_expletive {
            return false;
        }
        // "this transaction" in a label has nothing to point at, but reads; a bare "this" does not.
        let is_bare = phrase.get(at + 1).is_none_or(|next| !matches!(next.tag, Tag::Noun | Tag::Verb | Tag::Past));
        let is_soft = token.is(&["this", "these", "that", "those", "its", "their", "one"]) && !is_bare;
        let is_relative = token.low == "that" && at > 0 && phrase[at - 1].tag == Tag::Noun;
        if points && !is_soft && !is_relative && token.low != "you" {
            return false;
        }
        if token.tag == Tag::Number && phrase.get(at + 1).is_none_or(|next| next.tag != Tag::Noun) {
            return false;
        }
        if token.low == "i" && !(at > 0 && phrase[at - 1].tag == Tag::Noun) {
            return false;
        }
    }
    true
}

/// Words that make a label read less well, each once: addressees, pointers, numbers.
pub(super) fn blemishes(phrase: &[Token]) -> usize {
    phrase
        .iter()
        .filter(|token| {
            token.is(&["you", "i", "we", "this", "that", "these", "those", "its", "their", "one", "got", "etc"])
                || token.tag == Tag::Number
        })
        .count()
}
