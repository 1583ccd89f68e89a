//! Stage 2, segment: a canonical record becomes statements, each a byte range of its text.
//!
//! What nobody said for us to hear is left out: quoted replies, signatures, greetings, legal footers, answers of our own
//! people, automatic replies, code and template lines ([`message`]). A statement is a point somebody makes, of one to
//! three sentences, not a sentence: a short message is one statement, a long one is cut where its topic changes, and of a
//! call only what matters is kept, a question with its answer ([`talk`]). What our own people report of customers stays,
//! as theirs.
//!
//! In: a [`Record`]. Out: its [`Signal`]s in text order; kind, language, sentiment and phrases are still open.
//! Cost: linear in the text. Invariant: ranges lie on character boundaries, do not overlap, begin and end inside parts.

mod message;
mod talk;

use std::collections::BTreeMap;
use std::ops::Range;
use throughline_model::{Kind, Language, Part, PartRole, Record, Side, Signal, SignalId, SourceKind, Span};
use throughline_text::{language, sentence, token};

/// A message of up to this many words is one statement.
const SHORT_WORDS: usize = 60;
/// Words in a statement cut from a longer text.
const STATEMENT_WORDS: usize = 60;
/// Sentences in one.
const STATEMENT_SENTENCES: usize = 3;
/// Statements kept of one message; what a message wants stands near its top.
const MOST_STATEMENTS: usize = 6;
/// Bytes left out between two pieces that may still be one statement: a greeting, a line end.
const SMALL_GAP_BYTES: usize = 48;

/// A statement before it is a signal.
pub(crate) struct Piece {
    /// Bytes of the record's text.
    pub(crate) range: Range<usize>,
    /// Index of the part whose author makes it.
    pub(crate) part: usize,
}

/// The statements of a record.
#[must_use]
pub fn signals(record: &Record) -> Vec<Signal> {
    let is_talk = matches!(record.source_kind, SourceKind::Call | SourceKind::Interview)
        && record.parts.iter().any(|part| part.role == PartRole::Utterance);
    let mut pieces = if is_talk { talk::pieces(record) } else { written(record) };
    pieces.sort_by_key(|piece| piece.range.start);
    let mut nth_of: BTreeMap<&str, u64> = BTreeMap::new();
    pieces
        .iter()
        .map(|piece| {
            let words = &record.text[piece.range.clone()];
            let nth = nth_of.entry(words).and_modify(|nth| *nth += 1).or_insert(0);
            signal(record, piece, words, *nth)
        })
        .collect()
}

fn signal(record: &Record, piece: &Piece, words: &str, nth: u64) -> Signal {
    let part = &record.parts[piece.part];
    // Who else speaks in a public thread speaks for somebody else.
    let is_private = matches!(record.source_kind, SourceKind::Support | SourceKind::Call | SourceKind::Interview);
    let is_of_account = is_private || part.person.is_none() || part.person == record.person || part.side == Side::Team;
    let last = record.parts.iter().rposition(|other| (other.span.start as usize) < piece.range.end);
    let ends = last.and_then(|last| record.parts[last].clock_ms);
    Signal {
        id: SignalId::of(&[&record.id.0.to_le_bytes(), words.as_bytes(), &nth.to_le_bytes()]),
        record_id: record.id,
        span: Span::new(piece.range.start, piece.range.end),
        kind: Kind::Other,
        kind_confidence: 0.0,
        language: Language::Unknown,
        sentiment: None,
        phrases: Vec::new(),
        person: part.person,
        account: record.account.filter(|_| is_of_account),
        side: part.side,
        source_kind: record.source_kind,
        at: part.at.or(record.created_at),
        clock_ms: part.clock_ms.map(|(start, end)| (start, ends.map_or(end, |(_, last)| last.max(end)))),
    }
}

/// The statements of messages: tickets, mails, chats, reviews, issues, rows.
fn written(record: &Record) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < record.parts.len() {
        let part = &record.parts[at];
        // A title and the message after it are read together.
        let body = record.parts.get(at + 1).filter(|next| part.role == PartRole::Title && next.role == PartRole::Body);
        let n_read = if body.is_some() { 2 } else { 1 };
        if is_heard(record, part) {
            let title = (part.role == PartRole::Title).then_some(part);
            let message = if title.is_some() { body } else { Some(part) };
            let speaker = if body.is_some() { at + 1 } else { at };
            let found = statements(record, title, message);
            pieces.extend(found.into_iter().map(|range| Piece { range, part: speaker }));
        } else if part.side == Side::Team {
            let reported = message::reported(&record.text, part.span.range());
            pieces.extend(reported.into_iter().map(|range| Piece { range, part: at }));
        }
        at += n_read;
    }
    pieces
}

/// Whether a part is somebody's say: customers' always; our own people's where they file what they heard, not where
/// they answer.
fn is_heard(record: &Record, part: &Part) -> bool {
    match part.side {
        Side::Machine => part.role == PartRole::Observation,
        Side::Team => {
            matches!(part.role, PartRole::Title | PartRole::Body | PartRole::Observation)
                && record.source_kind != SourceKind::Support
                || is_filed_for_somebody(record, part)
        }
        Side::Customer | Side::Unknown => true,
    }
}

/// A ticket that one of us opened and in which nobody else speaks: it is about what somebody told us.
fn is_filed_for_somebody(record: &Record, part: &Part) -> bool {
    matches!(part.role, PartRole::Title | PartRole::Body) && record.parts.iter().all(|other| other.side == Side::Team)
}

/// Statements of one message with its title.
fn statements(record: &Record, title: Option<&Part>, message: Option<&Part>) -> Vec<Range<usize>> {
    let text = record.text.as_str();
    let title = title.map(|part| message::trimmed_title(text, part.span.range())).filter(|range| !range.is_empty());
    let is_forward = title.as_ref().is_some_and(|range| message::is_forward(&text[range.clone()]));
    let blocks = message.map_or_else(Vec::new, |part| message::blocks(text, part.span.range(), is_forward));
    if message.is_some_and(|part| message::is_automatic(&text[part.span.range()])) {
        return Vec::new();
    }
    let n_words = |range: &Range<usize>| token::words(&text[range.clone()]).count();
    let pieces: Vec<Range<usize>> = title.iter().cloned().chain(blocks.iter().cloned()).collect();
    let is_near = |pair: &[Range<usize>]| pair[1].start - pair[0].end <= SMALL_GAP_BYTES;
    let total: usize = pieces.iter().map(n_words).sum();
    if total <= SHORT_WORDS && pieces.windows(2).all(is_near) {
        let whole = pieces.first().zip(pieces.last()).map(|(first, last)| first.start..last.end);
        return whole.filter(|whole| says_something(&text[whole.clone()], title.is_some())).into_iter().collect();
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut rest: Vec<Range<usize>> = blocks.iter().flat_map(|block| chunks(text, block.clone())).collect();
    // The lead: the title with the first thing said, where the two stand together.
    match title {
        Some(title) => {
            let joins = rest.first().is_some_and(|first| {
                first.start - title.end <= SMALL_GAP_BYTES && n_words(&title) + n_words(first) <= SHORT_WORDS + 20
            });
            let end = if joins { rest.remove(0).end } else { title.end };
            found.push(title.start..end);
        }
        None if !rest.is_empty() => found.push(rest.remove(0)),
        None => {}
    }
    let language = language::detect_or(text, throughline_text::Language::English);
    let mut weighed: Vec<(f64, Range<usize>)> =
        rest.into_iter().map(|range| (message::weight(&text[range.clone()], language), range)).collect();
    weighed.retain(|(weight, _)| *weight >= 1.0);
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
    weighed.truncate(MOST_STATEMENTS - 1);
    found.extend(weighed.into_iter().map(|(_, range)| range));
    found
}

/// Whether a short message is worth keeping: it names something, or asks.
fn says_something(text: &str, has_title: bool) -> bool {
    has_title
        || text.contains('?')
        || token::words(text).count() >= 8
        || token::content_words(text, throughline_text::Language::Other).iter().any(|word| {
            let written = token::fold(&text[word.range.clone()]).into_owned();
            !message::is_courtesy(&written)
        })
}

/// A paragraph cut into statements of a few sentences, at the points where the topic changes.
pub(crate) fn chunks(text: &str, block: Range<usize>) -> Vec<Range<usize>> {
    let sentences: Vec<Range<usize>> = sentence::sentences(&text[block.clone()])
        .into_iter()
        .map(|range| block.start + range.start..block.start + range.end)
        .collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let (mut n_words, mut n_sentences) = (0, 0);
    for range in sentences {
        let n = token::words(&text[range.clone()]).count();
        let own: Vec<String> = token::content_words(&text[range.clone()], throughline_text::Language::English)
            .into_iter()
            .map(|w| w.stem)
            .collect();
        let goes_on = own.len() < 4 || own.iter().any(|word| words.contains(word)) || continues(&text[range.clone()]);
        let fits = n_sentences < STATEMENT_SENTENCES && n_words + n <= STATEMENT_WORDS;
        match found.last_mut() {
            Some(last) if fits && (goes_on || n_words < 12) => {
                last.end = range.end;
                words.extend(own);
                (n_words, n_sentences) = (n_words + n, n_sentences + 1);
            }
            _ => {
                found.push(range);
                (words, n_words, n_sentences) = (own, n, 1);
            }
        }
    }
    found
}

/// Whether a sentence begins by pointing at what was said before it.
fn continues(sentence: &str) -> bool {
    const POINTERS: [&str; 34] = [
        "it", "this", "that", "these", "those", "they", "then", "so", "but", "and", "which", "because", "instead",
        "also", "he", "she", "das", "dies", "es", "sie", "aber", "und", "dann", "cela", "ça", "mais", "et", "il",
        "elle", "eso", "esto", "pero", "isso", "mas",
    ];
    token::words(sentence).next().is_some_and(|range| POINTERS.contains(&&*token::lower(&sentence[range])))
}

#[cfg(test)]
mod tests;
