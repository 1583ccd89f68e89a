//! Fits the weights of the ranker and of the object model to the example sentences.
//!
//! Both are log-linear models with squared penalties, fitted by full-batch gradient steps (Adam, Kingma and Ba 2015) in a
//! fixed order from zero, so the same examples give the same file. `examples/fit.rs` runs it and measures.

use crate::clause::{self, Reading};
use crate::example::Example;
use crate::frame::Frames;
use crate::object::{self, Candidate, N_FEATURES};
use crate::pack;
use crate::rank::{self, Features, Header, Model, N_SHARED};
use crate::understand;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use throughline_model::Language;
use throughline_model::need::Understood;
use throughline_text::embed::Table;

/// How the fit is done.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Gradient steps.
    pub n_steps: usize,
    /// Step size.
    pub rate: f32,
    /// Penalty on rows of the sentence vector.
    pub vector_penalty: f32,
    /// Penalty on word rows.
    pub word_penalty: f32,
    /// Penalty on shared weights.
    pub shared_penalty: f32,
    /// Examples a word must stand in to get a row.
    pub least_examples: usize,
    /// What share of the truth the first acceptable frame has.
    pub first_share: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            n_steps: 200,
            rate: 0.05,
            vector_penalty: 3e-4,
            word_penalty: 3e-4,
            shared_penalty: 1e-4,
            least_examples: 2,
            first_share: 0.7,
        }
    }
}

struct Row {
    features: Features,
    truth: Vec<(usize, f32)>,
    weight: f32,
}

/// Fits everything; the file to put at `data/ranker.bin`.
pub fn fit(examples: &[(Example, f32)], settings: &Settings) -> Vec<u8> {
    model(examples, settings).to_bytes()
}

/// What a freshly fitted model reads in `texts`, in order: for trying data and settings out.
pub fn fit_and_read(examples: &[(Example, f32)], settings: &Settings, texts: &[&str]) -> Vec<Understood> {
    understand::with_model(texts, &model(examples, settings))
}

fn reading(text: &str) -> Option<Reading> {
    let pack = pack::of(Language::En)?;
    Some(clause::read(text, Language::En, pack))
}

pub(crate) fn model(examples: &[(Example, f32)], settings: &Settings) -> Model {
    let frames = Frames::builtin();
    let table = Table::builtin();
    let readings: Vec<Option<Reading>> = examples.iter().map(|(example, _)| reading(&example.text)).collect();
    let mut n_with: BTreeMap<String, usize> = BTreeMap::new();
    for reading in readings.iter().flatten() {
        for key in rank::keys(reading, Language::En) {
            *n_with.entry(key).or_default() += 1;
        }
    }
    let keys: Vec<String> =
        n_with.into_iter().filter(|&(_, n)| n >= settings.least_examples).map(|(key, _)| key).collect();
    let header = Header {
        frames: frames.iter().map(|frame| frame.id.clone()).collect(),
        embedding: table.model_id().to_owned(),
        dim: table.dim(),
        keys,
        shared: [0.0; N_SHARED],
        object: Vec::new(),
        calibration: [1.0, 0.0],
        threshold: 0.0,
    };
    let first = header.n_rows() - header.keys.len();
    let row_from_key: FxHashMap<String, u32> =
        header.keys.iter().enumerate().map(|(at, key)| (key.clone(), (first + at) as u32)).collect();
    let none = header.frames.len();
    let mut rows = Vec::new();
    for ((example, weight), reading) in examples.iter().zip(&readings) {
        let Some(reading) = reading else { continue };
        let vector = table.embed(rank::gist(&example.text, reading));
        let features = rank::features(reading, Language::En, &vector, frames, &row_from_key);
        let classes: Vec<usize> = example.frames.iter().filter_map(|frame| frames.position(frame)).collect();
        let truth = match classes.as_slice() {
            [] => vec![(none, 1.0)],
            [only] => vec![(*only, 1.0)],
            [best, others @ ..] => {
                let share = (1.0 - settings.first_share) / others.len() as f32;
                std::iter::once((*best, settings.first_share))
                    .chain(others.iter().map(|&other| (other, share)))
                    .collect()
            }
        };
        rows.push(Row { features, truth, weight: *weight });
    }
    let mut model = Model { rows: vec![0.0; header.n_rows() * header.n_classes()], header, row_from_key };
    descend(&mut model, &rows, settings);
    model.header.object = object_weights(examples, &readings);
    model
}

/// Adam's moments for a list of weights.
struct Adam {
    mean: Vec<f32>,
    square: Vec<f32>,
    n: i32,
}

impl Adam {
    fn new(n: usize) -> Self {
        Self { mean: vec![0.0; n], square: vec![0.0; n], n: 0 }
    }

    fn step(&mut self, weights: &mut [f32], gradient: &[f32], rate: f32) {
        self.n += 1;
        let mean_scale = 1.0 - 0.9_f32.powi(self.n);
        let square_scale = 1.0 - 0.999_f32.powi(self.n);
        for (at, weight) in weights.iter_mut().enumerate() {
            let g = gradient[at];
            self.mean[at] = 0.9 * self.mean[at] + 0.1 * g;
            self.square[at] = 0.999 * self.square[at] + 0.001 * g * g;
            *weight -= rate * (self.mean[at] / mean_scale) / ((self.square[at] / square_scale).sqrt() + 1e-8);
        }
    }
}

fn descend(model: &mut Model, rows: &[Row], settings: &Settings) {
    let width = model.header.n_classes();
    let total: f32 = rows.iter().map(|row| row.weight).sum();
    let mut matrix_adam = Adam::new(model.rows.len());
    let mut shared_adam = Adam::new(N_SHARED);
    let n_vector = model.header.dim * width;
    for step in 0..settings.n_steps {
        let mut gradient = vec![0.0_f32; model.rows.len()];
        let mut shared = [0.0_f32; N_SHARED];
        for row in rows {
            let scores = model.scores(&row.features);
            let mut off: Vec<f32> = rank::softmax(&scores).into_iter().map(|share| share as f32).collect();
            for &(class, share) in &row.truth {
                off[class] -= share;
            }
            let scale = row.weight / total;
            for &(at, value) in &row.features.rows {
                let start = at as usize * width;
                for (sum, &own) in gradient[start..start + width].iter_mut().zip(&off) {
                    *sum += own * value * scale;
                }
            }
            for &(class, at, value) in &row.features.shared {
                shared[at as usize] += off[class as usize] * value * scale;
            }
        }
        for (at, (sum, &weight)) in gradient.iter_mut().zip(&model.rows).enumerate() {
            *sum += weight * if at < n_vector { settings.vector_penalty } else { settings.word_penalty };
        }
        for (sum, &weight) in shared.iter_mut().zip(&model.header.shared) {
            *sum += weight * settings.shared_penalty;
        }
        let rate = settings.rate * (1.0 - step as f32 / settings.n_steps as f32);
        matrix_adam.step(&mut model.rows, &gradient, rate);
        let mut weights = model.header.shared;
        shared_adam.step(&mut weights, &shared, rate);
        model.header.shared = weights;
    }
}

/// Weights of the object model: the marked phrase against the other candidates of its sentence.
fn object_weights(examples: &[(Example, f32)], readings: &[Option<Reading>]) -> Vec<f32> {
    const PENALTY: f32 = 2e-3;
    let mut choices: Vec<(Vec<Candidate>, usize)> = Vec::new();
    for ((example, _), reading) in examples.iter().zip(readings) {
        let (Some(reading), Some(wanted)) = (reading, &example.object) else { continue };
        let candidates = object::candidates(&example.text, reading, Language::En);
        let overlap = |candidate: &Candidate| {
            let shared = candidate.range.end.min(wanted.end).saturating_sub(candidate.range.start.max(wanted.start));
            2.0 * shared as f32 / (candidate.range.len() + wanted.len()) as f32
        };
        let best = (0..candidates.len())
            .max_by(|&a, &b| overlap(&candidates[a]).total_cmp(&overlap(&candidates[b])).then(b.cmp(&a)));
        if let Some(best) = best
            && candidates.len() > 1
            && overlap(&candidates[best]) >= 0.5
        {
            choices.push((candidates, best));
        }
    }
    let mut weights = vec![0.0_f32; N_FEATURES];
    let mut adam = Adam::new(N_FEATURES);
    for _ in 0..400 {
        let mut gradient: Vec<f32> = weights.iter().map(|weight| weight * PENALTY).collect();
        for (candidates, best) in &choices {
            let scores: Vec<f32> = candidates.iter().map(|candidate| object::score(candidate, &weights)).collect();
            for (at, share) in rank::softmax(&scores).into_iter().enumerate() {
                let off = (share as f32 - if at == *best { 1.0 } else { 0.0 }) / choices.len() as f32;
                for (sum, &value) in gradient.iter_mut().zip(&candidates[at].features) {
                    *sum += off * value;
                }
            }
        }
        adam.step(&mut weights, &gradient, 0.05);
    }
    weights
}

/// How well examples are read by models that have not seen them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Held {
    /// Examples with a frame.
    pub n: usize,
    /// Of these, the share whose kind is right.
    pub kind: f64,
    /// Of these, the share that got no answer.
    pub abstained: f64,
    /// Of the answered, the share with an acceptable frame.
    pub frame: f64,
    /// Of the answered with a marked object, the share with half of its letters right.
    pub object: f64,
    /// Of examples without a frame, the share that were answered.
    pub answered_where_none: f64,
}

/// Fits `n_folds` times, each time leaving out every `n_folds`th example and reading it.
pub fn cross_validate(examples: &[(Example, f32)], settings: &Settings, n_folds: usize) -> Held {
    let (mut n, mut n_none, mut kind, mut answered, mut frame, mut n_object, mut object, mut wrong) =
        (0, 0, 0, 0, 0, 0, 0, 0);
    for fold in 0..n_folds {
        let part = |inside: bool| {
            let chosen = examples.iter().enumerate().filter(move |(at, _)| (at % n_folds == fold) == inside);
            chosen.map(|(_, example)| example.clone()).collect::<Vec<_>>()
        };
        let model = model(&part(false), settings);
        for (example, _) in part(true) {
            let got = understand::with_model(&[example.text.as_str()], &model).pop();
            let Some(got) = got else { continue };
            let need = got.needs.first();
            if example.frames.is_empty() {
                n_none += 1;
                wrong += usize::from(need.is_some());
                continue;
            }
            n += 1;
            kind += usize::from(got.kind == example.kind);
            let Some(need) = need else { continue };
            answered += 1;
            frame += usize::from(example.frames.contains(&need.frame));
            if let Some(wanted) = &example.object {
                n_object += 1;
                let wanted = example.text[wanted.clone()].to_lowercase();
                object += usize::from(need.object.as_ref().is_some_and(|object| {
                    let common = if wanted.contains(object.as_str()) {
                        object.len()
                    } else if object.contains(&wanted) {
                        wanted.len()
                    } else {
                        0
                    };
                    2 * common * 2 >= wanted.len() + object.len()
                }));
            }
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    Held {
        n,
        kind: share(kind, n),
        abstained: share(n - answered, n),
        frame: share(frame, answered),
        object: share(object, n_object),
        answered_where_none: share(wrong, n_none),
    }
}
