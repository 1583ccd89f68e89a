//! What a text asks for, from gate to slots.
//!
//! In: texts. Out: for each, its [`Statement`] or the plain [`Understood`] of the model, in order. A text is read
//! ([`mod@crate::kind`] and the asking clause), its frames are ranked, and below a threshold nothing is said: an answer that
//! nobody can rely on costs more than none.
//! Cost: about forty microseconds for a short text on one core; batches use all cores and give the same bytes.

use crate::clause::{self, Opened, Reading};
use crate::frame::Frames;
use crate::gate;
use crate::kind::KINDS;
use crate::linear::softmax;
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
/// Objects named for comparing statements.
const N_OBJECTS: usize = 3;
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
    /// What the certainty is made of: log odds of the frame, and of there being a need.
    pub(crate) odds: [f64; 2],
    /// The asking clause.
    pub clause: Range<usize>,
    /// Wanted, to be mended, to go, to stay.
    pub polarity: Polarity,
    /// What it may be about, the most likely first: for finding what several statements have in common.
    pub objects: Vec<Found>,
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

/// The kind of one text and its certainty, 0..=1.
pub(crate) fn kind(text: &str, language: Language) -> (Kind, f64) {
    let Some(pack) = pack::of(language) else {
        return NO_PACK;
    };
    let opened = clause::open(text, language, pack);
    let model = Model::builtin();
    let shares = if is_english(language) {
        let vector = Table::builtin().embed(&text[gate::gist(&opened)]);
        gate::shares(&model.kind, &gate::present(text, &opened, Some(&vector), pack, &model.kind))
    } else {
        gate::shares(&model.plain_kind, &gate::present(text, &opened, None, pack, &model.plain_kind))
    };
    surest(&shares)
}

/// What is said of a text in a language without a pack.
const NO_PACK: (Kind, f64) = (Kind::Other, 0.2);

/// Whether texts of a language are read with words and vectors.
pub(crate) fn is_english(language: Language) -> bool {
    matches!(language, Language::En | Language::Unknown)
}

/// The kind with the greatest share; the first in order among equals.
pub(crate) fn surest(shares: &[f64]) -> (Kind, f64) {
    shares.iter().zip(KINDS).fold(NO_PACK, |best, (&share, kind)| if share > best.1 { (kind, share) } else { best })
}

/// A text opened, with the vector of its first sentences where it is read with vectors.
struct Draft {
    opened: Opened,
    gist: Range<usize>,
}

fn read(texts: &[&str], languages: &[Language], model: &Model) -> Vec<Statement> {
    let table = Table::builtin();
    let drafts: Vec<Option<Draft>> = texts
        .iter()
        .zip(languages)
        .map(|(text, &language)| {
            let opened = clause::open(text, language, pack::of(language)?);
            let gist = if is_english(language) { gate::gist(&opened) } else { 0..0 };
            Some(Draft { opened, gist })
        })
        .collect();
    let gists: Vec<&str> = drafts
        .iter()
        .zip(texts)
        .map(|(draft, text)| draft.as_ref().map_or("", |draft| &text[draft.gist.clone()]))
        .collect();
    let vectors = table.embed_all(&gists);
    let mut statements = Vec::with_capacity(texts.len());
    for (at, draft) in drafts.into_iter().enumerate() {
        let (text, language) = (texts[at], languages[at]);
        let (Some(draft), Some(pack)) = (draft, pack::of(language)) else {
            statements.push(Statement { kind: NO_PACK.0, kind_confidence: NO_PACK.1, asked: Vec::new() });
            continue;
        };
        let whole = is_english(language).then(|| vectors.row(at));
        let gate = if whole.is_some() { &model.kind } else { &model.plain_kind };
        let shares = gate::shares(gate, &gate::present(text, &draft.opened, whole, pack, gate));
        let (kind, kind_confidence) = surest(&shares);
        let need: f64 =
            shares.iter().zip(KINDS).filter(|(_, kind)| rank::is_asking(*kind)).map(|(share, _)| share).sum();
        let reading = clause::close(text, draft.opened, kind, kind_confidence, pack, language);
        let asked = if !rank::is_asking(kind) {
            None
        } else if let Some(whole) = whole {
            // Most short texts are one sentence that asks: its vector is known already.
            let asking = rank::gist(text, &reading);
            let own = if asking == gists[at] { None } else { Some(table.embed(asking)) };
            asked(text, &reading, language, own.as_deref().unwrap_or(whole), need, model)
                .or_else(|| elsewhere(text, &reading, language, need, model))
        } else {
            asked_by_cues(text, &reading, language, need, model)
        };
        statements.push(Statement { kind, kind_confidence, asked: asked.into_iter().collect() });
    }
    statements
}

/// What each text says by given weights, and what the certainty is made of, however unsure.
pub(crate) fn frankly(texts: &[&str], model: &Model) -> Vec<(Understood, Option<[f64; 2]>)> {
    let languages = vec![Language::En; texts.len()];
    let frank = |(statement, text): (Statement, &&str)| {
        (plain(text, &statement), statement.asked.first().map(|asked| asked.odds))
    };
    read(texts, &languages, model).into_iter().zip(texts).map(frank).collect()
}

/// Tries the other sentences that speak for the kind, in order.
fn elsewhere(text: &str, reading: &Reading, language: Language, need: f64, model: &Model) -> Option<Asked> {
    let pack = pack::of(language)?;
    let others = clause::other_sentences(reading);
    others.into_iter().take(N_TRIED).find_map(|at| {
        let other = clause::at_sentence(text, reading, at, pack, language);
        let vector = Table::builtin().embed(rank::gist(text, &other));
        asked(text, &other, language, &vector, need, model)
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

fn asked(text: &str, reading: &Reading, language: Language, vector: &[f32], need: f64, model: &Model) -> Option<Asked> {
    let features = rank::features(reading, language, vector, Frames::builtin(), &model.frame);
    let shares = softmax(&model.scores(&features));
    let none = model.header.frames.len();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
    order.first().filter(|&&best| best != none)?;
    let odds = rank::odds(&shares, &order, need);
    let confidence = rank::certainty(model.header.calibration, odds);
    let named = |at: &usize| Some((model.header.frames.get(*at)?.clone(), shares[*at]));
    let shares = order.iter().filter_map(named).take(N_SHARES).collect();
    answer(text, reading, language, shares, (confidence, odds), model)
}

/// The same for languages that are read by cues alone.
fn asked_by_cues(text: &str, reading: &Reading, language: Language, need: f64, model: &Model) -> Option<Asked> {
    let mut shares = rank::by_cues(reading, pack::of(language)?);
    let confidence = need * shares.first()?.1;
    shares.truncate(N_SHARES);
    answer(text, reading, language, shares, (confidence, [0.0; 2]), model)
}

/// What is answered, unless it is too unsure.
fn answer(
    text: &str,
    reading: &Reading,
    language: Language,
    shares: Vec<(String, f64)>,
    (confidence, odds): (f64, [f64; 2]),
    model: &Model,
) -> Option<Asked> {
    if confidence < model.header.threshold {
        return None;
    }
    let frame = Frames::builtin().get(&shares.first()?.0)?;
    let candidates = object::candidates(text, reading, Some(frame), language);
    let objects = object::ranked(&candidates, &model.object, N_OBJECTS);
    let object = objects.first().cloned();
    Some(Asked {
        frame: frame.id.clone(),
        confidence,
        odds,
        clause: reading.clause.clone(),
        polarity: polarity(reading),
        slots: slot::slots(text, reading, frame, object, language),
        objects: objects.into_iter().map(|(range, confidence)| Found { range, confidence }).collect(),
        shares,
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
