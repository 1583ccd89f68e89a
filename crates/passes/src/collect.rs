//! Stage 1, collect: raw records become canonical ones.
//!
//! The first of two steps, so that one new record does not touch the others: [`canonical`] needs the raw record alone
//! (normalised text, parts joined, personal data masked); [`crate::identity`] adds who it is from, knowing all authors.
//!
//! In: [`RawRecord`]s. Out: [`Canonical`] records whose spans are bytes of their text. Cost: bound by masking.
//! Invariant: masking keeps one placeholder for one value throughout a record.

use serde::{Deserialize, Serialize};
use throughline_model::{Author, Part, RawRecord, Record, RecordId, Side, Span};
use throughline_text::redact;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A record before it is known who it is from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Canonical {
    /// The record; people and accounts are still open.
    pub record: Record,
    /// The author of each part, as the source knows them.
    pub authors: Vec<Option<Author>>,
}

/// The canonical form of a raw record: NFC, line ends of one kind, no trailing space, parts joined (an empty line
/// between messages, a line end between utterances), personal data masked.
#[must_use]
pub fn canonical(raw: &RawRecord, id: RecordId) -> Canonical {
    let mut text = String::new();
    let mut parts = Vec::with_capacity(raw.parts.len());
    let mut authors = Vec::with_capacity(raw.parts.len());
    for raw_part in &raw.parts {
        let words = normalised(&raw_part.text);
        if words.is_empty() {
            continue;
        }
        if !text.is_empty() {
            let is_spoken = raw_part.role == throughline_model::PartRole::Utterance;
            text.push_str(if is_spoken { "\n" } else { "\n\n" });
        }
        let start = text.len();
        text.push_str(&words);
        parts.push(Part {
            role: raw_part.role,
            span: Span::new(start, text.len()),
            person: None,
            side: raw_part.author.as_ref().map_or(Side::Unknown, |author| author.side),
            at: raw_part.at,
            clock_ms: raw_part.clock_ms,
        });
        authors.push(raw_part.author.clone());
    }
    let masked = redact::mask(&text);
    for part in &mut parts {
        part.span = Span::new(to_masked(&masked, part.span.start as usize), to_masked(&masked, part.span.end as usize));
    }
    let labels = Labels { id };
    let n_masked = masked.counts().into_iter().map(|(kind, n)| (kind.name().to_owned(), n as u32)).collect();
    let record = Record {
        id,
        external_id: labels.external_id(&raw.external_id),
        source: raw.source.clone(),
        source_kind: raw.source_kind,
        person: None,
        account: None,
        created_at: raw.created_at,
        rating_unit: raw.rating_unit,
        votes: raw.votes,
        tags: raw.tags.iter().map(|tag| redact::mask(tag).text).collect(),
        thread: raw.thread.as_deref().map(Labels::thread),
        n_masked,
        text: masked.text,
        parts,
    };
    Canonical { record, authors }
}

/// What is shown of a record beside its text is masked as its text is.
struct Labels {
    id: RecordId,
}

impl Labels {
    /// The id the source gave; where it holds personal data, masked and told apart by ours.
    fn external_id(&self, external_id: &str) -> String {
        let masked = redact::mask(external_id);
        if masked.masks.is_empty() || is_message_id(external_id) {
            return external_id.to_owned();
        }
        format!("{} {}", masked.text, self.id)
    }

    /// The key of a conversation, which is only compared; where it holds personal data, a digest of it.
    fn thread(key: &str) -> String {
        if redact::mask(key).masks.is_empty() || is_message_id(key) {
            return key.to_owned();
        }
        RecordId::of(&[b"thread", key.as_bytes()]).to_string()
    }
}

/// Whether an address names a mail rather than a mailbox: its local part was made by a program.
fn is_message_id(address: &str) -> bool {
    const LEAST_CHARS: usize = 12;
    const LEAST_DIGITS: usize = 4;
    let Some((local, host)) = address.rsplit_once('@') else { return false };
    local.len() >= LEAST_CHARS
        && local.bytes().filter(u8::is_ascii_digit).count() >= LEAST_DIGITS
        && !local.contains(char::is_whitespace)
        && !host.contains(char::is_whitespace)
}

/// Where an offset of the original text lies in the masked one; inside a placeholder, its end.
fn to_masked(masked: &redact::Masked, offset: usize) -> usize {
    let before = masked.masks.partition_point(|mask| mask.original.start < offset);
    match before.checked_sub(1).map(|last| &masked.masks[last]) {
        Some(mask) if offset < mask.original.end => mask.masked.end,
        Some(mask) => mask.masked.end + (offset - mask.original.end),
        None => offset,
    }
}

/// NFC, `\n` line ends, no control characters, no space at line ends, no more than one empty line in a row.
fn normalised(text: &str) -> String {
    let composed: String = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
    let mut out = String::with_capacity(composed.len());
    let mut n_empty = 0;
    for line in composed.replace("\r\n", "\n").split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        let line = line.trim_end();
        n_empty = if line.is_empty() { n_empty + 1 } else { 0 };
        if n_empty <= 1 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::{PartRole, RawPart, SourceKind};

    fn part(role: PartRole, author: Option<Author>, text: &str) -> RawPart {
        RawPart { role, author, at: None, clock_ms: None, text: text.to_owned() }
    }

    #[test]
    fn parts_are_joined_and_masked_and_their_spans_follow() {
        let mut raw = RawRecord::new("desk", SourceKind::Support, "1", "");
        raw.parts = vec![
            part(PartRole::Title, None, "Export  \r\nfails "),
            part(PartRole::Body, None, "Mail me at ann@example.org please"),
            part(PartRole::Reply, None, "ann@example.org again, thanks"),
        ];
        let record = canonical(&raw, RecordId(1)).record;
        let words: Vec<&str> = record.parts.iter().map(|part| record.slice(part.span)).collect();
        assert_eq!(words, ["Export\nfails", "Mail me at [email 1] please", "[email 1] again, thanks"]);
        assert_eq!(record.n_masked, [("email".to_owned(), 2)]);
    }

    #[test]
    fn what_is_shown_beside_the_text_is_masked_and_still_tells_records_apart() {
        let of = |external_id: &str, id: u64| {
            let mut raw = RawRecord::new("desk", SourceKind::Support, external_id, "The export fails");
            raw.tags = vec!["vip".into(), "from:ann@example.org".into()];
            raw.thread = Some("ann@example.org/export".into());
            canonical(&raw, RecordId(id)).record
        };
        let (one, two) = (of("ann@example.org", 1), of("ann@example.org", 2));
        assert!(!format!("{one:?}").contains("ann@example.org"), "{one:?}");
        assert_ne!(one.external_id, two.external_id);
        assert_eq!(one.thread, two.thread);
        assert_eq!(one.tags, ["vip", "from:[email 1]"]);
        assert_eq!(of("8923fce4e18a7828e95b@mail.example", 3).external_id, "8923fce4e18a7828e95b@mail.example");
        assert_eq!(of("DE-3313", 4).external_id, "DE-3313");
    }
}
