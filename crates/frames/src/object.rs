//! The thing acted on: the noun of a reading that a log-linear model over its position and company prefers.
//!
//! In: a text and its [`Reading`]. Out: candidates with features, and the best one's span. Candidates are the nouns of
//! the asking sentence and of its neighbours.
//! Invariant: a span is never empty, at most [`noun::MAX_WORDS`] words long, and on character boundaries.

use crate::beside::{self, Around};
use crate::clause::{Reading, Sentence};
use crate::frame::Frame;
use crate::linear::{Linear, Present, softmax};
use crate::noun::{self, Noun};
use crate::pack::{self, Pack};
use crate::slot;
use crate::understand;
use crate::verb;
use crate::words::List;
use std::ops::Range;
use throughline_model::{Kind, Language};
use throughline_text::{calendar, chunk, token};

macro_rules! features {
    ($($name:ident)*) => {
        /// What the model looks at; the order is that of the weights in the data file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(usize)]
        pub(crate) enum Feature {
            $($name),*
        }

        /// Names of the features, in order.
        pub(crate) const FEATURE_NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

features! {
    BeforeClause AfterClause EarlierSentence LaterSentence InReason InSituation DirectObject DirectObjectOfPlain
    DirectObjectOfOther AfterHeadVerb Subject SubjectOfProblem SubjectBeforeBe SubjectBeforeVerb NoVerb PrepositionOf
    PrepositionFor PrepositionTo PrepositionIn PrepositionWith PrepositionAbout PrepositionOther OfProblem Possessive
    Definite Indefinite Quantity Generic Time Person OneWord ThreeWords ManyWords First Second Later Code Capital Digit
    Wh ThereIs AfterBe LastOfSentence RequestAfterVerb QuestionFirst AfterBreak Repeated Fault OpensProblem OpensRequest
    OpensTitle BeforeRelative Role SubjectOfRole ObjectOfFinite ObjectOfCircumstance SubjectOfFinite Gerund OfFrame OfFrameVerb Governs GovernsOf GovernedByFrame
}

/// How many features there are.
pub(crate) const N_FEATURES: usize = FEATURE_NAMES.len();

/// A phrase that may be the object.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) range: Range<usize>,
    pub(crate) features: [f32; N_FEATURES],
    /// Names of what else is seen: its head, its place, the words beside it, each also with the frame asked for.
    pub(crate) keys: Vec<String>,
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
    "hurry",
    "process",
    "update",
    "version",
    "difference",
    "example",
    "instance",
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
    "what",
    "which",
    "who",
    "reference",
    "regression",
    "crash",
    "warning",
    "line",
    "test",
    "tests",
    "procedure",
    "matter",
    "attempt",
];

/// Nouns of time that are no date.
const MOMENTS: &[&str] = &["now", "while", "moment", "ages", "date"];

fn is_time(word: &str) -> bool {
    calendar::is_time(word) || MOMENTS.contains(&word)
}

/// Words for numbers.
const NUMBERS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty",
    "forty", "fifty", "hundred", "thousand", "million", "half", "dozen",
];

/// Nouns for whoever acts.
const PERSON: &[&str] = &[
    "crew",
    "anyone",
    "players",
    "visitors",
    "guy",
    "kid",
    "lawyers",
    "grandson",
    "cousin",
    "aunt",
    "uncle",
    "child",
    "neighbours",
    "neighbour",
    "boyfriend",
    "girlfriend",
    "user",
    "users",
    "people",
    "name",
    "friend",
    "friends",
    "husband",
    "wife",
    "mom",
    "daughter",
    "son",
    "father",
    "mother",
    "brother",
    "sister",
    "kids",
    "children",
    "parents",
    "team",
    "staff",
    "customer",
    "customers",
    "manager",
    "everyone",
    "nobody",
    "somebody",
    "seller",
    "family",
    "company",
    "admin",
    "colleague",
    "boss",
    "developer",
    "developers",
    "client",
    "clients",
];

static IS_GENERIC: List = List::new(|| GENERIC.iter().copied().collect());
static IS_PERSON: List = List::new(|| PERSON.iter().copied().collect());

/// Candidates in text order; `frame` is what is asked for, or nothing where that is not known.
pub(crate) fn candidates(text: &str, reading: &Reading, frame: Option<&Frame>, language: Language) -> Vec<Candidate> {
    let Some(pack) = pack::of(language) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let first = reading.asking.saturating_sub(1);
    let last = (reading.asking + 1).min(reading.sentences.len().saturating_sub(1));
    for at in first..=last {
        in_sentence(text, reading, at, frame, language, pack, &mut found);
    }
    // Greetings and question words are no things, in whatever language.
    found.retain(|candidate| {
        words_of(&text[candidate.range.clone()]).any(|word| {
            let word = token::fold(&word).into_owned();
            !crate::words::is_filler(&word) && !pack.asking_words.contains(&word)
        })
    });
    mark_repeats(text, &mut found);
    found
}

/// The rows of a candidate in a model that has one row for each of [`FEATURE_NAMES`], then the named ones.
pub(crate) fn present(candidate: &Candidate, model: &Linear) -> Vec<Present> {
    let numbered = candidate.features.iter().enumerate().filter(|(_, value)| **value != 0.0);
    let mut present: Vec<Present> = numbered.map(|(at, &value)| (at as u32, value)).collect();
    present.extend(model.named(candidate.keys.iter().map(String::as_str), 1.0));
    present
}

/// Log score of a candidate.
pub(crate) fn score(candidate: &Candidate, model: &Linear) -> f32 {
    let mut score = [0.0];
    model.add_scores(&present(candidate, model), &mut score);
    score[0]
}

/// Candidates with their shares of the probability, the best first, at most `n`.
pub(crate) fn ranked(candidates: &[Candidate], model: &Linear, n: usize) -> Vec<(Range<usize>, f64)> {
    let scores: Vec<f32> = candidates.iter().map(|candidate| score(candidate, model)).collect();
    let shares = softmax(&scores);
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
    order.into_iter().take(n).map(|at| (candidates[at].range.clone(), shares[at])).collect()
}

fn words_of(slice: &str) -> impl DoubleEndedIterator<Item = String> + '_ {
    slice
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().replace('’', "'"))
}

fn in_sentence(
    text: &str,
    reading: &Reading,
    at: usize,
    frame: Option<&Frame>,
    language: Language,
    pack: &Pack,
    found: &mut Vec<Candidate>,
) {
    let Some(Sentence { range, .. }) = reading.sentences.get(at) else { return };
    let sentence = &text[range.clone()];
    let chunks = chunk::chunk(sentence, crate::words::text_language(language));
    let nouns = noun::nouns(sentence, &chunks, pack, language);
    let is_english = understand::is_english(language);
    let is_asking = at == reading.asking;
    let clause = if is_asking { &reading.clause } else { range };
    let head = reading.head.as_ref().filter(|_| is_asking);
    let head_end = head.map(|head| head.range.end.saturating_sub(range.start));
    let is_plain = head.is_some_and(|head| verb::PLAIN.contains(&head.lemma.as_str()));
    let verbs: Vec<Range<usize>> = chunks
        .verbs
        .iter()
        .map(|verb| verb.range.clone())
        .filter(|verb| !nouns.iter().any(|noun| noun.range.start < verb.end && verb.start < noun.range.end))
        .filter(|verb| clause.start <= verb.start + range.start && verb.end + range.start <= clause.end)
        .collect();
    let first_verb = verbs
        .first()
        .map(|verb| verb.start)
        .into_iter()
        .chain(head.map(|head| head.range.start.saturating_sub(range.start)))
        .min();
    let before_verb = head
        .filter(|_| language == Language::De)
        .and_then(|head| object_before(sentence, &nouns, head.range.start.saturating_sub(range.start), pack));
    let form = match head {
        Some(head) if is_english => Form::of(sentence, head.range.start.saturating_sub(range.start), &head.lemma),
        _ => Form::Asked,
    };
    let mut order = 0;
    let mut has_object = false;
    for (nth, noun) in nouns.iter().enumerate() {
        let place = noun.range.start + range.start..noun.range.end + range.start;
        let inside = |other: &Range<usize>| other.start <= place.start && place.end <= other.end;
        let mut features = [0.0_f32; N_FEATURES];
        let mut set = |feature: Feature| features[feature as usize] = 1.0;
        let in_clause = is_asking && inside(clause);
        match at.cmp(&reading.asking) {
            std::cmp::Ordering::Less => set(Feature::EarlierSentence),
            std::cmp::Ordering::Greater => set(Feature::LaterSentence),
            std::cmp::Ordering::Equal if place.end <= clause.start => set(Feature::BeforeClause),
            std::cmp::Ordering::Equal if place.start >= clause.end => set(Feature::AfterClause),
            std::cmp::Ordering::Equal => {}
        }
        if reading.reason.as_ref().is_some_and(inside) {
            set(Feature::InReason);
        }
        if reading.situation.as_ref().is_some_and(inside) {
            set(Feature::InSituation);
        }
        let company = if is_english { Company::of(sentence, noun) } else { Company::of_other(sentence, noun, pack) };
        for feature in company.features() {
            set(feature);
        }
        for feature in looks(sentence, noun, pack, is_english) {
            set(feature);
        }
        // Role in the clause.
        let is_after_head = head_end.is_some_and(|end| noun.range.start >= end) && in_clause;
        // Who does it rather than what it is done to: "can my assistant see ...".
        let acts = if is_english {
            is_person(&sentence[noun.range.clone()])
        } else {
            pack.persons.contains(&last_folded(&sentence[noun.range.clone()]))
        };
        if !is_after_head && in_clause && company.preposition.is_none() && acts {
            set(Feature::SubjectOfRole);
        }
        if is_after_head {
            set(Feature::AfterHeadVerb);
            if reading.kind == Kind::Request {
                set(Feature::RequestAfterVerb);
            }
        }
        let follows = |end: usize| {
            noun.start >= end
                && words_of(&sentence[end..noun.start]).all(|word| {
                    matches!(
                        word.as_str(),
                        "me" | "us"
                            | "up"
                            | "out"
                            | "off"
                            | "on"
                            | "back"
                            | "down"
                            | "in"
                            | "them"
                            | "him"
                            | "her"
                            | "you"
                            | "all"
                            | "also"
                            | "only"
                            | "just"
                            | "again"
                            | "even"
                            | "of"
                            | "more"
                            | "both"
                    )
                })
        };
        if is_after_head && !has_object && head_end.is_some_and(follows) {
            has_object = true;
            set(match form {
                Form::Finite => Feature::ObjectOfFinite,
                Form::Circumstance => Feature::ObjectOfCircumstance,
                Form::Asked if is_plain => Feature::DirectObjectOfPlain,
                Form::Asked => Feature::DirectObject,
            });
        } else if Some(nth) == before_verb {
            has_object = true;
            set(Feature::DirectObject);
        } else if company.preposition.is_none() && verbs.iter().any(|verb| follows(verb.end)) {
            set(Feature::DirectObjectOfOther);
        }
        if in_clause || !is_asking {
            let next = words_of(&sentence[noun.range.end..]).next().unwrap_or_default();
            match first_verb {
                None => set(Feature::NoVerb),
                Some(verb) if noun.range.end <= verb && company.preposition.is_none() => {
                    set(Feature::Subject);
                    if reading.kind == Kind::Problem {
                        set(Feature::SubjectOfProblem);
                    }
                }
                Some(_) => {}
            }
            if form == Form::Finite
                && company.preposition.is_none()
                && head.is_some_and(|head| place.end <= head.range.start)
            {
                set(Feature::SubjectOfFinite);
            }
            let touches = |verb: &Range<usize>| {
                verb.start >= noun.range.end && sentence[noun.range.end..verb.start].trim().is_empty()
            };
            if company.preposition.is_none() {
                let is_subject = if is_english {
                    noun::before_subject_verb(&next)
                } else {
                    pack.before_verb.contains(token::fold(&next).as_ref())
                };
                if is_subject {
                    set(Feature::SubjectBeforeBe);
                } else if verbs.iter().any(touches) {
                    set(Feature::SubjectBeforeVerb);
                }
            }
            if matches!(next.as_str(), "i" | "we" | "you" | "they" | "he" | "she" | "that" | "which") {
                set(Feature::BeforeRelative);
            }
            match order {
                0 if noun.start <= 2 && company.preposition.is_none() => {
                    set(Feature::First);
                    match reading.kind {
                        Kind::Problem => set(Feature::OpensProblem),
                        Kind::Request => set(Feature::OpensRequest),
                        _ => set(Feature::QuestionFirst),
                    }
                    if at == 0 && reading.sentences.len() > 1 {
                        set(Feature::OpensTitle);
                    }
                }
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
        if nth + 1 == nouns.len() {
            set(Feature::LastOfSentence);
        }
        let around = Around {
            sentence,
            nouns: &nouns,
            at: nth,
            frame,
            kind: reading.kind.word(),
            verb: head.map(|head| head.lemma.as_str()),
        };
        let keys = beside::keys(&around, &mut features);
        found.push(Candidate { range: place, features, keys });
    }
}

/// How the verb stands there that says what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Wanted, or not possible: "export the list", "can't export the list".
    Asked,
    /// Told of something: "the parser accepts open strings".
    Finite,
    /// When or how it came about: "after closing the dialog".
    Circumstance,
}

impl Form {
    /// The form of the verb at byte `at` of an English sentence.
    fn of(sentence: &str, at: usize, lemma: &str) -> Self {
        let verb = words_of(&sentence[at..]).next().unwrap_or_default();
        let before = words_of(&sentence[..at]).next_back().unwrap_or_default();
        if verb.ends_with("ing")
            && matches!(before.as_str(), "after" | "when" | "while" | "by" | "without" | "before" | "on" | "since")
        {
            return Self::Circumstance;
        }
        let is_owned = matches!(before.as_str(), "i" | "we" | "you" | "to" | "me" | "us");
        if verb != lemma && !verb.ends_with("ing") && !is_owned { Self::Finite } else { Self::Asked }
    }
}

/// What stands before a noun.
struct Company {
    has_break: bool,
    previous: String,
    before_previous: String,
    determiner: String,
    /// What the determiner says, where a pack tells.
    said: Option<Feature>,
    preposition: Option<Feature>,
    is_there: bool,
}

impl Company {
    fn of(sentence: &str, noun: &Noun) -> Self {
        let left = sentence[..noun.start].trim_end();
        let has_break = left.ends_with([',', '.', ':', ';', '-', '(', '?', '!', '"', '–']);
        let before: Vec<String> = words_of(left).rev().take(4).collect();
        let word = |at: usize| before.get(at).cloned().unwrap_or_default();
        let previous = if has_break { String::new() } else { word(0) };
        let preposition = match previous.as_str() {
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
        let is_there = !has_break
            && before.iter().any(|word| word == "there" || word == "there's")
            && before
                .iter()
                .take(2)
                .any(|word| matches!(word.as_str(), "is" | "are" | "there's" | "no" | "any" | "be" | "there"));
        Self {
            has_break,
            previous,
            before_previous: word(1),
            determiner: words_of(&sentence[noun.start..noun.range.start]).next().unwrap_or_default(),
            said: None,
            preposition,
            is_there,
        }
    }

    /// The same in a language whose function words its pack lists.
    fn of_other(sentence: &str, noun: &Noun, pack: &Pack) -> Self {
        let left = sentence[..noun.start].trim_end();
        let has_break = left.ends_with([',', '.', ':', ';', '-', '(', '?', '!', '"', '–']);
        let says = |word: &str| pack.before_noun.get(word).copied();
        let is_preposition = |feature: &Feature| {
            (Feature::PrepositionOf as usize..=Feature::PrepositionOther as usize).contains(&(*feature as usize))
        };
        // "de la note", "d'analyse": the article may be part of the noun's start, or stand before it.
        let before = sentence[..noun.range.start].trim_end();
        let mut words = folded(before).rev().take(2);
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let of_first = says(&first);
        let preposition = of_first.filter(is_preposition).or_else(|| says(&second).filter(is_preposition));
        let determiner = of_first.filter(|feature| !is_preposition(feature));
        Self {
            has_break,
            previous: String::new(),
            before_previous: String::new(),
            determiner: String::new(),
            said: determiner,
            preposition: preposition.filter(|_| !has_break),
            is_there: false,
        }
    }

    fn features(&self) -> Vec<Feature> {
        let mut found: Vec<Feature> = self.preposition.into_iter().chain(self.said).collect();
        if self.has_break {
            found.push(Feature::AfterBreak);
        }
        let is_fault = matches!(
            self.before_previous.as_str(),
            "problem" | "problems" | "issue" | "issues" | "trouble" | "error" | "bug" | "help" | "lack" | "something"
        );
        if is_fault && matches!(self.previous.as_str(), "with" | "in" | "of" | "on") {
            found.push(Feature::OfProblem);
        }
        match self.determiner.as_str() {
            "my" | "our" | "your" | "his" | "her" | "their" => found.push(Feature::Possessive),
            "the" | "this" | "that" | "these" | "those" => found.push(Feature::Definite),
            "a" | "an" | "another" | "some" | "any" | "more" | "new" | "no" => found.push(Feature::Indefinite),
            "many" | "much" | "all" | "each" | "every" | "several" | "multiple" => found.push(Feature::Quantity),
            _ => {}
        }
        if matches!(self.determiner.as_str(), "what" | "which" | "whose")
            || matches!(self.previous.as_str(), "what" | "which" | "whose" | "many" | "much")
        {
            found.push(Feature::Wh);
        }
        if self.is_there {
            found.push(Feature::ThereIs);
        }
        if matches!(self.previous.as_str(), "is" | "are" | "was" | "were" | "what's" | "it's" | "be" | "been") {
            found.push(Feature::AfterBe);
        }
        found
    }
}

/// Words without capitals and accents; what an apostrophe joins are two.
fn folded(slice: &str) -> impl DoubleEndedIterator<Item = String> + '_ {
    let words = slice.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| token::fold(word).into_owned())
}

fn last_folded(phrase: &str) -> String {
    folded(phrase).next_back().unwrap_or_default()
}

/// Where the verb stands last, the last noun before it that no preposition leads and that does not act: "die
/// *Rechnungen* als CSV exportieren".
fn object_before(sentence: &str, nouns: &[Noun], verb: usize, pack: &Pack) -> Option<usize> {
    nouns.iter().rposition(|noun| {
        let phrase = &sentence[noun.range.clone()];
        noun.range.end <= verb
            && Company::of_other(sentence, noun, pack).preposition.is_none()
            && !pack.persons.contains(&last_folded(phrase))
            && !pack.generic.contains(&last_folded(phrase))
    })
}

/// Whether a phrase names whoever acts.
pub(crate) fn is_person(phrase: &str) -> bool {
    let head = words_of(phrase).next_back().unwrap_or_default();
    IS_PERSON.has(&head) || slot::is_role(head.strip_suffix('s').filter(|one| one.len() > 3).unwrap_or(&head))
}

/// Whether a phrase names a time, a person or the asking itself: seldom the thing meant.
pub(crate) fn is_weak(phrase: &str) -> bool {
    let head = words_of(phrase).next_back().unwrap_or_default();
    is_person(phrase) || is_time(&head) || IS_GENERIC.has(&head) || NUMBERS.contains(&head.as_str())
}

/// What a noun says by itself.
fn looks(sentence: &str, noun: &Noun, pack: &Pack, is_english: bool) -> Vec<Feature> {
    let mut found = Vec::new();
    let slice = &sentence[noun.range.clone()];
    let own: Vec<String> = words_of(slice).collect();
    let head = own.last().map_or("", String::as_str);
    if IS_GENERIC.has(head) && !noun.is_code {
        found.push(Feature::Generic);
    }
    if own.len() == 1 && is_english && head.ends_with("ing") {
        found.push(Feature::Gerund);
    }
    if own.len() <= 2 && own.iter().any(|word| is_time(word)) {
        found.push(Feature::Time);
    }
    if !is_english {
        let head = last_folded(slice);
        if pack.generic.contains(&head) {
            found.push(Feature::Generic);
        }
        if pack.persons.contains(&head) {
            found.push(Feature::Person);
        }
    } else if IS_PERSON.has(head) {
        found.push(Feature::Person);
    } else if slot::is_role(head.strip_suffix('s').filter(|one| one.len() > 3).unwrap_or(head)) {
        found.push(Feature::Role);
    }
    if matches!(head, "error" | "errors" | "crash" | "bug" | "failure" | "exception") {
        found.push(Feature::Fault);
    }
    match own.len() {
        0 | 1 => found.push(Feature::OneWord),
        2 => {}
        3 => found.push(Feature::ThreeWords),
        _ => found.push(Feature::ManyWords),
    }
    if noun.is_code {
        found.push(Feature::Code);
    }
    if noun.range.start > 0 && slice.starts_with(char::is_uppercase) {
        found.push(Feature::Capital);
    }
    if slice.contains(|c: char| c.is_ascii_digit()) {
        found.push(Feature::Digit);
    }
    found
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
