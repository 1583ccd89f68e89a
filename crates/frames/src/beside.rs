//! What a noun is beside, by name: its head, its place in the clause, the words and nouns around it, and each of these
//! together with the frame asked for. "A note on the order" is about the order where somebody wants to comment, and
//! about the note where somebody cannot see it.
//!
//! In: a sentence, its nouns, and the features found so far. Out: names for the rows of the object model, and the
//! features that compare a noun with the frame's own words. Names that no example showed have no row and count nothing.

use crate::frame::Frame;
use crate::noun::Noun;
use crate::object::{Feature, N_FEATURES};
use throughline_text::{Language, stem, token};

/// Words that tie one noun to another.
const TIES: &[&str] = &[
    "of", "for", "to", "into", "onto", "from", "in", "on", "at", "with", "by", "about", "under", "over", "per", "as",
    "without", "between", "via", "through", "inside", "within", "against", "and", "or", "than", "like", "after",
    "before", "during", "since", "until", "behind", "beside", "de", "du", "des", "del", "da", "do", "dos", "das",
    "von", "für", "mit", "pour", "para", "por",
];

/// Features that say where in a clause a noun stands, the more telling first.
const PLACES: &[(Feature, &str)] = &[
    (Feature::DirectObject, "object"),
    (Feature::DirectObjectOfPlain, "plain object"),
    (Feature::ObjectOfFinite, "object of finite"),
    (Feature::ObjectOfCircumstance, "object of circumstance"),
    (Feature::ThereIs, "there is"),
    (Feature::AfterBe, "after be"),
    (Feature::SubjectBeforeBe, "before be"),
    (Feature::SubjectBeforeVerb, "before verb"),
    (Feature::DirectObjectOfOther, "other object"),
    (Feature::PrepositionOf, "of"),
    (Feature::PrepositionFor, "for"),
    (Feature::PrepositionTo, "to"),
    (Feature::PrepositionIn, "in"),
    (Feature::PrepositionWith, "with"),
    (Feature::PrepositionAbout, "about"),
    (Feature::PrepositionOther, "other preposition"),
    (Feature::Subject, "subject"),
    (Feature::NoVerb, "no verb"),
    (Feature::AfterHeadVerb, "after verb"),
];

/// What is known of a noun besides itself.
pub(crate) struct Around<'a> {
    pub(crate) sentence: &'a str,
    pub(crate) nouns: &'a [Noun],
    /// Position in `nouns`.
    pub(crate) at: usize,
    pub(crate) frame: Option<&'a Frame>,
    /// What the statement does.
    pub(crate) kind: &'static str,
    /// Base form of the verb that says what is asked for, where it stands in the sentence.
    pub(crate) verb: Option<&'a str>,
}

/// The base form of the last word of a phrase, in lower case.
fn head(phrase: &str) -> String {
    let last = token::words(phrase).last().unwrap_or(0..phrase.len());
    stem::lemma(&phrase[last].to_lowercase(), Language::English)
}

/// The word that ties `after` to `before`, when nothing else stands between them.
fn tie(sentence: &str, before: &Noun, after: &Noun) -> Option<String> {
    let between = sentence.get(before.range.end..after.start)?.trim().to_lowercase();
    TIES.contains(&between.as_str()).then_some(between)
}

/// Sets what compares the noun with the frame, and gives the names of what else is seen.
pub(crate) fn keys(around: &Around<'_>, features: &mut [f32; N_FEATURES]) -> Vec<String> {
    let Some(noun) = around.nouns.get(around.at) else { return Vec::new() };
    let phrase = |noun: &Noun| head(&around.sentence[noun.range.clone()]);
    let own = phrase(noun);
    let is_of_frame = |word: &str| around.frame.is_some_and(|frame| frame.nouns.iter().any(|noun| noun == word));
    let is_verb = |word: &str| around.frame.is_some_and(|frame| frame.verbs.iter().any(|verb| verb == word));
    let before = around.at.checked_sub(1).and_then(|at| around.nouns.get(at));
    let before = before.and_then(|before| Some((phrase(before), tie(around.sentence, before, noun)?)));
    let after = around.nouns.get(around.at + 1);
    let after = after.and_then(|after| Some((phrase(after), tie(around.sentence, noun, after)?)));
    let place = PLACES.iter().find(|(feature, _)| features[*feature as usize] > 0.0).map_or("none", |(_, name)| name);
    let mut set = |feature: Feature, is_so: bool| {
        if is_so {
            features[feature as usize] = 1.0;
        }
    };
    set(Feature::OfFrame, is_of_frame(&own));
    set(Feature::OfFrameVerb, is_verb(&own));
    set(Feature::Governs, after.is_some());
    set(Feature::GovernsOf, after.as_ref().is_some_and(|(_, tie)| tie == "of"));
    set(
        Feature::GovernedByFrame,
        before.as_ref().is_some_and(|(governor, _)| is_of_frame(governor) || is_verb(governor)),
    );
    let frame = around.frame.map_or("", |frame| frame.id.as_str());
    let mut keys = vec![
        format!("={own}"),
        format!("@{place} {}", around.kind),
        format!("@{place} <{frame}"),
        format!("={own} <{frame}"),
    ];
    if let Some(verb) = around.verb {
        keys.push(format!("@{place} !{verb}"));
    }
    if let Some((governor, tie)) = before {
        keys.push(format!("{governor} {tie} @"));
        keys.push(format!("{tie} @ <{frame}"));
    }
    if let Some((governed, tie)) = after {
        keys.push(format!("@ {tie} <{frame}"));
        keys.push(format!("@ {tie} {governed}"));
        keys.push(format!("{own} {tie}"));
    }
    let word_after = token::words(&around.sentence[noun.range.end..]).next();
    if let Some(word) = word_after {
        keys.push(format!("@ +{}", around.sentence[noun.range.end..][word].to_lowercase()));
    }
    let left = &around.sentence[..noun.start];
    let mut words_before: Vec<String> = token::words(left).map(|word| left[word].to_lowercase()).collect();
    if let Some(last) = words_before.pop() {
        keys.push(format!("-{last} @"));
        keys.push(format!("-{last} @ <{frame}"));
        if let Some(second) = words_before.pop() {
            keys.push(format!("-{second} {last} @"));
        }
    }
    keys.sort();
    keys.dedup();
    keys
}
