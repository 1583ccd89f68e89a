//! Integer dot products of `i8` rows, the inner loop of every neighbour search, and the scaled sum that embedding does.
//!
//! In: rows of equal length, a multiple of 32, values -127..=127 (never -128, which quantising never makes).
//! Out: exact `i32` sums, so the wide and the plain version agree bit by bit.
//! Cost: four vector instructions per 32 bytes with AVX2, two with AVX-512 VNNI; `examples/throughput` measures the search built on it.

/// Rows a call of [`dots`] handles at once.
#[cfg(target_arch = "x86_64")]
const GROUP: usize = 4;

/// Dot product of two rows.
pub(crate) fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(&x, &y)| i32::from(x) * i32::from(y)).sum()
}

/// Dot products of `query` with each row of `block` (rows of `query.len()` bytes), written to the front of `out`.
pub(crate) fn dots(query: &[i8], block: &[i8], out: &mut [i32]) {
    #[cfg(target_arch = "x86_64")]
    if query.len().is_multiple_of(32) && !query.is_empty() && std::arch::is_x86_feature_detected!("avx2") {
        if is_widest() {
            wide::dots_unsigned(query, block, out);
        } else {
            wide::dots(query, block, out);
        }
        return;
    }
    dots_plain(query, block, out);
}

/// Whether the machine multiplies bytes and adds them up in one instruction.
#[cfg(target_arch = "x86_64")]
fn is_widest() -> bool {
    std::arch::is_x86_feature_detected!("avx512vnni") && std::arch::is_x86_feature_detected!("avx512vl")
}

/// Adds `row` times `scale` to `out`, value by value; no fused steps, so both versions round alike.
pub(crate) fn add_scaled(out: &mut [f32], row: &[i8], scale: f32) {
    #[cfg(target_arch = "x86_64")]
    if out.len() == row.len() && out.len().is_multiple_of(8) && std::arch::is_x86_feature_detected!("avx2") {
        wide::add_scaled(out, row, scale);
        return;
    }
    add_scaled_plain(out, row, scale);
}

/// The reference version of [`add_scaled`].
fn add_scaled_plain(out: &mut [f32], row: &[i8], scale: f32) {
    for (sum, &value) in out.iter_mut().zip(row) {
        *sum += f32::from(value) * scale;
    }
}

/// The reference version.
pub(crate) fn dots_plain(query: &[i8], block: &[i8], out: &mut [i32]) {
    for (out, row) in out.iter_mut().zip(block.chunks_exact(query.len().max(1))) {
        *out = dot(query, row);
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "AVX2 intrinsics; bounds are checked once before the loops, the feature by the caller")]
mod wide {
    use std::arch::x86_64::{
        __m256i, _mm_add_epi32, _mm_cvtsi128_si32, _mm_loadl_epi64, _mm_shuffle_epi32, _mm256_abs_epi8,
        _mm256_add_epi32, _mm256_add_ps, _mm256_castsi256_si128, _mm256_cvtepi8_epi32, _mm256_cvtepi32_ps,
        _mm256_dpbusd_epi32, _mm256_extracti128_si256, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_madd_epi16,
        _mm256_maddubs_epi16, _mm256_mul_ps, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_ps, _mm256_setzero_si256,
        _mm256_sign_epi8, _mm256_storeu_ps, _mm256_xor_si256,
    };

    use super::GROUP;

    /// See [`super::dots`]; the caller has checked that AVX2 is there and that `query.len()` is a multiple of 32.
    pub(super) fn dots(query: &[i8], block: &[i8], out: &mut [i32]) {
        let stride = query.len();
        let n_rows = (block.len() / stride).min(out.len());
        let n_grouped = n_rows - n_rows % GROUP;
        for first in (0..n_grouped).step_by(GROUP) {
            // SAFETY: AVX2 was detected; rows first..first + GROUP lie inside `block` because n_grouped <= n_rows.
            unsafe { group(query, &block[first * stride..(first + GROUP) * stride], &mut out[first..first + GROUP]) };
        }
        for row in n_grouped..n_rows {
            // SAFETY: AVX2 was detected; the slice has exactly `stride` bytes.
            out[row] = unsafe { single(query, &block[row * stride..(row + 1) * stride]) };
        }
    }

    /// See [`super::add_scaled`]; the caller has checked that AVX2 is there and that both have the same multiple of 8.
    pub(super) fn add_scaled(out: &mut [f32], row: &[i8], scale: f32) {
        // SAFETY: AVX2 was detected.
        unsafe { add_eights(out, row, scale) }
    }

    #[target_feature(enable = "avx2")]
    fn add_eights(out: &mut [f32], row: &[i8], scale: f32) {
        let scale = _mm256_set1_ps(scale);
        for (out, row) in out.as_chunks_mut::<8>().0.iter_mut().zip(row.as_chunks::<8>().0) {
            // SAFETY: `row` has 8 bytes and `out` 8 floats; the loads and the store are unaligned ones.
            unsafe {
                let values = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(row.as_ptr().cast())));
                let sum = _mm256_add_ps(_mm256_loadu_ps(out.as_ptr()), _mm256_mul_ps(values, scale));
                _mm256_storeu_ps(out.as_mut_ptr(), sum);
            }
        }
    }

    /// |q| * (r with q's sign) in 16 bits: at most 2 * 127 * 127, so nothing saturates; then pairs summed to 32 bits.
    #[target_feature(enable = "avx2")]
    fn step(sum: __m256i, query: __m256i, magnitude: __m256i, row: __m256i) -> __m256i {
        let pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(row, query));
        _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
    }

    /// The same by `vpdpbusd`, which multiplies unsigned with signed bytes: the query is raised by 128, and 128 times the
    /// sum of the row is taken off again. The caller has checked for AVX-512 VNNI and VL.
    pub(super) fn dots_unsigned(query: &[i8], block: &[i8], out: &mut [i32]) {
        let stride = query.len();
        let n_rows = (block.len() / stride).min(out.len());
        let n_grouped = n_rows - n_rows % GROUP;
        for first in (0..n_grouped).step_by(GROUP) {
            let rows = &block[first * stride..(first + GROUP) * stride];
            // SAFETY: the features were detected; `rows` holds GROUP rows of `stride` bytes, a multiple of 32.
            unsafe { group_unsigned::<GROUP>(query, rows, &mut out[first..first + GROUP]) };
        }
        for row in n_grouped..n_rows {
            let rows = &block[row * stride..(row + 1) * stride];
            // SAFETY: the features were detected; `rows` holds one row of `stride` bytes, a multiple of 32.
            unsafe { group_unsigned::<1>(query, rows, &mut out[row..=row]) };
        }
    }

    #[target_feature(enable = "avx2,avx512vnni,avx512vl")]
    unsafe fn group_unsigned<const N: usize>(query: &[i8], rows: &[i8], out: &mut [i32]) {
        let stride = query.len();
        let mut products = [_mm256_setzero_si256(); N];
        let mut sums = [_mm256_setzero_si256(); N];
        let raised = _mm256_set1_epi8(-128);
        for at in (0..stride).step_by(32) {
            // SAFETY: at + 32 <= stride, and rows holds N * stride bytes.
            unsafe {
                // Flipping the top bit of a signed byte adds 128 to it, read as unsigned.
                let q = _mm256_xor_si256(_mm256_loadu_si256(query.as_ptr().add(at).cast()), raised);
                for index in 0..N {
                    let row = _mm256_loadu_si256(rows.as_ptr().add(index * stride + at).cast());
                    products[index] = _mm256_dpbusd_epi32(products[index], q, row);
                    sums[index] = _mm256_dpbusd_epi32(sums[index], raised, row);
                }
            }
        }
        for (index, out) in out.iter_mut().enumerate().take(N) {
            // The bytes of `raised` read as unsigned are 128.
            *out = total(products[index]) - total(sums[index]);
        }
    }

    #[target_feature(enable = "avx2")]
    unsafe fn group(query: &[i8], rows: &[i8], out: &mut [i32]) {
        let stride = query.len();
        let mut sums = [_mm256_setzero_si256(); GROUP];
        for at in (0..stride).step_by(32) {
            // SAFETY: at + 32 <= stride, and rows holds GROUP * stride bytes.
            unsafe {
                let q = _mm256_loadu_si256(query.as_ptr().add(at).cast());
                let magnitude = _mm256_abs_epi8(q);
                for (index, sum) in sums.iter_mut().enumerate() {
                    *sum = step(*sum, q, magnitude, _mm256_loadu_si256(rows.as_ptr().add(index * stride + at).cast()));
                }
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = total(sum);
        }
    }

    #[target_feature(enable = "avx2")]
    unsafe fn single(query: &[i8], row: &[i8]) -> i32 {
        let mut sum = _mm256_setzero_si256();
        for at in (0..query.len()).step_by(32) {
            // SAFETY: at + 32 <= query.len() == row.len().
            unsafe {
                let q = _mm256_loadu_si256(query.as_ptr().add(at).cast());
                sum = step(sum, q, _mm256_abs_epi8(q), _mm256_loadu_si256(row.as_ptr().add(at).cast()));
            }
        }
        total(sum)
    }

    #[target_feature(enable = "avx2")]
    fn total(sum: __m256i) -> i32 {
        let half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256::<1>(sum));
        let quarter = _mm_add_epi32(half, _mm_shuffle_epi32::<0b0100_1110>(half));
        _mm_cvtsi128_si32(_mm_add_epi32(quarter, _mm_shuffle_epi32::<0b1011_0001>(quarter)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn wide_equals_plain(n_lanes in 1_usize..9, n_rows in 0_usize..11, seed in any::<u64>()) {
            let stride = n_lanes * 32;
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // The extremes matter most: saturation would show there.
                match state >> 60 { 0..=3 => 127, 4..=7 => -127, _ => (state >> 40) as i8 }.max(-127)
            };
            let query: Vec<i8> = (0..stride).map(|_| next()).collect();
            let block: Vec<i8> = (0..stride * n_rows).map(|_| next()).collect();
            let (mut fast, mut slow) = (vec![0; n_rows], vec![0; n_rows]);
            dots(&query, &block, &mut fast);
            dots_plain(&query, &block, &mut slow);
            prop_assert_eq!(&fast, &slow);
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                fast.fill(0);
                wide::dots(&query, &block, &mut fast);
                prop_assert_eq!(&fast, &slow);
            }
        }

        #[test]
        fn wide_sums_equal_plain_ones(row in proptest::collection::vec(any::<i8>(), 48), scale in -2.0_f32..2.0) {
            let (mut fast, mut slow) = (vec![0.1; 48], vec![0.1; 48]);
            for _ in 0..3 {
                add_scaled(&mut fast, &row, scale);
                add_scaled_plain(&mut slow, &row, scale);
            }
            prop_assert_eq!(fast, slow);
        }
    }
}
