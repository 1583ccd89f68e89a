//! A log-linear model: one row of weights for each thing that may be seen, one column for each class.
//!
//! In: rows that are present, with values. Out: log scores of the classes. Rows come in two groups: numbered ones that are
//! always there (dimensions of a vector, counts), then named ones (words, cues). Weights are kept in 8 bits a row.
//! Cost: rows present times classes multiplications.

use rustc_hash::FxHashMap;

/// Row and value.
pub(crate) type Present = (u32, f32);

/// The weights and the names of the named rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Linear {
    pub(crate) n_classes: usize,
    /// Numbered rows; named rows follow.
    pub(crate) n_numbered: usize,
    pub(crate) row_from_key: FxHashMap<String, u32>,
    /// Names in row order.
    pub(crate) keys: Vec<String>,
    /// Row-major, `n_classes` wide.
    pub(crate) rows: Vec<f32>,
}

impl Linear {
    /// All weights zero.
    pub(crate) fn new(n_classes: usize, n_numbered: usize, keys: Vec<String>) -> Self {
        let row_from_key = keys.iter().enumerate().map(|(at, key)| (key.clone(), (n_numbered + at) as u32)).collect();
        let rows = vec![0.0; (n_numbered + keys.len()) * n_classes];
        Self { n_classes, n_numbered, row_from_key, keys, rows }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n_numbered + self.keys.len()
    }

    /// Adds the log scores of `present` to `scores`.
    pub(crate) fn add_scores(&self, present: &[Present], scores: &mut [f32]) {
        for &(row, value) in present {
            let start = row as usize * self.n_classes;
            let Some(weights) = self.rows.get(start..start + self.n_classes) else { continue };
            for (score, &weight) in scores.iter_mut().zip(weights) {
                *score += weight * value;
            }
        }
    }

    /// Rows of the known names among `keys`, each worth `value`.
    pub(crate) fn named<'k>(&self, keys: impl IntoIterator<Item = &'k str>, value: f32) -> Vec<Present> {
        keys.into_iter().filter_map(|key| self.row_from_key.get(key)).map(|&row| (row, value)).collect()
    }

    /// How many bytes [`Linear::write`] writes.
    pub(crate) fn n_bytes(&self) -> usize {
        self.n_rows() * (self.n_classes + 4)
    }

    /// For each row its scale and its weights in 8 bits.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        for row in self.rows.chunks_exact(self.n_classes.max(1)) {
            let most = row.iter().fold(0.0_f32, |most, &value| most.max(value.abs()));
            let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
            bytes.extend(scale.to_le_bytes());
            bytes.extend(row.iter().map(|&value| ((value / scale).round() as i8).cast_unsigned()));
        }
    }

    /// Takes the weights from the start of `bytes`; gives back what follows, or nothing when there are too few.
    pub(crate) fn read<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let (own, rest) = bytes.split_at_checked(self.n_bytes())?;
        let rows = own.chunks_exact(self.n_classes + 4).zip(self.rows.chunks_exact_mut(self.n_classes.max(1)));
        for (read, row) in rows {
            let (scale, values) = read.split_first_chunk::<4>()?;
            let scale = f32::from_le_bytes(*scale);
            for (weight, &value) in row.iter_mut().zip(values) {
                *weight = f32::from(value.cast_signed()) * scale;
            }
        }
        Some(rest)
    }
}

/// Probabilities from log scores.
pub(crate) fn softmax(scores: &[f32]) -> Vec<f64> {
    let most = scores.iter().fold(f32::MIN, |most, &score| most.max(score));
    let powers: Vec<f64> = scores.iter().map(|&score| libm::exp(f64::from(score - most))).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut model = Linear::new(3, 2, vec!["export".to_owned()]);
        model.rows = vec![0.5, -0.5, 0.0, 1.27, 0.0, -1.0, 0.0, 0.0, 0.0];
        let mut bytes = Vec::new();
        model.write(&mut bytes);
        bytes.push(9);
        let mut other = Linear::new(3, 2, vec!["export".to_owned()]);
        assert_eq!(other.read(&bytes), Some(&[9_u8][..]));
        for (a, b) in model.rows.iter().zip(&other.rows) {
            assert!((a - b).abs() < 0.01, "{a} {b}");
        }
        assert!(other.read(&bytes[..10]).is_none());
    }

    #[test]
    fn shares_add_up_to_one() {
        let shares = softmax(&[1000.0, 999.0, -50.0]);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12 && shares[0] > shares[1]);
    }
}
