//! Reading values out of parsed JSON without caring whether a field is there or of the expected type, and the folding
//! of words that aliases and month names are compared by.

use crate::dates;
use serde_json::Value;
use throughline_model::{Author, PartRole, RawPart, Side, Timestamp};

/// The value at a dotted path; `Null` where there is none.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    const NULL: &Value = &Value::Null;
    path.split('.').fold(value, |value, key| match value {
        Value::Object(map) => map.get(key).unwrap_or(NULL),
        Value::Array(items) => key.parse::<usize>().ok().and_then(|i| items.get(i)).unwrap_or(NULL),
        _ => NULL,
    })
}

/// A string, number or boolean as text; empty strings are none.
pub(crate) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The text at a dotted path.
pub(crate) fn text(value: &Value, path: &str) -> Option<String> {
    word(at(value, path))
}

/// The first of several paths that holds text.
pub(crate) fn first_text(value: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| text(value, path))
}

/// The items of the array at a path; none where it is something else.
pub(crate) fn items<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    match at(value, path) {
        Value::Array(items) => items,
        _ => &[],
    }
}

/// A number, also where it is written as a string.
pub(crate) fn number(value: &Value, path: &str) -> Option<f64> {
    match at(value, path) {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

/// A count: a number of at least zero.
pub(crate) fn count(value: &Value, path: &str) -> Option<u64> {
    number(value, path).filter(|n| *n >= 0.0).map(|n| n as u64)
}

/// A date as text or as a unix number.
pub(crate) fn time(value: &Value, path: &str) -> Option<Timestamp> {
    match at(value, path) {
        Value::Number(number) => dates::from_unix(number.as_f64()?),
        Value::String(text) => dates::parse_lone(text),
        _ => None,
    }
}

/// The first of several paths that holds a date.
pub(crate) fn first_time(value: &Value, paths: &[&str]) -> Option<Timestamp> {
    paths.iter().find_map(|path| time(value, path))
}

/// The words of an array of strings, or of the `name` of its objects.
pub(crate) fn names(value: &Value, path: &str) -> Vec<String> {
    items(value, path)
        .iter()
        .filter_map(|item| word(item).or_else(|| first_text(item, &["name", "label", "title", "tag"])))
        .collect()
}

/// A part with a text and nothing else.
pub(crate) fn part(role: PartRole, text: impl Into<String>) -> RawPart {
    RawPart { role, author: None, at: None, clock_ms: None, text: text.into() }
}

/// A part somebody wrote at some time.
pub(crate) fn part_by(
    role: PartRole,
    author: Option<Author>,
    at: Option<Timestamp>,
    text: impl Into<String>,
) -> RawPart {
    RawPart {
        role,
        author: author.filter(|author| *author != Author::default()),
        at,
        clock_ms: None,
        text: text.into(),
    }
}

/// An author of whom the side is known.
pub(crate) fn on_side(side: Side) -> Author {
    Author { side, ..Author::default() }
}

/// A word as comparisons see it: lower-case, Latin accents gone.
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ä' => out.push('a'),
            'ç' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            'ß' => out.push_str("ss"),
            // Combining accents, as macOS writes them.
            '\u{300}'..='\u{36f}' => {}
            c => out.push(c),
        }
    }
    out
}

/// A header as aliases see it: folded words joined by one blank; `createdAt`, `created_at` and `Created At` agree.
pub(crate) fn fold_header(header: &str) -> String {
    let mut spaced = String::with_capacity(header.len() + 4);
    let mut previous = ' ';
    for c in header.chars() {
        if c.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit()) {
            spaced.push(' ');
        }
        spaced.push(if c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}') { c } else { ' ' });
        previous = c;
    }
    fold(&spaced).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_fold_to_the_same_words() {
        for header in ["createdAt", "created_at", " Created At ", "CREATED-AT"] {
            assert_eq!(fold_header(header), "created at");
        }
        assert_eq!(fold_header("Größe (m²)"), "grosse m²");
        assert_eq!(fold_header("Cre\u{301}e\u{301}"), "cree");
    }

    #[test]
    fn paths_reach_into_anything() {
        let value: Value = serde_json::from_str(r#"{"a":{"b":[{"c":7}]},"t":1773324300}"#).unwrap();
        assert_eq!(text(&value, "a.b.0.c").as_deref(), Some("7"));
        assert_eq!(text(&value, "a.b.c"), None);
        assert_eq!(time(&value, "t").map(Timestamp::date).as_deref(), Some("2026-03-12"));
    }
}
