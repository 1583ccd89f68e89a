//! What matters of a call or an interview: at most a handful of statements for each quarter of an hour, each with its
//! place on the clock.
//!
//! Cues of one speaker are joined into turns; turns of nothing but assent are passed over; our own people's turns are
//! left out, except a question that a short answer needs to be understood.

use super::{Piece, chunks, message};
use std::ops::Range;
use throughline_model::{PartRole, PersonId, Record, Side};
use throughline_text::{Language, language, sentence, token};

/// Statements kept of an hour.
const PER_HOUR: f64 = 15.0;
/// Of a short call, at least these.
const LEAST: usize = 5;
/// Words spoken in an hour, where there is no clock.
const WORDS_PER_HOUR: f64 = 9_000.0;
/// An answer of up to this many words is not understood without its question.
const SHORT_ANSWER_WORDS: usize = 14;
/// Longest statement with its question, in bytes.
const LONGEST_BYTES: usize = 700;
/// Weight below which a statement is not kept even when there is room.
const LEAST_WEIGHT: f64 = 1.2;

struct Turn {
    /// Range of the record's text, over all its cues.
    range: Range<usize>,
    /// First cue.
    part: usize,
    speaker: Option<PersonId>,
    side: Side,
}

/// Statements of a record of speech.
pub(super) fn pieces(record: &Record) -> Vec<Piece> {
    let text = record.text.as_str();
    let turns = turns(record);
    let language = language::detect_or(text, Language::English);
    let mut found: Vec<(f64, Piece)> = Vec::new();
    for (at, turn) in turns.iter().enumerate() {
        if matches!(turn.side, Side::Team | Side::Machine) || is_assent(&text[turn.range.clone()]) {
            continue;
        }
        for (nth, range) in chunks(text, turn.range.clone()).into_iter().enumerate() {
            let mut range = range;
            let n_words = token::words(&text[range.clone()]).count();
            let mut weight = message::weight(&text[range.clone()], language);
            if nth == 0 && n_words <= SHORT_ANSWER_WORDS {
                // What is agreed to was said by whoever asked.
                let question = at.checked_sub(1).and_then(|before| question(text, &turns[before]));
                if let Some(question) = question.filter(|question| range.end - question.start <= LONGEST_BYTES) {
                    weight = weight.max(message::weight(&text[question.start..range.end], language));
                    range.start = question.start;
                }
            }
            let n_words = token::words(&text[range.clone()]).count();
            if n_words >= 6 && weight >= LEAST_WEIGHT {
                found.push((weight + (n_words.min(40) as f64) / 100.0, Piece { range, part: turn.part }));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.range.start.cmp(&b.1.range.start)));
    found.truncate(n_kept(record));
    found.into_iter().map(|(_, piece)| piece).collect()
}

/// How many statements a record of this length keeps.
fn n_kept(record: &Record) -> usize {
    let last_ms = record.parts.iter().filter_map(|part| part.clock_ms).map(|(_, end)| end).max();
    let first_ms = record.parts.iter().filter_map(|part| part.clock_ms).map(|(start, _)| start).min();
    let hours = match first_ms.zip(last_ms) {
        Some((first, last)) if last > first => (last - first) as f64 / 3_600_000.0,
        _ => token::words(&record.text).count() as f64 / WORDS_PER_HOUR,
    };
    ((hours * PER_HOUR).round() as usize).max(LEAST)
}

/// Cues joined by speaker; headings and notes of a transcript are nobody's words.
fn turns(record: &Record) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for (at, part) in record.parts.iter().enumerate() {
        if part.role != PartRole::Utterance {
            continue;
        }
        let range = part.span.range();
        match turns.last_mut() {
            Some(last)
                if last.speaker == part.person
                    && last.side == part.side
                    && (part.person.is_some() || last.range.end + 1 >= range.start) =>
            {
                last.range.end = range.end;
            }
            _ => turns.push(Turn { range, part: at, speaker: part.person, side: part.side }),
        }
    }
    turns
}

/// The question a turn ends with, when it does.
fn question(text: &str, turn: &Turn) -> Option<Range<usize>> {
    let body = &text[turn.range.clone()];
    if !body.trim_end().ends_with('?') {
        return None;
    }
    let last = sentence::sentences(body).pop()?;
    (token::words(&body[last.clone()]).count() >= 4).then(|| turn.range.start + last.start..turn.range.start + last.end)
}

/// "Yeah. Okay. Mm." says that somebody listens.
fn is_assent(text: &str) -> bool {
    const ASSENT: [&str; 46] = [
        "yes",
        "yeah",
        "yep",
        "ok",
        "okay",
        "mm",
        "mmm",
        "mhm",
        "hmm",
        "hm",
        "uh",
        "um",
        "uh-huh",
        "right",
        "sure",
        "exactly",
        "absolutely",
        "great",
        "good",
        "fine",
        "thanks",
        "thank",
        "you",
        "i",
        "see",
        "got",
        "it",
        "oh",
        "ah",
        "no",
        "of",
        "course",
        "sorry",
        "hello",
        "hi",
        "ja",
        "nein",
        "genau",
        "gut",
        "oui",
        "non",
        "sí",
        "si",
        "claro",
        "sim",
        "laughs",
    ];
    token::words(text).all(|range| ASSENT.contains(&&*token::lower(&text[range])))
}
