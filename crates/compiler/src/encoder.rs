//! An encoder that people brought, as the pipeline uses it: its files through the host, its name, vectors by step.
//!
//! Invariant: vectors carry the model's id, which holds a hash of all its files; those of two models are never mixed.

use crate::Error;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use throughline_engine::{Engine, Fold, Step};
use throughline_model::Host;
use throughline_passes::cluster::sentence::{Encoded, Sentences};
use throughline_text::encoder::{Encoder, EncoderError, FILES, Files};
use throughline_text::matrix::{Int8Matrix, Matrix};

/// Texts encoded between two writes to the memo: a few seconds of work.
const BATCH_TEXTS: usize = 512;

/// An encoder with its id.
#[derive(Debug)]
pub(crate) struct Model {
    id: String,
    encoder: Encoder,
}

impl Model {
    /// Reads an encoder from its folder, or from the folder of its weights.
    pub(crate) fn open(host: &dyn Host, path: &Path) -> Result<Self, Error> {
        let is_weights = path.extension().is_some_and(|extension| extension == "safetensors");
        let folder: PathBuf = if is_weights { path.with_file_name("") } else { path.to_owned() };
        let mut files = Files::new();
        for name in FILES {
            let file = folder.join(name);
            let failed = |source| Error::Path { path: file.clone(), source };
            match host.open(&file) {
                Ok(mut input) => {
                    let mut bytes = Vec::new();
                    input.read_to_end(&mut bytes).map_err(failed)?;
                    files.insert(name, bytes);
                }
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        let unusable = |source: EncoderError| Error::Encoder { path: path.to_owned(), source };
        let encoder = Encoder::from_files(&files).map_err(unusable)?;
        let mut fold = Fold::default();
        for (name, bytes) in &files {
            fold.bytes(name.as_bytes()).bytes(bytes);
        }
        let hash: String = fold.finish().0.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let name = if encoder.name().is_empty() { "encoder" } else { encoder.name() };
        Ok(Self { id: format!("{name}-{hash}"), encoder })
    }

    /// Name of the model and hash of its files.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Vectors of texts, each kept by model and text.
    pub(crate) fn encode(&self, engine: &Engine<'_>, step: Step, sentences: Sentences) -> Result<Encoded, Error> {
        let identify = |text: &String| {
            let mut fold = Fold::default();
            fold.bytes(self.id.as_bytes()).bytes(text.as_bytes());
            let print = fold.finish();
            (u64::from_le_bytes(*print.0.first_chunk().unwrap_or(&[0; 8])), print)
        };
        // A vector in 8 bits is a quarter as large, and clustering compares no finer.
        let rows: Vec<(f32, Vec<i8>)> =
            engine.each_together(step, &sentences.texts, BATCH_TEXTS, identify, |texts| {
                let vectors = self.encoder.encode(texts).quantise();
                (0..texts.len()).map(|i| (vectors.scale(i), vectors.row(i)[..vectors.dim()].to_vec())).collect()
            })?;
        let wide = rows.iter().flat_map(|(scale, row)| row.iter().map(move |&x| f32::from(x) * scale)).collect();
        let vectors: Int8Matrix = Matrix::new(self.encoder.dim(), wide).quantise();
        Ok(Encoded { vectors, row_of_signal: sentences.row_of_signal })
    }
}
