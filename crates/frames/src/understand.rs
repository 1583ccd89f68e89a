//! What a text asks for, from gate to slots.

use crate::clause::{self, Reading};
use crate::frame::Frames;
use crate::object;
use crate::pack::{self, Pack};
use crate::rank::{self, Model};
use rayon::prelude::*;
use throughline_model::need::{Understood, UnderstoodNeed};
use throughline_model::{Kind, Language};
use throughline_text::embed::Table;

/// Texts a task takes at once.
const CHUNK_TEXTS: usize = 256;
/// Other frames named beside the best.
const N_ALTERNATIVES: usize = 3;

/// What one text is understood to say.
pub fn understand(text: &str) -> Understood {
    understand_all(&[text]).pop().unwrap_or(Understood { kind: Kind::Other, needs: Vec::new() })
}

/// What each text is understood to say, in order, on all cores.
pub fn understand_all(texts: &[&str]) -> Vec<Understood> {
    texts.par_chunks(CHUNK_TEXTS).flat_map_iter(chunk).collect()
}

fn chunk(texts: &[&str]) -> Vec<Understood> {
    let table = Table::builtin();
    let read: Vec<Option<(Language, Reading)>> = texts.iter().map(|text| read(text)).collect();
    let gists: Vec<String> = texts
        .iter()
        .zip(&read)
        .map(|(text, read)| match read {
            Some((_, reading)) if rank::is_asking(reading.kind) => rank::gist(text, reading),
            _ => String::new(),
        })
        .collect();
    let vectors = table.embed_all(&gists);
    texts
        .iter()
        .zip(&read)
        .enumerate()
        .map(|(at, (text, read))| match read {
            Some((language, reading)) => answer(text, *language, reading, vectors.row(at)),
            None => Understood { kind: Kind::Other, needs: Vec::new() },
        })
        .collect()
}

/// The language of a text as packs know it.
fn language(text: &str) -> Language {
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

fn read(text: &str) -> Option<(Language, Reading)> {
    let language = language(text);
    let pack: &Pack = pack::of(language)?;
    Some((language, clause::read(text, language, pack)))
}

fn answer(text: &str, language: Language, reading: &Reading, vector: &[f32]) -> Understood {
    let nothing = Understood { kind: reading.kind, needs: Vec::new() };
    if !rank::is_asking(reading.kind) {
        return nothing;
    }
    let model = Model::builtin();
    let frames = Frames::builtin();
    let features = rank::features(text, reading, language, vector, frames, &model.row_from_key);
    let shares = rank::softmax(&model.scores(&features));
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
    let none = frames.len();
    let best = order[0];
    if best == none {
        return nothing;
    }
    let confidence = shares[best];
    if confidence < model.header.threshold {
        return nothing;
    }
    let names = model.header.frames.as_slice();
    let candidates = object::candidates(text, reading, language);
    let found = object::best(&candidates, &model.header.object);
    Understood {
        kind: reading.kind,
        needs: vec![UnderstoodNeed {
            frame: names[best].clone(),
            alternatives: order[1..]
                .iter()
                .filter(|&&at| at != none)
                .take(N_ALTERNATIVES)
                .map(|&at| names[at].clone())
                .collect(),
            confidence,
            object: found.map(|(range, _)| text[range].to_lowercase()),
            actor: None,
            reason: reading.reason.clone().map(|range| text[range].to_owned()),
            situation: reading.situation.clone().map(|range| text[range].to_owned()),
            span: [reading.clause.start as u32, reading.clause.end as u32],
        }],
    }
}
