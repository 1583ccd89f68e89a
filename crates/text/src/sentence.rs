//! Cuts messy text into sentences: tickets, chat lines, lists, stack traces, five languages.
//!
//! In: any text. Out: byte ranges in order, not overlapping, trimmed of white space and of list markers, never empty.
//! Rules, in order of what they decide:
//! - a blank line, a list item and a quoted line always start anew; a single line break does too, unless the line
//!   before looks wrapped (long, unfinished, and the next line goes on in lower case);
//! - neighbouring lines of a stack trace or of a fenced code block stay together as one range;
//! - `.`, `!`, `?` and `…` end a sentence unless the point belongs to an abbreviation, a number, an initial, an
//!   ordinal, a host name, a file name or a version.
//!
//! Cost: linear, no allocation per sentence beyond the result.

use std::ops::Range;

use crate::closed_class::language_mask;

/// A line at least this long may have been wrapped by a mail program (RFC 3676 lines are at most 78 wide).
const WRAPPED_BYTES: usize = 56;

/// Abbreviations that are always followed by more of the same sentence.
const OPENING: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "eg", "ie", "cf", "no", "nr", "fig", "approx", "ca",
    "bzw", "z.b", "d.h", "u.a", "u.u", "o.ä", "s.o", "s.u", "evtl", "ggf", "inkl", "exkl", "bspw", "vgl", "sog", "hr",
    "fr", "frau", "herr", "str", "tel", "mme", "mlle", "m", "p.ex", "c.-à-d", "env", "réf", "ref", "sr", "sra", "srta",
    "ud", "uds", "vd", "p.ej", "p.e", "núm", "num", "pág", "pag", "dra", "exmo", "exma", "aprox", "max", "min", "abs",
    "art", "v", "ver", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "okt", "nov", "dec",
    "dez", "mind",
];

/// Abbreviations that may also end a sentence: they do when a capital follows.
const CLOSING: &[&str] =
    &["etc", "inc", "ltd", "co", "corp", "usw", "a.m", "p.m", "am", "pm", "u.s", "e.u", "gmbh", "s.a", "ph.d", "jr"];

/// The sentences of `text` as byte ranges.
///
/// ```
/// let text = "It crashed. - e.g. on v2.1\n* export is slow!";
/// let cut: Vec<&str> = throughline_text::sentence::sentences(text).into_iter().map(|range| &text[range]).collect();
/// assert_eq!(cut, ["It crashed.", "- e.g. on v2.1", "export is slow!"]);
/// ```
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The paragraph being gathered: lines joined because they look wrapped, or because they are one trace.
    let mut open: Option<(Range<usize>, Shape)> = None;
    let mut in_fence = false;
    for line in lines(text) {
        let content = trim(text, line.clone());
        let body = &text[content.clone()];
        let is_fence = body.starts_with("```") || body.starts_with("~~~");
        let shape = if in_fence || is_fence {
            Shape::Code
        } else if body.is_empty() {
            Shape::Blank
        } else if is_trace_line(&text[line.clone()]) {
            Shape::Code
        } else {
            Shape::Prose
        };
        if is_fence {
            in_fence = !in_fence;
        }
        let marker = if shape == Shape::Prose { marker_len(body) } else { 0 };
        let content = content.start + marker..content.end;
        let joined = match &open {
            Some((before, Shape::Prose)) if shape == Shape::Prose && marker == 0 => {
                is_wrapped(&text[before.clone()], &text[content.clone()])
            }
            Some((_, Shape::Code)) => shape == Shape::Code || (in_fence && shape == Shape::Blank),
            _ => false,
        };
        if joined {
            if let Some((range, _)) = &mut open {
                range.end = content.end;
            }
        } else {
            close(text, open.take(), &mut found);
            if shape != Shape::Blank && !content.is_empty() {
                open = Some((content, shape));
            }
        }
    }
    close(text, open, &mut found);
    found
}

/// Whether a line is part of a stack trace or a log dump rather than prose; indentation counts.
pub fn is_trace_line(line: &str) -> bool {
    let body = line.trim();
    if body.len() < 4 {
        return false;
    }
    let call = |rest: &str| rest.contains('(') && rest.contains(')') || rest.contains("::") || rest.contains(".js:");
    if let Some(rest) = body.strip_prefix("at ") {
        return call(rest);
    }
    if body.starts_with("File \"") && body.contains(", line ") {
        return true;
    }
    if body.starts_with("Traceback (most recent")
        || body.starts_with("Caused by: ")
        || body.starts_with("stack backtrace:")
    {
        return true;
    }
    if body.starts_with("... ") && body.ends_with(" more") {
        return true;
    }
    // Numbered frames: "#3 0x7fff in main", "12: core::panicking::panic".
    let numbered = body.strip_prefix('#').unwrap_or(body);
    let digits = numbered.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && digits <= 3 {
        let rest = numbered[digits..].trim_start_matches(':').trim_start();
        if rest.starts_with("0x") || (rest.contains("::") && !rest.contains(' ')) {
            return true;
        }
    }
    // "java.lang.NullPointerException: message", "TypeError: x is undefined" stay prose: they are what people quote.
    line.starts_with(char::is_whitespace) && body.contains("::") && !body.contains(". ")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Blank,
    Prose,
    Code,
}

/// Lines without their terminators (`\n`, `\r\n`, `\r`, U+2028, U+2029).
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let rest = &text[at..];
        let Some(offset) = rest.find(['\n', '\r', '\u{2028}', '\u{2029}']) else {
            done = true;
            return Some(at..text.len());
        };
        let line = at..at + offset;
        let terminator = if rest[offset..].starts_with("\r\n") {
            2
        } else {
            rest[offset..].chars().next().map_or(1, char::len_utf8)
        };
        at += offset + terminator;
        Some(line)
    })
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let body = &text[range.clone()];
    let start = range.start + (body.len() - body.trim_start().len());
    start..start + body.trim().len()
}

/// Bytes of the list or quote marker (and the space after it) that opens a trimmed line; 0 when there is none.
pub(crate) fn marker_len(body: &str) -> usize {
    let mut chars = body.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    let bullet =
        matches!(first, '-' | '*' | '•' | '·' | '–' | '—' | '◦' | '▪' | '‣' | '●' | '○' | '+' | '>' | '→' | '#');
    if bullet {
        let rest = body.trim_start_matches(first);
        let inner = rest.trim_start();
        let spaced = rest.len() != inner.len() || matches!(first, '•' | '·' | '◦' | '▪' | '‣' | '●' | '○');
        return if spaced && !inner.is_empty() { body.len() - strip_box(inner).len() } else { 0 };
    }
    // "1." "1)" "(1)" "a)" "1.2."
    let open = usize::from(first == '(');
    let tail = &body[open..];
    let n_label = tail.bytes().take_while(u8::is_ascii_digit).count();
    let n_label =
        if n_label == 0 { usize::from(tail.as_bytes().first().is_some_and(u8::is_ascii_lowercase)) } else { n_label };
    let letter = tail.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    let after = tail.as_bytes().get(n_label).copied();
    let closes = after == Some(b')') || (after == Some(b'.') && open == 0 && !letter);
    if n_label == 0 || n_label > 3 || !closes {
        return 0;
    }
    let rest = &tail[n_label + 1..];
    let inner = rest.trim_start();
    if inner.len() == rest.len() || inner.is_empty() { 0 } else { body.len() - inner.len() }
}

/// Drops a Markdown task box.
fn strip_box(item: &str) -> &str {
    for mark in ["[ ] ", "[x] ", "[X] "] {
        if let Some(rest) = item.strip_prefix(mark) {
            return rest.trim_start();
        }
    }
    item
}

fn is_wrapped(before: &str, after: &str) -> bool {
    let line = before.rsplit(['\n', '\r']).next().unwrap_or(before).trim();
    if line.len() < WRAPPED_BYTES || line.ends_with(['.', '!', '?', ':', ';', '…', '|']) {
        return false;
    }
    after.starts_with(|c: char| c.is_lowercase() || matches!(c, '(' | '"' | '\''))
        || line.ends_with([',', '(', '-'])
        || line.rsplit(' ').next().is_some_and(|word| language_mask(&word.to_lowercase()) != 0)
}

fn close(text: &str, open: Option<(Range<usize>, Shape)>, found: &mut Vec<Range<usize>>) {
    match open {
        Some((range, Shape::Code)) => found.push(trim(text, range)),
        Some((range, _)) => cut(text, range, found),
        None => {}
    }
}

/// Cuts one paragraph at its sentence ends.
fn cut(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let body = &text[range.clone()];
    let bytes = body.as_bytes();
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let width = match bytes[at] {
            b'.' | b'!' | b'?' => 1,
            // U+2026 … is E2 80 A6; U+3002 。 is E3 80 82; U+FF01 ！ is EF BC 81; U+FF1F ？ is EF BC 9F.
            0xE2 if bytes[at..].starts_with("…".as_bytes()) => 3,
            0xE3 if bytes[at..].starts_with("。".as_bytes()) => 3,
            0xEF if bytes[at..].starts_with("！".as_bytes()) || bytes[at..].starts_with("？".as_bytes()) => 3,
            _ => {
                at += 1;
                continue;
            }
        };
        let first = at;
        at += width;
        while at < bytes.len() && matches!(bytes[at], b'.' | b'!' | b'?') {
            at += 1;
        }
        let n_marks = at - first;
        let end = at + closers(&body[at..]);
        if ends_here(body, start, first, n_marks, end, width) {
            push(text, range.start + start..range.start + end, found);
            start = end;
            at = end;
        }
    }
    push(text, range.start + start..range.end, found);
}

/// Bytes of closing quotes and brackets.
fn closers(rest: &str) -> usize {
    rest.chars()
        .take_while(|c| matches!(c, ')' | ']' | '"' | '\'' | '”' | '’' | '»' | '“' | '*'))
        .map(char::len_utf8)
        .sum()
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let range = trim(text, range);
    if text[range.clone()].chars().any(char::is_alphanumeric) {
        found.push(range);
    } else if let Some(last) = found.last_mut()
        && !range.is_empty()
        && text[last.end..range.start].bytes().all(|b| b == b' ')
    {
        // A lone ":)" or "!!" belongs to what was said before it.
        last.end = range.end;
    }
}

/// Whether the mark at `first` (with `n_marks` bytes, closers up to `end`) ends the sentence that began at `start`.
fn ends_here(body: &str, start: usize, first: usize, n_marks: usize, end: usize, width: usize) -> bool {
    let rest = &body[end..];
    let Some(next) = rest.chars().next() else { return true };
    if width == 3 && !body[first..].starts_with('…') {
        return true;
    }
    let mark = body.as_bytes()[first];
    let spaced = next.is_whitespace();
    let word = last_word(&body[start..first]);
    if !spaced {
        return starts_glued(word, rest, mark);
    }
    let follows = rest.trim_start();
    let upper = follows.starts_with(|c: char| c.is_uppercase() || matches!(c, '¿' | '¡' | '"' | '“' | '«' | '('));
    if mark != b'.' || n_marks > 1 {
        // "..." and "?!" in the middle of a thought: "it just... stops".
        return mark != b'.' || width == 3 || upper;
    }
    let lower = word.trim_start_matches(['(', '"', '\'', '«', '“', '[']).to_lowercase();
    if OPENING.contains(&lower.as_str()) {
        // "No." and "Nov." may also end a sentence; as such they stand alone or are followed by a new subject.
        return lower == "no" && (first - start) <= 3;
    }
    if CLOSING.contains(&lower.as_str()) {
        return upper;
    }
    let mut letters = lower.chars();
    if letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none() && lower != "i" {
        return false;
    }
    // Ordinals and dates ("am 3. Mai", "21. August"); list numbers inside a line ("1. Open it").
    if !lower.is_empty() && lower.len() <= 2 && lower.bytes().all(|b| b.is_ascii_digit()) {
        return upper && !starts_month(follows) && !body[start..first - lower.len()].trim().is_empty();
    }
    true
}

/// A mark without a space after it ends a sentence only where a new one plainly starts: "crashed.Then it".
fn starts_glued(word: &str, rest: &str, mark: u8) -> bool {
    if word.contains(['/', '@', ':', '=', '_', '\\', '<']) || word.contains("www") {
        return false;
    }
    let next: String = rest.chars().take_while(|c| c.is_alphabetic() || matches!(c, '\'' | '’')).collect();
    if next.is_empty() || !rest[next.len()..].starts_with([' ', ',']) {
        return false;
    }
    let ends_word = word.chars().last().is_some_and(char::is_alphabetic) && word.chars().count() >= 2;
    let is_capital = next.starts_with(char::is_uppercase);
    match mark {
        b'.' => ends_word && is_capital && (language_mask(&next.to_lowercase()) != 0 || next == "I"),
        _ => ends_word && (is_capital || language_mask(&next) != 0),
    }
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or_default()
}

fn starts_month(text: &str) -> bool {
    const MONTHS: [&str; 13] =
        ["Jan", "Feb", "Mär", "Mar", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"];
    MONTHS.iter().any(|month| text.starts_with(month))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn plain_and_abbreviated() {
        assert_eq!(split("It broke. Please fix it! Why?"), ["It broke.", "Please fix it!", "Why?"]);
        assert_eq!(
            split("Use e.g. Excel, i.e. a sheet, vs. CSV. Done."),
            ["Use e.g. Excel, i.e. a sheet, vs. CSV.", "Done."]
        );
        assert_eq!(
            split("Ask Dr. Smith at Acme Inc. about v2.3.1. It fails."),
            ["Ask Dr. Smith at Acme Inc. about v2.3.1.", "It fails."]
        );
        assert_eq!(split("Charts, tables, etc. The rest works."), ["Charts, tables, etc.", "The rest works."]);
        assert_eq!(split("it crashed. then i tried again"), ["it crashed.", "then i tried again"]);
    }

    #[test]
    fn hosts_files_and_urls_stay_whole() {
        assert_eq!(
            split("See https://example.com/a.b?c=d. Then open report.final.csv now."),
            ["See https://example.com/a.b?c=d.", "Then open report.final.csv now."]
        );
        assert_eq!(split("Calls System.Out.Println here."), ["Calls System.Out.Println here."]);
        assert_eq!(
            split("It crashed.Then it came back.I lost all"),
            ["It crashed.", "Then it came back.", "I lost all"]
        );
    }

    #[test]
    fn lists_lines_and_wraps() {
        assert_eq!(split("Problems:\n- slow\n2) no export\n* [ ] crash"), ["Problems:", "slow", "no export", "crash"]);
        assert_eq!(split("first line\nsecond line"), ["first line", "second line"]);
        assert_eq!(
            split("This is a long line that a mail program has wrapped somewhere\nin the middle. Next."),
            ["This is a long line that a mail program has wrapped somewhere\nin the middle.", "Next."]
        );
        assert_eq!(split("1. Open it. 2. Close it."), ["Open it.", "2. Close it."]);
    }

    #[test]
    fn traces_and_fences_are_one_piece() {
        let text = "It fails:\n  at com.acme.Run(Run.java:3)\n  at com.acme.Main(Main.java:9)\nPlease help";
        assert_eq!(split(text).len(), 3);
        assert_eq!(split("See\n```\nlet a = 1.\n\nlet b.\n```\nok")[1], "```\nlet a = 1.\n\nlet b.\n```");
    }

    #[test]
    fn other_languages() {
        assert_eq!(
            split("Das geht z.B. nicht am 3. Mai. Bitte helfen."),
            ["Das geht z.B. nicht am 3. Mai.", "Bitte helfen."]
        );
        assert_eq!(split("No funciona. ¿Por qué? ¡Ayuda!"), ["No funciona.", "¿Por qué?", "¡Ayuda!"]);
        assert_eq!(split("Bonjour M. Dupont. Ça bloque… Merci."), ["Bonjour M. Dupont.", "Ça bloque…", "Merci."]);
        assert_eq!(split("O Sr. Silva não consegue. Obrigado!"), ["O Sr. Silva não consegue.", "Obrigado!"]);
        assert_eq!(split("これは遅い。直して。"), ["これは遅い。", "直して。"]);
    }

    proptest! {
        #[test]
        fn ranges_are_ordered_trimmed_and_on_boundaries(text in "[a-zA-Z0-9 .!?\n\r\t*>()é…。#`:/-]{0,160}|.{0,80}") {
            let mut last = 0;
            for range in sentences(&text) {
                prop_assert!(range.start >= last && range.start < range.end);
                let piece = text.get(range.clone());
                prop_assert!(piece.is_some_and(|piece| piece.trim() == piece));
                last = range.end;
            }
        }

        #[test]
        fn no_word_is_lost(words in proptest::collection::vec("[a-z]{3,9}", 1..30), ends in proptest::collection::vec("(\\. |\n|! | |, )", 30)) {
            let text: String = words.iter().zip(&ends).flat_map(|(word, end)| [word.as_str(), end]).collect();
            let kept: String = sentences(&text).into_iter().map(|range| text[range].to_owned() + " ").collect();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            prop_assert_eq!(letters(&kept), letters(&text));
        }
    }
}
