//! What a text asks for, from gate to slots.
//!
//! In: texts. Out: for each, its [`Statement`] or the plain [`Understood`] of the model, in order. A text is read
//! ([`crate::kind`] and the asking clause), its frames are ranked, and below a threshold nothing is said: an answer that
//! nobody can rely on costs more than none.
//! Cost: about forty microseconds for a short text on one core; batches use all cores and give the same bytes.

use crate::clause::{self, Reading};
use crate::frame::Frames;
use crate::object;
use crate::pack;
use crate::rank::{self, Model};
use crate::slot::{self, Found};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use throughline_model::need::{Understood, UnderstoodNeed};
use throughline_model::{Kind, Language, Polarity, SlotName};
use throughline_text::embed::Table;

/// Texts a task takes at once.
const CHUNK_TEXTS: usize = 256;
/// Other frames named beside the best.
const N_ALTERNATIVES: usize = 3;
/// Frames whose share is kept for adding up over statements.
const N_SHARES: usize = 5;
/// Sentences that are tried when the one that speaks most clearly says nothing of a frame.
const N_TRIED: usize = 3;

/// What one text says.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it does.
    pub kind: Kind,
    /// Certainty of the kind, 0..=1.
    pub kind_confidence: f64,
    /// What it asks for, best first; empty when nothing or when unsure.
    pub asked: Vec<Asked>,
}

/// One thing asked for; ranges are bytes of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Capability frame.
    pub frame: String,
    /// Frames with their share of the probability, best first, this one included.
    pub shares: Vec<(String, f64)>,
    /// Certainty that the frame is acceptable, 0..=1.
    pub confidence: f64,
    /// The asking clause.
    pub clause: Range<usize>,
    /// Wanted, to be mended, to go, to stay.
    pub polarity: Polarity,
    /// What is stated, never what is assumed.
    pub slots: BTreeMap<SlotName, Found>,
}

/// What one text is understood to say.
///
/// ```
/// let understood = throughline_frames::understand("Please let me export the invoices as CSV");
/// assert_eq!(understood.needs[0].frame, "export");
/// assert_eq!(understood.needs[0].object.as_deref(), Some("invoices"));
/// ```
pub fn understand(text: &str) -> Understood {
    understand_all(&[text]).pop().unwrap_or(Understood { kind: Kind::Other, needs: Vec::new() })
}

/// What each text is understood to say, in order, on all cores.
pub fn understand_all(texts: &[&str]) -> Vec<Understood> {
    texts
        .par_chunks(CHUNK_TEXTS)
        .flat_map_iter(|texts| {
            let languages: Vec<Language> = texts.iter().map(|text| language(text)).collect();
            read(texts, &languages, Model::builtin())
                .into_iter()
                .zip(texts)
                .map(|(statement, text)| plain(text, &statement))
        })
        .collect()
}

/// What each text says in full, in order, on all cores. `languages` are those of the texts; a text without one there has
/// its language detected.
pub fn statements(texts: &[&str], languages: &[Language]) -> Vec<Statement> {
    texts
        .par_chunks(CHUNK_TEXTS)
        .enumerate()
        .flat_map_iter(|(at, texts)| {
            let from = (at * CHUNK_TEXTS).min(languages.len());
            let given = &languages[from..];
            let languages: Vec<Language> = texts
                .iter()
                .enumerate()
                .map(|(at, text)| {
                    given.get(at).copied().filter(|given| *given != Language::Unknown).unwrap_or_else(|| language(text))
                })
                .collect();
            read(texts, &languages, Model::builtin())
        })
        .collect()
}

/// The same with given weights, on this thread.
pub(crate) fn with_model(texts: &[&str], model: &Model) -> Vec<Understood> {
    let languages: Vec<Language> = texts.iter().map(|text| language(text)).collect();
    let read = read(texts, &languages, model);
    read.into_iter().zip(texts).map(|(statement, text)| plain(text, &statement)).collect()
}

fn read(texts: &[&str], languages: &[Language], model: &Model) -> Vec<Statement> {
    let table = Table::builtin();
    let readings: Vec<Option<Reading>> = texts
        .iter()
        .zip(languages)
        .map(|(text, &language)| pack::of(language).map(|pack| clause::read(text, language, pack)))
        .collect();
    let gists: Vec<&str> = texts
        .iter()
        .zip(&readings)
        .map(|(text, reading)| match reading {
            Some(reading) if rank::is_asking(reading.kind) => rank::gist(text, reading),
            _ => "",
        })
        .collect();
    let vectors = table.embed_all(&gists);
    let mut statements = Vec::with_capacity(texts.len());
    for (at, reading) in readings.into_iter().enumerate() {
        let Some(reading) = reading else {
            statements.push(Statement { kind: Kind::Other, kind_confidence: 0.2, asked: Vec::new() });
            continue;
        };
        let (text, language) = (texts[at], languages[at]);
        let asked = if rank::is_asking(reading.kind) {
            asked(text, &reading, language, vectors.row(at), model)
                .or_else(|| elsewhere(text, &reading, language, model))
        } else {
            None
        };
        statements.push(Statement {
            kind: reading.kind,
            kind_confidence: reading.kind_confidence,
            asked: asked.into_iter().collect(),
        });
    }
    statements
}

/// Tries the other sentences that speak for the kind, in order.
fn elsewhere(text: &str, reading: &Reading, language: Language, model: &Model) -> Option<Asked> {
    let pack = pack::of(language)?;
    let others = clause::other_sentences(reading);
    others.into_iter().take(N_TRIED).find_map(|at| {
        let other = clause::at_sentence(text, reading, at, pack, language);
        let vector = Table::builtin().embed(rank::gist(text, &other));
        asked(text, &other, language, &vector, model)
    })
}

/// The language of a text as packs know it.
pub(crate) fn language(text: &str) -> Language {
    let found = throughline_text::language::detect(text);
    match found.language {
        throughline_text::Language::German => Language::De,
        throughline_text::Language::French => Language::Fr,
        throughline_text::Language::Spanish => Language::Es,
        throughline_text::Language::Portuguese => Language::Pt,
        throughline_text::Language::Other if found.confidence >= 0.5 => Language::Other,
        _ => Language::En,
    }
}

fn asked(text: &str, reading: &Reading, language: Language, vector: &[f32], model: &Model) -> Option<Asked> {
    let frames = Frames::builtin();
    let features = rank::features(reading, language, vector, frames, &model.row_from_key);
    let shares = rank::softmax(&model.scores(&features));
    let none = model.header.frames.len();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
    let best = *order.first().filter(|&&best| best != none)?;
    let confidence = model.certainty(&shares, &order);
    if confidence < model.header.threshold {
        return None;
    }
    let frame = frames.get(model.header.frames.get(best)?)?;
    let candidates = object::candidates(text, reading, language);
    let object = object::best(&candidates, &model.header.object);
    let named = |at: &usize| Some((model.header.frames.get(*at)?.clone(), shares[*at]));
    Some(Asked {
        frame: frame.id.clone(),
        shares: order.iter().filter_map(named).take(N_SHARES).collect(),
        confidence,
        clause: reading.clause.clone(),
        polarity: polarity(reading),
        slots: slot::slots(text, reading, frame, object, language),
    })
}

/// Whether the speaker wants, reports, or tells somebody to take away or to leave alone.
fn polarity(reading: &Reading) -> Polarity {
    let head = reading.head.as_ref().map_or("", |head| head.lemma.as_str());
    let words = reading.sentences.get(reading.asking).map_or(&[][..], |sentence| &sentence.words.words);
    let at = reading.head.as_ref().map_or(0, |head| words.partition_point(|word| word.start < head.range.start));
    let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", |word| word.lower.as_str());
    // "Remove the banner", "can you remove": somebody else acts; "let me remove drafts" asks to be able to.
    let is_ours = reading.is_order || matches!(before, "please" | "you" | "kindly");
    let takes_away = matches!(head, "remove" | "drop" | "stop" | "kill" | "retire" | "rid");
    let is_negated = matches!(before, "don't" | "not" | "never");
    match reading.kind {
        _ if is_negated
            && (takes_away || matches!(head, "change" | "touch" | "delete" | "replace" | "take" | "rename")) =>
        {
            Polarity::Keep
        }
        Kind::Request if is_ours && head == "keep" => Polarity::Keep,
        Kind::Request if is_ours && takes_away => Polarity::Remove,
        Kind::Problem => Polarity::Fix,
        _ => Polarity::Want,
    }
}

/// The plain form, with words for ranges.
fn plain(text: &str, statement: &Statement) -> Understood {
    let needs = statement.asked.iter().map(|asked| {
        let slot = |name: SlotName| asked.slots.get(&name).map(|found| text[found.range.clone()].to_owned());
        UnderstoodNeed {
            frame: asked.frame.clone(),
            alternatives: asked.shares.iter().skip(1).take(N_ALTERNATIVES).map(|(frame, _)| frame.clone()).collect(),
            confidence: (asked.confidence * 1e4).round() / 1e4,
            object: slot(SlotName::Object).map(|object| object.to_lowercase()),
            actor: slot(SlotName::Actor).map(|actor| actor.to_lowercase()),
            reason: slot(SlotName::Reason),
            situation: slot(SlotName::Situation),
            span: [asked.clause.start as u32, asked.clause.end as u32],
        }
    });
    Understood { kind: statement.kind, needs: needs.collect() }
}
