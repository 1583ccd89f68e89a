//! Reads the arrays of a `safetensors` file.
//!
//! In: the file's bytes: u64 length of the header, little-endian; header JSON, from a name to `dtype`, `shape` and
//! `data_offsets` (start and end within what follows); then the numbers, row by row, little-endian.
//! Out: arrays of `f32`; half precision (`F16`, `BF16`) is widened, which is exact.
//! Invariant: nothing outside the slice is read, nothing is sized by what the header claims before the claim is checked
//! against the bytes that are there, and every number handed out is finite.
//! Source: the format as published with the `safetensors` package.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{EncoderError, WEIGHTS};

/// The header of a weights file beside its numbers.
#[derive(Debug)]
pub(super) struct Weights<'a> {
    entries: BTreeMap<String, serde_json::Value>,
    data: &'a [u8],
}

#[derive(Debug, Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

impl<'a> Weights<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, EncoderError> {
        let broken = |cause: String| EncoderError::Unreadable { file: WEIGHTS, cause };
        let (length, rest) =
            bytes.split_first_chunk::<8>().ok_or_else(|| broken("it is shorter than 8 bytes".to_owned()))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (header, data) = rest.split_at_checked(length).ok_or_else(|| {
            broken(
                "it is cut short, or no safetensors file (a text file of a few lines stands for the real one)".into(),
            )
        })?;
        let entries = serde_json::from_slice(header).map_err(|cause| broken(format!("its header: {cause}")))?;
        Ok(Self { entries, data })
    }

    /// The array `name` of the given shape; models saved with a task's head have `bert.` before each name.
    pub(super) fn array(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncoderError> {
        let broken = |cause: String| EncoderError::Tensor { name: name.to_owned(), cause };
        let found = self.entries.get(name).or_else(|| self.entries.get(&format!("bert.{name}")));
        let entry = found.ok_or_else(|| broken("is missing".to_owned()))?;
        let entry = Entry::deserialize(entry).map_err(|cause| broken(format!("is not described: {cause}")))?;
        if entry.shape != shape {
            return Err(broken(format!("has the shape {:?} instead of {shape:?}", entry.shape)));
        }
        let (start, end) = entry.data_offsets;
        let bytes = self.data.get(start..end).ok_or_else(|| broken("lies outside the file".to_owned()))?;
        let size = if entry.dtype == "F32" { 4 } else { 2 };
        let n_bytes = shape.iter().try_fold(size, |product: usize, &n| product.checked_mul(n));
        if n_bytes != Some(bytes.len()) {
            return Err(broken(format!("takes {} bytes, which is not its shape's", bytes.len())));
        }
        let halves = || bytes.as_chunks::<2>().0.iter().map(|&pair| u16::from_le_bytes(pair));
        let values: Vec<f32> = match entry.dtype.as_str() {
            "F32" => bytes.as_chunks::<4>().0.iter().map(|&four| f32::from_le_bytes(four)).collect(),
            "F16" => halves().map(widened).collect(),
            "BF16" => halves().map(|half| f32::from_bits(u32::from(half) << 16)).collect(),
            other => return Err(broken(format!("holds {other}; only F32, F16 and BF16 are read"))),
        };
        if values.iter().any(|value| !value.is_finite()) {
            return Err(broken("holds what is no finite number".to_owned()));
        }
        Ok(values)
    }
}

/// The value of an IEEE half-precision number.
fn widened(half: u16) -> f32 {
    let sign = u32::from(half >> 15) << 31;
    let exponent = u32::from(half >> 10) & 0x1F;
    let fraction = u32::from(half) & 0x3FF;
    match exponent {
        // 2^-24 times the fraction: exact, as is the product.
        0 => f32::from_bits(sign | (fraction as f32 * f32::from_bits(0x3380_0000)).to_bits()),
        31 => f32::from_bits(sign | 0x7F80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
    }

    #[test]
    fn three_precisions_are_read() {
        let data: Vec<u8> = [1.5_f32.to_le_bytes(), (-0.25_f32).to_le_bytes()]
            .concat()
            .into_iter()
            .chain([0x00, 0x3E, 0x01, 0x80]) // half precision 1.5 and the smallest negative number
            .chain([0xC0, 0x3F, 0x80, 0xBE]) // bfloat16 1.5 and -0.25
            .collect();
        let header = r#"{"__metadata__":{"format":"pt"},
            "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
            "b":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},
            "bert.c":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]}}"#;
        let bytes = file(header, &data);
        let weights = Weights::read(&bytes).unwrap();
        assert_eq!(weights.array("a", &[2]).unwrap(), [1.5, -0.25]);
        assert_eq!(weights.array("b", &[1, 2]).unwrap(), [1.5, -(2.0_f32.powi(-24))]);
        assert_eq!(weights.array("c", &[2]).unwrap(), [1.5, -0.25]);
        assert_eq!(widened(0x7BFF).to_bits(), 65504.0_f32.to_bits());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let header = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
            "far":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},
            "back":{"dtype":"F32","shape":[2],"data_offsets":[8,0]},
            "whole":{"dtype":"I64","shape":[4],"data_offsets":[0,8]},
            "odd":{"dtype":"F32","shape":[3],"data_offsets":[0,8]},
            "vast":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]},
            "none":{}}"#;
        let bytes = file(header, &[0, 0, 0xC0, 0x7F, 0, 0, 0, 0]);
        let weights = Weights::read(&bytes).unwrap();
        let told = |name, shape: &[usize]| weights.array(name, shape).unwrap_err().to_string();
        assert!(told("gone", &[2]).contains("`gone`"), "{}", told("gone", &[2]));
        assert!(told("a", &[3]).contains("[2] instead of [3]"));
        assert!(told("a", &[2]).contains("no finite number"));
        assert!(told("far", &[2]).contains("outside"));
        assert!(told("back", &[2]).contains("outside"));
        assert!(told("whole", &[4]).contains("I64"));
        assert!(told("odd", &[3]).contains("8 bytes"));
        assert!(told("vast", &[1 << 62, 4]).contains("8 bytes"));
        assert!(told("none", &[2]).contains("not described"));
        assert!(
            Weights::read(b"version https://git-lfs.github.com/spec/v1").unwrap_err().to_string().contains("few lines")
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..80), header in ".{0,60}") {
            let _ = Weights::read(&bytes);
            if let Ok(weights) = Weights::read(&file(&header, &bytes)) {
                let _ = weights.array("a", &[1]);
            }
        }
    }
}
