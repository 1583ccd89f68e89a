//! The layers of the network: word pieces in, one row of numbers for each out.
//!
//! In: the ids of one or more texts. Out: their rows, end to end in the order of the texts.
//! Each layer lets every piece look at all pieces of its text (attention), then changes each row by itself (two products
//! with an activation between); what came in is added to what comes out, and the sum is normalised.
//! Cost: see [`super::product`]; attention grows with the square of a text's length, the rest with the length.

use super::product::{Panels, Rows, add_and_norm, gelu, multiply, soft_max};
use super::weights::Weights;
use super::{Config, EncoderError};

/// A product with learned weights and a bias.
#[derive(Debug)]
struct Linear {
    panels: Panels,
    bias: Vec<f32>,
}

/// Learned gain and bias of a normalisation.
#[derive(Debug)]
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

#[derive(Debug)]
struct Layer {
    /// Query, key and value of each piece, side by side.
    attend: Linear,
    gather: Linear,
    gather_norm: Norm,
    widen: Linear,
    narrow: Linear,
    narrow_norm: Norm,
}

/// All learned numbers.
#[derive(Debug)]
pub(super) struct Network {
    dim: usize,
    n_heads: usize,
    n_wide: usize,
    /// One row a word piece.
    pieces: Vec<f32>,
    /// One row a position, the row of the only sentence type already added.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// Room to compute in, kept from one batch to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    rows: Vec<f32>,
    attended: Vec<f32>,
    gathered: Vec<f32>,
    widened: Vec<f32>,
    changed: Vec<f32>,
    shares: Vec<f32>,
    keys: Panels,
    values: Panels,
}

impl Network {
    /// Takes the arrays of a BERT model from its weights.
    pub(super) fn read(weights: &Weights<'_>, config: &Config) -> Result<Self, EncoderError> {
        let (dim, n_wide) = (config.hidden_size, config.intermediate_size);
        let pieces = weights.array("embeddings.word_embeddings.weight", &[config.vocab_size, dim])?;
        let mut positions =
            weights.array("embeddings.position_embeddings.weight", &[config.max_position_embeddings, dim])?;
        let types = weights.array("embeddings.token_type_embeddings.weight", &[config.type_vocab_size, dim])?;
        for row in positions.chunks_exact_mut(dim) {
            row.iter_mut().zip(&types[..dim]).for_each(|(x, only)| *x += only);
        }
        let norm = |name: &str| {
            Ok::<_, EncoderError>(Norm {
                gain: weights.array(&format!("{name}.weight"), &[dim])?,
                bias: weights.array(&format!("{name}.bias"), &[dim])?,
                epsilon: config.layer_norm_eps,
            })
        };
        let layers = (0..config.num_hidden_layers).map(|index| {
            let name = |part: &str| format!("encoder.layer.{index}.{part}");
            let linear = |parts: &[&str], n_out, n_in| {
                let (mut matrix, mut bias) = (Vec::new(), Vec::new());
                for part in parts {
                    matrix.extend(weights.array(&name(&format!("{part}.weight")), &[n_out, n_in])?);
                    bias.extend(weights.array(&name(&format!("{part}.bias")), &[n_out])?);
                }
                let rows = Rows { data: &matrix, count: bias.len(), width: n_in, stride: n_in };
                Ok::<_, EncoderError>(Linear { panels: Panels::transposed(rows), bias })
            };
            let attend = ["attention.self.query", "attention.self.key", "attention.self.value"];
            Ok(Layer {
                attend: linear(&attend, dim, dim)?,
                gather: linear(&["attention.output.dense"], dim, dim)?,
                gather_norm: norm(&name("attention.output.LayerNorm"))?,
                widen: linear(&["intermediate.dense"], n_wide, dim)?,
                narrow: linear(&["output.dense"], dim, n_wide)?,
                narrow_norm: norm(&name("output.LayerNorm"))?,
            })
        });
        let layers = layers.collect::<Result<_, EncoderError>>()?;
        let norm = norm("embeddings.LayerNorm")?;
        Ok(Self { dim, n_heads: config.num_attention_heads, n_wide, pieces, positions, norm, layers })
    }

    pub(super) fn dim(&self) -> usize {
        self.dim
    }

    /// The last layer's rows of texts laid end to end. Ids are below the vocabulary's size and no text is longer than
    /// there are positions.
    pub(super) fn forward<'s>(&self, texts: &[Vec<u32>], scratch: &'s mut Scratch) -> &'s [f32] {
        let n_rows: usize = texts.iter().map(Vec::len).sum();
        let dim = self.dim;
        let Scratch { rows, attended, gathered, widened, changed, shares, keys, values } = scratch;
        rows.clear();
        changed.clear();
        for ids in texts {
            changed.extend_from_slice(&self.positions[..ids.len() * dim]);
            for &id in ids {
                rows.extend_from_slice(&self.pieces[id as usize * dim..(id as usize + 1) * dim]);
            }
        }
        self.norm.add(rows, changed);
        attended.resize(n_rows * 3 * dim, 0.0);
        gathered.resize(n_rows * dim, 0.0);
        widened.resize(n_rows * self.n_wide, 0.0);
        for layer in &self.layers {
            layer.attend.apply(rows, attended);
            let mut first = 0;
            for ids in texts {
                let (from, to) = (first * dim, (first + ids.len()) * dim);
                self.attend(&attended[3 * from..3 * to], &mut gathered[from..to], shares, keys, values);
                first += ids.len();
            }
            layer.gather.apply(gathered, changed);
            layer.gather_norm.add(rows, changed);
            layer.widen.apply(rows, widened);
            gelu(widened);
            layer.narrow.apply(widened, changed);
            layer.narrow_norm.add(rows, changed);
        }
        rows
    }

    /// One text's attention: for each head, each piece's mixture of all values, by how well keys answer its query.
    fn attend(
        &self,
        attended: &[f32],
        gathered: &mut [f32],
        shares: &mut Vec<f32>,
        keys: &mut Panels,
        values: &mut Panels,
    ) {
        let (dim, width) = (self.dim, self.dim / self.n_heads);
        let (n_rows, stride) = (gathered.len() / dim, 3 * dim);
        shares.resize(n_rows * n_rows, 0.0);
        for first in (0..dim).step_by(width) {
            let query = Rows { data: &attended[first..], count: n_rows, width, stride };
            let key = &attended[dim + first..];
            let value = &attended[2 * dim + first..];
            keys.fill(width, n_rows, |inner, row| key[row * stride + inner]);
            values.fill(n_rows, width, |row, column| value[row * stride + column]);
            multiply(query, keys, &[], shares, n_rows);
            soft_max(shares, n_rows, 1.0 / (width as f32).sqrt());
            let shares = Rows { data: shares, count: n_rows, width: n_rows, stride: n_rows };
            multiply(shares, values, &[], &mut gathered[first..], dim);
        }
    }
}

impl Linear {
    fn apply(&self, rows: &[f32], out: &mut [f32]) {
        let n_out = self.bias.len();
        let n_rows = out.len() / n_out;
        let width = rows.len() / n_rows;
        multiply(Rows { data: rows, count: n_rows, width, stride: width }, &self.panels, &self.bias, out, n_out);
    }
}

impl Norm {
    fn add(&self, rows: &mut [f32], addend: &[f32]) {
        add_and_norm(rows, addend, &self.gain, &self.bias, self.epsilon);
    }
}
