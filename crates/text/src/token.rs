//! Words of a text with their byte ranges, folding, and content words.
//!
//! A word is a run of letters, digits and marks; an apostrophe, or a dot or comma between digits, stays inside it
//! ("don't", "3.5"); French and Italian elisions are cut ("l'export" is two words); each CJK ideograph is a word.
//! Cost: one pass, a byte table for ASCII.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::closed_class::is_function_word;
use crate::language::Language;
use crate::stem::stem;

/// A content word: where it is, and the stem under which its inflections meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentWord {
    /// Byte range in the text.
    pub range: Range<usize>,
    /// Folded and stemmed form, never empty.
    pub stem: String,
}

/// The words of `text`, in order, as byte ranges.
///
/// ```
/// let text = "Don't export 3.5 MB";
/// let words: Vec<&str> = throughline_text::token::words(text).map(|range| &text[range]).collect();
/// assert_eq!(words, ["Don't", "export", "3.5", "MB"]);
/// ```
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// Iterator over the words of a text; see [`words`].
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

/// What a character does to the word being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Letter,
    Digit,
    Apostrophe,
    Point,
    Ideograph,
    Gap,
}

fn part(c: char) -> Part {
    match c {
        'a'..='z' | 'A'..='Z' | '_' => Part::Letter,
        '0'..='9' => Part::Digit,
        '\'' | '’' | 'ʼ' => Part::Apostrophe,
        '.' | ',' => Part::Point,
        c if c.is_ascii() => Part::Gap,
        c if is_ideograph(c) => Part::Ideograph,
        c if c.is_alphanumeric() || is_combining_mark(c) => Part::Letter,
        _ => Part::Gap,
    }
}

/// Ideographs, kana and Hangul-free scripts written without spaces: each character is taken as a word.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2FA1F}')
}

/// Whether `word`, read up to an apostrophe, is an elided article or pronoun: the word ends there.
fn is_elision(word: &str) -> bool {
    const ELIDED: [&str; 17] = [
        "l", "d", "j", "n", "s", "c", "m", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "nell", "all",
        "un",
    ];
    word.len() <= 6 && ELIDED.iter().any(|elided| word.eq_ignore_ascii_case(elided))
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let mut start = None;
        let mut end = self.at;
        let mut last = Part::Gap;
        let mut chars = self.text[self.at..].char_indices().peekable();
        let base = self.at;
        while let Some((offset, c)) = chars.next() {
            let at = base + offset;
            let after = at + c.len_utf8();
            let kind = part(c);
            match (kind, start) {
                (Part::Letter | Part::Digit, None) => {
                    start = Some(at);
                    end = after;
                }
                (Part::Letter | Part::Digit, Some(_)) => end = after,
                (Part::Ideograph, None) => {
                    self.at = after;
                    return Some(at..after);
                }
                (Part::Apostrophe, Some(begin)) if last == Part::Letter => {
                    let next = chars.peek().map(|&(_, next)| part(next));
                    if next != Some(Part::Letter) {
                        break;
                    }
                    if is_elision(&self.text[begin..at]) {
                        self.at = after;
                        return Some(begin..at);
                    }
                }
                (Part::Point, Some(_)) if last == Part::Digit => {
                    if chars.peek().map(|&(_, next)| part(next)) != Some(Part::Digit) {
                        break;
                    }
                }
                (_, Some(_)) => break,
                (_, None) => {}
            }
            last = kind;
        }
        self.at = if start.is_some() { end } else { self.text.len() };
        start.map(|start| start..end)
    }
}

/// Lower case with a straight apostrophe; borrows when nothing changes.
pub fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(
        word.chars().flat_map(char::to_lowercase).map(|c| if matches!(c, '’' | 'ʼ') { '\'' } else { c }).collect(),
    )
}

/// Lower case, straight apostrophe, accents removed: `Übergröße` becomes `ubergrosse`.
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(strip_accents(&lower(word)))
}

/// Removes combining marks after canonical decomposition, and opens the ligatures ß, œ, æ and ø.
pub fn strip_accents(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.nfd().filter(|&c| !is_combining_mark(c)) {
        match c {
            'ß' => plain.push_str("ss"),
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            c => plain.push(c),
        }
    }
    plain
}

/// The words that carry a topic: no function words, no bare numbers, no single Latin letters; stemmed for `language`.
pub fn content_words(text: &str, language: Language) -> Vec<ContentWord> {
    let mut found = Vec::new();
    for range in words(text) {
        let word = lower(&text[range.clone()]);
        let short = word.len() < 2;
        if short
            || word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            || is_function_word(&word, language)
        {
            continue;
        }
        let stem = stem(&word, language);
        if !stem.is_empty() {
            found.push(ContentWord { range, stem });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn apostrophes_points_and_elisions() {
        assert_eq!(split("I can't, it’s 3.5x."), ["I", "can't", "it’s", "3.5x"]);
        assert_eq!(split("l'export d’une facture aujourd'hui"), ["l", "export", "d", "une", "facture", "aujourd'hui"]);
        assert_eq!(split("end. 'quoted' v1.2.3 rock'"), ["end", "quoted", "v1.2.3", "rock"]);
        assert_eq!(split("日本 ok"), ["日", "本", "ok"]);
        assert_eq!(split(""), Vec::<&str>::new());
    }

    #[test]
    fn content_words_meet_in_their_stem() {
        let stems = |text| content_words(text, Language::English).into_iter().map(|word| word.stem).collect::<Vec<_>>();
        assert_eq!(stems("I exported the dashboards"), stems("exporting a dashboard"));
    }

    #[test]
    fn folding_opens_ligatures() {
        assert_eq!(fold("Übergröße"), "ubergrosse");
        assert_eq!(fold("plain"), "plain");
    }

    proptest! {
        #[test]
        fn words_are_ordered_and_on_boundaries(text in ".{0,200}") {
            let mut last = 0;
            for range in words(&text) {
                prop_assert!(range.start >= last && range.start < range.end);
                prop_assert!(text.get(range.clone()).is_some());
                last = range.end;
            }
        }
    }
}
