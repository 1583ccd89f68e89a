//! Sentence vectors from an encoder that people bring: the forward pass of a BERT-type sentence transformer.
//!
//! In: the files of a model folder as published ([`FILES`]), then texts. Out: a unit vector of [`Encoder::dim`] values a
//! text. Word pieces past the model's limit are not read.
//! 1. [`crate::wordpiece`] cuts a text; `[CLS]` and `[SEP]` stand around it, `[UNK]` for words that cannot be cut.
//! 2. Several texts are laid end to end, so that one matrix product serves them all and nothing is padded; only
//!    attention looks at each text by itself.
//! 3. The last layer's rows are averaged (or the first is taken, where the model says so) and scaled to length 1.
//!
//! Cost: 2 floating-point operations per weight of the layers and word piece; all-MiniLM-L6-v2 takes about 6 ms of one
//! core for twenty words. `examples/encoder` measures it.
//! Invariant: the vector of a text is the same, bit by bit, whatever other texts are encoded with it, on any number of
//! threads and on any machine: every sum has a fixed order, every multiply-add is rounded once.
//! Source: Vaswani et al. 2017 (attention); Devlin et al. 2019 (BERT); Reimers and Gurevych 2019 (mean pooling).

mod network;
mod product;
mod weights;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use rayon::prelude::*;
use serde::Deserialize;

use crate::embed::normalise;
use crate::matrix::Matrix;
use crate::wordpiece::{Splitter, Vocabulary};
use network::{Network, Scratch};
use weights::Weights;

/// Files of a model folder that are read, with `/` between folder and name. The configuration, the weights and one of
/// the two vocabularies must be there; the others change defaults.
pub const FILES: [&str; 7] =
    [CONFIG, WEIGHTS, VOCABULARY, TOKENIZER, "tokenizer_config.json", "sentence_bert_config.json", POOLING];
const CONFIG: &str = "config.json";
const WEIGHTS: &str = "model.safetensors";
const VOCABULARY: &str = "vocab.txt";
const TOKENIZER: &str = "tokenizer.json";
const POOLING: &str = "1_Pooling/config.json";

/// Word pieces of texts that are laid end to end in one pass: enough that reading the weights costs little beside using
/// them, few enough that the rows stay in the second-level cache. Between 100 and 400 the speed is the same.
const BATCH_PIECES: usize = 192;
/// Texts a thread cuts with one memory of words.
const CHUNK_TEXTS: usize = 64;

/// The files of a model folder that exist, by their name in [`FILES`].
pub type Files = BTreeMap<&'static str, Vec<u8>>;

/// Why an encoder cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncoderError {
    /// A file is not there.
    Missing(&'static str),
    /// A file cannot be read as what it should be.
    Unreadable {
        /// Which file.
        file: &'static str,
        /// What is wrong.
        cause: String,
    },
    /// The model is of a kind that this code does not compute.
    Unsupported(String),
    /// An array of the weights is missing, has another shape or holds what is no number.
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong.
        cause: String,
    },
}

impl fmt::Display for EncoderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(file) => write!(
                f,
                "the encoder's folder holds no `{file}`; it needs {CONFIG}, {WEIGHTS} and {VOCABULARY} (or {TOKENIZER}) \
                 of one model, as published"
            ),
            Self::Unreadable { file, cause } => {
                write!(f, "the encoder's `{file}` cannot be read: {cause}; fetch the file again")
            }
            Self::Unsupported(what) => write!(
                f,
                "the encoder {what}; what is understood are uncased BERT sentence encoders such as all-MiniLM-L6-v2"
            ),
            Self::Tensor { name, cause } => {
                write!(f, "`{name}` in the encoder's {WEIGHTS} {cause}; {CONFIG} and {WEIGHTS} must be of one model")
            }
        }
    }
}

impl std::error::Error for EncoderError {}

/// What the configuration says of the network; sizes are counts.
#[derive(Clone, Debug, Deserialize)]
struct Config {
    #[serde(default)]
    model_type: String,
    #[serde(default, rename = "_name_or_path")]
    name: String,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "one_type")]
    type_vocab_size: usize,
    #[serde(default = "usual_epsilon")]
    layer_norm_eps: f32,
    #[serde(default = "usual_activation")]
    hidden_act: String,
    #[serde(default = "usual_positions")]
    position_embedding_type: String,
}

fn one_type() -> usize {
    1
}

fn usual_epsilon() -> f32 {
    1e-12
}

fn usual_activation() -> String {
    "gelu".to_owned()
}

fn usual_positions() -> String {
    "absolute".to_owned()
}

/// The parts of the smaller files that matter.
#[derive(Debug, Default, Deserialize)]
struct TokenizerConfig {
    do_lower_case: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PoolingConfig {
    pooling_mode_cls_token: bool,
    pooling_mode_mean_tokens: Option<bool>,
}

/// What becomes of a text's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pooling {
    Mean,
    First,
}

/// A model that is ready to encode.
#[derive(Debug)]
pub struct Encoder {
    name: String,
    vocabulary: Vocabulary,
    start: u32,
    end: u32,
    most_pieces: usize,
    pooling: Pooling,
    network: Network,
}

impl Encoder {
    /// Reads a model from its files.
    ///
    /// # Errors
    /// [`EncoderError`] when a file is missing, damaged or of another kind of model.
    pub fn from_files(files: &Files) -> Result<Self, EncoderError> {
        let config: Config = json(files, CONFIG)?.ok_or(EncoderError::Missing(CONFIG))?;
        config.check()?;
        let tokenizer: TokenizerConfig = json(files, "tokenizer_config.json")?.unwrap_or_default();
        if tokenizer.do_lower_case == Some(false) {
            return Err(EncoderError::Unsupported("tells upper from lower case".to_owned()));
        }
        let sentence: SentenceConfig = json(files, "sentence_bert_config.json")?.unwrap_or_default();
        let pooling: PoolingConfig = json(files, POOLING)?.unwrap_or_default();
        let pooling = match (pooling.pooling_mode_cls_token, pooling.pooling_mode_mean_tokens) {
            (true, Some(false) | None) => Pooling::First,
            (false, Some(true) | None) => Pooling::Mean,
            _ => return Err(EncoderError::Unsupported("pools neither the mean nor the first row".to_owned())),
        };
        let pieces = pieces(files)?;
        if pieces.len() > config.vocab_size {
            return Err(vocabulary(files, format!("it has {} pieces, {CONFIG} {}", pieces.len(), config.vocab_size)));
        }
        let id = |special: &str| {
            let found = pieces.iter().position(|piece| piece == special);
            found.map(|id| id as u32).ok_or_else(|| vocabulary(files, format!("it has no {special}")))
        };
        let (start, end, unknown) = (id("[CLS]")?, id("[SEP]")?, id("[UNK]")?);
        let weights = Weights::read(files.get(WEIGHTS).ok_or(EncoderError::Missing(WEIGHTS))?)?;
        let network = Network::read(&weights, &config)?;
        let most = sentence.max_seq_length.unwrap_or(usize::MAX).min(config.max_position_embeddings);
        Ok(Self {
            name: config.name.rsplit('/').next().unwrap_or_default().to_owned(),
            vocabulary: Vocabulary::new(pieces.iter().map(String::as_str)).with_unknown(unknown),
            start,
            end,
            most_pieces: most.max(3),
            pooling,
            network,
        })
    }

    /// What the model calls itself; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Values per vector.
    pub fn dim(&self) -> usize {
        self.network.dim()
    }

    /// The vectors of `texts` in order, in parallel; the vector of an empty text is that of the two marks alone.
    pub fn encode<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Matrix {
        let cut: Vec<Vec<u32>> = texts
            .par_chunks(CHUNK_TEXTS)
            .flat_map_iter(|chunk| {
                let mut splitter = Splitter::new(&self.vocabulary);
                chunk.iter().map(|text| self.cut(text.as_ref(), &mut splitter)).collect::<Vec<_>>()
            })
            .collect();
        let rows: Vec<Vec<f32>> = batches(&cut)
            .into_par_iter()
            .map_init(Scratch::default, |scratch, batch| self.batch(&cut[batch], scratch))
            .collect();
        Matrix::new(self.dim(), rows.concat())
    }

    /// Word pieces of a text between the two marks.
    fn cut(&self, text: &str, splitter: &mut Splitter<'_>) -> Vec<u32> {
        let mut ids = vec![self.start];
        splitter.for_each_word(text, |pieces| {
            let room = self.most_pieces - 1 - ids.len().min(self.most_pieces - 1);
            ids.extend_from_slice(&pieces[..pieces.len().min(room)]);
        });
        ids.push(self.end);
        ids
    }

    /// Vectors of texts laid end to end, one after the other.
    fn batch(&self, cut: &[Vec<u32>], scratch: &mut Scratch) -> Vec<f32> {
        let dim = self.dim();
        let rows = self.network.forward(cut, scratch);
        let mut vectors = vec![0.0; cut.len() * dim];
        let mut first = 0;
        for (ids, vector) in cut.iter().zip(vectors.chunks_exact_mut(dim)) {
            let n_pooled = if self.pooling == Pooling::Mean { ids.len() } else { 1 };
            for row in rows[first * dim..(first + n_pooled) * dim].chunks_exact(dim) {
                vector.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            }
            normalise(vector);
            first += ids.len();
        }
        vectors
    }
}

impl Config {
    fn check(&self) -> Result<(), EncoderError> {
        let sizes = [
            self.hidden_size,
            self.num_hidden_layers,
            self.num_attention_heads,
            self.intermediate_size,
            self.vocab_size,
            self.max_position_embeddings,
            self.type_vocab_size,
        ];
        if sizes.contains(&0) || !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            let cause = "a size is 0, or hidden_size is no multiple of num_attention_heads".to_owned();
            return Err(EncoderError::Unreadable { file: CONFIG, cause });
        }
        let known = [
            ("bert", self.model_type.as_str(), "is of type"),
            ("gelu", &self.hidden_act, "has the activation"),
            ("absolute", &self.position_embedding_type, "has positions of the kind"),
        ];
        match known.iter().find(|(wanted, found, _)| wanted != found) {
            Some((_, found, what)) => Err(EncoderError::Unsupported(format!("{what} `{found}`"))),
            None => Ok(()),
        }
    }
}

/// Ranges of consecutive texts with about [`BATCH_PIECES`] word pieces together; at least one text each.
fn batches(cut: &[Vec<u32>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut first, mut n_pieces) = (0, 0);
    for (at, ids) in cut.iter().enumerate() {
        if at > first && n_pieces + ids.len() > BATCH_PIECES {
            found.push(first..at);
            (first, n_pieces) = (at, 0);
        }
        n_pieces += ids.len();
    }
    if first < cut.len() {
        found.push(first..cut.len());
    }
    found
}

/// A JSON file of the folder; none when it is not there.
fn json<T: for<'de> Deserialize<'de>>(files: &Files, file: &'static str) -> Result<Option<T>, EncoderError> {
    let read = files.get(file).map(|bytes| serde_json::from_slice(bytes)).transpose();
    read.map_err(|cause| EncoderError::Unreadable { file, cause: cause.to_string() })
}

/// Word pieces by id: the lines of `vocab.txt`, or the map within `tokenizer.json`.
fn pieces(files: &Files) -> Result<Vec<String>, EncoderError> {
    if let Some(bytes) = files.get(VOCABULARY) {
        let text = std::str::from_utf8(bytes).map_err(|cause| vocabulary(files, cause.to_string()))?;
        return Ok(text.lines().map(str::to_owned).collect());
    }
    #[derive(Deserialize)]
    struct Tokenizer {
        model: WordPiece,
    }
    #[derive(Deserialize)]
    struct WordPiece {
        #[serde(rename = "type")]
        kind: Option<String>,
        vocab: BTreeMap<String, usize>,
    }
    let Tokenizer { model } = json(files, TOKENIZER)?.ok_or(EncoderError::Missing(VOCABULARY))?;
    if model.kind.as_deref().is_some_and(|kind| kind != "WordPiece") {
        return Err(EncoderError::Unsupported(format!("cuts words by `{}`", model.kind.unwrap_or_default())));
    }
    let mut pieces = vec![String::new(); model.vocab.len()];
    for (piece, id) in model.vocab {
        let slot = pieces.get_mut(id).ok_or_else(|| vocabulary(files, format!("the id of {piece:?} is too high")))?;
        *slot = piece;
    }
    Ok(pieces)
}

fn vocabulary(files: &Files, cause: String) -> EncoderError {
    EncoderError::Unreadable { file: if files.contains_key(VOCABULARY) { VOCABULARY } else { TOKENIZER }, cause }
}

#[cfg(test)]
mod tests;
