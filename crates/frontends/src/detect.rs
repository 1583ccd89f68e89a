//! What a file is, from its first 64 KiB; its name only breaks ties.

use crate::csv_rows::{self, Next, Row};
use crate::decode::{Text, valid_prefix};
use crate::feedback::transcript;
use std::collections::BTreeSet;

/// What the bytes are, before decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Nothing at all.
    Empty,
    /// A ZIP archive.
    Zip,
    /// A gzip stream or another packing.
    Packed,
    /// A mailbox or a single message: bytes whose parts have encodings of their own.
    Mail,
    /// Something that is no text.
    Binary,
    /// Text in some encoding.
    Text,
}

/// Looks at raw bytes.
pub(crate) fn family(head: &[u8]) -> Family {
    match head {
        [] => Family::Empty,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Family::Zip,
        [0x1f, 0x8b, ..]
        | [b'B', b'Z', b'h', ..]
        | [0x28, 0xb5, 0x2f, 0xfd, ..]
        | [0xfd, b'7', b'z', ..]
        | [b'7', b'z', 0xbc, ..]
        | [b'R', b'a', b'r', b'!', ..] => Family::Packed,
        _ if is_mail(head) => Family::Mail,
        _ if is_binary(head) => Family::Binary,
        _ => Family::Text,
    }
}

fn is_binary(head: &[u8]) -> bool {
    if crate::decode::sniff(head).0 != encoding_rs::UTF_8 {
        return false;
    }
    let n_odd = head.iter().filter(|&&b| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b | 0x1e)).count();
    n_odd * 50 > head.len()
}

/// A mailbox begins with `From `; a message with header lines of which the usual ones are among the first.
fn is_mail(head: &[u8]) -> bool {
    let head = valid_prefix(&head[..head.len().min(8192)]);
    if head.starts_with("From ") {
        let first = head.lines().next().unwrap_or_default();
        return first.contains('@') || first.contains("MAILER-DAEMON") || first.split_whitespace().count() >= 6;
    }
    let mut seen = BTreeSet::new();
    for line in head.lines().take(60) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return false;
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return false;
        }
        seen.insert(name.to_ascii_lowercase());
    }
    let n_usual = ["message-id", "mime-version", "received", "content-type", "subject", "date", "to", "return-path"]
        .iter()
        .filter(|name| seen.contains(**name))
        .count();
    seen.contains("from")
        && n_usual >= 2
        && (seen.contains("message-id") || seen.contains("mime-version") || seen.contains("received"))
}

/// What decoded text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    WebVtt,
    Srt,
    Json,
    /// Delimited rows with this separator.
    Rows(u8),
    /// Lines of speakers.
    Transcript,
    /// Running text.
    Prose,
}

/// Looks at the head of decoded text.
pub(crate) fn text_kind(text: &mut Text<'_>, name: &str) -> TextKind {
    text.fill(crate::decode::CHUNK_BYTES);
    let head = text.shown();
    let mut head_len = head.len().min(crate::decode::CHUNK_BYTES);
    while !head.is_char_boundary(head_len) {
        head_len -= 1;
    }
    let head = &head[..head_len];
    let trimmed = head.trim_start();
    if trimmed.starts_with("WEBVTT") {
        return TextKind::WebVtt;
    }
    if is_srt(trimmed) {
        return TextKind::Srt;
    }
    if is_json(trimmed) {
        return TextKind::Json;
    }
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let rows = separator(head, &ending);
    let is_named_rows = matches!(ending.as_str(), "csv" | "tsv" | "tab");
    if let Some(separator) = rows
        && (is_named_rows || !transcript::looks_spoken(head))
    {
        return TextKind::Rows(separator);
    }
    if transcript::looks_spoken(head) {
        return TextKind::Transcript;
    }
    if is_named_rows {
        return TextKind::Rows(if ending == "csv" { b',' } else { b'\t' });
    }
    TextKind::Prose
}

fn is_srt(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim);
    let first = lines.next().unwrap_or_default();
    let timing = if first.bytes().all(|b| b.is_ascii_digit()) { lines.next().unwrap_or_default() } else { first };
    timing.split_once("-->").is_some_and(|(from, _)| from.trim().starts_with(|c: char| c.is_ascii_digit()))
}

fn is_json(head: &str) -> bool {
    let mut bytes = head.bytes().filter(|b| !b.is_ascii_whitespace());
    // After a bracket also a bare word's quote; `[00:12] Name: text` and `[Note] text` are no lists.
    matches!(
        (bytes.next(), bytes.next()),
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'[' | b']' | b'"'))
    )
}

/// The separator under which most rows of the head have the same number of cells, at least two; for files named so,
/// one column is enough.
fn separator(head: &str, ending: &str) -> Option<u8> {
    let mut best: Option<(u8, f64, usize)> = None;
    for candidate in [b',', b';', b'\t', b'|'] {
        let mut nothing: &[u8] = &[];
        let mut text = Text::new(head.as_bytes().to_vec(), &mut nothing);
        let mut row = Row::default();
        let mut counts: Vec<usize> = Vec::new();
        let mut header: Vec<String> = Vec::new();
        while counts.len() < 200
            && csv_rows::next_row(&mut text, candidate, 1 << 20, counts.first().copied(), &mut row) == Next::Row
        {
            if counts.is_empty() {
                header = row.cells().map(str::to_owned).collect();
            }
            counts.push(row.len());
        }
        let is_last_whole = text.data().is_empty() && head.len() < crate::decode::CHUNK_BYTES;
        if counts.len() > 2 && !is_last_whole {
            counts.pop();
        }
        let Some(&n_columns) = counts.first() else {
            continue;
        };
        if n_columns < 2 || !may_be_header(&header) {
            continue;
        }
        let same = counts.iter().filter(|&&n| n == n_columns).count() as f64 / counts.len() as f64;
        if same < 0.6 || (counts.len() == 1 && !matches!(ending, "csv" | "tsv" | "tab")) {
            continue;
        }
        if best.is_none_or(|(_, most, columns)| (same, n_columns) > (most, columns)) {
            best = Some((candidate, same, n_columns));
        }
    }
    best.map(|(separator, ..)| separator)
}

/// A first row that reads like names or data, and not like a sentence with commas in it.
fn may_be_header(cells: &[String]) -> bool {
    let n_long = cells.iter().filter(|cell| cell.chars().count() > 80).count();
    let n_sentence_starts = cells.iter().skip(1).filter(|cell| cell.starts_with(' ')).count();
    let ends_like_sentence = cells.last().is_some_and(|cell| cell.trim_end().ends_with(['.', '!', ':']));
    n_long * 2 <= cells.len() && !(ends_like_sentence && n_sentence_starts > 0)
}
