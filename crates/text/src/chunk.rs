//! Noun phrases and verbs of a sentence, by word classes, endings and position: enough to say what is asked for.
//!
//! In: a sentence (or a short text) and its language. Out: [`Chunks`] with byte ranges: noun phrases with their head, and
//! verbs with lemma and negation; [`Chunks::head_verb`] is the verb after "want to", "can't", "please", "how do I".
//! English is tagged in two passes: each word gets its possible classes from a small lexicon and its ending, then its
//! neighbours choose (a "filter" after "the" is a noun, after "to" a verb). The other languages use function words,
//! capitals (German) and infinitive endings.
//! Cost: a few look-ups a word. It is a chunker, not a parser: about nine of ten objects of short requests come out
//! right (see the tests), long sentences fare worse.
//! Source: chunking by tag patterns after Abney 1991; lexicon and rules are this project's own.

mod lexicon;

use std::ops::Range;

use crate::language::Language;
use crate::stem::lemma;
use crate::token::{lower, words};
use lexicon::{Class, Classes};

/// A noun phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NounPhrase {
    /// From the first modifier to the head, without article or possessive: "monthly sales report".
    pub range: Range<usize>,
    /// The same with the article and with what follows by "of" (or de, von ...): "the list of open invoices".
    pub whole: Range<usize>,
    /// The last noun of `range`: "report".
    pub head: Range<usize>,
}

/// A verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verb {
    /// The verb form itself, without auxiliaries.
    pub range: Range<usize>,
    /// Its base form.
    pub lemma: String,
    /// Whether it is what someone wants, cannot or should do: after "to", a modal, "please", or as an imperative.
    pub is_asked: bool,
    /// Whether a negation stands right before it.
    pub is_negated: bool,
}

/// What [`chunk`] found, both lists in text order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunks {
    /// The noun phrases.
    pub phrases: Vec<NounPhrase>,
    /// The verbs, auxiliaries and modals left out.
    pub verbs: Vec<Verb>,
}

impl Chunks {
    /// The verb that says what is wanted: the first asked-for one, else the first.
    pub fn head_verb(&self) -> Option<&Verb> {
        let carries_meaning = |verb: &&Verb| !is_filler(&verb.lemma);
        self.verbs
            .iter()
            .filter(|verb| verb.is_asked)
            .find(carries_meaning)
            .or_else(|| self.verbs.iter().find(carries_meaning))
            .or_else(|| self.verbs.first())
    }

    /// The first noun phrase after `verb` and before the next verb.
    pub fn object(&self, verb: &Verb) -> Option<&NounPhrase> {
        let limit = self.verbs.iter().map(|other| other.range.start).find(|&start| start > verb.range.start);
        self.phrases
            .iter()
            .find(|phrase| phrase.range.start >= verb.range.end)
            .filter(|phrase| limit.is_none_or(|limit| phrase.range.start < limit))
    }
}

/// Verbs that only carry another one: "want to export", "help me find".
fn is_filler(lemma: &str) -> bool {
    matches!(
        lemma,
        "want"
            | "need"
            | "like"
            | "love"
            | "wish"
            | "hope"
            | "try"
            | "let"
            | "help"
            | "be"
            | "have"
            | "able"
            | "allow"
            | "know"
            | "see"
            | "go"
            | "get"
            | "think"
            | "prefer"
            | "start"
            | "begin"
            | "keep"
            | "expect"
            | "plan"
            | "seem"
            | "manage"
    )
}

struct Tagged {
    range: Range<usize>,
    word: String,
    class: Class,
    /// Punctuation stands between this word and the one before.
    after_break: bool,
    /// The mark between is only a comma.
    after_comma: bool,
}

/// Finds the noun phrases and verbs of `text`.
///
/// ```
/// use throughline_text::{Language, chunk::chunk};
/// let text = "Please let me export the monthly sales reports as CSV";
/// let chunks = chunk(text, Language::English);
/// let verb = chunks.head_verb().unwrap();
/// assert_eq!(verb.lemma, "export");
/// assert_eq!(&text[chunks.object(verb).unwrap().range.clone()], "monthly sales reports");
/// ```
pub fn chunk(text: &str, language: Language) -> Chunks {
    let tagged = match language {
        Language::English | Language::Other => tag_english(text),
        _ => tag_simply(text, language),
    };
    Chunks { phrases: phrases(&tagged, language), verbs: verbs(&tagged, language) }
}

fn read(text: &str, mut classes_of: impl FnMut(&str, &str) -> Class) -> Vec<Tagged> {
    let mut tagged: Vec<Tagged> = Vec::new();
    let mut last_end = 0;
    for range in words(text) {
        let between = &text[last_end..range.start];
        let after_break = between
            .contains(['.', ';', ':', '!', '?', '\n', '(', ')', '"', '“', '”', '—', '–', '/', '|'])
            || between.contains(" - ")
            || tagged.is_empty();
        let after_comma = between.contains(',');
        last_end = range.end;
        let written = &text[range.clone()];
        let word = lower(written).into_owned();
        let class = classes_of(&word, written);
        tagged.push(Tagged { range, word, class, after_break, after_comma });
    }
    tagged
}

fn tag_english(text: &str) -> Vec<Tagged> {
    let mut possible: Vec<Classes> = Vec::new();
    let mut tagged = read(text, |word, _| {
        let classes = lexicon::english(word);
        possible.push(classes);
        classes.first
    });
    for index in 0..tagged.len() {
        let Classes { first, verb, noun, adjective } = possible[index];
        if first.is_closed() {
            continue;
        }
        let before = index.checked_sub(1).filter(|_| !tagged[index].after_break && !tagged[index].after_comma);
        let previous = before.map(|at| tagged[at].class);
        let previous_word = before.map_or("", |at| tagged[at].word.as_str());
        let next = tagged.get(index + 1).filter(|next| !next.after_break && !next.after_comma);
        let next_class = next.map(|next| next.class);
        let next_is_noun_start = next.is_some_and(|next| {
            matches!(next.class, Class::Determiner | Class::Possessive | Class::Pronoun | Class::Number)
        }) || possible
            .get(index + 1)
            .is_some_and(|next_possible| next.is_some() && next_possible.noun && !next_possible.first.is_closed());
        let is_ing = tagged[index].word.ends_with("ing");
        let is_ed = tagged[index].word.ends_with("ed");
        tagged[index].class = match previous {
            // "to export", "can't filter", "I filter", "let me sort", "please add", "not load"
            Some(Class::To | Class::Modal | Class::Subject) if verb => Class::Verb,
            Some(Class::Negation | Class::Adverb) if verb && !is_ing && governed(&tagged[..index]) => Class::Verb,
            Some(Class::Pronoun) if verb && !is_ing && !noun_only_follows(previous_word) => Class::Verb,
            Some(Class::Be | Class::Have) if verb && (is_ing || is_ed) => Class::Verb,
            Some(Class::Be) if adjective => Class::Adjective,
            Some(Class::Determiner | Class::Possessive | Class::Number) => {
                if (adjective || is_ed || is_ing) && next_is_noun_start { Class::Adjective } else { Class::Noun }
            }
            Some(Class::Adjective) if noun || verb => {
                if adjective && next_is_noun_start {
                    Class::Adjective
                } else {
                    Class::Noun
                }
            }
            // "for exporting reports", "without loading"
            Some(Class::Preposition) if is_ing && verb => {
                if next_class.is_some() {
                    Class::Verb
                } else {
                    Class::Noun
                }
            }
            Some(Class::Preposition) if noun => {
                if adjective && next_is_noun_start {
                    Class::Adjective
                } else {
                    Class::Noun
                }
            }
            Some(Class::Noun) if verb && !noun => Class::Verb,
            // "the export fails", "app crashes when": a noun, then a verb form in -s or -ed with no noun after it.
            Some(Class::Noun)
                if verb
                    && !has_verb(&tagged[..index])
                    && (is_ed || (tagged[index].word.ends_with('s') && !next_is_noun_start)) =>
            {
                Class::Verb
            }
            // An imperative opens a clause: "Add dark mode", "Export as CSV".
            None | Some(Class::Conjunction)
                if verb
                    && (next_is_noun_start
                        || matches!(next_class, Some(Class::Preposition | Class::Adverb | Class::Adjective))
                        || !noun) =>
            {
                if noun && possible.get(index + 1).is_some_and(|next| next.verb && !next.noun) {
                    Class::Noun
                } else {
                    Class::Verb
                }
            }
            Some(Class::Verb) if adjective && next_is_noun_start => Class::Adjective,
            Some(Class::Verb | Class::Noun) if noun => Class::Noun,
            _ if adjective && !noun => Class::Adjective,
            _ if noun => Class::Noun,
            _ if verb => Class::Verb,
            _ => first,
        };
    }
    tagged
}

/// Whether the last word but adverbs and negations before here calls for a verb: "can not really load".
fn governed(before: &[Tagged]) -> bool {
    before
        .iter()
        .rev()
        .find(|tagged| !matches!(tagged.class, Class::Negation | Class::Adverb))
        .is_some_and(|tagged| matches!(tagged.class, Class::To | Class::Modal | Class::Subject | Class::Pronoun))
        || before.iter().any(|tagged| tagged.class == Class::Negation)
            && before.last().is_some_and(|last| last.class == Class::Negation)
}

/// Whether the clause that these words end in has its verb already.
fn has_verb(before: &[Tagged]) -> bool {
    for tagged in before.iter().rev() {
        match tagged.class {
            Class::Verb => return true,
            Class::Conjunction => return false,
            _ if tagged.after_break || tagged.after_comma => return false,
            _ => {}
        }
    }
    false
}

/// Pronouns after which the word is what is meant, not what is done: "this filter".
fn noun_only_follows(word: &str) -> bool {
    matches!(word, "this" | "that" | "these" | "those" | "her" | "some" | "any")
}

fn tag_simply(text: &str, language: Language) -> Vec<Tagged> {
    let is_german = language == Language::German;
    let mut tagged = read(text, |word, written| lexicon::simple(word, written, language));
    for index in 0..tagged.len() {
        if tagged[index].class != Class::Noun {
            continue;
        }
        let before = index.checked_sub(1).filter(|_| !tagged[index].after_break);
        let previous = before.map(|at| tagged[at].class);
        let is_infinitive = lexicon::is_infinitive(&tagged[index].word, language);
        let is_capital = text[tagged[index].range.clone()].starts_with(char::is_uppercase);
        if is_german {
            // German nouns have a capital; at the start of a sentence anything has.
            let lower_case = !is_capital;
            let ends_clause =
                tagged.get(index + 1).is_none_or(|next| next.after_break || next.after_comma || next.class.is_closed());
            tagged[index].class = match (lower_case, is_infinitive) {
                (true, true) if ends_clause || previous == Some(Class::To) => Class::Verb,
                (true, _) if lexicon::is_german_adjective(&tagged[index].word) => Class::Adjective,
                (true, _) => Class::Adverb,
                (false, _) => Class::Noun,
            };
        } else if is_infinitive
            && !matches!(previous, Some(Class::Determiner | Class::Possessive | Class::Noun | Class::Number))
        {
            tagged[index].class = Class::Verb;
        }
    }
    tagged
}

fn phrases(tagged: &[Tagged], language: Language) -> Vec<NounPhrase> {
    let mut found: Vec<NounPhrase> = Vec::new();
    let is_romance = matches!(language, Language::French | Language::Spanish | Language::Portuguese);
    let mut at = 0;
    while at < tagged.len() {
        let start = at;
        let mut end = at;
        while end < tagged.len()
            && matches!(tagged[end].class, Class::Noun | Class::Adjective | Class::Number)
            && (end == start || !(tagged[end].after_break || tagged[end].after_comma))
        {
            end += 1;
        }
        // The head is the last noun; in Romance languages the first, because adjectives follow.
        let last_noun = (start..end).rev().find(|&place| tagged[place].class == Class::Noun);
        let Some(last_noun) = last_noun else {
            at = end.max(at + 1);
            continue;
        };
        let head = if is_romance {
            (start..end).find(|&place| tagged[place].class == Class::Noun).unwrap_or(last_noun)
        } else {
            last_noun
        };
        let stop = if is_romance { end - 1 } else { last_noun };
        let first = (start..=stop).find(|&place| tagged[place].class != Class::Number).unwrap_or(start);
        let mut whole = tagged[start].range.start..tagged[stop].range.end;
        let joins = start.checked_sub(1).filter(|_| !(tagged[start].after_break || tagged[start].after_comma));
        if let Some(before) =
            joins.filter(|&before| matches!(tagged[before].class, Class::Determiner | Class::Possessive))
        {
            whole.start = tagged[before].range.start;
            // "list of invoices": the phrase before takes this one in.
            attach(&mut found, tagged, before, whole.end);
        } else {
            attach(&mut found, tagged, start, whole.end);
        }
        found.push(NounPhrase {
            range: tagged[first].range.start..tagged[stop].range.end,
            whole,
            head: tagged[head].range.clone(),
        });
        at = end.max(at + 1);
    }
    found
}

/// Extends the last phrase to `end` when only a genitive preposition lies between it and the word at `start`.
fn attach(found: &mut [NounPhrase], tagged: &[Tagged], start: usize, end: usize) {
    let Some(preposition) = start.checked_sub(1).map(|at| &tagged[at]) else { return };
    let genitive = matches!(
        preposition.word.as_str(),
        "of" | "von" | "vom" | "de" | "du" | "des" | "d" | "del" | "do" | "da" | "dos" | "das"
    );
    if !genitive || preposition.after_break || tagged[start].after_break || tagged[start].after_comma {
        return;
    }
    let Some(owner) = start.checked_sub(2).map(|at| tagged[at].range.end) else { return };
    for phrase in found.iter_mut().rev().take_while(|phrase| phrase.whole.end == owner) {
        phrase.whole.end = end;
    }
}

fn verbs(tagged: &[Tagged], language: Language) -> Vec<Verb> {
    let mut found = Vec::new();
    for (index, verb) in tagged.iter().enumerate().filter(|(_, tagged)| tagged.class == Class::Verb) {
        let mut is_asked = index == 0 || verb.after_break;
        let mut is_negated = false;
        for before in tagged[..index].iter().rev().take(4) {
            match before.class {
                Class::Negation => is_negated = true,
                Class::To | Class::Modal => {
                    is_asked = true;
                    is_negated |= before.word.ends_with("n't") || before.word == "cannot" || before.word == "cant";
                    break;
                }
                Class::Adverb => is_asked |= before.word == "please",
                // "let me export", "help us find": the carried verb is the one asked for.
                Class::Verb if is_filler(&lemma(&before.word, Language::English)) => {
                    is_asked = true;
                    break;
                }
                Class::Pronoun | Class::Subject => {}
                _ => break,
            }
        }
        if !matches!(language, Language::English | Language::Other) {
            // In the other languages an infinitive is what a modal or "to" has left over.
            is_asked = true;
            is_negated = tagged[..index].iter().rev().take(4).any(|before| before.class == Class::Negation);
        }
        // "how do I export": the asking verb is the one after the subject.
        if index >= 2
            && matches!(tagged[index - 1].class, Class::Subject | Class::Pronoun)
            && tagged[index - 2].class == Class::Modal
        {
            is_asked = true;
        }
        let lemma = match language {
            Language::English | Language::Other => lemma(&verb.word, Language::English),
            _ => verb.word.clone(),
        };
        found.push(Verb { range: verb.range.clone(), lemma, is_asked, is_negated });
    }
    found
}

#[cfg(test)]
mod tests;
