//! Editable phrase classes (urgency, churn, workaround, praise ...) found on word boundaries, minus what is negated.
//!
//! In: a text and its language. Out: [`Hit`]s with class and byte range. The phrases live in `data/phrases/*.toml`, one
//! file a language, in a small notation: words in order, `stem*` for any ending, `a ... b` with up to four words between.
//! A hit stands unless it is negated ("not urgent") or hypothetical about somebody else ("what if a user cancels"): both
//! are small rules over the words before it, whose word lists are in the same files.
//! Matching ignores case, accents and the kind of apostrophe, and finds "cant" for "can't".
//! Cost: about 5 processor microseconds for a sentence, one pass of an Aho-Corasick automaton over the folded text, most of it the folding and the look at the words before a hit; see `examples/throughput`.
//! Source: Aho and Corasick 1975; NegEx (Chapman et al. 2001) for the idea of a negation window.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use serde::Deserialize;

use crate::language::Language;
use crate::token::strip_accents;

/// Words a negation may stand before a phrase, unless the class says otherwise. Chosen, as in NegEx, between too near
/// ("not very likely to cancel") and across the clause.
const WINDOW_WORDS: usize = 4;
/// Words that may stand in a `...` gap.
const GAP_WORDS: usize = 4;
/// Bytes before a phrase in which a hypothetical is looked for.
const CLAUSE_BYTES: usize = 120;

static BUILTIN: LazyLock<Lexicon> = LazyLock::new(|| {
    let sources = [
        (Language::English, include_str!("../data/phrases/en.toml")),
        (Language::German, include_str!("../data/phrases/de.toml")),
        (Language::French, include_str!("../data/phrases/fr.toml")),
        (Language::Spanish, include_str!("../data/phrases/es.toml")),
        (Language::Portuguese, include_str!("../data/phrases/pt.toml")),
    ];
    // The files are part of the crate and a test reads them: an empty lexicon can only stand in for a broken build.
    Lexicon::from_toml(&sources).unwrap_or_default()
});

/// One phrase found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit<'l> {
    /// The class, as named in the file.
    pub class: &'l str,
    /// The phrase as written in the file.
    pub phrase: &'l str,
    /// Byte range in the text.
    pub range: Range<usize>,
    /// Whether the text claims it.
    pub standing: Standing,
}

/// Whether a text claims what a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does: the hit counts.
    Asserted,
    /// It denies it.
    Negated,
    /// It supposes it of somebody else.
    Hypothetical,
}

/// Why a phrase file could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LexiconError {
    /// Not the TOML of a phrase file.
    Toml {
        /// Language of the file.
        language: Language,
        /// What the reader said, with line and column.
        cause: String,
    },
    /// A phrase without words, or one whose gap has nothing on a side.
    Phrase {
        /// Class of the phrase.
        class: String,
        /// The phrase as written.
        phrase: String,
    },
    /// The automaton grew beyond its limits.
    TooLarge,
}

impl fmt::Display for LexiconError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Toml { language, cause } => {
                write!(f, "the phrase file for `{}` cannot be read: {cause}", language.code())
            }
            Self::Phrase { class, phrase } => write!(f, "phrase `{phrase}` of class `{class}` has an empty part"),
            Self::TooLarge => write!(f, "the phrase lists are too large for one automaton"),
        }
    }
}

impl std::error::Error for LexiconError {}

/// A phrase file as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    negators: Vec<String>,
    /// Negators that follow what they deny (German "ich kündige nicht").
    #[serde(default)]
    post_negators: Vec<String>,
    #[serde(default)]
    not_negators: Vec<String>,
    #[serde(default)]
    breaks: Vec<String>,
    #[serde(default)]
    hypotheticals: Vec<String>,
    #[serde(default)]
    others: Vec<String>,
    #[serde(default)]
    selves: Vec<String>,
    #[serde(default)]
    class: BTreeMap<String, Class>,
    #[serde(default)]
    names: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    phrases: Vec<String>,
    #[serde(default = "default_window")]
    window: usize,
}

fn default_window() -> usize {
    WINDOW_WORDS
}

/// Compiled phrase classes of several languages.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    languages: BTreeMap<Language, Compiled>,
}

#[derive(Clone, Debug)]
struct Compiled {
    file: File,
    automaton: AhoCorasick,
    phrases: Vec<Phrase>,
    /// For each pattern of the automaton: phrase and which of its parts.
    parts: Vec<(u32, u32)>,
}

#[derive(Clone, Debug)]
struct Phrase {
    class: String,
    written: String,
    /// For each part: whether any ending may follow.
    open: Vec<bool>,
    window: usize,
    /// The phrase is a declared name with a capital: an ordinary word in lower case is not meant.
    is_name: bool,
}

impl Lexicon {
    /// The lists that come with the crate.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Compiles phrase files.
    ///
    /// # Errors
    /// [`LexiconError`] naming the language, class and phrase at fault.
    pub fn from_toml(sources: &[(Language, &str)]) -> Result<Self, LexiconError> {
        let mut languages = BTreeMap::new();
        for &(language, source) in sources {
            let file: File =
                toml::from_str(source).map_err(|cause| LexiconError::Toml { language, cause: cause.to_string() })?;
            languages.insert(language, compile(file, &[])?);
        }
        Ok(Self { languages })
    }

    /// The same lists with declared competitor names, and the phrases the files make of a name ("switching to Acme").
    ///
    /// # Errors
    /// [`LexiconError::Phrase`] for a name without letters or digits.
    pub fn with_names(&self, names: &[&str]) -> Result<Self, LexiconError> {
        let mut languages = BTreeMap::new();
        for (&language, compiled) in &self.languages {
            languages.insert(language, compile(compiled.file.clone(), names)?);
        }
        Ok(Self { languages })
    }

    /// The same lists with more phrases in a class (made when it is new) of one language.
    ///
    /// # Errors
    /// [`LexiconError::Phrase`] for a phrase with an empty part.
    pub fn with_phrases(&self, language: Language, class: &str, phrases: &[&str]) -> Result<Self, LexiconError> {
        let mut languages = self.languages.clone();
        let mut file = languages.get(&language).map(|compiled| compiled.file.clone()).unwrap_or_default();
        let entry = file.class.entry(class.to_owned()).or_insert(Class { phrases: Vec::new(), window: WINDOW_WORDS });
        entry.phrases.extend(phrases.iter().map(|&phrase| phrase.to_owned()));
        languages.insert(language, compile(file, &[])?);
        Ok(Self { languages })
    }

    /// The class names of a language, sorted.
    pub fn classes(&self, language: Language) -> Vec<&str> {
        self.languages
            .get(&language)
            .map(|compiled| compiled.file.class.keys().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// The phrases the text claims, in text order; none for a language without lists.
    ///
    /// ```
    /// use throughline_text::{Language, phrase::Lexicon};
    /// let classes = |text| -> Vec<&str> {
    ///     Lexicon::builtin().find(text, Language::English).iter().map(|hit| hit.class).collect()
    /// };
    /// assert!(classes("This is urgent").contains(&"urgency"));
    /// assert!(!classes("This is not at all urgent").contains(&"urgency"));
    /// ```
    pub fn find(&self, text: &str, language: Language) -> Vec<Hit<'_>> {
        let mut hits = self.find_all(text, language);
        hits.retain(|hit| hit.standing == Standing::Asserted);
        hits
    }

    /// All phrases, with their standing. Within a class, hits do not overlap: the leftmost, then the longest, stands.
    pub fn find_all(&self, text: &str, language: Language) -> Vec<Hit<'_>> {
        let Some(compiled) = self.languages.get(&language) else { return Vec::new() };
        let folded = Folded::new(text);
        let mut raw = compiled.matches(&folded.text);
        raw.sort_by(|a, b| {
            let class = |phrase: u32| compiled.phrases[phrase as usize].class.as_str();
            (a.1.start, class(a.0)).cmp(&(b.1.start, class(b.0))).then(b.1.end.cmp(&a.1.end)).then(a.0.cmp(&b.0))
        });
        let mut reach: BTreeMap<&str, usize> = BTreeMap::new();
        let mut hits = Vec::new();
        for (index, range) in raw {
            let phrase = &compiled.phrases[index as usize];
            let end = reach.entry(&phrase.class).or_default();
            if range.start < *end {
                continue;
            }
            let span = folded.original(&range);
            if phrase.is_name && !names_one(&folded.text, &range, &text[span.clone()]) {
                continue;
            }
            *end = range.end;
            let standing = compiled.standing(&folded.text, &range, phrase.window);
            hits.push(Hit { class: &phrase.class, phrase: &phrase.written, range: span, standing });
        }
        hits
    }
}

fn compile(file: File, names: &[&str]) -> Result<Compiled, LexiconError> {
    let mut patterns: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    let mut phrases = Vec::new();
    let mut add = |class: &str, written: &str, window: usize, is_name: bool| -> Result<(), LexiconError> {
        let index = phrases.len() as u32;
        let mut open = Vec::new();
        for (place, part) in written.split("...").enumerate() {
            let part = Folded::new(part.trim()).text;
            let stem = part.strip_suffix('*');
            let literal = stem.unwrap_or(&part).to_owned();
            if !literal.chars().any(char::is_alphanumeric) {
                return Err(LexiconError::Phrase { class: class.to_owned(), phrase: written.to_owned() });
            }
            open.push(stem.is_some());
            if literal.contains('\'') {
                patterns.push(literal.replace('\'', ""));
                parts.push((index, place as u32));
            }
            patterns.push(literal);
            parts.push((index, place as u32));
        }
        phrases.push(Phrase { class: class.to_owned(), written: written.to_owned(), open, window, is_name });
        Ok(())
    };
    for (name, class) in &file.class {
        for phrase in &class.phrases {
            add(name, phrase, class.window, false)?;
        }
    }
    for (class, templates) in &file.names {
        for template in templates {
            for name in names {
                let is_name = template == "<name>" && name.starts_with(char::is_uppercase);
                add(class, &template.replace("<name>", name), WINDOW_WORDS, is_name)?;
            }
        }
    }
    let automaton = AhoCorasickBuilder::new()
        .match_kind(MatchKind::Standard)
        .build(&patterns)
        .map_err(|_| LexiconError::TooLarge)?;
    Ok(Compiled { file, automaton, phrases, parts })
}

impl Compiled {
    /// Whole phrases as (phrase, range in the folded text), unordered.
    fn matches(&self, folded: &str) -> Vec<(u32, Range<usize>)> {
        let mut whole = Vec::new();
        // Parts of phrases with a gap, by phrase.
        let mut loose: BTreeMap<u32, Vec<(u32, Range<usize>)>> = BTreeMap::new();
        for found in self.automaton.find_overlapping_iter(folded) {
            let (index, place) = self.parts[found.pattern().as_usize()];
            let phrase = &self.phrases[index as usize];
            let before = folded[..found.start()].chars().next_back();
            if before.is_some_and(char::is_alphanumeric) {
                continue;
            }
            let tail = &folded[found.end()..];
            let letters = tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len());
            if letters > 0 && !phrase.open[place as usize] {
                continue;
            }
            let range = found.start()..found.end() + letters;
            if phrase.open.len() == 1 {
                whole.push((index, range));
            } else {
                loose.entry(index).or_default().push((place, range));
            }
        }
        for (index, found) in loose {
            let n_parts = self.phrases[index as usize].open.len() as u32;
            for (_, first) in found.iter().filter(|(place, _)| *place == 0) {
                let mut end = first.end;
                let complete = (1..n_parts).all(|place| {
                    let next = found.iter().find(|(other, range)| {
                        *other == place && range.start > end && is_gap(&folded[end..range.start])
                    });
                    if let Some((_, range)) = next {
                        end = range.end;
                    }
                    next.is_some()
                });
                if complete {
                    whole.push((index, first.start..end));
                }
            }
        }
        whole
    }

    fn standing(&self, folded: &str, range: &Range<usize>, window: usize) -> Standing {
        if window > 0 && self.is_negated(folded, range, window) {
            return Standing::Negated;
        }
        if self.is_about_others(folded, range) { Standing::Hypothetical } else { Standing::Asserted }
    }

    fn is_negated(&self, folded: &str, range: &Range<usize>, window: usize) -> bool {
        let clause = &folded[..range.start];
        let clause = &clause[clause.rfind(['.', ',', ';', ':', '!', '?', '\n', '(', ')']).map_or(0, |at| at + 1)..];
        let mut start = clause.len();
        for (n_words, (at, _)) in clause.trim_end().rmatch_indices(' ').enumerate() {
            start = at;
            if n_words + 1 >= window {
                break;
            }
        }
        if clause.trim_end().matches(' ').count() < window {
            start = 0;
        }
        let near = last_after(&clause[start.min(clause.len())..], &self.file.breaks);
        let denied = self.file.negators.iter().any(|negator| has_words(near, negator));
        // "not only", "why not" look further back than the window, because they begin before it.
        let excused = || {
            self.file.not_negators.iter().any(|phrase| {
                has_words(near, phrase) || has_words(clause, phrase) && !has_words(near.trim_start(), "not")
            })
        };
        if denied && !excused() {
            return true;
        }
        if self.file.post_negators.is_empty() {
            return false;
        }
        let after = &folded[range.end..];
        let after = &after[..after.find(['.', ',', ';', ':', '!', '?', '\n', '(', ')']).unwrap_or(after.len())];
        let near: String = after.split(' ').filter(|word| !word.is_empty()).take(2).collect::<Vec<_>>().join(" ");
        self.file.post_negators.iter().any(|negator| has_words(&near, negator))
    }

    /// A supposition ("if", "might") with somebody else as the last one named before the phrase.
    fn is_about_others(&self, folded: &str, range: &Range<usize>) -> bool {
        let start = folded.ceil_char_boundary(range.start.saturating_sub(CLAUSE_BYTES));
        let clause = &folded[start..range.end];
        let clause = &clause[clause[..range.start - start].rfind(['.', '!', '?', '\n', ';']).map_or(0, |at| at + 1)..];
        let last = |words: &[String]| words.iter().filter_map(|word| last_words(clause, word)).max();
        let Some(other) = last(&self.file.others) else { return false };
        last(&self.file.hypotheticals).is_some() && last(&self.file.selves).is_none_or(|own| own < other)
    }
}

/// A declared name counts when it is written with a capital, or after a word that asks for a name.
fn names_one(folded: &str, range: &Range<usize>, written: &str) -> bool {
    const ASKING: [&str; 24] = [
        "in", "to", "from", "like", "than", "use", "using", "with", "on", "and", "or", "vs", "von", "zu", "mit", "wie",
        "comme", "avec", "de", "con", "como", "com", "para", "em",
    ];
    written.chars().any(char::is_uppercase)
        || folded[..range.start].trim_end().rsplit(' ').next().is_some_and(|word| ASKING.contains(&word))
}

fn is_gap(between: &str) -> bool {
    between.starts_with(' ')
        && between.split(' ').filter(|word| !word.is_empty()).count() <= GAP_WORDS
        && !between.contains(['.', ';', '!', '?', '\n'])
}

/// The byte offset of the last place where `words` stands whole in `text`.
fn last_words(text: &str, words: &str) -> Option<usize> {
    text.rmatch_indices(words).map(|(at, _)| at).find(|&at| {
        !text[..at].ends_with(char::is_alphanumeric)
            && !text[at + words.len()..].starts_with(|c: char| c.is_alphanumeric())
    })
}

fn has_words(text: &str, words: &str) -> bool {
    last_words(text, words).is_some()
}

/// The part of `text` after the last of `words` that stands in it.
fn last_after<'t>(text: &'t str, words: &[String]) -> &'t str {
    let cut = words.iter().filter_map(|word| last_words(text, word).map(|at| at + word.len())).max();
    &text[cut.unwrap_or_default()..]
}

/// A text in lower case, without accents, with straight apostrophes and single spaces, and the way back.
struct Folded {
    text: String,
    /// For each folded byte the original offset of its character, and the original length last; `None` when equal.
    offsets: Option<Vec<u32>>,
}

impl Folded {
    fn new(text: &str) -> Self {
        let plain = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control()) && !text.contains("  ");
        if plain {
            return Self { text: text.to_ascii_lowercase(), offsets: None };
        }
        let mut folded = String::with_capacity(text.len() + 8);
        let mut offsets = Vec::with_capacity(text.len() + 8);
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c.is_whitespace() {
                let mut has_break = c == '\n';
                while let Some(&(_, next)) = chars.peek() {
                    if !next.is_whitespace() {
                        break;
                    }
                    has_break |= next == '\n';
                    chars.next();
                }
                // A wrapped line goes on in lower case; any other line break ends the clause.
                let wraps = chars.peek().is_some_and(|&(_, next)| next.is_lowercase());
                folded.push(if has_break && !wraps { '\n' } else { ' ' });
            } else if c.is_ascii() {
                folded.push(c.to_ascii_lowercase());
            } else if matches!(c, '’' | 'ʼ' | '‘' | '´') {
                folded.push('\'');
            } else {
                let lower: String = c.to_lowercase().collect();
                folded.push_str(&strip_accents(&lower));
            }
            offsets.resize(folded.len(), at as u32);
        }
        offsets.push(text.len() as u32);
        Self { text: folded, offsets: Some(offsets) }
    }

    fn original(&self, range: &Range<usize>) -> Range<usize> {
        match &self.offsets {
            None => range.clone(),
            Some(offsets) => offsets[range.start] as usize..end_of(offsets, range.end),
        }
    }
}

/// The original offset just after the character that ends at folded offset `end`.
fn end_of(offsets: &[u32], end: usize) -> usize {
    let start_of_last = offsets[end - 1];
    // The next folded byte that belongs to another character tells where this one ended, marks included.
    offsets[end..].iter().copied().find(|&offset| offset != start_of_last).unwrap_or(offsets[offsets.len() - 1])
        as usize
}

#[cfg(test)]
mod tests;
