//! Where in a text something is asked for: the sentence, the asking clause, its reason and its situation.
//!
//! In: a text and its language's pack. Out: a [`Reading`]: the kind, the asking clause, and the spans around it.
//! Template lines of bug trackers (headings, user agents, addresses) are no sentences. Each sentence is cut at marks and
//! at conjunctions that begin a new clause; words that give a reason ("because", "so that") end the asking clause and
//! what follows is kept as the reason; words that tell when or where begin a situation.
//! Invariant: all ranges are bytes of the text, on character boundaries, and within it.

use crate::kind::{self, KINDS, Points};
use crate::pack::Pack;
use crate::pattern::Word;
use crate::verb::{self, Head};
use crate::words::{self, Words};
use serde::Deserialize;
use std::ops::Range;
use throughline_model::{Kind, Language};
use throughline_text::sentence;

/// No more sentences than this are read: what a long text wants stands near its top.
const MAX_SENTENCES: usize = 14;
/// Bytes of a text that are read at all.
const MAX_BYTES: usize = 4000;

/// A sentence with its words and what they speak for.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// Without site prefix and list marker.
    pub(crate) range: Range<usize>,
    pub(crate) words: Words,
    pub(crate) points: Points,
    /// Classes of kind cues found, as positions in the pack.
    pub(crate) classes: Vec<u16>,
}

/// A text read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) kind: Kind,
    pub(crate) kind_confidence: f64,
    pub(crate) sentences: Vec<Sentence>,
    /// Position in `sentences` of the one that asks.
    pub(crate) asking: usize,
    /// The clause that asks, within the asking sentence.
    pub(crate) clause: Range<usize>,
    /// Whether the clause opens with an order.
    pub(crate) is_order: bool,
    /// The verb that says what is asked for.
    pub(crate) head: Option<Head>,
    /// Stated why, without its marker.
    pub(crate) reason: Option<Range<usize>>,
    /// Stated when or where.
    pub(crate) situation: Option<Range<usize>>,
}

/// Roles of clause markers in a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Marker {
    /// What follows is a reason; the marker is left out.
    Reason,
    /// What follows is a purpose and belongs to its words.
    Purpose,
    /// What follows says when or where, up to a comma.
    Situation,
    /// A new clause begins with the marker's last word.
    Clause,
}

/// The sentences of a text and what they speak for, before its kind is decided.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) sentences: Vec<Sentence>,
    /// Points of all sentences, what comes first counting most.
    pub(crate) totals: Points,
    /// The kind that the points alone make likely, and how likely, 0..=1.
    pub(crate) rule: Kind,
    pub(crate) rule_sure: f64,
    /// Whether the first line is a title.
    pub(crate) has_title: bool,
    /// Whether headings of a form for faults stand in it.
    pub(crate) is_form: bool,
    /// -1..=1.
    pub(crate) sentiment: f32,
    /// The place that a title names before it says something of it.
    site: Option<Range<usize>>,
}

/// The part of a text that is read.
pub(crate) fn head_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BYTES)]
}

/// Reads the sentences of `text`.
pub(crate) fn open(text: &str, language: Language, pack: &Pack) -> Opened {
    let text = head_of(text);
    let mut sentences = Vec::new();
    let mut site = None;
    let mut heading = Heading::None;
    for range in sentence::sentences(text) {
        if sentences.len() == MAX_SENTENCES {
            break;
        }
        let line = &text[range.clone()];
        let this = template_line(line);
        if this != Heading::None {
            heading = this;
            continue;
        }
        let mut range = range;
        if sentences.is_empty()
            && let Some((prefix, rest)) = site_prefix(text, range.clone())
        {
            site = Some(prefix);
            range = rest;
        }
        // The steps that led to a fault are neither the fault nor a wish.
        if heading == Heading::Steps && !sentences.is_empty() || heading == Heading::Expected {
            continue;
        }
        let read = words::read(&text[range.clone()], range.start, language);
        let (points, classes) = kind::points_and_classes(&read, &text[range.clone()], pack);
        sentences.push(Sentence { range, words: read, points, classes });
    }
    let mut all: Vec<Points> = sentences.iter().map(|sentence| sentence.points).collect();
    match heading {
        Heading::None => {}
        Heading::Other => all.push([0.0, 1.5, 0.0, 0.0, 0.0]),
        // Somebody filled in a form for faults.
        Heading::Steps | Heading::Actual | Heading::Expected => all.push([0.0, 3.5, 0.0, 0.0, 0.0]),
    }
    let has_title = has_title(text);
    let totals = kind::totals(&all, has_title);
    let (rule, rule_sure) = kind::decide(&totals);
    let sentiment = throughline_text::sentiment::score(text, words::text_language(language));
    let is_form = heading != Heading::None;
    Opened { sentences, totals, rule, rule_sure, has_title, is_form, sentiment, site }
}

/// The reading of a text whose kind is decided.
pub(crate) fn close(
    text: &str,
    opened: Opened,
    kind: Kind,
    kind_confidence: f64,
    pack: &Pack,
    language: Language,
) -> Reading {
    let mut reading = Reading {
        kind,
        kind_confidence,
        asking: 0,
        clause: 0..0,
        is_order: false,
        head: None,
        reason: None,
        situation: opened.site,
        sentences: opened.sentences,
    };
    choose(head_of(text), &mut reading, pack, language);
    reading
}

/// Whether the first line is a title: short, and followed by more.
fn has_title(text: &str) -> bool {
    let text = text.trim();
    text.find('\n').is_some_and(|end| end < 160 && !text[end..].trim().is_empty())
}

/// Finds the asking sentence and clause, and what stands around them.
fn choose(text: &str, reading: &mut Reading, pack: &Pack, language: Language) {
    let slot = kind::slot(reading.kind);
    let way = (reading.kind == Kind::Problem).then(|| asks_for_a_way(reading, pack)).flatten();
    reading.asking = way.or_else(|| speaking(reading).first().copied()).unwrap_or(0);
    settle(text, reading, slot, pack, language);
}

/// Classes of cues: a way to do something is asked for, and something that is there does wrong.
const WAY: &str = "asks_for_a_way";
const FAULTS: [&str; 5] = ["broken", "bug", "form", "cannot", "refused"];

/// The sentence that asks for a way to do what is told as a problem elsewhere: "I open each of 300. Is there a way to
/// change many?" What the speaker wants stands in the question then. Where something is broken there is none.
fn asks_for_a_way(reading: &Reading, pack: &Pack) -> Option<usize> {
    let has = |sentence: &Sentence, names: &[&str]| {
        sentence.classes.iter().any(|class| names.contains(&pack.kind_classes[*class as usize].name.as_str()))
    };
    let at = reading.sentences.iter().position(|sentence| has(sentence, &[WAY]))?;
    let is_fault = reading.sentences.iter().enumerate().any(|(other, sentence)| other != at && has(sentence, &FAULTS));
    (!is_fault).then_some(at)
}

/// Sentences that speak for the kind, in order: those with at least six tenths of what the clearest one has, three points
/// always being enough.
fn speaking(reading: &Reading) -> Vec<usize> {
    let slot = kind::slot(reading.kind);
    let own = |sentence: &Sentence| sentence.points[slot];
    let best = reading.sentences.iter().map(own).fold(0.0, f64::max);
    let enough = (best * 0.6).min(3.0);
    let speaks = |sentence: &Sentence| own(sentence) > 0.0 && own(sentence) >= enough;
    reading.sentences.iter().enumerate().filter(|(_, sentence)| speaks(sentence)).map(|(at, _)| at).collect()
}

/// The other sentences that may ask, for when the first says nothing that can be told.
pub(crate) fn other_sentences(reading: &Reading) -> Vec<usize> {
    let mut found: Vec<usize> = speaking(reading).into_iter().filter(|&at| at != reading.asking).collect();
    let rest: Vec<usize> =
        (0..reading.sentences.len()).filter(|at| *at != reading.asking && !found.contains(at)).collect();
    found.extend(rest);
    found
}

/// The same reading with another sentence as the one that asks.
pub(crate) fn at_sentence(text: &str, reading: &Reading, at: usize, pack: &Pack, language: Language) -> Reading {
    let mut other = reading.clone();
    other.asking = at;
    other.reason = None;
    settle(text, &mut other, kind::slot(reading.kind), pack, language);
    other
}

/// Finds the asking clause of the asking sentence, its head verb, and what stands around it.
fn settle(text: &str, reading: &mut Reading, slot: usize, pack: &Pack, language: Language) {
    let Some(sentence) = reading.sentences.get(reading.asking) else {
        return;
    };
    let parts = parts(text, sentence, pack);
    let mut best: Option<(f64, &Part)> = None;
    for part in parts.iter().filter(|part| part.role == Role::Main) {
        let inside: Vec<Word> = words_within(&sentence.words.words, &part.range).to_vec();
        let start = if part.range.start <= sentence.range.start { sentence.words.start } else { 0 };
        let start = start.min(inside.len());
        let points = kind::points(&Words { words: inside, start }, &text[part.range.clone()], pack)[slot];
        if best.is_none_or(|(most, _)| points > most + 0.5) {
            best = Some((points, part));
        }
    }
    reading.clause = best.map_or_else(|| sentence.range.clone(), |(_, part)| part.range.clone());
    let inside = words_within(&sentence.words.words, &reading.clause);
    let opening = Words { words: inside.to_vec(), start: fillers_before(&sentence.words, inside) };
    reading.is_order = kind::is_imperative(&opening, pack);
    reading.head = verb::head(text, &reading.clause, inside, reading.is_order, pack, language);
    let role = |wanted: Role| parts.iter().find(|part| part.role == wanted).map(|part| part.range.clone());
    reading.reason = role(Role::Reason);
    if let Some(situation) = role(Role::Situation) {
        reading.situation = Some(situation);
    }
    if reading.reason.is_none()
        && let Some(next) = reading.sentences.get(reading.asking + 1)
    {
        // "Add X. Otherwise we …": a reason in a sentence of its own.
        reading.reason = self::parts(text, next, pack)
            .into_iter()
            .find(|part| part.role == Role::Reason && part.range.start <= next.range.start + 14)
            .map(|part| part.range);
    }
}

/// How many of the first words of a clause are greetings.
fn fillers_before(all: &Words, inside: &[Word]) -> usize {
    let skipped = all.words.get(all.start).map_or(0, |first| first.start);
    inside.iter().take_while(|word| word.start < skipped).count()
}

/// What a part of a sentence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Main,
    Reason,
    Situation,
}

#[derive(Debug, Clone)]
struct Part {
    range: Range<usize>,
    role: Role,
}

/// The words that lie in `range`.
pub(crate) fn words_within<'w>(words: &'w [Word], range: &Range<usize>) -> &'w [Word] {
    let from = words.partition_point(|word| word.start < range.start);
    let to = words.partition_point(|word| word.end <= range.end);
    &words[from..to.max(from)]
}

/// Cuts a sentence into clauses.
fn parts(text: &str, sentence: &Sentence, pack: &Pack) -> Vec<Part> {
    let words = &sentence.words.words;
    // Cuts: where a new part begins, and its role until the next cut or comma.
    let mut cuts: Vec<(usize, Role)> = vec![(sentence.range.start, Role::Main)];
    for hit in pack.clause_cues.find(words, 0) {
        let marker = pack.markers[hit.payload as usize];
        let (at, role) = match marker {
            Marker::Reason => match words.get(hit.last) {
                // The marker itself belongs to nothing: the main part ends before it.
                Some(after) => (after.start, Role::Reason),
                None => continue,
            },
            Marker::Purpose => (words[hit.first].start, Role::Reason),
            Marker::Situation => (words[hit.first].start, Role::Situation),
            Marker::Clause => (words[hit.last - 1].start, Role::Main),
        };
        cuts.push((at, role));
        if marker == Marker::Reason {
            cuts.push((words[hit.first].start, Role::Reason));
        }
    }
    let mut previous_end = sentence.range.start;
    for (at, word) in words.iter().enumerate() {
        let between = &text[previous_end.min(word.start)..word.start];
        let is_mark = between.contains([';', '(', ')', '—', '–'])
            || between.contains(": ")
            || between.contains(" - ")
            || between.contains(" -- ");
        if at > 0 && is_mark {
            cuts.push((word.start, Role::Main));
        } else if at > 0
            && between.contains(',')
            && cuts.iter().any(|&(cut, role)| role == Role::Situation && cut < word.start)
            && !cuts.iter().any(|&(cut, role)| role == Role::Main && cut > sentence.range.start && cut < word.start)
        {
            // The comma that closes a leading "when …".
            cuts.push((word.start, Role::Main));
        }
        previous_end = word.end;
    }
    cuts.sort_by_key(|&(at, role)| (at, role != Role::Reason, role != Role::Situation));
    cuts.dedup_by_key(|cut| cut.0);
    let mut parts: Vec<Part> = Vec::with_capacity(cuts.len());
    for (at, &(start, role)) in cuts.iter().enumerate() {
        let end = cuts.get(at + 1).map_or(sentence.range.end, |next| next.0);
        // Reasons run on: "because I pay and it is mine" is one.
        if let Some(last) = parts.last_mut()
            && last.role == Role::Reason
            && (role == Role::Reason || !text[..start].trim_end().ends_with([',', ';']))
        {
            if role == Role::Reason && last.range.len() < 14 {
                last.range.start = start;
            }
            last.range.end = end;
            continue;
        }
        parts.push(Part { range: start..end, role });
    }
    for part in &mut parts {
        part.range = trim(text, part.range.clone());
    }
    parts.retain(|part| !part.range.is_empty());
    parts
}

/// Without white space and marks at both ends; closing brackets and question marks go too.
pub(crate) fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = &text[range.clone()];
    let is_edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '.' | '!' | '?' | '-' | '–' | '—' | '(' | ')' | '"' | '“' | '”' | '*' | '>' | '|'
            )
    };
    let left = slice.len() - slice.trim_start_matches(is_edge).len();
    let kept = slice.trim_matches(is_edge);
    range.start + left..range.start + left + kept.len()
}

/// Headings of forms for faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    None,
    Steps,
    Actual,
    Expected,
    Other,
}

/// Last words of labels that say on what machine something happened.
const MACHINE_LABELS: &[&str] =
    &["agent", "identifier", "id", "system", "os", "version", "platform", "device", "browser", "url", "hardware"];

/// Whether a line is a heading or machine-written line of a form rather than something said.
fn template_line(line: &str) -> Heading {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '#' | '>' | ':' | '-' | '_' | '`'));
    let lower = bare.get(..bare.floor_char_boundary(48)).unwrap_or_default().to_ascii_lowercase();
    let starts = |heads: &[&str]| heads.iter().any(|head| lower.starts_with(head));
    if starts(&[
        "steps to reproduce",
        "steps how to reproduce",
        "to reproduce",
        "reproduction steps",
        "how to reproduce",
    ]) {
        return Heading::Steps;
    }
    if starts(&["actual result", "actual behav", "current behav", "observed", "what happen"]) && bare.len() < 60 {
        return Heading::Actual;
    }
    if starts(&["expected result", "expected behav"]) && bare.len() < 60 {
        return Heading::Expected;
    }
    let machine = [
        "user-agent",
        "useragent",
        "buildid",
        "+++ this bug",
        "environment",
        "reproducible",
        "system information",
        "describe the bug",
        "is your feature request",
        "<!--",
        "screenshots",
        "additional context",
    ];
    // "App version: 3.2", "**Operating system**: any": a label of a form and what was entered.
    let label = lower.split_once(':').map_or("", |(label, _)| label.trim_end_matches('*').trim_end());
    let is_label = label.split_whitespace().count() <= 3
        && label.rsplit([' ', '/']).next().is_some_and(|last| MACHINE_LABELS.contains(&last));
    if starts(&machine) || is_label || line.contains("Mozilla/5.0 (") {
        return if line.trim_end().len() > bare.len() + 40 { Heading::None } else { Heading::Other };
    }
    let is_address = !bare.contains(' ') && (bare.starts_with("http://") || bare.starts_with("https://"));
    if is_address { Heading::Other } else { Heading::None }
}

/// "www.example.org - Menu is broken", `[De] page.xhtml: Typos`: the place, and what is said of it.
fn site_prefix(text: &str, range: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let sentence = &text[range.clone()];
    let mut from = 0;
    if sentence.starts_with('[') {
        from = sentence.find(']').filter(|&close| close < 16)? + 1;
        from += sentence[from..].len() - sentence[from..].trim_start().len();
    }
    let rest = &sentence[from..];
    let len = rest.find(char::is_whitespace)?;
    let token = &rest[..len];
    let name = token.trim_end_matches(':');
    let has_inner_dot = name.trim_matches('.').contains('.') && !name.starts_with(|c: char| c.is_ascii_digit());
    if !has_inner_dot {
        return None;
    }
    let after = rest[len..].trim_start();
    let said = if token.len() > name.len() {
        after
    } else {
        let dash =
            after.strip_prefix("- ").or_else(|| after.strip_prefix("– ")).or_else(|| after.strip_prefix(": "))?;
        dash.trim_start()
    };
    if said.is_empty() {
        return None;
    }
    let start = range.end - said.len();
    Some((range.start + from..range.start + from + name.len(), start..range.end))
}

/// The kinds that a product could answer.
pub(crate) fn is_need(kind: Kind) -> bool {
    KINDS[..3].contains(&kind)
}
