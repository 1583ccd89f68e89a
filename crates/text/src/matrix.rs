//! Row-major matrices of vectors: `f32` as computed, `i8` as compared.
//!
//! An [`Int8Matrix`] keeps a quarter of the bytes and one scale a row; the cosine of two unit rows is recovered from an
//! integer dot product to about 0.003, and integers add up the same in any order, on any machine.

use rayon::prelude::*;

/// Rows of `f32`, all of one width.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    dim: usize,
    data: Vec<f32>,
}

impl Matrix {
    /// A matrix over `data`, `data.len() / dim` rows; a trailing part row is cut off.
    pub fn new(dim: usize, mut data: Vec<f32>) -> Self {
        let n_rows = data.len().checked_div(dim).unwrap_or_default();
        data.truncate(n_rows * dim);
        Self { dim, data }
    }

    /// Width of a row.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.data.len().checked_div(self.dim).unwrap_or_default()
    }

    /// Row `index`, counted from 0; empty when there is no such row.
    pub fn row(&self, index: usize) -> &[f32] {
        self.data.get(index * self.dim..(index + 1) * self.dim).unwrap_or_default()
    }

    /// All rows in order.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.data.chunks_exact(self.dim.max(1))
    }

    /// The rows quantised to 8 bits.
    pub fn quantise(&self) -> Int8Matrix {
        let mut quantised = Int8Matrix::zeros(self.n_rows(), self.dim);
        let stride = quantised.stride;
        if stride == 0 {
            return quantised;
        }
        quantised
            .data
            .par_chunks_mut(stride)
            .zip(quantised.scale.par_iter_mut())
            .zip(self.data.par_chunks(self.dim))
            .with_min_len(256)
            .for_each(|((out, scale), row)| *scale = quantise_row(row, out));
        quantised
    }
}

/// Rows of `i8` with one positive scale each: value = integer * scale. Rows are padded with zeros to a multiple of
/// [`Int8Matrix::LANE`] so that the wide dot product never has a remainder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Int8Matrix {
    dim: usize,
    stride: usize,
    data: Vec<i8>,
    scale: Vec<f32>,
}

impl Int8Matrix {
    /// Bytes a row is padded to a multiple of: one AVX2 register.
    pub const LANE: usize = 32;

    fn zeros(n_rows: usize, dim: usize) -> Self {
        let stride = dim.next_multiple_of(Self::LANE);
        Self { dim, stride, data: vec![0; n_rows * stride], scale: vec![0.0; n_rows] }
    }

    /// Quantises rows of `dim` values one after the other.
    pub fn from_rows<'a>(dim: usize, rows: impl IntoIterator<Item = &'a [f32]>) -> Self {
        let mut matrix = Self::zeros(0, dim);
        for row in rows {
            matrix.push(row);
        }
        matrix
    }

    /// The rows of several matrices of `dim` values a row, one after the other.
    #[must_use]
    pub fn concat(dim: usize, parts: &[Self]) -> Self {
        let mut whole = Self::zeros(0, dim);
        for part in parts.iter().filter(|part| part.dim == dim) {
            whole.data.extend_from_slice(&part.data);
            whole.scale.extend_from_slice(&part.scale);
        }
        whole
    }

    /// Makes `n_rows` rows in parallel: `write` gets a state of its thread, the row's index and a zeroed row to write.
    pub fn fill<S>(
        n_rows: usize,
        dim: usize,
        chunk_rows: usize,
        state: impl Fn() -> S + Sync + Send,
        write: impl Fn(&mut S, usize, &mut [f32]) + Sync + Send,
    ) -> Self {
        let mut matrix = Self::zeros(n_rows, dim);
        let stride = matrix.stride;
        if dim > 0 {
            matrix
                .data
                .par_chunks_mut(chunk_rows * stride)
                .zip(matrix.scale.par_chunks_mut(chunk_rows))
                .enumerate()
                .for_each_init(
                    || (state(), vec![0.0_f32; dim]),
                    |(state, row), (chunk, (rows, scales))| {
                        for (place, (out, scale)) in rows.chunks_exact_mut(stride).zip(scales).enumerate() {
                            row.fill(0.0);
                            write(state, chunk * chunk_rows + place, row);
                            *scale = quantise_row(row, out);
                        }
                    },
                );
        }
        matrix
    }

    /// Appends a row; values beyond `dim` are ignored, missing ones are zero.
    pub fn push(&mut self, row: &[f32]) {
        let start = self.data.len();
        self.data.resize(start + self.stride, 0);
        let scale = quantise_row(&row[..row.len().min(self.dim)], &mut self.data[start..]);
        self.scale.push(scale);
    }

    /// Width of a row without padding.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Bytes of a row with padding.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.scale.len()
    }

    /// The padded integers of row `index`; empty when there is no such row.
    pub fn row(&self, index: usize) -> &[i8] {
        self.data.get(index * self.stride..(index + 1) * self.stride).unwrap_or_default()
    }

    /// Row `index` as values, written to the front of `out`; nothing when there is no such row.
    pub fn write_row(&self, index: usize, out: &mut [f32]) {
        let scale = self.scale(index);
        for (out, &value) in out.iter_mut().zip(self.row(index).iter().take(self.dim)) {
            *out = f32::from(value) * scale;
        }
    }

    /// Rows `first..last` as one slice.
    pub(crate) fn block(&self, first: usize, last: usize) -> &[i8] {
        &self.data[first * self.stride..last * self.stride]
    }

    /// Scale of row `index`; 0 for an all-zero row or no such row.
    pub fn scale(&self, index: usize) -> f32 {
        self.scale.get(index).copied().unwrap_or_default()
    }

    pub(crate) fn scales(&self) -> &[f32] {
        &self.scale
    }

    /// Cosine of two rows that were unit vectors before quantising; -1..=1 but for rounding.
    pub fn cosine(&self, a: usize, b: usize) -> f32 {
        crate::dot::dot(self.row(a), self.row(b)) as f32 * (self.scale(a) * self.scale(b))
    }

    /// The rows `order[0]`, `order[1]`, ... as a new matrix; indices out of range give zero rows.
    #[must_use]
    pub fn gather(&self, order: &[u32]) -> Self {
        let mut gathered = Self::zeros(order.len(), self.dim);
        for (to, &from) in order.iter().enumerate() {
            let row = self.row(from as usize);
            if !row.is_empty() {
                gathered.data[to * self.stride..(to + 1) * self.stride].copy_from_slice(row);
                gathered.scale[to] = self.scale(from as usize);
            }
        }
        gathered
    }
}

/// Writes `row` as integers -127..=127 to the front of `out` and returns the scale (0 for a zero or not finite row).
fn quantise_row(row: &[f32], out: &mut [i8]) -> f32 {
    let largest = row.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return 0.0;
    }
    let scale = largest / 127.0;
    for (out, value) in out.iter_mut().zip(row) {
        *out = (value / scale).round_ties_even() as i8;
    }
    scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantised_cosine_is_close() {
        let unit = |seed: u32| {
            let raw: Vec<f32> = (0..70_u32).map(|i| ((i * seed * 2_654_435 + 7) % 1000) as f32 / 500.0 - 1.0).collect();
            let norm = raw.iter().map(|v| v * v).sum::<f32>().sqrt();
            raw.into_iter().map(|v| v / norm).collect::<Vec<f32>>()
        };
        let (a, b) = (unit(3), unit(11));
        let exact: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
        let matrix = Matrix::new(70, [a, b].concat()).quantise();
        assert_eq!((matrix.stride(), matrix.n_rows()), (96, 2));
        assert!((matrix.cosine(0, 1) - exact).abs() < 0.01);
        assert!((matrix.cosine(0, 0) - 1.0).abs() < 0.01);
    }

    #[test]
    fn odd_shapes_do_not_panic() {
        assert_eq!(Matrix::new(0, vec![1.0]).n_rows(), 0);
        assert_eq!(Matrix::default().quantise().n_rows(), 0);
        let mut matrix = Int8Matrix::from_rows(3, [[f32::NAN, 1.0, 2.0].as_slice(), &[0.0; 3], &[1.0]]);
        matrix.push(&[1.0; 9]);
        assert_eq!(matrix.n_rows(), 4);
        assert!(matrix.scale(1).abs() < f32::EPSILON);
        assert_eq!(matrix.gather(&[3, 99]).n_rows(), 2);
    }
}
