//! Brings the words of four languages to English ones, so that statements about one thing meet across languages.
//!
//! In: a lower-case word and its language. Out: English words, none when the glossary does not know it. German compounds
//! are taken apart where both halves are known ("Diensttausch": shift, swap).
//! This is for comparing alone: what people wrote is what is shown and quoted. The list is `data/glossary.txt`, written
//! for this project.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use throughline_text::Language;
use throughline_text::stem::stem;

const LANGUAGES: [Language; 4] = [Language::German, Language::French, Language::Spanish, Language::Portuguese];
/// Letters that German puts between the halves of a compound.
const LINKS: [&str; 6] = ["", "s", "n", "en", "es", "e"];
/// Shortest half of a compound.
const HALF_BYTES: usize = 4;

static GLOSSARY: LazyLock<Vec<FxHashMap<String, String>>> = LazyLock::new(|| {
    let mut maps = vec![FxHashMap::default(); LANGUAGES.len()];
    let lines = include_str!("../../data/glossary.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('|').map(str::trim);
        let Some(english) = cells.next() else { continue };
        for ((cell, language), map) in cells.zip(LANGUAGES).zip(&mut maps) {
            for form in cell.split(',').map(str::trim).filter(|form| !form.is_empty() && !form.contains(' ')) {
                // The first row that names a form wins: rows stand in alphabetical order of the English word.
                map.entry(stem(&form.to_lowercase(), language)).or_insert_with(|| english.to_owned());
            }
        }
    }
    maps
});

/// English for `word`; none for an English or an unknown word.
pub(super) fn english(word: &str, language: Language) -> Option<String> {
    let slot = LANGUAGES.iter().position(|known| *known == language)?;
    let map = &GLOSSARY[slot];
    let stemmed = stem(word, language);
    if let Some(found) = map.get(&stemmed) {
        return Some(found.clone());
    }
    if language != Language::German || stemmed.len() < 2 * HALF_BYTES {
        return None;
    }
    // The longest known second half decides: it is what the compound is a kind of.
    let cuts = (HALF_BYTES..=stemmed.len() - HALF_BYTES + 1).filter(|&at| stemmed.is_char_boundary(at));
    for at in cuts {
        let (front, back) = stemmed.split_at(at);
        let Some(second) = map.get(&stem(back, language)) else { continue };
        for link in LINKS {
            if let Some(first) = front.strip_suffix(link).and_then(|front| map.get(&stem(front, language))) {
                return Some(format!("{first} {second}"));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_text::token::{lower, words};

    fn in_english(text: &str, language: Language) -> Vec<String> {
        words(text)
            .map(|range| lower(&text[range]))
            .map(|word| english(&word, language).unwrap_or_else(|| word.into_owned()))
            .flat_map(|words| words.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn words_and_compounds_are_brought_to_english() {
        let german = |text| in_english(text, Language::German).join(" ");
        assert_eq!(german("Diensttausch bestätigen"), "shift swap approve");
        assert_eq!(german("Lohnexport"), "pay export");
        assert_eq!(in_english("mi nómina", Language::Spanish), ["mi", "payroll"]);
        assert_eq!(in_english("die Export", Language::English), ["die", "export"]);
    }
}
