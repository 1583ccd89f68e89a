//! Language packs: the cues of one language, read from `data/packs/`.
//!
//! Packs are part of the program; that each of them reads without a problem is held by a test.

use crate::clause::Marker;
use crate::object::Feature;
use crate::pattern::Cues;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use throughline_model::{Diagnostic, Kind, Language, Severity};

/// A class of cues that speak for one kind.
#[derive(Debug, Clone)]
pub(crate) struct KindClass {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) weight: f64,
}

/// The cues of one language.
#[derive(Debug, Default)]
pub(crate) struct Pack {
    pub(crate) kind_cues: Cues<u16>,
    pub(crate) kind_classes: Vec<KindClass>,
    /// The payload is a position in `markers`.
    pub(crate) clause_cues: Cues<u16>,
    pub(crate) markers: Vec<Marker>,
    /// Words that a role follows, in languages without "as a".
    pub(crate) role_leads: FxHashSet<String>,
    /// "please" and its like.
    pub(crate) polite: FxHashSet<String>,
    /// Words that open a question.
    pub(crate) asking_words: FxHashSet<String>,
    /// Words that open a supposition.
    pub(crate) supposing: FxHashSet<String>,
    /// Verbs that may begin an order.
    pub(crate) imperatives: FxHashSet<String>,
    /// Words before which such a word is a verb.
    pub(crate) after_verb: FxHashSet<String>,
    /// Words before which it was a noun: "search is", "order history was".
    pub(crate) after_noun: FxHashSet<String>,
    /// What a function word says of the noun after it, in languages other than English.
    pub(crate) before_noun: FxHashMap<String, Feature>,
    /// Verbs that a subject stands before.
    pub(crate) before_verb: FxHashSet<String>,
    /// Nouns that name the asking, not the thing.
    pub(crate) generic: FxHashSet<String>,
    /// Nouns for whoever acts.
    pub(crate) persons: FxHashSet<String>,
    /// Cues of the frames; the payload is a position in `frames`. English has its own in `data/frames.toml`.
    pub(crate) frame_cues: Cues<u16>,
    /// Names of the frames that have cues here.
    pub(crate) frames: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkerFile {
    role: Marker,
    cues: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    #[expect(dead_code, reason = "says to the reader of the file what it is")]
    language: String,
    #[serde(default)]
    kind: Vec<KindFile>,
    #[serde(default)]
    marker: Vec<MarkerFile>,
    #[serde(default)]
    imperative: ImperativeFile,
    #[serde(default)]
    noun: NounFile,
    #[serde(default)]
    frame: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ImperativeFile {
    #[serde(default)]
    role_leads: String,
    polite: String,
    asking_words: String,
    supposing: String,
    verbs: String,
    after_verb: String,
    after_noun: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct NounFile {
    of: String,
    #[serde(rename = "for")]
    for_: String,
    to: String,
    #[serde(rename = "in")]
    in_: String,
    with: String,
    about: String,
    other: String,
    possessive: String,
    definite: String,
    indefinite: String,
    quantity: String,
    before_verb: String,
    generic: String,
    person: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindFile {
    kind: Kind,
    weight: f64,
    name: String,
    cues: Vec<String>,
}

/// Reads a pack; cues that cannot be read are left out and told.
pub(crate) fn parse(file: &str, source: &str) -> (Pack, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let read: PackFile = match toml::from_str(source) {
        Ok(read) => read,
        Err(error) => {
            let byte = error.span().map(|span| span.start as u64);
            let diagnostic = Diagnostic::new(
                "pack-unreadable",
                Severity::Error,
                error.message().to_owned(),
                "Mend the file; until then the language has no cues.",
            );
            return (Pack::default(), vec![diagnostic.at(file, None, byte)]);
        }
    };
    let mut pack = Pack::default();
    let mut add = |cues: &mut Cues<u16>, cue: &str, payload: u16| {
        if let Err(bad) = cues.add(cue, payload) {
            let message = format!("cue `{cue}`: {} at byte {}", bad.message, bad.byte);
            let remedy = "Write the cue as src/pattern.rs describes.";
            problems.push(Diagnostic::new("pack-cue", Severity::Error, message, remedy).at(file, None, None));
        }
    };
    for class in read.kind {
        let payload = pack.kind_classes.len() as u16;
        for cue in &class.cues {
            add(&mut pack.kind_cues, cue, payload);
        }
        pack.kind_classes.push(KindClass { name: class.name, kind: class.kind, weight: class.weight });
    }
    for marker in read.marker {
        let payload = pack.markers.len() as u16;
        for cue in &marker.cues {
            add(&mut pack.clause_cues, cue, payload);
        }
        pack.markers.push(marker.role);
    }
    for (frame, cues) in read.frame {
        let payload = pack.frames.len() as u16;
        for cue in &cues {
            add(&mut pack.frame_cues, cue, payload);
        }
        pack.frames.push(frame);
    }
    let noun = &read.noun;
    let says = [
        (&noun.of, Feature::PrepositionOf),
        (&noun.for_, Feature::PrepositionFor),
        (&noun.to, Feature::PrepositionTo),
        (&noun.in_, Feature::PrepositionIn),
        (&noun.with, Feature::PrepositionWith),
        (&noun.about, Feature::PrepositionAbout),
        (&noun.other, Feature::PrepositionOther),
        (&noun.possessive, Feature::Possessive),
        (&noun.definite, Feature::Definite),
        (&noun.indefinite, Feature::Indefinite),
        (&noun.quantity, Feature::Quantity),
    ];
    for (words, feature) in says {
        for word in words.split_whitespace() {
            pack.before_noun.entry(word.to_owned()).or_insert(feature);
        }
    }
    let set = |list: &str| list.split_whitespace().map(str::to_owned).collect();
    pack.before_verb = set(&noun.before_verb);
    pack.generic = set(&noun.generic);
    pack.persons = set(&noun.person);
    pack.role_leads = set(&read.imperative.role_leads);
    pack.polite = set(&read.imperative.polite);
    pack.asking_words = set(&read.imperative.asking_words);
    pack.supposing = set(&read.imperative.supposing);
    pack.imperatives = set(&read.imperative.verbs);
    pack.after_verb = set(&read.imperative.after_verb);
    pack.after_noun = set(&read.imperative.after_noun);
    (pack, problems)
}

macro_rules! builtin {
    ($($name:ident $file:literal),* $(,)?) => {
        $(static $name: LazyLock<Pack> = LazyLock::new(|| parse($file, include_str!(concat!("../data/packs/", $file))).0);)*
        #[cfg(test)]
        const SOURCES: &[(&str, &str)] = &[$(($file, include_str!(concat!("../data/packs/", $file)))),*];
    };
}
builtin!(EN "en.toml", DE "de.toml", FR "fr.toml", ES "es.toml", PT "pt.toml");

/// The pack of a language; English where the language could not be told, none where it is one without a pack.
pub(crate) fn of(language: Language) -> Option<&'static Pack> {
    match language {
        Language::En | Language::Unknown => Some(&EN),
        Language::De => Some(&DE),
        Language::Fr => Some(&FR),
        Language::Es => Some(&ES),
        Language::Pt => Some(&PT),
        Language::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_reads_without_a_problem() {
        for (file, source) in SOURCES {
            let (pack, problems) = parse(file, source);
            assert!(problems.is_empty(), "{problems:#?}");
            assert!(!pack.kind_classes.is_empty());
            assert!(pack.frames.iter().all(|frame| crate::Frames::builtin().get(frame).is_some()), "{file}");
        }
    }
}
