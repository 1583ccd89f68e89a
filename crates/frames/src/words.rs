//! A sentence as words: byte ranges, lower case, lemma, and where the sentence starts once greetings are skipped.

use crate::pattern::Word;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;
use throughline_model::Language;
use throughline_text::{stem, token};

/// Words longer than this are ids, addresses or base64; cues have none.
const LONGEST_WORD_BYTES: usize = 60;

/// Words of a list, for asking whether one is in it.
pub(crate) struct List(LazyLock<FxHashSet<&'static str>>);

impl List {
    pub(crate) const fn new(make: fn() -> FxHashSet<&'static str>) -> Self {
        Self(LazyLock::new(make))
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// A sentence read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    /// In order; ranges are bytes of the whole text.
    pub(crate) words: Vec<Word>,
    /// Position of the first word after greetings and fillers.
    pub(crate) start: usize,
}

/// The text crate's name for a language.
pub(crate) fn text_language(language: Language) -> throughline_text::Language {
    match language {
        Language::De => throughline_text::Language::German,
        Language::Fr => throughline_text::Language::French,
        Language::Es => throughline_text::Language::Spanish,
        Language::Pt => throughline_text::Language::Portuguese,
        Language::En | Language::Unknown | Language::Other => throughline_text::Language::English,
    }
}

/// Greetings and fillers that may stand before what is asked.
const FILLERS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "hallo",
    "hola",
    "bonjour",
    "salut",
    "oi",
    "ola",
    "dear",
    "team",
    "support",
    "all",
    "everyone",
    "there",
    "guys",
    "folks",
    "please",
    "pls",
    "plz",
    "kindly",
    "so",
    "and",
    "but",
    "well",
    "ok",
    "okay",
    "um",
    "uh",
    "ah",
    "oh",
    "yeah",
    "yes",
    "also",
    "just",
    "good",
    "morning",
    "afternoon",
    "evening",
    "day",
    "bitte",
    "guten",
    "tag",
    "und",
    "aber",
    "auch",
    "buenos",
    "buenas",
    "dias",
    "tardes",
    "por",
    "favor",
    "y",
    "pero",
    "bom",
    "dia",
    "boa",
    "tarde",
    "e",
    "mas",
    "et",
    "mais",
    "svp",
    "again",
    "then",
    "basically",
    "anyway",
    "then",
];

/// Whether a word, folded, greets or fills.
pub(crate) fn is_filler(word: &str) -> bool {
    FILLER.has(word)
}

/// Spellings that people type in a hurry.
const ALIASES: &[(&str, &str)] = &[
    ("cant", "can't"),
    ("dont", "don't"),
    ("doesnt", "doesn't"),
    ("didnt", "didn't"),
    ("isnt", "isn't"),
    ("wasnt", "wasn't"),
    ("arent", "aren't"),
    ("wont", "won't"),
    ("couldnt", "couldn't"),
    ("wouldnt", "wouldn't"),
    ("shouldnt", "shouldn't"),
    ("hasnt", "hasn't"),
    ("havent", "haven't"),
    ("im", "i'm"),
    ("ive", "i've"),
    ("id", "id"),
    ("pls", "please"),
    ("plz", "please"),
    ("u", "you"),
    ("recieve", "receive"),
    ("recieved", "received"),
    ("acount", "account"),
    ("wanna", "want to"),
    ("favourite", "favorite"),
    ("colour", "color"),
    ("cancelled", "canceled"),
];

static RIGHT: LazyLock<FxHashMap<&str, &str>> =
    LazyLock::new(|| ALIASES.iter().filter(|(_, right)| !right.contains(' ')).copied().collect());
static FILLER: List = List::new(|| FILLERS.iter().copied().collect());

/// Reads `sentence`, which starts at byte `base` of the whole text.
///
/// English words keep their apostrophe and have a lemma; those of other languages lose accents, and what an apostrophe
/// joins ("l'export") are two words, as in the cues of their packs.
pub(crate) fn read(sentence: &str, base: usize, language: Language) -> Words {
    let text_language = text_language(language);
    let is_english = text_language == throughline_text::Language::English;
    let mut words = Vec::with_capacity(sentence.len() / 5 + 1);
    for range in token::words(sentence) {
        if range.len() > LONGEST_WORD_BYTES {
            continue;
        }
        if !is_english {
            folded(sentence, range, base, &mut words);
            continue;
        }
        let mut lower = token::lower(&sentence[range.clone()]).into_owned();
        if let Some(right) = RIGHT.get(lower.as_str()) {
            (*right).clone_into(&mut lower);
        }
        let lemma = stem::lemma(&lower, text_language);
        words.push(Word { start: base + range.start, end: base + range.end, lower, lemma });
    }
    let fillers = words.iter().take_while(|word| FILLER.has(&word.lower)).count();
    let start = if fillers < words.len() { fillers } else { 0 };
    Words { words, start }
}

/// The parts of a word between apostrophes, without accents.
fn folded(sentence: &str, range: std::ops::Range<usize>, base: usize, words: &mut Vec<Word>) {
    let mut start = range.start;
    for part in sentence[range].split(['\'', '’']) {
        if !part.is_empty() {
            let lower = token::fold(part).into_owned();
            words.push(Word { start: base + start, end: base + start + part.len(), lemma: lower.clone(), lower });
        }
        start += part.len() + if sentence[start + part.len()..].starts_with('’') { '’'.len_utf8() } else { 1 };
    }
}
