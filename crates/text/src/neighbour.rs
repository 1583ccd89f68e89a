//! Nearest neighbours among unit vectors by cosine, all pairs or one query at a time.
//!
//! In: an [`Int8Matrix`] of quantised unit rows. Out: for each row its best others, best first, ties by lower index.
//! Up to [`EXACT_ROWS`] rows every pair is compared; above, rows are sorted into cells around centres found by a
//! deterministic k-means on a sample, and each row is compared with the members of the cells whose centres are nearest.
//! Cells lie in regions, so that a row's nearest cells are found without looking at all of them.
//! Cost: 13,083 x 256 all pairs take 1.6 processor seconds, 100,000 x 256 by cells about 10 with recall 0.96, both shared
//! by all cores (`examples/throughput` on banking77, AMD EPYC 7003).
//! Invariant: the same matrix gives the same result on any number of threads and with or without AVX2, because scores
//! come from exact integer sums and one rounding.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::dot::dots;
use crate::matrix::Int8Matrix;

/// Largest number of rows for which all pairs are compared (15 processor seconds at 256 dimensions).
pub const EXACT_ROWS: usize = 40_000;
/// Rows compared per inner call: 64 rows of 256 bytes fill half of a 32 KiB first-level cache.
const BLOCK_ROWS: usize = 64;
/// Cells probed at least, so that a small matrix loses nothing to the edges of its few cells.
const MIN_PROBED: usize = 8;
/// Regions whose cells are looked at for the cells to probe.
const PROBED_REGIONS: usize = 12;
/// Regions whose cells are looked at for the cell a row belongs to.
const ASSIGNED_REGIONS: usize = 3;
/// Rows from which the centre of a cell is found.
const SAMPLED_PER_CELL: usize = 24;
/// Rows from which the centre of a region is found.
const SAMPLED_PER_REGION: usize = 256;
/// Queries handled per task: each block of rows is read once for all of them.
const TILE_ROWS: usize = 64;

/// The neighbours of many rows: `n_rows` lists of the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Neighbours {
    per_row: usize,
    n_rows: usize,
    flat: Vec<(u32, f32)>,
}

impl Neighbours {
    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Neighbours of row `index` as (row, cosine), best first, never the row itself; empty when there is no such row.
    pub fn row(&self, index: usize) -> &[(u32, f32)] {
        let list = self.flat.get(index * self.per_row..(index + 1) * self.per_row).unwrap_or_default();
        // Approximate search may find fewer than k; unused places hold u32::MAX at the end.
        let used = list.iter().rposition(|&(row, _)| row != u32::MAX).map_or(0, |last| last + 1);
        &list[..used]
    }

    /// All lists in row order.
    pub fn rows(&self) -> impl Iterator<Item = &[(u32, f32)]> {
        (0..self.n_rows).map(|index| self.row(index))
    }
}

/// The `k` nearest other rows of every row; exact up to [`EXACT_ROWS`] rows, approximate above.
pub fn knn(matrix: &Int8Matrix, k: usize) -> Neighbours {
    if matrix.n_rows() <= EXACT_ROWS { knn_exact(matrix, k) } else { knn_cells(matrix, k, &Cells::default()) }
}

/// The `k` nearest other rows of every row, comparing all pairs.
pub fn knn_exact(matrix: &Int8Matrix, k: usize) -> Neighbours {
    let n = matrix.n_rows();
    let k = k.min(n.saturating_sub(1));
    if k == 0 || matrix.stride() == 0 {
        return Neighbours { per_row: 0, n_rows: n, flat: Vec::new() };
    }
    let mut flat = vec![(u32::MAX, 0.0); n * k];
    flat.par_chunks_mut(TILE_ROWS * k).enumerate().for_each(|(tile, out)| {
        let first = tile * TILE_ROWS;
        let n_queries = out.len() / k;
        let mut best: Vec<Best> = (0..n_queries).map(|_| Best::new(k)).collect();
        let mut buffer = [0_i32; BLOCK_ROWS];
        for start in (0..n).step_by(BLOCK_ROWS) {
            let end = (start + BLOCK_ROWS).min(n);
            for (offset, best) in best.iter_mut().enumerate() {
                let query = first + offset;
                dots(matrix.row(query), matrix.block(start, end), &mut buffer);
                best.offer_block(&buffer[..end - start], &matrix.scales()[start..end], |at| start + at, query);
            }
        }
        for (offset, best) in best.into_iter().enumerate() {
            best.write(matrix.scale(first + offset), &mut out[offset * k..(offset + 1) * k]);
        }
    });
    Neighbours { per_row: k, n_rows: n, flat }
}

/// The `k` rows nearest to `query` (unit length, `matrix.dim()` values), best first, ties by lower index.
pub fn nearest(matrix: &Int8Matrix, query: &[f32], k: usize) -> Vec<(u32, f32)> {
    let n = matrix.n_rows();
    let k = k.min(n);
    let query = Int8Matrix::from_rows(matrix.dim(), [query]);
    if k == 0 || matrix.stride() == 0 {
        return Vec::new();
    }
    let mut best = Best::new(k);
    let mut buffer = [0_i32; BLOCK_ROWS];
    for start in (0..n).step_by(BLOCK_ROWS) {
        let end = (start + BLOCK_ROWS).min(n);
        dots(query.row(0), matrix.block(start, end), &mut buffer);
        best.offer_block(&buffer[..end - start], &matrix.scales()[start..end], |at| start + at, usize::MAX);
    }
    let mut out = vec![(u32::MAX, 0.0); k];
    best.write(query.scale(0), &mut out);
    out
}

/// Settings of the approximate search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells {
    /// Rows per cell aimed at.
    pub rows_per_cell: usize,
    /// Share of the cells each row is compared with, 0..=1.
    pub probed_unit: f64,
    /// Cells probed at most: what keeps the cost of a row the same however many there are.
    pub most_probed: usize,
    /// Rounds of k-means on the sample.
    pub n_rounds: usize,
}

impl Default for Cells {
    /// Chosen by `examples/throughput`.
    fn default() -> Self {
        Self { rows_per_cell: 128, probed_unit: 0.05, most_probed: 40, n_rounds: 4 }
    }
}

/// The approximate search of [`knn`], with its settings open for measuring.
pub fn knn_cells(matrix: &Int8Matrix, k: usize, settings: &Cells) -> Neighbours {
    let n = matrix.n_rows();
    let k = k.min(n.saturating_sub(1));
    if k == 0 || matrix.stride() == 0 {
        return Neighbours { per_row: 0, n_rows: n, flat: Vec::new() };
    }
    let n_cells = (n / settings.rows_per_cell.max(1)).max(1);
    let regions = Regions::new(matrix, n_cells, settings.n_rounds);
    let cell_of: Vec<u32> = regions.assign(matrix);
    let n_cells = regions.cells.n_rows();
    let mut start_of = vec![0_usize; n_cells + 1];
    for &cell in &cell_of {
        start_of[cell as usize + 1] += 1;
    }
    for cell in 0..n_cells {
        start_of[cell + 1] += start_of[cell];
    }
    // Rows of a cell side by side, so that a cell is one block of memory.
    let mut order = vec![0_u32; n];
    let mut place = start_of.clone();
    for (row, &cell) in cell_of.iter().enumerate() {
        let at = &mut place[cell as usize];
        order[*at] = row as u32;
        *at += 1;
    }
    let sorted = matrix.gather(&order);
    let n_probed =
        ((n_cells as f64 * settings.probed_unit) as usize).clamp(MIN_PROBED, settings.most_probed.max(MIN_PROBED));
    let mut by_place = vec![(u32::MAX, 0.0); n * k];
    by_place.par_chunks_mut(TILE_ROWS * k).enumerate().for_each(|(tile, out)| {
        let first = tile * TILE_ROWS;
        probe_tile(&sorted, &order, &start_of, &regions, n_probed, first..first + out.len() / k, k, out);
    });
    let mut flat = vec![(u32::MAX, 0.0); n * k];
    for (list, &row) in by_place.chunks_exact(k).zip(&order) {
        flat[row as usize * k..(row as usize + 1) * k].copy_from_slice(list);
    }
    Neighbours { per_row: k, n_rows: n, flat }
}

/// The neighbours of the sorted `rows`, each compared with the members of its own nearest cells, `k` for each row
/// written to `out`. The rows of a tile lie near each other, so most of what one of them probes the others probe too:
/// cell by cell, its block is read once.
#[expect(clippy::too_many_arguments, reason = "one caller, which holds all of them apart")]
fn probe_tile(
    sorted: &Int8Matrix,
    order: &[u32],
    start_of: &[usize],
    regions: &Regions,
    n_probed: usize,
    rows: std::ops::Range<usize>,
    k: usize,
    out: &mut [(u32, f32)],
) {
    let mut buffers = Buffers::default();
    let mut probes: Vec<(u32, u32)> = Vec::with_capacity(rows.len() * n_probed);
    for row in rows.clone() {
        let cells = regions.nearest(sorted.row(row), PROBED_REGIONS, n_probed, &mut buffers);
        probes.extend(cells.iter().map(|&(cell, _)| (cell, (row - rows.start) as u32)));
    }
    probes.sort_unstable();
    let mut best: Vec<Best> = rows.clone().map(|_| Best::new(k)).collect();
    let mut buffer = [0_i32; BLOCK_ROWS];
    for same_cell in probes.chunk_by(|a, b| a.0 == b.0) {
        let cell = same_cell[0].0 as usize;
        for start in (start_of[cell]..start_of[cell + 1]).step_by(BLOCK_ROWS) {
            let end = (start + BLOCK_ROWS).min(start_of[cell + 1]);
            for &(_, offset) in same_cell {
                let query = rows.start + offset as usize;
                dots(sorted.row(query), sorted.block(start, end), &mut buffer);
                best[offset as usize].offer_block(
                    &buffer[..end - start],
                    &sorted.scales()[start..end],
                    |at| order[start + at] as usize,
                    order[query] as usize,
                );
            }
        }
    }
    for (row, best) in best.into_iter().enumerate() {
        best.write(sorted.scale(rows.start + row), &mut out[row * k..(row + 1) * k]);
    }
}

/// Cells sorted into regions, so that finding the nearest of thousands of cells takes a few hundred comparisons.
struct Regions {
    /// Centres of the regions.
    centres: Int8Matrix,
    /// First cell of each region, and the number of all cells.
    start_of: Vec<usize>,
    /// Centres of the cells, region by region.
    cells: Int8Matrix,
}

/// What [`Regions::nearest`] writes into.
#[derive(Default)]
struct Buffers {
    dots: Vec<i32>,
    near: Vec<(u32, f32)>,
    cells: Vec<(u32, f32)>,
}

impl Regions {
    /// Finds about `n_cells` cells among an even sample of the rows of `matrix`.
    fn new(matrix: &Int8Matrix, n_cells: usize, n_rounds: usize) -> Self {
        let n = matrix.n_rows();
        let sample = matrix.gather(&spread((n_cells * SAMPLED_PER_CELL).min(n), n));
        let n_regions = (n_cells as f64).sqrt() as usize;
        let few = sample.gather(&spread((n_regions * SAMPLED_PER_REGION).min(sample.n_rows()), sample.n_rows()));
        let regions = centres(&few, n_regions, n_rounds);
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); regions.n_rows()];
        for (row, region) in assign(&sample, &regions).into_iter().enumerate() {
            members[region as usize].push(row as u32);
        }
        let cells: Vec<Int8Matrix> = members
            .par_iter()
            .map(|rows| {
                let n_own = (rows.len() * n_cells).div_ceil(sample.n_rows().max(1));
                centres(&sample.gather(rows), n_own, n_rounds)
            })
            .collect();
        let mut start_of = vec![0];
        start_of.extend(cells.iter().scan(0, |sum, cells| {
            *sum += cells.n_rows();
            Some(*sum)
        }));
        Self { centres: regions, start_of, cells: Int8Matrix::concat(matrix.dim(), &cells) }
    }

    /// The `n_wanted` cells nearest to `row` among those of its `n_regions` nearest regions, with their scores, in no
    /// particular order.
    fn nearest<'b>(&self, row: &[i8], n_regions: usize, n_wanted: usize, buffers: &'b mut Buffers) -> &'b [(u32, f32)] {
        let Buffers { dots: scores, near, cells } = buffers;
        let score_all =
            |centres: &Int8Matrix, from: usize, to: usize, scores: &mut Vec<i32>, out: &mut Vec<(u32, f32)>| {
                scores.resize(to - from, 0);
                dots(row, centres.block(from, to), scores);
                out.extend(
                    scores
                        .iter()
                        .zip(&centres.scales()[from..to])
                        .zip(from as u32..)
                        .map(|((&dot, scale), at)| (at, dot as f32 * scale)),
                );
            };
        let keep = |list: &mut Vec<(u32, f32)>, n: usize| {
            if n < list.len() {
                list.select_nth_unstable_by(n, better);
                list.truncate(n);
            }
        };
        near.clear();
        score_all(&self.centres, 0, self.centres.n_rows(), scores, near);
        keep(near, n_regions);
        cells.clear();
        for &(region, _) in near.iter() {
            score_all(&self.cells, self.start_of[region as usize], self.start_of[region as usize + 1], scores, cells);
        }
        keep(cells, n_wanted);
        cells
    }

    /// The nearest cell of each row.
    fn assign(&self, matrix: &Int8Matrix) -> Vec<u32> {
        (0..matrix.n_rows())
            .into_par_iter()
            .with_min_len(64)
            .map_init(Buffers::default, |buffers, row| {
                self.nearest(matrix.row(row), ASSIGNED_REGIONS, 1, buffers).first().map_or(0, |&(cell, _)| cell)
            })
            .collect()
    }
}

/// `count` places spread evenly below `of`.
fn spread(count: usize, of: usize) -> Vec<u32> {
    (0..count).map(|i| (i as u64 * of as u64 / count as u64) as u32).collect()
}

/// `n_centres` centres of `sample` by k-means, started from an even sample of it.
fn centres(sample: &Int8Matrix, n_centres: usize, n_rounds: usize) -> Int8Matrix {
    let n_centres = n_centres.min(sample.n_rows());
    let mut centres = sample.gather(&spread(n_centres, sample.n_rows()));
    let dim = sample.dim();
    let mut row_values = vec![0.0_f32; dim];
    for _ in 0..n_rounds {
        let mut sums = vec![0.0_f32; n_centres * dim];
        let mut is_empty = vec![true; n_centres];
        for (row, cell) in assign(sample, &centres).into_iter().enumerate() {
            let cell = cell as usize;
            is_empty[cell] = false;
            sample.write_row(row, &mut row_values);
            sums[cell * dim..(cell + 1) * dim].iter_mut().zip(&row_values).for_each(|(sum, x)| *sum += x);
        }
        for (cell, sum) in sums.chunks_exact_mut(dim.max(1)).enumerate() {
            if is_empty[cell] {
                // An empty cell keeps its centre.
                centres.write_row(cell, sum);
            } else {
                crate::embed::normalise(sum);
            }
        }
        centres = Int8Matrix::from_rows(dim, sums.chunks_exact(dim.max(1)));
    }
    centres
}

/// The nearest centre of each row, ties to the lower one.
fn assign(matrix: &Int8Matrix, centres: &Int8Matrix) -> Vec<u32> {
    let n_centres = centres.n_rows();
    (0..matrix.n_rows())
        .into_par_iter()
        .with_min_len(64)
        .map_init(
            || vec![0_i32; n_centres],
            |scores, row| {
                dots(matrix.row(row), centres.block(0, n_centres), scores);
                let mut best = (0_u32, f32::NEG_INFINITY);
                for (cell, (&score, &scale)) in scores.iter().zip(centres.scales()).enumerate() {
                    let score = score as f32 * scale;
                    if score > best.1 {
                        best = (cell as u32, score);
                    }
                }
                best.0
            },
        )
        .collect()
}

/// The best k of the rows offered so far. Kept as an unsorted pool of up to 2k that is cut back when full, which is
/// cheaper than a heap because most offers fail the threshold.
struct Best {
    k: usize,
    threshold: f32,
    pool: Vec<(u32, f32)>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that sorting functions call")]
fn better(a: &(u32, f32), b: &(u32, f32)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

impl Best {
    fn new(k: usize) -> Self {
        Self { k, threshold: f32::NEG_INFINITY, pool: Vec::with_capacity(2 * k + 2) }
    }

    /// Offers one block of integer dot products; `row_at` names the row of a place, `itself` is left out.
    /// Scores are without the query's own scale, which is the same for all and positive.
    fn offer_block(&mut self, dots: &[i32], scales: &[f32], row_at: impl Fn(usize) -> usize, itself: usize) {
        for (at, (&dot, &scale)) in dots.iter().zip(scales).enumerate() {
            let score = dot as f32 * scale;
            // Equal scores must be kept: rows may arrive out of order and the lower index wins at the cut.
            if score >= self.threshold {
                let row = row_at(at);
                if row != itself {
                    self.pool.push((row as u32, score));
                    if self.pool.len() > 2 * self.k {
                        self.cut();
                    }
                }
            }
        }
    }

    fn cut(&mut self) {
        if self.pool.len() > self.k {
            self.pool.select_nth_unstable_by(self.k - 1, better);
            self.pool.truncate(self.k);
            self.threshold = self.pool[self.k - 1].1;
        }
    }

    fn write(mut self, scale: f32, out: &mut [(u32, f32)]) {
        self.cut();
        self.pool.sort_unstable_by(better);
        for (out, (row, score)) in out.iter_mut().zip(self.pool) {
            *out = (row, score * scale);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::Matrix;

    /// Points around a few centres, by a linear congruence: real neighbours to find, no randomness.
    pub(crate) fn cloud(n: usize, dim: usize, n_centres: usize) -> Int8Matrix {
        let mut state = 42_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f32 / (1_u64 << 31) as f32 - 0.5
        };
        let centres: Vec<Vec<f32>> = (0..n_centres).map(|_| (0..dim).map(|_| next()).collect()).collect();
        let mut data = Vec::with_capacity(n * dim);
        for row in 0..n {
            let mut vector: Vec<f32> = centres[row % n_centres].iter().map(|c| c + 0.6 * next()).collect();
            crate::embed::normalise(&mut vector);
            data.extend(vector);
        }
        Matrix::new(dim, data).quantise()
    }

    #[test]
    fn exact_equals_brute_force() {
        let matrix = cloud(300, 48, 7);
        let found = knn_exact(&matrix, 9);
        for row in 0..300 {
            let mut all: Vec<(u32, f32)> = (0..300)
                .filter(|&other| other != row)
                .map(|other| {
                    let dot = crate::dot::dot(matrix.row(row), matrix.row(other));
                    (other as u32, dot as f32 * matrix.scale(other) * matrix.scale(row))
                })
                .collect();
            all.sort_by(better);
            assert_eq!(found.row(row), &all[..9]);
        }
    }

    #[test]
    fn ties_go_to_the_lower_index_and_small_inputs_work() {
        let row = [0.6_f32, 0.8];
        let same = Int8Matrix::from_rows(2, [row.as_slice(); 5]);
        let found = knn(&same, 3);
        assert_eq!(found.row(4).iter().map(|hit| hit.0).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(nearest(&same, &row, 2).iter().map(|hit| hit.0).collect::<Vec<_>>(), [0, 1]);
        assert!(knn(&Int8Matrix::default(), 3).row(0).is_empty());
        assert!(knn(&Int8Matrix::from_rows(2, [row.as_slice()]), 3).row(0).is_empty());
    }

    #[test]
    fn cells_find_most_and_do_not_depend_on_threads() {
        let matrix = cloud(6_000, 64, 60);
        let exact = knn_exact(&matrix, 10);
        let near = knn_cells(&matrix, 10, &Cells::default());
        let hits: usize = (0..6_000)
            .map(|row| near.row(row).iter().filter(|hit| exact.row(row).iter().any(|other| other.0 == hit.0)).count())
            .sum();
        assert!(hits as f64 / 60_000.0 >= 0.9, "recall {}", hits as f64 / 60_000.0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(pool.install(|| knn_cells(&matrix, 10, &Cells::default())), near);
    }
}
