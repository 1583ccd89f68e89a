//! Filling templates: the slots of a need, in every form that a sentence may call for.
//!
//! In: a need, its playbook entry, who acts, the product's name. Out: [`Wording`], which turns templates into text.
//! Invariants: no brace or bracket of a template is left in the output; articles agree with the word that follows;
//! customers' nouns keep their words.

use crate::noun::Noun;
use crate::playbook::Entry;
use crate::words;
use std::collections::BTreeMap;
use throughline_model::{Basis, Language, Need, Slot, SlotName};

/// Most words of a trigger that still reads inside a sentence. Chosen, untested.
const MOST_TRIGGER_WORDS: usize = 8;

/// Words that tie a phrase to who said it, or turn it into its opposite.
const SPEAKERS: &[&str] = &[
    "i", "me", "we", "us", "you", "he", "him", "she", "they", "them", "this", "that", "these", "those", "there",
    "what", "which", "who", "never", "not", "cannot", "can't", "don't", "doesn't", "didn't", "won't", "isn't",
    "wasn't", "nobody", "nothing", "it", "itself",
];

/// Finite verbs that tell what somebody did: a phrase that begins with one has lost its subject.
const TOLD: &[&str] = &["got", "gets", "had", "went", "came", "said", "says", "told", "saw", "thought", "gave", "lost"];

/// What those who build a product do to it: "fix the icon" is their work and not an act of the product.
const UPKEEP: &[&str] =
    &["fix", "resolve", "port", "backport", "debug", "investigate", "refactor", "deprecate", "patch"];

/// Verb forms that make a phrase a clause.
const FINITE: &[&str] = &["is", "are", "was", "were", "has", "have", "been", "does", "did"];

/// Whether a phrase is a name that stands by itself: not a half of what somebody said.
#[must_use]
pub fn is_name(phrase: &str) -> bool {
    let mut words = phrase.split_whitespace().map(|word| word.to_lowercase().replace('’', "'"));
    words.all(|word| {
        let first = word.split('\'').next().unwrap_or_default();
        ![word.as_str(), first]
            .iter()
            .any(|word| SPEAKERS.contains(word) || FINITE.contains(word) || TOLD.contains(word))
    })
}

/// What is done or happens, read from a trigger slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// A verb in its base form with what follows: `publish`, `the rota`.
    Verb {
        /// Base form.
        base: String,
        /// The rest of the phrase; may be empty.
        rest: String,
    },
    /// A thing: `the payroll run`.
    Noun(String),
    /// A clause: `a shift is swapped`.
    Clause(String),
}

impl Trigger {
    /// Reads a phrase. None when it holds no words, or cannot stand in the middle of a sentence of ours: what people
    /// say of an act is often half a sentence, and half a sentence pasted into another makes neither.
    #[must_use]
    pub fn parse(phrase: &str) -> Option<Self> {
        let phrase = phrase.trim().trim_end_matches(['.', '!', '?', ',', ';', ':']).trim();
        if phrase.contains([',', ';', ':', '"', '“', '”', '(', ')', '\n', '…'])
            || phrase.split_whitespace().count() > MOST_TRIGGER_WORDS
        {
            return None;
        }
        let mut words: Vec<String> = phrase.split_whitespace().map(words::recase).collect();
        if let Some(first) = words.first()
            && ["to", "i", "we", "when", "whenever", "if"].contains(&first.as_str())
            && words.len() > 1
        {
            words.remove(0);
        }
        for word in &mut words {
            if ["my", "our", "your", "their"].contains(&word.as_str()) {
                "the".clone_into(word);
            }
        }
        let text = words.join(" ");
        if text.is_empty() {
            return None;
        }
        if words.iter().any(|word| SPEAKERS.contains(&word.to_lowercase().as_str()))
            || TOLD.contains(&words[0].as_str())
        {
            return None;
        }
        if words.iter().skip(1).any(|word| FINITE.contains(&word.as_str())) {
            return Some(Self::Clause(text));
        }
        if let Some(whole) = words::base_phrase(&text) {
            let (base, rest) = whole.split_once(' ').unwrap_or((&whole, ""));
            if UPKEEP.contains(&base) {
                return None;
            }
            return Some(Self::Verb { base: base.to_owned(), rest: with_article(rest) });
        }
        Some(Self::Noun(with_article(&text)))
    }

    /// `publish the rota`.
    #[must_use]
    pub fn infinitive(&self) -> String {
        match self {
            Self::Verb { base, rest } => join(base, rest),
            Self::Noun(thing) => format!("complete {thing}"),
            Self::Clause(clause) => format!("see to it that {clause}"),
        }
    }

    /// `publishing the rota`.
    #[must_use]
    pub fn gerund(&self) -> String {
        words::gerund(&self.infinitive())
    }

    /// `the rota is published`.
    #[must_use]
    pub fn passive(&self) -> String {
        match self {
            Self::Clause(clause) => clause.clone(),
            Self::Noun(thing) => format!("{thing} is completed"),
            Self::Verb { base, rest } => {
                let words: Vec<&str> = rest.split_whitespace().collect();
                let is_link = |word: &&str| {
                    ["to", "from", "in", "on", "at", "for", "with", "by", "into", "out", "up", "off", "over"]
                        .contains(word)
                };
                let n_object = words.iter().position(is_link).unwrap_or(words.len());
                if n_object == 0 {
                    return format!("somebody {}", words::third_person(&join(base, rest)));
                }
                let object = words[..n_object].join(" ");
                let after = words[n_object..].join(" ");
                let is_many = !object.starts_with("a ")
                    && !object.starts_with("an ")
                    && object.rsplit(' ').next().is_some_and(words::is_plural);
                let verb = if is_many { "are" } else { "is" };
                join(&format!("{object} {verb} {}", words::participle(base)), &after)
            }
        }
    }
}

/// A slot as text, with whether somebody said it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Value {
    text: String,
    is_stated: bool,
}

/// The words of one need.
#[derive(Debug, Clone)]
pub struct Wording {
    values: BTreeMap<&'static str, Value>,
    /// The thing acted on.
    pub object: Noun,
    /// Who acts.
    pub actor: Noun,
    /// What is done.
    pub trigger: Trigger,
}

impl Wording {
    /// Reads the slots of `need`. `language` is that of the words the object was read from.
    #[must_use]
    pub fn new(
        need: &Need,
        entry: &Entry,
        actor: &Noun,
        actor_is_known: bool,
        language: Language,
        product: &str,
    ) -> Self {
        let stated = |name: SlotName| need.slots.get(&name).filter(|slot| is_stated(slot));
        let object_slot = need
            .filled(SlotName::Object)
            .and_then(|text| Noun::parse(text, language))
            .map(|noun| noun.without_act(&need.frame, language));
        let object_is_stated = object_slot.is_some() && stated(SlotName::Object).is_some();
        let object = object_slot.unwrap_or_else(|| Noun {
            one: "record".to_owned(),
            many: "records".to_owned(),
            a_one: "a record".to_owned(),
        });
        let mut values: BTreeMap<&'static str, Value> = BTreeMap::new();
        let mut put = |key: &'static str, text: &str, is_stated: bool| {
            values.insert(key, Value { text: text.to_owned(), is_stated });
        };
        put("object", &object.one, object_is_stated);
        put("objects", &object.many, object_is_stated);
        put("a_object", &object.a_one, object_is_stated);
        put("actor", &actor.one, actor_is_known);
        put("actors", &actor.many, actor_is_known);
        put("people", if actor_is_known { &actor.many } else { "people" }, actor_is_known);
        put("product", product, true);
        let mut out = Self { values, object, actor: actor.clone(), trigger: Trigger::Noun(String::new()) };
        for name in
            [SlotName::Attributes, SlotName::Format, SlotName::Destination, SlotName::Condition, SlotName::Quality]
        {
            let key = name.word();
            let value = match (stated(name), entry.defaults.get(key), need.filled(name)) {
                (Some(slot), _, _) => Value { text: clean_phrase(&slot.value), is_stated: true },
                (None, Some(default), _) => Value { text: out.fill(default), is_stated: false },
                (None, None, Some(text)) => Value { text: out.fill(&clean_phrase(text)), is_stated: false },
                (None, None, None) => Value { text: unsaid(name).to_owned(), is_stated: false },
            };
            out.values.insert(key, value);
        }
        let said = stated(SlotName::Trigger).and_then(|slot| Trigger::parse(&slot.value));
        let is_stated = said.is_some();
        let fallback = entry.defaults.get("trigger").map_or("use {objects}", String::as_str);
        if let Some(trigger) = said.or_else(|| Trigger::parse(&out.fill(fallback))) {
            out.trigger = trigger;
        }
        for (key, text) in [
            ("trigger", out.trigger.infinitive()),
            ("triggering", out.trigger.gerund()),
            ("triggered", out.trigger.passive()),
        ] {
            out.values.insert(key, Value { text, is_stated });
        }
        out
    }

    /// A template with its slots filled; optional parts stay only where every slot in them was said.
    #[must_use]
    pub fn fill(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() * 2);
        let mut rest = template;
        while let Some(at) = rest.find('[') {
            out.push_str(&self.replace(&rest[..at]));
            let Some(end) = rest[at..].find(']') else { break };
            let part = &rest[at + 1..at + end];
            if self.is_stated_throughout(part) {
                out.push_str(&self.replace(part));
            }
            rest = &rest[at + end + 1..];
        }
        out.push_str(&self.replace(rest));
        tidy(&out)
    }

    /// The template as a sentence: filled, capitalised, with its full stop.
    #[must_use]
    pub fn sentence(&self, template: &str) -> String {
        sentence(&self.fill(template))
    }

    /// Whether every slot in a template was filled from what somebody said.
    #[must_use]
    pub fn is_stated_throughout(&self, template: &str) -> bool {
        placeholders(template).all(|key| self.values.get(key).is_some_and(|value| value.is_stated))
    }

    fn replace(&self, part: &str) -> String {
        let mut out = String::new();
        let mut rest = part;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let Some(end) = rest[at..].find('}') else { break };
            let key = &rest[at + 1..at + end];
            if let Some(value) = self.values.get(key) {
                out.push_str(&value.text);
            }
            rest = &rest[at + end + 1..];
        }
        out.push_str(rest);
        out
    }
}

/// Whether a slot rests on words, code or strategy rather than on a default or on nothing.
#[must_use]
pub fn is_stated(slot: &Slot) -> bool {
    matches!(slot.basis, Basis::Evidence | Basis::Code | Basis::Strategy)
}

/// Names in braces.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(key, _)| key))
}

/// One space between words, none before punctuation, and articles that agree with what follows.
#[must_use]
pub fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out = String::with_capacity(text.len());
    for (i, word) in words.iter().enumerate() {
        let next = words.get(i + 1).copied().unwrap_or_default();
        let agreed = match *word {
            "a" | "an" if !next.is_empty() => words::article(next),
            "A" | "An" if !next.is_empty() => {
                if words::article(next) == "an" {
                    "An"
                } else {
                    "A"
                }
            }
            // Two articles in a row: the template's, then the noun's own.
            other => other,
        };
        let is_doubled = matches!(*word, "a" | "an" | "the") && matches!(next, "a" | "an" | "the");
        if is_doubled {
            continue;
        }
        if !out.is_empty() && !agreed.starts_with([',', '.', ';', ':']) {
            out.push(' ');
        }
        out.push_str(agreed);
    }
    out
}

/// Capitalised, with a full stop unless it ends a sentence already.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = words::capitalised(text.trim());
    if text.ends_with(['.', '!', '?', ':', '…', '”']) { text } else { format!("{text}.") }
}

/// A slot's words as part of a sentence: no trailing stop, first person turned away.
fn clean_phrase(text: &str) -> String {
    let words: Vec<String> = text
        .trim()
        .trim_end_matches(['.', '!', '?', ',', ';', ':'])
        .split_whitespace()
        .map(|word| match word.to_lowercase().as_str() {
            "my" | "our" | "your" => "the".to_owned(),
            _ => words::recase(word),
        })
        .collect();
    words.join(" ")
}

/// What stands in a sentence for a slot about which nobody said anything and no default exists.
const fn unsaid(name: SlotName) -> &'static str {
    match name {
        SlotName::Attributes => "the facts",
        SlotName::Format => "CSV",
        SlotName::Destination => "those concerned",
        SlotName::Condition => "the rule",
        SlotName::Quality => "the target",
        _ => "it",
    }
}

fn join(first: &str, rest: &str) -> String {
    if rest.is_empty() { first.to_owned() } else { format!("{first} {rest}") }
}

/// A bare countable noun at the start of `rest` gets its article: `rota` becomes `a rota`.
fn with_article(rest: &str) -> String {
    const NO_ARTICLE: &[&str] = &[
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "all",
        "any",
        "every",
        "each",
        "some",
        "no",
        "it",
        "them",
        "one",
        "two",
        "three",
        "several",
        "to",
        "from",
        "in",
        "on",
        "at",
        "for",
        "with",
        "by",
        "of",
        "into",
        "out",
        "up",
        "off",
        "over",
        "and",
        "or",
        "as",
        "more",
        "many",
        "another",
        "his",
        "her",
        "its",
        "automatically",
        "again",
    ];
    let words: Vec<&str> = rest.split_whitespace().collect();
    let Some(first) = words.first() else { return String::new() };
    if NO_ARTICLE.contains(first)
        || first.chars().next().is_some_and(|c| !c.is_lowercase() && !words::is_acronym(first))
    {
        return rest.to_owned();
    }
    let n_object = words
        .iter()
        .position(|w| ["to", "from", "in", "on", "at", "for", "with", "by", "into", "of"].contains(w))
        .unwrap_or(words.len());
    let head = words[n_object - 1];
    if words::is_plural(head)
        || words::unit(head).is_some()
        || words::is_activity(head)
        || words[..n_object].contains(&"and")
    {
        return rest.to_owned();
    }
    format!("{} {rest}", words::article(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_trigger(phrase: &str, infinitive: &str, gerund: &str, passive: &str) {
        let trigger = Trigger::parse(phrase).unwrap();
        assert_eq!((&*trigger.infinitive(), &*trigger.gerund(), &*trigger.passive()), (infinitive, gerund, passive));
    }

    #[test]
    fn a_phrase_that_opens_with_a_preposition_takes_no_article() {
        for phrase in ["of the report", "to clients", "in bulk", "into folders"] {
            assert_eq!(with_article(phrase), phrase);
        }
    }

    #[test]
    fn triggers_take_every_form() {
        check_trigger("publish rota", "publish a rota", "publishing a rota", "a rota is published");
        check_trigger("publishing the rota", "publish the rota", "publishing the rota", "the rota is published");
        check_trigger("to swap shifts", "swap shifts", "swapping shifts", "shifts are swapped");
        check_trigger(
            "send my report to clients",
            "send the report to clients",
            "sending the report to clients",
            "the report is sent to clients",
        );
        check_trigger(
            "payroll run",
            "complete a payroll run",
            "completing a payroll run",
            "a payroll run is completed",
        );
        check_trigger(
            "when a shift is swapped",
            "see to it that a shift is swapped",
            "seeing to it that a shift is swapped",
            "a shift is swapped",
        );
        check_trigger("loading", "load", "loading", "somebody loads");
        check_trigger("export CSV", "export a CSV", "exporting a CSV", "a CSV is exported");
    }

    #[test]
    fn half_a_sentence_is_no_trigger() {
        for phrase in [
            "never worked, the night the clocks",
            "they gave us an hour",
            "the file (again)",
            "it did not go",
            "got a reminder for a shift",
            "fix the icon",
        ] {
            assert_eq!(Trigger::parse(phrase), None, "{phrase}");
        }
    }

    #[test]
    fn articles_and_spaces_are_put_right() {
        assert_eq!(tidy("see a export , then a a hour"), "see an export, then an hour");
        assert_eq!(sentence("the list is empty"), "The list is empty.");
    }
}
