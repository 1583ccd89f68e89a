//! What matters of a call or an interview: at most fifteen statements an hour, each with its place on the clock.
//!
//! Cues of one speaker are joined into turns and read as one stretch of speech, whatever line they were broken at.
//! Assent, greetings, thanks and a moderator's procedure are passed over; our own people's turns are left out, except a
//! question that a short answer needs to be understood. What is left is cut into candidates of one to three sentences,
//! which are taken one after the other: the one that asks or complains most plainly, names most, and says what the
//! ones taken before it did not.
//!
//! In: a record with utterances. Out: pieces in no order; fewer than there is room for where little is asked for.
//! Cost: the reading of each candidate, and of each pick against all that are left: a few milliseconds an hour of talk.

use super::worth::{self, Said};
use super::{Piece, grouped};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;
use throughline_model::{PartRole, PersonId, Record, Side};
use throughline_text::{Language, language, sentence, token};

/// Statements kept of an hour.
const PER_HOUR: f64 = 15.0;
/// Of a short call, up to these.
const LEAST: usize = 3;
/// Words spoken in an hour, where there is no clock.
const WORDS_PER_HOUR: f64 = 9_000.0;
/// An answer of up to this many words is not understood without its question.
const SHORT_ANSWER_WORDS: usize = 14;
/// Words of a question that is kept with its answer.
const QUESTION_WORDS: usize = 32;
/// Longest statement with its question, in bytes.
const LONGEST_BYTES: usize = 700;
/// Worth below which a statement is not kept even when there is room.
const LEAST_WORTH: f64 = 1.0;
/// What is said without asking or complaining counts by its phrases alone, and each for half.
const REMARK_SHARE: f64 = 0.5;
/// Content words from which a statement names enough, and what that is worth.
const NAMING_WORDS: usize = 16;
const NAMING_POINTS: f64 = 1.0;
/// Content words a statement must have.
const LEAST_NAMED: usize = 3;
/// What a word that the transcriber did not understand costs.
const INAUDIBLE_POINTS: f64 = 0.5;
/// Share of a speaker's turns with procedure from which the speaker is a moderator.
const MODERATOR_SHARE: f64 = 0.4;

/// How a call is led, in lower case; ASCII letters match in either case.
const PROCEDURE: [&str; 58] = [
    "next question",
    "first question comes",
    "our first question",
    "question comes from",
    "follow-up from",
    "take our last question",
    "no further questions",
    "any further questions",
    "questions at this time",
    "press star",
    "pressing star",
    "star, one",
    "star one",
    "star then one",
    "pound key",
    "hash key",
    "your line is",
    "operator instructions",
    "listen-only mode",
    "listen only mode",
    "please go ahead",
    "go ahead with your question",
    "please stand by",
    "turn the call over",
    "turn it over to",
    "turn the floor",
    "hand the call over",
    "hand it over to",
    "pass the call",
    "pass the word to",
    "now like to turn",
    "pleasure to introduce",
    "forward-looking statement",
    "forward looking statement",
    "risks and uncertainties",
    "risk and uncertainty",
    "safe harbor",
    "earnings release",
    "being recorded",
    "will be recorded",
    "conference call",
    "welcome to the",
    "question-and-answer session",
    "question and answer session",
    "q&a session",
    "concludes our",
    "concludes today",
    "concludes the",
    "you may now disconnect",
    "may disconnect",
    "can you hear me",
    "can you see my screen",
    "share my screen",
    "on mute",
    "back in the queue",
    "back in queue",
    "thank you for standing by",
    "thank you for joining",
];

static PROCEDURES: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(PROCEDURE).ok());

fn is_procedure(text: &str) -> bool {
    PROCEDURES.as_ref().is_some_and(|finder| finder.is_match(text))
}

struct Turn {
    /// Range of the record's text, over all its cues.
    range: Range<usize>,
    /// First cue.
    part: usize,
    speaker: Option<PersonId>,
    side: Side,
}

struct Candidate {
    piece: Piece,
    points: f64,
}

/// Statements of a record of speech.
pub(super) fn pieces(record: &Record) -> Vec<Piece> {
    // Of the same length in bytes, so that places hold: where a cue ends says nothing about what is said.
    let speech = record.text.replace('\n', " ");
    let language = language::detect_or(&speech, Language::English);
    let turns = turns(record);
    let moderators = moderators(&speech, &turns);
    let mut candidates = Vec::new();
    for (at, turn) in turns.iter().enumerate() {
        let is_led = turn.speaker.is_some_and(|speaker| moderators.contains(&speaker));
        if matches!(turn.side, Side::Team | Side::Machine) || is_led {
            continue;
        }
        let sentences = sentences(&speech, &turn.range);
        let said: Vec<Range<usize>> =
            sentences.iter().filter(|sentence| !says_nothing(&speech[(*sentence).clone()])).cloned().collect();
        let asked = at.checked_sub(1).and_then(|before| question(&speech, &turns[before]));
        for range in grouped(&speech, said) {
            // What is agreed to, and what is only named, was said by whoever asked.
            let is_first = sentences.first().is_some_and(|first| first.start == range.start)
                || token::words(&speech[turn.range.start..range.start]).count() <= 3;
            let is_answer = is_first && is_short(&speech, &sentences);
            let part = (turn.part..record.parts.len())
                .find(|&part| record.parts[part].span.end as usize > range.start)
                .unwrap_or(turn.part);
            let question = asked.clone().filter(|asked| is_answer && range.end - asked.start <= LONGEST_BYTES);
            let range = question.map_or(range.start, |asked| asked.start)..range.end;
            if let Some(points) = points(&speech[range.clone()], language) {
                candidates.push(Candidate { piece: Piece { range, part }, points });
            }
        }
    }
    chosen(&speech, candidates, n_kept(record), language)
}

/// Takes the best candidates one after the other, each for what it adds to those taken before.
fn chosen(speech: &str, mut candidates: Vec<Candidate>, n: usize, language: Language) -> Vec<Piece> {
    let mut said = Said::default();
    let mut kept = Vec::new();
    while kept.len() < n {
        let mut best: Option<(usize, f64)> = None;
        candidates.retain(|candidate| said.is_new(&speech[candidate.piece.range.clone()], language));
        for (at, candidate) in candidates.iter().enumerate() {
            let added = said.new_share(&speech[candidate.piece.range.clone()], language);
            let points = candidate.points * f64::midpoint(1.0, added);
            // Of equals, the earlier.
            if best.is_none_or(|(_, most)| points > most) {
                best = Some((at, points));
            }
        }
        let Some((at, _)) = best else { break };
        let Candidate { piece, .. } = candidates.remove(at);
        said.add(&speech[piece.range.clone()], language);
        kept.push(piece);
    }
    kept
}

/// What a candidate is worth, with how much it names; `None` for what is not worth keeping.
fn points(text: &str, language: Language) -> Option<f64> {
    let weighed = worth::worth(text, language);
    let worth = if weighed.need > 0.0 { weighed.need + weighed.phrases } else { weighed.phrases * REMARK_SHARE };
    let named = token::content_words(text, language).len();
    let n_lost = text.matches("inaudible").count() + text.matches("crosstalk").count();
    let has_number = text.bytes().any(|b| b.is_ascii_digit());
    let naming = NAMING_POINTS * named.min(NAMING_WORDS) as f64 / NAMING_WORDS as f64;
    let points = worth + naming + if has_number { 0.2 } else { 0.0 } - INAUDIBLE_POINTS * n_lost as f64;
    (worth >= LEAST_WORTH && named >= LEAST_NAMED && points >= LEAST_WORTH).then_some(points)
}

/// How many statements a record of this length keeps.
fn n_kept(record: &Record) -> usize {
    let last_ms = record.parts.iter().filter_map(|part| part.clock_ms).map(|(_, end)| end).max();
    let first_ms = record.parts.iter().filter_map(|part| part.clock_ms).map(|(start, _)| start).min();
    let hours = match first_ms.zip(last_ms) {
        Some((first, last)) if last > first => (last - first) as f64 / 3_600_000.0,
        _ => token::words(&record.text).count() as f64 / WORDS_PER_HOUR,
    };
    ((hours * PER_HOUR) as usize).max(LEAST)
}

/// Cues joined by speaker; headings and notes of a transcript are nobody's words. What somebody says while another
/// only assents is one turn.
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

/// Speakers whose turns are mostly about how the call goes.
fn moderators(speech: &str, turns: &[Turn]) -> Vec<PersonId> {
    let mut counts: BTreeMap<PersonId, (usize, usize)> = BTreeMap::new();
    for turn in turns {
        if let Some(speaker) = turn.speaker {
            let (n_turns, n_led) = counts.entry(speaker).or_default();
            *n_turns += 1;
            *n_led += usize::from(is_procedure(&speech[turn.range.clone()]));
        }
    }
    counts
        .into_iter()
        .filter(|(_, (n_turns, n_led))| *n_led >= 2 && *n_led as f64 >= MODERATOR_SHARE * *n_turns as f64)
        .map(|(speaker, _)| speaker)
        .collect()
}

fn sentences(speech: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    sentence::sentences(&speech[range.clone()])
        .into_iter()
        .map(|sentence| range.start + sentence.start..range.start + sentence.end)
        .collect()
}

/// The question a turn ends with, when it does.
fn question(speech: &str, turn: &Turn) -> Option<Range<usize>> {
    if !speech[turn.range.clone()].trim_end().ends_with('?') {
        return None;
    }
    let last = sentences(speech, &turn.range).pop()?;
    (4..=QUESTION_WORDS).contains(&token::words(&speech[last.clone()]).count()).then_some(last)
}

/// Whether a turn is an answer in few words.
fn is_short(speech: &str, sentences: &[Range<usize>]) -> bool {
    let n_words: usize = sentences.iter().map(|range| token::words(&speech[range.clone()]).count()).sum();
    n_words <= SHORT_ANSWER_WORDS
}

/// Assent, a greeting, thanks, procedure: that somebody listens or leads, and nothing else.
fn says_nothing(sentence: &str) -> bool {
    const LEADING_WORDS: usize = 40;
    let n_words = token::words(sentence).count();
    is_assent(sentence)
        || n_words <= LEADING_WORDS && is_procedure(sentence)
        || n_words <= 8 && opens_or_closes(sentence)
}

/// "Good morning, everyone.", "Thanks for taking my question.", "Nice to meet you."
fn opens_or_closes(sentence: &str) -> bool {
    const STARTS: [&str; 31] = [
        "hi",
        "hello",
        "hey",
        "good morning",
        "good afternoon",
        "good evening",
        "thanks",
        "thank you",
        "many thanks",
        "congratulations",
        "congrats",
        "nice to",
        "great to",
        "bye",
        "goodbye",
        "have a",
        "morning",
        "hallo",
        "guten",
        "danke",
        "vielen dank",
        "tschüss",
        "bonjour",
        "merci",
        "au revoir",
        "hola",
        "buenos",
        "buenas",
        "gracias",
        "olá",
        "obrigad",
    ];
    let lower = token::lower(sentence).into_owned();
    STARTS.iter().any(|start| lower.starts_with(start)) && !sentence.contains('?')
}

/// "Yeah. Okay. Mm." says that somebody listens.
fn is_assent(text: &str) -> bool {
    const ASSENT: [&str; 74] = [
        "yes",
        "yeah",
        "yep",
        "yup",
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
        "huh",
        "right",
        "sure",
        "exactly",
        "absolutely",
        "great",
        "good",
        "fine",
        "perfect",
        "excellent",
        "wonderful",
        "lovely",
        "cool",
        "understood",
        "indeed",
        "alright",
        "all",
        "well",
        "so",
        "and",
        "but",
        "then",
        "thanks",
        "thank",
        "you",
        "i",
        "see",
        "got",
        "it",
        "that",
        "that's",
        "is",
        "oh",
        "ah",
        "no",
        "of",
        "course",
        "sorry",
        "excuse",
        "me",
        "hello",
        "hi",
        "very",
        "much",
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
        "inaudible",
        "crosstalk",
        "noted",
        "you're",
        "welcome",
    ];
    token::words(text).all(|range| ASSENT.contains(&&*token::lower(&text[range])))
}
