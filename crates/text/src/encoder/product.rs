//! The arithmetic of the network: matrix products, and the three functions between them.
//!
//! In and out: rows of `f32`, row-major. Each function is compiled twice from one safe body, for any machine and for one
//! with AVX2 and fused multiply-add; the wide version does eight of the same steps at once.
//! Cost: products reach about nine tenths of what one core can do (105 of 118 GFLOP/s on a Zen 4 core).
//! Invariant: both versions give the same bits. A sum over the inner dimension runs from its first to its last term in
//! one fused step each ([`f32::mul_add`], which is exact on machines without the instruction, though slow); other sums
//! run in eight fixed lanes. Tiling changes which sums are made side by side, never their order.
//! Source: Goto and van de Geijn 2008 (panels and register tiles); Abramowitz and Stegun 7.1.26 (error function).

/// Columns of a panel and of a register tile: two AVX2 registers.
pub(super) const PANEL: usize = 16;
/// Rows of a register tile: 6 by 16 sums fill 12 of 16 registers.
const TILE_ROWS: usize = 6;
const LANES: usize = 8;

/// Rows of numbers within a larger array: `count` rows of `width` values, the first at the slice's start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    pub(super) data: &'a [f32],
    pub(super) count: usize,
    pub(super) width: usize,
    /// From the start of one row to the next.
    pub(super) stride: usize,
}

/// The right side of a product, in panels of [`PANEL`] columns: for each inner index the panel's values side by side.
#[derive(Debug, Default)]
pub(super) struct Panels {
    data: Vec<f32>,
    n_inner: usize,
    n_columns: usize,
}

impl Panels {
    /// From the rows of the transposed matrix, as weights are stored: one row a column of the product.
    pub(super) fn transposed(rows: Rows<'_>) -> Self {
        let mut panels = Self::default();
        panels.fill(rows.width, rows.count, |inner, column| rows.data[column * rows.stride + inner]);
        panels
    }

    /// Fills the panels anew with `value(inner, column)`; columns that fill up the last panel are zero.
    #[inline]
    pub(super) fn fill(&mut self, n_inner: usize, n_columns: usize, value: impl Fn(usize, usize) -> f32) {
        (self.n_inner, self.n_columns) = (n_inner, n_columns);
        self.data.clear();
        for first in (0..n_columns).step_by(PANEL) {
            let last = (first + PANEL).min(n_columns);
            for inner in 0..n_inner {
                self.data.extend((first..last).map(|column| value(inner, column)));
                self.data.resize(self.data.len() + PANEL - (last - first), 0.0);
            }
        }
    }
}

/// Compiles a body for this machine's widest known instructions and for any machine, and chooses when called.
macro_rules! for_this_machine {
    ($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) = $body:ident;) => {
        $(#[$doc])*
        #[cfg_attr(
            target_arch = "x86_64",
            expect(unsafe_code, reason = "calls the wide version once its features are detected")
        )]
        pub(super) fn $name($($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                fn wide($($argument: $type),*) {
                    $body($($argument),*);
                }
                if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
                    // SAFETY: both features that `wide` is compiled with were detected; its body is safe code.
                    return unsafe { wide($($argument),*) };
                }
            }
            $body($($argument),*);
        }
    };
}

for_this_machine! {
    /// `out` (rows of `stride` values) becomes `left` times `right`; each sum begins with the column's `bias`, or 0
    /// where there is none.
    fn multiply(left: Rows<'_>, right: &Panels, bias: &[f32], out: &mut [f32], stride: usize) = multiply_body;
}

for_this_machine! {
    /// The Gaussian error linear unit of each value: x times the share of a normal distribution below x.
    fn gelu(values: &mut [f32]) = gelu_body;
}

for_this_machine! {
    /// Each row times `scale`, to positive shares that add up to 1, larger values having exponentially more.
    fn soft_max(rows: &mut [f32], width: usize, scale: f32) = soft_max_body;
}

for_this_machine! {
    /// Adds `addend` to `rows`, then gives each row mean 0 and variance 1, times `gain`, plus `bias`.
    fn add_and_norm(rows: &mut [f32], addend: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) = add_and_norm_body;
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "the body takes on the instructions of the function it is inlined into")]
fn multiply_body(left: Rows<'_>, right: &Panels, bias: &[f32], out: &mut [f32], stride: usize) {
    let panels = right.data.chunks_exact((right.n_inner * PANEL).max(1));
    for (panel, first) in panels.zip((0..right.n_columns).step_by(PANEL)) {
        let n_columns = (right.n_columns - first).min(PANEL);
        let mut start = [0.0; PANEL];
        for (start, bias) in start.iter_mut().zip(bias.iter().skip(first)) {
            *start = *bias;
        }
        for row in (0..left.count).step_by(TILE_ROWS) {
            let part = Rows { data: &left.data[row * left.stride..], count: left.count - row, ..left };
            let mut sums = [start; TILE_ROWS];
            match part.count {
                1 => tile::<1>(part, panel, &mut sums),
                2 => tile::<2>(part, panel, &mut sums),
                3 => tile::<3>(part, panel, &mut sums),
                4 => tile::<4>(part, panel, &mut sums),
                5 => tile::<5>(part, panel, &mut sums),
                _ => tile::<TILE_ROWS>(part, panel, &mut sums),
            }
            for (place, sums) in sums.iter().enumerate().take(part.count) {
                let at = (row + place) * stride + first;
                out[at..at + n_columns].copy_from_slice(&sums[..n_columns]);
            }
        }
    }
}

/// Adds to `sums` the products of `N` rows with a panel. The sums stay in registers from the first to the last term.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the body takes on the instructions of the function it is inlined into")]
fn tile<const N: usize>(left: Rows<'_>, panel: &[f32], sums: &mut [[f32; PANEL]; TILE_ROWS]) {
    let rows: [&[f32]; N] = std::array::from_fn(|i| &left.data[i * left.stride..i * left.stride + left.width]);
    let mut kept: [[f32; PANEL]; N] = std::array::from_fn(|i| sums[i]);
    for (inner, terms) in panel.as_chunks::<PANEL>().0.iter().enumerate().take(left.width) {
        for i in 0..N {
            let factor = rows[i][inner];
            for j in 0..PANEL {
                kept[i][j] = factor.mul_add(terms[j], kept[i][j]);
            }
        }
    }
    sums[..N].copy_from_slice(&kept);
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "the body takes on the instructions of the function it is inlined into")]
fn gelu_body(values: &mut [f32]) {
    for x in values {
        // Half the complementary error function of |x| / sqrt 2: the share of a normal distribution beyond |x|.
        let far = x.abs();
        let t = 1.0 / far.mul_add(0.327_591_1 * std::f32::consts::FRAC_1_SQRT_2, 1.0);
        let series = t.mul_add(1.061_405_4, -1.453_152_1);
        let series = t.mul_add(series, 1.421_413_8);
        let series = t.mul_add(series, -0.284_496_72);
        let series = t.mul_add(series, 0.254_829_6);
        let beyond = 0.5 * t * series * exponential(-0.5 * far * far);
        *x = (-far).mul_add(beyond, x.max(0.0));
    }
}

/// e to the power `x`, for x of 0 and below, to about 2 units in the last place; what lies under e^-87 counts as that.
///
/// Not `libm`'s: this one has no branch, so that eight values can be taken at once. It is as much the same everywhere.
#[inline(always)]
fn exponential(x: f32) -> f32 {
    /// 1.5 times 2^23: adding it rounds to a whole number, which then stands in the lowest bits.
    const WHOLE: f32 = 12_582_912.0;
    // The logarithm of 2 in two parts, so that the first times a small whole number is exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.max(-87.0);
    let shifted = x.mul_add(std::f32::consts::LOG2_E, WHOLE);
    let whole = shifted - WHOLE;
    let rest = whole.mul_add(-LN_2_LOW, whole.mul_add(-LN_2_HIGH, x));
    // The series of the exponential function up to the seventh power: |rest| is at most 0.35.
    let mut sum = 1.0 / 5040.0;
    for factorial in [720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0] {
        sum = rest.mul_add(sum, 1.0 / factorial);
    }
    let power = shifted.to_bits().wrapping_sub(WHOLE.to_bits()).wrapping_add(127) << 23;
    sum * f32::from_bits(power)
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "the body takes on the instructions of the function it is inlined into")]
fn soft_max_body(rows: &mut [f32], width: usize, scale: f32) {
    for row in rows.chunks_exact_mut(width.max(1)) {
        let mut largest = f32::NEG_INFINITY;
        for x in row.iter_mut() {
            *x *= scale;
            largest = largest.max(*x);
        }
        for x in row.iter_mut() {
            *x = exponential(*x - largest);
        }
        let whole = 1.0 / sum(row, |x| x);
        for x in row {
            *x *= whole;
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "the body takes on the instructions of the function it is inlined into")]
fn add_and_norm_body(rows: &mut [f32], addend: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    let width = gain.len().max(1);
    for (row, addend) in rows.chunks_exact_mut(width).zip(addend.chunks_exact(width)) {
        for (x, addend) in row.iter_mut().zip(addend) {
            *x += addend;
        }
        let mean = sum(row, |x| x) / width as f32;
        let variance = sum(row, |x| (x - mean) * (x - mean)) / width as f32;
        let scale = 1.0 / (variance + epsilon).sqrt();
        for ((x, gain), bias) in row.iter_mut().zip(gain).zip(bias) {
            *x = ((*x - mean) * scale).mul_add(*gain, *bias);
        }
    }
}

/// The sum of `of` each value, in eight lanes that are added up at the end.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the body takes on the instructions of the function it is inlined into")]
fn sum(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let (eights, rest) = values.as_chunks::<LANES>();
    for eight in eights {
        for (lane, &x) in lanes.iter_mut().zip(eight) {
            *lane += of(x);
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(rest) {
        *lane += of(x);
    }
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(n: usize, seed: u64) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / f32::from(1_u16 << 15) / 128.0 - 2.0
        };
        (0..n).map(|_| next()).collect()
    }

    proptest! {
        #[test]
        fn products_are_right_and_the_same_on_every_machine(
            n_rows in 1_usize..15, n_inner in 1_usize..40, n_columns in 1_usize..40, spare in 0_usize..3, seed in any::<u64>()
        ) {
            let left = numbers(n_rows * (n_inner + spare), seed);
            let (right, bias) = (numbers(n_columns * n_inner, !seed), numbers(n_columns, seed ^ 7));
            let left = Rows { data: &left, count: n_rows, width: n_inner, stride: n_inner + spare };
            let panels = Panels::transposed(Rows { data: &right, count: n_columns, width: n_inner, stride: n_inner });
            let stride = n_columns + spare;
            let (mut wide, mut plain) = (vec![9.0; n_rows * stride], vec![9.0; n_rows * stride]);
            multiply(left, &panels, &bias, &mut wide, stride);
            multiply_body(left, &panels, &bias, &mut plain, stride);
            prop_assert_eq!(&wide, &plain);
            for row in 0..n_rows {
                for column in 0..stride {
                    let want = if column < n_columns {
                        (0..n_inner).fold(bias[column], |sum, inner| {
                            left.data[row * left.stride + inner].mul_add(right[column * n_inner + inner], sum)
                        })
                    } else {
                        9.0
                    };
                    prop_assert_eq!(wide[row * stride + column].to_bits(), want.to_bits());
                }
            }
        }

        #[test]
        fn what_stands_between_is_the_same_on_every_machine(width in 1_usize..40, n_rows in 1_usize..4, seed in any::<u64>()) {
            let (rows, addend) = (numbers(width * n_rows, seed), numbers(width * n_rows, !seed));
            let (gain, bias) = (numbers(width, seed ^ 3), numbers(width, seed ^ 5));
            let both = |wide: &dyn Fn(&mut [f32]), plain: &dyn Fn(&mut [f32])| {
                let (mut a, mut b) = (rows.clone(), rows.clone());
                wide(&mut a);
                plain(&mut b);
                (a, b)
            };
            let (a, b) = both(&|x| gelu(x), &|x| gelu_body(x));
            prop_assert_eq!(a, b);
            let (a, b) = both(&|x| soft_max(x, width, 3.0), &|x| soft_max_body(x, width, 3.0));
            prop_assert_eq!(a, b);
            let (a, b) = both(
                &|x| add_and_norm(x, &addend, &gain, &bias, 1e-12),
                &|x| add_and_norm_body(x, &addend, &gain, &bias, 1e-12),
            );
            prop_assert_eq!(a, b);
        }
    }

    #[test]
    fn the_functions_are_what_they_are_called() {
        for i in -9000..=9000 {
            let x = i as f32 / 1000.0;
            let mut got = [x];
            gelu(&mut got);
            let exact = f64::from(x) * 0.5 * libm::erfc(-f64::from(x) / std::f64::consts::SQRT_2);
            assert!((f64::from(got[0]) - exact).abs() < 1e-6, "gelu({x}) = {} instead of {exact}", got[0]);
        }
        for i in 0..=8700 {
            let x = -i as f32 / 100.0;
            let exact = libm::exp(f64::from(x));
            let error = (f64::from(exponential(x)) - exact).abs() / exact;
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
        let mut row = [1000.0, 1000.0, -1000.0];
        soft_max(&mut row, 3, 1.0);
        assert!((row[0] - 0.5).abs() < 1e-6 && row[2] < 1e-30, "{row:?}");
    }
}
