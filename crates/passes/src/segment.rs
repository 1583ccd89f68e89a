//! Stage 2, segment: a canonical record becomes statements, each a byte range of its text.
//!
//! What nobody said for us to hear is left out: quoted replies, signatures, greetings, legal footers, answers of our own
//! people, automatic replies, code and template lines (`message`). A statement is a point somebody makes, of one to
//! three sentences, not a sentence: a short message is one statement; of a long one the title and the few pieces that say
//! most are kept (`worth`); what stands under a form's headings is taken for what the heading says (`template`), so
//! that steps and environments are no statements; of a call only what matters is kept, a question with its answer
//! (`talk`). What our own people report of customers stays, as theirs, but not where they answer them.
//!
//! In: a [`Record`]. Out: its [`Signal`]s in text order; kind, language, sentiment and phrases are still open.
//! Cost: linear in the text. Invariant: a record in which somebody says something has a statement; ranges lie on character boundaries, do not overlap, begin and end inside parts.

mod boilerplate;
mod message;
mod talk;
mod template;
mod worth;

use std::collections::BTreeMap;
use std::ops::Range;
use template::Section;
use throughline_model::{Kind, Language, Part, PartRole, Record, Side, Signal, SignalId, SourceKind, Span};
use throughline_text::{language, sentence, token};

/// A message of up to this many words is one statement.
const SHORT_WORDS: usize = 60;
/// Words in a statement cut from a longer text.
const STATEMENT_WORDS: usize = 60;
/// Sentences in one.
const STATEMENT_SENTENCES: usize = 3;
/// Statements kept of one message.
const MOST_STATEMENTS: usize = 5;
/// Words of a title with what is said first, up to which the two are one statement.
const LEAD_WORDS: usize = 80;
/// Worth from which a piece stands by itself.
const ENOUGH: f64 = 1.0;
/// What is said first is worth this much more: what a message wants stands near its top.
const FIRST_BONUS: f64 = 0.6;
/// Content words that what is said under a title must add to it to be kept without being worth it.
const ADDED_WORDS: usize = 3;
/// Content words that what should have happened must add to what is kept: "It should work" adds nothing.
const EXPECTED_WORDS: usize = 5;
/// Worth from which something under steps to reproduce is more than a step.
const MORE_THAN_A_STEP: f64 = 1.6;
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
    // An answer is kept with its question: the statement is the answer's, its time begins with the question.
    let clock_of = |byte: usize| record.part_at(byte as u32).and_then(|part| part.clock_ms);
    let begins = clock_of(piece.range.start).or(part.clock_ms);
    let ends = clock_of(piece.range.end.saturating_sub(1)).or(part.clock_ms);
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
        clock_ms: begins.zip(ends).map(|((start, _), (_, end))| (start, end.max(start))),
    }
}

/// The statements of messages: tickets, mails, chats, reviews, issues, rows.
fn written(record: &Record) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    // Said, but hardly anything: kept where nothing else is.
    let mut spare: Option<Piece> = None;
    let mut at = 0;
    while at < record.parts.len() {
        let part = &record.parts[at];
        // What was observed is told whole; its title says what it is about.
        if part.role == PartRole::Title
            && record.parts.get(at + 1).is_some_and(|next| next.role == PartRole::Observation)
        {
            at += 1;
            continue;
        }
        // A title and the message after it are read together.
        let body = record.parts.get(at + 1).filter(|next| part.role == PartRole::Title && next.role == PartRole::Body);
        let n_read = if body.is_some() { 2 } else { 1 };
        if is_heard(record, part) {
            let title = (part.role == PartRole::Title).then_some(part);
            let message = if title.is_some() { body } else { Some(part) };
            let speaker = if body.is_some() { at + 1 } else { at };
            let found = statements(record, title, message);
            pieces.extend(found.kept.into_iter().map(|range| Piece { range, part: speaker }));
            spare = spare.or(found.spare.map(|range| Piece { range, part: speaker }));
        } else if part.side == Side::Team && record.source_kind != SourceKind::Support {
            let reported = message::reported(&record.text, part.span.range());
            pieces.extend(reported.into_iter().map(|range| Piece { range, part: at }));
        }
        at += n_read;
    }
    // A help desk repeats the first message as the first comment.
    let mut seen: Vec<&str> = Vec::new();
    pieces.retain(|piece| {
        let words = &record.text[piece.range.clone()];
        let is_known = words.len() >= 40 && seen.iter().any(|other| other.contains(words));
        seen.push(words);
        !is_known
    });
    if pieces.is_empty() { spare.into_iter().collect() } else { pieces }
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

/// What [`statements`] found in one message.
#[derive(Default)]
struct Found {
    kept: Vec<Range<usize>>,
    /// The message says little; it counts only where its record says nothing else.
    spare: Option<Range<usize>>,
}

/// A piece of a long message.
struct Candidate {
    range: Range<usize>,
    worth: f64,
    /// It stands under a heading about what should have happened.
    is_expected: bool,
}

/// Statements of one message with its title.
fn statements(record: &Record, title: Option<&Part>, message: Option<&Part>) -> Found {
    let text = record.text.as_str();
    let is_forward = title.is_some_and(|part| message::is_forward(&text[part.span.range()]));
    let title = title.map(|part| message::trimmed_title(text, part.span.range())).filter(|range| !range.is_empty());
    let words_of = |part: &Part| &text[part.span.range()];
    // An issue may be about such a message.
    let is_automatic = record.source_kind != SourceKind::Tracker
        && boilerplate::is_automatic(
            title.as_ref().map_or("", |range| &text[range.clone()]),
            message.map_or("", |part| words_of(part)),
        );
    let is_answer = title.is_none() && message.is_some_and(|part| boilerplate::is_answer(words_of(part)));
    if is_automatic || is_answer {
        return Found::default();
    }
    let blocks = message.map_or_else(Vec::new, |part| message::blocks(text, part.span.range(), is_forward));
    let n_words = |range: &Range<usize>| token::words(&text[range.clone()]).count();
    if let Some(whole) = short(text, title.as_ref(), &blocks) {
        let is_reply = message.is_some_and(|part| part.role == PartRole::Reply);
        // In a thread of an issue, what does not ask or complain is talk about the work.
        let is_talk = record.source_kind == SourceKind::Tracker && is_reply && {
            let words = &text[whole.clone()];
            worth::worth(words, language::detect_or(words, throughline_text::Language::English)).points() < ENOUGH
        };
        let is_courtesy = boilerplate::empty_sentences(text, &whole).contains(&whole);
        return if says_something(&text[whole.clone()], title.is_some()) && !is_talk && !is_courtesy {
            Found { kept: vec![whole], spare: None }
        } else {
            Found { kept: Vec::new(), spare: Some(whole).filter(|whole| is_more_than_courtesy(&text[whole.clone()])) }
        };
    }
    let language = message.map_or(throughline_text::Language::English, |part| {
        language::detect_or(words_of(part), throughline_text::Language::English)
    });
    let mut candidates = candidates(text, &blocks, language);
    let mut said = worth::Said::default();
    let mut kept: Vec<Range<usize>> = Vec::new();
    let mut has_joined = title.is_none();
    // The lead: the title, with the first thing said where the two stand together.
    if let Some(title) = title {
        said.add(&text[title.clone()], language);
        let first = blocks.first().filter(|block| block.section == Section::Said && !block.is_apart);
        let joins = candidates.first().is_some_and(|candidate| {
            first.is_some_and(|block| block.range.start == candidate.range.start)
                && candidate.range.start - title.end <= SMALL_GAP_BYTES
                && n_words(&title) + n_words(&candidate.range) <= LEAD_WORDS
                && said.is_new(&text[candidate.range.clone()], language)
        });
        let end = if joins {
            let first = candidates.remove(0).range;
            said.add(&text[first.clone()], language);
            has_joined = true;
            first.end
        } else {
            title.end
        };
        kept.push(title.start..end);
    }
    let spare = candidates.first().map(|candidate| candidate.range.clone());
    // Under a title, the first thing that adds something to it.
    let adds = |range: &Range<usize>| said.new_words(&text[range.clone()], language) >= ADDED_WORDS;
    let first = candidates
        .iter()
        .find(|candidate| !candidate.is_expected && adds(&candidate.range))
        .map(|candidate| candidate.range.clone());
    candidates.retain(|candidate| candidate.worth >= ENOUGH);
    candidates.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.range.start.cmp(&b.range.start)));
    for candidate in candidates {
        let words = &text[candidate.range.clone()];
        let says_more = !candidate.is_expected || said.new_words(words, language) >= EXPECTED_WORDS;
        if kept.len() < MOST_STATEMENTS && says_more && said.is_new(words, language) {
            said.add(words, language);
            kept.push(candidate.range);
        }
    }
    // Somebody who wrote at length said something.
    let is_reply = message.is_some_and(|part| part.role == PartRole::Reply);
    match kept.len() {
        0 if !is_reply => kept.extend(first.or_else(|| spare.clone())),
        1 if !has_joined => kept.extend(first.filter(|first| first.start >= kept[0].end)),
        _ => {}
    }
    Found { kept, spare }
}

/// The whole of a short message, where nothing was left out within it.
fn short(text: &str, title: Option<&Range<usize>>, blocks: &[message::Block]) -> Option<Range<usize>> {
    let pieces: Vec<&Range<usize>> = title.into_iter().chain(blocks.iter().map(|block| &block.range)).collect();
    let whole = pieces.first()?.start..pieces.last()?.end;
    // The first block may stand below something left out, where there is no title above it.
    let n_skipped = usize::from(title.is_none());
    let is_whole = pieces.windows(2).all(|pair| pair[1].start - pair[0].end <= SMALL_GAP_BYTES)
        && blocks.iter().skip(n_skipped).all(|block| !block.is_apart)
        && blocks.iter().all(|block| block.section == Section::Said);
    let total: usize = pieces.iter().map(|range| token::words(&text[(*range).clone()]).count()).sum();
    if !is_whole || total > SHORT_WORDS {
        return None;
    }
    let mut whole = whole;
    let courtesies = boilerplate::empty_sentences(text, &whole);
    for courtesy in courtesies.iter().rev() {
        if courtesy.end == whole.end && courtesy.start > whole.start {
            whole.end = whole.start + text[whole.start..courtesy.start].trim_end().len();
        }
    }
    for courtesy in &courtesies {
        if courtesy.start == whole.start && courtesy.end < whole.end {
            whole.start = whole.end - text[courtesy.end..whole.end].trim_start().len();
        }
    }
    Some(whole)
}

/// The pieces of a long message's paragraphs, in text order, each with what it is worth.
fn candidates(text: &str, blocks: &[message::Block], language: throughline_text::Language) -> Vec<Candidate> {
    let mut found = Vec::new();
    for block in blocks {
        for range in chunks(text, block.range.clone()) {
            let weighed = worth::worth(&text[range.clone()], language);
            let is_first = found.is_empty();
            let is_expected = block.section == Section::Expected;
            let worth = match block.section {
                // What should have happened is a wish by its heading.
                Section::Expected => weighed.points().max(ENOUGH),
                // Steps are orders, so only a complaint among them is more than a step.
                Section::Steps if weighed.kind != Kind::Problem || weighed.points() < MORE_THAN_A_STEP => continue,
                _ if is_first => weighed.points() + FIRST_BONUS,
                _ => weighed.points(),
            };
            found.push(Candidate { range, worth, is_expected });
        }
    }
    found
}

/// Whether a short message is worth keeping: it names something in a few words, or asks.
fn says_something(text: &str, has_title: bool) -> bool {
    has_title
        || text.contains('?')
        || token::words(text).nth(7).is_some()
        || token::words(text).nth(1).is_some() && names_something(text)
}

/// Whether any word of a text is not courtesy, be it of no content: "do it again".
fn is_more_than_courtesy(text: &str) -> bool {
    token::words(text).any(|range| !message::is_courtesy(&token::fold(&text[range])))
}

/// Whether a text holds a word of content that is not courtesy.
fn names_something(text: &str) -> bool {
    token::content_words(text, throughline_text::Language::Other)
        .iter()
        .any(|word| !message::is_courtesy(&token::fold(&text[word.range.clone()])))
}

/// A paragraph cut into statements of a few sentences, at the points where the topic changes; courtesies fall away.
fn chunks(text: &str, block: Range<usize>) -> Vec<Range<usize>> {
    let courtesies = boilerplate::empty_sentences(text, &block);
    let sentences = sentence::sentences(&text[block.clone()])
        .into_iter()
        .map(|range| block.start + range.start..block.start + range.end)
        .filter(|range| !courtesies.contains(range));
    grouped(text, sentences)
}

/// Sentences in order gathered into statements; what does not stand next to each other is not gathered.
fn grouped(text: &str, sentences: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
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
            Some(last)
                if fits
                    && (goes_on || n_words < 12)
                    && text[last.end..range.start].chars().all(|c| !c.is_alphanumeric()) =>
            {
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
