//! The thing acted on: the noun phrase of a reading that a linear model over position and company prefers.
//!
//! In: a text and its [`Reading`]. Out: candidates with features, and the best one's span. Candidates are the noun
//! phrases of the asking sentence and of the one before it, and words that are written like names of code.
//! Invariant: a span is never empty, at most [`MAX_WORDS`] words long, and on character boundaries.

use crate::clause::{self, Reading};
use crate::pack::{self, Pack};
use std::ops::Range;
use throughline_model::{Kind, Language};
use throughline_text::chunk::{self, Chunks, NounPhrase};

/// An object is a name, not a sentence.
pub(crate) const MAX_WORDS: usize = 6;

/// What the model looks at; the order is that of the weights in the data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Feature {
    BeforeClause,
    AfterClause,
    EarlierSentence,
    LaterSentence,
    InReason,
    InSituation,
    DirectObject,
    DirectObjectOfOther,
    DirectObjectOfPlain,
    AfterHeadVerb,
    Subject,
    SubjectOfProblem,
    SubjectBeforeBe,
    SubjectBeforeVerb,
    NoVerb,
    PrepositionOf,
    PrepositionFor,
    PrepositionTo,
    PrepositionIn,
    PrepositionWith,
    PrepositionAbout,
    PrepositionOther,
    OfProblem,
    Possessive,
    Definite,
    Indefinite,
    Quantity,
    Generic,
    Time,
    Person,
    OneWord,
    ThreeWords,
    ManyWords,
    First,
    Second,
    Later,
    Code,
    Capital,
    Digit,
    Wh,
    ThereIs,
    AfterBe,
    LastOfSentence,
    RequestAfterVerb,
    QuestionFirst,
    AfterBreak,
    Repeated,
    MissingOrError,
}

/// How many features there are.
pub(crate) const N_FEATURES: usize = Feature::MissingOrError as usize + 1;

/// A phrase that may be the object.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) range: Range<usize>,
    pub(crate) features: [f32; N_FEATURES],
}

/// Nouns that name the asking, not the thing.
const GENERIC: &[&str] = &[
    "way",
    "option",
    "ability",
    "possibility",
    "help",
    "assistance",
    "problem",
    "problems",
    "issue",
    "issues",
    "trouble",
    "question",
    "reason",
    "thing",
    "things",
    "lot",
    "bit",
    "idea",
    "feature",
    "features",
    "functionality",
    "function",
    "something",
    "anything",
    "nothing",
    "everything",
    "someone",
    "anyone",
    "support",
    "need",
    "hello",
    "hi",
    "hey",
    "thanks",
    "please",
    "favor",
    "favour",
    "kind",
    "type",
    "sort",
    "case",
    "point",
    "fact",
    "chance",
    "plans",
    "request",
    "suggestion",
    "wish",
    "enhancement",
    "proposal",
    "bug",
    "bugs",
    "error",
    "errors",
    "fix",
    "steps",
    "step",
    "result",
    "results",
    "behavior",
    "behaviour",
    "guys",
    "team",
    "side",
    "end",
    "rest",
    "couple",
    "number",
    "amount",
    "need",
    "hurry",
    "process",
    "update",
    "version",
    "difference",
    "example",
    "instance",
    "order",
    "effect",
    "sense",
    "mistake",
    "accident",
    "first",
    "second",
    "one",
    "ones",
    "user",
    "users",
    "people",
    "place",
    "time",
    "times",
    "use",
    "able",
    "what",
    "which",
    "who",
    "going",
    "reference",
    "regression",
    "crash",
    "warning",
    "top",
    "line",
    "test",
    "tests",
];

/// Nouns of time.
const TIME: &[&str] = &[
    "today",
    "yesterday",
    "tomorrow",
    "now",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "hour",
    "hours",
    "minute",
    "minutes",
    "second",
    "seconds",
    "morning",
    "evening",
    "night",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "while",
    "moment",
    "ages",
    "weekend",
    "noon",
    "date",
];

/// Nouns for whoever acts.
const PERSON: &[&str] = &[
    "user",
    "users",
    "people",
    "name",
    "friend",
    "husband",
    "wife",
    "mom",
    "daughter",
    "son",
    "team",
    "staff",
    "customer",
    "customers",
    "manager",
    "everyone",
    "nobody",
    "somebody",
    "seller",
    "i'm",
    "family",
    "company",
    "admin",
    "colleague",
];

/// Verbs whose object tells little: the thing is often further on.
const PLAIN_VERBS: &[&str] = &[
    "have", "get", "be", "want", "need", "use", "do", "make", "try", "like", "love", "see", "know", "give", "take",
    "let", "help", "think", "go", "say", "wonder", "look", "find", "tell", "keep", "would", "hope",
];

/// Candidates in text order.
pub(crate) fn candidates(text: &str, reading: &Reading, language: Language) -> Vec<Candidate> {
    let Some(pack) = pack::of(language) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let first = reading.asking.saturating_sub(1);
    let last = (reading.asking + 1).min(reading.sentences.len().saturating_sub(1));
    for at in first..=last {
        let Some(sentence) = reading.sentences.get(at) else { break };
        in_sentence(text, reading, at, sentence.range.clone(), language, pack, &mut found);
    }
    mark_repeats(text, &mut found);
    found
}

/// Log score of a candidate.
pub(crate) fn score(candidate: &Candidate, weights: &[f32]) -> f32 {
    candidate.features.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// The best candidate and its share of the probability.
pub(crate) fn best(candidates: &[Candidate], weights: &[f32]) -> Option<(Range<usize>, f64)> {
    let scores: Vec<f32> = candidates.iter().map(|candidate| score(candidate, weights)).collect();
    let shares = crate::rank::softmax(&scores);
    let at = (0..shares.len()).max_by(|&a, &b| shares[a].total_cmp(&shares[b]).then(b.cmp(&a)))?;
    Some((candidates[at].range.clone(), shares[at]))
}

fn in_sentence(
    text: &str,
    reading: &Reading,
    at: usize,
    range: Range<usize>,
    language: Language,
    pack: &Pack,
    found: &mut Vec<Candidate>,
) {
    let sentence = &text[range.clone()];
    let chunks = chunk::chunk(sentence, crate::words::text_language(language));
    let shift = |inner: &Range<usize>| inner.start + range.start..inner.end + range.start;
    let codes = code_names(sentence);
    let is_asking = at == reading.asking;
    let clause = if is_asking { reading.clause.clone() } else { range.clone() };
    let frame = Frame::of(&chunks, &clause, range.start);
    let mut order = 0;
    let inside = |place: &Option<Range<usize>>, phrase: &Range<usize>| {
        place.as_ref().is_some_and(|place| place.start <= phrase.start && phrase.end <= place.end)
    };
    let taken = addresses(sentence);
    let overlaps = |others: &[Range<usize>], range: &Range<usize>| {
        others.iter().any(|other| other.start < range.end && range.start < other.end)
    };
    let mut all: Vec<(Range<usize>, Option<&NounPhrase>)> = chunks
        .phrases
        .iter()
        .filter(|phrase| !overlaps(&codes, &phrase.range) && !overlaps(&taken, &phrase.range))
        .filter_map(|phrase| Some((mend(sentence, &phrase.range, pack)?, Some(phrase))))
        .collect();
    all.extend(codes.iter().map(|code| (code.clone(), None)));
    if let Some(subject) = bare_subject(sentence)
        && !all.iter().any(|(range, _)| overlaps(std::slice::from_ref(&subject), range))
    {
        all.push((subject, None));
    }
    all.sort_by_key(|(inner, _)| inner.start);
    let n_all = all.len();
    for (nth, (inner, phrase)) in all.into_iter().enumerate() {
        let inner = cut_to_words(sentence, inner);
        if inner.is_empty() {
            continue;
        }
        let place = shift(&inner);
        let mut features = [0.0_f32; N_FEATURES];
        let mut set = |feature: Feature| features[feature as usize] = 1.0;
        let in_clause = is_asking && clause.start <= place.start && place.end <= clause.end;
        if is_asking {
            if place.end <= clause.start {
                set(Feature::BeforeClause);
            } else if place.start >= clause.end {
                set(Feature::AfterClause);
            }
        } else if at < reading.asking {
            set(Feature::EarlierSentence);
        } else {
            set(Feature::LaterSentence);
        }
        if inside(&reading.reason, &place) {
            set(Feature::InReason);
        }
        if inside(&reading.situation, &place) {
            set(Feature::InSituation);
        }
        let words_of = |slice: &str| {
            slice
                .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-')
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect::<Vec<_>>()
        };
        let whole = phrase.map_or(inner.clone(), |phrase| phrase.whole.start.min(inner.start)..inner.end);
        let before = words_of(&sentence[..whole.start]);
        let has_break =
            sentence[..whole.start].trim_end().ends_with([',', '.', ':', ';', '-', '(', '?', '!', '"', '–']);
        let previous = before.last().map_or("", String::as_str);
        let determiner = words_of(&sentence[whole.start..inner.start]);
        let determiner = determiner.first().map_or("", String::as_str);
        let own = words_of(&sentence[inner.clone()]);
        let head = own.last().map_or("", String::as_str);
        // Company: what stands before the phrase.
        let is_after_preposition = if has_break {
            false
        } else {
            let feature = match previous {
                "of" => Some(Feature::PrepositionOf),
                "for" => Some(Feature::PrepositionFor),
                "to" | "into" | "onto" | "from" => Some(Feature::PrepositionTo),
                "in" | "on" | "at" | "within" | "inside" | "under" | "over" | "off" | "near" => {
                    Some(Feature::PrepositionIn)
                }
                "with" | "using" | "by" | "via" | "without" | "through" => Some(Feature::PrepositionWith),
                "about" | "regarding" | "concerning" => Some(Feature::PrepositionAbout),
                "than" | "as" | "like" | "after" | "before" | "during" | "since" | "against" | "between" | "upon"
                | "until" => Some(Feature::PrepositionOther),
                _ => None,
            };
            if let Some(feature) = feature {
                set(feature);
            }
            feature.is_some()
        };
        if has_break {
            set(Feature::AfterBreak);
        }
        let before_preposition = before.len().checked_sub(2).map_or("", |at| before[at].as_str());
        if matches!(previous, "with" | "in" | "of" | "on")
            && matches!(
                before_preposition,
                "problem" | "problems" | "issue" | "issues" | "trouble" | "error" | "bug" | "help" | "lack"
            )
        {
            set(Feature::OfProblem);
        }
        match determiner {
            "my" | "our" | "your" | "his" | "her" | "their" => set(Feature::Possessive),
            "the" | "this" | "that" | "these" | "those" => set(Feature::Definite),
            "a" | "an" | "another" | "some" | "any" | "more" | "new" | "no" => set(Feature::Indefinite),
            "what" | "which" | "whose" => set(Feature::Wh),
            "many" | "much" | "all" | "each" | "every" | "several" | "multiple" => set(Feature::Quantity),
            _ => {}
        }
        if matches!(previous, "what" | "which" | "whose" | "many" | "much") && !has_break {
            set(Feature::Wh);
        }
        let there = before.iter().rev().take(4).any(|word| word == "there" || word == "there's")
            && before
                .iter()
                .rev()
                .take(2)
                .any(|word| matches!(word.as_str(), "is" | "are" | "there's" | "no" | "any" | "be"));
        if there || matches!(previous, "is" | "are") && before_preposition == "there" {
            set(Feature::ThereIs);
        }
        if matches!(previous, "is" | "are" | "was" | "were" | "what's" | "it's" | "be" | "been") && !has_break {
            set(Feature::AfterBe);
        }
        if GENERIC.contains(&head) || own.len() == 1 && GENERIC.contains(&own[0].as_str()) {
            set(Feature::Generic);
        }
        if own.iter().any(|word| TIME.contains(&word.as_str())) && own.len() <= 2 {
            set(Feature::Time);
        }
        if PERSON.contains(&head) {
            set(Feature::Person);
        }
        if matches!(head, "error" | "errors" | "crash" | "bug" | "failure" | "exception") {
            set(Feature::MissingOrError);
        }
        match own.len() {
            1 => set(Feature::OneWord),
            2 => {}
            3 => set(Feature::ThreeWords),
            _ => set(Feature::ManyWords),
        }
        if phrase.is_none() {
            set(Feature::Code);
        }
        if inner.start > 0 && sentence[inner.clone()].starts_with(char::is_uppercase) {
            set(Feature::Capital);
        }
        if sentence[inner.clone()].contains(|c: char| c.is_ascii_digit()) {
            set(Feature::Digit);
        }
        // Role in the clause.
        let is_plain = frame.head_verb.as_ref().is_some_and(|(_, lemma)| PLAIN_VERBS.contains(&lemma.as_str()));
        if let Some((verb, _)) = &frame.head_verb
            && in_clause
            && inner.start >= verb.end
        {
            set(Feature::AfterHeadVerb);
            if reading.kind == Kind::Request {
                set(Feature::RequestAfterVerb);
            }
        }
        if !is_after_preposition && phrase.is_some_and(|phrase| frame.object_of_head.as_ref() == Some(&phrase.range)) {
            set(if is_plain { Feature::DirectObjectOfPlain } else { Feature::DirectObject });
        } else if !is_after_preposition
            && frame.objects.iter().any(|range| phrase.is_some_and(|phrase| phrase.range == *range))
        {
            set(Feature::DirectObjectOfOther);
        }
        if in_clause || !is_asking {
            let is_subject = frame.first_verb.as_ref().is_none_or(|verb| inner.end <= verb.start);
            let after: Vec<String> = words_of(&sentence[inner.end..]).into_iter().take(2).collect();
            let next = after.first().map_or("", String::as_str);
            if frame.first_verb.is_none() {
                set(Feature::NoVerb);
            } else if is_subject && !is_after_preposition {
                set(Feature::Subject);
                if reading.kind == Kind::Problem {
                    set(Feature::SubjectOfProblem);
                }
            }
            if !is_after_preposition && is_be(next) {
                set(Feature::SubjectBeforeBe);
            } else if !is_after_preposition
                && chunks.verbs.iter().any(|verb| {
                    verb.range.start >= inner.end && sentence[inner.end..verb.range.start].trim().is_empty()
                })
            {
                set(Feature::SubjectBeforeVerb);
            }
            match order {
                0 => {
                    set(Feature::First);
                    if reading.kind == Kind::Question {
                        set(Feature::QuestionFirst);
                    }
                }
                1 => set(Feature::Second),
                _ => set(Feature::Later),
            }
            order += 1;
        }
        if nth + 1 == n_all {
            set(Feature::LastOfSentence);
        }
        found.push(Candidate { range: place, features });
    }
}

/// Words that a chunker may take for nouns and that never are what is meant.
const NEVER: &[&str] = &[
    "own",
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
    "pls",
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
    "able",
];

/// A phrase as people mean it: without a verb the chunker took in at either end, with the second half of "top up".
fn mend(sentence: &str, range: &Range<usize>, pack: &Pack) -> Option<Range<usize>> {
    let mut range = range.clone();
    let before = sentence[..range.start].trim_end();
    let previous = before.rsplit(|c: char| !c.is_alphanumeric() && c != '\'').next().unwrap_or_default().to_lowercase();
    loop {
        let slice = &sentence[range.clone()];
        let first_len = slice.find(|c: char| !c.is_alphanumeric() && c != '\'').unwrap_or(slice.len());
        let first = slice[..first_len].to_lowercase();
        let is_alone = first_len == slice.len();
        let is_verb_here =
            matches!(previous.as_str(), "" | "please" | "help" | "to" | "wanna" | "you" | "and" | "i" | "just")
                && pack.imperatives.contains(&first);
        let drop = NEVER.contains(&first.as_str())
            || is_verb_here && (previous != "" || !is_alone && starts_order(slice, first_len));
        if !drop {
            break;
        }
        if is_alone {
            return None;
        }
        let skip = slice[first_len..].find(char::is_alphanumeric)?;
        range.start += first_len + skip;
    }
    loop {
        let slice = &sentence[range.clone()];
        let last_at = slice.rfind(|c: char| !c.is_alphanumeric() && c != '\'').map_or(0, |at| at + 1);
        let last = slice.get(last_at..).unwrap_or_default().to_lowercase();
        if last_at > 0 && matches!(last.as_str(), "work" | "works" | "working" | "anymore" | "own" | "please" | "asap")
        {
            range.end = range.start + slice[..last_at].trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        } else {
            // "top up", "pop-up", "back up", "sign in": the particle belongs to the noun.
            let rest = &sentence[range.end..];
            let particle = rest.strip_prefix([' ', '-']).unwrap_or_default();
            let len = particle.find(|c: char| !c.is_alphanumeric()).unwrap_or(particle.len());
            let is_phrasal = matches!(
                last.as_str(),
                "top" | "pop" | "back" | "set" | "sign" | "log" | "check" | "start" | "add" | "roll" | "drop" | "plug"
            );
            if is_phrasal
                && matches!(&particle[..len], "up" | "ups" | "in" | "ins" | "out" | "on" | "ons" | "down" | "off")
            {
                range.end += 1 + len;
            }
            break;
        }
    }
    (!sentence[range.clone()].trim().is_empty()).then_some(range)
}

/// "check alarms", "find list": an order without an article. "search field" is none, but only the verb could tell.
fn starts_order(phrase: &str, first_len: usize) -> bool {
    matches!(
        phrase[..first_len].to_lowercase().as_str(),
        "check"
            | "find"
            | "add"
            | "make"
            | "get"
            | "create"
            | "remove"
            | "delete"
            | "show"
            | "give"
            | "buy"
            | "enroll"
            | "cancel"
            | "change"
            | "read"
            | "send"
            | "allow"
            | "support"
            | "enable"
            | "disable"
            | "fix"
            | "include"
            | "implement"
            | "provide"
            | "pay"
            | "use"
            | "turn"
            | "help"
            | "play"
            | "set"
            | "tell"
            | "bring"
            | "put"
            | "improve"
            | "need"
    )
}

/// Web and mail addresses.
fn addresses(sentence: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for token in sentence.split(char::is_whitespace) {
        if token.contains("://") || token.contains("www.") || token.contains('@') {
            found.push(at..at + token.len());
        }
        at += token.len() + 1;
    }
    found
}

/// The word before a leading "is", "doesn't" ...: a subject even when it is not known as a noun.
fn bare_subject(sentence: &str) -> Option<Range<usize>> {
    let mut words = throughline_text::token::words(sentence);
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
    );
    (!is_pronoun && !NEVER.contains(&lower.as_str()) && is_be(&sentence[second].to_lowercase())).then_some(first)
}

/// Forms that a subject stands before.
fn is_be(word: &str) -> bool {
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

/// The verbs of a clause that matter for roles.
struct Frame {
    head_verb: Option<(Range<usize>, String)>,
    first_verb: Option<Range<usize>>,
    object_of_head: Option<Range<usize>>,
    objects: Vec<Range<usize>>,
}

impl Frame {
    /// Ranges in `chunks` are relative to `base`; `clause` is not.
    fn of(chunks: &Chunks, clause: &Range<usize>, base: usize) -> Self {
        let within: Vec<_> = chunks
            .verbs
            .iter()
            .filter(|verb| clause.start <= verb.range.start + base && verb.range.end + base <= clause.end)
            .cloned()
            .collect();
        let inner = Chunks { phrases: chunks.phrases.clone(), verbs: within };
        let head = inner.head_verb();
        Self {
            head_verb: head.map(|verb| (verb.range.clone(), verb.lemma.clone())),
            first_verb: inner.verbs.first().map(|verb| verb.range.clone()),
            object_of_head: head.and_then(|verb| chunks.object(verb)).map(|phrase| phrase.range.clone()),
            objects: chunks
                .verbs
                .iter()
                .filter_map(|verb| chunks.object(verb))
                .map(|phrase| phrase.range.clone())
                .collect(),
        }
    }
}

/// Marks phrases whose head stands in the text more than once: what people come back to is what they mean.
fn mark_repeats(text: &str, found: &mut [Candidate]) {
    let heads: Vec<String> = found
        .iter()
        .map(|candidate| {
            let phrase = text[candidate.range.clone()].to_lowercase();
            phrase.rsplit(' ').next().unwrap_or_default().trim_end_matches('s').to_owned()
        })
        .collect();
    for (at, candidate) in found.iter_mut().enumerate() {
        if heads.iter().enumerate().any(|(other, head)| other != at && *head == heads[at]) {
            candidate.features[Feature::Repeated as usize] = 1.0;
        }
    }
}

/// Tokens written like names in code: `Element.scrollIntoView`, `nsMsgCompose::Tag`, `browser.search.openintab`, `/join`.
fn code_names(sentence: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for token in sentence.split(char::is_whitespace) {
        let start = at;
        at += token.len() + 1;
        let left = token.len() - token.trim_start_matches(['(', '"', '\'', '`', '[', '“', '*']).len();
        let name =
            token.trim_matches(['(', ')', '"', '\'', '`', ',', ';', ':', '!', '?', '.', '[', ']', '“', '”', '*']);
        if name.len() < 3 || name.len() > 60 || name.contains("://") || name.starts_with("www.") {
            continue;
        }
        let inner_dot = name.match_indices('.').any(|(dot, _)| {
            dot > 0 && name[dot + 1..].starts_with(char::is_alphabetic) && name[..dot].ends_with(char::is_alphanumeric)
        });
        let camel = name.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
        let is_code = name.contains("::")
            || name.contains("()")
            || inner_dot
            || (name.contains('_') && name.is_ascii())
            || (name.starts_with('/') && name[1..].starts_with(char::is_alphabetic) && !name[1..].contains('/'))
            || (name.starts_with('<') && name.ends_with('>'))
            || camel;
        // "SeaMonkey", "GitHub", "iPhone": a capital inside alone is a brand as often as a name in code.
        if is_code && !(camel && !name.contains(['.', ':', '_', '(']) && name.len() < 12) {
            let start = start + left;
            found.push(start..start + name.len());
        }
    }
    found
}

/// The last [`MAX_WORDS`] words of a range, without marks at its ends.
fn cut_to_words(sentence: &str, range: Range<usize>) -> Range<usize> {
    let slice = &sentence[range.clone()];
    let mut start = range.start;
    let starts: Vec<usize> =
        slice.split_whitespace().map(|word| word.as_ptr() as usize - slice.as_ptr() as usize + range.start).collect();
    if starts.len() > MAX_WORDS {
        start = starts[starts.len() - MAX_WORDS];
    }
    clause::trim(sentence, start..range.end)
}
