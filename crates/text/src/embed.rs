//! Sentence vectors from a static table: the sum of a text's WordPiece rows, scaled to unit length.
//!
//! In: any text. Out: a vector of [`Table::dim`] values of length 1, or all zero when no piece of it is known.
//! The table holds 8-bit rows with one scale each; the weight of a piece (rare ones count more) is in its scale.
//! Cost: about 4 processor microseconds for a sentence, 0.02 s to read the table (`examples/throughput`).
//! Invariant: rows are added word by word in text order, in `f32`, so the bytes of a vector depend on nothing but the
//! text and the table; neither threads nor the word memory change them.
//!
//! File layout, little-endian: `TLEMB001`; u32 length of the header; header JSON (`model_id`, `dim`, `n_tokens`,
//! `quantisation` = `int8-row`, `sha256` of the payload, `recipe`); then the payload: each token as u16 length and
//! bytes, `n_tokens` f32 scales, `n_tokens * dim` i8 values.

use std::fmt;
use std::sync::LazyLock;

use rayon::prelude::*;
use serde::Deserialize;

use crate::dot::add_scaled;
use crate::matrix::{Int8Matrix, Matrix};
use crate::wordpiece::{Splitter, Vocabulary};

const MAGIC: &[u8; 8] = b"TLEMB001";
/// Texts a task takes at once: enough for the word memory to pay, few enough to balance two cores.
const CHUNK_TEXTS: usize = 512;

static BUILTIN: LazyLock<Table> = LazyLock::new(|| {
    // The file is part of the crate and checked by a test; a table without tokens gives zero vectors, not a panic.
    Table::from_bytes(include_bytes!("../data/embedding.bin")).unwrap_or_default()
});

/// An embedding table with its vocabulary.
#[derive(Debug, Default)]
pub struct Table {
    header: Header,
    vocabulary: Vocabulary,
    scale: Vec<f32>,
    data: Vec<i8>,
}

/// The header of a table file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Header {
    /// Name and version of the table; part of every key under which vectors are kept.
    pub model_id: String,
    /// Values per vector.
    pub dim: usize,
    /// Rows of the table.
    pub n_tokens: usize,
    /// Only `int8-row` is known.
    pub quantisation: String,
    /// SHA-256 of the payload in hexadecimal, written by the maker and checked by its tests.
    #[serde(default)]
    pub sha256: String,
}

/// Why a table could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableError {
    /// The file does not begin with the magic of this format.
    NotATable,
    /// The header is not the JSON described above.
    Header(String),
    /// The quantisation is not one this code reads.
    Quantisation(String),
    /// The payload is shorter or longer than the header says.
    Length,
    /// A token is not UTF-8.
    Token(usize),
    /// A scale is not finite.
    Scale(usize),
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotATable => write!(f, "not an embedding table: the file does not begin with TLEMB001"),
            Self::Header(cause) => write!(f, "the header of the embedding table cannot be read: {cause}"),
            Self::Quantisation(name) => {
                write!(f, "the embedding table uses quantisation `{name}`; only `int8-row` is known")
            }
            Self::Length => write!(f, "the embedding table is cut short or has bytes left over"),
            Self::Token(index) => write!(f, "token {index} of the embedding table is not UTF-8"),
            Self::Scale(index) => write!(f, "the scale of token {index} of the embedding table is not a finite number"),
        }
    }
}

impl std::error::Error for TableError {}

impl Table {
    /// The table that comes with the crate, read once.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Reads a table file.
    ///
    /// # Errors
    /// [`TableError`] when the bytes are not such a file; nothing is read beyond the slice.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TableError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(TableError::NotATable)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(TableError::Length)?;
        let (head, mut rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(TableError::Length)?;
        let header: Header = serde_json::from_slice(head).map_err(|cause| TableError::Header(cause.to_string()))?;
        if header.quantisation != "int8-row" {
            return Err(TableError::Quantisation(header.quantisation));
        }
        // Each token takes at least two bytes: a header that claims more than the file holds is refused here,
        // before anything is sized by it.
        if header.n_tokens > rest.len() || header.dim > rest.len() {
            return Err(TableError::Length);
        }
        let mut tokens = Vec::with_capacity(header.n_tokens);
        for index in 0..header.n_tokens {
            let (length, after) = rest.split_first_chunk::<2>().ok_or(TableError::Length)?;
            let (token, after) =
                after.split_at_checked(usize::from(u16::from_le_bytes(*length))).ok_or(TableError::Length)?;
            tokens.push(std::str::from_utf8(token).map_err(|_| TableError::Token(index))?);
            rest = after;
        }
        let (scales, values) = rest.split_at_checked(header.n_tokens * 4).ok_or(TableError::Length)?;
        let n_values = header.n_tokens.checked_mul(header.dim).ok_or(TableError::Length)?;
        if values.len() != n_values {
            return Err(TableError::Length);
        }
        let scale: Vec<f32> = scales.as_chunks::<4>().0.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect();
        if let Some(index) = scale.iter().position(|scale| !scale.is_finite()) {
            return Err(TableError::Scale(index));
        }
        let data = values.iter().map(|&byte| byte.cast_signed()).collect();
        Ok(Self { vocabulary: Vocabulary::new(tokens), header, scale, data })
    }

    /// Name and version of the table; empty for a table without tokens.
    pub fn model_id(&self) -> &str {
        &self.header.model_id
    }

    /// Values per vector.
    pub fn dim(&self) -> usize {
        self.header.dim
    }

    /// The header as read.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The vocabulary, for a [`Splitter`].
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The vector of `text`: length 1, or all zero.
    ///
    /// ```
    /// use throughline_text::embed::Table;
    /// let table = Table::builtin();
    /// assert_eq!(table.embed("export as CSV").len(), table.dim());
    /// ```
    pub fn embed(&self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.0; self.dim()];
        self.embed_into(text, &mut Splitter::new(&self.vocabulary), &mut vector);
        vector
    }

    /// The vectors of `texts` in order, in parallel.
    pub fn embed_all<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Matrix {
        let dim = self.dim();
        let mut data = vec![0.0_f32; texts.len() * dim];
        if dim > 0 {
            data.par_chunks_mut(CHUNK_TEXTS * dim).zip(texts.par_chunks(CHUNK_TEXTS)).for_each_init(
                || Splitter::new(&self.vocabulary),
                |splitter, (out, texts)| {
                    for (out, text) in out.chunks_exact_mut(dim).zip(texts) {
                        self.embed_into(text.as_ref(), splitter, out);
                    }
                },
            );
        }
        Matrix::new(dim, data)
    }

    /// The vectors of `texts` in order, quantised for [`crate::neighbour`]: what `embed_all(texts).quantise()` gives,
    /// without the four times larger matrix in between.
    pub fn embed_all_int8<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Int8Matrix {
        Int8Matrix::fill(
            texts.len(),
            self.dim(),
            CHUNK_TEXTS,
            || Splitter::new(&self.vocabulary),
            |splitter, index, row| self.embed_into(texts[index].as_ref(), splitter, row),
        )
    }

    /// Adds the rows of `pieces` (ids of this table's vocabulary) to `out`, which holds [`Table::dim`] values: what
    /// [`Table::embed`] sums before it scales to unit length. Unknown ids add nothing.
    pub fn add_pieces(&self, pieces: &[u32], out: &mut [f32]) {
        let dim = self.dim();
        for &piece in pieces {
            let piece = piece as usize;
            if let (Some(row), Some(&scale)) = (self.data.get(piece * dim..(piece + 1) * dim), self.scale.get(piece)) {
                add_scaled(out, row, scale);
            }
        }
    }

    fn embed_into(&self, text: &str, splitter: &mut Splitter<'_>, out: &mut [f32]) {
        splitter.for_each_word(text, |pieces| self.add_pieces(pieces, out));
        normalise(out);
    }
}

/// Scales `vector` to length 1; leaves a zero (or not finite) one all zero. The sum of squares is taken in `f64`, in
/// eight fixed lanes, so that it is the same everywhere.
pub fn normalise(vector: &mut [f32]) {
    let mut lanes = [0.0_f64; 8];
    for chunk in vector.chunks(8) {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += f64::from(value) * f64::from(value);
        }
    }
    let square: f64 = lanes.iter().sum();
    if square > 0.0 && square.is_finite() {
        let factor = 1.0 / square.sqrt();
        for value in vector {
            *value = (f64::from(*value) * factor) as f32;
        }
    } else {
        vector.fill(0.0);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A table file over a few words, written as the format says.
    pub(crate) fn file(tokens: &[&str], dim: usize) -> Vec<u8> {
        let header = format!(
            r#"{{"model_id":"test-1","dim":{dim},"n_tokens":{},"quantisation":"int8-row","sha256":"","recipe":{{}}}}"#,
            tokens.len()
        );
        let mut bytes = MAGIC.to_vec();
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(header.as_bytes());
        for token in tokens {
            bytes.extend((token.len() as u16).to_le_bytes());
            bytes.extend(token.as_bytes());
        }
        for index in 0..tokens.len() {
            bytes.extend((0.01 * (index + 1) as f32).to_le_bytes());
        }
        bytes.extend((0..tokens.len() * dim).map(|i| (i * 37 % 255) as u8));
        bytes
    }

    const TOKENS: [&str; 6] = ["[UNK]", "export", "##ed", "csv", "slow", "é"];

    #[test]
    fn vectors_are_sums_of_scaled_rows() {
        let table = Table::from_bytes(&file(&TOKENS, 5)).unwrap();
        let row = |id: usize| -> Vec<f32> {
            (0..5).map(|i| f32::from(((id * 5 + i) * 37 % 255) as u8 as i8) * 0.01 * (id + 1) as f32).collect()
        };
        let mut want: Vec<f32> = row(1).iter().zip(row(2)).zip(row(3)).map(|((a, b), c)| a + b + c).collect();
        normalise(&mut want);
        let got = table.embed("Exported, unknownword CSV");
        assert!(got.iter().zip(&want).all(|(a, b)| (a - b).abs() < 1e-6), "{got:?} {want:?}");
        assert_eq!(table.embed("nothing known"), vec![0.0; 5]);
        assert_eq!((table.model_id(), table.dim()), ("test-1", 5));
    }

    #[test]
    fn damaged_files_are_refused() {
        let good = file(&TOKENS, 5);
        assert_eq!(Table::from_bytes(b"PNG").unwrap_err(), TableError::NotATable);
        for cut in 8..good.len() {
            assert!(Table::from_bytes(&good[..cut]).is_err(), "cut at {cut}");
        }
        let mut longer = good;
        longer.push(0);
        assert_eq!(Table::from_bytes(&longer).unwrap_err(), TableError::Length);
    }

    #[test]
    fn all_equals_one_by_one() {
        let table = Table::from_bytes(&file(&TOKENS, 7)).unwrap();
        let texts: Vec<String> =
            (0..1500).map(|i| ["export csv", "slow", "", "exported slow"][i % 4].to_owned()).collect();
        let all = table.embed_all(&texts);
        assert_eq!(all.n_rows(), 1500);
        assert!(texts.iter().zip(all.rows()).all(|(text, row)| table.embed(text) == row));
        assert_eq!(table.embed_all_int8(&texts), all.quantise());
    }

    #[test]
    fn the_builtin_table_can_be_read() {
        Table::from_bytes(include_bytes!("../data/embedding.bin")).unwrap();
    }

    proptest! {
        #[test]
        fn unit_or_zero_and_never_a_panic(text in ".{0,120}") {
            let table = Table::from_bytes(&file(&TOKENS, 8)).unwrap();
            let square: f32 = table.embed(&text).iter().map(|v| v * v).sum();
            prop_assert!(square == 0.0 || (square - 1.0).abs() < 1e-4);
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut file = MAGIC.to_vec();
            file.extend(bytes);
            let _ = Table::from_bytes(&file);
        }
    }
}
