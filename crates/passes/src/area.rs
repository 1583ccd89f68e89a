//! Areas: parts of the product that insights speak of, found from the insights and named by what they have in common.
//!
//! All insights of one product are near each other, for all speak of it. What they share is taken away first; what is
//! left tells cards from transfers. In: the groups read for labels. Out: for each group the number of its area. Cost:
//! groups times areas times the embedding's width, [`N_ROUNDS`] times over. Source: leader clustering (Hartigan 1975)
//! for a number of areas that nobody has to give, then the rounds of spherical k-means (Dhillon and Modha 2001).

use rayon::prelude::*;
use throughline_text::embed::normalise;

/// How near two groups of one area are, less what all share: the first of these that leaves few enough areas. Chosen on
/// three public sets and the example by eye.
const SAME_AREA: [f64; 6] = [0.30, 0.25, 0.20, 0.15, 0.10, 0.05];
/// With fewer groups than this nothing can be told of what all share.
const FEWEST: usize = 6;
/// Rounds in which groups may go over to a nearer area.
const N_ROUNDS: usize = 4;

/// The area of each group, numbered from 0 without gaps. `order` gives the groups from large to small, `weights` how
/// much each counts in its area's mean.
#[must_use]
pub fn areas(centres: &[&[f32]], order: &[usize], weights: &[f32]) -> Vec<usize> {
    if centres.len() < FEWEST {
        return (0..centres.len()).collect();
    }
    let own = less_the_mean(centres);
    // A list that a person takes in: some ten areas of thirty insights, sixty of a thousand.
    let few = 2.0 * libm::sqrt(own.len() as f64);
    let led = SAME_AREA.iter().map(|&likeness| lead(&own, order, weights, likeness));
    let is_few = |(_, sums): &(Vec<usize>, Vec<Vec<f32>>)| sums.len() as f64 <= few;
    let last = || lead(&own, order, weights, SAME_AREA[SAME_AREA.len() - 1]);
    let (mut area_from_group, mut sums) = led.into_iter().find(is_few).unwrap_or_else(last);
    for _ in 0..N_ROUNDS {
        let moved: Vec<usize> = own
            .par_iter()
            .zip(&area_from_group)
            .map(|(centre, &area)| nearest(centre, &sums).map_or(area, |(area, _)| area))
            .collect();
        if moved == area_from_group {
            break;
        }
        area_from_group = moved;
        sums.iter_mut().for_each(|sum| sum.fill(0.0));
        for &i in order {
            add(&mut sums[area_from_group[i]], &own[i], weights[i]);
        }
    }
    without_gaps(&area_from_group, sums.len())
}

/// Larger groups found areas; each further one joins the nearest area or founds its own. The area of each group, and the
/// weighted sum of each area.
fn lead(own: &[Vec<f32>], order: &[usize], weights: &[f32], same: f64) -> (Vec<usize>, Vec<Vec<f32>>) {
    let mut area_from_group: Vec<usize> = vec![0; own.len()];
    let mut sums: Vec<Vec<f32>> = Vec::new();
    for &i in order {
        let found = nearest(&own[i], &sums).filter(|(_, likeness)| *likeness >= same);
        area_from_group[i] = found.map_or(sums.len(), |(area, _)| area);
        if found.is_none() {
            sums.push(vec![0.0; own[i].len()]);
        }
        add(&mut sums[area_from_group[i]], &own[i], weights[i]);
    }
    (area_from_group, sums)
}

/// Vectors less their mean, normalised.
fn less_the_mean(centres: &[&[f32]]) -> Vec<Vec<f32>> {
    let mut mean = vec![0.0f32; centres[0].len()];
    for centre in centres {
        add(&mut mean, centre, 1.0 / centres.len() as f32);
    }
    let own = |centre: &&[f32]| {
        let mut own: Vec<f32> = centre.iter().zip(&mean).map(|(x, mean)| x - mean).collect();
        normalise(&mut own);
        own
    };
    centres.iter().map(own).collect()
}

fn add(sum: &mut [f32], vector: &[f32], weight: f32) {
    sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += weight * x);
}

/// The sum that points most the way of `centre`, with the cosine.
fn nearest(centre: &[f32], sums: &[Vec<f32>]) -> Option<(usize, f64)> {
    let likeness = |sum: &Vec<f32>| {
        let length: f64 = libm::sqrt(sum.iter().map(|x| f64::from(x * x)).sum());
        let dot: f64 = sum.iter().zip(centre).map(|(a, b)| f64::from(a * b)).sum();
        // Four places, so that the last bits of a sum decide nothing.
        if length > 0.0 { (dot / length * 1e4).round() / 1e4 } else { -1.0 }
    };
    let each = sums.iter().enumerate().map(|(area, sum)| (area, likeness(sum)));
    each.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
}

/// The same areas numbered in the order in which groups name them.
fn without_gaps(area_from_group: &[usize], n_areas: usize) -> Vec<usize> {
    let mut number = vec![usize::MAX; n_areas];
    let mut next = 0;
    area_from_group
        .iter()
        .map(|&area| {
            if number[area] == usize::MAX {
                number[area] = next;
                next += 1;
            }
            number[area]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    //! Areas are told apart by what their groups do not share with all.
    use super::*;

    #[test]
    fn what_all_share_joins_nothing() {
        // A large first part in common, and two directions.
        let groups: Vec<Vec<f32>> = (0..8)
            .map(|i| {
                let mut vector = vec![2.0, 0.0, 0.0, 0.01 * i as f32];
                vector[1 + i % 2] = 1.0;
                normalise(&mut vector);
                vector
            })
            .collect();
        let centres: Vec<&[f32]> = groups.iter().map(Vec::as_slice).collect();
        let order: Vec<usize> = (0..8).collect();
        assert_eq!(areas(&centres, &order, &[1.0; 8]), [0, 1, 0, 1, 0, 1, 0, 1]);
    }

    #[test]
    fn few_groups_are_areas_of_their_own() {
        let one: &[f32] = &[1.0, 0.0];
        assert_eq!(areas(&[one, one], &[0, 1], &[1.0; 2]), [0, 1]);
    }
}
