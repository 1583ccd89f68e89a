//! The little linear algebra that latent axes need: symmetric eigenvectors and the leading axes of a sparse matrix.
//!
//! Cost: [`eigen`] is cubic (256 wide: some 0.05 s), [`leading_axes`] is linear in non-zeros times axes times rounds.
//! Invariant: sums are taken in a fixed order in `f64` and only `+ - * /` and the square root are used, so results are
//! the same on every machine and on any number of threads.
//! Source: Householder reduction and implicit QL, EISPACK's tred2 and tql2 (Bowdler, Martin, Reinsch, Wilkinson 1968);
//! subspace iteration, Halko, Martinsson and Tropp 2011.

use rayon::prelude::*;

/// Rounds of subspace iteration: the axes that matter have settled (checked on the labelled sets: more rounds change
/// no figure in its third digit).
const N_ROUNDS: usize = 5;
/// Axes carried beyond those asked for.
const N_SPARE: usize = 8;
/// Rounds of QL for one eigenvalue; two or three are the rule.
const MAX_ROUNDS: usize = 60;

/// Eigenvalues (largest first) and unit eigenvectors (rows, in the same order) of a symmetric matrix of `n` x `n`
/// values. The sign of a vector makes its largest component positive.
pub(super) fn eigen(matrix: &[f64], n: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut vectors: Vec<Vec<f64>> = matrix.chunks_exact(n.max(1)).map(<[f64]>::to_vec).collect();
    if n == 0 {
        return (Vec::new(), Vec::new());
    }
    let mut diagonal = vec![0.0; n];
    let mut beside = vec![0.0; n];
    tridiagonalise(&mut vectors, &mut diagonal, &mut beside);
    // Rotations mix columns; as rows of the transpose they lie side by side in memory.
    let mut columns: Vec<Vec<f64>> = (0..n).map(|j| vectors.iter().map(|row| row[j]).collect()).collect();
    diagonalise(&mut columns, &mut diagonal, &mut beside);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| diagonal[j].total_cmp(&diagonal[i]).then(i.cmp(&j)));
    let values = order.iter().map(|&i| diagonal[i]).collect();
    let vectors = order
        .iter()
        .map(|&i| {
            let mut vector = std::mem::take(&mut columns[i]);
            fix_sign(&mut vector);
            vector
        })
        .collect();
    (values, vectors)
}

/// Householder reduction to tridiagonal form: `d` its diagonal, `e` what stands beside it, `v` the transformation.
#[expect(clippy::many_single_char_names, reason = "the names of EISPACK's tred2 and tql2")]
fn tridiagonalise(v: &mut [Vec<f64>], d: &mut [f64], e: &mut [f64]) {
    let n = d.len();
    d.copy_from_slice(&v[n - 1]);
    for i in (1..n).rev() {
        let scale: f64 = d[..i].iter().map(|x| x.abs()).sum();
        let mut h = 0.0;
        if scale == 0.0 {
            e[i] = d[i - 1];
            for j in 0..i {
                d[j] = v[i - 1][j];
                v[i][j] = 0.0;
                v[j][i] = 0.0;
            }
        } else {
            for x in &mut d[..i] {
                *x /= scale;
                h += *x * *x;
            }
            let f = d[i - 1];
            let g = if f > 0.0 { -h.sqrt() } else { h.sqrt() };
            e[i] = scale * g;
            h -= f * g;
            d[i - 1] = f - g;
            e[..i].fill(0.0);
            for j in 0..i {
                let f = d[j];
                v[j][i] = f;
                let mut g = e[j] + v[j][j] * f;
                for k in j + 1..i {
                    g += v[k][j] * d[k];
                    e[k] += v[k][j] * f;
                }
                e[j] = g;
            }
            let mut f = 0.0;
            for j in 0..i {
                e[j] /= h;
                f += e[j] * d[j];
            }
            let hh = f / (h + h);
            for j in 0..i {
                e[j] -= hh * d[j];
            }
            for j in 0..i {
                let (f, g) = (d[j], e[j]);
                for k in j..i {
                    v[k][j] -= f * e[k] + g * d[k];
                }
                d[j] = v[i - 1][j];
                v[i][j] = 0.0;
            }
        }
        d[i] = h;
    }
    for i in 0..n - 1 {
        v[n - 1][i] = v[i][i];
        v[i][i] = 1.0;
        let h = d[i + 1];
        if h != 0.0 {
            for k in 0..=i {
                d[k] = v[k][i + 1] / h;
            }
            for j in 0..=i {
                let g: f64 = (0..=i).map(|k| v[k][i + 1] * v[k][j]).sum();
                for k in 0..=i {
                    v[k][j] -= g * d[k];
                }
            }
        }
        for row in &mut v[..=i] {
            row[i + 1] = 0.0;
        }
    }
    for j in 0..n {
        d[j] = v[n - 1][j];
        v[n - 1][j] = 0.0;
    }
    v[n - 1][n - 1] = 1.0;
    e[0] = 0.0;
}

/// Implicit QL on a tridiagonal matrix; `columns` are turned along and end as eigenvectors.
#[expect(clippy::many_single_char_names, reason = "the names of EISPACK's tred2 and tql2")]
fn diagonalise(columns: &mut [Vec<f64>], d: &mut [f64], e: &mut [f64]) {
    let n = d.len();
    e.rotate_left(1);
    e[n - 1] = 0.0;
    let (mut f, mut largest) = (0.0, 0.0_f64);
    for l in 0..n {
        largest = largest.max(d[l].abs() + e[l].abs());
        let m = (l..n).find(|&m| e[m].abs() <= f64::EPSILON * largest).unwrap_or(n - 1);
        if m > l {
            for _ in 0..MAX_ROUNDS {
                let g = d[l];
                let mut p = (d[l + 1] - g) / (2.0 * e[l]);
                let mut r = (p * p + 1.0).sqrt();
                if p < 0.0 {
                    r = -r;
                }
                d[l] = e[l] / (p + r);
                d[l + 1] = e[l] * (p + r);
                let beside = d[l + 1];
                let h = g - d[l];
                for x in &mut d[l + 2..] {
                    *x -= h;
                }
                f += h;
                p = d[m];
                let (mut c, mut c2, mut c3) = (1.0, 1.0, 1.0);
                let first = e[l + 1];
                let (mut s, mut s2) = (0.0, 0.0);
                for i in (l..m).rev() {
                    c3 = c2;
                    c2 = c;
                    s2 = s;
                    let g = c * e[i];
                    let h = c * p;
                    r = (p * p + e[i] * e[i]).sqrt();
                    e[i + 1] = s * r;
                    s = e[i] / r;
                    c = p / r;
                    p = c * d[i] - s * g;
                    d[i + 1] = h + s * (c * g + s * d[i]);
                    let (low, high) = columns.split_at_mut(i + 1);
                    for (x, y) in low[i].iter_mut().zip(high[0].iter_mut()) {
                        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                    }
                }
                p = -s * s2 * c3 * first * e[l] / beside;
                e[l] = s * p;
                d[l] = c * p;
                if e[l].abs() <= f64::EPSILON * largest {
                    break;
                }
            }
        }
        d[l] += f;
        e[l] = 0.0;
    }
}

fn fix_sign(vector: &mut [f64]) {
    let largest =
        vector.iter().copied().fold(0.0_f64, |best, value| if value.abs() > best.abs() { value } else { best });
    if largest < 0.0 {
        for value in vector {
            *value = -*value;
        }
    }
}

/// A sparse matrix: for each row its (column, value) pairs by ascending column.
pub(super) type Rows = Vec<Vec<(u32, f32)>>;

/// The columns of a sparse matrix as rows.
fn transpose(rows: &Rows, n_columns: usize) -> Rows {
    let mut columns = vec![Vec::new(); n_columns];
    for (row, entries) in rows.iter().enumerate() {
        for &(column, value) in entries {
            columns[column as usize].push((row as u32, value));
        }
    }
    columns
}

/// Sparse times dense: for each row the weighted sum of rows of `dense` (of `width` values each).
fn product(rows: &Rows, dense: &[f64], width: usize) -> Vec<f64> {
    let mut out = vec![0.0; rows.len() * width];
    out.par_chunks_mut(width.max(1)).zip(rows).with_min_len(64).for_each(|(out, entries)| {
        for &(column, value) in entries {
            let from = &dense[column as usize * width..(column as usize + 1) * width];
            for (sum, x) in out.iter_mut().zip(from) {
                *sum += f64::from(value) * x;
            }
        }
    });
    out
}

/// Makes the columns of a dense matrix orthonormal (twice Gram-Schmidt); columns that depend on earlier ones become 0.
fn orthonormalise(dense: &mut [f64], width: usize) {
    let n = dense.len() / width.max(1);
    let mut columns: Vec<Vec<f64>> = (0..width).map(|j| (0..n).map(|i| dense[i * width + j]).collect()).collect();
    for j in 0..width {
        let (done, rest) = columns.split_at_mut(j);
        let column = &mut rest[0];
        let before: f64 = column.iter().map(|x| x * x).sum();
        for _ in 0..2 {
            let overlaps: Vec<f64> =
                done.par_iter().map(|other| other.iter().zip(column.iter()).map(|(x, y)| x * y).sum()).collect();
            for (other, overlap) in done.iter().zip(overlaps) {
                for (x, y) in column.iter_mut().zip(other) {
                    *x -= overlap * y;
                }
            }
        }
        let square: f64 = column.iter().map(|x| x * x).sum();
        let factor = if square > 1e-20 * before && square > 0.0 { 1.0 / square.sqrt() } else { 0.0 };
        for x in column.iter_mut() {
            *x *= factor;
        }
    }
    for (j, column) in columns.iter().enumerate() {
        for (i, x) in column.iter().enumerate() {
            dense[i * width + j] = *x;
        }
    }
}

/// The `n_axes` leading right singular vectors of a sparse matrix with `n_columns` columns, as (singular value,
/// vector) with the largest first; fewer where the matrix has fewer.
pub(super) fn leading_axes(rows: &Rows, n_columns: usize, n_axes: usize) -> Vec<(f64, Vec<f64>)> {
    let width = (n_axes + N_SPARE).min(rows.len()).min(n_columns);
    if width == 0 {
        return Vec::new();
    }
    let columns = transpose(rows, n_columns);
    // A fixed start that no axis is orthogonal to: hashed signs.
    let mut basis: Vec<f64> = (0..n_columns * width)
        .map(|i| {
            let mixed = (i as u64 ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        })
        .collect();
    orthonormalise(&mut basis, width);
    for _ in 0..N_ROUNDS {
        basis = product(&columns, &product(rows, &basis, width), width);
        orthonormalise(&mut basis, width);
    }
    // Rotate the basis so that its vectors are the singular ones: eigenvectors of (A B)' (A B).
    let image = product(rows, &basis, width);
    let mut gram = vec![0.0; width * width];
    for row in image.chunks_exact(width) {
        for (i, x) in row.iter().enumerate() {
            for (sum, y) in gram[i * width..(i + 1) * width].iter_mut().zip(row) {
                *sum += x * y;
            }
        }
    }
    let (values, vectors) = eigen(&gram, width);
    values
        .into_iter()
        .zip(vectors)
        .take(n_axes)
        .filter(|(value, _)| *value > 1e-12)
        .map(|(value, mix)| {
            let mut axis: Vec<f64> =
                basis.chunks_exact(width).map(|row| row.iter().zip(&mix).map(|(x, y)| x * y).sum()).collect();
            fix_sign(&mut axis);
            (value.sqrt(), axis)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_solve_their_equation() {
        let n = 9;
        let matrix: Vec<f64> = (0..n * n)
            .map(|i| {
                let (a, b) = (i / n, i % n);
                let (low, high) = (a.min(b), a.max(b));
                ((low * 7 + high * 3) % 11) as f64 - 4.0
            })
            .collect();
        let (values, vectors) = eigen(&matrix, n);
        for (value, vector) in values.iter().zip(&vectors) {
            for i in 0..n {
                let image: f64 = (0..n).map(|j| matrix[i * n + j] * vector[j]).sum();
                assert!((image - value * vector[i]).abs() < 1e-8);
            }
        }
        assert!(values.windows(2).all(|pair| pair[0] >= pair[1]));
    }

    #[test]
    fn leading_axes_are_the_singular_ones() {
        let rows: Rows = vec![vec![(0, 3.0)], vec![(1, 2.0)], vec![(0, 1.0), (2, 0.5)], vec![]];
        let axes = leading_axes(&rows, 3, 3);
        let mut gram = [0.0; 9];
        for row in &rows {
            for &(i, x) in row {
                for &(j, y) in row {
                    gram[i as usize * 3 + j as usize] += f64::from(x) * f64::from(y);
                }
            }
        }
        let (values, vectors) = eigen(&gram, 3);
        for ((found, axis), (value, vector)) in axes.iter().zip(values.iter().zip(&vectors)) {
            assert!((found * found - value).abs() < 1e-6, "{found} {value}");
            let same: f64 = axis.iter().zip(vector).map(|(x, y)| x * y).sum();
            assert!(same > 0.999, "{same}");
        }
        assert!(leading_axes(&vec![vec![]; 3], 0, 4).is_empty());
    }
}
