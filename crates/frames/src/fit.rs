//! Fits the weights of the gate, of the ranker and of the object model to the example sentences.
//!
//! All are log-linear models with squared penalties, fitted in small batches (Adam, Kingma and Ba 2015) in a fixed order
//! from zero, so the same examples give the same file. Examples are also fitted in other dress: typed carelessly, after a
//! word of praise, about another thing. What is answered, and how sure it is, is fitted to readings by models that have
//! not seen the text: every example is read by one fitted to four fifths of the others. `examples/fit.rs` runs it.

use crate::clause::{self, Opened, Reading};
use crate::example::Example;
use crate::frame::Frames;
use crate::kind::{self, KINDS};
use crate::linear::{Linear, Present, softmax};
use crate::object::{self, Candidate, N_FEATURES};
use crate::rank::{self, Features, Header, Model, N_SHARED};
use crate::{gate, pack, understand};
use rayon::prelude::*;
use std::collections::BTreeMap;
use throughline_model::need::Understood;
use throughline_model::{Kind, Language};
use throughline_text::embed::Table;

/// How the fit is done. Chosen by five-fold cross-validation over the examples (`--check`), in round numbers.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Times every example is looked at.
    pub n_epochs: usize,
    /// Examples a step looks at.
    pub batch: usize,
    /// Step size at the start; it falls to zero.
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
    /// What an example in other dress counts, against one as written.
    pub dressed_weight: f32,
    /// Examples a name must stand in to get a row in the object model.
    pub least_examples_of_object: usize,
    /// Penalty on the features of the object model, and on its names.
    pub object_penalty: f32,
    /// See above.
    pub object_name_penalty: f32,
    /// Times the object model looks at all choices.
    pub n_object_epochs: usize,
    /// Parts that the examples are cut into for calibration.
    pub n_folds: usize,
    /// Share of the needs that may stay unanswered: the threshold is the certainty that keeps it.
    pub most_abstained: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            n_epochs: 20,
            batch: 128,
            rate: 0.02,
            vector_penalty: 3e-5,
            word_penalty: 3e-5,
            shared_penalty: 1e-4,
            least_examples: 2,
            first_share: 0.6,
            dressed_weight: 0.15,
            least_examples_of_object: 2,
            object_penalty: 2e-3,
            object_name_penalty: 5e-4,
            n_object_epochs: 200,
            n_folds: 5,
            most_abstained: 0.18,
        }
    }
}

/// Fits everything; the file to put at `data/ranker.bin`.
pub fn fit(examples: &[Example], settings: &Settings) -> Vec<u8> {
    model(examples, settings).to_bytes()
}

/// What a freshly fitted model reads in `texts`, in order: for trying data and settings out.
pub fn fit_and_read(examples: &[Example], settings: &Settings, texts: &[&str]) -> Vec<Understood> {
    understand::with_model(texts, &model(examples, settings))
}

fn model(examples: &[Example], settings: &Settings) -> Model {
    let drafts = drafts(examples, settings);
    let mut model = train(&drafts, settings);
    let held = held_out(examples, &drafts, settings);
    calibrate(&mut model.header, &held, settings);
    model
}

/// An example opened, as written or in other dress.
#[derive(Debug, Clone)]
struct Draft {
    /// Position of the example.
    of: usize,
    example: Example,
    weight: f32,
    opened: Opened,
    vector: Vec<f32>,
}

fn drafts(examples: &[Example], settings: &Settings) -> Vec<Draft> {
    let Some(pack) = pack::of(Language::En) else {
        return Vec::new();
    };
    let table = Table::builtin();
    let mut dressed: Vec<(usize, Example, f32)> = Vec::new();
    for (of, example) in examples.iter().enumerate() {
        dressed.push((of, example.clone(), 1.0));
        if settings.dressed_weight > 0.0 {
            let others = [careless(example), after_praise(example, examples, of), of_another(example, examples, of)];
            dressed.extend(others.into_iter().flatten().map(|other| (of, other, settings.dressed_weight)));
        }
    }
    dressed
        .into_par_iter()
        .map(|(of, example, weight)| {
            let opened = clause::open(&example.text, Language::En, pack);
            let vector = table.embed(&example.text[gate::gist(&opened)]);
            Draft { of, example, weight, opened, vector }
        })
        .collect()
}

/// Typed in a hurry: lower case, no apostrophes, no marks at ends of sentences.
fn careless(example: &Example) -> Option<Example> {
    let mut text = String::new();
    let mut object = example.object.clone();
    for (at, c) in example.text.char_indices() {
        let is_dropped = matches!(c, '\'' | '’' | '.' | '!' | '?' | ',')
            && !example.text[at + c.len_utf8()..].starts_with(char::is_alphanumeric)
            || matches!(c, '\'' | '’');
        if let (Some(own), Some(new)) = (&example.object, &mut object) {
            if at == own.start {
                new.start = text.len();
            }
            if at == own.end {
                new.end = text.len();
            }
        }
        if !is_dropped {
            text.extend(c.to_lowercase());
        }
    }
    if example.object.as_ref().is_some_and(|own| own.end == example.text.len())
        && let Some(new) = &mut object
    {
        new.end = text.len();
    }
    (text != example.text).then(|| Example { text, object, ..example.clone() })
}

/// A need after a sentence of praise: what is praised is not what is asked for.
fn after_praise(example: &Example, examples: &[Example], at: usize) -> Option<Example> {
    if !rank::is_asking(example.kind) || example.text.contains('\n') || at % 2 == 1 {
        return None;
    }
    let praise: Vec<&Example> =
        examples.iter().filter(|other| other.kind == Kind::Praise && other.text.len() < 60).collect();
    let other = praise.get((at * 7 + 3) % praise.len().max(1))?;
    let join = if other.text.ends_with(['.', '!', '?']) { " " } else { ". " };
    let shift = other.text.len() + join.len();
    let object = example.object.as_ref().map(|object| object.start + shift..object.end + shift);
    Some(Example { text: format!("{}{join}{}", other.text, example.text), object, ..example.clone() })
}

/// The same said of the thing of another example: most frames do not depend on it.
fn of_another(example: &Example, examples: &[Example], at: usize) -> Option<Example> {
    let own = example.object.clone()?;
    let other = &examples[(at * 31 + 17) % examples.len()];
    let thing = &other.text[other.object.clone()?];
    let text = format!("{}{thing}{}", &example.text[..own.start], &example.text[own.end..]);
    let object = Some(own.start..own.start + thing.len());
    Some(Example { text, object, ..example.clone() })
}

/// One row of what is seen, and the truth.
struct Row {
    features: Features,
    truth: Vec<(usize, f32)>,
    weight: f32,
}

/// Fits all weights but the calibration.
fn train(drafts: &[Draft], settings: &Settings) -> Model {
    let frames = Frames::builtin();
    let table = Table::builtin();
    let Some(pack) = pack::of(Language::En) else {
        return Model::default();
    };
    let mut header = Header {
        frames: frames.iter().map(|frame| frame.id.clone()).collect(),
        embedding: table.model_id().to_owned(),
        dim: table.dim(),
        kind_keys: names(drafts, settings, |draft| gate::keys(&draft.opened, pack, true)),
        plain_kind_keys: names(drafts, settings, |draft| gate::keys(&draft.opened, pack, false)),
        calibration: [1.0, 0.0, 0.0],
        ..Header::default()
    };
    // Readings follow the kind that a model gives which has not seen the text, as they will later.
    let kinds = held_kinds(drafts, &header, settings);
    let readings: Vec<Reading> = drafts
        .iter()
        .zip(&kinds)
        .map(|(draft, kind)| clause::close(&draft.example.text, draft.opened.clone(), *kind, 1.0, pack, Language::En))
        .collect();
    header.frame_keys = {
        let keys: Vec<Vec<String>> = readings.iter().map(|reading| rank::keys(reading, Language::En)).collect();
        let mut at = 0;
        names(drafts, settings, |_| {
            at += 1;
            keys[at - 1].clone()
        })
    };
    let choices = choices(drafts, &readings);
    header.object_keys = object_keys(&choices, settings);
    let mut model = Model::new(header);
    object_weights(&mut model.object, &choices, settings);
    let all: Vec<usize> = (0..drafts.len()).collect();
    model.kind = kind_weights(drafts, &all, &model.header, true, settings);
    model.plain_kind = kind_weights(drafts, &all, &model.header, false, settings);
    let none = model.header.frames.len();
    let mut rows = Vec::with_capacity(drafts.len());
    for (draft, reading) in drafts.iter().zip(&readings) {
        let vector = table.embed(rank::gist(&draft.example.text, reading));
        let features = rank::features(reading, Language::En, &vector, frames, &model.frame);
        let classes: Vec<usize> = draft.example.frames.iter().filter_map(|frame| frames.position(frame)).collect();
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
        rows.push(Row { features, truth, weight: draft.weight });
    }
    let mut shared = model.header.shared;
    let n_vector = model.header.dim;
    descend(&mut model.frame, &mut shared, n_vector, &rows, settings);
    model.header.shared = shared;
    model
}

/// Names that stand in enough examples as written.
fn names(drafts: &[Draft], settings: &Settings, mut keys: impl FnMut(&Draft) -> Vec<String>) -> Vec<String> {
    let mut n_with: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts {
        let own = keys(draft);
        if draft.weight >= 1.0 {
            for key in own {
                *n_with.entry(key).or_default() += 1;
            }
        }
    }
    n_with.into_iter().filter(|&(_, n)| n >= settings.least_examples).map(|(key, _)| key).collect()
}

/// Weights of the gate fitted to the drafts at `chosen`.
fn kind_weights(drafts: &[Draft], chosen: &[usize], header: &Header, with_words: bool, settings: &Settings) -> Linear {
    let keys = if with_words { &header.kind_keys } else { &header.plain_kind_keys };
    let mut model = Linear::new(KINDS.len(), gate::n_numbered(header.dim), keys.clone());
    let rows: Vec<Row> = chosen
        .iter()
        .map(|&at| {
            let draft = &drafts[at];
            Row {
                features: Features { rows: kind_rows(draft, &model, with_words), shared: Vec::new() },
                truth: vec![(kind::slot(draft.example.kind), 1.0)],
                weight: draft.weight,
            }
        })
        .collect();
    descend(&mut model, &mut [0.0; N_SHARED], header.dim, &rows, settings);
    model
}

fn kind_rows(draft: &Draft, model: &Linear, with_words: bool) -> Vec<Present> {
    pack::of(Language::En).map_or_else(Vec::new, |pack| {
        let vector = with_words.then_some(draft.vector.as_slice());
        gate::present(&draft.example.text, &draft.opened, vector, pack, model)
    })
}

/// The kind of each draft as told by weights fitted without its example.
fn held_kinds(drafts: &[Draft], header: &Header, settings: &Settings) -> Vec<Kind> {
    let mut kinds = vec![Kind::Other; drafts.len()];
    for fold in 0..settings.n_folds {
        let is_held = |at: &usize| drafts[*at].of % settings.n_folds == fold;
        let (held, chosen): (Vec<usize>, Vec<usize>) = (0..drafts.len()).partition(is_held);
        let model = kind_weights(drafts, &chosen, header, true, settings);
        for at in held {
            let shares = gate::shares(&model, &kind_rows(&drafts[at], &model, true));
            kinds[at] = understand::surest(&shares).0;
            // A need that is taken for none is not read at all later: here its frame can be learned all the same.
            if rank::is_asking(drafts[at].example.kind) && !rank::is_asking(kinds[at]) {
                kinds[at] = drafts[at].example.kind;
            }
        }
    }
    kinds
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
        let weights = weights.iter_mut().zip(gradient).zip(self.mean.iter_mut().zip(&mut self.square));
        for ((weight, &g), (mean, square)) in weights {
            *mean = 0.9 * *mean + 0.1 * g;
            *square = 0.999 * *square + 0.001 * g * g;
            *weight -= rate * (*mean / mean_scale) / ((*square / square_scale).sqrt() + 1e-8);
        }
    }
}

fn descend(model: &mut Linear, shared: &mut [f32; N_SHARED], n_vector: usize, rows: &[Row], settings: &Settings) {
    if rows.is_empty() {
        return;
    }
    let width = model.n_classes;
    let n_vector = n_vector * width;
    let mean_weight = rows.iter().map(|row| row.weight).sum::<f32>() / rows.len() as f32;
    let mut matrix_adam = Adam::new(model.rows.len());
    let mut shared_adam = Adam::new(N_SHARED);
    let mut gradient = vec![0.0_f32; model.rows.len()];
    // A stride without a common factor visits every row once, far from its neighbours.
    let stride = (rows.len() / 2 + 1..rows.len()).find(|&stride| gcd(stride, rows.len()) == 1).unwrap_or(1);
    let order: Vec<usize> = (0..rows.len()).map(|at| at * stride % rows.len()).collect();
    let n_steps = settings.n_epochs * order.len().div_ceil(settings.batch);
    let mut step = 0;
    for _ in 0..settings.n_epochs {
        for batch in order.chunks(settings.batch) {
            gradient.fill(0.0);
            let mut shared_gradient = [0.0_f32; N_SHARED];
            for row in batch.iter().map(|&at| &rows[at]) {
                let mut scores = vec![0.0_f32; width];
                model.add_scores(&row.features.rows, &mut scores);
                for &(class, at, value) in &row.features.shared {
                    scores[class as usize] += shared[at as usize] * value;
                }
                let mut off: Vec<f32> = softmax(&scores).into_iter().map(|share| share as f32).collect();
                for &(class, share) in &row.truth {
                    off[class] -= share;
                }
                let scale = row.weight / mean_weight / batch.len() as f32;
                for &(at, value) in &row.features.rows {
                    let start = at as usize * width;
                    for (sum, &own) in gradient[start..start + width].iter_mut().zip(&off) {
                        *sum += own * value * scale;
                    }
                }
                for &(class, at, value) in &row.features.shared {
                    shared_gradient[at as usize] += off[class as usize] * value * scale;
                }
            }
            for (at, (sum, &weight)) in gradient.iter_mut().zip(&model.rows).enumerate() {
                *sum += weight * if at < n_vector { settings.vector_penalty } else { settings.word_penalty };
            }
            for (sum, &weight) in shared_gradient.iter_mut().zip(&*shared) {
                *sum += weight * settings.shared_penalty;
            }
            let rate = settings.rate * (1.0 - step as f32 / n_steps as f32);
            matrix_adam.step(&mut model.rows, &gradient, rate);
            shared_adam.step(shared, &shared_gradient, rate);
            step += 1;
        }
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The nouns of an example, and the one that is marked.
struct Choice {
    candidates: Vec<Candidate>,
    marked: usize,
    weight: f32,
}

/// The choices that the examples show. A frame is right about four times in five when texts are read, so every example is
/// also shown without its frame.
fn choices(drafts: &[Draft], readings: &[Reading]) -> Vec<Choice> {
    let mut choices = Vec::new();
    for (draft, reading) in drafts.iter().zip(readings) {
        let Some(wanted) = &draft.example.object else { continue };
        let frame = draft.example.frames.first().and_then(|frame| Frames::builtin().get(frame));
        for frame in [frame, None] {
            let candidates = object::candidates(&draft.example.text, reading, frame, Language::En);
            let overlap = |candidate: &Candidate| {
                let shared =
                    candidate.range.end.min(wanted.end).saturating_sub(candidate.range.start.max(wanted.start));
                2.0 * shared as f32 / (candidate.range.len() + wanted.len()) as f32
            };
            let best = (0..candidates.len())
                .max_by(|&a, &b| overlap(&candidates[a]).total_cmp(&overlap(&candidates[b])).then(b.cmp(&a)));
            if let Some(marked) = best
                && candidates.len() > 1
                && overlap(&candidates[marked]) >= 0.5
            {
                choices.push(Choice { candidates, marked, weight: draft.weight });
            }
        }
    }
    choices
}

/// Names that stand in enough examples as written.
fn object_keys(choices: &[Choice], settings: &Settings) -> Vec<String> {
    let mut n_with: BTreeMap<&str, usize> = BTreeMap::new();
    for choice in choices.iter().filter(|choice| choice.weight >= 1.0) {
        let mut own: Vec<&str> =
            choice.candidates.iter().flat_map(|candidate| candidate.keys.iter().map(String::as_str)).collect();
        own.sort_unstable();
        own.dedup();
        for key in own {
            *n_with.entry(key).or_default() += 1;
        }
    }
    let enough = settings.least_examples_of_object;
    n_with.into_iter().filter(|&(_, n)| n >= enough).map(|(key, _)| key.to_owned()).collect()
}

/// Weights of the object model: the marked phrase against the other candidates.
fn object_weights(model: &mut Linear, choices: &[Choice], settings: &Settings) {
    let rows: Vec<(Vec<Vec<Present>>, usize, f32)> = choices
        .iter()
        .map(|choice| {
            let present = choice.candidates.iter().map(|candidate| object::present(candidate, model)).collect();
            (present, choice.marked, choice.weight)
        })
        .collect();
    let all: f32 = rows.iter().map(|(.., weight)| weight).sum();
    let mut adam = Adam::new(model.rows.len());
    for epoch in 0..settings.n_object_epochs {
        let mut gradient: Vec<f32> = model
            .rows
            .iter()
            .enumerate()
            .map(|(at, weight)| {
                weight * if at < N_FEATURES { settings.object_penalty } else { settings.object_name_penalty }
            })
            .collect();
        for (candidates, marked, weight) in &rows {
            let scores: Vec<f32> = candidates
                .iter()
                .map(|present| present.iter().map(|&(at, value)| model.rows[at as usize] * value).sum())
                .collect();
            for (at, share) in softmax(&scores).into_iter().enumerate() {
                let off = weight * (share as f32 - if at == *marked { 1.0 } else { 0.0 }) / all;
                for &(row, value) in &candidates[at] {
                    gradient[row as usize] += off * value;
                }
            }
        }
        let rate = 0.05 * (1.0 - epoch as f32 / settings.n_object_epochs as f32);
        adam.step(&mut model.rows, &gradient, rate);
    }
}

/// An example read by a model that has not seen it.
#[derive(Debug, Clone)]
struct HeldOut {
    has_need: bool,
    kind_right: bool,
    /// Log odds of the best frame and of there being a need, where the text is taken for one.
    odds: Option<[f64; 2]>,
    frame_right: bool,
    /// Whether the object is right, where one is marked.
    object_right: Option<bool>,
}

/// Reads each example with a model fitted to the other folds; nothing is held back for being unsure.
fn held_out(examples: &[Example], drafts: &[Draft], settings: &Settings) -> Vec<HeldOut> {
    let by_example: BTreeMap<usize, HeldOut> = (0..settings.n_folds)
        .into_par_iter()
        .flat_map_iter(|fold| {
            let seen: Vec<Draft> = drafts.iter().filter(|draft| draft.of % settings.n_folds != fold).cloned().collect();
            let model = train(&seen, settings);
            let held: Vec<usize> = (0..examples.len()).filter(|at| at % settings.n_folds == fold).collect();
            let texts: Vec<&str> = held.iter().map(|&at| examples[at].text.as_str()).collect();
            let read = understand::frankly(&texts, &model);
            held.into_iter()
                .zip(read)
                .map(|(at, (read, odds))| (at, compare(&examples[at], &read, odds)))
                .collect::<Vec<_>>()
        })
        .collect();
    by_example.into_values().collect()
}

fn compare(example: &Example, read: &Understood, odds: Option<[f64; 2]>) -> HeldOut {
    let need = read.needs.first();
    let object = example.object.clone().map(|object| example.text[object].to_lowercase());
    HeldOut {
        has_need: !example.frames.is_empty(),
        kind_right: read.kind == example.kind,
        odds: need.and(odds),
        frame_right: need.is_some_and(|need| example.frames.contains(&need.frame)),
        object_right: need
            .zip(object)
            .map(|(need, wanted)| is_same_object(need.object.as_deref().unwrap_or_default(), &wanted)),
    }
}

/// Words that two names of one thing need not share.
const UNCOUNTED: &[&str] = &["the", "a", "an", "my", "our", "your", "of", "to", "in", "on", "for", "this", "that"];

/// Whether two names share at least half of their words (F1, articles and prepositions aside) and the first is no
/// sentence.
pub fn is_same_object(got: &str, wanted: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let lower = name.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty() && !UNCOUNTED.contains(word)).map(str::to_owned).collect()
    };
    let is_name = got.split_whitespace().count() <= 6;
    let (got, mut wanted) = (words(got), words(wanted));
    let n = got.len() + wanted.len();
    let mut shared = 0;
    for word in &got {
        if let Some(at) = wanted.iter().position(|other| other == word) {
            wanted.swap_remove(at);
            shared += 1;
        }
    }
    shared > 0 && is_name && 4 * shared >= n
}

/// Fits what turns odds into certainty, and sets the threshold so that no more needs than wanted stay unanswered.
fn calibrate(header: &mut Header, held: &[HeldOut], settings: &Settings) {
    let mut weights = vec![1.0_f32, 0.5, 0.0];
    let mut adam = Adam::new(weights.len());
    let seen: Vec<([f32; 3], f32)> = held
        .iter()
        .filter_map(|held| {
            let [frame, need] = held.odds?;
            Some(([frame as f32, need as f32, 1.0], if held.has_need && held.frame_right { 1.0 } else { 0.0 }))
        })
        .collect();
    for _ in 0..2000 {
        let mut gradient = vec![0.0_f32; weights.len()];
        for (values, truth) in &seen {
            let odds: f32 = values.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let off = 1.0 / (1.0 + libm::expf(-odds)) - truth;
            for (sum, value) in gradient.iter_mut().zip(values) {
                *sum += off * value / seen.len() as f32;
            }
        }
        adam.step(&mut weights, &gradient, 0.01);
    }
    // Slopes below zero would turn the order round.
    header.calibration = [0, 1, 2].map(|at| {
        let weight = f64::from(weights[at]);
        let rounded = (weight * 1e3).round() / 1e3;
        if at < 2 { rounded.max(0.0) } else { rounded }
    });
    let mut certain: Vec<f64> = held
        .iter()
        .filter(|held| held.has_need)
        .map(|held| held.odds.map_or(0.0, |odds| rank::certainty(header.calibration, odds)))
        .collect();
    certain.sort_by(f64::total_cmp);
    let at = (settings.most_abstained * certain.len() as f64) as usize;
    header.threshold = certain.get(at).map_or(0.0, |certain| (certain * 1e3).floor() / 1e3);
}

/// How well examples are read by models that have not seen them, above the threshold that this gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Held {
    /// Examples.
    pub n: usize,
    /// Of these, the share whose kind is right.
    pub kind: f64,
    /// Of those with a frame, the share that got no answer.
    pub abstained: f64,
    /// Of the answered, the share with an acceptable frame.
    pub frame: f64,
    /// Of the answered with a marked object, the share with at least half of its words right.
    pub object: f64,
    /// Of examples without a frame, the share that were answered.
    pub answered_where_none: f64,
    /// Slopes and offset of the certainty, and the threshold.
    pub calibration: [f64; 3],
    /// See above.
    pub threshold: f64,
    /// For each tenth of certainty: from where, how many answers, the share of them that is right.
    pub by_certainty: Vec<(f64, usize, f64)>,
}

/// Reads every example with a model fitted to four fifths of the others, and tells how well.
pub fn cross_validate(examples: &[Example], settings: &Settings) -> Held {
    let held = held_out(examples, &drafts(examples, settings), settings);
    let mut header = Header::default();
    calibrate(&mut header, &held, settings);
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let certainty = |held: &HeldOut| held.odds.map(|odds| rank::certainty(header.calibration, odds));
    let answered: Vec<&HeldOut> =
        held.iter().filter(|held| certainty(held).is_some_and(|sure| sure >= header.threshold)).collect();
    let n_needs = held.iter().filter(|held| held.has_need).count();
    let needs: Vec<&HeldOut> = answered.iter().copied().filter(|held| held.has_need).collect();
    let objects: Vec<bool> = needs.iter().filter_map(|held| held.object_right).collect();
    let by_certainty = (0..10)
        .filter_map(|tenth| {
            let from = f64::from(tenth) / 10.0;
            let inside: Vec<bool> = held
                .iter()
                .filter(|held| certainty(held).is_some_and(|sure| sure >= from && sure < from + 0.1))
                .map(|held| held.has_need && held.frame_right)
                .collect();
            let right = inside.iter().filter(|right| **right).count();
            (!inside.is_empty()).then(|| (from, inside.len(), share(right, inside.len())))
        })
        .collect();
    Held {
        n: held.len(),
        kind: share(held.iter().filter(|held| held.kind_right).count(), held.len()),
        abstained: share(n_needs - needs.len(), n_needs),
        frame: share(needs.iter().filter(|held| held.frame_right).count(), needs.len()),
        object: share(objects.iter().filter(|right| **right).count(), objects.len()),
        answered_where_none: share(answered.len() - needs.len(), held.len() - n_needs),
        calibration: header.calibration,
        threshold: header.threshold,
        by_certainty,
    }
}
